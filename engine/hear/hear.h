/// The ear: a push state machine. Frames of sound go in, events come out. The offline commands are the same machine fed
/// faster, so the result does not depend on how the sound was cut into blocks.
///
/// It knows nothing of drills, instruments or scores.
#ifndef SHED_HEAR_HEAR_H
#define SHED_HEAR_HEAR_H

#include "engine/base/attrs.h"
#include "engine/task/take.h"

#include <stdbool.h>
#include <stdint.h>

/// Changes whenever the same sound may be heard differently; stored with every take.
#define SHED_EAR_VERSION "4"

typedef struct shed_hear shed_hear;

/// A click that sounds while the student plays, ours or a metronome's: what of it reaches the microphone is no note. It
/// need not be heard there at all (headphones).
typedef struct {
  double first_s;  ///< one click's own time in the sound that is pushed; may be negative
  double period_s; ///< 0: there is none; else SHED_HEAR_CLICK_PERIOD_MIN_S..60
  double late_s;   ///< it is heard so much later at most, through loudspeaker and room; 0: .15, at most .2
} shed_hear_click;
#define SHED_HEAR_CLICK_PERIOD_MIN_S 0.15 // 400 a minute

/// Where the sound of a take comes from, so that three hours of it never stand in memory: @p x takes up to @p cap
/// samples, *n says how many were written, 0 at the end. A status other than SHED_OK ends the hearing with it.
typedef shed_status (*shed_hear_pull)(void *ctx, float *x, size_t cap, size_t *n, shed_error *err);

/// Accompaniment that we play through a loudspeaker while the student plays: what of it reaches the microphone is taken out
/// and is no note. It need not be heard there at all (headphones): then nothing is changed, bit for bit.
typedef struct {
  bool sounds; ///< there is one: it is pushed beside the microphone, sample by sample
  double
      late_s; ///< it is heard so much later at most, through buffers, loudspeaker and room; 0: .3, at most .35
  /// As shed_hear_stats told them of the same place before: then it is taken out from the first sample on, where else it
  /// must first be found, for some .6 s. delay_s 0: not known.
  double delay_s, gain_db;
  /// For shed_hear_source() alone, which pushes it: what the loudspeaker was given, at opts.rate_hz, from the take's first
  /// sample on; silence after its end.
  shed_hear_pull pull;
  void          *pull_ctx;
} shed_hear_playing;

typedef struct {
  int             rate_hz; ///< of the sound pushed, 8000..192000; inside everything runs at SHED_HEAR_RATE_HZ
  shed_hear_click click;   ///< zeroed: none
  shed_hear_playing playing; ///< zeroed: none
} shed_hear_opts;

enum { SHED_HEAR_RATE_HZ = 44100 };

/// What is settled is never taken back or changed. Onsets come in order of time, and each settled note begins at the time
/// of an onset that was told before it.
typedef enum {
  /// At once, for the display: what is known of the newest sound, one each 5 ms while a pitch sounds, one each 10 ms
  /// elsewhere. Where a pitch is plain in the newest sound the frame describes it, some 5 to 20 ms old: voiced, one
  /// candidate, no flux. Elsewhere it is the newest frame of the long analysis, 38 ms old. So time_s may step back; the
  /// last one told is always the one to show. A note's pitch is told within 25 ms of its physical onset, or two periods
  /// and 5 ms of a bass, where the attack lets it be seen (./dev bench says how often); of all, some 2 in 100 are wrong.
  SHED_EVENT_FRAME_PROVISIONAL,
  SHED_EVENT_FRAME, ///< settled, one each 10 ms, in order
  SHED_EVENT_ONSET, ///< settled: a new note or stroke, its time finer than frames. Told about 100 ms after the sound
  ///< began where an attack is plain; up to 280 ms after it where it is not (soft slurs, bursts
  ///< in singing that may be consonants)
  SHED_EVENT_NOTE_ON, ///< provisional: onset_s (by the frame) and midi, as soon as the best guess has held for 20 ms of
                      ///< settled frames; may be followed by nothing
  SHED_EVENT_NOTE, ///< settled, when the note has ended
  SHED_EVENT_BEAT  ///< settled, some two beats late; only while there is a steady beat
} shed_event_kind;

typedef struct {
  shed_event_kind kind;
  uint64_t        at_frame; ///< frames of input consumed when it was emitted
  double          time_s;   ///< the instant described
  union {
    shed_frame       frame;
    shed_heard_onset onset;
    shed_heard_note  note;
    shed_heard_beat  beat;
  } u;
} shed_event;

/// Everything is allocated here, and FFT plans are made (FFTW_ESTIMATE).
/// @return SHED_OK, SHED_E_RANGE (rate, click), SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_hear_new(shed_hear **out, const shed_hear_opts *opts,
                                         const shed_alloc *alloc);
void                       shed_hear_free(shed_hear *h);

/// Push @p n mono samples, full scale +-1. A sample that is no sound (not finite, or beyond SHED_HEAR_SAMPLE_MOST, which
/// would deafen the ear to what follows) counts as silence and is counted.
/// Thread: analysis. Real-time: yes for any n up to 4096.
enum { SHED_HEAR_SAMPLE_MOST = 100 }; ///< times full scale
SHED_RT void shed_hear_push(shed_hear *h, const float *x, size_t n);
/// The same with what the loudspeaker was given at the same instants: @p given[i] went out when @p x[i] came in, by the one
/// clock of playing and recording. What is no sound in it counts as silence. @param given NULL: silence; not looked at
/// unless opts.playing.sounds.
SHED_RT void shed_hear_push_with(shed_hear *h, const float *x, const float *given, size_t n);
/// The sound has ended: everything that still waits for the future is settled.
SHED_RT void shed_hear_finish(shed_hear *h);
/// Take the next event. @return 1 and *out, or 0 when there is none now. Draining after each push of at most 4096
/// samples never loses one; when nobody drains, the oldest are dropped and counted.
SHED_RT int shed_hear_poll(shed_hear *h, shed_event *out);

/// The SHED_TAKE_BANDS bytes of a settled frame that was polled after the last push (or finish); borrowed until the next.
SHED_RT const uint8_t *shed_hear_bands(const shed_hear *h, const shed_event *frame);

/// Counters since the start.
typedef struct {
  uint64_t frames_in;
  uint64_t not_finite; ///< samples that were no sound
  uint64_t clipped_runs;
  uint64_t events_dropped;
  float    noise_db;    ///< noise floor
  float    snr_db;      ///< NaN before anything was voiced, and while no pause has told how loud the room is
  bool     click_found; ///< the click that was told of is heard, and taken out
  double   click_delay_s;    ///< so much later than it was told; NaN while it is not found
  bool     playing_found;    ///< the accompaniment is heard, and taken out
  double   playing_delay_s;  ///< so much later than it was given; NaN while it is not found
  double   playing_gain_db;  ///< at most so much louder than it was given; NaN while it is not found
  double   playing_taken_db; ///< by so much the sound has become quieter since; 0 while it is not found
} shed_hear_stats;
SHED_RT shed_hear_stats shed_hear_stats_now(const shed_hear *h);
/// The tempo of everything heard so far.
SHED_RT shed_heard_tempo shed_hear_tempo_now(const shed_hear *h);

/// Hear a whole take: pull it in blocks, collect everything, fill the take but its sha256, and warn of what would make
/// a judgement unfair (silent, quiet, noisy, clipped, no pitch).
///
/// @param opts      the rate, and what is known about the sound.
/// @param expected  samples that will come, for the progress alone; 0 when not known (no progress is told then).
/// @param progress  may be NULL; called with 0..1.
/// @param[out] out  written on SHED_OK only; freed with shed_take_free().
/// @return SHED_OK, SHED_E_RANGE (rate, click), SHED_E_NOMEM, or what pull returned.
SHED_NODISCARD shed_status shed_hear_source(shed_hear_pull pull, void *pull_ctx, const shed_hear_opts *opts,
                                            uint64_t expected, const shed_alloc             *alloc,
                                            void (*progress)(void *ctx, double share), void *ctx,
                                            shed_take *out, shed_error *err);

/// The same for @p n samples in memory; borrowed for the call.
SHED_NODISCARD shed_status shed_hear_take(const float *x, size_t n, int rate_hz, const shed_alloc *alloc,
                                          void (*progress)(void *ctx, double share), void *ctx,
                                          shed_take *out, shed_error *err);

#endif
