// About this file: the judge of rhythm by onsets alone: claps, taps, drums, and any line of which only the time is asked.
// Labels first, which are facts; then credit by the policy; then scores.

#include "assessors/assessor.h"
#include "assessors/overall.h"
#include "assessors/rhythm_task.h"
#include "assessors/targets.h"
#include "assessors/verdict_start.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define WHERE_ASKED_MS                                                                                       \
  30.0 // so near to its place a stroke that is not sure by itself is the one that was asked
#define ON_TIME_MS      60.0 // the line of on time, the same under every policy
#define CLAP_DOUBT_MS   6.0  // spread of the ear's onset of a clap
#define SURE            0.4  // a stroke less sure than this is not judged, and is no extra
#define QUIET_SNR_DB    6.0  // below this, not hearing a stroke does not mean that it was not played
#define CLEAR_STROKE    0.5  // nor when the usual stroke rises so little
#define TOLERANCE_MS    35.0 // no policy asks for more exactness than the ear's own
#define OWN_TEMPO_SLACK 0.08 // without a click a player keeps the tempo asked for this well
#define TEMPO_FREE      0.05 // off the tempo asked, or drifting, by this share: nothing lost
#define TEMPO_LOST      0.25 // by this share: all lost
#define GAP_NEAR_S      0.1  // so near to sound that was lost nothing is known to be missing, or too much
#define BREAK_WEIGHT    0.25 // continuity is 1 / (1 + this * breaks)

enum { LEAST_MATCHED = 2, SKIP_NOTES = 3, OVERALL_LEAST = 3 };

static double
normal(double z)
{
  return 0.5 * erfc(-z / sqrt(2.0));
}

static shed_align_given
given_by(const shed_prompt *p)
{
  shed_align_given g = {.scale = 0, .slack = 0, .offset_s = (double)NAN};
  if (p->tempo_bpm > 0 && p->line.tempo_bpm > 0) {
    g.scale    = p->line.tempo_bpm / p->tempo_bpm;
    g.slack    = isnan(p->click_start_s) ? OWN_TEMPO_SLACK : 0;
    g.offset_s = p->click_start_s;
    g.beat_s   = p->a_click ? shed_prompt_click_s(p) : 0;
  }
  return g;
}

// The shorter of the gaps beside moment i, in the take.
static double
shorter_gap_s(const shed_rhythm_task *t, size_t i)
{
  double gap = INFINITY;
  if (i > 0) {
    gap = t->asked[i].at_s - t->asked[i - 1].at_s;
  }
  if (i + 1 < t->n_events) {
    gap = fmin(gap, t->asked[i + 1].at_s - t->asked[i].at_s);
  }
  return gap * t->align.scale;
}

static double
credit_of(const shed_rhythm_task *t, size_t i, double error_ms)
{
  double full = t->policy->timing_ms + (t->prompt->sung ? t->policy->sung_extra_ms : 0);
  full        = fmax(fmin(full, 1e3 * t->policy->timing_ioi_share * shorter_gap_s(t, i)), TOLERANCE_MS);
  double over = (fabs(error_ms) - full) / full;
  return over <= 0 ? 1 : over >= 1 ? 0 : 1 - over;
}

static void
label_heard(const shed_rhythm_task *t, size_t i, shed_note_verdict *nv)
{
  int                stroke = t->align.stroke_of[i];
  const shed_stroke *s      = &t->strokes[stroke];
  double             error  = 1e3 * t->align.error_s[i];
  bool               sound  = t->take->kind == SHED_TAKE_AUDIO;
  double             doubt  = sound ? CLAP_DOUBT_MS : 0.5;
  double             clear  = fabs(fabs(error) - ON_TIME_MS) / doubt;
  nv->take_index            = t->rows[stroke];
  nv->onset_s               = s->at_s;
  nv->onset_error_ms        = error;
  nv->confidence            = s->confidence * normal(clear);
  nv->played_midi = nv->take_index >= 0 && t->take->n_notes ? t->take->notes[nv->take_index].midi : -1;
  nv->offset_s =
      nv->take_index >= 0 && t->take->n_notes ? (double)t->take->notes[nv->take_index].offset_s : (double)NAN;
  if (!t->events[i].judged) {
    return;
  }
  // what is not sure by itself and comes where it was asked is the stroke; elsewhere it may be a word or a chair
  if (s->confidence < SURE && fabs(error) > WHERE_ASKED_MS) {
    nv->timing = SHED_TIMING_UNSURE;
    return;
  }
  nv->credit = credit_of(t, i, error);
  nv->timing = clear < 1                   ? SHED_TIMING_UNSURE
               : fabs(error) <= ON_TIME_MS ? SHED_TIMING_ON_TIME
               : error < 0                 ? SHED_TIMING_EARLY
                                           : SHED_TIMING_LATE;
}

// A stroke has no level of its own in snr_db, which is about voiced sound: there the strength of the strokes tells.
static bool
too_noisy(const shed_rhythm_task *t)
{
  if (t->take->kind != SHED_TAKE_AUDIO) {
    return false;
  }
  if (t->unpitched) {
    return !isnan(t->clear) && t->clear < CLEAR_STROKE;
  }
  return !isnan(t->take->snr_db) && (double)t->take->snr_db < QUIET_SNR_DB;
}

// The notes of one moment share what became of it; grace notes and cues stay blank.
static void
label_event(const shed_rhythm_task *t, size_t i, shed_verdict *v)
{
  const shed_rhythm_event *e  = &t->events[i];
  shed_note_verdict        nv = shed_note_blank(e->first);
  nv.expected_onset_s         = t->align.expected_s[i];
  if (t->align.stroke_of[i] >= 0) {
    label_heard(t, i, &nv);
  } else if (!too_noisy(t) && !(e->flags & SHED_NOTE_NO_ASSESS) &&
             shed_take_missing(t->take, t->align.expected_s[i] - GAP_NEAR_S,
                               t->align.expected_s[i] + GAP_NEAR_S) <= 0) {
    nv.pitch      = SHED_PITCH_MISSED;
    nv.credit     = 0;
    nv.confidence = 0.9;
  }
  for (int k = e->first; k <= e->last; k++) {
    const shed_sounding_note *n = &t->prompt->line.notes[k];
    if (n->flags & (SHED_NOTE_GRACE | SHED_NOTE_CUE)) {
      continue;
    }
    v->notes[k]                     = nv;
    v->notes[k].index               = k;
    v->notes[k].expected_duration_s = n->duration_s * t->align.scale;
  }
}

static shed_status
add_extras(const shed_rhythm_task *t, shed_verdict *v)
{
  size_t last = t->n_events - 1;
  double edge = t->align.scale * (t->asked[last].at_s - t->asked[0].at_s) / fmax(1, (double)last);
  double from = t->align.expected_s[0] - edge;
  double to   = t->align.expected_s[last] + t->align.scale * t->asked[last].length_s + edge;
  v->extras   = shed_calloc(t->alloc, t->n_strokes, sizeof(*v->extras));
  if (!v->extras) {
    return SHED_E_NOMEM;
  }
  for (size_t k = 0; k < t->n_strokes; k++) {
    const shed_stroke *s    = &t->strokes[k];
    bool               lost = shed_take_missing(t->take, s->at_s - GAP_NEAR_S, s->at_s) > 0;
    if (t->align.use[k] == SHED_STROKE_EXTRA && s->confidence >= SURE && s->at_s >= from && s->at_s <= to &&
        !lost) {
      int row                  = t->rows[k];
      v->extras[v->n_extras++] = (shed_extra_note){
          s->at_s, row >= 0 && t->take->n_notes ? t->take->notes[row].midi : -1, row, s->confidence};
    }
  }
  return SHED_OK;
}

// Restarts, hesitations; the moment before i that was matched, by its note.
static shed_status
add_breaks(const shed_rhythm_task *t, shed_verdict *v)
{
  v->restarts    = shed_calloc(t->alloc, t->n_events, sizeof(*v->restarts));
  v->hesitations = shed_calloc(t->alloc, t->n_events, sizeof(*v->hesitations));
  if (!v->restarts || !v->hesitations) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < t->n_events; i++) {
    double at = t->align.stroke_of[i] >= 0 ? t->strokes[t->align.stroke_of[i]].at_s : (double)NAN;
    if (t->align.restart[i]) {
      v->restarts[v->n_restarts++] =
          (shed_restart){at, t->events[t->align.restart_from[i]].first, t->events[i].first};
    } else if (t->align.break_s[i] > 0 && t->events[i].judged) {
      v->hesitations[v->n_hesitations++] =
          (shed_hesitation){at - t->align.error_s[i], t->events[i].first, t->align.break_s[i]};
    }
  }
  return SHED_OK;
}

static void
add_incident(shed_verdict *v, const char *kind, double at_s, int from, int to, double amount)
{
  shed_incident *incident = &v->incidents[v->n_incidents++];
  *incident = (shed_incident){.at_s = at_s, .from_index = from, .to_index = to, .amount = amount};
  (void)snprintf(incident->kind, sizeof(incident->kind), "%s", kind);
}

// Runs of moments that were not heard: at the end an early stop, at the start a late start, else a skip.
static shed_status
add_incidents(const shed_rhythm_task *t, shed_verdict *v)
{
  v->incidents = shed_calloc(t->alloc, t->n_events + 2, sizeof(*v->incidents));
  if (!v->incidents) {
    return SHED_E_NOMEM;
  }
  if (t->align.behind_click) {
    add_incident(v, "behind_click", t->align.expected_s[0], t->events[0].first,
                 t->events[t->n_events - 1].last, t->align.behind_click);
  }
  for (size_t i = 0; i < t->n_events;) {
    size_t end = i;
    while (end < t->n_events && t->align.stroke_of[end] < 0) {
      end++;
    }
    size_t run  = end - i;
    bool   edge = i == 0 || end == t->n_events;
    if (run >= SKIP_NOTES || (run > 0 && edge && run * 4 >= t->n_events)) {
      const char *kind = i == 0 ? "late_start" : end == t->n_events ? "early_stop" : "skip";
      add_incident(v, kind, t->align.expected_s[i], t->events[i].first, t->events[end - 1].last, (double)run);
    }
    i = end + 1;
  }
  if (!isnan(t->align.drift) && fabs(t->align.drift) > TEMPO_FREE) {
    add_incident(v, "tempo_drift", (double)NAN, -1, -1, t->align.drift);
  }
  return SHED_OK;
}

static shed_dimension *
add_dimension(shed_verdict *v, const char *name, double score, double assessed)
{
  shed_dimension *d = &v->dimensions[v->n_dimensions++];
  *d                = (shed_dimension){.score = score, .assessed = assessed, .value = (double)NAN};
  (void)snprintf(d->name, sizeof(d->name), "%s", name);
  return d;
}

static double
lost_beyond(double off)
{
  double over = (fabs(off) - TEMPO_FREE) / (TEMPO_LOST - TEMPO_FREE);
  return over <= 0 ? 1 : over >= 1 ? 0 : 1 - over;
}

// How near the tempo asked, and how steady.
static double
tempo_score(const shed_rhythm_task *t)
{
  double steady = isnan(t->align.drift) ? (double)NAN : lost_beyond(t->align.drift);
  if (t->prompt->tempo_bpm <= 0) {
    return steady;
  }
  double near = lost_beyond(log(t->prompt->line.tempo_bpm / t->align.scale / t->prompt->tempo_bpm));
  return isnan(steady) ? near : fmin(near, steady);
}

static void
score(const shed_rhythm_task *t, shed_verdict *v)
{
  double credit  = 0;
  int    counted = 0, could = 0;
  for (size_t i = 0; i < t->n_events; i++) {
    const shed_note_verdict *nv = &v->notes[t->events[i].first];
    could += t->events[i].judged || nv->pitch == SHED_PITCH_MISSED;
    if (!isnan(nv->credit)) {
      credit += nv->credit;
      counted++;
    }
  }
  // a stroke too many weighs as one missing, but a roll of them cannot lose more than there is
  double all        = (double)counted + (double)v->n_extras;
  double rhythm     = counted ? credit / all : (double)NAN;
  double breaks     = (double)(v->n_restarts + v->n_hesitations) + (t->align.behind_click ? 1 : 0);
  double continuity = 1 / (1 + BREAK_WEIGHT * breaks);
  v->assessed       = could ? (double)counted / could : 0;
  (void)add_dimension(v, "rhythm", rhythm, v->assessed);
  (void)add_dimension(v, "continuity", counted ? continuity : (double)NAN, counted ? 1 : 0);
  shed_dimension *tempo = add_dimension(v, "tempo", tempo_score(t), 0);
  tempo->assessed       = isnan(tempo->score) ? 0 : 1;
  tempo->value          = v->tempo_bpm;
  (void)snprintf(tempo->unit, sizeof(tempo->unit), "bpm");
  double wr = t->policy->weight_rhythm, wc = t->policy->weight_continuity;
  v->score  = wr + wc > 0 ? (wr * rhythm + wc * continuity) / (wr + wc) : rhythm;
  v->passed = shed_targets_passed(t->prompt, v, counted);
}

static bool
is_extra(const shed_rhythm_task *t, size_t stroke)
{
  shed_stroke_use use = t->align.use[stroke];
  return (use == SHED_STROKE_EXTRA || use == SHED_STROKE_ABANDONED) && t->strokes[stroke].confidence >= SURE;
}

// The whole as one number. A gap with a stroke too many in it, or one that was begun again, has lost its pattern.
static shed_status
overall(const shed_rhythm_task *t, shed_verdict *v)
{
  const size_t n = t->n_events;
  if (n < OVERALL_LEAST) {
    return SHED_OK;
  }
  shed_overall_moment *m      = shed_calloc(t->alloc, n, sizeof(*m));
  double              *room   = shed_calloc(t->alloc, 2 * n, sizeof(*room));
  size_t               extras = 0;
  for (size_t k = 0; k < t->n_strokes; k++) {
    extras += is_extra(t, k);
  }
  for (size_t i = 0; m && room && i < n; i++) {
    int here = t->align.stroke_of[i], before = i ? t->align.stroke_of[i - 1] : -1;
    m[i] = (shed_overall_moment){.asked_s = t->asked[i].at_s,
                                 .heard_s = here >= 0 ? t->strokes[here].at_s : (double)NAN,
                                 .broken  = t->align.restart[i]};
    for (int k = before + 1; before >= 0 && k < here; k++) {
      m[i].broken = m[i].broken || is_extra(t, (size_t)k);
    }
  }
  if (m && room) {
    shed_overall_time time     = shed_overall_time_of(m, n, extras, room);
    shed_overall_part shares[] = {{.name = "place", .share = time.place},
                                  {.name = "pattern", .share = time.pattern},
                                  {.name = "flow", .share = time.flow},
                                  {.name = "clean", .share = fmax(0, 1 - (double)extras / (double)n)}};
    shed_overall_fill(v, SHED_OVERALL_RHYTHM, shares, (int)SHED_COUNTOF(shares));
  }
  bool made = m && room;
  shed_free(t->alloc, m);
  shed_free(t->alloc, room);
  return made ? SHED_OK : SHED_E_NOMEM;
}

// Too little to judge by: every dimension is there, and none assessed.
static void
nothing_assessed(shed_verdict *v)
{
  static const char *const names[] = {"rhythm", "continuity", "tempo"};
  for (size_t i = 0; i < SHED_COUNTOF(names); i++) {
    (void)add_dimension(v, names[i], (double)NAN, 0);
  }
}

static void
not_assessed(shed_verdict *v, shed_message_code why)
{
  nothing_assessed(v);
  shed_verdict_warn(v, why);
}

static shed_status
judge_strokes(shed_rhythm_task *t, shed_verdict *v)
{
  if (t->take->no_rhythm) { // the take's warnings say why
    nothing_assessed(v);
    return SHED_OK;
  }
  if (t->n_strokes == 0) {
    not_assessed(v, SHED_MSG_rhythm_nothing_heard);
    return SHED_OK;
  }
  shed_status st = shed_onset_align(t->asked, t->n_events, t->strokes, t->n_strokes, given_by(t->prompt),
                                    t->alloc, &t->align);
  if (st == SHED_E_LIMIT) {
    not_assessed(v, SHED_MSG_rhythm_too_long);
    return SHED_OK;
  }
  if (st != SHED_OK) {
    return st;
  }
  if (t->align.matched < LEAST_MATCHED && t->n_events >= LEAST_MATCHED) {
    not_assessed(v, SHED_MSG_rhythm_too_few);
    return SHED_OK;
  }
  v->tempo_bpm = t->prompt->line.tempo_bpm / t->align.scale;
  for (size_t i = 0; i < t->n_events; i++) {
    label_event(t, i, v);
  }
  if ((st = add_extras(t, v)) != SHED_OK || (st = add_breaks(t, v)) != SHED_OK ||
      (st = add_incidents(t, v)) != SHED_OK) {
    return st;
  }
  score(t, v);
  if ((st = overall(t, v)) != SHED_OK) {
    return st;
  }
  if (strcmp(t->prompt->kind, "reference") == 0 && v->overall.n_parts) {
    v->score = v->overall.score; // an echo has no policy of its own
  }
  shed_rhythm_advise(t, v);
  return SHED_OK;
}

static shed_status
judge(const shed_prompt *prompt, const shed_take *take, const shed_policy *policy, const shed_alloc *alloc,
      shed_verdict *out, shed_error *err)
{
  shed_rhythm_task t  = {.prompt = prompt, .take = take, .policy = policy, .alloc = alloc};
  shed_verdict     v  = {.alloc = alloc};
  shed_status      st = shed_rhythm_task_make(&t);
  if (st == SHED_E_RANGE) {
    (void)shed_fail(err, st, prompt->id, "there is no note to judge");
  }
  if (st == SHED_OK) {
    st = shed_verdict_start(&v, prompt, take, policy, alloc);
  }
  if (st == SHED_OK) {
    st = judge_strokes(&t, &v);
  }
  shed_rhythm_task_free(&t);
  if (st != SHED_OK) {
    shed_verdict_free(&v);
    return st;
  }
  *out = v;
  return SHED_OK;
}

const shed_assessor shed_assessor_rhythm = {
    .name = "rhythm", .what = "rhythm by its onsets alone: claps, taps, drums", .judge = judge};
