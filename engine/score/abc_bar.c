/// About this file: bar lines of ABC and what hangs on them: repeats (4.8), endings (4.9, 4.10), and the signs that lead
/// through a piece.
#include "engine/score/abc_reader.h"

#include <ctype.h>
#include <string.h>

// The measure that the bar line closes; -1 when there is none before it.
static int
measure_before(const shed_abc_voice *v)
{
  return v->filled ? v->measure : v->measure - 1;
}

// A hold or breath that stands right before the bar line is the last note's.
static void
settle_pending(shed_abc_voice *v)
{
  unsigned flags = v->next.flags & (SHED_NOTE_FERMATA | SHED_NOTE_BREATH_AFTER);
  if (v->n_notes > 0) {
    v->notes[v->last_note].flags |= flags;
  }
  v->next.flags = 0;
}

static void
end_bracket(shed_abc_reader *r, shed_abc_voice *v, const shed_abc_bar *bar, int before)
{
  if (!v->in_ending || before < 0 || (!bar->hard && !bar->ending)) {
    return;
  }
  shed_score_column(r->score, before)->ending_last = true;
  v->in_ending                                     = false;
}

static shed_status
end_repeat(shed_abc_reader *r, shed_abc_voice *v, int colons, int before)
{
  if (before < 0) {
    return shed_abc_warn(r, "':|' has nothing before it that could be repeated; it is not used");
  }
  shed_column *column = shed_score_column(r->score, before);
  // without |: the passage begins at the last double bar, repeat or part, or at the beginning (4.8)
  if (!v->forward && !column->repeat_backward && v->passage <= before) {
    shed_score_column(r->score, v->passage)->repeat_forward = true;
  }
  column->repeat_backward = true;
  if (colons > 1 && column->times < colons + 1) {
    column->times = colons + 1 > SHED_SCORE_MAX_PASSES ? SHED_SCORE_MAX_PASSES : colons + 1;
  }
  return SHED_OK;
}

// A bar line inside what stands behind an &: the layer goes on to its next measure or ends.
static bool
layer_goes_on(shed_abc_voice *v)
{
  if (v->layer == 0) {
    return false;
  }
  bool goes_on = v->measure < v->back_to;
  if (goes_on) {
    v->measure++;
    v->at = shed_beat_of(0, 1);
  }
  if (v->measure >= v->back_to && (!goes_on || !v->back_filled)) {
    v->layer   = 0;
    v->measure = v->back_to;
    v->filled  = v->back_filled;
  }
  return goes_on;
}

// Signs that stand right before a bar line: places belong to what follows, stops and jumps to what ends here.
static void
settle_signs(shed_abc_reader *r, const shed_abc_voice *v, int before)
{
  for (size_t i = r->n_signs; i-- > 0 && r->signs[i].waits;) {
    shed_abc_sign *sign  = &r->signs[i];
    bool           place = sign->kind == SHED_ABC_DECO_SEGNO || sign->kind == SHED_ABC_DECO_CODA;
    sign->at_start       = place;
    sign->measure        = place ? before + 1 : before;
    sign->waits          = place && !v->filled; // "| !segno! |:" still means what follows
  }
}

// What the next ":|" goes back to.
static void
set_passage(shed_abc_voice *v, const shed_abc_bar *bar)
{
  if (bar->ending && !bar->hard && !v->last_there) {
    v->passage = v->passage_before; // ":| [2": the bracket was not known at the ":|"
    v->forward = v->forward_before;
  }
  v->passage_before = v->passage;
  v->forward_before = v->forward;
  if (bar->hard && !bar->ending && !v->in_ending) {
    v->passage = v->measure;
    v->forward = v->forward && !bar->end_repeats;
  }
  if (bar->start_repeats) {
    v->forward_new = v->forward = true;
    v->passage                  = v->measure;
  }
  if (bar->ending) {
    v->ending_new = bar->ending;
  }
}

shed_status
shed_abc_bar_line(shed_abc_reader *r, shed_abc_voice *v, const shed_abc_bar *bar)
{
  shed_status st = SHED_OK;
  settle_pending(v);
  if (!bar->ending || bar->hard || v->filled) {
    shed_abc_voice_forget_accidentals(v);
  }
  v->broken = shed_beat_of(1, 1);
  if (layer_goes_on(v)) {
    v->last_there = false;
    return SHED_OK;
  }
  int  before    = measure_before(v);
  bool bracketed = v->in_ending;
  settle_signs(r, v, before);
  end_bracket(r, v, bar, before);
  if (bar->end_repeats && (st = end_repeat(r, v, bar->end_repeats, before)) != SHED_OK) {
    return st;
  }
  if (before >= 0 && bar->hard && (size_t)before < r->n_columns) {
    r->columns[before].hard_end = true;
  }
  if (v->filled) {
    v->measure++;
    v->at         = shed_beat_of(0, 1);
    v->filled     = false;
    v->last_there = false;
  }
  set_passage(v, bar);
  if (bracketed && !v->in_ending && !bar->ending && !bar->start_repeats) {
    v->forward = false;
  }
  return SHED_OK;
}

shed_status
shed_abc_sign_add(shed_abc_reader *r, const shed_abc_voice *v, shed_abc_deco_kind kind)
{
  shed_status st = shed_grow(r->alloc, (void **)&r->signs, &r->cap_signs, r->n_signs, sizeof(*r->signs));
  if (st == SHED_OK) {
    r->signs[r->n_signs++] =
        (shed_abc_sign){.kind = kind, .measure = v->measure, .at_start = !v->filled, .waits = true};
  }
  return st;
}

void
shed_abc_sign_settle(shed_abc_reader *r)
{
  for (size_t i = r->n_signs; i-- > 0 && r->signs[i].waits;) {
    r->signs[i].waits = false;
  }
}

// "1", "1,3", "1-3": which passes a bracket is for, as bits.
static uint32_t
read_passes(const char **p)
{
  uint32_t bits = 0;
  for (;;) {
    int from = shed_abc_read_number(p, 0);
    int to   = from;
    if (**p == '-' && isdigit((unsigned char)(*p)[1])) {
      (*p)++;
      to = shed_abc_read_number(p, from);
    }
    for (int i = from; i >= 1 && i <= to && i <= SHED_SCORE_MAX_PASSES; i++) {
      bits |= (uint32_t)1 << (i - 1);
    }
    if (**p != ',' || !isdigit((unsigned char)(*p)[1])) {
      return bits;
    }
    (*p)++;
  }
}

bool
shed_abc_at_bar(const char *p)
{
  return *p == '|' || (*p == ':' && (p[1] == ':' || p[1] == '|')) ||
         (*p == '[' && (p[1] == '|' || isdigit((unsigned char)p[1])));
}

shed_status
shed_abc_read_bar(shed_abc_reader *r, const char **p)
{
  shed_abc_bar bar    = {0};
  const char  *from   = *p;
  int          colons = 0;
  int          lines  = 0;
  int          thick  = 0;
  for (; **p == '|' || **p == ':' || (**p == '[' && (*p)[1] == '|') || (**p == ']' && lines > 0); (*p)++) {
    if (**p == ':') {
      colons++;
      continue;
    }
    bar.end_repeats = lines == 0 && thick == 0 ? colons : bar.end_repeats;
    colons          = 0;
    lines += **p == '|';
    thick += **p != '|';
  }
  if (lines == 0 && thick == 0) {
    bar.end_repeats = bar.start_repeats = (colons + 1) / 2; // "::"
  } else {
    bar.start_repeats = colons;
  }
  bool invisible   = *p - from == 3 && strncmp(from, "[|]", 3) == 0;
  bar.hard         = !invisible && (lines > 1 || thick > 0 || bar.end_repeats > 0 || bar.start_repeats > 0);
  const char *next = *p + strspn(*p, " \t");
  if (*next == '[' && isdigit((unsigned char)next[1])) {
    *p         = next + 1;
    bar.ending = read_passes(p);
  } else if (isdigit((unsigned char)**p)) {
    bar.ending = read_passes(p);
  }
  return shed_abc_bar_line(r, &r->voices[r->voice], &bar);
}
