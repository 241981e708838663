// About this file: frames to evidence. Every pitch of a frame keeps its own evidence; which of them counts is for the
// path to decide. Levels decide how much a frame says: a note cannot be made of silence, and a gap is not disturbed by
// what is far below the player.
#include "assessors/align.h"
#include "assessors/align_cost.h"
#include "engine/music/pitch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Measured on rendered takes: full support from a periodicity of .90 on, none at .65; a fence of 65 cents keeps the
// neighbouring semitone from speaking for a note (without it soft attacks move by 100 ms).
static const float SUPPORT_ZERO      = .65F;
static const float SUPPORT_SPAN      = .25F;
static const float FENCE_WIDTH_CENTS = 20.F;
static const float CONFIDENCE_ZERO   = .3F;
static const float CONFIDENCE_SPAN   = .5F;
static const float RIVAL_SPAN        = .06F;
static const float EVIDENCE_FENCE    = 65.F;
static const float SUNG_FENCE        = 85.F; // sight-singing scatters by 25 cents around its own centre
static const float UNVOICED_MOST     = .3F;
static const float LOUD_SPAN_DB      = 14.F;
static const float WEIGHT_LEAST      = .05F;
static const float BELOW_PEAK_DB     = 34.F;
static const float ABOVE_FLOOR_DB    = 4.F;
static const float SILENT_PENALTY    = 1.F;
static const float ABSENT_LEAST      = .4F;
static const float SILENT_GAP_BONUS  = .3F;
static const float GAP_MOST          = .4F;
static const float GAP_SPAN          = 1.4F;
static const float GAP_SPAN_DB =
    4.F; ///< so far below the player's softest a sound says nothing against a gap
static const float RISE_FULL_DB     = 8.F;  ///< a rise of the level that is an attack by itself
static const float PLAYER_SPAN_DB   = 10.F; ///< below the loudest: to begin with, the player's softest
static const float FAINT_COST       = .5F;
static const float FAINT_MOST       = 8.F;
static const float FLUX_FULL        = 1.F;
static const float PEAK_FLUX        = .5F;
static const float PITCH_STEP_CENTS = 70.F;
// Of rendered takes' mallets half of the strokes lie 1 to 5 dB over the loudest twentieth of the voiced frames, of other instruments
// mostly below it.
static const float STRUCK_OVER_DB  = 3.F;
static const float STRUCK_SHARE    = .75F; ///< who sustains begins notes too
static const float BELOW_STRUCK_DB = 14.F; ///< nothing is said to sound
enum { STROKES_LEAST = 8 };
enum { LEVEL_BINS = SHED_LEVEL_BINS, SPEAKS_FRAMES = 12, STROKE_NEAR = 2 };

int
shed_lane_of(double midi)
{
  long row = lround((midi - SHED_LANE_LOWEST) * SHED_LANE_STEPS);
  return row >= 0 && row < SHED_LANE_COUNT ? (int)row : -1;
}

double
shed_lane_midi(int row)
{
  return SHED_LANE_LOWEST + (double)row / SHED_LANE_STEPS;
}

// Of finite numbers; fmaxf() and fminf() are calls, for the sake of those that are none.
static inline float
most_of(float a, float b)
{
  return a > b ? a : b;
}

static inline float
least_of(float a, float b)
{
  return a < b ? a : b;
}

static inline float
clip(float x, float lo, float hi)
{
  return x < lo ? lo : x > hi ? hi : x;
}

static float
percentile_of(const int *bins, int total, float share)
{
  int wanted = (int)((float)total * share), seen = 0;
  for (int i = 0; i < LEVEL_BINS; i++) {
    seen += bins[i];
    if (seen > wanted) {
      return (float)i - (float)LEVEL_BINS + 10.F;
    }
  }
  return -120.F;
}

void
shed_levels_count(shed_level_counts *c, const shed_frame *f)
{
  int bin = (int)clip(f->level_db + (float)LEVEL_BINS - 10.F, 0.F, (float)(LEVEL_BINS - 1));
  c->all[bin]++;
  c->n_all++;
  if (f->voiced) {
    c->voiced[bin]++;
    c->n_voiced++;
  }
}

shed_levels
shed_levels_by(const shed_level_counts *c, float noise_db, bool sung)
{
  shed_levels lv;
  lv.peak_db =
      c->n_voiced ? percentile_of(c->voiced, c->n_voiced, .95F) : percentile_of(c->all, c->n_all, .95F);
  lv.floor_db    = isfinite(noise_db) ? noise_db : percentile_of(c->all, c->n_all, .03F);
  lv.floor_db    = least_of(lv.floor_db, lv.peak_db - 6.F);
  lv.silent_db   = most_of(lv.peak_db - 30.F, least_of(lv.floor_db + 6.F, lv.peak_db - 12.F));
  lv.player_db   = lv.peak_db - PLAYER_SPAN_DB;
  lv.faint_cost  = FAINT_COST;
  lv.sung        = sung;
  lv.fence_cents = sung ? SUNG_FENCE : EVIDENCE_FENCE;
  return lv;
}

shed_levels
shed_levels_of(const shed_take *take, size_t first, size_t end, bool sung)
{
  shed_level_counts c = {.n_all = 0};
  for (size_t i = first; i < end; i++) {
    shed_levels_count(&c, &take->frames[i]);
  }
  return shed_levels_by(&c, take->noise_db, sung);
}

float
shed_frame_weight(const shed_frame *f, const shed_levels *lv)
{
  float from = most_of(lv->floor_db + ABOVE_FLOOR_DB, lv->peak_db - BELOW_PEAK_DB);
  from       = least_of(from, lv->peak_db - LOUD_SPAN_DB);
  return clip((f->level_db - from) / LOUD_SPAN_DB, WEIGHT_LEAST, 1.F);
}

/// Octaves and the intervals that share partials: an ear without a score may have taken one for the other.
static bool
is_octave_related(double semitones)
{
  static const int related[] = {12, 19, 24, 28, 31};
  for (size_t i = 0; i < SHED_COUNTOF(related); i++) {
    if (fabs(fabs(semitones) - related[i]) < .6) {
      return true;
    }
  }
  return false;
}

/// In noise the periodicity falls although the pitch is plain; the ear's own confidence knows better then.
static float
by_confidence(const shed_frame *f)
{
  return f->voiced ? clip((f->confidence - CONFIDENCE_ZERO) / CONFIDENCE_SPAN, -1.F, 1.F) : -1.F;
}

/// A frame's candidates, worked out once for all rows.
typedef struct {
  const shed_frame *f;
  int               n;
  double            midi[SHED_FRAME_CANDIDATES];
  float most[SHED_FRAME_CANDIDATES]; ///< the candidate's evidence where it lies right on the pitch
} candidates;

static float
evidence_of(const shed_frame *f, int i, float top_r, float known, bool is_top, bool related, bool any_top)
{
  float e = clip((f->cand[i].support - SUPPORT_ZERO) / SUPPORT_SPAN, -1.F, 1.F);
  if (is_top || related) {
    e = most_of(e, known);
  }
  if (any_top && !is_top) {
    e = least_of(e, 1.F - (top_r - f->cand[i].support) / RIVAL_SPAN);
    e = related ? e : least_of(e, 1.F - 1.5F * f->confidence);
  }
  return e;
}

static candidates
candidates_of(const shed_frame *f)
{
  candidates   c     = {.f = f};
  const double top   = f->f0_hz > 0 ? shed_hz_to_midi((double)f->f0_hz, 440) : -1;
  const float  known = by_confidence(f);
  float        top_r = 0;
  for (; c.n < SHED_FRAME_CANDIDATES && f->cand[c.n].f0_hz > 0; c.n++) {
    top_r = most_of(top_r, f->cand[c.n].support);
  }
  for (int i = 0; i < c.n; i++) {
    c.midi[i]    = shed_hz_to_midi((double)f->cand[i].f0_hz, 440);
    bool is_top  = top >= 0 && fabs(c.midi[i] - top) <= .65;
    bool related = top >= 0 && is_octave_related(top - c.midi[i]);
    c.most[i]    = evidence_of(f, i, top_r, known, is_top, related, top >= 0);
  }
  return c;
}

static float
support_of(const candidates *c, double midi, float fence_cents)
{
  float best = -1.F;
  for (int i = 0; i < c->n; i++) {
    float cents = (float)fabs(c->midi[i] - midi) * 100.F;
    if (cents <= fence_cents + FENCE_WIDTH_CENTS) {
      best = most_of(best, least_of(c->most[i], clip((fence_cents - cents) / FENCE_WIDTH_CENTS, -1.F, 1.F)));
    }
  }
  return c->f->voiced ? best : least_of(best, UNVOICED_MOST);
}

float
shed_frame_support(const shed_frame *f, double midi, float fence_cents)
{
  candidates c = candidates_of(f);
  return support_of(&c, midi, fence_cents);
}

/// What sounds below the player's level does not disturb a gap: else somebody else, heard in a wait, would pull the notes
/// after it into the wait.
static float
gap_evidence(const shed_frame *f, float weight, bool silent, const shed_levels *lv)
{
  float r = f->voiced ? f->cand[0].support : 0;
  float g = GAP_MOST -
            GAP_SPAN * clip(most_of((r - SUPPORT_ZERO) / (1.F - SUPPORT_ZERO), by_confidence(f)), 0.F, 1.F);
  g = g < 0 ? g * clip((f->level_db - lv->player_db) / GAP_SPAN_DB + 1.F, 0.F, 1.F) : g;
  return g * weight + (silent ? SILENT_GAP_BONUS : 0);
}

/// Rows near a frame's candidates are worked out; all others say no. @param before what the frame is added to; may be @p row.
static void
add_to(const float *before, const shed_frame *f, float offset_cents, const shed_levels *lv, float *row,
       float *gap)
{
  const float weight  = shed_frame_weight(f, lv);
  const bool  silent  = f->level_db < lv->silent_db;
  const float penalty = silent ? SILENT_PENALTY : 0;
  // a pitch that is not among the candidates: also in a faint frame it is not there
  const float nothing = (-most_of(weight, ABSENT_LEAST) - penalty) * SHED_EVIDENCE_UNIT;
  for (int m = 0; m < SHED_LANE_COUNT; m++) {
    row[m] = before[m] + nothing;
  }
  bool       done[SHED_LANE_COUNT] = {false};
  candidates c                     = candidates_of(f);
  for (int i = 0; i < c.n; i++) {
    double m    = c.midi[i] - (double)offset_cents / 100.;
    int    near = (int)floor((m - SHED_LANE_LOWEST) * SHED_LANE_STEPS) - 1;
    for (int k = near; k <= near + 3; k++) {
      if (k < 0 || k >= SHED_LANE_COUNT || done[k]) {
        continue;
      }
      done[k]  = true;
      double p = shed_lane_midi(k) + (double)offset_cents / 100.;
      float  e = support_of(&c, p, lv->fence_cents);
      row[k] += (e * weight - penalty) * SHED_EVIDENCE_UNIT - nothing;
    }
  }
  *gap += gap_evidence(f, weight, silent, lv) * SHED_EVIDENCE_UNIT;
}

void
shed_evidence_add(const shed_frame *f, float offset_cents, const shed_levels *lv, float *row, float *gap)
{
  add_to(row, f, offset_cents, lv, row, gap);
}

/// That something starts at frame i: the spectrum rises, the level climbs out of a dip, or the pitch steps.
static float
attack_at(const shed_take *take, size_t i)
{
  const shed_frame *f    = take->frames;
  float             flux = 0, low = 0, high = -120.F;
  for (size_t k = i > 0 ? i - 1 : 0; k <= i + 1 && k < take->n_frames; k++) {
    flux = most_of(flux, f[k].flux);
  }
  for (size_t k = i > 6 ? i - 6 : 0; k <= i; k++) {
    low = least_of(low, f[k].level_db);
  }
  for (size_t k = i; k <= i + 4 && k < take->n_frames; k++) {
    high = most_of(high, f[k].level_db);
  }
  float attack = most_of(clip(flux / FLUX_FULL, 0.F, 1.F), clip((high - low - 2.F) / RISE_FULL_DB, 0.F, 1.F));
  if (i > 1 && i + 2 < take->n_frames && f[i - 2].f0_hz > 0 && f[i + 2].f0_hz > 0) {
    double step =
        fabs(shed_hz_to_midi((double)f[i + 2].f0_hz, 440) - shed_hz_to_midi((double)f[i - 2].f0_hz, 440));
    attack = most_of(attack, step * 100 > (double)PITCH_STEP_CENTS ? .8F : 0.F);
  }
  return attack;
}

/// A clear attack at frame i alone: the highest of its neighbours.
static float
attack_peak(const shed_take *take, size_t i, const shed_levels *lv)
{
  const shed_frame *f = take->frames;
  if (f[i].level_db < lv->silent_db || f[i].flux < PEAK_FLUX) {
    return 0;
  }
  for (size_t k = i > 3 ? i - 3 : 0; k <= i + 3 && k < take->n_frames; k++) {
    if (f[k].flux > f[i].flux || (k < i && f[k].flux >= f[i].flux)) {
      return 0;
    }
  }
  return least_of(f[i].flux / FLUX_FULL, 1.F);
}

static bool
is_audible(const shed_take *take, size_t i, const shed_levels *lv)
{
  for (size_t k = i; k < i + SHED_MIN_NOTE_MS / 10 && k < take->n_frames; k++) {
    if (take->frames[k].level_db >= lv->silent_db) {
      return true;
    }
  }
  return false;
}

/// What a note that begins at frame i has risen to before long: bows and horns need a tenth of a second.
static float
level_from(const shed_take *take, size_t i)
{
  float level = -120.F;
  for (size_t k = i; k < i + SPEAKS_FRAMES && k < take->n_frames; k++) {
    level = most_of(level, take->frames[k].level_db);
  }
  return level;
}

shed_beginning
shed_evidence_begin(const shed_take *take, size_t i, const shed_levels *lv)
{
  return (shed_beginning){.attack  = attack_at(take, i),
                          .stroke  = attack_peak(take, i, lv),
                          .loud_db = level_from(take, i),
                          .audible = is_audible(take, i, lv)};
}

/// A note that begins within STROKE_NEAR frames of a clear attack explains it.
static void
mark_stroke(shed_evidence *e, int frame, float peak)
{
  for (int t = (frame - STROKE_NEAR) / e->step; peak > 0 && t <= (frame + STROKE_NEAR) / e->step; t++) {
    if (t >= 0 && t < e->n) {
      e->stroke[t] = most_of(e->stroke[t], peak);
    }
  }
}

void
shed_evidence_free(shed_evidence *e)
{
  shed_free(e->alloc, e->sum);
  shed_free(e->alloc, e->gap);
  shed_free(e->alloc, e->attack);
  shed_free(e->alloc, e->audible);
  shed_free(e->alloc, e->loud_db);
  shed_free(e->alloc, e->faint);
  shed_free(e->alloc, e->stroke);
  memset(e, 0, sizeof(*e));
}

bool
shed_levels_by_strokes(const shed_take *take, size_t first, size_t end, shed_levels *lv)
{
  int bins[LEVEL_BINS] = {0}, n = 0;
  for (size_t i = first; i < end; i++) {
    if (attack_peak(take, i, lv) > 0) {
      bins[(int)clip(level_from(take, i) + (float)LEVEL_BINS - 10.F, 0.F, (float)(LEVEL_BINS - 1))]++;
      n++;
    }
  }
  const float struck_db = n >= STROKES_LEAST ? percentile_of(bins, n, STRUCK_SHARE) : -120.F;
  if (struck_db < lv->peak_db + STRUCK_OVER_DB) {
    return false;
  }
  lv->peak_db   = struck_db;
  lv->silent_db = most_of(lv->silent_db, struck_db - BELOW_STRUCK_DB);
  lv->player_db = struck_db - PLAYER_SPAN_DB;
  return true;
}

shed_status
shed_evidence_new(const shed_take *take, size_t first, size_t end, int step, const float *offset_cents,
                  float offset, const shed_levels *lv, const shed_alloc *alloc, shed_evidence *out)
{
  shed_evidence e = {.alloc = alloc, .step = step, .first = (int)first, .hop_s = step * SHED_FRAME_HOP_S};
  e.n             = (int)((end - first) / (size_t)step);
  e.sum           = shed_malloc(alloc, (size_t)(e.n + 1) * SHED_LANE_COUNT * sizeof(float));
  e.gap           = shed_calloc(alloc, (size_t)e.n + 1, sizeof(float));
  e.attack        = shed_calloc(alloc, (size_t)e.n + 1, sizeof(float));
  e.audible       = shed_calloc(alloc, (size_t)e.n + 1, sizeof(bool));
  e.loud_db       = shed_calloc(alloc, (size_t)e.n + 1, sizeof(float));
  e.faint         = shed_calloc(alloc, (size_t)e.n + 1, sizeof(float));
  e.stroke        = shed_calloc(alloc, (size_t)e.n + 1, sizeof(float));
  if (!e.stroke || !e.sum || !e.gap || !e.attack || !e.audible || !e.loud_db || !e.faint) {
    shed_evidence_free(&e);
    return SHED_E_NOMEM;
  }
  memset(e.sum, 0, SHED_LANE_COUNT * sizeof(float));
  for (int t = 0; t < e.n; t++) {
    float *row   = e.sum + (size_t)(t + 1) * SHED_LANE_COUNT;
    e.gap[t + 1] = e.gap[t];
    e.audible[t] = is_audible(take, first + (size_t)(t * step), lv);
    e.loud_db[t] = level_from(take, first + (size_t)(t * step));
    e.faint[t]   = clip(lv->faint_cost * (lv->player_db - e.loud_db[t]), 0.F, FAINT_MOST);
    for (int k = 0; k < step; k++) {
      size_t i = first + (size_t)(t * step + k);
      add_to(k > 0 ? row : row - SHED_LANE_COUNT, &take->frames[i], offset_cents ? offset_cents[i] : offset,
             lv, row, &e.gap[t + 1]);
      e.attack[t] = most_of(e.attack[t], attack_at(take, i));
      float peak  = attack_peak(take, i, lv);
      e.gap[t + 1] -= SHED_GAP_ATTACK * peak;
      mark_stroke(&e, (int)(i - first), peak);
    }
  }
  *out = e;
  return SHED_OK;
}
