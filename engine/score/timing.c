#include "engine/score/timing.h"

static const double DEFAULT_BPM = 120.0;
// the off-beat of a pair stays between its neighbours, the sixteenths: 3 : 1 and 1 : 3 are the most
static const double MAX_LONG_SHARE = 0.75;
static const double MIN_LONG_SHARE = 0.25;

// What holds from a moment on.
typedef struct {
  double at; // quarters from the start
  double seconds;
  double bpm;
} tempo_point;

typedef struct {
  double    ratio; // long : short
  shed_beat unit;  // of a pair, in quarters
} swing_state;

struct shed_timing {
  const shed_alloc *alloc;
  const shed_score *score;
  const shed_step  *steps;
  const shed_beat  *starts;
  size_t            n_steps;
  tempo_point      *points;
  size_t            n_points, cap_points;
  swing_state      *swing;      // at the start of each column
  double           *mark_bpm;   // of each mark of the score, ratios worked out; 0 where it is no tempo
  size_t           *first_mark; // of each column; one more at the end
  double           *column_bpm; // in force just before each column's first mark
  int               marks;
};

// Walk the marks once in written order: what is in force where.
static shed_status
survey(shed_timing *t)
{
  const shed_score *score = t->score;
  size_t            n     = score->n_columns;
  t->swing                = shed_calloc(t->alloc, n + 1, sizeof(*t->swing));
  t->mark_bpm             = shed_calloc(t->alloc, score->n_marks + 1, sizeof(*t->mark_bpm));
  t->first_mark           = shed_calloc(t->alloc, n + 1, sizeof(*t->first_mark));
  t->column_bpm           = shed_calloc(t->alloc, n + 1, sizeof(*t->column_bpm));
  if (!t->swing || !t->mark_bpm || !t->first_mark || !t->column_bpm) {
    return SHED_E_NOMEM;
  }
  double      bpm   = 0;
  swing_state swing = {1.0, {1, 1}};
  size_t      k     = 0;
  for (size_t m = 0; m <= n; m++) {
    t->first_mark[m] = k;
    t->column_bpm[m] = bpm;
    t->swing[m]      = swing;
    for (; k < score->n_marks && score->marks[k].measure == (int)m; k++) {
      const shed_mark *mark = &score->marks[k];
      if (mark->kind == SHED_MARK_TEMPO || mark->kind == SHED_MARK_TEMPO_RATIO) {
        double from    = bpm > 0 ? bpm : DEFAULT_BPM;
        bpm            = mark->kind == SHED_MARK_TEMPO ? mark->value : from * mark->value;
        t->mark_bpm[k] = bpm;
      } else if (mark->kind == SHED_MARK_SWING) {
        swing = (swing_state){mark->value, mark->unit};
        if (mark->at.num <= 0) {
          t->swing[m] = swing; // within a measure it begins with the next one
        }
      }
    }
  }
  return SHED_OK;
}

static shed_status
add_point(shed_timing *t, double at, double bpm)
{
  tempo_point *last = t->n_points ? &t->points[t->n_points - 1] : NULL;
  if (last && last->bpm == bpm) {
    return SHED_OK;
  }
  if (last && last->at >= at) {
    last->bpm = bpm;
    return SHED_OK;
  }
  double      seconds = last ? last->seconds + (at - last->at) * 60.0 / last->bpm : 0;
  shed_status st = shed_grow(t->alloc, (void **)&t->points, &t->cap_points, t->n_points, sizeof(*t->points));
  if (st == SHED_OK) {
    t->points[t->n_points++] = (tempo_point){at, seconds, bpm};
  }
  return st;
}

static shed_status
lay_step(shed_timing *t, size_t step)
{
  const shed_column *c        = &t->score->columns[t->steps[step].column];
  size_t             m        = (size_t)t->steps[step].column;
  double             start    = shed_beat_quarters(t->starts[step]);
  double             end      = shed_beat_quarters(shed_beat_add(t->starts[step], c->length));
  shed_status        st       = add_point(t, start, t->column_bpm[m] > 0 ? t->column_bpm[m] : DEFAULT_BPM);
  bool               in_force = step == 0 && t->column_bpm[m] > 0; // a mark from before the first measure
  for (size_t k = t->first_mark[m]; k < t->first_mark[m + 1] && st == SHED_OK; k++) {
    if (t->mark_bpm[k] > 0) {
      double at = shed_beat_quarters(shed_beat_add(t->starts[step], t->score->marks[k].at));
      st        = add_point(t, at > end ? end : at, t->mark_bpm[k]);
      t->marks += t->steps[step].pass == 1;
      in_force = in_force && t->score->marks[k].at.num > 0;
    }
  }
  t->marks += in_force;
  return st;
}

shed_status
shed_timing_new(shed_timing **out, const shed_alloc *alloc, const shed_score *score, const shed_step *steps,
                const shed_beat *starts, size_t n_steps, double tempo_bpm)
{
  shed_timing *t = shed_calloc(alloc, 1, sizeof(*t));
  if (!t) {
    return SHED_E_NOMEM;
  }
  t->alloc       = alloc;
  t->score       = score;
  t->steps       = steps;
  t->starts      = starts;
  t->n_steps     = n_steps;
  shed_status st = survey(t);
  for (size_t i = 0; i < n_steps && st == SHED_OK; i++) {
    st = lay_step(t, i);
  }
  if (st == SHED_OK && (tempo_bpm > 0 || n_steps == 0)) {
    t->n_points = 0;
    st          = add_point(t, 0, tempo_bpm > 0 ? tempo_bpm : DEFAULT_BPM);
  }
  if (st != SHED_OK) {
    shed_timing_free(t);
    return st;
  }
  *out = t;
  return SHED_OK;
}

void
shed_timing_free(shed_timing *t)
{
  if (t) {
    shed_free(t->alloc, t->points);
    shed_free(t->alloc, t->swing);
    shed_free(t->alloc, t->mark_bpm);
    shed_free(t->alloc, t->first_mark);
    shed_free(t->alloc, t->column_bpm);
    shed_free(t->alloc, t);
  }
}

// The step in which a moment lies; the last one for moments behind the end.
static size_t
step_at(const shed_timing *t, shed_beat at)
{
  size_t lo = 0;
  size_t hi = t->n_steps;
  while (hi - lo > 1) {
    size_t mid = lo + (hi - lo) / 2;
    if (shed_beat_cmp(t->starts[mid], at) <= 0) {
      lo = mid;
    } else {
      hi = mid;
    }
  }
  return lo;
}

static double
swung(const shed_timing *t, shed_beat at)
{
  double quarters = shed_beat_quarters(at);
  if (t->n_steps == 0) {
    return quarters;
  }
  size_t             step  = step_at(t, at);
  size_t             m     = (size_t)t->steps[step].column;
  const swing_state *swing = &t->swing[m];
  if (swing->ratio == 1.0) {
    return quarters;
  }
  // pairs are counted from the full measure's start, so that a pickup of one eighth is an off-beat
  shed_beat place = shed_beat_add(shed_beat_sub(at, t->starts[step]), t->score->columns[m].lead_in);
  shed_beat pairs = shed_beat_div(place, swing->unit);
  shed_beat part  = shed_beat_of(pairs.num % pairs.den, pairs.den);
  if (part.num != 1 || part.den != 2) {
    return quarters;
  }
  double share = swing->ratio / (swing->ratio + 1.0);
  share        = share > MAX_LONG_SHARE ? MAX_LONG_SHARE : share < MIN_LONG_SHARE ? MIN_LONG_SHARE : share;
  return quarters + (share - 0.5) * shed_beat_quarters(swing->unit);
}

double
shed_timing_seconds(const shed_timing *t, shed_beat at)
{
  double quarters = swung(t, at);
  size_t lo       = 0;
  size_t hi       = t->n_points;
  while (hi - lo > 1) {
    size_t mid = lo + (hi - lo) / 2;
    if (t->points[mid].at <= quarters) {
      lo = mid;
    } else {
      hi = mid;
    }
  }
  return t->points[lo].seconds + (quarters - t->points[lo].at) * 60.0 / t->points[lo].bpm;
}

double
shed_timing_tempo_bpm(const shed_timing *t)
{
  return t->points[0].bpm;
}

int
shed_timing_marks(const shed_timing *t)
{
  return t->marks;
}

double
shed_timing_swing(const shed_timing *t)
{
  return t->n_steps ? t->swing[t->steps[0].column].ratio : 1.0;
}
