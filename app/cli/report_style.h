/// Inside the report: signs, colours, and lines that wrap.
#ifndef SHED_CLI_REPORT_STYLE_H
#define SHED_CLI_REPORT_STYLE_H

#include "app/cli/report.h"

typedef enum {
#define SHED_SIGN(name, utf8, ascii, colour, word) SHED_SIGN_##name,
#include "app/cli/report_signs.def"
#undef SHED_SIGN
  SHED_SIGN_COUNT
} shed_sign;

typedef enum {
  SHED_COLOUR_NONE,
  SHED_COLOUR_BOLD,
  SHED_COLOUR_GREEN,
  SHED_COLOUR_YELLOW,
  SHED_COLOUR_RED,
  SHED_COLOUR_MAGENTA,
  SHED_COLOUR_GREY
} shed_colour;

/// A report being written.
typedef struct {
  const shed_verdict *v;
  const shed_prompt  *prompt;
  const shed_take    *take; ///< may be NULL
  shed_report_opts    opts;
  shed_str           *out;
  int                 column; ///< columns used of the line in hand
  int                 indent; ///< of the lines that follow in this paragraph
} shed_report;

const char *shed_sign_word(shed_sign sign);
shed_colour shed_sign_colour(shed_sign sign);
/// What begins the colour on a terminal; "" of none. "\033[0m" ends it.
const char *shed_colour_code(shed_colour colour);
/// The sign as it stands in this report's alphabet.
const char *shed_sign_text(const shed_report *r, shed_sign sign);

/// A word that is not broken: moved to the next line, under the indent, where it does not fit.
void shed_report_word(shed_report *r, const char *text, shed_colour colour);
/// Text that breaks at its blanks.
void shed_report_text(shed_report *r, const char *text);
void shed_report_textf(shed_report *r, const char *fmt, ...) SHED_PRINTF(2, 3);
/// Blanks up to a column, one at least.
void shed_report_tab(shed_report *r, int column);
/// Start a paragraph: its first line at @p first columns, what wraps at @p indent.
void shed_report_start(shed_report *r, int first, int indent);
void shed_report_end(shed_report *r);
/// An empty line, and a head.
void shed_report_head(shed_report *r, const char *text);

/// The name of a note for this reader: as written or as it sounds, in this alphabet ("F♯5", "F#5").
/// @param played_midi  a sounding note in place of the one asked, spelled near it; -1: the note asked.
void shed_report_note_name(const shed_report *r, const shed_sounding_note *note, int played_midi, char *buf,
                           size_t size);
/// "bar 3", "bar 3 (2nd time)". @param size at least 48.
void shed_report_bar_name(const shed_sounding_note *note, char *buf, size_t size);
/// Whether another take was played after: it has phrases and notes in a row, no bars and beats.
bool shed_report_is_echo(const shed_report *r);
/// "bar 3, beat 2", or "note 5" of an echo. @param size at least 80.
void shed_report_place_name(const shed_report *r, const shed_sounding_note *note, char *buf, size_t size);
/// The line's note of an index, NULL when it has none.
const shed_sounding_note *shed_report_note(const shed_report *r, int index);

/// The scores with what was asked of them, and what a jury would say.
void shed_report_scores(shed_report *r);
/// What was heard beside the notes, and what befell the take; nothing where nothing did.
void shed_report_happenings(shed_report *r);
/// The notes, measure by measure; and those that were not right, in words.
void shed_report_measures(shed_report *r);
void shed_report_places(shed_report *r);

#endif
