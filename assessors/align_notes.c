// About this file: takes whose notes are given, a keyboard's or a list. There nothing has to be heard, so the search is over
// notes, not over frames: each row of the take is a note of the music or an extra one. Dynamic programming over (row,
// note) with stay, next, skip and jump (Viterbi), where each hypothesis carries the running tempo and, for a voice, the running
// tonal centre: amateurs' keys move by semitones within a song, and there time has to say what pitch cannot.
#include "assessors/align.h"
#include "assessors/align_cost.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// In one unit: what a note left out or an extra one costs is 2. Tried on real singers' labels and on swaying pianists' lines
// with planted mistakes (tests/accuracy/accuracy_pairs); each is flat within a quarter of its value.
static const float  COST_EXTRA     = 2.F;
static const float  COST_OMIT      = 2.F;
static const float  COST_OMIT_MOST = 6.F; ///< at either end of the music
static const float  COST_WRONG     = 2.2F;
static const float  COST_JUMP      = 5.F;
static const float  COST_PAUSED    = 1.F;  ///< less, where the player has stopped
static const float  COST_LEAP      = .25F; ///< of each note leapt over, to LEAP_NOTES
static const double PAUSE_S        = .25;
static const double KEY_SLOPE      = 1.4; ///< cost a semitone
static const double VOICE_SLOPE    = .9;  ///< voices scatter around their own centre
static const double TIME_FLOOR_S   = .04; ///< an interval is expected to within this and TIME_SHARE of itself
static const double TIME_SHARE     = .16;
static const float  TIME_WEIGHT    = .5F;
static const float  TIME_MOST      = 1.8F;
static const float  COST_REKEY     = 3.F; ///< a voice goes on in another key
static const float  REKEY_LEAST    = .7F; ///< semitones
static const float  REKEY_MOST     = 9.F;
static const float  SAME_CENTRE    = .5F;
static const double CENTRE_GAIN    = .25;
static const double CENTRE_NEAR    = 1.2; ///< semitones: what is further off says nothing of the centre
static const float  STAY_BONUS     = 2.F; ///< of the written pitch
static const float  HINT_SHARE =
    .5F; ///< another key is told of when it costs less than this of the written one
static const double VOTE_NEAR = .2; ///< of the length: what may be the same place
enum {
  EXTRAS_ROW   = 3, ///< extras between two notes
  OMITS_ROW    = 6, ///< notes left out between two, that keep time
  LEAP_NOTES   = 6,
  MOST_CELLS   = 1 << 22,
  SHIFT_MOST   = 48,
  VOTES_A_SEMI = 4, ///< bins a semitone
  VOTE_BINS    = (2 * SHIFT_MOST + 1) * VOTES_A_SEMI,
  SHIFTS_TRIED = 4,
  FROM_START   = -1
};

typedef struct {
  float value;  ///< cost so far; the least is sought
  float period; ///< take seconds for a score second
  float centre; ///< semitones
  int   from;   ///< cell before; FROM_START; a jump from cell c is -2 - c
} cell;

// Of each row and note two ways are kept, whose tonal centres differ: a voice that has just left its key is dearer at first
// than one that sang a wrong note, and only the notes after it say which of the two it was.
enum { WAYS = 2 };

typedef struct {
  const shed_prompt       *prompt;
  const shed_take         *take;
  const shed_align_target *t;
  const shed_alloc        *alloc;
  int                     *row; ///< pitched rows of the take
  int                      n_rows;
  cell                    *cells;
  float                   *best; ///< of each row
  int                     *best_at;
  double                   slope;
} search;

static const shed_heard_note *
note_at(const search *s, int i)
{
  return &s->take->notes[s->row[i]];
}

static double
pitch_at(const search *s, int i)
{
  return note_at(s, i)->midi + (double)note_at(s, i)->cents / 100;
}

bool
shed_notes_are_given(const shed_take *take, const shed_align_target *t)
{
  bool   list = take->kind == SHED_TAKE_MIDI || take->kind == SHED_TAKE_NOTES;
  size_t n    = 0;
  for (int e = 0; e < t->n_events; e++) {
    if (t->events[e].count > 1) {
      return false; // chords are looked for as they sound
    }
  }
  for (size_t i = 0; i < take->n_notes; i++) {
    n += take->notes[i].midi >= 0 ? 1 : 0;
  }
  return list && n > 0 && WAYS * n * (size_t)t->n_events <= MOST_CELLS;
}

// -- costs ---------------------------------------------------------------------------------------------------------

static float
cost_pitch(const search *s, int k, int i, float centre)
{
  double off = fabs(pitch_at(s, i) - (double)centre - s->t->events[k].pitch);
  if (!s->prompt->sung) {
    return off < .5 ? 0 : (float)fmin((double)COST_WRONG, .6 + s->slope * off / 2);
  }
  return (float)fmin((double)COST_WRONG, s->slope * fmax(0, off - .3));
}

static float
cost_time(double interval, double expected)
{
  double d    = fabs(interval - expected) / (TIME_FLOOR_S + TIME_SHARE * expected);
  float  cost = TIME_WEIGHT * (float)(d < 1 ? d * d : 2 * d - 1);
  return cost < TIME_MOST ? cost : TIME_MOST;
}

static float
cost_ends(int left_out)
{
  float cost = COST_OMIT * (float)left_out;
  return cost < COST_OMIT_MOST ? cost : COST_OMIT_MOST;
}

static float
cost_jump(const search *s, int i, int from, int to)
{
  int   far  = abs(to - from);
  bool  wait = (double)note_at(s, i)->onset_s - (double)note_at(s, i - 1)->offset_s > PAUSE_S;
  float leap = COST_LEAP * (float)(far < LEAP_NOTES ? far : LEAP_NOTES);
  return COST_JUMP - (wait ? COST_PAUSED : 0) + leap;
}

// -- the search ----------------------------------------------------------------------------------------------------

static cell *
cell_at(const search *s, int i, int k)
{
  return &s->cells[WAYS * ((size_t)i * (size_t)s->t->n_events + (size_t)k)];
}

static int
row_of(const search *s, int c)
{
  return c / WAYS / s->t->n_events;
}

static int
event_of(const search *s, int c)
{
  return c / WAYS % s->t->n_events;
}

static float
next_centre(const search *s, int k, int i, float centre)
{
  double off = pitch_at(s, i) - (double)centre - s->t->events[k].pitch;
  return s->prompt->sung && fabs(off) < CENTRE_NEAR ? centre + (float)(CENTRE_GAIN * off) : centre;
}

static void
keep(const search *s, int k, int i, cell c)
{
  cell *here = cell_at(s, i, k);
  bool  same = fabsf(c.centre - here[0].centre) < SAME_CENTRE;
  if (c.value < here[0].value) {
    here[1] = same ? here[1] : here[0];
    here[0] = c;
  } else if (!same && c.value < here[1].value) {
    here[1] = c;
  }
}

static void
take_if_less(const search *s, int k, int i, cell c)
{
  cell  other  = c;
  float centre = (float)(pitch_at(s, i) - s->t->events[k].pitch);
  c.value += cost_pitch(s, k, i, c.centre);
  c.centre = next_centre(s, k, i, c.centre);
  keep(s, k, i, c);
  if (s->prompt->sung && fabsf(centre - other.centre) > REKEY_LEAST && fabsf(centre) < REKEY_MOST) {
    other.value += COST_REKEY;
    other.centre = centre;
    keep(s, k, i, other);
  }
}

static void
from_before(const search *s, int i, int k, float start_period)
{
  const shed_align_event *ev = s->t->events;
  for (int before = i - 1; before >= 0 && before >= i - 1 - EXTRAS_ROW; before--) {
    double interval = (double)note_at(s, i)->onset_s - (double)note_at(s, before)->onset_s;
    float  extras   = COST_EXTRA * (float)(i - 1 - before);
    for (int from = k - 1; from >= 0 && from >= k - 1 - OMITS_ROW; from--) {
      const double score = ev[k].at_s - ev[from].at_s;
      for (int way = 0; way < WAYS; way++) {
        const cell *c = cell_at(s, before, from) + way;
        cell        n = *c;
        if (!isfinite(c->value)) {
          continue;
        }
        n.value +=
            extras + COST_OMIT * (float)(k - 1 - from) + cost_time(interval, score * (double)c->period);
        n.period = (float)shed_period_next((double)c->period, (double)start_period, s->prompt->tempo_bpm > 0,
                                           interval, score);
        n.from   = (int)(c - s->cells);
        take_if_less(s, k, i, n);
      }
    }
  }
}

static void
jump_to(const search *s, int i, int k)
{
  for (int before = i - 1; before >= 0 && before >= i - 1 - EXTRAS_ROW; before--) {
    int  from = s->best_at[before];
    cell n    = *cell_at(s, before, from);
    if (from == k || from == k - 1) {
      continue;
    }
    n.value += COST_EXTRA * (float)(i - 1 - before) + cost_jump(s, i, from, k);
    n.from = -2 - (int)(cell_at(s, before, from) - s->cells);
    take_if_less(s, k, i, n);
  }
}

/// @return the cell that the cheapest path ends in.
static int
run(search *s, float period, float centre, float *value)
{
  int end = 0;
  *value  = INFINITY;
  for (int i = 0; i < s->n_rows; i++) {
    s->best[i] = INFINITY;
    for (int k = 0; k < s->t->n_events; k++) {
      cell *c     = cell_at(s, i, k);
      cell  start = {cost_ends(k) + COST_EXTRA * (float)i, period, centre, FROM_START};
      c[0] = c[1] = (cell){INFINITY, period, centre, FROM_START};
      take_if_less(s, k, i, start);
      from_before(s, i, k, period);
      jump_to(s, i, k);
      if (c->value < s->best[i]) {
        s->best[i]    = c->value;
        s->best_at[i] = k;
      }
      float v = c->value + COST_EXTRA * (float)(s->n_rows - 1 - i) + cost_ends(s->t->n_events - 1 - k);
      if (v < *value) {
        *value = v;
        end    = (int)(c - s->cells);
      }
    }
  }
  return end;
}

static int
before_of(const cell *c)
{
  return c->from <= -2 ? -2 - c->from : c->from;
}

static int
compare(const void *a, const void *b)
{
  float x = *(const float *)a, y = *(const float *)b;
  return (x > y) - (x < y);
}

/// The usual tempo of a path.
static float
period_of(const search *s, int end, float otherwise)
{
  float ratios[512];
  int   n = 0;
  for (int c = end; c >= 0 && n < (int)SHED_COUNTOF(ratios);) {
    const cell *here   = &s->cells[c];
    int         before = before_of(here);
    if (here->from >= 0) {
      double score = s->t->events[event_of(s, c)].at_s - s->t->events[event_of(s, before)].at_s;
      double have =
          (double)note_at(s, row_of(s, c))->onset_s - (double)note_at(s, row_of(s, before))->onset_s;
      if (score > 0 && have > 0) {
        ratios[n++] = (float)(have / score);
      }
    }
    c = before;
  }
  if (n < 3) {
    return otherwise;
  }
  qsort(ratios, (size_t)n, sizeof(*ratios), compare);
  return ratios[n / 2];
}

// -- which key -----------------------------------------------------------------------------------------------------

static bool
is_allowed(const shed_prompt *p, int shift)
{
  return shift == 0 || (p->key == SHED_KEY_ANY && (p->octave == SHED_OCTAVE_ANY || abs(shift) < 12)) ||
         (p->octave == SHED_OCTAVE_ANY && shift % 12 == 0);
}

/// How often each distance in pitch stands between notes that may be the same place.
static void
vote(const search *s, float *bins)
{
  const int m = s->t->n_events, n = s->n_rows;
  for (int i = 0; i < n; i++) {
    int at = (int)((double)i / n * m), near = (int)(VOTE_NEAR * m) + 3;
    for (int k = at - near > 0 ? at - near : 0; k < m && k <= at + near; k++) {
      double off = pitch_at(s, i) - (s->t->events[k].pitch - s->t->shift);
      int    bin = (int)lround((off + SHIFT_MOST) * VOTES_A_SEMI);
      for (int b = bin - 1; b <= bin + 1; b++) {
        if (b >= 0 && b < VOTE_BINS) {
          bins[b] += b == bin ? 1.F : .5F;
        }
      }
    }
  }
}

/// The best distances that are allowed (or forbidden), a semitone apart. @return how many.
static int
candidates(const search *s, const float *bins, bool allowed, int *out, int most)
{
  int n = 0;
  while (n < most) {
    int best = -1;
    for (int b = 0; b < VOTE_BINS; b++) {
      bool fits = is_allowed(s->prompt, (int)lround((double)b / VOTES_A_SEMI) - SHIFT_MOST) == allowed;
      for (int i = 0; i < n; i++) {
        fits = fits && abs(b - out[i]) >= VOTES_A_SEMI;
      }
      best = fits && bins[b] > 0 && (best < 0 || bins[b] > bins[best]) ? b : best;
    }
    if (best < 0) {
      break;
    }
    out[n++] = best;
  }
  return n;
}

typedef struct {
  int   shift;
  float centre, period, value;
  int   end;
} choice;

/// Twice, since the first tempo is but a guess.
static choice
try_at(search *s, shed_align_target *t, int shift, float centre, float period)
{
  choice c = {.shift = shift, .centre = centre};
  shed_align_target_shift(t, shift);
  c.end    = run(s, period, centre, &c.value);
  c.period = s->prompt->tempo_bpm > 0 ? period : period_of(s, c.end, period);
  c.end    = run(s, c.period, centre, &c.value);
  return c;
}

static void
choose(search *s, shed_align_target *t, float period, choice *out, shed_guess *g)
{
  float bins[VOTE_BINS] = {0};
  int   at[SHIFTS_TRIED];
  vote(s, bins);
  *out = try_at(s, t, 0, 0, period);
  out->value -= STAY_BONUS;
  float written = out->value;
  int   n       = candidates(s, bins, true, at, SHIFTS_TRIED);
  for (int i = 0; i < n; i++) {
    double off   = (double)at[i] / VOTES_A_SEMI - SHIFT_MOST;
    int    shift = (int)lround(off);
    float  rest  = s->prompt->sung ? (float)(off - shift) : 0;
    if (shift == 0 && rest == 0) {
      continue;
    }
    choice c = try_at(s, t, shift, rest, period);
    c.value -= shift == 0 ? STAY_BONUS : 0;
    if (c.value < out->value) {
      *out = c;
    }
  }
  if (candidates(s, bins, false, at, 1) == 1) {
    int    shift  = (int)lround((double)at[0] / VOTES_A_SEMI) - SHIFT_MOST;
    choice c      = try_at(s, t, shift, 0, period);
    g->hint_shift = c.value < HINT_SHARE * written ? shift : 0;
    *out          = g->hint_shift ? c : *out; // what was played is found there, and judged as it is written
  }
  float value = out->value;
  *out        = try_at(s, t, out->shift, out->centre, period);
  out->value  = value;
}

// -- what was found ------------------------------------------------------------------------------------------------

static int
lane_of(const shed_align_event *ev, double pitch)
{
  int best = 0;
  for (int k = 1; k < SHED_LANES && ev->lane[k] >= 0; k++) {
    bool nearer =
        fabs(shed_lane_midi(ev->lane[k]) - pitch) + .5 < fabs(shed_lane_midi(ev->lane[best]) - pitch);
    best = nearer ? k : best;
  }
  return best;
}

static int
grid_of(double at_s)
{
  return (int)fmax(0, ceil(at_s / SHED_FRAME_HOP_S - 1e-6));
}

static void
fill_segment(const search *s, int i, const cell *c, int event, shed_segment *out)
{
  const shed_heard_note *n    = note_at(s, i);
  double                 next = i + 1 < s->n_rows ? (double)note_at(s, i + 1)->onset_s : (double)INFINITY;
  double                 end  = fmin(fmax((double)n->offset_s, (double)n->onset_s), next);
  *out                        = (shed_segment){.event  = event,
                                               .row    = s->row[i],
                                               .start  = grid_of((double)n->onset_s),
                                               .end    = grid_of(end),
                                               .period = c->period};
  if (out->end <= out->start) {
    out->end = out->start + 1;
  }
}

static shed_status
read_back(const search *s, int end, shed_path *out)
{
  out->segments = shed_calloc(s->alloc, (size_t)s->n_rows, sizeof(*out->segments));
  if (!out->segments) {
    return SHED_E_NOMEM;
  }
  out->n  = (size_t)s->n_rows;
  int row = s->n_rows - 1;
  for (int c = end; c >= 0; c = before_of(&s->cells[c])) {
    const cell *here = &s->cells[c];
    for (; row > row_of(s, c); row--) {
      fill_segment(s, row, here, event_of(s, c), &out->segments[row]);
      out->segments[row].kind = SHED_STEP_EXTRA;
      out->segments[row].lane = note_at(s, row)->midi;
    }
    shed_segment *seg = &out->segments[row];
    fill_segment(s, row--, here, event_of(s, c), seg);
    seg->kind = here->from == FROM_START ? SHED_STEP_START : here->from < 0 ? SHED_STEP_JUMP : SHED_STEP_NEXT;
    seg->lane = lane_of(&s->t->events[event_of(s, c)], pitch_at(s, row_of(s, c)) - (double)here->centre);
    for (; here->from == FROM_START && row >= 0; row--) {
      fill_segment(s, row, here, event_of(s, c), &out->segments[row]);
      out->segments[row].kind = SHED_STEP_EXTRA;
      out->segments[row].lane = note_at(s, row)->midi;
    }
  }
  return SHED_OK;
}

static void
search_free(search *s)
{
  shed_free(s->alloc, s->row);
  shed_free(s->alloc, s->cells);
  shed_free(s->alloc, s->best);
  shed_free(s->alloc, s->best_at);
}

shed_status
shed_align_notes(const shed_prompt *prompt, const shed_take *take, shed_align_target *target,
                 const shed_alloc *alloc, shed_guess *guess, shed_path *out)
{
  search     s = {.prompt = prompt,
                  .take   = take,
                  .t      = target,
                  .alloc  = alloc,
                  .slope  = prompt->sung ? VOICE_SLOPE : KEY_SLOPE};
  shed_path  p = {.alloc = alloc};
  shed_guess g = {.end = take->n_frames, .period = 1};
  choice     best;
  s.row = shed_calloc(alloc, take->n_notes, sizeof(*s.row));
  for (size_t i = 0; i < take->n_notes && s.row; i++) {
    if (take->notes[i].midi >= 0) {
      s.row[s.n_rows++] = (int)i;
    }
  }
  s.cells   = shed_calloc(alloc, WAYS * (size_t)s.n_rows * (size_t)target->n_events, sizeof(*s.cells));
  s.best    = shed_calloc(alloc, (size_t)s.n_rows, sizeof(*s.best));
  s.best_at = shed_calloc(alloc, (size_t)s.n_rows, sizeof(*s.best_at));
  if (!s.row || !s.cells || !s.best || !s.best_at) {
    search_free(&s);
    return SHED_E_NOMEM;
  }
  double span = (double)note_at(&s, s.n_rows - 1)->offset_s - (double)note_at(&s, 0)->onset_s;
  if (prompt->tempo_bpm <= 0 && target->length_s > 0 && span > 0) {
    g.period = (float)(span / target->length_s);
  }
  choose(&s, target, g.period, &best, &g);
  g.shift        = g.hint_shift ? 0 : best.shift;
  g.period       = best.period;
  g.offset_cents = best.centre * 100;
  p.value        = -best.value;
  shed_status st = read_back(&s, best.end, &p);
  search_free(&s);
  if (st == SHED_OK) {
    *out   = p;
    *guess = g;
  }
  return st;
}
