#include "assessors/rhythm_task.h"

#include <math.h>
#include <stdlib.h>

#define SAME_MOMENT_S 1e-6
// Strokes closer than this are one clap heard twice, its echo from the wall, or a light flam; nobody claps so fast.
#define ONE_STROKE_S 0.045
// A stroke that is weaker than this share of the usual one is talk, a chair, an echo: measured on claps among babble, where
// claps had strengths of 1 to 6 and what was not a clap under .35.
#define WEAK_SHARE 0.12
// But a stroke into the ring of the one before hardly rises, and is as loud as the others: measured on a sampled snare drum, a
// tenth of whose strokes were so weak, all within 3 dB of the usual one and 13 dB over the moment before; in a hall the ring itself
// is within 8 dB, and rises by 5. Talk 12 dB under claps stands 16 dB and more under them.
#define LOUD_UNDER_DB  6.0
#define LOUD_RISE_DB   10.0
#define QUIET_UNDER_DB 14.0
#define WEAK_DOUBT     0.5 // what its confidence is worth then
#define SOFT_DOUBT     0.5 // and that of one that hardly rises: it may be a word, and is no clap
#define RISE           0.8 // spectral rise of a frame that may be a stroke though no onset was told, behind another one
#define RISE_SURE      0.35  // how sure such a stroke is: not sure enough to be judged
#define APART_S        0.08  // from any onset
#define ROW_S          0.050 // an onset and the note row that it belongs to stand within this

enum { NO_TIME = SHED_NOTE_FERMATA | SHED_NOTE_RIT, ROLLS = SHED_NOTE_TREMOLO | SHED_NOTE_TRILL };

static bool
is_asked(const shed_sounding_note *n)
{
  return !(n->flags & (SHED_NOTE_GRACE | SHED_NOTE_CUE));
}

static void
add_event(shed_rhythm_task *t, int index)
{
  const shed_sounding_note *n = &t->prompt->line.notes[index];
  t->events[t->n_events]      = (shed_rhythm_event){.first = index, .last = index};
  t->asked[t->n_events]       = (shed_asked){.at_s = n->onset_s, .length_s = n->duration_s};
  t->n_events++;
}

static void
settle_events(shed_rhythm_task *t)
{
  const shed_line *line = &t->prompt->line;
  for (size_t i = 0; i < t->n_events; i++) {
    shed_rhythm_event *e       = &t->events[i];
    bool               no_time = (e->flags & SHED_NOTE_NO_ASSESS) != 0 ||
                   (!t->policy->judge_fermata_time &&
                    ((e->flags & SHED_NOTE_RIT) || (i > 0 && (t->events[i - 1].flags & NO_TIME))));
    e->judged        = !no_time;
    t->asked[i].roll = (e->flags & ROLLS) != 0;
    t->asked[i].flam = (e->flags & SHED_NOTE_FLAM) != 0;
    t->asked[i].start =
        i == 0 || line->notes[e->first].measure_index != line->notes[t->events[i - 1].first].measure_index;
  }
}

static shed_status
make_events(shed_rhythm_task *t)
{
  const shed_line *line = &t->prompt->line;
  bool             flam = false; // a grace stroke stands before the next moment
  t->events             = shed_calloc(t->alloc, line->n_notes, sizeof(*t->events));
  t->asked              = shed_calloc(t->alloc, line->n_notes, sizeof(*t->asked));
  if (!t->events || !t->asked) {
    return SHED_E_NOMEM;
  }
  t->unpitched = true;
  for (size_t i = 0; i < line->n_notes; i++) {
    const shed_sounding_note *n = &line->notes[i];
    t->unpitched                = t->unpitched && !n->pitched;
    if (!is_asked(n)) {
      flam = flam || (n->flags & SHED_NOTE_GRACE);
      continue;
    }
    if (t->n_events == 0 || n->onset_s > t->asked[t->n_events - 1].at_s + SAME_MOMENT_S) {
      add_event(t, (int)i);
    }
    shed_rhythm_event *e = &t->events[t->n_events - 1];
    e->last              = (int)i;
    e->flags |= n->flags | (flam ? SHED_NOTE_FLAM : 0);
    t->asked[t->n_events - 1].length_s = fmax(t->asked[t->n_events - 1].length_s, n->duration_s);
    flam                               = false;
  }
  settle_events(t);
  return t->n_events ? SHED_OK : SHED_E_RANGE;
}

static int
by_time(const void *a, const void *b)
{
  double x = ((const shed_stroke *)a)->at_s;
  double y = ((const shed_stroke *)b)->at_s;
  return (x > y) - (x < y);
}

// The row of the take's notes that starts with this stroke.
static int
row_of(const shed_take *take, double at_s)
{
  int    found = -1;
  double best  = ROW_S;
  for (size_t i = 0; i < take->n_notes; i++) {
    double off = fabs((double)take->notes[i].onset_s - at_s);
    if (off < best) {
      best  = off;
      found = (int)i;
    }
  }
  return found;
}

// What was heard twice becomes one stroke: the surer of the two, the earlier when they are alike.
static void
merge_strokes(shed_rhythm_task *t)
{
  size_t kept = 0;
  for (size_t i = 0; i < t->n_strokes; i++) {
    shed_stroke s = t->strokes[i];
    if (kept == 0 || s.at_s - t->strokes[kept - 1].at_s >= ONE_STROKE_S) {
      t->strokes[kept++] = s;
    } else if (s.confidence > t->strokes[kept - 1].confidence + 0.2) {
      t->strokes[kept - 1] = s;
    }
  }
  t->n_strokes = kept;
}

// The loudest frame of an onset, and what it rose from, dBFS.
static double
level_of(const shed_take *take, double at_s, double *from_db)
{
  enum { AFTER = 3, BEFORE = 8, CLOSE = 2 }; // frames
  const int n = (int)take->n_frames, here = (int)lround(at_s / SHED_FRAME_HOP_S);
  double    most = -INFINITY, least = INFINITY;
  for (int i = here; i <= here + AFTER && i < n; i++) {
    most = i >= 0 ? fmax(most, (double)take->frames[i].level_db) : most;
  }
  for (int i = here - BEFORE; i <= here - CLOSE; i++) {
    least = fmin(least, i >= 0 && i < n ? (double)take->frames[i].level_db : (double)-INFINITY);
  }
  *from_db = least;
  return most;
}

static int
falling(const void *a, const void *b)
{
  float x = *(const float *)a;
  float y = *(const float *)b;
  return (x < y) - (x > y);
}

// The middle one of as many of the greatest as there are strokes asked for. @param x is sorted.
static double
usual(const shed_rhythm_task *t, float *x)
{
  const size_t n = t->take->n_onsets;
  if (!n) {
    return (double)NAN;
  }
  qsort(x, n, sizeof(*x), falling);
  return (double)x[(t->n_events < n ? t->n_events : n) / 2];
}

// Strength and level of the usual stroke.
static shed_status
find_clear(shed_rhythm_task *t)
{
  const shed_take *take = t->take;
  double           from_db;
  float           *x = shed_calloc(t->alloc, take->n_onsets, sizeof(*x));
  if (!x) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < take->n_onsets; i++) {
    x[i] = take->onsets[i].strength;
  }
  t->clear = usual(t, x);
  for (size_t i = 0; i < take->n_onsets; i++) {
    x[i] = (float)level_of(take, (double)take->onsets[i].time_s, &from_db);
  }
  t->usual_db = take->n_frames ? usual(t, x) : (double)NAN;
  shed_free(t->alloc, x);
  return SHED_OK;
}

// How much of the ear's confidence an onset is worth as a stroke.
static double
stroke_share(const shed_rhythm_task *t, const shed_heard_onset *o)
{
  double from_db, db = level_of(t->take, (double)o->time_s, &from_db), under_db = t->usual_db - db;
  if (under_db <= LOUD_UNDER_DB && db - from_db >= LOUD_RISE_DB) {
    return 1;
  }
  bool weak = (double)o->strength < WEAK_SHARE * t->clear || under_db > QUIET_UNDER_DB;
  return (SOFT_DOUBT + (1 - SOFT_DOUBT) * fmin((double)o->strength, 1)) * (weak ? WEAK_DOUBT : 1);
}

static void
from_notes(shed_rhythm_task *t)
{
  for (size_t i = 0; i < t->take->n_notes; i++) {
    const shed_heard_note *n   = &t->take->notes[i];
    t->strokes[t->n_strokes++] = (shed_stroke){(double)n->onset_s, (double)n->confidence};
  }
}

static void
from_onsets(shed_rhythm_task *t)
{
  for (size_t i = 0; i < t->take->n_onsets; i++) {
    const shed_heard_onset *o  = &t->take->onsets[i];
    t->strokes[t->n_strokes++] = (shed_stroke){(double)o->time_s, (double)o->confidence * stroke_share(t, o)};
  }
}

// Rises that were told as no onset, because another stood close by: strokes in doubt, so that what may have been there is
// never called missing.
static void
from_rises(shed_rhythm_task *t, size_t room)
{
  const shed_take *take = t->take;
  size_t           told = t->n_strokes, near = 0;
  for (size_t i = 1; i + 1 < take->n_frames && t->n_strokes < room; i++) {
    float  flux = take->frames[i].flux;
    double at   = (double)i * SHED_FRAME_HOP_S;
    while (near + 1 < told && t->strokes[near + 1].at_s <= at) {
      near++;
    }
    bool by = (told && fabs(t->strokes[near].at_s - at) < APART_S) ||
              (near + 1 < told && fabs(t->strokes[near + 1].at_s - at) < APART_S);
    if (!by && (double)flux >= RISE && flux >= take->frames[i - 1].flux && flux > take->frames[i + 1].flux) {
      t->strokes[t->n_strokes++] = (shed_stroke){at, RISE_SURE};
    }
  }
}

static shed_status
make_strokes(shed_rhythm_task *t)
{
  const shed_take *take = t->take;
  bool by_note = take->kind == SHED_TAKE_NOTES || take->kind == SHED_TAKE_MIDI || take->n_onsets == 0;
  bool claps   = take->kind == SHED_TAKE_AUDIO && t->unpitched && !by_note;
  // rises are told apart by APART_S, so there are no more of them than this
  size_t room = (by_note ? take->n_notes : take->n_onsets) + (claps ? take->n_frames / 2 : 0);
  t->clear    = (double)NAN;
  t->usual_db = (double)NAN;
  t->strokes  = shed_calloc(t->alloc, room, sizeof(*t->strokes));
  t->rows     = shed_calloc(t->alloc, room, sizeof(*t->rows));
  if (!t->strokes || !t->rows || (claps && find_clear(t) != SHED_OK)) {
    return SHED_E_NOMEM;
  }
  (by_note ? from_notes : from_onsets)(t);
  if (t->n_strokes) {
    qsort(t->strokes, t->n_strokes, sizeof(*t->strokes), by_time);
  }
  if (take->kind == SHED_TAKE_AUDIO) {
    merge_strokes(t);
  }
  if (claps) {
    from_rises(t, room);
    qsort(t->strokes, t->n_strokes, sizeof(*t->strokes), by_time);
  }
  for (size_t i = 0; i < t->n_strokes; i++) {
    t->rows[i] = take->kind == SHED_TAKE_ONSETS ? (int)i : row_of(take, t->strokes[i].at_s);
  }
  return SHED_OK;
}

shed_status
shed_rhythm_task_make(shed_rhythm_task *t)
{
  shed_status st = make_events(t);
  return st == SHED_OK ? make_strokes(t) : st;
}

void
shed_rhythm_task_free(shed_rhythm_task *t)
{
  shed_onset_alignment_free(&t->align, t->alloc);
  shed_free(t->alloc, t->events);
  shed_free(t->alloc, t->asked);
  shed_free(t->alloc, t->strokes);
  shed_free(t->alloc, t->rows);
}
