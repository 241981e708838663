// About this file: woodshed practice: what is asked and how, before the loop of practice_room.c begins.
#include "app/cli/practice_room.h"

#include <limits.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Takes are recorded beside the store's, so that keeping one is a rename.
static void
live_folder(const shed_store *store, char *path, size_t size)
{
  (void)snprintf(path, size, "%s.live", shed_store_path(store));
}

static void
tell_left(void *ctx, const shed_practice_left *left)
{
  shed_cli *cli  = ctx;
  shed_str  text = {0};
  shed_message_text(&left->message, &text);
  (void)fprintf(cli->err, "woodshed: %s: %s\n", left->title, shed_str_text(&text));
  shed_str_free(&text);
}

static shed_exit
open_session(shed_room *r)
{
  shed_practice_opts opts = {.latency_s = (double)NAN};
  shed_error         err  = {0};
  char               folder[PATH_MAX];
  shed_cli_mic_describe(r->mic, &opts);
  if (r->asking.keeps) {
    live_folder(r->asking.store, folder, sizeof(folder));
    opts.folder    = folder;
    shed_status st = shed_practice_recover(folder, r->asking.store, NULL, tell_left, r->cli, &err);
    if (st != SHED_OK) {
      (void)shed_cli_error(r->cli, st, &err); // it stays where it is, and is looked for the next time
    }
  }
  shed_status st = shed_practice_new(&r->practice, &opts, NULL, &err);
  return st == SHED_OK ? SHED_EXIT_DONE : shed_cli_error(r->cli, st, &err);
}

static shed_room_kind
kind_of(shed_cli *cli)
{
  const char *term = getenv("TERM");
  if (shed_cli_has(cli, "json")) {
    return SHED_ROOM_JSON;
  }
  const bool moves = isatty(STDOUT_FILENO) && isatty(STDIN_FILENO) && term && strcmp(term, "dumb") != 0;
  return moves && !shed_cli_has(cli, "plain") ? SHED_ROOM_SCREEN : SHED_ROOM_LINES;
}

static bool
read_how(shed_room *r)
{
  shed_cli *cli    = r->cli;
  int       asking = isatty(STDIN_FILENO) ? 0 : 2;
  double    study  = 0;
  if (!shed_cli_choice(cli, "ask", "once|each|never", &asking) ||
      !shed_cli_number(cli, "study", 0, 3600, &study) || !shed_cli_whole(cli, "takes", 1, 1000, &r->takes) ||
      !shed_cli_asking_seed(cli, &r->seed)) {
    return false;
  }
  r->how.asking       = (shed_practice_asking)asking;
  r->how.rate_first   = shed_cli_has(cli, "rate-first");
  r->how.no_colour    = shed_cli_has(cli, "no-live");
  r->how.study_s      = study;
  r->how.study_aloud  = shed_cli_has(cli, "aloud");
  r->how.no_count_in  = shed_cli_has(cli, "no-count-in");
  r->how.click        = shed_cli_has(cli, "click");
  r->how.silent_click = shed_cli_has(cli, "silent");
  return true;
}

static shed_exit
check_use(shed_cli *cli)
{
  static const char *const of_score[] = {"part", "measures", "tempo", "with"};
  static const char *const of_drill[] = {"seed", "level", "student", "counts"};
  const bool               score = shed_cli_has(cli, "score"), reference = shed_cli_has(cli, "reference");
  if (score + reference + (cli->n_args > 0) != 1) {
    return shed_cli_usage(cli, "one of DRILL, --score FILE and --reference TAKE is needed");
  }
  for (size_t i = 0; i < SHED_COUNTOF(of_score); i++) {
    if (!score && shed_cli_has(cli, of_score[i])) {
      return shed_cli_usage(cli, "--%s goes with --score", of_score[i]);
    }
  }
  for (size_t i = 0; i < SHED_COUNTOF(of_drill); i++) {
    if (cli->n_args == 0 && shed_cli_has(cli, of_drill[i])) {
      return shed_cli_usage(cli, "--%s goes with a drill", of_drill[i]);
    }
  }
  if (cli->n_args > 0 && (shed_cli_has(cli, "octave") || shed_cli_has(cli, "key"))) {
    return shed_cli_usage(cli, "a drill sets octave and key itself");
  }
  if (shed_cli_has(cli, "midi") && shed_cli_has(cli, "input")) {
    return shed_cli_usage(cli, "--midi is the instrument: --input has nothing to do beside it");
  }
  if (shed_cli_has(cli, "counts") && !shed_cli_has(cli, "student")) {
    return shed_cli_usage(cli, "--counts goes with --student: it counts for somebody");
  }
  return SHED_EXIT_DONE;
}

static shed_exit
run(shed_cli *cli)
{
  shed_room r    = {.cli = cli, .asking = {.cli = cli}, .drill = cli->n_args ? cli->args[0] : NULL};
  shed_exit code = check_use(cli);
  if (code == SHED_EXIT_DONE && !read_how(&r)) {
    code = SHED_EXIT_USAGE;
  }
  r.kind = kind_of(cli);
  if (code == SHED_EXIT_DONE && (code = shed_cli_asking_open(&r.asking)) == SHED_EXIT_DONE &&
      (code = shed_cli_band_open(cli, &r.band)) == SHED_EXIT_DONE &&
      (code = shed_cli_mic_open(cli, r.band, &r.mic)) == SHED_EXIT_DONE &&
      (code = open_session(&r)) == SHED_EXIT_DONE) {
    const bool file = shed_cli_mic_is_file(r.mic);
    r.by_itself     = (file && shed_cli_has(cli, "fast")) || r.kind == SHED_ROOM_JSON;
    r.takes         = r.takes == 0 && r.by_itself ? 1 : r.takes;
    code            = shed_room_run(&r);
  }
  shed_room_close(&r);
  return code;
}

static const shed_option options[] = {
    {"score", "FILE", "practise this instead of a drill: .musicxml, .xml, .mxl, .abc or .mid", "file"},
    {"reference", "TAKE", "play after another take", "file"},
    SHED_OPTIONS_OF_MUSIC,
    {"policy", "NAME|FILE", "how strictly credit is given", "policy"},
    SHED_OPTIONS_OF_ITEM,
    {"student", "NAME", "keep the takes for this student", NULL},
    {"counts", NULL, "takes count for the gate; the key c says it for one take", NULL},
    {"input", "NAME|FILE",
     "the microphone, by its name in woodshed devices or a part of it; or a sound file that stands for it",
     "file"},
    {"midi", "NAME|any|FILE",
     "a MIDI keyboard is the instrument, by its name in woodshed devices; or a MIDI file that stands for it",
     "file"},
    {"output", "NAME", "the loudspeaker, likewise", NULL},
    {"api", "NAME", "the sound system of both", NULL},
    {"channel", "N", "of the microphone, from 1", NULL},
    {"fast", NULL, "with a file as microphone: as fast as possible", NULL},
    {"study", "SECONDS", "read it so long before the count-in", NULL},
    {"aloud", NULL, "with --study: the music sounds meanwhile", NULL},
    {"click", NULL, "the click goes on while you play", NULL},
    {"with", "all|PART,...", "the score's other parts, or these, play along", NULL},
    {"backing", "FILE", "a recording plays along, from the first note on", "file"},
    {"mine", "DB", "your own part plays along, too, so loud (0 is as written)", NULL},
    {"others", "DB", "loudness of what plays along (default -12)", NULL},
    {"silent", NULL, "nothing sounds: the count-in is to be seen", NULL},
    {"no-count-in", NULL, "begin at once", NULL},
    {"no-live", NULL, "no colours while you play", NULL},
    {"rate-first", NULL, "rate your take before you see the result", NULL},
    {"ask", "WHEN", "for goal and forecast: once an activity (default), each take, never", "once|each|never"},
    {"takes", "N", "stop after so many", NULL},
    {"plain", NULL, "lines instead of a moving screen, for screen readers; commands are words", NULL},
    SHED_OPTION_CONCERT,
    SHED_OPTION_JSON,
    SHED_OPTION_STORE,
    SHED_OPTION_CONTENT,
};
_Static_assert(SHED_COUNTOF(options) <= SHED_CLI_OPTIONS, "every option has a place");

static const shed_action actions[] = {{"", "[DRILL]", "", 0, 1, run}};

const shed_command shed_command_practice = {
    "practice",
    "Play to the computer and see each note as you play it",
    "Keys: Enter starts and stops, r again from the beginning, h hear it first, c this one counts, o colours "
    "while you\n"
    "play, m mark a place, x throw away, n next item, + and - make what plays along louder and softer, q "
    "quit. Without a\n"
    "terminal that can move its cursor, and with --plain, each event is a line, and each command a line too: "
    "start, stop,\n"
    "again, hear, counts, colours, mark TEXT, cancel, next, before TEXT, rate PERCENT, after TEXT, mine DB, "
    "others DB,\n"
    "click DB, quit. NO_COLOR is respected. With --json each "
    "event is a JSON\n"
    "document on a line and takes start by themselves, as they do with a file as microphone and no "
    "terminal.\n"
    "What you see while you play is provisional: the result comes when the take is over. Rhythm is judged "
    "against the\n"
    "click only where woodshed calibrate has measured these devices. A take that was cut off by a crash is "
    "found the\n"
    "next time, and kept as practice. Ends with 1 when targets were set and not reached, 5 when too little "
    "was heard.",
    actions,
    SHED_COUNTOF(actions),
    options,
    SHED_COUNTOF(options),
};
