/// Takes to judge the judge by: who plays what, in which room, and what goes wrong. Two halves that share no tunes, players or
/// mistakes: one to work with (FIT), one to report (REPORT, played with FluidR3). FIT has three series: every row of rooms and
/// instruments with TimGM6mb and again with MuseScore General, and rows of its own (take_rooms.def) with FluidR3, every
/// other take of them through a tone control. So what suits one font alone shows; and REPORT is held out by its tunes, not by
/// its sounds: what an unknown font costs is what a fit on two of the three loses on the third.
#ifndef CORPUS_TAKE_H
#define CORPUS_TAKE_H

#include "tests/corpus/ear.h"
#include "tests/corpus/perform.h"

typedef enum {
  CORPUS_TAKES_USUAL,    ///< decent players: timing sd 10 to 25 ms, 8 cents
  CORPUS_TAKES_YEAR_ONE, ///< timing sd 40 ms, 25 cents, squeaks and breaths
  CORPUS_TAKES_HARSH,    ///< usual players where a listener has trouble too
  CORPUS_TAKES_GROUPS
} corpus_take_group;

enum { CORPUS_TAKE_SPECS = 3 };

typedef enum {
  CORPUS_TAKE_TIMGM,
  CORPUS_TAKE_FLUID,
  CORPUS_TAKE_MUSESCORE,
  CORPUS_TAKE_FONTS
} corpus_take_font;
const char *corpus_take_font_name(corpus_take_font font); ///< "TimGM6mb"; static

/// FIT and REPORT in turn; FIT again with another font; FIT with rows of its own.
typedef enum {
  CORPUS_TAKES_FIRST,
  CORPUS_TAKES_AGAIN,
  CORPUS_TAKES_OTHER_ROWS,
  CORPUS_TAKES_SERIES
} corpus_take_series;

typedef struct {
  const char *name;
  const char *specs[CORPUS_TAKE_SPECS]; ///< as corpus_degrade() takes them; NULL ends
} corpus_take_room;

/// A plain (large) value.
typedef struct {
  size_t                   index;
  corpus_take_series       series;
  corpus_ear_half          half;
  corpus_take_font         font;
  corpus_take_group        group;
  const corpus_instrument *instrument;
  const corpus_take_room  *room;
  uint64_t                 seed;
  double                   written_bpm; ///< what the score says; the player is free
  bool                     fixed_pitch;
} corpus_take;

size_t corpus_take_count(void);
/// Take @p i under corpus_take_count(), not made yet: who plays, where, in which half and with which font.
corpus_take corpus_take_at(size_t i);
/// Take @p i under corpus_take_count(), and how it is played. Deterministic. @return SHED_OK; SHED_E_RANGE (never with
/// the takes that stand here; a test looks).
SHED_NODISCARD shed_status corpus_take_make(size_t i, corpus_take *out, corpus_performance *played,
                                            shed_error *err);
/// The same with a seed of its own: who, where and with which font are those of take @p i, tune, player and mistakes are others.
/// @param nth which; 0: take @p i itself. @return as corpus_take_make(); SHED_E_RANGE too where by rare chance the mistakes do not fit
///         each other.
SHED_NODISCARD shed_status corpus_take_make_again(size_t i, uint64_t nth, corpus_take *out,
                                                  corpus_performance *played, shed_error *err);
/// Its sound at 44.1 kHz. @return SHED_OK; SHED_E_NOTFOUND without its sound font: err names the Debian package; SHED_E_NOMEM.
SHED_NODISCARD shed_status corpus_take_sound(const corpus_take *t, const corpus_performance *played,
                                             shed_sound *out, shed_error *err);
/// Everything that makes the sound, as a name for it.
shed_sha256 corpus_take_key(const corpus_take *t, const corpus_performance *played);

/// A made part of 4/4 or 3/4 in major or minor as in chorales (@p lively false: quarters and eighths) or quartets (dotted
/// rhythms, sixteenths, syncopation, rests): steps, leaps, repeated notes inside low..high (midi, an octave apart at least).
corpus_tune corpus_tune_part(uint64_t seed, size_t n, int low, int high, bool lively);

#endif
