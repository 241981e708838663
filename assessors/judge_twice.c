// About this file: second thoughts about a pitch label. A fault is told only where it is surely the player's, and a note is
// not granted to the end of the one before it.
#include "assessors/judge.h"

#include <math.h>

static const double NOISY_SNR_DB = 14;
static const double TAIL_DB      = 6; ///< below the note before
static const double ATTACK_LEAST = .5;
static const double DRIFT_CENTS  = 20;
static const double AMONG_SHARE  = .3;
// Of rendered takes' wrong notes 1 in 60 has the pitch that was asked for standing beside it so long, and all of these were heard
// more surely than this; where somebody else plays a semitone off, four in five right notes stand beside the other's so.
static const double BESIDE_SHARE     = .6;
static const double BESIDE_SURE      = .95;
static const double SURE             = .35; ///< confidence of the ear, from which on a fault is told
static const double FIXED_CENTS      = 55;
static const double NOTE_SNR_DB      = 12; ///< of one note over the floor
static const double LOOSE_CENTS      = 90; ///< a pitch that spreads this far is none
static const double LOOSE_SUNG_CENTS = 160;
static const double HEARD_NOISY_S    = .08;
static const double FAINT_DB         = 14; ///< below the player's usual note: a tail, or somebody else
static const double SURE_NOISY       = .6;
static const double HEARD_SHARE      = .5;
static const double PLAIN_SURE       = .85;
static const double PLAIN_S          = .12;
static const double OVERBLOWN_SHARE  = .85;
static const double OVERBLOWN_SURE   = .9;
static const double OVERBLOWN_S      = .1;
static const double OWN_FIRST_DB     = 3; ///< over the level of the player's softest
static const double FAR_OFF_CENTS    = 2450;
static const double RELEASE_ATTACK   = .35;
static const double RELEASE_SHARE    = .6; ///< of the written length
static const double RELEASE_REST     = .3;
static const double ODDS_SURE        = 2;  ///< log odds that it was the pitch asked for: it is granted
static const double ODDS_DOUBT       = 0;  ///< nobody can say
static const double ODDS_PLAINLY_NOT = -2; ///< another pitch, beyond doubt
static const double ABOVE_SHARE      = .6; ///< of the sound that is an octave or more up
static const double ABOVE_S          = .08;
static const double PLAINLY_CENTS    = 8; ///< over the line
enum { ATTACK_AROUND = 3, DRIFT_AROUND = 3 };

bool
shed_judge_is_noisy(const shed_judged *j)
{
  return (double)j->take->snr_db < NOISY_SNR_DB || j->usual_db - (double)j->levels.floor_db < NOISY_SNR_DB;
}

/// The segment that sounded before this one.
static const shed_found *
found_before(const shed_judged *j, const shed_found *f)
{
  const shed_found *best = NULL;
  for (int e = 0; e < j->target.n_events; e++) {
    if (j->found[e].segment >= 0 && j->found[e].segment < f->segment &&
        (!best || j->found[e].segment > best->segment)) {
      best = &j->found[e];
    }
  }
  return best;
}

double
shed_judge_attack_of(const shed_judged *j, const shed_found *f)
{
  int    at   = j->path.segments[f->segment].start;
  double best = 0;
  for (int i = at > ATTACK_AROUND ? at - ATTACK_AROUND : 0; i <= at + ATTACK_AROUND && i < j->evidence.n;
       i++) {
    best = fmax(best, (double)j->evidence.attack[i]);
  }
  return best;
}

/// What sounds is the end of the note before, or too faint to be the player's.
static bool
is_tail(const shed_judged *j, const shed_found *f, const shed_measure *m)
{
  const shed_found *before = found_before(j, f);
  if (m->level_db < j->usual_db - FAINT_DB) {
    return true;
  }
  bool same = before && before->m.other_midi >= 0 && before->m.other_midi == m->other_midi;
  return same && (shed_judge_attack_of(j, f) < ATTACK_LEAST || m->level_db < before->m.level_db - TAIL_DB);
}

/// Heard so surely and for so long that noise does not matter.
static bool
is_plain(const shed_measure *m)
{
  return m->confidence >= PLAIN_SURE && m->sound_s >= PLAIN_S;
}

static bool
is_octave_slip(const shed_measure *m, double expected)
{
  double d = fabs(m->other_midi - expected);
  return m->among >= AMONG_SHARE && (fabs(d - 12) < .8 || fabs(d - 19) < .8 || fabs(d - 24) < .8);
}

static bool
is_octave_up(const shed_measure *m, double expected)
{
  double d = m->other_midi - expected;
  return fabs(d - 12) < .8 || fabs(d - 19) < .8 || fabs(d - 24) < .8;
}

/// Heard an octave, a twelfth or two octaves up, all along and surely: an overblown note, although the pitch that was asked
/// for is a candidate too, as it always is below the one that sounds. In noise the ear is less sure: of rendered right notes
/// that it hears an octave up none is heard with .85.
static bool
is_overblown(const shed_measure *m, double expected)
{
  return is_octave_up(m, expected) && m->other_share >= OVERBLOWN_SHARE && m->confidence >= OVERBLOWN_SURE &&
         m->sound_s >= OVERBLOWN_S;
}

/// A note on the pitch of the one before it, without a beginning of its own, that fades early with nothing after it: the
/// other one's end, still ringing.
static bool
is_release(const shed_judged *j, const shed_found *f)
{
  const shed_segment *s = &j->path.segments[f->segment];
  if (f->segment == 0 || (s - 1)->kind == SHED_STEP_EXTRA ||
      fabs(j->target.events[(s - 1)->event].pitch - j->target.events[s->event].pitch) > .5 ||
      shed_judge_attack_of(j, f) >= RELEASE_ATTACK || shed_judge_began_before(f)) {
    return false;
  }
  int    next    = f->segment + 1 < (int)j->path.n ? (s + 1)->start : j->evidence.n;
  double wanted  = j->target.events[s->event].length_s * (double)s->period;
  double sounded = (s->end - s->start) * j->evidence.hop_s, rest = (next - s->end) * j->evidence.hop_s;
  return sounded < RELEASE_SHARE * wanted && rest >= RELEASE_REST * wanted;
}

double
shed_judge_over_player_db(const shed_judged *j, const shed_found *f)
{
  return (double)(j->evidence.loud_db[j->path.segments[f->segment].start] - j->levels.player_db);
}

/// So far off that it is hardly a slip; or the first sound of a take and not plainly the player's: somebody else, or a noise.
/// @param odds that it was the pitch asked for; NaN.
static bool
is_somebodys(const shed_judged *j, const shed_found *f, const shed_note_verdict *v, double odds)
{
  return fabs(v->cents) > FAR_OFF_CENTS ||
         (f->segment == 0 && shed_judge_over_player_db(j, f) < OWN_FIRST_DB && !(odds <= ODDS_PLAINLY_NOT));
}

static void
make_wrong(const shed_measure *m, double expected, shed_note_verdict *v)
{
  v->pitch       = SHED_PITCH_WRONG;
  v->played_midi = m->other_midi;
  v->cents       = (m->other_midi - expected) * 100 + m->other_cents;
}

void
shed_judge_call_missed(shed_note_verdict *v)
{
  v->pitch       = SHED_PITCH_MISSED;
  v->take_index  = -1;
  v->played_midi = -1;
  v->cents = v->onset_s = v->offset_s = NAN;
}

/// The pitch that was asked for stands beside the one that was heard: two players sound, or the ear is an octave too low. Under
/// a note that sounds an octave or a twelfth up the lower one stands always.
static bool
is_beside(const shed_measure *m, double expected)
{
  return m->among >= BESIDE_SHARE && m->confidence < BESIDE_SURE && !is_octave_up(m, expected);
}

static void
take_beside(const shed_judged *j, const shed_measure *m, double expected, shed_note_verdict *v)
{
  v->pitch       = fabs(m->among_cents) <= j->line_cents ? SHED_PITCH_CORRECT : SHED_PITCH_UNSURE;
  v->cents       = m->among_cents;
  v->played_midi = (int)lround(expected + v->cents / 100);
}

/// A voice that has slid away from its centre: the notes around are off the same way.
static bool
is_drift(const shed_judged *j, const shed_found *f, double dev)
{
  double x[2 * DRIFT_AROUND], w[2 * DRIFT_AROUND];
  size_t n  = 0;
  int    at = (int)(f - j->found);
  for (int e = at - DRIFT_AROUND; e <= at + DRIFT_AROUND; e++) {
    if (e >= 0 && e < j->target.n_events && e != at && j->found[e].segment >= 0 &&
        j->found[e].m.read >= HEARD_SHARE) {
      x[n]   = shed_judge_deviation(j, &j->found[e], j->found[e].m.cents);
      w[n++] = 1;
    }
  }
  double around = n >= 2 ? shed_weighted_median(x, w, n, .5) : 0;
  return fabs(around) > DRIFT_CENTS && fabs(dev - around) < j->far_cents;
}

/// The ear heard another pitch, or none for long enough; what do the lines say?
static void
weigh(const shed_judged *j, const shed_measure *m, double expected, double odds, double cents,
      shed_note_verdict *v)
{
  const double off = fabs(cents);
  if (!(odds > ODDS_DOUBT && off <= j->far_cents)) {
    return;
  }
  v->pitch = off <= j->line_cents ? SHED_PITCH_UNSURE : v->pitch;
  if (odds <= ODDS_SURE || m->sound_s < HEARD_NOISY_S) {
    return;
  }
  if (off <= j->line_cents || off > j->line_cents + PLAINLY_CENTS) {
    v->pitch = off <= j->line_cents ? SHED_PITCH_CORRECT : cents > 0 ? SHED_PITCH_SHARP : SHED_PITCH_FLAT;
    v->cents = cents;
    v->played_midi = (int)lround(expected + cents / 100);
  }
}

static bool
is_heard(shed_pitch_label pitch)
{
  return pitch == SHED_PITCH_CORRECT || pitch == SHED_PITCH_SHARP || pitch == SHED_PITCH_FLAT;
}

bool
shed_judge_is_weak(const shed_judged *j, const shed_measure *m)
{
  const bool noisy = shed_judge_is_noisy(j);
  return m->confidence < (noisy ? SURE_NOISY : SURE) || (noisy && m->sound_s < HEARD_NOISY_S) ||
         (m->level_db - (double)j->levels.floor_db < NOTE_SNR_DB && !is_plain(m)) ||
         (m->read >= HEARD_SHARE && m->spread > (j->prompt->sung ? LOOSE_SUNG_CENTS : LOOSE_CENTS));
}

void
shed_judge_think_twice(const shed_judged *j, const shed_found *f, const shed_measure *m, double expected,
                       shed_note_verdict *v)
{
  const bool   noisy   = shed_judge_is_noisy(j);
  const bool   slid    = j->prompt->sung && m->read >= HEARD_SHARE && is_drift(j, f, v->cents);
  double       cents   = NAN;
  const double odds    = shed_judge_odds(j, f, m, expected, &cents);
  const bool   weighed = !isnan(odds) && !j->prompt->sung; // a voice slides, and its vowels move its lines
  if (weighed ? odds <= ODDS_DOUBT && is_octave_up(m, expected) && m->other_share >= ABOVE_SHARE &&
                    m->sound_s >= ABOVE_S
              : is_overblown(m, expected)) {
    make_wrong(m, expected, v);
  } else if (v->pitch == SHED_PITCH_WRONG && !slid && !weighed && is_beside(m, expected)) {
    take_beside(j, m, expected, v);
  } else if (v->pitch == SHED_PITCH_WRONG && (slid || (!weighed && is_octave_slip(m, expected)))) {
    v->pitch = SHED_PITCH_UNSURE;
  } else if (v->pitch == SHED_PITCH_WRONG ? !(odds > ODDS_DOUBT && is_beside(m, expected)) &&
                                                (is_tail(j, f, m) || shed_judge_over_player_db(j, f) < 0)
                                          : is_heard(v->pitch) && is_release(j, f)) {
    shed_judge_call_missed(v);
  }
  if (v->pitch == SHED_PITCH_WRONG || (v->pitch == SHED_PITCH_UNSURE && !(m->read >= HEARD_SHARE))) {
    weigh(j, m, expected, odds, cents, v);
  }
  if (j->prompt->fixed_pitch && (v->pitch == SHED_PITCH_SHARP || v->pitch == SHED_PITCH_FLAT)) {
    // nobody plays a key out of tune
    v->pitch = fabs(v->cents) <= FIXED_CENTS ? SHED_PITCH_CORRECT : SHED_PITCH_UNSURE;
  }
  bool red = v->pitch == SHED_PITCH_WRONG || v->pitch == SHED_PITCH_SHARP || v->pitch == SHED_PITCH_FLAT;
  if ((red && shed_judge_is_weak(j, m)) || (v->pitch == SHED_PITCH_WRONG && is_somebodys(j, f, v, odds)) ||
      (noisy && j->doubtful && (red || v->pitch == SHED_PITCH_MISSED))) {
    v->pitch = SHED_PITCH_UNSURE;
  }
}
