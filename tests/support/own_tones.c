#include "tests/support/own_tones.h"

#include "engine/dsp/bands.h"
#include "engine/music/pitch.h"

#include <math.h>

static double
level_db(int harmonic)
{
  return OWN_TONES_TOP_DB - 3 * harmonic;
}

void
own_tones_learn(shed_own_note *notes, int n, int first_event, int lowest_midi)
{
  for (int i = 0; i < n; i++) {
    notes[i] = (shed_own_note){.event = first_event + i, .midi = lowest_midi + i};
    for (int k = 0; k < SHED_OWN_HARMONICS; k++) {
      notes[i].level_db[k] = level_db(k);
    }
  }
}

void
own_tones_sound(uint8_t *bands, double midi, int from, int to, double over_db, double odd_db)
{
  for (int k = 0; k < SHED_OWN_HARMONICS; k++) {
    const int     band = shed_bands_place((k + 1) * shed_midi_to_hz(midi, 440));
    const double  db   = level_db(k) + over_db + (k % 2 ? odd_db : 0);
    const uint8_t v    = (uint8_t)lround(fmax(0, 2 * (db + 120)));
    for (int i = from; i < to && band >= 0; i++) {
      uint8_t *b = &bands[i * SHED_TAKE_BANDS + band];
      *b         = v > *b ? v : *b;
    }
  }
}
