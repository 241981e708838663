// About this file: how this player's notes sound, harmonic by harmonic, as the take's spectrum has it. What another one plays
// lies 10 dB and more below that, or has its harmonics elsewhere; a talker's vowels have; the end of a note does not climb.
// Measured on rendered takes (two sound fonts): of 9,300 right notes one in a hundred lies more than 7.3 dB below what its
// neighbours in pitch say, and one in a thousand climbs by less than 1 dB; of 45 that were never played, and were found all the
// same, all but two lie 8 dB below or do not climb.
#include "assessors/judge_own.h"

#include "assessors/judge.h"
#include "engine/dsp/bands.h"
#include "engine/music/pitch.h"

#include <math.h>
#include <string.h>

enum {
  LEARN_LEAST   = 6,
  SETTLE_FRAMES = 2,  ///< the spectrum's window reaches so far over a beginning
  CORE_FRAMES   = 15, ///< bows and horns need that long
  BEFORE_FRAMES = 8,
  OWN_MOST      = 512
};

static const double HIGHEST_HZ  = 6900;
static const double NEAR_SHARE  = .015; ///< a harmonic is looked for so near
static const double APART_HZ    = 45;   ///< of two lines that the spectrum tells apart
static const double SURE_SHARE  = .8;   ///< a note that is learnt from
static const double SURE        = .7;
static const double ALIKE       = 3;  ///< semitones over which notes sound alike
static const double STRONG_DB   = 30; ///< what is weaker than this below his strongest harmonic says nothing
static const double LOWER_SHARE = .4;
static const double RINGS_ON_S  = .35; ///< a note's end in a room

typedef struct {
  double peak_db[SHED_OWN_HARMONICS]; ///< NaN: not to be seen
  double climb_db[SHED_OWN_HARMONICS];
} harmonics;

static double
level_at(const shed_take *take, long frame, int low, int high)
{
  const long     last = (long)take->n_frames - 1;
  const uint8_t *row  = take->bands + (size_t)(frame < 0 ? 0 : frame > last ? last : frame) * SHED_TAKE_BANDS;
  uint8_t        best = 0;
  for (int b = low; b <= high; b++) {
    best = row[b] > best ? row[b] : best;
  }
  return (double)shed_bands_db(best);
}

static harmonics
look(const shed_take *take, double midi, double start_s, double end_s)
{
  harmonics    h;
  const double hz    = shed_midi_to_hz(midi, 440);
  const long   start = lround(start_s / SHED_FRAME_HOP_S), end = lround(end_s / SHED_FRAME_HOP_S);
  const long   first = start + SETTLE_FRAMES;
  const long   last  = end - 1 < first + SETTLE_FRAMES ? first + SETTLE_FRAMES : end - 1;
  for (int k = 0; k < SHED_OWN_HARMONICS; k++) {
    const double at = (k + 1) * hz;
    const int low = shed_bands_place(at * (1 - NEAR_SHARE)), high = shed_bands_place(at * (1 + NEAR_SHARE));
    h.peak_db[k] = h.climb_db[k] = NAN;
    if (at > HIGHEST_HZ || low < 0 || high < 0) {
      continue;
    }
    double peak = (double)shed_bands_db(0), least = (double)shed_bands_db(UINT8_MAX);
    for (long i = first; i <= last && i <= start + CORE_FRAMES; i++) {
      peak = fmax(peak, level_at(take, i, low, high));
    }
    for (long i = start - BEFORE_FRAMES; i <= first; i++) {
      least = fmin(least, level_at(take, i, low, high));
    }
    h.peak_db[k]  = peak;
    h.climb_db[k] = peak - least;
  }
  return h;
}

/// What a harmonic of the player's notes around a pitch is like. NaN: nothing tells.
static double
expected_db(const shed_own *o, int harmonic, double midi, int event)
{
  double sum = 0, total = 0;
  for (int i = 0; i < o->n; i++) {
    const double db = o->notes[i].level_db[harmonic];
    if (o->notes[i].event != event && !isnan(db)) {
      const double d = (o->notes[i].midi - midi) / ALIKE, w = 1 / (1 + d * d * d * d);
      sum += w * db;
      total += w;
    }
  }
  return total > 0 ? sum / total : (double)NAN;
}

shed_own_sound
shed_own_compare(const shed_own *o, const shed_take *take, double midi, double start_s, double end_s,
                 double before_midi, int event)
{
  shed_own_sound s = {.level_db = NAN, .spread_db = NAN, .climb_db = NAN};
  double         expected[SHED_OWN_HARMONICS], over[SHED_OWN_HARMONICS], weight[SHED_OWN_HARMONICS];
  double         sorted[SHED_OWN_HARMONICS], weights[SHED_OWN_HARMONICS];
  double         top = -INFINITY, total = 0, climb = 0, spread = 0;
  size_t         n = 0;
  if (o->n < LEARN_LEAST) {
    return s;
  }
  const harmonics h         = look(take, midi, start_s, end_s);
  const double    hz        = shed_midi_to_hz(midi, 440);
  const double    before_hz = isnan(before_midi) ? 0 : shed_midi_to_hz(before_midi, 440);
  for (int k = 0; k < SHED_OWN_HARMONICS; k++) {
    expected[k] = expected_db(o, k, midi, event);
    top         = isnan(expected[k]) ? top : fmax(top, expected[k]);
  }
  for (int k = 0; k < SHED_OWN_HARMONICS; k++) {
    const double at   = (k + 1) * hz;
    const double near = before_hz > 0 ? fmax(1, round(at / before_hz)) * before_hz : -APART_HZ;
    if (isnan(expected[k]) || isnan(h.peak_db[k]) || expected[k] <= top - STRONG_DB ||
        fabs(at - near) < APART_HZ) {
      continue;
    }
    over[n]   = h.peak_db[k] - expected[k];
    weight[n] = 1 - (top - expected[k]) / STRONG_DB;
    climb += weight[n] * h.climb_db[k];
    total += weight[n++];
  }
  if (n == 0) {
    return s;
  }
  memcpy(sorted, over, n * sizeof(*over));
  memcpy(weights, weight, n * sizeof(*weight));
  s.known    = true;
  s.lines    = (int)n;
  s.level_db = shed_weighted_median(sorted, weights, n, LOWER_SHARE);
  for (size_t i = 0; i < n; i++) {
    spread += weight[i] * fabs(over[i] - s.level_db);
  }
  s.spread_db = spread / total;
  s.climb_db  = climb / total;
  return s;
}

void
shed_own_free(shed_own *o)
{
  shed_free(o->alloc, o->notes);
  memset(o, 0, sizeof(*o));
}

// -- what is learnt --------------------------------------------------------------------------------------------------

static bool
is_sure(const shed_judged *j, const shed_found *f)
{
  return f->segment >= 0 && j->path.segments[f->segment].lane == 0 && f->m.share >= SURE_SHARE &&
         f->m.confidence >= SURE && f->m.level_db >= (double)j->levels.player_db && !isnan(f->m.cents);
}

double
shed_judge_pitch_before(const shed_judged *j, int segment, double midi)
{
  if (segment <= 0) {
    return NAN;
  }
  const shed_segment *s      = &j->path.segments[segment - 1];
  const double        before = shed_segment_pitch(j, s);
  const double        rest   = (j->path.segments[segment].start - s->end) * j->evidence.hop_s;
  return rest > RINGS_ON_S || fabs(before - midi) < .75 ? (double)NAN : before;
}

shed_own_sound
shed_judge_own_sound(const shed_judged *j, const shed_found *f, double midi)
{
  return shed_own_compare(&j->own, j->take, midi, f->path_onset_s, f->offset_s,
                          shed_judge_pitch_before(j, f->segment, midi), (int)(f - j->found));
}

static double
spread_of_own(const shed_judged *j)
{
  double x[OWN_MOST], w[OWN_MOST];
  size_t n = 0;
  for (int i = 0; i < j->own.n && n < OWN_MOST; i++) {
    const shed_own_note *k = &j->own.notes[i];
    shed_own_sound       s = shed_judge_own_sound(j, &j->found[k->event], k->midi);
    if (s.known) {
      x[n]   = fabs(s.level_db);
      w[n++] = 1;
    }
  }
  return n >= LEARN_LEAST ? 1.4826 * shed_weighted_median(x, w, n, .5) : (double)NAN;
}

shed_status
shed_judge_learn_own(shed_judged *j)
{
  j->own = (shed_own){.alloc = j->alloc, .sd_db = NAN};
  if (!j->take->bands) {
    return SHED_OK;
  }
  if (!(j->own.notes = shed_calloc(j->alloc, (size_t)j->target.n_events, sizeof(*j->own.notes)))) {
    return SHED_E_NOMEM;
  }
  for (int e = 0; e < j->target.n_events && j->own.n < OWN_MOST; e++) {
    const shed_found *f = &j->found[e];
    if (is_sure(j, f)) {
      shed_own_note  *k = &j->own.notes[j->own.n++];
      const harmonics h =
          look(j->take, j->target.events[e].pitch + f->m.cents / 100, f->path_onset_s, f->offset_s);
      k->event = e;
      k->midi  = j->target.events[e].pitch + f->m.cents / 100;
      memcpy(k->level_db, h.peak_db, sizeof(h.peak_db));
    }
  }
  j->own.sd_db = spread_of_own(j);
  return SHED_OK;
}
