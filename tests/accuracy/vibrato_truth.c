#include "tests/accuracy/vibrato_truth.h"

#include <math.h>

static const double PI             = 3.14159265358979323846;
static const double HOP_S          = 0.010;
static const double LEAST_S        = 0.400;
static const double EDGE_S         = 0.050; // a scoop at the beginning, a fall at the end
static const double SWING_CENTS    = 10;
static const double STRAIGHT_CENTS = 4;
static const double LOW_HZ = 3.5, STEP_HZ = 0.05;

enum { STEPS = 101 }; // to 8.5 Hz

void
vibrato_in(const float *f0_hz, int n, double *rate_hz, double *cents)
{
  double mean = 0, slope = 0, tt = 0, middle = (n - 1) / 2.0;
  *cents = *rate_hz = 0;
  for (int i = 0; i < n; i++) {
    mean += 1200 * log2((double)f0_hz[i]) / n;
  }
  for (int i = 0; i < n; i++) {
    slope += (i - middle) * (1200 * log2((double)f0_hz[i]) - mean);
    tt += (i - middle) * (i - middle);
  }
  slope = tt > 0 ? slope / tt : 0;
  for (int k = 0; k < STEPS; k++) {
    double hz = LOW_HZ + k * STEP_HZ, re = 0, im = 0;
    for (int i = 0; i < n; i++) {
      double y = 1200 * log2((double)f0_hz[i]) - mean - slope * (i - middle);
      re += y * cos(2 * PI * hz * i * HOP_S);
      im += y * sin(2 * PI * hz * i * HOP_S);
    }
    double swing = 2 * sqrt(re * re + im * im) / n;
    if (swing > *cents) {
      *cents   = swing;
      *rate_hz = hz;
    }
  }
}

void
vibrato_counts(const float *f0_hz, int frames, const match_note *truth, int n, const match_note *found,
               const int *of, vibrato_count *to)
{
  for (int i = 0; i < n; i++) {
    int    from = (int)ceil((truth[i].onset_s + EDGE_S) / HOP_S), end = from;
    double last = truth[i].offset_s - EDGE_S;
    while (end < frames && end * HOP_S <= last && f0_hz[end] > 0) {
      end++;
    }
    if (of[i] < 0 || truth[i].midi < 0 || (end - from) * HOP_S < LEAST_S - 2 * EDGE_S) {
      continue;
    }
    double            hz, cents;
    const match_note *f = &found[of[i]];
    vibrato_in(f0_hz + from, end - from, &hz, &cents);
    if (cents >= SWING_CENTS) {
      to->swinging++;
      if (f->vibrato_hz > 0) {
        to->told++;
        numbers_add(&to->rate_error_hz, f->vibrato_hz - hz);
        numbers_add(&to->extent_error_cents, f->vibrato_cents - cents);
      }
    } else if (cents < STRAIGHT_CENTS) {
      to->straight++;
      to->false_told += f->vibrato_hz > 0;
    }
  }
}
