/// About this file: what a voice has read between two notes (key, metre, tempo, words, repeat signs, brackets, parts) begins
/// to hold where the next note or rest stands, and is told to the score there.
#include "engine/score/abc_reader.h"
#include "engine/score/words.h"

enum { MOST_SECTIONS = 1000, STEPS = 7 };

static shed_status
add_change(shed_abc_reader *r, const shed_abc_voice *v, shed_change_kind kind, int a, int b)
{
  return shed_score_add_change(
      r->score, v->part, &(shed_change){.kind = kind, .measure = v->measure, .at = v->at, .a = a, .b = b});
}

static shed_status
add_mark(shed_abc_reader *r, const shed_abc_voice *v, shed_mark_kind kind, double value, shed_beat unit)
{
  return shed_score_add_mark(
      r->score, &(shed_mark){.kind = kind, .measure = v->measure, .at = v->at, .value = value, .unit = unit});
}

// Key, metre, transposition, tempo and words that were read since the last note begin to hold here.
static shed_status
settle_changes(shed_abc_reader *r, shed_abc_voice *v)
{
  shed_status st      = SHED_OK;
  int         octaves = v->clef_octaves + v->middle_octaves;
  int         moved   = v->transpose_semitones + v->midi_semitones;
  int         letters = shed_abc_transpose_letters(moved) + STEPS * octaves;
  shed_beat   zero    = shed_beat_of(0, 1);
  double      swung   = 2.0; // long : short where the words give no number
  if (v->key_new) {
    st = add_change(r, v, SHED_CHANGE_KEY, v->key.fifths, 0);
  }
  if (st == SHED_OK && v->metre_new) {
    st = add_change(r, v, SHED_CHANGE_TIME, v->metre.beats, v->metre.beat_type);
  }
  if (st == SHED_OK && v->transpose_new) {
    st = add_change(r, v, SHED_CHANGE_TRANSPOSE, letters, moved + 12 * octaves);
  }
  if (st == SHED_OK && v->tempo_new) {
    st = add_mark(r, v, SHED_MARK_TEMPO, v->tempo_bpm, zero);
  }
  if (st == SHED_OK && (v->words_new & SHED_WORDS_FREE_BEGIN)) {
    st = add_mark(r, v, SHED_MARK_FREE_BEGIN, 0, zero);
  }
  if (st == SHED_OK && ((v->words_new & SHED_WORDS_FREE_END) || v->tempo_new)) {
    st = v->words_new & SHED_WORDS_FREE_BEGIN ? SHED_OK : add_mark(r, v, SHED_MARK_FREE_END, 0, zero);
  }
  if (st == SHED_OK && (v->words_new & (SHED_WORDS_SWING | SHED_WORDS_STRAIGHT))) {
    st = add_mark(r, v, SHED_MARK_SWING, v->words_new & SHED_WORDS_SWING ? swung : 1.0, shed_beat_of(1, 1));
  }
  v->key_new = v->metre_new = v->transpose_new = v->tempo_new = false;
  v->words_new                                                = 0;
  return st;
}

static shed_status
settle_section(shed_abc_reader *r, shed_abc_voice *v)
{
  char letter = v->part_new;
  v->part_new = 0;
  for (size_t i = 0; i < r->n_sections; i++) {
    if (r->sections[i].measure == v->measure) {
      return SHED_OK; // another voice said so
    }
  }
  if (r->n_sections >= MOST_SECTIONS) {
    return shed_score_fail(r->score, r->err, SHED_E_LIMIT, r->line, "has more than %d parts (P:)",
                           MOST_SECTIONS);
  }
  if (v->at.num > 0) {
    return shed_abc_warn(r, "the part P:%c begins inside a measure; it is not used for the order of parts",
                         letter);
  }
  shed_status st =
      shed_grow(r->alloc, (void **)&r->sections, &r->cap_sections, r->n_sections, sizeof(*r->sections));
  if (st == SHED_OK) {
    r->sections[r->n_sections++] = (shed_abc_section){letter, v->measure};
  }
  return st;
}

// The reader's own notes on a column; the first voice to fill it says how long it should be.
static shed_status
note_column(shed_abc_reader *r, const shed_abc_voice *v)
{
  while (r->n_columns <= (size_t)v->measure) {
    shed_status st =
        shed_grow(r->alloc, (void **)&r->columns, &r->cap_columns, r->n_columns, sizeof(*r->columns));
    if (st != SHED_OK) {
      return st;
    }
    r->columns[r->n_columns++] = (shed_abc_column){.full = v->metre.length, .line = r->line};
  }
  return SHED_OK;
}

shed_status
shed_abc_voice_fill(shed_abc_reader *r, shed_abc_voice *v)
{
  shed_status st = shed_score_open_measure(r->score, v->measure, NULL);
  if (st == SHED_E_LIMIT) {
    return shed_score_fail(r->score, r->err, st, r->line, "has more than %d measures",
                           SHED_SCORE_MAX_MEASURES);
  }
  if (st == SHED_OK) {
    st = note_column(r, v);
  }
  if (st != SHED_OK) {
    return st;
  }
  if (v->layer == 0) {
    v->filled = true;
  }
  shed_abc_sign_settle(r);
  shed_column *column = shed_score_column(r->score, v->measure);
  if (v->forward_new) {
    column->repeat_forward = true;
    v->forward_new         = false;
  }
  if (v->ending_new) {
    column->ending       = v->ending_new;
    column->ending_first = true;
    v->ending_new        = 0;
    v->in_ending         = true;
  }
  if (v->part_new && (st = settle_section(r, v)) != SHED_OK) {
    return st;
  }
  return settle_changes(r, v);
}
