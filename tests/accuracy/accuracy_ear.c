// How well the ear hears, against known truth and against aubio in the same run.
//
// 1. exact tones: cents. 2. generated phrases (other seeds than the weights were fitted on): right pitch by kind of sound,
// by register, by what was done to the sound. 3. real singing, ../shared/data/ssvd-dev: frames, onsets, notes. 4. cost.
#include "engine/base/rng.h"
#include "engine/hear/hear.h"
#include "tests/accuracy/ear_material.h"
#include "tests/corpus/degrade.h"
#include "tests/corpus/perform.h"

#include <aubio/aubio.h>
#include <dirent.h>
#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PEERS = 3, REGISTERS = 7, SEED = 500000 };
static const char *const PEER_NAME[PEERS]         = {"woodshed", "yinfft 4096", "yinfast 2048"};
static const double      REGISTER_HZ[REGISTERS]   = {62, 110, 220, 523, 1047, 2094, 20000};
static const char *const REGISTER_NAME[REGISTERS] = {"to 62 Hz", "to 110",  "to 220", "to 523",
                                                     "to 1047",  "to 2094", "above"};
static double            cpu_s[PEERS], heard_s;

typedef struct {
  long voiced, rpa50, rpa10, octave, called, silent, false_voice, off[2];
} tally;

typedef struct {
  float *f0_hz;
  bool  *voiced;
  int    n;
} track;

static double
now_cpu(void)
{
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static track
new_track(int n)
{
  return (track){calloc((size_t)n + 1, sizeof(float)), calloc((size_t)n + 1, sizeof(bool)), n};
}

static void
free_track(track *t)
{
  free(t->f0_hz);
  free(t->voiced);
}

static void
hear(const float *x, int n, int rate_hz, shed_take *take)
{
  double     start = now_cpu();
  shed_error err   = {.status = SHED_OK};
  if (shed_hear_take(x, (size_t)n, rate_hz, NULL, NULL, NULL, take, &err) != SHED_OK) {
    fprintf(stderr, "cannot hear: %s\n", err.what);
    exit(4);
  }
  cpu_s[0] += now_cpu() - start;
}

static track
track_of(const shed_take *take, int frames)
{
  track t = new_track(frames);
  for (int f = 0; f < frames && (size_t)f < take->n_frames; f++) {
    t.f0_hz[f]  = take->frames[f].f0_hz;
    t.voiced[f] = take->frames[f].voiced;
  }
  return t;
}

// aubio at a hop of 10 ms, its window's middle at the frame's time.
static track
track_by_aubio(int peer, const float *x, int n, int frames)
{
  uint_t         window = peer == 1 ? 4096 : 2048;
  aubio_pitch_t *p      = new_aubio_pitch(peer == 1 ? "yinfft" : "yinfast", window, EAR_HOP, EAR_RATE_HZ);
  fvec_t        *in = new_fvec(EAR_HOP), *out = new_fvec(1);
  track          t     = new_track(frames);
  double         start = now_cpu();
  aubio_pitch_set_unit(p, "Hz");
  aubio_pitch_set_silence(p, -70);
  for (int hop = 0; hop < frames + 5; hop++) {
    for (int i = 0; i < EAR_HOP; i++) {
      int at      = hop * EAR_HOP + i;
      in->data[i] = at < n ? x[at] : 0;
    }
    aubio_pitch_do(p, in, out);
    int f = (int)lrint(((hop + 1) * EAR_HOP - 0.5 * window) / EAR_HOP);
    if (f >= 0 && f < frames) {
      t.f0_hz[f]  = out->data[0];
      t.voiced[f] = out->data[0] > 0 && aubio_pitch_get_confidence(p) > (peer == 1 ? 0.7f : 0.5f);
    }
  }
  cpu_s[peer] += now_cpu() - start;
  del_fvec(in);
  del_fvec(out);
  del_aubio_pitch(p);
  return t;
}

static void
count(tally *a, float truth, float f0, bool voiced)
{
  if (truth < 0) {
    return;
  }
  if (truth == 0) {
    a->silent++;
    a->false_voice += voiced;
    return;
  }
  double cents = f0 > 0 ? 1200 * log2((double)f0 / (double)truth) : 1e9;
  double fold  = cents - 1200 * rint(cents / 1200);
  a->voiced++;
  a->rpa50 += fabs(cents) <= 50;
  a->rpa10 += fabs(cents) <= 10;
  a->octave += fabs(cents) > 600 && fabs(fold) <= 50 && f0 > 0;
  a->called += voiced;
}

static void
print_tally(const char *name, const tally *a)
{
  if (a->voiced == 0) {
    return;
  }
  double v = (double)a->voiced / 100, s = (double)(a->silent > 0 ? a->silent : 1) / 100;
  printf("  %-14s %7ld frames  RPA50 %5.1f  RPA10 %5.1f  octave %5.2f  VR %5.1f  VFA %5.1f\n", name,
         a->voiced, (double)a->rpa50 / v, (double)a->rpa10 / v, (double)a->octave / v, (double)a->called / v,
         (double)a->false_voice / s);
}

static double
share(long part, long of)
{
  return of > 0 ? (double)part / (double)of : 0;
}

// -- 1. exact tones -----------------------------------------------------------------------------------------------

static double
tone_error(double f0_hz, double b, double snr_db)
{
  ear_sound s = ear_tone(f0_hz, b, -6, 1.0);
  if (snr_db < 90) {
    ear_add_noise(&s, 3, EAR_WHITE, snr_db);
  }
  shed_take take;
  hear(s.x, s.n, EAR_RATE_HZ, &take);
  double worst = 0, sum = 0;
  int    n = 0;
  for (int f = 8; f < s.frames - 8 && (size_t)f < take.n_frames; f++) {
    double e = fabs(1200 * log2((double)take.frames[f].f0_hz / (double)s.f0_hz[f]));
    worst    = fmax(worst, e);
    sum += e;
    n++;
  }
  shed_take_free(&take);
  ear_sound_free(&s);
  (void)worst;
  return sum / n;
}

static int
tones(bool sample)
{
  static const struct {
    const char *name;
    double      b, snr_db, limit;
  } CASE[] = {{"harmonic", 0, 99, 1.0},
              {"stiff B 1e-4", 1e-4, 99, 1.0},
              {"stiff B 4e-4", 4e-4, 99, 1.0},
              {"white 10 dB", 0, 10, 2.0}};
  int bad  = 0;
  for (size_t c = 0; c < sizeof(CASE) / sizeof(CASE[0]); c++) {
    double worst = 0, worst_hz = 0, sum = 0;
    int    n = 0;
    for (int i = 0;; i++) {
      double f = 27.5 * pow(sample ? 1.6 : 1.13, i);
      if (f >= 4400) {
        break;
      }
      double e = tone_error(f, CASE[c].b, CASE[c].snr_db);
      sum += e;
      n++;
      if (e > worst) {
        worst    = e;
        worst_hz = f;
      }
    }
    printf("tones, %-13s %2d from 27.5 Hz to 4.4 kHz: mean error %.3f cents, worst tone %.2f at %.1f Hz\n",
           CASE[c].name, n, sum / n, worst, worst_hz);
    bad += !(sum / n < CASE[c].limit);
  }
  return bad;
}

// -- 2. generated phrases -----------------------------------------------------------------------------------------

// Does a confidence of .9 mean nine frames right in ten? By what it says: up to .5, .8, .95, .99, 1.
enum { BELIEFS = 5 };
static const double BELIEF_TO[BELIEFS] = {0.5, 0.8, 0.95, 0.99, 1.01};

typedef struct {
  long   n, right;
  double said;
} belief;

typedef struct {
  belief belief[BELIEFS];
  tally  all[PEERS], kind[EAR_KINDS][PEERS], harm[EAR_HARMS][PEERS], reg[REGISTERS][PEERS];
} tables;

typedef struct {
  char   name[64];
  double rpa;
} worst_item;

static void
believe(belief *to, const shed_take *take, const ear_sound *s)
{
  for (int f = 0; f < s->frames && (size_t)f < take->n_frames; f++) {
    const shed_frame *at = &take->frames[f];
    if (s->f0_hz[f] > 0) {
      int i = 0;
      while (i < BELIEFS - 1 && (double)at->confidence > BELIEF_TO[i]) {
        i++;
      }
      to[i].n++;
      to[i].said += (double)at->confidence;
      to[i].right += fabs(1200 * log2((double)at->f0_hz / (double)s->f0_hz[f])) <= 50;
    }
  }
}

static void
print_beliefs(const belief *b)
{
  double off = 0;
  long   all = 0;
  printf("\nconfidence of ours, where there is a pitch:\n");
  for (int i = 0; i < BELIEFS; i++) {
    double n = b[i].n > 0 ? (double)b[i].n : 1;
    printf("  says %.3f, is right %.3f of %ld frames\n", b[i].said / n, (double)b[i].right / n, b[i].n);
    off += fabs(b[i].said - (double)b[i].right);
    all += b[i].n;
  }
  printf("  expected calibration error %.3f\n", off / (double)(all > 0 ? all : 1));
}

static void
phrase(tables *t, uint64_t seed, ear_kind kind, ear_harm harm, double snr_db, bool peers, worst_item *item)
{
  ear_sound s   = ear_make(seed, kind, harm, snr_db, 5.0);
  tally     own = {0};
  heard_s += s.n / (double)EAR_RATE_HZ;
  for (int p = 0; p < (peers ? PEERS : 1); p++) {
    track tr;
    if (p == 0) {
      shed_take take;
      hear(s.x, s.n, EAR_RATE_HZ, &take);
      tr = track_of(&take, s.frames);
      believe(t->belief, &take, &s);
      shed_take_free(&take);
    } else {
      tr = track_by_aubio(p, s.x, s.n, s.frames);
    }
    for (int f = 0; f < s.frames; f++) {
      float truth = s.f0_hz[f];
      int   reg   = 0;
      while (reg < REGISTERS - 1 && (double)truth > REGISTER_HZ[reg]) {
        reg++;
      }
      count(&t->all[p], truth, tr.f0_hz[f], tr.voiced[f]);
      count(&t->harm[harm][p], truth, tr.f0_hz[f], tr.voiced[f]);
      if (harm == EAR_CLEAN) {
        count(&t->kind[kind][p], truth, tr.f0_hz[f], tr.voiced[f]);
        if (truth > 0) {
          count(&t->reg[reg][p], truth, tr.f0_hz[f], tr.voiced[f]);
        }
      }
      if (p == 0) {
        count(&own, truth, tr.f0_hz[f], tr.voiced[f]);
      }
    }
    free_track(&tr);
  }
  snprintf(item->name, sizeof(item->name), "%s, %s, seed %llu", EAR_KIND_NAME[kind], EAR_HARM_NAME[harm],
           (unsigned long long)seed);
  item->rpa = own.voiced > 0 ? share(own.rpa50, own.voiced) : 1;
  ear_sound_free(&s);
}

static int
by_rpa(const void *a, const void *b)
{
  double x = ((const worst_item *)a)->rpa, y = ((const worst_item *)b)->rpa;
  return (x > y) - (x < y);
}

static int
phrases(bool sample)
{
  tables     *t     = calloc(1, sizeof(*t));
  int         n     = 0;
  int         takes = sample ? 2 : 8;
  worst_item *items = calloc((size_t)EAR_KINDS * (size_t)(takes + EAR_HARMS), sizeof(*items));
  for (int k = 0; k < EAR_KINDS; k++) {
    for (int i = 0; i < takes; i++) {
      phrase(t, SEED + (uint64_t)i, (ear_kind)k, EAR_CLEAN, 99, true, &items[n++]);
    }
    for (int h = 1; h < EAR_HARMS; h++) {
      phrase(t, SEED + 100 + (uint64_t)h, (ear_kind)k, (ear_harm)h, 10, true, &items[n++]);
    }
  }
  for (int p = 0; p < PEERS; p++) {
    printf("\n%s, generated phrases: clean by kind, clean by register, harmed (noise at 10 dB), all\n",
           PEER_NAME[p]);
    for (int k = 0; k < EAR_KINDS; k++) {
      print_tally(EAR_KIND_NAME[k], &t->kind[k][p]);
    }
    for (int r = 0; r < REGISTERS; r++) {
      print_tally(REGISTER_NAME[r], &t->reg[r][p]);
    }
    for (int h = 0; h < EAR_HARMS; h++) {
      print_tally(EAR_HARM_NAME[h], &t->harm[h][p]);
    }
    print_tally("all", &t->all[p]);
  }
  qsort(items, (size_t)n, sizeof(*items), by_rpa);
  print_beliefs(t->belief);
  printf("\nworst phrases of ours:\n");
  for (int i = 0; i < 8 && i < n; i++) {
    printf("  RPA50 %5.1f  %s\n", 100 * items[i].rpa, items[i].name);
  }
  int bad = !(share(t->harm[EAR_CLEAN][0].rpa50, t->harm[EAR_CLEAN][0].voiced) > 0.95) +
            !(share(t->all[0].rpa50, t->all[0].voiced) > share(t->all[1].rpa50, t->all[1].voiced));
  free(items);
  free(t);
  return bad;
}

// -- 3. real singing ----------------------------------------------------------------------------------------------

typedef struct {
  double onset_s, offset_s, midi;
} label;

static int
read_labels(const char *path, label *out, int max)
{
  FILE *f = fopen(path, "r");
  char  line[128];
  int   n = 0;
  while (f && n < max && fgets(line, sizeof(line), f)) {
    char *at        = line;
    out[n].onset_s  = strtod(at, &at);
    out[n].offset_s = strtod(at, &at);
    char *before    = at;
    out[n].midi     = strtod(at, &at);
    n += at != before;
  }
  if (f) {
    fclose(f);
  }
  return n;
}

static float *
read_mono(const char *path, int *n, int *rate_hz)
{
  SF_INFO  info = {0};
  SNDFILE *f    = sf_open(path, SFM_READ, &info);
  if (!f) {
    return NULL;
  }
  float *x = malloc((size_t)(info.frames * info.channels) * sizeof(float));
  *n       = (int)sf_readf_float(f, x, info.frames);
  *rate_hz = info.samplerate;
  for (int i = 0; i < *n; i++) {
    x[i] = x[i * info.channels];
  }
  sf_close(f);
  return x;
}

typedef struct {
  long labels, onsets, onset_hits, notes, note_hits, frames, frames_right, strokes;
} song;

static double
midi_of(float f0_hz)
{
  return f0_hz > 0 ? 69 + 12 * log2((double)f0_hz / 440) : 0;
}

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double
median(double *v, int n)
{
  qsort(v, (size_t)n, sizeof(*v), by_value);
  return n > 0 ? v[n / 2] : 0;
}

// Labels name the note that was meant, in a tuning of their own: what the take as a whole is sharp of them is taken off.
static double
tuning_of(const shed_take *take, const label *l, int n)
{
  double *off = malloc((take->n_frames + 1) * sizeof(*off));
  int     m   = 0;
  for (int i = 0; i < n; i++) {
    for (int f = (int)ceil(l[i].onset_s * 100) + 5; f < l[i].offset_s * 100 - 5 && (size_t)f < take->n_frames;
         f++) {
      double d = midi_of(take->frames[f].f0_hz) - l[i].midi;
      if (fabs(d) < 1.6) {
        off[m++] = d;
      }
    }
  }
  double tuning = median(off, m);
  free(off);
  return tuning;
}

// One to one, in order, within 50 ms: greedy is the best there is for two sorted lists of points.
static void
match_onsets(const shed_take *take, const label *l, int n, song *s)
{
  size_t j = 0;
  for (int i = 0; i < n; i++) {
    while (j < take->n_onsets && (double)take->onsets[j].time_s < l[i].onset_s - 0.05) {
      j++;
    }
    if (j < take->n_onsets && (double)take->onsets[j].time_s <= l[i].onset_s + 0.05) {
      s->onset_hits++;
      j++;
    }
  }
}

// How late our onsets are where there is one within 120 ms.
static double
onset_bias(const shed_take *take, const label *l, int n)
{
  double off[512];
  int    m = 0;
  for (int i = 0; i < n; i++) {
    double best = 0.12;
    for (size_t j = 0; j < take->n_onsets; j++) {
      double d = (double)take->onsets[j].time_s - l[i].onset_s;
      best     = fabs(d) < fabs(best) ? d : best;
    }
    if (best < 0.12) {
      off[m++] = best;
    }
  }
  return median(off, m);
}

static void
match_notes(const shed_take *take, const label *l, int n, double tuning, song *s)
{
  size_t j = 0;
  for (int i = 0; i < n; i++) {
    for (size_t k = j; k < take->n_notes && (double)take->notes[k].onset_s <= l[i].onset_s + 0.05; k++) {
      const shed_heard_note *m = &take->notes[k];
      if ((double)m->onset_s >= l[i].onset_s - 0.05 && m->midi >= 0 &&
          fabs(m->midi + (double)m->cents / 100 - tuning - l[i].midi) <= 0.5) {
        s->note_hits++;
        j = k + 1;
        break;
      }
    }
  }
}

static void
match_frames(const shed_take *take, const label *l, int n, double tuning, song *s)
{
  for (int i = 0; i < n; i++) {
    for (int f = (int)ceil(l[i].onset_s * 100) + 3; f < l[i].offset_s * 100 - 3 && (size_t)f < take->n_frames;
         f++) {
      s->frames++;
      s->frames_right += fabs(midi_of(take->frames[f].f0_hz) - tuning - l[i].midi) <= 0.5;
    }
  }
}

static double
f_measure(long hits, long a, long b)
{
  return a + b > 0 ? 2 * (double)hits / (double)(a + b) : 0;
}

static void
add_song(song *to, const song *from)
{
  to->labels += from->labels;
  to->onsets += from->onsets;
  to->onset_hits += from->onset_hits;
  to->notes += from->notes;
  to->note_hits += from->note_hits;
  to->frames += from->frames;
  to->frames_right += from->frames_right;
  to->strokes += from->strokes;
}

static void
sing(const char *dir, const char *id, song *sum)
{
  char  path[700];
  label l[512];
  song  s = {0};
  int   n = 0, rate = 0;
  snprintf(path, sizeof(path), "%s/%s.flac", dir, id);
  float *x = read_mono(path, &n, &rate);
  snprintf(path, sizeof(path), "%s/%s.notes.txt", dir, id);
  int labels = read_labels(path, l, 512);
  if (!x || labels == 0) {
    free(x);
    return;
  }
  shed_take take;
  hear(x, n, rate, &take);
  heard_s += take.duration_s;
  s.labels      = labels;
  s.onsets      = (long)take.n_onsets;
  s.notes       = (long)take.n_notes;
  double tuning = tuning_of(&take, l, labels);
  for (size_t i = 0; i < take.n_notes; i++) {
    s.strokes += take.notes[i].midi < 0;
  }
  match_onsets(&take, l, labels, &s);
  match_notes(&take, l, labels, tuning, &s);
  match_frames(&take, l, labels, tuning, &s);
  printf("  %-6s %3ld labels  frames %5.1f  onsets %3ld F50 %.3f late %+4.0f ms  notes %3ld F %.3f  strokes "
         "%2ld  "
         "tuning %+4.0f  snr %3.0f\n",
         id, s.labels, 100 * share(s.frames_right, s.frames), s.onsets,
         f_measure(s.onset_hits, s.onsets, s.labels), 1000 * onset_bias(&take, l, labels),
         s.notes - s.strokes, f_measure(s.note_hits, s.notes - s.strokes, s.labels), s.strokes, 100 * tuning,
         (double)take.snr_db);
  add_song(sum, &s);
  shed_take_free(&take);
  free(x);
}

static int
singing(void)
{
  const char    *data = getenv("WOODSHED_DATA");
  char           dir[512];
  struct dirent *e;
  song           sum = {0};
  snprintf(dir, sizeof(dir), "%s/ssvd-dev", data ? data : SHED_SOURCE_DIR "/../shared/data");
  DIR *d = opendir(dir);
  if (!d) {
    printf("\nreal singing: skipped: no data (%s)\n", dir);
    return 0;
  }
  printf("\nreal singing (%s):\n", dir);
  while ((e = readdir(d))) {
    char *dot = strstr(e->d_name, ".flac");
    if (dot) {
      *dot = '\0';
      sing(dir, e->d_name, &sum);
    }
  }
  closedir(d);
  printf("  all: %ld labels, frames %.1f %%, onset F50 %.3f (of %ld), note F %.3f (of %ld)\n", sum.labels,
         100 * share(sum.frames_right, sum.frames), f_measure(sum.onset_hits, sum.onsets, sum.labels),
         sum.onsets, f_measure(sum.note_hits, sum.notes, sum.labels), sum.notes);
  return 0;
}

// -- 4. sampled instruments ----------------------------------------------------------------------------------------

// A made tune as the instrument plays it, with usual human deviations. @return the number of labels.
static int
play(const corpus_instrument *who, uint64_t seed, bool noisy, shed_sound *out, label *l)
{
  static corpus_performance p;
  corpus_human              human = corpus_human_usual();
  corpus_tune               tune  = corpus_tune_random(seed, 32, who->low, who->high);
  shed_error                err   = {.status = SHED_OK};
  if (who->program < 0 && corpus_tune_find("clap_simple", &tune) != SHED_OK) {
    return 0;
  }
  if (corpus_perform(&tune, 100, 0.5, &human, NULL, 0, seed, &p, &err) != SHED_OK ||
      (who->program < 0 ? corpus_render_exact(&p, who, 44100, seed, NULL, out)
                        : corpus_render(&p, who, 44100, NULL, out, &err)) != SHED_OK) {
    fprintf(stderr, "cannot render %s: %s\n", who->id, err.what);
    return 0;
  }
  if (noisy) {
    corpus_add_noise(out, CORPUS_PINK, 20, seed);
  }
  for (size_t i = 0; i < p.n; i++) {
    l[i] = (label){p.played[i].onset_s, p.played[i].onset_s + p.played[i].duration_s,
                   p.played[i].midi + p.played[i].cents / 100};
  }
  return (int)p.n;
}

static int
instruments(bool sample)
{
  song sum = {0};
  printf("\nsampled instruments (FluidSynth), and claps; every second take with pink noise at 20 dB:\n");
  for (size_t i = 0; i < corpus_instrument_count(); i++) {
    const corpus_instrument *who   = corpus_instrument_at(i);
    song                     s     = {0};
    double                   late  = 0;
    int                      takes = sample ? 1 : 4;
    for (int k = 0; k < takes; k++) {
      static label l[CORPUS_PLAYED_MAX];
      shed_sound   sound = {.n = 0};
      shed_take    take;
      int          n = play(who, 900 + (uint64_t)k, k % 2 == 1, &sound, l);
      hear(sound.x, (int)sound.n, sound.rate_hz, &take);
      heard_s += take.duration_s;
      s.labels += n;
      s.onsets += (long)take.n_onsets;
      s.notes += (long)take.n_notes;
      for (size_t j = 0; j < take.n_notes; j++) {
        s.strokes += take.notes[j].midi < 0;
      }
      match_onsets(&take, l, n, &s);
      match_notes(&take, l, n, 0, &s);
      match_frames(&take, l, n, 0, &s);
      late += onset_bias(&take, l, n) / takes;
      shed_take_free(&take);
      shed_sound_free(&sound);
    }
    printf("  %-10s %3ld labels  frames %5.1f  onsets %3ld F50 %.3f late %+4.0f ms  notes %3ld F %.3f  "
           "strokes %2ld\n",
           who->id, s.labels, 100 * share(s.frames_right, s.frames), s.onsets,
           f_measure(s.onset_hits, s.onsets, s.labels), 1000 * late, s.notes - s.strokes,
           f_measure(s.note_hits, s.notes - s.strokes, s.labels), s.strokes);
    add_song(&sum, &s);
  }
  printf("  all: %ld labels, frames %.1f %%, onset F50 %.3f, note F %.3f\n", sum.labels,
         100 * share(sum.frames_right, sum.frames), f_measure(sum.onset_hits, sum.onsets, sum.labels),
         f_measure(sum.note_hits, sum.notes - sum.strokes, sum.labels));
  return !(f_measure(sum.onset_hits, sum.onsets, sum.labels) > 0.85);
}

int
main(int argc, char **argv)
{
  bool sample = argc > 1 && strcmp(argv[1], "sample") == 0;
  bool only   = argc > 1 && !sample; // "tones", "play" or "sing"
  int  bad    = !only || strcmp(argv[1], "tones") == 0 ? tones(sample) : 0;
  memset(cpu_s, 0, sizeof(cpu_s));
  if (!only) {
    bad += phrases(sample);
    printf("\ncost, CPU seconds for a second of sound: woodshed %.4f, aubio yinfft 4096 %.4f (%.1f times), "
           "yinfast 2048 %.4f\n",
           cpu_s[0] / heard_s, cpu_s[1] / heard_s, cpu_s[0] / cpu_s[1], cpu_s[2] / heard_s);
  }
  bad += !only || strcmp(argv[1], "play") == 0 ? instruments(sample) : 0;
  bad += !only || strcmp(argv[1], "sing") == 0 ? singing() : 0;
  return bad ? 1 : 0;
}
