// corpus_ear_peer: how hard the ear's corpus is. aubio's yinfft with a window of 4096 hears every item of the reporting half; for
// each group and harm the share of truth-voiced frames within 50 cents is printed, at the time shift that suits it best,
// beside the figure that a corpus of this difficulty gives.
//
//     corpus_ear_peer [-v] [WORD]     only items whose name contains WORD; -v: each item
#include "tests/corpus/ear.h"

#include <aubio/aubio.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WINDOW = 4096, SHIFTS = 7, HOPS_MORE = 12, KINDS = CORPUS_EAR_GROUPS + CORPUS_EAR_HARMS };
static const double CENTS         = 50;
static const double WANTED[KINDS] = {91.8, 97.3, 86.9, 0,    94.1, 93.7, 88.6, 80.7, 61.6,
                                     90.6, 95.9, 93.2, 95.3, 90.4, 0,    0,    0};

typedef struct {
  long   voiced, right[SHIFTS], octave;
  int    items;
  double seconds;
} tally;

// Pitch at each frame; place SHIFTS/2 of out[] is the window's middle at the frame's time.
static void
hear(const corpus_ear_sound *s, float *hz)
{
  aubio_pitch_t *p   = new_aubio_pitch("yinfft", WINDOW, CORPUS_EAR_HOP, CORPUS_EAR_RATE_HZ);
  fvec_t        *in  = new_fvec(CORPUS_EAR_HOP);
  fvec_t        *out = new_fvec(1);
  aubio_pitch_set_unit(p, "Hz");
  aubio_pitch_set_silence(p, -90);
  for (int h = 0; h < s->frames + HOPS_MORE; h++) {
    for (int i = 0; i < CORPUS_EAR_HOP; i++) {
      int at      = h * CORPUS_EAR_HOP + i;
      in->data[i] = at < s->n ? s->x[at] : 0;
    }
    aubio_pitch_do(p, in, out);
    hz[h] = out->data[0];
  }
  del_fvec(in);
  del_fvec(out);
  del_aubio_pitch(p);
}

static void
count(const corpus_ear_sound *s, const float *hz, tally *t)
{
  t->items++;
  t->seconds += (double)s->n / CORPUS_EAR_RATE_HZ;
  for (int f = 0; f < s->frames; f++) {
    if (!(s->f0_hz[f] > 0)) {
      continue;
    }
    t->voiced++;
    for (int k = 0; k < SHIFTS; k++) {
      int    h   = f + k;
      double off = hz[h] > 0 ? 1200 * log2((double)(hz[h] / s->f0_hz[f])) : 1e9;
      t->right[k] += fabs(off) <= CENTS;
      t->octave += k == 3 && fabs(fabs(off) - 1200) <= CENTS;
    }
  }
}

static void
print(const char *name, const tally *t, double wanted)
{
  int best = 0;
  for (int k = 1; k < SHIFTS; k++) {
    best = t->right[k] > t->right[best] ? k : best;
  }
  if (t->voiced > 0) {
    printf("%-44s %4d items %6.0f s  RPA50 %5.1f  shift %+d0 ms  octave %4.1f", name, t->items, t->seconds,
           100.0 * (double)t->right[best] / (double)t->voiced, best - 4,
           100.0 * (double)t->octave / (double)t->voiced);
    printf(wanted > 0 ? "  wanted %.1f\n" : "\n", wanted);
  }
}

int
main(int argc, char **argv)
{
  bool        each       = argc > 1 && strcmp(argv[1], "-v") == 0;
  const char *word       = argc > 1 + each ? argv[1 + each] : "report";
  tally       all[KINDS] = {0};
  double      made_s     = 0;
  for (size_t i = 0; i < corpus_ear_count(); i++) {
    corpus_ear_item  item;
    corpus_ear_sound s   = {0};
    shed_error       err = {0};
    tally            one = {0};
    corpus_ear_at(i, &item);
    if (!strstr(item.name, word)) {
      continue;
    }
    clock_t start = clock();
    if (corpus_ear_make(&item, &s, &err) != SHED_OK) {
      printf("%s: skipped: %s\n", item.name, err.what);
      continue;
    }
    made_s += (double)(clock() - start) / CLOCKS_PER_SEC;
    float *hz = calloc((size_t)s.frames + HOPS_MORE, sizeof(float));
    if (!hz) {
      return 4;
    }
    hear(&s, hz);
    count(&s, hz, &one);
    if (each) {
      print(item.name, &one, 0);
    }
    count(&s, hz, &all[item.harm == CORPUS_EAR_CLEAN ? (int)item.group : CORPUS_EAR_GROUPS + (int)item.harm]);
    free(hz);
    corpus_ear_free(&s);
  }
  for (int k = 0; k < KINDS; k++) {
    print(k < CORPUS_EAR_GROUPS ? CORPUS_EAR_GROUP_NAME[k] : CORPUS_EAR_HARM_NAME[k - CORPUS_EAR_GROUPS],
          &all[k], WANTED[k]);
  }
  printf("made in %.1f s of CPU\n", made_s);
  return 0;
}
