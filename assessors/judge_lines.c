// About this file: the lines of a pitch in the take's spectrum, a second opinion beside the ear's. The ear's pitch is the period of
// the whole sound, which somebody else's sound bends; a line is bent only by what stands within two bins of it. Its place is read
// between the bins, by a parabola through three levels in dB.
//
// Measured on rendered takes beside a player 10 dB below: 95 % of the lines' medians lie within 6 cents of the truth, of the ear's
// within 11; 99 % within 17 and 55.
#include "assessors/judge.h"
#include "engine/dsp/bands.h"
#include "engine/music/pitch.h"

#include <math.h>

enum { LINES = 10, LINEAR_LAST = SHED_BANDS_LINEAR - 2 };

static const double BIN_HZ      = 22050.0 / SHED_BANDS_WINDOW;
static const double LEAST_HZ    = 60;  ///< lower tones have lines too near to each other
static const double REACH_CENTS = 130; ///< a line is looked for so near to its place
static const double WEAK_DB     = 25;  ///< under the tone's strongest in the frame
static const double APART_HZ    = 40;  ///< of lines of two tones, that each can be read
static const float  NO_LINE_DB  = -120;

typedef struct {
  double hz, level_db;
} line;

/// The highest line within @p reach_hz of a place.
static line
line_near(const uint8_t *row, double hz, double reach_hz)
{
  int low = (int)ceil((hz - reach_hz) / BIN_HZ) - 1, best = -1;
  int high = (int)floor((hz + reach_hz) / BIN_HZ) - 1;
  low      = low < 1 ? 1 : low;
  high     = high > LINEAR_LAST ? LINEAR_LAST : high;
  for (int b = low; b <= high; b++) {
    bool peak = row[b] > 0 && row[b] >= row[b - 1] && row[b] >= row[b + 1];
    best      = peak && (best < 0 || row[b] > row[best]) ? b : best;
  }
  if (best < 0) {
    return (line){0, (double)NO_LINE_DB};
  }
  double before = row[best - 1], at = row[best], after = row[best + 1], bend = 2 * at - before - after;
  double off = bend > 0 ? .5 * (after - before) / bend : 0;
  return (line){(best + 1 + off) * BIN_HZ, (double)shed_bands_db(row[best])};
}

/// How far a line may lie from its place, Hz; 0: another tone's line is too near.
static double
reach_of(double place_hz, double hz, double other_hz)
{
  double reach = fmax(place_hz * (exp2(REACH_CENTS / 1200) - 1), BIN_HZ);
  reach        = fmin(reach, hz / 2);
  if (other_hz > 0) {
    double near = fabs(place_hz - fmax(1, round(place_hz / other_hz)) * other_hz);
    reach       = near < APART_HZ ? 0 : fmin(reach, near / 2);
  }
  return reach;
}

void
shed_lines_read(const shed_take *take, size_t frame, double hz, double other_hz, double weight,
                double zero_cents, shed_lines *out)
{
  line   l[LINES];
  double top = (double)NO_LINE_DB;
  if (!take->bands || hz < LEAST_HZ || weight <= 0) {
    return;
  }
  for (int k = 1; k <= LINES; k++) {
    double reach = reach_of(k * hz, hz, other_hz);
    l[k - 1]     = reach > 0 ? line_near(take->bands + frame * SHED_TAKE_BANDS, k * hz, reach)
                             : (line){0, (double)NO_LINE_DB};
    top          = fmax(top, l[k - 1].level_db);
  }
  if (top <= (double)NO_LINE_DB) {
    return;
  }
  out->weight += weight;
  out->level_db += weight * top;
  for (int k = 1; k <= LINES; k++) {
    double strong = l[k - 1].level_db - top + WEAK_DB;
    if (l[k - 1].hz > 0 && strong > 0) {
      // of a line twice as high a Hertz is half as many cents
      shed_cents_add(&out->cents, zero_cents + 1200 * log2(l[k - 1].hz / (k * hz)),
                     weight * strong / WEAK_DB * sqrt(k));
      out->n++;
    }
  }
}
