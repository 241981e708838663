// Numbers too small to be normal cost a processor a hundred times what others do. What the ear takes for sound that fades
// into them, against noise of ordinary loudness: CPU seconds per second of sound.
#include "engine/base/rng.h"
#include "engine/hear/hear.h"
#include "tests/bench/measure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { RATE_HZ = 48000, SECONDS = 20 };

// What the sound is worth at a time, of full scale: noise times this.
typedef double (*gain_of)(double at_s);

static double
ordinary(double at_s)
{
  (void)at_s;
  return 0.1;
}

static double
silence(double at_s)
{
  (void)at_s;
  return 0.0;
}

static double
denormal(double at_s)
{
  (void)at_s;
  return 1e-40;
}

// Squares of these are denormal.
static double
tiny(double at_s)
{
  (void)at_s;
  return 3e-20;
}

// A tail: by 40 dB a second, through all sizes there are.
static double
tail(double at_s)
{
  return pow(10.0, -2.2 * at_s);
}

static const struct {
  const char *name;
  gain_of     gain;
} SOUNDS[] = {{"ordinary noise", ordinary},
              {"silence", silence},
              {"denormal samples", denormal},
              {"samples of 3e-20", tiny},
              {"a tail to nothing", tail}};

static double
cost_of(gain_of gain)
{
  float     *x = malloc(sizeof(float) * SECONDS * RATE_HZ);
  shed_hear *h = NULL;
  shed_rng   rng;
  double     cost = -1.0;
  shed_rng_seed(&rng, 1, 1);
  if (x && shed_hear_new(&h, &(shed_hear_opts){.rate_hz = RATE_HZ}, NULL) == SHED_OK) {
    for (int i = 0; i < SECONDS * RATE_HZ; i++) {
      x[i] = (float)(gain((double)i / RATE_HZ) * shed_rng_normal(&rng));
    }
    double start = bench_thread_s();
    for (int at = 0; at < SECONDS * RATE_HZ; at += RATE_HZ / 100) {
      shed_event e;
      shed_hear_push(h, x + at, RATE_HZ / 100);
      while (shed_hear_poll(h, &e)) {
      }
    }
    cost = (bench_thread_s() - start) / SECONDS;
  }
  shed_hear_free(h);
  free(x);
  return cost;
}

int
main(void)
{
  double usual = cost_of(ordinary);
  if (!(usual > 0.0)) {
    return 1;
  }
  for (size_t k = 0; k < SHED_COUNTOF(SOUNDS); k++) {
    double cost = cost_of(SOUNDS[k].gain);
    printf("%-20s %.5f s of CPU a second, %.2f times ordinary noise\n", SOUNDS[k].name, cost, cost / usual);
  }
  return 0;
}
