// About this file: why another note came out than the one asked for, by what the instrument and the page make likely.
// One note off by a step may be anything; a clarinet's note a twelfth off is its register key, each time.
#include "assessors/judge_causes.h"
#include "engine/music/profile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TWELFTH = 19, OCTAVE = 12, NEIGHBOUR_SEMITONES = 2, NEIGHBOUR_LEAST = 2, VALVES_MOST = 6, STEPS = 7 };

// The pedal note of the open horn, concert MIDI. A double horn has two.
static const struct {
  const char *profile;
  int         fundamental;
} brass[] = {{"trumpet", 46}, {"horn", 29}, {"horn", 34}, {"trombone", 34}, {"euphonium", 34}, {"tuba", 22}};

// Partials 2 to 10 above the pedal note in semitones; the seventh is flat and not played.
static const int partials[] = {12, 19, 24, 28, 31, 36, 38, 40};

static bool
profile_of(const shed_judged *j, shed_profile *p)
{
  return j->prompt->profile[0] && shed_profile_find(j->prompt->profile, p, NULL) == SHED_OK;
}

// What sounded, less what was asked for, in semitones.
static int
interval_of(const shed_judged *j, size_t i)
{
  return j->v.notes[i].played_midi - j->target.shift - j->prompt->line.notes[i].midi;
}

// The signature as the player reads it.
static int
written_fifths(const shed_judged *j, size_t i)
{
  const shed_line *line = &j->prompt->line;
  shed_profile     p;
  int              m      = line->notes[i].measure_index;
  int              fifths = m >= 0 && (size_t)m < line->n_measures ? line->measures[m].fifths : 0;
  return profile_of(j, &p) ? shed_profile_written_fifths(&p, fifths) : fifths;
}

static bool
same_valves(int fundamental, int asked, int played)
{
  for (int valves = 0; valves <= VALVES_MOST; valves++) {
    bool reach_asked = false, reach_played = false;
    for (size_t k = 0; k < SHED_COUNTOF(partials); k++) {
      reach_asked  = reach_asked || fundamental + partials[k] - valves == asked;
      reach_played = reach_played || fundamental + partials[k] - valves == played;
    }
    if (reach_asked) {
      return reach_played; // the usual fingering has the fewest valves
    }
  }
  return false;
}

static bool
is_partial(const shed_judged *j, size_t i)
{
  int asked = j->prompt->line.notes[i].midi, played = asked + interval_of(j, i);
  for (size_t k = 0; k < SHED_COUNTOF(brass); k++) {
    if (strcmp(brass[k].profile, j->prompt->profile) == 0 &&
        same_valves(brass[k].fundamental, asked, played)) {
      return true;
    }
  }
  return false;
}

shed_why
shed_wrong_why(const shed_judged *j, size_t i)
{
  const shed_note_verdict *v = &j->v.notes[i];
  const shed_pitch         w = j->prompt->line.notes[i].written;
  shed_profile             p = {0};
  if (v->pitch != SHED_PITCH_WRONG || v->played_midi < 0) {
    return SHED_WHY_NOT_WRONG;
  }
  int  off  = interval_of(j, i);
  bool wind = profile_of(j, &p) && p.family == SHED_FAMILY_WOODWIND;
  if (w.alter != 0 && off == -w.alter) {
    return shed_key_alter(written_fifths(j, i), w.step) == w.alter ? SHED_WHY_KEY : SHED_WHY_ACCIDENTAL;
  }
  if (w.alter == 0 && off != 0 && off == shed_key_alter(written_fifths(j, i), w.step)) {
    return SHED_WHY_ACCIDENTAL; // a natural that was missed
  }
  if (strcmp(j->prompt->profile, "clarinet") == 0 && abs(off) == TWELFTH) {
    return SHED_WHY_REGISTER;
  }
  if (p.family == SHED_FAMILY_BRASS && p.id && is_partial(j, i)) {
    return SHED_WHY_PARTIAL;
  }
  if (wind && abs(off) == OCTAVE) {
    return SHED_WHY_OCTAVE;
  }
  return abs(off) <= NEIGHBOUR_SEMITONES ? SHED_WHY_NEIGHBOUR : SHED_WHY_OTHER;
}

// Key signatures have no octaves.
static void
drop_octave(char *name)
{
  name[strcspn(name, "-0123456789")] = '\0';
}

void
shed_wrong_names(const shed_judged *j, size_t i, shed_message *m)
{
  char                      wanted[16], played[16];
  const shed_sounding_note *n   = &j->prompt->line.notes[i];
  shed_why                  why = shed_wrong_why(j, i);
  int                       to  = interval_of(j, i);
  shed_pitch                p   = shed_pitch_spell(shed_pitch_midi(n->written) + to, written_fifths(j, i));
  if (why == SHED_WHY_KEY || why == SHED_WHY_ACCIDENTAL) {
    p       = n->written; // the same letter
    p.alter = (signed char)(p.alter + to);
  }
  shed_pitch_name(n->written, wanted, sizeof(wanted));
  shed_pitch_name(p, played, sizeof(played));
  if (why == SHED_WHY_KEY) {
    drop_octave(wanted);
    drop_octave(played);
  }
  shed_message_str(m, "played", played);
  shed_message_str(m, "note", wanted);
}

// How many notes have that cause; with sign, only those that came out higher (1) or lower (-1).
static int
count_why(const shed_judged *j, shed_why why, int sign, size_t *first)
{
  int n = 0;
  for (size_t i = j->v.n_notes; i-- > 0;) {
    if (shed_wrong_why(j, i) == why && sign * interval_of(j, i) >= 0) {
      *first = i;
      n++;
    }
  }
  return n;
}

static double
tell(const shed_judged *j, shed_message_code code, int n, size_t first, shed_message *m)
{
  *m = shed_message_of(code);
  shed_message_num(m, "n", n, 0);
  shed_message_str(m, "bar", j->prompt->line.notes[first].measure);
  shed_wrong_names(j, first, m);
  return n;
}

double
shed_cause_key(const shed_judged *j, shed_message *m)
{
  int    by_step[STEPS] = {0}, best = -1;
  size_t first[STEPS] = {0};
  for (size_t i = j->v.n_notes; i-- > 0;) {
    if (shed_wrong_why(j, i) == SHED_WHY_KEY) {
      int step    = (unsigned char)j->prompt->line.notes[i].written.step;
      first[step] = i;
      by_step[step]++;
      best = best < 0 || by_step[step] > by_step[best] ? step : best;
    }
  }
  // before the plain count of the same notes
  return best < 0 ? 0 : .5 + tell(j, SHED_MSG_advice_key_missed, by_step[best], first[best], m);
}

double
shed_cause_accidental(const shed_judged *j, shed_message *m)
{
  size_t first = 0;
  int    n     = count_why(j, SHED_WHY_ACCIDENTAL, 0, &first);
  return n ? .4 + tell(j, SHED_MSG_advice_accidental, n, first, m) : 0;
}

static double
higher_or_lower(const shed_judged *j, shed_why why, shed_message_code up, shed_message_code down,
                shed_message *m)
{
  size_t high = 0, low = 0;
  int    n_high = count_why(j, why, 1, &high), n_low = count_why(j, why, -1, &low);
  if (n_high + n_low == 0) {
    return 0;
  }
  return .5 + (n_high >= n_low ? tell(j, up, n_high, high, m) : tell(j, down, n_low, low, m));
}

double
shed_cause_register(const shed_judged *j, shed_message *m)
{
  return higher_or_lower(j, SHED_WHY_REGISTER, SHED_MSG_advice_register_open, SHED_MSG_advice_register_closed,
                         m);
}

double
shed_cause_octave(const shed_judged *j, shed_message *m)
{
  return higher_or_lower(j, SHED_WHY_OCTAVE, SHED_MSG_advice_octave_up, SHED_MSG_advice_octave_down, m);
}

double
shed_cause_partial(const shed_judged *j, shed_message *m)
{
  bool slide = strcmp(j->prompt->profile, "trombone") == 0;
  return higher_or_lower(j, SHED_WHY_PARTIAL,
                         slide ? SHED_MSG_advice_slide_partial_up : SHED_MSG_advice_partial_up,
                         slide ? SHED_MSG_advice_slide_partial_down : SHED_MSG_advice_partial_down, m);
}

double
shed_cause_neighbour(const shed_judged *j, shed_message *m)
{
  size_t first = 0;
  int    n     = count_why(j, SHED_WHY_NEIGHBOUR, 0, &first);
  return n >= NEIGHBOUR_LEAST ? tell(j, SHED_MSG_advice_neighbour, n, first, m) : 0;
}
