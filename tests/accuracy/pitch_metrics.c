// About this file: a pitch track against the truth, frame by frame and note by note, and the shares of the counts.
// The measures are those of mir_eval (Raffel et al. 2014; Poliner et al. 2007: raw pitch accuracy, raw chroma accuracy,
// voicing recall and false alarm, overall accuracy), with the octave errors, the notes and the time to lock added.
#include "tests/accuracy/pitch_metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LOCK_NEVER = PITCH_LOCK_BINS - 1, FRAME_MS = 10 };
static const double ERROR_STEP_CENTS = 0.2, SEMITONE_CENTS = 100, NEAR_CENTS = 50;
static const double FRAME_S = 0.010;

const double      PITCH_REGISTER_TO_HZ[PITCH_REGISTERS] = {62, 110, 220, 523, 1047, 2094, 1e9};
const char *const PITCH_REGISTER_NAME[PITCH_REGISTERS]  = {"below 62", "62-110",    "110-220",   "220-523",
                                                           "523-1047", "1047-2094", "above 2094"};

const pitch_rate PITCH_RATE_OF[PITCH_RATES] = {
#define PITCH_RATE(name, part, of, high, says)                                                               \
  {name, says, offsetof(pitch_counts, part), offsetof(pitch_counts, of), high},
#include "tests/accuracy/pitch_metrics.def"
#undef PITCH_RATE
};

#define BAND(i, part, of, high)                                                                              \
  {                                                                                                          \
#part, "", offsetof(pitch_counts, band) + (i) * sizeof(pitch_band) + offsetof(pitch_band, part),         \
        offsetof(pitch_counts, band) + (i) * sizeof(pitch_band) + offsetof(pitch_band, of), high             \
  }
#define BANDS(part, of, high)                                                                                \
  {                                                                                                          \
    BAND(0, part, of, high), BAND(1, part, of, high), BAND(2, part, of, high), BAND(3, part, of, high),      \
        BAND(4, part, of, high), BAND(5, part, of, high), BAND(6, part, of, high)                            \
  }
const pitch_rate PITCH_BAND_RPA50[PITCH_REGISTERS]  = BANDS(rpa50, voiced, true);
const pitch_rate PITCH_BAND_RPA10[PITCH_REGISTERS]  = BANDS(rpa10, exact, true);
const pitch_rate PITCH_BAND_OCTAVE[PITCH_REGISTERS] = BANDS(octave, voiced, false);

int
pitch_register_of(double f0_hz)
{
  int r = 0;
  while (r < PITCH_REGISTERS - 1 && f0_hz >= PITCH_REGISTER_TO_HZ[r]) {
    r++;
  }
  return r;
}

static double
error_cents(float truth, float said)
{
  return said > 0 ? 1200 * log2((double)said / (double)truth) : (double)INFINITY;
}

static void
count_pitched(pitch_counts *to, float truth, float f0_hz, bool voiced, bool exact)
{
  double      cents = error_cents(truth, f0_hz);
  double      off   = fabs(cents);
  bool        near  = off <= NEAR_CENTS;
  bool        fold  = isfinite(cents) && fabs(cents - 1200 * rint(cents / 1200)) <= NEAR_CENTS;
  pitch_band *band  = &to->band[pitch_register_of((double)truth)];
  to->voiced++;
  to->rpa50 += near;
  to->rpa25 += off <= 25;
  to->rca50 += fold;
  to->octave += fold && !near;
  to->gross += off > SEMITONE_CENTS;
  to->recalled += voiced;
  to->right += voiced && near;
  band->voiced++;
  band->rpa50 += near;
  band->octave += fold && !near;
  if (exact) {
    to->exact++;
    to->rpa10 += off <= 10;
    band->exact++;
    band->rpa10 += off <= 10;
    if (near) {
      to->error[lrint((cents + NEAR_CENTS) / ERROR_STEP_CENTS)]++;
    }
  }
}

// What was said of frame @p f of the truth.
static pitch_point
said_at(const pitch_point *said, int n, int f)
{
  return f >= 0 && f < n ? said[f] : (pitch_point){0, -INFINITY};
}

static bool
good(float truth, pitch_point p, double threshold)
{
  return (double)p.sure > threshold && fabs(error_cents(truth, p.f0_hz)) <= NEAR_CENTS;
}

static void
count_note(pitch_counts *to, const pitch_truth *truth, const corpus_ear_note *note, const pitch_point *said,
           int n, int shift, double threshold)
{
  int  first = (int)ceil(note->onset_s / FRAME_S), last = (int)ceil(note->offset_s / FRAME_S);
  int  frames = 0, right = 0, locked = LOCK_NEVER, start = -1;
  bool before = false;
  for (int f = first > 0 ? first : 0; f < last && f < truth->frames; f++) {
    bool ok = truth->f0_hz[f] > 0 && good(truth->f0_hz[f], said_at(said, n, f + shift), threshold);
    if (truth->f0_hz[f] > 0) {
      start = start < 0 ? f : start;
      frames++;
      right += ok;
    }
    if (ok && before && locked == LOCK_NEVER) {
      locked = f - start < LOCK_NEVER - 1 ? f - start : LOCK_NEVER - 1;
    }
    before = ok;
  }
  if (frames > 0) {
    to->notes++;
    to->notes_right += 2 * right >= frames;
    to->lock[locked]++;
  }
}

void
pitch_count(pitch_counts *to, const pitch_truth *truth, const pitch_point *said, int n, int shift,
            double threshold)
{
  for (int f = 0; f < truth->frames; f++) {
    float       t      = truth->f0_hz[f];
    pitch_point p      = said_at(said, n, f + shift);
    bool        voiced = p.f0_hz > 0 && (double)p.sure > threshold;
    if (t < 0) {
      continue;
    }
    to->judged++;
    if (t > 0) {
      count_pitched(to, t, p.f0_hz, voiced, truth->exact_cents);
    } else {
      to->silent++;
      to->false_voice += voiced;
      to->right += !voiced;
    }
  }
  for (int i = 0; i < truth->n_notes; i++) {
    if (truth->notes[i].f0_hz > 0) {
      count_note(to, truth, &truth->notes[i], said, n, shift, threshold);
    }
  }
}

void
pitch_add(pitch_counts *to, const pitch_counts *more)
{
  to->voiced += more->voiced;
  to->rpa50 += more->rpa50;
  to->rpa25 += more->rpa25;
  to->rca50 += more->rca50;
  to->octave += more->octave;
  to->gross += more->gross;
  to->recalled += more->recalled;
  to->exact += more->exact;
  to->rpa10 += more->rpa10;
  to->silent += more->silent;
  to->false_voice += more->false_voice;
  to->judged += more->judged;
  to->right += more->right;
  to->notes += more->notes;
  to->notes_right += more->notes_right;
  for (int i = 0; i < PITCH_REGISTERS; i++) {
    to->band[i].voiced += more->band[i].voiced;
    to->band[i].rpa50 += more->band[i].rpa50;
    to->band[i].octave += more->band[i].octave;
    to->band[i].exact += more->band[i].exact;
    to->band[i].rpa10 += more->band[i].rpa10;
  }
  for (int i = 0; i < PITCH_ERROR_BINS; i++) {
    to->error[i] += more->error[i];
  }
  for (int i = 0; i < PITCH_LOCK_BINS; i++) {
    to->lock[i] += more->lock[i];
  }
}

static long
field(const pitch_counts *c, size_t offset)
{
  long v;
  memcpy(&v, (const char *)c + offset, sizeof(v));
  return v;
}

double
pitch_percent(const pitch_counts *c, const pitch_rate *rate)
{
  long of = field(c, rate->of);
  return of > 0 ? 100 * (double)field(c, rate->part) / (double)of : (double)NAN;
}

double
pitch_bias(const pitch_counts *c)
{
  uint64_t all = 0, below = 0;
  for (int i = 0; i < PITCH_ERROR_BINS; i++) {
    all += c->error[i];
  }
  for (int i = 0; i < PITCH_ERROR_BINS; i++) {
    below += c->error[i];
    if (all > 0 && 2 * below >= all) {
      return i * ERROR_STEP_CENTS - NEAR_CENTS;
    }
  }
  return NAN;
}

double
pitch_median_error(const pitch_counts *c)
{
  const int middle = PITCH_ERROR_BINS / 2;
  uint64_t  all = 0, below = 0;
  for (int i = 0; i < PITCH_ERROR_BINS; i++) {
    all += c->error[i];
  }
  for (int i = 0; i <= middle; i++) {
    below += c->error[middle + i] + (i > 0 ? c->error[middle - i] : 0);
    if (all > 0 && 2 * below >= all) {
      return i * ERROR_STEP_CENTS;
    }
  }
  return NAN;
}

double
pitch_lock90(const pitch_counts *c)
{
  uint64_t all = 0, below = 0;
  for (int i = 0; i < PITCH_LOCK_BINS; i++) {
    all += c->lock[i];
  }
  for (int i = 0; i < PITCH_LOCK_BINS; i++) {
    below += c->lock[i];
    if (all > 0 && 10 * below >= 9 * all) {
      return i < LOCK_NEVER ? i * FRAME_MS : 1000;
    }
  }
  return NAN;
}

typedef struct {
  size_t base;
  double part, of;
} base_sum;

static int
by_base(const void *a, const void *b)
{
  size_t x = ((const base_sum *)a)->base, y = ((const base_sum *)b)->base;
  return (x > y) - (x < y);
}

interval
pitch_interval(const pitch_counts *const *items, const size_t *base, size_t n, const pitch_rate *rate)
{
  base_sum *sums = malloc((n + 1) * sizeof(*sums));
  double   *part = malloc((n + 1) * sizeof(*part)), *of = malloc((n + 1) * sizeof(*of));
  interval  out = {NAN, NAN, NAN};
  int       m   = 0;
  size_t    k   = 0;
  for (size_t i = 0; i < n && sums; i++) {
    sums[k] =
        (base_sum){base[i], 100 * (double)field(items[i], rate->part), (double)field(items[i], rate->of)};
    k += sums[k].of > 0; // what has no such frames is no part of the row
  }
  if (sums && part && of && k > 0) {
    qsort(sums, k, sizeof(*sums), by_base);
    for (size_t i = 0; i < k; i++) {
      bool new = i == 0 || sums[i].base != sums[i - 1].base;
      m += new;
      part[m - 1] = sums[i].part + (new ? 0 : part[m - 1]);
      of[m - 1]   = sums[i].of + (new ? 0 : of[m - 1]);
    }
    out = interval_of_ratio(part, of, m);
  }
  free(sums);
  free(part);
  free(of);
  return out;
}
