#include "app/session/count.h"

#include <math.h>

static const double BPM_LEAST = 10, BPM_MOST = 400;

static double
bar_quarters(const shed_metronome *m)
{
  double sum = 0;
  for (int b = 0; b < m->beats; b++) {
    sum += m->quarters[b];
  }
  return sum;
}

static bool
one_metre(const shed_line *l)
{
  for (size_t i = 1; i < l->n_measures; i++) {
    if (l->measures[i].beats != l->measures[0].beats ||
        l->measures[i].beat_type != l->measures[0].beat_type) {
      return false;
    }
  }
  return l->n_measures > 0;
}

// Every click as long as the next: the ear is told of one period.
static void
make_even(shed_metronome *m, shed_metre metre)
{
  for (int b = 1; b < m->beats; b++) {
    if (fabs(m->quarters[b] - m->quarters[0]) > 1e-9) {
      m->beats = metre.beats < SHED_METRONOME_BEATS ? metre.beats : SHED_METRONOME_BEATS;
      for (int k = 0; k < m->beats; k++) {
        m->quarters[k] = 4.0 / metre.beat_type;
      }
      return;
    }
  }
}

static shed_metronome
metronome_of(const shed_prompt *p)
{
  const shed_line *l     = &p->line;
  shed_metre       metre = {4, 4};
  bool             one   = one_metre(l);
  if (one) {
    metre = (shed_metre){l->measures[0].beats, l->measures[0].beat_type};
    one   = shed_metre_valid(metre);
    metre = one ? metre : (shed_metre){4, 4};
  }
  shed_metronome m = shed_metronome_of(metre, p->tempo_bpm);
  make_even(&m, metre);
  if (!one) { // a bar of four is counted in, and then every beat is like the others
    m.beats       = 1;
    m.quarters[0] = 1;
  }
  return m;
}

shed_count
shed_count_of(const shed_prompt *p)
{
  shed_count c = {.counted = p->tempo_bpm >= BPM_LEAST && p->tempo_bpm <= BPM_MOST};
  if (!c.counted) {
    return c;
  }
  shed_metronome *m = &c.metronome;
  *m                = metronome_of(p);
  int bars          = (p->count_in_beats + m->beats - 1) / m->beats;
  m->count_in       = bars < SHED_METRONOME_COUNT_IN ? bars : SHED_METRONOME_COUNT_IN;
  m->count_in_only  = !p->a_click;
  c.beat_s          = m->quarters[0] * 60 / p->tempo_bpm;
  c.music_s         = shed_metronome_music_s(m);
  if (p->line.n_measures > 0 && p->line.measures[0].pickup && m->count_in > 0) {
    double missing = bar_quarters(m) - shed_beat_quarters(p->line.measures[0].length_beats);
    c.music_s += fmax(0, missing) * 60 / p->tempo_bpm;
  }
  return c;
}
