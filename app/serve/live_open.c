// About this file: what somebody wants to play, made ready: the item, the credit policy, the live session. Desks.
#include "app/serve/live_inside.h"
#include "app/serve/live_item.h"
#include "app/serve/routes.h"
#include "app/session/policies.h"
#include "engine/audio/latency.h"
#include "mastery/store/policy.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double LEAD_S = 0.4; // a page needs that long to have its click sound at the right place

// An item with all that it needs.
typedef struct {
  shed_prompt        prompt;
  shed_policy        policy;
  const shed_course *course; ///< NULL: not at hand any more
  char               course_id[SHED_ID], unit[SHED_ID];
  int                level;
  bool               may_count;
} item;

static shed_status
find_policy(shed_store *store, const shed_uuid *student, item *it, shed_error *err)
{
  shed_given_policy given = {.whole = false};
  shed_status       st    = shed_store_policy_of(store, student, it->unit[0] ? it->unit : NULL, &given, err);
  if (st == SHED_OK) {
    st = shed_policy_from_json(given.policy, &it->policy, err);
  } else if (st == SHED_E_NOTFOUND) {
    st = shed_policy_named(it->course, it->prompt.policy, &it->policy, err);
  }
  shed_json_free(given.policy);
  return st;
}

static shed_status
find_item(shed_call *c, const shed_seat_open *o, item *it, shed_error *err)
{
  shed_asking a;
  shed_status st;
  if (o->again[0]) {
    st = shed_prompt_of_take(c, o->again, &it->prompt, it->course_id, it->unit, err);
    if (st == SHED_OK && shed_library_course(c->room->library, it->course_id, &it->course, NULL) != SHED_OK) {
      it->course = NULL;
    }
    it->level = 1;
  } else {
    st = shed_asking_of(c, &c->who.person, o->drill, o->seed, o->level, o->instrument, &a, &it->prompt, err);
    if (st == SHED_OK) {
      it->course    = a.course;
      it->level     = a.level;
      it->may_count = a.may_count;
      (void)snprintf(it->course_id, sizeof(it->course_id), "%s", a.course->id);
      (void)snprintf(it->unit, sizeof(it->unit), "%s", a.unit->id);
    }
  }
  if (st == SHED_OK && o->measures[0]) {
    it->may_count = false;
    st            = shed_item_measures(&it->prompt, o->measures, err);
  }
  if (st == SHED_OK && o->tempo_bpm > 0) {
    it->may_count = it->may_count && fabs(o->tempo_bpm - it->prompt.tempo_bpm) < 1e-9;
    shed_item_tempo(&it->prompt, o->tempo_bpm);
  }
  return st == SHED_OK ? find_policy(c->store, &c->who.person, it, err) : st;
}

// -- the session -------------------------------------------------------------------------------------------------------

static void
drop_session(shed_seat *l)
{
  const shed_alloc *alloc = l->lives->room->alloc;
  shed_practice_free(l->practice);
  shed_free(alloc, l->check);
  shed_json_free(l->asked);
  l->practice   = NULL;
  l->want_cue   = false;
  l->check      = NULL;
  l->asked      = NULL;
  l->n_check    = 0;
  l->any        = false;
  l->next_frame = l->missing = 0;
}

static bool
same_number(double a, double b)
{
  return a == b || (isnan(a) && isnan(b));
}

// Where the sound comes from, and how. @param[out] card stream 0: over the socket.
static shed_status
find_sound(shed_seat *l, shed_seat_open *o, shed_card_opened *card, shed_error *err)
{
  if (!o->card.wanted) {
    live_card_leave(l);
    return SHED_OK;
  }
  if (o->probe) {
    return shed_fail(err, SHED_E_FORMAT, "probe",
                     "the sound card's delay is measured by woodshed calibrate on that machine");
  }
  shed_status st = live_card_open(l, o, card, err);
  if (st != SHED_OK) {
    l->stream = 0;
    return st;
  }
  o->rate_hz   = card->device.rate_hz;
  o->device    = card->device.input;
  o->latency_s = card->has_measured ? card->measured.latency_s : (double)NAN;
  o->spread_s  = card->has_measured ? card->measured.spread_s : (double)NAN;
  o->treated   = false;
  return SHED_OK;
}

// One that hears this sound: the one at hand, or a new one.
static shed_status
session_for(shed_seat *l, const shed_seat_open *o, const shed_card_opened *card, shed_error *err)
{
  shed_room          *room     = l->lives->room;
  const shed_latency  measured = {.rate_hz = o->rate_hz, .latency_s = o->latency_s, .spread_s = o->spread_s};
  const shed_latency *of       = card->has_measured ? &card->measured : isnan(o->spread_s) ? NULL : &measured;
  shed_practice_opts  opts     = {.rate_hz    = o->rate_hz,
                                  .clock      = room->clock,
                                  .folder     = l->lives->folder,
                                  .microphone = o->device[0] ? o->device : NULL,
                                  .latency_s  = o->latency_s,
                                  .measured   = of,
                                  .lead_s     = LEAD_S};
  bool same = l->practice && !l->cut && l->stream == card->stream && l->rate_hz == o->rate_hz &&
              strcmp(l->device, o->device) == 0 && same_number(l->latency_s, o->latency_s) &&
              same_number(l->spread_s, o->spread_s) && !o->check && !l->checking;
  if (same) {
    return SHED_OK;
  }
  drop_session(l);
  l->stream    = card->stream;
  l->rate_hz   = o->rate_hz;
  l->latency_s = o->latency_s;
  l->spread_s  = o->spread_s;
  l->cut       = false;
  l->checking  = o->check;
  (void)snprintf(l->device, sizeof(l->device), "%s", o->device);
  if (o->check) {
    shed_status st = live_check_begin(l, o->probe, err);
    if (st != SHED_OK) {
      return st;
    }
  }
  return shed_practice_new(&l->practice, &opts, room->alloc, err);
}

static shed_practice_settings
settings_of(const shed_seat *l, const shed_seat_open *o, const item *it)
{
  static const shed_practice_asking asking[] = {SHED_PRACTICE_ASK_ONCE, SHED_PRACTICE_ASK_EACH,
                                                SHED_PRACTICE_ASK_NEVER};
  return (shed_practice_settings){.asking       = asking[o->asking],
                                  .rate_first   = o->rate_first,
                                  .no_colour    = o->no_colour,
                                  .study_s      = o->study_s,
                                  .study_aloud  = o->study_aloud,
                                  .no_count_in  = o->no_count_in,
                                  .click        = o->click,
                                  .silent_click = o->silent_click,
                                  .student      = l->who.person,
                                  .course       = it->course_id[0] ? it->course_id : NULL,
                                  .unit         = it->unit[0] && it->may_count ? it->unit : NULL};
}

static void
tell_opened(shed_seat *l, const shed_seat_open *o, const shed_card_opened *card, shed_json *asked,
            bool may_count)
{
  shed_json *e        = shed_json_object();
  shed_json *warnings = shed_json_array();
  shed_json_set_str(e, "event", "opened");
  shed_json_set_str(e, "take", l->token);
  shed_json_set(e, "asked", asked);
  shed_json_set_bool(e, "counts", may_count);
  if (o->treated) {
    shed_message m = shed_message_of(SHED_MSG_live_treated);
    shed_json_add(warnings, shed_message_told(&m));
  }
  shed_json_set(e, "warnings", warnings);
  shed_json_set(e, "card", card->stream ? live_card_to_json(card) : shed_json_null());
  live_tell(l, e, false);
}

static shed_status
open_item(shed_seat *l, shed_store *store, shed_seat_open *o, shed_card_opened *card, shed_error *err)
{
  item         it  = {.level = 1};
  shed_request req = {.method = SHED_HTTP_GET};
  shed_call    c   = {.room = l->lives->room, .store = store, .req = &req, .who = l->who};
  shed_status  st  = find_item(&c, o, &it, err);
  if (st == SHED_OK && (st = find_sound(l, o, card, err)) == SHED_OK) {
    st = session_for(l, o, card, err);
  }
  if (st == SHED_OK) {
    shed_json *asked = shed_asked_to_json(&it.prompt, it.course_id, it.unit, it.level, it.may_count);
    shed_practice_settings how = settings_of(l, o, &it);
    st                         = shed_practice_ready(l->practice, &it.prompt, &it.policy, &how, err);
    if (st == SHED_OK) {
      shed_json_free(l->asked);
      l->asked         = asked;
      l->practice_only = !it.may_count;
      l->judged = l->kept = l->want_keep = l->want_reflect = l->stuck = false;
      tell_opened(l, o, card, shed_json_copy(asked), it.may_count);
    } else {
      shed_json_free(asked);
    }
  }
  shed_prompt_free(&it.prompt);
  return st;
}

// Whether one more can be heard. Who was let in once stays so.
static shed_status
let_in(shed_seat *l, shed_error *err)
{
  shed_hearing       *h      = &l->lives->room->hearing;
  shed_hearing_answer answer = SHED_HEARING_IN;
  (void)pthread_mutex_lock(&l->mutex);
  if (!l->let_in && l->connected) {
    answer    = shed_hearing_enter(h);
    l->let_in = answer == SHED_HEARING_IN;
  }
  (void)pthread_mutex_unlock(&l->mutex);
  if (answer == SHED_HEARING_BEHIND) {
    return shed_fail(err, SHED_E_BUSY, "room",
                     "this machine is %.1f s late with the players it hears now; wait until it has caught up "
                     "or one of them has finished, then try again",
                     (double)shed_hearing_behind_ns(h) / 1e9);
  }
  return answer == SHED_HEARING_IN
             ? SHED_OK
             : shed_fail(err, SHED_E_BUSY, "room",
                         "this machine can hear %d players at once, and they are playing now; wait until "
                         "one of them has finished, then try again",
                         shed_hearing_most(h));
}

void
live_open(shed_seat *l, shed_store *store)
{
  shed_seat_open   o;
  shed_card_opened card = {0};
  shed_error       err  = {0};
  shed_status      st   = shed_seat_open_read(l->opening, &o, &err);
  st                    = st == SHED_OK ? let_in(l, &err) : st;
  if (st == SHED_OK && o.check) {
    if ((st = find_sound(l, &o, &card, &err)) == SHED_OK &&
        (st = session_for(l, &o, &card, &err)) == SHED_OK) {
      tell_opened(l, &o, &card, shed_json_null(), false);
    }
  } else if (st == SHED_OK) {
    st = open_item(l, store, &o, &card, &err);
  }
  if (st == SHED_E_DENIED) {
    shed_room_refuse(l->lives->room, &l->who, "live: %s", err.what);
  }
  if (st != SHED_OK) {
    live_tell_error(l, st, &err);
  }
  shed_json_free(l->opening);
  l->opening = NULL;
}
