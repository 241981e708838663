// About this file: one take on its way: recorder, ear and follower get the same samples, those that a file would hold.
#include "app/session/practice_internal.h"

#include "app/session/click.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const double EARLY_BEATS =
    .5; // without a click the take begins so long before the music, behind the last count
static const double EARLY_S = .25; // at least
enum { GAPS_SAID = 5 };

// -- beginning and letting go ----------------------------------------------------------------------------------------------

static void
release(shed_practice *p)
{
  practice_take *t = &p->take;
  shed_recorder_free(t->recorder);
  shed_hear_free(t->hear);
  shed_collect_free(t->collect);
  shed_follow_free(t->follow);
  practice_keyboard_release(p);
  shed_free(p->alloc, t->given);
  shed_free(p->alloc, t->level_db);
  if (t->notes_fd >= 0) {
    (void)close(t->notes_fd);
  }
  memset(t, 0, sizeof(*t));
  t->notes_fd = -1;
  t->keys_fd  = -1;
  t->position = -1;
}

void
practice_take_leave(shed_practice *p)
{
  release(p);
}

void
practice_take_drop(shed_practice *p)
{
  char path[PATH_MAX], notes[PATH_MAX], part[PATH_MAX + 8];
  memcpy(path, p->take.path, sizeof(path));
  memcpy(notes, p->take.notes, sizeof(notes));
  release(p); // the recorder's thread is gone before its file is
  if (path[0]) {
    (void)snprintf(part, sizeof(part), "%s.part", path);
    (void)unlink(part);
    (void)unlink(path);
  }
  if (notes[0]) {
    (void)unlink(notes);
  }
}

// When the cue, the music and the take begin.
static void
place(shed_practice *p, const shed_prompt *prompt)
{
  practice_take *t = &p->take;
  t->count         = shed_count_of(prompt);
  if (p->how.no_count_in && t->count.counted) {
    t->count.metronome.count_in = 0;
    t->count.music_s            = 0;
  }
  t->count.metronome.silent = p->how.silent_click;
  t->counted_in             = t->count.counted && t->count.metronome.count_in > 0;
  t->has_click              = t->counted_in || (t->count.counted && prompt->a_click);
  const bool     ahead      = t->has_click || p->how.accompanied;
  const uint64_t lead       = ahead ? (uint64_t)llround(p->lead_s * p->rate_hz) : 0;
  t->cue_frame              = p->now + lead;
  t->music_frame            = t->cue_frame + (uint64_t)llround(t->count.music_s * p->rate_hz);
  t->from                   = t->cue_frame;
  if (t->counted_in && !prompt->a_click && !p->how.silent_click) {
    const double   early_s = fmax(EARLY_S, EARLY_BEATS * t->count.beat_s);
    const uint64_t early   = (uint64_t)llround(early_s * p->rate_hz);
    t->from                = t->music_frame - t->cue_frame > early ? t->music_frame - early : t->cue_frame;
  }
}

static shed_status
make_ear(shed_practice *p, const shed_prompt *prompt, shed_error *err)
{
  practice_take *t    = &p->take;
  shed_hear_opts opts = {.rate_hz = p->rate_hz, .click = shed_click_of_prompt(prompt)};
  opts.playing.sounds = p->how.accompanied;
  shed_status st      = shed_hear_new(&t->hear, &opts, p->alloc);
  if (st != SHED_OK || (st = shed_collect_new(&t->collect, p->alloc)) != SHED_OK) {
    return shed_fail(err, st, NULL, "%s", shed_status_text(st));
  }
  if (practice_follows(p)) {
    shed_follow_opts how = {.rate_hz       = p->rate_hz,
                            .click_start_s = prompt->a_click ? prompt->click_start_s : (double)NAN};
    st                   = shed_follow_new(&t->follow, prompt, &how, p->alloc, err);
    if (st != SHED_OK && st != SHED_E_RANGE && st != SHED_E_LIMIT) {
      return st;
    }
    if (st != SHED_OK) {
      practice_say_code(p, SHED_MSG_practice_not_followed);
    }
  }
  return SHED_OK;
}

static shed_status
open_take(shed_practice *p, shed_error *err)
{
  practice_take *t  = &p->take;
  shed_status    st = practice_folder(p, err);
  place(p, shed_session_prompt(p->session));
  const bool timed = shed_session_prompt(p->session)->a_click && t->count.counted;
  if (st == SHED_OK) {
    st = shed_session_click(p->session, timed ? practice_seconds(p, t->music_frame - t->from) : (double)NAN,
                            err);
  }
  if (st == SHED_OK && p->keyboard) {
    st = practice_keyboard_begin(p, err);
  } else if (st == SHED_OK && (st = make_ear(p, shed_session_prompt(p->session), err)) == SHED_OK) {
    st = shed_recorder_open(&t->recorder, t->path, p->rate_hz, p->alloc, err);
  }
  return st == SHED_OK ? practice_notes_begin(p, err) : st;
}

static size_t
moments_of(const shed_line *line)
{
  size_t n = 0;
  for (size_t i = 0; i < line->n_notes; i++) {
    n += i == 0 || shed_beat_cmp(line->notes[i].onset_beats, line->notes[i - 1].onset_beats) != 0;
  }
  return n;
}

shed_status
practice_take_begin(shed_practice *p, shed_error *err)
{
  practice_take *t = &p->take;
  release(p);
  shed_hear_free(p->meter); // one ear at a time
  p->meter           = NULL;
  p->judged          = false;
  t->performed_at_ms = p->clock->wall_ms(p->clock->ctx);
  t->utc_offset_min  = p->clock->utc_offset_min(p->clock->ctx, t->performed_at_ms);
  t->sounded_s = t->voiced_s = t->last_from_s = t->tempo_bpm = (double)NAN;
  shed_status st                                             = open_take(p, err);
  if (st != SHED_OK) {
    practice_take_drop(p);
    return st;
  }
  t->on        = true;
  t->n_moments = moments_of(&shed_session_prompt(p->session)->line);
  p->pushed_ns = p->clock->mono_ns(p->clock->ctx);
  return SHED_OK;
}

// -- on the way --------------------------------------------------------------------------------------------------------

static const shed_practice_event_kind told_as[] = {
    [SHED_FOLLOW_POSITION]    = SHED_PRACTICE_TELLS_POSITION,
    [SHED_FOLLOW_PROVISIONAL] = SHED_PRACTICE_TELLS_NOTE,
    [SHED_FOLLOW_REVISED]     = SHED_PRACTICE_TELLS_NOTE,
    [SHED_FOLLOW_CONFIRMED]   = SHED_PRACTICE_TELLS_NOTE,
    [SHED_FOLLOW_JUMP]        = SHED_PRACTICE_TELLS_JUMP,
    [SHED_FOLLOW_LOST]        = SHED_PRACTICE_TELLS_LOST,
    [SHED_FOLLOW_FOUND]       = SHED_PRACTICE_TELLS_FOUND,
};

void
practice_take_followed(shed_practice *p)
{
  practice_take    *t    = &p->take;
  const shed_line  *line = &shed_session_prompt(p->session)->line;
  shed_follow_event e;
  while ((t->follow && shed_follow_poll(t->follow, &e)) ||
         (t->follow_keys && shed_follow_keys_poll(t->follow_keys, &e))) {
    const bool last = e.index >= 0 && shed_beat_cmp(line->notes[e.index].onset_beats,
                                                    line->notes[line->n_notes - 1].onset_beats) == 0;
    if (e.kind == SHED_FOLLOW_POSITION) {
      t->position = e.index;
      t->n_reached++;
      t->last_from_s = last ? e.onset_s : (double)NAN;
      t->tempo_bpm   = e.tempo_bpm;
    }
    t->last_told = t->last_told || last;
    if (told_as[e.kind] != SHED_PRACTICE_TELLS_NOTE || practice_colours(p)) {
      practice_tell(p, told_as[e.kind])->u.follow = e;
    }
  }
}

shed_status
practice_take_events(shed_practice *p)
{
  practice_take *t  = &p->take;
  shed_status    st = SHED_OK;
  shed_event     e;
  while (st == SHED_OK && shed_hear_poll(t->hear, &e)) {
    if (e.kind == SHED_EVENT_FRAME_PROVISIONAL) {
      practice_frame(p, &e.u.frame, e.time_s);
      t->voiced_s = e.u.frame.voiced ? e.time_s : t->voiced_s;
    }
    if (e.kind == SHED_EVENT_ONSET) {
      t->onsets++;
    }
    if ((e.kind == SHED_EVENT_FRAME && e.u.frame.voiced) || e.kind == SHED_EVENT_ONSET) {
      t->sounded_s = e.time_s;
    }
    st = shed_collect_add(t->collect, t->hear, &e);
    if (t->follow) {
      shed_follow_push(t->follow, &e);
      practice_take_followed(p);
    }
  }
  return st;
}

static shed_status
keep_given(shed_practice *p, const float *given, size_t n)
{
  practice_take *t = &p->take;
  while (t->cap_given < t->n_given + n) {
    shed_status st = shed_grow(p->alloc, (void **)&t->given, &t->cap_given, t->cap_given, sizeof(*t->given));
    if (st != SHED_OK) {
      return st;
    }
  }
  if (given) {
    memcpy(t->given + t->n_given, given, n * sizeof(*given));
  } else {
    memset(t->given + t->n_given, 0, n * sizeof(*given));
  }
  t->n_given += n;
  return SHED_OK;
}

shed_status
practice_take_sound(shed_practice *p, const float *x, const float *given, size_t n)
{
  practice_take *t = &p->take;
  float          q[PRACTICE_PUSH_MOST];
  shed_recorder_push(t->recorder, x, n);
  for (size_t i = 0; i < n; i++) {
    q[i] = shed_recorder_sample(x[i]);
  }
  t->n += n;
  if (p->how.accompanied) {
    shed_status st = keep_given(p, given, n);
    if (st != SHED_OK) {
      return st;
    }
  }
  shed_hear_push_with(t->hear, q, given, n);
  return practice_take_events(p);
}

shed_status
practice_take_missing(shed_practice *p, uint64_t n)
{
  practice_take     *t                           = &p->take;
  static const float nothing[PRACTICE_PUSH_MOST] = {0};
  shed_status        st                          = SHED_OK;
  if (t->gaps_said++ < GAPS_SAID) {
    shed_message m = shed_message_of(SHED_MSG_sound_gap);
    shed_message_num(&m, "ms", 1000 * practice_seconds(p, n), 0);
    practice_say(p, &m);
  }
  shed_recorder_skip(t->recorder, n);
  while (n > 0 && st == SHED_OK) { // the ear hears what the file will hold
    const size_t some = n < PRACTICE_PUSH_MOST ? (size_t)n : PRACTICE_PUSH_MOST;
    t->n += some;
    n -= some;
    st = p->how.accompanied ? keep_given(p, NULL, some) : SHED_OK;
    shed_hear_push(t->hear, nothing, some);
    st = st == SHED_OK ? practice_take_events(p) : st;
  }
  return st;
}

// The sound is over: the last notes have their colours at once, whoever judges and whenever.
static shed_status
hear_out(shed_practice *p)
{
  practice_take *t = &p->take;
  shed_hear_finish(t->hear);
  shed_status st = practice_take_events(p);
  if (st == SHED_OK && t->follow) {
    shed_follow_finish(t->follow);
    practice_take_followed(p);
  }
  return st;
}

void
practice_take_end(shed_practice *p)
{
  p->take.on = false;
  if (p->take.n == 0 && !p->keyboard) { // stopped in the count-in: there is no take
    practice_take_drop(p);
    practice_enter(p, SHED_PRACTICE_PREPARE);
    return;
  }
  practice_enter(p, SHED_PRACTICE_JUDGE);
  if (!p->keyboard) {
    p->take.heard_out = hear_out(p);
  }
}
