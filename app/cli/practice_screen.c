// About this file: the screen of a live session, as text: the music around the player with a sign under each note, a meter in cents, the
// level, a message, the keys. Pure: events in, lines out; whoever calls it moves the cursor.
#include "app/cli/practice_view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
  METER_CELLS   = 31,
  METER_LEAST   = 7,
  NARROW        = 60, // columns under which words give way to the meters
  BESIDE        = 34, // columns that stand beside a meter
  NARROW_BESIDE = 14,
  METER_CENTS   = 50,
  LEVEL_CELLS   = 30,
  LEVEL_DB      = 60,
  NAME          = 24
};

// -- taking in ---------------------------------------------------------------------------------------------------------

static shed_sign
sign_of(const shed_follow_event *f)
{
  static const shed_sign of[] = {
      [SHED_PITCH_NONE] = SHED_SIGN_unsure,  [SHED_PITCH_CORRECT] = SHED_SIGN_correct,
      [SHED_PITCH_SHARP] = SHED_SIGN_sharp,  [SHED_PITCH_FLAT] = SHED_SIGN_flat,
      [SHED_PITCH_WRONG] = SHED_SIGN_wrong,  [SHED_PITCH_MISSED] = SHED_SIGN_missed,
      [SHED_PITCH_UNSURE] = SHED_SIGN_unsure};
  const bool timed = f->timing == SHED_TIMING_EARLY || f->timing == SHED_TIMING_LATE;
  if (f->pitch == SHED_PITCH_CORRECT && timed) {
    return f->timing == SHED_TIMING_EARLY ? SHED_SIGN_early : SHED_SIGN_late;
  }
  return of[f->pitch];
}

static void
forget_take(shed_screen *s)
{
  memset(s->signs, -1, s->prompt->line.n_notes * sizeof(*s->signs));
  s->position = -1;
  s->beat     = 0;
}

static void
take_state(shed_screen *s, const shed_practice_event *e)
{
  s->state   = e->u.state.now;
  s->counts  = e->u.state.counts;
  s->follows = e->u.state.follows;
  s->colours = e->u.state.colour;
  if (s->state == SHED_PRACTICE_PREPARE || s->state == SHED_PRACTICE_COUNT_IN) {
    forget_take(s);
  }
}

bool
shed_screen_tell(shed_screen *s, const shed_practice_event *e)
{
  shed_str text = {0};
  switch (e->kind) {
  case SHED_PRACTICE_TELLS_STATE:
    take_state(s, e);
    return true;
  case SHED_PRACTICE_TELLS_BEAT:
    s->bar  = e->u.beat.bar;
    s->beat = e->u.beat.beat;
    return true;
  case SHED_PRACTICE_TELLS_LEVEL:
    s->level = *e;
    return true;
  case SHED_PRACTICE_TELLS_PITCH:
    s->pitch = *e;
    return true;
  case SHED_PRACTICE_TELLS_POSITION:
    s->position = e->u.follow.index;
    return true;
  case SHED_PRACTICE_TELLS_NOTE:
    s->signs[e->u.follow.index] = (short)sign_of(&e->u.follow);
    return true;
  case SHED_PRACTICE_TELLS_JUMP:
  case SHED_PRACTICE_TELLS_LOST:
  case SHED_PRACTICE_TELLS_FOUND:
  case SHED_PRACTICE_TELLS_MESSAGE:
  case SHED_PRACTICE_TELLS_MARK:
    shed_practice_sentence(e, s->prompt, s->concert, &text);
    (void)snprintf(s->message, sizeof(s->message), "%s", shed_str_text(&text));
    shed_str_free(&text);
    return true;
  case SHED_PRACTICE_TELLS_CUE:
  case SHED_PRACTICE_TELLS_ASK:
  case SHED_PRACTICE_TELLS_RESULT:
  case SHED_PRACTICE_EVENTS:
    break;
  }
  return false;
}

// -- drawing -----------------------------------------------------------------------------------------------------------

static bool
is_narrow(const shed_screen *s)
{
  return s->columns < NARROW;
}

// A line cut at the screen's width, by characters.
static void
add_line(const shed_screen *s, const char *text, shed_str *out)
{
  int columns = 0;
  for (const char *p = text; *p && columns < s->columns; columns++) {
    size_t n = 1;
    while (((unsigned char)p[n] & 0xC0U) == 0x80U) {
      n++;
    }
    shed_str_addn(out, p, n);
    p += n;
  }
  shed_str_add(out, "\n");
}

static void
add_coloured(const shed_screen *s, shed_str *out, const char *text, shed_colour colour)
{
  if (s->colour && colour != SHED_COLOUR_NONE) {
    shed_str_addf(out, "%s%s\033[0m", shed_colour_code(colour), text);
  } else {
    shed_str_add(out, text);
  }
}

static void
name_of(const shed_screen *s, size_t i, char *buf)
{
  const shed_sounding_note *n = &s->prompt->line.notes[i];
  if (n->pitched) {
    shed_cli_note_name(s->concert ? n->sounding : n->written, buf, NAME);
  } else {
    (void)snprintf(buf, NAME, "x");
  }
}

// Columns of a note: a mark on either side of its name.
static int
width_of(const shed_screen *s, size_t i)
{
  char name[NAME];
  name_of(s, i, name);
  return (int)shed_utf8_columns(name) + 2;
}

static bool
begins_bar(const shed_screen *s, size_t i)
{
  const shed_sounding_note *n = s->prompt->line.notes;
  return i > 0 && n[i].measure_index != n[i - 1].measure_index;
}

// It sounds with the one before it.
static bool
joins(const shed_screen *s, size_t i)
{
  const shed_sounding_note *n = s->prompt->line.notes;
  return i > 0 && shed_beat_cmp(n[i].onset_beats, n[i - 1].onset_beats) == 0;
}

// The first note that is shown: the music turns by screens, like pages, so that what is ahead stands still.
static size_t
first_shown(const shed_screen *s)
{
  const size_t n = s->prompt->line.n_notes, here = s->position < 0 ? 0 : (size_t)s->position;
  size_t       first = 0;
  int          used  = 0;
  for (size_t i = 0; i <= here && i < n; i++) {
    used += width_of(s, i) + (begins_bar(s, i) ? 1 : 0);
    if (used > s->columns - 2) {
      first = i;
      used  = width_of(s, i);
    }
  }
  return first;
}

static void
draw_music(const shed_screen *s, shed_str *out)
{
  shed_report alphabet = {.opts = {.utf8 = s->utf8}};
  shed_str    signs    = {0};
  int         used     = 0;
  for (size_t i = first_shown(s); i < s->prompt->line.n_notes; i++) {
    char       name[NAME];
    const bool bar  = begins_bar(s, i) && used > 0;
    const int  w    = width_of(s, i) + (bar ? 1 : 0);
    const bool here = (int)i == s->position;
    if (used + w > s->columns - 1) {
      break;
    }
    name_of(s, i, name);
    shed_str_add(out, bar ? "|" : "");
    shed_str_add(&signs, bar ? " " : "");
    shed_str_addf(out, "%s", here ? "[" : joins(s, i) ? "+" : " ");
    add_coloured(s, out, name, here ? SHED_COLOUR_BOLD : SHED_COLOUR_NONE);
    shed_str_add(out, here ? "]" : " ");
    const shed_sign sign = s->signs[i] < 0 ? SHED_SIGN_none : (shed_sign)s->signs[i];
    const char     *text = s->signs[i] < 0 ? " " : shed_sign_text(&alphabet, sign);
    shed_str_add(&signs, " ");
    add_coloured(s, &signs, text, s->signs[i] < 0 ? SHED_COLOUR_NONE : shed_sign_colour(sign));
    for (int k = width_of(s, i) - 1 - (int)shed_utf8_columns(text); k > 0; k--) {
      shed_str_add(&signs, " ");
    }
    used += w;
  }
  shed_str_addf(out, "\n%s\n", shed_str_text(&signs));
  shed_str_free(&signs);
}

// Semitones from what sounds to what this player reads.
static int
shift_of(const shed_screen *s)
{
  for (size_t i = 0; i < s->prompt->line.n_notes && !s->concert; i++) {
    const shed_sounding_note *n = &s->prompt->line.notes[i];
    if (n->pitched) {
      return shed_pitch_midi(n->written) - shed_pitch_midi(n->sounding);
    }
  }
  return 0;
}

// As wide as the screen lets it be, and odd.
static int
meter_cells(const shed_screen *s)
{
  const int most = s->columns - (is_narrow(s) ? NARROW_BESIDE : BESIDE);
  return most >= METER_CELLS ? METER_CELLS : most < METER_LEAST ? METER_LEAST : most - (most + 1) % 2;
}

static void
draw_pitch(const shed_screen *s, shed_str *out)
{
  static const char steps[12][3] = {"C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"};
  char              meter[METER_CELLS + 1], line[160];
  const int         cells = meter_cells(s), half = cells / 2;
  const double      target = s->pitch.u.pitch.target_cents;
  const bool        near   = isfinite(target) && fabs(target) < 100;
  const double      cents  = near ? target : s->pitch.u.pitch.cents;
  const bool        narrow = is_narrow(s);
  const bool        voiced = s->pitch.kind == SHED_PRACTICE_TELLS_PITCH && s->pitch.u.pitch.voiced;
  const char       *name   = "";
  memset(meter, '-', (size_t)cells);
  meter[cells] = '\0';
  meter[half]  = '|';
  if (voiced) {
    const int midi = s->pitch.u.pitch.midi + shift_of(s);
    name           = steps[(midi % 12 + 12) % 12];
    meter[(int)lround(fmin(fmax(cents / METER_CENTS, -1), 1) * half + half)] = '#';
  }
  if (narrow) {
    (void)snprintf(line, sizeof(line), "%-2s [%s]", name, meter);
  } else {
    (void)snprintf(line, sizeof(line), "Pitch %-3s flat [%s] sharp", name, meter);
  }
  if (voiced) {
    const size_t n = strlen(line);
    (void)snprintf(line + n, sizeof(line) - n, narrow ? " %+.0f" : " %+.0f cents%s", cents,
                   near ? "" : " (nearest note)");
  }
  add_line(s, line, out);
}

_Static_assert((int)LEVEL_CELLS <= (int)METER_CELLS, "one bar holds either");

static void
draw_level(const shed_screen *s, shed_str *out)
{
  char         bar[METER_CELLS + 1], line[160]; // the wider of the two
  const bool   known  = s->level.kind == SHED_PRACTICE_TELLS_LEVEL;
  const bool   narrow = is_narrow(s);
  const int    cells  = narrow ? meter_cells(s) : LEVEL_CELLS;
  const double db     = known ? s->level.u.level.rms_db : -120;
  const int    full   = (int)lround(fmin(fmax((db + LEVEL_DB) / LEVEL_DB, 0), 1) * cells);
  for (int i = 0; i < cells; i++) {
    bar[i] = i < full ? '#' : '.';
  }
  bar[cells] = '\0';
  (void)snprintf(line, sizeof(line), narrow ? "   [%s]%4.0f%s" : "Level     [%s] %4.0f dB%s", bar, db,
                 !(known && s->level.u.level.clipped) ? ""
                 : narrow                             ? " LOUD"
                                                      : "  TOO LOUD");
  add_line(s, line, out);
}

static void
draw_head(const shed_screen *s, shed_str *out)
{
  static const char *const words[SHED_PRACTICE_STATES] = {"",        "ready",   "study: read it", "count-in",
                                                          "playing", "judging", "result"};
  char                     line[400], beat[40] = "";
  if (s->beat > 0 && (s->state == SHED_PRACTICE_COUNT_IN || s->state == SHED_PRACTICE_LISTEN)) {
    (void)snprintf(beat, sizeof(beat), "   beat %d", s->beat);
  }
  if (s->state == SHED_PRACTICE_STUDY) {
    (void)snprintf(beat, sizeof(beat), "   %.0f s", ceil(s->left_s));
  }
  (void)snprintf(line, sizeof(line), "%s   %s%s%s", s->prompt->title, words[s->state], beat,
                 s->counts ? "   THIS ONE COUNTS" : "");
  add_line(s, line, out);
}

// Two lines, broken at a blank.
static void
draw_message(const shed_screen *s, shed_str *out)
{
  char         first[SHED_SCREEN_TEXT];
  const size_t n    = strlen(s->message);
  size_t       most = n <= (size_t)s->columns ? n : (size_t)s->columns;
  while (most < n && most > 0 && s->message[most] != ' ') {
    most--;
  }
  (void)snprintf(first, sizeof(first), "%.*s", (int)most, s->message);
  add_line(s, first, out);
  add_line(s, s->message + most + (s->message[most] == ' '), out);
}

static void
draw_keys(const shed_screen *s, shed_str *out)
{
  static const char *const keys[SHED_PRACTICE_STATES][2] = {
      {"", ""},
      {"Enter start  h hear it  c counts  o colours  +/- louder, softer  q quit",
       "Ent start h hear c counts q quit"},
      {"Enter I am ready  x back  q quit", "Ent ready  x back  q quit"},
      {"Enter stop  r again  x throw away  m mark  q quit", "Ent stop r again x away q quit"},
      {"Enter stop  r again  x throw away  m mark  q quit", "Ent stop r again x away q quit"},
      {"", ""},
      {"Enter once more  n next  q quit", "Ent once more  n next  q quit"},
  };
  add_line(s, keys[s->state][is_narrow(s)], out);
}

void
shed_screen_draw(const shed_screen *s, shed_str *out)
{
  draw_head(s, out);
  shed_str_add(out, "\n");
  draw_music(s, out);
  shed_str_add(out, "\n");
  if (s->keyboard) {
    char line[160];
    (void)snprintf(line, sizeof(line), "Keys      %s", s->keys);
    add_line(s, line, out);
    add_line(s, "", out);
  } else {
    draw_pitch(s, out);
    draw_level(s, out);
  }
  draw_message(s, out);
  draw_keys(s, out);
}
