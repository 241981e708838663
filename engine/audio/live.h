/// A microphone and a loudspeaker while they run: one PortAudio stream of any device and rate, so that what is recorded and
/// what is played are counted by one clock. What the machine did not manage to hand over is told at its place, so that nothing is
/// judged that nobody heard; a device that is pulled out in mid-take is looked for until it is there again.
///
/// Three threads meet here, each with functions of its own:
///   keeper    shed_live_open, _start, _tend, _stop, _free. PortAudio wants one thread for all streams of the process.
///   callback  PortAudio's: calls opts.play and fills the ring. Never waits, allocates, logs.
///   reader    shed_live_read. May be the keeper too, while it reads often enough for the ring.
/// shed_live_stats_now() and shed_live_heard_now() are for any thread.
///
///     if ((st = shed_live_open(&live, &opts, NULL, err)) != SHED_OK || (st = shed_live_start(live, err)) != SHED_OK) ...
///     while (!done) {
///       while ((n = shed_live_read(live, mic, given, 441, &c)) > 0) { if (c.missing || c.torn) ...; listen(mic, n); }
///       if (shed_live_tend(live, err) == SHED_LIVE_LOST) say(err);
///       sleep a little
///     }
#ifndef SHED_AUDIO_LIVE_H
#define SHED_AUDIO_LIVE_H

#include "engine/base/alloc.h"
#include "engine/base/clock.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct shed_live shed_live;

/// Fill @p out with what shall sound from @p at_frame of the stream on: @p n mono samples, full scale +-1. Called by the
/// callback: real-time, so it must not allocate, lock, log or go to a file. Frames that went by while the device was lost are
/// not asked for: the next call's @p at_frame is further on.
typedef void (*shed_live_play)(void *ctx, uint64_t at_frame, float *out, size_t n);

typedef struct {
  /// By name, as shed_devices_list() tells it, else by a part of the name in any case; NULL: the system's default.
  const char    *input, *output;
  const char    *api;          ///< of both; NULL: any
  bool           capture;      ///< at least one of capture and play
  shed_live_play play;         ///< NULL: nothing sounds
  void          *play_ctx;     ///< borrows until shed_live_stop() has returned
  int            rate_hz;      ///< 8000..192000; 0: the device's own
  int            block_frames; ///< asked of the device; 0: as it likes
  double         buffer_s;     ///< latency asked of the device, at most 1; 0: its lowest
  int            channel;      ///< of the microphone, from 0
  double         ring_s;       ///< how far the reader may be behind, at most 60; 0: 4
  double         latency_s; ///< round trip as measured: the first so many seconds of sound are not handed out
  const shed_clock *clock;  ///< NULL: the system's. Its mono_ns is called by the callback
} shed_live_opts;

/// Names of what was opened, for a person, a file of latencies, and to find it again. A plain value.
typedef struct {
  char   input[160], output[160], api[48]; ///< "" where there is none
  int    rate_hz;
  int    input_channels, output_channels;
  double input_latency_s, output_latency_s; ///< as PortAudio says; measured ones differ. 0 when it does not
} shed_live_device;

/// Look devices up and open a stream at the rate asked; where the device has only its own rate and rate_hz is 0, at that.
/// @return SHED_OK; SHED_E_NODEV (none, not found, gone; err names those that are there), SHED_E_BUSY, SHED_E_UNSUPPORTED
///         (the rate; err names the device's own), SHED_E_RANGE (opts), SHED_E_NOMEM. Nothing sounds yet.
SHED_NODISCARD shed_status shed_live_open(shed_live **out, const shed_live_opts *opts,
                                          const shed_alloc *alloc, shed_error *err);
/// @return SHED_OK or SHED_E_NODEV.
SHED_NODISCARD shed_status shed_live_start(shed_live *live, shed_error *err);
/// Nothing is played or recorded any more when it returns; what is in the ring can still be read. It cannot be started again.
/// Takes 1.5 s at most: a sound server that died is closed behind the caller's back.
void shed_live_stop(shed_live *live);
void shed_live_free(shed_live *live); ///< stops; NULL is legal

typedef enum {
  SHED_LIVE_RUNS,
  SHED_LIVE_LOST, ///< the device is gone and is looked for; time goes on
  SHED_LIVE_FOUND ///< told once: it runs again; what is missing comes before the next samples
} shed_live_state;

/// Look after the stream some ten times a second, between start and stop: notices within a second that the device is gone,
/// then looks for it by its names twice a second. PortAudio sees new devices only while no other stream of the process is
/// open; and where the sound server itself died (jackd), its part of PortAudio takes ten minutes to let go. Takes up to a
/// second while the device is lost.
/// @param[out] err  on SHED_LIVE_LOST which device, and what to do.
shed_live_state shed_live_tend(shed_live *live, shed_error *err);

/// Where samples stand that were read.
typedef struct {
  uint64_t
      at_frame; ///< of the first; all frames since the start are counted, also those missing, less latency_s
  uint64_t missing; ///< frames not recorded right before the first: reader too slow, or device lost
  bool     torn;    ///< the driver lost something right before the first, and does not say how much
} shed_live_place;

/// The next samples, up to the next place where some are missing.
/// @param[out] mic    @p n samples at most.
/// @param[out] given  what the loudspeaker was given at the same instants; may be NULL.
/// @return how many; 0: nothing new, ask again later.
/// Thread: reader. Real-time: yes.
SHED_RT size_t shed_live_read(shed_live *live, float *mic, float *given, size_t n, shed_live_place *place);

/// Counters since the start.
typedef struct {
  uint64_t frames; ///< of the stream's time, missing ones too
  uint64_t callbacks;
  uint64_t missing;    ///< frames that the reader is or will be told are missing
  uint64_t torn;       ///< times that the driver lost some of the microphone's sound
  uint64_t stuttered;  ///< times that the loudspeaker ran out of sound
  uint64_t clipped;    ///< samples given to the loudspeaker beyond full scale, and cut there
  uint64_t lost;       ///< times that the device was lost
  int64_t  longest_ns; ///< between two callbacks of one run
} shed_live_stats;
shed_live_stats shed_live_stats_now(const shed_live *live);

/// The frame that the callback has come to, and when that was by the clock: for a display that moves with the sound.
/// @return false before the first callback. Thread: any. Real-time: yes.
SHED_RT bool shed_live_heard_now(const shed_live *live, uint64_t *frame, int64_t *mono_ns);

/// What was opened. Immutable until shed_live_free().
const shed_live_device *shed_live_device_of(const shed_live *live);

#endif
