#include "tests/support/heard.h"

#include "tests/support/check.h"

#include <stdlib.h>

// What the tracker may say, refined by 80 cents at most from 26..4800 Hz.
static const float LOWEST_HZ  = 24.0f;
static const float HIGHEST_HZ = 5100.0f;
static const float LOUDEST_DB = 130.0f; // samples of a million times full scale
enum { LOWEST_MIDI = 20, HIGHEST_MIDI = 110 };
// An event is told no sooner than the sound it is about; the front end's first look may round to a hop.
static const double EARLY_S = 1e-6;
// Notes end where the sound does, to a hop and the settled lag's own frames.
static const double END_S = 0.011;

void
heard_drain(heard *to, shed_hear *h)
{
  shed_event e;
  memset(&e, 0, sizeof(e));
  while (shed_hear_poll(h, &e)) {
    if (to->n == to->cap) {
      to->cap    = to->cap * 2 + 256;
      to->events = realloc(to->events, to->cap * sizeof(e));
      assert_non_null(to->events);
    }
    to->events[to->n++] = e;
    memset(&e, 0, sizeof(e));
  }
}

heard
heard_in_cuts(const float *x, size_t n, const shed_hear_opts *opts, const size_t *cuts, size_t n_cuts)
{
  shed_hear *h  = NULL;
  heard      to = {.rate_hz = opts->rate_hz};
  CHECK_OK(shed_hear_new(&h, opts, NULL));
  for (size_t at = 0, turn = 0; at < n; turn++) {
    size_t take = cuts[turn % n_cuts] < n - at ? cuts[turn % n_cuts] : n - at;
    shed_hear_push(h, x + at, take);
    heard_drain(&to, h);
    at += take;
  }
  shed_hear_finish(h);
  heard_drain(&to, h);
  shed_hear_finish(h); // nothing new
  shed_event none;
  assert_int_equal(shed_hear_poll(h, &none), 0);
  to.stats = shed_hear_stats_now(h);
  shed_hear_free(h);
  return to;
}

heard
heard_of(const float *x, size_t n, int rate_hz)
{
  static const size_t hop = 441;
  return heard_in_cuts(x, n, &(shed_hear_opts){.rate_hz = rate_hz}, &hop, 1);
}

void
heard_free(heard *h)
{
  free(h->events);
  *h = (heard){.n = 0};
}

static void
same_bits(size_t i, const char *field, float a, float b)
{
  if (memcmp(&a, &b, sizeof(a)) != 0) {
    fail_msg("event %zu: %s is %.9g and %.9g", i, field, (double)a, (double)b);
  }
}

static void
same_frame(size_t i, const shed_frame *a, const shed_frame *b)
{
  same_bits(i, "f0_hz", a->f0_hz, b->f0_hz);
  same_bits(i, "confidence", a->confidence, b->confidence);
  same_bits(i, "level_db", a->level_db, b->level_db);
  same_bits(i, "flux", a->flux, b->flux);
  assert_int_equal(a->voiced, b->voiced);
  for (int k = 0; k < SHED_FRAME_CANDIDATES; k++) {
    same_bits(i, "cand.f0_hz", a->cand[k].f0_hz, b->cand[k].f0_hz);
    same_bits(i, "cand.support", a->cand[k].support, b->cand[k].support);
  }
}

static void
same_note(size_t i, const shed_heard_note *a, const shed_heard_note *b)
{
  same_bits(i, "onset_s", a->onset_s, b->onset_s);
  same_bits(i, "offset_s", a->offset_s, b->offset_s);
  assert_int_equal(a->midi, b->midi);
  same_bits(i, "cents", a->cents, b->cents);
  same_bits(i, "confidence", a->confidence, b->confidence);
  same_bits(i, "level_db", a->level_db, b->level_db);
  same_bits(i, "cents_sd", a->cents_sd, b->cents_sd);
  same_bits(i, "drift_cents_per_s", a->drift_cents_per_s, b->drift_cents_per_s);
  same_bits(i, "vibrato_hz", a->vibrato_hz, b->vibrato_hz);
  same_bits(i, "vibrato_cents", a->vibrato_cents, b->vibrato_cents);
}

static void
same_onset(size_t i, const shed_heard_onset *a, const shed_heard_onset *b)
{
  same_bits(i, "time_s", a->time_s, b->time_s);
  same_bits(i, "strength", a->strength, b->strength);
  same_bits(i, "confidence", a->confidence, b->confidence);
}

void
heard_check_same(const heard *a, const heard *b)
{
  for (size_t i = 0; i < a->n && i < b->n; i++) {
    const shed_event *e = &a->events[i], *f = &b->events[i];
    if (e->kind != f->kind || e->at_frame != f->at_frame ||
        memcmp(&e->time_s, &f->time_s, sizeof(e->time_s)) != 0) {
      fail_msg("event %zu: kind %d about %.9g s told at %llu, and kind %d about %.9g s told at %llu", i,
               (int)e->kind, e->time_s, (unsigned long long)e->at_frame, (int)f->kind, f->time_s,
               (unsigned long long)f->at_frame);
    }
    switch (e->kind) {
    case SHED_EVENT_FRAME_PROVISIONAL:
    case SHED_EVENT_FRAME:
      same_frame(i, &e->u.frame, &f->u.frame);
      break;
    case SHED_EVENT_ONSET:
      same_onset(i, &e->u.onset, &f->u.onset);
      break;
    case SHED_EVENT_NOTE_ON:
    case SHED_EVENT_NOTE:
      same_note(i, &e->u.note, &f->u.note);
      break;
    case SHED_EVENT_BEAT:
      same_bits(i, "beat", e->u.beat.time_s, f->u.beat.time_s);
      same_bits(i, "bpm", e->u.beat.bpm, f->u.beat.bpm);
      same_bits(i, "beat confidence", e->u.beat.confidence, f->u.beat.confidence);
      break;
    }
  }
  assert_int_equal(a->n, b->n);
}

static void
within(size_t i, const char *field, double v, double lo, double hi)
{
  if (!(v >= lo && v <= hi)) {
    fail_msg("event %zu: %s is %.9g, expected %.9g..%.9g", i, field, v, lo, hi);
  }
}

static void
check_frame(size_t i, const shed_frame *f)
{
  if (f->f0_hz != 0.0f) {
    within(i, "f0_hz", (double)f->f0_hz, (double)LOWEST_HZ, (double)HIGHEST_HZ);
  }
  within(i, "confidence", (double)f->confidence, 0.0, 1.0);
  within(i, "level_db", (double)f->level_db, -120.0, (double)LOUDEST_DB);
  within(i, "flux", (double)f->flux, 0.0, 1e6);
  within(i, "voiced without a pitch", f->voiced && !(f->f0_hz > 0.0f), 0.0, 0.0);
  same_bits(i, "first candidate", f->cand[0].f0_hz, f->f0_hz);
  bool ended = false;
  for (int k = 0; k < SHED_FRAME_CANDIDATES; k++) {
    within(i, "candidate after the end", ended && f->cand[k].f0_hz != 0.0f, 0.0, 0.0);
    ended = ended || f->cand[k].f0_hz == 0.0f;
    within(i, "cand.f0_hz", (double)f->cand[k].f0_hz, ended ? 0.0 : (double)LOWEST_HZ, (double)HIGHEST_HZ);
    within(i, "support", (double)f->cand[k].support, 0.0, 1.0);
    if (k > 1) {
      within(i, "support in falling order", (double)f->cand[k].support, 0.0, (double)f->cand[k - 1].support);
    }
  }
}

static void
check_note(size_t i, const shed_heard_note *n, double end_s)
{
  bool pitched = n->midi >= 0;
  within(i, "onset_s", (double)n->onset_s, 0.0, end_s);
  within(i, "offset_s", (double)n->offset_s, (double)n->onset_s + 1e-4, end_s + END_S);
  within(i, "midi", n->midi, pitched ? LOWEST_MIDI : -1, pitched ? HIGHEST_MIDI : -1);
  within(i, "cents", (double)n->cents, pitched ? -50.01 : 0.0, pitched ? 50.01 : 0.0);
  within(i, "note confidence", (double)n->confidence, 0.0, 1.0);
  within(i, "note level_db", (double)n->level_db, -121.0, (double)LOUDEST_DB);
  if (!isnan(n->cents_sd)) {
    within(i, "cents_sd", (double)n->cents_sd, 0.0, pitched ? 1200.0 : -1.0);
  }
  within(i, "drift_cents_per_s", (double)n->drift_cents_per_s, -1e5, 1e5);
  within(i, "vibrato_hz", (double)n->vibrato_hz, 0.0, 20.0);
  within(i, "vibrato_cents", (double)n->vibrato_cents, 0.0, 1200.0);
  within(i, "vibrato's rate without extent", (n->vibrato_hz > 0.0f) != (n->vibrato_cents > 0.0f), 0.0, 0.0);
}

// How far each kind of event has come.
typedef struct {
  long   provisional, frame;
  double onset_s, note_s, beat_s;
} progress;

static void
check_event(size_t i, const shed_event *e, double end_s, progress *p)
{
  switch (e->kind) {
  case SHED_EVENT_FRAME_PROVISIONAL:
    // of newer sound than what is settled; no grid, and it may step back
    within(i, "provisional time_s", e->time_s, ((double)p->frame - 1.0) * 0.01, end_s);
    p->provisional++;
    check_frame(i, &e->u.frame);
    break;
  case SHED_EVENT_FRAME:
    within(i, "grid", e->time_s, (double)p->frame * 0.01 - 1e-9, (double)p->frame * 0.01 + 1e-9);
    p->frame++;
    within(i, "settled after its provisional value", (double)p->frame, 0.0, (double)p->provisional);
    check_frame(i, &e->u.frame);
    break;
  case SHED_EVENT_ONSET:
    within(i, "onset in order", (double)e->u.onset.time_s, p->onset_s + 1e-4, end_s);
    within(i, "time_s of an onset", e->time_s - (double)e->u.onset.time_s, -1e-3, 1e-3);
    within(i, "strength", (double)e->u.onset.strength, 0.0, 1e6);
    within(i, "onset confidence", (double)e->u.onset.confidence, 0.0, 1.0);
    p->onset_s = (double)e->u.onset.time_s;
    break;
  case SHED_EVENT_BEAT:
    within(i, "beat in order", e->time_s, p->beat_s + 0.1, end_s);
    within(i, "bpm", (double)e->u.beat.bpm, 20.0, 400.0);
    within(i, "beat confidence", (double)e->u.beat.confidence, 0.0, 1.0);
    p->beat_s = e->time_s;
    break;
  case SHED_EVENT_NOTE_ON:
    within(i, "onset_s of a note on", (double)e->u.note.onset_s, 0.0, end_s);
    within(i, "midi of a note on", e->u.note.midi, -1, HIGHEST_MIDI);
    break;
  case SHED_EVENT_NOTE:
    check_note(i, &e->u.note, end_s);
    within(i, "note in order of onset", (double)e->u.note.onset_s, p->note_s, end_s);
    within(i, "time_s of a note", e->time_s - (double)e->u.note.onset_s, -1e-3, 1e-3);
    p->note_s = (double)e->u.note.onset_s;
    break;
  }
}

void
heard_check_contract(const heard *h)
{
  double   end_s   = (double)h->stats.frames_in / h->rate_hz;
  progress p       = {.onset_s = -1.0, .note_s = -1.0, .beat_s = -1.0};
  uint64_t at_last = 0;
  for (size_t i = 0; i < h->n; i++) {
    const shed_event *e = &h->events[i];
    within(i, "at_frame in order", (double)e->at_frame, (double)at_last, (double)h->stats.frames_in);
    within(i, "time_s not before it was heard", e->time_s, 0.0, (double)e->at_frame / h->rate_hz + EARLY_S);
    at_last = e->at_frame;
    check_event(i, e, end_s, &p);
  }
  assert_int_equal(h->stats.events_dropped, 0);
  long grid = (long)((h->stats.frames_in * 100 + (uint64_t)h->rate_hz - 1) / (uint64_t)h->rate_hz);
  assert_int_equal(p.frame, grid);
  // the last provisional ones would describe what comes after the end
  assert_true(p.provisional >= grid);
}
