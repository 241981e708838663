// About this file: what a beginner's sound has besides the notes: squeaks and breaths.
#include "engine/base/rng.h"
#include "tests/corpus/degrade.h"
#include "tests/corpus/perform.h"

#include <math.h>

static const double PI             = 3.14159265;
static const double BREATH_LEAST_S = .08; // a gap that a breath fits into
static const double BREATH_MOST_S  = .3;

shed_status
corpus_add_squeaks(const corpus_performance *p, double share, uint64_t seed, shed_sound *s)
{
  corpus_tone tones[CORPUS_MISTAKES_MAX];
  size_t      n = 0;
  shed_rng    rng;
  shed_rng_seed(&rng, seed, 0x59ea4u);
  for (size_t i = 0; i < p->n && n < SHED_COUNTOF(tones); i++) {
    if (p->played[i].index >= 0 && shed_rng_unit(&rng) < share) {
      tones[n++] = (corpus_tone){.timbre     = CORPUS_FLUTE,
                                 .onset_s    = fmax(0, p->played[i].onset_s - .01),
                                 .duration_s = .04 + .04 * shed_rng_unit(&rng),
                                 .midi       = p->played[i].midi + (shed_rng_below(&rng, 2) ? 12 : 19),
                                 .level_db   = corpus_level_db(s) - 6,
                                 .breath_db  = -12};
    }
  }
  return n ? corpus_synth_add(tones, n, seed, s) : SHED_OK;
}

void
corpus_add_breaths(const corpus_performance *p, double share, uint64_t seed, shed_sound *s)
{
  shed_rng rng;
  double   gain = pow(10, (corpus_level_db(s) - 24) / 20);
  shed_rng_seed(&rng, seed, 0xb4ea7u);
  for (size_t i = 0; i + 1 < p->n; i++) {
    double from = p->played[i].onset_s + p->played[i].duration_s;
    double gap  = p->played[i + 1].onset_s - from;
    if (gap < BREATH_LEAST_S || shed_rng_unit(&rng) >= share) {
      continue;
    }
    size_t at = (size_t)(from * s->rate_hz), n = (size_t)(fmin(gap, BREATH_MOST_S) * s->rate_hz);
    double last = 0;
    for (size_t k = 0; k < n && at + k < s->n; k++) {
      double white = shed_rng_normal(&rng);
      s->x[at + k] += (float)(gain * (white - last) * .7 * sin(PI * (double)k / (double)n));
      last = white;
    }
  }
}
