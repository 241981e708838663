// About this file: lays parts into one sound and reads the truth off them: which part is heard at each hundredth of a second,
// where each note's energy rises and where it has gone.
#include "tests/corpus/ear_mix.h"

#include "engine/base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = CORPUS_EAR_RATE_HZ, HOP = CORPUS_EAR_HOP, STEP = CORPUS_EAR_STEP };

static const double FIRST_PEAK_S = 0.15; // the attack's highest point lies within this of the first sample
static const double ONSET_SHARE  = 0.1;  // 20 dB under it
static const double OFFSET_DB    = -26;  // under a note's peak
static const double GONE_DB      = -60;  // under a part's peak: silent
static const double RIVAL_DB     = -10;  // another pitch so near in level: which one is heard may be argued
static const double NOISE_DB     = -6;   // a hiss so near covers the tone's edge
static const double SAME_CENTS   = 50;
static const double EDGE_S       = 0.011; // around an onset
static const double AHEAD_S      = 0.030; // a level's window reaches so far before an onset
static const double WINDOW_S     = 0.020; // of a level
static const double SILENT       = 1e-12; // power

// What the truth needs of a part: its power around each frame.
typedef struct {
  int    from, n; // frames
  float *power;
  double peak;
} loudness;

corpus_ear_part *
corpus_ear_part_new(corpus_ear_stage *s, double start_s, double seconds, bool pitched)
{
  if (s->failed || shed_grow(NULL, (void **)&s->parts, &s->cap, s->n, sizeof(*s->parts)) != SHED_OK) {
    s->failed = true;
    return NULL;
  }
  corpus_ear_part *p = &s->parts[s->n];
  memset(p, 0, sizeof(*p));
  p->start_s  = start_s;
  p->n        = (int)lrint(seconds * RATE);
  p->floor_db = -30;
  p->x        = shed_calloc(NULL, (size_t)p->n + 1, sizeof(float));
  p->hz       = pitched ? shed_calloc(NULL, (size_t)(p->n / STEP) + 1, sizeof(float)) : NULL;
  s->n++;
  if (!p->x || (pitched && !p->hz)) {
    s->failed = true;
    return NULL;
  }
  return p;
}

void
corpus_ear_stage_free(corpus_ear_stage *s)
{
  for (size_t i = 0; i < s->n; i++) {
    shed_free(NULL, s->parts[i].x);
    shed_free(NULL, s->parts[i].hz);
  }
  shed_free(NULL, s->parts);
  *s = (corpus_ear_stage){0};
}

// Pitch of a part at a second of the sound; 0 outside.
static double
hz_at(const corpus_ear_part *p, double t)
{
  double at = (t - p->start_s) * RATE / STEP - 0.5;
  int    n  = p->n / STEP + 1;
  if (!p->hz || at < -1 || at > n) {
    return 0;
  }
  int i = at < 0 ? 0 : at > n - 2 ? n - 2 : (int)at;
  if (n < 2 || p->hz[i] <= 0 || p->hz[i + 1] <= 0) {
    return n < 1 ? 0 : (double)p->hz[i < 0 ? 0 : i];
  }
  double share = fmin(fmax(at - i, 0), 1);
  return (double)p->hz[i] + share * ((double)p->hz[i + 1] - (double)p->hz[i]);
}

// Two periods of a low tone, so that its level does not swing with its waveform.
static bool
measure(const corpus_ear_part *p, int frames, loudness *out)
{
  double end_s = p->start_s + (double)p->n / RATE;
  out->from    = (int)floor(fmax(0, p->start_s - WINDOW_S) * 100);
  int to       = (int)ceil(fmax(0, end_s + WINDOW_S) * 100);
  to           = to < frames ? to : frames;
  out->n       = to > out->from ? to - out->from : 0;
  out->power   = shed_calloc(NULL, (size_t)out->n + 1, sizeof(float));
  out->peak    = 0;
  for (int f = 0; out->power && f < out->n; f++) {
    double t    = (out->from + f) / 100.0;
    double hz   = hz_at(p, t);
    double span = hz > 0 ? fmax(WINDOW_S, fmin(2 / hz, 0.05)) : WINDOW_S;
    int    a    = (int)((t - span / 2 - p->start_s) * RATE);
    int    b    = a + (int)(span * RATE);
    double sum  = 0;
    for (int i = a > 0 ? a : 0; i < b && i < p->n; i++) {
      sum += (double)p->x[i] * (double)p->x[i];
    }
    out->power[f] = (float)(sum / (span * RATE));
    out->peak     = fmax(out->peak, (double)out->power[f]);
  }
  return out->power != NULL;
}

static double
power_at(const loudness *l, int frame)
{
  return frame < l->from || frame >= l->from + l->n ? 0 : (double)l->power[frame - l->from];
}

static double
power_of_db(double db)
{
  return pow(10, db / 10);
}

// The truth of one frame.
static double
heard_at(const corpus_ear_stage *s, const loudness *l, int frame)
{
  double t     = frame / 100.0;
  size_t best  = s->n;
  bool   trace = false;
  for (size_t i = 0; i < s->n; i++) {
    double power = power_at(&l[i], frame);
    if ((!s->parts[i].hz && !s->parts[i].argued) || power < SILENT) {
      continue;
    }
    trace = trace || power > l[i].peak * power_of_db(GONE_DB);
    if (power > l[i].peak * power_of_db(s->parts[i].floor_db) && hz_at(&s->parts[i], t) > 0 &&
        (best == s->n || power > power_at(&l[best], frame))) {
      best = i;
    }
  }
  if (best == s->n) {
    return trace ? -1 : 0;
  }
  if (s->parts[best].argued || t < s->parts[best].began_s + s->parts[best].settle_s) {
    return -1;
  }
  double hz = hz_at(&s->parts[best], t);
  for (size_t i = 0; i < s->n; i++) {
    double ratio = power_at(&l[i], frame) / power_at(&l[best], frame);
    double other = hz_at(&s->parts[i], t);
    if (i == best || (!s->parts[i].hz && ratio < power_of_db(NOISE_DB)) ||
        (s->parts[i].hz && ratio < power_of_db(RIVAL_DB))) {
      continue;
    }
    if (!(other > 0) || fabs(1200 * log2(other / hz)) > SAME_CENTS) {
      return -1;
    }
  }
  return hz;
}

static double
rise_s(const corpus_ear_part *p)
{
  int   span = (int)(FIRST_PEAK_S * RATE);
  int   from = 0;
  float most = 0;
  while (from < p->n && p->x[from] == 0) {
    from++;
  }
  for (int i = from; i < p->n && i < from + span; i++) {
    most = fmaxf(most, fabsf(p->x[i]));
  }
  while (from < p->n && fabsf(p->x[from]) < (float)ONSET_SHARE * most) {
    from++;
  }
  return p->start_s + (double)from / RATE;
}

// When a part is 26 dB under the peak it had after from_s, for good.
static double
fall_s(const corpus_ear_part *p, double from_s)
{
  int    piece = HOP;
  int    from  = (int)((from_s - p->start_s) * RATE);
  double peak  = 0;
  int    last  = from;
  for (int pass = 0; pass < 2; pass++) {
    for (int a = from > 0 ? from : 0; a + piece <= p->n; a += piece) {
      double sum = 0;
      for (int i = a; i < a + piece; i++) {
        sum += (double)p->x[i] * (double)p->x[i];
      }
      peak = fmax(peak, pass == 0 ? sum : 0);
      last = pass == 1 && sum > peak * power_of_db(OFFSET_DB) ? a + piece : last;
    }
  }
  return p->start_s + (double)last / RATE;
}

static int
by_value(const void *a, const void *b)
{
  float x = *(const float *)a;
  float y = *(const float *)b;
  return x < y ? -1 : x > y;
}

static double
median_hz(const corpus_ear_part *p, double from_s, double to_s, float *room)
{
  int n    = 0;
  int last = p->n / STEP;
  for (int i = (int)fmax(0, (from_s - p->start_s) * RATE / STEP); p->hz && i <= last; i++) {
    if (p->start_s + (double)i * STEP / RATE < to_s && p->hz[i] > 0) {
      room[n++] = p->hz[i];
    }
  }
  if (n == 0) {
    return 0;
  }
  qsort(room, (size_t)n, sizeof(*room), by_value);
  return (double)room[n / 2];
}

static int
by_onset(const void *a, const void *b)
{
  double x = ((const corpus_ear_note *)a)->onset_s;
  double y = ((const corpus_ear_note *)b)->onset_s;
  return x < y ? -1 : x > y;
}

static shed_status
write_notes(corpus_ear_stage *s, corpus_ear_sound *out)
{
  int n    = 0;
  int most = 0;
  for (size_t i = 0; i < s->n; i++) {
    n += s->parts[i].n_notes;
    most = s->parts[i].n > most ? s->parts[i].n : most;
  }
  float *room = shed_malloc(NULL, ((size_t)(most / STEP) + 1) * sizeof(float));
  out->notes  = shed_calloc(NULL, (size_t)n + 1, sizeof(*out->notes));
  for (size_t i = 0; room && out->notes && i < s->n; i++) {
    corpus_ear_part *p = &s->parts[i];
    p->began_s         = p->n_notes == 0 || p->tied ? p->start_s : rise_s(p);
    for (int k = 0; k < p->n_notes; k++) {
      corpus_ear_note *note = &out->notes[out->n_notes++];
      note->slurred         = k > 0 || p->tied;
      note->onset_s         = note->slurred ? p->at_s[k] : p->began_s;
      note->offset_s        = k + 1 < p->n_notes ? p->at_s[k + 1] : fall_s(p, note->onset_s);
      note->f0_hz           = median_hz(p, note->onset_s, note->offset_s, room);
    }
  }
  shed_free(NULL, room);
  if (!room || !out->notes) {
    return SHED_E_NOMEM;
  }
  qsort(out->notes, (size_t)out->n_notes, sizeof(*out->notes), by_onset);
  for (int i = 0; i + 1 < out->n_notes; i++) {
    if (out->notes[i + 1].slurred && out->notes[i].offset_s > out->notes[i + 1].onset_s) {
      out->notes[i].offset_s = out->notes[i + 1].onset_s;
    }
  }
  return SHED_OK;
}

// Around an onset half a window is of what comes and half of what was; a low tone's level looks ahead further.
static void
blur_onset(const corpus_ear_note *note, corpus_ear_sound *out)
{
  int from = (int)ceil((note->onset_s - AHEAD_S) * 100);
  for (int f = from > 0 ? from : 0; f < out->frames && f / 100.0 <= note->onset_s + EDGE_S && !note->slurred;
       f++) {
    double hz  = (double)out->f0_hz[f];
    bool   own = hz > 0 && note->f0_hz > 0 && fabs(1200 * log2(hz / note->f0_hz)) < SAME_CENTS;
    if (f / 100.0 >= note->onset_s - EDGE_S || own) {
      out->f0_hz[f] = -1;
    }
  }
}

static shed_status
write_frames(const corpus_ear_stage *s, corpus_ear_sound *out)
{
  loudness   *l  = shed_calloc(NULL, s->n + 1, sizeof(*l));
  shed_status st = l ? SHED_OK : SHED_E_NOMEM;
  for (size_t i = 0; l && i < s->n; i++) {
    st = measure(&s->parts[i], out->frames, &l[i]) ? st : SHED_E_NOMEM;
  }
  for (int f = 0; st == SHED_OK && f < out->frames; f++) {
    out->f0_hz[f] = (float)heard_at(s, l, f);
  }
  for (int i = 0; st == SHED_OK && i < out->n_notes; i++) {
    blur_onset(&out->notes[i], out);
  }
  for (size_t i = 0; l && i < s->n; i++) {
    shed_free(NULL, l[i].power);
  }
  shed_free(NULL, l);
  return st;
}

static void
lay(const corpus_ear_stage *s, double peak_db, corpus_ear_sound *out)
{
  float most = 0;
  for (size_t i = 0; i < s->n; i++) {
    const corpus_ear_part *p    = &s->parts[i];
    int                    from = (int)lrint(p->start_s * RATE);
    for (int k = from < 0 ? -from : 0; k < p->n && from + k < out->n; k++) {
      out->x[from + k] += p->x[k];
    }
  }
  for (int i = 0; i < out->n; i++) {
    most = fmaxf(most, fabsf(out->x[i]));
  }
  float gain = most > 0 ? (float)corpus_ear_gain(peak_db) / most : 1;
  for (int i = 0; i < out->n; i++) {
    out->x[i] *= gain;
  }
}

shed_status
corpus_ear_mix(corpus_ear_stage *s, double seconds, double peak_db, corpus_ear_sound *out)
{
  corpus_ear_sound o = {.n = (int)lrint(seconds * RATE)};
  shed_status      st;
  o.frames = o.n / HOP;
  o.x      = shed_calloc(NULL, (size_t)o.n + 1, sizeof(float));
  o.f0_hz  = shed_calloc(NULL, (size_t)o.frames + 1, sizeof(float));
  st       = s->failed || !o.x || !o.f0_hz ? SHED_E_NOMEM : SHED_OK;
  if (st == SHED_OK && (st = write_notes(s, &o)) == SHED_OK && (st = write_frames(s, &o)) == SHED_OK) {
    lay(s, peak_db, &o);
    *out = o;
  } else {
    corpus_ear_free(&o);
  }
  corpus_ear_stage_free(s);
  return st;
}
