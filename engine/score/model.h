/// A score as it is written, and the way readers build it. Used inside engine/score only; other rooms see score.h.
///
/// Written measures are columns shared by all parts: repeats, endings, navigation and tempo stand there once, whichever
/// part's staff they were printed over. Each part has its own notes and its own changes of key, metre and transposition.
/// Places are (measure, at): the column's index and the quarters since the column's start.
///
/// A reader does, in any order of parts but with measures ascending within a part:
///
///     shed_score_add_part(score, "P1", "Clarinet", &part);
///     shed_score_open_measure(score, 0, "1");                 // the column exists from here on
///     shed_score_add_change(score, part, &(shed_change){.kind = SHED_CHANGE_TIME, .measure = 0, .a = 4, .b = 4});
///     shed_score_add_note(score, part, &note);                // strings are copied
///     shed_score_extend(score, 0, shed_beat_of(4, 1));        // how far notes and rests reach
///     shed_score_column(score, 3)->repeat_backward = true;
///
/// and returns; the dispatcher calls shed_score_finish(), which sorts, closes endings, transposes and sets the flags that
/// need neighbours (SLURRED, RIT, FLAM).
///
/// Thread: a score is built by one thread; a finished one is read by any number.
#ifndef SHED_SCORE_MODEL_H
#define SHED_SCORE_MODEL_H

#include "engine/score/score.h"

#include <stdint.h>

/// Limits of score.h, and those that keep a hostile file from costing more than it weighs.
enum {
  SHED_SCORE_MAX_BYTES    = 64 * 1024 * 1024,
  SHED_SCORE_MAX_ELEMENTS = 4000000,
  SHED_SCORE_MAX_PARTS    = 512,
  SHED_SCORE_MAX_MEASURES = 200000,
  SHED_SCORE_MAX_CELLS    = 4000000, ///< parts times measures
  SHED_SCORE_MAX_SOUNDING = 1000000,
  SHED_SCORE_MAX_WARNINGS = 100,
  SHED_SCORE_MAX_PASSES   = 32 ///< endings are sets of passes in 32 bits; a repeat's times are at most this
};

/// One written note; rests are not stored, they only extend their measure.
typedef struct {
  const char *id;    ///< NULL: the file gives none
  const char *voice; ///< "1" where the file gives none
  int         measure;
  int         line;     ///< of the file, for warnings; 0 unknown
  shed_beat   at;       ///< quarters from the start of its measure; a grace note has its principal note's
  shed_beat   duration; ///< quarters it lasts in time (tuplets taken into account); 0 for grace notes
  shed_pitch  written;  ///< as the player reads it; where it is drawn when unpitched
  double      cents;    ///< quarter tones: what is asked off the written pitch, -50..50
  shed_pitch  sounding; ///< made by shed_score_finish()
  unsigned    flags;    ///< shed_note_flags; the reader sets all but CHORD, SLURRED, RIT, FLAM
  uint32_t    only;     ///< bit n-1: sounds the n-th time its measure does; 0: always
  uint32_t    free;     ///< bit n-1: is not to be assessed the n-th time; NO_ASSESS in flags is for always
  int         staff;    ///< 1 ...
  int         ordinal;  ///< n-th stored note of its part and measure, from 1; made by shed_score_add_note()
  uint8_t     slur_starts, slur_stops;
  bool        pitched, tie_start, tie_stop;
} shed_note;

typedef enum {
  SHED_CHANGE_KEY,      ///< a: fifths as written, -7..7
  SHED_CHANGE_TIME,     ///< a: beats, b: beat type (3+2/8 is 5, 8); 0, 0 senza misura
  SHED_CHANGE_TRANSPOSE ///< sounding minus written: a letters, b semitones, octaves included
} shed_change_kind;

/// What is in force in a part from a place on.
typedef struct {
  shed_change_kind kind;
  int              measure;
  shed_beat        at;
  int              staff; ///< 0: all staves
  int              a, b;
  size_t           order; ///< made by shed_score_add_change(): of two at one place the later one stands
} shed_change;

/// A part's share of one column; made by shed_score_finish().
typedef struct {
  size_t first_note, n_notes; ///< in shed_part.notes, sorted by at (grace notes before their principal)
  int    fifths;              ///< at the measure's start, at concert pitch
  int    beats, beat_type;
} shed_part_measure;

typedef struct {
  const char        *id, *name, *instrument;
  int                staves;
  shed_note         *notes;
  size_t             n_notes, cap_notes;
  shed_change       *changes;
  size_t             n_changes, cap_changes;
  shed_part_measure *measures; ///< one per column once finished
  int                first_transpose_semitones;
  bool               unpitched;
} shed_part;

typedef enum { SHED_JUMP_NONE, SHED_JUMP_DA_CAPO, SHED_JUMP_DAL_SEGNO } shed_jump;

/// One written measure, what all parts share. Texts are the score's (shed_score_intern()).
typedef struct {
  const char *number;   ///< as printed; "" none
  bool        implicit; ///< pickup, or the rest of a measure that a repeat sign cuts in two
  shed_beat   length;   ///< by shed_score_extend(); finish gives empty measures their metre's length
  shed_beat   lead_in;  ///< made by finish: quarters of the full measure before this one's start (pickups)
  bool        pickup;   ///< made by finish
  shed_beat   whole;    ///< made by finish: of a measure that a bar line parts, what its pieces last; else 0
  int         piece;    ///< made by finish: which of them this is, from 0

  bool     repeat_forward;  ///< at its start
  bool     repeat_backward; ///< at its end
  int      times;           ///< of repeat_backward: how often the passage is played in all; 0: not said
  uint32_t ending; ///< bit n-1: played at pass n. The reader sets the first measure's, finish the others'
  bool     ending_first; ///< set by the reader where a bracket begins
  bool     ending_last;  ///< set by the reader where a bracket ends

  const char *segno, *coda; ///< at its start; NULL none, "" without a label
  const char *to_coda;      ///< at its end: after a jump go on at the coda of this label
  bool        fine;         ///< at its end
  shed_jump   jump;         ///< at its end
  const char *jump_label;   ///< the segno's; "" any
  bool        al_fine, al_coda;
} shed_column;

typedef enum {
  SHED_MARK_TEMPO,       ///< value: quarters a minute
  SHED_MARK_TEMPO_RATIO, ///< value: new tempo over the one in force
  SHED_MARK_FREE_END,    ///< a tempo, a new tempo, the end of the dashes; at one place before a new begin
  SHED_MARK_FREE_BEGIN,  ///< rit., accel., a piacere ...: time is the player's from here
  SHED_MARK_SWING        ///< value: long : short of a pair (1: straight); unit: the pair's length in quarters
} shed_mark_kind;

typedef struct {
  shed_mark_kind kind;
  int            measure;
  shed_beat      at;
  double         value;
  shed_beat      unit;
} shed_mark;

/// A bar line inside a column; finish parts the column there.
typedef struct {
  int       measure;
  shed_beat at;
  bool      repeat_backward; ///< it ends a repeat
  bool      repeat_forward;  ///< it begins one
  int       times;           ///< as of a column
  uint32_t  ending;          ///< passes of the bracket that begins behind it; 0 none
  bool      ending_last;     ///< a bracket ends before it
} shed_cut;

/// Columns first ... end - 1, played out as if they were the whole piece.
typedef struct {
  int first, end;
} shed_span;

typedef struct shed_text_block shed_text_block;

struct shed_score {
  const shed_alloc   *alloc;
  char                file[256]; ///< for warnings and errors: the name's last component
  const char         *title, *composer;
  shed_part          *parts;
  size_t              n_parts, cap_parts;
  shed_column        *columns;
  size_t              n_columns, cap_columns;
  shed_span          *spans; ///< what is played, in this order (ABC's P:); none: the columns as they stand
  size_t              n_spans, cap_spans;
  shed_cut           *cuts;
  size_t              n_cuts, cap_cuts;
  shed_mark          *marks; ///< sorted by place once finished; the same mark from two parts stands once
  size_t              n_marks, cap_marks;
  shed_score_warning *warnings;
  size_t              n_warnings, cap_warnings;
  size_t              n_warnings_more; ///< left out after SHED_SCORE_MAX_WARNINGS
  shed_text_block    *texts;
  const char         *last_voice; ///< the voice text interned last: most notes share it
};

/// An empty score. @param name of the file, for warnings; its folders are cut off.
SHED_NODISCARD shed_status shed_score_new(shed_score **out, const shed_alloc *alloc, const char *name);

/// A copy of @p text that lives as long as the score. NULL when out of memory.
SHED_NODISCARD const char *shed_score_intern(shed_score *score, const char *text);

/// @param id, name: copied; NULL is "". @return SHED_OK, SHED_E_LIMIT (512 parts), SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_score_add_part(shed_score *score, const char *id, const char *name,
                                               size_t *index);

/// Make column @p index exist (with all before it). @param number as printed; kept if the column has none yet; NULL: none.
/// @return SHED_OK, SHED_E_LIMIT, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_score_open_measure(shed_score *score, int index, const char *number);

/// Borrowed until the next shed_score_open_measure(). The column exists.
shed_column *shed_score_column(shed_score *score, int index);

/// Notes and rests of some part reach to @p end in the open column.
void shed_score_extend(shed_score *score, int measure, shed_beat end);

/// Append a note; its texts are copied; measures of one part come in ascending order, within a measure any order.
SHED_NODISCARD shed_status shed_score_add_note(shed_score *score, size_t part, const shed_note *note);
SHED_NODISCARD shed_status shed_score_add_change(shed_score *score, size_t part, const shed_change *change);
SHED_NODISCARD shed_status shed_score_add_mark(shed_score *score, const shed_mark *mark);

/// A bar line at cut->at in an open column; at its start or end it is as good as one of the column's own.
SHED_NODISCARD shed_status shed_score_add_cut(shed_score *score, const shed_cut *cut);

/// Append a stretch to the order of playing; first < end, within the columns.
SHED_NODISCARD shed_status shed_score_add_span(shed_score *score, int first, int end);

/// Say what was skipped or guessed. @param line of the file; 0: none. Beyond 100 they are only counted; the same text of
/// the same line stands once.
SHED_NODISCARD shed_status shed_score_warn(shed_score *score, int line, const char *fmt, ...)
    SHED_PRINTF(3, 4);

/// Fail with "file:line" as the place. @return st.
shed_status shed_score_fail(const shed_score *score, shed_error *err, shed_status st, int line,
                            const char *fmt, ...) SHED_PRINTF(5, 6);

/// Sort, close endings, transpose, flag. Called once, by shed_score_parse() after the reader.
SHED_NODISCARD shed_status shed_score_finish(shed_score *score);

/// Quarters that a full measure of this metre lasts; 0 for senza misura.
shed_beat shed_metre_quarters(int beats, int beat_type);

#endif
