/// The state of one reading of an ABC file; nobody but abc_*.c includes it.
///
/// abc.c picks the tune and its lines, abc_field.c and abc_directive.c obey the fields, abc_music.c takes music code apart
/// and says what it finds to abc_voice.c, which knows where each voice stands; abc_bar.c knows bar lines and what hangs on
/// them, abc_symbol.c the signs and words over the notes, abc_fill.c tells the score what begins to hold where; abc_end.c
/// numbers the measures and hands the notes to the score.
///
/// Memory: everything here is freed by shed_abc_reader_free(), whole or half made.
#ifndef SHED_SCORE_ABC_READER_H
#define SHED_SCORE_ABC_READER_H

#include "engine/score/abc_parse.h"
#include "engine/score/model.h"

enum {
  SHED_ABC_MAX_CHORD  = 64,
  SHED_ABC_MAX_GRACE  = 64,
  SHED_ABC_MAX_TIES   = 128,
  SHED_ABC_MAX_MACROS = 256,
  SHED_ABC_MAX_LAYERS = 8,
  SHED_ABC_OCTAVES    = 13, ///< of a shed_pitch: -2..10
  SHED_ABC_SYMBOLS    = 128
};

/// How far an accidental reaches within its bar (11.3).
typedef enum { SHED_ABC_REACH_PITCH, SHED_ABC_REACH_OCTAVE, SHED_ABC_REACH_NOTE } shed_abc_reach;

/// What stands before a note and waits for it. Zero-initialised is nothing.
typedef struct {
  unsigned flags;
  int      slur_starts;
  size_t   n_grace;
  struct {
    shed_pitch pitch;
  } grace[SHED_ABC_MAX_GRACE];
} shed_abc_pending;

/// A place or a jump that waits for the end of the tune to be understood.
typedef struct {
  shed_abc_deco_kind kind;
  int                measure;
  bool               at_start; ///< of the measure; else inside or at its end
  bool               waits;    ///< neither note nor bar line came since
} shed_abc_sign;

typedef struct {
  char   id[SHED_ABC_ID];
  size_t part;

  // how code is read
  shed_abc_key        key;
  shed_abc_metre      metre;
  shed_beat           unit;
  int                 octave, clef_octaves, middle_octaves, transpose_semitones, midi_semitones;
  bool                percussion, cue;
  shed_abc_properties own; ///< what V: in the header said

  // where it stands
  int       measure;
  shed_beat at;
  bool      filled;         ///< something stands in the measure
  int       layer;          ///< 0 the voice itself, 1 ... behind each &
  int       back_to;        ///< the measure from which & went back
  bool      back_filled;    ///< something stood in it
  int       passage;        ///< first measure of what a :| without |: repeats
  bool      forward;        ///< a |: is open
  int       passage_before; ///< these two before the last bar line, for a bracket that comes late
  bool      forward_before;
  bool      in_ending;

  // what waits for the next thing in the measure
  bool             key_new, metre_new, transpose_new, forward_new, tempo_new;
  uint32_t         ending_new;
  double           tempo_bpm;
  unsigned         words_new; ///< shed_words
  char             part_new;  ///< P: letter, 0 none
  shed_abc_pending next;

  // inside the bar
  signed char alter[7][SHED_ABC_OCTAVES];
  bool        altered[7][SHED_ABC_OCTAVES];

  // rhythm
  shed_beat tuplet_ratio;
  int       tuplet_left;
  shed_beat broken;             ///< factor for the next note; 1 when none
  size_t    last_first, last_n; ///< heads of the last event; none of a rest
  size_t    last_note;          ///< first head of the last event that sounded; meaningful once n_notes > 0
  shed_beat last_duration;
  bool      last_there; ///< something stands before, in this measure
  bool      trill, gliss;

  // notes with an open tie
  struct {
    size_t note;
    int    layer;
    bool   fresh; ///< of the event just read
  } ties[SHED_ABC_MAX_TIES];
  size_t n_ties;

  shed_note *notes;
  size_t     n_notes, cap_notes;
  long       open_slurs;
} shed_abc_voice;

/// What the reader knows of a column beside the score.
typedef struct {
  shed_beat full;     ///< of its metre; 0 free
  bool      hard_end; ///< closed by more than a thin line
  int       line;
} shed_abc_column;

typedef struct {
  char letter;
  int  measure;
} shed_abc_section;

typedef struct {
  shed_score       *score;
  const shed_alloc *alloc;
  shed_error       *err;
  int               line;

  // one at a time
  bool in_body;

  shed_abc_voice *voices; ///< voices[0] is there once the body begins
  size_t          n_voices, cap_voices;
  size_t          voice;    ///< the one that music goes to
  shed_abc_voice  defaults; ///< what a new voice begins as

  bool           unit_given;
  shed_abc_reach reach;
  bool           voice_given;               ///< V: was read in this header
  char           tempo_text[SHED_ABC_TEXT]; ///< Q: of the header, read once L: is known; "" none
  int            tempo_line;

  const char    *symbols[SHED_ABC_SYMBOLS]; ///< U: per letter; NULL the standard's
  shed_abc_macro macros[SHED_ABC_MAX_MACROS];
  size_t         n_macros;
  shed_str       expanded;
  shed_str       order; ///< P: of the header, played out
  int            order_line;

  shed_abc_column  *columns;
  size_t            n_columns, cap_columns;
  shed_abc_section *sections;
  size_t            n_sections, cap_sections;
  shed_abc_sign    *signs;
  size_t            n_signs, cap_signs;
  size_t            n_notes;
} shed_abc_reader;

void shed_abc_reader_free(shed_abc_reader *r);

/// A note as the code spells it, before the key.
typedef struct {
  int       step, octave;
  int       alter;
  bool      accidental;
  shed_beat length; ///< factor of the unit
  unsigned  flags;  ///< of this head alone, inside a chord
  bool      tie;
} shed_abc_head;

// abc_voice.c -- all answer SHED_OK, SHED_E_LIMIT, SHED_E_FORMAT or SHED_E_NOMEM with r->err filled
SHED_NODISCARD shed_status shed_abc_voice_find(shed_abc_reader *r, const char *id, size_t *index);
SHED_NODISCARD shed_status shed_abc_voice_note(shed_abc_reader *r, shed_abc_voice *v,
                                               const shed_abc_head *heads, size_t n, shed_beat length);
SHED_NODISCARD shed_status shed_abc_voice_rest(shed_abc_reader *r, shed_abc_voice *v, shed_beat length);
SHED_NODISCARD shed_status shed_abc_voice_measure_rests(shed_abc_reader *r, shed_abc_voice *v, int n);
SHED_NODISCARD shed_status shed_abc_voice_grace(shed_abc_reader *r, shed_abc_voice *v,
                                                const shed_abc_head *head);
SHED_NODISCARD shed_status shed_abc_voice_broken(shed_abc_reader *r, shed_abc_voice *v, char sign, int n);
void                       shed_abc_voice_tie(shed_abc_voice *v);
SHED_NODISCARD shed_status shed_abc_voice_overlay(shed_abc_reader *r, shed_abc_voice *v, int back);
void                       shed_abc_voice_forget_accidentals(shed_abc_voice *v);

// abc_fill.c
/// Something stands at the voice's place: its measure exists, and what was read since the last note holds from here.
SHED_NODISCARD shed_status shed_abc_voice_fill(shed_abc_reader *r, shed_abc_voice *v);

// abc_symbol.c
/// A decoration, a symbol of U:, a staccato dot or quoted words at *p. @param[in,out] flags of the next note.
/// @return false, with *p unchanged, when nothing of the kind stands there.
bool shed_abc_read_sign(shed_abc_reader *r, const char **p, unsigned *flags, shed_status *st);

// abc_bar.c
/// Is a bar line at p? '[' is one only with a '|' or a bracket's number behind it.
bool shed_abc_at_bar(const char *p);
/// Any run of | : [ ] that a bar line may be written as (4.8), with the bracket's number behind it (4.9).
SHED_NODISCARD shed_status shed_abc_read_bar(shed_abc_reader *r, const char **p);
typedef struct {
  int      end_repeats;   ///< colons before it
  int      start_repeats; ///< colons behind it
  bool     hard;          ///< more than a thin line: ends a bracket
  uint32_t ending;        ///< passes of the bracket that begins; 0 none
} shed_abc_bar;

SHED_NODISCARD shed_status shed_abc_bar_line(shed_abc_reader *r, shed_abc_voice *v, const shed_abc_bar *bar);
SHED_NODISCARD shed_status shed_abc_sign_add(shed_abc_reader *r, const shed_abc_voice *v,
                                             shed_abc_deco_kind kind);
/// A note or rest came: signs that stood before it are its measure's.
void shed_abc_sign_settle(shed_abc_reader *r);

// abc_field.c
SHED_NODISCARD shed_status shed_abc_field(shed_abc_reader *r, char letter, const char *text);
/// The voice that a field speaks to: the one in hand, in the header what all begin as. Borrowed until a voice is added.
shed_abc_voice *shed_abc_addressed(shed_abc_reader *r);
/// K: has ended the header: voices that it did not name get one.
SHED_NODISCARD shed_status shed_abc_begin_body(shed_abc_reader *r);

// abc_directive.c
SHED_NODISCARD shed_status shed_abc_directive(shed_abc_reader *r, const char *text);

// abc_music.c
SHED_NODISCARD shed_status shed_abc_music(shed_abc_reader *r, const char *line);

// abc_end.c
SHED_NODISCARD shed_status shed_abc_end(shed_abc_reader *r);

SHED_NODISCARD shed_status shed_abc_refuse(shed_abc_reader *r, const char *fmt, ...) SHED_PRINTF(2, 3);
/// A warning. Fails only when memory is out.
SHED_NODISCARD shed_status shed_abc_warn(shed_abc_reader *r, const char *fmt, ...) SHED_PRINTF(2, 3);

#endif
