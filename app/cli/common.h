/// What several commands share: the store, the library, people, instruments, and the options that name them.
#ifndef SHED_CLI_COMMON_H
#define SHED_CLI_COMMON_H

#include "app/cli/command.h"
#include "app/session/library.h"
#include "engine/base/json.h"
#include "engine/base/message.h"
#include "engine/music/pitch.h"
#include "engine/task/take.h"
#include "mastery/store/people.h"

#define SHED_OPTION_STORE                                                                                    \
  {                                                                                                          \
    "store", "URL", "the store: a path, or sqlite:PATH (default: yours)", "file"                             \
  }
#define SHED_OPTION_CONTENT                                                                                  \
  {                                                                                                          \
    "content", "FOLDER", "where the courses are", "folder"                                                   \
  }
#define SHED_OPTION_INSTRUMENT                                                                               \
  {                                                                                                          \
    "instrument", "NAME", "instrument or voice: flute, clarinet, viola, changing voice ...", "instrument"    \
  }
#define SHED_OPTION_JSON                                                                                     \
  {                                                                                                          \
    "json", NULL, "one JSON document instead of words", NULL                                                 \
  }
#define SHED_OPTION_REASON                                                                                   \
  {                                                                                                          \
    "reason", "TEXT", "why; it is kept and shown", NULL                                                      \
  }
#define SHED_OPTION_BY                                                                                       \
  {                                                                                                          \
    "by", "TEACHER", "who decides", NULL                                                                     \
  }

/// Open the store of --store. @param existing true: one that is not there is an error instead of being made.
/// On failure it is told and the exit code is not SHED_EXIT_DONE. The caller closes it.
shed_exit shed_cli_store(shed_cli *cli, bool existing, shed_store **out);
/// Open the library of --content. The caller frees it.
shed_exit shed_cli_library(shed_cli *cli, shed_library **out);

/// Somebody by name or UUID. With @p add a name that is new is added with that role, and said so.
shed_exit shed_cli_person(shed_cli *cli, shed_store *store, shed_role role, const char *name, bool add,
                          shed_person *out);

/// The instrument of --instrument, else that of the student's latest take (store and student may be NULL).
shed_exit shed_cli_instrument(shed_cli *cli, shed_store *store, const shed_uuid *student, shed_profile *out);

/// When it was: --performed-at, else now. False when it was told to be wrong.
bool shed_cli_time(shed_cli *cli, const char *option, int64_t *wall_ms, int *utc_offset_min);

/// The part of an id that stands behind its course: "tuning" of "applied-instrumental/tuning".
const char *shed_cli_short_id(const shed_course *course, const char *id);

/// The name of a note in the terminal's alphabet: "F♯5", "F#5" where it has no such signs. @param size at least 16.
void shed_cli_note_name(shed_pitch p, char *buf, size_t size);

/// What is known of the accompaniment of --playing: null when none was told.
void shed_cli_set_playing(shed_json *o, const shed_take *take);

/// A line of text wrapped at the terminal's width, each line after @p indent blanks.
void shed_cli_wrap(shed_cli *cli, int indent, const char *text);
/// The sentence of a message, wrapped.
void shed_cli_message(shed_cli *cli, int indent, const shed_message *m);

#endif
