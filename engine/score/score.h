/// A score as it is written, and what sounds of it.
///
/// Reading a file gives a shed_score: parts, measures, notes, barlines, marks as written (model.h, inside this folder).
/// Performing a selection of it gives a shed_line: the sounding notes in performance order, repeats played out. What
/// the other rooms see is the line alone.
#ifndef SHED_SCORE_SCORE_H
#define SHED_SCORE_SCORE_H

#include "engine/base/alloc.h"
#include "engine/music/beat.h"
#include "engine/music/pitch.h"

#include <stdbool.h>

typedef struct shed_score shed_score;

/// Read a score of any kind that is known: MusicXML 1.0 to 4.0 (.musicxml, .xml, .mxl), ABC 2.1 (.abc) and Standard MIDI
/// Files 1.0 (.mid; formats 0 and 1). The kind is told by the content, the name's ending decides only where the content
/// leaves it open.
///
/// Of a MIDI file each channel of each track is a part (percussion unpitched); what a note would be written as is told from
/// its times. Of an ABC file with several tunes the first is read, and a warning says how many are left out; its voices are the parts.
/// Network, external entities and files beside it are never touched.
/// @return SHED_OK; SHED_E_NOTFOUND, SHED_E_IO; SHED_E_FORMAT (err->where is "file:line", of MIDI "file: byte N"); SHED_E_UNSUPPORTED (of a kind
///         that is not read: the remedy is named); SHED_E_LIMIT (over 64 MiB, 4 M elements, 512 parts, a zip that
///         unpacks to more); SHED_E_NOMEM.
/// The caller frees *out with shed_score_free().
SHED_NODISCARD shed_status shed_score_load(const char *path, const shed_alloc *alloc, shed_score **out,
                                           shed_error *err);
/// The same from memory. @param name is used for its ending and in errors.
SHED_NODISCARD shed_status shed_score_parse(const void *data, size_t n, const char *name,
                                            const shed_alloc *alloc, shed_score **out, shed_error *err);
void                       shed_score_free(shed_score *score);

/// What a part is, for a list. Texts are borrowed from the score.
typedef struct {
  const char *id;         ///< MusicXML part id, or the ABC voice's
  const char *name;       ///< as printed; "" when none
  const char *instrument; ///< instrument name or MIDI program's name when the file says; "" when none
  int         staves;     ///< 1 or more
  int         transpose_semitones; ///< sounding minus written at the part's start
  bool        unpitched;           ///< nothing but unpitched notes
} shed_part_info;

size_t         shed_score_parts(const shed_score *score);
shed_part_info shed_score_part(const shed_score *score, size_t index);
/// The place of a part by its number from 1, its id, its name or its instrument (case ignored), in this order; NULL is the
/// first. shed_score_parts() when there is none.
size_t      shed_score_find_part(const shed_score *score, const char *text);
const char *shed_score_title(const shed_score *score);    ///< "" when none
const char *shed_score_composer(const shed_score *score); ///< "" when none

/// Which notes.
typedef struct {
  const char *part;          ///< NULL: the first part; else a number from 1, an id or a name (case ignored)
  int         staff;         ///< 0: all
  const char *voice;         ///< NULL: all; else as in the file
  const char *first_measure; ///< NULL: from the start; as printed ("12", "X1"); the pickup is usually "0"
  const char *last_measure;  ///< NULL: to the end; inclusive. With either set repeats are not played out
  double
      tempo_bpm; ///< 0: the score's own tempo marks, 120 where it has none; else constant, quarters a minute
} shed_selection;

/// What is special about a sounding note. A flag says what is written; what follows for judging is policy.
typedef enum {
  SHED_NOTE_GRACE        = 1 << 0,
  SHED_NOTE_FERMATA      = 1 << 1, ///< held freely: its length and the next onset are not judged
  SHED_NOTE_TRILL        = 1 << 2, ///< trill, mordent, turn, shake: its extra notes are never extras
  SHED_NOTE_TREMOLO      = 1 << 3, ///< tremolo or roll: one thing, from its start to its end
  SHED_NOTE_FLAM         = 1 << 4, ///< grace stroke before an unpitched note
  SHED_NOTE_ARPEGGIO     = 1 << 5,
  SHED_NOTE_STACCATO     = 1 << 6,
  SHED_NOTE_TENUTO       = 1 << 7,
  SHED_NOTE_ACCENT       = 1 << 8,
  SHED_NOTE_SLURRED      = 1 << 9,  ///< under a slur and not its first note: no new attack is asked for
  SHED_NOTE_BREATH_AFTER = 1 << 10, ///< breath mark, comma or caesura behind it
  SHED_NOTE_RIT          = 1 << 11, ///< inside a rit., rall., accel., a piacere ...: its time is not judged
  SHED_NOTE_NO_ASSESS    = 1 << 12, ///< MusicXML listen/assess type="no"
  SHED_NOTE_CUE          = 1 << 13, ///< cue size; not in a line unless asked
  SHED_NOTE_CHORD        = 1 << 14, ///< another note of the line starts with it in the same voice
  SHED_NOTE_GLISS        = 1 << 15, ///< glissando, slide, bend, scoop, doit, fall
  SHED_NOTE_GHOST        = 1 << 16, ///< parenthesised or x-head in a pitched part
  SHED_NOTE_WAIT         = 1 << 17  ///< MusicXML listen/wait
} shed_note_flags;

enum { SHED_NOTE_ID = 48, SHED_MEASURE_TEXT = 16 };

/// One sounding note: tied notes are one, rests are none. A plain value.
typedef struct {
  int  index; ///< place in the line, from 0, performance order (onset, then staff, then pitch from below)
  char id
      [SHED_NOTE_ID]; ///< MusicXML note id where given, else made: "p1m3n2"; same note, same id in each pass
  int        pass;    ///< 1 the first time this measure sounds, 2 the second
  char       measure[SHED_MEASURE_TEXT]; ///< number as printed
  double     beat; ///< place in the measure, 1.0 the first beat, in the metre's beats (6/8: eighths)
  bool       pitched;
  int        midi;     ///< sounding; 0 when unpitched
  double     cents;    ///< what the score asks off midi, -50..50: quarter tones; 0 in most music
  shed_pitch sounding; ///< spelled as it sounds at concert pitch
  shed_pitch written;  ///< spelled as the player reads it
  shed_beat
      onset_beats; ///< quarters from the start of the selection; grace notes: the moment of their principal note
  shed_beat duration_beats; ///< quarters as written (ties added up); 0 for grace notes
  double onset_s; ///< from the start of the selection, by the tempo marks or the given tempo, swing included
  double duration_s; ///< written length in seconds, articulation not taken off
  int    staff;      ///< 1 ...
  char   voice[8];
  unsigned flags;         ///< shed_note_flags
  int      measure_index; ///< index into shed_line.measures
} shed_sounding_note;

/// One measure of the performance, in order of sounding.
typedef struct {
  char      number[SHED_MEASURE_TEXT];
  int       pass;
  shed_beat start_beats; ///< quarters from the start of the selection
  shed_beat length_beats;
  int       beats, beat_type; ///< metre in force; 0, 0 for senza misura
  int       fifths;           ///< key signature in force at concert pitch
  bool      pickup;
  double    start_s;
} shed_sounding_measure;

enum { SHED_WARNING_TEXT = 200 };
typedef struct {
  char where[64]; ///< "file:line" or "measure 12"
  char what[SHED_WARNING_TEXT];
} shed_score_warning;

typedef struct {
  const shed_alloc      *alloc;
  shed_sounding_note    *notes;
  size_t                 n_notes;
  shed_sounding_measure *measures;
  size_t                 n_measures;
  shed_score_warning    *warnings; ///< what was skipped or guessed; at most 100, the last says how many more
  size_t                 n_warnings;
  double                 tempo_bpm;   ///< quarters a minute at the start
  int                    tempo_marks; ///< tempo marks seen in the selection; 0 means that 120 was assumed
  double                 length_s;
  shed_beat              length_beats;
  double                 swing; ///< long : short ratio written for the eighths at the start; 1 is straight
} shed_line;

/// What sounds of a selection, by these rules where notation leaves a choice:
/// - The same pitch of two voices or staves at one moment is one sounding note, as long as the longer: a player has one
///   key, one string, one mouth for it. A pitch struck again while another voice holds it is a note of its own.
/// - Repeats, jumps and endings: unroll.h. A tie is joined as it meets in the performance, so also into a second ending.
/// - Tempo marks hold by their place on paper: a repeat comes back to the tempo that was in force there.
/// - Cue notes are left out. Grace notes stand at their principal's moment; a flam's flag is on its main stroke.
/// - A fermata over one note holds all that begin with it; one over a rest or barline is a breath behind the last note.
/// - A rit. without an end (a tempo, a new mark, the end of its dashes) holds for four measures.
/// - Measures last what they hold, empty ones what their metre says; a short first one is a pickup.
///
/// @return SHED_OK; SHED_E_NOTFOUND (no such part, staff, voice or measure; err lists what
/// there is); SHED_E_LIMIT (over 1,000,000 sounding notes: repeats without end); SHED_E_NOMEM. A line without notes is SHED_OK.
/// The caller frees it with shed_line_free().
SHED_NODISCARD shed_status shed_score_perform(const shed_score *score, const shed_selection *sel,
                                              const shed_alloc *alloc, shed_line *out, shed_error *err);
void                       shed_line_free(shed_line *line);

#endif
