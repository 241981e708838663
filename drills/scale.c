// About this file: scales, arpeggios and short figures. What is played is a list of degrees on a scale; a key and an octave
// are found for it inside the profile's range, a rhythm is laid over it. Every figure ends on the tonic, and the last note
// falls on a beat.

#include "drills/deal.h"
#include "drills/kinds.h"
#include "drills/pen.h"

#include "engine/music/scale.h"

#include <stdio.h>
#include <string.h>

enum { GENERATOR = 1, DEGREES = 32, CELL = 4, OCTAVES_ABOVE = 9, LISTED_NOTES = 16, LONGEST_QUARTERS = 36 };

typedef enum { ANY, SCALE, ARPEGGIO, FRAGMENT } figure_kind; // as the parameter's choices

static const char *const dimensions[] = {"pitch", "intonation", "rhythm", "continuity", "tempo", NULL};

static const struct {
  figure_kind kind;
  int         first_level, last_level;
  const char *what; // "the first five notes of %s, up and down"
  int         n;
  signed char degrees[DEGREES];
} figures[] = {
    {SCALE, 1, 2, "the first five notes of %s, up and down", 9, {0, 1, 2, 3, 4, 3, 2, 1, 0}},
    {SCALE, 1, 2, "the first five notes of %s, from the top down", 5, {4, 3, 2, 1, 0}},
    {SCALE, 1, 2, "the first five notes of %s in waves", 10, {0, 1, 2, 1, 2, 3, 4, 2, 1, 0}},
    {FRAGMENT, 1, 3, "a walk in %s to the fourth note and back", 7, {0, 1, 2, 3, 2, 1, 0}},
    {FRAGMENT, 1, 3, "a climb in thirds in %s", 8, {0, 2, 1, 3, 2, 4, 2, 0}},
    {FRAGMENT, 1, 3, "a figure in %s that rocks on the fifth note and walks home", 7, {4, 3, 4, 3, 2, 1, 0}},
    {FRAGMENT, 1, 3, "a figure in %s, up by skips and down by steps", 7, {0, 2, 4, 3, 2, 1, 0}},
    {FRAGMENT, 1, 3, "a figure in %s, up by steps and down by skips", 7, {0, 1, 2, 3, 4, 2, 0}},
    {FRAGMENT, 1, 3, "a figure in %s that starts twice", 9, {0, 1, 2, 0, 1, 2, 3, 1, 0}},
    {ARPEGGIO, 1, 2, "the chord of %s, one note after the other", 5, {0, 2, 4, 2, 0}},
    {ARPEGGIO, 1, 2, "the chord of %s, broken", 7, {0, 4, 2, 4, 2, 4, 0}},
    {ARPEGGIO, 1, 2, "the chord of %s from the top", 5, {4, 2, 0, 2, 0}},
    {SCALE, 2, 4, "%s, one octave up and down", 15, {0, 1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1, 0}},
    {SCALE,
     2,
     4,
     "%s, one octave from the top down and up again",
     15,
     {7, 6, 5, 4, 3, 2, 1, 0, 1, 2, 3, 4, 5, 6, 7}},
    {SCALE, 3, 4, "%s in thirds, one octave up", 15, {0, 2, 1, 3, 2, 4, 3, 5, 4, 6, 5, 7, 6, 8, 7}},
    {ARPEGGIO, 2, 4, "the arpeggio of %s, one octave up and down", 7, {0, 2, 4, 7, 4, 2, 0}},
    {ARPEGGIO, 2, 4, "the arpeggio of %s, turning at each note", 9, {0, 2, 0, 4, 2, 7, 4, 2, 0}},
    {ARPEGGIO, 2, 4, "the arpeggio of %s from the top", 7, {7, 4, 2, 0, 2, 4, 7}},
    {SCALE, 3, 4, "%s, two octaves up and down", 29, {0,  1,  2,  3,  4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
                                                      13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3,  2,  1,  0}},
    {ARPEGGIO,
     3,
     4,
     "the arpeggio of %s, two octaves up and down",
     13,
     {0, 2, 4, 7, 9, 11, 14, 11, 9, 7, 4, 2, 0}},
};

// Lengths in eighths, taken in turn.
static const struct {
  int         first_level;
  const char *what;
  int         n;
  signed char eighths[CELL];
} rhythms[] = {
    {1, "in quarter notes", 1, {2}},
    {1, "in half notes", 1, {4}},
    {1, "long, short, short (a half note and two quarters)", 3, {4, 2, 2}},
    {1, "short, short, long (two quarters and a half note)", 3, {2, 2, 4}},
    {2, "in eighth notes", 1, {1}},
    {2, "a quarter and two eighths in turn", 3, {2, 1, 1}},
    {2, "two eighths and a quarter in turn", 3, {1, 1, 2}},
    {3, "dotted quarters and eighths in turn", 2, {3, 1}},
};

// One way to place a figure: which, in what key, from where.
typedef struct {
  size_t     figure;
  shed_key   key;   // as it sounds
  shed_pitch tonic; // degree 0, as written
} place;

static bool
figure_fits(size_t figure, const shed_profile *p, int level, const shed_scale *scale, shed_pitch tonic)
{
  for (int i = 0; i < figures[figure].n; i++) {
    if (!shed_profile_in_range(p, level, shed_scale_note(scale, tonic, figures[figure].degrees[i]))) {
      return false;
    }
  }
  return true;
}

// Walk all places in a fixed order; stops at number @p wanted and gives it. @return how many were met.
static uint32_t
walk_places(const shed_drill_request *r, const double *values, const shed_scale *scale, uint32_t wanted,
            place *out)
{
  const shed_profile *p     = r->profile;
  int                 kind  = (int)values[SHED_PARAM_scale_figure];
  uint32_t            n     = 0;
  bool                minor = scale->mode == SHED_MODE_MINOR;
  for (size_t f = 0; f < SHED_COUNTOF(figures); f++) {
    bool asked = kind == ANY || kind == (int)figures[f].kind;
    if (!asked || r->level < figures[f].first_level || r->level > figures[f].last_level) {
      continue;
    }
    for (int k = 0; k < p->n_keys[r->level - 1]; k++) {
      int        sharps = p->keys[r->level - 1][k];
      shed_key   major  = {shed_profile_written_fifths(p, sharps), SHED_MODE_MAJOR};
      shed_pitch tonic  = shed_key_tonic(major);
      for (tonic.octave = 0; tonic.octave < OCTAVES_ABOVE; tonic.octave++) {
        if (!figure_fits(f, p, r->level, scale, tonic)) {
          continue;
        }
        if (n == wanted) {
          *out = (place){f, {minor ? sharps - 3 : sharps, minor ? SHED_MODE_MINOR : SHED_MODE_MAJOR}, tonic};
          return n + 1;
        }
        n++;
      }
    }
  }
  return n;
}

// Eighths before the last note of a figure in a rhythm.
static int
eighths_before_end(size_t figure, size_t rhythm)
{
  int sum = 0;
  for (int i = 0; i + 1 < figures[figure].n; i++) {
    sum += rhythms[rhythm].eighths[i % rhythms[rhythm].n];
  }
  return sum;
}

static size_t
rhythms_for(size_t figure, int level, size_t *out)
{
  size_t n = 0;
  for (size_t i = 0; i < SHED_COUNTOF(rhythms); i++) {
    int before = eighths_before_end(figure, i);
    if (level >= rhythms[i].first_level && before % 2 == 0 && before / 2 <= LONGEST_QUARTERS) {
      out[n++] = i;
    }
  }
  return n;
}

static shed_status
write_line(shed_pen *pen, const shed_scale *scale, const place *at, size_t rhythm, bool pairs)
{
  int n = figures[at->figure].n;
  for (int i = 0; i < n; i++) {
    bool      last = i == n - 1;
    shed_beat duration =
        last ? shed_pen_left(pen) : shed_beat_of(rhythms[rhythm].eighths[i % rhythms[rhythm].n], 2);
    unsigned    flags = pairs && i % 2 == 1 ? SHED_NOTE_SLURRED : 0;
    shed_pitch  note  = shed_scale_note(scale, at->tonic, figures[at->figure].degrees[i]);
    shed_status st    = shed_pen_note(pen, note, duration, flags);
    if (st != SHED_OK) {
      return st;
    }
  }
  return SHED_OK;
}

static void
instruct(shed_prompt *prompt, const shed_drill_request *r, const shed_scale *scale, const place *at,
         size_t rhythm, bool pairs)
{
  char key[24];
  char what[128];
  char first[48];
  char list[LISTED_NOTES * 12] = "";
  int  n                       = figures[at->figure].n;
  shed_word_key(r->profile, at->key, key, sizeof(key));
  shed_word_note(r->profile, shed_scale_note(scale, at->tonic, figures[at->figure].degrees[0]), first,
                 sizeof(first));
  const char *hole = strstr(figures[at->figure].what, "%s");
  SHED_ASSERT(hole);
  (void)snprintf(what, sizeof(what), "%.*s%s%s", (int)(hole - figures[at->figure].what),
                 figures[at->figure].what, key, hole + 2);
  shed_instruct(prompt, "%s %s, %s, at %g beats a minute.", shed_word_play(r->profile), what,
                rhythms[rhythm].what, prompt->tempo_bpm);
  if (n > LISTED_NOTES) {
    shed_instruct(prompt, "Start on %s.", first);
  } else {
    for (int i = 0; i < n; i++) {
      char name[16];
      shed_pitch_name(shed_scale_note(scale, at->tonic, figures[at->figure].degrees[i]), name, sizeof(name));
      (void)snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", i ? " " : "", name);
    }
    shed_instruct(prompt, "The notes: %s. Start on %s.", list, first);
  }
  if (pairs) {
    shed_instruct(prompt, "Slur the notes in twos.");
  }
}

static shed_status
make(const shed_drill_request *r, const double *values, shed_prompt *prompt, shed_error *err)
{
  bool              minor = values[SHED_PARAM_scale_mode] != 0;
  const shed_scale *scale = shed_scale_get(minor ? SHED_SCALE_harmonic_minor : SHED_SCALE_major);
  place             at    = {0};
  size_t            usable[SHED_COUNTOF(rhythms)];
  int               tempos[SHED_TEMPOS];
  uint32_t          n = walk_places(r, values, scale, UINT32_MAX, &at);
  if (n == 0) {
    return shed_fail(err, SHED_E_UNSUPPORTED, r->id, "None of these figures fits %s on level %d",
                     r->profile->name, r->level);
  }
  shed_deal deal = shed_deal_start(r->seed, SHED_STREAM_SCALE);
  (void)walk_places(r, values, scale, shed_deal_next(&deal, n), &at);
  size_t n_rhythms = rhythms_for(at.figure, r->level, usable);
  size_t n_tempos =
      shed_tempos_between(values[SHED_PARAM_scale_tempo_low], values[SHED_PARAM_scale_tempo_high], tempos);
  bool can_slur = r->level > 1 && r->profile->sustains && !r->profile->sung;
  SHED_ASSERT(n_rhythms > 0); // quarter notes always are
  size_t rhythm     = usable[shed_deal_next(&deal, (uint32_t)n_rhythms)];
  prompt->tempo_bpm = tempos[shed_deal_next(&deal, (uint32_t)n_tempos)];
  bool pairs        = can_slur && shed_deal_next(&deal, 2);

  shed_metre  metre = {4, 4};
  shed_pen    pen   = shed_pen_start(prompt->alloc, r->profile, metre, at.key.fifths, prompt->tempo_bpm);
  shed_status st    = write_line(&pen, scale, &at, rhythm, pairs);
  if (st != SHED_OK) {
    shed_pen_drop(&pen);
    return st;
  }
  prompt->count_in_beats = metre.beats;
  if (!*prompt->title) {
    shed_word_key(r->profile, at.key, prompt->title, sizeof(prompt->title));
  }
  instruct(prompt, r, scale, &at, rhythm, pairs);
  return shed_pen_end(&pen, &prompt->line);
}

const shed_drill_kind shed_drill_scale = {
    .name       = "scale",
    .what       = "A scale, an arpeggio or a figure of a few notes, at a tempo",
    .assessor   = "melody",
    .generator  = GENERATOR,
    .dimensions = dimensions,
    .possible   = shed_possible_pitched,
    .make       = make,
};
