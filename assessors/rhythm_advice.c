// About this file: one sentence a fault that a teacher would name, the one to mend first in front.
#include "assessors/rhythm_task.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define DOTTED_RATIO 2.5   // written long : short from here on is a dotted figure
#define DOTTED_EVEN  2.0   // played under this, it has lost its dot
#define EQUAL        0.01  // gaps within this share are written equal
#define UNEVEN_SHARE 0.15  // neighbours that differ by this share of their length
#define UNEVEN_S     0.060 // and by this
#define DRIFT_TOLD   0.06
#define TEMPO_TOLD   0.06

enum { LEAST_EQUAL = 3 };

static bool
is_full(const shed_verdict *v)
{
  return v->n_advice == (int)SHED_COUNTOF(v->advice);
}

static shed_message *
say(shed_verdict *v, shed_message_code code)
{
  shed_message *m = &v->advice[v->n_advice++];
  *m              = shed_message_of(code);
  return m;
}

static const char *
measure_of(const shed_rhythm_task *t, size_t i)
{
  return t->prompt->line.notes[t->events[i].first].measure;
}

static bool
heard_gap(const shed_rhythm_task *t, size_t i, double *out)
{
  const int *stroke = t->align.stroke_of;
  if (stroke[i] < 0 || stroke[i + 1] < 0 || t->align.restart[i + 1]) {
    return false;
  }
  *out = t->strokes[stroke[i + 1]].at_s - t->strokes[stroke[i]].at_s;
  return *out > 0;
}

static double
asked_gap(const shed_rhythm_task *t, size_t i)
{
  return t->asked[i + 1].at_s - t->asked[i].at_s;
}

// Dotted figures that lost their dot: the ratio played is the geometric mean of all places.
static void
advise_dotted(const shed_rhythm_task *t, shed_verdict *v)
{
  double sum = 0, written = 0, a, b;
  int    places = 0, even = 0;
  size_t first = 0;
  for (size_t i = 0; i + 2 < t->n_events; i++) {
    double ratio = asked_gap(t, i) / asked_gap(t, i + 1);
    if (ratio < DOTTED_RATIO || ratio > 4 || !heard_gap(t, i, &a) || !heard_gap(t, i + 1, &b)) {
      continue;
    }
    places++;
    sum += log(a / b);
    if (a / b < DOTTED_EVEN) {
      first   = even == 0 ? i : first;
      written = ratio;
      even++;
    }
  }
  if (even > 0 && 2 * even >= places && !is_full(v)) {
    shed_message *m = say(v, SHED_MSG_rhythm_dotted_even);
    shed_message_str(m, "measure", measure_of(t, first));
    shed_message_num(m, "written", written, 1);
    shed_message_num(m, "played", exp(sum / places), 1);
  }
}

static void
advise_uneven(const shed_rhythm_task *t, shed_verdict *v)
{
  double sum = 0, worst = 0, a, b, length = 0;
  int    pairs = 0;
  size_t at    = 0;
  for (size_t i = 0; i + 2 < t->n_events; i++) {
    double gap = asked_gap(t, i);
    if (fabs(asked_gap(t, i + 1) / gap - 1) > EQUAL || !heard_gap(t, i, &a) || !heard_gap(t, i + 1, &b)) {
      continue;
    }
    pairs++;
    sum += (a - b) * (a - b);
    length += gap * t->align.scale;
    if (fabs(a - b) > worst) {
      worst = fabs(a - b);
      at    = i;
    }
  }
  double rms = pairs ? sqrt(sum / pairs) : 0;
  if (pairs >= LEAST_EQUAL && rms > UNEVEN_S && rms > UNEVEN_SHARE * length / pairs && !is_full(v)) {
    shed_message *m = say(v, SHED_MSG_rhythm_uneven);
    shed_message_num(m, "ms", 1e3 * worst, 0);
    shed_message_str(m, "measure", measure_of(t, at));
  }
}

static void
advise_missed(const shed_rhythm_task *t, shed_verdict *v)
{
  int    n     = 0;
  size_t first = 0;
  for (size_t i = 0; i < t->n_events; i++) {
    if (v->notes[t->events[i].first].pitch == SHED_PITCH_MISSED) {
      first = n == 0 ? i : first;
      n++;
    }
  }
  if (n && !is_full(v)) {
    shed_message *m = say(v, SHED_MSG_rhythm_missed);
    shed_message_num(m, "n", n, 0);
    shed_message_str(m, "measure", measure_of(t, first));
  }
}

static void
advise_breaks(const shed_rhythm_task *t, shed_verdict *v)
{
  if (t->align.behind_click && !is_full(v)) {
    shed_message *m =
        say(v, t->align.behind_click > 0 ? SHED_MSG_advice_behind_click : SHED_MSG_advice_ahead_of_click);
    shed_message_num(m, "n", abs(t->align.behind_click), 0);
  }
  if (v->n_restarts && !is_full(v)) {
    shed_message_num(say(v, SHED_MSG_rhythm_restart), "n", (double)v->n_restarts, 0);
  }
  if (v->n_hesitations && !is_full(v)) {
    const shed_sounding_note *note = &t->prompt->line.notes[v->hesitations[0].before_index];
    shed_message             *m    = say(v, SHED_MSG_rhythm_hesitation);
    shed_message_str(m, "measure", note->measure);
    shed_message_num(m, "beat", note->beat, 2);
  }
}

static void
advise_extras(shed_verdict *v)
{
  if (v->n_extras && !is_full(v)) {
    shed_message *m = say(v, SHED_MSG_rhythm_extra);
    shed_message_num(m, "n", (double)v->n_extras, 0);
    shed_message_num(m, "at", v->extras[0].onset_s, 1);
  }
}

static void
advise_tempo(const shed_rhythm_task *t, shed_verdict *v)
{
  double drift = t->align.drift;
  if (!isnan(drift) && fabs(drift) > DRIFT_TOLD && !is_full(v)) {
    shed_message *m = say(v, drift < 0 ? SHED_MSG_rhythm_rushing : SHED_MSG_rhythm_dragging);
    shed_message_num(m, "percent", 100 * fabs(drift), 0);
    shed_message_num(m, "bpm", t->prompt->tempo_bpm > 0 ? t->prompt->tempo_bpm : v->tempo_bpm, 0);
  }
  double asked = t->prompt->tempo_bpm;
  if (asked > 0 && fabs(log(v->tempo_bpm / asked)) > TEMPO_TOLD && !is_full(v)) {
    shed_message *m = say(v, SHED_MSG_rhythm_tempo_off);
    shed_message_num(m, "played", v->tempo_bpm, 0);
    shed_message_num(m, "asked", asked, 0);
  }
}

static void
advise_side(const shed_rhythm_task *t, shed_verdict *v)
{
  int    n[2] = {0, 0}, judged = 0;
  double ms[2]    = {0, 0};
  size_t first[2] = {0, 0};
  for (size_t i = 0; i < t->n_events; i++) {
    const shed_note_verdict *nv = &v->notes[t->events[i].first];
    judged += nv->timing != SHED_TIMING_NONE;
    if (nv->timing == SHED_TIMING_EARLY || nv->timing == SHED_TIMING_LATE) {
      int late    = nv->timing == SHED_TIMING_LATE;
      first[late] = n[late] == 0 ? i : first[late];
      n[late]++;
      ms[late] += fabs(nv->onset_error_ms);
    }
  }
  int late = n[1] > n[0];
  if (n[late] > 0 && !is_full(v)) {
    shed_message *m = say(v, late ? SHED_MSG_rhythm_late : SHED_MSG_rhythm_early);
    shed_message_num(m, "n", n[late], 0);
    shed_message_num(m, "of", judged, 0);
    shed_message_num(m, "ms", ms[late] / n[late], 0);
    shed_message_str(m, "measure", measure_of(t, first[late]));
  }
}

void
shed_rhythm_advise(const shed_rhythm_task *t, shed_verdict *v)
{
  advise_breaks(t, v);
  advise_dotted(t, v);
  advise_missed(t, v);
  advise_extras(v);
  advise_tempo(t, v);
  advise_uneven(t, v);
  advise_side(t, v);
  if (v->n_advice == 0 && v->assessed > 0) {
    shed_message_num(say(v, SHED_MSG_rhythm_holds), "bpm", v->tempo_bpm, 0);
  }
}
