/// Takes made from note lists, as an ear would have heard them: for judges that are to be tested without sound.
#ifndef SHED_TEST_SYNTH_TAKE_H
#define SHED_TEST_SYNTH_TAKE_H

#include "engine/base/rng.h"
#include "engine/music/pitch.h"
#include "engine/task/prompt.h"
#include "engine/task/take.h"
#include "tests/support/check.h"

#include <stdlib.h>

typedef struct {
  double onset_s, offset_s;
  int    midi;
  double cents;
} synth_note;

typedef struct {
  double   floor_db;     ///< noise floor
  double   level_db;     ///< of notes
  double   jitter_cents; ///< of each frame's pitch
  double   wrong_share;  ///< of frames whose best candidate is an octave off
  double   tail_s;       ///< silence after the last note
  bool     no_notes;     ///< no note list beside the frames
  uint64_t seed;
} synth_opts;

static const synth_opts SYNTH_PLAIN = {
    .floor_db = -70, .level_db = -20, .jitter_cents = 4, .tail_s = .5, .seed = 1};

static inline void
synth_frame(shed_frame *f, const synth_note *n, double since_s, const synth_opts *o, shed_rng *rng)
{
  double cents       = n->cents + o->jitter_cents * shed_rng_normal(rng);
  double hz          = shed_midi_to_hz(n->midi + cents / 100, 440);
  bool   off         = shed_rng_unit(rng) < o->wrong_share;
  f->level_db        = (float)(o->level_db - 10 * fmax(0, .02 - since_s) / .02 + shed_rng_normal(rng) * .3);
  f->f0_hz           = (float)(off ? hz / 2 : hz);
  f->cand[0].f0_hz   = f->f0_hz;
  f->cand[0].support = .97F;
  f->cand[1].f0_hz   = (float)(off ? hz : hz / 2);
  f->cand[1].support = .94F;
  f->cand[2].f0_hz   = (float)(hz * 1.4);
  f->cand[2].support = .5F;
  f->confidence      = .95F;
  f->voiced          = true;
  f->flux            = since_s < .01 ? 1.F : .05F;
}

/// The caller frees it with shed_take_free().
static inline shed_take
synth_take(const synth_note *notes, size_t n, const synth_opts *o)
{
  shed_take t   = {.kind      = SHED_TAKE_AUDIO,
                   .rate_hz   = 44100,
                   .snr_db    = (float)(o->level_db - o->floor_db),
                   .noise_db  = (float)o->floor_db,
                   .latency_s = (double)NAN,
                   .ear       = "synth"};
  double    end = 0;
  shed_rng  rng;
  shed_rng_seed(&rng, o->seed, 7);
  for (size_t i = 0; i < n; i++) {
    end = fmax(end, notes[i].offset_s);
  }
  t.duration_s = end + o->tail_s;
  t.n_frames   = (size_t)(t.duration_s / SHED_FRAME_HOP_S) + 1;
  t.frames     = shed_calloc(NULL, t.n_frames, sizeof(*t.frames));
  t.notes      = shed_calloc(NULL, n + 1, sizeof(*t.notes));
  assert_non_null(t.frames);
  assert_non_null(t.notes);
  for (size_t i = 0; i < t.n_frames; i++) {
    double            at = (double)i * SHED_FRAME_HOP_S;
    const synth_note *on = NULL;
    for (size_t k = 0; k < n; k++) {
      on = at >= notes[k].onset_s && at < notes[k].offset_s ? &notes[k] : on;
    }
    t.frames[i].level_db        = (float)(o->floor_db + shed_rng_normal(&rng));
    t.frames[i].f0_hz           = (float)shed_midi_to_hz(40 + 40 * shed_rng_unit(&rng), 440);
    t.frames[i].cand[0].f0_hz   = t.frames[i].f0_hz;
    t.frames[i].cand[0].support = .3F;
    if (on) {
      synth_frame(&t.frames[i], on, at - on->onset_s, o, &rng);
    }
  }
  for (size_t k = 0; k < n && !o->no_notes; k++) {
    t.notes[t.n_notes++] = (shed_heard_note){.onset_s    = (float)notes[k].onset_s,
                                             .offset_s   = (float)notes[k].offset_s,
                                             .midi       = notes[k].midi,
                                             .cents      = (float)notes[k].cents,
                                             .confidence = .95F,
                                             .level_db   = (float)o->level_db,
                                             .cents_sd   = 3};
  }
  return t;
}

/// A prompt of one line: pitches one after the other, lengths in eighths (negative: a rest), at 120 quarters a minute,
/// measures of four quarters. Ends with length 0. The caller frees it with shed_prompt_free().
typedef struct {
  int      midi;
  int      eighths;
  unsigned flags;
} synth_written;

/// A tune of 22 notes with a rest, a repeated note and eighths.
static const synth_written SYNTH_TUNE[] = {
    {60, 2, 0}, {62, 2, 0}, {64, 2, 0}, {65, 2, 0}, {67, 2, 0}, {67, 2, 0}, {69, 2, 0}, {71, 2, 0},
    {72, 4, 0}, {71, 1, 0}, {69, 1, 0}, {67, 2, 0}, {65, 2, 0}, {64, 2, 0}, {62, 2, 0}, {64, 2, 0},
    {60, 4, 0}, {0, -4, 0}, {67, 2, 0}, {65, 2, 0}, {64, 2, 0}, {62, 2, 0}, {60, 8, 0}, {0, 0, 0}};

static inline shed_prompt
synth_prompt(const synth_written *w)
{
  shed_prompt p = {
      .assessor = "melody", .kind = "piece", .id = "test:line", .a4_hz = 440, .click_start_s = (double)NAN};
  size_t n  = 0;
  int    at = 0;
  while (w[n].eighths != 0) {
    n++;
  }
  p.line.notes    = shed_calloc(NULL, n + 1, sizeof(*p.line.notes));
  p.line.measures = shed_calloc(NULL, n + 1, sizeof(*p.line.measures));
  assert_non_null(p.line.notes);
  assert_non_null(p.line.measures);
  p.line.tempo_bpm = 120;
  p.line.swing     = 1;
  for (size_t i = 0; i < n; i++) {
    int length = abs(w[i].eighths);
    if (w[i].eighths > 0) {
      shed_sounding_note *s = &p.line.notes[p.line.n_notes];
      s->index              = (int)p.line.n_notes++;
      s->pass               = 1;
      s->pitched            = true;
      s->midi               = w[i].midi;
      s->sounding = s->written = shed_pitch_spell(w[i].midi, 0);
      s->onset_beats           = shed_beat_of(at, 2);
      s->duration_beats        = shed_beat_of(length, 2);
      s->onset_s               = at * .25;
      s->duration_s            = length * .25;
      s->flags                 = w[i].flags;
      s->measure_index         = at / 8;
      s->beat                  = 1 + (at % 8) / 2.;
      s->staff                 = 1;
      snprintf(s->measure, sizeof(s->measure), "%d", at / 8 + 1);
      snprintf(s->id, sizeof(s->id), "n%d", s->index);
    }
    at += length;
  }
  p.line.n_measures = (size_t)(at + 7) / 8;
  for (size_t i = 0; i < p.line.n_measures; i++) {
    p.line.measures[i] = (shed_sounding_measure){.pass         = 1,
                                                 .start_beats  = shed_beat_of((int)i * 4, 1),
                                                 .length_beats = shed_beat_of(4, 1),
                                                 .beats        = 4,
                                                 .beat_type    = 4,
                                                 .start_s      = (double)i * 2};
    snprintf(p.line.measures[i].number, sizeof(p.line.measures[i].number), "%zu", i + 1);
  }
  p.line.length_s     = at * .25;
  p.line.length_beats = shed_beat_of(at, 2);
  return p;
}

/// What a player makes of the prompt without a fault: @p out has line.n_notes places.
static inline void
synth_play(const shed_prompt *p, double start_s, double factor, synth_note *out)
{
  for (size_t i = 0; i < p->line.n_notes; i++) {
    const shed_sounding_note *n = &p->line.notes[i];
    out[i]                      = (synth_note){start_s + n->onset_s * factor,
                                               start_s + (n->onset_s + .92 * n->duration_s) * factor, n->midi, 0};
  }
}

#endif
