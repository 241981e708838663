#include "engine/dsp/onset_internal.h"

#include <math.h>

enum { LOOK_APART = 220 }; // 5 ms
// Bands under the recent peak by more than this do not count as rising.
static const float RANGE_DB = 50.0f;
// Below this the 23 ms window sees the single pulses of a tone.
static const float PULSES_BELOW_HZ = 75.0f;
static const float FRAMES_A_SECOND = 100.0f;
// Scales the mean rise of a band (in bels) so that a clear onset is about 1.
static const float FLUX_SCALE    = 4.0f;
static const float BURST_MOST_DB = 20.0f;  // of one wide band
static const float BURST_TREBLE  = 0.667f; // what the upper five count for alone
// Share of the new value in aubio's recent means: they follow in about half a second.
static const float MEAN_SHARE = 0.02f;
static const float MEAN_LEAST = 1e-4f;

static void
spectrum(shed_onset *o, const float *x)
{
  float *time = shed_fft_time(o->fft);
  for (int i = 0; i < ONSET_WINDOW; i++) {
    time[i] = x[i] * o->taper[i];
  }
  shed_fft_forward(o->fft);
  const float *bins = shed_fft_bins(o->fft);
  for (int k = 0; k < ONSET_BINS; k++) {
    o->magnitude[k] = sqrtf(bins[2 * k] * bins[2 * k] + bins[2 * k + 1] * bins[2 * k + 1]);
  }
}

// The highest of what each band was in the last frames.
static void
recent_bands(const shed_onset *o, int look, float *was)
{
  for (int b = 0; b < o->bands; b++) {
    was[b] = 0.0f;
    for (int k = 1; k <= o->back; k++) {
      float v = o->before[look][(o->next - k + ONSET_PAST) % ONSET_PAST][b];
      was[b]  = v > was[b] ? v : was[b];
    }
  }
}

// One look: how far the bands stand over what they were 10 ms before, or in the period before.
static float
rise_of_bands(shed_onset *o, int look, float scale)
{
  float before[ONSET_BANDS_MAX], now[ONSET_BANDS_MAX];
  float sum = 0.0f;
  recent_bands(o, look, before);
  for (int b = 0; b < o->bands; b++) {
    float best = 0.0f;
    for (int k = o->band[b]; k < o->band[b + 1]; k++) {
      best = o->magnitude[k] > best ? o->magnitude[k] : best;
    }
    now[b] = log10f(1.0f + scale * best);
  }
  for (int b = 0; b < o->bands; b++) {
    float was = before[b];
    was       = b > 0 && before[b - 1] > was ? before[b - 1] : was;
    was       = b + 1 < o->bands && before[b + 1] > was ? before[b + 1] : was;
    sum += now[b] > was ? now[b] - was : 0.0f;
  }
  for (int b = 0; b < o->bands; b++) {
    o->before[look][o->next][b] = now[b];
  }
  return FLUX_SCALE * sum / (float)o->bands;
}

// A value over its own recent mean.
static float
over_mean(float value, float *mean)
{
  float ratio = value / (*mean + MEAN_LEAST);
  *mean += MEAN_SHARE * (value - *mean);
  return ratio;
}

// Powers of the wide bands at this look.
static void
wide_powers(shed_onset *o)
{
  float *to = o->power[o->looks++ % ONSET_POWERS];
  for (int b = 0; b < ONSET_WIDE; b++) {
    float sum = 0.0f;
    for (int k = o->wide[b]; k < o->wide[b + 1]; k++) {
      sum += o->magnitude[k] * o->magnitude[k];
    }
    to[b] = sum;
  }
}

static float
power_back(const shed_onset *o, int band, int from, int to)
{
  float sum = 0.0f;
  for (int k = from; k <= to; k++) {
    sum += o->power[(o->looks - 1 - k) % ONSET_POWERS][band];
  }
  return sum / (float)(to - from + 1);
}

// How the wide bands from one on rise together, over what is 50 dB under the recent peak. A fine band of noise jumps by 10 dB
// from look to look; a wide one does not, and so a stroke that lifts it by 3 is told.
static float
mean_rise(const shed_onset *o, float least, int from)
{
  float sum = 0.0f;
  for (int b = from; b < ONSET_WIDE; b++) {
    float db = 10.0f * log10f((power_back(o, b, 0, 1) + least) / (power_back(o, b, 4, 7) + least));
    sum += fminf(fmaxf(db, -BURST_MOST_DB), BURST_MOST_DB);
  }
  return sum / (float)(ONSET_WIDE - from);
}

static float
burst(const shed_onset *o, float scale)
{
  if (o->looks < ONSET_POWERS) {
    return 0.0f;
  }
  float least = 1.0f / (scale * scale);
  return fmaxf(mean_rise(o, least, 0), BURST_TREBLE * mean_rise(o, least, ONSET_WIDE / 2));
}

shed_onset_frame
shed_onset_run(shed_onset *o, const shed_front *front, int64_t centre, const shed_level_frame *level)
{
  shed_onset_frame f     = {0};
  float            peak  = fmaxf(level->level_db + level->under_peak_db, -70.0f);
  float            scale = powf(10.0f, (RANGE_DB - peak) / 20.0f);
  for (int look = 0; look < ONSET_LOOKS; look++) {
    spectrum(o, shed_front_at(front, 0, centre + look * LOOK_APART - ONSET_WINDOW / 2, ONSET_WINDOW));
    float flux = rise_of_bands(o, look, scale);
    f.flux     = flux > f.flux ? flux : f.flux;
    wide_powers(o);
    f.burst_db = look == 0 ? burst(o, scale) : fmaxf(f.burst_db, burst(o, scale));
    if (look == 0) {
      float mkl, hfc;
      shed_aubio_onset_run(o->aubio, o->magnitude, &mkl, &hfc);
      f.mkl = over_mean(mkl, &o->mkl_mean);
      f.hfc = over_mean(hfc, &o->hfc_mean);
    }
  }
  o->next = (o->next + 1) % ONSET_PAST;
  return f;
}

void
shed_onset_sounding(shed_onset *o, float f0_hz)
{
  o->back = 1;
  while (o->back < ONSET_PAST && f0_hz > 0.0f && f0_hz < PULSES_BELOW_HZ &&
         (float)o->back < FRAMES_A_SECOND / f0_hz) {
    o->back++;
  }
}
