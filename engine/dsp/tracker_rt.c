// About this file: the two paths (pitch, voicing) with fixed lag, and the settled point.
#include "engine/dsp/refine.h"
#include "engine/dsp/tracker_internal.h"

#include <math.h>

enum { RATE_HZ = 44100, HOP = 441 };
// Costs in nats. Hand-set near a flat optimum found on generated material.
static const float GLIDE_COST    = 15.0f;           // an octave
static const float FREE_OCTAVES  = 24.0f / 1200.0f; // a frame: a fast vibrato or portamento
static const float NEW_NOTE_COST = 8.0f;            // caps a jump
static const float VOICE_BIAS    = -1.5f;           // added to the log odds of voice
static const float SWITCH_COST   = 3.0f;
static const float VOICED_MIN    = 1e-6f;
static const float WITHIN        = 50.0f / 1200.0f; // octaves: candidates that say the same pitch
// Confidence: logistic in the log odds of the pitch and of voice; set so that on generated phrases (accuracy_ear) what
// says .9 is right about nine times in ten.
static const float CONFIDENCE_BASE  = -0.075f;
static const float CONFIDENCE_PITCH = 0.68f;
static const float CONFIDENCE_VOICE = 0.255f;

static path_frame *
frame_back(shed_tracker *p, int back)
{
  return &p->frames[(p->count - 1 - back) % (SHED_TRACKER_LAG + 1)];
}

static float
clamp01(float x, float least)
{
  return fminf(fmaxf(x, least), 1.0f - least);
}

static void
load(path_frame *f, const shed_cand_set *s)
{
  f->n = s->n;
  shed_emission_run(s, &f->emission);
  for (int i = 0; i < s->n; i++) {
    f->f_hz[i]        = s->f_hz[i];
    f->height[i]      = log2f(s->f_hz[i]);
    f->periodicity[i] = s->periodicity[i];
  }
}

static float
jump_cost(float octaves)
{
  float beyond = fabsf(octaves) - FREE_OCTAVES;
  return beyond > 0.0f ? fminf(GLIDE_COST * beyond, NEW_NOTE_COST) : 0.0f;
}

// A frame without candidate breaks the path: whatever comes next starts anew.
static void
step_pitch(path_frame *now, const path_frame *last)
{
  float pv    = now->emission.voiced;
  float least = 1e30f;
  for (int i = 0; i < now->n; i++) {
    float best = 0.0f;
    int   from = -1;
    for (int j = 0; last && j < last->n; j++) {
      float c = last->cost[j] + jump_cost(now->height[i] - last->height[j]);
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
step_voice(path_frame *now, const path_frame *last)
{
  float pv      = clamp01(now->emission.voiced, VOICED_MIN);
  float odds    = logf(pv / (1.0f - pv)) + VOICE_BIAS;
  float emit[2] = {odds > 0.0f ? odds : 0.0f, odds < 0.0f ? -odds : 0.0f};
  for (int to = 0; to < 2; to++) {
    float stay            = last ? last->voice_cost[to] : 0.0f;
    float move            = last ? last->voice_cost[1 - to] + SWITCH_COST : SWITCH_COST;
    now->voice_before[to] = stay <= move ? to : 1 - to;
    now->voice_cost[to]   = (stay <= move ? stay : move) + emit[to];
  }
  float least = fminf(now->voice_cost[0], now->voice_cost[1]);
  now->voice_cost[0] -= least;
  now->voice_cost[1] -= least;
}

static int
best_end(const path_frame *f)
{
  int best = -1;
  for (int i = 0; i < f->n; i++) {
    if (best < 0 || f->cost[i] < f->cost[best]) {
      best = i;
    }
  }
  return best;
}

// The candidate of the frame @p back ago on the best path that ends now; -1 where it has none.
static int
trace_pitch(shed_tracker *p, int back)
{
  int at = best_end(frame_back(p, 0));
  for (int b = 0; b < back; b++) {
    at = at >= 0 ? frame_back(p, b)->before[at] : -1;
    if (at < 0) {
      at = best_end(frame_back(p, b + 1));
    }
  }
  return at;
}

static int
trace_voice(shed_tracker *p, int back)
{
  const path_frame *f  = frame_back(p, 0);
  int               at = f->voice_cost[1] < f->voice_cost[0] ? 1 : 0;
  for (int b = 0; b < back; b++) {
    at = frame_back(p, b)->voice_before[at];
  }
  return at;
}

static float
confidence(const path_frame *f, int chosen)
{
  float same = 0.0f;
  for (int i = 0; i < f->n; i++) {
    same += fabsf(f->height[i] - f->height[chosen]) <= WITHIN ? f->emission.pitch[i] : 0.0f;
  }
  float pitch = clamp01(same, 1e-4f);
  float voice = clamp01(f->emission.voiced, 1e-4f);
  float z     = CONFIDENCE_BASE + CONFIDENCE_PITCH * logf(pitch / (1.0f - pitch)) +
            CONFIDENCE_VOICE * logf(voice / (1.0f - voice));
  return 1.0f / (1.0f + expf(-z));
}

// The chosen one first, then the most likely ones, in falling order of periodicity.
static void
list_cands(const path_frame *f, int chosen, shed_tracker_point *out)
{
  bool taken[SHED_CANDS_MAX] = {false};
  int  pick[SHED_TRACKER_CANDS];
  int  n        = 0;
  taken[chosen] = true;
  pick[n++]     = chosen;
  while (n < SHED_TRACKER_CANDS && n < f->n) {
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
  }
}

static void
describe(shed_tracker *p, int back, shed_tracker_point *out)
{
  const path_frame *f      = frame_back(p, back);
  int               chosen = trace_pitch(p, back);
  *out                     = (shed_tracker_point){.n = 0};
  if (chosen < 0) {
    return;
  }
  out->f0_hz      = f->f_hz[chosen];
  out->confidence = confidence(f, chosen);
  out->voiced     = trace_voice(p, back) == 1;
  list_cands(f, chosen, out);
}

int
shed_tracker_run(shed_tracker *p, const shed_front *front, int64_t centre, const shed_level_frame *level,
                 shed_tracker_point *provisional, shed_tracker_point *settled)
{
  shed_cands_run(p->cands, front, centre, level, &p->set);
  p->count++;
  path_frame       *now  = frame_back(p, 0);
  const path_frame *last = p->count > 1 ? frame_back(p, 1) : NULL;
  load(now, &p->set);
  step_pitch(now, last);
  step_voice(now, last);
  describe(p, 0, provisional);
  if (p->count <= SHED_TRACKER_LAG) {
    return 0;
  }
  describe(p, SHED_TRACKER_LAG, settled);
  if (settled->n > 0) {
    settled->f0_hz = shed_refine(front, RATE_HZ, centre - (int64_t)SHED_TRACKER_LAG * HOP, settled->f0_hz);
    settled->cand[0].f0_hz = settled->f0_hz;
  }
  return 1;
}

const shed_cand_set *
shed_tracker_cands(const shed_tracker *p)
{
  return &p->set;
}
