#include "assessors/long_tone_measure.h"

#include "engine/music/pitch.h"

#include <math.h>
#include <stdlib.h>

#define SURE          0.5F // a frame whose pitch is less sure than this says nothing
#define LEAST_S       0.30 // shorter is not a tone that was held
#define DROPOUT_S     0.15 // a hole this long is the ear's, or the string's; longer, and the tone has ended
#define LEAP_CENTS    70.0 // away from the tone so far by this, for LEAP_S: another tone
#define LEAP_S        0.08
#define NEAR_CENTS    35.0 // a candidate so near the tone is the tone,
#define AS_GOOD       0.8F // when its support is this share of the best one's
#define ATTACK_S      0.15 // left out of how still it is
#define RELEASE_S     0.10
#define SMOOTH_S      0.25 // one slow vibrato: the centre is judged, not the vibrato
#define OUTLIER_CENTS 80.0 // an octave slip of the ear, not of the player
#define SILENT_DB     -119.0F
// The middles of the outer thirds lie two thirds of the way apart.
#define BETWEEN_THIRDS 1.5

enum { LEAST_STILL = 20 }; // frames that say how still it is

typedef struct {
  const shed_take *take;
  double          *cents; // a frame's pitch in cents over MIDI 0; NaN unsure
  double          *work;
} tones;

static size_t
frames_in(double seconds)
{
  return (size_t)lround(seconds / SHED_FRAME_HOP_S);
}

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a;
  double y = *(const double *)b;
  return (x > y) - (x < y);
}

// Median of the sure frames in [from, to); NaN when none is.
static double
median_cents(const tones *t, size_t from, size_t to)
{
  size_t n = 0;
  for (size_t i = from; i < to; i++) {
    if (!isnan(t->cents[i])) {
      t->work[n++] = t->cents[i];
    }
  }
  if (n == 0) {
    return (double)NAN;
  }
  qsort(t->work, n, sizeof(double), by_value);
  return n % 2 ? t->work[n / 2] : (t->work[n / 2 - 1] + t->work[n / 2]) / 2;
}

// The ear's best candidate lies below the tone, but the tone is as good as there: a voice beside it, or a subharmonic. Only
// downwards, because a tone that has leapt up an octave always leaves a candidate where it was.
static double
still_there(const tones *t, size_t i, double centre)
{
  const shed_frame *f = &t->take->frames[i];
  if (t->cents[i] > centre - LEAP_CENTS) {
    return t->cents[i];
  }
  for (size_t k = 1; k < SHED_FRAME_CANDIDATES && f->cand[k].f0_hz > 0; k++) {
    double cents = 100 * shed_hz_to_midi((double)f->cand[k].f0_hz, 440);
    if (fabs(cents - centre) <= NEAR_CENTS && f->cand[k].support >= AS_GOOD * f->cand[0].support) {
      return cents;
    }
  }
  return t->cents[i];
}

// Where the tone that starts at frame from has ended: behind its last sure frame.
static size_t
end_of_tone(const tones *t, size_t from)
{
  double centre = t->cents[from];
  size_t end    = from + 1;
  size_t away   = 0;
  for (size_t i = from + 1; i < t->take->n_frames && i - end < frames_in(DROPOUT_S); i++) {
    if (isnan(t->cents[i])) {
      continue;
    }
    t->cents[i] = still_there(t, i, centre);
    if (fabs(t->cents[i] - centre) > LEAP_CENTS) {
      if (++away >= frames_in(LEAP_S)) {
        break;
      }
      continue;
    }
    away = 0;
    end  = i + 1;
    // the centre follows slowly, so that a sagging tone stays one tone
    centre += (t->cents[i] - centre) * 0.05;
  }
  return end;
}

typedef struct {
  double n, sum, squares;
} spread;

static void
spread_add(spread *s, double x)
{
  s->n++;
  s->sum += x;
  s->squares += x * x;
}

static double
spread_sd(const spread *s)
{
  double mean = s->sum / s->n;
  return sqrt(fmax(0, s->squares / s->n - mean * mean));
}

// Mean of the sure values around frame i, at most half the smoothing to each side, within [from, to).
static double
smooth(const double *x, size_t i, size_t from, size_t to)
{
  size_t half = frames_in(SMOOTH_S) / 2;
  size_t lo   = i > from + half ? i - half : from;
  size_t hi   = i + half + 1 < to ? i + half + 1 : to;
  double sum = 0, n = 0;
  for (size_t k = lo; k < hi; k++) {
    if (!isnan(x[k])) {
      sum += x[k];
      n++;
    }
  }
  return n > 0 ? sum / n : (double)NAN;
}

// Mean of the sure values in [from, to).
static double
mean_of(const double *x, size_t from, size_t to)
{
  spread s = {0};
  for (size_t i = from; i < to; i++) {
    if (!isnan(x[i])) {
      spread_add(&s, x[i]);
    }
  }
  return s.n > 0 ? s.sum / s.n : (double)NAN;
}

static double
thirds(const double *x, size_t from, size_t to)
{
  size_t third = (to - from) / 3;
  return mean_of(x, to - third, to) - mean_of(x, from, from + third);
}

static void
measure_pitch(const tones *t, size_t from, size_t to, shed_held *h)
{
  double frames = (h->offset_s - h->onset_s) / SHED_FRAME_HOP_S;
  spread still = {0}, fast = {0};
  double centre = 100 * h->midi;
  for (size_t i = from; i < to; i++) {
    if (fabs(t->cents[i] - centre) > OUTLIER_CENTS) {
      t->cents[i] = (double)NAN;
    }
  }
  for (size_t i = from; i < to; i++) {
    if (!isnan(t->cents[i])) {
      double slow = smooth(t->cents, i, from, to);
      spread_add(&still, slow);
      spread_add(&fast, t->cents[i] - slow);
    }
  }
  if (still.n >= LEAST_STILL) {
    h->cents_sd      = spread_sd(&still);
    h->vibrato_cents = spread_sd(&fast);
    h->drift_cents   = BETWEEN_THIRDS * thirds(t->cents, from, to) * frames / (double)(to - from);
  }
}

static void
measure_level(const tones *t, size_t from, size_t to, shed_held *h)
{
  spread even = {0};
  for (size_t i = from; i < to; i++) {
    float db   = t->take->frames[i].level_db;
    t->work[i] = db > SILENT_DB ? (double)db : (double)NAN;
  }
  for (size_t i = from; i < to; i++) {
    if (!isnan(t->work[i])) {
      spread_add(&even, smooth(t->work, i, from, to));
    }
  }
  if (even.n >= LEAST_STILL) {
    h->level_sd_db    = spread_sd(&even);
    h->level_slope_db = thirds(t->work, from, to);
  }
}

// The note row that covers most of [onset, offset).
static int
row_of(const shed_take *take, double onset_s, double offset_s)
{
  int    row  = -1;
  double most = 0;
  for (size_t i = 0; i < take->n_notes; i++) {
    double shared =
        fmin(offset_s, (double)take->notes[i].offset_s) - fmax(onset_s, (double)take->notes[i].onset_s);
    if (shared > most) {
      most = shared;
      row  = (int)i;
    }
  }
  return row;
}

static shed_held
measure(const tones *t, size_t from, size_t to)
{
  size_t    attack = frames_in(ATTACK_S), release = frames_in(RELEASE_S);
  size_t    sure       = 0;
  double    confidence = 0;
  shed_held h          = {.onset_s        = (double)from * SHED_FRAME_HOP_S,
                          .offset_s       = (double)to * SHED_FRAME_HOP_S,
                          .midi           = median_cents(t, from, to) / 100,
                          .cents_sd       = (double)NAN,
                          .drift_cents    = (double)NAN,
                          .level_sd_db    = (double)NAN,
                          .level_slope_db = (double)NAN,
                          .vibrato_cents  = (double)NAN};
  for (size_t i = from; i < to; i++) {
    if (!isnan(t->cents[i])) {
      sure++;
      confidence += (double)t->take->frames[i].confidence;
    }
  }
  h.assessed   = (double)sure / (double)(to - from);
  h.confidence = confidence / (double)sure;
  h.take_index = row_of(t->take, h.onset_s, h.offset_s);
  if (to - from > attack + release) {
    measure_pitch(t, from + attack, to - release, &h);
    if (t->take->kind == SHED_TAKE_AUDIO) {
      measure_level(t, from + attack, to - release, &h);
    }
  }
  return h;
}

static size_t
find_in_frames(tones *t, shed_held *out)
{
  size_t n = 0;
  for (size_t i = 0; i < t->take->n_frames; i++) {
    const shed_frame *f = &t->take->frames[i];
    t->cents[i]         = f->voiced && f->confidence >= SURE && f->f0_hz > 0
                              ? 100 * shed_hz_to_midi((double)f->f0_hz, 440)
                              : (double)NAN;
  }
  for (size_t i = 0; i < t->take->n_frames;) {
    size_t end = isnan(t->cents[i]) ? i + 1 : end_of_tone(t, i);
    if (end - i >= frames_in(LEAST_S)) {
      out[n++] = measure(t, i, end);
    }
    i = end;
  }
  return n;
}

static size_t
find_in_notes(const shed_take *take, shed_held *out)
{
  size_t n = 0;
  for (size_t i = 0; i < take->n_notes; i++) {
    const shed_heard_note *note = &take->notes[i];
    if (note->midi >= 0 && (double)(note->offset_s - note->onset_s) >= LEAST_S) {
      out[n++] = (shed_held){.onset_s        = (double)note->onset_s,
                             .offset_s       = (double)note->offset_s,
                             .midi           = note->midi + (double)note->cents / 100,
                             .cents_sd       = (double)note->cents_sd,
                             .drift_cents    = (double)NAN,
                             .level_sd_db    = (double)NAN,
                             .level_slope_db = (double)NAN,
                             .vibrato_cents  = (double)NAN,
                             .assessed       = 1,
                             .confidence     = (double)note->confidence,
                             .take_index     = (int)i};
    }
  }
  return n;
}

shed_status
shed_held_find(const shed_take *take, const shed_alloc *alloc, shed_held **out, size_t *n)
{
  size_t     most = take->n_frames ? take->n_frames / frames_in(LEAST_S) + 1 : take->n_notes;
  shed_held *held = shed_calloc(alloc, most, sizeof(*held));
  tones      t    = {.take = take};
  if (!held) {
    return SHED_E_NOMEM;
  }
  if (take->n_frames == 0) {
    *out = held;
    *n   = find_in_notes(take, held);
    return SHED_OK;
  }
  t.cents = shed_calloc(alloc, take->n_frames, sizeof(double));
  t.work  = shed_calloc(alloc, take->n_frames, sizeof(double));
  bool ok = t.cents && t.work;
  if (ok) {
    *n   = find_in_frames(&t, held);
    *out = held;
  } else {
    shed_free(alloc, held);
  }
  shed_free(alloc, t.cents);
  shed_free(alloc, t.work);
  return ok ? SHED_OK : SHED_E_NOMEM;
}
