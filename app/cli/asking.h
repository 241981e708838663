/// What is asked, as several commands are told it: a score, a reference or a drill; for whom; by which policy.
#ifndef SHED_CLI_ASKING_H
#define SHED_CLI_ASKING_H

#include "app/cli/common.h"
#include "assessors/policy.h"
#include "engine/task/prompt.h"
#include "engine/task/take.h"

/// Rows for a command's table of options: what is read of the music, which item of a drill, and how notes are named.
#define SHED_OPTIONS_OF_MUSIC                                                                                \
  {"part", "N|NAME", "which part, also N:STAFF:VOICE (default: the first)", NULL},                           \
      {"measures", "A-B", "only these measures", NULL},                                                      \
      {"tempo", "BPM|free", "quarter notes a minute; free: your own steady tempo (default)", NULL},          \
      SHED_OPTION_INSTRUMENT,                                                                                \
      {"octave", "WHICH", "written, or any octave (default: any for voices)", "written|any"},                \
  {                                                                                                          \
    "key", "WHICH", "written, or any key (default: any for voices)", "written|any"                           \
  }
#define SHED_OPTIONS_OF_ITEM                                                                                 \
  {"seed", "N", "which item of the drill (default 1)", NULL},                                                \
  {                                                                                                          \
    "level", "N", "level of the item, 1 to 4 (default 1)", "1|2|3|4"                                         \
  }
#define SHED_OPTION_CONCERT                                                                                  \
  {                                                                                                          \
    "concert", NULL, "name notes as they sound, not as a transposing player reads them", NULL                \
  }

/// Everything that one asking holds; freed in one place. Zeroed but for cli.
typedef struct {
  shed_cli          *cli;
  shed_store        *store; ///< NULL: nobody is named
  shed_library      *library;
  const shed_course *course; ///< of a drill; NULL
  const shed_unit   *unit;
  shed_profile       profile; ///< of a drill
  shed_person        student;
  bool               keeps; ///< a student is named: takes are kept
} shed_cli_asking;

/// Open the store where --student names somebody, who is added when new.
shed_exit shed_cli_asking_open(shed_cli_asking *a);
/// Make the prompt of --score, --reference or @p drill (NULL: of none), and the policy that it is judged by.
/// @param kind of the take that is to come. @param[out] prompt the caller frees it with shed_prompt_free().
shed_exit shed_cli_asking_make(shed_cli_asking *a, const char *drill, uint64_t seed, shed_take_kind kind,
                               shed_prompt *prompt, shed_policy *policy);
/// --seed, 1 where it is not given. False when it was told to be wrong.
bool shed_cli_asking_seed(shed_cli *cli, uint64_t *seed);
void shed_cli_asking_close(shed_cli_asking *a);

#endif
