/// What the follower tells, as JSON: the same members in `woodshed score --live` and in a live session.
#ifndef SHED_SESSION_FOLLOWED_H
#define SHED_SESSION_FOLLOWED_H

#include "assessors/follow.h"
#include "engine/base/json.h"

/// Put the members of an event into an object: for all kinds but lost and found index, id, pass, measure, beat, onset_s, and what the
/// kind has beside them. @p prompt that the follower was made for.
void shed_followed_put(shed_json *o, const shed_follow_event *e, const shed_prompt *prompt);

#endif
