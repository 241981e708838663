// Fits the weights by which the ear chooses a pitch, on generated material alone, and prints engine/dsp/weights.def.
//
//     build/release/tests/accuracy/fit_ear [PHRASES] > weights.def
//
// A soft maximum over a frame's candidates and "no pitch" (its loss sees the rivals), by Adam (Kingma and Ba 2015).
// Progress and the share of right choices, on phrases not fitted to, go to stderr.
#include "engine/base/rng.h"
#include "engine/dsp/emission.h"
#include "tests/accuracy/ear_material.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  NC     = SHED_CAND_FEATURES,
  NF     = SHED_FRAME_FEATURES,
  NZ     = SHED_EMISSION_ZONES,
  NW     = NC * NZ + NF,
  EPOCHS = 14,
  BATCH  = 64
};
static const double LEARN = 0.004, DECAY = 2e-5, HOLD_OUT = 0.15;

typedef struct {
  int   first, n, right; // rows of candidates; right -1: no pitch
  bool  held_out;
  float frame[NF];
} sample;

typedef struct {
  float f_hz;
  float zone[NZ];
  float x[NC];
} row;

static sample           *samples;
static row              *rows;
static int               n_samples, n_rows, cap_samples, cap_rows;
static double            mean[NC + NF], sd[NC + NF];
static double            w[NW], m1[NW], m2[NW], grad[NW];
static const char *const CAND_NAME[] = {
#define SHED_CAND_FEATURE(name) #name,
#include "engine/dsp/features.def"
};
static const char *const FRAME_NAME[] = {
#define SHED_FRAME_FEATURE(name) #name,
#include "engine/dsp/features.def"
};

static void
add_frame(const shed_cand_set *s, float truth_hz, bool held_out)
{
  int   right = -1;
  float near  = 50.0f / 1200.0f;
  for (int i = 0; i < s->n && truth_hz > 0; i++) {
    float off = fabsf(log2f(s->f_hz[i] / truth_hz));
    if (off < near) {
      near  = off;
      right = i;
    }
  }
  if (truth_hz > 0 && right < 0) {
    return;
  }
  if (n_samples == cap_samples) {
    cap_samples = cap_samples * 2 + 1024;
    samples     = realloc(samples, (size_t)cap_samples * sizeof(*samples));
  }
  if (n_rows + SHED_CANDS_MAX > cap_rows) {
    cap_rows = cap_rows * 2 + 4096;
    rows     = realloc(rows, (size_t)cap_rows * sizeof(*rows));
  }
  sample *to = &samples[n_samples++];
  *to        = (sample){.first = n_rows, .n = s->n, .right = right, .held_out = held_out};
  memcpy(to->frame, s->frame, sizeof(to->frame));
  for (int i = 0; i < s->n; i++) {
    row *r  = &rows[n_rows++];
    r->f_hz = s->f_hz[i];
    memcpy(r->x, s->cand[i], sizeof(r->x));
    shed_emission_zones(r->f_hz, r->zone);
  }
}

static void
hear_phrase(const ear_sound *s, bool held_out, int every)
{
  shed_front        *front = NULL;
  shed_cands        *cands = NULL;
  shed_level         level = {.n = 0};
  shed_cand_set      set;
  static const float zeros[SHED_FRONT_PUSH_MAX];
  if (shed_front_new(&front, NULL, EAR_RATE_HZ) != SHED_OK || shed_cands_new(&cands, NULL) != SHED_OK) {
    exit(4);
  }
  int pushed = 0;
  for (int f = 0; f < s->frames; f++) {
    while (pushed < f * EAR_HOP + SHED_CANDS_AHEAD) {
      int left = s->n - pushed, n = left < EAR_HOP ? left : EAR_HOP;
      shed_front_push(front, n > 0 ? s->x + pushed : zeros, n > 0 ? n : EAR_HOP);
      pushed += n > 0 ? n : EAR_HOP;
    }
    shed_level_frame l = shed_level_run(&level, front, (int64_t)f * EAR_HOP);
    shed_cands_run(cands, front, (int64_t)f * EAR_HOP, &l, &set);
    if (s->f0_hz[f] >= 0 && f % every == 0) {
      add_frame(&set, s->f0_hz[f], held_out);
    }
  }
  shed_front_free(front);
  shed_cands_free(cands);
}

static void
standardise(void)
{
  for (int j = 0; j < NC + NF; j++) {
    double sum = 0, squares = 0;
    int    n = j < NC ? n_rows : n_samples;
    for (int i = 0; i < n; i++) {
      double v = (double)(j < NC ? rows[i].x[j] : samples[i].frame[j - NC]);
      sum += v;
      squares += v * v;
    }
    mean[j] = sum / n;
    sd[j]   = sqrt(fmax(squares / n - mean[j] * mean[j], 1e-12));
    if (sd[j] < 1e-5) { // the constant
      mean[j] = 0;
      sd[j]   = 1;
    }
  }
  for (int i = 0; i < n_rows; i++) {
    for (int j = 0; j < NC; j++) {
      double v     = ((double)rows[i].x[j] - mean[j]) / sd[j];
      rows[i].x[j] = (float)fmin(fmax(v, -(double)SHED_EMISSION_CLIP), (double)SHED_EMISSION_CLIP);
    }
  }
  for (int i = 0; i < n_samples; i++) {
    for (int j = 0; j < NF; j++) {
      double v            = ((double)samples[i].frame[j] - mean[NC + j]) / sd[NC + j];
      samples[i].frame[j] = (float)fmin(fmax(v, -(double)SHED_EMISSION_CLIP), (double)SHED_EMISSION_CLIP);
    }
  }
}

// P of each candidate, last that of no pitch.
static void
choose(const sample *s, double *p)
{
  double best = -1e30, sum = 0;
  for (int i = 0; i <= s->n; i++) {
    p[i] = 0;
    if (i < s->n) {
      const row *r = &rows[s->first + i];
      for (int z = 0; z < NZ; z++) {
        double part = 0;
        for (int j = 0; r->zone[z] > 0 && j < NC; j++) {
          part += w[z * NC + j] * (double)r->x[j];
        }
        p[i] += (double)r->zone[z] * part;
      }
    } else {
      for (int j = 0; j < NF; j++) {
        p[i] += w[NC * NZ + j] * (double)s->frame[j];
      }
    }
    best = fmax(best, p[i]);
  }
  for (int i = 0; i <= s->n; i++) {
    p[i] = exp(p[i] - best);
    sum += p[i];
  }
  for (int i = 0; i <= s->n; i++) {
    p[i] /= sum;
  }
}

static void
learn_from(const sample *s)
{
  double p[SHED_CANDS_MAX + 1] = {0};
  choose(s, p);
  for (int i = 0; i <= s->n; i++) {
    double g = p[i] - (i == (s->right < 0 ? s->n : s->right) ? 1 : 0);
    if (i < s->n) {
      const row *r = &rows[s->first + i];
      for (int z = 0; z < NZ; z++) {
        for (int j = 0; r->zone[z] > 0 && j < NC; j++) {
          grad[z * NC + j] += g * (double)r->zone[z] * (double)r->x[j];
        }
      }
    } else {
      for (int j = 0; j < NF; j++) {
        grad[NC * NZ + j] += g * (double)s->frame[j];
      }
    }
  }
}

static void
step(long t, double rate)
{
  for (int j = 0; j < NW; j++) {
    double g = grad[j] / BATCH + DECAY * w[j];
    m1[j]    = 0.9 * m1[j] + 0.1 * g;
    m2[j]    = 0.999 * m2[j] + 0.001 * g * g;
    w[j] -= rate * (m1[j] / (1 - pow(0.9, (double)t))) / (sqrt(m2[j] / (1 - pow(0.999, (double)t))) + 1e-8);
    grad[j] = 0;
  }
}

static void
report(int epoch)
{
  double p[SHED_CANDS_MAX + 1] = {0}, loss = 0;
  long   n = 0, right = 0, voiced = 0, pitch = 0;
  for (int i = 0; i < n_samples; i++) {
    const sample *s = &samples[i];
    if (!s->held_out) {
      continue;
    }
    choose(s, p);
    int best = s->n, best_pitch = 0;
    for (int j = 0; j < s->n; j++) {
      best       = p[j] > p[best] ? j : best;
      best_pitch = p[j] > p[best_pitch] ? j : best_pitch;
    }
    n++;
    right += best == (s->right < 0 ? s->n : s->right);
    voiced += s->right >= 0;
    pitch += s->right >= 0 && best_pitch == s->right;
    loss -= log(p[s->right < 0 ? s->n : s->right] + 1e-12);
  }
  fprintf(stderr, "epoch %d: held out %ld frames: loss %.4f, right %.2f %%, pitch of voiced %.2f %%\n", epoch,
          n, loss / (double)n, 100.0 * (double)right / (double)n, 100.0 * (double)pitch / (double)voiced);
}

static void
print_weights(int phrases)
{
  printf("// Weights of the choice of a pitch: mean and standard deviation of the feature, then its weight "
         "in the zones of\n"
         "// 55, 220, 880 and 3520 Hz. Fitted by tests/accuracy/fit_ear.c on %d generated phrases, and on "
         "nothing else.\n"
         "#ifndef SHED_CAND_WEIGHT\n#define SHED_CAND_WEIGHT(name, mean, sd, a, b, c, d)\n#endif\n"
         "#ifndef SHED_FRAME_WEIGHT\n#define SHED_FRAME_WEIGHT(name, mean, sd, a)\n#endif\n\n",
         phrases);
  for (int j = 0; j < NC; j++) {
    printf("SHED_CAND_WEIGHT(%s, %.5ff, %.5ff, %.4ff, %.4ff, %.4ff, %.4ff)\n", CAND_NAME[j], mean[j], sd[j],
           w[j], w[NC + j], w[2 * NC + j], w[3 * NC + j]);
  }
  printf("\n");
  for (int j = 0; j < NF; j++) {
    printf("SHED_FRAME_WEIGHT(%s, %.5ff, %.5ff, %.4ff)\n", FRAME_NAME[j], mean[NC + j], sd[NC + j],
           w[NC * NZ + j]);
  }
  printf("\n#undef SHED_CAND_WEIGHT\n#undef SHED_FRAME_WEIGHT\n");
}

int
main(int argc, char **argv)
{
  int      phrases = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 220;
  shed_rng r;
  shed_rng_seed(&r, 20, 1);
  for (int i = 0; i < phrases; i++) {
    ear_kind kind = (ear_kind)(i % EAR_KINDS);
    // a third clean, the rest harmed in all ways
    ear_harm  harm = i % 3 == 0 ? EAR_CLEAN : (ear_harm)shed_rng_between(&r, 1, EAR_HARMS - 1);
    double    snr  = 3 + 25 * shed_rng_unit(&r);
    ear_sound s    = ear_make(1000 + (uint64_t)i, kind, harm, snr, 6.0);
    hear_phrase(&s, shed_rng_unit(&r) < HOLD_OUT, 2);
    ear_sound_free(&s);
    if (i % 20 == 19) {
      fprintf(stderr, "%d phrases, %d frames\n", i + 1, n_samples);
    }
  }
  standardise();
  long t = 0;
  for (int epoch = 0; epoch < EPOCHS; epoch++) {
    double rate = LEARN * pow(0.1, 1.5 * epoch / EPOCHS);
    for (int i = 0; i < n_samples; i++) {
      const sample *s = &samples[shed_rng_below(&r, (uint32_t)n_samples)];
      if (!s->held_out) {
        learn_from(s);
        if (i % BATCH == BATCH - 1) {
          step(++t, rate);
        }
      }
    }
    report(epoch);
  }
  print_weights(phrases);
  free(samples);
  free(rows);
  return 0;
}
