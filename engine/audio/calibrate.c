// About this file: plays the probes on a live stream and hands what came back to the arithmetic.
#include "engine/audio/calibrate.h"

#include "engine/audio/mixer.h"

#include <time.h>

enum { BLOCK = 1024, TURN_MS = 10 };
static const double QUIET_S = 1.0; // of the probes' beginning: the room alone
static const double MORE_S  = 3.0; // the device may take so much longer than its sound lasts

typedef struct {
  shed_live  *live;
  shed_mixer *mixer;
  shed_sound  sound;
  float      *heard;
  size_t      wanted, n; // frames
  uint64_t    holes;
} work;

static void
work_free(work *w, const shed_alloc *alloc)
{
  shed_live_free(w->live); // before the mixer that it plays
  shed_mixer_free(w->mixer);
  shed_sound_free(&w->sound);
  shed_free(alloc, w->heard);
}

// The mixer is made when the rate is known, and the stream is opened with it in hand.
typedef struct {
  _Atomic(shed_mixer *) mixer;
} player;

static void
play(void *ctx, uint64_t at, float *out, size_t n)
{
  player     *p = ctx;
  shed_mixer *m = p->mixer;
  if (m) {
    shed_mixer_run(m, at, out, n);
  }
}

static shed_status
prepare(work *w, player *p, const shed_live_opts *pair, shed_probe_opts *probe, const shed_alloc *alloc,
        shed_error *err)
{
  shed_live_opts o = *pair;
  o.capture        = true;
  o.play           = play;
  o.play_ctx       = p;
  o.latency_s      = 0;
  shed_status st   = shed_live_open(&w->live, &o, alloc, err);
  if (st != SHED_OK) {
    return st;
  }
  probe->rate_hz = shed_live_device_of(w->live)->rate_hz;
  if ((st = shed_probe_sound(probe, alloc, &w->sound)) == SHED_OK &&
      (st = shed_mixer_new(&w->mixer, probe->rate_hz, alloc)) == SHED_OK &&
      (st = shed_mixer_add(w->mixer, w->sound.x, w->sound.n, 0, 0.0F, NULL)) == SHED_OK) {
    w->wanted = w->sound.n;
    w->heard  = shed_calloc(alloc, w->wanted, sizeof(float));
    st        = w->heard ? SHED_OK : SHED_E_NOMEM;
  }
  p->mixer = w->mixer;
  return st == SHED_OK ? st
                       : shed_fail(err, st, shed_live_device_of(w->live)->input,
                                   "cannot be measured at %d samples a second: %s", probe->rate_hz,
                                   shed_status_text(st));
}

static void
read_now(work *w)
{
  float           x[BLOCK];
  shed_live_place place;
  size_t          n = 0;
  while (w->n < w->wanted && (n = shed_live_read(w->live, x, NULL, BLOCK, &place)) > 0) {
    w->holes += place.missing; // what is missing stays silence, in its place
    for (size_t i = 0; i < n && place.at_frame + i < w->wanted; i++) {
      w->heard[place.at_frame + i] = x[i];
    }
    w->n = place.at_frame + n;
  }
}

static shed_status
listen(work *w, void (*progress)(void *ctx, double share), void *ctx, shed_error *err)
{
  static const struct timespec turn    = {.tv_nsec = TURN_MS * 1000000};
  int                          rate_hz = shed_live_device_of(w->live)->rate_hz;
  double                       most    = (double)w->wanted / rate_hz + MORE_S;
  const char                  *name    = shed_live_device_of(w->live)->input;
  int         turns = (int)(4.0 * most * 1000.0 / TURN_MS); // a loaded machine is slower, too
  shed_status st    = shed_live_start(w->live, err);
  while (st == SHED_OK && w->n < w->wanted && turns-- > 0) {
    (void)nanosleep(&turn, NULL);
    read_now(w);
    if (shed_live_tend(w->live, err) == SHED_LIVE_LOST) {
      return SHED_E_NODEV;
    }
    if (progress) {
      progress(ctx, (double)w->n / (double)w->wanted);
    }
  }
  if (st == SHED_OK && w->n < w->wanted) {
    return shed_fail(err, SHED_E_NODEV, name,
                     "gives too little sound. Unplug it, plug it in again, and try once more");
  }
  if (st == SHED_OK && w->holes > 0) {
    return shed_fail(err, SHED_E_IO, name,
                     "lost %.2f s while it was measured. Close other programs and try again",
                     (double)w->holes / rate_hz);
  }
  return st;
}

shed_status
shed_calibrate(const shed_live_opts *pair, const shed_probe_opts *probe, const shed_alloc *alloc,
               void (*progress)(void *ctx, double share), void *ctx, shed_calibration *out, shed_error *err)
{
  work             w  = {0};
  player           p  = {NULL};
  shed_calibration c  = {0};
  shed_probe_opts  o  = *probe;
  shed_status      st = prepare(&w, &p, pair, &o, alloc, err);
  if (st == SHED_OK && (st = listen(&w, progress, ctx, err)) == SHED_OK) {
    c.device = *shed_live_device_of(w.live);
    c.stats  = shed_live_stats_now(w.live);
    shed_live_stop(w.live);
    if ((st = shed_probe_measure(&o, w.heard, w.wanted, alloc, &c.probe)) == SHED_OK) {
      st = shed_input_check(w.heard, (size_t)(QUIET_S * o.rate_hz), o.rate_hz, alloc, &c.input);
    }
    if (st != SHED_OK) {
      (void)shed_fail(err, st, c.device.input, "%s", shed_status_text(st));
    }
  }
  work_free(&w, alloc);
  if (st == SHED_OK) {
    *out = c;
  }
  return st;
}

shed_status
shed_calibrate_level(const shed_live_opts *pair, double seconds, const shed_alloc *alloc,
                     void (*progress)(void *ctx, double share), void *ctx, shed_input_report *out,
                     shed_live_device *device, shed_error *err)
{
  work              w = {0};
  shed_input_report r = {0};
  shed_live_opts    o = *pair;
  if (!(seconds >= 1 && seconds <= 60)) {
    return shed_fail(err, SHED_E_RANGE, "seconds", "%g is not from 1 to 60", seconds);
  }
  o.capture      = true;
  o.play         = NULL;
  o.latency_s    = 0;
  shed_status st = shed_live_open(&w.live, &o, alloc, err);
  if (st == SHED_OK) {
    *device  = *shed_live_device_of(w.live);
    w.wanted = (size_t)(seconds * device->rate_hz) + 1;
    w.heard  = shed_calloc(alloc, w.wanted, sizeof(float));
    st       = w.heard ? listen(&w, progress, ctx, err)
                       : shed_fail(err, SHED_E_NOMEM, device->input, "%s", shed_status_text(SHED_E_NOMEM));
  }
  if (st == SHED_OK && (st = shed_input_check(w.heard, w.wanted, device->rate_hz, alloc, &r)) != SHED_OK) {
    (void)shed_fail(err, st, device->input, "%s", shed_status_text(st));
  }
  work_free(&w, alloc);
  if (st == SHED_OK) {
    *out = r;
  }
  return st;
}
