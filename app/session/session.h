/// A session joins the rooms: what is asked, what was heard, what it was worth, what is kept. One state machine, the same
/// for every door.
///
///     idle --ready--> ready --hear--> heard --judge--> judged --keep--> idle
///
/// Whether a take counts is said in state ready, before it is played: counting it afterwards is SHED_E_STATE.
#ifndef SHED_SESSION_SESSION_H
#define SHED_SESSION_SESSION_H

#include "assessors/assessor.h"
#include "mastery/store/takes.h"

typedef struct shed_session shed_session;

typedef enum {
  SHED_SESSION_IDLE,  ///< nothing is asked
  SHED_SESSION_READY, ///< a prompt stands
  SHED_SESSION_HEARD,
  SHED_SESSION_JUDGED
} shed_session_state;

/// @param store  borrowed for the session's life; NULL: nothing can be kept.
SHED_NODISCARD shed_status shed_session_new(shed_session **out, shed_store *store, const shed_alloc *alloc);
void                       shed_session_free(shed_session *s); ///< what was not kept is gone, its sound too

shed_session_state shed_session_state_of(const shed_session *s);

/// Ask. From any state; what was not kept is dropped.
///
/// @param prompt  its contents are taken, on success only.
/// @param policy  the credit policy; copied.
SHED_NODISCARD shed_status shed_session_ready(shed_session *s, shed_prompt *prompt,
                                              const shed_policy *policy);
/// The same prompt once more, where one stands. What was not kept is dropped. @return SHED_OK; SHED_E_STATE in idle before a prompt.
SHED_NODISCARD shed_status shed_session_again(shed_session *s, shed_error *err);
/// Say whether the take that comes counts. State ready only, else SHED_E_STATE.
SHED_NODISCARD shed_status shed_session_count(shed_session *s, bool counts, shed_error *err);

/// The accompaniment that we play while the takes that come are recorded, as shed_playing_open() is told it. Borrowed until
/// they are heard. @param told NULL: none.
void shed_session_playing(shed_session *s, const char *told);
/// Hear a file as the take. Of a take that is no sound what it cannot show is not asked: intonation of a keyboard, pitches
/// of a list of onsets (its rhythm is judged). With a store its stored form is written beside the kept takes, so that keeping is a rename.
/// @return as shed_listen_file(); SHED_E_STATE outside ready. On failure the state stays ready.
SHED_NODISCARD shed_status shed_session_hear_file(shed_session *s, const char                     *path,
                                                  void (*progress)(void *ctx, double share), void *ctx,
                                                  shed_error *err);
/// The same with a take that was heard already, while it was played. @param take its contents are taken, on success only.
/// Its sound is where shed_session_keeping says.
SHED_NODISCARD shed_status shed_session_heard(shed_session *s, shed_take *take, shed_error *err);
/// Where the first beat of the music stands in the take that comes, seconds; NaN not known. State ready only, else SHED_E_STATE.
SHED_NODISCARD shed_status shed_session_click(shed_session *s, double start_s, shed_error *err);
/// @return as shed_assessor.judge; SHED_E_STATE outside heard.
SHED_NODISCARD shed_status shed_session_judge(shed_session *s, shed_error *err);

/// For whom and where a take is kept. Borrowed for the call.
typedef struct {
  shed_uuid        student;
  shed_uuid        actor;         ///< ""; the student
  const char      *course, *unit; ///< NULL none
  int64_t          performed_at_ms;
  int              utc_offset_min;
  const char      *device;   ///< NULL unknown
  bool             practice; ///< whatever was said before it, it does not count: it was cut off, or is a part
  const shed_json *rubrics;  ///< points by rubrics, a list of their documents; NULL none
  const shed_json *wrap;     ///< what the player said before, meanwhile and after; NULL none
  shed_store      *store;    ///< NULL: the session's
  const char *sound;  ///< stored form of a take of shed_session_heard(), moved away; NULL: the session has it
  const char *ending; ///< of its name, with sound; NULL: ".flac"
} shed_session_keeping;

/// Keep the judged take: sound, what was heard, prompt and verdict, in one act. State judged and a store, else
/// SHED_E_STATE. @return as shed_store_record_take(). After it the session is idle; the verdict can still be read until the
/// next shed_session_ready().
SHED_NODISCARD shed_status shed_session_keep(shed_session *s, const shed_session_keeping *how,
                                             shed_uuid *event, shed_error *err);

/// What stands; borrowed until the next change of state. NULL before there is one.
const shed_prompt  *shed_session_prompt(const shed_session *s);
const shed_take    *shed_session_take(const shed_session *s);
const shed_verdict *shed_session_verdict(const shed_session *s);
const shed_policy  *shed_session_policy(const shed_session *s);

#endif
