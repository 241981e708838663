/// Evidence for onsets, frame by frame: how the spectrum rises, in fine bands and in wide ones. Own flux after Böck and Widmer 2013 (SuperFlux, DAFx-13:
/// against the highest of three neighbouring bands, so that vibrato is no onset), and two of aubio's onset functions on
/// the same spectrum.
#ifndef SHED_DSP_ONSET_H
#define SHED_DSP_ONSET_H

#include "engine/dsp/front.h"
#include "engine/dsp/level.h"

typedef struct {
  float flux; ///< 0 and up; about 1 at a clear onset: the higher of two looks 5 ms apart
  float mkl;  ///< aubio's modified Kullback-Leibler measure (Brossier 2006) over its recent mean
  float hfc;  ///< aubio's high-frequency content (Masri 1996) over its recent mean
  /// How ten wide bands rise together, -20..20: the last 5 ms over those 20 to 35 ms before, all of them or the upper five by two
  /// thirds, whichever is more. Noise alone stays within 2; a stroke in the tail of one that rings like noise has 3 to 15.
  float burst_db;
} shed_onset_frame;

typedef struct shed_onset shed_onset;

/// For sound at 44.1 kHz. aubio's objects allocate for themselves, here only. @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_onset_new(shed_onset **out, const shed_alloc *alloc);
void                       shed_onset_free(shed_onset *o);

/// Frames come each 10 ms, in order. @param centre in whole-rate samples; 18 ms after it must be known.
/// Thread: analysis. Real-time: yes.
SHED_RT shed_onset_frame shed_onset_run(shed_onset *o, const shed_front *front, int64_t centre,
                                        const shed_level_frame *level);
/// What sounds, so that each pulse of a bass is no onset: from the next frame on a rise is told against the highest of a
/// whole period before. @param f0_hz 0 where there is no pitch. Thread: analysis. Real-time: yes.
SHED_RT void shed_onset_sounding(shed_onset *o, float f0_hz);

#endif
