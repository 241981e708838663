// About this file: candidates, what speaks for them, the path through them, and the settled point's cents.
#include "engine/dsp/refine.h"
#include "engine/dsp/tracker_internal.h"

enum { RATE_HZ = 44100, HOP = 441 };

int
shed_tracker_run(shed_tracker *p, const shed_front *front, int64_t centre, const shed_level_frame *level,
                 shed_tracker_point *provisional, shed_tracker_point *settled)
{
  shed_emission e;
  shed_cands_run(p->cands, front, centre, level, &p->set);
  shed_emission_run(&p->choice, &p->set, &e);
  shed_path_push(&p->path, &p->set, &e, shed_voicing_run(&p->voice, &p->voicing, &p->set, &e));
  shed_path_describe(&p->path, 0, provisional);
  if (p->path.count <= SHED_TRACKER_LAG) {
    return 0;
  }
  shed_path_describe(&p->path, SHED_TRACKER_LAG, settled);
  if (settled->n > 0) {
    settled->f0_hz = shed_refine(front, RATE_HZ, centre - (int64_t)SHED_TRACKER_LAG * HOP, settled->f0_hz);
    settled->cand[0].f0_hz = settled->f0_hz;
  }
  return 1;
}

const shed_cand_set *
shed_tracker_cands(const shed_tracker *p)
{
  return &p->set;
}
