/// The corpus of the ear: sounds whose pitch at every hundredth of a second and whose notes are known, in two halves. What
/// fits weights or costs may see the FIT half only; what is reported is measured on the REPORT half.
///
/// SYNTH    additive synthesis, exact.
/// RESYNTH  phrases of sampled instruments and of real singers, taken apart into partials and put together again along a
///          pitch curve that was chosen: exact, with the unevenness of real sound.
/// SAMPLED  instruments of a sound font over their whole range, with articulations; FIT plays TimGM6mb, REPORT FluidR3_GM.
/// A dozen items come again in each harm. All are seeded: the same item is the same bytes on one machine.
#ifndef CORPUS_EAR_H
#define CORPUS_EAR_H

#include "engine/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CORPUS_EAR_RATE_HZ = 44100, CORPUS_EAR_HOP = 441 };

typedef enum { CORPUS_EAR_SYNTH, CORPUS_EAR_RESYNTH, CORPUS_EAR_SAMPLED, CORPUS_EAR_GROUPS } corpus_ear_group;
typedef enum { CORPUS_EAR_FIT, CORPUS_EAR_REPORT, CORPUS_EAR_HALVES } corpus_ear_half;

/// What was done to a clean item. Numbers are dB of the item over what is added.
typedef enum {
  CORPUS_EAR_CLEAN,
  CORPUS_EAR_WHITE10,
  CORPUS_EAR_PINK10,
  CORPUS_EAR_PINK05,
  CORPUS_EAR_BABBLE10,
  CORPUS_EAR_BABBLE05,
  CORPUS_EAR_ROOM,   ///< RT60 .3 to .8 s
  CORPUS_EAR_CLIP,   ///< 12 dB over full scale
  CORPUS_EAR_CLICK,  ///< a metronome, peaks 12 dB under the item's
  CORPUS_EAR_LAPTOP, ///< 200 Hz to 8 kHz
  CORPUS_EAR_LAPTOP_ROOM_PINK20,
  CORPUS_EAR_AGC,       ///< gain that pumps
  CORPUS_EAR_NEIGHBOUR, ///< another instrument, 15 to 20 dB under
  CORPUS_EAR_LIVE,      ///< room RT60 .6 s and pink noise at 25 dB: for onsets
  CORPUS_EAR_HARMS
} corpus_ear_harm;

/// How notes begin.
typedef enum {
  CORPUS_EAR_PERCUSSION,
  CORPUS_EAR_STRUCK,
  CORPUS_EAR_PLUCKED,
  CORPUS_EAR_WIND_TONGUED,
  CORPUS_EAR_WIND_SLURRED,
  CORPUS_EAR_STRING_DETACHED,
  CORPUS_EAR_STRING_SLURRED,
  CORPUS_EAR_VOICE,
  CORPUS_EAR_VOICE_SLURRED,
  CORPUS_EAR_CLASSES
} corpus_ear_class;

typedef struct {
  double onset_s;  ///< its level has risen to 20 dB under its first peak; of a slurred one, half-way in pitch
  double offset_s; ///< its level has fallen to 26 dB under its peak, or the next one of the slur begins
  double f0_hz;    ///< median; 0: unpitched
  bool   slurred;  ///< tied to the one before, without a new attack
} corpus_ear_note;

typedef struct {
  float *x; ///< n samples at CORPUS_EAR_RATE_HZ, full scale +-1
  int    n;
  float *
      f0_hz; ///< at frame * 10 ms: over 0 the pitch (partial 1 of a stiff string), 0 none, -1 may be argued about
  int              frames;
  corpus_ear_note *notes; ///< in order of onset
  int              n_notes;
  double           click_first_s, click_period_s; ///< of CORPUS_EAR_CLICK; 0, 0 without
} corpus_ear_sound;

/// A plain value.
typedef struct {
  char name[64]; ///< "synth_tenor_fit", "sampled_flute_tongued_report_babble05"; fit for a file's name
  corpus_ear_group group;
  corpus_ear_half  half;
  corpus_ear_class kind;
  corpus_ear_harm  harm;
  bool             trap;        ///< strong second or subharmonic: the octave may be argued about
  bool             fast;        ///< 16ths at 140, trill, staccato
  bool             exact_cents; ///< false: sampled, the truth is the score's pitch, right to some 20 cents
  uint64_t         seed;
  size_t           base; ///< index of the clean item it is made from; its own when clean
} corpus_ear_item;

size_t corpus_ear_count(void);
/// @param i under corpus_ear_count(), else aborts.
void corpus_ear_at(size_t i, corpus_ear_item *out);
/// By name. @return SHED_OK or SHED_E_NOTFOUND.
SHED_NODISCARD shed_status corpus_ear_find(const char *name, corpus_ear_item *out);
/// @return SHED_OK; SHED_E_NOTFOUND: a sound font or recording is not there, err names the Debian package or the folder (skip
///         the item, plainly); SHED_E_NOMEM. @p out is written only on SHED_OK; corpus_ear_free() it.
SHED_NODISCARD shed_status corpus_ear_make(const corpus_ear_item *item, corpus_ear_sound *out,
                                           shed_error *err);
void                       corpus_ear_free(corpus_ear_sound *s);

extern const char *const CORPUS_EAR_GROUP_NAME[CORPUS_EAR_GROUPS];
extern const char *const CORPUS_EAR_HALF_NAME[CORPUS_EAR_HALVES];
extern const char *const CORPUS_EAR_HARM_NAME[CORPUS_EAR_HARMS];
extern const char *const CORPUS_EAR_CLASS_NAME[CORPUS_EAR_CLASSES];

#endif
