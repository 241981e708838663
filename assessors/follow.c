// About this file: what the follower keeps of what it is told: frames, onsets, levels; and the events that wait to be fetched.
#include "assessors/follow_internal.h"

#include <math.h>
#include <string.h>

enum { LEVELS_EACH = 10, VOICED_LEAST = 40, LEVEL_NOTES = 6, UNVOICED_LEAST = 10, NOTES_FOR_TUNING = 5 };

static const double NOISE_SHARE = .2; ///< of the frames without pitch: as the ear tells it of a whole take
static const double SOFT_SHARE  = .1; ///< of the player's notes: the softest
static const float  BELOW_SOFT  = 3.F;
static const float  PLAYER_ABOVE_DB = 24.F;
static const float  SILENT_ABOVE_DB = 8.F;
static const float  LEARNT_COST     = 1.F;
static const int    RATE_MOST_HZ    = 192000;

const char *
shed_follow_kind_name(shed_follow_kind kind)
{
  static const char *const names[] = {
      [SHED_FOLLOW_POSITION]    = "position",
      [SHED_FOLLOW_PROVISIONAL] = "note_provisional",
      [SHED_FOLLOW_REVISED]     = "note_revised",
      [SHED_FOLLOW_CONFIRMED]   = "note_confirmed",
      [SHED_FOLLOW_JUMP]        = "jump",
      [SHED_FOLLOW_LOST]        = "lost",
      [SHED_FOLLOW_FOUND]       = "found",
  };
  return names[kind];
}

shed_take
follow_take(const shed_follow *f)
{
  return (shed_take){.kind = SHED_TAKE_AUDIO, .frames = f->frames, .n_frames = (size_t)f->n};
}

double
follow_s(int frame)
{
  return frame * SHED_FRAME_HOP_S;
}

void
follow_emit(shed_follow *f, const shed_follow_event *e)
{
  if (f->event_n == FOLLOW_EVENTS) {
    f->event_first = (f->event_first + 1) % FOLLOW_EVENTS;
    f->event_n--;
  }
  shed_follow_event *slot = &f->events[(f->event_first + f->event_n++) % FOLLOW_EVENTS];
  *slot                   = *e;
  slot->at_s              = f->at_s;
}

int
shed_follow_poll(shed_follow *f, shed_follow_event *out)
{
  if (f->event_n == 0) {
    return 0;
  }
  *out           = f->events[f->event_first];
  f->event_first = (f->event_first + 1) % FOLLOW_EVENTS;
  f->event_n--;
  return 1;
}

// -- levels --------------------------------------------------------------------------------------------------------

/// The noise of the room: up to here lie NOISE_SHARE of the frames without a pitch.
static float
noise_of(const shed_level_counts *c)
{
  const int n    = c->n_all - c->n_voiced;
  int       seen = 0;
  for (int i = 0; i < SHED_LEVEL_BINS && n >= UNVOICED_LEAST; i++) {
    seen += c->all[i] - c->voiced[i];
    if (seen > NOISE_SHARE * n) {
      return (float)(i - SHED_LEVEL_BINS + 10);
    }
  }
  return (float)NAN;
}

/// Before the player has sounded for a while the room is the loudest that was heard: who plays will stand above it.
static float
expected_peak(const shed_follow *f)
{
  int seen = 0, i = 0;
  while (i < SHED_LEVEL_BINS && (seen += f->counts.all[i]) <= f->counts.n_all / 5) {
    i++;
  }
  return (float)(i - SHED_LEVEL_BINS + 10) + PLAYER_ABOVE_DB;
}

static void
learn_levels(shed_follow *f)
{
  f->levels = shed_levels_by(&f->counts, noise_of(&f->counts), f->prompt->sung);
  if (f->counts.n_voiced < VOICED_LEAST && f->levels.peak_db < expected_peak(f)) {
    f->levels.peak_db   = expected_peak(f);
    f->levels.silent_db = f->levels.peak_db - PLAYER_ABOVE_DB + SILENT_ABOVE_DB;
    f->levels.player_db = f->levels.peak_db - PLAYER_ABOVE_DB;
  }
  if (f->n_soft >= LEVEL_NOTES) {
    double       x[FOLLOW_LEVELS], w[FOLLOW_LEVELS];
    const size_t n = (size_t)(f->n_soft < FOLLOW_LEVELS ? f->n_soft : FOLLOW_LEVELS);
    for (size_t i = 0; i < n; i++) {
      x[i] = (double)f->soft_db[i];
      w[i] = 1;
    }
    f->levels.player_db  = (float)shed_weighted_median(x, w, n, SOFT_SHARE) - BELOW_SOFT;
    f->levels.faint_cost = LEARNT_COST;
  }
}

// -- what is pushed ------------------------------------------------------------------------------------------------

static void
add_frame(shed_follow *f, const shed_frame *frame)
{
  if (f->n == 2 * FOLLOW_KEEP) {
    memmove(f->frames, f->frames + FOLLOW_KEEP, FOLLOW_KEEP * sizeof(*f->frames));
    f->base += FOLLOW_KEEP;
    f->n -= FOLLOW_KEEP;
  }
  f->frames[f->n++] = *frame;
  shed_levels_count(&f->counts, frame);
  if (f->counts.n_all % LEVELS_EACH == 1) {
    learn_levels(f);
  }
}

static void
look(shed_follow *f)
{
  follow_step(f, f->at++);
  follow_tell(f, false);
}

void
shed_follow_push(shed_follow *f, const shed_event *event)
{
  f->at_s = (double)event->at_frame / f->opts.rate_hz;
  if (event->kind == SHED_EVENT_ONSET) {
    f->onsets[f->n_onsets++ % FOLLOW_ONSETS] = event->u.onset;
  } else if (event->kind == SHED_EVENT_FRAME) {
    add_frame(f, &event->u.frame);
    if (f->at + FOLLOW_AHEAD < f->base + f->n) {
      look(f);
    }
  }
}

void
shed_follow_finish(shed_follow *f)
{
  while (f->at < f->base + f->n) {
    look(f);
  }
  follow_tell(f, true);
}

// -- life ----------------------------------------------------------------------------------------------------------

static bool
takes_off(const shed_prompt *p, int notes)
{
  return p->tuning == SHED_TUNING_TAKE || p->tuning == SHED_TUNING_REFERENCE ||
         (p->tuning == SHED_TUNING_AUTO && notes >= NOTES_FOR_TUNING);
}

static void
start(shed_follow *f)
{
  f->line_cents    = f->prompt->sung ? SHED_LINE_SUNG_CENTS : SHED_LINE_CENTS;
  f->far_cents     = f->prompt->sung ? SHED_FAR_SUNG_CENTS : SHED_FAR_CENTS;
  f->takes_off     = takes_off(f->prompt, f->target.n_events);
  f->top           = -1;
  f->position      = -1;
  f->position_seen = -1;
  f->jump_at       = -1;
  f->line_event    = -1;
  f->fits          = 1;
  f->period        = NAN;
  f->shift_used[0] = true;
  if (isnan(f->opts.click_start_s) && f->prompt->a_click) {
    f->opts.click_start_s = f->prompt->click_start_s;
  }
  for (int e = 0; e < f->target.n_events; e++) {
    f->told[e].start = -1;
  }
}

void
shed_follow_free(shed_follow *f)
{
  if (f) {
    const shed_alloc *alloc = f->alloc;
    shed_align_target_free(&f->target);
    shed_free(alloc, f->frames);
    shed_free(alloc, f->ways);
    shed_free(alloc, f->slot);
    shed_free(alloc, f->best);
    shed_free(alloc, f->seen);
    shed_free(alloc, f->told);
    shed_free(alloc, f);
  }
}

shed_status
shed_follow_new(shed_follow **out, const shed_prompt *prompt, const shed_follow_opts *opts,
                const shed_alloc *alloc, shed_error *err)
{
  if (opts->rate_hz <= 0 || opts->rate_hz > RATE_MOST_HZ) {
    return shed_fail(err, SHED_E_RANGE, NULL, "%d samples a second cannot be followed", opts->rate_hz);
  }
  shed_follow *f = shed_calloc(alloc, 1, sizeof(*f));
  if (!f) {
    return SHED_E_NOMEM;
  }
  f->alloc       = alloc;
  f->prompt      = prompt;
  f->opts        = *opts;
  shed_status st = shed_align_target_new(prompt, alloc, &f->target, err);
  if (st != SHED_OK) {
    shed_follow_free(f);
    return st;
  }
  const size_t n = (size_t)f->target.n_events;
  f->frames      = shed_calloc(alloc, 2 * FOLLOW_KEEP, sizeof(*f->frames));
  f->ways        = shed_calloc(alloc, FOLLOW_BEAM + 1 + FOLLOW_NEW, sizeof(*f->ways));
  f->slot        = shed_calloc(alloc, 2 * n, sizeof(*f->slot));
  f->best        = shed_calloc(alloc, FOLLOW_CLASSES * n, sizeof(*f->best));
  f->seen        = shed_calloc(alloc, FOLLOW_CLASSES * n, sizeof(*f->seen));
  f->told        = shed_calloc(alloc, n, sizeof(*f->told));
  if (!f->frames || !f->ways || !f->slot || !f->best || !f->seen || !f->told) {
    shed_follow_free(f);
    return SHED_E_NOMEM;
  }
  start(f);
  *out = f;
  return SHED_OK;
}
