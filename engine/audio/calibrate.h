/// Measure how late a pair of devices is: play the probes, record, find them. Ten seconds and some, during which it chirps.
#ifndef SHED_AUDIO_CALIBRATE_H
#define SHED_AUDIO_CALIBRATE_H

#include "engine/audio/input_check.h"
#include "engine/audio/live.h"
#include "engine/audio/probe.h"

typedef struct {
  shed_live_device  device;
  shed_probe_result probe;
  shed_input_report input; ///< of what came in before anything sounded
  shed_live_stats   stats;
} shed_calibration;

/// @param pair      devices, rate, block and channel; the rest of it is not looked at.
/// @param progress  may be NULL; called with 0..1.
/// @return SHED_OK, also when no probe came back (out->probe says so); SHED_E_NODEV: the device is gone, or gave nothing;
///         SHED_E_IO: what was recorded has holes, measure again; else as shed_live_open(). Thread: keeper's.
SHED_NODISCARD shed_status shed_calibrate(const shed_live_opts *pair, const shed_probe_opts *probe,
                                          const shed_alloc *alloc, void (*progress)(void *ctx, double share),
                                          void *ctx, shed_calibration *out, shed_error *err);

/// Level and noise before a take: record @p seconds of quiet room and of playing, and look at it. Nothing sounds.
/// @param seconds 1..60. Statuses and thread as shed_calibrate(), and SHED_E_RANGE.
SHED_NODISCARD shed_status shed_calibrate_level(const shed_live_opts *pair, double seconds,
                                                const shed_alloc *alloc,
                                                void (*progress)(void *ctx, double share), void *ctx,
                                                shed_input_report *out, shed_live_device *device,
                                                shed_error *err);

#endif
