// About this file: what can be told of a score only once it is whole. Order of notes and marks, length of empty measures,
// reach of endings, sounding pitch, and the flags that need a note's neighbours. Everything is linear or n log n.

#include "engine/score/cut.h"

#include <stdlib.h>
#include <string.h>

enum { FREE_MEASURES = 4 }; // a "rit." that nothing ends is taken to hold for so many measures

shed_beat
shed_metre_quarters(int beats, int beat_type)
{
  return beats > 0 && beat_type > 0 ? shed_beat_of(4 * (int64_t)beats, beat_type) : shed_beat_of(0, 1);
}

static int
compare_places(int measure_a, shed_beat at_a, int measure_b, shed_beat at_b)
{
  if (measure_a != measure_b) {
    return measure_a < measure_b ? -1 : 1;
  }
  return shed_beat_cmp(at_a, at_b);
}

// The order of a line: place, grace notes first and as written, then staff, then pitch from below. qsort need not be
// stable, so the comparison ends in something unique.
static int
compare_notes(const void *a, const void *b)
{
  const shed_note *x = a;
  const shed_note *y = b;
  int              c = compare_places(x->measure, x->at, y->measure, y->at);
  if (c) {
    return c;
  }
  bool x_grace = (x->flags & SHED_NOTE_GRACE) != 0;
  bool y_grace = (y->flags & SHED_NOTE_GRACE) != 0;
  if (x_grace != y_grace) {
    return x_grace ? -1 : 1;
  }
  if (!x_grace && x->staff != y->staff) {
    return x->staff < y->staff ? -1 : 1;
  }
  int x_midi = shed_pitch_midi(x->written);
  int y_midi = shed_pitch_midi(y->written);
  if (!x_grace && x_midi != y_midi) {
    return x_midi < y_midi ? -1 : 1;
  }
  return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

static int
compare_marks(const void *a, const void *b)
{
  const shed_mark *x = a;
  const shed_mark *y = b;
  int              c = compare_places(x->measure, x->at, y->measure, y->at);
  c                  = c ? c : (x->kind > y->kind) - (x->kind < y->kind);
  return c ? c : (x->value > y->value) - (x->value < y->value);
}

static void
sort_marks(shed_score *score)
{
  size_t kept = 0;
  if (score->n_marks) {
    qsort(score->marks, score->n_marks, sizeof(*score->marks), compare_marks);
  }
  for (size_t i = 0; i < score->n_marks; i++) {
    if (kept == 0 || compare_marks(&score->marks[kept - 1], &score->marks[i]) != 0) {
      score->marks[kept++] = score->marks[i];
    }
  }
  score->n_marks = kept;
}

static int
compare_changes(const void *a, const void *b)
{
  const shed_change *x = a;
  const shed_change *y = b;
  int                c = compare_places(x->measure, x->at, y->measure, y->at);
  return c ? c : (x->order > y->order) - (x->order < y->order);
}

typedef struct {
  int fifths, beats, beat_type;
  int letters, semitones;                    // of staff 0: all
  int staff, staff_letters, staff_semitones; // of the one staff that differs; 0: none
} in_force;

static void
apply_change(in_force *f, const shed_change *c)
{
  if (c->kind == SHED_CHANGE_KEY) {
    f->fifths = c->staff <= 1 ? c->a : f->fifths;
  } else if (c->kind == SHED_CHANGE_TIME) {
    f->beats     = c->a;
    f->beat_type = c->b;
  } else if (c->staff == 0) {
    f->letters   = c->a;
    f->semitones = c->b;
    f->staff     = 0;
  } else {
    f->staff           = c->staff;
    f->staff_letters   = c->a;
    f->staff_semitones = c->b;
  }
}

// A key signature moved by an interval: seven fifths a semitone, less twelve a letter; kept within seven accidentals.
static int
transpose_fifths(int fifths, int letters, int semitones)
{
  int moved = (fifths + 7 * semitones - 12 * letters) % 12;
  while (moved > 7) {
    moved -= 12;
  }
  while (moved < -7) {
    moved += 12;
  }
  return moved;
}

static void
transpose_note(shed_note *note, const in_force *f)
{
  bool own       = f->staff == note->staff && f->staff != 0;
  int  letters   = own ? f->staff_letters : f->letters;
  int  semitones = own ? f->staff_semitones : f->semitones;
  if (note->pitched && (letters || semitones)) {
    note->sounding = shed_pitch_transpose(note->written, letters, semitones);
  }
}

// Give each measure of the part its notes, key and metre, and each note its sounding pitch.
static shed_status
lay_out_part(shed_score *score, shed_part *part)
{
  in_force f      = {.beats = 4, .beat_type = 4};
  size_t   note   = 0;
  size_t   change = 0;
  part->measures  = shed_calloc(score->alloc, score->n_columns, sizeof(*part->measures));
  if (!part->measures) {
    return SHED_E_NOMEM;
  }
  if (part->n_notes) {
    qsort(part->notes, part->n_notes, sizeof(*part->notes), compare_notes);
  }
  if (part->n_changes) {
    qsort(part->changes, part->n_changes, sizeof(*part->changes), compare_changes);
  }
  part->unpitched = part->n_notes > 0;
  for (size_t m = 0; m < score->n_columns; m++) {
    shed_part_measure *pm = &part->measures[m];
    pm->first_note        = note;
    for (; change < part->n_changes && part->changes[change].measure == (int)m &&
           part->changes[change].at.num <= 0;
         change++) {
      apply_change(&f, &part->changes[change]);
    }
    pm->fifths    = transpose_fifths(f.fifths, f.letters, f.semitones);
    pm->beats     = f.beats;
    pm->beat_type = f.beat_type;
    if (m == 0) {
      part->first_transpose_semitones = f.letters || f.semitones ? f.semitones : f.staff_semitones;
    }
    for (; note < part->n_notes && part->notes[note].measure == (int)m; note++) {
      for (; change < part->n_changes && part->changes[change].measure == (int)m &&
             shed_beat_cmp(part->changes[change].at, part->notes[note].at) <= 0;
           change++) {
        apply_change(&f, &part->changes[change]);
      }
      transpose_note(&part->notes[note], &f);
      part->unpitched = part->unpitched && !part->notes[note].pitched;
    }
    for (; change < part->n_changes && part->changes[change].measure <= (int)m; change++) {
      apply_change(&f, &part->changes[change]);
    }
    pm->n_notes = note - pm->first_note;
  }
  return SHED_OK;
}

// Empty measures last their metre; short ones at the start, or marked so, are pickups that end on the barline.
static void
measure_columns(shed_score *score)
{
  for (size_t m = 0; m < score->n_columns; m++) {
    shed_column             *c      = &score->columns[m];
    const shed_part_measure *pm     = score->n_parts ? &score->parts[0].measures[m] : NULL;
    shed_beat                full   = pm ? shed_metre_quarters(pm->beats, pm->beat_type) : shed_beat_of(4, 1);
    const shed_column       *before = m > 0 ? c - 1 : NULL;
    if (before && c->piece > 0) {
      c->lead_in = shed_beat_add(before->lead_in, before->length);
      c->pickup  = before->pickup;
      continue;
    }
    if (c->length.num <= 0) {
      c->length = full.num > 0 ? full : shed_beat_of(4, 1);
    }
    shed_beat length = c->whole.num > 0 ? c->whole : c->length;
    if (shed_beat_cmp(length, full) >= 0) {
      continue;
    }
    shed_beat filled = before ? shed_beat_add(before->lead_in, before->length) : full;
    if (before && shed_beat_cmp(filled, full) < 0 && !before->pickup && c->implicit &&
        shed_beat_cmp(shed_beat_add(filled, length), full) <= 0) {
      c->lead_in = filled; // the other half of a measure that a barline cuts
    } else if (m == 0 || c->implicit) {
      c->lead_in = shed_beat_sub(full, length);
      c->pickup  = true;
    }
  }
}

// An ending reaches to where the reader saw it end; without that to the backward repeat or the measure before the next
// ending or forward repeat, and else it is one measure.
static void
close_endings(shed_score *score)
{
  for (size_t m = 0; m < score->n_columns; m++) {
    if (!score->columns[m].ending_first) {
      continue;
    }
    size_t last  = m;
    bool   found = false;
    for (size_t k = m; k < score->n_columns && !found; k++) {
      if (k > m && (score->columns[k].ending_first || score->columns[k].repeat_forward)) {
        last  = k - 1;
        found = true;
      } else if (score->columns[k].ending_last || score->columns[k].repeat_backward) {
        last  = k;
        found = true;
      }
    }
    for (size_t k = m; k <= last; k++) {
      score->columns[k].ending      = score->columns[m].ending;
      score->columns[k].ending_last = k == last;
    }
    m = last;
  }
}

// The notes of one part and voice in order of time; slurs are matched within a voice.
typedef struct {
  const char *voice;
  size_t      open[16]; // notes at which the slurs that are open began
  size_t      n_open;
} slur_voice;

enum { SLUR_VOICES = 32 };

static slur_voice *
find_voice(slur_voice *voices, size_t *n, const char *voice)
{
  for (size_t i = 0; i < *n; i++) {
    if (voices[i].voice == voice || strcmp(voices[i].voice, voice) == 0) {
      return &voices[i];
    }
  }
  if (*n == SLUR_VOICES) {
    return NULL;
  }
  voices[*n] = (slur_voice){.voice = voice};
  return &voices[(*n)++];
}

// Flag the voice's notes behind the slur's first moment, up to its last.
static void
flag_slur(shed_part *part, size_t from, size_t to)
{
  const shed_note *first = &part->notes[from];
  const shed_note *last  = &part->notes[to];
  for (size_t i = from + 1; i < part->n_notes; i++) {
    shed_note *note = &part->notes[i];
    if (compare_places(note->measure, note->at, last->measure, last->at) > 0) {
      break;
    }
    bool grace_first = (first->flags & SHED_NOTE_GRACE) != 0 && i > from;
    bool later       = grace_first || compare_places(note->measure, note->at, first->measure, first->at) > 0;
    if (later && strcmp(note->voice, first->voice) == 0) {
      note->flags |= SHED_NOTE_SLURRED;
    }
  }
}

static void
close_slurs(shed_part *part)
{
  slur_voice voices[SLUR_VOICES];
  size_t     n_voices = 0;
  for (size_t i = 0; i < part->n_notes; i++) {
    const shed_note *note = &part->notes[i];
    if (!note->slur_starts && !note->slur_stops) {
      continue;
    }
    slur_voice *v = find_voice(voices, &n_voices, note->voice);
    if (!v) {
      continue;
    }
    for (int k = 0; k < note->slur_stops && v->n_open; k++) {
      flag_slur(part, v->open[--v->n_open], i);
    }
    for (int k = 0; k < note->slur_starts && v->n_open < SHED_COUNTOF(v->open); k++) {
      v->open[v->n_open++] = i;
    }
  }
}

// A flam is a grace stroke before an unpitched note of the same voice: the flag is the main stroke's.
static void
flag_flams(shed_part *part)
{
  const char *grace_voice = NULL; // of the grace stroke that waits for its main stroke
  size_t      grace       = 0;
  for (size_t i = 0; i < part->n_notes; i++) {
    shed_note *note = &part->notes[i];
    if (note->flags & SHED_NOTE_GRACE) {
      grace_voice = note->pitched ? NULL : note->voice;
      grace       = i;
    } else if (grace_voice && !note->pitched && strcmp(grace_voice, note->voice) == 0) {
      const shed_note *g = &part->notes[grace];
      if (compare_places(g->measure, g->at, note->measure, note->at) == 0) {
        note->flags |= SHED_NOTE_FLAM;
      }
      grace_voice = NULL;
    }
  }
}

// Flag the notes inside rit. and the like. Both lists are sorted by place.
static void
flag_free_time(const shed_score *score, shed_part *part)
{
  size_t mark         = 0;
  bool   free_now     = false;
  int    free_measure = 0;
  for (size_t i = 0; i < part->n_notes; i++) {
    shed_note *note = &part->notes[i];
    for (; mark < score->n_marks &&
           compare_places(score->marks[mark].measure, score->marks[mark].at, note->measure, note->at) <= 0;
         mark++) {
      const shed_mark *m = &score->marks[mark];
      if (m->kind == SHED_MARK_FREE_BEGIN || m->kind == SHED_MARK_FREE_END) {
        free_now     = m->kind == SHED_MARK_FREE_BEGIN;
        free_measure = m->measure;
      }
    }
    if (free_now && note->measure - free_measure < FREE_MEASURES) {
      note->flags |= SHED_NOTE_RIT;
    }
  }
}

// A jump to a sign that is nowhere is told.
static shed_status
check_jumps(shed_score *score)
{
  bool segno = false;
  bool coda  = false;
  for (size_t m = 0; m < score->n_columns; m++) {
    segno = segno || score->columns[m].segno;
    coda  = coda || score->columns[m].coda;
  }
  for (size_t m = 0; m < score->n_columns; m++) {
    const shed_column *c  = &score->columns[m];
    shed_status        st = SHED_OK;
    if (c->jump == SHED_JUMP_DAL_SEGNO && !segno) {
      st = shed_score_warn(score, 0, "measure %.20s goes back to a segno that is nowhere: taken as da capo",
                           c->number);
    }
    if (st == SHED_OK && !coda && (c->to_coda || (c->jump != SHED_JUMP_NONE && c->al_coda))) {
      st = shed_score_warn(score, 0, "measure %.20s leads to a coda that is nowhere: passed over", c->number);
    }
    if (st != SHED_OK) {
      return st;
    }
  }
  return SHED_OK;
}

shed_status
shed_score_finish(shed_score *score)
{
  shed_status st = shed_score_cut(score);
  if (st != SHED_OK) {
    return st;
  }
  if (score->n_parts * score->n_columns > SHED_SCORE_MAX_CELLS) {
    return SHED_E_LIMIT;
  }
  sort_marks(score);
  for (size_t i = 0; i < score->n_parts; i++) {
    shed_part *part = &score->parts[i];
    st              = lay_out_part(score, part);
    if (st != SHED_OK) {
      return st;
    }
    close_slurs(part);
    flag_flams(part);
    flag_free_time(score, part);
  }
  measure_columns(score);
  close_endings(score);
  return check_jumps(score);
}
