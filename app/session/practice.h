/// A live session: one player, one piece after another, from what is asked to what it was worth. One state machine, the same for a
/// terminal and for a browser: it is fed with sound of any rate, with commands and a clock, and gives out events. It opens no
/// device, draws nothing, knows no socket and no store.
///
///     idle --ready--> prepare --start--> [study] --start, or time--> [count_in] --> listen --end, or stop--> judge --> feedback
///                        ^                                                                                    |
///                        +---- cancel, ready ------------------------------- start: once more ----------------+
///
/// The take begins with the count-in, at the frame that the cue names, so whoever comes in early is heard. What is recorded is what a
/// file of the same samples would hold, and the verdict is the one that this file would get, bit for bit.
///
///     while ((n = shed_live_read(live, mic, given, N, &place)) > 0)
///       if ((st = shed_practice_push(p, &(shed_practice_sound){place.at_frame, place.missing, place.torn}, mic, given, n, err)) ...
///     shed_practice_tick(p);
///     while (shed_practice_poll(p, &event)) show(&event);          // a cue: schedule it; a result: keep it
///     if (shed_practice_state_of(p) == SHED_PRACTICE_JUDGE) shed_practice_judge(p, err);
///
/// Thread: every function on one shed_practice is called by one thread at a time, whichever that is: in the terminal its loop, in a
/// server whichever worker has taken the player's inbox. Nothing inside is locked, and two sessions share nothing. The recorder's
/// writer thread is inside and seen by nobody. push, tick, command and poll never wait for a disk or for one another and take well
/// under a millisecond a 10 ms of sound; judge takes tens of milliseconds to seconds and waits for the disk: a worker's, never a
/// server loop's. keep belongs to the thread that owns the store, which may be another one, while nobody else calls.
#ifndef SHED_SESSION_PRACTICE_H
#define SHED_SESSION_PRACTICE_H

#include "app/session/session.h"
#include "assessors/follow.h"
#include "engine/audio/latency.h"
#include "engine/audio/metronome.h"
#include "engine/base/clock.h"

typedef struct shed_practice shed_practice;

typedef enum {
#define SHED_PRACTICE_STATE(id, name) SHED_PRACTICE_##id,
#include "app/session/practice.def"
#undef SHED_PRACTICE_STATE
  SHED_PRACTICE_STATES
} shed_practice_state;
typedef enum {
#define SHED_PRACTICE_EVENT(id, name) SHED_PRACTICE_TELLS_##id,
#include "app/session/practice.def"
#undef SHED_PRACTICE_EVENT
  SHED_PRACTICE_EVENTS
} shed_practice_event_kind;
typedef enum {
#define SHED_PRACTICE_COMMAND(id, name) SHED_PRACTICE_DO_##id,
#include "app/session/practice.def"
#undef SHED_PRACTICE_COMMAND
  SHED_PRACTICE_COMMANDS
} shed_practice_command_kind;

/// Names as in JSON ("count_in"). Static.
const char *shed_practice_state_name(shed_practice_state s);
const char *shed_practice_event_name(shed_practice_event_kind k);
const char *shed_practice_command_name(shed_practice_command_kind k);

// -- what it is made of ------------------------------------------------------------------------------------------------

/// Of the session's life. Texts are copied.
typedef struct {
  int               rate_hz; ///< of the sound that is pushed, 8000..192000: the recording has it too
  const shed_clock *clock;   ///< NULL: the system's; borrowed for the session's life
  const char *
      folder; ///< where takes are recorded, on the disk of the store's takes so that keeping is a rename; made
              ///< when it is not there. NULL: in TMPDIR, and gone with the session
  const char *microphone; ///< its name, for people and for what is known of Bluetooth; NULL unknown
  double      latency_s; ///< round trip taken off the frames already; NaN: not known (a file, never measured)
  const shed_latency *
      measured; ///< of the pair of devices; NULL: never measured. Copied. What it says of rhythm holds for takes
                ///< with a click or accompaniment; at the player's own tempo only an unsteady or
                ///< Bluetooth pair withholds it
  bool   lag_free; ///< the sound has no round trip: a file as microphone. Rhythm is judged
  double lead_s;   ///< between a cue and its first frame, .05..5; 0: .3. What a door needs to make it sound
  bool   keyboard; ///< keys instead of sound: each key of each chord is told and judged by itself
  int    meter_hz; ///< pitch events a second at most, 1..100; 0: 50
} shed_practice_opts;

/// How often the three questions (before, rating, after) are asked.
typedef enum {
  SHED_PRACTICE_ASK_ONCE, ///< with the first take of an activity
  SHED_PRACTICE_ASK_EACH,
  SHED_PRACTICE_ASK_NEVER
} shed_practice_asking;

/// Of one prompt. Zeroed is a good beginning: count-in, colours, questions once, practice. Texts are copied.
typedef struct {
  const char          *activity; ///< what questions are asked once of: an id; NULL: the prompt's drill
  shed_practice_asking asking;
  bool                 required;    ///< no take before "before" was answered
  bool                 rate_first;  ///< the player rates the take before the result is told; no live colour
  bool                 no_colour;   ///< by choice
  double               study_s;     ///< 0 none
  bool                 study_aloud; ///< the model sounds meanwhile
  bool                 no_count_in;
  bool                 click;        ///< sounds while playing too, not in the count-in alone
  bool                 silent_click; ///< seen, not heard; the count-in too
  bool                 go_on;        ///< never ends by itself when the music does: stop ends it
  bool accompanied; ///< the door plays accompaniment with the cue and hands it to push as `given`
  // for whom, should the program be cut off: what shed_practice_recover() needs to keep the take
  shed_uuid   student;       ///< "" nobody
  const char *course, *unit; ///< NULL none
} shed_practice_settings;

/// @return SHED_OK, SHED_E_RANGE (rate, lead, meter), SHED_E_NOMEM. The caller frees *out with shed_practice_free().
SHED_NODISCARD shed_status shed_practice_new(shed_practice **out, const shed_practice_opts *opts,
                                             const shed_alloc *alloc, shed_error *err);
/// A take that is going on stays in the folder as it is after a crash: shed_practice_recover() finds it. One that was judged and not
/// kept is gone. NULL is legal.
void shed_practice_free(shed_practice *p);

/// Ask. From idle, prepare, feedback; in the others SHED_E_STATE.
/// @param prompt  its contents are taken, on success only; click_start_s is filled in when a take begins.
/// @param policy  copied. @return as shed_session_ready(); SHED_E_RANGE (settings).
SHED_NODISCARD shed_status shed_practice_ready(shed_practice *p, shed_prompt *prompt,
                                               const shed_policy *policy, const shed_practice_settings *how,
                                               shed_error *err);

// -- what goes in ------------------------------------------------------------------------------------------------------

/// Where pushed samples stand: shed_live_place, or what a browser counted.
typedef struct {
  uint64_t at_frame; ///< of the first, by one clock of recording and playing; never goes back
  uint64_t missing;  ///< frames right before it that nobody has
  bool     torn;     ///< something is lost right before it, nobody knows how much
} shed_practice_sound;

/// The next samples of the microphone, in every state: outside a take they move level and pitch only.
/// @param given  what the loudspeaker was given at the same instants; NULL: nothing. Looked at in accompanied takes alone.
/// @param n      up to 4096; 0: time alone goes on, as a keyboard's does. Frames between the last push's end and at_frame count as missing, told or not.
/// @return SHED_OK; SHED_E_RANGE (at_frame goes back, n); SHED_E_NOMEM and SHED_E_IO (the recording cannot be begun): the take is
///         ended there, and judged as far as it goes.
SHED_NODISCARD shed_status shed_practice_push(shed_practice *p, const shed_practice_sound *where,
                                              const float *mic, const float *given, size_t n,
                                              shed_error *err);
/// A key of a keyboard session: shed_midi_message with its moment as a frame of rate_hz. @return SHED_OK; SHED_E_RANGE; SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_practice_key(shed_practice *p, uint64_t at_frame, uint8_t status,
                                             uint8_t data1, uint8_t data2, shed_error *err);
/// Of a keyboard some messages between these frames were lost: what was played there is not judged, and keys that are down are let go.
/// @return SHED_OK; SHED_E_RANGE; SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_practice_keys_lost(shed_practice *p, uint64_t from_frame, uint64_t to_frame,
                                                   shed_error *err);
/// The sound has ended for good: a file is at its end, the browser is gone. A take that goes on is over: judged.
SHED_NODISCARD shed_status shed_practice_end(shed_practice *p, shed_error *err);
/// Ten times a second or more: what depends on the clock (time to study is over; no sound comes).
void shed_practice_tick(shed_practice *p);
/// Whether the next tick begins a take, which makes files: for who must not wait for a disk.
bool shed_practice_tick_begins(const shed_practice *p);

enum { SHED_PRACTICE_TEXT = 400 };
/// A plain value. What a kind does not have is not looked at.
typedef struct {
  shed_practice_command_kind kind;
  bool                       on;
  double                     seconds;
  double                     score;    ///< 0..1; NaN: not said
  uint64_t                   at_frame; ///< UINT64_MAX: now, the newest sound
  char                       text[3][SHED_PRACTICE_TEXT];
} shed_practice_command;

/// @return SHED_OK; SHED_E_STATE: not now, err says when; SHED_E_RANGE: a number; SHED_E_NOSPACE, SHED_E_IO: the recording cannot be
///         made; SHED_E_NOMEM. On failure the state stays.
SHED_NODISCARD shed_status shed_practice_do(shed_practice *p, const shed_practice_command *c,
                                            shed_error *err);
/// {"do": "start"}, {"do": "before", "goal": "...", "strategy": "...", "spot": "...", "score": 0.8}, {"do": "counts", "on": true},
/// {"do": "study", "seconds": 30, "on": true}, {"do": "mark", "frame": 48000, "text": "..."}, {"do": "rate", "score": 0.7},
/// {"do": "after", "cause": "...", "next": "..."}. @return SHED_OK, SHED_E_FORMAT (err->where is the member).
SHED_NODISCARD shed_status shed_practice_command_from_json(const shed_json *v, shed_practice_command *out,
                                                           shed_error *err);

/// In state judge, once: finish the recording, judge. Afterwards the state is feedback, or judge still while a rating is waited for.
/// @return as shed_session_judge(); SHED_E_NOSPACE: make room, call it again, nothing is lost; SHED_E_IO. On any other failure the
///         state is prepare, and the recording is kept for shed_practice_recover().
SHED_NODISCARD shed_status shed_practice_judge(shed_practice *p, shed_error *err);
/// Whether shed_practice_judge() is due.
bool shed_practice_due(const shed_practice *p);

// -- what comes out ----------------------------------------------------------------------------------------------------

/// What has to sound. Frames are those of push: a loudspeaker's frame that is heard as that frame.
typedef struct {
  uint64_t at_frame; ///< the take's first: second 0 of the metronome
  uint64_t
      music_frame; ///< where the first note of the line would begin exactly in time; at_frame when nobody counts
  bool           click;       ///< metronome is valid
  shed_metronome metronome;   ///< its clicks that sound, and those that are only seen
  bool           model;       ///< study: sound prompt->line itself, from at_frame on
  bool           accompanied; ///< the accompaniment begins at music_frame
} shed_practice_cue;

/// What a question is about.
typedef enum {
  SHED_PRACTICE_ASKS_BEFORE,
  SHED_PRACTICE_ASKS_RATING,
  SHED_PRACTICE_ASKS_AFTER
} shed_practice_question;

/// How a prediction compares with the result. NaN: not said, or not assessed.
typedef struct {
  double predicted, rated, score;
} shed_practice_foresight;

/// A plain value but for what RESULT borrows. at_s: seconds of sound pushed since the session began when it was told.
typedef struct {
  shed_practice_event_kind kind;
  double                   at_s;
  uint64_t at_frame; ///< what it is about: a beat's, a mark's, a gap's place; else of the newest sound
  union {
    struct {
      shed_practice_state now, before;
      bool                counts, colour;
      bool   follows; ///< positions and colours can come: the kind of drill and the sound allow it
      double study_s; ///< study: how long
    } state;
    shed_practice_cue cue;
    struct {
      int  bar, beat; ///< as shed_click
      bool accent, sounds;
    } beat;
    struct {
      double rms_db, peak_db; ///< of the last tenth of a second, -120 at the least
      bool   clipped;
    } level;
    struct {
      bool   voiced;
      double f0_hz;
      int    midi;         ///< nearest by the prompt's A4
      double cents;        ///< from midi
      double target_cents; ///< from the note asked for where the player is; NaN unknown
    } pitch;
    shed_follow_event
                 follow; ///< position, note, jump, lost, found; at_s and onset_s count from the take's start
    shed_message message;
    struct {
      shed_practice_question what;
      bool                   required;
    } ask;
    struct {
      double at_s;  ///< in the take
      int    index; ///< of the note there; -1 unknown
      char   text[SHED_PRACTICE_TEXT];
    } mark;
    struct {
      const shed_prompt      *prompt; ///< these three borrowed until the next command, ready, or free
      const shed_take        *take;
      const shed_verdict     *verdict;
      shed_practice_foresight foresight;
    } result;
  } u;
} shed_practice_event;

/// The next event. @return 1 and *out, or 0. Draining after each call loses none; when nobody drains, levels, pitches and beats give
/// way first, and states and results never.
int shed_practice_poll(shed_practice *p, shed_practice_event *out);
/// The event as the WebSocket sends it and tests read it: {"event": "state", "at_s": 1.25, "state": "count_in", ...}. The caller
/// frees it with shed_json_free().
shed_json *shed_practice_event_to_json(const shed_practice_event *e, const shed_prompt *prompt);

// -- what stands; borrowed until the next change of state ---------------------------------------------------------------

shed_practice_state shed_practice_state_of(const shed_practice *p);
const shed_prompt  *shed_practice_prompt(const shed_practice *p);
const shed_take    *shed_practice_take(const shed_practice *p);
const shed_verdict *shed_practice_verdict(const shed_practice *p); ///< NULL while a rating is waited for
const shed_policy  *shed_practice_policy(const shed_practice *p);
bool                shed_practice_counts(const shed_practice *p);
/// Seconds of sound that wait to be written. Who pushes a file faster than it sounds waits while this is over a second, or the
/// recording gets gaps.
double   shed_practice_behind_s(const shed_practice *p);
uint64_t shed_practice_now(const shed_practice *p); ///< frame behind the newest sound

/// Keep the judged take as shed_session_keep() does, with its marks, prediction and rating. State judge (judged already) or feedback,
/// once. Of @p how student, course and unit are filled in from the settings where they are "" or NULL, performed_at_ms where it is 0.
/// @return as shed_session_keep(). On failure the recording is where it was: make room, keep it again, or it is found by
/// shed_practice_recover() later.
SHED_NODISCARD shed_status shed_practice_keep(shed_practice *p, shed_store *store,
                                              const shed_session_keeping *how, shed_uuid *event,
                                              shed_error *err);

/// Keep what was said after the result (command AFTER) of a take that is kept. @return as shed_store_reflect_take(); SHED_E_STATE where
/// nothing was kept, or said. Thread: the store's.
SHED_NODISCARD shed_status shed_practice_reflect(shed_practice *p, shed_store *store, shed_error *err);

// -- what a crash left behind -------------------------------------------------------------------------------------------

/// A take that was found. Borrowed for the call.
typedef struct {
  shed_uuid    student; ///< "" nobody
  const char  *title;   ///< of what was asked
  double       seconds;
  bool         kept;  ///< in the store, as practice: nobody wins or loses a gate by a crash
  shed_uuid    event; ///< when kept
  shed_message message;
} shed_practice_left;
typedef void shed_practice_left_told(void *ctx, const shed_practice_left *left);

/// Look for takes in @p folder whose program is gone, make them whole, judge and keep them as practice. Those that somebody still records
/// are left alone. What nobody owns stays as a sound file beside its .json, and is told.
/// @param told  may be NULL; called once a take.
/// @return SHED_OK, also where there is none; SHED_E_NOSPACE, SHED_E_IO, SHED_E_BUSY, SHED_E_NOMEM: try again later, nothing is lost.
/// Thread: the store's.
SHED_NODISCARD shed_status shed_practice_recover(const char *folder, shed_store *store,
                                                 const shed_alloc *alloc, shed_practice_left_told *told,
                                                 void *ctx, shed_error *err);

#endif
