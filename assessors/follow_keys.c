// About this file: what is told of the path that is best now. The last keys of it are looked at again with each key, so what was
// told too early is revised.
#include "assessors/follow_keys_internal.h"
#include "assessors/judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LOST_OF = 8, LOST_HITS = 2, FOUND_HITS = 5, LINE_LEAST = 4, LINE_MOST = 8, WRONG_STEPS = 12 };

static const double WAITED_MS     = 450; // who is so far off waited, or went back
static const double FREE_GUARD_MS = 15;  // of a tempo that is only felt

// The best path's last keys, from the older to the newer.
typedef struct {
  keys_node *node[KEYS_BACK];
  int        n;
} trail;

static void
emit(shed_follow_keys *f, const shed_follow_event *e)
{
  if (f->event_n == KEYS_TOLD) {
    f->event_first = (f->event_first + 1) % KEYS_TOLD;
    f->event_n--;
  }
  shed_follow_event *slot = &f->events[(f->event_first + f->event_n++) % KEYS_TOLD];
  *slot                   = *e;
  slot->at_s              = f->now_s;
}

// With nothing in it yet.
static shed_follow_event
blank(const shed_follow_keys *f, shed_follow_kind kind, int index)
{
  return (shed_follow_event){.kind           = kind,
                             .index          = index,
                             .pass           = index >= 0 ? f->prompt->line.notes[index].pass : 0,
                             .from_index     = -1,
                             .cents          = (double)NAN,
                             .onset_s        = (double)NAN,
                             .onset_error_ms = (double)NAN,
                             .confidence     = 1,
                             .beat           = (double)NAN,
                             .tempo_bpm      = (double)NAN,
                             .tuning_cents   = (double)NAN};
}

// -- the path ----------------------------------------------------------------------------------------------------------

// The key before on its path. Nothing is looked at again from before a jump that was told: the player is somewhere else now.
static keys_node *
before(shed_follow_keys *f, const keys_node *n)
{
  return n->jump_told ? NULL : keys_node_at(f, n->parent);
}

static trail
trail_of(shed_follow_keys *f)
{
  trail      t    = {.n = 0};
  keys_node *last = keys_node_at(f, keys_best(f)->node);
  for (const keys_node *n = last; n && t.n < KEYS_BACK; n = before(f, n)) {
    t.n++;
  }
  for (int i = t.n - 1; i >= 0; i--) {
    t.node[i] = last;
    last      = before(f, last);
  }
  return t;
}

static int
highest_of(const shed_follow_keys *f, int event)
{
  const shed_align_event *ev   = &f->target.events[event];
  int                     best = f->target.notes[ev->first];
  for (int i = 1; i < ev->count; i++) {
    const int one = f->target.notes[ev->first + i];
    best          = f->prompt->line.notes[one].midi > f->prompt->line.notes[best].midi ? one : best;
  }
  return best;
}

// -- time --------------------------------------------------------------------------------------------------------------

// When an event should have come, by the click or by the beat of the events before it; NaN.
static double
expected_s(const shed_follow_keys *f, const trail *t, int at)
{
  const shed_align_event *events = f->target.events;
  const int               event  = t->node[at]->event;
  double                  n = 0, x = 0, y = 0, xx = 0, xy = 0;
  int                     last = event;
  if (isfinite(f->click_start_s)) {
    return f->click_start_s + events[event].at_s;
  }
  for (int i = at - 1; i >= 0 && n < LINE_MOST; i--) {
    const keys_node *k     = t->node[i];
    const bool       first = i == 0 || t->node[i - 1]->event != k->event;
    if (k->jump || t->node[i + 1]->jump || k->event > last) {
      break;
    }
    if (k->event == event || !first || k->event < 0 || k->how == KEYS_EXTRA) {
      continue;
    }
    last = k->event;
    n++;
    x += events[last].at_s;
    y += k->onset_s;
    xx += events[last].at_s * events[last].at_s;
    xy += events[last].at_s * k->onset_s;
  }
  const double spread = n * xx - x * x;
  if (n < LINE_LEAST || spread <= 0) {
    return (double)NAN;
  }
  const double slope = (n * xy - x * y) / spread;
  return slope > 0 ? (y - slope * x) / n + slope * events[event].at_s : (double)NAN;
}

static shed_timing_label
label_timing(const shed_follow_keys *f, int event, double error_ms)
{
  enum { FREE = SHED_NOTE_RIT | SHED_NOTE_ARPEGGIO | SHED_NOTE_WAIT };
  const shed_align_event *ev    = &f->target.events[event];
  const bool              after = event > 0 && (ev[-1].flags & (SHED_NOTE_FERMATA | SHED_NOTE_WAIT));
  const bool              click = isfinite(f->click_start_s);
  if (isnan(error_ms) || (ev->flags & FREE) || after || (!click && fabs(error_ms) > WAITED_MS)) {
    return SHED_TIMING_NONE;
  }
  if (fabs(error_ms) <= SHED_LINE_MS) {
    return SHED_TIMING_ON_TIME;
  }
  if (!click && fabs(error_ms) <= SHED_LINE_MS + FREE_GUARD_MS) {
    return SHED_TIMING_NONE;
  }
  return error_ms > 0 ? SHED_TIMING_LATE : SHED_TIMING_EARLY;
}

// -- notes -------------------------------------------------------------------------------------------------------------

// @param place of target.notes. @param key that stands for it; NULL: none.
static void
tell_note(shed_follow_keys *f, int place, shed_pitch_label pitch, const keys_node *key, double due_s,
          int event)
{
  keys_told *told = &f->told[place];
  if (told->pitch == pitch || f->lost) {
    return;
  }
  const int         index = f->target.notes[place];
  const bool        again = told->pitch != SHED_PITCH_NONE;
  shed_follow_event e     = blank(f, again ? SHED_FOLLOW_REVISED : SHED_FOLLOW_PROVISIONAL, index);
  told->attempt += !again;
  told->pitch = pitch;
  e.attempt   = told->attempt;
  e.pitch     = pitch;
  if (key) {
    e.shift          = key->shift;
    e.onset_s        = key->onset_s;
    e.onset_error_ms = 1000 * (key->onset_s - due_s);
    e.timing         = label_timing(f, event, e.onset_error_ms);
    e.cents          = 100.0 * (key->midi - key->shift - f->prompt->line.notes[index].midi);
  }
  emit(f, &e);
}

// The key of [from, to) that stands for a note: the nearest that is not the right one of another.
static const keys_node *
stands_for(const trail *t, int from, int to, const bool *used, int midi, int *which)
{
  const keys_node *best = NULL;
  for (int i = from; i < to; i++) {
    const keys_node *k   = t->node[i];
    const int        off = abs(k->midi - k->shift - midi);
    if (k->how != KEYS_HIT && !used[i] && off <= WRONG_STEPS &&
        (!best || off < abs(best->midi - best->shift - midi))) {
      best   = k;
      *which = i;
    }
  }
  return best;
}

// A chord is over: what was not struck right of it. Its keys are [from, to) of the trail.
static void
settle(shed_follow_keys *f, const trail *t, int from, int to)
{
  const int               event           = t->node[from]->event;
  const shed_align_event *ev              = &f->target.events[event];
  bool                    used[KEYS_BACK] = {false};
  const double            due_s           = expected_s(f, t, from);
  for (int i = 0; i < ev->count; i++) {
    const int place = ev->first + i;
    int       which = 0;
    bool      hit   = false;
    for (int k = from; k < to; k++) {
      hit = hit || t->node[k]->note == place;
    }
    if (hit) {
      continue;
    }
    const int        midi = f->prompt->line.notes[f->target.notes[place]].midi;
    const keys_node *key  = stands_for(t, from, to, used, midi, &which);
    if (key && key->onset_s - t->node[from]->onset_s <= keys_chord_s(f, event)) {
      used[which] = true;
      tell_note(f, place, SHED_PITCH_WRONG, key, due_s, event);
    } else {
      tell_note(f, place, SHED_PITCH_MISSED, NULL, due_s, event);
    }
  }
}

static void
miss_between(shed_follow_keys *f, int from, int to)
{
  for (int e = from; e < to; e++) {
    for (int i = 0; i < f->target.events[e].count; i++) {
      tell_note(f, f->target.events[e].first + i, SHED_PITCH_MISSED, NULL, (double)NAN, e);
    }
  }
}

// Once: what comes from here on is another attempt.
static void
tell_jump(shed_follow_keys *f, const keys_node *from, keys_node *to)
{
  shed_follow_event e = blank(f, SHED_FOLLOW_JUMP, highest_of(f, to->event));
  if (to->jump_told) {
    return;
  }
  e.from_index  = from && from->event >= 0 ? highest_of(f, from->event) : -1;
  e.onset_s     = to->onset_s;
  e.shift       = to->shift;
  to->jump_told = true;
  emit(f, &e);
  for (int i = f->target.events[to->event].first; i < f->target.n_notes; i++) {
    f->told[i].pitch = SHED_PITCH_NONE;
  }
}

static void
tell_lost(shed_follow_keys *f, const trail *t)
{
  int hits = 0;
  for (int i = t->n > LOST_OF ? t->n - LOST_OF : 0; i < t->n; i++) {
    hits += t->node[i]->how == KEYS_HIT;
  }
  const bool lost = f->lost ? hits < FOUND_HITS : t->n >= LOST_OF && hits <= LOST_HITS;
  if (lost != f->lost) {
    const shed_follow_event e = blank(f, lost ? SHED_FOLLOW_LOST : SHED_FOLLOW_FOUND, -1);
    f->lost                   = lost;
    emit(f, &e);
  }
}

static void
tell_position(shed_follow_keys *f, const trail *t)
{
  const keys_node *k = t->node[t->n - 1];
  if (k->how == KEYS_EXTRA || k->event < 0 || k->event == f->position || f->lost) {
    return;
  }
  shed_follow_event e = blank(f, SHED_FOLLOW_POSITION, highest_of(f, k->event));
  f->position         = k->event;
  e.onset_s           = k->onset_s;
  e.shift             = k->shift;
  e.beat              = shed_beat_quarters(f->prompt->line.notes[e.index].onset_beats);
  if (f->prompt->tempo_bpm > 0) {
    e.tempo_bpm = f->prompt->tempo_bpm;
  }
  emit(f, &e);
}

// @param over the newest chord is over, too.
static void
tell(shed_follow_keys *f, bool over)
{
  const trail t    = trail_of(f);
  int         from = 0; // the first key of the event that is looked at
  if (t.n == 0) {
    return;
  }
  tell_lost(f, &t);
  for (int i = 0; i < t.n; i++) {
    keys_node *k      = t.node[i];
    const int  before = i > 0 ? t.node[i - 1]->event : -1;
    const bool whole  = i > 0 || k->parent < 0 || k->jump; // else the trail begins in its middle
    const bool young  = !over && f->now_s - k->onset_s < KEYS_YOUNG_S;
    if (young && (k->jump || k->event > before + 1)) {
      return; // another key may show that it was a slip
    }
    if (i > 0 && (k->event != before || k->jump)) {
      if (!young && before >= 0 && (from > 0 || t.node[0]->parent < 0 || t.node[0]->jump)) {
        settle(f, &t, from, i);
      }
      from = i;
    }
    if (k->jump) {
      tell_jump(f, i > 0 ? t.node[i - 1] : NULL, k);
    } else if (k->event > before && whole) {
      miss_between(f, before + 1, k->event);
    }
    if (k->how == KEYS_HIT) {
      tell_note(f, k->note, SHED_PITCH_CORRECT, k, expected_s(f, &t, i), k->event);
    }
  }
  tell_position(f, &t);
  if (over && t.node[t.n - 1]->event >= 0) {
    settle(f, &t, from, t.n);
  }
}

// -- the life of one ---------------------------------------------------------------------------------------------------

shed_status
shed_follow_keys_new(shed_follow_keys **out, const shed_prompt *prompt, double click_start_s,
                     const shed_alloc *alloc, shed_error *err)
{
  shed_follow_keys *f = shed_calloc(alloc, 1, sizeof(*f));
  if (!f) {
    return shed_fail(err, SHED_E_NOMEM, NULL, "%s", shed_status_text(SHED_E_NOMEM));
  }
  f->alloc         = alloc;
  f->prompt        = prompt;
  f->click_start_s = click_start_s;
  f->ways[0]       = (keys_way){.event = -1, .node = -1};
  f->n_ways        = 1;
  f->position      = -1;
  f->settled       = -1;
  f->aged          = -1;
  shed_status st   = shed_align_target_new(prompt, alloc, &f->target, err);
  if (st == SHED_OK) {
    f->nodes = shed_calloc(alloc, KEYS_NODES, sizeof(*f->nodes));
    f->told  = shed_calloc(alloc, (size_t)f->target.n_notes, sizeof(*f->told));
    st       = f->nodes && f->told ? SHED_OK
                                   : shed_fail(err, SHED_E_NOMEM, NULL, "%s", shed_status_text(SHED_E_NOMEM));
  }
  if (st != SHED_OK) {
    shed_follow_keys_free(f);
    return st;
  }
  *out = f;
  return SHED_OK;
}

void
shed_follow_keys_free(shed_follow_keys *f)
{
  if (f) {
    shed_align_target_free(&f->target);
    shed_free(f->alloc, f->nodes);
    shed_free(f->alloc, f->told);
    shed_free(f->alloc, f);
  }
}

void
shed_follow_keys_push(shed_follow_keys *f, double onset_s, int midi)
{
  f->now_s = fmax(f->now_s, onset_s);
  f->key_s = f->now_s;
  keys_step(f, f->now_s, midi);
  tell(f, false);
}

void
shed_follow_keys_tick(shed_follow_keys *f, double at_s)
{
  const keys_way *best = keys_best(f);
  f->now_s             = fmax(f->now_s, at_s);
  if (best->event < 0 || f->settled == best->node) {
    return;
  }
  const bool aged = f->now_s - f->key_s >= KEYS_YOUNG_S;
  const bool over = aged && f->now_s - best->first_s > keys_chord_s(f, best->event);
  if (over || (aged && f->aged != best->node)) {
    f->aged    = best->node;
    f->settled = over ? best->node : f->settled;
    tell(f, over);
  }
}

void
shed_follow_keys_finish(shed_follow_keys *f)
{
  if (keys_best(f)->node >= 0) {
    tell(f, true);
  }
}

int
shed_follow_keys_poll(shed_follow_keys *f, shed_follow_event *out)
{
  if (f->event_n == 0) {
    return 0;
  }
  *out           = f->events[f->event_first];
  f->event_first = (f->event_first + 1) % KEYS_TOLD;
  f->event_n--;
  return 1;
}
