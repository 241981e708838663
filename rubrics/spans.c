// About this file: spans of equal beats, each right when every note in it is right in what must be right, and nothing sounds in it
// that is not written. A span in which no note begins is as right as the note that sounds on into it: that must be held.
#include "rubrics/spans.h"

#include <math.h>

static const double LINE_MS      = 60; ///< what the labels call on time is never wrong
static const double DOUBT_MS     = 10; ///< of an onset that the labels are sure of
static const double DOUBT_FAR_MS = 40; ///< of one that they are not
static const double DOUBT_CENTS  = 4;
static const double PACE_SLACK_S = .06; ///< two onsets
static const double SHIFT_SLACK  = .2;  ///< of half a beat
static const double SURE_EXTRA   = .5;
static const double SAME         = 1e-6;
static const double LEAST_SHARE  = .25; ///< of the notes that must be judged for the spans to say anything

typedef struct {
  const shed_prompt        *p;
  const shed_verdict       *v;
  const shed_span_rules    *rules;
  const shed_note_verdict **of;     ///< by index into the line; NULL where the verdict has none
  double                    beat_s; ///< NaN when no tempo is known
  int                       shifts_left;
} judging;

static bool
is_asked(const shed_sounding_note *n)
{
  return !(n->flags & (SHED_NOTE_GRACE | SHED_NOTE_CUE | SHED_NOTE_GHOST | SHED_NOTE_NO_ASSESS));
}

static double
beats(shed_beat b)
{
  return shed_beat_quarters(b);
}

static shed_span_outcome
worse(shed_span_outcome a, shed_span_outcome b)
{
  return a > b ? a : b;
}

// Inside a line by the doubt, outside, or too near to tell.
static shed_span_outcome
against(double value, double line, double doubt)
{
  return value <= line - doubt ? SHED_SPAN_RIGHT : value < line + doubt ? SHED_SPAN_UNSURE : SHED_SPAN_WRONG;
}

// -- one note -------------------------------------------------------------------------------------------------------------

static shed_span_outcome
pitch_of(const judging *j, const shed_sounding_note *n, const shed_note_verdict *v)
{
  switch (v->pitch) {
  case SHED_PITCH_CORRECT:
    return SHED_SPAN_RIGHT;
  case SHED_PITCH_SHARP:
  case SHED_PITCH_FLAT:
    return against(fabs(v->cents), j->rules->pitch_cents, DOUBT_CENTS);
  case SHED_PITCH_WRONG:
  case SHED_PITCH_MISSED:
    return SHED_SPAN_WRONG;
  case SHED_PITCH_UNSURE:
    return SHED_SPAN_UNSURE;
  case SHED_PITCH_NONE:
    break;
  }
  return n->pitched ? SHED_SPAN_UNSURE : SHED_SPAN_RIGHT;
}

// The shorter distance to a neighbour that is asked, in quarters; infinite without one.
static double
neighbour_beats(const judging *j, size_t at)
{
  const shed_line *line = &j->p->line;
  double           here = beats(line->notes[at].onset_beats);
  double           best = INFINITY;
  for (size_t i = at; i-- > 0;) {
    double d = here - beats(line->notes[i].onset_beats);
    if (is_asked(&line->notes[i]) && d > SAME) {
      best = d;
      break;
    }
  }
  for (size_t i = at + 1; i < line->n_notes; i++) {
    double d = beats(line->notes[i].onset_beats) - here;
    if (is_asked(&line->notes[i]) && d > SAME) {
      return fmin(best, d);
    }
  }
  return best;
}

static shed_span_outcome
rhythm_of(const judging *j, size_t at, const shed_note_verdict *v, double shift_ms)
{
  double error = v->onset_error_ms - shift_ms;
  if (v->pitch == SHED_PITCH_MISSED) {
    return SHED_SPAN_WRONG;
  }
  if (isnan(error)) {
    // the first sound of a take, or one behind a fermata: nothing says that it is wrong
    return v->timing == SHED_TIMING_NONE && !isnan(v->onset_s) ? SHED_SPAN_RIGHT : SHED_SPAN_UNSURE;
  }
  double share = isnan(j->beat_s) ? (double)INFINITY
                                  : 1000 * j->rules->rhythm_share * j->beat_s * neighbour_beats(j, at);
  double line  = fmax(fmin(j->rules->rhythm_ms, share), LINE_MS + DOUBT_MS);
  return against(fabs(error), line, v->timing == SHED_TIMING_UNSURE ? DOUBT_FAR_MS : DOUBT_MS);
}

static shed_span_outcome
length_of(const shed_note_verdict *v)
{
  static const shed_span_outcome of[] = {[SHED_LENGTH_NONE]   = SHED_SPAN_RIGHT,
                                         [SHED_LENGTH_OK]     = SHED_SPAN_RIGHT,
                                         [SHED_LENGTH_SHORT]  = SHED_SPAN_WRONG,
                                         [SHED_LENGTH_LONG]   = SHED_SPAN_WRONG,
                                         [SHED_LENGTH_UNSURE] = SHED_SPAN_UNSURE};
  return of[v->length];
}

// -- one span -------------------------------------------------------------------------------------------------------------

static void
settle(shed_span *s, shed_span_outcome outcome, shed_message_code why)
{
  if (outcome > s->outcome) {
    s->outcome = outcome;
    s->why     = outcome == SHED_SPAN_UNSURE ? SHED_MSG_rubric_segment_unsure : why;
  }
}

static bool
begins_in(const shed_sounding_note *n, const shed_span *s)
{
  double at = beats(n->onset_beats);
  return is_asked(n) && at >= s->from - SAME && at < s->to - SAME;
}

// Another place in the metre is a beat or half of one away; what is off by less or by something between is only wrong.
static bool
is_shift(const judging *j, double shift_ms)
{
  double halves = shift_ms / 1000 / j->beat_s * 2;
  return !isnan(halves) && fabs(round(halves)) >= 1 && fabs(halves - round(halves)) <= SHIFT_SLACK;
}

// The outcome of the rhythm with each onset moved back by the first one's error: whether it stands right, at another beat.
static bool
right_when_shifted(const judging *j, const shed_span *s)
{
  const shed_line *line  = &j->p->line;
  double           shift = (double)NAN;
  for (size_t i = s->first; i < s->end; i++) {
    if (begins_in(&line->notes[i], s) && j->of[i]) {
      shift = isnan(shift) ? j->of[i]->onset_error_ms : shift;
      if (!is_shift(j, shift) || rhythm_of(j, i, j->of[i], shift) != SHED_SPAN_RIGHT) {
        return false;
      }
    }
  }
  return !isnan(shift);
}

static void
judge_rhythm(judging *j, shed_span *s)
{
  shed_span_outcome worst = SHED_SPAN_RIGHT;
  for (size_t i = s->first; i < s->end; i++) {
    if (begins_in(&j->p->line.notes[i], s) && j->of[i]) {
      worst = worse(worst, rhythm_of(j, i, j->of[i], 0));
    }
  }
  if (worst == SHED_SPAN_WRONG && s->outcome != SHED_SPAN_WRONG && j->shifts_left > 0 &&
      right_when_shifted(j, s)) {
    j->shifts_left--;
    s->shifted = true;
    return;
  }
  settle(s, worst, SHED_MSG_rubric_segment_rhythm);
}

// Whether somebody stopped before a note, or began again at or from it.
static bool
is_broken_at(const judging *j, size_t i)
{
  for (size_t k = 0; k < j->v->n_hesitations; k++) {
    if (j->v->hesitations[k].before_index == (int)i) {
      return true;
    }
  }
  for (size_t k = 0; k < j->v->n_restarts; k++) {
    if (j->v->restarts[k].from_index == (int)i || j->v->restarts[k].to_index == (int)i) {
      return true;
    }
  }
  return false;
}

// Stops and new starts in the span, and how fast it goes: up to the note behind it, but where the stop before that note is charged
// to the next span.
static void
judge_tempo(const judging *j, shed_span *s)
{
  const shed_line *line  = &j->p->line;
  size_t           first = line->n_notes, last = line->n_notes;
  for (size_t i = s->first; i < line->n_notes; i++) {
    bool within = begins_in(&line->notes[i], s);
    bool behind = i >= s->end && is_asked(&line->notes[i]);
    bool broken = (within || behind) && is_broken_at(j, i);
    if (within && broken) {
      settle(s, SHED_SPAN_WRONG, SHED_MSG_rubric_segment_tempo);
    }
    bool heard = j->of[i] && !isnan(j->of[i]->onset_s);
    if (heard && (within || (behind && !broken && first < line->n_notes))) {
      first = first < line->n_notes ? first : i;
      last  = i;
    }
    if (behind) {
      break;
    }
  }
  if (first == last || isnan(j->beat_s)) {
    return; // one onset has no pace
  }
  double asked = (beats(line->notes[last].onset_beats) - beats(line->notes[first].onset_beats)) * j->beat_s;
  double off   = fabs(j->of[last]->onset_s - j->of[first]->onset_s - asked);
  settle(s, against(off, j->rules->tempo_share * asked + PACE_SLACK_S, DOUBT_MS / 1000),
         SHED_MSG_rubric_segment_tempo);
}

// A span in which nothing begins: what sounds on into it.
static void
judge_held(const judging *j, shed_span *s)
{
  const shed_line *line = &j->p->line;
  for (size_t i = s->first; i-- > 0;) {
    const shed_sounding_note *n = &line->notes[i];
    if (!is_asked(n) || beats(n->onset_beats) >= s->from - SAME) {
      continue;
    }
    if (beats(n->onset_beats) + beats(n->duration_beats) <= s->from + SAME || !j->of[i]) {
      return; // a rest
    }
    if (j->rules->pitch) {
      settle(s, pitch_of(j, n, j->of[i]), SHED_MSG_rubric_segment_pitch);
    }
    if (j->rules->rhythm || j->rules->length) {
      settle(s, j->of[i]->length == SHED_LENGTH_SHORT ? SHED_SPAN_WRONG : SHED_SPAN_RIGHT,
             SHED_MSG_rubric_segment_length);
      settle(s, rhythm_of(j, i, j->of[i], 0), SHED_MSG_rubric_segment_rhythm);
    }
    return;
  }
}

// Whether it says when it was to sound.
static bool
tells_time(const judging *j, size_t i)
{
  return is_asked(&j->p->line.notes[i]) && j->of[i] && !isnan(j->of[i]->expected_onset_s);
}

// When a beat sounds in the take, by the nearest note asked before @p from, else by the first behind it.
static double
time_of(const judging *j, double at, size_t from)
{
  const shed_line *line = &j->p->line;
  size_t           i    = from;
  while (i > 0 && (i == line->n_notes || !tells_time(j, i))) {
    i--;
  }
  while (i < line->n_notes && !tells_time(j, i)) {
    i++;
  }
  return i < line->n_notes ? j->of[i]->expected_onset_s + (at - beats(line->notes[i].onset_beats)) * j->beat_s
                           : (double)NAN;
}

static void
judge_extras(const judging *j, shed_span *s)
{
  double from = time_of(j, s->from, s->first) - LINE_MS / 1000;
  double to   = time_of(j, s->to, s->end) - LINE_MS / 1000;
  for (size_t i = 0; i < j->v->n_extras; i++) {
    const shed_extra_note *e = &j->v->extras[i];
    if (e->onset_s >= from && e->onset_s < to) {
      settle(s, e->confidence >= SURE_EXTRA ? SHED_SPAN_WRONG : SHED_SPAN_UNSURE,
             SHED_MSG_rubric_segment_extra);
    }
  }
}

static void
judge_span(judging *j, shed_span *s)
{
  bool any = false;
  for (size_t i = s->first; i < s->end; i++) {
    const shed_sounding_note *n = &j->p->line.notes[i];
    if (!begins_in(n, s) || !j->of[i]) {
      continue;
    }
    any = true;
    if (j->rules->pitch) {
      settle(s, pitch_of(j, n, j->of[i]), SHED_MSG_rubric_segment_pitch);
    }
    if (j->rules->length) {
      settle(s, length_of(j->of[i]), SHED_MSG_rubric_segment_length);
    }
  }
  if (!any) {
    judge_held(j, s);
  }
  if (j->rules->tempo) {
    judge_tempo(j, s);
  }
  if (j->rules->rhythm) {
    judge_rhythm(j, s);
  }
  judge_extras(j, s);
}

// -- all of them ----------------------------------------------------------------------------------------------------------

enum { PARTS_MOST = 64 }; // of one measure, however long it is

// Writes the spans, or with @p out NULL only counts them.
static size_t
make_spans(const shed_line *line, int per_measure, shed_span *out)
{
  size_t n       = 0;
  double waiting = (double)NAN; // start of a pickup that is shorter than a span
  for (size_t m = 0; m < line->n_measures; m++) {
    const shed_sounding_measure *measure = &line->measures[m];
    double                       start   = beats(measure->start_beats);
    double                       length  = beats(measure->length_beats);
    double whole = measure->beat_type > 0 ? 4.0 * measure->beats / measure->beat_type : length;
    double part  = whole / per_measure;
    if (length < SAME || part < SAME) {
      continue;
    }
    if (length < part - SAME && m + 1 < line->n_measures && n == 0) {
      waiting = isnan(waiting) ? start : waiting;
      continue;
    }
    int of = (int)fmin(ceil(length / part - SAME), PARTS_MOST);
    for (int k = 0; k < of; k++, n++) {
      double from = k == 0 && !isnan(waiting) ? waiting : start + k * part;
      double to   = k + 1 == of ? start + length : start + (k + 1) * part;
      if (out) {
        out[n] = (shed_span){.from = from, .to = to, .measure = measure->number, .part = k + 1, .of = of};
      }
    }
    waiting = (double)NAN;
  }
  return n;
}

// Which notes may begin in each span; notes and spans both go forward.
static void
find_notes(const shed_line *line, shed_span *spans, size_t n)
{
  size_t at = 0;
  for (size_t i = 0; i < n; i++) {
    while (at < line->n_notes && beats(line->notes[at].onset_beats) < spans[i].from - SAME) {
      at++;
    }
    spans[i].first = at;
    while (at < line->n_notes && beats(line->notes[at].onset_beats) < spans[i].to - SAME) {
      at++;
    }
    spans[i].end = at;
  }
}

static bool
shows_enough(const judging *j)
{
  size_t asked = 0, judged = 0;
  for (size_t i = 0; i < j->p->line.n_notes; i++) {
    const shed_note_verdict *v = j->of[i];
    if (!is_asked(&j->p->line.notes[i]) || !v) {
      continue;
    }
    bool missed = v->pitch == SHED_PITCH_MISSED;
    bool pitch  = !j->rules->pitch || !j->p->line.notes[i].pitched || missed ||
                 (v->pitch != SHED_PITCH_NONE && v->pitch != SHED_PITCH_UNSURE);
    bool time = !j->rules->rhythm || missed || !isnan(v->onset_error_ms) || !isnan(v->onset_s);
    asked++;
    judged += pitch && time;
  }
  return asked > 0 && (double)judged >= LEAST_SHARE * (double)asked;
}

shed_status
shed_spans_judge(const shed_prompt *p, const shed_verdict *v, const shed_span_rules *rules,
                 const shed_alloc *alloc, shed_spans *out)
{
  const shed_line *line = &p->line;
  judging          j    = {.p = p, .v = v, .rules = rules, .shifts_left = rules->shifts};
  double           bpm  = !isnan(v->tempo_bpm) ? v->tempo_bpm : p->tempo_bpm > 0 ? p->tempo_bpm : (double)NAN;
  size_t           n    = make_spans(line, rules->per_measure, NULL);
  *out                  = (shed_spans){.alloc = alloc};
  j.beat_s              = 60 / bpm;
  j.of                  = shed_calloc(alloc, line->n_notes ? line->n_notes : 1, sizeof(void *));
  out->items            = shed_calloc(alloc, n ? n : 1, sizeof(*out->items));
  if (!j.of || !out->items) {
    shed_free(alloc, j.of);
    shed_spans_free(out);
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < v->n_notes; i++) {
    if (v->notes[i].index >= 0 && (size_t)v->notes[i].index < line->n_notes) {
      j.of[v->notes[i].index] = &v->notes[i];
    }
  }
  out->n = make_spans(line, rules->per_measure, out->items);
  find_notes(line, out->items, out->n);
  out->judged = shows_enough(&j);
  for (size_t i = 0; i < out->n; i++) {
    judge_span(&j, &out->items[i]);
  }
  shed_free(alloc, j.of);
  return SHED_OK;
}

void
shed_spans_free(shed_spans *s)
{
  shed_free(s->alloc, s->items);
  s->items = NULL;
  s->n     = 0;
}
