#include "engine/music/pitch.h"

#include "engine/base/attrs.h"
#include "engine/base/str.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LETTERS = 7, SEMITONES = 12, MAX_ALTER = 3 };

static const int  semitone_of_step[LETTERS] = {0, 2, 4, 5, 7, 9, 11};
static const char letter_of_step[LETTERS]   = {'C', 'D', 'E', 'F', 'G', 'A', 'B'};

int
shed_pitch_midi(shed_pitch p)
{
  SHED_ASSERT(p.step >= 0 && p.step < LETTERS);
  return SEMITONES * (p.octave + 1) + semitone_of_step[p.step] + p.alter;
}

int
shed_pitch_staff(shed_pitch p)
{
  return LETTERS * p.octave + p.step;
}

static int
floor_div(int a, int b)
{
  return a / b - (a % b != 0 && (a % b < 0) != (b < 0));
}

static shed_pitch
on_staff(int staff, int midi)
{
  shed_pitch p = {0};
  p.octave     = (signed char)floor_div(staff, LETTERS);
  p.step       = (signed char)(staff - LETTERS * p.octave);
  p.alter      = (signed char)(midi - shed_pitch_midi(p));
  return p;
}

shed_pitch
shed_pitch_transpose(shed_pitch p, int letters, int semitones)
{
  int        midi  = shed_pitch_midi(p) + semitones;
  int        staff = shed_pitch_staff(p) + letters;
  shed_pitch moved = on_staff(staff, midi);
  while (moved.alter > MAX_ALTER) {
    moved = on_staff(++staff, midi);
  }
  while (moved.alter < -MAX_ALTER) {
    moved = on_staff(--staff, midi);
  }
  return moved;
}

// The accidental that a key signature gives to a letter.
static int
key_alter(int step, int fifths)
{
  static const int sharp_order[LETTERS] = {1, 3, 5, 0,
                                           2, 4, 6}; // C is 2nd sharp and so on: place in F C G D A E B
  int              place                = sharp_order[step];
  if (fifths > 0) {
    return place < fifths;
  }
  return -(LETTERS - 1 - place < -fifths);
}

shed_pitch
shed_pitch_spell(int midi, int fifths)
{
  shed_pitch best      = {0};
  int        best_cost = 1000;
  int        octave    = floor_div(midi, SEMITONES) - 1;
  for (int staff = LETTERS * octave - 1; staff <= LETTERS * (octave + 1); staff++) {
    shed_pitch p = on_staff(staff, midi);
    if (abs(p.alter) > 2) {
      continue;
    }
    int own  = key_alter(p.step, fifths);
    int cost = p.alter == own ? 0 : 10 + 4 * abs(p.alter - own) + 3 * (abs(p.alter) > 1);
    // a note outside the key: raised in sharp keys and C, lowered in flat ones
    cost += p.alter != own && (fifths >= 0 ? p.alter < own : p.alter > own);
    // a natural before its own letter, not a C flat for the B natural of F major
    cost -= p.alter == 0 && own != 0 ? 2 : 0;
    if (cost < best_cost) {
      best_cost = cost;
      best      = p;
    }
  }
  return best;
}

void
shed_pitch_name(shed_pitch p, char *buf, size_t size)
{
  static const char *const signs[] = {"♭♭♭", "♭♭", "♭", "", "♯", "♯♯", "♯♯♯"};
  (void)snprintf(buf, size, "%c%s%d", letter_of_step[p.step], signs[p.alter + MAX_ALTER], p.octave);
}

static size_t
read_sign(const char *s, int *alter)
{
  static const struct {
    const char *text;
    int         alter;
  } signs[] = {{"#", 1}, {"b", -1}, {"x", 2}, {"♯", 1}, {"♭", -1}};
  for (size_t i = 0; i < SHED_COUNTOF(signs); i++) {
    size_t n = strlen(signs[i].text);
    if (strncmp(s, signs[i].text, n) == 0) {
      *alter += signs[i].alter;
      return n;
    }
  }
  return 0;
}

shed_status
shed_pitch_parse(const char *text, shed_pitch *out)
{
  shed_pitch  p     = {0};
  int         alter = 0;
  const char *s     = text;
  char        upper = *s >= 'a' && *s <= 'z' ? (char)(*s - 32) : *s;
  const char *found = upper ? memchr(letter_of_step, upper, LETTERS) : NULL;
  if (!found) {
    return SHED_E_FORMAT;
  }
  p.step = (signed char)(found - letter_of_step);
  s++;
  for (size_t n; (n = read_sign(s, &alter)) != 0;) {
    s += n;
    if (abs(alter) > MAX_ALTER) {
      return SHED_E_FORMAT;
    }
  }
  long long octave = 0;
  if (!shed_parse_int(s, -2, 10, &octave) || *s == '+') {
    return SHED_E_FORMAT;
  }
  p.alter  = (signed char)alter;
  p.octave = (signed char)octave;
  *out     = p;
  return SHED_OK;
}

double
shed_midi_to_hz(double midi, double a4_hz)
{
  return a4_hz * exp2((midi - 69) / SEMITONES);
}

double
shed_hz_to_midi(double hz, double a4_hz)
{
  return 69 + SEMITONES * log2(hz / a4_hz);
}
