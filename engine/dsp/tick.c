#include "engine/dsp/tick.h"

#include "engine/dsp/pi.h"
#include "engine/dsp/tick_internal.h"

#include <math.h>

static const double RATE_HZ = 44100.0;
// Bands that are learned each for itself: from 60 Hz on, a third of an octave each.
static const double BAND_LOW_HZ      = 60.0;
static const double BANDS_PER_OCTAVE = 3.0;
// Sound is compared through a zero here: what clicks is above, what is played below.
static const double WHITEN_ZERO = 0.9;
static const double SOUNDING    = 0.9; // of the period at most
enum { FADE_IN = 44, FADE_OUT = 3072, COMPARED = 2646, COMPARED_FADE = 882 };

static void
make_tables(shed_tick *t)
{
  // one waveform ends before the next begins
  int length = t->opts.period < TICK_SEG / SOUNDING ? (int)(SOUNDING * t->opts.period) : TICK_SEG;
  for (int k = 0; k < TICK_BINS; k++) {
    double hz     = k * RATE_HZ / TICK_SEG;
    int    band   = hz <= BAND_LOW_HZ ? 0 : (int)(BANDS_PER_OCTAVE * log2(hz / BAND_LOW_HZ));
    t->band_of[k] = band < TICK_BANDS ? band : TICK_BANDS - 1;
    double w      = 2.0 * SHED_PI * k / TICK_SEG;
    double power  = 1.0 - 2.0 * WHITEN_ZERO * cos(w) + WHITEN_ZERO * WHITEN_ZERO;
    t->whiten[k]  = (float)power;
  }
  for (int i = 0; i < TICK_SEG; i++) {
    double in   = i < FADE_IN ? 0.5 - 0.5 * cos(SHED_PI * (i + 0.5) / FADE_IN) : 1.0;
    int    end  = length - i;
    double out  = end <= 0 ? 0.0 : end <= FADE_OUT ? 0.5 - 0.5 * cos(SHED_PI * (end - 0.5) / FADE_OUT) : 1.0;
    t->taper[i] = (float)(in * out);
    double rest = (COMPARED - i) / (double)COMPARED_FADE;
    t->taper_short[i] = rest > 0.0 ? (float)(in * fmin(rest, 1.0)) : 0.0f;
    t->taper_power += t->taper_short[i] * t->taper_short[i] * 0.5f * TICK_SEG;
  }
}

shed_status
shed_tick_new(shed_tick **out, const shed_alloc *alloc, const shed_tick_opts *opts)
{
  if (!(opts->period >= SHED_TICK_PERIOD_MIN && opts->period < 1e7) ||
      !(opts->late >= 0 && opts->late <= SHED_TICK_LATE_MAX) || !(fabs(opts->first) < 1e13)) {
    return SHED_E_RANGE;
  }
  shed_tick *t = shed_calloc(alloc, 1, sizeof(*t));
  if (!t) {
    return SHED_E_NOMEM;
  }
  t->alloc       = alloc;
  t->opts        = *opts;
  shed_status st = shed_fft_new(&t->fft, alloc, TICK_SEG);
  if (st != SHED_OK) {
    shed_tick_free(t);
    return st;
  }
  // a click may be as late as the next one is due, hardly: it would be told from none
  t->opts.late   = fmin(t->opts.late, 0.8 * t->opts.period);
  t->span_length = TICK_BEFORE + (int)t->opts.late + TICK_SEG;
  t->first_click = (int64_t)ceil(-t->opts.first / t->opts.period);
  t->next_span   = t->first_click;
  t->next_play   = t->first_click;
  t->next_judge  = t->first_click;
  t->play_at     = -TICK_SEG;
  t->left        = 1.0f;
  make_tables(t);
  *out = t;
  return SHED_OK;
}

void
shed_tick_free(shed_tick *t)
{
  if (!t) {
    return;
  }
  shed_fft_free(t->fft);
  shed_free(t->alloc, t);
}
