// About this file: labels, which are facts and the same under every policy. Pitch: within 30 cents correct, to 70 sharp
// or flat, beyond wrong. Time: within 60 ms. Near a line, by the ear's own uncertainty, the label is "unsure"; what was
// not heard clearly is not judged at all.
#include "assessors/judge.h"
#include "engine/music/pitch.h"

#include <math.h>

static const double DOUBT_CENTS       = 2;   ///< of the ear, on a steady note
static const double DOUBT_SHORT_CENTS = 4;   ///< and more under SHORT_S
static const double DOUBT_OF_PERIODS  = 100; ///< cents: shared by the periods that were heard
static const double DOUBT_SPREAD      = .12; ///< of the spread beyond a steady note's
static const double STEADY_CENTS      = 10;
static const double AGREE_CENTS       = 5;  ///< of the ear and the spectrum's lines
static const double AGREE_SPREAD      = 15; ///< of the lines
static const double AGREED            = .6; ///< of the doubt is left then
static const double GRANTED           = .5; ///< of the doubt: a note is right until it is surely not
static const double REACHED_CENTS     = 8;  ///< inside the line
static const double LINES_APART       = 25; ///< cents: the ear's pitch is bent by somebody else's sound
static const double SHORT_S           = .2;
static const double HEARD_SHARE       = .5;
static const double NOT_HEARD_SHARE   = .25;
static const double OTHER_SHARE       = .35;
static const double FAINT_DB          = 14; ///< below the player's usual note: a tail, or somebody else
static const double SURE_NOISY        = .6;
static const double DOUBTFUL_SHARE    = .5;
static const double HEARD_LEAST_S     = .03;
static const double DOUBT_MS          = 5;
static const double DOUBT_SD          = .3;
static const double DOUBT_SUNG_MS     = 20; ///< where a sung note begins is a matter of opinion by that much
static const double NOISY_MS          = 40; ///< an onset under noise is not better known
static const double DISAGREE_S        = .055;
static const double BEYOND_SURE       = .4; ///< of the odds of an onset
static const double BEYOND_SURE_SUNG  = .8; ///< they are fitted on made voices
static const double SHORT_RATIO       = .5;
static const double LONG_RATIO        = 1.6;
static const double LENGTH_DOUBT      = .08;
static const double LENGTH_LEAST_S    = .12;
static const double NOISY_SLOT_DB   = 10; ///< sound this far over the silent level in a slot may hide a note
static const double STAYED_SHARE    = .5; ///< of a note's length through which the one before it sounds
static const float  STAYED_ATTACK   = .1F;
static const double STAYED_NEAR     = .25; ///< of its length, from where it was expected
static const double STAYED_NEAR_S   = .08; ///< at least
static const double STAYED_RISE_DB  = 1.5; ///< out of the dip between the two
static const double STAYED_BELOW_DB = 8;   ///< below the first of the two at most
static const double STAYED_BENT     = 1.5; ///< semitones: out of tune rather than another note
// Of rendered takes' 13 notes that were played on the pitch before them all lie within 3 dB of the player's other notes of that pitch, of 6
// that were left out five lie 6 to 16 dB below: the room answers.
static const double STAYED_OWN_DB = 5;
enum { DIP_FRAMES = 6, CLIMB_FRAMES = 8 };

static bool
is_asked(const shed_sounding_note *n)
{
  return n->pitched &&
         !(n->flags & (SHED_NOTE_NO_ASSESS | SHED_NOTE_GRACE | SHED_NOTE_CUE | SHED_NOTE_GHOST));
}

// -- pitch ---------------------------------------------------------------------------------------------------------

static double
doubt_of(const shed_measure *m, double midi)
{
  double periods = m->sound_s * shed_midi_to_hz(midi, 440);
  double doubt =
      DOUBT_CENTS + DOUBT_OF_PERIODS / fmax(periods, 1) + (m->sound_s < SHORT_S ? DOUBT_SHORT_CENTS : 0);
  doubt += DOUBT_SPREAD * fmax(0, m->spread - STEADY_CENTS);
  const bool agree = fabs(m->line_cents - m->ear_cents) <= AGREE_CENTS && m->line_spread <= AGREE_SPREAD;
  return agree ? AGREED * doubt : doubt;
}

static shed_pitch_label
label_of_deviation(const shed_judged *j, double dev, double near, double doubt)
{
  double a = fabs(dev);
  if (a <= j->line_cents - GRANTED * doubt) {
    return SHED_PITCH_CORRECT;
  }
  if (a < j->line_cents + doubt) {
    // a voice that glides through a note is granted the part of it that stands nearest
    return j->prompt->sung && fabs(near) <= j->line_cents - REACHED_CENTS ? SHED_PITCH_CORRECT
                                                                          : SHED_PITCH_UNSURE;
  }
  if (a > j->far_cents + doubt) {
    return SHED_PITCH_WRONG; // where this line is straddled, the milder of two faults is told
  }
  return dev > 0 ? SHED_PITCH_SHARP : SHED_PITCH_FLAT;
}

/// The ear hears it out of tune and the spectrum's lines in tune: of two sounds the ear's pitch is neither.
static bool
lines_say_right(const shed_judged *j, const shed_found *f, const shed_measure *m)
{
  return !j->prompt->sung && !isnan(m->line_cents) && fabs(m->line_cents - m->ear_cents) > LINES_APART &&
         fabs(shed_judge_deviation(j, f, m->line_cents)) <= j->line_cents;
}

static void
label_found(const shed_judged *j, shed_found *f, const shed_measure *m, bool in_chord, shed_note_verdict *v)
{
  const shed_sounding_note *n         = &j->prompt->line.notes[v->index];
  const double              expected  = n->midi + n->cents / 100 + j->target.shift;
  const double              doubt     = doubt_of(m, expected);
  double                    dev       = shed_judge_deviation(j, f, m->cents);
  bool                      near_line = false;
  v->cents                            = NAN;
  v->pitch = SHED_PITCH_UNSURE; // also in a chord: one voice of several that is not heard is no proof
  if (m->sound_s >= HEARD_LEAST_S && m->read >= HEARD_SHARE) {
    v->pitch  = label_of_deviation(j, dev, m->near_cents, doubt);
    near_line = v->pitch == SHED_PITCH_UNSURE && !in_chord;
    if ((v->pitch == SHED_PITCH_SHARP || v->pitch == SHED_PITCH_FLAT) && lines_say_right(j, f, m)) {
      v->pitch = SHED_PITCH_UNSURE;
    }
    v->cents       = dev;
    v->played_midi = (int)lround(expected + dev / 100);
  } else if (m->sound_s >= HEARD_LEAST_S && !in_chord && m->share < NOT_HEARD_SHARE &&
             m->other_share >= OTHER_SHARE) {
    v->pitch       = SHED_PITCH_WRONG;
    v->played_midi = m->other_midi;
    v->cents       = (m->other_midi - expected) * 100 + m->other_cents;
  }
  shed_judge_think_twice(j, f, m, expected, v);
  near_line      = near_line && v->pitch == SHED_PITCH_UNSURE && !shed_judge_is_weak(j, m);
  f->cents_doubt = near_line ? doubt : 0;
  double near    = fmin(fabs(fabs(dev) - j->line_cents), fabs(fabs(dev) - j->far_cents)) / (2 * doubt);
  double sure    = isnan(near) ? .6 : fmin(1, .5 + .5 * near);
  v->confidence  = fmin(1, (.3 + .7 * m->confidence) * fmax(m->read, m->other_share) * sure);
}

/// Could a note have hidden in the time where this one was expected? Then it is not known to be missing.
static bool
slot_is_clear(const shed_judged *j, int event)
{
  const shed_found *f    = &j->found[event];
  double            from = f->expected_s, to = from + .8 * j->target.events[event].length_s;
  int               unclear = 0, all = 0;
  if (isnan(from)) {
    return true;
  }
  for (long i = lround(from / SHED_FRAME_HOP_S); i < lround(to / SHED_FRAME_HOP_S); i++) {
    if (i < 0 || i >= (long)j->take->n_frames) {
      continue;
    }
    const shed_frame *fr = &j->take->frames[i];
    all++;
    unclear += !fr->voiced && (double)fr->level_db > (double)j->levels.silent_db + NOISY_SLOT_DB ? 1 : 0;
  }
  return unclear * 2 <= all;
}

/// The pitch stands among the candidates where it was expected, and is not the note before still sounding.
static bool
may_have_sounded(const shed_judged *j, int event)
{
  const shed_found *f = &j->found[event];
  if (isnan(f->expected_s) || j->target.events[event].same_as_before) {
    return false;
  }
  double       to = f->expected_s + .8 * j->target.events[event].length_s * (double)j->guess.period;
  shed_measure m =
      shed_measure_pitch(j->take, &j->levels, f->expected_s, to, j->target.events[event].pitch, j->centre);
  return m.sound_s > 0 && m.among >= HEARD_SHARE && m.level_db > j->usual_db - FAINT_DB;
}

/// A tone dips and comes again at frame @p at: it is not just dying away.
static bool
comes_again(const shed_judged *j, long at, double before_db)
{
  double low = 0, high = -120;
  for (long i = at - DIP_FRAMES; i <= at + CLIMB_FRAMES; i++) {
    if (i >= 0 && i < (long)j->take->n_frames) {
      double level = (double)j->take->frames[i].level_db;
      low          = i <= at ? fmin(low, level) : low;
      high         = i >= at ? fmax(high, level) : high;
    }
  }
  return high >= low + STAYED_RISE_DB && high >= before_db - STAYED_BELOW_DB;
}

/// From a moment on, is the tone of an event as loud as the player's other notes of its pitch? Where nothing tells that, it is.
static bool
is_as_loud(const shed_judged *j, int event, double from_s)
{
  const shed_found    *f    = &j->found[event];
  const double         midi = f->m.other_midi + (f->m.other_cents - shed_judge_deviation(j, f, 0)) / 100;
  const shed_own_sound s    = shed_own_compare(&j->own, j->take, midi, from_s, f->offset_s, NAN, event);
  return !s.known || s.level_db >= -STAYED_OWN_DB;
}

/// Of instruments, for a voice slides: where the tone before this note, which sounds on through its time, was begun again: the player stayed on that pitch. NaN.
static double
stayed_at(const shed_judged *j, int event)
{
  const shed_align_event *ev     = &j->target.events[event];
  const shed_found       *before = event > 0 ? &j->found[event - 1] : NULL;
  const double            at = j->found[event].expected_s, length_s = ev->length_s * (double)j->guess.period;
  if (j->prompt->sung || !before || before->segment < 0 || isnan(at) || ev->count > 1 ||
      before->m.other_midi < 0 || fabs(before->m.other_midi - ev->pitch) < .8 ||
      before->offset_s < at + STAYED_SHARE * length_s ||
      (may_have_sounded(j, event) && fabs(before->m.other_midi - ev->pitch) > STAYED_BENT)) {
    return NAN;
  }
  const double near = fmax(STAYED_NEAR_S, STAYED_NEAR * length_s);
  double       best = NAN;
  float        most = STAYED_ATTACK;
  for (int i = 0; i < j->evidence.n; i++) {
    double s = shed_judge_grid_s(j, i);
    if (fabs(s - at) <= near && s > before->onset_s + STAYED_NEAR_S &&
        s + STAYED_SHARE * length_s <= before->offset_s && j->evidence.attack[i] >= most &&
        comes_again(j, lround(s / SHED_FRAME_HOP_S), before->m.level_db)) {
      most = j->evidence.attack[i];
      best = s;
    }
  }
  return isnan(best) || is_as_loud(j, event - 1, at) ? best : (double)NAN;
}

/// The note was played, on the pitch of the one before it or near that.
static void
label_stayed(shed_judged *j, int event, double at_s, shed_note_verdict *v)
{
  shed_found  *before = &j->found[event - 1];
  const double asked  = j->target.events[event].pitch;
  shed_measure m      = shed_measure_pitch(j->take, &j->levels, at_s, before->offset_s, asked, j->centre);
  v->pitch            = SHED_PITCH_WRONG;
  v->played_midi      = m.other_midi;
  v->cents            = (m.other_midi - asked) * 100 + m.other_cents;
  if (m.read >= HEARD_SHARE && fabs(m.other_midi - asked) <= STAYED_BENT) {
    v->cents = shed_judge_deviation(j, before, m.cents);
    v->pitch = label_of_deviation(j, v->cents, m.near_cents, doubt_of(&m, asked));
    v->pitch = v->pitch == SHED_PITCH_CORRECT ? SHED_PITCH_UNSURE : v->pitch; // the path would have seen it
  }
  v->onset_s        = at_s;
  v->offset_s       = before->offset_s;
  v->onset_error_ms = (at_s - j->found[event].expected_s) * 1000;
  v->confidence     = .6;
  before->offset_s  = at_s;
}

static void
label_missing(const shed_judged *j, int event, shed_note_verdict *v)
{
  v->pitch = slot_is_clear(j, event) && !may_have_sounded(j, event) && !shed_judge_stands_in_slot(j, event) &&
                     !(j->doubtful && shed_judge_is_noisy(j))
                 ? SHED_PITCH_MISSED
                 : SHED_PITCH_UNSURE;
  v->confidence = v->pitch == SHED_PITCH_MISSED ? .8 : .4;
}

/// Less than half of the music was recognised: in noise that says more of the room than of the player.
static bool
is_doubtful(const shed_judged *j)
{
  int good = 0;
  for (int e = 0; e < j->target.n_events; e++) {
    good += j->found[e].segment >= 0 && j->found[e].m.share >= HEARD_SHARE ? 1 : 0;
  }
  return good < DOUBTFUL_SHARE * j->target.n_events;
}

void
shed_judge_label_pitch(shed_judged *j)
{
  j->doubtful = is_doubtful(j);
  for (int e = 0; e < j->target.n_events; e++) {
    const shed_align_event *ev = &j->target.events[e];
    shed_found             *f  = &j->found[e];
    for (int k = 0; k < ev->count; k++) {
      int                       index = j->target.notes[ev->first + k];
      const shed_sounding_note *n     = &j->prompt->line.notes[index];
      shed_note_verdict        *v     = &j->v.notes[index];
      if (f->segment >= 0) {
        shed_measure m     = f->m;
        double       pitch = n->midi + n->cents / 100 + j->target.shift;
        if (fabs(pitch - ev->pitch) > 1e-9) {
          m = shed_measure_pitch(j->take, &j->levels, f->path_onset_s, f->offset_s, pitch, j->centre);
        }
        v->take_index = f->take_index;
        v->onset_s    = f->onset_s;
        v->offset_s   = f->offset_s;
        label_found(j, f, &m, ev->count > 1, v);
      } else if (!isnan(stayed_at(j, e))) {
        label_stayed(j, e, stayed_at(j, e), v);
      } else {
        label_missing(j, e, v);
      }
      if (!is_asked(n)) {
        v->pitch = SHED_PITCH_NONE;
      }
    }
  }
}

// -- time ----------------------------------------------------------------------------------------------------------

static bool
time_is_free(const shed_judged *j, int event)
{
  enum { FREE = SHED_NOTE_RIT | SHED_NOTE_ARPEGGIO | SHED_NOTE_WAIT };
  bool after_fermata =
      event > 0 && (j->target.events[event - 1].flags & (SHED_NOTE_FERMATA | SHED_NOTE_WAIT));
  return !j->policy->judge_fermata_time && ((j->target.events[event].flags & FREE) || after_fermata);
}

/// By the odds of where it began: how likely it lies beyond the line on the side of @p dev_ms.
static double
chance_beyond(const shed_found *f, double dev_ms)
{
  const double line_s = SHED_LINE_MS / 1000;
  return dev_ms > 0 ? shed_judge_onset_share(f, f->expected_s + line_s, INFINITY)
                    : shed_judge_onset_share(f, -INFINITY, f->expected_s - line_s);
}

static shed_timing_label
label_timing(const shed_judged *j, const shed_found *f)
{
  double dev_ms = (f->onset_s - f->expected_s) * 1000;
  double doubt  = fmax(DOUBT_MS, DOUBT_SD * j->timing_sd_s * 1000) + (j->prompt->sung ? DOUBT_SUNG_MS : 0);
  if (fabs(dev_ms) <= SHED_LINE_MS) {
    return SHED_TIMING_ON_TIME;
  }
  bool weak = shed_judge_is_noisy(j) && !f->onset_plain &&
              (f->m.confidence < SURE_NOISY || fabs(dev_ms) < SHED_LINE_MS + NOISY_MS);
  // two estimates of the onset that both lie beyond the line agree in what matters
  bool apart = f->onset_doubt_s > DISAGREE_S && fabs(dev_ms) - f->onset_doubt_s * 1000 <= SHED_LINE_MS;
  if (f->odds.n > 0) {
    weak  = false;
    apart = chance_beyond(f, dev_ms) < (j->prompt->sung ? BEYOND_SURE_SUNG : BEYOND_SURE);
  }
  if (fabs(dev_ms) <= SHED_LINE_MS + doubt || apart || weak) {
    return SHED_TIMING_UNSURE;
  }
  return dev_ms > 0 ? SHED_TIMING_LATE : SHED_TIMING_EARLY;
}

/// Time is judged against other notes: the first note of a run of one says nothing.
static bool
has_company(const shed_judged *j, int event)
{
  if (j->prompt->a_click && isfinite(j->prompt->click_start_s)) {
    return true;
  }
  for (int d = 1; d <= 3; d++) {
    for (int s = -1; s <= 1; s += 2) {
      int k = event + s * d;
      if (k >= 0 && k < j->target.n_events && j->found[k].segment >= 0 &&
          j->found[k].run == j->found[event].run) {
        return true;
      }
    }
  }
  return false;
}

shed_length_label
shed_judge_length(const shed_sounding_note *n, double wanted_s, double played_s, bool last)
{
  enum { FREE = SHED_NOTE_FERMATA | SHED_NOTE_RIT | SHED_NOTE_TREMOLO | SHED_NOTE_STACCATO | SHED_NOTE_WAIT };
  double ratio  = played_s / fmax(wanted_s, 1e-3);
  double breath = n->flags & SHED_NOTE_BREATH_AFTER ? .15 : 0;
  if ((n->flags & FREE) || wanted_s < LENGTH_LEAST_S) {
    return ratio > 0 && !(n->flags & SHED_NOTE_FERMATA) ? SHED_LENGTH_OK : SHED_LENGTH_NONE;
  }
  double shortest = SHORT_RATIO - breath;
  if (last) {
    return ratio >= shortest ? SHED_LENGTH_OK : SHED_LENGTH_SHORT; // the last note may ring
  }
  if (fabs(ratio - shortest) < LENGTH_DOUBT || fabs(ratio - LONG_RATIO) < LENGTH_DOUBT * 2) {
    return SHED_LENGTH_UNSURE;
  }
  if (ratio < shortest) {
    return wanted_s - played_s > LENGTH_LEAST_S ? SHED_LENGTH_SHORT : SHED_LENGTH_UNSURE;
  }
  return ratio > LONG_RATIO && played_s - wanted_s > 2 * LENGTH_LEAST_S ? SHED_LENGTH_LONG : SHED_LENGTH_OK;
}

static shed_length_label
label_length(const shed_judged *j, int event, const shed_sounding_note *n)
{
  const shed_found *f      = &j->found[event];
  double            wanted = j->target.events[event].length_s * (double)j->path.segments[f->segment].period;
  double            played = f->offset_s - f->onset_s;
  if (n->flags & SHED_NOTE_CHORD) {
    return played > 0 && !(n->flags & SHED_NOTE_FERMATA) ? SHED_LENGTH_OK : SHED_LENGTH_NONE;
  }
  return shed_judge_length(n, wanted, played, event + 1 == j->target.n_events);
}

void
shed_judge_label_time(shed_judged *j)
{
  for (int e = 0; e < j->target.n_events; e++) {
    const shed_align_event *ev = &j->target.events[e];
    const shed_found       *f  = &j->found[e];
    double period = f->segment >= 0 ? (double)j->path.segments[f->segment].period : (double)j->guess.period;
    for (int k = 0; k < ev->count; k++) {
      int                       index = j->target.notes[ev->first + k];
      const shed_sounding_note *n     = &j->prompt->line.notes[index];
      shed_note_verdict        *v     = &j->v.notes[index];
      v->expected_onset_s             = f->expected_s;
      v->expected_duration_s          = ev->length_s * period;
      if (f->segment < 0 || !is_asked(n) || v->pitch == SHED_PITCH_MISSED) {
        continue;
      }
      v->onset_error_ms = (f->onset_s - f->expected_s) * 1000;
      if (!time_is_free(j, e) && has_company(j, e)) {
        v->timing = f->withheld ? SHED_TIMING_UNSURE : label_timing(j, f);
      }
      v->length = label_length(j, e, n);
    }
  }
}
