#include "app/cli/report_style.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
  const char *utf8;
  const char *ascii;
  shed_colour colour;
  const char *word;
} signs[] = {
#define SHED_SIGN(name, utf8, ascii, colour, word) {utf8, ascii, SHED_COLOUR_##colour, word},
#include "app/cli/report_signs.def"
#undef SHED_SIGN
};

static const char *const colour_codes[] = {
    [SHED_COLOUR_NONE] = "",           [SHED_COLOUR_BOLD] = "\033[1m", [SHED_COLOUR_GREEN] = "\033[32m",
    [SHED_COLOUR_YELLOW] = "\033[33m", [SHED_COLOUR_RED] = "\033[31m", [SHED_COLOUR_MAGENTA] = "\033[35m",
    [SHED_COLOUR_GREY] = "\033[90m",
};

const char *
shed_sign_word(shed_sign sign)
{
  return signs[sign].word;
}

shed_colour
shed_sign_colour(shed_sign sign)
{
  return signs[sign].colour;
}

const char *
shed_colour_code(shed_colour colour)
{
  return colour_codes[colour];
}

const char *
shed_sign_text(const shed_report *r, shed_sign sign)
{
  return r->opts.utf8 ? signs[sign].utf8 : signs[sign].ascii;
}

// What an ASCII terminal shows for the musical signs that names and sentences hold; anything else becomes '?'.
static void
add_plain(shed_str *out, const char *text)
{
  static const struct {
    const char *utf8, *ascii;
  } known[] = {{"♯", "#"}, {"♭", "b"},  {"♮", "n"},  {"−", "-"}, {"–", "-"},  {"♩", "quarter"},
               {"’", "'"}, {"“", "\""}, {"”", "\""}, {"·", "-"}, {"…", "..."}};
  while (*text) {
    size_t i = 0;
    if ((unsigned char)*text < 0x80) {
      shed_str_addn(out, text++, 1);
      continue;
    }
    while (i < SHED_COUNTOF(known) && !shed_starts_with(text, known[i].utf8)) {
      i++;
    }
    if (i < SHED_COUNTOF(known)) {
      shed_str_add(out, known[i].ascii);
      text += strlen(known[i].utf8);
      continue;
    }
    shed_str_add(out, "?");
    for (text++; ((unsigned char)*text & 0xC0) == 0x80; text++) {
    }
  }
}

static void
add_blanks(shed_report *r, int n)
{
  for (int i = 0; i < n; i++) {
    shed_str_add(r->out, " ");
  }
  r->column += n;
}

void
shed_report_word(shed_report *r, const char *text, shed_colour colour)
{
  shed_str plain = {0};
  if (!r->opts.utf8) {
    add_plain(&plain, text);
    text = shed_str_text(&plain);
  }
  int width = (int)shed_utf8_columns(text);
  if (r->column > r->indent && r->column + width > r->opts.columns) {
    shed_str_add(r->out, "\n");
    r->column = 0;
    add_blanks(r, r->indent);
    text += strspn(text, " ");
    width = (int)shed_utf8_columns(text);
  }
  bool coloured = r->opts.colour && colour != SHED_COLOUR_NONE && *text;
  shed_str_add(r->out, coloured ? colour_codes[colour] : "");
  shed_str_add(r->out, text);
  shed_str_add(r->out, coloured ? "\033[0m" : "");
  r->column += width;
  shed_str_free(&plain);
}

static bool
at_line_start(const shed_report *r)
{
  const char *text = shed_str_text(r->out);
  return r->out->len == 0 || text[r->out->len - 1] == ' ' || text[r->out->len - 1] == '\n';
}

void
shed_report_text(shed_report *r, const char *text)
{
  while (*text) {
    char   word[256];
    size_t blanks = strspn(text, " \n\t");
    text += blanks;
    size_t n = strcspn(text, " \n\t");
    if (n == 0) {
      return;
    }
    size_t kept = n < sizeof(word) - 1 ? n : sizeof(word) - 1;
    memcpy(word, text, kept);
    word[kept] = '\0';
    if (!at_line_start(r)) {
      // the blank goes with its word, so that no line ends in one
      if (r->column + 1 + (int)shed_utf8_columns(word) > r->opts.columns) {
        shed_str_add(r->out, "\n");
        r->column = 0;
        add_blanks(r, r->indent);
      } else {
        add_blanks(r, 1);
      }
    }
    shed_report_word(r, word, SHED_COLOUR_NONE);
    text += n;
  }
}

void
shed_report_textf(shed_report *r, const char *fmt, ...)
{
  char    text[1024];
  va_list ap;
  va_start(ap, fmt);
  (void)vsnprintf(text, sizeof(text), fmt, ap);
  va_end(ap);
  shed_report_text(r, text);
}

void
shed_report_tab(shed_report *r, int column)
{
  add_blanks(r, r->column < column ? column - r->column : 1);
}

void
shed_report_start(shed_report *r, int first, int indent)
{
  r->column = 0;
  r->indent = indent;
  add_blanks(r, first);
}

void
shed_report_end(shed_report *r)
{
  // a line of which only the indent was used leaves no blanks behind
  while (r->out->len > 0 && r->out->text[r->out->len - 1] == ' ') {
    r->out->text[--r->out->len] = '\0';
  }
  shed_str_add(r->out, "\n");
  r->column = 0;
}

void
shed_report_head(shed_report *r, const char *text)
{
  shed_str_add(r->out, "\n");
  shed_report_start(r, 0, 0);
  shed_report_word(r, text, SHED_COLOUR_BOLD);
  shed_report_end(r);
}

const shed_sounding_note *
shed_report_note(const shed_report *r, int index)
{
  return index >= 0 && (size_t)index < r->prompt->line.n_notes ? &r->prompt->line.notes[index] : NULL;
}

void
shed_report_note_name(const shed_report *r, const shed_sounding_note *note, int played_midi, char *buf,
                      size_t size)
{
  shed_str   plain = {0};
  char       name[24];
  shed_pitch asked = r->opts.concert ? note->sounding : note->written;
  if (played_midi >= 0) {
    // the player's own octave and transposition, spelled with the accidentals of the note asked or of its key
    int  midi = played_midi + shed_pitch_midi(asked) - note->midi;
    bool flats =
        asked.alter < 0 || (asked.alter == 0 && (size_t)note->measure_index < r->prompt->line.n_measures &&
                            r->prompt->line.measures[note->measure_index].fifths < 0);
    asked = midi == shed_pitch_midi(asked) ? asked : shed_pitch_spell(midi, flats ? -3 : 0);
  }
  shed_pitch_name(asked, name, sizeof(name));
  if (!r->opts.utf8) {
    add_plain(&plain, name);
  }
  (void)snprintf(buf, size, "%s", r->opts.utf8 ? name : shed_str_text(&plain));
  shed_str_free(&plain);
}

void
shed_report_bar_name(const shed_sounding_note *note, char *buf, size_t size)
{
  static const char *const ordinals[] = {"", "", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th"};
  if (note->pass < 2) {
    (void)snprintf(buf, size, "bar %s", note->measure);
  } else if ((size_t)note->pass < SHED_COUNTOF(ordinals)) {
    (void)snprintf(buf, size, "bar %s (%s time)", note->measure, ordinals[note->pass]);
  } else {
    (void)snprintf(buf, size, "bar %s (time %d)", note->measure, note->pass);
  }
}

bool
shed_report_is_echo(const shed_report *r)
{
  return strcmp(r->prompt->kind, "reference") == 0;
}

void
shed_report_place_name(const shed_report *r, const shed_sounding_note *note, char *buf, size_t size)
{
  char bar[64], beat[32];
  if (shed_report_is_echo(r)) {
    (void)snprintf(buf, size, "note %d", note->index + 1);
    return;
  }
  shed_report_bar_name(note, bar, sizeof(bar));
  (void)shed_format_double(beat, sizeof(beat), note->beat, 2);
  (void)snprintf(buf, size, "%s, beat %s", bar, beat);
}
