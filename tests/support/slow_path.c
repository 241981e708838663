#include "tests/support/slow_path.h"

#include <math.h>

static double
jump(const slow_path *w, double a_hz, double b_hz)
{
  double beyond = fabs(log2(a_hz / b_hz)) - (double)w->costs.free_octaves;
  return beyond > 0.0 ? fmin((double)w->costs.glide * beyond, (double)w->costs.new_note) : 0.0;
}

static void
extend_pitch(slow_path *w, int t)
{
  const slow_path_frame *now = &w->frames[t];
  double                 pv  = 1.0 / (1.0 + exp(-now->odds));
  for (int i = 0; i < now->n; i++) {
    slow_path_best *b = &w->best[t];
    b->cost[i]        = 0.0; // without a frame before, or without its candidates, a path begins
    b->from[i]        = -1;
    for (int j = 0; t > 0 && j < w->frames[t - 1].n; j++) {
      double c = w->best[t - 1].cost[j] + jump(w, now->f_hz[i], w->frames[t - 1].f_hz[j]);
      if (b->from[i] < 0 || c < b->cost[i]) {
        b->cost[i] = c;
        b->from[i] = j;
      }
    }
    b->cost[i] -= log(pv * now->pitch[i] + (1.0 - pv) / now->n);
  }
}

static void
extend_voice(slow_path *w, int t)
{
  double odds      = w->frames[t].odds + (double)w->costs.voice_bias;
  double change[2] = {(double)w->costs.end, (double)w->costs.begin};
  for (int to = 0; to < 2; to++) {
    double stay               = t > 0 ? w->best[t - 1].voice[to] : 0.0;
    double move               = (t > 0 ? w->best[t - 1].voice[1 - to] : 0.0) + change[to];
    w->best[t].voice_from[to] = stay <= move ? to : 1 - to;
    w->best[t].voice[to]      = fmin(stay, move) + (to == 0 ? fmax(odds, 0.0) : fmax(-odds, 0.0));
  }
}

static int
cheapest(const slow_path *w, int t, int n)
{
  int best = -1;
  for (int i = 0; i < n; i++) {
    best = best < 0 || w->best[t].cost[i] < w->best[t].cost[best] ? i : best;
  }
  return best;
}

int
slow_path_cheapest(const slow_path *w, int t)
{
  return cheapest(w, t, w->frames[t].n);
}

int
slow_path_trace(const slow_path *w, int t, int at, int back)
{
  for (int b = 0; b < back; b++) {
    at = at >= 0 ? w->best[t - b].from[at] : -1;
    at = at >= 0 ? at : slow_path_cheapest(w, t - b - 1);
  }
  return at;
}

int
slow_path_told(const slow_path *w, int t, int back)
{
  return back == 0 ? cheapest(w, t, w->frames[t].seen)
                   : slow_path_trace(w, t, slow_path_cheapest(w, t), back);
}

bool
slow_path_voiced(const slow_path *w, int t, int back)
{
  int at = w->best[t].voice[1] < w->best[t].voice[0] ? 1 : 0;
  for (int b = 0; b < back; b++) {
    at = w->best[t - b].voice_from[at];
  }
  return at == 1;
}

// The last frame's best end is a candidate with a share of a hundredth where there are others and none within 50 cents.
static void
go_on_unseen(slow_path *w, int t)
{
  slow_path_frame *now  = &w->frames[t];
  int              from = t > 0 ? slow_path_cheapest(w, t - 1) : -1;
  bool             seen = now->n == 0 || now->n == SHED_CANDS_MAX;
  for (int i = 0; i < now->n && from >= 0; i++) {
    seen |= fabs(log2(now->f_hz[i] / w->frames[t - 1].f_hz[from])) <= 50.0 / 1200.0;
  }
  if (from >= 0 && !seen) {
    now->f_hz[now->n]    = w->frames[t - 1].f_hz[from];
    now->pitch[now->n++] = 0.01;
  }
}

void
slow_path_push(slow_path *w, int t, const shed_cand_set *set, const shed_emission *e, float odds)
{
  w->frames[t] = (slow_path_frame){.n = set->n, .seen = set->n, .odds = (double)odds};
  for (int i = 0; i < set->n; i++) {
    w->frames[t].f_hz[i]  = (double)set->f_hz[i];
    w->frames[t].pitch[i] = (double)e->pitch[i];
  }
  go_on_unseen(w, t);
  extend_pitch(w, t);
  extend_voice(w, t);
}
