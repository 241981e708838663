// About this file: notes that are not in the music, each once: as the path has them, or as the ear heard them beside it; by level,
// attack and the player's own sound told from tails, neighbours and talk.
#include "assessors/judge_extras.h"

#include <math.h>
#include <stdlib.h>

static const double EXTRA_SHARE     = .6; ///< of one other pitch
static const double EXTRA_LEAST_S   = .06;
static const double EXTRA_BELOW_DB  = 8; ///< below the player's usual note it may be a tail or another player
static const double EXTRA_OVER_DB   = 1.5; ///< over what is likely not the player's
static const double EXTRA_ALONE_DB  = 10;  ///< where nobody else sounds
static const double OVER_OTHERS_DB  = 4;
static const double OTHERS_BELOW_DB = 8;   ///< at least so far below the player's usual note
static const double RINGS_ON_S      = .35; ///< a note's end in a room
static const double BEFORE_NOTE_S   = .06;
static const float  OTHERS_SURE     = .6F;
static const double OTHERS_TOP      = .1;  ///< of what others sound is louder
static const double EXTRA_RISE_DB   = .7;  ///< else it is the tail of something
static const double BESIDE_DB       = 13;  ///< others are so near
static const double RISE_BESIDE_DB  = 2.6; ///< then what is heard changes without a new note, too
static const double EXTRA_STROKE    = .7;  ///< or it is struck while another rings
static const double EXTRA_HEARD     = .7;  ///< confidence times share
static const double EXTRA_ATTACK    = .3;
static const double NEW_ATTACK      = .5; ///< a note that is struck again is another one
static const double SURELY_EARLY_MS = 66; ///< the line of on time and the ear's own spread
static const double EXTRA_SURE      = .7;
static const double NOISY_SNR_DB    = 14;
static const double EXTRA_NOISY_S   = .15;
static const double SAME_SLOT_S     = .15; ///< an extra where a note is missing is that note, wrongly played
static const double SAME_SLOT_SHARE = .45; ///< and within this share of its length
static const float  LOOSE_CONFIDENCE = .7F;
static const double LOOSE_LEAST_S    = .1;
// By how its harmonics compare with the player's own notes; where that is known, a climb of them is a beginning although the
// loudness of the whole room hardly rises. Of rendered extra notes nine in ten lie above -3.4 dB and climb by 15 dB and more.
static const double OWN_BELOW_DB  = 4;  ///< at least,
static const double OWN_SPREADS   = 2;  ///< or so many times what his notes differ by,
static const double OWN_OF_OTHERS = .6; ///< or so far on the way to what others sound
static const double OWN_MOST_DB   = 10;
static const double OWN_CLIMB_DB  = 12;
static const double OWN_UNLIKE_DB = 8; ///< then the two are not to be compared
static const double OUTSIDE_MOST =
    7; ///< semitones beyond what is asked: beside others it is not surely the player's
enum {
  ORNAMENT = SHED_NOTE_TRILL | SHED_NOTE_TREMOLO | SHED_NOTE_GLISS | SHED_NOTE_GRACE | SHED_NOTE_ARPEGGIO |
             SHED_NOTE_FLAM,
  OTHERS_BINS  = 120,
  OTHERS_LEAST = 20, ///< frames of somebody else
  FREE_LEAST   = 40, ///< frames without the player, to say that there is nobody
  RISE_BEFORE  = 4,  ///< frames
  RISE_AFTER   = 12
};

shed_status
shed_extras_add(shed_extras *l, const shed_extra_note *x)
{
  shed_verdict *v  = &l->j->v;
  shed_status   st = shed_grow(l->j->alloc, (void **)&v->extras, &l->cap, v->n_extras, sizeof(*v->extras));
  if (st == SHED_OK) {
    v->extras[v->n_extras++] = *x;
  }
  return st;
}

static bool
near_ornament(const shed_judged *j, int event)
{
  const shed_align_event *ev   = j->target.events;
  bool                    here = (ev[event].flags & ORNAMENT) != 0;
  bool                    next = event + 1 < j->target.n_events && (ev[event + 1].flags & ORNAMENT) != 0;
  if (here || next) {
    return true;
  }
  // grace notes are no events: they stand in the line before their principal note
  int at    = shed_line_index(j, event),
      until = event + 1 < j->target.n_events ? shed_line_index(j, event + 1) : (int)j->prompt->line.n_notes;
  for (int i = at > 0 ? at - 1 : 0; i < until; i++) {
    if (j->prompt->line.notes[i].flags & ORNAMENT) {
      return true;
    }
  }
  return false;
}

/// How far the level climbs from just before a moment to just after it, dB.
static double
rise_at(const shed_judged *j, double at_s)
{
  long   at   = lround(at_s / SHED_FRAME_HOP_S);
  double from = 0, to = -120;
  for (long i = at - RISE_BEFORE; i < at + RISE_AFTER; i++) {
    if (i >= 0 && i < (long)j->take->n_frames) {
      double level = (double)j->take->frames[i].level_db;
      from         = i < at ? fmin(from, level) : from;
      to           = i >= at ? fmax(to, level) : to;
    }
  }
  return to - from;
}

/// What sounds where the path has nothing, and no note rings on: the level of other people, learnt where the player rests.
static double
level_of_others(const shed_judged *j)
{
  int    bins[OTHERS_BINS] = {0}, n = 0, free_frames = 0;
  size_t at     = 0;
  double rested = -1; // s from where on the note before has died away
  for (int t = 0; t < j->evidence.n; t++) {
    const shed_frame *f = &j->take->frames[j->evidence.first + t * j->evidence.step];
    const double      s = ((double)j->evidence.first + (double)t * j->evidence.step) * SHED_FRAME_HOP_S;
    for (; at < j->path.n && j->path.segments[at].start <= t; at++) {
      rested = s + (j->path.segments[at].end - j->path.segments[at].start) * j->evidence.hop_s + RINGS_ON_S;
    }
    bool soon = at < j->path.n && (j->path.segments[at].start - t) * j->evidence.hop_s < BEFORE_NOTE_S;
    if (s < rested || soon) {
      continue;
    }
    free_frames += j->evidence.step;
    if (f->voiced && f->confidence >= OTHERS_SURE && f->level_db >= j->levels.silent_db) {
      int bin = (int)fmin(fmax(-(double)f->level_db, 0), OTHERS_BINS - 1);
      bins[bin] += j->evidence.step;
      n += j->evidence.step;
    }
  }
  if (n < OTHERS_LEAST) {
    return free_frames >= FREE_LEAST ? -(double)INFINITY : (double)NAN;
  }
  int seen = 0, bin = 0;
  while (seen + bins[bin] <= OTHERS_TOP * n) {
    seen += bins[bin++];
  }
  return -(double)bin;
}

/// The softest that an extra note may be.
static double
least_level(const shed_extras *l)
{
  const shed_judged *j = l->j;
  if (isinf(l->others_db)) {
    return j->usual_db - EXTRA_ALONE_DB;
  }
  double least = fmax(j->usual_db - EXTRA_BELOW_DB, (double)j->levels.player_db + EXTRA_OVER_DB);
  double others =
      fmin(l->others_db, j->usual_db - OTHERS_BELOW_DB); // louder: notes of the player that were not found
  return isnan(l->others_db) ? least : fmax(least, others + OVER_OTHERS_DB);
}

typedef struct {
  double onset_s, end_s, midi;
  double before_midi; ///< what sounded until then; NaN
  double level_db, confidence, length_s;
} heard;

static bool
is_alone(const shed_extras *l)
{
  return isinf(l->others_db) || isnan(l->others_db);
}

/// How far below the player's own an extra note may lie.
static double
own_below_db(const shed_extras *l)
{
  const double own = fmax(OWN_BELOW_DB, OWN_SPREADS * l->j->own.sd_db);
  return is_alone(l) ? OWN_MOST_DB
                     : fmin(fmax(own, OWN_OF_OTHERS * (l->j->usual_db - l->others_db)), OWN_MOST_DB);
}

/// Does it sound as the player's notes do? @param[out] begins whether its harmonics climb there.
static bool
sounds_as_own(const shed_extras *l, const heard *h, bool *begins)
{
  const shed_judged *j = l->j;
  const double       outside =
      fmax(j->target.lowest + j->target.shift - h->midi, h->midi - j->target.highest - j->target.shift);
  if (!is_alone(l) && outside > OUTSIDE_MOST) {
    return false;
  }
  shed_own_sound s = shed_own_compare(&j->own, j->take, h->midi, h->onset_s, h->end_s, h->before_midi, -1);
  *begins          = s.known && s.climb_db >= OWN_CLIMB_DB;
  return !s.known || s.spread_db > OWN_UNLIKE_DB || s.level_db >= -own_below_db(l);
}

/// Level, attack and length as the player's own notes have them.
static bool
is_players_own(const shed_extras *l, const heard *h)
{
  const shed_judged *j  = l->j;
  int                at = (int)lround((h->onset_s / SHED_FRAME_HOP_S - j->evidence.first) / j->evidence.step);
  double             attack = 0, stroke = 0;
  bool               begins = false;
  for (int i = at > 4 ? at - 4 : 0; i <= at + 4 && i < j->evidence.n; i++) {
    attack = fmax(attack, (double)j->evidence.attack[i]);
    stroke = fmax(stroke, (double)j->evidence.stroke[i]);
  }
  bool noisy =
      (double)j->take->snr_db < NOISY_SNR_DB || j->usual_db - (double)j->levels.floor_db < NOISY_SNR_DB;
  double rise = l->others_db >= j->usual_db - BESIDE_DB ? RISE_BESIDE_DB : EXTRA_RISE_DB;
  return h->level_db >= least_level(l) && attack >= EXTRA_ATTACK && h->confidence >= EXTRA_SURE &&
         (!noisy || h->length_s >= EXTRA_NOISY_S) && sounds_as_own(l, h, &begins) &&
         (begins || rise_at(j, h->onset_s) >= rise || stroke >= EXTRA_STROKE);
}

/// A note that was not found, and whose place this sound takes. @return event, or -1.
static int
missing_here(const shed_judged *j, int around, double at_s)
{
  for (int e = around - 2 > 0 ? around - 2 : 0; e <= around + 3 && e < j->target.n_events; e++) {
    const shed_found *f = &j->found[e];
    double near = fmax(SAME_SLOT_S, SAME_SLOT_SHARE * j->target.events[e].length_s * (double)j->guess.period);
    if (f->segment < 0 && fabs(f->expected_s - at_s) <= near &&
        j->v.notes[shed_line_index(j, e)].pitch == SHED_PITCH_MISSED) {
      return e;
    }
  }
  return -1;
}

static void
take_as_wrong(shed_judged *j, int event, const shed_extra_note *x, double end_s)
{
  int                index = shed_line_index(j, event);
  shed_note_verdict *v     = &j->v.notes[index];
  v->pitch                 = SHED_PITCH_WRONG;
  v->played_midi           = x->midi;
  v->cents                 = (x->midi - j->prompt->line.notes[index].midi - j->target.shift) * 100.;
  v->onset_s               = x->onset_s;
  v->offset_s              = end_s;
  v->onset_error_ms        = (x->onset_s - v->expected_onset_s) * 1000;
  v->take_index            = x->take_index;
  v->confidence            = x->confidence;
}

/// A row of a list that is no note of the music: nothing of it is in doubt.
static shed_status
judge_given_extra(shed_extras *l, const shed_segment *s)
{
  const shed_heard_note *n     = &l->j->take->notes[s->row];
  shed_extra_note        x     = {(double)n->onset_s, n->midi, s->row, (double)n->confidence};
  int                    event = missing_here(l->j, s->event, x.onset_s);
  if (near_ornament(l->j, s->event)) {
    return SHED_OK;
  }
  if (event >= 0) {
    take_as_wrong(l->j, event, &x, (double)n->offset_s);
    return SHED_OK;
  }
  return shed_extras_add(l, &x);
}

shed_status
shed_extras_of_segment(shed_extras *l, size_t i)
{
  shed_judged        *j = l->j;
  const shed_segment *s = &j->path.segments[i];
  if (s->row >= 0) {
    return judge_given_extra(l, s);
  }
  double       start = shed_segment_start_s(j, s);
  double       end   = start + (s->end - s->start) * j->evidence.hop_s;
  shed_measure m     = shed_measure_pitch(j->take, &j->levels, start, end, s->lane, j->centre);
  heard        h     = {.onset_s     = start,
                        .end_s       = end,
                        .midi        = m.other_midi + m.other_cents / 100,
                        .before_midi = shed_judge_pitch_before(j, (int)i, m.other_midi),
                        .level_db    = m.level_db,
                        .confidence  = m.confidence,
                        .length_s    = m.sound_s};
  if (m.sound_s < EXTRA_LEAST_S || m.other_share < EXTRA_SHARE ||
      m.confidence * m.other_share < EXTRA_HEARD || !is_players_own(l, &h) || near_ornament(j, s->event)) {
    return SHED_OK;
  }
  shed_extra_note x = {
      .onset_s = start, .midi = m.other_midi, .take_index = -1, .confidence = m.confidence * m.other_share};
  for (size_t k = 0; k < j->take->n_notes; k++) {
    const shed_heard_note *n = &j->take->notes[k];
    if (fmin(end, (double)n->offset_s) - fmax(start, (double)n->onset_s) > .5 * (end - start)) {
      x.take_index = (int)k;
      break;
    }
  }
  int event = missing_here(j, s->event, start);
  if (event >= 0) {
    take_as_wrong(j, event, &x, end);
    return SHED_OK;
  }
  return shed_extras_add(l, &x);
}

shed_status
shed_extras_loose(shed_extras *l)
{
  shed_judged *j  = l->j;
  size_t       at = 0;
  shed_status  st = SHED_OK;
  if (j->path.n > 0 && j->path.segments[0].row >= 0) {
    return SHED_OK; // each row has a segment
  }
  for (size_t k = 0; k < j->take->n_notes && j->path.n > 0 && st == SHED_OK; k++) {
    const shed_heard_note *n    = &j->take->notes[k];
    double                 from = (double)n->onset_s, to = (double)n->offset_s;
    while (at + 1 < j->path.n && shed_segment_start_s(j, &j->path.segments[at + 1]) <= from) {
      at++;
    }
    const shed_segment *s     = &j->path.segments[at];
    double              end   = shed_segment_start_s(j, s) + (s->end - s->start) * j->evidence.hop_s;
    double              next  = at + 1 < j->path.n ? shed_segment_start_s(j, s + 1) : 0;
    const double        prior = j->target.events[s->event].pitch;
    heard               h     = {.onset_s     = from,
                                 .end_s       = to,
                                 .midi        = n->midi + (double)n->cents / 100,
                                 .before_midi = fabs(prior - n->midi) < .75 ? (double)NAN : prior,
                                 .level_db    = (double)n->level_db,
                                 .confidence  = (double)n->confidence,
                                 .length_s    = to - from};
    if (n->midi >= 0 && n->confidence >= LOOSE_CONFIDENCE && to - from >= LOOSE_LEAST_S &&
        from >= end - .02 && to <= next + .02 && is_players_own(l, &h) && !near_ornament(j, s->event)) {
      shed_extra_note x = {
          .onset_s = from, .midi = n->midi, .take_index = (int)k, .confidence = (double)n->confidence};
      int e = missing_here(j, s->event, from);
      if (e >= 0) {
        take_as_wrong(j, e, &x, to);
      } else {
        st = shed_extras_add(l, &x);
      }
    }
  }
  return st;
}

/// A sound that the ear took as one note with one of the line's: it is that note and no other. Its first part was read as
/// something else, because it came before its time or because the whole of it is another pitch.
static bool
belongs_to_a_note(shed_judged *j, const shed_extra_note *x)
{
  for (size_t i = 0; i < j->v.n_notes && x->take_index >= 0; i++) {
    shed_note_verdict *v = &j->v.notes[i];
    if (v->take_index != x->take_index || v->played_midi != x->midi) {
      continue;
    }
    int    at     = (int)lround((v->onset_s / SHED_FRAME_HOP_S - j->evidence.first) / j->evidence.step);
    double attack = 0;
    for (int k = at > 2 ? at - 2 : 0; k <= at + 2 && k < j->evidence.n; k++) {
      attack = fmax(attack, (double)j->evidence.attack[k]);
    }
    if (x->onset_s >= v->onset_s) {
      return true;
    }
    if (attack >= NEW_ATTACK) {
      return false; // struck again
    }
    v->onset_s        = x->onset_s;
    v->onset_error_ms = (x->onset_s - v->expected_onset_s) * 1000;
    if (v->timing != SHED_TIMING_NONE && v->onset_error_ms < -SURELY_EARLY_MS) {
      v->timing = SHED_TIMING_EARLY;
    }
    return true;
  }
  return false;
}

static void
drop_what_belongs_to_notes(shed_judged *j)
{
  size_t n = 0;
  for (size_t i = 0; i < j->v.n_extras; i++) {
    if (!belongs_to_a_note(j, &j->v.extras[i])) {
      j->v.extras[n++] = j->v.extras[i];
    }
  }
  j->v.n_extras = n;
}

static int
compare_extras(const void *a, const void *b)
{
  const shed_extra_note *x = a, *y = b;
  if (x->onset_s != y->onset_s) {
    return x->onset_s < y->onset_s ? -1 : 1;
  }
  return (x->midi > y->midi) - (x->midi < y->midi);
}

shed_extras
shed_extras_begin(shed_judged *j)
{
  return (shed_extras){.j = j, .others_db = level_of_others(j)};
}

void
shed_extras_end(shed_extras *l)
{
  shed_judged *j = l->j;
  drop_what_belongs_to_notes(j);
  if (j->v.n_extras > 1) {
    qsort(j->v.extras, j->v.n_extras, sizeof(*j->v.extras), compare_extras);
  }
}
