#include "tests/support/ear_sound.h"

#include "engine/base/rng.h"
#include "engine/dsp/pi.h"
#include "tests/support/check.h"

#include <stdlib.h>

enum { PARTIALS = 9 };
static const double NOISE   = 0.0005;
static const double CLAP_S  = 0.012; // falls to 1/e
static const double RISE_S  = 0.015;
static const double TURN_HZ = 5.5; // of a vibrato

typedef enum { DETACHED, SLURRED, VIBRATING, CLAP, REST, KINDS } stroke_kind;

typedef struct {
  stroke_kind kind;
  double      hz, length_s;
} stroke;

static stroke
next_stroke(shed_rng *rng, double last_hz)
{
  stroke s   = {.kind = (stroke_kind)shed_rng_below(rng, KINDS)};
  s.length_s = 0.12 + 0.5 * shed_rng_unit(rng);
  s.hz       = s.kind == SLURRED ? last_hz * exp2((double)shed_rng_between(rng, -5, 5) / 12.0)
                                 : 45.0 * exp2(5.3 * shed_rng_unit(rng));
  s.hz       = fmin(fmax(s.hz, 45.0), 1900.0);
  return s;
}

static double
loudness(const stroke *s, double in_s)
{
  double end = fmin((s->length_s - in_s) / RISE_S, 1.0);
  return s->kind == SLURRED ? end : fmin(fmin(in_s / RISE_S, 1.0), end);
}

float *
ear_sound(int rate_hz, size_t n, uint64_t seed)
{
  float   *x = malloc((n > 0 ? n : 1) * sizeof(float));
  shed_rng rng;
  stroke   s     = {.kind = REST, .hz = 220.0, .length_s = 0.1};
  double   in_s  = 0.0;
  double   phase = 0.0;
  assert_non_null(x);
  shed_rng_seed(&rng, seed, 17);
  for (size_t i = 0; i < n; i++) {
    in_s += 1.0 / rate_hz;
    if (in_s >= s.length_s) {
      s    = next_stroke(&rng, s.hz);
      in_s = 0.0;
    }
    double y = NOISE * shed_rng_normal(&rng);
    if (s.kind == CLAP) {
      y += 0.4 * exp(-in_s / CLAP_S) * shed_rng_normal(&rng);
    } else if (s.kind != REST) {
      double swing = s.kind == VIBRATING ? 40.0 * sin(2.0 * SHED_PI * TURN_HZ * in_s) : 0.0;
      double hz    = s.hz * exp2(swing / 1200.0);
      phase += 2.0 * SHED_PI * hz / rate_hz;
      for (int k = 1; k <= PARTIALS && k * hz < 0.45 * rate_hz; k++) {
        y += 0.15 * loudness(&s, in_s) * sin(k * phase) / k;
      }
    }
    x[i] = (float)y;
  }
  return x;
}
