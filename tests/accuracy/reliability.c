#include "tests/accuracy/reliability.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { BAR = 40, NEWTON_STEPS = 40 };

static const double EDGE = 1e-3; // log-odds of 0 and 1 are taken here

typedef struct {
  double said, right;
  long   n;
} step;

void
reliability_add(reliability *r, double said, bool right)
{
  if (r->n == r->cap) {
    r->cap    = r->cap > 0 ? 2 * r->cap : 256;
    double *s = realloc(r->said, (size_t)r->cap * sizeof(*s));
    bool   *t = realloc(r->right, (size_t)r->cap * sizeof(*t));
    if (!s || !t) {
      abort();
    }
    r->said  = s;
    r->right = t;
  }
  r->said[r->n]    = said;
  r->right[r->n++] = right;
}

void
reliability_free(reliability *r)
{
  free(r->said);
  free(r->right);
  *r = (reliability){0};
}

static void
sort_into(const reliability *r, step to[RELIABILITY_STEPS])
{
  for (int i = 0; i < r->n; i++) {
    int k = (int)(r->said[i] * RELIABILITY_STEPS);
    k     = k < 0 ? 0 : k >= RELIABILITY_STEPS ? RELIABILITY_STEPS - 1 : k;
    to[k].n++;
    to[k].said += r->said[i];
    to[k].right += r->right[i];
  }
}

double
reliability_error(const reliability *r)
{
  step   steps[RELIABILITY_STEPS] = {{0}};
  double off                      = 0;
  sort_into(r, steps);
  for (int k = 0; k < RELIABILITY_STEPS; k++) {
    off += fabs(steps[k].said - steps[k].right);
  }
  return r->n > 0 ? off / r->n : (double)NAN;
}

void
reliability_print(const reliability *r, const char *what)
{
  step steps[RELIABILITY_STEPS] = {{0}};
  sort_into(r, steps);
  printf("\n%s: calibration error %.3f of %d (| where it would stand if it were right as often as it says)\n",
         what, reliability_error(r), r->n);
  for (int k = 0; k < RELIABILITY_STEPS; k++) {
    if (steps[k].n == 0) {
      continue;
    }
    double said = steps[k].said / (double)steps[k].n, right = steps[k].right / (double)steps[k].n;
    char   bar[BAR + 2];
    for (int i = 0; i <= BAR; i++) {
      bar[i] = i == (int)lrint(said * BAR) ? '|' : i < right * BAR ? '#' : ' ';
    }
    bar[BAR + 1] = '\0';
    printf("  says %.2f  right %.2f  %s %6ld\n", said, right, bar, steps[k].n);
  }
}

static double
log_odds(double p)
{
  p = fmin(fmax(p, EDGE), 1 - EDGE);
  return log(p / (1 - p));
}

void
reliability_mend(const reliability *r, double *a, double *b)
{
  *a = 1;
  *b = 0;
  for (int s = 0; s < NEWTON_STEPS; s++) {
    // gradient and curvature of the log-likelihood, with a slight pull towards no change
    double g0 = 1 - *a, g1 = -*b, h00 = 1, h01 = 0, h11 = 1;
    for (int i = 0; i < r->n; i++) {
      double x = log_odds(r->said[i]);
      double p = 1 / (1 + exp(-(*a * x + *b)));
      double d = (r->right[i] ? 1 : 0) - p, w = p * (1 - p);
      g0 += d * x;
      g1 += d;
      h00 += w * x * x;
      h01 += w * x;
      h11 += w;
    }
    double det = h00 * h11 - h01 * h01;
    *a += (h11 * g0 - h01 * g1) / det;
    *b += (h00 * g1 - h01 * g0) / det;
  }
}

reliability
reliability_mended(const reliability *r, double a, double b)
{
  reliability out = {0};
  for (int i = 0; i < r->n; i++) {
    reliability_add(&out, 1 / (1 + exp(-(a * log_odds(r->said[i]) + b))), r->right[i]);
  }
  return out;
}
