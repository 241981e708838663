// make_sound: writes awkward sound files for the end-to-end tests.
//   make_sound FILE KIND SECONDS RATE CHANNELS      KIND: silence, noise, tone, nan (float WAV; others 16-bit)
#include "engine/base/rng.h"
#include "engine/base/str.h"

#include <sndfile.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 4096, MOST_CHANNELS = 32 };

static float
sample(const char *kind, shed_rng *rng, long long at, int rate_hz)
{
  const double pi = 3.14159265358979323846;
  if (strcmp(kind, "noise") == 0) {
    return (float)(0.1 * shed_rng_normal(rng));
  }
  if (strcmp(kind, "tone") == 0) {
    double t = (double)at / rate_hz;
    return (float)(0.2 * sin(2 * pi * 440 * t) + 0.1 * sin(2 * pi * 880 * t) + 0.05 * sin(2 * pi * 1320 * t));
  }
  if (strcmp(kind, "nan") == 0 && at % 3 == 0) {
    return NAN;
  }
  return 0;
}

int
main(int argc, char **argv)
{
  static float block[BLOCK * MOST_CHANNELS];
  double       seconds;
  long long    rate;
  long long    channels;
  shed_rng     rng;
  if (argc != 6 || !shed_parse_double(argv[3], 0, 20000, &seconds) ||
      !shed_parse_int(argv[4], 1000, 400000, &rate) ||
      !shed_parse_int(argv[5], 1, MOST_CHANNELS, &channels)) {
    (void)fprintf(stderr, "usage: make_sound FILE silence|noise|tone|nan SECONDS RATE CHANNELS\n");
    return 2;
  }
  bool     nan_file = strcmp(argv[2], "nan") == 0;
  SF_INFO  info     = {.samplerate = (int)rate,
                       .channels   = (int)channels,
                       .format     = SF_FORMAT_WAV | (nan_file ? SF_FORMAT_FLOAT : SF_FORMAT_PCM_16)};
  SNDFILE *file     = sf_open(argv[1], SFM_WRITE, &info);
  if (!file) {
    (void)fprintf(stderr, "make_sound: %s: %s\n", argv[1], sf_strerror(NULL));
    return 4;
  }
  shed_rng_seed(&rng, 7, 7);
  long long all = (long long)(seconds * (double)rate);
  for (long long at = 0; at < all; at += BLOCK) {
    long long n = all - at < BLOCK ? all - at : BLOCK;
    for (long long i = 0; i < n; i++) {
      // only the last channel has the sound at full level; the others hear it far off
      float x = sample(argv[2], &rng, at + i, (int)rate);
      for (long long c = 0; c < channels; c++) {
        block[i * channels + c] = c == channels - 1 ? x : 0.1F * x;
      }
    }
    if (sf_writef_float(file, block, n) != n) {
      (void)sf_close(file);
      return 4;
    }
  }
  return sf_close(file) ? 4 : 0;
}
