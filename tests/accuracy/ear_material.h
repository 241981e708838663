/// Sound with known pitch, made for fitting and measuring the ear: phrases of many kinds of instruments and voices, and
/// what phones and rooms do to them. Each seed gives one phrase, the same on every machine of one kind.
#ifndef SHED_TEST_EAR_MATERIAL_H
#define SHED_TEST_EAR_MATERIAL_H

#include <stdbool.h>
#include <stdint.h>

enum { EAR_RATE_HZ = 44100, EAR_HOP = 441 };

/// Kinds of sound; `for (kind = 0; kind < EAR_KINDS; ...)`.
typedef enum {
  EAR_VOICE,
  EAR_BRIGHT,     // brass, double reeds: all partials
  EAR_ODD,        // clarinet
  EAR_FLUTE,      // few partials, breath
  EAR_OVERBLOWN,  // flute and piccolo with lines at half positions
  EAR_STRUCK,     // stiff strings that decay
  EAR_BASS,       // plucked, low, often fast
  EAR_BOWED,      // uneven partials, vibrato
  EAR_WEAK_FIRST, // bassoon, double bass, viola
  EAR_NO_FIRST,   // missing fundamental
  EAR_STRONG_SECOND,
  EAR_SUBHARMONIC, // a little of the octave below, as in a rough voice
  EAR_SINE,
  EAR_KINDS
} ear_kind;

typedef enum {
  EAR_CLEAN,
  EAR_WHITE,
  EAR_PINK,
  EAR_BABBLE,
  EAR_ROOM,
  EAR_LAPTOP, // 200 Hz to 8 kHz
  EAR_PHONE,  // laptop, room, pink noise
  EAR_HUM,    // mains
  EAR_CLIP,
  EAR_CLICK,     // a metronome
  EAR_AGC,       // automatic gain, which lifts the noise where nobody plays
  EAR_NEIGHBOUR, // another player, softer
  EAR_HALL,      // a room that is as loud as the player
  EAR_FAR_PHONE, // laptop, hall, pink noise
  EAR_KNOCK,     // a stand, a key, a hand on the table: a few, up to far louder than the player
  EAR_HARMS
} ear_harm;

extern const char *const EAR_KIND_NAME[EAR_KINDS];
extern const char *const EAR_HARM_NAME[EAR_HARMS];

typedef struct {
  float *x; ///< n samples
  int    n;
  float
      *f0_hz; ///< frames: the pitch at frame * 10 ms; 0 where there is none; -1 where it may be argued about
  int  frames;
} ear_sound;

/// @param snr_db of the noise, where the harm has one.
ear_sound ear_make(uint64_t seed, ear_kind kind, ear_harm harm, double snr_db, double seconds);
/// The phrase alone, as from a player in a silent room.
ear_sound ear_phrase(uint64_t seed, ear_kind kind, double seconds);
ear_sound ear_silence(double seconds);
/// Claps and other short noises without a pitch, harmed.
ear_sound ear_strokes(uint64_t seed, ear_harm harm, double snr_db, double seconds);
/// Speech of several people into @p x, n samples.
void ear_babble(uint64_t seed, float *x, int n);
/// What is heard between notes, and the harm. For a sound of any origin.
void ear_harm_sound(ear_sound *s, uint64_t seed, ear_harm harm, double snr_db);
/// One steady tone, harmonic or with stiffness @p b, partials falling by @p slope_db an octave, peak about .5.
ear_sound ear_tone(double f0_hz, double b, double slope_db, double seconds);
void      ear_add_noise(ear_sound *s, uint64_t seed, ear_harm harm, double snr_db);
void      ear_sound_free(ear_sound *s);

#endif
