/// A small net with one hidden layer and one answer, for choices that are learned:
///
///     y = base + sum of straight_i x_i + sum of out_j squash(bias_j + sum of hidden_ij x_i)
///
/// The straight part alone is a linear form; the hidden one adds what depends on two things at once. Inputs are
/// standardised and cut. Sums run over the inputs in their order, for all units at a time, so that every machine of one
/// kind gets the same bits.
#ifndef SHED_DSP_NET_H
#define SHED_DSP_NET_H

#include "engine/base/attrs.h"

enum { SHED_NET_UNITS = 24 };
static const float SHED_NET_CLIP = 6.0f; ///< inputs are cut at so many standard deviations

typedef struct {
  float mean;
  float scale; ///< 1 / standard deviation
  float straight;
  float hidden[SHED_NET_UNITS];
} shed_net_input;

/// Plain value; inputs borrowed.
typedef struct {
  const shed_net_input *input;
  float                 base;
  float                 bias[SHED_NET_UNITS];
  float                 out[SHED_NET_UNITS];
} shed_net;

/// What has been summed so far; inputs that several answers share are added once and the value copied.
typedef struct {
  float straight;
  float unit[SHED_NET_UNITS];
} shed_net_sum;

/// (27 x + x^3) / (27 + 9 x^2), cut at +-1: Padé's approximation of tanh, smooth where it is cut and free of libm.
SHED_RT float shed_net_squash(float x);
SHED_RT float shed_net_standard(const shed_net_input *input, float x);
SHED_RT void  shed_net_begin(const shed_net *net, shed_net_sum *sum);
/// Add @p n inputs, the first of which is the net's input @p first.
SHED_RT void  shed_net_add(const shed_net *net, int first, const float *x, int n, shed_net_sum *sum);
SHED_RT float shed_net_end(const shed_net *net, const shed_net_sum *sum);

#endif
