/// A metronome as pure arithmetic: which click is the k-th, and at which frame it begins. The mixer sounds it, a display shows
/// it, and both say the same because both ask here. Nothing is added up, so an hour is as exact as the first bar.
#ifndef SHED_AUDIO_METRONOME_H
#define SHED_AUDIO_METRONOME_H

#include "engine/base/attrs.h"
#include "engine/music/metre.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SHED_METRONOME_BEATS = SHED_METRE_PULSES, SHED_METRONOME_PARTS = 8, SHED_METRONOME_COUNT_IN = 8 };

/// A plain value. A beat is what is tapped: its length is in quarters.
typedef struct {
  double   quarter_bpm;                    ///< 10..500
  int      beats;                          ///< of a bar, 1..SHED_METRONOME_BEATS
  double   quarters[SHED_METRONOME_BEATS]; ///< length of each beat, 1/8..8
  uint32_t accents; ///< bit b: beat b (from 0) is accented; the first beat is so anyway
  int      parts; ///< clicks in a quarter, 1..SHED_METRONOME_PARTS: 1 the beats alone, 2 eighths, 3 triplets
  double   swing; ///< where the second of two parts stands in their pair: .5 even, 2/3 as triplets; .5..0.8
  int count_in;   ///< bars before the music, 0..SHED_METRONOME_COUNT_IN; in these the beats alone are counted
  double start_s; ///< of the first click, 0..3600
  bool   silent;  ///< to be seen, not heard; the count-in too
  bool   count_in_only; ///< what comes after the count-in is seen, not heard
} shed_metronome;

/// Of a metre, as feet tap it (6/8 is two beats of 3/2), with no parts, even, one bar of count-in. @param m a valid one.
shed_metronome shed_metronome_of(shed_metre m, double quarter_bpm);
bool           shed_metronome_valid(const shed_metronome *m);

typedef enum {
  SHED_CLICK_BAR,
  SHED_CLICK_ACCENT,
  SHED_CLICK_BEAT,
  SHED_CLICK_PART,
  SHED_CLICK_KINDS
} shed_click_kind;

typedef struct {
  uint64_t        frame; ///< nearest to its time
  double          time_s;
  int             bar;  ///< 1 is the first of the music; of a count-in of two bars -1 and 0
  int             beat; ///< from 1
  int             part; ///< from 0, the beat itself
  shed_click_kind kind;
  bool            sounds;
} shed_click;

/// Of a valid metronome. @param k from 0. Real-time: yes.
SHED_RT shed_click shed_metronome_click(const shed_metronome *m, int rate_hz, uint64_t k);
/// The first click at @p frame or after it. Real-time: yes.
SHED_RT uint64_t shed_metronome_from(const shed_metronome *m, int rate_hz, uint64_t frame);
/// When the music begins: the first beat after the count-in.
double shed_metronome_music_s(const shed_metronome *m);

enum { SHED_CLICK_FRAMES_MOST = 8192 };
/// The sound of one click, full scale +-1.
/// @param x SHED_CLICK_FRAMES_MOST places. @param rate_hz 8000..192000. @return how many: 40 ms.
size_t shed_click_sound(shed_click_kind kind, int rate_hz, float *x);

#endif
