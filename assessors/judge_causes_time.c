// About this file: causes that show over several notes: dots that were lost, a pace that changes, scoops, stopping after
// mistakes, how the take began, and which two bars to practise.
#include "assessors/judge_causes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  SCOOPS_LEAST  = 3,
  SCOOPS_SHARE  = 4,
  STOPS_LEAST   = 2,
  LOOP_LEAST    = 2,
  ENTRIES_LEAST = 2,
  NEAR_MISTAKE  = 2
};

static const double DOTTED_RATIO = 2.5, DOTTED_MOST = 4;  // written long : short
static const double DOTTED_EVEN  = 2;                     // played under this, it has lost its dot
static const double PACE_TOLD    = .06;                   // from the first half to the second
static const double SCOOP_FROM_S = .02, SCOOP_TO_S = .08; // where a scoop is still low,
static const double SETTLED_S   = .15;                    // and where it has arrived
static const double SCOOP_CENTS = 60, SCOOP_MOST = 350;
static const double REST_LEAST = .5;  // quarters: a shorter one is a breath
static const double SLIDE_S    = .25; // from a lower note so shortly before it is a slide between two notes
static const double LADDER[]   = {.6, .8}; // of the tempo to be reached
static const double WORTH_TELLING = 1.5;   // notes: how the take began comes before one slip

static const char *
bar_of(const shed_judged *j, size_t note)
{
  return j->prompt->line.notes[note].measure;
}

bool
shed_is_echo(const shed_judged *j)
{
  return strcmp(j->prompt->kind, "reference") == 0;
}

static size_t
note_at(const shed_judged *j, int event)
{
  return (size_t)j->target.notes[j->target.events[event].first];
}

static bool
is_fault(const shed_note_verdict *v)
{
  return v->pitch == SHED_PITCH_WRONG || v->pitch == SHED_PITCH_MISSED;
}

// From one event to the next, both found in one run. @return 0 when not.
static double
heard_gap(const shed_judged *j, int event)
{
  const shed_found *a = &j->found[event], *b = a + 1;
  if (a->segment < 0 || b->segment < 0 || a->run != b->run) {
    return 0;
  }
  // as told: a note that came before its time may have been found late by the path
  return j->v.notes[note_at(j, event + 1)].onset_s - j->v.notes[note_at(j, event)].onset_s;
}

static double
asked_gap(const shed_judged *j, int event)
{
  return j->target.events[event + 1].at_s - j->target.events[event].at_s;
}

double
shed_cause_dotted(const shed_judged *j, shed_message *m)
{
  double sum = 0, written = 0;
  int    places = 0, even = 0, first = 0;
  for (int e = 0; e + 2 < j->target.n_events; e++) {
    double asked = asked_gap(j, e) / asked_gap(j, e + 1), a = heard_gap(j, e), b = heard_gap(j, e + 1);
    if (!(asked >= DOTTED_RATIO && asked <= DOTTED_MOST) || !(a > 0 && b > 0)) {
      continue;
    }
    places++;
    sum += log(a / b);
    if (a / b < DOTTED_EVEN) {
      first   = even == 0 ? e : first;
      written = asked;
      even++;
    }
  }
  if (even == 0 || 2 * even < places) {
    return 0;
  }
  *m = shed_message_of(SHED_MSG_advice_dotted_even);
  shed_message_str(m, "bar", bar_of(j, note_at(j, first)));
  shed_message_num(m, "written", written, 1);
  shed_message_num(m, "played", exp(sum / places), 1);
  return 2 * even + .5; // each lost dot moves two notes
}

static bool
is_entry(const shed_judged *j, size_t i)
{
  const shed_sounding_note *n = &j->prompt->line.notes[i];
  shed_beat rest = i ? shed_beat_sub(n->onset_beats, shed_beat_add(n[-1].onset_beats, n[-1].duration_beats))
                     : shed_beat_of(0, 1);
  return shed_beat_quarters(rest) >= REST_LEAST;
}

double
shed_cause_entries(const shed_judged *j, shed_message *m)
{
  int    late = 0, entries = 0;
  size_t first = 0;
  for (size_t i = 0; i < j->v.n_notes; i++) {
    if (j->v.notes[i].timing == SHED_TIMING_LATE) {
      bool entry = is_entry(j, i);
      first      = entry && entries == 0 ? i : first;
      entries += entry;
      late++;
    }
  }
  if (entries < ENTRIES_LEAST || 3 * entries < 2 * late) {
    return 0;
  }
  *m = shed_message_of(SHED_MSG_advice_entries);
  shed_message_num(m, "n", entries, 0);
  shed_message_str(m, "bar", bar_of(j, first));
  return entries + .5;
}

double
shed_cause_swing(const shed_judged *j, shed_message *m)
{
  const shed_swing *s = &j->v.swing;
  if (!s->told && j->pair_ratio > 1) {
    *m = shed_message_of(SHED_MSG_advice_swung);
    shed_message_num(m, "played", j->pair_ratio, 1);
    return 4;
  }
  if (!s->told || isnan(s->played) || (s->played >= s->least && s->played <= s->most)) {
    return 0;
  }
  *m = shed_message_of(s->played < s->least ? SHED_MSG_advice_swing_even : SHED_MSG_advice_swing_sharp);
  shed_message_num(m, "played", s->played, 1);
  shed_message_num(m, "least", s->least, 1);
  shed_message_num(m, "most", s->most, 1);
  return 4; // told before the off-beats that are early or late by it
}

double
shed_cause_pace(const shed_judged *j, shed_message *m)
{
  double first, second;
  if (!shed_judge_pace(j, &first, &second) || fabs(log(first / second)) < PACE_TOLD) {
    return 0;
  }
  bool   faster = second < first;
  double bpm    = j->prompt->line.tempo_bpm;
  if (shed_is_echo(j)) {
    *m = shed_message_of(faster ? SHED_MSG_advice_echo_faster : SHED_MSG_advice_echo_slower);
    shed_message_num(m, "percent", 100 * fabs(first / second - 1), 0);
    return 3.5;
  }
  *m = shed_message_of(faster ? SHED_MSG_advice_gets_faster : SHED_MSG_advice_gets_slower);
  shed_message_num(m, "from", bpm / first, 0);
  shed_message_num(m, "to", bpm / second, 0);
  return 3.5; // told before single notes that are early or late because of it
}

// Median cents of the frames in [from_s, to_s) from the pitch asked for; NaN with fewer than three.
static double
cents_in(const shed_judged *j, int event, double from_s, double to_s)
{
  double x[16], w[16];
  size_t n    = 0;
  double midi = j->target.events[event].pitch;
  for (size_t i = (size_t)ceil(fmax(from_s, 0) / SHED_FRAME_HOP_S);
       i < j->take->n_frames && (double)i * SHED_FRAME_HOP_S < to_s && n < SHED_COUNTOF(x); i++) {
    const shed_frame *f = &j->take->frames[i];
    if (f->voiced && f->f0_hz > 0) {
      x[n]   = 1200 * log2((double)f->f0_hz / 440) + 6900 - 100 * midi;
      w[n++] = 1;
    }
  }
  return n >= 3 ? shed_weighted_median(x, w, n, .5) : (double)NAN;
}

static bool
slides_from_below(const shed_judged *j, int event)
{
  const shed_found *f = &j->found[event];
  if (event == 0 || f[-1].segment < 0) {
    return false;
  }
  return j->target.events[event - 1].pitch < j->target.events[event].pitch &&
         f->onset_s - f[-1].offset_s < SLIDE_S;
}

double
shed_cause_scoop(const shed_judged *j, shed_message *m)
{
  int    n = 0, sung = 0, first = 0;
  double sum = 0;
  if (j->prompt->fixed_pitch || j->take->kind == SHED_TAKE_NOTES || j->take->kind == SHED_TAKE_MIDI) {
    return 0;
  }
  for (int e = 0; e < j->target.n_events; e++) {
    const shed_found *f = &j->found[e];
    if (f->segment < 0 || f->offset_s - f->onset_s < 2 * SETTLED_S || slides_from_below(j, e)) {
      continue;
    }
    sung++;
    double from    = cents_in(j, e, f->onset_s + SCOOP_FROM_S, f->onset_s + SCOOP_TO_S);
    double settled = cents_in(j, e, f->onset_s + SETTLED_S, f->offset_s);
    if (settled - from >= SCOOP_CENTS && settled - from <= SCOOP_MOST) {
      first = n == 0 ? e : first;
      sum += settled - from;
      n++;
    }
  }
  if (n < SCOOPS_LEAST || n * SCOOPS_SHARE < sung) {
    return 0;
  }
  char name[16];
  shed_pitch_name(j->prompt->line.notes[note_at(j, first)].written, name, sizeof(name));
  *m = shed_message_of(SHED_MSG_advice_scoop);
  shed_message_num(m, "n", n, 0);
  shed_message_num(m, "cents", sum / n, 0);
  shed_message_str(m, "note", name);
  shed_message_str(m, "bar", bar_of(j, note_at(j, first)));
  return n * .6;
}

static bool
after_mistake(const shed_judged *j, int index)
{
  for (int k = index - 1; k >= 0 && k >= index - NEAR_MISTAKE; k--) {
    if (is_fault(&j->v.notes[k])) {
      return true;
    }
  }
  return false;
}

double
shed_cause_stops(const shed_judged *j, shed_message *m)
{
  int n = 0, first = -1;
  for (size_t i = 0; i < j->v.n_hesitations; i++) {
    int at = j->v.hesitations[i].before_index;
    if (at >= 0 && after_mistake(j, at)) {
      first = first < 0 ? at - 1 : first;
      n++;
    }
  }
  if (n < STOPS_LEAST || n * 2 < (int)j->v.n_hesitations) {
    return 0;
  }
  *m = shed_message_of(SHED_MSG_advice_stops);
  shed_message_num(m, "n", n, 0);
  shed_message_str(m, "bar", bar_of(j, (size_t)first));
  return 2 * n + .5;
}

static double
beside_the_click(int beats, shed_message *m)
{
  *m = shed_message_of(beats > 0 ? SHED_MSG_advice_behind_click : SHED_MSG_advice_ahead_of_click);
  shed_message_num(m, "n", abs(beats), 0);
  return WORTH_TELLING;
}

double
shed_cause_start(const shed_judged *j, shed_message *m)
{
  static const struct {
    const char       *kind;
    shed_message_code code;
  } kinds[] = {{"late_start", SHED_MSG_advice_late_start},
               {"wrong_start", SHED_MSG_advice_wrong_start},
               {"repeat", SHED_MSG_advice_repeat}};
  for (size_t k = 0; k < SHED_COUNTOF(kinds); k++) {
    for (size_t i = 0; i < j->v.n_incidents; i++) {
      const shed_incident *in = &j->v.incidents[i];
      if (strcmp(in->kind, kinds[k].kind) == 0 && in->to_index >= 0) {
        *m = shed_message_of(kinds[k].code);
        shed_message_num(m, "n", in->amount, 0);
        shed_message_str(m, "bar", bar_of(j, (size_t)in->to_index));
        return fmax(in->amount, WORTH_TELLING);
      }
    }
  }
  return j->behind_click ? beside_the_click(j->behind_click, m) : 0;
}

// Two bars that follow each other and hold the most mistakes. Notes stand in the order of bars.
double
shed_cause_loop(const shed_judged *j, shed_message *m)
{
  const shed_line *line = &j->prompt->line;
  int              best = 0, total = 0, bar = -1, before = 0, here = 0, at = 0;
  for (size_t i = 0; i < j->v.n_notes; i++) {
    const shed_note_verdict *v = &j->v.notes[i];
    if (line->notes[i].measure_index != at) {
      before = line->notes[i].measure_index == at + 1 ? here : 0;
      here   = 0;
      at     = line->notes[i].measure_index;
    }
    bool fault = is_fault(v) || v->pitch == SHED_PITCH_SHARP || v->pitch == SHED_PITCH_FLAT ||
                 v->timing == SHED_TIMING_EARLY || v->timing == SHED_TIMING_LATE;
    here += fault;
    total += fault;
    if (before + here > best) {
      best = before + here;
      bar  = before > 0 || (size_t)at + 1 >= line->n_measures ? at - 1 : at;
    }
  }
  double full = j->prompt->tempo_bpm > 0 ? j->prompt->tempo_bpm : j->tempo_bpm;
  if (best < LOOP_LEAST || best * 3 < total || bar < 0 || (size_t)bar + 1 >= line->n_measures ||
      isnan(full)) {
    return 0;
  }
  *m = shed_message_of(shed_is_echo(j) ? SHED_MSG_advice_echo_loop : SHED_MSG_advice_loop);
  shed_message_str(m, "from", line->measures[bar].number);
  shed_message_str(m, "to", line->measures[bar + 1].number);
  if (shed_is_echo(j)) {
    return best;
  }
  shed_message_num(m, "slow", LADDER[0] * full, 0);
  shed_message_num(m, "middle", LADDER[1] * full, 0);
  shed_message_num(m, "full", full, 0);
  return best;
}
