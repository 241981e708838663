// About this file: what one note was like: its pitch, steadiness, drift, vibrato, loudness.
#include "engine/dsp/notes_internal.h"
#include "engine/dsp/pi.h"

#include <math.h>
#include <string.h>

enum { STEADY_FRAMES = 6, VIBRATO_FRAMES = 30, VIBRATO_STEPS = 17 };
static const double HOP_S = 0.010;
static const double VIBRATO_LOW_HZ =
    4.0; // Prame 1994, JASA 96(4): singers' and players' vibrato lies in 4..8 Hz
static const double VIBRATO_STEP_HZ   = 0.25;
static const double VIBRATO_CENTS_MIN = 10.0;
static const double VIBRATO_SHARE     = 0.4;   // of the variance about the drift that one swing must hold
static const float  HELD_SHARE        = 0.42f; // of the loudest 50 ms: what dies away has less on average

void
notes_shape_start(notes_shape *s, int pitch)
{
  memset(s, 0, sizeof(*s));
  s->pitch = pitch;
}

void
notes_shape_sound(notes_shape *s, float level_db)
{
  int places                            = (int)SHED_COUNTOF(s->recent_power);
  s->recent_power[s->sounding % places] = powf(10.0f, level_db / 10.0f);
  s->sounding++;
  int   n   = s->sounding < places ? s->sounding : places;
  float sum = 0.0f;
  s->sum_power += (double)s->recent_power[(s->sounding - 1) % places];
  for (int i = 0; i < n; i++) {
    sum += s->recent_power[i];
  }
  s->loudest = fmaxf(s->loudest, sum / (float)n);
}

void
notes_shape_stable(notes_shape *s, float midi, float confidence)
{
  float cents = 100.0f * (midi - notes_midi_of(s->pitch));
  if (!(fabsf(cents) < (float)NOTES_SPREAD)) {
    return;
  }
  int bin = (int)lrintf(cents) + NOTES_SPREAD;
  s->histogram[bin]++;
  s->in_bin[bin] += cents;
  double t = s->frames * HOP_S, y = (double)cents;
  s->sum += y;
  s->sum_squares += y * y;
  s->sum_t += t;
  s->sum_tt += t * t;
  s->sum_ty += t * y;
  s->series[s->frames % NOTES_SERIES] = cents;
  s->confidence += confidence;
  s->frames++;
}

// The mean of the middle half: hardly moved by a scoop, and unlike the median not thrown from edge to edge by a
// vibrato that stays longest at its turns.
static float
middle(const notes_shape *s)
{
  double seen = 0.0, sum = 0.0;
  double lo = 0.25 * s->frames, hi = 0.75 * s->frames;
  for (int i = 0; i <= 2 * NOTES_SPREAD && s->frames > 0; i++) {
    double n    = s->histogram[i];
    double from = seen > lo ? seen : lo, to = seen + n < hi ? seen + n : hi;
    if (n > 0.0 && to > from) {
      sum += (to - from) * (double)s->in_bin[i] / n;
    }
    seen += n;
  }
  return s->frames > 0 ? (float)(sum / (hi - lo)) : 0.0f;
}

static double
slope(const notes_shape *s)
{
  double n = s->frames, d = n * s->sum_tt - s->sum_t * s->sum_t;
  return d > 0.0 ? (n * s->sum_ty - s->sum_t * s->sum) / d : 0.0;
}

// The strongest swing of the last NOTES_SERIES frames about their own line.
static void
find_vibrato(const notes_shape *s, double drift, shed_notes_out *out)
{
  int    n     = s->frames < NOTES_SERIES ? s->frames : NOTES_SERIES;
  int    first = s->frames - n;
  double mean = 0.0, variance = 0.0, best = 0.0, best_hz = 0.0;
  for (int i = 0; i < n; i++) {
    mean += ((double)s->series[(first + i) % NOTES_SERIES] - drift * i * HOP_S) / n;
  }
  for (int i = 0; i < n; i++) {
    double y = (double)s->series[(first + i) % NOTES_SERIES] - drift * i * HOP_S - mean;
    variance += y * y / n;
  }
  for (int k = 0; k < VIBRATO_STEPS; k++) {
    double hz = VIBRATO_LOW_HZ + k * VIBRATO_STEP_HZ;
    double re = 0.0, im = 0.0;
    for (int i = 0; i < n; i++) {
      double y = (double)s->series[(first + i) % NOTES_SERIES] - drift * i * HOP_S - mean;
      re += y * cos(2.0 * SHED_PI * hz * i * HOP_S);
      im += y * sin(2.0 * SHED_PI * hz * i * HOP_S);
    }
    double swing = 2.0 * sqrt(re * re + im * im) / n;
    if (swing > best) {
      best    = swing;
      best_hz = hz;
    }
  }
  if (best >= VIBRATO_CENTS_MIN && 0.5 * best * best >= VIBRATO_SHARE * variance) {
    out->vibrato_hz    = (float)best_hz;
    out->vibrato_cents = (float)best;
  }
}

bool
notes_shape_is_held(const notes_shape *s)
{
  return s->sum_power >= (double)(HELD_SHARE * s->loudest) * s->sounding;
}

void
notes_shape_tell(const notes_shape *s, shed_notes_out *out)
{
  float  n      = (float)(s->frames > 0 ? s->frames : 1);
  double drift  = s->frames >= STEADY_FRAMES ? slope(s) : 0.0;
  double mean   = s->sum / (double)n;
  out->level_db = 10.0f * log10f(s->loudest + 1e-12f);
  out->cents_sd =
      s->frames >= STEADY_FRAMES ? (float)sqrt(fmax(s->sum_squares / (double)n - mean * mean, 0.0)) : NAN;
  out->drift_cents_per_s = (float)drift;
  if (s->frames >= VIBRATO_FRAMES) {
    find_vibrato(s, drift, out);
  }
  // what is heard of a vibrato is its mean
  float midi = notes_midi_of(s->pitch) + (out->vibrato_cents > 0.0f ? (float)mean : middle(s)) / 100.0f;
  out->midi  = (int)lrintf(midi);
  out->cents = 100.0f * (midi - (float)out->midi);
}
