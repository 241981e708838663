// About this file: where a note ended. The path goes from one note to the next, and into silence when the pitch is no longer
// there; what the room, a consonant or a hum keeps sounding until then is no part of the note. It ends where its level falls
// away from what it was, if it does; what dies away by itself lasts as long as its pitch is there.
#include "engine/dsp/notes_internal.h"

#include <math.h>

enum {
  LOOK  = 30, // frames before the path's end where the level may have fallen
  SPAN  = 25, // frames before that it is told against
  LEAST = 3,  // frames that a note lasts
  PARTS = 10,
  LATER = 6 // tenths of a note where what dies away by itself is told
};
// Singers end their notes into consonants and breath (8 dB: SSVD v2.0, training part); players let go, and a room rings on
// (12 dB: the fitting half of the ear's corpus).
static const float VOICE_FALL_DB  = 8.0f;
static const float STEADY_FALL_DB = 12.0f;
// What dies away is gone so far under its loudest.
static const float GONE_DB = 26.0f;
// What has lost so much of its loudest in its course dies away by itself. Voices swell and fade a little.
static const float STEADY_DIES_DB = 3.0f;
static const float VOICE_DIES_DB  = 5.0f;

static float
level_at(const shed_notes *n, int64_t frame)
{
  return notes_in_at(n, frame)->level_db;
}

static float
loudest(const shed_notes *n, int64_t from, int64_t to)
{
  float most = level_at(n, from);
  for (int64_t k = from; k < to; k++) {
    most = fmaxf(most, level_at(n, k));
  }
  return most;
}

static float
for_voice(const shed_notes *n, float steady_db, float voice_db)
{
  return steady_db + notes_voice(n) * (voice_db - steady_db);
}

static bool
dies_away(const shed_notes *n, int64_t from, int64_t to)
{
  float later = level_at(n, from + (to - from) * LATER / PARTS);
  return loudest(n, from, to) - later > for_voice(n, STEADY_DIES_DB, VOICE_DIES_DB);
}

// Back from a frame to the first of those in a row that are under a level.
static int64_t
under_since(const shed_notes *n, int64_t frame, int64_t least, float level_db)
{
  while (frame > least && level_at(n, frame - 1) < level_db) {
    frame--;
  }
  return frame;
}

int64_t
notes_end_frame(const shed_notes *n, int64_t frame)
{
  int64_t known = n->count - NOTES_KEPT > 0 ? n->count - NOTES_KEPT : 0;
  int64_t onset = n->onset > known ? n->onset : known;
  int64_t least = onset + LEAST;
  int64_t low   = frame - LOOK > least ? frame - LOOK : least;
  if (low >= frame) {
    return frame;
  }
  for (int64_t k = low; k < frame; k++) {
    low = level_at(n, k) <= level_at(n, low) ? k : low;
  }
  float was = loudest(n, low - SPAN > onset ? low - SPAN : onset, low);
  float end = was - for_voice(n, STEADY_FALL_DB, VOICE_FALL_DB);
  if (level_at(n, low) > end) {
    return frame;
  }
  int64_t at = under_since(n, low, least, end);
  if (dies_away(n, onset, at)) {
    float gone = loudest(n, onset, frame) - GONE_DB;
    return level_at(n, low) < gone ? under_since(n, low, least, gone) : frame;
  }
  return at;
}
