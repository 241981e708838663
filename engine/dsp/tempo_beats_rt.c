// About this file: where the beats are: the best path through the onsets with steps of about a beat. It waits for a
// tempo, then catches up from where it waited.
#include "engine/dsp/tempo_internal.h"

#include <math.h>

enum {
  WIDTH    = 4,    // frames to each side that an onset covers
  WAIT     = 1000, // frames that a first tempo is waited for
  AT_ONCE  = 64,   // frames a call: it catches up, and no hop takes long
  LAG_PART = 2     // beats that must follow until one is told
};
static const float SD_FRAMES = 1.8f;
// Two beats without onsets may step short-long or long-short at the same cost: rounding must not choose.
static const float NO_WORSE = 1e-4f;

static float *
slot(float *ring, int64_t frame)
{
  return &ring[frame % TEMPO_RING];
}

static void
clear_to(shed_tempo *t, int64_t frame)
{
  for (; t->bumped <= frame; t->bumped++) {
    *slot(t->act, t->bumped) = 0.0f;
  }
}

void
tempo_beats_onset(shed_tempo *t, double time_s, float weight)
{
  double  exact   = time_s * 100.0;
  int64_t centre  = (int64_t)floor(exact + 0.5);
  t->last_onset_s = fmax(time_s, t->last_onset_s);
  clear_to(t, centre + WIDTH);
  for (int64_t f = centre - WIDTH; f <= centre + WIDTH; f++) {
    float d = (float)((double)f - exact) / SD_FRAMES;
    if (f >= t->frame && f >= 0) {
      *slot(t->act, f) += weight * expf(-0.5f * d * d);
    }
  }
}

static void
put(shed_tempo *t, int64_t frame, double period)
{
  if (t->queue_n == TEMPO_QUEUE) {
    return;
  }
  // onsets lie between frames
  float a = *slot(t->act, frame - 1), b = *slot(t->act, frame), c = *slot(t->act, frame + 1);
  float bend            = a - 2.0f * b + c;
  float part            = frame > 0 && frame + 1 < t->bumped && bend < -1e-6f ? 0.5f * (a - c) / bend : 0.0f;
  part                  = fmaxf(-0.5f, fminf(0.5f, part));
  float            on   = fminf(b * 2.0f, 1.0f);
  shed_tempo_beat *beat = &t->queue[(t->queue_first + t->queue_n++) % TEMPO_QUEUE];
  *beat                 = (shed_tempo_beat){.time_s     = ((double)frame + (double)part) / 100.0,
                                            .confidence = t->now.confidence * (0.6f + 0.4f * on),
                                            .bpm        = (float)(6000.0 / period)};
  if (t->told >= 0) {
    double step = (double)(frame - t->told);
    if (fabs(log(step / period)) < 0.15) {
      t->spacing_sum += step / 100.0;
      t->spacings++;
      beat->bpm = (float)(0.5 * (double)beat->bpm + 0.5 * 6000.0 / step);
    }
  }
  t->told = frame;
}

static void
tell(shed_tempo *t, double period, bool end)
{
  int64_t newest = t->frame - 1, best = newest;
  for (int64_t f = newest; f > newest - (int64_t)period && f >= 0; f--) {
    best = *slot(t->best, f) > *slot(t->best, best) ? f : best;
  }
  int64_t path[TEMPO_RING / 16];
  int     n       = 0;
  int64_t settled = end ? newest : newest - (int64_t)(LAG_PART * period);
  double  limit   = t->last_onset_s * 100.0 + 0.5 * period;
  for (int64_t f = best;
       f >= 0 && (double)f > (double)t->told + 0.5 * period && f > newest - TEMPO_RING + 256;) {
    if (f <= settled && (double)f <= limit && n < TEMPO_RING / 16) {
      path[n++] = f;
    }
    int back = t->before[f % TEMPO_RING];
    if (back == 0) {
      break;
    }
    f -= back;
  }
  while (n > 0) {
    put(t, path[--n], period);
  }
}

static void
step(shed_tempo *t, double period)
{
  int64_t f    = t->frame;
  float   top  = 0.0f;
  int     back = 0;
  clear_to(t, f + 1);
  if (period > 0.0) {
    int from = (int)(0.6 * period), to = (int)(1.7 * period);
    for (int s = from < 1 ? 1 : from; s <= to && s <= f; s++) {
      float off   = logf((float)s / (float)period);
      float value = *slot(t->best, f - s) - t->costs.tight * off * off;
      if (value > top + NO_WORSE) {
        top  = value;
        back = s;
      }
    }
  }
  *slot(t->best, f)         = *slot(t->act, f) + top;
  t->before[f % TEMPO_RING] = (int16_t)back;
  t->frame++;
}

void
tempo_beats_advance(shed_tempo *t, int64_t to_frame, bool end)
{
  double  period = t->now.bpm > 0.0f ? 6000.0 / (double)t->now.bpm : 0.0;
  int64_t start  = t->frame;
  if (period == 0.0 && to_frame - t->frame < WAIT && !end) {
    return;
  }
  while (t->frame <= to_frame && (end || t->frame < start + AT_ONCE)) {
    step(t, period);
  }
  if (period > 0.0 && t->frame > start && (end || t->frame / 16 != start / 16)) {
    tell(t, period, end);
  }
}
