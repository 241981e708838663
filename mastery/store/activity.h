/// Activities of a unit that somebody did beside playing takes (listening, playing by ear, talking, writing), and what they wrote
/// about them. They open no gate and count for nothing: they are there to be read again.
#ifndef SHED_STORE_ACTIVITY_H
#define SHED_STORE_ACTIVITY_H

#include "engine/base/json.h"
#include "mastery/store/store.h"

enum { SHED_ACTIVITY_ANSWERS = 16, SHED_ACTIVITY_TEXT = 1000 };

/// Keep that a student did an activity, now.
/// @param answers  a list of {"ask", "answer"}, at most SHED_ACTIVITY_ANSWERS, texts of at most SHED_ACTIVITY_TEXT bytes; borrowed.
/// @param[out] event  its id; NULL is legal.
/// @return SHED_OK; SHED_E_STATE: the student was erased; SHED_E_RANGE: an answer is none, or too long.
SHED_NODISCARD shed_status shed_store_activity_done(shed_store *s, const shed_uuid *student,
                                                    const char *course, const char *unit,
                                                    const char *activity, const shed_json *answers,
                                                    shed_uuid *event, shed_error *err);

/// One time that it was done. Borrowed for the call.
typedef struct {
  shed_uuid        event;
  const char      *unit, *activity;
  const shed_json *answers; ///< a list
  int64_t          performed_at_ms;
  int              utc_offset_min;
} shed_activity_time;

/// What a student did, newest first; @p unit NULL: in all units. @p each returns false to stop.
SHED_NODISCARD shed_status shed_store_each_activity(shed_store *s, const shed_uuid *student, const char *unit,
                                                    bool (*each)(void *ctx, const shed_activity_time *t),
                                                    void *ctx, shed_error *err);

#endif
