/// About this file: one voice while its music is read: which pitch a letter means here, how long it lasts, and what waits
/// for the next note. Notes are kept with the voice, since a '>' behind a note still changes it.
#include "engine/score/abc_reader.h"

#include <stdio.h>
#include <string.h>

enum { MOST_MEASURE_RESTS = 1000, LOWEST_OCTAVE = -2, HIGHEST_OCTAVE = 10, MOST_SLURS = 255, STEPS = 7 };

static const char *const LAYER_NAMES[SHED_ABC_MAX_LAYERS] = {"1", "2", "3", "4", "5", "6", "7", "8"};

void
shed_abc_voice_forget_accidentals(shed_abc_voice *v)
{
  memset(v->altered, 0, sizeof(v->altered));
}

shed_status
shed_abc_voice_find(shed_abc_reader *r, const char *id, size_t *index)
{
  for (size_t i = 0; i < r->n_voices; i++) {
    if (strcmp(r->voices[i].id, id) == 0) {
      *index = i;
      return SHED_OK;
    }
  }
  if (r->n_voices >= SHED_SCORE_MAX_PARTS) {
    return shed_score_fail(r->score, r->err, SHED_E_LIMIT, r->line, "has more than %d voices",
                           SHED_SCORE_MAX_PARTS);
  }
  shed_status st = shed_grow(r->alloc, (void **)&r->voices, &r->cap_voices, r->n_voices, sizeof(*r->voices));
  if (st != SHED_OK) {
    return st;
  }
  shed_abc_voice *v = &r->voices[r->n_voices];
  *v                = r->defaults;
  (void)snprintf(v->id, sizeof(v->id), "%s", id);
  if ((st = shed_score_add_part(r->score, id, "", &v->part)) != SHED_OK) {
    return st;
  }
  *index = r->n_voices++;
  return SHED_OK;
}

// The alteration in force for a head, and what it leaves in force behind it.
static int
alteration(shed_abc_reader *r, shed_abc_voice *v, const shed_abc_head *head, int octave)
{
  int place = octave - LOWEST_OCTAVE;
  if (head->accidental) {
    for (int i = 0; i < SHED_ABC_OCTAVES && r->reach != SHED_ABC_REACH_NOTE; i++) {
      if (i == place || r->reach == SHED_ABC_REACH_PITCH) {
        v->altered[head->step][i] = true;
        v->alter[head->step][i]   = (signed char)head->alter;
      }
    }
    return head->alter;
  }
  for (size_t i = 0; i < v->n_ties; i++) {
    const shed_note *tied = &v->notes[v->ties[i].note];
    if (v->ties[i].layer == v->layer && tied->written.step == head->step && tied->written.octave == octave) {
      return tied->written.alter;
    }
  }
  return v->altered[head->step][place] ? v->alter[head->step][place] : v->key.alter[head->step];
}

static shed_status
pitch_of(shed_abc_reader *r, shed_abc_voice *v, const shed_abc_head *head, shed_pitch *out)
{
  int octave = head->octave + v->octave - v->middle_octaves;
  if (octave < LOWEST_OCTAVE || octave > HIGHEST_OCTAVE) {
    return shed_abc_refuse(r,
                           "the note %c is written %d octaves away from middle C: no instrument reaches it",
                           "CDEFGAB"[head->step], octave > 4 ? octave - 4 : 4 - octave);
  }
  *out = (shed_pitch){.step   = (signed char)head->step,
                      .alter  = (signed char)alteration(r, v, head, octave),
                      .octave = (signed char)octave};
  return SHED_OK;
}

// Append a note at the voice's place.
static shed_status
append(shed_abc_reader *r, shed_abc_voice *v, shed_pitch pitch, shed_beat duration, unsigned flags)
{
  if (r->n_notes >= SHED_SCORE_MAX_SOUNDING) {
    return shed_score_fail(r->score, r->err, SHED_E_LIMIT, r->line, "has more than %d notes",
                           SHED_SCORE_MAX_SOUNDING);
  }
  shed_status st = shed_grow(r->alloc, (void **)&v->notes, &v->cap_notes, v->n_notes, sizeof(*v->notes));
  if (st != SHED_OK) {
    return st;
  }
  v->notes[v->n_notes++] = (shed_note){.voice    = LAYER_NAMES[v->layer],
                                       .measure  = v->measure,
                                       .line     = r->line,
                                       .at       = v->at,
                                       .duration = duration,
                                       .written  = pitch,
                                       .flags    = flags | (v->cue ? SHED_NOTE_CUE : 0U),
                                       .staff    = 1,
                                       .pitched  = !v->percussion};
  r->n_notes++;
  return SHED_OK;
}

static void
open_tie(shed_abc_voice *v, size_t note)
{
  if (v->n_ties < SHED_ABC_MAX_TIES && !v->notes[note].tie_start) {
    v->ties[v->n_ties].note    = note;
    v->ties[v->n_ties].layer   = v->layer;
    v->ties[v->n_ties++].fresh = true;
    v->notes[note].tie_start   = true;
  }
}

void
shed_abc_voice_tie(shed_abc_voice *v)
{
  for (size_t i = 0; i < v->last_n; i++) {
    open_tie(v, v->last_first + i);
  }
}

// A new note takes up the tie that was left open on its pitch.
static void
close_tie(shed_abc_voice *v, shed_note *note)
{
  for (size_t i = 0; i < v->n_ties; i++) {
    const shed_note *from = &v->notes[v->ties[i].note];
    if (v->ties[i].layer == v->layer && !v->ties[i].fresh && from->written.step == note->written.step &&
        from->written.octave == note->written.octave && from->written.alter == note->written.alter) {
      note->tie_stop = true;
      v->ties[i]     = v->ties[--v->n_ties];
      return;
    }
  }
}

// Ties of this layer that the event did not take up lead nowhere.
static shed_status
drop_ties(shed_abc_reader *r, shed_abc_voice *v)
{
  size_t kept    = 0;
  bool   dropped = false;
  for (size_t i = 0; i < v->n_ties; i++) {
    if (v->ties[i].layer == v->layer && !v->ties[i].fresh) {
      v->notes[v->ties[i].note].tie_start = false;
      dropped                             = true;
    } else {
      v->ties[kept++] = v->ties[i];
    }
  }
  v->n_ties = kept;
  return dropped ? shed_abc_warn(r, "a tie leads to no note of the same pitch; it is not played") : SHED_OK;
}

static void
age_ties(shed_abc_voice *v)
{
  for (size_t i = 0; i < v->n_ties; i++) {
    v->ties[i].fresh = false;
  }
}

// The place moves on behind an event of this length.
static void
advance(shed_abc_reader *r, shed_abc_voice *v, shed_beat duration)
{
  v->last_duration = duration;
  v->last_there    = true;
  v->at            = shed_beat_add(v->at, duration);
  v->broken        = shed_beat_of(1, 1);
  if (v->tuplet_left > 0 && --v->tuplet_left == 0) {
    v->tuplet_ratio = shed_beat_of(1, 1);
  }
  shed_score_extend(r->score, v->measure, v->at);
}

static shed_beat
sounding_length(const shed_abc_voice *v, shed_beat factor)
{
  shed_beat length = shed_beat_mul(v->unit, factor);
  return shed_beat_mul(shed_beat_mul(length, v->tuplet_ratio), v->broken);
}

static shed_status
append_grace(shed_abc_reader *r, shed_abc_voice *v)
{
  shed_status st = SHED_OK;
  for (size_t i = 0; i < v->next.n_grace && st == SHED_OK; i++) {
    st = append(r, v, v->next.grace[i].pitch, shed_beat_of(0, 1), SHED_NOTE_GRACE);
  }
  return st;
}

shed_status
shed_abc_voice_note(shed_abc_reader *r, shed_abc_voice *v, const shed_abc_head *heads, size_t n,
                    shed_beat length)
{
  shed_status st    = shed_abc_voice_fill(r, v);
  unsigned    flags = v->next.flags | (v->trill ? SHED_NOTE_TRILL : 0U) | (v->gliss ? SHED_NOTE_GLISS : 0U);
  if (st == SHED_OK) {
    st = append_grace(r, v);
  }
  age_ties(v);
  size_t first = v->n_notes;
  for (size_t i = 0; i < n && st == SHED_OK; i++) {
    shed_pitch pitch = {0};
    shed_beat  lasts = sounding_length(v, shed_beat_mul(heads[i].length, length));
    if ((st = pitch_of(r, v, &heads[i], &pitch)) == SHED_OK) {
      st = append(r, v, pitch, lasts, flags | heads[i].flags);
    }
  }
  if (st != SHED_OK) {
    return st;
  }
  for (size_t i = first; i < v->n_notes; i++) {
    close_tie(v, &v->notes[i]);
  }
  for (size_t i = 0; i < n; i++) {
    if (heads[i].tie) {
      open_tie(v, first + i);
    }
  }
  int slurs                   = v->next.slur_starts;
  v->notes[first].slur_starts = (uint8_t)(slurs > MOST_SLURS ? MOST_SLURS : slurs);
  v->open_slurs += slurs;
  v->last_first = v->last_note = first;
  v->last_n                    = n;
  v->next                      = (shed_abc_pending){0};
  advance(r, v, v->notes[first].duration);
  return drop_ties(r, v);
}

shed_status
shed_abc_voice_rest(shed_abc_reader *r, shed_abc_voice *v, shed_beat length)
{
  shed_status st = shed_abc_voice_fill(r, v);
  if (st != SHED_OK) {
    return st;
  }
  // a hold over a rest makes the player wait, as one on the note before it does
  if (v->n_notes > 0) {
    v->notes[v->last_note].flags |= v->next.flags & SHED_NOTE_FERMATA;
  }
  v->next.flags = 0;
  v->last_n     = 0;
  age_ties(v);
  advance(r, v, sounding_length(v, length));
  return drop_ties(r, v);
}

shed_status
shed_abc_voice_measure_rests(shed_abc_reader *r, shed_abc_voice *v, int n)
{
  static const shed_abc_bar thin = {0};
  shed_status               st   = SHED_OK;
  if (n < 1 || n > MOST_MEASURE_RESTS) {
    return shed_abc_refuse(r, "a rest of %d measures is written; 1 to %d can be read", n, MOST_MEASURE_RESTS);
  }
  for (int i = 0; i < n && st == SHED_OK; i++) {
    if (i > 0 && (st = shed_abc_bar_line(r, v, &thin)) != SHED_OK) {
      return st;
    }
    if ((st = shed_abc_voice_fill(r, v)) == SHED_OK) {
      advance(r, v, v->metre.beats ? v->metre.length : shed_beat_of(4, 1));
      v->last_n = 0;
      age_ties(v);
      st = drop_ties(r, v);
    }
  }
  v->next.flags = 0;
  v->last_there = false;
  return st;
}

shed_status
shed_abc_voice_grace(shed_abc_reader *r, shed_abc_voice *v, const shed_abc_head *head)
{
  shed_pitch pitch = {0};
  if (v->next.n_grace >= SHED_ABC_MAX_GRACE) {
    return shed_abc_refuse(r, "more than %d grace notes stand before one note", SHED_ABC_MAX_GRACE);
  }
  shed_status st = pitch_of(r, v, head, &pitch);
  if (st == SHED_OK) {
    v->next.grace[v->next.n_grace++].pitch = pitch;
  }
  return st;
}

shed_status
shed_abc_voice_broken(shed_abc_reader *r, shed_abc_voice *v, char sign, int n)
{
  int64_t   whole = (int64_t)1 << n;
  shed_beat more  = shed_beat_of(2 * whole - 1, whole);
  shed_beat less  = shed_beat_of(1, whole);
  if (!v->last_there) {
    return shed_abc_warn(r, "'%c' has no note before it in its measure; it is not used", sign);
  }
  shed_beat factor = sign == '>' ? more : less;
  shed_beat lasts  = shed_beat_mul(v->last_duration, factor);
  for (size_t i = 0; i < v->last_n; i++) {
    shed_note *note = &v->notes[v->last_first + i];
    note->duration  = shed_beat_mul(note->duration, factor);
  }
  v->at            = shed_beat_add(v->at, shed_beat_sub(lasts, v->last_duration));
  v->last_duration = lasts;
  v->broken        = sign == '>' ? less : more;
  return SHED_OK;
}

shed_status
shed_abc_voice_overlay(shed_abc_reader *r, shed_abc_voice *v, int back)
{
  if (v->layer == 0) {
    v->back_to     = v->measure;
    v->back_filled = v->filled;
  }
  int measure = v->back_to + (v->back_filled ? 1 : 0) - back;
  if (measure < 0) {
    return shed_abc_refuse(r, "'&' goes back before the first measure");
  }
  if (v->layer + 1 >= SHED_ABC_MAX_LAYERS) {
    return shed_abc_refuse(r, "more than %d voices lie over each other in one measure", SHED_ABC_MAX_LAYERS);
  }
  v->layer++;
  v->measure      = measure;
  v->at           = shed_beat_of(0, 1);
  v->last_there   = false;
  v->tuplet_left  = 0;
  v->tuplet_ratio = shed_beat_of(1, 1);
  v->broken       = shed_beat_of(1, 1);
  shed_abc_voice_forget_accidentals(v);
  return SHED_OK;
}
