/// A practice session in a terminal: microphone, session, view and keys in one loop of one thread.
#ifndef SHED_CLI_PRACTICE_ROOM_H
#define SHED_CLI_PRACTICE_ROOM_H

#include "app/cli/asking.h"
#include "app/cli/practice_mic.h"
#include "app/cli/practice_view.h"
#include "app/cli/terminal.h"

/// The loop's rest: a note's colour waits for it.
static const int64_t SHED_ROOM_TURN_NS = 1000000;

typedef enum { SHED_ROOM_SCREEN, SHED_ROOM_LINES, SHED_ROOM_JSON } shed_room_kind;

/// Everything that one run holds. Zeroed but for cli and asking.cli.
typedef struct {
  shed_cli              *cli;
  shed_cli_asking        asking;
  shed_cli_band         *band;
  shed_cli_mic          *mic;
  shed_practice         *practice;
  shed_practice_settings how;
  const char            *drill; ///< NULL: a score or a reference
  uint64_t               seed;
  shed_room_kind         kind;
  bool                   by_itself; ///< nobody is at the keys: takes start by themselves
  bool                   keys;      ///< single keys, else lines
  long long              takes, taken;
  shed_terminal          terminal;
  shed_screen            screen;
  bool                   drawn; ///< the cursor stands below a screen
  int64_t                drawn_ns, study_end_ns;
  char                   line[600];
  size_t                 line_used;
  bool                   over, deaf; ///< leave the loop; no more commands come
  bool                   told;       ///< somebody gave a command
  shed_exit              code;
} shed_room;

/// Ask the first prompt, and go on until the player has enough. @return the exit code: of the last take as woodshed score has it.
shed_exit shed_room_run(shed_room *r);
void      shed_room_close(shed_room *r); ///< the terminal as it was

// -- between the loop (practice_room.c) and the keys (practice_keys.c) ---------------------------------------------------

/// A command; what is wrong with it is said, and nothing else happens.
bool shed_room_do(shed_room *r, const shed_practice_command *c);
bool shed_room_simple(shed_room *r, shed_practice_command_kind kind, bool on);
/// The next prompt: of r->drill and r->seed.
shed_exit shed_room_ask(shed_room *r);
/// A line above the screen; not where JSON is told.
void shed_room_say(shed_room *r, const char *text);
bool shed_room_running(const shed_room *r);
/// The next key, or the next line, if there is one.
void shed_room_key(shed_room *r);
void shed_room_line(shed_room *r);

#endif
