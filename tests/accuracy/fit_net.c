#include "tests/accuracy/fit_net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  U    = SHED_NET_UNITS,
  ROW  = U + 1,
  TAIL = 1 + 2 * U
}; // straight and hidden of an input; base, bias, out

static const float SURE = 3e-4f; // an answer whose gradient is less has nothing to teach

// Weights and gradients lie as rows of (straight, hidden) of each input, then base, bias, out.
static size_t
count_of(const fit_net *f)
{
  return (size_t)(f->n_shared + f->n_own) * ROW + TAIL;
}

void
fit_net_init(fit_net *f, int n_shared, int n_own, bool single, uint64_t seed)
{
  shed_rng r;
  shed_rng_seed(&r, seed, 5);
  *f         = (fit_net){.n_shared = n_shared, .n_own = n_own, .single = single};
  int n      = n_shared + n_own;
  f->input   = calloc((size_t)n, sizeof(*f->input));
  f->m1      = calloc(count_of(f), sizeof(float));
  f->m2      = calloc(count_of(f), sizeof(float));
  f->grad    = calloc(count_of(f), sizeof(float));
  f->settled = calloc(count_of(f), sizeof(float));
  double sd  = 1 / sqrt(n);
  for (int i = 0; i < n; i++) {
    f->input[i].scale = 1;
    for (int j = 0; j < U; j++) {
      f->input[i].hidden[j] = (float)(sd * shed_rng_normal(&r));
    }
  }
  for (int j = 0; j < U; j++) {
    f->net.out[j] = (float)(0.3 * shed_rng_normal(&r));
  }
  f->net.input = f->input;
}

void
fit_net_free(fit_net *f)
{
  free(f->input);
  free(f->m1);
  free(f->m2);
  free(f->grad);
  free(f->settled);
}

void
fit_net_standardise(fit_net *f, const fit_case *cases, int n)
{
  int     all = f->n_shared + f->n_own;
  double *sum = calloc((size_t)all * 2, sizeof(double)), count[2] = {0};
  for (int c = 0; c < n; c++) {
    const fit_case *k = &cases[c];
    for (int a = 0; a < k->n; a++) {
      for (int i = a > 0 ? f->n_shared : 0; i < all; i++) {
        double x = (double)(i < f->n_shared ? k->shared[i] : k->own[a * k->row_stride + i - f->n_shared]);
        sum[2 * i] += x;
        sum[2 * i + 1] += x * x;
      }
    }
    count[0] += k->n > 0;
    count[1] += k->n;
  }
  for (int i = 0; i < all; i++) {
    double m = count[i >= f->n_shared], mean = sum[2 * i] / m;
    double sd         = sqrt(fmax(sum[2 * i + 1] / m - mean * mean, 1e-6));
    f->input[i].mean  = (float)mean;
    f->input[i].scale = (float)(1 / sd);
  }
  free(sum);
}

static void
add(const fit_net *f, int first, const float *x, int n, float *straight, float unit[U], float *standard)
{
  float sum[U], line = *straight; // of its own, so that it stays in registers
  memcpy(sum, unit, sizeof(sum));
  for (int i = 0; i < n; i++) {
    standard[i] = shed_net_standard(&f->input[first + i], x[i]);
  }
  for (int i = 0; i < n; i++) {
    const shed_net_input *in = &f->input[first + i];
    const float           v  = standard[i];
    line += v * in->straight;
    for (int j = 0; j < U; j++) {
      sum[j] += v * in->hidden[j];
    }
  }
  *straight = line;
  memcpy(unit, sum, sizeof(sum));
}

typedef struct {
  float shared[FIT_INPUTS_MAX], own[FIT_ANSWERS_MAX][FIT_INPUTS_MAX]; // standardised
  float unit[FIT_ANSWERS_MAX][U];
  float y[FIT_ANSWERS_MAX];
} pass;

static void
forward(const fit_net *f, const fit_case *c, pass *p)
{
  float straight = f->net.base, unit[U];
  memcpy(unit, f->net.bias, sizeof(unit));
  add(f, 0, c->shared, f->n_shared, &straight, unit, p->shared);
  for (int a = 0; a < c->n; a++) {
    float y = straight;
    memcpy(p->unit[a], unit, sizeof(unit));
    add(f, f->n_shared, c->own + a * c->row_stride, f->n_own, &y, p->unit[a], p->own[a]);
    for (int j = 0; j < U; j++) {
      y += f->net.out[j] * shed_net_squash(p->unit[a][j]);
    }
    p->y[a] = y;
  }
}

void
fit_net_answer(const fit_net *f, const fit_case *c, float y[FIT_ANSWERS_MAX])
{
  pass p;
  forward(f, c, &p);
  memcpy(y, p.y, (size_t)c->n * sizeof(float));
}

static float
squash_slope(float x)
{
  if (fabsf(x) >= 3) {
    return 0;
  }
  float q = x * x, d = 27 + 9 * q;
  return ((27 + 3 * q) * d - (27 + q) * 18 * q) / (d * d);
}

// d loss / d y of each answer. @return the loss.
static double
outer(const fit_net *f, const fit_case *c, const pass *p, float g[FIT_ANSWERS_MAX])
{
  if (f->single) {
    double z = (double)p->y[0], q = 1 / (1 + exp(-z));
    g[0] = (float)((q - c->right) * (double)c->weight);
    return -log(fmax(c->right ? q : 1 - q, 1e-12)) * (double)c->weight;
  }
  double best = -1e30, sum = 0, e[FIT_ANSWERS_MAX] = {0};
  for (int a = 0; a < c->n; a++) {
    best = fmax(best, (double)p->y[a]);
  }
  for (int a = 0; a < c->n; a++) {
    e[a] = exp((double)p->y[a] - best);
    sum += e[a];
  }
  double loss = 0;
  for (int a = 0; a < c->n; a++) {
    double right = c->share ? (double)c->share[a] : a == c->right;
    g[a]         = (float)((e[a] / sum - right) * (double)c->weight);
    loss -= right > 0 ? right * log(fmax(e[a] / sum, 1e-12)) * (double)c->weight : 0;
  }
  return loss;
}

static double
backward(fit_net *f, const fit_case *c)
{
  pass   p;
  float  g[FIT_ANSWERS_MAX] = {0}, shared_unit[U] = {0}, shared_straight = 0;
  float *tail = f->grad + (size_t)(f->n_shared + f->n_own) * ROW;
  forward(f, c, &p);
  double loss = outer(f, c, &p, g);
  for (int a = 0; a < c->n; a++) {
    if (fabsf(g[a]) < SURE) {
      continue;
    }
    float d[U];
    for (int j = 0; j < U; j++) {
      tail[1 + U + j] += g[a] * shed_net_squash(p.unit[a][j]);
      d[j] = g[a] * f->net.out[j] * squash_slope(p.unit[a][j]);
      shared_unit[j] += d[j];
    }
    shared_straight += g[a];
    for (int i = 0; i < f->n_own; i++) {
      float *row = f->grad + (size_t)(f->n_shared + i) * ROW;
      float  v   = p.own[a][i];
      row[0] += g[a] * v;
      for (int j = 0; j < U; j++) {
        row[1 + j] += d[j] * v;
      }
    }
  }
  tail[0] += shared_straight;
  for (int j = 0; j < U; j++) {
    tail[1 + j] += shared_unit[j];
  }
  for (int i = 0; i < f->n_shared; i++) {
    float *row = f->grad + (size_t)i * ROW;
    row[0] += shared_straight * p.shared[i];
    for (int j = 0; j < U; j++) {
      row[1 + j] += shared_unit[j] * p.shared[i];
    }
  }
  return loss;
}

static float *
weight_at(fit_net *f, size_t k)
{
  size_t rows = (size_t)(f->n_shared + f->n_own) * ROW;
  if (k < rows) {
    return k % ROW == 0 ? &f->input[k / ROW].straight : &f->input[k / ROW].hidden[k % ROW - 1];
  }
  k -= rows;
  return k == 0 ? &f->net.base : k <= U ? &f->net.bias[k - 1] : &f->net.out[k - 1 - U];
}

static void
step(fit_net *f, double rate)
{
  f->steps++;
  float c1 = (float)(rate / (1 - pow(0.9, (double)f->steps)));
  float c2 = (float)(1 / (1 - pow(0.999, (double)f->steps)));
  for (size_t k = 0; k < count_of(f); k++) {
    float *w = weight_at(f, k);
    float  g = f->grad[k] / (float)f->batch;
    f->m1[k] = 0.9f * f->m1[k] + 0.1f * g;
    f->m2[k] = 0.999f * f->m2[k] + 0.001f * g * g;
    *w -= c1 * f->m1[k] / (sqrtf(f->m2[k] * c2) + 1e-7f) + (float)(rate * f->decay) * *w;
    f->grad[k] = 0;
    f->settled[k] += (float)f->settle * (*w - f->settled[k]);
  }
}

void
fit_net_settle(fit_net *f)
{
  for (size_t k = 0; k < count_of(f); k++) {
    *weight_at(f, k) = f->settled[k];
  }
}

double
fit_net_epoch(fit_net *f, const fit_case *cases, int n, shed_rng *r, double rate)
{
  double loss = 0;
  for (int i = 0; i < n; i++) {
    loss += backward(f, &cases[shed_rng_below(r, (uint32_t)n)]);
    if (i % f->batch == f->batch - 1) {
      step(f, rate);
    }
  }
  return loss / n;
}
