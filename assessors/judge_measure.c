// About this file: what the frames of a segment say about one pitch, as shares and medians over its loud core. A
// histogram in cents serves for the medians, so that nothing is allocated and order does not matter.
#include "assessors/judge.h"
#include "engine/music/pitch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double CORE_DB      = 18; ///< below a segment's own loudest frame: its core
static const double CORE_EDGE_DB = 6;
/// A note settles: the end of the one before it rings on, and the ear looks at several periods at once. On rendered takes
/// notes of 8 to 16 periods were read 5 cents too near to what came before with all frames alike, 3 with these weights.
static const double SETTLE_PERIODS = 6;
static const double SETTLE_LEAST_S = .04;
static const double SETTLE_MOST_S  = .15;
static const double SETTLE_WEIGHT  = .02; ///< at least
static const double SUPPORT_CENTS  = 74;  ///< a frame this near supports the pitch
static const double READ_CENTS     = 280; ///< a candidate this near is read as the pitch being aimed at
static const float  RIVAL_SUPPORT  = .03F;
static const float  CLEAR_SUPPORT  = .6F;
static const double STEADY_PART    = .2; ///< left out at either end for spread and nearest part

static const double LINES_NEAR =
    60; ///< cents: lines this far from the ear's pitch are another sound's, or the ear's is
static const double LINES_SPREAD = 40; ///< lines that lie this far from each other tell nothing
enum { LINES_LEAST = 4 };

void
shed_cents_add(shed_cents_histogram *h, double cents, double weight)
{
  double clipped = fmin(fmax(cents, -SHED_CENTS_RANGE), SHED_CENTS_RANGE);
  h->bins[(int)lround(clipped) + SHED_CENTS_RANGE] += weight;
  h->total += weight;
}

double
shed_cents_quantile(const shed_cents_histogram *h, double share)
{
  double wanted = h->total * share, seen = 0;
  for (int i = 0; i < SHED_CENTS_BINS; i++) {
    if (seen + h->bins[i] >= wanted && h->bins[i] > 0) {
      return i - SHED_CENTS_RANGE - .5 + (wanted - seen) / h->bins[i];
    }
    seen += h->bins[i];
  }
  return NAN;
}

/// Cents from @p midi of the candidate that is meant: the frame's best, or an octave relative of it that stands nearly
/// as high. NaN when none is near.
static double
aimed_cents(const shed_frame *f, double midi)
{
  double best = NAN;
  for (int i = 0; i < SHED_FRAME_CANDIDATES && f->cand[i].f0_hz > 0; i++) {
    double d = (shed_hz_to_midi((double)f->cand[i].f0_hz, 440) - midi) * 100;
    if (fabs(d) > READ_CENTS || (i > 0 && f->cand[i].support < f->cand[0].support - RIVAL_SUPPORT)) {
      continue;
    }
    if (i == 0 || isnan(best)) {
      best = d;
    }
  }
  if (isnan(best) && f->f0_hz > 0 && f->cand[0].f0_hz <= 0) {
    double d = (shed_hz_to_midi((double)f->f0_hz, 440) - midi) * 100;
    best     = fabs(d) <= READ_CENTS ? d : (double)NAN;
  }
  return best;
}

/// Cents from @p midi of the first candidate that supports it; NaN without one.
static double
among_at(const shed_frame *f, double midi)
{
  for (int i = 0; i < SHED_FRAME_CANDIDATES && f->cand[i].f0_hz > 0; i++) {
    double d = (shed_hz_to_midi((double)f->cand[i].f0_hz, 440) - midi) * 100;
    if (fabs(d) <= SUPPORT_CENTS && f->cand[i].support >= CLEAR_SUPPORT) {
      return d;
    }
  }
  return NAN;
}

static double
settle_s(double midi)
{
  return fmin(fmax(SETTLE_PERIODS / shed_midi_to_hz(midi, 440), SETTLE_LEAST_S), SETTLE_MOST_S);
}

/// @param settled how far the note has settled at this frame, 0..1.
static double
core_weight(const shed_frame *f, double loudest_db, double settled)
{
  double w = ((double)f->level_db - (loudest_db - CORE_DB)) / CORE_EDGE_DB;
  return fmin(fmax(w, 0), 1) * fmax(settled * settled, SETTLE_WEIGHT);
}

static double
nearest_part(const shed_cents_histogram *h)
{
  double lo = shed_cents_quantile(h, STEADY_PART), hi = shed_cents_quantile(h, 1 - STEADY_PART);
  return lo > 0 ? lo : hi < 0 ? hi : 0;
}

static void
most_heard(const double *by_midi, double total, shed_measure *m)
{
  m->other_midi = -1;
  for (int i = 0; i < 128; i++) {
    if (by_midi[i] > 0 && (m->other_midi < 0 || by_midi[i] > by_midi[m->other_midi])) {
      m->other_midi = i;
    }
  }
  m->other_share = m->other_midi >= 0 ? by_midi[m->other_midi] / total : 0;
}

/// One frame's part of a measure.
typedef struct {
  shed_cents_histogram ear, rel; ///< the ear's pitch, from the expected one and from that with the tuning
  shed_lines           lines;
  double               total, support, confidence, among, among_cents;
  double               by_midi[128], cents_by_midi[128];
} sums;

static void
add_frame(sums *s, const shed_frame *f, double midi, double off, double w)
{
  double d = aimed_cents(f, midi), here = shed_hz_to_midi((double)f->f0_hz, 440) - off / 100;
  double stands = among_at(f, midi + off / 100);
  long   near   = lround(here);
  s->total += w;
  s->confidence += w * (double)f->confidence;
  if (near >= 0 && near < 128) {
    s->by_midi[near] += w;
    s->cents_by_midi[near] += w * (here - (double)near) * 100;
  }
  s->among += isnan(stands) ? 0 : w;
  s->among_cents += isnan(stands) ? 0 : w * stands;
  if (!isnan(d)) {
    s->support += fabs(d - off) <= SUPPORT_CENTS ? w : 0;
    shed_cents_add(&s->ear, d, w);
    shed_cents_add(&s->rel, d - off, w);
  }
}

/// The lines know better than the ear where the two speak of one sound. A voice glides, and the ear follows it better.
static void
take_lines(const shed_lines *l, bool sung, shed_measure *m)
{
  m->n_lines  = l->n;
  m->lines_db = l->weight > 0 ? l->level_db / l->weight : -120;
  if (l->n < LINES_LEAST) {
    return;
  }
  m->line_cents  = shed_cents_quantile(&l->cents, .5);
  m->line_spread = shed_cents_quantile(&l->cents, .75) - shed_cents_quantile(&l->cents, .25);
  if (!sung && m->line_spread <= LINES_SPREAD && fabs(m->line_cents - m->ear_cents) <= LINES_NEAR) {
    m->cents = m->line_cents;
  }
}

static void
finish(const sums *s, bool sung, shed_measure *m)
{
  if (s->total > 0) {
    m->share       = s->support / s->total;
    m->read        = s->ear.total / s->total;
    m->confidence  = s->confidence / s->total;
    m->among       = s->among / s->total;
    m->among_cents = s->among > 0 ? s->among_cents / s->among : (double)NAN;
    most_heard(s->by_midi, s->total, m);
    m->other_cents = m->other_midi >= 0 ? s->cents_by_midi[m->other_midi] / s->by_midi[m->other_midi] : 0;
  }
  if (s->ear.total > 0) {
    m->cents = m->ear_cents = shed_cents_quantile(&s->ear, .5);
    m->spread     = shed_cents_quantile(&s->ear, 1 - STEADY_PART) - shed_cents_quantile(&s->ear, STEADY_PART);
    m->near_cents = nearest_part(&s->rel);
  }
  take_lines(&s->lines, sung, m);
}

/// The frames of [start_s, end_s), so far as the take has them.
typedef struct {
  size_t first, end;
  double level_db; ///< of the loudest
} stretch;

static stretch
stretch_of(const shed_take *take, double start_s, double end_s)
{
  stretch r = {.first    = (size_t)fmax(0, round(start_s / SHED_FRAME_HOP_S)),
               .end      = (size_t)fmax(0, round(end_s / SHED_FRAME_HOP_S)),
               .level_db = -120};
  r.end     = r.end < take->n_frames ? r.end : take->n_frames;
  for (size_t i = r.first; i < r.end; i++) {
    r.level_db = fmax(r.level_db, (double)take->frames[i].level_db);
  }
  return r;
}

static double
weight_at(const shed_frame *f, const stretch *r, size_t frame, double settle)
{
  return core_weight(f, r->level_db, fmin(((double)(frame - r->first) + .5) * SHED_FRAME_HOP_S / settle, 1));
}

shed_measure
shed_measure_sound(const shed_take *take, const shed_levels *lv, double start_s, double end_s)
{
  const stretch r = stretch_of(take, start_s, end_s);
  shed_measure  m = {.level_db = r.level_db};
  for (size_t i = r.first; i < r.end; i++) {
    const shed_frame *f = &take->frames[i];
    m.sound_s +=
        weight_at(f, &r, i, SETTLE_LEAST_S) > 0 && f->level_db >= lv->silent_db ? SHED_FRAME_HOP_S : 0;
  }
  return m;
}

/// @param lines false: what the spectrum's lines say is left out.
static shed_measure
measure(const shed_take *take, const shed_levels *lv, stretch r, double midi, const float *centre, bool lines)
{
  shed_measure m      = {.cents       = NAN,
                         .ear_cents   = NAN,
                         .line_cents  = NAN,
                         .line_spread = NAN,
                         .near_cents  = NAN,
                         .spread      = NAN,
                         .among_cents = NAN,
                         .other_midi  = -1,
                         .level_db    = r.level_db,
                         .lines_db    = -120};
  sums         s      = {.total = 0};
  const double settle = settle_s(midi);
  for (size_t i = r.first; i < r.end; i++) {
    const shed_frame *f   = &take->frames[i];
    const double      off = centre ? (double)centre[i] : 0;
    const double      w   = weight_at(f, &r, i, settle);
    if (w <= 0 || f->level_db < lv->silent_db) {
      continue;
    }
    m.sound_s += SHED_FRAME_HOP_S;
    if (lines) {
      shed_lines_read(take, i, shed_midi_to_hz(midi + off / 100, 440), 0, w, off, &s.lines);
    }
    if (f->f0_hz > 0 && (f->voiced || f->cand[0].support >= CLEAR_SUPPORT)) {
      add_frame(&s, f, midi, off, w * (f->voiced ? 1 : .3));
    }
  }
  finish(&s, lv->sung, &m);
  return m;
}

shed_measure
shed_measure_pitch(const shed_take *take, const shed_levels *lv, double start_s, double end_s, double midi,
                   const float *centre)
{
  return measure(take, lv, stretch_of(take, start_s, end_s), midi, centre, true);
}

shed_measure
shed_measure_ear(const shed_take *take, const shed_levels *lv, double start_s, double end_s, double midi,
                 const float *centre)
{
  return measure(take, lv, stretch_of(take, start_s, end_s), midi, centre, false);
}

shed_lines
shed_measure_lines(const shed_take *take, const shed_levels *lv, double start_s, double end_s, double midi,
                   double other_midi)
{
  shed_lines    l      = {.n = 0};
  const stretch r      = stretch_of(take, start_s, end_s);
  const double  settle = settle_s(midi), hz = shed_midi_to_hz(midi, 440);
  const double  other = isnan(other_midi) ? 0 : shed_midi_to_hz(other_midi, 440);
  for (size_t i = r.first; i < r.end; i++) {
    const shed_frame *f = &take->frames[i];
    if (f->level_db >= lv->silent_db) {
      shed_lines_read(take, i, hz, other, weight_at(f, &r, i, settle), 0, &l);
    }
  }
  return l;
}

// -- small statistics ----------------------------------------------------------------------------------------------

typedef struct {
  double x, w;
} weighted;

static int
compare_weighted(const void *a, const void *b)
{
  const weighted *p = a, *q = b;
  return (p->x > q->x) - (p->x < q->x);
}

double
shed_weighted_median(double *x, double *w, size_t n, double share)
{
  enum { MOST = 512 };
  weighted pairs[MOST];
  double   total = 0, seen = 0;
  n = n < MOST ? n : MOST;
  for (size_t i = 0; i < n; i++) {
    pairs[i] = (weighted){x[i], w[i]};
    total += w[i];
  }
  qsort(pairs, n, sizeof(*pairs), compare_weighted);
  for (size_t i = 0; i < n; i++) {
    x[i] = pairs[i].x;
    w[i] = pairs[i].w;
    seen += pairs[i].w;
    if (seen >= total * share) {
      // halfway between two when the weight falls exactly between them
      return seen > total * share + 1e-12 || i + 1 == n ? pairs[i].x : (pairs[i].x + pairs[i + 1].x) / 2;
    }
  }
  return NAN;
}
