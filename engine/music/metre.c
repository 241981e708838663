#include "engine/music/metre.h"

#include "engine/base/attrs.h"

enum { MOST_BEATS = 32, MOST_BEAT_TYPE = 32 };

bool
shed_metre_valid(shed_metre m)
{
  bool power = m.beat_type > 0 && (m.beat_type & (m.beat_type - 1)) == 0;
  return m.beats >= 1 && m.beats <= MOST_BEATS && power && m.beat_type <= MOST_BEAT_TYPE;
}

shed_beat
shed_metre_length(shed_metre m)
{
  SHED_ASSERT(shed_metre_valid(m));
  return shed_beat_of(4L * m.beats, m.beat_type);
}

bool
shed_metre_compound(shed_metre m)
{
  return m.beat_type >= 8 && m.beats > 3 && m.beats % 3 == 0;
}

// Eighths or shorter in fives, sevens and so on: threes and twos. Five is 3+2, as in most marches and songs; longer ones
// put their three last (7/8 is 2+2+3).
static size_t
irregular(shed_metre m, shed_beat *pulses)
{
  size_t n    = 0;
  int    left = m.beats;
  if (left == 5) {
    pulses[n++] = shed_beat_of(12, m.beat_type);
    left -= 3;
  }
  for (; left > 3; left -= 2) {
    pulses[n++] = shed_beat_of(8, m.beat_type);
  }
  pulses[n++] = shed_beat_of(4L * left, m.beat_type);
  return n;
}

size_t
shed_metre_pulses(shed_metre m, shed_beat *pulses)
{
  SHED_ASSERT(shed_metre_valid(m));
  bool short_beats = m.beat_type >= 8;
  if (short_beats && !shed_metre_compound(m) && m.beats > 3) {
    return irregular(m, pulses);
  }
  int group = shed_metre_compound(m) ? 3 : m.beats > SHED_METRE_PULSES ? 2 : 1;
  int n     = (m.beats + group - 1) / group;
  for (int i = 0; i < n; i++) {
    int here  = i == n - 1 ? m.beats - group * (n - 1) : group;
    pulses[i] = shed_beat_of(4L * here, m.beat_type);
  }
  return (size_t)n;
}

shed_beat
shed_metre_even_pulse(shed_metre m)
{
  shed_beat pulses[SHED_METRE_PULSES];
  size_t    n = shed_metre_pulses(m, pulses);
  for (size_t i = 1; i < n; i++) {
    if (shed_beat_cmp(pulses[i], pulses[0]) != 0) {
      return shed_beat_of(4, m.beat_type);
    }
  }
  return pulses[0];
}
