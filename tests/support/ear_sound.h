/// Sound with something of everything the ear tells apart: detached, slurred and vibrating tones of nine partials from
/// 45 to 1900 Hz, claps, rests, soft noise. For tests that compare two hearings; its truth is not kept.
#ifndef SHED_TEST_EAR_SOUND_H
#define SHED_TEST_EAR_SOUND_H

#include <stddef.h>
#include <stdint.h>

/// @return @p n samples at @p rate_hz, the same for the same seed; the caller frees them.
float *ear_sound(int rate_hz, size_t n, uint64_t seed);

#endif
