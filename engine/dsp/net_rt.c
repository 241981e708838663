#include "engine/dsp/net.h"

#include <string.h>

float
shed_net_squash(float x)
{
  float y = x < -3.0f ? -3.0f : x > 3.0f ? 3.0f : x;
  return y * (27.0f + y * y) / (27.0f + 9.0f * y * y);
}

float
shed_net_standard(const shed_net_input *input, float x)
{
  float v = (x - input->mean) * input->scale;
  return v < -SHED_NET_CLIP ? -SHED_NET_CLIP : v > SHED_NET_CLIP ? SHED_NET_CLIP : v;
}

void
shed_net_begin(const shed_net *net, shed_net_sum *sum)
{
  sum->straight = net->base;
  memcpy(sum->unit, net->bias, sizeof(sum->unit));
}

void
shed_net_add(const shed_net *net, int first, const float *x, int n, shed_net_sum *sum)
{
  float unit[SHED_NET_UNITS];
  memcpy(unit, sum->unit, sizeof(unit));
  for (int i = 0; i < n; i++) {
    const shed_net_input *in = &net->input[first + i];
    float                 v  = shed_net_standard(in, x[i]);
    sum->straight += v * in->straight;
    for (int j = 0; j < SHED_NET_UNITS; j++) {
      unit[j] += v * in->hidden[j];
    }
  }
  memcpy(sum->unit, unit, sizeof(unit));
}

float
shed_net_end(const shed_net *net, const shed_net_sum *sum)
{
  float y = sum->straight;
  for (int j = 0; j < SHED_NET_UNITS; j++) {
    y += net->out[j] * shed_net_squash(sum->unit[j]);
  }
  return y;
}
