#include "tests/accuracy/takes_oracle.h"

#include "assessors/judge.h"
#include "tests/accuracy/boost.h"
#include "tests/accuracy/takes_judge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  CASES_MOST = 65536,
  FEATURES   = BOOST_FEATURES_MOST,
  FOLDS      = 5,
  KINDS      = TAKES_BENT + 1,
  ROOMS_MOST = 32
};

static const double ASKED_RED = .003;
static const double UNKNOWN   = -99; // of a feature
static const double RINGS_S   = .35; // a note's end in a room
static const double LENGTH    = .92; // of the written length that players hold a note
static const int    ATTACK    = 3;   // grid points around a beginning

typedef struct {
  float       x[FEATURES];
  takes_note  note;
  const char *room;
  int         half, fold, take, index;
  bool        usual;
  double      sum[KINDS]; // log odds of each kind of fault against a right note
  double      most;       // of the faults'
} note_case;

struct takes_oracle {
  note_case *cases;
  int        n;
};

takes_oracle *
takes_oracle_new(void)
{
  takes_oracle *o = calloc(1, sizeof(*o));
  if (o && !(o->cases = calloc(CASES_MOST, sizeof(*o->cases)))) {
    free(o);
    o = NULL;
  }
  return o;
}

void
takes_oracle_free(takes_oracle *o)
{
  if (o) {
    free(o->cases);
  }
  free(o);
}

// -- what is heard in the true place ---------------------------------------------------------------------------------

// Where a note stood; of one that was left out, where the player's own beat has it.
typedef struct {
  double from_s, to_s;
  double before_midi; // of the sound before it; NaN: none, or it has long ended
  double rest_s;      // since that
} place;

static place
place_of(const corpus_performance *p, size_t note)
{
  const corpus_truth *t      = &p->truth[note];
  const double        long_s = shed_beat_quarters(p->tune.notes[note].duration) * 60 / p->bpm * LENGTH;
  place w = {.from_s = t->steady_s, .to_s = t->steady_s + long_s, .before_midi = NAN, .rest_s = 1};
  if (t->sound >= 0) {
    w.from_s = p->played[t->sound].onset_s;
    w.to_s   = w.from_s + p->played[t->sound].duration_s;
  }
  for (size_t i = 0; i < p->n; i++) {
    const corpus_played *k = &p->played[i];
    if ((int)i != t->sound && k->onset_s < w.from_s) {
      w.rest_s      = w.from_s - k->onset_s - k->duration_s;
      w.before_midi = w.rest_s < RINGS_S ? k->midi + k->cents / 100 : (double)NAN;
    }
  }
  return w;
}

static double
attack_near(const shed_judged *j, double at_s)
{
  const int at   = (int)lround((at_s / SHED_FRAME_HOP_S - j->evidence.first) / j->evidence.step);
  double    best = 0;
  for (int i = at - ATTACK; i <= at + ATTACK; i++) {
    best = i >= 0 && i < j->evidence.n ? fmax(best, (double)j->evidence.attack[i]) : best;
  }
  return best;
}

// How loud another of the player's pitches stands there than the one that was asked for, harmonic by harmonic.
static double
best_other(const shed_judged *j, const place *w, double own_midi, double own_db, int event)
{
  double best = UNKNOWN;
  for (int d = -12; d <= 12; d++) {
    const shed_own_sound s =
        d == 0 || (abs(d) > 5 && abs(d) != 12)
            ? (shed_own_sound){.known = false}
            : shed_own_compare(&j->own, j->take, own_midi + d, w->from_s, w->to_s, NAN, event);
    best = s.known && !isnan(own_db) ? fmax(best, s.level_db - own_db) : best;
  }
  return best;
}

static void
view_own(const shed_judged *j, const place *w, double own_midi, const shed_measure *m, int event, double *x)
{
  const double         before = fabs(w->before_midi - own_midi) < .75 ? (double)NAN : w->before_midi;
  const double         heard  = m->other_midi + m->other_cents / 100;
  const shed_own_sound a = shed_own_compare(&j->own, j->take, own_midi, w->from_s, w->to_s, before, event);
  const shed_own_sound b =
      shed_own_compare(&j->own, j->take, m->other_midi < 0 ? own_midi : heard, w->from_s, w->to_s,
                       fabs(w->before_midi - heard) < .75 ? (double)NAN : w->before_midi, event);
  x[0] = a.level_db;
  x[1] = a.climb_db;
  x[2] = a.spread_db;
  x[3] = b.level_db;
  x[4] = b.climb_db;
  x[5] = best_other(j, w, own_midi, a.level_db, event);
}

static void
view(shed_judged *j, int event, const place *w, float out[FEATURES])
{
  shed_found    *f = &j->found[event];
  shed_found     saved;
  const double   asked = j->target.events[event].pitch;
  shed_odds_view odds;
  memcpy(&saved, f, sizeof(saved));
  f->path_onset_s = f->onset_s = w->from_s;
  f->offset_s                  = w->to_s;
  const double       tuning    = -shed_judge_deviation(j, f, 0);
  const shed_measure m     = shed_measure_pitch(j->take, &j->levels, w->from_s, w->to_s, asked, j->centre);
  const double       own   = asked + tuning / 100;
  const double       off   = m.other_midi < 0 ? 0 : m.other_midi + m.other_cents / 100 - asked;
  const bool         other = fabs(off) > .6;
  const bool         odd   = shed_judge_odds_view_of(j, f, &m, asked, &odds);
  const double       x[FEATURES] = {
            m.share,
            m.read,
      other ? m.other_share : 0,
      other ? fmin(fmax(off, -30), 30) : 0,
            m.confidence,
            m.sound_s,
            m.sound_s / fmax(w->to_s - w->from_s, .03),
            m.level_db - j->usual_db,
            fabs(m.cents - tuning),
            fabs(m.ear_cents - tuning),
            fabs(m.line_cents - tuning),
            m.line_spread,
            m.n_lines,
            m.spread,
            fabs(m.near_cents),
            m.among,
            fabs(m.among_cents),
      odd ? odds.x[0] : UNKNOWN,
      odd ? odds.x[1] : UNKNOWN,
      odd ? odds.x[4] : UNKNOWN,
      odd ? odds.x[5] : UNKNOWN,
      odd ? (double)odds.interval : -1.,
            attack_near(j, w->from_s),
            fabs(asked + off - w->before_midi),
            w->rest_s,
            asked,
  };
  double own_x[6];
  view_own(j, w, own, &m, event, own_x);
  memcpy(f, &saved, sizeof(saved));
  for (int k = 0; k < FEATURES; k++) {
    const double v = k < FEATURES - 6 ? x[k] : own_x[k - (FEATURES - 6)];
    out[k]         = (float)(isnan(v) ? UNKNOWN : v);
  }
}

static int
event_of(const shed_judged *j, int note)
{
  for (int e = 0; e < j->target.n_events; e++) {
    if (j->target.notes[j->target.events[e].first] == note) {
      return e;
    }
  }
  return -1;
}

static void
add_notes(takes_oracle *o, shed_judged *j, const corpus_take *t, const corpus_performance *p,
          const shed_verdict *v)
{
  const double tuning = takes_tuning_of(p);
  for (size_t i = 0; i < p->tune.n && o->n < CASES_MOST; i++) {
    const takes_note note  = takes_note_of(p, v, i, tuning);
    const int        event = event_of(j, (int)i);
    const place      w     = place_of(p, i);
    if (note.kind == TAKES_NOT_COUNTED || event < 0 || isnan(w.from_s)) {
      continue;
    }
    note_case *c = &o->cases[o->n++];
    *c           = (note_case){.note  = note,
                               .room  = t->room->name,
                               .half  = (int)t->half,
                               .fold  = (int)(t->index % FOLDS),
                               .take  = (int)t->index,
                               .index = (int)i,
                               .usual = t->group == CORPUS_TAKES_USUAL};
    view(j, event, &w, c->x);
  }
}

shed_status
takes_oracle_add(takes_oracle *o, const corpus_take *t, const corpus_performance *p, const shed_take *heard,
                 const shed_verdict *v, shed_error *err)
{
  takes_opened a;
  shed_status  st = takes_open(t, p, heard, &a, err);
  st              = st == SHED_OK ? shed_judge_learn_own(&a.j) : st;
  if (st == SHED_OK) {
    add_notes(o, &a.j, t, p, v);
  }
  takes_close(&a);
  return st == SHED_OK && o->n == CASES_MOST
             ? shed_fail(err, SHED_E_RANGE, "oracle", "more than %d notes", CASES_MOST)
             : st;
}

// -- the listener ------------------------------------------------------------------------------------------------------

static bool
is_of(const note_case *c, takes_note_kind kind)
{
  return c->usual && (c->note.kind == TAKES_RIGHT || c->note.kind == kind);
}

// Fit one kind of fault against right notes without the fold, and tell that fold, or with -1 the other half.
static shed_status
tell_fold(takes_oracle *o, takes_note_kind kind, int fold, boost_case *room, boost_form *form)
{
  int n = 0;
  for (int i = 0; i < o->n; i++) {
    const note_case *c = &o->cases[i];
    if (is_of(c, kind) && c->half == CORPUS_EAR_FIT && c->fold != fold) {
      room[n++] = (boost_case){c->x, c->note.kind == kind};
    }
  }
  if (!boost_fit(room, n, FEATURES, form)) {
    return SHED_E_NOMEM;
  }
  for (int i = 0; i < o->n; i++) {
    note_case *c = &o->cases[i];
    if (fold < 0 ? c->half != CORPUS_EAR_FIT : c->half == CORPUS_EAR_FIT && c->fold == fold) {
      c->sum[kind] = boost_sum(form, c->x);
    }
  }
  return SHED_OK;
}

static shed_status
tell_half(takes_oracle *o, int half)
{
  boost_case *room = calloc(CASES_MOST, sizeof(*room));
  boost_form *form = calloc(1, sizeof(*form));
  shed_status st   = room && form ? SHED_OK : SHED_E_NOMEM;
  for (int kind = TAKES_WRONG; kind < KINDS && st == SHED_OK; kind++) {
    for (int fold = half == CORPUS_EAR_FIT ? 0 : -1;
         fold < (half == CORPUS_EAR_FIT ? FOLDS : 0) && st == SHED_OK; fold++) {
      st = tell_fold(o, (takes_note_kind)kind, fold, room, form);
    }
  }
  for (int i = 0; i < o->n; i++) {
    note_case *c = &o->cases[i];
    c->most      = fmax(c->sum[TAKES_WRONG], fmax(c->sum[TAKES_LEFT_OUT], c->sum[TAKES_BENT]));
  }
  free(room);
  free(form);
  return st;
}

static int
by_falling(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x < y) - (x > y);
}

// What is told from these odds on, so that a share of the right notes is called wrong.
static double
line_at(const takes_oracle *o, int half, double share, double *room)
{
  int n = 0;
  for (int i = 0; i < o->n; i++) {
    if (o->cases[i].usual && o->cases[i].half == half && o->cases[i].note.kind == TAKES_RIGHT) {
      room[n++] = o->cases[i].most;
    }
  }
  qsort(room, (size_t)n, sizeof(*room), by_falling);
  const int at = (int)lround(share * n);
  return n ? room[at < n ? at : n - 1] : 0;
}

static double
red_share(const takes_oracle *o, int half)
{
  int red = 0, n = 0;
  for (int i = 0; i < o->n; i++) {
    const note_case *c = &o->cases[i];
    if (c->usual && c->half == half && c->note.kind == TAKES_RIGHT) {
      red += c->note.red ? 1 : 0;
      n++;
    }
  }
  return n ? (double)red / n : 0;
}

static takes_note_kind
kind_told(const note_case *c)
{
  takes_note_kind best = TAKES_WRONG;
  for (int k = TAKES_WRONG; k < KINDS; k++) {
    best = c->sum[k] > c->sum[best] ? (takes_note_kind)k : best;
  }
  return best;
}

static void
print_line(const takes_oracle *o, int half, const char *name, const char *room, int kind, double alike,
           double asked)
{
  int n = 0, caught = 0, named = 0, heard = 0, heard_named = 0, more = 0, either = 0, neither = 0;
  for (int i = 0; i < o->n; i++) {
    const note_case *c = &o->cases[i];
    if (!c->usual || c->half != half || c->note.kind == TAKES_RIGHT || (room && strcmp(room, c->room) != 0) ||
        (kind >= 0 && (int)c->note.kind != kind)) {
      continue;
    }
    n++;
    caught += c->note.red ? 1 : 0;
    named += c->note.named ? 1 : 0;
    heard += c->most > alike ? 1 : 0;
    heard_named += c->most > alike && kind_told(c) == c->note.kind ? 1 : 0;
    more += c->most > asked ? 1 : 0;
    either += c->note.red || c->most > asked ? 1 : 0;
    neither += !c->note.red && !(c->most > asked) ? 1 : 0;
  }
  if (n > 0) {
    const double whole = n / 100.;
    printf("%-22s %5d | %6.1f %6.1f | %6.1f %6.1f | %6.1f | %6.1f | %4d of %4d\n", name, n, caught / whole,
           named / whole, heard / whole, heard_named / whole, more / whole, either / whole, neither,
           n - caught);
  }
}

static void
print_rooms(const takes_oracle *o, int half, double alike, double asked)
{
  const char *seen[ROOMS_MOST];
  int         n_seen = 0;
  for (int i = 0; i < o->n; i++) {
    bool new = o->cases[i].usual && o->cases[i].half == half &&n_seen < ROOMS_MOST;
    for (int k = 0; k < n_seen && new; k++) {
      new = strcmp(seen[k], o->cases[i].room) != 0;
    }
    if (new) {
      seen[n_seen++] = o->cases[i].room;
      print_line(o, half, o->cases[i].room, o->cases[i].room, -1, alike, asked);
    }
  }
}

static void
print_uncaught(const takes_oracle *o, int half, double alike, double asked)
{
  static const char *const names[KINDS] = {
      [TAKES_WRONG] = "wrong", [TAKES_LEFT_OUT] = "left out", [TAKES_BENT] = "bent"};
  for (int i = 0; i < o->n; i++) {
    const note_case *c = &o->cases[i];
    if (c->usual && c->half == half && c->note.kind != TAKES_RIGHT && !c->note.named) {
      printf("take %d note %d (%s), %s: %s; the listener %s: wrong %.1f, left out %.1f, bent %.1f\n", c->take,
             c->index, c->room, names[c->note.kind], c->note.red ? "misnamed" : "uncaught",
             c->most > alike   ? "hears it"
             : c->most > asked ? "hears it at the red that is asked"
                               : "does not",
             c->sum[TAKES_WRONG], c->sum[TAKES_LEFT_OUT], c->sum[TAKES_BENT]);
    }
  }
}

shed_status
takes_oracle_print(takes_oracle *o, int half, bool tell)
{
  double           *room = calloc((size_t)o->n + 1, sizeof(*room));
  const shed_status st   = room ? tell_half(o, half) : SHED_E_NOMEM;
  if (st == SHED_OK) {
    const double red   = red_share(o, half);
    const double alike = line_at(o, half, red, room), asked = line_at(o, half, ASKED_RED, room);
    printf("\nA listener who knows where each note stood, half %s, usual takes. Right notes called wrong: "
           "%.2f %% by the judge and "
           "by the listener; .30 where asked.\n",
           half == CORPUS_EAR_FIT ? "fit" : "report", red * 100);
    printf("%-22s %5s | %6s %6s | %6s %6s | %6s | %6s | %s\n", "", "", "judge", "named", "he", "named",
           "asked", "either", "the judge's uncaught that he does not hear either, asked");
    print_line(o, half, "all", NULL, -1, alike, asked);
    print_line(o, half, "another pitch", NULL, TAKES_WRONG, alike, asked);
    print_line(o, half, "left out", NULL, TAKES_LEFT_OUT, alike, asked);
    print_line(o, half, "sharp, flat", NULL, TAKES_BENT, alike, asked);
    print_rooms(o, half, alike, asked);
    if (tell) {
      print_uncaught(o, half, alike, asked);
    }
  }
  free(room);
  return st;
}
