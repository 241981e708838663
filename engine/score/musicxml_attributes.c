// About this file: <attributes>: divisions, key, metre, transposition. Clefs are not read: <pitch> already says the octave
// that sounds under an octave clef, and 8va lines likewise move only the drawing.

#include "engine/base/str.h"
#include "engine/score/musicxml_read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef shed_status (*attribute)(musicxml_reading *r, const xmlNode *node);

static shed_status
add_change(musicxml_reading *r, const xmlNode *node, shed_change_kind kind, int a, int b)
{
  const char *number = musicxml_attr(node, "number");
  long long   staff  = 0;
  if (number && !shed_parse_int(number, 1, 64, &staff)) {
    staff = 0;
  }
  const musicxml_part *here   = musicxml_here(r);
  shed_change          change = {
               .kind = kind, .measure = here->measure, .at = here->at, .staff = (int)staff, .a = a, .b = b};
  return shed_score_add_change(r->score, r->part, &change);
}

static shed_status
read_divisions(musicxml_reading *r, const xmlNode *node)
{
  char      text[32];
  shed_beat divisions;
  if (!musicxml_decimal(musicxml_text(node, text, sizeof(text)), &divisions) || divisions.num <= 0) {
    return shed_score_fail(r->score, r->err, SHED_E_FORMAT, musicxml_line(node),
                           "<divisions> must be above 0, not \"%s\"", text);
  }
  musicxml_here(r)->divisions = divisions;
  return SHED_OK;
}

// A key given sign by sign counts by how many sharps or flats it has.
static int
fifths_of_signs(const xmlNode *node)
{
  double sum = 0;
  for (const xmlNode *c = musicxml_first(node); c; c = musicxml_next(c)) {
    char      text[32];
    shed_beat alter;
    if (musicxml_is(c, "key-alter") && musicxml_decimal(musicxml_text(c, text, sizeof(text)), &alter)) {
      sum += shed_beat_quarters(alter);
    }
  }
  return sum > 7 ? 7 : sum < -7 ? -7 : (int)sum;
}

static shed_status
read_key(musicxml_reading *r, const xmlNode *node)
{
  const xmlNode *fifths_node = musicxml_child(node, "fifths");
  int            fifths      = 0;
  char           text[32];
  if (!fifths_node) {
    fifths = fifths_of_signs(node);
  } else if (!musicxml_int(fifths_node, -7, 7, &fifths)) {
    shed_status st = shed_score_warn(r->score, musicxml_line(fifths_node),
                                     "a key of \"%s\" fifths is outside -7 to 7: taken as none",
                                     musicxml_text(fifths_node, text, sizeof(text)));
    if (st != SHED_OK) {
      return st;
    }
  }
  return add_change(r, node, SHED_CHANGE_KEY, fifths, 0);
}

// "3+2" or "4"; 0 when it is neither.
static int
sum_of_beats(const char *text)
{
  int sum  = 0;
  int part = 0;
  for (const char *s = text;; s++) {
    if (*s >= '0' && *s <= '9') {
      part = part * 10 + (*s - '0');
      if (part > 1000) {
        return 0;
      }
    } else if (*s == '+' || !*s) {
      if (part == 0) {
        return 0;
      }
      sum += part;
      part = 0;
      if (!*s) {
        return sum;
      }
    } else if (*s != ' ') {
      return 0;
    }
  }
}

static bool
is_beat_type(int n)
{
  return n >= 1 && n <= 128 && (n & (n - 1)) == 0;
}

// The pairs of beats and beat types added up over the finest of the types: 2/4 + 3/8 is 7/8.
static shed_status
read_time(musicxml_reading *r, const xmlNode *node)
{
  char text[32];
  int  beats = 0;
  int  type  = 0;
  int  sum   = 0;
  if (musicxml_child(node, "senza-misura")) {
    musicxml_here(r)->nominal = shed_beat_of(0, 1);
    return add_change(r, node, SHED_CHANGE_TIME, 0, 0);
  }
  for (const xmlNode *c = musicxml_first(node); c; c = musicxml_next(c)) {
    if (musicxml_is(c, "beats")) {
      beats = sum_of_beats(musicxml_text(c, text, sizeof(text)));
    }
    if (!musicxml_is(c, "beat-type")) {
      continue;
    }
    int next = 0;
    if (beats == 0 || !musicxml_int(c, 1, 128, &next) || !is_beat_type(next)) {
      return shed_score_warn(r->score, musicxml_line(c),
                             "a time signature cannot be read: the one before it stays in force");
    }
    int finest = next > type ? next : type;
    sum        = (type ? sum * (finest / type) : 0) + beats * (finest / next);
    type       = finest;
  }
  if (sum == 0) {
    return shed_score_warn(r->score, musicxml_line(node),
                           "a time signature cannot be read: the one before it stays in force");
  }
  musicxml_here(r)->nominal = shed_metre_quarters(sum, type);
  return add_change(r, node, SHED_CHANGE_TIME, sum, type);
}

static int
whole_semitones(const xmlNode *node)
{
  char      text[32];
  shed_beat value;
  if (!node || !musicxml_decimal(musicxml_text(node, text, sizeof(text)), &value)) {
    return 0;
  }
  double n = round(shed_beat_quarters(value));
  return n > 60 ? 60 : n < -60 ? -60 : (int)n;
}

static shed_status
read_transpose(musicxml_reading *r, const xmlNode *node)
{
  // letters that go with semitones where the file does not say
  static const int usual_letters[12] = {0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6};
  int              semitones         = whole_semitones(musicxml_child(node, "chromatic"));
  int              octaves           = 0;
  int              letters           = 0;
  if (!musicxml_int(musicxml_child(node, "diatonic"), -35, 35, &letters)) {
    int up  = abs(semitones);
    letters = 7 * (up / 12) + usual_letters[up % 12];
    letters = semitones < 0 ? -letters : letters;
  }
  if (!musicxml_int(musicxml_child(node, "octave-change"), -5, 5, &octaves)) {
    octaves = 0;
  }
  shed_status st =
      add_change(r, node, SHED_CHANGE_TRANSPOSE, letters + 7 * octaves, semitones + 12 * octaves);
  if (st == SHED_OK && musicxml_child(node, "double") && !musicxml_here(r)->told_double) {
    musicxml_here(r)->told_double = true;
    st                            = shed_score_warn(r->score, musicxml_line(node),
                                                    "the part is doubled at the octave: the octave as written is expected");
  }
  return st;
}

static shed_status
read_staves(musicxml_reading *r, const xmlNode *node)
{
  int staves = 0;
  if (musicxml_int(node, 1, 64, &staves)) {
    shed_part *part = &r->score->parts[r->part];
    part->staves    = staves > part->staves ? staves : part->staves;
  }
  return SHED_OK;
}

static shed_status
read_measure_style(musicxml_reading *r, const xmlNode *node)
{
  static const char *const abbreviations[] = {"measure-repeat", "beat-repeat", "slash"};
  for (size_t i = 0; i < SHED_COUNTOF(abbreviations); i++) {
    const xmlNode *c = musicxml_child(node, abbreviations[i]);
    if (c && musicxml_attr_is(c, "type", "start") && !musicxml_here(r)->told_measure_repeat) {
      musicxml_here(r)->told_measure_repeat = true;
      return shed_score_warn(r->score, musicxml_line(c),
                             "<%s> is not played out: only notes that the file holds are expected",
                             abbreviations[i]);
    }
  }
  return SHED_OK;
}

shed_status
musicxml_read_attributes(musicxml_reading *r, const xmlNode *node)
{
  static const struct {
    const char *name;
    attribute   read;
  } rows[] = {
      {"divisions", read_divisions}, {"key", read_key},       {"time", read_time},
      {"transpose", read_transpose}, {"staves", read_staves}, {"measure-style", read_measure_style},
  };
  for (const xmlNode *c = musicxml_first(node); c; c = musicxml_next(c)) {
    attribute read = NULL;
    for (size_t i = 0; i < SHED_COUNTOF(rows) && !read; i++) {
      read = musicxml_is(c, rows[i].name) ? rows[i].read : NULL;
    }
    shed_status st = read ? read(r, c) : musicxml_warn_unknown(r, c);
    if (st != SHED_OK) {
      return st;
    }
  }
  return SHED_OK;
}
