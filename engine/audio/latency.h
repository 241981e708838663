/// How late each pair of devices is, as it was measured, kept in one small file: a take takes it off, and rhythm is judged only
/// where it is known and steady.
#ifndef SHED_AUDIO_LATENCY_H
#define SHED_AUDIO_LATENCY_H

#include "engine/audio/live.h"
#include "engine/audio/probe.h"
#include "engine/base/message.h"

#include <stdbool.h>
#include <stdint.h>

/// The spread that a judge of rhythm can bear: a note is on time within 60 ms, so a sixth of that.
#define SHED_LATENCY_SPREAD_MOST_S 0.010
/// A round trip this long through no more than a cable is Bluetooth's, whatever its name.
#define SHED_LATENCY_WIRED_MOST_S 0.150

/// A plain value.
typedef struct {
  char    input[160], output[160], api[48];
  int     rate_hz, block_frames;
  double  latency_s; ///< round trip, 0..SHED_PROBE_LATEST_S
  double  spread_s;
  double  gain_db; ///< how much the loudspeaker bleeds
  int     probes, heard;
  int64_t measured_ms; ///< wall clock
} shed_latency;

/// Of a pair that runs and what was measured on it; latency_s is a number.
shed_latency shed_latency_of(const shed_live_device *device, int block_frames, const shed_probe_result *r,
                             int64_t measured_ms);

/// Where this person's list is: $XDG_CONFIG_HOME/woodshed/latency.json, else below ~/.config.
/// @return SHED_OK; SHED_E_NOTFOUND: neither XDG_CONFIG_HOME nor HOME is set.
SHED_NODISCARD shed_status shed_latencies_path(char *path, size_t size, shed_error *err);

/// Zero-initialised is empty.
typedef struct {
  const shed_alloc *alloc;
  shed_latency     *all;
  size_t            n, cap;
} shed_latencies;

/// @param path  a file of shed_latencies_save(). One that is not there is an empty list.
/// @return SHED_OK, SHED_E_FORMAT (err names the field), SHED_E_IO, SHED_E_NOMEM. The caller frees *out.
SHED_NODISCARD shed_status shed_latencies_load(const char *path, const shed_alloc *alloc, shed_latencies *out,
                                               shed_error *err);
/// Whole or not at all; makes the folder. @return SHED_OK, SHED_E_NOSPACE, SHED_E_IO.
SHED_NODISCARD shed_status shed_latencies_save(const shed_latencies *l, const char *path, shed_error *err);
/// In place of an older one of the same pair, rate and block. @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_latencies_put(shed_latencies *l, const shed_latency *one);
/// Of this pair at this rate and block; NULL: never measured. Borrowed from the list.
const shed_latency *shed_latencies_find(const shed_latencies *l, const shed_live_device *device,
                                        int block_frames);
void                shed_latencies_free(shed_latencies *l);

/// Open a stream; where its pair was measured before, with that round trip taken off.
/// @param opts  latency_s is written. @param[out] measured, has what was measured, and whether anything was.
/// @return as shed_live_open(). A list that cannot be read is an empty one.
SHED_NODISCARD shed_status shed_live_open_measured(shed_live **out, shed_live_opts *opts,
                                                   shed_latency *measured, bool *has, const shed_alloc *alloc,
                                                   shed_error *err);

/// Whether rhythm may be judged on takes of this pair. @param one  NULL: never measured.
/// @param[out] why  where not. Bluetooth is told by the name of @p microphone, and by the delay; a delay that moves is told as that.
bool shed_latency_rhythm(const shed_latency *one, const char *microphone, shed_message *why);

#endif
