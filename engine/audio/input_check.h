/// Is this microphone fit to be judged by? A pure look at some seconds of its sound: level, noise, distortion, and what the computer may
/// do to it behind our back. And the words that say what to do about it.
#ifndef SHED_AUDIO_INPUT_CHECK_H
#define SHED_AUDIO_INPUT_CHECK_H

#include "engine/audio/probe.h"
#include "engine/base/message.h"

#include <stdbool.h>
#include <stddef.h>

/// A plain value; levels are RMS dBFS of 20 ms, -120 at the least.
typedef struct {
  double noise_db; ///< the quietest tenth
  double loud_db;  ///< the loudest twentieth
  double peak_db;  ///< of one sample
  int    clipped;  ///< moments at which the top of the wave is cut off, at full scale or below it
  double silent;   ///< share of exact digital silence, 0..1
  bool   dead;     ///< nothing but one value: switched off, not allowed, or no cable
  bool   heard;    ///< something stands clearly above the noise
  double
       rise_db; ///< after something loud the noise comes up by so much: automatic gain. NaN: there was no pause to tell
  bool gated; ///< pauses are cut to digital silence: noise suppression
} shed_input_report;

/// @param x  @p n samples, a second at least; best some of quiet room, then of playing with pauses. What is not finite counts as 0.
/// @return SHED_OK, SHED_E_RANGE (rate under 8 or over 192 kHz, too short), SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_input_check(const float *x, size_t n, int rate_hz, const shed_alloc *alloc,
                                            shed_input_report *out);

enum { SHED_INPUT_LEVELS_HZ = 50 };
/// The same from levels alone, RMS dBFS of each 20 ms: what of it they can tell (noise_db, loud_db, heard, rise_db, gated); the rest is 0.
/// @return SHED_OK; SHED_E_RANGE under a second of them; SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_input_check_levels(const float *db, size_t n, const shed_alloc *alloc,
                                                   shed_input_report *out);

enum { SHED_INPUT_MESSAGES = 8 };
/// What to do, the most urgent first; none where all is well. @param asked  playing was asked for, so silence is a fault.
/// @return how many of SHED_INPUT_MESSAGES.
int shed_input_advice(const shed_input_report *r, const char *microphone, bool asked, shed_message *out);
/// The same of what came back of a probe: bleed or headphones, gain, suppression, cancellation.
int shed_probe_advice(const shed_probe_result *r, shed_message *out);

/// By its name: "AirPods", "bluez_input...", "Headset (WH-1000XM4 Hands-Free)".
bool shed_input_is_bluetooth(const char *name);

#endif
