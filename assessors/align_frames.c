// About this file: a take that was never sound (a keyboard's or a note list) gets frames of its own, so that one search
// serves all kinds of take.
#include "assessors/align.h"
#include "engine/music/pitch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const float  LEVEL_DB   = -20.F;
static const float  SILENCE_DB = -90.F;
static const double MOST_S     = 12. * 3600;

static void
add_note(shed_frame *frames, size_t n, const shed_heard_note *note)
{
  double hz    = shed_midi_to_hz(note->midi + (double)note->cents / 100., 440);
  size_t first = (size_t)fmax(0, ceil((double)note->onset_s / SHED_FRAME_HOP_S - 1e-6));
  size_t end   = (size_t)fmax(0, ceil((double)note->offset_s / SHED_FRAME_HOP_S - 1e-6));
  for (size_t i = first; i < end && i < n; i++) {
    shed_frame *f = &frames[i];
    int         k = 0;
    while (k < SHED_FRAME_CANDIDATES && f->cand[k].f0_hz > 0) {
      k++;
    }
    // the newest sounding note is the best candidate; the oldest goes when there is no place
    k = k < SHED_FRAME_CANDIDATES ? k : SHED_FRAME_CANDIDATES - 1;
    memmove(&f->cand[1], &f->cand[0], (size_t)k * sizeof(f->cand[0]));
    f->cand[0].f0_hz   = (float)hz;
    f->cand[0].support = 1;
    f->f0_hz           = (float)hz;
    f->confidence      = note->confidence > 0 ? note->confidence : 1;
    f->level_db        = LEVEL_DB;
    f->voiced          = true;
    f->flux            = i == first ? 1.F : f->flux;
  }
}

shed_status
shed_frames_of_notes(const shed_take *take, const shed_alloc *alloc, shed_frame **out, size_t *n)
{
  double length = take->duration_s;
  for (size_t i = 0; i < take->n_notes; i++) {
    length = fmax(length, (double)take->notes[i].offset_s);
  }
  *n            = (size_t)(fmin(fmax(length, 0), MOST_S) / SHED_FRAME_HOP_S) + 1;
  shed_frame *f = shed_calloc(alloc, *n, sizeof(*f));
  if (!f) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < *n; i++) {
    f[i].level_db = SILENCE_DB;
  }
  for (size_t i = 0; i < take->n_notes; i++) {
    if (take->notes[i].midi >= 0) {
      add_note(f, *n, &take->notes[i]);
    }
  }
  *out = f;
  return SHED_OK;
}
