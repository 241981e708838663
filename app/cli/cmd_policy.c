// About this file: woodshed policy: list, show, check, give, lift.
#include "app/cli/policy_view.h"
#include "app/session/policies.h"
#include "engine/base/str.h"
#include "mastery/store/policy.h"

#include <string.h>

static shed_exit
list(shed_cli *cli)
{
  shed_policy p;
  bool        json = shed_cli_has(cli, "json");
  shed_json  *all  = json ? shed_json_array() : NULL;
  for (size_t i = 0; shed_policy_preset_at(i, &p); i++) {
    if (json) {
      shed_json_add(all, shed_policy_to_json(&p));
    } else {
      (void)fprintf(cli->out,
                    "%-14s version %d: right within %g cents, in tune within %g, in time within %g ms\n",
                    p.id, p.version, p.pitch_cents, p.intonation_cents, p.timing_ms);
    }
  }
  return json ? shed_cli_json(cli, all, SHED_EXIT_DONE) : SHED_EXIT_DONE;
}

static shed_exit
print_policy(shed_cli *cli, const shed_policy *p)
{
  if (shed_cli_has(cli, "json")) {
    shed_json *o = shed_policy_to_json(p);
    shed_json_set_str(o, "sha256", p->sha256.text);
    return shed_cli_json(cli, o, SHED_EXIT_DONE);
  }
  (void)fprintf(cli->out, "%s, version %d\n", p->id, p->version);
  shed_policy_view(cli, p, true, 2);
  return SHED_EXIT_DONE;
}

// The policy that the argument names: among the courses only where it has a '/' in it, so that presets need no course.
static shed_exit
named(shed_cli *cli, const char *name, shed_policy *out)
{
  shed_library      *lib    = NULL;
  const shed_course *course = NULL;
  shed_exit          code   = SHED_EXIT_DONE;
  if (strchr(name, '/') && !shed_policy_is_file(name)) {
    code = shed_cli_library(cli, &lib);
    for (size_t i = 0; code == SHED_EXIT_DONE && i < shed_library_courses(lib) && !course; i++) {
      const shed_course *c = shed_library_course_at(lib, i);
      course               = shed_course_policy(c, name) ? c : NULL;
    }
  }
  if (code == SHED_EXIT_DONE) {
    code = shed_cli_policy(cli, course, name, out);
  }
  shed_library_free(lib);
  return code;
}

static shed_exit
show(shed_cli *cli)
{
  shed_policy p;
  shed_exit   code = named(cli, cli->args[0], &p);
  return code == SHED_EXIT_DONE ? print_policy(cli, &p) : code;
}

static shed_exit
check(shed_cli *cli)
{
  shed_policy p;
  shed_error  err    = {0};
  shed_faults faults = {0};
  shed_status st     = shed_policy_read(cli->args[0], &p, &faults, &err);
  shed_cli_faults(cli, &faults);
  if (st != SHED_OK && faults.n == 0) {
    (void)shed_cli_error(cli, st, &err);
  } else if (st == SHED_OK) {
    (void)fprintf(cli->out, "%s: no fault\n", cli->args[0]);
  }
  shed_faults_free(&faults);
  return st == SHED_E_FORMAT ? SHED_EXIT_NO : shed_exit_of_status(st);
}

typedef struct {
  shed_store  *store;
  shed_decider who;
  shed_person  student, teacher;
} room;

// Store, student, teacher and reason, for what is decided.
static shed_exit
enter(shed_cli *cli, room *r)
{
  if (!shed_cli_has(cli, "by") || !shed_cli_has(cli, "reason")) {
    return shed_cli_usage(cli, "--by and --reason are needed: a decision has a name and a reason");
  }
  shed_exit code = shed_cli_store(cli, true, &r->store);
  if (code == SHED_EXIT_DONE) {
    code = shed_cli_person(cli, r->store, SHED_ROLE_STUDENT, cli->args[0], false, &r->student);
  }
  if (code == SHED_EXIT_DONE) {
    code = shed_cli_person(cli, r->store, SHED_ROLE_TEACHER, shed_cli_option(cli, "by"), true, &r->teacher);
  }
  r->who = (shed_decider){
      .actor = r->teacher.id, .student = r->student.id, .reason = shed_cli_option(cli, "reason")};
  return code;
}

// The unit of --unit by its present id; NULL when none is named.
static shed_exit
unit_of(shed_cli *cli, shed_library **lib, const char **id)
{
  const shed_course *course = NULL;
  const shed_unit   *unit   = NULL;
  shed_error         err    = {0};
  *id                       = NULL;
  if (!shed_cli_has(cli, "unit")) {
    return SHED_EXIT_DONE;
  }
  shed_exit code = shed_cli_library(cli, lib);
  if (code != SHED_EXIT_DONE) {
    return code;
  }
  shed_status st = shed_library_unit(*lib, shed_cli_option(cli, "unit"), &course, &unit, &err);
  *id            = st == SHED_OK ? unit->id : NULL;
  return st == SHED_OK ? SHED_EXIT_DONE : shed_cli_error(cli, st, &err);
}

static shed_exit
tell_event(shed_cli *cli, const shed_uuid *event)
{
  if (shed_cli_has(cli, "json")) {
    shed_json *o = shed_json_object();
    shed_json_set_str(o, "event", event->text);
    return shed_cli_json(cli, o, SHED_EXIT_DONE);
  }
  (void)fprintf(cli->out, "Written down as %s.\n", event->text);
  return SHED_EXIT_DONE;
}

static shed_exit
give(shed_cli *cli)
{
  room          r   = {.store = NULL};
  shed_library *lib = NULL;
  const char   *unit;
  shed_policy   p;
  shed_uuid     event;
  shed_error    err  = {0};
  shed_exit     code = named(cli, cli->args[1], &p);
  if (code == SHED_EXIT_DONE && (code = unit_of(cli, &lib, &unit)) == SHED_EXIT_DONE) {
    code = enter(cli, &r);
  }
  if (code == SHED_EXIT_DONE) {
    shed_json  *o  = shed_policy_to_json(&p);
    shed_status st = shed_store_give_policy(r.store, &r.who, unit, o, &event, &err);
    shed_json_free(o);
    code = st == SHED_OK ? tell_event(cli, &event) : shed_cli_error(cli, st, &err);
  }
  shed_library_free(lib);
  shed_store_close(r.store);
  return code;
}

static shed_exit
lift(shed_cli *cli)
{
  room              r   = {.store = NULL};
  shed_library     *lib = NULL;
  const char       *unit;
  shed_given_policy given = {.whole = false};
  shed_uuid         event;
  shed_error        err  = {0};
  shed_exit         code = unit_of(cli, &lib, &unit);
  if (code == SHED_EXIT_DONE && (code = enter(cli, &r)) == SHED_EXIT_DONE) {
    shed_status st = shed_store_policy_of(r.store, &r.student.id, unit, &given, &err);
    if (st == SHED_OK && unit && given.whole) {
      st = shed_fail(&err, SHED_E_NOTFOUND, unit,
                     "no policy was given for this unit; that for everything is lifted without "
                     "--unit");
    }
    if (st == SHED_OK) {
      st = shed_store_withdraw(r.store, &r.who, &given.event, &event, &err);
    }
    code = st == SHED_OK ? tell_event(cli, &event) : shed_cli_error(cli, st, &err);
  }
  shed_json_free(given.policy);
  shed_library_free(lib);
  shed_store_close(r.store);
  return code;
}

static const shed_option options[] = {
    {"unit", "UNIT", "give, lift: for this unit only", NULL},
    SHED_OPTION_BY,
    SHED_OPTION_REASON,
    SHED_OPTION_JSON,
    SHED_OPTION_STORE,
    SHED_OPTION_CONTENT,
};
static const shed_action actions[] = {
    {"list", "", "the presets", 0, 0, list},
    {"show", "NAME|FILE", "what a policy gives credit for, in words; or its document", 1, 1, show},
    {"check", "FILE", "name every fault of a policy's file with its line", 1, 1, check},
    {"give", "STUDENT NAME|FILE", "from now on this student is judged by it", 2, 2, give},
    {"lift", "STUDENT", "take it back: the course's policy holds again", 1, 1, lift},
};

const shed_command shed_command_policy = {
    "policy",
    "How strictly credit is given: show, check, give to a student",
    "A policy's file is YAML and starts from a preset: id, version, extends, and the numbers that differ. "
    "What a\n"
    "student is given goes before what the drill or the course says; --policy of score goes before both.",
    actions,
    SHED_COUNTOF(actions),
    options,
    SHED_COUNTOF(options),
};
