// About this file: real singing, taken apart note by note along its own followed pitch and put together again, so that the pitch is
// known exactly. The recordings are measured from where they lie and are never stored.
#include "engine/audio/file.h"
#include "engine/base/file.h"
#include "engine/base/str.h"
#include "tests/corpus/ear_kinds.h"
#include "tests/corpus/ear_partials.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  RATE      = CORPUS_EAR_RATE_HZ,
  STEP      = CORPUS_EAR_STEP,
  NOTES_MAX = 200,
  TAKES_MAX = 64,
  NAME      = 32,
  FLOOR     = -26
};

static const double PEAK_DB      = -4;
static const double LEAD_S       = 0.3;
static const double BEFORE_S     = 0.03; // a note's label
static const double AFTER_S      = 0.06;
static const double EDGE_S       = 0.015;
static const double CLEAR        = 0.75; // correlation of a note that is worth putting together
static const double NOTE_LEAST_S = 0.08;

typedef struct {
  double on_s, off_s, midi;
} label;

static int
by_name(const void *a, const void *b)
{
  return strcmp(a, b);
}

// The takes of a folder without their endings, in order.
static size_t
list_takes(const char *folder, char names[TAKES_MAX][NAME])
{
  size_t n   = 0;
  DIR   *dir = opendir(folder);
  for (struct dirent *e = dir ? readdir(dir) : NULL; e && n < TAKES_MAX; e = readdir(dir)) {
    size_t length = strlen(e->d_name);
    if (length > 5 && length < NAME && strcmp(e->d_name + length - 5, ".flac") == 0) {
      (void)snprintf(names[n++], NAME, "%.*s", (int)(length - 5), e->d_name);
    }
  }
  if (dir) {
    (void)closedir(dir);
  }
  qsort(names, n, NAME, by_name);
  return n;
}

static int
read_labels(const char *path, label *out, shed_error *err)
{
  char  *text = NULL;
  size_t size = 0;
  int    n    = 0;
  if (shed_file_read(path, 1 << 20, NULL, &text, &size, err) != SHED_OK) {
    return 0;
  }
  char *rest = NULL;
  for (char *word = strtok_r(text, " \t\r\n", &rest); word && n < 3 * NOTES_MAX;
       word       = strtok_r(NULL, " \t\r\n", &rest)) {
    double *to = n % 3 == 0 ? &out[n / 3].on_s : n % 3 == 1 ? &out[n / 3].off_s : &out[n / 3].midi;
    if (!shed_parse_double(word, 0, 1000, to)) {
      break;
    }
    n++;
  }
  shed_free(NULL, text);
  return n / 3;
}

typedef struct {
  const corpus_ear_track *track;
  double                  start_s;
} sung;

static void
heights(const void *ctx, const corpus_ear_event *tied, int n, double t_s, double *high, double *noise)
{
  const sung *s = ctx;
  (void)tied;
  (void)n;
  corpus_ear_track_at(s->track, (t_s - s->start_s) * RATE / CORPUS_EAR_RENEWAL, 1, high, noise);
}

// One note from the take, from_s of which becomes second 0.
static shed_status
sing(const shed_sound *take, const label *k, double from_s, corpus_ear_player *p, corpus_ear_stage *stage)
{
  double           start_s = k->on_s - BEFORE_S - from_s;
  corpus_ear_part *part  = corpus_ear_part_new(stage, start_s, k->off_s - k->on_s + BEFORE_S + AFTER_S, true);
  corpus_ear_track track = {0};
  if (!part) {
    return SHED_E_NOMEM;
  }
  const float *x     = take->x + (size_t)((k->on_s - BEFORE_S) * RATE);
  int          edge  = (int)(BEFORE_S * RATE);
  int          end   = part->n - (int)(AFTER_S * RATE);
  double       clear = corpus_ear_follow(x, part->n, edge, end, corpus_ear_hz(k->midi), part->hz);
  for (int i = 0; i <= part->n / STEP; i++) { // the edges go on as the note begins and ends
    int near    = i < edge / STEP + 1 ? edge / STEP + 1 : i > end / STEP - 1 ? end / STEP - 1 : i;
    part->hz[i] = part->hz[near];
  }
  float *envelope = shed_calloc(NULL, (size_t)(part->n / STEP) + 1, sizeof(float));
  bool   good     = envelope && clear >= 0;
  if (good && clear >= CLEAR && (good = corpus_ear_take_apart(x, part->n, part->hz, p->r.partials, &track))) {
    sung s         = {&track, start_s};
    p->heights     = heights;
    p->ctx         = &s;
    part->n_notes  = 1;
    part->floor_db = FLOOR;
    for (int i = 0; i <= part->n / STEP; i++) {
      double from = (double)i * STEP / RATE;
      double to   = (double)part->n / RATE - from;
      envelope[i] = (float)fmax(0, fmin(1, fmin(from, to) / EDGE_S));
    }
    corpus_ear_sound_part(p, part, envelope, 0);
  }
  corpus_ear_track_free(&track);
  shed_free(NULL, envelope);
  return good ? SHED_OK : SHED_E_NOMEM;
}

static shed_status
sing_phrase(const shed_sound *take, const label *notes, int n, const corpus_ear_row *row, shed_rng *rng,
            corpus_ear_sound *out)
{
  corpus_ear_stage  stage  = {0};
  corpus_ear_player player = corpus_ear_player_draw(CORPUS_EAR_AGAIN_SUNG, rng);
  double            last_s = fmin((double)take->n / RATE, notes[n - 1].off_s + 1) - row->seconds;
  int               first  = 0;
  while (first + 1 < n && notes[first + 1].on_s < last_s && shed_rng_below(rng, 12) > 0) {
    first++;
  }
  double      from_s = fmax(0, notes[first].on_s - LEAD_S);
  shed_status st     = SHED_OK;
  for (int i = first; st == SHED_OK && i < n; i++) {
    bool inside = notes[i].off_s + AFTER_S < from_s + row->seconds &&
                  notes[i].off_s + 2 * AFTER_S < (double)take->n / RATE;
    if (inside && notes[i].off_s - notes[i].on_s > NOTE_LEAST_S && notes[i].on_s > 2 * BEFORE_S) {
      st = sing(take, &notes[i], from_s, &player, &stage);
    }
  }
  if (st != SHED_OK) {
    corpus_ear_stage_free(&stage);
    return st;
  }
  return corpus_ear_mix(&stage, row->seconds, PEAK_DB, out);
}

shed_status
corpus_ear_sung(const corpus_ear_item *item, const corpus_ear_row *row, corpus_ear_sound *out,
                shed_error *err)
{
  static const char absent[] =
      "no recordings here: put ssvd-dev below ../shared/data or where WOODSHED_DATA says";
  char        folder[320];
  char        path[420];
  char        names[TAKES_MAX][NAME];
  label       notes[NOTES_MAX + 1];
  shed_sound  take = {0};
  shed_rng    rng;
  const char *root  = getenv("WOODSHED_DATA");
  size_t      which = (size_t)(CORPUS_EAR_SINGER - row->made) * CORPUS_EAR_HALVES + (size_t)item->half;
  (void)snprintf(folder, sizeof(folder), "%s/ssvd-dev", root && root[0] ? root : "../shared/data");
  if (which >= list_takes(folder, names)) {
    return shed_fail(err, SHED_E_NOTFOUND, folder, absent);
  }
  (void)snprintf(path, sizeof(path), "%s/%s.notes.txt", folder, names[which]);
  int n = read_labels(path, notes, err);
  (void)snprintf(path, sizeof(path), "%s/%s.flac", folder, names[which]);
  if (n == 0 || shed_sound_load(path, NULL, NULL, &take, NULL, err) != SHED_OK || take.rate_hz != RATE) {
    shed_sound_free(&take);
    return shed_fail(err, SHED_E_NOTFOUND, path, absent);
  }
  shed_rng_seed(&rng, item->seed, 0x51au);
  shed_status st = sing_phrase(&take, notes, n, row, &rng, out);
  shed_sound_free(&take);
  return st == SHED_OK ? st : shed_fail(err, st, item->name, "%s", shed_status_text(st));
}
