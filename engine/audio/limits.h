/// What a take may be. Inside engine/audio only.
#ifndef SHED_AUDIO_LIMITS_H
#define SHED_AUDIO_LIMITS_H

enum {
  SHED_AUDIO_RATE_MIN_HZ  = 8000,
  SHED_AUDIO_RATE_MAX_HZ  = 192000,
  SHED_AUDIO_CHANNELS_MAX = 32,
  SHED_AUDIO_LENGTH_MAX_S = 4 * 3600
};

#endif
