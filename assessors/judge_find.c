// About this file: from the path's segments to what each event was: which attempt counts, which note of the ear it is,
// and when it began. The path's own time is good to some 30 ms; the ear's onset is better where the two agree.
#include "assessors/judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double SAME_NOTE_S =
    .12; ///< an ear's note that begins this near to the segment is the same note's start
static const double SAME_ONSET_S  = .06;
static const double OVERLAP_LEAST = .3;
static const float  ONSET_SURE    = .3F;
static const float  SUPPORT_CENTS = 74.F;
static const double SPOKEN_FOR    = .45; ///< of the frames between two estimates
static const float  ATTACK_THERE  = .35F;
static const float  ONSET_MOVED   = .4F;
static const double MOVED_MOST_S  = .22;
static const double APART_S       = .06; ///< from its neighbours
enum { RUN_NOTES = 2, LEVEL_NOTES = 6 };
static const double SOFT_SHARE    = .1; ///< of the player's notes: the softest
static const double BELOW_SOFT_DB = 3;
static const float  LEARNT_COST   = 1.F;
static const double RUN_SHARE     = .5;
static const double RUN_BELOW_DB  = 9;
static const double GHOST_S       = .03; ///< a segment with less sound than this is none
// Of a pitch that only begins a note.
static const double SPEAKS_S     = .08; ///< no longer than a note takes to speak
static const double SPEAKS_SHARE = .2;  ///< of the written length
static const double AT_ONCE_S    = .06; ///< until the other one sounds: the ear may be unsure while it speaks
static const double WHOLE_SHARE  = .6;  ///< of the written length that the two of them take

double
shed_judge_grid_s(const shed_judged *j, int at)
{
  return ((double)j->evidence.first + (double)at * j->evidence.step) * SHED_FRAME_HOP_S;
}

double
shed_segment_start_s(const shed_judged *j, const shed_segment *s)
{
  return shed_judge_grid_s(j, s->start);
}

double
shed_segment_end_s(const shed_judged *j, const shed_segment *s)
{
  return shed_judge_grid_s(j, s->end);
}

int
shed_segment_row(const shed_judged *j, const shed_segment *s)
{
  return s->kind == SHED_STEP_EXTRA ? shed_lane_of(s->lane) : j->target.events[s->event].lane[s->lane];
}

double
shed_segment_pitch(const shed_judged *j, const shed_segment *s)
{
  if (s->kind == SHED_STEP_EXTRA) {
    return s->lane;
  }
  const int row = shed_segment_row(j, s);
  return row < 0 ? j->target.events[s->event].pitch : shed_lane_midi(row);
}

/// The ear's note that overlaps most with [from, to).
static int
matched_note(const shed_take *take, double from, double to)
{
  int    best         = -1;
  double best_overlap = 0;
  size_t lo = 0, hi = take->n_notes;
  // notes are in order of onset; an earlier one may be long, so a few before are looked at as well
  while (lo < hi) {
    size_t mid = lo + (hi - lo) / 2;
    if ((double)take->notes[mid].onset_s < from) {
      lo = mid + 1;
    } else {
      hi = mid;
    }
  }
  for (size_t i = lo > 8 ? lo - 8 : 0; i < take->n_notes && (double)take->notes[i].onset_s < to; i++) {
    const shed_heard_note *n       = &take->notes[i];
    double                 overlap = fmin(to, (double)n->offset_s) - fmax(from, (double)n->onset_s);
    double                 shorter = fmin(to - from, (double)(n->offset_s - n->onset_s));
    if (overlap > best_overlap && overlap >= OVERLAP_LEAST * shorter) {
      best_overlap = overlap;
      best         = (int)i;
    }
  }
  return best;
}

static double
nearest_onset(const shed_take *take, double at)
{
  double best = NAN;
  for (size_t i = 0; i < take->n_onsets; i++) {
    double d = (double)take->onsets[i].time_s - at;
    if (d > SAME_ONSET_S) {
      break;
    }
    if (fabs(d) <= SAME_ONSET_S && take->onsets[i].confidence >= ONSET_SURE &&
        !(fabs(d) >= fabs(best - at))) {
      best = (double)take->onsets[i].time_s;
    }
  }
  return best;
}

/// Share of the frames between two instants that speak for the pitch.
static double
share_between(const shed_judged *j, double from, double to, double midi)
{
  int n = 0, for_it = 0;
  for (long i = lround(from / SHED_FRAME_HOP_S); i < lround(to / SHED_FRAME_HOP_S); i++) {
    if (i >= 0 && i < (long)j->take->n_frames) {
      double offset = (double)j->centre[i] / 100;
      for_it += shed_frame_support(&j->take->frames[i], midi + offset, SUPPORT_CENTS) > 0 ? 1 : 0;
      n++;
    }
  }
  return n ? (double)for_it / n : 0;
}

/// The path leans towards the beat; where the frames between the two speak for the ear's onset, there is no doubt.
static double
doubt_between(const shed_judged *j, const shed_found *f, double heard, double midi)
{
  double d = fabs(heard - f->path_onset_s);
  if (heard < f->path_onset_s) {
    return share_between(j, heard, f->path_onset_s, midi) >= SPOKEN_FOR ? 0 : d;
  }
  return share_between(j, f->path_onset_s, heard, midi) < SPOKEN_FOR ? 0 : d;
}

/// A note repeated on one pitch that the path put on its beat for want of an attack there: the surest onset of the ear
/// near it that begins neither of its neighbours. NaN without one, or where there is an attack after all.
static double
moved_onset(const shed_judged *j, int segment)
{
  const shed_segment *s  = &j->path.segments[segment];
  const double        at = shed_segment_start_s(j, s);
  if (segment == 0 || j->evidence.stroke[s->start] > 0 || j->evidence.attack[s->start] >= ATTACK_THERE ||
      shed_segment_row(j, s) != shed_segment_row(j, s - 1)) {
    return NAN;
  }
  double from = fmax(at - MOVED_MOST_S, shed_segment_start_s(j, s - 1) + APART_S), best = NAN;
  double until = fmin(at + MOVED_MOST_S, shed_segment_end_s(j, s) - APART_S);
  float  sure  = ONSET_MOVED;
  if (segment + 1 < (int)j->path.n) {
    until = fmin(until, shed_segment_start_s(j, s + 1) - APART_S);
  }
  for (size_t i = 0; i < j->take->n_onsets && (double)j->take->onsets[i].time_s < until; i++) {
    if ((double)j->take->onsets[i].time_s > from && j->take->onsets[i].confidence >= sure) {
      sure = j->take->onsets[i].confidence;
      best = (double)j->take->onsets[i].time_s;
    }
  }
  return best;
}

static void
refine_onset(const shed_judged *j, shed_found *f, double midi, bool first_of_note)
{
  double heard = moved_onset(j, f->segment);
  f->onset_s   = f->path_onset_s;
  if (!isnan(heard)) {
    f->onset_s = heard;
    return;
  }
  if (f->take_index >= 0 && first_of_note) {
    heard = (double)j->take->notes[f->take_index].onset_s;
    heard = fabs(heard - f->path_onset_s) <= SAME_NOTE_S ? heard : (double)NAN;
  }
  if (isnan(heard)) {
    heard = nearest_onset(j->take, f->path_onset_s);
  }
  if (!isnan(heard)) {
    f->onset_doubt_s = doubt_between(j, f, heard, midi);
    f->onset_s       = heard;
  }
}

shed_found
shed_judge_place(const shed_judged *j, int segment, int run, int last_row)
{
  const shed_segment     *s  = &j->path.segments[segment];
  const shed_align_event *ev = &j->target.events[s->event];
  const double midi = s->lane >= 0 && ev->lane[s->lane] >= 0 ? shed_lane_midi(ev->lane[s->lane]) : ev->pitch;
  shed_found   f    = {.segment      = segment,
                       .run          = run,
                       .path_onset_s = shed_segment_start_s(j, s),
                       .offset_s     = shed_segment_end_s(j, s),
                       .expected_s   = NAN};
  if (s->row >= 0) { // given: nothing of it is in doubt
    f.take_index = s->row;
    f.onset_s    = (double)j->take->notes[s->row].onset_s;
    f.offset_s   = fmax((double)j->take->notes[s->row].offset_s, f.onset_s + SHED_FRAME_HOP_S);
    return f;
  }
  f.take_index = matched_note(j->take, f.path_onset_s, f.offset_s);
  refine_onset(j, &f, midi, f.take_index != last_row);
  if (f.take_index >= 0 && segment + 1 < (int)j->path.n) {
    // the ear follows the release; the path ends a note where its pitch stops speaking
    double next = shed_segment_start_s(j, s + 1);
    double off  = (double)j->take->notes[f.take_index].offset_s;
    f.offset_s  = off > f.offset_s && off < next && off < f.offset_s + .2 ? off : f.offset_s;
  }
  f.offset_s = fmax(f.offset_s, f.onset_s + SHED_FRAME_HOP_S);
  return f;
}

static void
fill_found(shed_judged *j, int segment, int run, int *last_row)
{
  const shed_segment *s = &j->path.segments[segment];
  shed_found         *f = &j->found[s->event];
  *f                    = shed_judge_place(j, segment, run, *last_row);
  *last_row             = s->row >= 0 ? *last_row : f->take_index;
  f->m                  = shed_measure_pitch(j->take, &j->levels, f->path_onset_s, shed_segment_end_s(j, s),
                                             j->target.events[s->event].pitch, j->centre);
}

static shed_measure
sound_of(const shed_judged *j, const shed_segment *s)
{
  return shed_measure_sound(j->take, &j->levels, shed_segment_start_s(j, s), shed_segment_end_s(j, s));
}

/// A path may place a note in silence where leaving it out costs more; such a note was not played.
static void
drop_ghosts(shed_judged *j)
{
  size_t kept = 0;
  bool   jump = false;
  for (size_t i = 0; i < j->path.n; i++) {
    shed_segment *s = &j->path.segments[i];
    if (sound_of(j, s).sound_s < GHOST_S) {
      jump = jump || s->kind == SHED_STEP_JUMP;
      continue;
    }
    if (jump && s->kind == SHED_STEP_NEXT) {
      s->kind = SHED_STEP_JUMP;
      jump    = false;
    }
    j->path.segments[kept++] = *s;
  }
  j->path.n = kept;
}

/// The lane of an event that has a pitch; -1.
static int
lane_with(const shed_align_event *ev, int midi)
{
  int k = 0;
  while (k < SHED_LANES && (ev->lane[k] < 0 || ev->lane[k] != shed_lane_of(midi))) {
    k++;
  }
  return k < SHED_LANES ? k : -1;
}

/// Is a segment but the beginning of the extra note behind it? It lasts as long as a note takes to speak, and the other one sounds at
/// once, no softer, until the note's end. A tone that is struck and dies away is not: what is heard behind it is softer.
static bool
is_beginning_of(const shed_judged *j, const shed_segment *s, const shed_segment *extra)
{
  const double hop_s = j->evidence.hop_s, own_s = (s->end - s->start) * hop_s;
  const double written_s = j->target.events[s->event].length_s * (double)s->period;
  return s->kind != SHED_STEP_EXTRA && extra->kind == SHED_STEP_EXTRA && s->event == extra->event &&
         own_s <= fmin(SPEAKS_S, SPEAKS_SHARE * written_s) && (extra->start - s->end) * hop_s <= AT_ONCE_S &&
         (extra->end - s->start) * hop_s >= WHOLE_SHARE * written_s &&
         sound_of(j, extra).level_db >= sound_of(j, s).level_db;
}

/// What begins on the pitch that was asked for, or near it, and is another one from then on was played as the other one, and there is no
/// extra note: an overblown note begins with traces of the lower one.
static void
join_beginnings(shed_judged *j)
{
  size_t kept = 0;
  for (size_t i = 0; i < j->path.n; i++) {
    const shed_segment *s    = &j->path.segments[i];
    shed_segment       *last = kept > 0 ? &j->path.segments[kept - 1] : NULL;
    const int lane = s->kind == SHED_STEP_EXTRA ? lane_with(&j->target.events[s->event], s->lane) : -1;
    if (last && lane >= 0 && is_beginning_of(j, last, s)) {
      last->end  = s->end;
      last->lane = lane;
    } else {
      j->path.segments[kept++] = *s;
    }
  }
  j->path.n = kept;
}

/// Level of a typical note that was found with its own pitch.
static double
usual_level(const shed_judged *j)
{
  double x[256], w[256];
  size_t n = 0;
  for (size_t i = 0; i < j->path.n && n < 256; i++) {
    const shed_segment *s = &j->path.segments[i];
    if (s->kind != SHED_STEP_EXTRA && s->lane == 0) {
      x[n]   = sound_of(j, s).level_db;
      w[n++] = 1;
    }
  }
  return n ? shed_weighted_median(x, w, n, .5) : (double)j->levels.peak_db;
}

/// The same of its strongest line.
static double
usual_lines(const shed_judged *j)
{
  double x[256], w[256];
  size_t n = 0;
  for (int e = 0; e < j->target.n_events && n < 256; e++) {
    if (j->found[e].segment >= 0 && j->found[e].m.share >= RUN_SHARE && j->found[e].m.n_lines > 0) {
      x[n]   = j->found[e].m.lines_db;
      w[n++] = 1;
    }
  }
  return n ? shed_weighted_median(x, w, n, .5) : (double)NAN;
}

void
shed_judge_player_level(shed_judged *j)
{
  double x[256], w[256];
  size_t n = 0;
  for (int e = 0; e < j->target.n_events && n < SHED_COUNTOF(x); e++) {
    const shed_found *f = &j->found[e];
    if (f->segment >= 0 && f->m.share >= RUN_SHARE) {
      x[n]   = (double)j->evidence.loud_db[j->path.segments[f->segment].start];
      w[n++] = 1;
    }
  }
  if (n >= LEVEL_NOTES) {
    j->levels.player_db  = (float)(shed_weighted_median(x, w, n, SOFT_SHARE) - BELOW_SOFT_DB);
    j->levels.faint_cost = LEARNT_COST;
  }
}

static bool
is_players(const shed_judged *j, const shed_segment *s)
{
  if (s->kind == SHED_STEP_EXTRA || s->lane != 0) {
    return false;
  }
  shed_measure m = shed_measure_ear(j->take, &j->levels, shed_segment_start_s(j, s), shed_segment_end_s(j, s),
                                    j->target.events[s->event].pitch, j->centre);
  return m.share >= RUN_SHARE && m.level_db >= j->usual_db - RUN_BELOW_DB;
}

/// A run of segments from one jump to the next is believed when two of its notes sound as the player's others do;
/// otherwise somebody else was heard, before, between or after.
static void
drop_doubtful_runs(shed_judged *j)
{
  size_t kept = 0, i = 0;
  while (i < j->path.n) {
    size_t end = i + 1;
    int    n   = is_players(j, &j->path.segments[i]) ? 1 : 0;
    for (; end < j->path.n && j->path.segments[end].kind != SHED_STEP_JUMP; end++) {
      n += is_players(j, &j->path.segments[end]) ? 1 : 0;
    }
    bool whole = i == 0 && end == j->path.n;
    bool again = i > 0 && j->path.segments[i].event == j->path.segments[i - 1].event; // one note repeated
    if (whole || again || n >= RUN_NOTES) {
      memmove(&j->path.segments[kept], &j->path.segments[i], (end - i) * sizeof(*j->path.segments));
      kept += end - i;
    }
    i = end;
  }
  j->path.n = kept;
}

void
shed_judge_find(shed_judged *j)
{
  int  run = 0, last_row = -1;
  bool given = j->path.n > 0 && j->path.segments[0].row >= 0;
  if (!given) {
    drop_ghosts(j);
    join_beginnings(j);
  }
  j->usual_db = usual_level(j);
  if (!given) {
    drop_doubtful_runs(j);
  }
  for (int i = 0; i < j->target.n_events; i++) {
    j->found[i] = (shed_found){.segment = -1, .take_index = -1, .expected_s = NAN, .m = {.other_midi = -1}};
  }
  for (size_t i = 0; i < j->path.n; i++) {
    const shed_segment *s = &j->path.segments[i];
    run += s->kind == SHED_STEP_JUMP ? 1 : 0;
    if (s->kind != SHED_STEP_EXTRA) {
      // the last attempt counts, unless it found nothing where an earlier one had the note
      shed_found before = j->found[s->event];
      fill_found(j, (int)i, run, &last_row);
      if (before.segment >= 0 && before.m.share >= RUN_SHARE && j->found[s->event].m.share < RUN_SHARE) {
        j->found[s->event] = before;
      }
    }
  }
  j->usual_lines_db = usual_lines(j);
}
