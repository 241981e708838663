// About this file: by how much later than it was given the accompaniment is heard, and whether it is heard at all.
#include "engine/dsp/echo_internal.h"

#include <math.h>
#include <stdlib.h>

enum {
  LOOKS       = 2, // so many in a row must say the same,
  SAME        = 2, // to so many samples
  NEIGHBOURS  = 512,
  PEAK        = 12,
  RATIO_PIECE = 512 // samples
};
static const float KEEP  = 0.95f; // of what the looks before have shown: a look each 93 ms
static const float QUIET = 1e-7f; // -70 dBFS: the given sound is silent
// The likeliest delay over the others: heard it is 20 to 80, by chance 6 at most.
static const float STANDS = 12.0f;
static const float PLAIN  = 0.05f; // of the loudest piece's power
// Of what is heard in a piece: the rest is what the room still holds of those before.
static const float DIRECT = 0.4f;

static void
load(echo_find *f, const float *ring)
{
  float *time = shed_fft_time(f->fft);
  for (int i = 0; i < ECHO_FIND_FFT; i++) {
    time[i] = f->taper[i] * ring[(f->n + i) % ECHO_FIND_FFT];
  }
  shed_fft_forward(f->fft);
}

static void
add_look(echo_find *f)
{
  load(f, f->given);
  const float *bins = shed_fft_bins(f->fft);
  for (int k = 0; k < 2 * ECHO_FIND_BINS; k++) {
    f->given_bins[k] = bins[k];
  }
  load(f, f->mic);
  for (int k = 0; k < ECHO_FIND_BINS; k++) {
    float mr = bins[2 * k], mi = bins[2 * k + 1], gr = f->given_bins[2 * k], gi = f->given_bins[2 * k + 1];
    f->cross[2 * k]     = KEEP * f->cross[2 * k] + mr * gr + mi * gi;
    f->cross[2 * k + 1] = KEEP * f->cross[2 * k + 1] + mi * gr - mr * gi;
    f->power_mic[k]     = KEEP * f->power_mic[k] + mr * mr + mi * mi;
    f->power_given[k]   = KEEP * f->power_given[k] + gr * gr + gi * gi;
  }
}

// Root mean square of lags up to @p reach to both sides, without the @p without nearest.
static float
scatter(const float *time, int lag, int reach, int without)
{
  double sum = 0.0;
  for (int i = -reach; i < reach; i++) {
    float v = time[(lag + i + ECHO_FIND_FFT) % ECHO_FIND_FFT];
    sum += i < -without || i > without ? (double)(v * v) : 0.0;
  }
  return sqrtf((float)(sum / (2 * (reach - without))));
}

// The lag at which both are most alike. *over: how far it stands out of all, and of those around it: two short noises in
// silence are alike nowhere else.
static int
likeliest(echo_find *f, float *over)
{
  float *bins = shed_fft_bins(f->fft);
  for (int k = 0; k < ECHO_FIND_BINS; k++) {
    float by        = 1.0f / (sqrtf(f->power_mic[k] * f->power_given[k]) + 1e-12f);
    bins[2 * k]     = by * f->cross[2 * k];
    bins[2 * k + 1] = by * f->cross[2 * k + 1];
  }
  shed_fft_inverse(f->fft);
  const float *time = shed_fft_time(f->fft);
  int          best = 0;
  for (int i = 1; i <= f->lag_most; i++) {
    best = time[i] > time[best] ? i : best;
  }
  *over = time[best] /
          (fmaxf(scatter(time, 0, ECHO_FIND_FFT / 2, 0), scatter(time, best, NEIGHBOURS, PEAK)) + 1e-12f);
  return best;
}

static float
step_power(const float *ring, int64_t sample)
{
  float step = ring[sample % ECHO_FIND_FFT] - ring[(sample - 1) % ECHO_FIND_FFT];
  return step * step;
}

typedef struct {
  float mic, given;
} piece;

// Power of the one, where it is heard, over that of the other; of their differences, since a loudspeaker has no bass. Over
// the pieces in which the accompaniment is plain, the quarter with the least: there the player is not, or hardly.
static float
ratio_of(const echo_find *f)
{
  piece   pieces[ECHO_FIND_FFT / RATIO_PIECE];
  int     n      = 0;
  float   most   = 0.0f;
  int64_t oldest = f->n > ECHO_FIND_FFT ? f->n - ECHO_FIND_FFT : 0;
  for (int64_t i = oldest + f->lag + 1; i + RATIO_PIECE <= f->n; i += RATIO_PIECE, n++) {
    pieces[n] = (piece){0.0f, 1e-12f};
    for (int64_t k = i; k < i + RATIO_PIECE; k++) {
      pieces[n].mic += step_power(f->mic, k);
      pieces[n].given += step_power(f->given, k - f->lag);
    }
    most = pieces[n].given > most ? pieces[n].given : most;
  }
  float ratio[ECHO_FIND_FFT / RATIO_PIECE];
  int   m = 0;
  for (int i = 0; i < n; i++) {
    if (pieces[i].given >= PLAIN * most) {
      float r  = pieces[i].mic / pieces[i].given;
      int   at = m++;
      for (; at > 0 && ratio[at - 1] > r; at--) {
        ratio[at] = ratio[at - 1];
      }
      ratio[at] = r;
    }
  }
  return m > 0 ? DIRECT * ratio[m / 4] : 0.0f;
}

static bool
look(echo_find *f)
{
  double power = 0;
  float  over;
  for (int i = 0; i < ECHO_FIND_FFT; i++) {
    power += (double)(f->given[i] * f->given[i]);
  }
  if (power < (double)(QUIET * ECHO_FIND_FFT)) {
    return false;
  }
  add_look(f);
  int  lag = likeliest(f, &over);
  bool on  = over > STANDS && abs(lag - f->lag) <= SAME;
  f->again = on ? f->again + 1 : over > STANDS;
  f->lag   = lag;
  return f->again >= LOOKS;
}

bool
echo_find_run(echo_find *f, const float *mic, const float *given, int *delay, float *ratio)
{
  bool found = false;
  for (int i = 0; i < SHED_ECHO_BLOCK; i++) {
    f->sum_mic += mic[i];
    f->sum_given += given[i];
    if (++f->sum_n < ECHO_DOWN) {
      continue;
    }
    f->mic[f->n % ECHO_FIND_FFT]   = f->sum_mic / ECHO_DOWN;
    f->given[f->n % ECHO_FIND_FFT] = f->sum_given / ECHO_DOWN;
    f->sum_mic = f->sum_given = 0.0f;
    f->sum_n                  = 0;
    f->n++;
    if (f->n % ECHO_FIND_STEP == 0 && look(f)) {
      found  = true;
      *delay = f->lag * ECHO_DOWN;
      *ratio = ratio_of(f);
    }
  }
  return found;
}
