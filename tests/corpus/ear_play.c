// About this file: from written notes to a pitch curve and an envelope as a player makes them: slurs that glide, vibrato that
// grows, an irregular waver, attacks from below; and the breaths and consonants in the gaps.
#include "tests/corpus/ear_tone.h"

#include "engine/base/alloc.h"

#include <math.h>

enum { RATE = CORPUS_EAR_RATE_HZ, STEP = CORPUS_EAR_STEP };

static const double PI              = 3.14159265358979323846;
static const double JITTER_HZ       = 7; // corner of the irregular part of the pitch
static const double SCOOP_S         = 0.10;
static const double VIBRATO_WAIT_S  = 0.12;
static const double VIBRATO_RISE_S  = 0.20;
static const double VIBRATO_LEAST_S = 0.30; // shorter notes are straight
static const double DIP_DB          = -3;   // at a slur
static const double DIP_S           = 0.03;
static const double HISS_LEAST_S    = 0.05;

// One tied group being drawn.
typedef struct {
  const corpus_ear_event *e;
  int                     n;
  double                  glide_s[CORPUS_EAR_EVENTS_MAX]; // into each
  double                  scoop_cents, vibrato_phase;
} group;

static double
smooth(double x)
{
  x = fmin(fmax(x, 0), 1);
  return 0.5 - 0.5 * cos(PI * x);
}

// Cents of vibrato t_s after its note began.
static double
vibrato(const corpus_ear_player *p, const corpus_ear_event *e, double t_s, double phase)
{
  if (e->long_s < VIBRATO_LEAST_S) {
    return 0;
  }
  return p->r.vibrato_cents[0] * smooth((t_s - VIBRATO_WAIT_S) / VIBRATO_RISE_S) * sin(phase);
}

static void
draw_pitch(corpus_ear_player *p, group *g, corpus_ear_part *part)
{
  double keep   = exp(-2 * PI * JITTER_HZ * STEP / RATE);
  double spread = sqrt((1 - keep * keep) / 2); // of two one-poles, about
  double j1     = 0;
  double j2     = 0;
  int    now    = 0;
  for (int i = 0; i <= part->n / STEP; i++) {
    double t = part->start_s + (i + 0.5) * STEP / RATE;
    while (now + 1 < g->n && t >= g->e[now + 1].at_s - g->glide_s[now + 1] / 2) {
      now++;
    }
    const corpus_ear_event *e    = &g->e[now];
    double                  midi = e->midi;
    if (now > 0) {
      double since = t - (e->at_s - g->glide_s[now] / 2);
      midi         = g->e[now - 1].midi + (e->midi - g->e[now - 1].midi) * smooth(since / g->glide_s[now]);
    } else {
      midi -= g->scoop_cents / 100 * (1 - smooth((t - e->at_s) / SCOOP_S));
    }
    g->vibrato_phase += 2 * PI * p->vibrato_hz * STEP / RATE;
    j1           = keep * j1 + 2 * spread * shed_rng_normal(p->rng);
    j2           = keep * j2 + (1 - keep) * j1;
    double cents = vibrato(p, e, t - e->at_s, g->vibrato_phase) + p->r.jitter_cents[0] * j2 * 1.4;
    part->hz[i]  = (float)corpus_ear_hz(midi + cents / 100);
  }
}

static void
draw_envelope(corpus_ear_player *p, const group *g, const corpus_ear_part *part, double attack_s,
              double loud_to_s, float *envelope)
{
  int    now  = 0;
  double gain = corpus_ear_gain(g->e[0].gain_db);
  for (int i = 0; i <= part->n / STEP; i++) {
    double t = part->start_s + (i + 0.5) * STEP / RATE;
    while (now + 1 < g->n && t >= g->e[now + 1].at_s) {
      now++;
    }
    double want = corpus_ear_gain(g->e[now].gain_db);
    gain += (want - gain) * (1 - exp(-STEP / (0.02 * RATE)));
    double e   = (p->heights ? 1 : gain) * smooth((t - part->start_s) / attack_s);
    double dip = now > 0 && !p->heights ? fabs(t - g->e[now].at_s) / DIP_S : 1;
    double end = (t - loud_to_s) / p->r.release_s[0];
    if (dip < 1) {
      e *= corpus_ear_gain(DIP_DB * (1 - smooth(dip)));
    }
    if (end > 0) {
      e *= pow(10, -3 * end) * smooth((1 - end) * 4);
    }
    envelope[i] = (float)e;
  }
}

static void
play_group(corpus_ear_player *p, const corpus_ear_event *e, int n, corpus_ear_stage *s)
{
  group  g                  = {.e             = e,
                               .n             = n,
                               .scoop_cents   = corpus_ear_between(p->rng, p->r.scoop_cents[0], p->r.scoop_cents[1]),
                               .vibrato_phase = 2 * PI * shed_rng_unit(p->rng)};
  double attack_s           = corpus_ear_between(p->rng, p->r.attack_s[0], p->r.attack_s[1]);
  double end_s              = e[n - 1].at_s + e[n - 1].long_s;
  attack_s                  = fmin(attack_s, e[0].long_s / 2);
  corpus_ear_part *part     = corpus_ear_part_new(s, e[0].at_s, end_s - e[0].at_s + p->r.release_s[0], true);
  float           *envelope = part ? shed_calloc(NULL, (size_t)(part->n / STEP) + 1, sizeof(float)) : NULL;
  if (!envelope) {
    s->failed = true;
    return;
  }
  for (int i = 0; i < n; i++) {
    double glide  = corpus_ear_between(p->rng, p->r.glide_s[0], p->r.glide_s[1]);
    g.glide_s[i]  = fmin(glide, 0.45 * fmin(e[i].long_s, i > 0 ? e[i - 1].long_s : e[i].long_s));
    g.glide_s[i]  = fmax(g.glide_s[i], 0.002);
    part->at_s[i] = e[i].at_s;
  }
  part->n_notes  = n;
  part->floor_db = p->floor_db;
  p->tied        = e;
  p->n_tied      = n;
  corpus_ear_vowel(p);
  draw_pitch(p, &g, part);
  draw_envelope(p, &g, part, attack_s, end_s, envelope);
  corpus_ear_sound_part(p, part, envelope, 0);
  shed_free(NULL, envelope);
}

// A breath or a consonant between two moments: noise through one resonance, no note.
static void
hiss(corpus_ear_player *p, double from_s, double to_s, double level_db, corpus_ear_stage *s)
{
  corpus_ear_part *part = corpus_ear_part_new(s, from_s, to_s - from_s, false);
  double           w    = 2 * PI * corpus_ear_between(p->rng, 1200, 7000) / RATE;
  double           r    = corpus_ear_between(p->rng, 0.90, 0.97);
  double           y1   = 0;
  double           y2   = 0;
  for (int i = 0; part && i < part->n; i++) {
    double edge = smooth(fmin(i, part->n - i) / (0.02 * RATE));
    double y    = (1 - r * r) * shed_rng_normal(p->rng) + 2 * r * cos(w) * y1 - r * r * y2;
    y2          = y1;
    y1          = y;
    part->x[i]  = (float)(y * edge * corpus_ear_gain(level_db));
  }
}

void
corpus_ear_play(corpus_ear_player *p, const corpus_ear_event *events, int n, corpus_ear_stage *s)
{
  double quiet_from = 0;
  for (int i = 0; i < n && !s->failed;) {
    int many = 1;
    while (i + many < n && events[i + many].tied) {
      many++;
    }
    double gap = events[i].at_s - quiet_from;
    if (gap > HISS_LEAST_S && shed_rng_unit(p->rng) < p->r.hiss) {
      double from = events[i].at_s - fmin(gap, corpus_ear_between(p->rng, HISS_LEAST_S, 0.25));
      hiss(p, from, events[i].at_s + 0.01, corpus_ear_between(p->rng, -26, -8), s);
    }
    play_group(p, events + i, many, s);
    i += many;
    quiet_from = events[i - 1].at_s + events[i - 1].long_s + p->r.release_s[0];
  }
}
