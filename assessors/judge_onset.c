// About this file: where a note began, from the spectrum, once the path has told which notes there are. A new pitch begins
// where those of its harmonics climb that no harmonic of the pitch before comes near: soft attacks show it 20 to 60 ms before
// loudness or periodicity do. A repeated pitch begins where its harmonics dip and come again, however little.
//
// Of singers only repeated notes are looked at so: against people's own labels (SSVD) the climb of a new pitch was 28 ms off,
// the ear's onset 18.
//
// The two ways have different delays, and both another than the ear's own onsets, which stay where the spectrum says little:
// the take's own medians are taken off, so that all of a take stands on one clock.
#include "assessors/judge.h"
#include "engine/dsp/bands.h"
#include "engine/music/pitch.h"

#include <math.h>

enum {
  HARMONICS       = 12,
  REACH           = 22, ///< frames to both sides of the path's time
  CURVE           = 2 * REACH + 1,
  CLIMB_FRAMES    = 6, ///< a climb is told within so many
  DIP_FRAMES      = 4, ///< a dip against so many before and after
  MARGIN          = DIP_FRAMES,
  AFTER_CHANGED   = 5, ///< frames behind the beginning of the note before, which is another pitch
  AFTER_REPEATED  = 9,
  BEFORE_CHANGED  = 3, ///< and ahead of the next one's
  BEFORE_REPEATED = 7,
  MEDIAN_LEAST    = 5,
  MEDIAN_MOST     = 512
};

static const double HIGHEST_HZ   = 6900;
static const double APART_HZ     = 45;   ///< of two lines that the spectrum tells apart
static const double NEAR_SHARE   = .015; ///< a harmonic is looked for so near
static const double BELOW_TOP_DB = 45;   ///< a harmonic that never comes nearer to the strongest is none
static const double DEEPEST_DB   = 50;
static const double CLIMBED      = .25; ///< of the dB from the valley
static const double FAR_DB       = .6;  ///< of climb, a frame away from the ear's time
static const double STEP_DB      = .5;  ///< a later climb must be so much more
static const double SILENT_S     = .15; ///< after such a rest nothing of the pitch before is in the way
static const double DIP_FLOOR_DB = 40;
static const double DIP_MOST_DB  = 10; ///< of one harmonic: a neighbour's may come and go
static const double DIP_FALL     = .4; ///< what going down counts against coming up
static const double DIP_FLUX     = 4;
static const double DIP_FAR      = .2; ///< of the dip's dB, a frame away
// When to trust it.
static const double CLIMB_SURE_DB  = 15;
static const double CLIMB_PLAIN_DB = 25; ///< whatever the frames say
static const double CLIMB_TOLD_DB  = 12; ///< where the frames say so too
static const double CLIMB_LEAST_DB = 8;
static const double DIP_LEAST_DB   = 1.5;
static const double AGREED_S       = .03;
static const double NEAR_S         = .06;
static const double SPOKEN_FOR     = .45; ///< of the frames between the two
static const double SUPPORT_CENTS  = 74;
// At the ear's time the dip is less than this share of what was found. A later one may be the attack's own.
static const double RIVAL_EARLIER = .7;
static const double RIVAL_LATER   = .4;

typedef struct {
  int    n;
  int    first, count;                         ///< frames
  double level[HARMONICS][CURVE + 2 * MARGIN]; ///< dB, from frame first - MARGIN on
  double most[HARMONICS];                      ///< of frames first .. first + count - 1
} harmonics;

typedef struct {
  double at_s; ///< NaN: none
  double much; ///< dB: of the climb, of the dip
  bool   dip;
} estimate;

// -- what is looked at -----------------------------------------------------------------------------------------------

static double
start_of(const shed_judged *j, int segment)
{
  return shed_segment_start_s(j, &j->path.segments[segment]);
}

static double
end_of(const shed_judged *j, int segment)
{
  return ((double)j->evidence.first + (double)j->path.segments[segment].end * j->evidence.step) *
         SHED_FRAME_HOP_S;
}

static int
row_at(const shed_judged *j, int segment)
{
  const shed_segment *s = &j->path.segments[segment];
  return s->kind == SHED_STEP_EXTRA ? shed_lane_of(s->lane) : j->target.events[s->event].lane[s->lane];
}

/// The pitch of a segment as it sounds, Hz.
static double
pitch_of(const shed_judged *j, int segment)
{
  const shed_segment *s    = &j->path.segments[segment];
  const shed_found   *f    = &j->found[s->event];
  const size_t        at   = (size_t)fmax(0, round(start_of(j, segment) / SHED_FRAME_HOP_S));
  double              midi = shed_lane_midi(row_at(j, segment));
  if (s->kind != SHED_STEP_EXTRA && s->lane == 0 && f->segment == segment && !isnan(f->m.cents)) {
    return shed_midi_to_hz(j->target.events[s->event].pitch + f->m.cents / 100, 440);
  }
  return shed_midi_to_hz(midi + (double)j->centre[at < j->take->n_frames ? at : 0] / 100, 440);
}

static double
level_at(const shed_take *take, int frame, int low, int high)
{
  const int      last = (int)take->n_frames - 1;
  const uint8_t *row  = take->bands + (size_t)(frame < 0 ? 0 : frame > last ? last : frame) * SHED_TAKE_BANDS;
  uint8_t        best = 0;
  for (int b = low; b <= high; b++) {
    best = row[b] > best ? row[b] : best;
  }
  return (double)shed_bands_db(best);
}

static void
drop_weak(harmonics *h)
{
  double top = -DEEPEST_DB * 10;
  int    n   = 0;
  for (int k = 0; k < h->n; k++) {
    top = fmax(top, h->most[k]);
  }
  for (int k = 0; k < h->n; k++) {
    if (h->most[k] >= top - BELOW_TOP_DB) {
      h->most[n] = h->most[k];
      for (int i = 0; i < h->count + 2 * MARGIN; i++) {
        h->level[n][i] = h->level[k][i];
      }
      n++;
    }
  }
  h->n = n;
}

/// Levels of those harmonics of a pitch that are at least APART_HZ from any of another; @p before_hz 0: of all.
static void
look(const shed_take *take, double hz, double before_hz, int first, int count, harmonics *h)
{
  h->n     = 0;
  h->first = first;
  h->count = count;
  for (int k = 1; k <= HARMONICS && k * hz < HIGHEST_HZ; k++) {
    double near = before_hz > 0 ? fmax(1, round(k * hz / before_hz)) * before_hz : -APART_HZ;
    int low = shed_bands_place(k * hz * (1 - NEAR_SHARE)), high = shed_bands_place(k * hz * (1 + NEAR_SHARE));
    if (low < 0 || high < 0 || fabs(k * hz - near) < APART_HZ) {
      continue;
    }
    h->most[h->n] = (double)shed_bands_db(0);
    for (int i = 0; i < count + 2 * MARGIN; i++) {
      double db         = level_at(take, first - MARGIN + i, low, high);
      h->level[h->n][i] = db;
      h->most[h->n]     = i >= MARGIN && i < MARGIN + count ? fmax(h->most[h->n], db) : h->most[h->n];
    }
    h->n++;
  }
  drop_weak(h);
}

// -- a new pitch -----------------------------------------------------------------------------------------------------

static estimate
find_climb(const harmonics *h, double ear_s)
{
  estimate none      = {.at_s = NAN};
  double   db[CURVE] = {0}, best = -1;
  int      valley = 0, top = 0;
  for (int i = 0; i < h->count; i++) {
    for (int k = 0; k < h->n; k++) {
      db[i] += fmax(h->level[k][MARGIN + i] - h->most[k], -DEEPEST_DB) / h->n;
    }
  }
  for (int i = 1; i < h->count; i++) {
    int low = i;
    for (int k = i - 1; k >= 0 && k >= i - CLIMB_FRAMES; k--) {
      low = db[k] < db[low] ? k : low;
    }
    double climb = db[i] - db[low] - FAR_DB * fabs(h->first + i - ear_s / SHED_FRAME_HOP_S);
    if (climb > best + STEP_DB || top == 0) {
      best   = climb;
      valley = low;
      top    = i;
    }
  }
  if (h->n == 0 || top <= valley || db[top] <= db[valley]) {
    return none;
  }
  double line = db[valley] + CLIMBED * (db[top] - db[valley]);
  int    i    = top;
  while (i > valley + 1 && db[i - 1] >= line) {
    i--;
  }
  double at = h->first + i - 1 + (line - db[i - 1]) / (db[i] - db[i - 1]);
  return (estimate){at * SHED_FRAME_HOP_S, db[top] - db[valley], false};
}

// -- the same pitch again --------------------------------------------------------------------------------------------

static double
dip_at(const shed_take *take, const harmonics *h, int i)
{
  double sum = 0;
  int    at  = h->first + i;
  for (int k = 0; k < h->n; k++) {
    const double *l     = &h->level[k][MARGIN + i];
    const double  least = h->most[k] - DIP_FLOOR_DB, here = fmax(l[0], least);
    double        before = least, after = least;
    for (int d = 1; d <= DIP_FRAMES; d++) {
      before = fmax(before, l[-d]);
      after  = fmax(after, l[d]);
    }
    sum += fmin(fmax(0, after - here) + DIP_FALL * fmax(0, before - here), DIP_MOST_DB);
  }
  bool inside = at >= 0 && at < (int)take->n_frames;
  return sum / fmax(1, h->n) + (inside ? DIP_FLUX * (double)take->frames[at].flux : 0);
}

static estimate
find_dip(const shed_take *take, const harmonics *h, double ear_s)
{
  double dip[CURVE], best = 0;
  int    at = -1;
  for (int i = 0; i < h->count; i++) {
    dip[i]       = dip_at(take, h, i);
    double value = dip[i] - DIP_FAR * fabs(h->first + i - ear_s / SHED_FRAME_HOP_S);
    if (at < 0 || value > best) {
      best = value;
      at   = i;
    }
  }
  if (at < 0 || h->n == 0) {
    return (estimate){.at_s = NAN};
  }
  double off = 0;
  if (at > 0 && at + 1 < h->count && dip[at - 1] + dip[at + 1] < 2 * dip[at]) {
    off = fmin(fmax(.5 * (dip[at - 1] - dip[at + 1]) / (dip[at - 1] - 2 * dip[at] + dip[at + 1]), -.5), .5);
  }
  return (estimate){(h->first + at + off) * SHED_FRAME_HOP_S, dip[at], true};
}

// -- one note --------------------------------------------------------------------------------------------------------

/// @return whether there is anything to look at. A note after a rest has nothing of another in its way.
static bool
look_at_note(const shed_judged *j, const shed_found *f, harmonics *h, bool *dip)
{
  const int    s     = f->segment;
  const bool   fresh = s == 0 || end_of(j, s - 1) < f->path_onset_s - SILENT_S;
  const double path  = f->path_onset_s / SHED_FRAME_HOP_S;
  *dip               = !fresh && row_at(j, s) == row_at(j, s - 1);
  double first = path - REACH, last = path + REACH;
  if (s > 0) {
    first = fmax(first, start_of(j, s - 1) / SHED_FRAME_HOP_S + (*dip ? AFTER_REPEATED : AFTER_CHANGED));
  }
  if (s + 1 < (int)j->path.n) {
    last = fmin(last, start_of(j, s + 1) / SHED_FRAME_HOP_S - (*dip ? BEFORE_REPEATED : BEFORE_CHANGED));
  }
  int from = (int)ceil(first - 1e-6), count = (int)floor(last + 1e-6) - from + 1;
  if (count < 3) {
    return false;
  }
  look(j->take, pitch_of(j, s), fresh || *dip ? 0 : pitch_of(j, s - 1), from, count < CURVE ? count : CURVE,
       h);
  return h->n > 0;
}

static estimate
estimate_onset(const shed_judged *j, const shed_found *f)
{
  harmonics h;
  bool      dip = false;
  if (f->segment < 0 || !look_at_note(j, f, &h, &dip)) {
    return (estimate){.at_s = NAN};
  }
  // a sung note begins at its vowel: what climbs before it is the consonant, or the slide to it
  if (!dip && j->prompt->sung) {
    return (estimate){.at_s = NAN};
  }
  return dip ? find_dip(j->take, &h, f->onset_s) : find_climb(&h, f->onset_s);
}

/// Is there as good a dip where the ear has the onset?
static bool
has_rival(const shed_judged *j, const shed_found *f, double ear_s, double least)
{
  harmonics h;
  bool      dip = false;
  int       at  = (int)lround(ear_s / SHED_FRAME_HOP_S);
  if (!look_at_note(j, f, &h, &dip)) {
    return true;
  }
  for (int i = at - 2 - h.first; i <= at + 3 - h.first; i++) {
    if (i >= 0 && i < h.count && dip_at(j->take, &h, i) > least) {
      return true;
    }
  }
  return false;
}

/// Do the frames between the two side with the spectrum?
static bool
frames_agree(const shed_judged *j, const shed_found *f, double ear_s, double at_s)
{
  const double midi = shed_hz_to_midi(pitch_of(j, f->segment), 440);
  const double from = fmin(ear_s, at_s), to = fmax(ear_s, at_s);
  int          n = 0, for_it = 0;
  for (long i = lround(from / SHED_FRAME_HOP_S); i < lround(to / SHED_FRAME_HOP_S); i++) {
    if (i >= 0 && i < (long)j->take->n_frames) {
      for_it += shed_frame_support(&j->take->frames[i], midi, (float)SUPPORT_CENTS) > 0 ? 1 : 0;
      n++;
    }
  }
  return at_s < ear_s ? for_it >= SPOKEN_FOR * n : for_it < SPOKEN_FOR * n;
}

static bool
is_trusted(const shed_judged *j, const shed_found *f, const estimate *e, double ear_s)
{
  const double apart = fabs(e->at_s - ear_s);
  if (e->dip && e->much < DIP_LEAST_DB) {
    return false;
  }
  if (e->dip) {
    double rival = (e->at_s < ear_s ? RIVAL_EARLIER : RIVAL_LATER) * e->much;
    return apart <= AGREED_S || !has_rival(j, f, ear_s, rival);
  }
  return e->much >= CLIMB_PLAIN_DB || (apart <= AGREED_S && e->much >= CLIMB_LEAST_DB) ||
         (apart <= NEAR_S && e->much >= CLIMB_SURE_DB) ||
         (e->much >= CLIMB_TOLD_DB && frames_agree(j, f, ear_s, e->at_s));
}

// -- the take --------------------------------------------------------------------------------------------------------

/// The take's median of how far the spectrum's onsets lie from the ear's. NaN with too few.
static double
median_of(const shed_judged *j, const estimate *e, bool dip)
{
  double x[MEDIAN_MOST], w[MEDIAN_MOST];
  size_t n = 0;
  for (int i = 0; i < j->target.n_events && n < MEDIAN_MOST; i++) {
    if (!isnan(e[i].at_s) && e[i].dip == dip && e[i].much >= (dip ? DIP_LEAST_DB : CLIMB_SURE_DB)) {
      x[n]   = e[i].at_s - j->found[i].onset_s;
      w[n++] = 1;
    }
  }
  return n >= MEDIAN_LEAST ? shed_weighted_median(x, w, n, .5) : (double)NAN;
}

/// @param off of this way, @param clock of the new pitches, which all are brought to.
static void
decide(const shed_judged *j, const estimate *e, double off, double clock, shed_found *f)
{
  const double ear = f->onset_s + off;
  f->onset_s += clock;
  if (isnan(e->at_s)) {
    return;
  }
  if (is_trusted(j, f, e, ear)) {
    f->onset_s       = e->at_s - off + clock;
    f->onset_doubt_s = 0;
    f->onset_plain   = !e->dip && e->much >= CLIMB_SURE_DB;
  } else if (e->much >= (e->dip ? DIP_LEAST_DB : CLIMB_LEAST_DB)) {
    f->onset_doubt_s = fmax(f->onset_doubt_s, fabs(e->at_s - ear));
  }
}

shed_status
shed_judge_onsets(shed_judged *j)
{
  if (!j->take->bands) {
    return SHED_OK;
  }
  estimate *e = shed_calloc(j->alloc, (size_t)j->target.n_events, sizeof(*e));
  if (!e) {
    return SHED_E_NOMEM;
  }
  for (int i = 0; i < j->target.n_events; i++) {
    e[i] = estimate_onset(j, &j->found[i]);
  }
  double climb = median_of(j, e, false), dip = median_of(j, e, true);
  climb = isnan(climb) ? 0 : climb;
  dip   = isnan(dip) ? climb : dip;
  for (int i = 0; i < j->target.n_events; i++) {
    shed_found *f = &j->found[i];
    if (f->segment >= 0) {
      decide(j, &e[i], e[i].dip ? dip : climb, climb, f);
      f->offset_s = fmax(f->offset_s, f->onset_s + SHED_FRAME_HOP_S);
    }
  }
  shed_free(j->alloc, e);
  return SHED_OK;
}
