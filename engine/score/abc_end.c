/// About this file: what can be said once the whole tune is read: the numbers of the measures, where signs lead, the order
/// of parts, and the notes in the order in which the score takes them.
#include "engine/score/abc_reader.h"

#include <stdio.h>
#include <stdlib.h>

static bool
is_short(const shed_abc_reader *r, size_t i)
{
  shed_beat full = r->columns[i].full;
  return full.num > 0 && shed_beat_cmp(r->score->columns[i].length, full) < 0;
}

// Does measure i go on with the one before it, which a repeat sign or a double bar cut off?
static bool
is_remainder(const shed_abc_reader *r, size_t i)
{
  const shed_column *c = &r->score->columns[i];
  if (i == 0 || c->ending_first || !r->columns[i - 1].hard_end || !is_short(r, i) || !is_short(r, i - 1) ||
      c[-1].implicit) {
    return false;
  }
  shed_beat both = shed_beat_add(c[-1].length, c->length);
  return shed_beat_cmp(both, r->columns[i].full) <= 0;
}

// A measure that does not hold what its metre says, where no pickup or repeat explains it.
static shed_status
check_length(shed_abc_reader *r, size_t i)
{
  const shed_column *c    = &r->score->columns[i];
  shed_beat          full = r->columns[i].full;
  bool               last = i + 1 == r->n_columns;
  bool               over = full.num > 0 && shed_beat_cmp(c->length, full) > 0;
  bool under = is_short(r, i) && i > 0 && !last && !c->implicit && !r->columns[i].hard_end && !c->ending_last;
  if (!over && !under) {
    return SHED_OK;
  }
  r->line = r->columns[i].line;
  return shed_abc_warn(r, "measure %s holds %.4g quarter notes, its metre %.4g", c->number,
                       shed_beat_quarters(c->length), shed_beat_quarters(full));
}

// 0 for a pickup, then from 1; both halves of a measure that a repeat sign cuts in two have its number.
static shed_status
number_measures(shed_abc_reader *r)
{
  char        number[16];
  int         next = 1;
  shed_status st   = SHED_OK;
  for (size_t i = 0; i < r->n_columns && st == SHED_OK; i++) {
    shed_column *c      = &r->score->columns[i];
    bool         pickup = i == 0 && r->n_columns > 1 && is_short(r, 0);
    bool         rest   = is_remainder(r, i);
    c->implicit         = pickup || rest;
    (void)snprintf(number, sizeof(number), "%d", pickup ? 0 : rest ? next - 1 : next++);
    st = shed_score_open_measure(r->score, (int)i, number);
    if (st == SHED_OK) {
      st = check_length(r, i);
    }
  }
  return st;
}

// The measure that a sign is about; -1 when there is none. Places lie at a start, stops and jumps at an end.
static int
measure_of(const shed_abc_reader *r, const shed_abc_sign *sign)
{
  int n = (int)r->n_columns;
  if (sign->kind == SHED_ABC_DECO_SEGNO || sign->kind == SHED_ABC_DECO_CODA) {
    return sign->measure < n ? sign->measure : -1;
  }
  return sign->measure < n ? sign->measure : n - 1;
}

static int
count_signs(const shed_abc_reader *r, shed_abc_deco_kind kind)
{
  int n    = 0;
  int last = -1;
  for (size_t i = 0; i < r->n_signs; i++) {
    int m = measure_of(r, &r->signs[i]);
    if (r->signs[i].kind == kind && m >= 0 && m != last) {
      n++; // once a measure: other voices say it again
      last = m;
    }
  }
  return n;
}

static int
first_measure_of(const shed_abc_reader *r, shed_abc_deco_kind kind)
{
  int first = -1;
  for (size_t i = 0; i < r->n_signs; i++) {
    int m = measure_of(r, &r->signs[i]);
    if (r->signs[i].kind == kind && m >= 0 && (first < 0 || m < first)) {
      first = m;
    }
  }
  return first;
}

// Print shows the way to the coda with the coda's own sign: the first of two is where the way begins.
static void
split_codas(shed_abc_reader *r)
{
  bool jumps = count_signs(r, SHED_ABC_DECO_DC) + count_signs(r, SHED_ABC_DECO_DS) > 0;
  int  first = first_measure_of(r, SHED_ABC_DECO_CODA);
  if (!jumps || count_signs(r, SHED_ABC_DECO_TOCODA) > 0 || count_signs(r, SHED_ABC_DECO_CODA) < 2) {
    return;
  }
  for (size_t i = 0; i < r->n_signs; i++) {
    shed_abc_sign *sign = &r->signs[i];
    if (sign->kind == SHED_ABC_DECO_CODA && measure_of(r, sign) == first) {
      sign->kind = SHED_ABC_DECO_TOCODA;
      sign->measure -= sign->at_start && sign->measure > 0; // at a start: the measure before it leads there
    }
  }
}

static void
place_signs(shed_abc_reader *r)
{
  split_codas(r);
  bool to_coda = count_signs(r, SHED_ABC_DECO_TOCODA) > 0;
  bool fine    = count_signs(r, SHED_ABC_DECO_FINE) > 0;
  for (size_t i = 0; i < r->n_signs; i++) {
    int m = measure_of(r, &r->signs[i]);
    if (m < 0) {
      continue;
    }
    shed_column       *c    = &r->score->columns[m];
    shed_abc_deco_kind kind = r->signs[i].kind;
    if (kind == SHED_ABC_DECO_SEGNO) {
      c->segno = "";
    } else if (kind == SHED_ABC_DECO_CODA) {
      c->coda = "";
    } else if (kind == SHED_ABC_DECO_TOCODA) {
      c->to_coda = "";
    } else if (kind == SHED_ABC_DECO_FINE) {
      c->fine = true;
    } else {
      c->jump    = kind == SHED_ABC_DECO_DS ? SHED_JUMP_DAL_SEGNO : SHED_JUMP_DA_CAPO;
      c->al_coda = to_coda;
      c->al_fine = fine && !to_coda;
    }
  }
}

static int
compare_sections(const void *a, const void *b)
{
  const shed_abc_section *x = a;
  const shed_abc_section *y = b;
  return (x->measure > y->measure) - (x->measure < y->measure);
}

// The stretches of measures in the order that P: of the header gives.
static shed_status
order_sections(shed_abc_reader *r)
{
  shed_status st = SHED_OK;
  if (r->n_sections == 0 || r->order.len == 0) {
    return SHED_OK;
  }
  qsort(r->sections, r->n_sections, sizeof(*r->sections), compare_sections);
  r->line = r->order_line;
  if (r->sections[0].measure > 0) {
    st = shed_score_add_span(r->score, 0, r->sections[0].measure); // what stands before the first part
  }
  for (size_t i = 0; i < r->order.len && st == SHED_OK; i++) {
    char   letter = r->order.text[i];
    size_t k      = 0;
    while (k < r->n_sections && r->sections[k].letter != letter) {
      k++;
    }
    if (k == r->n_sections) {
      st = shed_abc_warn(r, "P: orders part %c, which the tune does not have; it is left out", letter);
      continue;
    }
    int end = k + 1 < r->n_sections ? r->sections[k + 1].measure : (int)r->n_columns;
    st      = shed_score_add_span(r->score, r->sections[k].measure, end);
  }
  return st;
}

static int
compare_measures(const void *a, const void *b)
{
  const shed_note *x = a;
  const shed_note *y = b;
  if (x->measure != y->measure) {
    return x->measure < y->measure ? -1 : 1;
  }
  return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

static shed_status
hand_over(shed_abc_reader *r, shed_abc_voice *v)
{
  shed_status st = SHED_OK;
  for (size_t i = 0; i < v->n_ties; i++) {
    v->notes[v->ties[i].note].tie_start = false;
  }
  for (size_t i = 0; i < v->n_notes; i++) {
    v->notes[i].ordinal = (int)i; // && goes back over measures: the score wants them in order
  }
  if (v->n_notes > 1) {
    qsort(v->notes, v->n_notes, sizeof(*v->notes), compare_measures);
  }
  for (size_t i = 0; i < v->n_notes && st == SHED_OK; i++) {
    // a chord lasts as long as its first head (4.17): a longer head rings on and makes no measure longer
    shed_beat length = shed_score_column(r->score, v->notes[i].measure)->length;
    st               = shed_score_add_note(r->score, v->part, &v->notes[i]);

    shed_score_column(r->score, v->notes[i].measure)->length = length;
  }
  return st;
}

shed_status
shed_abc_end(shed_abc_reader *r)
{
  shed_status st = SHED_OK;
  for (size_t i = 0; i < r->n_voices && st == SHED_OK; i++) {
    st = hand_over(r, &r->voices[i]);
  }
  if (st == SHED_OK) {
    st = number_measures(r);
  }
  if (st != SHED_OK) {
    return st;
  }
  place_signs(r);
  return order_sections(r);
}
