#include "app/cli/decide.h"

#include "app/cli/gate_view.h"

typedef struct {
  shed_store        *store;
  shed_library      *library;
  shed_person        student, teacher;
  const shed_course *course;
  const shed_unit   *unit;
} room;

static shed_exit
tell(shed_cli *cli, const room *r, const shed_uuid *event)
{
  shed_progress p   = {0};
  shed_error    err = {0};
  shed_profile  profile;
  shed_status   st = shed_progress_instrument(r->store, &r->student.id, &profile, &err);
  if (st == SHED_E_NOTFOUND) { // nothing played yet: any profile shows the decision
    profile = shed_profile_at(0);
    st      = SHED_OK;
  }
  if (st != SHED_OK ||
      (st = shed_progress_of(r->store, &r->student.id, r->course, &profile, NULL, &p, &err)) != SHED_OK) {
    return shed_cli_error(cli, st, &err);
  }
  if (shed_cli_has(cli, "json")) {
    shed_json *o = shed_gate_view_json(&p);
    shed_json_set_str(o, "event", event->text);
    (void)shed_cli_json(cli, o, SHED_EXIT_DONE);
  } else {
    for (size_t i = 0; i < p.n; i++) {
      if (&p.course->units[i] == r->unit) {
        shed_gate_view_unit(cli, &p, i);
      }
    }
    (void)fprintf(cli->out, "Written down as %s.\n", event->text);
  }
  shed_progress_free(&p);
  return SHED_EXIT_DONE;
}

static shed_exit
decide_in(shed_cli *cli, room *r, shed_cli_decision decide)
{
  shed_error  err  = {0};
  shed_exit   code = shed_cli_store(cli, true, &r->store);
  shed_uuid   event;
  shed_status st;
  if (code != SHED_EXIT_DONE || (code = shed_cli_library(cli, &r->library)) != SHED_EXIT_DONE ||
      (code = shed_cli_person(cli, r->store, SHED_ROLE_STUDENT, cli->args[0], false, &r->student)) !=
          SHED_EXIT_DONE) {
    return code;
  }
  if ((st = shed_library_unit(r->library, cli->args[1], &r->course, &r->unit, &err)) != SHED_OK) {
    return shed_cli_error(cli, st, &err);
  }
  code = shed_cli_person(cli, r->store, SHED_ROLE_TEACHER, shed_cli_option(cli, "by"), true, &r->teacher);
  if (code != SHED_EXIT_DONE) {
    return code;
  }
  shed_decider who = {
      .actor = r->teacher.id, .student = r->student.id, .reason = shed_cli_option(cli, "reason")};
  if ((st = decide(cli, r->store, &who, r->unit, &event, &err)) != SHED_OK) {
    return shed_cli_error(cli, st, &err);
  }
  return tell(cli, r, &event);
}

shed_exit
shed_cli_decide(shed_cli *cli, shed_cli_decision decide)
{
  room r = {0};
  if (!shed_cli_has(cli, "by") || !shed_cli_has(cli, "reason")) {
    return shed_cli_usage(cli, "--by and --reason are needed: a decision has a name and a reason");
  }
  shed_exit code = decide_in(cli, &r, decide);
  shed_library_free(r.library);
  shed_store_close(r.store);
  return code;
}
