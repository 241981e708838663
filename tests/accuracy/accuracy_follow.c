// Rendered takes with known mistakes, followed as they come: what is told of each note while it is played, how soon, and how
// often it is what the whole-take judge says in the end; where the player is thought to be; what following costs.
//
//     accuracy_follow                 both halves
//     accuracy_follow fit | report    one half
//     accuracy_follow fit 3 takes     every third of it, and a line for each take
//     accuracy_follow sample          every ninth take, against committed bounds
//     accuracy_follow take 17         one take, every event
#include "assessors/follow.h"
#include "tests/accuracy/interval.h"
#include "tests/accuracy/takes_count.h"
#include "tests/accuracy/takes_events.h"
#include "tests/accuracy/takes_heard.h"
#include "tests/accuracy/takes_judge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SKIPPED = 77, SAMPLE_EVERY = 9, TAKES_MOST = 1024, TOLD_MOST = 16384, LAGS_MOST = 1 << 16 };

typedef enum {
#define FOLLOW_FIGURE(id, ...) FOLLOW_##id,
#include "tests/accuracy/follow_figures.def"
#undef FOLLOW_FIGURE
  FOLLOW_FIGURES
} follow_figure;

static const struct {
  const char *what;
  bool        percent;
} FIGURES[] = {
#define FOLLOW_FIGURE(id, what, percent) {what, percent},
#include "tests/accuracy/follow_figures.def"
#undef FOLLOW_FIGURE
};

// What must hold in the sample, of a group or (-1) of all: a beginner's right note may well lie outside the line of "correct".
static const struct {
  follow_figure figure;
  int           group;
  double        bound;
  bool          least;
} BOUNDS[] = {{FOLLOW_RED, CORPUS_TAKES_USUAL, 1.2, false},
              {FOLLOW_GREEN, -1, 88, true},
              {FOLLOW_CAUGHT_LAST, -1, 58, true},
              {FOLLOW_TIME_FALSE, -1, 3, false},
              {FOLLOW_NEAR_NOTE, -1, 93, true},
              {FOLLOW_JUMP_FALSE, -1, .25, false}};

static const double SAME_NOTE_S    = .5;
static const double WELL_TIMED_MS  = 40;
static const double LATE_MS        = 80;
static const double BENT_CENTS     = 40;
static const double GRACE_S        = .3; // the position may still be that of the note before
static const double STEP_S         = .05;
static const double FOUND_WITHIN_S = 5;

typedef struct {
  corpus_take_group group;
  double            part[FOLLOW_FIGURES], whole[FOLLOW_FIGURES];
} row;

typedef struct {
  double x[LAGS_MOST];
  int    n;
} lags;

typedef struct {
  row   *rows;
  int    n;
  lags   verdict, position, found;
  double cpu_s, sound_s;
} table;

typedef struct {
  const corpus_performance *p;
  const shed_verdict       *v;
  const shed_follow_event  *e;
  int                       n;
  double                    tuning_cents;
  table                    *t;
  row                      *r;
} counter;

static void
count(counter *c, follow_figure f, bool part)
{
  c->r->part[f] += part ? 1 : 0;
  c->r->whole[f] += 1;
}

static void
add_lag(lags *l, double s)
{
  if (l->n < LAGS_MOST) {
    l->x[l->n++] = s;
  }
}

static bool
is_red(shed_pitch_label l)
{
  return l == SHED_PITCH_SHARP || l == SHED_PITCH_FLAT || l == SHED_PITCH_WRONG || l == SHED_PITCH_MISSED;
}

static bool
is_note(const shed_follow_event *e)
{
  return e->kind == SHED_FOLLOW_PROVISIONAL || e->kind == SHED_FOLLOW_REVISED ||
         e->kind == SHED_FOLLOW_CONFIRMED;
}

/// The first and the last that was told of the last sounding of note i.
static void
find_told(const counter *c, int i, const shed_follow_event **first, const shed_follow_event **last)
{
  const int    s  = c->p->truth[i].sound;
  const double at = s >= 0 ? c->p->played[s].onset_s : (double)NAN;
  *first = *last = NULL;
  for (int k = 0; k < c->n; k++) {
    const shed_follow_event *e = &c->e[k];
    if (!is_note(e) || e->index != i || (fabs(e->onset_s - at) > SAME_NOTE_S)) {
      continue;
    }
    *first = e->kind == SHED_FOLLOW_PROVISIONAL ? e : *first;
    *last  = e;
  }
}

static void
count_time(counter *c, int i, double shift_ms, const shed_follow_event *last)
{
  const shed_timing_label l      = last ? last->timing : SHED_TIMING_NONE;
  const bool              false_ = l == SHED_TIMING_EARLY || l == SHED_TIMING_LATE;
  if (fabs(shift_ms) <= WELL_TIMED_MS) {
    count(c, FOLLOW_TIME_TOLD, l != SHED_TIMING_NONE);
    count(c, FOLLOW_TIME_FALSE, false_);
  } else if (fabs(shift_ms) >= LATE_MS) {
    count(c, FOLLOW_TIME_80, l == (shift_ms > 0 ? SHED_TIMING_LATE : SHED_TIMING_EARLY));
  }
  const shed_timing_label end = c->v->notes[i].timing;
  if (l != SHED_TIMING_NONE && end != SHED_TIMING_NONE && end != SHED_TIMING_UNSURE) {
    count(c, FOLLOW_TIME_SAME, l == end);
  }
}

static void
count_same(counter *c, int i, const shed_follow_event *first, const shed_follow_event *last)
{
  const shed_pitch_label end = c->v->notes[i].pitch;
  if (end == SHED_PITCH_NONE || end == SHED_PITCH_UNSURE) {
    return;
  }
  if (first && first->pitch != SHED_PITCH_NONE) {
    count(c, FOLLOW_SAME_FIRST, first->pitch == end);
  }
  if (last && last->pitch != SHED_PITCH_NONE) {
    count(c, FOLLOW_SAME_LAST, last->pitch == end);
  }
}

static void
count_notes(counter *c, bool tell)
{
  double shift_ms[CORPUS_NOTES_MAX];
  takes_true_shifts(c->p, shift_ms);
  for (int i = 0; i < (int)c->p->tune.n; i++) {
    const corpus_mistake    *m = takes_fault_of(c->p, (size_t)i);
    const int                s = c->p->truth[i].sound;
    const shed_follow_event *first, *last;
    find_told(c, i, &first, &last);
    count_same(c, i, first, last);
    if (m) {
      bool bent = m->kind == CORPUS_SHARP || m->kind == CORPUS_FLAT;
      if (!bent || (s >= 0 && fabs(c->p->played[s].cents - c->tuning_cents) >= BENT_CENTS)) {
        count(c, FOLLOW_CAUGHT, first && is_red(first->pitch));
        count(c, FOLLOW_CAUGHT_LAST, last && is_red(last->pitch));
        count(c, FOLLOW_GHOSTS, last && last->pitch == SHED_PITCH_CORRECT);
      }
    } else if (c->p->truth[i].played) {
      count(c, FOLLOW_RED, first && is_red(first->pitch));
      count(c, FOLLOW_RED_LAST, last && is_red(last->pitch));
      count(c, FOLLOW_GREEN, first && first->pitch == SHED_PITCH_CORRECT);
      count(c, FOLLOW_PLAIN, first && first->pitch == SHED_PITCH_NONE);
      count(c, FOLLOW_UNTOLD, !first);
      count_time(c, i, shift_ms[i], last);
      if (first && first->pitch == SHED_PITCH_CORRECT) {
        add_lag(&c->t->verdict, first->at_s - c->p->played[s].onset_s);
      }
      if (tell && (!first || first->pitch != SHED_PITCH_CORRECT || is_red(last->pitch))) {
        const char *a = first ? shed_pitch_label_name(first->pitch) : "untold",
                   *b = last ? shed_pitch_label_name(last->pitch) : "untold";
        printf("    right note %d at %.2f s: %s, %s; cents %+.0f, sure %.2f\n", i, c->p->played[s].onset_s,
               a ? a : "plain", b ? b : "plain", last ? last->cents : (double)NAN,
               last ? last->confidence : 0);
      }
    }
  }
}

/// The notes of the tune that may be where the player is at a moment: the last begun, and until GRACE_S the one before.
static void
true_place(const corpus_performance *p, double at, int place[2])
{
  place[0] = place[1] = -1;
  for (size_t i = 0; i < p->n && p->played[i].onset_s <= at; i++) {
    if (p->played[i].index >= 0) {
      place[0] = p->played[i].index;
      if (p->played[i].onset_s <= at - GRACE_S) {
        place[1] = place[0];
      }
    }
  }
}

static void
count_position(counter *c)
{
  int    k = 0, position = -1, place[2];
  double end = c->p->played[c->p->n - 1].onset_s + c->p->played[c->p->n - 1].duration_s;
  for (double at = c->p->played[0].onset_s + GRACE_S; at < end; at += STEP_S) {
    for (; k < c->n && c->e[k].at_s <= at; k++) {
      position = c->e[k].kind == SHED_FOLLOW_POSITION ? c->e[k].index : position;
    }
    true_place(c->p, at, place);
    int off = abs(position - place[0]), late = abs(position - place[1]);
    off = place[1] >= 0 && late < off ? late : off;
    // of notes shorter than GRACE_S any begun within it
    for (size_t i = 0; i < c->p->n; i++) {
      double o = c->p->played[i].onset_s;
      if (c->p->played[i].index >= 0 && o <= at && o > at - GRACE_S &&
          abs(position - c->p->played[i].index) < off) {
        off = abs(position - c->p->played[i].index);
      }
    }
    count(c, FOLLOW_AT_NOTE, off == 0);
    count(c, FOLLOW_NEAR_NOTE, off <= 1);
  }
}

/// How soon the position is told of each note, and after a restart or a skip until it is right again.
static void
count_lags(counter *c, bool tell)
{
  for (size_t i = 0; i < c->p->n; i++) {
    const corpus_played *o = &c->p->played[i];
    if (o->index < 0) {
      continue;
    }
    const double next = i + 1 < c->p->n ? c->p->played[i + 1].onset_s : o->onset_s + 1;
    for (int k = 0; k < c->n; k++) {
      if (c->e[k].kind == SHED_FOLLOW_POSITION && c->e[k].index == o->index && c->e[k].at_s > o->onset_s &&
          c->e[k].at_s < next + GRACE_S) {
        add_lag(&c->t->position, c->e[k].at_s - o->onset_s);
        break;
      }
    }
    bool back = i > 0 && o->attempt != c->p->played[i - 1].attempt;
    if (!back) {
      continue;
    }
    bool told = false;
    for (int k = 0; k < c->n && !told; k++) {
      told = c->e[k].kind == SHED_FOLLOW_JUMP && fabs(c->e[k].onset_s - o->onset_s) <= 1.5;
    }
    count(c, FOLLOW_JUMP_FOUND, told);
    if (tell) {
      printf("    played from note %d to note %d at %.2f s%s\n", o[-1].index, o->index, o->onset_s,
             told ? "" : ": not told");
    }
    double found = FOUND_WITHIN_S;
    for (int k = 0, place[2]; k < c->n && found >= FOUND_WITHIN_S; k++) {
      true_place(c->p, c->e[k].at_s, place);
      if (c->e[k].kind == SHED_FOLLOW_POSITION && c->e[k].at_s > o->onset_s && c->e[k].index == place[0]) {
        found = fmin(c->e[k].at_s - o->onset_s, FOUND_WITHIN_S);
      }
    }
    add_lag(&c->t->found, found);
  }
}

static void
count_jumps(counter *c, bool tell)
{
  int wrong = 0, lost = 0;
  for (int k = 0; k < c->n; k++) {
    lost += c->e[k].kind == SHED_FOLLOW_LOST ? 1 : 0;
    if (c->e[k].kind != SHED_FOLLOW_JUMP) {
      continue;
    }
    bool real = false;
    for (size_t i = 1; i < c->p->n && !real; i++) {
      const corpus_played *o = &c->p->played[i];
      real                   = (o->attempt != o[-1].attempt ||
              (o->index >= 0 && o[-1].index >= 0 && o->index != o[-1].index + 1)) &&
             fabs(c->e[k].onset_s - o->onset_s) <= 1.5;
    }
    wrong += real ? 0 : 1;
    if (tell && !real) {
      printf("    jump told from note %d to note %d at %.2f s, and there is none\n", c->e[k].from_index,
             c->e[k].index, c->e[k].onset_s);
    }
  }
  c->r->part[FOLLOW_JUMP_FALSE]  = wrong;
  c->r->whole[FOLLOW_JUMP_FALSE] = 1;
  c->r->part[FOLLOW_LOST]        = lost;
  c->r->whole[FOLLOW_LOST]       = 1;
}

static double
cpu_now(void)
{
  struct timespec ts;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
  return (double)ts.tv_sec + 1e-9 * (double)ts.tv_nsec;
}

static void
print_event(const shed_follow_event *e)
{
  const char *pitch = shed_pitch_label_name(e->pitch), *time = shed_timing_label_name(e->timing);
  printf("  %7.3f %-16s note %3d attempt %d  %-8s %-8s %+6.1f cents, began %.3f (%+.0f ms), sure %.2f; beat "
         "%.2f at %.1f, tuning "
         "%+.0f, shift %d\n",
         e->at_s, shed_follow_kind_name(e->kind), e->index, e->attempt, pitch ? pitch : "-",
         time ? time : "-", e->cents, e->onset_s, e->onset_error_ms, e->confidence, e->beat, e->tempo_bpm,
         e->tuning_cents, e->shift);
}

static int
follow(const shed_prompt *prompt, const shed_event *heard, size_t n, shed_follow_event *out, double *cpu_s,
       shed_status *st, shed_error *err)
{
  shed_follow *f    = NULL;
  int          told = 0;
  *st               = shed_follow_new(
                    &f, prompt, &(shed_follow_opts){.rate_hz = SHED_HEAR_RATE_HZ, .click_start_s = (double)NAN}, NULL, err);
  if (*st != SHED_OK) {
    return 0;
  }
  double before = cpu_now();
  for (size_t i = 0; i <= n; i++) {
    if (i < n) {
      shed_follow_push(f, &heard[i]);
    } else {
      shed_follow_finish(f);
    }
    while (told < TOLD_MOST && shed_follow_poll(f, &out[told])) {
      told++;
    }
  }
  *cpu_s += cpu_now() - before;
  shed_follow_free(f);
  return told;
}

static shed_status
run(size_t i, const shed_sha256 *ear, table *t, bool tell, bool list, shed_error *err)
{
  static corpus_performance p;
  static takes_heard        whole;
  static shed_follow_event  told[TOLD_MOST];
  shed_verdict              v      = {0};
  shed_prompt               prompt = {0};
  corpus_take               take;
  shed_event               *heard = NULL;
  size_t                    n     = 0;
  whole.take                      = (shed_take){0};
  shed_status st                  = corpus_take_make(i, &take, &p, err);
  if (st == SHED_OK && (st = takes_events(TAKES_CACHE_DIR, ear, &take, &p, &heard, &n, err)) == SHED_OK &&
      (st = takes_hear(TAKES_CACHE_DIR, ear, &take, &p, &whole, err)) == SHED_OK &&
      (st = takes_judge(&take, &p, &whole.take, &v, err)) == SHED_OK &&
      (st = takes_prompt(&take, &p, &prompt)) == SHED_OK) {
    row *r   = &t->rows[t->n++];
    r->group = take.group;
    int m    = follow(&prompt, heard, n, told, &t->cpu_s, &st, err);
    t->sound_s += whole.take.duration_s;
    counter c = {&p, &v, told, m, takes_tuning_of(&p), t, r};
    for (int k = 0; k < m && tell; k++) {
      print_event(&told[k]);
    }
    count_notes(&c, tell);
    count_position(&c);
    count_lags(&c, tell || list);
    count_jumps(&c, tell || list);
    if (list) {
      printf("take %zu (%s, %s): red %.0f, untold %.0f, plain %.0f of %.0f; position right %.2f\n", i,
             take.instrument->id, take.room->name, r->part[FOLLOW_RED], r->part[FOLLOW_UNTOLD],
             r->part[FOLLOW_PLAIN], r->whole[FOLLOW_RED], r->part[FOLLOW_AT_NOTE] / r->whole[FOLLOW_AT_NOTE]);
    }
  }
  free(heard);
  shed_prompt_free(&prompt);
  shed_verdict_free(&v);
  shed_take_free(&whole.take);
  return st;
}

static double
value_of(const table *t, int group, follow_figure f, interval *k)
{
  double part[TAKES_MOST], whole[TAKES_MOST];
  int    n = 0;
  for (int i = 0; i < t->n; i++) {
    if (group < 0 || (int)t->rows[i].group == group) {
      part[n]    = t->rows[i].part[f];
      whole[n++] = t->rows[i].whole[f];
    }
  }
  *k = interval_of_ratio(part, whole, n);
  return k->value;
}

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void
print_lags(const char *what, lags *l)
{
  if (l->n > 0) {
    qsort(l->x, (size_t)l->n, sizeof(l->x[0]), by_value);
    printf("  %-58s %6.0f ms median, %6.0f ms at nine in ten (of %d)\n", what, 1000 * l->x[l->n / 2],
           1000 * l->x[l->n * 9 / 10], l->n);
  }
}

static void
print_table(const char *title, table *t)
{
  printf("\n%s, %d takes (95 %% interval); usual / year one / harsh\n", title, t->n);
  for (int f = 0; f < FOLLOW_FIGURES; f++) {
    interval     k, g;
    const double s = FIGURES[f].percent ? 100 : 1;
    double       v = value_of(t, -1, (follow_figure)f, &k);
    printf("  %-58s %7.2f (%.2f-%.2f)", FIGURES[f].what, s * v, s * k.low, s * k.high);
    for (int group = 0; group < CORPUS_TAKES_GROUPS; group++) {
      printf("%s %.2f", group ? " /" : "  ", s * value_of(t, group, (follow_figure)f, &g));
    }
    printf("\n");
  }
  print_lags("from a note's sound to its colour", &t->verdict);
  print_lags("from a note's sound to its position", &t->position);
  print_lags("from a restart's sound to the right position", &t->found);
  printf("  following costs %.2f ms a second of sound\n", 1000 * t->cpu_s / t->sound_s);
}

static bool
within(const table *t)
{
  bool good = true;
  for (size_t i = 0; i < SHED_COUNTOF(BOUNDS); i++) {
    interval k;
    double   v =
        value_of(t, BOUNDS[i].group, BOUNDS[i].figure, &k) * (FIGURES[BOUNDS[i].figure].percent ? 100 : 1);
    bool ok = BOUNDS[i].least ? v >= BOUNDS[i].bound : v <= BOUNDS[i].bound;
    if (!ok) {
      printf("%s: %.2f; it must be at %s %.2f\n", FIGURES[BOUNDS[i].figure].what, v,
             BOUNDS[i].least ? "least" : "most", BOUNDS[i].bound);
    }
    good = good && ok;
  }
  return good;
}

int
main(int argc, char **argv)
{
  const char  *mode   = argc > 1 ? argv[1] : "";
  const bool   sample = strcmp(mode, "sample") == 0, one = strcmp(mode, "take") == 0 && argc > 2;
  const int    half  = strcmp(mode, "fit") == 0 ? 0 : strcmp(mode, "report") == 0 ? 1 : -1;
  const size_t every = half >= 0 && argc > 2 ? (size_t)atol(argv[2]) : 1;
  static table t[2];
  shed_sha256  ear;
  shed_error   err      = {0};
  int          left_out = 0;
  shed_status  st       = takes_ear_name(&ear, &err);
  for (int k = 0; k < 2; k++) {
    t[k].rows = calloc(TAKES_MOST, sizeof(*t[k].rows));
    st        = t[k].rows ? st : SHED_E_NOMEM;
  }
  for (size_t i = 0; i < corpus_take_count() && i < TAKES_MOST && st == SHED_OK; i++) {
    corpus_take take = corpus_take_at(i);
    bool        mine = sample ? i % SAMPLE_EVERY == 0 && take.series == CORPUS_TAKES_FIRST
                       : one  ? i == (size_t)atol(argv[2])
                              : (half < 0 || (int)take.half == half) && i / 2 % every == 0;
    st               = mine ? run(i, &ear, &t[sample ? 0 : take.half], one, argc > 3, &err) : st;
    if (st == SHED_E_NOTFOUND) { // its font; the takes of the others stand
      left_out++;
      st = SHED_OK;
    }
  }
  if (left_out > 0) {
    printf("%d takes left out: %s %s\n", left_out, err.where, err.what);
  }
  if (st != SHED_OK || (t[0].n + t[1].n == 0 && left_out > 0)) {
    printf("%s: %s %s\n", st == SHED_OK ? "skipped" : shed_status_text(st), err.where, err.what);
    return st == SHED_OK ? SKIPPED : 1;
  }
  static const char *const halves[] = {"Half fit", "Half report"};
  for (int k = 0; k < 2; k++) {
    if (t[k].n > 0) {
      print_table(sample ? "Sample" : halves[k], &t[k]);
    }
  }
  bool good = !sample || within(&t[0]);
  free(t[0].rows);
  free(t[1].rows);
  return good ? 0 : 1;
}
