/// What is done to clean items of the ear's corpus. Inside tests/corpus only.
#ifndef CORPUS_EAR_HARM_H
#define CORPUS_EAR_HARM_H

#include "tests/corpus/ear_kinds.h"

/// Do the item's harm to its clean sound, in place. Statuses as corpus_ear_make(); on failure s is still to be freed.
SHED_NODISCARD shed_status corpus_ear_harm_do(const corpus_ear_item *item, corpus_ear_sound *s,
                                              shed_error *err);
/// People talking: syllables along falling phrases, vowels with formants, hisses, pauses; no words.
SHED_NODISCARD shed_status corpus_ear_talk(int people, double seconds, uint64_t seed, corpus_ear_sound *out);
/// Another player of the item's half, with another tune, across two metres of room. Statuses as corpus_ear_make().
SHED_NODISCARD shed_status corpus_ear_somebody(const corpus_ear_item *item, uint64_t seed,
                                               corpus_ear_sound *out, shed_error *err);

#endif
