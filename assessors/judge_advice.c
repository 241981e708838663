// About this file: what to say first. Each cause is one row of a table: how many notes it explains, and its sentence. The
// four that explain most are told; where nothing is wrong, that is told.
#include "assessors/judge_causes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_ADVICE = 4, HIGH_LOW_LEAST = 3, PAIR_LEAST = 2 };

static const double EXTRAS_WEIGHT          = .6;
static const double INTONATION_SHIFT_CENTS = 12; ///< of the high or low third against the rest
static const double TUNING_TOLD_CENTS      = 15;
static const double DRIFT_TOLD_CENTS       = 35;
static const double CREDITED_WEIGHT        = .3;
static const double TEMPO_TOLD_SHARE       = .06;

static const shed_sounding_note *
note_of(const shed_judged *j, size_t index)
{
  return &j->prompt->line.notes[index];
}

static bool
is_pitch_fault(shed_pitch_label l)
{
  return l == SHED_PITCH_WRONG || l == SHED_PITCH_SHARP || l == SHED_PITCH_FLAT || l == SHED_PITCH_MISSED;
}

static int
count_pitch(const shed_judged *j, shed_pitch_label label, size_t *first)
{
  int n = 0;
  for (size_t i = j->v.n_notes; i-- > 0;) {
    if (j->v.notes[i].pitch == label) {
      *first = i;
      n++;
    }
  }
  return n;
}

static int
count_timing(const shed_judged *j, shed_timing_label label, size_t *first)
{
  int n = 0;
  for (size_t i = j->v.n_notes; i-- > 0;) {
    if (j->v.notes[i].timing == label) {
      *first = i;
      n++;
    }
  }
  return n;
}

static double
counted(shed_message *m, shed_message_code code, int n, const char *bar)
{
  *m = shed_message_of(code);
  shed_message_num(m, "n", n, 0);
  shed_message_str(m, "bar", bar);
  return n;
}

static double
not_clear(const shed_judged *j, shed_message *m)
{
  size_t first = 0;
  int    n     = count_pitch(j, SHED_PITCH_UNSURE, &first);
  return n * 5 > (int)j->v.n_notes ? counted(m, SHED_MSG_advice_not_clear, n, "") : 0;
}

// The last notes, and no others, were not heard.
static double
ends_missed(const shed_judged *j, shed_message *m)
{
  size_t all = 0, first = 0, end = j->v.n_notes;
  all = (size_t)count_pitch(j, SHED_PITCH_MISSED, &first);
  while (end > 0 && j->v.notes[end - 1].pitch == SHED_PITCH_MISSED) {
    end--;
  }
  return all >= PAIR_LEAST && all == j->v.n_notes - end
             ? counted(m, SHED_MSG_advice_ends_in, (int)all, note_of(j, end > 0 ? end - 1 : 0)->measure)
             : 0;
}

static double
stopped_early(const shed_judged *j, shed_message *m)
{
  for (size_t i = 0; i < j->v.n_incidents; i++) {
    const shed_incident *in = &j->v.incidents[i];
    if (strcmp(in->kind, "early_stop") == 0) {
      int last = in->from_index > 0 ? in->from_index - 1 : 0; // what was heard last
      counted(m, SHED_MSG_advice_ends_in, (int)in->amount, note_of(j, (size_t)last)->measure);
      return in->amount;
    }
  }
  return ends_missed(j, m);
}

static double
skipped(const shed_judged *j, shed_message *m)
{
  for (size_t i = 0; i < j->v.n_incidents; i++) {
    const shed_incident *in = &j->v.incidents[i];
    if (strcmp(in->kind, "skip") == 0) {
      return counted(m, SHED_MSG_advice_skipped, (int)in->amount, note_of(j, (size_t)in->to_index)->measure);
    }
  }
  return 0;
}

static double
weak_bar(const shed_judged *j, shed_message *m)
{
  shed_message loop;
  if (j->prompt->line.n_measures < 3 || shed_cause_loop(j, &loop) > 0) {
    return 0; // all of it is there; or the same bars, with what to do
  }
  int    best = 0, run = 0;
  size_t at      = 0;
  int    total   = 0;
  int    measure = -1;
  for (size_t i = 0; i < j->v.n_notes; i++) {
    if (note_of(j, i)->measure_index != measure) {
      measure = note_of(j, i)->measure_index;
      run     = 0;
    }
    bool fault = is_pitch_fault(j->v.notes[i].pitch);
    run += fault ? 1 : 0;
    total += fault ? 1 : 0;
    if (run > best) {
      best = run;
      at   = i;
    }
  }
  if (best < PAIR_LEAST || best * 3 < total) {
    return 0;
  }
  *m = shed_message_of(SHED_MSG_advice_weak_bars);
  shed_message_str(m, "bars", note_of(j, at)->measure);
  return best;
}

/// Notes that a late start accounts for.
static double
started_late(const shed_judged *j)
{
  for (size_t i = 0; i < j->v.n_incidents; i++) {
    if (strcmp(j->v.incidents[i].kind, "late_start") == 0) {
      return j->v.incidents[i].amount;
    }
  }
  return 0;
}

static double
missed(const shed_judged *j, shed_message *m)
{
  size_t       first = 0;
  int          n     = count_pitch(j, SHED_PITCH_MISSED, &first);
  shed_message other;
  n -= (int)(stopped_early(j, &other) + skipped(j, &other) + started_late(j));
  return n > 0 ? counted(m, SHED_MSG_advice_missed, n, note_of(j, first)->measure) : 0;
}

static double
went_back(const shed_judged *j, shed_message *m)
{
  int n = (int)j->v.n_restarts;
  return n ? 2 * counted(m, SHED_MSG_advice_restarts, n,
                         note_of(j, (size_t)j->v.restarts[0].from_index)->measure)
           : 0;
}

static double
hesitated(const shed_judged *j, shed_message *m)
{
  shed_message stops;
  int          n = (int)j->v.n_hesitations;
  if (shed_cause_stops(j, &stops) > 0) {
    return 0; // told with its cause
  }
  return n ? 2 * counted(m, SHED_MSG_advice_hesitations, n,
                         note_of(j, (size_t)j->v.hesitations[0].before_index)->measure)
           : 0;
}

static double
played_extras(const shed_judged *j, shed_message *m)
{
  int n = (int)j->v.n_extras;
  return n ? EXTRAS_WEIGHT * counted(m, SHED_MSG_advice_extras, n, "") : 0; // after as many wrong notes
}

// Notes beside their time that cost nothing under this policy weigh little: what cost something is told before them.
static double
weight_of_time(const shed_judged *j, shed_timing_label label)
{
  double sum = 0;
  for (size_t i = 0; i < j->v.n_notes; i++) {
    const shed_note_verdict *v = &j->v.notes[i];
    sum += v->timing != label ? 0 : v->credit < 1 ? 1 : CREDITED_WEIGHT;
  }
  return sum;
}

static double
out_of_time(const shed_judged *j, shed_message *m)
{
  size_t       first_early = 0, first_late = 0;
  int          early = count_timing(j, SHED_TIMING_EARLY, &first_early);
  int          late  = count_timing(j, SHED_TIMING_LATE, &first_late);
  shed_message why;
  if (shed_cause_dotted(j, &why) > 0 || shed_cause_swing(j, &why) > 0 || shed_cause_pace(j, &why) > 0 ||
      shed_cause_entries(j, &why) > 0) {
    return 0; // told with its cause
  }
  if (early >= PAIR_LEAST && early >= 2 * late) {
    (void)counted(m, SHED_MSG_advice_rushing, early, note_of(j, first_early)->measure);
    return weight_of_time(j, SHED_TIMING_EARLY);
  }
  if (late >= PAIR_LEAST && late >= 2 * early) {
    (void)counted(m, SHED_MSG_advice_dragging, late, note_of(j, first_late)->measure);
    return weight_of_time(j, SHED_TIMING_LATE);
  }
  if (early + late >= 2 * PAIR_LEAST) {
    return counted(m, SHED_MSG_advice_uneven, early + late, "");
  }
  return 0;
}

static double
wrong_tempo(const shed_judged *j, shed_message *m)
{
  if (j->prompt->tempo_bpm <= 0 || isnan(j->tempo_bpm) ||
      fabs(j->tempo_bpm / j->prompt->tempo_bpm - 1) < TEMPO_TOLD_SHARE) {
    return 0;
  }
  *m = shed_message_of(SHED_MSG_advice_slower);
  shed_message_num(m, "bpm", j->tempo_bpm, 0);
  shed_message_num(m, "wanted", j->prompt->tempo_bpm, 0);
  return 3;
}

static double
mean_cents(const shed_judged *j, int from_midi, int to_midi, int *n)
{
  double sum = 0;
  *n         = 0;
  for (size_t i = 0; i < j->v.n_notes; i++) {
    const shed_note_verdict *v = &j->v.notes[i];
    int                      m = note_of(j, i)->midi;
    bool near = v->pitch == SHED_PITCH_CORRECT || v->pitch == SHED_PITCH_SHARP || v->pitch == SHED_PITCH_FLAT;
    if (near && m >= from_midi && m < to_midi) {
      sum += v->cents;
      (*n)++;
    }
  }
  return *n ? sum / *n : 0;
}

static double
high_or_low(const shed_judged *j, shed_message *m)
{
  const int range = j->target.highest - j->target.lowest;
  if (j->prompt->fixed_pitch || range < 7) {
    return 0;
  }
  int       n_low, n_high, n_rest;
  const int lo = j->target.lowest + range / 3, hi = j->target.highest - range / 3 + 1;
  double    low = mean_cents(j, 0, lo, &n_low), high = mean_cents(j, hi, 200, &n_high);
  double    rest = mean_cents(j, lo, hi, &n_rest);
  bool      top  = n_high >= HIGH_LOW_LEAST && fabs(high - rest) >= INTONATION_SHIFT_CENTS &&
             fabs(high) >= INTONATION_SHIFT_CENTS;
  bool base = n_low >= HIGH_LOW_LEAST && fabs(low - rest) >= INTONATION_SHIFT_CENTS &&
              fabs(low) >= INTONATION_SHIFT_CENTS;
  if (!top && !base) {
    return 0;
  }
  top          = top && (!base || fabs(high) >= fabs(low));
  double cents = top ? high : low;
  *m           = shed_message_of(top ? (cents < 0 ? SHED_MSG_advice_flat_high : SHED_MSG_advice_sharp_high)
                                     : (cents < 0 ? SHED_MSG_advice_flat_low : SHED_MSG_advice_sharp_low));
  shed_message_num(m, "cents", fabs(cents), 0);
  return (top ? n_high : n_low) * (j->policy->intonation_gates ? .5 : .2); // shown only: after wrong notes
}

static double
out_of_tune(const shed_judged *j, shed_message *m)
{
  size_t sharp = j->v.n_notes, flat = j->v.n_notes;
  int    n = count_pitch(j, SHED_PITCH_SHARP, &sharp) + count_pitch(j, SHED_PITCH_FLAT, &flat);
  if (n < PAIR_LEAST) {
    return 0;
  }
  size_t first = sharp < flat ? sharp : flat;
  char   name[16];
  shed_pitch_name(note_of(j, first)->written, name, sizeof(name));
  counted(m, SHED_MSG_advice_out_of_tune, n, note_of(j, first)->measure);
  shed_message_str(m, "note", name);
  return n * .45;
}

static double
told_cents(shed_message *m, shed_message_code code, double cents, const char *up, const char *down)
{
  *m = shed_message_of(code);
  shed_message_num(m, "cents", fabs(cents), 0);
  shed_message_str(m, "direction", cents > 0 ? up : down);
  return 1.5;
}

static double
mistuned(const shed_judged *j, shed_message *m)
{
  bool told = !j->prompt->fixed_pitch && !j->prompt->sung && fabs(j->tuning_cents) >= TUNING_TOLD_CENTS;
  return told ? told_cents(m, SHED_MSG_advice_tuning, j->tuning_cents, "sharp", "flat") : 0;
}

static double
drifts(const shed_judged *j, shed_message *m)
{
  bool told = !j->prompt->fixed_pitch && fabs(j->drift_cents) >= DRIFT_TOLD_CENTS;
  return told ? told_cents(m, SHED_MSG_advice_drift, j->drift_cents, "up", "down") : 0;
}

static double
too_short(const shed_judged *j, shed_message *m)
{
  int    n     = 0;
  size_t first = 0;
  for (size_t i = j->v.n_notes; i-- > 0;) {
    if (j->v.notes[i].length == SHED_LENGTH_SHORT) {
      first = i;
      n++;
    }
  }
  return n > PAIR_LEAST ? .4 * counted(m, SHED_MSG_advice_short, n, note_of(j, first)->measure) : 0;
}

static shed_cause *const causes[] = {
    not_clear,
    stopped_early,
    skipped,
    shed_cause_start,
    shed_cause_key,
    shed_cause_register,
    shed_cause_partial,
    shed_cause_octave,
    shed_cause_accidental,
    shed_cause_neighbour,
    weak_bar,
    missed,
    went_back,
    shed_cause_stops,
    hesitated,
    shed_cause_dotted,
    shed_cause_swing,
    shed_cause_pace,
    shed_cause_entries,
    out_of_time,
    played_extras,
    wrong_tempo,
    high_or_low,
    shed_cause_scoop,
    out_of_tune,
    mistuned,
    drifts,
    too_short,
};

static void
say_all_good(shed_judged *j)
{
  size_t worst   = j->v.n_notes;
  int    unclear = 0;
  for (size_t i = 0; i < j->v.n_notes; i++) {
    unclear += j->v.notes[i].pitch == SHED_PITCH_UNSURE || j->v.notes[i].timing == SHED_TIMING_UNSURE ? 1 : 0;
    bool fault = is_pitch_fault(j->v.notes[i].pitch) || j->v.notes[i].timing == SHED_TIMING_EARLY ||
                 j->v.notes[i].timing == SHED_TIMING_LATE;
    worst = fault && worst == j->v.n_notes ? i : worst;
  }
  shed_message *m = &j->v.advice[j->v.n_advice++];
  *m              = shed_message_of(SHED_MSG_advice_all_good);
  if (worst < j->v.n_notes && j->v.notes[worst].pitch == SHED_PITCH_WRONG) {
    *m = shed_message_of(SHED_MSG_advice_good_note);
    shed_message_str(m, "bar", note_of(j, worst)->measure);
    shed_wrong_names(j, worst, m);
  } else if (worst < j->v.n_notes) {
    *m = shed_message_of(SHED_MSG_advice_good);
    shed_message_str(m, "bar", note_of(j, worst)->measure);
  } else if (unclear > 0) {
    *m = shed_message_of(SHED_MSG_advice_heard_good);
    shed_message_num(m, "n", unclear, 0);
  }
}

void
shed_judge_advise(shed_judged *j)
{
  struct {
    double       weight;
    shed_message m;
  } rows[SHED_COUNTOF(causes)];
  for (size_t i = 0; i < SHED_COUNTOF(causes); i++) {
    rows[i].weight = causes[i](j, &rows[i].m);
  }
  shed_message loop;
  bool         looped = shed_cause_loop(j, &loop) > 0; // the last thing told: what to practise
  while (j->v.n_advice < MOST_ADVICE - looped) {
    size_t best = 0;
    for (size_t i = 1; i < SHED_COUNTOF(causes); i++) {
      best = rows[i].weight > rows[best].weight ? i : best;
    }
    if (rows[best].weight <= 0) {
      break;
    }
    j->v.advice[j->v.n_advice++] = rows[best].m;
    rows[best].weight            = 0;
  }
  if (looped) {
    j->v.advice[j->v.n_advice++] = loop;
  }
  if (j->v.n_advice == 0 && j->v.assessed > 0) {
    say_all_good(j);
  }
  for (int i = 0; i < j->v.n_advice && shed_is_echo(j); i++) {
    shed_message_num(&j->v.advice[i], "phrases", 1, 0);
  }
}
