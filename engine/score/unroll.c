#include "engine/score/unroll.h"

#include <string.h>

enum { MAX_JUMPS = 1000 }; // more are a file made to keep us busy

// What repeats say of one column: the passage it belongs to, found once before playing.
typedef struct {
  int  start;  // first column of its passage
  int  total;  // how often the passage is played; 0: it is in none
  bool before; // its bracket ends the passage before this one ("[2 |:"): it is played each time
} passage;

typedef struct {
  const shed_score *score;
  const shed_alloc *alloc;
  passage          *passages; // by column
  int              *sounded;  // how often each column has sounded
  bool             *fired;    // jumps that were taken
  shed_step        *steps;
  size_t            n_steps, cap_steps;
  bool              has_jumps;

  int  at;    // the column that comes next
  int  from;  // the column that sounded last; -1 none
  int  pass;  // time through the present passage
  int  jumps; // jumps taken so far
  bool jumped, al_fine, al_coda;
} player;

static int
highest_pass(uint32_t ending)
{
  int n = 0;
  for (; ending; ending >>= 1) {
    n++;
  }
  return n;
}

int
shed_score_find_segno(const shed_score *score, int from)
{
  const char *label  = score->columns[from].jump_label;
  int         before = -1;
  int         any    = -1;
  for (int i = 0; i < (int)score->n_columns; i++) {
    const char *segno = score->columns[i].segno;
    if (!segno) {
      continue;
    }
    if (label[0] && strcmp(label, segno) == 0) {
      return i;
    }
    before = i <= from ? i : before;
    any    = any < 0 ? i : any;
  }
  return before >= 0 ? before : any;
}

int
shed_score_find_coda(const shed_score *score, int from)
{
  const char *label  = score->columns[from].to_coda;
  int         behind = -1;
  int         any    = -1;
  for (int i = 0; i < (int)score->n_columns; i++) {
    const char *coda = score->columns[i].coda;
    if (!coda) {
      continue;
    }
    if (label && label[0] && strcmp(label, coda) == 0) {
      return i;
    }
    behind = behind < 0 && i > from ? i : behind;
    any    = i;
  }
  return behind >= 0 ? behind : any;
}

// The endings that follow each other from the one that column i is in: how many, the highest pass, the last column.
static int
ending_group(const shed_score *score, int i, int *n_endings, int *highest)
{
  int n    = (int)score->n_columns;
  int from = i;
  while (from > 0 && score->columns[from - 1].ending && !score->columns[from].repeat_forward) {
    from--;
  }
  *n_endings = 0;
  *highest   = 0;
  int to     = from;
  for (; to < n && score->columns[to].ending && (to == from || !score->columns[to].repeat_forward); to++) {
    int pass = highest_pass(score->columns[to].ending);
    *n_endings += score->columns[to].ending_first;
    *highest = pass > *highest ? pass : *highest;
  }
  return to - 1;
}

// "[2 |: ... :|": a bracket for a later time that begins with a forward sign is the end of the passage before. How far it
// reaches into the passage from @p start on; @p start - 1: there is none.
static int
late_bracket(const shed_score *score, int start, int end)
{
  const shed_column *first = &score->columns[start];
  int                to    = start - 1;
  if (start > 0 && first->repeat_forward && first->ending_first && !(first->ending & 1U) &&
      score->columns[start - 1].ending) {
    for (to = start; to < end && score->columns[to + 1].ending && !score->columns[to + 1].ending_first;
         to++) {
    }
  }
  return to;
}

static void
find_passages(player *p)
{
  const shed_score *score = p->score;
  int               n     = (int)score->n_columns;
  int               start = 0;
  for (int i = 0; i < n; i++) {
    const shed_column *c = &score->columns[i];
    p->has_jumps         = p->has_jumps || c->jump != SHED_JUMP_NONE;
    if (c->repeat_forward) {
      start = i;
    }
    if (!c->repeat_backward) {
      continue;
    }
    int end   = i;
    int total = c->times > 0 ? c->times : 2;
    int late  = late_bracket(score, start, i);
    if (c->ending && late < i) {
      int n_endings = 0;
      int highest   = 0;
      end           = ending_group(score, i, &n_endings, &highest);
      // a lone ending is left out the last time: that is one time more
      total = n_endings == 1 && end == i ? highest + 1 : highest;
      total = total < 2 ? 2 : total;
    }
    for (int k = start; k <= end; k++) {
      p->passages[k] =
          (passage){start, total > SHED_SCORE_MAX_PASSES ? SHED_SCORE_MAX_PASSES : total, k <= late};
      p->has_jumps = p->has_jumps || score->columns[k].jump != SHED_JUMP_NONE;
    }
    start = end + 1;
    i     = end;
  }
}

// Go to a column from elsewhere than the end of its own passage.
static void
enter(player *p, int column)
{
  p->at = column;
  if (column < (int)p->score->n_columns) {
    const passage *here = &p->passages[column];
    bool           same = p->from >= 0 && !p->jumped && column == p->from + 1 && here->total &&
                p->passages[p->from].total && p->passages[p->from].start == here->start;
    if (!same) {
      p->pass = p->jumped && here->total ? here->total : 1;
    }
  }
}

static bool
ending_is_skipped(const player *p, int column)
{
  const shed_column *c    = &p->score->columns[column];
  int                pass = p->passages[column].total ? p->pass : p->jumps + 1;
  if (!c->ending || p->passages[column].before || (!p->passages[column].total && !p->has_jumps)) {
    return false;
  }
  return pass > SHED_SCORE_MAX_PASSES || !(c->ending >> (pass - 1) & 1U);
}

static shed_status
sound(player *p, int column)
{
  if (p->n_steps >= SHED_SCORE_MAX_SOUNDING) {
    return SHED_E_LIMIT;
  }
  shed_status st = shed_grow(p->alloc, (void **)&p->steps, &p->cap_steps, p->n_steps, sizeof(*p->steps));
  if (st == SHED_OK) {
    p->steps[p->n_steps++] = (shed_step){column, ++p->sounded[column], p->from + 1 == column};
    p->from                = column;
  }
  return st;
}

// Is this the last time that the column sounds before its passage is left?
static bool
is_last_time(const player *p, int column)
{
  int      total  = p->passages[column].total;
  uint32_t ending = p->score->columns[column].ending;
  if (!total || p->jumped) {
    return true;
  }
  int last = ending ? highest_pass(ending) : total;
  return p->pass >= (last < total ? last : total);
}

// What the end of the column that has just sounded says. @return false: the piece ends here.
static bool
leave(player *p)
{
  const shed_column *c    = &p->score->columns[p->from];
  const passage     *here = &p->passages[p->from];
  if (c->repeat_backward && !p->jumped && p->pass < here->total) {
    p->pass++;
    p->at = here->start;
    return true;
  }
  if (p->jumped && c->fine && (p->al_fine || !p->al_coda)) {
    return false;
  }
  if (p->jumped && c->to_coda && (p->al_coda || !p->al_fine)) {
    int coda = shed_score_find_coda(p->score, p->from);
    if (coda >= 0) {
      p->jumped = false;
      enter(p, coda);
      return true;
    }
  }
  if (c->jump != SHED_JUMP_NONE && !p->fired[p->from] && is_last_time(p, p->from)) {
    int segno         = c->jump == SHED_JUMP_DAL_SEGNO ? shed_score_find_segno(p->score, p->from) : 0;
    p->fired[p->from] = true;
    p->jumped         = true;
    p->al_fine        = c->al_fine;
    p->al_coda        = c->al_coda;
    p->jumps++;
    enter(p, segno < 0 ? 0 : segno);
    return true;
  }
  enter(p, p->from + 1);
  return true;
}

// A jump out of the span ends it.
static shed_status
play(player *p, int first, int n)
{
  p->jumped = false;
  enter(p, first);
  while (p->at >= first && p->at < n) {
    if (ending_is_skipped(p, p->at)) {
      // the passage goes on behind the ending: the way there is not a fresh entrance
      bool inside = p->at + 1 < n && p->passages[p->at + 1].total &&
                    p->passages[p->at + 1].start == p->passages[p->at].start;
      if (inside) {
        p->at++;
      } else {
        enter(p, p->at + 1);
      }
      continue;
    }
    shed_status st = sound(p, p->at);
    if (st != SHED_OK) {
      return st;
    }
    if (!leave(p)) {
      break;
    }
    if (p->jumps > MAX_JUMPS) {
      return SHED_E_LIMIT;
    }
  }
  return SHED_OK;
}

shed_status
shed_score_unroll(const shed_score *score, const shed_alloc *alloc, shed_step **steps, size_t *n_steps)
{
  player      p  = {.score = score, .alloc = alloc, .from = -1, .pass = 1};
  shed_status st = SHED_E_NOMEM;
  p.passages     = shed_calloc(alloc, score->n_columns, sizeof(*p.passages));
  p.sounded      = shed_calloc(alloc, score->n_columns, sizeof(*p.sounded));
  p.fired        = shed_calloc(alloc, score->n_columns, sizeof(*p.fired));
  if (p.passages && p.sounded && p.fired) {
    find_passages(&p);
    st = score->n_spans ? SHED_OK : play(&p, 0, (int)score->n_columns);
    for (size_t i = 0; i < score->n_spans && st == SHED_OK; i++) {
      st = play(&p, score->spans[i].first, score->spans[i].end);
    }
  }
  shed_free(alloc, p.passages);
  shed_free(alloc, p.sounded);
  shed_free(alloc, p.fired);
  if (st != SHED_OK) {
    shed_free(alloc, p.steps);
    return st;
  }
  *steps   = p.steps;
  *n_steps = p.n_steps;
  return SHED_OK;
}

shed_status
shed_score_straight(int first, int last, const shed_alloc *alloc, shed_step **steps, size_t *n_steps)
{
  size_t     n   = last >= first ? (size_t)(last - first + 1) : 0;
  shed_step *all = shed_calloc(alloc, n, sizeof(*all));
  if (!all) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < n; i++) {
    all[i] = (shed_step){first + (int)i, 1, i > 0};
  }
  *steps   = all;
  *n_steps = n;
  return SHED_OK;
}
