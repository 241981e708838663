// About this file: when a note began, finer than frames: the best path says that there is a boundary at a frame, the
// envelope around it and the turn of the pitch say when.
#include "engine/dsp/notes_internal.h"

#include <math.h>

enum {
  STEPS_A_FRAME = 7,
  BEFORE        = 6, // frames looked at to each side
  AFTER         = 8,
  SPAN          = (BEFORE + AFTER) * STEPS_A_FRAME,
  TOP_FIRST     = (BEFORE - 3) * STEPS_A_FRAME, // the rise's top is not earlier than 3 frames before
  SMOOTH_MIN    = 3,                            // steps
  SMOOTH_MAX    = 17,
  HIDDEN        = 12 // frames that a room's tail may hide a new pitch for
};
static const float HOP_MS = 10.0f;
// The time is told so far from the frame at most.
static const float EARLIER_MS = 40.0f;
static const float HIDDEN_MS  = 100.0f; // where a tail hides it
static const float LATER_MS   = 30.0f;
static const float VOICE_PULL = 0.8f;
// A note that follows without a gap is struck anew where the amplitude rises by this.
static const float STRUCK_DB    = 4.0f;
static const float DOUBT_MS     = 30.0f;           // so long, the tail of the old pitch hides the new
static const float DOUBT        = 0.06f;           // of confidence
static const float SAME_OCTAVES = 70.0f / 1200.0f; // a candidate so near is the new pitch
static const float STEP_MS      = 10.0f / STEPS_A_FRAME;

typedef struct {
  float a[SPAN]; // amplitude, smoothed over a period
  int   n;
  int   least, top;
} envelope;

static void
fill(envelope *e, const float *ring, int64_t steps, int64_t first, int width)
{
  int half = width / 2;
  for (int i = 0; i < SPAN; i++) {
    double sum = 0.0;
    for (int k = -half; k <= half; k++) {
      int64_t at    = first + i + k;
      bool    known = at >= 0 && at < steps && at > steps - SHED_RISE_STEPS;
      sum += known ? (double)ring[at % SHED_RISE_STEPS] : 0.0;
    }
    e->a[i] = sqrtf((float)(sum / (2 * half + 1)) + 1e-12f);
  }
  // what is known only in part rises no more
  e->n = (int)(steps - half - first);
  e->n = e->n < TOP_FIRST + 1 ? TOP_FIRST + 1 : e->n > SPAN ? SPAN : e->n;
}

// The top after the boundary, and the least before the top.
static void
find_ends(envelope *e)
{
  e->top = TOP_FIRST;
  for (int i = e->top; i < e->n; i++) {
    e->top = e->a[i] > e->a[e->top] ? i : e->top;
  }
  e->least = e->top;
  for (int i = e->top; i >= 0; i--) {
    e->least = e->a[i] < e->a[e->least] ? i : e->least;
  }
}

// Back from the top to where the amplitude first is under `level`; ms after the boundary's frame.
static float
crossing(const envelope *e, float level)
{
  int i = e->top;
  while (i > e->least && e->a[i - 1] >= level) {
    i--;
  }
  float part = 0.0f;
  if (i > e->least && e->a[i] > e->a[i - 1]) {
    part = (e->a[i] - level) / (e->a[i] - e->a[i - 1]);
  }
  return ((float)i + 0.5f - part - BEFORE * STEPS_A_FRAME) * STEP_MS;
}

static float
between(const envelope *e, float share)
{
  return crossing(e, e->a[e->least] + share * (e->a[e->top] - e->a[e->least]));
}

static float
half_db(const envelope *e)
{
  return crossing(e, sqrtf(e->a[e->least] * e->a[e->top]));
}

static float
flux_centre(const shed_notes *n, int64_t frame)
{
  float sum = 1e-6f, moment = 0.0f;
  for (int k = -4; k <= 4; k++) {
    if (frame + k >= 0 && frame + k < n->count) {
      float w = notes_in_at(n, frame + k)->flux;
      sum += w * w;
      moment += w * w * (float)k * HOP_MS;
    }
  }
  return moment / sum;
}

// Where the pitch is half-way from the one to the other: the last frame nearer to the old.
static float
turn(const shed_notes *n, int64_t frame, float from_hz, float to_hz)
{
  float middle = 0.5f * log2f(from_hz * to_hz), up = to_hz > from_hz ? 1.0f : -1.0f;
  float before = 0.0f;
  bool  known  = false;
  for (int64_t k = frame + 7; k >= frame - 8; k--) {
    if (k < 0 || k >= n->count || !notes_in_at(n, k)->voiced) {
      continue;
    }
    float past = up * (log2f(notes_in_at(n, k)->f0_hz) - middle);
    if (known && past <= 0.0f) {
      float part = before > past ? -past / (before - past) : 0.5f;
      return ((float)(k - frame) + part) * HOP_MS;
    }
    known  = past > 0.0f || known;
    before = past;
  }
  return 0.0f;
}

static float
confidence_at(const shed_notes *n, int64_t frame)
{
  return frame >= 0 && frame < n->count && notes_in_at(n, frame)->voiced ? notes_in_at(n, frame)->confidence
                                                                         : 0.0f;
}

// The last frame before `from` where the pitch of the old note was as sure as it had been.
static float
doubt(const shed_notes *n, int64_t frame, int64_t from)
{
  float sure = 0.0f;
  for (int64_t k = from; k >= from - HIDDEN; k--) {
    sure = fmaxf(sure, confidence_at(n, k));
  }
  int64_t k = from;
  while (k > from - HIDDEN && confidence_at(n, k) < sure - DOUBT) {
    k--;
  }
  return (float)(k - frame) * HOP_MS;
}

static bool
could_be(const shed_notes_in *in, float hz)
{
  for (int i = 0; i < SHED_NOTES_CANDS && in->cand[i].f0_hz > 0.0f; i++) {
    if (fabsf(log2f(in->cand[i].f0_hz / hz)) < SAME_OCTAVES) {
      return true;
    }
  }
  return false;
}

// Back from `from`, the first frame of an unbroken row that could have the new pitch; one may lack it.
static float
first_hint(const shed_notes *n, int64_t frame, int64_t from, float to_hz)
{
  int64_t first = from;
  for (int64_t k = from; k > from - HIDDEN && k >= 0 && first - k <= 1; k--) {
    first = could_be(notes_in_at(n, k), to_hz) ? k - 1 : first;
  }
  return (float)(first - frame) * HOP_MS;
}

static float
rise_db(const envelope *e)
{
  return 20.0f * log10f(e->a[e->top] / e->a[e->least]);
}

static void
find_cues(const shed_notes *n, const shed_rise *rise, int64_t frame, float from_hz, float to_hz,
          notes_cues *out)
{
  envelope e, t;
  int64_t  first  = (frame - BEFORE) * STEPS_A_FRAME;
  float    period = to_hz > 0.0f ? 1000.0f / to_hz : 0.0f;
  int      width  = (int)lrintf(period / STEP_MS);
  width           = width < SMOOTH_MIN ? SMOOTH_MIN : width > SMOOTH_MAX ? SMOOTH_MAX : width;
  fill(&e, rise->power, rise->steps, first, width);
  fill(&t, rise->treble, rise->steps, first, width);
  find_ends(&e);
  find_ends(&t);
  *out                      = (notes_cues){.kind = to_hz <= 0.0f              ? NOTES_STROKE
                                                   : from_hz <= 0.0f          ? NOTES_FROM_SILENCE
                                                   : rise_db(&e) >= STRUCK_DB ? NOTES_STRUCK_ANEW
                                                                              : NOTES_SLURRED};
  out->cue[NOTES_CUE_ONE]   = 1.0f;
  out->cue[NOTES_CUE_P10]   = between(&e, 0.1f);
  out->cue[NOTES_CUE_P25]   = between(&e, 0.25f);
  out->cue[NOTES_CUE_P50]   = between(&e, 0.5f);
  out->cue[NOTES_CUE_P75]   = between(&e, 0.75f);
  out->cue[NOTES_CUE_L50]   = half_db(&e);
  out->cue[NOTES_CUE_T25]   = between(&t, 0.25f);
  out->cue[NOTES_CUE_T50]   = between(&t, 0.5f);
  out->cue[NOTES_CUE_TL50]  = half_db(&t);
  out->cue[NOTES_CUE_LEAST] = crossing(&e, e.a[e.least]);
  out->cue[NOTES_CUE_FLUX]  = flux_centre(n, frame);
  if (from_hz > 0.0f && to_hz > 0.0f) {
    float   ms   = turn(n, frame, from_hz, to_hz);
    int64_t last = frame + (int64_t)floorf(ms / HOP_MS); // of the old pitch

    out->cue[NOTES_CUE_TURN]  = ms;
    out->cue[NOTES_CUE_DOUBT] = doubt(n, frame, last);
    if (ms - out->cue[NOTES_CUE_DOUBT] >= DOUBT_MS) {
      out->cue[NOTES_CUE_HIDDEN] = first_hint(n, frame, last, to_hz) - ms;
    }
  }
  out->cue[NOTES_CUE_PERIOD] = period;
}

float
notes_time_s(shed_notes *n, const shed_rise *rise, int64_t frame, float from_hz, float to_hz)
{
  find_cues(n, rise, frame, from_hz, to_hz, &n->cues);
  n->cues_frame = frame;
  float ms      = 0.0f;
  for (int i = 0; i < NOTES_CUES; i++) {
    ms += n->times.weight[n->cues.kind][i] * n->cues.cue[i];
  }
  // what rises before a sung vowel is its consonant: there the path's own boundary stands
  ms *= n->cues.kind == NOTES_STROKE ? 1.0f : 1.0f - VOICE_PULL * notes_voice(n);
  ms = fminf(fmaxf(ms, n->cues.cue[NOTES_CUE_HIDDEN] < 0.0f ? -HIDDEN_MS : -EARLIER_MS), LATER_MS);
  return (float)(fmax((double)frame * (double)HOP_MS + (double)ms, 0.0) * 1e-3); // rounded once
}
