/// What the pieces of the ABC reader share; nobody but abc_*.c includes it.
///
/// The values of the fields M: L: Q: K: V: P: as plain values, the names of the decorations, and macros. All of them take
/// NUL-terminated text from which comments have been taken off, never allocate unless they say so, and answer false (with
/// a reason of at most SHED_ABC_WHY bytes) for what the standard does not know.
///
/// The abc music standard 2.1, Chris Walshaw, December 2011: the section numbers in these files are its own.
#ifndef SHED_SCORE_ABC_PARSE_H
#define SHED_SCORE_ABC_PARSE_H

#include "engine/base/alloc.h"
#include "engine/base/str.h"
#include "engine/music/beat.h"
#include "engine/score/score.h"

#include <stdbool.h>

enum { SHED_ABC_WHY = 160, SHED_ABC_TEXT = 128, SHED_ABC_ID = 32 };

/// M: (3.1.6). beats 0: free metre.
typedef struct {
  int       beats;
  int       beat_type;
  shed_beat length;   ///< quarters in a whole measure; 0 in free metre
  bool      compound; ///< 6/8, 9/8, 12/8: (5 (7 (9 are in the time of three (4.13)
} shed_abc_metre;

/// A number of at most four digits at *p; @p otherwise when there is none; -1 when it is longer.
int shed_abc_read_number(const char **p, int otherwise);

bool shed_abc_read_metre(const char *text, shed_abc_metre *out, char *why);

/// L: (3.1.7). @param[out] out quarters.
bool shed_abc_read_unit(const char *text, shed_beat *out, char *why);
/// The unit of a tune without L:, by its metre. Quarters.
shed_beat shed_abc_default_unit(const shed_abc_metre *metre);

/// Q: (3.1.8). bpm 0: words alone, and none of them names a speed.
typedef struct {
  double bpm;                  ///< quarters a minute
  bool   from_words;           ///< bpm is what the word usually means
  char   words[SHED_ABC_TEXT]; ///< "Allegro"; "" when none
} shed_abc_tempo;

/// @param unit the unit note length in force, for the old forms Q:120 and Q:C=120.
bool shed_abc_read_tempo(const char *text, shed_beat unit, shed_abc_tempo *out, char *why);

/// The signature of K: (3.1.14).
typedef struct {
  int         fifths;   ///< -7..7; of a signature with marks of its own the nearest
  signed char alter[7]; ///< by step, C first; in force in every octave
} shed_abc_key;

/// What K: and V: may say about how a voice is read (4.6, 7.1). Only what has_... names was given.
typedef struct {
  bool has_clef;
  int  clef_octaves; ///< treble-8: -1
  bool percussion;   ///< clef=perc
  bool has_octave;
  int  octave; ///< octave=
  bool has_middle;
  int  middle_octaves; ///< middle=: octaves by which the code is written too high
  bool has_transpose;
  int  transpose_semitones;
  bool has_name;
  char name[SHED_ABC_TEXT];
  bool has_cue;
  bool cue;                    ///< cue=on
  char unknown[SHED_ABC_TEXT]; ///< the last word that was not understood; "" when none
} shed_abc_properties;

/// @param[in,out] key changed only where the text names a signature ("clef=bass" alone leaves it as it is).
bool shed_abc_read_key(const char *text, shed_abc_key *key, shed_abc_properties *properties, char *why);
/// The words behind a voice's id.
bool shed_abc_read_properties(const char *text, shed_abc_properties *properties, char *why);
/// An accidental at *p: ^ ^^ = _ __. @return false and *p unchanged when there is none.
bool shed_abc_read_accidental(const char **p, int *alter);
/// Letters between written and sounding for a number of semitones: -2 is one letter down. With its sign.
int shed_abc_transpose_letters(int semitones);

/// P: in the header (3.1.9): "A2(BC)2." as the letters in playing order.
/// @param[out] order letters appended; order->failed when memory is out.
/// @return false for nonsense and for more than 1000 letters.
bool shed_abc_read_order(const char *text, shed_str *order, char *why);

/// What a decoration means to us (4.14). Many mean nothing: bowings, fingerings, dynamics.
typedef enum {
  SHED_ABC_DECO_FLAG,   ///< value: shed_note_flags of the next note
  SHED_ABC_DECO_SEGNO,  ///< a place
  SHED_ABC_DECO_CODA,   ///< a place
  SHED_ABC_DECO_FINE,   ///< a stop
  SHED_ABC_DECO_DC,     ///< a jump
  SHED_ABC_DECO_DS,     ///< a jump
  SHED_ABC_DECO_TOCODA, ///< a jump
  SHED_ABC_DECO_TRILL_START,
  SHED_ABC_DECO_TRILL_STOP,
  SHED_ABC_DECO_GLISS_START,
  SHED_ABC_DECO_GLISS_STOP,
  SHED_ABC_DECO_SILENT ///< known, nothing to hear
} shed_abc_deco_kind;

typedef struct {
  const char        *name;
  shed_abc_deco_kind kind;
  unsigned           value;
} shed_abc_decoration;

/// @param name without the ! marks. NULL when it is not known.
const shed_abc_decoration *shed_abc_find_decoration(const char *name, size_t n);
/// The symbol of a letter (4.16) before any U: field, as a decoration's name; NULL when the letter has none.
const char *shed_abc_default_symbol(char letter);

/// m: (9). Takes nothing; the texts stay the caller's until shed_abc_macros_expand() was last called.
typedef struct {
  const char *target;
  size_t      target_n;
  const char *replacement;
  size_t      replacement_n;
  bool        transposing;
} shed_abc_macro;

/// "~g3 = {a}g{f}g" taken apart. @return false when it has no target or no '='.
bool shed_abc_read_macro(const char *text, shed_abc_macro *out, char *why);
/// A music line with its macros played out, once (a replacement is not searched again). Quoted text and fields in
/// brackets are left alone. @param[out] out appended; out->failed when memory is out.
void shed_abc_expand(const char *line, const shed_abc_macro *macros, size_t n, shed_str *out);

#endif
