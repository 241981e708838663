#include "tests/accuracy/notes_items.h"

#include "engine/dsp/onset.h"
#include "engine/dsp/tracker.h"
#include "tests/corpus/ear.h"

#include <dirent.h>
#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RATE_HZ = 44100, HOP = 441, LABELS_MAX = 1024 };

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
hear(const float *x, int n, notes_item *to)
{
  shed_front        *front = NULL;
  shed_tracker      *pitch = NULL;
  shed_onset        *onset = NULL;
  shed_level         level = {.n = 0};
  shed_rise          rise  = {.steps = 0};
  shed_level_frame   looks[SHED_TRACKER_LAG + 1];
  shed_onset_frame   rises[SHED_TRACKER_LAG + 1];
  static const float silence[HOP];
  int                pushed = 0;
  must(shed_front_new(&front, NULL, RATE_HZ), "front");
  must(shed_tracker_new(&pitch, NULL), "pitch");
  must(shed_onset_new(&onset, NULL), "onset");
  to->in     = calloc((size_t)(n / HOP) + 1, sizeof(*to->in));
  to->power  = calloc((size_t)(n / SHED_RISE_STEP) + 100, sizeof(float));
  to->treble = calloc((size_t)(n / SHED_RISE_STEP) + 100, sizeof(float));
  for (int f = 0; f - SHED_TRACKER_LAG < n / HOP; f++) {
    shed_tracker_point now, settled;
    int                slot = f % (SHED_TRACKER_LAG + 1);
    while (pushed < f * HOP + SHED_CANDS_AHEAD) {
      bool more = n - pushed >= HOP;
      shed_front_push(front, more ? x + pushed : silence, HOP);
      pushed += HOP;
    }
    int64_t before = rise.steps;
    shed_rise_run(&rise, front);
    for (int64_t k = before; k < rise.steps && k < n / SHED_RISE_STEP + 100; k++) {
      to->power[k]  = rise.power[k % SHED_RISE_STEPS];
      to->treble[k] = rise.treble[k % SHED_RISE_STEPS];
      to->steps     = k + 1;
    }
    looks[slot] = shed_level_run(&level, front, (int64_t)f * HOP);
    rises[slot] = shed_onset_run(onset, front, (int64_t)f * HOP, &looks[slot]);
    int done    = shed_tracker_run(pitch, front, (int64_t)f * HOP, &looks[slot], &now, &settled);
    shed_onset_sounding(onset, now.voiced ? now.f0_hz : 0.0f);
    if (done == 1) {
      int            old = (f - SHED_TRACKER_LAG) % (SHED_TRACKER_LAG + 1);
      shed_notes_in *in  = &to->in[to->n++];

      *in = (shed_notes_in){.f0_hz         = settled.f0_hz,
                            .confidence    = settled.confidence,
                            .voiced        = settled.voiced,
                            .level_db      = looks[old].level_db,
                            .over_floor_db = looks[old].over_floor_db,
                            .rise_db       = looks[old].rise_db,
                            .flux          = rises[old].flux,
                            .mkl           = rises[old].mkl,
                            .hfc           = rises[old].hfc,
                            .burst_db      = rises[old].burst_db};
      for (int i = 0; i < settled.n && i < SHED_NOTES_CANDS; i++) {
        in->cand[i].f0_hz = settled.cand[i].f0_hz;
        in->cand[i].share = settled.cand[i].share;
      }
    }
  }
  shed_front_free(front);
  shed_tracker_free(pitch);
  shed_onset_free(onset);
}

// Steps known when settled frame f is pushed, as engine/hear has them.
static int64_t
steps_by(int f)
{
  int64_t known = ((int64_t)(f + SHED_TRACKER_LAG) * HOP + SHED_CANDS_AHEAD + HOP - 1) / HOP * HOP;
  return known / SHED_RISE_STEP;
}

void
notes_items_try(const notes_item *it, const notes_costs *costs, const notes_times *times, notes_heard *out)
{
  static shed_rise rise;
  shed_notes      *n = NULL;
  shed_notes_out   e;
  int64_t          filled = 0;
  must(shed_notes_new(&n, NULL), "notes");
  n->costs    = *costs;
  n->times    = *times;
  out->onsets = out->notes = 0;
  memset(&rise, 0, sizeof(rise));
  for (int f = 0; f <= it->n; f++) {
    int64_t to = f < it->n ? steps_by(f) : steps_by(it->n - 1);
    for (; filled < to && filled < it->steps; filled++) {
      rise.power[filled % SHED_RISE_STEPS]  = it->power[filled];
      rise.treble[filled % SHED_RISE_STEPS] = it->treble[filled];
      rise.steps                            = filled + 1;
    }
    if (f < it->n) {
      shed_notes_push(n, &it->in[f], &rise);
    } else {
      shed_notes_finish(n, &rise);
    }
    while (shed_notes_poll(n, &e)) {
      if (e.kind == SHED_NOTES_ONSET && out->onsets < NOTES_EVENTS_MAX) {
        int i                 = out->onsets++;
        out->onset[i].onset_s = (double)e.onset_s;
        out->onset[i].told_s  = (double)(to * SHED_RISE_STEP) / RATE_HZ;
        out->onset[i].cues    = n->cues;
        out->onset[i].frame   = n->cues_frame;
      } else if (e.kind == SHED_NOTES_NOTE && e.midi >= 0 && out->notes < NOTES_EVENTS_MAX) {
        memcpy(out->evidence[out->notes], n->evidence, sizeof(n->evidence));
        out->note[out->notes++] = e;
      }
    }
  }
  shed_notes_free(n);
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
find_tuning(notes_item *it)
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

static bool
add_real(notes_item *it, const char *dir, const char *id)
{
  char    path[900];
  SF_INFO info = {0};
  snprintf(path, sizeof(path), "%s/%s.flac", dir, id);
  SNDFILE *f = sf_open(path, SFM_READ, &info);
  if (!f || info.samplerate != RATE_HZ) {
    fprintf(stderr, "%s is left out\n", path);
    sf_close(f);
    return false;
  }
  float *x = malloc((size_t)(info.frames * info.channels) * sizeof(float));
  int    n = (int)sf_readf_float(f, x, info.frames);
  for (int i = 0; i < n; i++) {
    x[i] = x[i * info.channels];
  }
  sf_close(f);
  snprintf(path, sizeof(path), "%s/%s.notes.txt", dir, id);
  FILE *notes = fopen(path, "r");
  it->labels  = calloc(LABELS_MAX, sizeof(*it->labels));
  char line[128];
  while (notes && it->n_labels < LABELS_MAX && fgets(line, sizeof(line), notes)) {
    notes_label *l  = &it->labels[it->n_labels];
    char        *at = line;
    l->onset_s      = strtod(at, &at);
    l->offset_s     = strtod(at, &at);
    char *last      = at;
    l->midi         = strtod(at, &at);
    it->n_labels += at != last;
  }
  if (notes) {
    fclose(notes);
  }
  snprintf(it->name, sizeof(it->name), "%s", id);
  it->kind  = -1;
  it->clean = true;
  hear(x, n, it);
  find_tuning(it);
  free(x);
  return true;
}

static void
add_ear(notes_item *it, const corpus_ear_item *item, const corpus_ear_sound *s)
{
  snprintf(it->name, sizeof(it->name), "%s", item->name);
  it->kind     = (int)item->kind;
  it->clean    = item->harm == CORPUS_EAR_CLEAN;
  it->labels   = calloc((size_t)s->n_notes + 1, sizeof(*it->labels));
  it->n_labels = s->n_notes;
  for (int i = 0; i < s->n_notes; i++) {
    const corpus_ear_note *k = &s->notes[i];
    it->labels[i]            = (notes_label){k->onset_s, k->offset_s, midi_of(k->f0_hz), k->slurred};
  }
  hear(s->x, s->n, it);
}

static bool
is_wanted(const corpus_ear_item *item)
{
  return item->half == CORPUS_EAR_FIT && (item->harm == CORPUS_EAR_CLEAN || item->harm == CORPUS_EAR_AGC ||
                                          item->harm == CORPUS_EAR_BABBLE10);
}

// Few instruments of the fitting half play these classes: each plays more melodies here.
static const int MELODIES[CORPUS_EAR_CLASSES] = {[CORPUS_EAR_PERCUSSION]      = 2,
                                                 [CORPUS_EAR_STRING_DETACHED] = 3,
                                                 [CORPUS_EAR_STRING_SLURRED]  = 4,
                                                 [CORPUS_EAR_VOICE]           = 4,
                                                 [CORPUS_EAR_VOICE_SLURRED]   = 4};

static bool
make_ear(notes_item *it, const corpus_ear_item *item)
{
  corpus_ear_sound s;
  shed_error       err = {.status = SHED_OK};
  if (corpus_ear_make(item, &s, &err) != SHED_OK) {
    fprintf(stderr, "%s is left out: %s\n", item->name, err.what);
    return false;
  }
  add_ear(it, item, &s);
  corpus_ear_free(&s);
  return true;
}

// Each clean item comes live too, and with other melodies where its class needs them.
static int
gather_ear(notes_item *out, int max)
{
  int n = 0;
  for (size_t i = 0; i < corpus_ear_count(); i++) {
    corpus_ear_item item;
    corpus_ear_at(i, &item);
    if (!is_wanted(&item)) {
      continue;
    }
    bool clean    = item.harm == CORPUS_EAR_CLEAN;
    int  melodies = clean && MELODIES[item.kind] > 0 ? MELODIES[item.kind] : 1;
    for (int m = 0; m < 2 * melodies && n < max && (clean || m == 0); m++) {
      corpus_ear_item one = item;
      one.seed += (uint64_t)(m / 2);
      one.harm = m % 2 == 0 ? item.harm : CORPUS_EAR_LIVE;
      (void)snprintf(one.name, sizeof(one.name), "%.50s_%d%s", item.name, m / 2, m % 2 == 0 ? "" : "_live");
      n += make_ear(&out[n], &one);
    }
  }
  return n;
}

int
notes_items_gather(notes_item *out, int max)
{
  const char    *data = getenv("WOODSHED_DATA");
  char           dir[512];
  struct dirent *e;
  int            n = 0;
  snprintf(dir, sizeof(dir), "%s/ssvd-dev", data ? data : SHED_SOURCE_DIR "/../shared/data");
  DIR *d = opendir(dir);
  while (d && (e = readdir(d)) && n < max) {
    char *dot = strstr(e->d_name, ".flac");
    if (dot) {
      *dot = '\0';
      n += add_real(&out[n], dir, e->d_name);
    }
  }
  if (d) {
    closedir(d);
  }
  n += gather_ear(out + n, max - n);
  return n;
}
