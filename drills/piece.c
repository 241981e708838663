// About this file: pieces. A score of the course, or a phrase of it, moved into a key and an octave where the player can
// play it, at a step of a tempo ladder. A player without pitch gets its rhythm.

#include "drills/deal.h"
#include "drills/kinds.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { GENERATOR = 1, PHRASE = 4, HALF_PHRASE = 2, OCTAVES = 4, LETTERS = 7, SEMITONES = 12 };
enum { SPAN_ANY, SPAN_WHOLE, SPAN_PHRASE }; // as the parameter's choices

static const char *const dimensions[] = {"pitch", "intonation", "rhythm", "continuity", "tempo", NULL};

// Measures [first, end) of a performed tune.
typedef struct {
  size_t first, end;
} span;

// One way to play: which tune, which measures, in what key, how many octaves away.
typedef struct {
  size_t tune;
  span   measures;
  int    key; // place among the profile's keys of the level
  int    octaves;
} place;

typedef struct {
  const shed_drill_request *request;
  shed_line                *lines; // one a score, request->n_scores of them
  int                       wanted_span;
} repertoire;

static shed_status
perform(const shed_drill_score *score, double tempo_bpm, const shed_alloc *alloc, shed_line *out,
        shed_error *err)
{
  shed_score    *parsed = NULL;
  shed_selection sel    = {.tempo_bpm = tempo_bpm};
  shed_status    st     = shed_score_parse(score->data, score->n, score->name, alloc, &parsed, err);
  if (st == SHED_OK) {
    st = shed_score_perform(parsed, &sel, alloc, out, err);
    shed_score_free(parsed);
  }
  return st;
}

static bool
note_in(const shed_sounding_note *n, span s)
{
  return n->measure_index >= 0 && (size_t)n->measure_index >= s.first && (size_t)n->measure_index < s.end;
}

// From the signature of the span's first measure to that of a key, in the octave nearest above or at it.
static void
interval_to(const shed_line *line, span s, int fifths, int octaves, int *letters, int *semitones)
{
  shed_pitch from = shed_key_tonic((shed_key){line->measures[s.first].fifths, SHED_MODE_MAJOR});
  shed_pitch to   = shed_key_tonic((shed_key){fifths, SHED_MODE_MAJOR});
  *letters        = shed_pitch_staff(to) - shed_pitch_staff(from) + LETTERS * octaves;
  *semitones      = shed_pitch_midi(to) - shed_pitch_midi(from) + SEMITONES * octaves;
}

static bool
fits(const repertoire *all, const place *at)
{
  const shed_profile *p    = all->request->profile;
  const shed_line    *line = &all->lines[at->tune];
  int                 letters;
  int                 semitones;
  int                 fifths = p->keys[all->request->level - 1][at->key];
  interval_to(line, at->measures, fifths, at->octaves, &letters, &semitones);
  for (size_t i = 0; i < line->n_notes; i++) {
    const shed_sounding_note *n = &line->notes[i];
    if (note_in(n, at->measures) && n->pitched) {
      shed_pitch moved = shed_pitch_transpose(n->sounding, letters, semitones);
      if (!shed_profile_in_range(p, all->request->level, shed_profile_written(p, moved))) {
        return false;
      }
    }
  }
  return true;
}

// Whether two spans hold the same music: then the later one is no item of its own.
static bool
same_music(const shed_line *line, span a, span b)
{
  size_t    i     = 0;
  size_t    j     = 0;
  shed_beat shift = shed_beat_sub(line->measures[b.first].start_beats, line->measures[a.first].start_beats);
  while (i < line->n_notes && !note_in(&line->notes[i], a)) {
    i++;
  }
  while (j < line->n_notes && !note_in(&line->notes[j], b)) {
    j++;
  }
  for (;; i++, j++) {
    bool more_a = i < line->n_notes && note_in(&line->notes[i], a);
    bool more_b = j < line->n_notes && note_in(&line->notes[j], b);
    if (!more_a || !more_b) {
      return more_a == more_b;
    }
    const shed_sounding_note *x = &line->notes[i];
    const shed_sounding_note *y = &line->notes[j];
    if (x->midi != y->midi || shed_beat_cmp(x->duration_beats, y->duration_beats) != 0 ||
        shed_beat_cmp(shed_beat_add(x->onset_beats, shift), y->onset_beats) != 0) {
      return false;
    }
  }
}

static bool
has_notes(const shed_line *line, span s)
{
  for (size_t i = 0; i < line->n_notes; i++) {
    if (note_in(&line->notes[i], s)) {
      return true;
    }
  }
  return false;
}

// Span number @p index of a tune: 0 is the whole, then phrase by phrase. False at the end.
static bool
span_at(const shed_line *line, size_t index, span *out)
{
  size_t length = line->n_measures > PHRASE ? PHRASE : HALF_PHRASE;
  size_t first  = index == 0 ? 0 : (index - 1) * length;
  size_t end    = index == 0 || first + length > line->n_measures ? line->n_measures : first + length;
  *out          = (span){first, end};
  return first < end && (index == 0 || line->n_measures > length);
}

static bool
span_is_wanted(const repertoire *all, const shed_line *line, size_t index, span s)
{
  if ((index == 0 && all->wanted_span == SPAN_PHRASE && line->n_measures > HALF_PHRASE) ||
      (index > 0 && all->wanted_span == SPAN_WHOLE) || !has_notes(line, s)) {
    return false;
  }
  for (size_t earlier = 1; earlier < index; earlier++) {
    span e;
    if (span_at(line, earlier, &e) && same_music(line, e, s)) {
      return false;
    }
  }
  return true;
}

// Keys and octaves for one span; as walk_places().
static uint32_t
walk_keys(const repertoire *all, place at, uint32_t n, uint32_t wanted, place *out)
{
  const shed_profile *p = all->request->profile;
  if (p->unpitched) {
    *out = n == wanted ? at : *out;
    return n + 1;
  }
  for (at.key = 0; at.key < p->n_keys[all->request->level - 1]; at.key++) {
    for (at.octaves = -OCTAVES; at.octaves <= OCTAVES; at.octaves++) {
      if (fits(all, &at)) {
        *out = n == wanted ? at : *out;
        n++;
      }
    }
  }
  return n;
}

// All places in a fixed order; number @p wanted is given. @return how many there are.
static uint32_t
walk_places(const repertoire *all, uint32_t wanted, place *out)
{
  uint32_t n = 0;
  for (size_t t = 0; t < all->request->n_scores; t++) {
    span s;
    for (size_t i = 0; span_at(&all->lines[t], i, &s); i++) {
      if (span_is_wanted(all, &all->lines[t], i, s)) {
        n = walk_keys(all, (place){.tune = t, .measures = s}, n, wanted, out);
      }
    }
  }
  return n;
}

static void
move_note(shed_sounding_note *n, const shed_profile *p, int letters, int semitones)
{
  if (p->unpitched || !n->pitched) {
    n->pitched  = false;
    n->midi     = 0;
    n->sounding = (shed_pitch){0};
    n->written  = (shed_pitch){0};
    return;
  }
  n->sounding = shed_pitch_transpose(n->sounding, letters, semitones);
  n->written  = shed_profile_written(p, n->sounding);
  n->midi     = shed_pitch_midi(n->sounding);
}

// Keep the measures of a span, from moment zero, in the place's key.
static void
cut(shed_line *line, const repertoire *all, const place *at)
{
  span                s         = at->measures;
  const shed_profile *p         = all->request->profile;
  int                 letters   = 0;
  int                 semitones = 0;
  size_t              kept      = 0;
  shed_beat           start     = line->measures[s.first].start_beats;
  double              start_s   = line->measures[s.first].start_s;
  if (!p->unpitched) {
    interval_to(line, s, p->keys[all->request->level - 1][at->key], at->octaves, &letters, &semitones);
  }
  for (size_t i = 0; i < line->n_notes; i++) {
    if (!note_in(&line->notes[i], s)) {
      continue;
    }
    shed_sounding_note *n = &line->notes[kept];
    *n                    = line->notes[i];
    n->index              = (int)kept++;
    n->measure_index -= (int)s.first;
    n->onset_beats = shed_beat_sub(n->onset_beats, start);
    n->onset_s -= start_s;
    move_note(n, p, letters, semitones);
  }
  line->n_notes    = kept;
  line->n_measures = s.end - s.first;
  memmove(line->measures, line->measures + s.first, line->n_measures * sizeof(*line->measures));
  for (size_t i = 0; i < line->n_measures; i++) {
    shed_sounding_measure *m   = &line->measures[i];
    shed_key               key = {m->fifths, SHED_MODE_MAJOR};
    m->fifths                  = p->unpitched ? 0 : shed_key_transpose(key, letters, semitones).fifths;
    m->start_beats             = shed_beat_sub(m->start_beats, start);
    m->start_s -= start_s;
  }
  const shed_sounding_measure *last = &line->measures[line->n_measures - 1];
  line->length_beats                = shed_beat_add(last->start_beats, last->length_beats);
  line->length_s                    = shed_beat_quarters(line->length_beats) * 60 / line->tempo_bpm;
}

static void
instruct(shed_prompt *prompt, const shed_drill_request *r, const char *title, bool whole,
         double beats_a_minute)
{
  const shed_line *line = &prompt->line;
  char             key[24];
  char             first[48];
  char             where[64] = "";
  if (!whole) {
    (void)snprintf(where, sizeof(where), ", bars %s to %s,", line->measures[0].number,
                   line->measures[line->n_measures - 1].number);
  }
  if (r->profile->unpitched) {
    shed_instruct(prompt, "Play the rhythm of \"%s\"%s at %g beats a minute.", title, where, beats_a_minute);
    return;
  }
  shed_word_key(r->profile, (shed_key){line->measures[0].fifths, SHED_MODE_MAJOR}, key, sizeof(key));
  shed_word_note(r->profile, line->notes[0].written, first, sizeof(first));
  shed_instruct(prompt, "%s \"%s\"%s in the key signature of %s at %g beats a minute. It starts on %s.",
                shed_word_play(r->profile), title, where, key, beats_a_minute, first);
}

static shed_status
choose(const repertoire *all, const double *values, shed_prompt *prompt, shed_error *err)
{
  const shed_drill_request *r  = all->request;
  place                     at = {0};
  int                       tempos[SHED_TEMPOS];
  uint32_t                  n = walk_places(all, UINT_MAX, &at);
  if (n == 0) {
    return shed_fail(err, SHED_E_UNSUPPORTED, r->id, "None of its pieces fits %s on level %d",
                     r->profile->name, r->level);
  }
  shed_deal deal = shed_deal_start(r->seed, SHED_STREAM_PIECE);
  (void)walk_places(all, shed_deal_next(&deal, n), &at);
  size_t n_tempos =
      shed_tempos_between(values[SHED_PARAM_piece_tempo_low], values[SHED_PARAM_piece_tempo_high], tempos);
  double beats = tempos[shed_deal_next(&deal, (uint32_t)n_tempos)];

  const shed_sounding_measure *first = &all->lines[at.tune].measures[at.measures.first];
  shed_metre                   metre = {first->beats, first->beat_type};
  shed_beat                    pulses[SHED_METRE_PULSES];
  bool                         known    = shed_metre_valid(metre);
  bool                         compound = known && shed_metre_compound(metre);
  size_t                       counted  = known ? shed_metre_pulses(metre, pulses) : 4;
  prompt->tempo_bpm                     = compound ? beats * 3 / 2 : beats;
  const shed_drill_score *score         = &r->scores[at.tune];
  shed_status             st = perform(score, prompt->tempo_bpm, prompt->alloc, &prompt->line, err);
  if (st != SHED_OK) {
    return st;
  }
  bool whole = at.measures.end - at.measures.first == prompt->line.n_measures;
  cut(&prompt->line, all, &at);
  prompt->count_in_beats = (int)(counted < 3 ? 2 * counted : counted);
  if (!*prompt->title) {
    (void)snprintf(prompt->title, sizeof(prompt->title), "%s", score->title);
  }
  (void)snprintf(prompt->part, sizeof(prompt->part), "%s", score->name);
  if (r->profile->unpitched) {
    (void)snprintf(prompt->assessor, sizeof(prompt->assessor), "%s", shed_drill_clap.assessor);
  }
  instruct(prompt, r, score->title, whole, beats);
  return SHED_OK;
}

static shed_status
make(const shed_drill_request *r, const double *values, shed_prompt *prompt, shed_error *err)
{
  const double any_tempo = 120;
  repertoire   all       = {r, NULL, (int)values[SHED_PARAM_piece_span]};
  shed_status  st        = SHED_OK;
  if (r->n_scores == 0) {
    return shed_fail(err, SHED_E_RANGE, r->id, "A drill of kind piece needs a score");
  }
  all.lines = shed_calloc(prompt->alloc, r->n_scores, sizeof(*all.lines));
  if (!all.lines) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < r->n_scores && st == SHED_OK; i++) {
    st = perform(&r->scores[i], any_tempo, prompt->alloc, &all.lines[i], err);
  }
  if (st == SHED_OK) {
    st = choose(&all, values, prompt, err);
  }
  for (size_t i = 0; i < r->n_scores; i++) {
    shed_line_free(&all.lines[i]);
  }
  shed_free(prompt->alloc, all.lines);
  return st;
}

const shed_drill_kind shed_drill_piece = {
    .name       = "piece",
    .what       = "A piece or a phrase of one, in a key that lies well, at a step of a tempo ladder",
    .assessor   = "melody",
    .generator  = GENERATOR,
    .dimensions = dimensions,
    .possible   = shed_possible_always,
    .make       = make,
};
