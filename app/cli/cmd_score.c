// About this file: woodshed score: a take against a score or an item of a drill; kept when a student is named.
#include "app/cli/asking.h"
#include "app/cli/gate_view.h"
#include "app/cli/live.h"
#include "app/cli/policy_view.h"
#include "app/cli/report.h"
#include "app/cli/rubric_view.h"
#include "app/session/session.h"
#include "engine/take/given.h"

#include <math.h>
#include <string.h>

// Everything that one run holds; freed in one place.
typedef struct {
  shed_cli        *cli;
  shed_cli_asking  asking;
  shed_session    *session;
  shed_uuid        event;
  shed_cli_rubrics rubrics;
} room;

static shed_exit
ask(room *r)
{
  shed_cli   *cli    = r->cli;
  shed_prompt prompt = {0};
  shed_policy policy;
  shed_error  err  = {0};
  uint64_t    seed = 1;
  if (!shed_cli_asking_seed(cli, &seed)) {
    return SHED_EXIT_USAGE;
  }
  shed_exit code = shed_cli_asking_make(&r->asking, shed_cli_option(cli, "drill"), seed,
                                        shed_given_kind(cli->args[0]), &prompt, &policy);
  if (code == SHED_EXIT_DONE) {
    shed_status st = shed_session_new(&r->session, r->asking.store, NULL);
    if (st == SHED_OK && (st = shed_session_ready(r->session, &prompt, &policy)) == SHED_OK) {
      st = shed_session_count(r->session, shed_cli_has(cli, "counts"), &err);
    }
    code = st == SHED_OK ? SHED_EXIT_DONE : shed_cli_error(cli, st, &err);
  }
  shed_prompt_free(&prompt);
  return code;
}

static shed_exit
hear_and_judge(room *r)
{
  shed_error err = {0};
  shed_session_playing(r->session, shed_cli_option(r->cli, "playing"));
  shed_status st = shed_session_hear_file(r->session, r->cli->args[0], shed_cli_progress, r->cli, &err);
  if (st == SHED_OK) {
    st = shed_session_judge(r->session, &err);
  }
  if (st != SHED_OK) {
    return shed_cli_error(r->cli, st, &err);
  }
  return shed_cli_rubrics_judge(r->cli, &r->rubrics, shed_session_prompt(r->session),
                                shed_session_verdict(r->session));
}

static shed_exit
keep(room *r)
{
  shed_session_keeping how = {
      .student = r->asking.student.id, .course = r->asking.course->id, .unit = r->asking.unit->id};
  shed_json *points = r->rubrics.n ? shed_cli_rubrics_json(&r->rubrics) : NULL;
  shed_error err    = {0};
  how.rubrics       = points;
  if (!shed_cli_time(r->cli, "performed-at", &how.performed_at_ms, &how.utc_offset_min)) {
    shed_json_free(points);
    return SHED_EXIT_USAGE;
  }
  shed_status st = shed_session_keep(r->session, &how, &r->event, &err);
  shed_json_free(points);
  return st == SHED_OK ? SHED_EXIT_DONE : shed_cli_error(r->cli, st, &err);
}

static shed_exit
tell_gate(room *r, shed_json *document)
{
  shed_progress p   = {0};
  shed_error    err = {0};
  shed_status   st  = shed_progress_of(r->asking.store, &r->asking.student.id, r->asking.course,
                                       &r->asking.profile, NULL, &p, &err);
  if (st != SHED_OK) {
    return shed_cli_error(r->cli, st, &err);
  }
  if (document) {
    shed_json *kept = shed_json_object();
    shed_json_set_str(kept, "event", r->event.text);
    shed_json_set_str(kept, "student", r->asking.student.id.text);
    shed_json_set_bool(kept, "counts", shed_cli_has(r->cli, "counts"));
    shed_json_set(kept, "progress", shed_gate_view_json(&p));
    shed_json_set(document, "kept", kept);
  } else {
    (void)fprintf(r->cli->out, "\n%s\n",
                  shed_cli_has(r->cli, "counts") ? "Kept. This one counts."
                                                 : "Kept as practice: it does not count.");
    for (size_t i = 0; i < p.n; i++) {
      if (&p.course->units[i] == r->asking.unit) {
        shed_gate_view_unit(r->cli, &p, i);
      }
    }
  }
  shed_progress_free(&p);
  return SHED_EXIT_DONE;
}

static shed_exit
tell(room *r)
{
  const shed_prompt  *prompt  = shed_session_prompt(r->session);
  const shed_take    *take    = shed_session_take(r->session);
  const shed_verdict *verdict = shed_session_verdict(r->session);
  bool                json    = shed_cli_has(r->cli, "json");
  shed_json          *o       = json ? shed_verdict_to_json(verdict, prompt, take) : NULL;
  shed_exit           code    = SHED_EXIT_DONE;
  if (json && take->playing.told) {
    shed_cli_set_playing(o, take);
  }
  if (!json) {
    shed_cli_report(r->cli, prompt, take, verdict, shed_cli_has(r->cli, "concert"));
    shed_cli_rubrics_print(r->cli, &r->rubrics);
  } else if (r->rubrics.n) {
    shed_json_set(o, "rubrics", shed_cli_rubrics_json(&r->rubrics));
  }
  if (r->asking.keeps && (code = tell_gate(r, o)) != SHED_EXIT_DONE) {
    shed_json_free(o);
    return code;
  }
  if (verdict->passed == 0) {
    code = SHED_EXIT_NO;
  } else if (verdict->passed < 0 && prompt->n_targets > 0) {
    code = SHED_EXIT_UNASSESSED;
  }
  return json ? shed_cli_json(r->cli, o, code) : code;
}

// Options that go with some ways of asking only.
static const struct {
  const char *option;
  bool        score, reference, drill;
} goes_with[] = {
    {"part", true, false, false},         {"measures", true, false, false}, {"tempo", true, false, false},
    {"octave", true, true, false},        {"key", true, true, false},       {"seed", false, false, true},
    {"level", false, false, true},        {"student", false, false, true},  {"counts", false, false, true},
    {"performed-at", false, false, true},
};

static shed_exit
check_use(shed_cli *cli)
{
  bool score     = shed_cli_has(cli, "score");
  bool reference = shed_cli_has(cli, "reference");
  bool drill     = shed_cli_has(cli, "drill");
  if (score + reference + drill != 1) {
    return shed_cli_usage(cli, "one of --score FILE, --reference TAKE and --drill ID is needed");
  }
  for (size_t i = 0; i < SHED_COUNTOF(goes_with); i++) {
    bool fits = (score && goes_with[i].score) || (reference && goes_with[i].reference) ||
                (drill && goes_with[i].drill);
    if (!fits && shed_cli_has(cli, goes_with[i].option)) {
      return shed_cli_usage(cli, "--%s goes with %s", goes_with[i].option,
                            goes_with[i].drill       ? "--drill"
                            : goes_with[i].reference ? "--score and --reference: a drill sets it itself"
                            : drill                  ? "--score: a drill sets it itself"
                                                     : "--score");
    }
  }
  if (shed_cli_has(cli, "playing") && shed_given_is(cli->args[0])) {
    return shed_cli_usage(cli, "--playing goes with sound, and %s holds none", cli->args[0]);
  }
  if (shed_cli_has(cli, "live")) {
    static const char *const not_with[] = {"student", "json", "rubric", "mark", "concert"};
    for (size_t i = 0; i < SHED_COUNTOF(not_with); i++) {
      if (shed_cli_has(cli, not_with[i])) {
        return shed_cli_usage(cli, "--live and --%s do not go together: what is told live is no verdict",
                              not_with[i]);
      }
    }
    if (shed_given_is(cli->args[0])) {
      return shed_cli_usage(cli, "--live goes with sound, and %s holds none", cli->args[0]);
    }
  }
  if (shed_cli_has(cli, "counts") && !shed_cli_has(cli, "student")) {
    return shed_cli_usage(cli, "--counts goes with --student: it counts for somebody");
  }
  int64_t when;
  int     offset;
  return shed_cli_time(cli, "performed-at", &when, &offset) ? SHED_EXIT_DONE : SHED_EXIT_USAGE;
}

static shed_exit
run(shed_cli *cli)
{
  room       r    = {.cli = cli, .asking = {.cli = cli}};
  const bool live = shed_cli_has(cli, "live");
  shed_exit  code = check_use(cli);
  if (code == SHED_EXIT_DONE && (code = shed_cli_rubrics_open(cli, &r.rubrics)) == SHED_EXIT_DONE &&
      (code = shed_cli_asking_open(&r.asking)) == SHED_EXIT_DONE && (code = ask(&r)) == SHED_EXIT_DONE &&
      !live && (code = hear_and_judge(&r)) == SHED_EXIT_DONE &&
      (!r.asking.keeps || (code = keep(&r)) == SHED_EXIT_DONE)) {
    code = tell(&r);
  }
  if (live && code == SHED_EXIT_DONE) {
    code = shed_cli_follow(cli, shed_session_prompt(r.session));
  }
  shed_cli_rubrics_close(&r.rubrics);
  shed_session_free(r.session);
  shed_cli_asking_close(&r.asking);
  return code;
}

static const shed_option options[] = {
    {"score", "FILE", "the music: .musicxml, .xml, .mxl, .abc or .mid", "file"},
    {"reference", "TAKE", "another take instead of a score: play after it", "file"},
    SHED_OPTIONS_OF_MUSIC,
    {"policy", "NAME|FILE",
     "how strictly credit is given: year-1, year-2, high-school, college, or a .yaml file", "policy"},
    SHED_OPTION_RUBRIC,
    SHED_OPTION_MARK,
    {"drill", "ID", "an item of this drill instead of a score", "drill"},
    SHED_OPTIONS_OF_ITEM,
    {"student", "NAME", "keep the take for this student", NULL},
    {"counts", NULL, "this take counts for the gate; say it before you play", NULL},
    {"performed-at", "TIME", "when it was played, if not now: 2026-11-21T15:30:00+01:00", NULL},
    {"playing", "FILE[@START_S]",
     "accompaniment that a loudspeaker played meanwhile, its beginning at START_S in the take (default 0): "
     "it is taken out",
     "file"},
    {"live", NULL,
     "follow the player as if the take came in now: position and provisional notes, a JSON document a line",
     NULL},
    SHED_OPTION_CONCERT,
    SHED_OPTION_JSON,
    SHED_OPTION_STORE,
    SHED_OPTION_CONTENT,
};
static const shed_action actions[] = {{"", "TAKE", "", 1, 1, run}};

const shed_command shed_command_score = {
    "score",
    "Hear a take and say note by note what was right",
    "TAKE is a sound file of any usual kind, or - for WAV on standard input; or *.mid, a keyboard "
    "performance,\n"
    "*.f0.csv (time_s,f0_hz), *.notes.csv (onset_s,offset_s,midi,cents), *.onsets.csv (onset_s). What such "
    "a\n"
    "take cannot show is not judged. Without --instrument the score tells it, where its name of the part is "
    "one\n"
    "that is known. With --reference the music is what that take plays, of any of these kinds: any octave "
    "and "
    "key\n"
    "are right unless an instrument is named, and a pitch track counts as sung. With --drill and --student "
    "the\n"
    "take is kept. With --live the events are position, note_provisional, note_revised, note_confirmed, "
    "jump, lost and\n"
    "found; at_s is the sound consumed when each was told; there is no verdict.\n"
    "Ends with 1 when targets were set and not reached, with 5 when too little could be assessed.",
    actions,
    SHED_COUNTOF(actions),
    options,
    SHED_COUNTOF(options),
};
