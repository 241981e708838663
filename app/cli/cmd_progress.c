// About this file: woodshed progress: where a student stands, with the reasons, and what to do next.
#include "app/cli/common.h"
#include "app/cli/gate_view.h"

typedef struct {
  shed_cli     *cli;
  shed_store   *store;
  shed_library *library;
  shed_person   student;
} room;

// What to type next: the drill of the next unit.
static void
print_next(room *r, const shed_progress *p)
{
  for (size_t i = 0; i < p->n; i++) {
    const shed_drill *drill = NULL;
    uint64_t          seed  = 0;
    const shed_unit  *unit  = &p->course->units[i];
    if (p->steps[i].next && shed_progress_next_drill(r->store, &r->student.id, p->course, unit, &p->profile,
                                                     &drill, &seed, NULL) == SHED_OK) {
      (void)fprintf(
          r->cli->out,
          "Next: %s. See it, record it, then score your recording:\n"
          "  woodshed drill show %s --seed %llu --instrument \"%s\"\n"
          "  woodshed score TAKE.wav --drill %s --seed %llu --instrument \"%s\" --student \"%s\" --counts\n",
          drill->title, drill->id, (unsigned long long)seed, p->profile.id, drill->id,
          (unsigned long long)seed, p->profile.id, r->student.name);
    }
  }
}

static shed_exit
one_course(room *r, const shed_course *course, const shed_profile *profile, shed_json *courses)
{
  shed_progress p   = {0};
  shed_error    err = {0};
  shed_status   st  = shed_progress_of(r->store, &r->student.id, course, profile, NULL, &p, &err);
  if (st != SHED_OK) {
    return shed_cli_error(r->cli, st, &err);
  }
  if (courses) {
    shed_json_add(courses, shed_gate_view_json(&p));
  } else {
    shed_gate_view_course(r->cli, &p);
    print_next(r, &p);
  }
  shed_progress_free(&p);
  return SHED_EXIT_DONE;
}

static shed_exit
all_courses(room *r)
{
  shed_cli    *cli     = r->cli;
  shed_json   *courses = shed_cli_has(cli, "json") ? shed_json_array() : NULL;
  shed_exit    code    = SHED_EXIT_DONE;
  shed_profile profile;
  shed_error   err = {0};
  if ((code = shed_cli_instrument(cli, r->store, &r->student.id, &profile)) != SHED_EXIT_DONE) {
    shed_json_free(courses);
    return code;
  }
  for (size_t i = 0; i < shed_library_courses(r->library) && code == SHED_EXIT_DONE && cli->n_args < 2; i++) {
    code = one_course(r, shed_library_course_at(r->library, i), &profile, courses);
  }
  if (cli->n_args == 2) {
    const shed_course *course = NULL;
    shed_status        st     = shed_library_course(r->library, cli->args[1], &course, &err);
    code = st == SHED_OK ? one_course(r, course, &profile, courses) : shed_cli_error(cli, st, &err);
  }
  if (!courses || code != SHED_EXIT_DONE) {
    shed_json_free(courses);
    return code;
  }
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "student", r->student.name);
  shed_json_set_str(o, "id", r->student.id.text);
  shed_json_set(o, "courses", courses);
  return shed_cli_json(cli, o, SHED_EXIT_DONE);
}

static shed_exit
run(shed_cli *cli)
{
  room      r    = {.cli = cli};
  shed_exit code = shed_cli_store(cli, true, &r.store);
  if (code == SHED_EXIT_DONE) {
    code = shed_cli_person(cli, r.store, SHED_ROLE_STUDENT, cli->args[0], false, &r.student);
  }
  if (code == SHED_EXIT_DONE) {
    code = shed_cli_library(cli, &r.library);
  }
  if (code == SHED_EXIT_DONE) {
    code = all_courses(&r);
  }
  shed_library_free(r.library);
  shed_store_close(r.store);
  return code;
}

static const shed_option options[] = {SHED_OPTION_INSTRUMENT, SHED_OPTION_JSON, SHED_OPTION_STORE,
                                      SHED_OPTION_CONTENT};
static const shed_action actions[] = {{"", "STUDENT [COURSE]", "", 1, 2, run}};

const shed_command shed_command_progress = {
    "progress",
    "Tell where a student stands in a course, and why",
    "Filled dots are counted takes that reached the target, hollow ones did not; three of the last four "
    "open\n"
    "what comes next. The instrument is that of the student's latest take unless it is said.",
    actions,
    SHED_COUNTOF(actions),
    options,
    SHED_COUNTOF(options),
};
