/// What stands between a player and the ear: noise, rooms, bad microphones, other people. Each is seeded and deterministic,
/// works on sound in place and keeps its length.
///
/// Levels are against the take's own: corpus_level_db() is the RMS of those 50 ms pieces that lie within 30 dB of the
/// loudest, so that rests do not count.
#ifndef CORPUS_DEGRADE_H
#define CORPUS_DEGRADE_H

#include "engine/audio/file.h"

double corpus_level_db(const shed_sound *s); ///< dBFS; -200 when silent

typedef enum { CORPUS_WHITE, CORPUS_PINK, CORPUS_BROWN } corpus_noise_colour;
/// Gaussian noise, the take @p snr_db over it (both over the whole band).
void corpus_add_noise(shed_sound *s, corpus_noise_colour colour, double snr_db, uint64_t seed);
/// Mains hum: 50 Hz and odd harmonics.
void corpus_add_hum(shed_sound *s, double snr_db);
/// @p people (1: talk; 6: babble) speaking: vowels by formants, noise for consonants, pauses; no words.
SHED_NODISCARD shed_status corpus_add_talk(shed_sound *s, int people, double snr_db, uint64_t seed);
/// Another player nearby with a tune of their own. @p instrument as in instruments.def, with a program.
SHED_NODISCARD shed_status corpus_add_player(shed_sound *s, const char *instrument, double snr_db,
                                             uint64_t seed, shed_error *err);
/// A metronome heard by the microphone, from @p start_s on, the first of every @p beats higher.
SHED_NODISCARD shed_status corpus_add_clicks(shed_sound *s, double bpm, double start_s, int beats,
                                             double snr_db);
/// A room: first reflections of a box and a tail that falls by 60 dB in @p rt60_s (0.1..3). @param direct_db direct sound
/// over all the rest (10: close to the microphone, 0: across a room). The direct sound keeps its time.
SHED_NODISCARD shed_status corpus_room(shed_sound *s, double rt60_s, double direct_db, uint64_t seed);
/// A laptop's microphone: 200 to 8000 Hz, fourth order, and a resonance at 2.5 kHz.
void corpus_laptop(shed_sound *s);
/// A tone control: what lies well above @p corner_hz comes out louder by @p high_db or softer, by a filter of first order.
void corpus_tone_control(shed_sound *s, double corner_hz, double high_db);
/// Too loud: @p over_db of the peak above full scale are cut off.
void corpus_clip(shed_sound *s, double over_db);
/// Automatic gain as in phones: towards -20 dBFS, up slowly and down fast, at most 24 dB.
void corpus_agc(shed_sound *s);
/// To @p db dBFS by corpus_level_db(); silence stays.
void corpus_set_level(shed_sound *s, double db);

/// One of the above by name: "noise:20", "pink:15", "brown:20", "hum:25", "talk:15", "babble:10", "player:12:trumpet",
/// "clicks:20:96:0.5" (bpm, start), "room:0.5:6", "laptop", "tone:1000:-6", "clip:6", "agc", "level:-45".
/// Sound that would not fit into full scale afterwards is turned down to fit.
/// @return SHED_OK; SHED_E_FORMAT with what was expected; SHED_E_NOTFOUND (instrument, sound font); SHED_E_NOMEM.
SHED_NODISCARD shed_status corpus_degrade(shed_sound *s, const char *spec, uint64_t seed, shed_error *err);

#endif
