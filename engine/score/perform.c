// About this file: from the written score to the line that sounds. Measures in the order of unroll.c, notes of one part in
// the order of finish.c, ties joined as they meet in the performance, seconds from timing.c.

#include "engine/base/str.h"
#include "engine/score/select.h"
#include "engine/score/timing.h"

#include <stdio.h>
#include <string.h>

enum {
  MAX_OPEN_TIES  = 256, // held at one time; a hand has ten fingers
  MAX_SAME_PLACE = 128  // notes at one moment that are compared with each other
};

typedef struct {
  size_t    note; // in the line
  shed_beat end;
} open_tie;

typedef struct {
  const shed_score     *score;
  const shed_part      *part;
  const shed_selection *sel;
  shed_line            *line;
  shed_step            *steps;
  size_t                n_steps;
  shed_beat            *starts;
  size_t                cap_notes, cap_warnings;
  size_t                warnings_more;
  open_tie              ties[MAX_OPEN_TIES];
  size_t                n_ties;
  int                   part_number;
} performer;

static shed_status
warn(performer *p, const shed_note *note, const char *what)
{
  shed_score_warning w = {0};
  if (note->line > 0) {
    (void)snprintf(w.where, sizeof(w.where), "%.48s:%d", p->score->file, note->line);
  } else {
    (void)snprintf(w.where, sizeof(w.where), "measure %.40s", p->score->columns[note->measure].number);
  }
  (void)snprintf(w.what, sizeof(w.what), "%s", what);
  for (size_t i = 0; i < p->line->n_warnings; i++) {
    if (strcmp(p->line->warnings[i].where, w.where) == 0 && strcmp(p->line->warnings[i].what, w.what) == 0) {
      return SHED_OK;
    }
  }
  if (p->line->n_warnings >= SHED_SCORE_MAX_WARNINGS - 1) {
    p->warnings_more++;
    return SHED_OK;
  }
  shed_status st = shed_grow(p->line->alloc, (void **)&p->line->warnings, &p->cap_warnings,
                             p->line->n_warnings, sizeof(w));
  if (st == SHED_OK) {
    p->line->warnings[p->line->n_warnings++] = w;
  }
  return st;
}

// The score's own warnings come first; the last place is kept for how many more there are.
static shed_status
copy_warnings(performer *p)
{
  for (size_t i = 0; i < p->score->n_warnings; i++) {
    if (i >= SHED_SCORE_MAX_WARNINGS - 1) {
      p->warnings_more++;
      continue;
    }
    shed_status st = shed_grow(p->line->alloc, (void **)&p->line->warnings, &p->cap_warnings,
                               p->line->n_warnings, sizeof(*p->line->warnings));
    if (st != SHED_OK) {
      return st;
    }
    p->line->warnings[p->line->n_warnings++] = p->score->warnings[i];
  }
  p->warnings_more += p->score->n_warnings_more;
  return SHED_OK;
}

static shed_status
count_warnings(performer *p)
{
  if (p->warnings_more == 0) {
    return SHED_OK;
  }
  shed_status st = shed_grow(p->line->alloc, (void **)&p->line->warnings, &p->cap_warnings,
                             p->line->n_warnings, sizeof(*p->line->warnings));
  if (st == SHED_OK) {
    shed_score_warning *w = &p->line->warnings[p->line->n_warnings++];
    *w                    = (shed_score_warning){0};
    (void)snprintf(w->where, sizeof(w->where), "%.60s", p->score->file);
    (void)snprintf(w->what, sizeof(w->what), "%zu more of this kind are not shown", p->warnings_more);
  }
  return st;
}

static bool
same_pitch(const shed_sounding_note *a, const shed_note *b)
{
  if (a->pitched != b->pitched) {
    return false;
  }
  return a->pitched ? a->midi == shed_pitch_midi(b->sounding) && a->cents == b->cents
                    : shed_pitch_staff(a->written) == shed_pitch_staff(b->written);
}

// The tie that ends here on this pitch: of the same voice if there is one, else of any.
static open_tie *
find_tie(performer *p, const shed_note *note, shed_beat onset)
{
  open_tie *found = NULL;
  for (size_t i = 0; i < p->n_ties; i++) {
    const shed_sounding_note *held = &p->line->notes[p->ties[i].note];
    if (shed_beat_cmp(p->ties[i].end, onset) == 0 && same_pitch(held, note)) {
      bool own =
          strncmp(held->voice, note->voice, sizeof(held->voice) - 1) == 0 && held->staff == note->staff;
      if (own || !found) {
        found = &p->ties[i];
      }
      if (own) {
        break;
      }
    }
  }
  return found;
}

static void
close_ties_before(performer *p, shed_beat onset)
{
  size_t kept = 0;
  for (size_t i = 0; i < p->n_ties; i++) {
    if (shed_beat_cmp(p->ties[i].end, onset) >= 0) {
      p->ties[kept++] = p->ties[i];
    }
  }
  p->n_ties = kept;
}

static void
open_a_tie(performer *p, size_t note, shed_beat end)
{
  if (p->n_ties < MAX_OPEN_TIES) {
    p->ties[p->n_ties++] = (open_tie){note, end};
  }
}

// The second half of a tie lengthens the note that is held.
static void
join(performer *p, open_tie *tie, const shed_note *note, shed_beat onset)
{
  static const unsigned late_flags =
      SHED_NOTE_FERMATA | SHED_NOTE_BREATH_AFTER | SHED_NOTE_TRILL | SHED_NOTE_TREMOLO | SHED_NOTE_GLISS;
  shed_sounding_note *held   = &p->line->notes[tie->note];
  shed_beat           end    = shed_beat_add(onset, note->duration);
  shed_beat           length = shed_beat_sub(end, held->onset_beats);
  if (shed_beat_cmp(length, held->duration_beats) > 0) {
    held->duration_beats = length;
  }
  held->flags |= note->flags & late_flags;
  if ((held->flags & SHED_NOTE_GRACE) && !(note->flags & SHED_NOTE_GRACE)) {
    held->flags &= ~(unsigned)SHED_NOTE_GRACE; // a grace note tied to its principal is one note, struck once
  }
  if (note->tie_start) {
    tie->end = end;
  } else {
    *tie = p->ties[--p->n_ties];
  }
}

static shed_sounding_note
sounding_of(const performer *p, const shed_note *note, size_t step, shed_beat onset)
{
  const shed_part_measure *pm = &p->part->measures[note->measure];
  const shed_column       *c  = &p->score->columns[note->measure];
  shed_sounding_note       s  = {.pass           = p->steps[step].pass,
                                 .pitched        = note->pitched,
                                 .midi           = note->pitched ? shed_pitch_midi(note->sounding) : 0,
                                 .cents          = note->cents,
                                 .sounding       = note->sounding,
                                 .written        = note->written,
                                 .onset_beats    = onset,
                                 .duration_beats = note->duration,
                                 .staff          = note->staff,
                                 .flags          = note->flags,
                                 .measure_index  = (int)step};
  if (s.pass <= SHED_SCORE_MAX_PASSES && (note->free >> (s.pass - 1) & 1U)) {
    s.flags |= SHED_NOTE_NO_ASSESS;
  }
  if (note->id) {
    (void)snprintf(s.id, sizeof(s.id), "%s", note->id);
  } else {
    (void)snprintf(s.id, sizeof(s.id), "p%dm%dn%d", p->part_number, note->measure + 1, note->ordinal);
  }
  (void)snprintf(s.measure, sizeof(s.measure), "%s", c->number);
  (void)snprintf(s.voice, sizeof(s.voice), "%s", note->voice);
  int    type = pm->beat_type > 0 ? pm->beat_type : 4;
  double from = shed_beat_quarters(shed_beat_add(note->at, c->lead_in));
  s.beat      = 1.0 + from * type / 4.0;
  return s;
}

// A note that another voice already sounds at this moment. @return true: it was taken in, nothing is to be added.
static bool
merge_with_earlier(performer *p, const shed_note *note, shed_beat onset, size_t first_of_step, size_t *index)
{
  shed_line *line   = p->line;
  unsigned   chord  = 0;
  size_t     oldest = line->n_notes > MAX_SAME_PLACE ? line->n_notes - MAX_SAME_PLACE : 0;
  oldest            = oldest < first_of_step ? first_of_step : oldest;
  for (size_t i = line->n_notes; i > oldest; i--) {
    shed_sounding_note *other = &line->notes[i - 1];
    if (shed_beat_cmp(other->onset_beats, onset) != 0 || (other->flags & SHED_NOTE_GRACE)) {
      break;
    }
    if (same_pitch(other, note)) {
      if (shed_beat_cmp(note->duration, other->duration_beats) > 0) {
        other->duration_beats = note->duration;
      }
      other->flags |= note->flags;
      *index = i - 1;
      return true;
    }
    if (strncmp(other->voice, note->voice, sizeof(other->voice) - 1) == 0 && other->staff == note->staff) {
      other->flags |= SHED_NOTE_CHORD;
      chord = SHED_NOTE_CHORD;
    }
  }
  line->notes[line->n_notes].flags |= chord;
  return false;
}

static shed_status
add_note(performer *p, const shed_note *note, size_t step, size_t first_of_step)
{
  shed_line *line  = p->line;
  shed_beat  onset = shed_beat_add(p->starts[step], note->at);
  shed_beat  end   = shed_beat_add(onset, note->duration);
  if (note->tie_stop) {
    open_tie *tie = find_tie(p, note, onset);
    if (tie) {
      join(p, tie, note, onset);
      return SHED_OK;
    }
    if (step > 0 && p->steps[step].direct && p->steps[step].pass == 1) {
      shed_status st = warn(p, note, "a tie ends here that nothing begins: taken as a new note");
      if (st != SHED_OK) {
        return st;
      }
    }
  }
  if (line->n_notes >= SHED_SCORE_MAX_SOUNDING) {
    return SHED_E_LIMIT;
  }
  shed_status st =
      shed_grow(line->alloc, (void **)&line->notes, &p->cap_notes, line->n_notes, sizeof(*line->notes));
  if (st != SHED_OK) {
    return st;
  }
  size_t index               = line->n_notes;
  line->notes[line->n_notes] = sounding_of(p, note, step, onset);
  bool grace                 = (note->flags & SHED_NOTE_GRACE) != 0;
  bool merged                = !grace && merge_with_earlier(p, note, onset, first_of_step, &index);
  line->n_notes += !merged;
  if (note->tie_start) {
    open_a_tie(p, index, end);
  }
  return SHED_OK;
}

static bool
is_selected(const performer *p, const shed_note *note, int pass)
{
  if (note->flags & SHED_NOTE_CUE) {
    return false;
  }
  if (p->sel->staff && note->staff != p->sel->staff) {
    return false;
  }
  if (p->sel->voice && strcmp(p->sel->voice, note->voice) != 0) {
    return false;
  }
  return note->only == 0 || (pass <= SHED_SCORE_MAX_PASSES && (note->only >> (pass - 1) & 1U));
}

// A fermata over one note of a moment holds all that begin with it.
static void
share_fermatas(shed_line *line, size_t from)
{
  for (size_t i = from; i < line->n_notes;) {
    unsigned fermata = 0;
    size_t   k       = i;
    for (; k < line->n_notes && shed_beat_cmp(line->notes[k].onset_beats, line->notes[i].onset_beats) == 0;
         k++) {
      fermata |= line->notes[k].flags & SHED_NOTE_FERMATA;
    }
    for (; i < k; i++) {
      line->notes[i].flags |= line->notes[i].flags & SHED_NOTE_GRACE ? 0 : fermata;
    }
  }
}

static shed_status
perform_step(performer *p, size_t step)
{
  const shed_part_measure *pm    = &p->part->measures[p->steps[step].column];
  size_t                   first = p->line->n_notes;
  close_ties_before(p, p->starts[step]);
  for (size_t i = pm->first_note; i < pm->first_note + pm->n_notes; i++) {
    const shed_note *note = &p->part->notes[i];
    if (!is_selected(p, note, p->steps[step].pass)) {
      continue;
    }
    int         midi = note->pitched ? shed_pitch_midi(note->sounding) : 0;
    shed_status st   = midi < 0 || midi > 127
                           ? warn(p, note, "a note lies outside the range of MIDI (0 to 127): left out")
                           : add_note(p, note, step, first);
    if (st != SHED_OK) {
      return st;
    }
  }
  share_fermatas(p->line, first);
  return SHED_OK;
}

static shed_status
lay_measures(performer *p)
{
  shed_line *line = p->line;
  p->starts       = shed_calloc(line->alloc, p->n_steps + 1, sizeof(*p->starts));
  line->measures  = shed_calloc(line->alloc, p->n_steps, sizeof(*line->measures));
  if (!p->starts || !line->measures) {
    return SHED_E_NOMEM;
  }
  shed_beat at = shed_beat_of(0, 1);
  for (size_t i = 0; i < p->n_steps; i++) {
    const shed_column       *c  = &p->score->columns[p->steps[i].column];
    const shed_part_measure *pm = &p->part->measures[p->steps[i].column];
    shed_sounding_measure   *m  = &line->measures[i];
    *m                          = (shed_sounding_measure){.pass         = p->steps[i].pass,
                                                          .start_beats  = at,
                                                          .length_beats = c->length,
                                                          .beats        = pm->beats,
                                                          .beat_type    = pm->beat_type,
                                                          .fifths       = pm->fifths,
                                                          .pickup       = c->pickup};
    (void)snprintf(m->number, sizeof(m->number), "%s", c->number);
    p->starts[i] = at;
    at           = shed_beat_add(at, c->length);
  }
  p->starts[p->n_steps] = at;
  line->length_beats    = at;
  line->n_measures      = p->n_steps;
  return SHED_OK;
}

static shed_status
lay_seconds(performer *p)
{
  shed_line   *line   = p->line;
  shed_timing *timing = NULL;
  shed_status  st =
      shed_timing_new(&timing, line->alloc, p->score, p->steps, p->starts, p->n_steps, p->sel->tempo_bpm);
  if (st != SHED_OK) {
    return st;
  }
  for (size_t i = 0; i < line->n_notes; i++) {
    shed_sounding_note *note = &line->notes[i];
    note->index              = (int)i;
    note->onset_s            = shed_timing_seconds(timing, note->onset_beats);
    double end_s     = shed_timing_seconds(timing, shed_beat_add(note->onset_beats, note->duration_beats));
    note->duration_s = end_s - note->onset_s;
  }
  for (size_t i = 0; i < line->n_measures; i++) {
    line->measures[i].start_s = shed_timing_seconds(timing, line->measures[i].start_beats);
  }
  line->length_s    = shed_timing_seconds(timing, line->length_beats);
  line->tempo_bpm   = shed_timing_tempo_bpm(timing);
  line->tempo_marks = shed_timing_marks(timing);
  line->swing       = shed_timing_swing(timing);
  shed_timing_free(timing);
  return SHED_OK;
}

static shed_status
perform(performer *p, const shed_selected *chosen)
{
  shed_status st = chosen->straight ? shed_score_straight(chosen->first, chosen->last, p->line->alloc,
                                                          &p->steps, &p->n_steps)
                                    : shed_score_unroll(p->score, p->line->alloc, &p->steps, &p->n_steps);
  if (st == SHED_OK) {
    st = copy_warnings(p);
  }
  if (st == SHED_OK) {
    st = lay_measures(p);
  }
  for (size_t i = 0; i < p->n_steps && st == SHED_OK; i++) {
    st = perform_step(p, i);
  }
  if (st == SHED_OK) {
    st = lay_seconds(p);
  }
  return st == SHED_OK ? count_warnings(p) : st;
}

shed_status
shed_score_perform(const shed_score *score, const shed_selection *sel, const shed_alloc *alloc,
                   shed_line *out, shed_error *err)
{
  shed_line     line = {.alloc = alloc};
  shed_selected chosen;
  shed_status   st = shed_score_select(score, sel, &chosen, err);
  if (st != SHED_OK) {
    return st;
  }
  performer *p = shed_calloc(alloc, 1, sizeof(*p));
  if (!p) {
    return shed_fail(err, SHED_E_NOMEM, score->file, "%s", shed_status_text(SHED_E_NOMEM));
  }
  p->score       = score;
  p->part        = &score->parts[chosen.part];
  p->part_number = (int)chosen.part + 1;
  p->sel         = sel;
  p->line        = &line;
  st             = perform(p, &chosen);
  shed_free(alloc, p->steps);
  shed_free(alloc, p->starts);
  shed_free(alloc, p);
  if (st != SHED_OK) {
    shed_line_free(&line);
    return st == SHED_E_LIMIT
               ? shed_fail(err, st, score->file,
                           "more than %d notes or measures sound when its repeats are played out",
                           SHED_SCORE_MAX_SOUNDING)
               : shed_fail(err, st, score->file, "%s", shed_status_text(st));
  }
  *out = line;
  return SHED_OK;
}

void
shed_line_free(shed_line *line)
{
  if (line) {
    shed_free(line->alloc, line->notes);
    shed_free(line->alloc, line->measures);
    shed_free(line->alloc, line->warnings);
    *line = (shed_line){.alloc = line->alloc};
  }
}
