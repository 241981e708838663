// What stands in the folder of recordings: live-UUID.flac (.part while it is played; .mid of a keyboard), live-UUID.json beside it.
#ifndef SHED_SESSION_PRACTICE_DISK_H
#define SHED_SESSION_PRACTICE_DISK_H

#include "app/session/session.h"

#define PRACTICE_PREFIX "live-"
#define PRACTICE_NOTES  ".json"
#define PRACTICE_LENT   ".keep"
#define PRACTICE_SCHEMA "woodshed/recording/1"

// Keep a judged take whose sound stays at @p path whatever happens.
shed_status practice_store(shed_session *session, shed_store *store, const char *path, const char *ending,
                           shed_session_keeping *k, shed_uuid *event, shed_error *err);

#endif
