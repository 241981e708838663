// The nets against their formula written out in double: y = base + sum straight x + sum out squash(bias + sum hidden x), with
// the weights that the ear has, over random features; and the soft maximum of the choice made of them.
#include "engine/dsp/net.h"

#include "engine/base/rng.h"
#include "engine/dsp/emission.h"
#include "engine/dsp/voicing.h"
#include "tests/support/check.h"

enum { CASES = 3000 };
// Single precision over fifty inputs of up to six standard deviations.
static const double TOLERANCE = 2e-4;

static double
squash(double x)
{
  double y = fmin(fmax(x, -3.0), 3.0);
  return y * (27.0 + y * y) / (27.0 + 9.0 * y * y);
}

static double
plain(const shed_net *net, const float *x, int n)
{
  double y = (double)net->base;
  for (int j = 0; j < SHED_NET_UNITS; j++) {
    double unit = (double)net->bias[j];
    for (int i = 0; i < n; i++) {
      const shed_net_input *in = &net->input[i];
      double                v  = ((double)x[i] - (double)in->mean) * (double)in->scale;
      v                        = fmin(fmax(v, (double)-SHED_NET_CLIP), (double)SHED_NET_CLIP);
      unit += (double)in->hidden[j] * v;
      y += j == 0 ? (double)in->straight * v : 0.0;
    }
    y += (double)net->out[j] * squash(unit);
  }
  return y;
}

// Mostly in the range that features have, now and then far out.
static void
fill(shed_rng *rng, const shed_net *net, float *x, int n)
{
  double wide = shed_rng_below(rng, 10) == 0 ? 30.0 : 1.0;
  for (int i = 0; i < n; i++) {
    double scale = (double)net->input[i].scale;
    x[i] = (float)((double)net->input[i].mean + wide * shed_rng_normal(rng) / (scale != 0.0 ? scale : 1.0));
  }
}

static void
a_net_is_its_formula(void **state)
{
  (void)state;
  shed_net    nets[]   = {shed_emission_net(), shed_voicing_net()};
  int         inputs[] = {SHED_EMISSION_INPUTS, SHED_VOICING_INPUTS};
  const char *name[]   = {"choice", "voicing"};
  shed_rng    rng;
  shed_rng_seed(&rng, 61, 61);
  for (int k = 0; k < 2; k++) {
    double worst = 0.0;
    for (int c = 0; c < CASES; c++) {
      float        x[SHED_EMISSION_INPUTS + SHED_VOICING_INPUTS];
      shed_net_sum sum;
      int          cut = shed_rng_between(&rng, 0, inputs[k]); // in two parts, as the ear adds them
      fill(&rng, &nets[k], x, inputs[k]);
      shed_net_begin(&nets[k], &sum);
      shed_net_add(&nets[k], 0, x, cut, &sum);
      shed_net_add(&nets[k], cut, x + cut, inputs[k] - cut, &sum);
      double want = plain(&nets[k], x, inputs[k]);
      worst       = fmax(worst, fabs((double)shed_net_end(&nets[k], &sum) - want) / (1.0 + fabs(want)));
    }
    print_message("%s: %d inputs, worst difference %.1e of 1 + |y|\n", name[k], inputs[k], worst);
    CHECK_LT(worst, TOLERANCE);
  }
}

static void
the_choice_is_the_plain_soft_maximum(void **state)
{
  (void)state;
  shed_net net   = shed_emission_net();
  double   worst = 0.0;
  shed_rng rng;
  shed_rng_seed(&rng, 62, 62);
  for (int c = 0; c < CASES; c++) {
    shed_cand_set s;
    shed_emission got;
    float         x[SHED_EMISSION_INPUTS];
    double        y[SHED_CANDS_MAX], sum = 0.0, top = -1e300, all = 0.0;
    memset(&s, 0, sizeof(s));
    s.n = shed_rng_between(&rng, 0, SHED_CANDS_MAX);
    fill(&rng, &net, x, SHED_EMISSION_INPUTS);
    memcpy(s.frame, x, sizeof(s.frame));
    for (int i = 0; i < s.n; i++) {
      fill(&rng, &net, x, SHED_EMISSION_INPUTS);
      memcpy(x, s.frame, sizeof(s.frame));
      memcpy(s.cand[i], x + SHED_FRAME_FEATURES, sizeof(s.cand[i]));
      s.f_hz[i] = 100.0f * (float)(i + 1);
      y[i]      = plain(&net, x, SHED_EMISSION_INPUTS);
      top       = fmax(top, y[i]);
    }
    shed_emission_run(&net, &s, &got);
    for (int i = 0; i < s.n; i++) {
      y[i] = exp(y[i] - top) + 1e-6; // no candidate is out of the question
      sum += y[i];
    }
    for (int i = 0; i < s.n; i++) {
      worst = fmax(worst, fabs((double)got.pitch[i] - y[i] / sum));
      all += (double)got.pitch[i];
    }
    assert_int_equal(got.best < 0, s.n == 0);
    if (s.n > 0) {
      CHECK_NEAR(all, 1.0, 1e-5);
      CHECK_NEAR((double)got.pitch[got.best], 1.0 / (sum / (1.0 + 1e-6)), 0.02);
    }
  }
  print_message("choice: worst difference of a share %.1e\n", worst);
  CHECK_LT(worst, 1e-3); // a logit of a hundred is known to 1e-5, a share to a little more
}

static void
squash_is_near_tanh_and_never_beyond_one(void **state)
{
  (void)state;
  double worst = 0.0;
  for (int i = -2000; i <= 2000; i++) {
    double x = 0.005 * i;
    double y = (double)shed_net_squash((float)x);
    assert_true(fabs(y) <= 1.0 + 1e-6);
    worst = fmax(worst, fabs(y - tanh(x)));
  }
  print_message("from tanh: %.3f at most\n", worst);
  CHECK_LT(worst, 0.03);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_net_is_its_formula),
      cmocka_unit_test(the_choice_is_the_plain_soft_maximum),
      cmocka_unit_test(squash_is_near_tanh_and_never_beyond_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
