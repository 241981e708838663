// About this file: woodshed course: list, show, check, map, new, schema.
#include "app/cli/common.h"
#include "engine/base/file.h"
#include "engine/base/str.h"

#include <limits.h>
#include <string.h>

static shed_exit
list(shed_cli *cli)
{
  shed_library *lib  = NULL;
  shed_exit     code = shed_cli_library(cli, &lib);
  if (code != SHED_EXIT_DONE) {
    return code;
  }
  shed_json *all = shed_cli_has(cli, "json") ? shed_json_array() : NULL;
  for (size_t i = 0; i < shed_library_courses(lib); i++) {
    const shed_course *c = shed_library_course_at(lib, i);
    if (all) {
      shed_json *o = shed_json_object();
      shed_json_set_str(o, "id", c->id);
      shed_json_set_str(o, "title", c->title);
      shed_json_set_str(o, "version", c->version);
      shed_json_set_int(o, "units", (int64_t)c->n_units);
      shed_json_set_str(o, "sha256", c->place.sha256.text);
      shed_json_add(all, o);
    } else {
      (void)fprintf(cli->out, "%-24s %s, %zu units\n", c->id, c->title, c->n_units);
    }
  }
  shed_library_free(lib);
  return all ? shed_cli_json(cli, all, SHED_EXIT_DONE) : SHED_EXIT_DONE;
}

static void
print_unit(shed_cli *cli, const shed_course *c, const shed_unit *u)
{
  (void)fprintf(cli->out, "\n%s  (%s)\n", u->title, shed_cli_short_id(c, u->id));
  shed_cli_wrap(cli, 2, u->purpose);
  (void)fprintf(cli->out, "  to reach:");
  for (size_t i = 0; i < u->n_targets; i++) {
    (void)fprintf(cli->out, "%s %s %.0f", i ? "," : "", u->targets[i].dimension, 100 * u->targets[i].score);
  }
  (void)fprintf(cli->out, "\n");
  for (size_t i = 0; i < u->prerequisites.n; i++) {
    (void)fprintf(cli->out, "  after: %s\n", shed_cli_short_id(c, u->prerequisites.items[i]));
  }
  for (size_t i = 0; i < u->n_activities; i++) {
    const shed_activity *a = &u->activities[i];
    (void)fprintf(cli->out, "  %zu. %s (%s, %d min)\n", i + 1, a->title, a->kind, a->minutes);
    shed_cli_wrap(cli, 5, a->why);
  }
  for (size_t i = 0; i < u->n_drills; i++) {
    (void)fprintf(cli->out, "  drill %-34s %s\n", u->drills[i].id, u->drills[i].title);
  }
}

// Runs print on the course that the first argument names.
static shed_exit
on_course(shed_cli *cli, void (*print)(shed_cli *cli, const shed_course *c))
{
  shed_library      *lib    = NULL;
  const shed_course *course = NULL;
  shed_error         err    = {0};
  shed_exit          code   = shed_cli_library(cli, &lib);
  if (code != SHED_EXIT_DONE) {
    return code;
  }
  shed_status st = shed_library_course(lib, cli->args[0], &course, &err);
  if (st == SHED_OK) {
    print(cli, course);
  } else {
    code = shed_cli_error(cli, st, &err);
  }
  shed_library_free(lib);
  return code;
}

static void
print_course(shed_cli *cli, const shed_course *c)
{
  (void)fprintf(cli->out, "%s, version %s\n", c->title, c->version);
  shed_cli_wrap(cli, 0, c->purpose);
  for (size_t i = 0; i < c->n_units; i++) {
    print_unit(cli, c, &c->units[i]);
  }
}

static shed_exit
show(shed_cli *cli)
{
  return on_course(cli, print_course);
}

static void
print_map(shed_cli *cli, const shed_course *c)
{
  shed_str text = {0};
  shed_course_map(c, &text);
  (void)fprintf(cli->out, "%s", shed_str_text(&text));
  shed_str_free(&text);
}

static shed_exit
map(shed_cli *cli)
{
  return on_course(cli, print_map);
}

static void
print_faults(shed_cli *cli, const char *folder, const shed_faults *faults)
{
  for (size_t i = 0; i < faults->n; i++) {
    (void)fprintf(cli->err, "%s/%s: %s\n", folder, faults->items[i].where, faults->items[i].what);
  }
  if (faults->more) {
    (void)fprintf(cli->err, "... and %zu more\n", faults->more);
  }
  size_t all = faults->n + faults->more;
  (void)fprintf(cli->err, "%s: %zu fault%s\n", folder, all, all == 1 ? "" : "s");
}

static shed_json *
faults_json(const char *folder, const shed_faults *faults)
{
  shed_json *o = shed_json_object();
  shed_json *a = shed_json_array();
  shed_json_set_str(o, "folder", folder);
  for (size_t i = 0; i < faults->n; i++) {
    shed_json *fault = shed_json_object();
    shed_json_set_str(fault, "where", faults->items[i].where);
    shed_json_set_str(fault, "what", faults->items[i].what);
    shed_json_add(a, fault);
  }
  shed_json_set(o, "faults", a);
  return o;
}

static shed_exit
check_folder(shed_cli *cli, const char *folder, shed_json *all)
{
  shed_faults  faults = {0};
  shed_course *course = NULL;
  shed_error   err    = {0};
  shed_status  st     = shed_course_load(folder, NULL, &course, &faults, &err);
  shed_exit    code   = SHED_EXIT_DONE;
  if (st == SHED_OK) {
    st = shed_course_try(course, &faults, &err); // each drill once for each player and level
  }
  if (st != SHED_OK && st != SHED_E_FORMAT) {
    code = shed_cli_error(cli, st, &err);
  } else if (all) {
    shed_json_add(all, faults_json(folder, &faults));
  } else if (st != SHED_OK) {
    print_faults(cli, folder, &faults);
  } else {
    (void)fprintf(cli->out, "%s: no fault\n\n", folder);
    print_map(cli, course);
  }
  if (st == SHED_E_FORMAT) {
    code = SHED_EXIT_NO;
  }
  shed_faults_free(&faults);
  shed_course_free(course);
  return code;
}

static shed_exit
check_all(shed_cli *cli, shed_json *all)
{
  shed_content_places places = {shed_cli_option(cli, "content"), NULL, NULL, NULL};
  char                folder[PATH_MAX];
  shed_texts          names = {0};
  shed_error          err   = {0};
  shed_exit           worst = SHED_EXIT_DONE;
  shed_status         st    = SHED_OK;
  if (places.option) {
    st = shed_content_find(&places, folder, sizeof(folder), &err);
  } else {
    st = shed_library_content(folder, sizeof(folder), &err);
  }
  if (st != SHED_OK || (st = shed_content_list(folder, NULL, &names, &err)) != SHED_OK) {
    return shed_cli_error(cli, st, &err);
  }
  for (size_t i = 0; i < names.n; i++) {
    char path[2 * PATH_MAX];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, names.items[i]);
    shed_exit code = check_folder(cli, path, all);
    worst          = code > worst ? code : worst;
  }
  shed_texts_free(&names, NULL);
  return worst;
}

static shed_exit
check(shed_cli *cli)
{
  shed_json *all  = shed_cli_has(cli, "json") ? shed_json_array() : NULL;
  shed_exit  code = cli->n_args ? check_folder(cli, cli->args[0], all) : check_all(cli, all);
  return all ? shed_cli_json(cli, all, code) : code;
}

static shed_exit
new_course(shed_cli *cli)
{
  // a whole course of one unit, so that the first check passes and every field is there to be changed
  static const char course[] =
      "id: my-course\n"
      "title: My course\n"
      "version: \"0.1\"\n"
      "purpose: Say here what a student can do after this course, and what that is good for.\n"
      "authors: [\"your name\"]\n"
      "license: CC-BY-SA-4.0\n"
      "profiles: [flute, clarinet, trumpet, violin]\n"
      "units: [units/first.yaml]\n";
  static const char unit[] = "id: my-course/first\n"
                             "title: First unit\n"
                             "purpose: Say here, in the student's words, why this is worth learning.\n"
                             "objectives:\n"
                             "  - id: my-course/first/steady\n"
                             "    text: I can play a scale evenly and in tune.\n"
                             "    dimension: pitch\n"
                             "targets: {pitch: 0.85, rhythm: 0.8}\n"
                             "drills:\n"
                             "  - id: my-course/first/scale\n"
                             "    title: Scales you know\n"
                             "    kind: scale\n"
                             "activities:\n"
                             "  - id: my-course/first/listen\n"
                             "    kind: listen\n"
                             "    title: Hear it first\n"
                             "    text: Listen to the drill's own sound, then sing it.\n"
                             "    why: You play better what you have heard in your head.\n"
                             "    objectives: [my-course/first/steady]\n"
                             "    minutes: 5\n"
                             "  - id: my-course/first/play\n"
                             "    kind: drill\n"
                             "    title: Play it\n"
                             "    why: A little every day makes the fingers sure.\n"
                             "    drill: my-course/first/scale\n"
                             "    objectives: [my-course/first/steady]\n"
                             "    minutes: 10\n"
                             "  - id: my-course/first/reflect\n"
                             "    kind: reflect\n"
                             "    title: What helped\n"
                             "    text: Write one sentence about what made it easier today.\n"
                             "    why: Who knows what helped can do it again.\n"
                             "    objectives: [my-course/first/steady]\n"
                             "    minutes: 3\n";
  static const struct {
    const char *name;
    const char *text;
  } files[] = {{"course.yaml", course}, {"units/first.yaml", unit}};
  char        path[PATH_MAX];
  shed_error  err    = {0};
  const char *folder = cli->args[0];
  (void)snprintf(path, sizeof(path), "%s/course.yaml", folder);
  if (shed_file_exists(path)) {
    (void)shed_fail(&err, SHED_E_EXISTS, path, "is there already; nothing was written");
    return shed_cli_error(cli, SHED_E_EXISTS, &err);
  }
  (void)snprintf(path, sizeof(path), "%s/units", folder);
  shed_status st = shed_folder_make(path, &err);
  for (size_t i = 0; i < SHED_COUNTOF(files) && st == SHED_OK; i++) {
    (void)snprintf(path, sizeof(path), "%s/%s", folder, files[i].name);
    st = shed_file_write_atomic(path, files[i].text, strlen(files[i].text), &err);
  }
  if (st != SHED_OK) {
    return shed_cli_error(cli, st, &err);
  }
  (void)fprintf(
      cli->out,
      "A course of one unit stands in %s.\nChange it in a text editor, then: woodshed course check %s\n",
      folder, folder);
  return SHED_EXIT_DONE;
}

static shed_exit
schema(shed_cli *cli)
{
  shed_json *document = shed_content_schema(cli->args[0]);
  if (!document) {
    return shed_cli_usage(cli, "\"%s\" is none of course, unit, rubric, policy", cli->args[0]);
  }
  return shed_cli_json(cli, document, SHED_EXIT_DONE);
}

static const shed_option options[] = {SHED_OPTION_JSON, SHED_OPTION_CONTENT};
static const shed_action actions[] = {
    {"list", "", "the courses at hand", 0, 0, list},
    {"show", "COURSE", "units, purposes, targets, activities and drills", 1, 1, show},
    {"check", "[FOLDER]", "name every fault with its file and line, and print the map", 0, 1, check},
    {"map", "COURSE", "the course on one page: objective, activity, measure, target", 1, 1, map},
    {"new", "FOLDER", "write a small course to start from", 1, 1, new_course},
    {"schema", "KIND", "JSON Schema of course, unit, rubric or policy files, for an editor", 1, 1, schema},
};

const shed_command shed_command_course = {
    "course",
    "Show, check and start courses",
    "check ends with 1 when a course has a fault.",
    actions,
    SHED_COUNTOF(actions),
    options,
    SHED_COUNTOF(options),
};
