/// How long after the physical onset of a note the ear says what: measured in samples pushed (at_frame), never in time, so
/// that a test may hold it to a limit. Used by tests/unit/test_hear_latency.c and tests/bench/bench_latency.c.
#ifndef SHED_TEST_LATENCY_H
#define SHED_TEST_LATENCY_H

#include "engine/hear/hear.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/// A note of the sound: onset is its first sample that is not silence.
typedef struct {
  double onset_s, offset_s;
  double hz;
} latency_note;

/// Seconds after the onset (note: after the offset) until it was told; NaN where it never was.
typedef struct {
  double provisional; ///< first provisional frame within 50 cents after which none is wrong
  double note_on;     ///< provisional note with the right pitch
  double frame;       ///< first settled frame within 50 cents
  double onset;       ///< settled onset
  double note;        ///< settled note, after the note's end
  int    looks;       ///< provisional frames from the first right one to the end of the watch
  int    wrong;       ///< of them, wrong ones
} latency_told;

/// After the first right provisional frame, no other value may be told until so long after the onset. A frame that is
/// told later describes the note's own sound: it cannot be confused with the next one.
static const double LATENCY_WATCH_S = 0.20;
/// Onsets are looked for so near, and a settled frame may describe a moment so long before the onset.
static const double LATENCY_NEAR_S  = 0.08;
static const double LATENCY_GRACE_S = 0.010;

static inline bool
latency_right(const shed_frame *f, double hz)
{
  return f->voiced && f->f0_hz > 0.0f && fabs(1200.0 * log2((double)f->f0_hz / hz)) <= 50.0;
}

static inline void
latency_take_event(const shed_event *e, double at_s, const latency_note *n, latency_told *t)
{
  double since = at_s - n->onset_s;
  if (since < 0.0) {
    return;
  }
  switch (e->kind) {
  case SHED_EVENT_FRAME_PROVISIONAL:
    if (at_s < n->offset_s && since < LATENCY_WATCH_S) {
      bool right = latency_right(&e->u.frame, n->hz);
      if (!right) {
        t->wrong += t->looks > 0;
        t->provisional = NAN;
      } else if (isnan(t->provisional)) {
        t->provisional = since;
      }
      t->looks += right || t->looks > 0;
    }
    break;
  case SHED_EVENT_BEAT:
    break;
  case SHED_EVENT_FRAME:
    if (isnan(t->frame) && e->time_s >= n->onset_s - LATENCY_GRACE_S && e->time_s < n->offset_s &&
        latency_right(&e->u.frame, n->hz)) {
      t->frame = since;
    }
    break;
  case SHED_EVENT_NOTE_ON:
    if (isnan(t->note_on) && fabs(e->time_s - n->onset_s) < LATENCY_NEAR_S &&
        e->u.note.midi == (int)lrint(69.0 + 12.0 * log2(n->hz / 440.0))) {
      t->note_on = since;
    }
    break;
  case SHED_EVENT_ONSET:
    if (isnan(t->onset) && fabs(e->time_s - n->onset_s) < LATENCY_NEAR_S) {
      t->onset = since;
    }
    break;
  case SHED_EVENT_NOTE:
    if (isnan(t->note) && fabs(e->time_s - n->onset_s) < LATENCY_NEAR_S) {
      t->note = at_s - n->offset_s;
    }
    break;
  }
}

/// Hear @p x in blocks of 64 and fill @p told, one for each of the @p n_notes. The end is not told by finish(): what
/// settles must settle while sound comes in. @return SHED_OK or what shed_hear_new() returned.
SHED_NODISCARD static inline shed_status
latency_measure(const float *x, size_t n, int rate_hz, const latency_note *notes, size_t n_notes,
                latency_told *told)
{
  enum { BLOCK = 64 };
  shed_hear  *h  = NULL;
  shed_status st = shed_hear_new(&h, &(shed_hear_opts){.rate_hz = rate_hz}, NULL);
  if (st != SHED_OK) {
    return st;
  }
  for (size_t i = 0; i < n_notes; i++) {
    told[i] = (latency_told){NAN, NAN, NAN, NAN, NAN, 0, 0};
  }
  for (size_t at = 0; at < n; at += BLOCK) {
    shed_event e;
    shed_hear_push(h, x + at, n - at < BLOCK ? n - at : BLOCK);
    while (shed_hear_poll(h, &e)) {
      for (size_t i = 0; i < n_notes; i++) {
        latency_take_event(&e, (double)e.at_frame / rate_hz, &notes[i], &told[i]);
      }
    }
  }
  shed_hear_free(h);
  return SHED_OK;
}

/// What is asked of the provisional pitch: 25 ms, or two periods and 5 ms.
static inline double
latency_target_s(double hz)
{
  return fmax(0.025, 2.0 / hz + 0.005);
}

#endif
