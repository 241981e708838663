// About this file: long tones. One note of the profile's range, held for some beats of a slow pulse, never longer than a
// comfortable breath or bow.

#include "drills/deal.h"
#include "drills/kinds.h"
#include "drills/pen.h"

#include <stdio.h>
#include <string.h>

enum { GENERATOR = 1, NOTES = 64, HOLDS = 80, SECONDS_A_MINUTE = 60 };

// A hold that is shorter than the drill's shortest is allowed where the breath is short.
#define SHORTEST_SHARE_OF_BREATH 0.6

static const char *const dimensions[] = {"sustain", "steadiness", "pitch", "intonation", "level", NULL};

static const struct {
  const char *how;  // after "Play C4 and hold it for 8 beats"
  bool        even; // asked for when only even tones are wanted
} shapes[] = {
    {"softly, as even as you can", true},
    {"at a comfortable loudness, as even as you can", true},
    {"with a full sound, as even as you can", true},
    {"growing from soft to loud without letting the pitch rise", false},
    {"fading from loud to soft without letting the pitch sink", false},
    {"growing to the middle and fading again, with the pitch quite still", false},
};

typedef struct {
  int tempo_bpm;
  int beats;
} hold;

// Notes of the usual keys of the level inside its range; on level 1 the first notes.
static size_t
notes_of(const shed_profile *p, int level, shed_pitch *out)
{
  size_t n = 0;
  if (level == 1) {
    memcpy(out, p->first, sizeof(p->first));
    return (size_t)p->n_first;
  }
  const shed_range *r = &p->range[level - 1];
  for (int midi = shed_pitch_midi(r->low); midi <= shed_pitch_midi(r->high); midi++) {
    for (int k = 0; k < p->n_keys[level - 1]; k++) {
      int        fifths = shed_profile_written_fifths(p, p->keys[level - 1][k]);
      shed_pitch note   = shed_pitch_spell(midi, fifths);
      if (note.alter == shed_key_alter(fifths, note.step)) {
        SHED_ASSERT(n < NOTES);
        out[n++] = note;
        break;
      }
    }
  }
  return n;
}

static size_t
holds_of(const shed_profile *p, int level, const double *values, hold *out)
{
  static const int lengths[] = {4, 6, 8, 12, 16};
  double           breath    = p->breath_s[level - 1];
  double           longest   = values[SHED_PARAM_long_tone_longest_s];
  double           shortest  = values[SHED_PARAM_long_tone_shortest_s];
  int              tempos[SHED_TEMPOS];
  size_t           n        = 0;
  size_t           n_tempos = shed_tempos_between(60, 96, tempos);
  longest                   = longest > breath ? breath : longest;
  if (shortest > longest * SHORTEST_SHARE_OF_BREATH) {
    shortest = longest * SHORTEST_SHARE_OF_BREATH;
  }
  for (size_t l = 0; l < SHED_COUNTOF(lengths); l++) {
    for (size_t t = 0; t < n_tempos; t++) {
      double seconds = (double)lengths[l] * SECONDS_A_MINUTE / tempos[t];
      if (seconds >= shortest && seconds <= longest) {
        SHED_ASSERT(n < HOLDS);
        out[n++] = (hold){tempos[t], lengths[l]};
      }
    }
  }
  return n;
}

static shed_status
make(const shed_drill_request *r, const double *values, shed_prompt *prompt, shed_error *err)
{
  shed_pitch notes[NOTES];
  hold       holds[HOLDS];
  size_t     n_notes  = notes_of(r->profile, r->level, notes);
  size_t     n_holds  = holds_of(r->profile, r->level, values, holds);
  bool       even     = values[SHED_PARAM_long_tone_shapes] == 0;
  size_t     n_shapes = even ? SHED_COUNTOF(shapes) / 2 : SHED_COUNTOF(shapes);
  char       name[48];
  if (n_notes == 0 || n_holds == 0) {
    return shed_fail(err, SHED_E_UNSUPPORTED, r->id, "No note or length fits %s", r->profile->name);
  }
  shed_deal  deal  = shed_deal_start(r->seed, SHED_STREAM_LONG_TONE);
  shed_pitch note  = notes[shed_deal_next(&deal, (uint32_t)n_notes)];
  hold       h     = holds[shed_deal_next(&deal, (uint32_t)n_holds)];
  size_t     shape = shed_deal_next(&deal, (uint32_t)n_shapes);

  int        fifths = r->profile->keys[r->level - 1][0];
  shed_metre metre  = {4, 4};
  shed_pen   pen    = shed_pen_start(prompt->alloc, r->profile, metre, fifths, h.tempo_bpm);
  if (shed_pen_note(&pen, note, shed_beat_of(h.beats, 1), 0) != SHED_OK) {
    shed_pen_drop(&pen);
    return SHED_E_NOMEM;
  }
  prompt->tempo_bpm      = h.tempo_bpm;
  prompt->count_in_beats = metre.beats;
  prompt->hold_s         = (double)h.beats * SECONDS_A_MINUTE / h.tempo_bpm;
  prompt->tuning         = SHED_TUNING_A4;
  prompt->key            = SHED_KEY_WRITTEN;
  shed_word_note(r->profile, note, name, sizeof(name));
  if (!*prompt->title) {
    (void)snprintf(prompt->title, sizeof(prompt->title), "Long tone");
  }
  shed_instruct(prompt, "%s %s and hold it for %d beats at %d (%.1f seconds), %s.",
                shed_word_play(r->profile), name, h.beats, h.tempo_bpm, prompt->hold_s, shapes[shape].how);
  shed_instruct(prompt, "Hear the note in your head first. One %s is enough.",
                r->profile->family == SHED_FAMILY_STRINGS ? "bow" : "breath");
  return shed_pen_end(&pen, &prompt->line);
}

const shed_drill_kind shed_drill_long_tone = {
    .name       = "long_tone",
    .what       = "One note, held as still as can be",
    .assessor   = "long_tone",
    .generator  = GENERATOR,
    .dimensions = dimensions,
    .possible   = shed_possible_sustained,
    .make       = make,
};
