#include "engine/music/tuning.h"

#include <math.h>

enum { SEMITONES = 12, CENTS = 100 };

static const struct {
  double num, den;
} just[SEMITONES] = {{1, 1},   {16, 15}, {9, 8}, {6, 5}, {5, 4}, {4, 3},
                     {45, 32}, {3, 2},   {8, 5}, {5, 3}, {9, 5}, {15, 8}};

double
shed_tuning_cents(double hz, double reference_hz)
{
  return SEMITONES * CENTS * log2(hz / reference_hz);
}

double
shed_tuning_offset_cents(shed_temperament t, int tonic_midi, int midi)
{
  if (t == SHED_TEMPERAMENT_EQUAL) {
    return 0;
  }
  int above = (((midi - tonic_midi) % SEMITONES) + SEMITONES) % SEMITONES;
  return shed_tuning_cents(just[above].num, just[above].den) - CENTS * above;
}

double
shed_tuning_hz(shed_temperament t, int tonic_midi, int midi, double a4_hz)
{
  return shed_midi_to_hz(midi + shed_tuning_offset_cents(t, tonic_midi, midi) / CENTS, a4_hz);
}
