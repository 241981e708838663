#include "engine/dsp/net.h"
#include "tests/support/check.h"

enum { N = 5 };

static void
fill(shed_net_input in[N], shed_net *net)
{
  *net = (shed_net){.input = in, .base = 0.25f};
  for (int i = 0; i < N; i++) {
    in[i] = (shed_net_input){.mean = 0.1f * (float)i, .scale = 2.0f, .straight = 0.3f - 0.1f * (float)i};
    for (int j = 0; j < SHED_NET_UNITS; j++) {
      in[i].hidden[j] = 0.05f * (float)((i * 7 + j * 3) % 11) - 0.2f;
    }
  }
  for (int j = 0; j < SHED_NET_UNITS; j++) {
    net->bias[j] = 0.02f * (float)j - 0.1f;
    net->out[j]  = j % 2 ? -0.4f : 0.3f;
  }
}

// The definition, in double.
static double
slow(const shed_net *net, const float *x)
{
  double y = (double)net->base;
  for (int i = 0; i < N; i++) {
    y += (double)net->input[i].straight * (double)shed_net_standard(&net->input[i], x[i]);
  }
  for (int j = 0; j < SHED_NET_UNITS; j++) {
    double u = (double)net->bias[j];
    for (int i = 0; i < N; i++) {
      u += (double)net->input[i].hidden[j] * (double)shed_net_standard(&net->input[i], x[i]);
    }
    u = fmin(fmax(u, -3.0), 3.0);
    y += (double)net->out[j] * u * (27.0 + u * u) / (27.0 + 9.0 * u * u);
  }
  return y;
}

static void
answers_as_defined_whether_inputs_come_at_once_or_in_parts(void **state)
{
  (void)state;
  shed_net_input in[N];
  shed_net       net;
  fill(in, &net);
  for (int t = 0; t < 20; t++) {
    float x[N];
    for (int i = 0; i < N; i++) {
      x[i] = 0.3f * (float)((t * 5 + i * 3) % 13) - 1.5f;
    }
    shed_net_sum once, parts;
    shed_net_begin(&net, &once);
    shed_net_add(&net, 0, x, N, &once);
    shed_net_begin(&net, &parts);
    shed_net_add(&net, 0, x, 2, &parts);
    shed_net_add(&net, 2, x + 2, N - 2, &parts);
    CHECK_NEAR((double)shed_net_end(&net, &once), slow(&net, x), 1e-5);
    assert_true(shed_net_end(&net, &once) == shed_net_end(&net, &parts));
  }
}

static void
squash_is_near_tanh_odd_and_never_over_one(void **state)
{
  (void)state;
  for (float x = -10.0f; x <= 10.0f; x += 0.01f) {
    CHECK_NEAR((double)shed_net_squash(x), tanh((double)x), 0.025);
    assert_true(fabsf(shed_net_squash(x)) <= 1.0f);
    assert_true(shed_net_squash(-x) == -shed_net_squash(x));
  }
}

static void
inputs_far_out_are_cut(void **state)
{
  (void)state;
  shed_net_input in = {.mean = 1.0f, .scale = 0.5f};
  CHECK_NEAR((double)shed_net_standard(&in, 3.0f), 1.0, 1e-6);
  CHECK_NEAR((double)shed_net_standard(&in, 1e9f), (double)SHED_NET_CLIP, 1e-6);
  CHECK_NEAR((double)shed_net_standard(&in, -1e9f), (double)-SHED_NET_CLIP, 1e-6);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(answers_as_defined_whether_inputs_come_at_once_or_in_parts),
      cmocka_unit_test(squash_is_near_tanh_odd_and_never_over_one),
      cmocka_unit_test(inputs_far_out_are_cut),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
