// About this file: from the number of a click to its bar, beat and instant, and back. Each is computed from the start.
#include "engine/audio/metronome.h"

static const double SECONDS_A_MINUTE = 60.0;

// How many clicks beat @p b of a bar has.
static int
parts_of(const shed_metronome *m, int b, bool count_in)
{
  int parts = (int)(m->quarters[b] * m->parts + 0.5);
  return count_in || m->parts == 1 || parts < 1 ? 1 : parts;
}

static int
clicks_of_bar(const shed_metronome *m, bool count_in)
{
  int n = 0;
  for (int b = 0; b < m->beats; b++) {
    n += parts_of(m, b, count_in);
  }
  return n > 0 ? n : 1;
}

static double
quarters_before(const shed_metronome *m, int beats)
{
  double q = 0;
  for (int b = 0; b < beats; b++) {
    q += m->quarters[b];
  }
  return q;
}

// Where part @p p stands, in quarters from its beat. Pairs are swung, triplets are not.
static double
part_at(const shed_metronome *m, int p)
{
  bool   pairs = m->parts % 2 == 0;
  double at    = p % 2 == 1 && pairs ? p - 1 + 2.0 * m->swing : p;
  return at / m->parts;
}

static shed_click
click_at(const shed_metronome *m, int rate_hz, int64_t bar, int beat, int part)
{
  double     q = (double)bar * quarters_before(m, m->beats) + quarters_before(m, beat) + part_at(m, part);
  shed_click c = {.time_s = m->start_s + q * SECONDS_A_MINUTE / m->quarter_bpm,
                  .bar    = (int)(bar + 1 - m->count_in),
                  .beat   = beat + 1,
                  .part   = part};
  bool       accent = (m->accents >> beat & 1U) != 0;
  c.kind            = part > 0    ? SHED_CLICK_PART
                      : beat == 0 ? SHED_CLICK_BAR
                      : accent    ? SHED_CLICK_ACCENT
                                  : SHED_CLICK_BEAT;
  c.sounds          = !m->silent && (!m->count_in_only || c.bar < 1);
  c.frame           = (uint64_t)(c.time_s * rate_hz + 0.5);
  return c;
}

shed_click
shed_metronome_click(const shed_metronome *m, int rate_hz, uint64_t k)
{
  uint64_t before = (uint64_t)m->count_in * (uint64_t)clicks_of_bar(m, true);
  bool     count  = k < before;
  uint64_t rest   = count ? k : k - before;
  uint64_t a_bar  = (uint64_t)clicks_of_bar(m, count);
  int64_t  bar    = (int64_t)(rest / a_bar) + (count ? 0 : m->count_in);
  int      part   = (int)(rest % a_bar);
  int      beat   = 0;
  while (part >= parts_of(m, beat, count)) {
    part -= parts_of(m, beat, count);
    beat++;
  }
  return click_at(m, rate_hz, bar, beat, part);
}

uint64_t
shed_metronome_from(const shed_metronome *m, int rate_hz, uint64_t frame)
{
  double   bar_s = quarters_before(m, m->beats) * SECONDS_A_MINUTE / m->quarter_bpm;
  double   bars  = ((double)frame / rate_hz - m->start_s) / bar_s - 1.0; // one before, and then on
  uint64_t whole = bars > 0 ? (uint64_t)bars : 0;
  uint64_t count = (uint64_t)m->count_in;
  uint64_t k     = whole < count ? whole * (uint64_t)clicks_of_bar(m, true)
                                 : count * (uint64_t)clicks_of_bar(m, true) +
                                   (whole - count) * (uint64_t)clicks_of_bar(m, false);
  while (shed_metronome_click(m, rate_hz, k).frame < frame) {
    k++;
  }
  return k;
}
