/// Exact synthesis: tones whose fundamental is known at every instant, claps and clicks whose first sample is known.
#ifndef CORPUS_SYNTH_H
#define CORPUS_SYNTH_H

#include "engine/audio/file.h"

typedef enum {
#define CORPUS_TIMBRE(id, ...) CORPUS_##id,
#include "tests/corpus/timbres.def"
#undef CORPUS_TIMBRE
  CORPUS_CLAP,  ///< a burst of noise, 20 ms; midi is ignored
  CORPUS_CLICK, ///< a burst of a sine at the tone's pitch, 20 ms
  CORPUS_TIMBRES
} corpus_timbre;

/// One tone. A plain value; what is zero is left out.
typedef struct {
  corpus_timbre timbre;
  double        onset_s;
  double        duration_s;      ///< the release comes after it
  double        midi;            ///< fractional, A4 = 440
  double        level_db;        ///< RMS of the steady part, dBFS (of a decaying one: at its start)
  double        from_midi;       ///< with portamento_s over 0: where the pitch starts
  double        portamento_s;    ///< 95 % of the way from from_midi to midi is done after this
  double        glide_semitones; ///< added evenly over duration_s
  double        vibrato_hz, vibrato_cents, vibrato_delay_s; ///< cents each way
  double        inharmonicity; ///< over 0: B instead of the timbre's; partial h lies at h f0 sqrt(1 + B h^2)
  double        breath_db;     ///< under 0: noise against the tone's level instead of the timbre's
  double        attack_s;      ///< over 0: instead of the timbre's
} corpus_tone;

/// Truth: f0 of @p k @p t_s after its onset, Hz. What the sound is made from, not what is measured.
double corpus_tone_hz(const corpus_tone *k, double t_s);

/// Tones added up. Deterministic. @param length_s 0: until 0.3 s after the last tone's end. Samples over full scale are
/// left as they are. @return SHED_OK, SHED_E_NOMEM; SHED_E_RANGE (rate, a time or pitch that is none).
SHED_NODISCARD shed_status corpus_synth(const corpus_tone *tones, size_t n, int rate_hz, double length_s,
                                        uint64_t seed, const shed_alloc *alloc, shed_sound *out);

/// Add tones to sound that is there; what lies outside is cut. Statuses as corpus_synth().
SHED_NODISCARD shed_status corpus_synth_add(const corpus_tone *tones, size_t n, uint64_t seed, shed_sound *s);

#endif
