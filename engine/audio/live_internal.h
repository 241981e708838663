// What live.c and live_rt.c share.
#ifndef SHED_AUDIO_LIVE_INTERNAL_H
#define SHED_AUDIO_LIVE_INTERNAL_H

#include "engine/audio/live.h"
#include "engine/rt/ring.h"

#include <portaudio.h>
#include <stdatomic.h>
#include <stdbool.h>

enum {
  LIVE_BLOCK    = 1024, // frames handled at a time, whatever the device's block
  LIVE_TORN     = 64,   // places that the reader has not come to
  LIVE_CHANNELS = 32,
  LIVE_APART    = 64 // bytes that two processors must not both write to
};

/// What plays and records: PortAudio, or a test. All but close() are called by the keeper.
typedef struct {
  /// Open a stream at device.rate_hz where that is set, else at what opts or the device want; fill device; call
  /// shed_live_make_ring() the first time.
  shed_status (*open)(shed_live *live, const char *api, const char *input, const char *output,
                      shed_error *err);
  shed_status (*start)(shed_live *live, shed_error *err); ///< from now on shed_live_block() is called
  bool (*active)(shed_live *live);
  void (*close)(
      shed_live *live); ///< also when open() or start() failed. By a thread of its own; may take minutes
  void (*free)(shed_live *live); ///< driver_ctx; NULL: nothing
} live_driver;

enum { LIVE_OPEN, LIVE_CLOSING, LIVE_CLOSED, LIVE_ORPHANED };

struct shed_live {
  // immutable after shed_live_open()
  const shed_alloc *alloc;
  shed_live_opts    opts; // its names point nowhere: see device
  shed_live_device  device;
  shed_ring
          *ring; // pairs: microphone, loudspeaker. Writer: callback; reader: the reader. NULL without capture
  uint64_t skip; // frames of latency that are not handed out
  char     apart_0[LIVE_APART];

  const live_driver *driver; // NULL: none
  void              *driver_ctx;

  // keeper only
  bool     started; // by the caller, and not stopped
  bool     lost_now;
  uint64_t seen_callbacks;
  int64_t  seen_ns;
  int64_t  tried_ns;

  // keeper and closer
  _Atomic int closing; // LIVE_...: whoever comes last frees

  // callback only; handed from one stream's thread to the next by the keeper, who closes the one first
  uint64_t frame;
  int64_t  last_ns;
  size_t   last_n;
  float    pair[2 * LIVE_BLOCK];
  float    mono[LIVE_BLOCK];
  char     apart_1[LIVE_APART];

  // callback writes, others look
  _Atomic uint64_t frames, callbacks, torn, stuttered, clipped;
  _Atomic int64_t  longest_ns;
  _Atomic uint64_t stamp; // odd while the next two are being written
  _Atomic uint64_t stamp_frame;
  _Atomic int64_t  stamp_ns;
  uint64_t         torn_at[LIVE_TORN];
  _Atomic uint64_t torn_written; // released after torn_at

  // the keeper sets it when a device is back, the callback takes it
  _Atomic bool resumed;
  // keeper writes, others look
  _Atomic uint64_t lost;
  char             apart_2[LIVE_APART];

  // reader only; the writer looks at torn_read
  _Atomic uint64_t torn_read;
  uint64_t         read_frame;
  float            read_pair[2 * LIVE_BLOCK];
};

/// What the driver says of one block.
typedef struct {
  bool input_lost, output_lost;
} live_flags;

/// One block of the stream. Apart from PortAudio, so that a test can be the driver.
/// @param in  @p n frames of device.input_channels, interleaved; NULL: silence.
/// @param out @p n frames of device.output_channels; NULL: nothing is played.
SHED_RT void shed_live_block(shed_live *live, const float *in, float *out, size_t n, live_flags flags);

/// PaStreamCallback; @p user is the shed_live.
SHED_RT int shed_live_callback(const void *in, void *out, unsigned long n,
                               const PaStreamCallbackTimeInfo *time, PaStreamCallbackFlags flags, void *user);

/// The half of shed_live_open() that needs no device: checks opts, makes the ring. device is empty.
SHED_NODISCARD shed_status shed_live_make(shed_live **out, const shed_live_opts *opts,
                                          const live_driver *driver, void *driver_ctx,
                                          const shed_alloc *alloc, shed_error *err);
/// The ring, once the rate is known.
SHED_NODISCARD shed_status shed_live_make_ring(shed_live *live, int rate_hz);

#endif
