// Finds the costs of the path of notes and prints engine/dsp/notes_costs.def. Not run by any test.
//
//     build/release/tests/accuracy/fit_notes [ROUNDS [SEED]] > engine/dsp/notes_costs.def
//
// Hears ../shared/data/ssvd-dev (or WOODSHED_DATA) and made tunes on FluidSynth's instruments once, keeps the frames, and
// climbs: up to three costs change a little at a time, and what is not better is taken back. Better is the sum of the
// F-measures of onsets (50 ms) and notes (50 ms, half a semitone), real and sampled.
#include "engine/base/rng.h"
#include "engine/dsp/notes_internal.h"
#include "engine/dsp/onset.h"
#include "engine/dsp/resample.h"
#include "engine/dsp/tracker.h"
#include "tests/corpus/degrade.h"
#include "tests/corpus/perform.h"

#include <dirent.h>
#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  RATE_HZ   = 44100,
  HOP       = 441,
  ITEMS_MAX = 128,
  COSTS     = sizeof(notes_costs) / sizeof(float),
  TUNE_SEED = 31
};

typedef struct {
  double onset_s, offset_s, midi;
} label;

typedef struct {
  shed_notes_in *in;
  int            n;
  label         *labels;
  int            n_labels;
  double         tuning; // the labels' own, semitones
} item;

typedef struct {
  long labels, onsets, onset_hits, notes, note_hits;
} count;

static const char *const NAME[COSTS] = {
#define SHED_NOTES_COST(name, value) #name,
#include "engine/dsp/notes_costs.def"
};
static item items[ITEMS_MAX];
static int  n_items, n_real;

static void
must(shed_status st, const char *what)
{
  if (st != SHED_OK) {
    fprintf(stderr, "%s: %s\n", what, shed_status_text(st));
    exit(4);
  }
}

// The frames that engine/hear would push, of sound at 44.1 kHz.
static void
hear(const float *x, int n, item *to)
{
  shed_front        *front = NULL;
  shed_tracker      *pitch = NULL;
  shed_onset        *onset = NULL;
  shed_level         level = {.n = 0};
  shed_level_frame   looks[SHED_TRACKER_LAG + 1];
  shed_onset_frame   rises[SHED_TRACKER_LAG + 1];
  static const float silence[HOP];
  int                pushed = 0;
  must(shed_front_new(&front, NULL, RATE_HZ), "front");
  must(shed_tracker_new(&pitch, NULL), "pitch");
  must(shed_onset_new(&onset, NULL), "onset");
  to->in = calloc((size_t)(n / HOP) + 1, sizeof(*to->in));
  for (int f = 0; f - SHED_TRACKER_LAG < n / HOP; f++) {
    shed_tracker_point now, settled;
    int                slot = f % (SHED_TRACKER_LAG + 1);
    while (pushed < f * HOP + SHED_CANDS_AHEAD) {
      bool more = n - pushed >= HOP;
      shed_front_push(front, more ? x + pushed : silence, HOP);
      pushed += HOP;
    }
    looks[slot] = shed_level_run(&level, front, (int64_t)f * HOP);
    rises[slot] = shed_onset_run(onset, front, (int64_t)f * HOP, &looks[slot]);
    if (shed_tracker_run(pitch, front, (int64_t)f * HOP, &looks[slot], &now, &settled) == 1) {
      int old         = (f - SHED_TRACKER_LAG) % (SHED_TRACKER_LAG + 1);
      to->in[to->n++] = (shed_notes_in){settled.f0_hz,       settled.confidence,       settled.voiced,
                                        looks[old].level_db, looks[old].over_floor_db, looks[old].rise_db,
                                        rises[old].flux,     rises[old].mkl,           rises[old].hfc};
    }
  }
  shed_front_free(front);
  shed_tracker_free(pitch);
  shed_onset_free(onset);
}

static double
midi_of(double f0_hz)
{
  return f0_hz > 0 ? 69 + 12 * log2(f0_hz / 440) : 0;
}

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void
find_tuning(item *it)
{
  double *off = calloc((size_t)it->n + 1, sizeof(*off));
  int     m   = 0;
  for (int i = 0; i < it->n_labels; i++) {
    for (int f = (int)(it->labels[i].onset_s * 100) + 5; f < it->labels[i].offset_s * 100 - 5 && f < it->n;
         f++) {
      double d = midi_of((double)it->in[f].f0_hz) - it->labels[i].midi;
      if (fabs(d) < 1.6) {
        off[m++] = d;
      }
    }
  }
  qsort(off, (size_t)m, sizeof(*off), by_value);
  it->tuning = m > 0 ? off[m / 2] : 0;
  free(off);
}

static void
add_real(const char *dir, const char *id)
{
  char    path[900];
  item   *it   = &items[n_items];
  SF_INFO info = {0};
  snprintf(path, sizeof(path), "%s/%s.flac", dir, id);
  SNDFILE *f = sf_open(path, SFM_READ, &info);
  if (!f || info.samplerate != RATE_HZ || n_items == ITEMS_MAX) {
    fprintf(stderr, "%s is left out\n", path);
    sf_close(f);
    return;
  }
  float *x = malloc((size_t)(info.frames * info.channels) * sizeof(float));
  int    n = (int)sf_readf_float(f, x, info.frames);
  for (int i = 0; i < n; i++) {
    x[i] = x[i * info.channels];
  }
  sf_close(f);
  snprintf(path, sizeof(path), "%s/%s.notes.txt", dir, id);
  FILE *notes = fopen(path, "r");
  it->labels  = calloc(1024, sizeof(label));
  char line[128];
  while (notes && it->n_labels < 1024 && fgets(line, sizeof(line), notes)) {
    label *l    = &it->labels[it->n_labels];
    char  *at   = line;
    l->onset_s  = strtod(at, &at);
    l->offset_s = strtod(at, &at);
    char *last  = at;
    l->midi     = strtod(at, &at);
    it->n_labels += at != last;
  }
  if (notes) {
    fclose(notes);
  }
  hear(x, n, it);
  find_tuning(it);
  free(x);
  n_items++;
}

static void
add_sampled(const corpus_instrument *who, uint64_t seed, bool exact)
{
  static corpus_performance p;
  item                     *it    = &items[n_items++];
  corpus_human              human = corpus_human_usual();
  corpus_tune               tune  = corpus_tune_random(seed, 32, who->low, who->high);
  shed_sound                s     = {.n = 0};
  if (who->program < 0) {
    must(corpus_tune_find("clap_simple", &tune), "clap_simple");
  }
  must(corpus_perform(&tune, 60 + 2 * (double)seed, 0.5, &human, NULL, 0, seed, &p, NULL), who->id);
  must(exact || who->program < 0 ? corpus_render_exact(&p, who, RATE_HZ, seed, NULL, &s)
                                 : corpus_render(&p, who, RATE_HZ, NULL, &s, NULL),
       who->id);
  if (seed % 2 == 1) {
    corpus_add_noise(&s, CORPUS_PINK, 20, seed);
  }
  it->labels = calloc(p.n, sizeof(label));
  for (size_t i = 0; i < p.n; i++) {
    it->labels[it->n_labels++] = (label){p.played[i].onset_s, p.played[i].onset_s + p.played[i].duration_s,
                                         p.played[i].midi + p.played[i].cents / 100};
  }
  hear(s.x, (int)s.n, it);
  shed_sound_free(&s);
}

static void
match(const item *it, const double *onsets, int n_onsets, const shed_notes_out *notes, int n_notes, count *c)
{
  int j = 0, k = 0;
  for (int i = 0; i < it->n_labels; i++) {
    const label *l = &it->labels[i];
    while (j < n_onsets && onsets[j] < l->onset_s - 0.05) {
      j++;
    }
    if (j < n_onsets && onsets[j] <= l->onset_s + 0.05) {
      c->onset_hits++;
      j++;
    }
    for (int m = k; m < n_notes && (double)notes[m].onset_s <= l->onset_s + 0.05; m++) {
      double off = notes[m].midi + (double)notes[m].cents / 100 - it->tuning - l->midi;
      if ((double)notes[m].onset_s >= l->onset_s - 0.05 && fabs(off) <= 0.5) {
        c->note_hits++;
        k = m + 1;
        break;
      }
    }
  }
  c->labels += it->n_labels;
  c->onsets += n_onsets;
  c->notes += n_notes;
}

static void
try_item(const item *it, const notes_costs *costs, count *c)
{
  enum { EVENTS = 4096 };
  static double         onsets[EVENTS];
  static shed_notes_out notes[EVENTS];
  int                   n_onsets = 0, n_notes = 0;
  shed_notes           *n = NULL;
  shed_notes_out        e;
  must(shed_notes_new(&n, NULL), "notes");
  n->costs = *costs;
  for (int f = 0; f <= it->n; f++) {
    if (f < it->n) {
      shed_notes_push(n, &it->in[f]);
    } else {
      shed_notes_finish(n);
    }
    while (shed_notes_poll(n, &e)) {
      if (e.kind == SHED_NOTES_ONSET && n_onsets < EVENTS) {
        onsets[n_onsets++] = (double)e.onset_s;
      } else if (e.kind == SHED_NOTES_NOTE && e.midi >= 0 && n_notes < EVENTS) {
        notes[n_notes++] = e;
      }
    }
  }
  shed_notes_free(n);
  match(it, onsets, n_onsets, notes, n_notes, c);
}

static double
f_measure(long hits, long a, long b)
{
  return a + b > 0 ? 2 * (double)hits / (double)(a + b) : 0;
}

static double
score(const notes_costs *costs, bool tell)
{
  count  c[2] = {{0}, {0}};
  double sum  = 0;
  for (int i = 0; i < n_items; i++) {
    try_item(&items[i], costs, &c[i < n_real ? 0 : 1]);
  }
  for (int k = 0; k < 2; k++) {
    double onsets = f_measure(c[k].onset_hits, c[k].onsets, c[k].labels);
    double notes  = f_measure(c[k].note_hits, c[k].notes, c[k].labels);
    sum += onsets + notes;
    if (tell) {
      fprintf(stderr, "%s onset F50 %.4f note F %.4f  ", k == 0 ? "real" : "sampled", onsets, notes);
    }
  }
  if (tell) {
    fprintf(stderr, "\n");
  }
  return sum;
}

static void
gather(void)
{
  const char    *data = getenv("WOODSHED_DATA");
  char           dir[512];
  struct dirent *e;
  snprintf(dir, sizeof(dir), "%s/ssvd-dev", data ? data : SHED_SOURCE_DIR "/../shared/data");
  DIR *d = opendir(dir);
  while (d && (e = readdir(d))) {
    char *dot = strstr(e->d_name, ".flac");
    if (dot) {
      *dot = '\0';
      add_real(dir, e->d_name);
    }
  }
  if (d) {
    closedir(d);
  }
  n_real = n_items;
  for (size_t i = 0; i < corpus_instrument_count(); i++) {
    add_sampled(corpus_instrument_at(i), TUNE_SEED + i, false);
    if (corpus_instrument_at(i)->sung) {
      add_sampled(corpus_instrument_at(i), TUNE_SEED + i, true);
    }
  }
}

int
main(int argc, char **argv)
{
  int         rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 300;
  notes_costs best   = {
#define SHED_NOTES_COST(name, value) .name = value,
#include "engine/dsp/notes_costs.def"
  };
  shed_rng rng;
  shed_rng_seed(&rng, argc > 2 ? strtoull(argv[2], NULL, 10) : 1, 6);
  gather();
  double best_score = score(&best, true);
  for (int r = 0; r < rounds; r++) {
    notes_costs next = best;
    for (int i = shed_rng_between(&rng, 1, 3); i > 0; i--) {
      ((float *)&next)[shed_rng_below(&rng, COSTS)] *= (float)exp(0.35 * (2 * shed_rng_unit(&rng) - 1));
    }
    // an attack that costs no more than a swinging stable note would never end
    if (next.attack_cost < 1.0f || next.stable_sd < 0.35f) {
      continue;
    }
    double now = score(&next, false);
    if (now > best_score) {
      best_score = now;
      best       = next;
      fprintf(stderr, "round %d: ", r);
      score(&best, true);
    }
  }
  for (int i = 0; i < (int)COSTS; i++) {
    printf("SHED_NOTES_COST(%s, %.3ff)\n", NAME[i], (double)((const float *)&best)[i]);
  }
  return 0;
}
