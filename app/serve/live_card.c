// About this file: a listener whose sound comes from the machine's own card: opened for it by a desk, handed to its inbox by the card's
// keeper, and what has to sound put onto the card's loudspeaker.
#include "app/serve/live_inside.h"
#include "app/serve/routes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SIDE_STICK = 37, CARD_MOST = 4096 };

// A message of the card: this, the microphone's samples, and where something sounds what the loudspeaker was given.
typedef struct {
  uint64_t            stream;
  shed_practice_sound where;
  size_t              n;
  bool                has_given;
} card_sound;

// -- the keeper's side: its thread, under the card's lock -----------------------------------------------------------------

static void
sound(void *ctx, uint64_t stream, const shed_live_place *place, const float *mic, const float *given,
      size_t n)
{
  shed_seat *l       = ctx;
  card_sound s       = {.stream    = stream,
                        .where     = {place->at_frame, place->missing, place->torn},
                        .n         = n,
                        .has_given = given != NULL};
  live_part  parts[] = {{&s, sizeof(s)}, {mic, n * sizeof(*mic)}, {given, given ? n * sizeof(*given) : 0}};
  (void)pthread_mutex_lock(&l->mutex);
  // what does not fit is missing, and told so by the place of the next that does
  if (live_push(l, &l->in, LIVE_CARD, parts, SHED_COUNTOF(parts))) {
    live_schedule(l);
  }
  (void)pthread_mutex_unlock(&l->mutex);
}

static void
told(void *ctx, bool lost, const char *text)
{
  shed_seat *l = ctx;
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "event", "card");
  shed_json_set_bool(o, "lost", lost);
  shed_json_set_str(o, "text", text);
  live_tell(l, o, false);
  live_wake(l->lives);
}

static bool
may_lose(void *ctx)
{
  shed_seat *l = ctx;
  (void)pthread_mutex_lock(&l->mutex);
  bool may = !l->taking;
  (void)pthread_mutex_unlock(&l->mutex);
  return may;
}

// -- opening: desks -------------------------------------------------------------------------------------------------------

shed_status
live_card_open(shed_seat *l, const shed_seat_open *o, shed_card_opened *out, shed_error *err)
{
  shed_card             *card   = l->lives->room->card;
  const shed_card_player player = {.ctx = l, .sound = sound, .told = told, .may_lose = may_lose};
  shed_card_wish         wish   = {.silent = o->card.silent};
  (void)pthread_mutex_lock(&l->mutex);
  bool here = l->here;
  (void)pthread_mutex_unlock(&l->mutex);
  if (!here) {
    return shed_fail(
        err, SHED_E_DENIED, "card",
        "the sound card of the room's machine is for who sits at that machine; use the browser's "
        "microphone");
  }
  if (!card) {
    return shed_fail(err, SHED_E_UNSUPPORTED, "card", "this server was started without its sound card");
  }
  (void)snprintf(wish.input, sizeof(wish.input), "%s", o->card.input);
  (void)snprintf(wish.output, sizeof(wish.output), "%s", o->card.output);
  (void)snprintf(wish.api, sizeof(wish.api), "%s", o->card.api);
  shed_status st = shed_card_open(card, &player, &wish, out, err);
  (void)pthread_mutex_lock(&l->mutex);
  l->card = st == SHED_OK;
  (void)pthread_mutex_unlock(&l->mutex);
  return st;
}

void
live_card_leave(shed_seat *l)
{
  if (l->stream) {
    shed_card_release(l->lives->room->card, l);
    l->stream = 0;
    (void)pthread_mutex_lock(&l->mutex);
    l->card = false;
    (void)pthread_mutex_unlock(&l->mutex);
  }
}

shed_json *
live_card_to_json(const shed_card_opened *c)
{
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "input", c->device.input);
  shed_json_set_str(o, "output", c->device.output);
  shed_json_set_str(o, "api", c->device.api);
  shed_json_set_int(o, "rate_hz", c->device.rate_hz);
  shed_json_set_real(o, "latency_s", c->has_measured ? c->measured.latency_s : (double)NAN, 6);
  shed_json_set_bool(o, "sounds", c->device.output[0] != '\0');
  return o;
}

// -- sound: workers ---------------------------------------------------------------------------------------------------------

shed_status
live_card_hear(shed_seat *l, const live_message *m, shed_error *err)
{
  card_sound s;
  float      x[2 * CARD_MOST];
  memcpy(&s, m->data, sizeof(s));
  if (s.stream != l->stream || s.n > CARD_MOST) {
    return SHED_OK; // of a stream that was closed meanwhile
  }
  memcpy(x, m->data + sizeof(s), (s.has_given ? 2 : 1) * s.n * sizeof(*x));
  l->missing += s.where.missing;
  l->any        = true;
  l->next_frame = s.where.at_frame + s.n;
  if (l->checking) {
    live_check_sound(l, s.where.at_frame, x, s.n);
  }
  return shed_practice_push(l->practice, &s.where, x, s.has_given ? x + s.n : NULL, s.n, err);
}

static shed_status
play(shed_seat *l, const shed_practice_cue *cue, shed_error *err)
{
  const shed_prompt *prompt = shed_practice_prompt(l->practice);
  shed_profile       profile;
  shed_mixer        *mixer = NULL;
  bool        known   = prompt->profile[0] && shed_profile_find(prompt->profile, &profile, NULL) == SHED_OK;
  int         drum    = known && profile.gm_percussion >= 0 ? profile.gm_percussion : SIDE_STICK;
  int         program = known && profile.gm_program >= 0 ? profile.gm_program : 0;
  shed_status st      = shed_mixer_new(&mixer, l->rate_hz, l->lives->room->alloc);
  if (st == SHED_OK && cue->model) {
    st = shed_mixer_add_line(mixer, &prompt->line, program, drum, 0, 0.0F, NULL, err);
  }
  if (st == SHED_OK && cue->click) {
    st = shed_mixer_metronome(mixer, &cue->metronome, 0.0F);
  }
  if (st != SHED_OK) {
    shed_mixer_free(mixer);
    return st;
  }
  shed_card_play(l->lives->room->card, l, mixer, cue->at_frame);
  return SHED_OK;
}

void
live_card_event(shed_seat *l, const shed_practice_event *e)
{
  shed_error err = {0};
  if (e->kind == SHED_PRACTICE_TELLS_CUE && e->u.cue.model) {
    l->cue      = e->u.cue; // the sound font takes its time: a desk's
    l->want_cue = true;
  } else if (e->kind == SHED_PRACTICE_TELLS_CUE) {
    l->want_cue    = false;
    shed_status st = play(l, &e->u.cue, &err);
    if (st != SHED_OK) {
      live_tell_error(l, st, &err);
    }
  } else if (e->kind == SHED_PRACTICE_TELLS_STATE && e->u.state.now != e->u.state.before &&
             e->u.state.now != SHED_PRACTICE_COUNT_IN && e->u.state.now != SHED_PRACTICE_LISTEN &&
             e->u.state.now != SHED_PRACTICE_STUDY) {
    l->want_cue = false;
    shed_card_play(l->lives->room->card, l, NULL, 0);
  }
}

void
live_card_model(shed_seat *l)
{
  shed_error  err = {0};
  shed_status st  = play(l, &l->cue, &err);
  l->want_cue     = false;
  if (st != SHED_OK) {
    live_tell_error(l, st, &err);
  }
}
