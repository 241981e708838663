// About this file: swing. Where the music says so, the second of two eighths comes late, by how much is the player's own within
// what belongs to the tempo: long to short some 3.5 : 1 when slow, even when fast (Friberg and Sundström 2002, "Swing
// ratios and ensemble timing in jazz performance", Music Perception 19(3): drummers' ratios fall about linearly). A steady
// ratio in that band is right; each off-beat is then judged by it.
#include "assessors/judge.h"

#include <math.h>

static const double SLOW_PAIRS = 110, SLOW_RATIO = 3.5; // pairs (usually quarters) a minute
static const double FAST_PAIRS = 300;                   // and there even
static const double LEAST_PART = .5, MOST_PART = 1.15;  // soloists swing less than drummers, few much more
static const double WRITTEN_LEAST = 1.3;                // an off-beat of the line so late is swung
static const double NEAR_S        = .002;
static const double EVEN_NEAR     = .02;  // of a pair
static const double UNEVEN        = 1.25; // long to short, from which on even eighths are not played even
static const double HALF_LEAST = .3, HALF_MOST = .9; // of a pair: else it is no swung pair but a wait
enum { PAIRS_LEAST = 3, PAIRS_MOST = 256 };

/// The middle of a pair of eighths or sixteenths: the pair's length in quarters; 0 for a note that is none.
static double
pair_of(const shed_sounding_note *n, const shed_sounding_measure *m)
{
  // pairs are counted from the measure's end, so that a pickup of one eighth is an off-beat
  double left =
      shed_beat_quarters(shed_beat_sub(shed_beat_add(m->start_beats, m->length_beats), n->onset_beats));
  double part = left - floor(left + 1e-9);
  return fabs(part - .5) < 1e-6 ? 1 : fabs(part - .25) < 1e-6 || fabs(part - .75) < 1e-6 ? .5 : 0;
}

typedef struct {
  double from_s, length_s; ///< of the line
  bool   swung;            ///< the off-beat stands later than its middle
} pair;

/// Where the pair of an off-beat lies in time. @return false for an event that is none.
static bool
find_pair(const shed_judged *j, const shed_align_event *ev, pair *out)
{
  const shed_line          *line = &j->prompt->line;
  const shed_sounding_note *n    = &line->notes[j->target.notes[ev->first]];
  if (n->measure_index < 0 || (size_t)n->measure_index >= line->n_measures) {
    return false;
  }
  const shed_sounding_measure *m      = &line->measures[n->measure_index];
  bool                         last   = (size_t)n->measure_index + 1 == line->n_measures;
  double                       length = shed_beat_quarters(m->length_beats);
  double                       end_s  = last ? m->start_s + length * 60 / line->tempo_bpm : m[1].start_s;
  double                       whole  = pair_of(n, m);
  double                       at     = shed_beat_quarters(shed_beat_sub(n->onset_beats, m->start_beats));
  double                       pace   = (end_s - m->start_s) / length;
  if (!(whole > 0) || !(pace > 0)) {
    return false;
  }
  double from = m->start_s + (at - whole / 2) * pace, share = (n->onset_s - from) / (whole * pace);
  double scale = n->onset_s > 0 ? ev->at_s / n->onset_s : 1; // of the tempo that is given
  *out = (pair){from * scale, whole * pace * scale, share < 1 && share / (1 - share) >= WRITTEN_LEAST};
  return out->swung || fabs(share - .5) < EVEN_NEAR;
}

/// The part of its pair that an off-beat comes after, as it was played; NaN where both its neighbours were not.
static double
played_share(const shed_judged *j, int e, const pair *p, double *length_s)
{
  const shed_align_event *ev = j->target.events;
  const shed_found       *f  = &j->found[e];
  if (e == 0 || e + 1 >= j->target.n_events || f->segment < 0 || f[-1].segment < 0 || f[1].segment < 0 ||
      f[-1].run != f->run || f[1].run != f->run || fabs(ev[e - 1].at_s - p->from_s) > NEAR_S ||
      fabs(ev[e + 1].at_s - p->from_s - p->length_s) > NEAR_S) {
    return NAN;
  }
  *length_s    = f[1].onset_s - f[-1].onset_s;
  double share = *length_s > 0 ? (f->onset_s - f[-1].onset_s) / *length_s : (double)NAN;
  return share >= HALF_LEAST && share <= HALF_MOST ? share : (double)NAN;
}

/// Pairs of one kind, as played.
typedef struct {
  double share[PAIRS_MOST], weight[PAIRS_MOST], length[PAIRS_MOST], same[PAIRS_MOST];
  size_t n;
  int    written;
  double length_s; ///< of the last, score time
} pairs;

static void
collect(shed_judged *j, bool swung, pairs *out)
{
  *out = (pairs){0};
  for (int e = 0; e < j->target.n_events; e++) {
    pair   p;
    double whole = 0;
    if (!find_pair(j, &j->target.events[e], &p) || p.swung != swung) {
      continue;
    }
    out->written++;
    out->length_s = p.length_s;
    double part   = played_share(j, e, &p, &whole);
    if (!isnan(part) && out->n < PAIRS_MOST) {
      out->share[out->n]  = part;
      out->length[out->n] = whole;
      out->weight[out->n] = out->same[out->n] = 1;
      out->n++;
    }
  }
}

static double
ratio_of(pairs *p)
{
  double half = p->n >= PAIRS_LEAST ? shed_weighted_median(p->share, p->weight, p->n, .5) : (double)NAN;
  return half / (1 - half);
}

static void
ask_by_ratio(shed_judged *j, double ratio)
{
  for (int e = 0; e < j->target.n_events; e++) {
    pair p;
    if (find_pair(j, &j->target.events[e], &p) && p.swung) {
      j->target.events[e].at_s = p.from_s + p.length_s * ratio / (1 + ratio);
    }
  }
}

void
shed_judge_swing(shed_judged *j)
{
  pairs p;
  collect(j, false, &p);
  double even   = ratio_of(&p);
  j->pair_ratio = even > UNEVEN || even < 1 / UNEVEN ? even : (double)NAN;
  collect(j, true, &p);
  if (p.written == 0) {
    return;
  }
  double played     = ratio_of(&p);
  double per_minute = 60 / (isnan(played) ? p.length_s * (double)j->guess.period
                                          : shed_weighted_median(p.length, p.same, p.n, .5));
  double usual      = SLOW_RATIO - (SLOW_RATIO - 1) * (per_minute - SLOW_PAIRS) / (FAST_PAIRS - SLOW_PAIRS);
  usual             = fmin(fmax(usual, 1), SLOW_RATIO);

  shed_swing *s = &j->v.swing;
  s->told       = true;
  s->written    = j->prompt->line.swing;
  s->least      = fmax(1, LEAST_PART * usual);
  s->most       = MOST_PART * usual;
  s->played     = played;
  s->credited   = fmin(fmax(isnan(played) ? s->written : played, s->least), s->most);
  j->pair_ratio = s->credited;
  ask_by_ratio(j, s->credited);
}
