// About this file: bar lines inside a written measure. A repeat that begins or ends there parts the column in two, so that
// whoever plays the columns in order knows whole columns only. Both halves carry the measure's number.

#include "engine/score/cut.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  shed_score *score;
  size_t     *first_cut; // by old column, and one more: its first cut
  int        *first;     // by old column, and one more: its first piece
} cutting;

static int
compare_cuts(const void *a, const void *b)
{
  const shed_cut *x = a;
  const shed_cut *y = b;
  if (x->measure != y->measure) {
    return x->measure < y->measure ? -1 : 1;
  }
  return shed_beat_cmp(x->at, y->at);
}

// What two parts say of one bar line.
static void
join(shed_cut *to, const shed_cut *from)
{
  to->repeat_backward = to->repeat_backward || from->repeat_backward;
  to->repeat_forward  = to->repeat_forward || from->repeat_forward;
  to->times           = to->times ? to->times : from->times;
  to->ending          = to->ending ? to->ending : from->ending;
  to->ending_last     = to->ending_last || from->ending_last;
}

static void
apply_end(shed_column *c, const shed_cut *cut)
{
  c->repeat_backward = c->repeat_backward || cut->repeat_backward;
  c->times           = c->times ? c->times : cut->times;
  c->ending_last     = c->ending_last || cut->ending_last;
}

static void
apply_start(shed_column *c, const shed_cut *cut)
{
  c->repeat_forward = c->repeat_forward || cut->repeat_forward;
  if (cut->ending) {
    c->ending       = cut->ending;
    c->ending_first = true;
  }
}

// Sort, join, and take those that stand at an end of their measure for what they are. What is left lies inside.
static void
settle_cuts(shed_score *score)
{
  size_t kept = 0;
  qsort(score->cuts, score->n_cuts, sizeof(*score->cuts), compare_cuts);
  for (size_t i = 0; i < score->n_cuts; i++) {
    const shed_cut *cut = &score->cuts[i];
    shed_column    *c   = &score->columns[cut->measure];
    bool            end = shed_beat_cmp(cut->at, c->length) >= 0;
    if (cut->at.num <= 0 || end) {
      int before = cut->at.num <= 0 && !end ? cut->measure - 1 : cut->measure;
      if (before >= 0) {
        apply_end(&score->columns[before], cut);
      }
      if (before + 1 < (int)score->n_columns) {
        apply_start(&score->columns[before + 1], cut);
      }
    } else if (kept && compare_cuts(&score->cuts[kept - 1], cut) == 0) {
      join(&score->cuts[kept - 1], cut);
    } else {
      score->cuts[kept++] = *cut;
    }
  }
  score->n_cuts = kept;
}

// The pieces of one column: what begins it stays with the first, what ends it goes with the last.
static void
part_column(const shed_score *score, const cutting *c, size_t m, shed_column *pieces)
{
  const shed_column *whole = &score->columns[m];
  size_t             n     = c->first_cut[m + 1] - c->first_cut[m];
  shed_beat          from  = shed_beat_of(0, 1);
  for (size_t i = 0; i <= n; i++) {
    const shed_cut *cut   = i < n ? &score->cuts[c->first_cut[m] + i] : NULL;
    shed_column    *piece = &pieces[i];
    *piece                = (shed_column){.number     = whole->number,
                                          .implicit   = whole->implicit,
                                          .lead_in    = {0, 1},
                                          .jump_label = "",
                                          .whole      = whole->length,
                                          .piece      = (int)i};
    if (i == 0) {
      piece->repeat_forward = whole->repeat_forward;
      piece->segno          = whole->segno;
      piece->coda           = whole->coda;
      piece->ending         = whole->ending;
      piece->ending_first   = whole->ending_first;
    } else {
      apply_start(piece, &score->cuts[c->first_cut[m] + i - 1]);
    }
    if (cut) {
      apply_end(piece, cut);
      piece->length = shed_beat_sub(cut->at, from);
      from          = cut->at;
      continue;
    }
    piece->length          = shed_beat_sub(whole->length, from);
    piece->repeat_backward = whole->repeat_backward;
    piece->times           = whole->times;
    piece->ending_last     = whole->ending_last;
    piece->to_coda         = whole->to_coda;
    piece->fine            = whole->fine;
    piece->jump            = whole->jump;
    piece->jump_label      = whole->jump_label;
    piece->al_fine         = whole->al_fine;
    piece->al_coda         = whole->al_coda;
  }
}

// From a place in an old column to one in its piece.
static void
move_place(const cutting *c, int *measure, shed_beat *at)
{
  size_t          m    = (size_t)*measure;
  const shed_cut *cuts = c->score->cuts;
  size_t          lo   = c->first_cut[m];
  size_t          hi   = c->first_cut[m + 1];
  while (lo < hi) { // the first cut behind the place
    size_t mid = lo + (hi - lo) / 2;
    if (shed_beat_cmp(cuts[mid].at, *at) <= 0) {
      lo = mid + 1;
    } else {
      hi = mid;
    }
  }
  *measure = c->first[m] + (int)(lo - c->first_cut[m]);
  if (lo > c->first_cut[m]) {
    *at = shed_beat_sub(*at, cuts[lo - 1].at);
  }
}

static void
move_all(const cutting *c)
{
  shed_score *score = c->score;
  for (size_t p = 0; p < score->n_parts; p++) {
    shed_part *part = &score->parts[p];
    for (size_t i = 0; i < part->n_notes; i++) {
      move_place(c, &part->notes[i].measure, &part->notes[i].at);
    }
    for (size_t i = 0; i < part->n_changes; i++) {
      move_place(c, &part->changes[i].measure, &part->changes[i].at);
    }
  }
  for (size_t i = 0; i < score->n_marks; i++) {
    move_place(c, &score->marks[i].measure, &score->marks[i].at);
  }
  for (size_t i = 0; i < score->n_spans; i++) {
    score->spans[i].first = c->first[score->spans[i].first];
    score->spans[i].end   = c->first[score->spans[i].end];
  }
}

static shed_status
cut_columns(cutting *c)
{
  shed_score *score = c->score;
  size_t      n     = score->n_columns + score->n_cuts;
  if (n > SHED_SCORE_MAX_MEASURES) {
    return SHED_E_LIMIT;
  }
  shed_column *columns = shed_calloc(score->alloc, n, sizeof(*columns));
  if (!columns) {
    return SHED_E_NOMEM;
  }
  size_t cut = 0;
  for (size_t m = 0; m < score->n_columns; m++) {
    c->first_cut[m] = cut;
    c->first[m]     = (int)(m + cut);
    while (cut < score->n_cuts && score->cuts[cut].measure == (int)m) {
      cut++;
    }
  }
  c->first_cut[score->n_columns] = cut;
  c->first[score->n_columns]     = (int)n;
  for (size_t m = 0; m < score->n_columns; m++) {
    if (c->first_cut[m + 1] > c->first_cut[m]) {
      part_column(score, c, m, &columns[c->first[m]]);
    } else {
      columns[c->first[m]] = score->columns[m];
    }
  }
  move_all(c);
  shed_free(score->alloc, score->columns);
  score->columns     = columns;
  score->n_columns   = n;
  score->cap_columns = n;
  return SHED_OK;
}

shed_status
shed_score_cut(shed_score *score)
{
  if (score->n_cuts == 0) {
    return SHED_OK;
  }
  settle_cuts(score);
  if (score->n_cuts == 0) {
    return SHED_OK;
  }
  cutting c      = {.score = score};
  c.first_cut    = shed_calloc(score->alloc, score->n_columns + 1, sizeof(*c.first_cut));
  c.first        = shed_calloc(score->alloc, score->n_columns + 1, sizeof(*c.first));
  shed_status st = c.first_cut && c.first ? cut_columns(&c) : SHED_E_NOMEM;
  shed_free(score->alloc, c.first_cut);
  shed_free(score->alloc, c.first);
  return st;
}
