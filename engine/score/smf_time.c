// About this file: from ticks to seconds. Tempo changes of all tracks hold for all, as the standard has it for format 1.
#include "engine/score/smf_read.h"

static const double USUAL_US = 500000; // a quarter before the first tempo: 120 a minute

typedef struct {
  uint64_t tick;
  double   s;        // where it begins
  double   s_a_tick; // from there on
} stretch;

static double
seconds_at(const stretch *map, size_t n, uint64_t tick)
{
  size_t lo = 0, hi = n;
  while (hi - lo > 1) {
    size_t mid = lo + (hi - lo) / 2;
    if (map[mid].tick <= tick) {
      lo = mid;
    } else {
      hi = mid;
    }
  }
  return map[lo].s + (double)(tick - map[lo].tick) * map[lo].s_a_tick;
}

static size_t
draw(const shed_smf *s, stretch *map)
{
  size_t n = 1;
  map[0]   = (stretch){.s_a_tick = s->smpte ? 1 / s->ticks_a_second : USUAL_US / 1e6 / s->ticks};
  for (size_t i = 0; i < s->n_changes && !s->smpte; i++) {
    const shed_smf_change *c = &s->changes[i];
    if (c->kind == SHED_SMF_TEMPO) {
      const stretch *last = &map[n - 1];
      map[n]              = (stretch){.tick     = c->tick,
                                      .s        = last->s + (double)(c->tick - last->tick) * last->s_a_tick,
                                      .s_a_tick = c->a / 1e6 / s->ticks};
      n++;
    }
  }
  return n;
}

shed_status
shed_smf_time(shed_smf *s)
{
  stretch *map = shed_calloc(s->alloc, s->n_changes + 1, sizeof(*map));
  if (!map) {
    return SHED_E_NOMEM;
  }
  size_t n = draw(s, map);
  for (size_t i = 0; i < s->n_notes; i++) {
    s->notes[i].on_s  = seconds_at(map, n, s->notes[i].on);
    s->notes[i].off_s = seconds_at(map, n, s->notes[i].off);
  }
  shed_free(s->alloc, map);
  return SHED_OK;
}
