/// Which candidate is the pitch, if any is: a soft maximum over what a small net says of each (net.h), its inputs the
/// candidate's features and the frame's.
#ifndef SHED_DSP_EMISSION_H
#define SHED_DSP_EMISSION_H

#include "engine/dsp/cands.h"
#include "engine/dsp/net.h"

enum { SHED_EMISSION_INPUTS = SHED_FRAME_FEATURES + SHED_CAND_FEATURES }; ///< in this order

typedef struct {
  float pitch[SHED_CANDS_MAX]; ///< each candidate's share among the candidates; they sum to 1
  int   best;                  ///< the largest share's; -1 without a candidate
} shed_emission;

/// The weights of weights.def.
shed_net     shed_emission_net(void);
SHED_RT void shed_emission_run(const shed_net *net, const shed_cand_set *s, shed_emission *out);

#endif
