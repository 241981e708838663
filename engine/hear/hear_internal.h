// What hear.c and hear_rt.c share.
#ifndef SHED_HEAR_HEAR_INTERNAL_H
#define SHED_HEAR_HEAR_INTERNAL_H

#include "engine/dsp/bands.h"
#include "engine/dsp/echo.h"
#include "engine/dsp/front.h"
#include "engine/dsp/level.h"
#include "engine/dsp/notes.h"
#include "engine/dsp/onset.h"
#include "engine/dsp/quick.h"
#include "engine/dsp/resample.h"
#include "engine/dsp/rise.h"
#include "engine/dsp/tempo.h"
#include "engine/dsp/tick.h"
#include "engine/dsp/tracker.h"
#include "engine/hear/hear.h"

enum {
  HEAR_HOP       = SHED_HEAR_RATE_HZ / 100,
  HEAR_EVENTS    = 1024, // a push of 4096 samples at 8 kHz brings some 150
  HEAR_DB_BINS   = 121,  // 1 dB each, from -120
  HEAR_PITCH_LAG = SHED_TRACKER_LAG,
  HEAR_BLOCKS    = 16,  // of 10 ms: a frame is settled within them
  HEAR_ROWS      = 128, // frames whose bands are kept: a push of 4096 samples at 8 kHz settles some 60
  HEAR_HELD      = 48   // what began where a click may be
};

// Levels counted by the decibel.
typedef struct {
  uint32_t n[HEAR_DB_BINS];
  uint32_t total;
} hear_histogram;

// What was found of a frame besides its pitch.
typedef struct {
  shed_level_frame level;
  shed_onset_frame onset;
} hear_look;

// What we play beside the microphone, and both waiting for a whole block of the echo.
typedef struct {
  shed_echo     *echo; // NULL without accompaniment
  shed_resample *resample;
  float          block[SHED_RESAMPLE_BLOCK]; // input waiting for a whole block, as the microphone's
  float          mic[SHED_ECHO_BLOCK], given[SHED_ECHO_BLOCK];
  int            n;
  int            before; // of the block: they stand before the take's beginning
  // of the last blocks; frame f has its middle in block f
  int64_t blocks;
  float   leak[HEAR_BLOCKS][SHED_ECHO_BINS], left[HEAR_BLOCKS][SHED_ECHO_BINS];
  bool    open; // the frame before had the player's pitch
  float   open_hz;
} hear_playing;

struct shed_hear {
  // immutable after shed_hear_new()
  const shed_alloc *alloc;
  int               rate_hz;
  shed_resample    *resample;
  shed_front       *front;
  shed_tracker     *pitch;
  shed_quick       *quick;
  shed_onset       *onset;
  shed_bands       *bands;
  shed_notes       *notes;
  shed_tempo       *tempo;
  shed_tick        *tick; // NULL without a click
  hear_playing      playing;

  // analysis thread only
  bool           finished;
  float          block[SHED_RESAMPLE_BLOCK]; // input waiting for a whole block
  int            block_n;
  float          hop[HEAR_HOP]; // at SHED_HEAR_RATE_HZ, waiting for a whole hop
  int            hop_n;
  int            hop_wanted; // until the next half or whole hop
  bool           hop_whole;  // the next is a whole one: the first only fills the look-ahead
  int64_t        next_frame; // to be analysed
  shed_level     level;
  shed_rise      rise;
  hear_look      look[HEAR_PITCH_LAG + 1]; // of the frames that wait to be settled
  hear_histogram voiced, unvoiced;

  uint8_t rows[HEAR_ROWS][SHED_BANDS]; // bands of the last settled frames, a ring

  // what was found of notes and is not told yet, oldest first; empty unless it begins with one that may be a click
  shed_notes_out held[HEAR_HELD];
  int            held_n;

  // counters
  uint64_t frames_in, not_finite, clipped_runs, events_dropped;
  int      clip_length;      // full-scale samples in a row
  uint64_t clip_quiet_until; // a moment is not counted twice

  // events, oldest first
  shed_event events[HEAR_EVENTS];
  size_t     event_first, event_n;
};

// hear_click_rt.c
// A frame in which only a click begins: it is no evidence for a note.
void hear_click_discount(const shed_hear *h, int64_t frame, shed_notes_in *in);
// Keep what may turn out to be a click, and whatever follows it. @return false: not kept, tell it now.
bool hear_click_hold(shed_hear *h, const shed_notes_out *n);
// The oldest one whose time has come. @return true and *out. At the end nothing is waited for any longer.
bool hear_click_release(shed_hear *h, bool end, shed_notes_out *out);

// hear_playing_rt.c; the last three do nothing without accompaniment.
// A sample of both. @return how many samples are ready, in *out until the next one.
int hear_playing_add(shed_hear *h, float x, float given, const float **out);
// A pitch that is no more than what is left of the accompaniment is none. Of settled frames, in order.
void hear_playing_gate(shed_hear *h, int64_t frame, shed_frame *f);
// The same of the newest sound.
bool hear_playing_hides(const shed_hear *h, float f0_hz);
// A frame in which only the accompaniment begins something: it is no evidence for a note.
void hear_playing_discount(const shed_hear *h, int64_t frame, shed_notes_in *in);

// hear_tempo_rt.c
void hear_tempo_onset(shed_hear *h, const shed_notes_out *onset);
// The next beat that is known when this frame is. @return true and *out.
void hear_tempo_advance(shed_hear *h, int64_t frame);
bool hear_tempo_beat(shed_hear *h, shed_event *out);

#endif
