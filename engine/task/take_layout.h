/// The stored form of what was heard. Little endian, IEEE 754 bits, nothing padded:
///
///   "wst" version      4 bytes; version 1 without bands, 2 with them, 3 where something is withheld
///   kind rate clipped  u8 u32 u32
///   duration latency   f64 f64
///   snr noise          f32 f32
///   sha256 ear         text text        (text: u8 length, bytes)
///   warnings           u8 count, each: id text, u8 count, each: key text, value text
///   withheld           version 3 alone: u8 (1: no rhythm, 2: there are bands), u32 count, each: start end f32
///   frames             u32 count, each: f0 confidence level flux f32, u8 voiced, u8 count, each: f0 support f32
///   onsets             u32 count, each: 3 f32
///   notes              u32 count, each: 2 f32, i16 midi, 7 f32
///   bands              version 2, and 3 where it says so: 120 u8 a frame, of which there is one at least
///
/// A warning is stored by the name of its code, so that codes may be renumbered. What is decoded is judged by code that
/// trusts it: so every number that the contract calls a number is checked to be one, on the way in and on the way out.
///
/// Inside engine/task only: shared by the writer and the reader.
#ifndef SHED_TASK_TAKE_LAYOUT_H
#define SHED_TASK_TAKE_LAYOUT_H

#include "engine/task/take.h"

enum {
  SHED_TAKE_CODE_PLAIN      = 1,
  SHED_TAKE_CODE_BANDS      = 2,
  SHED_TAKE_CODE_WITHHELD   = 3, ///< the newest
  SHED_TAKE_WITHHELD_RHYTHM = 1,
  SHED_TAKE_WITHHELD_BANDS  = 2,
  SHED_TAKE_GAP_BYTES       = 8,
  SHED_TAKE_HEAD_BYTES      = 33,
  SHED_TAKE_FRAME_BYTES     = 18, ///< without candidates
  SHED_TAKE_CANDIDATE_BYTES = 8,
  SHED_TAKE_ONSET_BYTES     = 12,
  SHED_TAKE_NOTE_BYTES      = 38,
  SHED_TAKE_RATE_MAX_HZ     = 192000
};

/// Whether the numbers are what take.h promises of them; neither writes nor reads anything else.
bool shed_take_head_valid(const shed_take *t); ///< all but frames, onsets and notes
bool shed_take_frame_valid(const shed_frame *f);
bool shed_take_onset_valid(const shed_heard_onset *o);
bool shed_take_note_valid(const shed_heard_note *n);
bool shed_take_gap_valid(const shed_take_gap *g);

#endif
