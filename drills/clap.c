// About this file: rhythms to clap or to play on one sound. A measure is filled with cells of the level; the measures make a
// phrase (some come back, so that there is something to remember), and the phrase ends on a downbeat.

#include "drills/deal.h"
#include "drills/kinds.h"
#include "drills/pen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GENERATOR = 1, TICKS = 12, CELL = 6, PHRASE = 4, FORMS = 3, METRES = 4, LOUDNESSES = 3 };

static const char *const dimensions[] = {"rhythm", "continuity", "tempo", NULL};

// A cell in ticks of a twelfth of a quarter; a rest is negative.
typedef struct {
  int         level;
  bool        compound;
  bool        steady; // of use for steady strokes
  int         span;
  int         n;
  signed char ticks[CELL];
} cell;

static const cell cells[] = {
    {1, false, true, 12, 1, {12}},        {1, false, true, 12, 2, {6, 6}},
    {1, false, true, 24, 1, {24}},        {1, false, false, 12, 1, {-12}},
    {2, false, false, 24, 2, {18, 6}},    {3, false, true, 12, 4, {3, 3, 3, 3}},
    {3, false, false, 12, 3, {6, 3, 3}},  {3, false, false, 12, 3, {3, 3, 6}},
    {3, false, false, 24, 3, {6, 12, 6}}, {4, false, false, 12, 2, {9, 3}},
    {4, false, true, 12, 3, {4, 4, 4}},   {4, false, false, 12, 3, {3, 6, 3}},
    {1, true, true, 18, 1, {18}},         {1, true, true, 18, 3, {6, 6, 6}},
    {1, true, false, 18, 2, {12, 6}},     {1, true, true, 36, 1, {36}},
    {1, true, false, 18, 1, {-18}},       {3, true, false, 18, 2, {6, 12}},
    {4, true, false, 18, 3, {9, 3, 6}},   {4, true, true, 18, 6, {3, 3, 3, 3, 3, 3}},
};

static const shed_metre metres[METRES] = {
    {2, 4}, {3, 4}, {4, 4}, {6, 8}}; // as the parameter's choices after "level"
// The metres of a level, as places in metres[].
static const int metres_of_level[SHED_LEVELS][METRES + 1] = {
    {3, 2, 0, 1, 0}, {4, 2, 1, 0, 3}, {4, 2, 3, 1, 0}, {4, 2, 3, 1, 0}};

// Which of the two made measures stands in each of the first three; the fourth closes.
static const int forms[FORMS][PHRASE - 1] = {{0, 1, 0}, {0, 0, 1}, {0, 1, 1}};

// What measures may hold.
typedef struct {
  int  level;
  int  length; // ticks
  bool compound;
  bool steady;
} rules;

static bool
usable(const cell *c, const rules *k)
{
  return c->level <= k->level && c->compound == k->compound && (c->steady || !k->steady);
}

static bool
rests(const cell *c)
{
  return c->ticks[0] < 0;
}

// In how many ways the rest of a measure can be filled: no rest on the downbeat, one rest at most.
static uint32_t
fillings(const rules *k, int left, bool rested)
{
  uint32_t n = 0;
  if (left == 0) {
    return 1;
  }
  for (size_t i = 0; i < SHED_COUNTOF(cells); i++) {
    const cell *c = &cells[i];
    if (usable(c, k) && c->span <= left && !(rests(c) && (rested || left == k->length))) {
      n += fillings(k, left - c->span, rested || rests(c));
    }
  }
  return n;
}

static uint32_t
measures_there_are(const rules *k)
{
  if (!k->steady) {
    return fillings(k, k->length, false);
  }
  uint32_t n = 0;
  for (size_t i = 0; i < SHED_COUNTOF(cells); i++) {
    n += usable(&cells[i], k) && k->length % cells[i].span == 0;
  }
  return n;
}

static shed_status
write_cell(shed_pen *pen, const cell *c)
{
  for (int i = 0; i < c->n; i++) {
    shed_beat   length = shed_beat_of(abs(c->ticks[i]), TICKS);
    shed_status st     = SHED_OK;
    if (c->ticks[i] < 0) {
      shed_pen_rest(pen, length);
    } else if ((st = shed_pen_note(pen, (shed_pitch){0}, length, 0)) != SHED_OK) {
      return st;
    }
  }
  return SHED_OK;
}

// Measure number @p rank of all that there are.
static shed_status
write_measure(shed_pen *pen, const rules *k, uint32_t rank)
{
  bool rested = false;
  int  left   = k->length;
  for (size_t i = 0; i < SHED_COUNTOF(cells) && left > 0;) {
    const cell *c = &cells[i];
    if (!usable(c, k) || c->span > left || (rests(c) && (rested || left == k->length))) {
      i++;
      continue;
    }
    uint32_t below = fillings(k, left - c->span, rested || rests(c));
    if (rank >= below) {
      rank -= below;
      i++;
      continue;
    }
    shed_status st = write_cell(pen, c);
    if (st != SHED_OK) {
      return st;
    }
    left -= c->span;
    rested |= rests(c);
    i = 0;
  }
  SHED_ASSERT(left == 0);
  return SHED_OK;
}

// Steady strokes: one cell all through the measure.
static shed_status
write_steady(shed_pen *pen, const rules *k, uint32_t rank)
{
  for (size_t i = 0; i < SHED_COUNTOF(cells); i++) {
    if (!usable(&cells[i], k) || k->length % cells[i].span != 0 || rank-- > 0) {
      continue;
    }
    for (int at = 0; at < k->length; at += cells[i].span) {
      shed_status st = write_cell(pen, &cells[i]);
      if (st != SHED_OK) {
        return st;
      }
    }
    return SHED_OK;
  }
  return SHED_E_RANGE; // no rank of measures_there_are()
}

typedef struct {
  uint32_t made[2]; // ranks of the two measures
  uint32_t form;
  int      phrases;
} plan;

static shed_status
write_line(shed_pen *pen, const rules *k, const plan *p)
{
  for (int phrase = 0; phrase < p->phrases; phrase++) {
    // a second phrase answers with the measures changed about
    int turn = phrase % 2;
    for (int m = 0; m < PHRASE - 1; m++) {
      uint32_t    rank = p->made[(forms[p->form][m] + turn) % 2];
      shed_status st   = k->steady ? write_steady(pen, k, rank) : write_measure(pen, k, rank);
      if (st != SHED_OK) {
        return st;
      }
    }
    shed_status st = shed_pen_note(pen, (shed_pitch){0}, shed_beat_of(k->compound ? 18 : 12, TICKS), 0);
    if (st != SHED_OK) {
      return st;
    }
    shed_pen_rest(pen, shed_pen_left(pen));
  }
  return SHED_OK;
}

static void
instruct(shed_prompt *prompt, const shed_drill_request *r, shed_metre metre, double beats_a_minute,
         bool steady, uint32_t loudness)
{
  static const char *const loud[LOUDNESSES] = {"softly", "at a middle loudness", "loudly"};
  const char              *with             = r->profile->unpitched ? "Play" : "Clap";
  if (steady) {
    shed_instruct(prompt,
                  "%s steady strokes %s in %d/%d at %g beats a minute, each stroke like the one before.",
                  with, loud[loudness], metre.beats, metre.beat_type, beats_a_minute);
  } else {
    shed_instruct(prompt, "%s this rhythm in %d/%d at %g beats a minute.", with, metre.beats, metre.beat_type,
                  beats_a_minute);
  }
  shed_instruct(prompt, "Count one bar aloud first and keep counting inside. %s",
                r->profile->unpitched ? "Let both hands sound alike."
                                      : "You may play it on one note of your instrument instead.");
}

static shed_metre
metre_for(const shed_drill_request *r, const double *values, shed_deal *deal)
{
  int asked = (int)values[SHED_PARAM_clap_metre];
  if (asked > 0) {
    return metres[asked - 1];
  }
  const int *own = metres_of_level[r->level - 1];
  return metres[own[1 + shed_deal_next(deal, (uint32_t)own[0])]];
}

static shed_status
make(const shed_drill_request *r, const double *values, shed_prompt *prompt, shed_error *err)
{
  shed_deal  deal  = shed_deal_start(r->seed, SHED_STREAM_CLAP);
  shed_metre metre = metre_for(r, values, &deal);
  rules      k     = {r->level, TICKS * 4 * metre.beats / metre.beat_type, shed_metre_compound(metre),
                      values[SHED_PARAM_clap_cells] != 0};
  uint32_t   n     = measures_there_are(&k);
  int        tempos[SHED_TEMPOS];
  shed_beat  pulses[SHED_METRE_PULSES];
  plan       p;
  (void)err;
  SHED_ASSERT(n > 1); // each level of each metre has two cells at least
  // the second measure is another than the first, so that no two forms give the same rhythm
  p.made[0] = shed_deal_next(&deal, n);
  p.made[1] = (p.made[0] + 1 + shed_deal_next(&deal, n - 1)) % n;
  p.form    = shed_deal_next(&deal, FORMS);
  p.phrases = values[SHED_PARAM_clap_phrases] == 0 ? 1 : 2;
  size_t n_tempos =
      shed_tempos_between(values[SHED_PARAM_clap_tempo_low], values[SHED_PARAM_clap_tempo_high], tempos);
  double   beats    = tempos[shed_deal_next(&deal, (uint32_t)n_tempos)];
  uint32_t loudness = k.steady ? shed_deal_next(&deal, LOUDNESSES) : 0;

  prompt->tempo_bpm = k.compound ? beats * 3 / 2 : beats;
  shed_pen    pen   = shed_pen_start(prompt->alloc, NULL, metre, 0, prompt->tempo_bpm);
  shed_status st    = write_line(&pen, &k, &p);
  if (st != SHED_OK) {
    shed_pen_drop(&pen);
    return st;
  }
  size_t counted         = shed_metre_pulses(metre, pulses);
  prompt->count_in_beats = (int)(counted < 3 ? 2 * counted : counted);
  if (!*prompt->title) {
    (void)snprintf(prompt->title, sizeof(prompt->title), "Rhythm in %d/%d", metre.beats, metre.beat_type);
  }
  instruct(prompt, r, metre, beats, k.steady, loudness);
  return shed_pen_end(&pen, &prompt->line);
}

const shed_drill_kind shed_drill_clap = {
    .name       = "clap",
    .what       = "A rhythm, clapped or played on one sound",
    .assessor   = "rhythm",
    .generator  = GENERATOR,
    .dimensions = dimensions,
    .possible   = shed_possible_always,
    .make       = make,
};
