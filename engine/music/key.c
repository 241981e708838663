#include "engine/music/key.h"

#include "engine/base/str.h"

#include <stdio.h>
#include <string.h>

enum { LETTERS = 7, OCTAVE = 12, MOST_FIFTHS = 7, NAME_MAX = 16 };

// Fifths between the major key and the mode of the same tonic: D minor has three sharps fewer than D major.
static const struct {
  const char *name;
  int         fifths;
} modes[] = {
    [SHED_MODE_MAJOR] = {"major", 0},      [SHED_MODE_MINOR] = {"minor", -3},
    [SHED_MODE_DORIAN] = {"dorian", -2},   [SHED_MODE_PHRYGIAN] = {"phrygian", -4},
    [SHED_MODE_LYDIAN] = {"lydian", 1},    [SHED_MODE_MIXOLYDIAN] = {"mixolydian", -1},
    [SHED_MODE_LOCRIAN] = {"locrian", -5},
};

// Place of each letter on the line of fifths, C being 0: F -1, G 1, D 2 ...
static const int fifths_of_step[LETTERS] = {0, 2, 4, -1, 1, 3, 5};

static int
wrap(int a, int n)
{
  return ((a % n) + n) % n;
}

shed_pitch
shed_key_tonic(shed_key key)
{
  int        line = key.fifths - modes[key.mode].fifths;
  int        step = wrap(4 * line, LETTERS); // a fifth is four letters up
  shed_pitch p    = {.step = (signed char)step, .octave = 4};
  p.alter         = (signed char)((line - fifths_of_step[step]) / LETTERS);
  return p;
}

shed_key
shed_key_on(shed_pitch tonic, shed_mode mode)
{
  return (shed_key){fifths_of_step[tonic.step] + LETTERS * tonic.alter + modes[mode].fifths, mode};
}

int
shed_key_alter(int fifths, int step)
{
  // place of the letter in F C G D A E B: that many sharps must be there before it is sharpened
  int place = fifths_of_step[step] + 1;
  if (fifths > 0) {
    return place < fifths;
  }
  return -(LETTERS - 1 - place < -fifths);
}

shed_key
shed_key_transpose(shed_key key, int letters, int semitones)
{
  // an interval moves the key by 7 fifths a semitone less 12 a letter: a fifth is 7 * 7 - 12 * 4 = 1
  key.fifths += LETTERS * semitones - OCTAVE * letters;
  while (key.fifths > MOST_FIFTHS) {
    key.fifths -= OCTAVE;
  }
  while (key.fifths < -MOST_FIFTHS) {
    key.fifths += OCTAVE;
  }
  return key;
}

void
shed_key_name(shed_key key, char *buf, size_t size)
{
  char tonic[NAME_MAX];
  shed_pitch_name(shed_key_tonic(key), tonic, sizeof(tonic));
  tonic[strlen(tonic) - 1] = '\0'; // the octave, always 4
  (void)snprintf(buf, size, "%s %s", tonic, modes[key.mode].name);
}

shed_status
shed_key_parse(const char *text, shed_key *out)
{
  char        tonic[NAME_MAX];
  const char *blank  = strchr(text, ' ');
  size_t      length = blank ? (size_t)(blank - text) : strlen(text);
  const char *mode   = blank ? blank + 1 : modes[SHED_MODE_MAJOR].name;
  shed_pitch  p;
  if (length == 0 || length + 2 > sizeof(tonic) || strchr("0123456789-", text[length - 1])) {
    return SHED_E_FORMAT;
  }
  (void)snprintf(tonic, sizeof(tonic), "%.*s4", (int)length, text);
  if (shed_pitch_parse(tonic, &p) != SHED_OK) {
    return SHED_E_FORMAT;
  }
  for (size_t i = 0; i < SHED_COUNTOF(modes); i++) {
    shed_key key = shed_key_on(p, (shed_mode)i);
    if (shed_equal_nocase(mode, modes[i].name) && key.fifths >= -MOST_FIFTHS && key.fifths <= MOST_FIFTHS) {
      *out = key;
      return SHED_OK;
    }
  }
  return SHED_E_FORMAT;
}
