// About this file: what a metronome is made of, and how its clicks sound: short tones that begin at once, high for the bar.
#include "engine/audio/metronome.h"

#include "engine/base/attrs.h"

#include <math.h>

static const double TWO_PI  = 6.283185307179586;
static const double CLICK_S = 0.04;
static const double DECAY_S = 0.008;
static const double RISE_S  = 0.0005; // softer than a step, and still an instant
static const double FADE_S  = 0.005;  // to nothing at its end

static const struct {
  double hz, gain;
} kinds[SHED_CLICK_KINDS] = {{1760, 0.9}, {1480, 0.75}, {1175, 0.6}, {880, 0.3}};

shed_metronome
shed_metronome_of(shed_metre metre, double quarter_bpm)
{
  shed_metronome m = {.quarter_bpm = quarter_bpm, .parts = 1, .swing = 0.5, .count_in = 1};
  shed_beat      pulses[SHED_METRE_PULSES];
  m.beats = (int)shed_metre_pulses(metre, pulses);
  for (int b = 0; b < m.beats; b++) {
    m.quarters[b] = (double)pulses[b].num / (double)pulses[b].den;
  }
  return m;
}

bool
shed_metronome_valid(const shed_metronome *m)
{
  if (!(m->quarter_bpm >= 10 && m->quarter_bpm <= 500) || m->beats < 1 || m->beats > SHED_METRONOME_BEATS ||
      m->parts < 1 || m->parts > SHED_METRONOME_PARTS || !(m->swing >= 0.5 && m->swing <= 0.8) ||
      m->count_in < 0 || m->count_in > SHED_METRONOME_COUNT_IN || !(m->start_s >= 0 && m->start_s <= 3600)) {
    return false;
  }
  for (int b = 0; b < m->beats; b++) {
    if (!(m->quarters[b] >= 0.125 && m->quarters[b] <= 8)) {
      return false;
    }
  }
  return true;
}

double
shed_metronome_music_s(const shed_metronome *m)
{
  double bar = 0;
  for (int b = 0; b < m->beats; b++) {
    bar += m->quarters[b];
  }
  return m->start_s + m->count_in * bar * 60.0 / m->quarter_bpm;
}

size_t
shed_click_sound(shed_click_kind kind, int rate_hz, float *x)
{
  size_t n = (size_t)(CLICK_S * rate_hz);
  SHED_ASSERT(n <= SHED_CLICK_FRAMES_MOST);
  for (size_t i = 0; i < n; i++) {
    double t    = (double)i / rate_hz;
    double rise = fmin(1.0, (t + 1.0 / rate_hz) / RISE_S);
    double fade = fmin(1.0, (CLICK_S - t) / FADE_S);
    x[i] = (float)(kinds[kind].gain * rise * fade * exp(-t / DECAY_S) * cos(TWO_PI * kinds[kind].hz * t));
  }
  return n;
}
