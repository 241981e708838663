// About this file: each note of the tune, each extra note and each restart against its truth.
#include "tests/accuracy/takes_count.h"

#include <math.h>
#include <string.h>

static const double WELL_TIMED_MS = 40;
static const double LATE_MS       = 80;
static const double VERY_LATE_MS  = 100;
static const double BENT_CENTS    = 40; // off the take's tuning; right notes are off by chance at most 20
static const double NEAR_WRONG    = 65; // a bend of this much and more may as well be called wrong
static const double SAME_EXTRA_S  = .15;
static const double SAME_START_S  = 1;
static const double CREDIT_LEAST  = .5;
static const double OWN_SOUND_S =
    .25; // what is heard this far from each sound of that pitch is somebody else's

typedef struct {
  const corpus_take        *t;
  const corpus_performance *p;
  const shed_verdict       *v;
  FILE                     *tell;
  takes_counts             *out;
  double                    shift_ms[CORPUS_NOTES_MAX];
  double                    tuning_cents; ///< the player's, notes bent by mistake left out
} counter;

static void
count(counter *c, takes_figure f, bool part)
{
  c->out->part[f] += part ? 1 : 0;
  c->out->whole[f] += 1;
}

static const char *
pitch_name(shed_pitch_label l)
{
  const char *name = shed_pitch_label_name(l);
  return name ? name : "null";
}

static void
tell_note(const counter *c, const char *what, size_t i, const char *truth)
{
  const shed_note_verdict *n = &c->v->notes[i];
  int                      s = c->p->truth[i].sound;
  c->out->blame += 1;
  if (c->tell) {
    const char *time = shed_timing_label_name(n->timing);
    fprintf(c->tell,
            "  %-12s note %zu (%d %+.0f cents at %.2f s, %+.0f ms, %.2f s long) %s: %s %+.0f cents, %s %+.0f "
            "ms, heard "
            "%d at %.2f to %.2f, sure "
            "%.2f, credit %.2f\n",
            what, i, c->p->tune.notes[i].midi, s >= 0 ? c->p->played[s].cents - c->tuning_cents : (double)NAN,
            s >= 0 ? c->p->played[s].onset_s : (double)NAN, c->shift_ms[i],
            s >= 0 ? c->p->played[s].duration_s : 0, truth, pitch_name(n->pitch), n->cents,
            time ? time : "null", n->onset_error_ms, n->played_midi, n->onset_s, n->offset_s, n->confidence,
            n->credit);
  }
}

const corpus_mistake *
takes_fault_of(const corpus_performance *p, size_t note)
{
  const corpus_mistake *fault = NULL;
  for (size_t i = 0; i < p->n_mistakes; i++) {
    const corpus_mistake *m = &p->mistakes[i];
    if (m->kind == CORPUS_RESTART && (int)note >= m->to && (int)note <= m->index) {
      return NULL; // played again, and rightly: the last attempt counts
    }
    bool pitch = m->kind == CORPUS_WRONG || m->kind == CORPUS_MISSED || m->kind == CORPUS_SHARP ||
                 m->kind == CORPUS_FLAT;
    if (m->index == (int)note && pitch) {
      fault = m;
    }
  }
  return fault;
}

double
takes_tuning_of(const corpus_performance *p)
{
  double sum = 0;
  int    n   = 0;
  for (size_t i = 0; i < p->tune.n; i++) {
    if (p->truth[i].sound >= 0 && !takes_fault_of(p, i)) {
      sum += p->played[p->truth[i].sound].cents;
      n++;
    }
  }
  return n ? sum / n : 0;
}

static bool
is_red(shed_pitch_label l)
{
  return l == SHED_PITCH_SHARP || l == SHED_PITCH_FLAT || l == SHED_PITCH_WRONG || l == SHED_PITCH_MISSED;
}

static bool
is_open(shed_pitch_label l)
{
  return l == SHED_PITCH_UNSURE || l == SHED_PITCH_NONE;
}

static void
count_time(counter *c, size_t i)
{
  const shed_timing_label l     = c->v->notes[i].timing;
  const double            shift = c->shift_ms[i];
  if (fabs(shift) <= WELL_TIMED_MS) {
    bool wrong = l == SHED_TIMING_EARLY || l == SHED_TIMING_LATE;
    bool open  = l == SHED_TIMING_UNSURE || l == SHED_TIMING_NONE;
    count(c, TAKES_TIME_FALSE, wrong);
    count(c, TAKES_TIME_OPEN, open);
    if (wrong || open) {
      tell_note(c, wrong ? "time-false" : "time-open", i, "in time");
    }
  }
  bool caught = l == (shift > 0 ? SHED_TIMING_LATE : SHED_TIMING_EARLY);
  if (fabs(shift) >= LATE_MS) {
    count(c, TAKES_TIME_80, caught);
    if (fabs(shift) >= VERY_LATE_MS) {
      count(c, TAKES_TIME_100, caught);
    }
    if (!caught) {
      tell_note(c, "time-missed", i, "off the beat");
    }
  }
}

static void
count_right(counter *c, size_t i)
{
  const shed_note_verdict *n = &c->v->notes[i];
  count(c, TAKES_RED, is_red(n->pitch));
  count(c, TAKES_UNSURE, is_open(n->pitch));
  bool owed =
      isnan(c->shift_ms[i]) || fabs(c->shift_ms[i]) <= WELL_TIMED_MS || c->t->group == CORPUS_TAKES_YEAR_ONE;
  if (owed) {
    count(c, TAKES_NO_CREDIT, !(n->credit >= CREDIT_LEAST));
    if (!(n->credit >= CREDIT_LEAST) && !is_red(n->pitch) && !is_open(n->pitch)) {
      tell_note(c, "no credit", i, "right");
    }
  }
  if (is_red(n->pitch) || is_open(n->pitch)) {
    tell_note(c, is_red(n->pitch) ? "red" : "unsure", i, "right");
  }
  count_time(c, i);
  if (!isnan(n->onset_s) && !is_red(n->pitch)) {
    c->out->onset_ms[c->out->n_onsets++] =
        (float)((n->onset_s - c->p->played[c->p->truth[i].sound].onset_s) * 1000);
  }
}

takes_note
takes_note_of(const corpus_performance *p, const shed_verdict *v, size_t note, double tuning_cents)
{
  static const shed_pitch_label wanted[CORPUS_MISTAKES] = {[CORPUS_WRONG]  = SHED_PITCH_WRONG,
                                                           [CORPUS_MISSED] = SHED_PITCH_MISSED,
                                                           [CORPUS_SHARP]  = SHED_PITCH_SHARP,
                                                           [CORPUS_FLAT]   = SHED_PITCH_FLAT};
  const corpus_mistake         *m                       = takes_fault_of(p, note);
  const shed_pitch_label        l                       = v->notes[note].pitch;
  const int                     sound                   = p->truth[note].sound;
  if (!m) {
    return (takes_note){.kind = p->truth[note].played ? TAKES_RIGHT : TAKES_NOT_COUNTED, .red = is_red(l)};
  }
  const bool   bent  = m->kind == CORPUS_SHARP || m->kind == CORPUS_FLAT;
  const double cents = bent && sound >= 0 ? fabs(p->played[sound].cents - tuning_cents) : 0;
  return (takes_note){
      .kind  = bent && cents < BENT_CENTS ? TAKES_NOT_COUNTED
               : bent                     ? TAKES_BENT
               : m->kind == CORPUS_WRONG  ? TAKES_WRONG
                                          : TAKES_LEFT_OUT,
      .red   = is_red(l),
      .named = l == wanted[m->kind] || (bent && cents >= NEAR_WRONG && l == SHED_PITCH_WRONG),
  };
}

static void
count_fault(counter *c, size_t i, const corpus_mistake *m)
{
  static const takes_figure figures[] = {[TAKES_WRONG]    = TAKES_CAUGHT_WRONG,
                                         [TAKES_LEFT_OUT] = TAKES_CAUGHT_MISSED,
                                         [TAKES_BENT]     = TAKES_CAUGHT_BENT};
  const takes_note          n         = takes_note_of(c->p, c->v, i, c->tuning_cents);
  if (n.kind == TAKES_NOT_COUNTED) {
    return;
  }
  count(c, TAKES_CAUGHT, n.red);
  count(c, TAKES_NAMED, n.named);
  count(c, figures[n.kind], n.red);
  if (n.kind == TAKES_LEFT_OUT) {
    count(c, TAKES_GHOSTS, c->v->notes[i].pitch == SHED_PITCH_CORRECT);
  }
  if (!n.named) {
    char truth[64];
    (void)snprintf(truth, sizeof(truth), "%s by %g", corpus_mistake_name(m->kind), m->amount);
    tell_note(c, n.red ? "misnamed" : "uncaught", i, truth);
  }
}

bool
takes_have_neighbour(const corpus_take *t)
{
  bool any = false;
  for (int i = 0; i < CORPUS_TAKE_SPECS && t->room->specs[i]; i++) {
    any = any || strncmp(t->room->specs[i], "player:", strlen("player:")) == 0;
  }
  return any;
}

bool
takes_is_own_sound(const corpus_performance *p, size_t note, double heard_s)
{
  bool own = false;
  for (size_t i = 0; i < p->n; i++) {
    const corpus_played *k = &p->played[i];
    own = own || (k->midi == p->tune.notes[note].midi && heard_s >= k->onset_s - OWN_SOUND_S &&
                  heard_s <= k->onset_s + fmax(OWN_SOUND_S, k->duration_s));
  }
  return own;
}

/// A neighbour's notes must never be credited.
static void
count_others(counter *c, size_t i)
{
  const shed_note_verdict *n = &c->v->notes[i];
  if (n->pitch != SHED_PITCH_CORRECT || !(n->credit >= CREDIT_LEAST) || !takes_have_neighbour(c->t)) {
    return;
  }
  bool own = takes_is_own_sound(c->p, i, n->onset_s);
  count(c, TAKES_OTHERS, !own);
  if (!own) {
    tell_note(c, "another's", i, c->p->truth[i].played ? "played elsewhere, or as another" : "never played");
  }
}

/// One to one, the nearest first come.
static void
count_extras(counter *c)
{
  bool used[256] = {false};
  int  hits      = 0;
  for (size_t i = 0; i < c->p->n; i++) {
    const corpus_played *k   = &c->p->played[i];
    bool                 hit = false;
    if (k->index >= 0) {
      continue;
    }
    for (size_t x = 0; x < c->v->n_extras && x < SHED_COUNTOF(used) && !hit; x++) {
      hit     = !used[x] && fabs(c->v->extras[x].onset_s - k->onset_s) <= SAME_EXTRA_S;
      used[x] = used[x] || hit;
    }
    hits += hit ? 1 : 0;
    count(c, TAKES_EXTRA_FOUND, hit);
    if (!hit) {
      c->out->blame += 1;
      if (c->tell) {
        fprintf(c->tell, "  extra-missed %d at %.2f s, %.2f s long\n", k->midi, k->onset_s, k->duration_s);
      }
    }
  }
  c->out->part[TAKES_EXTRA_FALSE] = (double)c->v->n_extras - hits;
  c->out->blame += (double)c->v->n_extras - hits;
  c->out->whole[TAKES_EXTRA_FALSE] = 1;
  for (size_t x = 0; x < c->v->n_extras && c->tell; x++) {
    if (x >= SHED_COUNTOF(used) || !used[x]) {
      fprintf(c->tell, "  extra-false  %d at %.2f s (%.2f)\n", c->v->extras[x].midi, c->v->extras[x].onset_s,
              c->v->extras[x].confidence);
    }
  }
}

static void
count_restarts(counter *c)
{
  int hits = 0;
  for (size_t i = 1; i < c->p->n; i++) {
    if (c->p->played[i].attempt == c->p->played[i - 1].attempt) {
      continue;
    }
    bool hit = false;
    for (size_t k = 0; k < c->v->n_restarts && !hit; k++) {
      hit = fabs(c->v->restarts[k].at_s - c->p->played[i].onset_s) <= SAME_START_S;
    }
    hits += hit ? 1 : 0;
    count(c, TAKES_RESTART_FOUND, hit);
    if (!hit) {
      c->out->blame += 1;
      if (c->tell) {
        fprintf(c->tell, "  restart-missed after note %d to %d at %.2f s\n", c->p->played[i - 1].index,
                c->p->played[i].index, c->p->played[i].onset_s);
      }
    }
  }
  c->out->part[TAKES_RESTART_FALSE]  = (double)c->v->n_restarts - hits;
  c->out->whole[TAKES_RESTART_FALSE] = 1;
  if ((int)c->v->n_restarts > hits) {
    c->out->blame += (int)c->v->n_restarts - hits;
    for (size_t k = 0; k < c->v->n_restarts && c->tell; k++) {
      fprintf(c->tell, "  restart-told at %.2f s from %d to %d (%d of them are none)\n",
              c->v->restarts[k].at_s, c->v->restarts[k].from_index, c->v->restarts[k].to_index,
              (int)c->v->n_restarts - hits);
    }
  }
}

void
takes_count(const corpus_take *t, const corpus_performance *p, const shed_verdict *v, FILE *tell,
            takes_counts *out)
{
  static const takes_counts none = {.n_onsets = 0};
  counter                   c    = {.t = t, .p = p, .v = v, .tell = tell, .out = out};
  bool                      any  = false;
  *out                           = none;
  takes_true_shifts(p, c.shift_ms);
  c.tuning_cents = takes_tuning_of(p);
  for (size_t i = 0; i < p->tune.n && i < v->n_notes; i++) {
    const corpus_mistake *m = takes_fault_of(p, i);
    any                     = any || !is_open(v->notes[i].pitch);
    count_others(&c, i);
    if (m) {
      count_fault(&c, i, m);
    } else if (p->truth[i].played) {
      count_right(&c, i);
    }
  }
  count(&c, TAKES_WHOLE_OPEN, !any);
  count_extras(&c);
  count_restarts(&c);
}
