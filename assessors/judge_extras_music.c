// About this file: sounds beside the music that are a note of it all the same: how it begins to speak, its own pitch where the path
// took it for another, a note that the path has not found, in the place of one that is missed, or what the ear took as one note
// with one of the line's.
#include "assessors/judge_extras.h"

#include <math.h>

static const double NEW_ATTACK      = .5;  ///< a note that is struck again is another one
static const double SURELY_EARLY_MS = 66;  ///< the line of on time and the ear's own spread
static const double SAME_SLOT_S     = .15; ///< an extra where a note is missing is that note, wrongly played
static const double SAME_SLOT_SHARE = .45; ///< and within this share of its length
static const double EARLY_SLOT_S =
    .1; ///< before its time it is rather one that was put in after the note before
static const double EARLY_SLOT_SHARE = .33; ///< of the way from there
static const double SAME_PITCH       = .6;  ///< semitones
static const double AT_ONCE_S        = .05; ///< one follows the other
static const double DIP_DB           = 3;   ///< between a note and the same again
static const double NEXT_NEAR_S      = .35; ///< a note that was due so near
static const double OCTAVES_OFF =
    11; ///< semitones: of a pitch and its octaves the path may have taken another
// Of some instruments a note speaks an octave off at first.
static const double TURNED_RISE_DB  = 6;
static const double LEADS_S         = .12; ///< until the next note begins
static const double JUST_BEGUN_S    = .1;
static const double SPEAKS_BEFORE_S = .1, SPEAKS_AFTER_S = .03;
static const double OCTAVE_NEAR    = .7;  ///< semitones
static const double SLID_SEMITONES = 2.2; ///< a wrong note that settles: so far at most
enum {
  ORNAMENT = SHED_NOTE_TRILL | SHED_NOTE_TREMOLO | SHED_NOTE_GLISS | SHED_NOTE_GRACE | SHED_NOTE_ARPEGGIO |
             SHED_NOTE_FLAM,
  JOINT_FRAMES = 4 ///< around the place where one note may end and the next begin
};

double
shed_extras_attack_near(const shed_judged *j, double at_s, int reach)
{
  const int at     = (int)lround((at_s / SHED_FRAME_HOP_S - j->evidence.first) / j->evidence.step);
  double    attack = 0;
  for (int i = at > reach ? at - reach : 0; i <= at + reach && i < j->evidence.n; i++) {
    attack = fmax(attack, (double)j->evidence.attack[i]);
  }
  return attack;
}

bool
shed_extras_near_ornament(const shed_judged *j, int event)
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

bool
shed_extras_is_speaking(const shed_judged *j, const shed_extra_sound *h)
{
  static const double off[] = {12, 19, 24};
  for (int e = 0; e < j->target.n_events; e++) {
    const shed_found *f = &j->found[e];
    if (f->segment < 0 || f->onset_s < h->onset_s - SPEAKS_BEFORE_S ||
        f->onset_s > h->end_s + SPEAKS_AFTER_S) {
      continue;
    }
    for (size_t i = 0; i < SHED_COUNTOF(off); i++) {
      if (fabs(fabs(h->midi - j->target.events[e].pitch) - off[i]) < OCTAVE_NEAR) {
        return true;
      }
    }
  }
  return false;
}

static bool
has_pitch_of(const shed_judged *j, int event, const shed_extra_sound *h)
{
  return fabs(h->midi - j->target.events[event].pitch) <= SAME_PITCH;
}

/// The note before it goes on: it has the pitch that was asked for there, and the path took that note, or this sound, for another pitch.
static bool
goes_on(const shed_judged *j, const shed_extra_sound *h)
{
  if (h->before < 0) {
    return false;
  }
  const shed_segment *s   = &j->path.segments[h->before];
  const double        end = shed_segment_start_s(j, s) + (s->end - s->start) * j->evidence.hop_s;
  return s->kind != SHED_STEP_EXTRA && has_pitch_of(j, s->event, h) && end >= h->onset_s - AT_ONCE_S &&
         (s->lane != 0 || fabs(h->taken_midi - h->midi) >= OCTAVES_OFF);
}

/// Does the level dip before @p at, where one note would end and the next begin?
static bool
dips_before(const shed_judged *j, double from_s, double at_s)
{
  const long at   = lround(at_s / SHED_FRAME_HOP_S);
  double     high = -120, low = 0;
  for (long i = lround(from_s / SHED_FRAME_HOP_S); i <= at + JOINT_FRAMES && i < (long)j->take->n_frames;
       i++) {
    const double level = i >= 0 ? (double)j->take->frames[i].level_db : -120;
    high               = i < at - JOINT_FRAMES ? fmax(high, level) : high;
    low                = i >= at - JOINT_FRAMES ? fmin(low, level) : low;
  }
  return low < high - DIP_DB;
}

/// The next note has begun already: its pitch, up to where the path has it, and nothing is struck there.
static bool
has_begun(const shed_judged *j, const shed_extra_sound *h)
{
  const int next = h->after;
  if (next >= (int)j->path.n) {
    return false;
  }
  const shed_segment *s  = &j->path.segments[next];
  const double        at = shed_segment_start_s(j, s);
  return s->kind == SHED_STEP_NEXT && s->lane == 0 && has_pitch_of(j, s->event, h) &&
         at <= h->end_s + AT_ONCE_S && j->evidence.stroke[s->start] <= 0 && !dips_before(j, h->onset_s, at);
}

/// The note before it goes on an octave or a twelfth off: overblown, or heard so, and nothing rises there.
static bool
turns_over(const shed_judged *j, const shed_extra_sound *h)
{
  static const double off[] = {12, 19, 24};
  const shed_segment *s     = &j->path.segments[h->before > 0 ? h->before : 0];
  if (h->before < 0 || s->kind == SHED_STEP_EXTRA || shed_extras_rise_db(j, h->onset_s) >= TURNED_RISE_DB ||
      shed_segment_start_s(j, s) + (s->end - s->start) * j->evidence.hop_s < h->onset_s - AT_ONCE_S) {
    return false;
  }
  const double apart = fabs(h->midi - j->target.events[s->event].pitch);
  for (size_t i = 0; i < SHED_COUNTOF(off); i++) {
    if (fabs(apart - off[i]) < OCTAVE_NEAR) {
      return true;
    }
  }
  return false;
}

/// With it an attempt begins anew: it has the pitch of the note before the one that the path goes back to, and leads there.
static bool
leads_back(const shed_judged *j, const shed_extra_sound *h)
{
  if (h->after >= (int)j->path.n) {
    return false;
  }
  const shed_segment *s = &j->path.segments[h->after];
  if (s->kind != SHED_STEP_JUMP || s->event == 0 || shed_segment_start_s(j, s) > h->end_s + LEADS_S) {
    return false;
  }
  return fabs(remainder(h->midi - j->target.events[s->event - 1].pitch, 12)) <= SAME_PITCH;
}

/// A note of this pitch was due here, and the path has not found it, or has found another pitch for it: it may be this one.
static bool
is_unfound(shed_judged *j, const shed_extra_sound *h)
{
  for (int e = 0; e < j->target.n_events; e++) {
    shed_note_verdict *v     = &j->v.notes[shed_line_index(j, e)];
    const shed_found  *f     = &j->found[e];
    const bool         there = f->segment >= 0;
    if (!has_pitch_of(j, e, h) || !(fabs(f->expected_s - h->onset_s) <= NEXT_NEAR_S) ||
        v->pitch != (there ? SHED_PITCH_WRONG : SHED_PITCH_UNSURE)) {
      continue;
    }
    if (there) {
      v->pitch = SHED_PITCH_UNSURE;
    }
    return true;
  }
  return false;
}

int
shed_extras_missing_here(const shed_judged *j, int around, double at_s)
{
  for (int e = around - 2 > 0 ? around - 2 : 0; e <= around + 3 && e < j->target.n_events; e++) {
    const shed_found       *f      = &j->found[e];
    const shed_align_event *ev     = &j->target.events[e];
    const double            period = (double)j->guess.period, early = f->expected_s - at_s;
    const double            before = e > 0 ? (ev->at_s - (ev - 1)->at_s) * period : (double)INFINITY;
    const double            near   = fmax(SAME_SLOT_S, SAME_SLOT_SHARE * ev->length_s * period);
    if (fabs(early) <= near && early <= fmax(EARLY_SLOT_S, EARLY_SLOT_SHARE * before) &&
        j->v.notes[shed_line_index(j, e)].pitch == SHED_PITCH_MISSED) {
      return e;
    }
  }
  return -1;
}

void
shed_extras_take_as_wrong(shed_judged *j, int event, const shed_extra_note *x, double end_s)
{
  int                index = shed_line_index(j, event);
  shed_note_verdict *v     = &j->v.notes[index];
  if (fabs(x->midi - j->target.events[event].pitch) <= SAME_PITCH) {
    v->pitch = SHED_PITCH_UNSURE; // its own pitch, which the path did not take for it
    return;
  }
  v->pitch          = SHED_PITCH_WRONG;
  v->played_midi    = x->midi;
  v->cents          = (x->midi - j->prompt->line.notes[index].midi - j->target.shift) * 100.;
  v->onset_s        = x->onset_s;
  v->offset_s       = end_s;
  v->onset_error_ms = (x->onset_s - v->expected_onset_s) * 1000;
  v->take_index     = x->take_index;
  v->confidence     = x->confidence;
}

/// A wrong note that settled on its pitch after its first moments: that pitch, and as long as the ear heard it.
static void
settle_wrong(shed_judged *j, shed_note_verdict *v, const shed_extra_note *x)
{
  const shed_sounding_note *n = &j->prompt->line.notes[v->index];
  v->pitch                    = SHED_PITCH_WRONG;
  v->played_midi              = x->midi;
  v->cents                    = (x->midi - n->midi - j->target.shift) * 100.;
  v->offset_s                 = fmax(v->offset_s, (double)j->take->notes[x->take_index].offset_s);
  v->length                   = shed_judge_length(n, v->expected_duration_s, v->offset_s - v->onset_s,
                                                  v->index + 1 == (int)j->v.n_notes);
}

/// A sound that the ear took as one note with one of the line's: it is that note and no other. Its first part was read as
/// something else, because it came before its time or because the whole of it is another pitch.
static bool
belongs_to_a_note(shed_judged *j, const shed_extra_note *x)
{
  enum { REACH = 2 };
  for (size_t i = 0; i < j->v.n_notes; i++) {
    shed_note_verdict *v = &j->v.notes[i];
    if (j->path.segments[0].row < 0 && v->played_midi == x->midi && x->onset_s >= v->onset_s &&
        x->onset_s <= v->onset_s + JUST_BEGUN_S) {
      return true; // it has just begun
    }
    if (x->take_index < 0 || v->take_index != x->take_index) {
      continue;
    }
    if ((v->pitch == SHED_PITCH_WRONG || v->pitch == SHED_PITCH_UNSURE) && x->onset_s > v->onset_s &&
        v->played_midi != x->midi && fabs((double)v->played_midi - x->midi) <= SLID_SEMITONES &&
        x->midi != j->prompt->line.notes[i].midi + j->target.shift) {
      settle_wrong(j, v, x);
      return true;
    }
    if (v->played_midi != x->midi) {
      continue;
    }
    if (x->onset_s >= v->onset_s) {
      return true;
    }
    if (shed_extras_attack_near(j, v->onset_s, REACH) >= NEW_ATTACK) {
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

bool
shed_extras_is_of_music(shed_judged *j, const shed_extra_sound *h, const shed_extra_note *x)
{
  if (!goes_on(j, h) && !turns_over(j, h) && !has_begun(j, h) && !leads_back(j, h) && !is_unfound(j, h)) {
    return false;
  }
  (void)belongs_to_a_note(j, x); // which begins with it, then
  return true;
}

void
shed_extras_drop_notes(shed_judged *j)
{
  size_t n = 0;
  for (size_t i = 0; i < j->v.n_extras; i++) {
    if (!belongs_to_a_note(j, &j->v.extras[i])) {
      j->v.extras[n++] = j->v.extras[i];
    }
  }
  j->v.n_extras = n;
}
