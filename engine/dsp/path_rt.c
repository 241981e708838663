#include "engine/dsp/path.h"

#include <math.h>

static const float WITHIN     = 50.0f / 1200.0f; // octaves: candidates that say the same pitch
static const float SHARE_MIN  = 1e-4f;
static const float ODDS_MAX   = 9.0f;
static const float MARGIN_MAX = 20.0f;
// Share of a pitch that goes on although no candidate shows it. From .002 to .02 it makes no difference (the ear's corpus,
// FIT half).
static const float UNSEEN = 0.01f;

// Of each piece of evidence, and the constant; and the confidence at z = KNOT_LOW, KNOT_LOW + KNOT_STEP, ...
#define SHED_CONFIDENCE(...) static const float CONFIDENCE[SHED_PATH_EVIDENCE + 1] = {__VA_ARGS__};
#define SHED_CONFIDENCE_KNOTS(low, step, ...)                                                                \
  static const float KNOT_LOW = (low), KNOT_STEP = (step), KNOT[] = {__VA_ARGS__};
#include "engine/dsp/weights.def"

static const shed_path_frame *
frame_back(const shed_path *p, int back)
{
  return &p->frames[(p->count - 1 - back) % (SHED_PATH_LAG + 1)];
}

static float
clamp01(float x, float least)
{
  return fminf(fmaxf(x, least), 1.0f - least);
}

static void
load(shed_path_frame *f, const shed_cand_set *s, const shed_emission *e, float odds)
{
  f->n        = s->n;
  f->seen     = s->n;
  f->emission = *e;
  f->odds     = odds;
  for (int i = 0; i < s->n; i++) {
    f->f_hz[i]        = s->f_hz[i];
    f->height[i]      = log2f(s->f_hz[i]);
    f->periodicity[i] = s->periodicity[i];
  }
}

static int
cheapest(const shed_path_frame *f, int n)
{
  int best = -1;
  for (int i = 0; i < n; i++) {
    if (best < 0 || f->cost[i] < f->cost[best]) {
      best = i;
    }
  }
  return best;
}

static int
best_end(const shed_path_frame *f)
{
  return cheapest(f, f->n);
}

// The pitch of the best path so far may go on where none of the candidates is near: noise, a neighbour or the next note
// cover it for a moment.
static void
go_on_unseen(shed_path_frame *now, const shed_path_frame *last)
{
  int from = best_end(last);
  int at   = now->n;
  if (from < 0 || at == 0 || at == SHED_CANDS_MAX) {
    return;
  }
  for (int i = 0; i < now->n; i++) {
    if (fabsf(now->height[i] - last->height[from]) <= WITHIN) {
      return;
    }
  }
  now->n                  = at + 1;
  now->f_hz[at]           = last->f_hz[from];
  now->height[at]         = last->height[from];
  now->periodicity[at]    = 0.0f;
  now->emission.pitch[at] = UNSEEN;
}

static float
jump_cost(const shed_path_costs *c, float octaves)
{
  float beyond = fabsf(octaves) - c->free_octaves;
  return beyond > 0.0f ? fminf(c->glide * beyond, c->new_note) : 0.0f;
}

// A frame without candidate breaks the path: whatever comes next starts anew.
static void
step_pitch(const shed_path_costs *costs, shed_path_frame *now, const shed_path_frame *last)
{
  float pv    = 1.0f / (1.0f + expf(-now->odds));
  float least = 1e30f;
  for (int i = 0; i < now->n; i++) {
    float best = 0.0f;
    int   from = -1;
    for (int j = 0; last && j < last->n; j++) {
      float c = last->cost[j] + jump_cost(costs, now->height[i] - last->height[j]);
      if (from < 0 || c < best) {
        best = c;
        from = j;
      }
    }
    float p        = pv * now->emission.pitch[i] + (1.0f - pv) / (float)now->n;
    now->cost[i]   = best - logf(p);
    now->before[i] = from;
    least          = now->cost[i] < least ? now->cost[i] : least;
  }
  for (int i = 0; i < now->n; i++) {
    now->cost[i] -= least; // costs never grow
  }
}

static void
step_voice(const shed_path_costs *costs, shed_path_frame *now, const shed_path_frame *last)
{
  float odds      = now->odds + costs->voice_bias;
  float emit[2]   = {odds > 0.0f ? odds : 0.0f, odds < 0.0f ? -odds : 0.0f};
  float change[2] = {costs->end, costs->begin}; // to silence, to voice
  for (int to = 0; to < 2; to++) {
    float stay            = last ? last->voice_cost[to] : 0.0f;
    float move            = (last ? last->voice_cost[1 - to] : 0.0f) + change[to];
    now->voice_before[to] = stay <= move ? to : 1 - to;
    now->voice_cost[to]   = (stay <= move ? stay : move) + emit[to];
  }
  float least = fminf(now->voice_cost[0], now->voice_cost[1]);
  now->voice_cost[0] -= least;
  now->voice_cost[1] -= least;
}

// The candidate of the frame @p back ago on the best path that ends now in candidate @p at; -1 where it has none.
static int
trace_from(const shed_path *p, int at, int back)
{
  for (int b = 0; b < back; b++) {
    at = at >= 0 ? frame_back(p, b)->before[at] : -1;
    if (at < 0) {
      at = best_end(frame_back(p, b + 1));
    }
  }
  return at;
}

static int
trace_pitch(const shed_path *p, int back)
{
  const shed_path_frame *end = frame_back(p, 0);
  return back == 0 ? cheapest(end, end->seen) : trace_from(p, best_end(end), back);
}

static int
trace_voice(const shed_path *p, int back)
{
  const shed_path_frame *f  = frame_back(p, 0);
  int                    at = f->voice_cost[1] < f->voice_cost[0] ? 1 : 0;
  for (int b = 0; b < back; b++) {
    at = frame_back(p, b)->voice_before[at];
  }
  return at;
}

// What the best path that has another pitch there costs more.
static float
margin(const shed_path *p, int back, int chosen)
{
  const shed_path_frame *end = frame_back(p, 0), *f = frame_back(p, back);
  float                  best = MARGIN_MAX;
  for (int i = 0; i < end->n; i++) {
    int at = trace_from(p, i, back);
    if (at >= 0 && fabsf(f->height[at] - f->height[chosen]) > WITHIN) {
      best = end->cost[i] < best ? end->cost[i] : best;
    }
  }
  return best;
}

static float
share_at(const shed_path_frame *f, float height)
{
  float same = 0.0f;
  for (int i = 0; i < f->n; i++) {
    same += fabsf(f->height[i] - height) <= WITHIN ? f->emission.pitch[i] : 0.0f;
  }
  return same;
}

static float
log_odds_at(const shed_path_frame *f, float height)
{
  float pitch = clamp01(share_at(f, height), SHARE_MIN);
  return logf(pitch / (1.0f - pitch));
}

static void
evidence(const shed_path *p, int back, int chosen, float out[SHED_PATH_EVIDENCE])
{
  const shed_path_frame *f = frame_back(p, back);
  out[0]                   = log_odds_at(f, f->height[chosen]);
  out[1]                   = fminf(fmaxf(f->odds, -ODDS_MAX), ODDS_MAX);
  out[2]                   = margin(p, back, chosen);
  out[3]                   = log_odds_at(frame_back(p, back > 0 ? back - 1 : 0), f->height[chosen]);
}

// Logistic in the evidence, then a monotone line through knots: what says .9 was right nine times in ten where it was
// fitted.
static float
confidence(const float x[SHED_PATH_EVIDENCE])
{
  float z = CONFIDENCE[SHED_PATH_EVIDENCE];
  for (int i = 0; i < SHED_PATH_EVIDENCE; i++) {
    z += CONFIDENCE[i] * x[i];
  }
  enum { KNOTS = (int)SHED_COUNTOF(KNOT) };
  float at   = fminf(fmaxf((z - KNOT_LOW) / KNOT_STEP, 0.0f), (float)KNOTS - 1.001f);
  int   knot = (int)at;
  return KNOT[knot] + (at - (float)knot) * (KNOT[knot + 1] - KNOT[knot]);
}

// The chosen one first, then the most likely ones, in falling order of periodicity.
static void
list_cands(const shed_path_frame *f, int chosen, shed_path_point *out)
{
  bool taken[SHED_CANDS_MAX] = {false};
  int  pick[SHED_PATH_CANDS];
  int  n        = 0;
  taken[chosen] = true;
  pick[n++]     = chosen;
  while (n < SHED_PATH_CANDS && n < f->n) {
    int best = -1;
    for (int i = 0; i < f->n; i++) {
      if (!taken[i] && (best < 0 || f->emission.pitch[i] > f->emission.pitch[best])) {
        best = i;
      }
    }
    taken[best] = true;
    int at      = n++;
    for (; at > 1 && f->periodicity[pick[at - 1]] < f->periodicity[best]; at--) {
      pick[at] = pick[at - 1];
    }
    pick[at] = best;
  }
  out->n = n;
  for (int i = 0; i < n; i++) {
    out->cand[i].f0_hz       = f->f_hz[pick[i]];
    out->cand[i].periodicity = f->periodicity[pick[i]];
    out->cand[i].share       = share_at(f, f->height[pick[i]]);
  }
}

shed_path_costs
shed_path_costs_usual(void)
{
  return (shed_path_costs){.glide        = 15.0f,
                           .free_octaves = 24.0f / 1200.0f,
                           .new_note     = 8.0f,
                           .voice_bias   = -0.5f,
                           .begin        = 3.0f,
                           .end          = 3.0f};
}

void
shed_path_push(shed_path *p, const shed_cand_set *s, const shed_emission *e, float odds)
{
  const shed_path_frame *last = p->count > 0 ? frame_back(p, 0) : NULL;
  shed_path_frame       *now  = &p->frames[p->count % (SHED_PATH_LAG + 1)];
  load(now, s, e, odds);
  if (last) {
    go_on_unseen(now, last);
  }
  step_pitch(&p->costs, now, last);
  step_voice(&p->costs, now, last);
  p->count++;
}

bool
shed_path_evidence(const shed_path *p, int back, float out[SHED_PATH_EVIDENCE])
{
  int chosen = trace_pitch(p, back);
  if (chosen >= 0) {
    evidence(p, back, chosen, out);
  }
  return chosen >= 0;
}

void
shed_path_describe(const shed_path *p, int back, shed_path_point *out)
{
  const shed_path_frame *f      = frame_back(p, back);
  int                    chosen = trace_pitch(p, back);
  *out                          = (shed_path_point){.n = 0};
  if (chosen < 0) {
    return;
  }
  float x[SHED_PATH_EVIDENCE];
  evidence(p, back, chosen, x);
  out->f0_hz      = f->f_hz[chosen];
  out->confidence = confidence(x);
  out->voiced     = trace_voice(p, back) == 1;
  list_cands(f, chosen, out);
}
