// About this file: keeps a stream: looks after it, finds a lost device again, ends it in time. Everything here is the
// keeper's; the callback is in live_rt.c, the sound system behind the driver. A sound server that died can hold whoever closes
// its stream for minutes: so closing is done by a thread of its own, and the keeper never waits for it for long.
#include "engine/audio/live.h"

#include "engine/audio/limits.h"
#include "engine/audio/live_internal.h"

#include <math.h>
#include <pthread.h>
#include <time.h>

static const double  RING_S         = 4.0;
static const double  RING_MOST_S    = 60.0;
static const double  LATENCY_MOST_S = 2.0;
static const double  BUFFER_MOST_S  = 1.0;
static const int64_t SILENT_NS      = 800000000; // no callback for so long: the device is gone
static const int64_t TRY_AGAIN_NS   = 500000000;

enum { BLOCK_FRAMES_MOST = 65536, CLOSE_WAIT_MS = 1500 };

static int64_t
now(const shed_live *l)
{
  return l->opts.clock->mono_ns(l->opts.clock->ctx);
}

static shed_status
check(const shed_live_opts *o, shed_error *err)
{
  if (!o->capture && !o->play) {
    return shed_fail(err, SHED_E_RANGE, "stream", "neither records nor plays");
  }
  if (o->rate_hz != 0 && (o->rate_hz < SHED_AUDIO_RATE_MIN_HZ || o->rate_hz > SHED_AUDIO_RATE_MAX_HZ)) {
    return shed_fail(err, SHED_E_RANGE, "rate", "%d is not from %d to %d", o->rate_hz, SHED_AUDIO_RATE_MIN_HZ,
                     SHED_AUDIO_RATE_MAX_HZ);
  }
  if (o->block_frames < 0 || o->block_frames > BLOCK_FRAMES_MOST || o->channel < 0 ||
      o->channel >= LIVE_CHANNELS || !(o->buffer_s >= 0 && o->buffer_s <= BUFFER_MOST_S) ||
      !(o->ring_s >= 0 && o->ring_s <= RING_MOST_S) ||
      !(o->latency_s >= 0 && o->latency_s <= LATENCY_MOST_S)) {
    return shed_fail(err, SHED_E_RANGE, "stream",
                     "block %d, channel %d, buffer %g s, ring %g s or latency %g s is out of range",
                     o->block_frames, o->channel, o->buffer_s, o->ring_s, o->latency_s);
  }
  return SHED_OK;
}

shed_status
shed_live_make(shed_live **out, const shed_live_opts *opts, const live_driver *driver, void *driver_ctx,
               const shed_alloc *alloc, shed_error *err)
{
  shed_status st = check(opts, err);
  if (st != SHED_OK) {
    return st;
  }
  shed_live *l = shed_calloc(alloc, 1, sizeof(*l));
  if (!l) {
    return shed_fail(err, SHED_E_NOMEM, "stream", "%s", shed_status_text(SHED_E_NOMEM));
  }
  l->alloc      = alloc;
  l->driver     = driver;
  l->driver_ctx = driver_ctx;
  l->opts       = *opts;
  l->opts.clock = opts->clock ? opts->clock : shed_clock_system();
  l->opts.input = l->opts.output = l->opts.api = NULL;
  *out                                         = l;
  return SHED_OK;
}

shed_status
shed_live_make_ring(shed_live *l, int rate_hz)
{
  double seconds    = l->opts.ring_s > 0 ? l->opts.ring_s : RING_S;
  l->device.rate_hz = rate_hz;
  l->skip           = (uint64_t)llround(l->opts.latency_s * rate_hz);
  if (!l->opts.capture) {
    return SHED_OK;
  }
  size_t samples = 2 * (size_t)(seconds * rate_hz);
  return shed_ring_new(&l->ring, l->alloc, samples > 2 ? samples : 2);
}

static void
free_all(shed_live *l)
{
  if (l->driver && l->driver->free) {
    l->driver->free(l);
  }
  shed_ring_free(l->ring);
  shed_free(l->alloc, l);
}

// The closer's thread. Who comes last of it and shed_live_free() frees.
static void *
close_driver(void *arg)
{
  shed_live *l = arg;
  l->driver->close(l);
  if (atomic_exchange_explicit(&l->closing, LIVE_CLOSED, memory_order_acq_rel) == LIVE_ORPHANED) {
    free_all(l);
  }
  return NULL;
}

static bool
closed(shed_live *l)
{
  return atomic_load_explicit(&l->closing, memory_order_acquire) == LIVE_CLOSED;
}

// Begin to close, and wait for it no longer than @p wait_ms.
static void
close_in_time(shed_live *l, int wait_ms)
{
  static const struct timespec ms = {.tv_nsec = 1000000};
  pthread_t                    closer;
  if (atomic_load_explicit(&l->closing, memory_order_relaxed) == LIVE_OPEN) {
    atomic_store_explicit(&l->closing, LIVE_CLOSING, memory_order_relaxed);
    if (pthread_create(&closer, NULL, close_driver, l) != 0) {
      (void)close_driver(l);
    } else {
      (void)pthread_detach(closer);
    }
  }
  while (wait_ms-- > 0 && !closed(l)) {
    (void)nanosleep(&ms, NULL);
  }
}

shed_status
shed_live_start(shed_live *l, shed_error *err)
{
  if (l->started) {
    return SHED_OK;
  }
  shed_status st =
      closed(l) ? shed_fail(err, SHED_E_STATE, "stream", "was stopped") : l->driver->start(l, err);
  l->started        = st == SHED_OK;
  l->seen_callbacks = atomic_load_explicit(&l->callbacks, memory_order_relaxed);
  l->seen_ns        = now(l);
  return st;
}

void
shed_live_stop(shed_live *l)
{
  l->started = false;
  close_in_time(l, CLOSE_WAIT_MS);
}

void
shed_live_free(shed_live *l)
{
  if (!l) {
    return;
  }
  shed_live_stop(l);
  if (atomic_exchange_explicit(&l->closing, LIVE_ORPHANED, memory_order_acq_rel) == LIVE_CLOSED) {
    free_all(l);
  }
}

// Devices are looked for when the sound system starts.
static bool
try_again(shed_live *l)
{
  shed_live_device was = l->device; // its names are written while they are read
  shed_error       err = {0};
  if (l->driver->open(l, was.api, was.input, was.output, &err) == SHED_OK &&
      l->device.rate_hz == was.rate_hz) {
    atomic_store_explicit(&l->resumed, true, memory_order_release); // matches the callback's acquire
    if (l->driver->start(l, &err) == SHED_OK) {
      atomic_store_explicit(&l->closing, LIVE_OPEN, memory_order_relaxed);
      l->seen_callbacks = atomic_load_explicit(&l->callbacks, memory_order_relaxed);
      l->seen_ns        = now(l);
      return true;
    }
  }
  l->driver->close(l); // a stream that never ran is closed at once
  l->device = was;
  return false;
}

// Whether callbacks come.
static bool
alive(shed_live *l)
{
  uint64_t callbacks = atomic_load_explicit(&l->callbacks, memory_order_relaxed);
  int64_t  t         = now(l);
  if (callbacks != l->seen_callbacks) {
    l->seen_callbacks = callbacks;
    l->seen_ns        = t;
    return true;
  }
  return l->driver->active(l) && t - l->seen_ns < SILENT_NS;
}

shed_live_state
shed_live_tend(shed_live *l, shed_error *err)
{
  if (!l->started || (!l->lost_now && alive(l))) {
    return SHED_LIVE_RUNS;
  }
  if (!l->lost_now) {
    l->lost_now = true;
    l->tried_ns = now(l) - TRY_AGAIN_NS;
    atomic_fetch_add_explicit(&l->lost, 1, memory_order_relaxed);
    close_in_time(l, 0);
  }
  if (closed(l) && now(l) - l->tried_ns >= TRY_AGAIN_NS) {
    if (try_again(l)) {
      l->lost_now = false;
      return SHED_LIVE_FOUND;
    }
    l->tried_ns = now(l);
  }
  (void)shed_fail(err, SHED_E_NODEV, l->device.input[0] ? l->device.input : l->device.output,
                  "is gone. Plug it in again: the take goes on, and what is missing is not judged");
  return SHED_LIVE_LOST;
}

shed_live_stats
shed_live_stats_now(const shed_live *l)
{
  return (shed_live_stats){.frames     = atomic_load_explicit(&l->frames, memory_order_relaxed),
                           .callbacks  = atomic_load_explicit(&l->callbacks, memory_order_relaxed),
                           .missing    = l->ring ? shed_ring_lost(l->ring) / 2 : 0,
                           .torn       = atomic_load_explicit(&l->torn, memory_order_relaxed),
                           .stuttered  = atomic_load_explicit(&l->stuttered, memory_order_relaxed),
                           .clipped    = atomic_load_explicit(&l->clipped, memory_order_relaxed),
                           .lost       = atomic_load_explicit(&l->lost, memory_order_relaxed),
                           .longest_ns = atomic_load_explicit(&l->longest_ns, memory_order_relaxed)};
}

const shed_live_device *
shed_live_device_of(const shed_live *l)
{
  return &l->device;
}
