// About this file: the callback and the reader's end of a live stream. The callback copies, counts and stamps; it never
// waits. Time is what the clock says: a device that comes back late finds its place by it.
#include "engine/audio/live_internal.h"

#include <string.h>

static const double NS = 1e9;

static void
add(_Atomic uint64_t *counter, uint64_t n)
{
  // one writer: no need for an atomic addition
  atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + n,
                        memory_order_relaxed);
}

// Odd while it is written: shed_live_heard_now() looks before and after.
static void
stamp(shed_live *l, int64_t now_ns)
{
  uint64_t s = atomic_load_explicit(&l->stamp, memory_order_relaxed);
  atomic_store_explicit(&l->stamp, s + 1, memory_order_relaxed);
  // released: who sees one of these sees that stamp is odd, or more
  atomic_store_explicit(&l->stamp_frame, l->frame, memory_order_release);
  atomic_store_explicit(&l->stamp_ns, now_ns, memory_order_release);
  atomic_store_explicit(&l->stamp, s + 2, memory_order_release);
}

bool
shed_live_heard_now(const shed_live *live, uint64_t *frame, int64_t *mono_ns)
{
  enum { TRIES = 100 }; // it is written within nanoseconds
  for (int i = 0; i < TRIES; i++) {
    uint64_t before = atomic_load_explicit(&live->stamp, memory_order_acquire);
    *frame          = atomic_load_explicit(&live->stamp_frame, memory_order_acquire); // matches stamp()'s
    *mono_ns        = atomic_load_explicit(&live->stamp_ns, memory_order_acquire);
    if (before == 0) {
      return false;
    }
    if (before % 2 == 0 && before == atomic_load_explicit(&live->stamp, memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

// The device is back: what went by meanwhile is missing.
static void
catch_up(shed_live *l, int64_t now_ns)
{
  double   late = (double)(now_ns - l->last_ns) * (double)l->device.rate_hz / NS - (double)l->last_n;
  uint64_t n    = l->last_ns != 0 && late > 0 ? (uint64_t)late : 0;
  l->frame += n;
  if (l->ring) {
    shed_ring_skip(l->ring, 2 * n);
  }
}

static void
say_torn(shed_live *l)
{
  uint64_t said = atomic_load_explicit(&l->torn_written, memory_order_relaxed);
  uint64_t seen = atomic_load_explicit(&l->torn_read, memory_order_acquire);
  add(&l->torn, 1);
  if (said - seen <
      LIVE_TORN) { // else the reader is so far behind that the last of these places stands for more
    l->torn_at[said % LIVE_TORN] = l->frame;
    atomic_store_explicit(&l->torn_written, said + 1, memory_order_release);
  }
}

static void
play(shed_live *l, float *out, size_t n)
{
  uint64_t clipped  = 0;
  int      channels = l->device.output_channels;
  l->opts.play(l->opts.play_ctx, l->frame, l->mono, n);
  for (size_t i = 0; i < n; i++) {
    float x = l->mono[i];
    if (!(x >= -1.0F && x <= 1.0F)) { // also what is no number
      x = x > 1.0F ? 1.0F : x < -1.0F ? -1.0F : 0.0F;
      clipped++;
    }
    l->mono[i] = x;
    for (int c = 0; c < channels; c++) {
      *out++ = x;
    }
  }
  add(&l->clipped, clipped);
}

static void
record(shed_live *l, const float *in, size_t n)
{
  size_t channels = (size_t)l->device.input_channels;
  for (size_t i = 0; i < n; i++) {
    l->pair[2 * i]     = in ? in[i * channels + (size_t)l->opts.channel] : 0.0F;
    l->pair[2 * i + 1] = l->mono[i];
  }
  (void)shed_ring_write(l->ring, l->pair, 2 * n); // what does not fit is counted there
}

void
shed_live_block(shed_live *l, const float *in, float *out, size_t n, live_flags flags)
{
  int64_t now_ns = l->opts.clock->mono_ns(l->opts.clock->ctx);
  size_t  all    = n;
  if (atomic_load_explicit(&l->resumed, memory_order_acquire)) { // matches the keeper's release
    catch_up(l, now_ns);
    atomic_store_explicit(&l->resumed, false, memory_order_relaxed);
  } else if (l->last_ns != 0 &&
             now_ns - l->last_ns > atomic_load_explicit(&l->longest_ns, memory_order_relaxed)) {
    atomic_store_explicit(&l->longest_ns, now_ns - l->last_ns, memory_order_relaxed);
  }
  if (flags.input_lost) {
    say_torn(l);
  }
  add(&l->stuttered, flags.output_lost);
  while (n > 0) {
    size_t some = n < LIVE_BLOCK ? n : LIVE_BLOCK;
    memset(l->mono, 0, some * sizeof(l->mono[0]));
    if (out) {
      play(l, out, some);
      out += some * (size_t)l->device.output_channels;
    }
    if (l->ring) {
      record(l, in, some);
      in = in ? in + some * (size_t)l->device.input_channels : NULL;
    }
    l->frame += some;
    n -= some;
  }
  l->last_ns = now_ns;
  l->last_n  = all;
  atomic_store_explicit(&l->frames, l->frame, memory_order_relaxed);
  stamp(l, now_ns);
  add(&l->callbacks, 1);
}

int
shed_live_callback(const void *in, void *out, unsigned long n, const PaStreamCallbackTimeInfo *time,
                   PaStreamCallbackFlags flags, void *user)
{
  (void)time; // the moments that drivers tell jump about; calibration measures instead
  shed_live_block(user, in, out, n,
                  (live_flags){.input_lost  = (flags & (paInputOverflow | paInputUnderflow)) != 0,
                               .output_lost = (flags & paOutputUnderflow) != 0});
  return paContinue;
}

// How many of @p n frames from read_frame on stand before the next torn place behind it.
static size_t
up_to_torn(const shed_live *l, size_t n)
{
  uint64_t seen = atomic_load_explicit(&l->torn_read, memory_order_relaxed);
  uint64_t said = atomic_load_explicit(&l->torn_written, memory_order_acquire);
  for (; seen != said; seen++) {
    uint64_t at = l->torn_at[seen % LIVE_TORN];
    if (at > l->read_frame) {
      return at - l->read_frame < n ? (size_t)(at - l->read_frame) : n;
    }
  }
  return n;
}

// Whether there was one up to @p at; it is left behind.
static bool
leave_torn(shed_live *l, uint64_t at)
{
  uint64_t first = atomic_load_explicit(&l->torn_read, memory_order_relaxed);
  uint64_t said  = atomic_load_explicit(&l->torn_written, memory_order_acquire);
  uint64_t seen  = first;
  while (seen != said && l->torn_at[seen % LIVE_TORN] <= at) {
    seen++;
  }
  atomic_store_explicit(&l->torn_read, seen, memory_order_release);
  return seen != first;
}

// The next frames of the stream's own time, whatever of them is handed out. Places are left behind only with samples that
// come after them.
static size_t
read_some(shed_live *l, size_t n, shed_live_place *place)
{
  uint64_t lost = 0;
  n             = up_to_torn(l, n < LIVE_BLOCK ? n : LIVE_BLOCK);
  size_t got    = shed_ring_read(l->ring, l->read_pair, 2 * n, &lost) / 2;
  if (got) {
    l->read_frame += lost / 2;
    *place = (shed_live_place){
        .at_frame = l->read_frame, .missing = lost / 2, .torn = leave_torn(l, l->read_frame)};
    l->read_frame += got;
  }
  return got;
}

size_t
shed_live_read(shed_live *l, float *mic, float *given, size_t n, shed_live_place *place)
{
  *place = (shed_live_place){0};
  size_t got, drop = 0;
  if (!l->ring || n == 0) {
    return 0;
  }
  do { // what is latency is not handed out: once, at the start
    got  = read_some(l, n, place);
    drop = place->at_frame >= l->skip        ? 0
           : l->skip - place->at_frame < got ? (size_t)(l->skip - place->at_frame)
                                             : got;
  } while (got > 0 && got == drop);
  for (size_t i = drop; i < got; i++) {
    mic[i - drop] = l->read_pair[2 * i];
  }
  for (size_t i = drop; given && i < got; i++) {
    given[i - drop] = l->read_pair[2 * i + 1];
  }
  if (got > 0) {
    place->at_frame += drop - l->skip;
    place->missing = place->missing < place->at_frame ? place->missing : place->at_frame;
    place->torn    = place->torn && drop == 0;
  }
  return got - drop;
}
