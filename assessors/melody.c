// About this file: the melody judge, from prompt and take to a whole verdict. The order is fixed: where and how fast,
// the tuning by the coarse path, the path on tuned evidence, labels, events, credit, advice. What fails to be heard ends
// early with nothing assessed, which is a verdict and no error.
#include "assessors/assessor.h"
#include "assessors/judge.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
  BEAM              = 240,
  FINE_FRAMES       = 12000, ///< up to two minutes the path has the frames' own grid
  VOICED_LEAST      = 8,     ///< frames; less is nothing heard
  RECOGNISED_LEAST  = 2,     ///< notes of the music
  SECOND_PASS_CENTS = 8      ///< that the tuning is off what the path was looked for with: once more, then
};

static const double RECOGNISED_SHARE   = .2;
static const double RECOGNISED_SUPPORT = .5;
static const double LOST_SHARE         = .5;
static const double VOICED_SHARE_LEAST = .02; ///< of the take's sounding frames: less is noise

static void
blank_notes(shed_judged *j)
{
  for (size_t i = 0; i < j->v.n_notes; i++) {
    j->v.notes[i] = (shed_note_verdict){.index               = (int)i,
                                        .take_index          = -1,
                                        .credit              = NAN,
                                        .expected_onset_s    = NAN,
                                        .expected_duration_s = NAN,
                                        .played_midi         = -1,
                                        .cents               = NAN,
                                        .onset_s             = NAN,
                                        .offset_s            = NAN,
                                        .onset_error_ms      = NAN};
  }
}

static shed_status
start_verdict(shed_judged *j)
{
  shed_verdict *v   = &j->v;
  v->alloc          = j->alloc;
  v->score          = NAN;
  v->passed         = -1;
  v->tempo_bpm      = NAN;
  v->tuning_cents   = NAN;
  v->policy_version = j->policy->version;
  v->policy_sha256  = j->policy->sha256;
  v->n_notes        = j->prompt->line.n_notes;
  memcpy(v->policy_id, j->policy->id, sizeof(v->policy_id));
  for (int i = 0; i < j->take->n_warnings && v->n_warnings < SHED_TAKE_WARNINGS; i++) {
    v->warnings[v->n_warnings++] = j->take->warnings[i];
  }
  v->notes = shed_calloc(j->alloc, v->n_notes, sizeof(*v->notes));
  if (!v->notes) {
    return SHED_E_NOMEM;
  }
  blank_notes(j);
  return SHED_OK;
}

static void
warn(shed_judged *j, shed_message m)
{
  if (j->v.n_warnings < SHED_TAKE_WARNINGS) {
    j->v.warnings[j->v.n_warnings++] = m;
  }
}

static void
nothing_assessed(shed_judged *j)
{
  static const char *const names[] = {"pitch", "rhythm", "intonation", "continuity", "tempo"};
  blank_notes(j);
  j->v.n_dimensions = 0;
  for (size_t i = 0; i < SHED_COUNTOF(names); i++) {
    if ((i == 2 && j->prompt->fixed_pitch) || (i == 4 && j->prompt->tempo_bpm <= 0)) {
      continue;
    }
    shed_dimension *d = &j->v.dimensions[j->v.n_dimensions++];
    *d                = (shed_dimension){.score = NAN, .value = NAN};
    snprintf(d->name, sizeof(d->name), "%s", names[i]);
  }
}

static bool
anything_heard(const shed_take *take, const shed_levels *lv)
{
  size_t voiced = 0, sounding = 0;
  for (size_t i = 0; i < take->n_frames; i++) {
    bool loud = take->frames[i].level_db >= lv->silent_db;
    sounding += loud ? 1 : 0;
    voiced += loud && take->frames[i].voiced && take->frames[i].f0_hz > 0 ? 1 : 0;
  }
  return voiced >= VOICED_LEAST && (double)voiced >= VOICED_SHARE_LEAST * (double)sounding;
}

static shed_status
find_path(shed_judged *j, bool tuned)
{
  const int      step = j->guess.end - j->guess.first > FINE_FRAMES ? 2 : 1;
  shed_path_opts o    = {.period      = j->guess.period,
                         .tempo_given = j->prompt->tempo_bpm > 0,
                         .beam        = BEAM,
                         .extras      = true,
                         .within      = &j->guess.held};
  shed_evidence_free(&j->evidence);
  shed_path_free(&j->path);
  shed_status st = shed_evidence_new(j->take, j->guess.first, j->guess.end, step, tuned ? j->centre : NULL,
                                     j->guess.offset_cents, &j->levels, j->alloc, &j->evidence);
  return st == SHED_OK ? shed_path_find(&j->target, &j->evidence, &o, j->alloc, &j->path) : st;
}

/// Notes of the music that stand in the path with their own pitch.
static bool
is_recognised(const shed_judged *j)
{
  int good = 0, found = 0;
  for (int i = 0; i < j->target.n_events; i++) {
    const int at = j->found[i].segment;
    // of a list the path knows it, whose tonal centre may go further than the labels' may
    bool given = at >= 0 && j->path.segments[at].row >= 0;
    found += at >= 0 ? 1 : 0;
    good += at >= 0 && (given ? j->path.segments[at].lane == 0 : j->found[i].m.share >= RECOGNISED_SUPPORT);
  }
  int least = j->target.n_events < RECOGNISED_LEAST ? 1 : RECOGNISED_LEAST;
  return good >= least && good >= RECOGNISED_SHARE * found;
}

static void
hint_shift(shed_judged *j)
{
  const int s = j->guess.hint_shift;
  if (s == 0) {
    return;
  }
  bool         octaves = s % 12 == 0;
  int          amount  = (s < 0 ? -s : s) / (octaves ? 12 : 1);
  shed_message m       = shed_message_of(octaves ? SHED_MSG_judge_other_octave : SHED_MSG_judge_other_key);
  shed_message_num(&m, octaves ? "octaves" : "semitones", amount, 0);
  shed_message_str(&m, "direction", s > 0 ? "higher" : "lower");
  warn(j, m);
}

static void
tell_shift(shed_judged *j)
{
  int s             = j->guess.shift;
  int octaves       = (int)lround(s / 12.);
  j->v.octave_shift = s == 0 ? 0 : octaves;
  j->v.key_shift    = s - 12 * octaves;
}

/// A list of notes is aligned as it stands.
static shed_status
search_notes(shed_judged *j)
{
  shed_status st = shed_align_notes(j->prompt, j->take, &j->target, j->alloc, &j->guess, &j->path);
  if (st != SHED_OK) {
    return st;
  }
  j->levels = shed_levels_of(j->take, 0, j->take->n_frames, j->prompt->sung);
  st = shed_evidence_new(j->take, 0, j->take->n_frames, 1, NULL, j->guess.offset_cents, &j->levels, j->alloc,
                         &j->evidence);
  if (st == SHED_OK) {
    shed_judge_find(j);
    shed_judge_tuning(j);
    shed_judge_find(j); // measured once more, on the tonal centre's way
    shed_judge_tuning(j);
  }
  return st;
}

/// The way that the coarse search has found. It is good enough to tell the tuning and the player's level by, so that the fine search
/// hears with both.
static void
take_coarse(shed_judged *j)
{
  shed_path_free(&j->path);
  shed_evidence_free(&j->evidence);
  j->path           = j->guess.path;
  j->evidence       = j->guess.evidence;
  j->guess.path     = (shed_path){.n = 0};
  j->guess.evidence = (shed_evidence){.n = 0};
}

/// What a path tells.
static void
learn(shed_judged *j)
{
  shed_judge_find(j);
  shed_judge_tuning(j);
  shed_judge_player_level(j);
}

static shed_status
search_finely(shed_judged *j)
{
  const shed_status st = find_path(j, j->tuning_off);
  if (st == SHED_OK) {
    learn(j);
  }
  return st;
}

/// @param struck levels by what is struck.
static shed_status
search_sound(shed_judged *j, bool struck)
{
  shed_align_target_shift(&j->target, 0);
  shed_guess_free(&j->guess);
  memset(j->centre, 0, (j->take->n_frames + 1) * sizeof(*j->centre));
  shed_status st = shed_guess_make(j->prompt, j->take, &j->target, struck, j->alloc, &j->guess);
  if (st != SHED_OK) {
    return st;
  }
  if (j->guess.hint_shift) {
    shed_align_target_shift(&j->target, j->guess.hint_shift);
  }
  j->levels = shed_levels_of(j->take, j->guess.first, j->guess.end, j->prompt->sung);
  if (struck) {
    (void)shed_levels_by_strokes(j->take, j->guess.first, j->guess.end, &j->levels);
  }
  take_coarse(j);
  learn(j);
  const bool   tuned    = j->tuning_off;
  const double tuned_to = j->tuning_cents;
  st                    = search_finely(j);
  if (st == SHED_OK && j->tuning_off && !(tuned && fabs(j->tuning_cents - tuned_to) < SECOND_PASS_CENTS)) {
    st = search_finely(j);
  }
  return st;
}

static int
n_recognised(const shed_judged *j)
{
  int n = 0;
  for (int i = 0; i < j->target.n_events; i++) {
    n += j->found[i].segment >= 0 && j->found[i].m.share >= RECOGNISED_SUPPORT ? 1 : 0;
  }
  return n;
}

/// Where half of the music is not there, and mallets are plainly louder than what sounds most of the time, somebody else was
/// followed, who sustains.
static shed_status
search(shed_judged *j)
{
  if (shed_notes_are_given(j->take, &j->target)) {
    return search_notes(j);
  }
  shed_status st = search_sound(j, false);
  const int   n  = st == SHED_OK ? n_recognised(j) : 0;
  if (st != SHED_OK || n >= LOST_SHARE * j->target.n_events) {
    return st;
  }
  shed_levels lv = shed_levels_of(j->take, j->guess.first, j->guess.end, j->prompt->sung);
  if (!j->prompt->sung && shed_levels_by_strokes(j->take, j->guess.first, j->guess.end, &lv)) {
    st = search_sound(j, true);
    st = st == SHED_OK && n_recognised(j) <= n ? search_sound(j, false) : st;
  }
  return st;
}

/// The music stands in another key or octave than the prompt allows. It was looked for there, so that each note is known; what it
/// was is told as it is written.
static void
measure_as_written(shed_judged *j)
{
  shed_align_target_shift(&j->target, j->guess.shift);
  for (int e = 0; e < j->target.n_events; e++) {
    shed_found *f = &j->found[e];
    if (f->segment >= 0) {
      f->m = shed_measure_pitch(j->take, &j->levels, f->path_onset_s, f->offset_s, j->target.events[e].pitch,
                                j->centre);
    }
  }
}

static shed_status
judge_found(shed_judged *j)
{
  shed_status st = shed_judge_onsets(j);
  if (st != SHED_OK) {
    return st;
  }
  if ((st = shed_judge_learn_own(j)) != SHED_OK) {
    return st;
  }
  if (j->guess.hint_shift) {
    measure_as_written(j);
  }
  shed_judge_swing(j);
  if ((st = shed_judge_tempo(j)) != SHED_OK) {
    return st;
  }
  tell_shift(j);
  shed_judge_label_pitch(j);
  shed_judge_whose(j);
  shed_judge_missing(j);
  shed_judge_faults(j);
  shed_judge_label_time(j);
  if ((st = shed_judge_label_keys(j)) != SHED_OK || (st = shed_judge_events(j)) != SHED_OK ||
      (st = shed_judge_extra_keys(j)) != SHED_OK) {
    return st;
  }
  shed_judge_replaced(j);
  shed_judge_drop_unplayable(j);
  shed_judge_withhold(j);
  j->v.tempo_bpm    = j->tempo_bpm;
  j->v.tuning_cents = j->tuning_cents;
  shed_judge_credit(j);
  if (!j->guess.hint_shift) { // else the warning is the one thing to say
    shed_judge_advise(j);
  }
  return SHED_OK;
}

static shed_status
find_notes(shed_judged *j, bool *known)
{
  shed_status st = search(j);
  if (st != SHED_OK) {
    return st;
  }
  hint_shift(j);
  if (j->guess.end - j->guess.first < j->take->n_frames) {
    shed_message m = shed_message_of(SHED_MSG_take_long);
    shed_message_num(&m, "minutes", j->take->duration_s / 60, 0);
    warn(j, m);
  }
  *known = is_recognised(j);
  if (!*known) {
    warn(j, shed_message_of(SHED_MSG_judge_not_recognised));
    nothing_assessed(j);
  }
  return SHED_OK;
}

static shed_status
begin(shed_judged *j, bool *known)
{
  shed_status st;
  j->found  = shed_calloc(j->alloc, (size_t)j->target.n_events, sizeof(*j->found));
  j->centre = shed_calloc(j->alloc, j->take->n_frames + 1, sizeof(*j->centre));
  if (!j->found || !j->centre) {
    return SHED_E_NOMEM;
  }
  if ((st = start_verdict(j)) != SHED_OK) {
    return st;
  }
  shed_levels lv = shed_levels_of(j->take, 0, j->take->n_frames, j->prompt->sung);
  if (!anything_heard(j->take, &lv)) {
    nothing_assessed(j);
    if (j->v.n_warnings == 0) {
      bool onsets = j->take->kind == SHED_TAKE_ONSETS;
      warn(j, shed_message_of(onsets ? SHED_MSG_judge_no_pitch_kind : SHED_MSG_take_no_pitch));
    }
    return SHED_OK;
  }
  return find_notes(j, known);
}

void
shed_judged_free(shed_judged *j)
{
  shed_align_target_free(&j->target);
  shed_evidence_free(&j->evidence);
  shed_path_free(&j->path);
  shed_guess_free(&j->guess);
  shed_own_free(&j->own);
  shed_free(j->alloc, j->found);
  shed_free(j->alloc, j->centre);
  shed_free(j->alloc, j->frames);
}

shed_status
shed_judged_open(shed_judged *j, const shed_prompt *prompt, const shed_take *take, const shed_policy *policy,
                 const shed_alloc *alloc, bool *known, shed_error *err)
{
  *j             = (shed_judged){.prompt       = prompt,
                                 .policy       = policy,
                                 .alloc        = alloc,
                                 .tuning_cents = NAN,
                                 .tempo_bpm    = NAN,
                                 .pair_ratio   = NAN,
                                 .drift_cents  = NAN,
                                 .view         = *take};
  *known         = false;
  j->take        = &j->view;
  shed_status st = shed_align_target_new(prompt, alloc, &j->target, err);
  if (st == SHED_OK && take->n_frames == 0) {
    st             = shed_frames_of_notes(take, alloc, &j->frames, &j->view.n_frames);
    j->view.frames = j->frames;
  }
  return st == SHED_OK ? begin(j, known) : st;
}

static shed_status
judge_melody(const shed_prompt *prompt, const shed_take *take, const shed_policy *policy,
             const shed_alloc *alloc, shed_verdict *out, shed_error *err)
{
  shed_judged j;
  bool        known;
  shed_status st = shed_judged_open(&j, prompt, take, policy, alloc, &known, err);
  st             = st == SHED_OK && known ? judge_found(&j) : st;
  shed_judged_free(&j);
  if (st != SHED_OK) {
    shed_verdict_free(&j.v);
    return st;
  }
  *out = j.v;
  return SHED_OK;
}

const shed_assessor shed_assessor_melody = {
    .name    = "melody",
    .follows = true,
    .what    = "notes, time and intonation of one line against its music",
    .judge   = judge_melody,
};
