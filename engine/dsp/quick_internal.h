// What the parts of the quick look share: quick.c (making), quick_lag_rt.c (periodicity at the end of the sound),
// quick_rt.c (when to search, when to follow).
#ifndef SHED_DSP_QUICK_INTERNAL_H
#define SHED_DSP_QUICK_INTERNAL_H

#include "engine/dsp/quick.h"

enum {
  QUICK_RATE_HZ = 44100,
  QUICK_STEP    = 220, // samples between two looks, about
  QUICK_PAST    = 16,  // looks remembered
  QUICK_LAG_MAX = 1620 // samples: 27.2 Hz
};

// A pitch of the newest sound.
typedef struct {
  float lag;   // whole-rate samples; 0: none
  float value; // normalised square difference there, 1 for the same again
  int   reach; // whole-rate samples that were looked at
} quick_peak;

typedef struct {
  int64_t centre;
  float   f0_hz;
} quick_told;

struct shed_quick {
  // immutable after shed_quick_new()
  const shed_alloc *alloc;

  // analysis thread only
  float      anchor_hz;         // what is followed; 0: nothing
  int        again;             // how often in a row it found the same
  float      found_hz;          // by the last search
  float      trust;             // in what is followed
  float      steady;            // how alike what is followed has been of late
  float      half, third;       // how like itself what is followed was at a half, a third of its period
  int64_t    began;             // when what sounds now did, as far as is known
  int64_t    search_until;      // all lags are searched until then
  float      before;            // mean square of what stood there before a rise; under 0: it did not rise
  float      power[QUICK_PAST]; // of the last steps
  quick_told told[QUICK_PAST];
  int64_t    looks;
};

// quick_lag_rt.c
// Best lag of all, or none. @param age samples since the sound began: the more there are, the longer the window, to 16 ms.
quick_peak quick_search(const shed_front *front, int64_t age);
// The best near a pitch.
quick_peak quick_follow(const shed_front *front, float f0_hz);
// At one lag exactly, 0..1.
float quick_alike(const shed_front *front, float lag);

#endif
