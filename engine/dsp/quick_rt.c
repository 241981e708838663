// About this file: when the newest sound is searched, when a pitch is followed, and what is sure enough to be told.
#include "engine/dsp/quick_internal.h"

#include <math.h>
#include <stdlib.h>

enum {
  STEADY_SPAN = 441,  // samples whose level is told: 10 ms
  SEARCH_SPAN = 2646, // after something began, all lags are searched for so long: 60 ms
  ATTACK_SPAN =
      1764, // and even where a pitch was found, for so long: two periods of a bass take 40 ms to be seen
  LONG_LAG     = 200, // 4.5 ms: what is alike at less must be so twice
  LONG_TRUSTED = 882, // the long analysis knows what began when it is centred so far into it
  RISE_FROM    = 3,   // steps back that the level is compared with
  AGAIN_NOISY  = 4,
  RISE_TO      = 10,
  TOLD_NEAR    = 300 // samples: a look describes the instant that the long analysis speaks of
};
static const float LOWEST_HZ   = 26.0f;
static const float HIGHEST_HZ  = 4800.0f;
static const float RISE        = 4.0f;            // of power, 6 dB: something begins
static const float QUIET_POWER = 1e-7f;           // -70 dBFS: what is under it begins nothing
static const float SURE        = 0.93f;           // alike enough to be told at once
static const float NOISY       = 0.85f;           // followed no better than so: there is noise
static const float LIKELY      = 0.80f;           // alike enough when the look before says the same
static const float FOLLOWED    = 0.60f;           // alike enough to be what it was,
static const float STRAYS      = 0.15f;           // and not so much less than it has been: noise lowers all
static const float SAME        = 50.0f / 1200.0f; // octaves
static const float ANOTHER     = 90.0f / 1200.0f;
static const float HALVED =
    0.35f; // of what was unlike at a half, a third of the period: it is the period now
static const float HALF_ALIKE   = 0.90f;
static const float SEARCHED     = 0.93f; // share of the looks right that only a search speaks for
static const float MEMORY_SHARE = 0.2f;  // of a new look in the slow means

static float
octaves_apart(float a_hz, float b_hz)
{
  return fabsf(log2f(a_hz / b_hz));
}

static float
power_of(const float *x, int n)
{
  double sum = 0.0;
  for (int i = 0; i < n; i++) {
    sum += (double)(x[i] * x[i]);
  }
  return (float)(sum / n);
}

// The quietest of the last 50 ms.
static float
quietest(const shed_quick *q)
{
  float least = q->power[q->looks % QUICK_PAST];
  for (int k = RISE_FROM; k <= RISE_TO; k++) {
    float p = q->looks >= k ? q->power[(q->looks - k) % QUICK_PAST] : 0.0f;
    least   = p < least ? p : least;
  }
  return least;
}

static bool
rises(const shed_quick *q)
{
  float now = q->power[q->looks % QUICK_PAST];
  return now > QUIET_POWER && now > RISE * quietest(q);
}

static void
begin(shed_quick *q, int64_t now, float before)
{
  q->began        = now;
  q->before       = before;
  q->search_until = now + SEARCH_SPAN;
  q->anchor_hz    = 0.0f;
}

// What follows at a lag is also alike at every multiple: an octave or a twelfth up would go unnoticed.
static bool
is_halved(shed_quick *q, const shed_front *front, float lag)
{
  float half   = quick_alike(front, lag / 2.0f);
  float third  = quick_alike(front, lag / 3.0f);
  bool  halved = (half > HALF_ALIKE && 1.0f - half < HALVED * (1.0f - q->half)) ||
                (third > HALF_ALIKE && 1.0f - third < HALVED * (1.0f - q->third));
  q->half += MEMORY_SHARE * (half - q->half);
  q->third += MEMORY_SHARE * (third - q->third);
  return halved;
}

static void
anchor(shed_quick *q, const shed_front *front, float f0_hz)
{
  q->anchor_hz = f0_hz;
  q->trust     = SEARCHED;
  q->half      = quick_alike(front, (float)QUICK_RATE_HZ / f0_hz / 2.0f);
  q->third     = quick_alike(front, (float)QUICK_RATE_HZ / f0_hz / 3.0f);
}

void
shed_quick_heard(shed_quick *q, int64_t centre, float f0_hz, float confidence)
{
  if (centre < q->began + LONG_TRUSTED) {
    return; // it still speaks of what was before
  }
  if (!(f0_hz > 0.0f)) {
    q->anchor_hz = 0.0f;
    return;
  }
  for (int k = 0; k < QUICK_PAST; k++) {
    const quick_told *t = &q->told[k];
    if (t->f0_hz > 0.0f && llabs(t->centre - centre) <= TOLD_NEAR &&
        octaves_apart(t->f0_hz, f0_hz) < ANOTHER) {
      q->trust = confidence;
      return; // as was told
    }
  }
  q->anchor_hz = f0_hz;
  q->trust     = confidence;
  q->half = q->third = 1.0f; // not known yet
}

// Does noise lower all likeness? What stood there before a rise says so at once; else how like itself the last note was.
static bool
is_noisy(const shed_quick *q)
{
  float now = q->power[q->looks % QUICK_PAST];
  return q->steady < NOISY && !(q->before >= 0.0f && q->before < (1.0f - NOISY) * now);
}

// What is alike enough at a long lag is told at once, what is likely when it is found again; where noise has lowered all
// likeness, other voices may stand in it, and it must be found more often.
static bool
search(shed_quick *q, const shed_front *front, int64_t now, quick_peak *found)
{
  *found      = quick_search(front, now - q->began);
  float hz    = found->lag > 0.0f ? (float)QUICK_RATE_HZ / found->lag : 0.0f;
  bool  again = hz > 0.0f && q->found_hz > 0.0f && octaves_apart(hz, q->found_hz) < SAME;
  q->found_hz = hz;
  q->again    = again ? q->again + 1 : 0;
  return (found->value >= SURE && found->lag >= LONG_LAG) ||
         (found->value >= LIKELY && q->again >= (is_noisy(q) ? AGAIN_NOISY : 1));
}

static bool
follow(shed_quick *q, const shed_front *front, quick_peak *found)
{
  *found      = quick_follow(front, q->anchor_hz);
  bool strays = found->value < fmaxf(q->steady - STRAYS, FOLLOWED);
  // one that strays moves it less: most are the end of a note
  q->steady += MEMORY_SHARE * (fmaxf(found->value, q->steady - STRAYS) - q->steady);
  return !strays && !is_halved(q, front, found->lag);
}

static bool
find(shed_quick *q, const shed_front *front, int64_t now, quick_peak *found)
{
  if (q->anchor_hz > 0.0f && now >= q->began + ATTACK_SPAN) {
    if (follow(q, front, found)) {
      return true;
    }
    begin(q, now, -1.0f);
  }
  return now <= q->search_until && search(q, front, now, found);
}

bool
shed_quick_run(shed_quick *q, const shed_front *front, shed_quick_look *out)
{
  int64_t      now = shed_front_count(front);
  const float *x   = shed_front_at(front, 0, now - STEADY_SPAN, STEADY_SPAN);
  quick_told  *told;
  quick_peak   found;
  q->looks++;
  q->power[q->looks % QUICK_PAST] = power_of(x + STEADY_SPAN - QUICK_STEP, QUICK_STEP);
  told                            = &q->told[q->looks % QUICK_PAST];
  *told                           = (quick_told){0, 0.0f};
  if (q->anchor_hz == 0.0f && now > q->search_until && rises(q)) {
    begin(q, now, quietest(q));
  }
  if (!find(q, front, now, &found)) {
    return false;
  }
  float f0_hz = (float)QUICK_RATE_HZ / found.lag;
  if (!(f0_hz >= LOWEST_HZ && f0_hz <= HIGHEST_HZ)) {
    q->anchor_hz = 0.0f;
    return false;
  }
  if (q->anchor_hz > 0.0f && octaves_apart(q->anchor_hz, f0_hz) < ANOTHER) {
    q->anchor_hz = f0_hz;
  } else {
    anchor(q, front, f0_hz);
  }
  *told = (quick_told){now - found.reach / 2, f0_hz};
  *out  = (shed_quick_look){.f0_hz       = f0_hz,
                            .confidence  = q->trust,
                            .periodicity = fminf(found.value, 1.0f),
                            .level_db    = 10.0f * log10f(power_of(x, STEADY_SPAN) + 1e-12f),
                            .centre      = told->centre};
  return true;
}
