// About this file: samples in, samples out. With a table the sums of libsamplerate are done here, bit for bit and at a fifth of the time; without one
// src_process() works on memory made in src_new(), and neither allocates nor locks (libsamplerate 0.2).
#include "engine/dsp/resample_internal.h"

#include <math.h>

#include <string.h>

void
shed_resample_push(shed_resample *r, const float *x)
{
  SHED_ASSERT(r->at == r->n);
  memcpy(r->block, x, sizeof(r->block));
  r->at = 0;
  r->n  = SHED_RESAMPLE_BLOCK;
}

void
shed_resample_end(shed_resample *r, const float *x, int n)
{
  SHED_ASSERT(r->at == r->n && n >= 0 && n <= SHED_RESAMPLE_BLOCK);
  memcpy(r->block, x, (size_t)n * sizeof(float));
  r->at     = 0;
  r->n      = n;
  r->ending = 1;
}

// -- with a table ------------------------------------------------------------------------------------------------------

static double
value_at(const float *filter, int place)
{
  const int i = place >> RESAMPLE_BITS;
  return (double)filter[i] +
         (place & (RESAMPLE_ONE - 1)) * (1.0 / RESAMPLE_ONE) * (double)(filter[i + 1] - filter[i]);
}

// Places that round up to the next sample have one weight more, on that sample.
static int
taps_at(const resample_table *t, int start)
{
  return start < t->increment ? t->taps : t->taps + 1;
}

// What does not reach so far weighs nothing: adding it to the nothing before changes no bit.
void
resample_weights(const resample_table *t, int start, double *pairs)
{
  const int most = RESAMPLE_FILTER << RESAMPLE_BITS;
  for (int k = 0; k < taps_at(t, start); k++) {
    const int before = start + (t->taps - 1 - k) * t->increment;
    const int behind = (t->taps - k) * t->increment - start;
    pairs[2 * k]     = before <= most ? value_at(t->filter, before) : 0;
    pairs[2 * k + 1] = behind <= most && behind > 0 ? value_at(t->filter, behind) : 0;
  }
}

typedef double two __attribute__((vector_size(16)));

// One output: what stands up to it and what stands behind it, each from the farthest on.
typedef struct {
  const double *pairs, *before, *behind;
  int           n;
} place_of;

// A sum waits for each of its additions, so that four are done at once; each keeps its own order.
enum { AT_ONCE = 4 };

static inline two
weighed(const place_of *p, int k)
{
  two w;
  memcpy(&w, p->pairs + 2 * k, sizeof(w));
  return w * (two){p->before[k], p->behind[-k]};
}

static float
sum_of(const resample_table *t, const place_of *p)
{
  two sum = {0, 0};
  for (int k = 0; k < p->n; k++) {
    sum += weighed(p, k);
  }
  return (float)(t->scale * (sum[0] + sum[1]));
}

static void
sums_of(const resample_table *t, const place_of p[AT_ONCE], float *out)
{
  two a = {0, 0}, b = {0, 0}, c = {0, 0}, d = {0, 0};
  for (int k = 0; k < t->taps; k++) {
    a += weighed(&p[0], k);
    b += weighed(&p[1], k);
    c += weighed(&p[2], k);
    d += weighed(&p[3], k);
  }
  out[0] = (float)(t->scale * (a[0] + a[1]));
  out[1] = (float)(t->scale * (b[0] + b[1]));
  out[2] = (float)(t->scale * (c[0] + c[1]));
  out[3] = (float)(t->scale * (d[0] + d[1]));
}

// The next output's samples to the front: `half` before it are kept.
static void
move_down(shed_resample *r)
{
  const int half = r->table->half, hand = r->end - r->now;
  memmove(r->input, r->input + r->now - half, (size_t)(half + hand) * sizeof(*r->input));
  r->now = half;
  r->end = half + hand;
}

// As much of the block as libsamplerate would take now, and the silence behind the end.
static void
load(shed_resample *r)
{
  const int half = r->table->half, hand = r->end - r->now;
  if (r->real_end >= 0) {
    return;
  }
  move_down(r);
  if (r->window == 0 || r->window + hand + half + 1 >= RESAMPLE_WINDOW) {
    r->window = half;
  }
  for (int room = RESAMPLE_WINDOW - r->window - half; room > 0 && r->at < r->n; room--) {
    r->input[r->end++] = (double)r->block[r->at++];
  }
  const int now_in_hand = r->end - r->now;
  if (r->ending && r->at == r->n && now_in_hand < 2 * half) {
    if (RESAMPLE_WINDOW - r->window - now_in_hand < half + RESAMPLE_BEHIND) {
      r->window = half;
    }
    r->real_end = r->window + now_in_hand;
    memset(r->input + r->end, 0, (size_t)(half + RESAMPLE_BEHIND) * sizeof(*r->input));
    r->end += half + RESAMPLE_BEHIND;
  }
}

static int
start_of(const shed_resample *r)
{
  return (int)lrint(r->place * r->table->step * RESAMPLE_ONE);
}

static place_of
next_place(const shed_resample *r, const double *pairs, int start)
{
  const resample_table *t  = r->table;
  const double         *at = r->input + r->now;
  return (place_of){pairs, at - (t->taps - 1), at + t->taps, taps_at(t, start)};
}

static void
go_on(shed_resample *r)
{
  r->place += 1.0 / r->ratio;
  double rest  = r->place - (double)lrint(r->place);
  rest         = rest < 0 ? rest + 1.0 : rest;
  const int by = (int)lrint(r->place - rest);
  r->now += by;
  r->window += by;
  r->place = rest;
  r->turn  = r->turn + 1 < r->table->cycle ? r->turn + 1 : 0;
}

// Is there another output?
static bool
is_next(shed_resample *r, double step)
{
  if (r->end - r->now <= r->table->half) {
    return false;
  }
  return r->real_end < 0 || r->window + r->place + step <= r->real_end;
}

// The outputs that what is loaded is enough for. @return how many, at most.
static int
from_loaded(shed_resample *r, float *out, int most)
{
  const resample_table *t    = r->table;
  const double          step = 1.0 / r->ratio + 1e-20;
  place_of              p[AT_ONCE];
  int                   n = 0, waits = 0;
  while (n + waits < most && is_next(r, step)) {
    const int             start = start_of(r);
    const resample_phase *f     = &t->phase[r->turn];
    if (f->start == start && start < t->increment) {
      p[waits++] = next_place(r, f->pairs, start);
      if (waits == AT_ONCE) {
        sums_of(t, p, out + n);
        n += AT_ONCE;
        waits = 0;
      }
    } else { // an hour of roundings has moved the place
      double         by_hand[2 * (RESAMPLE_TAPS + 1)];
      const place_of here = next_place(r, by_hand, start);
      resample_weights(t, start, by_hand);
      for (int i = 0; i < waits; i++) {
        out[n++] = sum_of(t, &p[i]);
      }
      waits    = 0;
      out[n++] = sum_of(t, &here);
    }
    go_on(r);
  }
  for (int i = 0; i < waits; i++) {
    out[n++] = sum_of(t, &p[i]);
  }
  return n;
}

static int
read_by_table(shed_resample *r, float *out)
{
  int n = 0, more = 1;
  while (n < SHED_RESAMPLE_OUT_MAX && more > 0) {
    if (r->end - r->now <= r->table->half) {
      load(r);
    }
    more = from_loaded(r, out + n, SHED_RESAMPLE_OUT_MAX - n);
    n += more;
  }
  return n;
}

int
shed_resample_read(shed_resample *r, float *out)
{
  if (r->table) {
    return read_by_table(r, out);
  }
  if (!r->state) {
    int n = r->n - r->at;
    memcpy(out, r->block + r->at, (size_t)n * sizeof(float));
    r->at = r->n;
    return n;
  }
  SRC_DATA data = {.data_in       = r->block + r->at,
                   .input_frames  = r->n - r->at,
                   .data_out      = out,
                   .output_frames = SHED_RESAMPLE_OUT_MAX,
                   .src_ratio     = r->ratio,
                   .end_of_input  = r->ending};
  if ((data.input_frames == 0 && !r->ending) || src_process(r->state, &data) != 0) {
    r->at = r->n;
    return 0;
  }
  r->at += (int)data.input_frames_used;
  return (int)data.output_frames_gen;
}
