// What the files of a live session share. practice.c: its life; practice_do.c: commands and states; practice_sound.c: what is pushed;
// practice_take.c: the take on its way; practice_over.c: when it is over; practice_keyboard.c: one of keys; practice_judge.c: its judgement; practice_events.c: the queue; practice_keep.c: what stands on the disk.
#ifndef SHED_SESSION_PRACTICE_INTERNAL_H
#define SHED_SESSION_PRACTICE_INTERNAL_H

#include "app/session/count.h"
#include "app/session/practice.h"
#include "assessors/follow_keys.h"
#include "engine/audio/recorder.h"
#include "engine/hear/collect.h"
#include "engine/take/keys.h"

#include <limits.h>

enum {
  PRACTICE_EVENTS     = 512,
  PRACTICE_ACTIVITIES = 32, // of which is remembered that they were asked about
  PRACTICE_MARKS      = 64,
  PRACTICE_NAME       = 160,
  PRACTICE_PUSH_MOST  = 4096,
  PRACTICE_KEYS_GAPS  = 16
};

// Warnings told once a take.
typedef enum {
  PRACTICE_SAID_DEAD    = 1 << 0,
  PRACTICE_SAID_CLIPPED = 1 << 1,
  PRACTICE_SAID_NOTHING = 1 << 2,
  PRACTICE_SAID_STOPPED = 1 << 3,
  PRACTICE_SAID_DISK    = 1 << 4
} practice_said;

typedef struct {
  double at_s;
  int    index;
  char   text[SHED_PRACTICE_TEXT];
} practice_mark;

// What the player said around one take.
typedef struct {
  bool          before_asked, before_said, rating_asked, rated_said, after_asked, after_said;
  char          before[3][SHED_PRACTICE_TEXT], after[3][SHED_PRACTICE_TEXT];
  double        predicted, rated;
  practice_mark marks[PRACTICE_MARKS];
  int           n_marks;
} practice_wrap;

// The newest tenth of a second.
typedef struct {
  double   sum;
  float    peak, first;
  size_t   n, clipped;
  bool     moves;  // not one value all along
  double   dead_s; // nothing but one value for so long
  uint64_t clipped_all;
} practice_level;

// The take that is being played.
typedef struct {
  bool              on;
  uint64_t          from; // its first frame
  uint64_t          n;    // frames of it so far, those that are missing too
  shed_count        count;
  bool              counted_in;
  uint64_t          cue_frame, music_frame; // of the metronome's second 0, and of the music's first beat
  uint64_t          next_click;
  bool              has_click;
  shed_recorder    *recorder;
  shed_hear        *hear;
  shed_collect     *collect;
  shed_follow      *follow; // NULL: not followed
  shed_keys        *keys;   // NULL: sound
  shed_follow_keys *follow_keys;
  int               keys_fd;      // of what is on the disk of them; -1
  size_t            keys_written; // bytes
  unsigned char    *keys_bytes;   // the whole file, at the end
  size_t            n_keys_bytes;
  shed_take_gap     keys_gaps[PRACTICE_KEYS_GAPS]; // in which some were lost
  int               n_keys_gaps;
  float            *given; // accompanied alone: what the loudspeaker was given, one a frame
  size_t            n_given, cap_given;
  int               gaps_said;
  shed_status       heard_out; // how it went when the ear was told that the sound is over
  bool              written;   // the recording has its name
  shed_sha256       sha256;
  int64_t           performed_at_ms;
  int               utc_offset_min;
  unsigned          said;
  int               position; // of the line's notes; -1
  bool              last_told;
  size_t            n_moments, n_reached; // of the music; positions that were told
  float            *level_db;             // RMS dBFS of each 20 ms of it
  size_t            n_levels, cap_levels;
  double            level_sum; // of the one that grows
  size_t            level_n;
  size_t            onsets;
  double            sounded_s;       // when something was heard last, take's seconds; NaN
  double            voiced_s;        // when a pitch was, by the newest sound; NaN
  double            last_from_s;     // where the last note begins, while the player is in it; NaN
  double            tempo_bpm;       // running, quarters a minute; NaN
  char              path[PATH_MAX];  // of the recording; "" none
  char              notes[PATH_MAX]; // what belongs to it
  int               notes_fd;        // locked while this program has it; -1
} practice_take;

struct shed_practice {
  // immutable after shed_practice_new()
  const shed_alloc *alloc;
  const shed_clock *clock;
  int               rate_hz;
  double            latency_s, lead_s;
  bool              lag_free, measured, keyboard;
  shed_latency      latency;
  int               meter_hz;
  char              microphone[PRACTICE_NAME];

  char folder[PATH_MAX]; // "" until the first take, where none was given
  bool own_folder;       // in TMPDIR, removed at the end

  // what is asked
  shed_session          *session;
  shed_practice_settings how; // its texts are the three below
  char                   activity[SHED_ID], course[SHED_ID], unit[SHED_ID];
  char                   asked[PRACTICE_ACTIVITIES][SHED_ID];
  int                    n_asked;
  bool                   counts, studied;
  double                 study_s;
  bool                   study_aloud;
  int64_t                study_end_ns;
  practice_wrap          wrap;

  shed_practice_state state;
  bool                judged, kept, keep_failed, ended;
  shed_uuid           kept_as;
  practice_take       take;

  // the newest sound
  uint64_t       now;
  bool           any;
  int64_t        pushed_ns;
  practice_level level;
  shed_hear     *meter;   // outside a take; NULL until there is sound
  double         meter_s; // the instant that was shown last

  shed_practice_event events[PRACTICE_EVENTS];
  size_t              event_first, event_n;
};

// practice_events.c
shed_practice_event *practice_tell(shed_practice           *p,
                                   shed_practice_event_kind kind); // fill in u; valid until the next
void                 practice_say(shed_practice *p, const shed_message *m);
void                 practice_say_code(shed_practice *p, shed_message_code code);
void                 practice_say_once(shed_practice *p, practice_said what, const shed_message *m);
void                 practice_ask(shed_practice *p, shed_practice_question what, bool required);
double               practice_seconds(const shed_practice *p, uint64_t frames);

// practice.c
void practice_fresh(shed_practice *p);  // state prepare, with nothing said or played yet
void practice_let_go(shed_practice *p); // of the last take

// practice_do.c
void practice_enter(shed_practice *p, shed_practice_state state);
bool practice_colours(const shed_practice *p);
bool practice_follows(const shed_practice *p);

// practice_take.c
shed_status practice_take_begin(shed_practice *p, shed_error *err);
// The next samples of the take, up to PRACTICE_PUSH_MOST; all of them belong to it.
shed_status practice_take_sound(shed_practice *p, const float *x, const float *given, size_t n);
shed_status practice_take_missing(shed_practice *p, uint64_t n);
shed_status practice_take_events(shed_practice *p);   // of the ear
void        practice_take_followed(shed_practice *p); // of the follower
void        practice_take_end(shed_practice *p);      // state judge
void        practice_take_drop(shed_practice *p);     // with everything on the disk
void        practice_take_leave(shed_practice *p);    // what is on the disk stays
void        practice_result(shed_practice *p);        // tell it: state feedback

// practice_over.c
// Whether the music is over.
bool practice_take_over(shed_practice *p);

// practice_keyboard.c
shed_status practice_keyboard_begin(shed_practice *p, shed_error *err);
void        practice_keyboard_on(shed_practice *p); // time has gone on
shed_status practice_keyboard_take(shed_practice *p, shed_take *take, shed_error *err);
void        practice_keyboard_release(shed_practice *p);

// practice_sound.c
// A frame of the newest sound, for the meter.
void practice_frame(shed_practice *p, const shed_frame *f, double time_s);

// practice_keep.c
shed_status practice_folder(shed_practice *p, shed_error *err);
shed_status practice_notes_begin(shed_practice *p, shed_error *err);
shed_json  *practice_wrap_json(const shed_practice *p);

#endif
