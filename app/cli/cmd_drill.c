// About this file: woodshed drill: list, show, sound, check, find.
#include "app/cli/policy_view.h"
#include "app/cli/prompt_view.h"
#include "engine/audio/file.h"
#include "engine/audio/render.h"
#include "engine/base/str.h"

#include <string.h>

static shed_json *
drill_json(const shed_course *c, const shed_unit *u, const shed_drill *d)
{
  shed_json *o = shed_json_object();
  shed_json_set_str(o, "id", d->id);
  shed_json_set_str(o, "title", d->title);
  shed_json_set_str(o, "kind", d->kind);
  shed_json_set_str(o, "unit", u->id);
  shed_json_set_str(o, "course", c->id);
  return o;
}

static shed_exit
list_course(shed_cli *cli, const shed_course *c, shed_json *all)
{
  for (size_t k = 0; k < c->n_units; k++) {
    const shed_unit *u = &c->units[k];
    if (!all) {
      (void)fprintf(cli->out, "%s%s: %s\n", k ? "\n" : "", c->title, u->title);
    }
    for (size_t m = 0; m < u->n_drills; m++) {
      const shed_drill *d = &u->drills[m];
      if (all) {
        shed_json_add(all, drill_json(c, u, d));
      } else {
        (void)fprintf(cli->out, "  %-42s %s\n", d->id, d->title);
      }
    }
  }
  return SHED_EXIT_DONE;
}

static shed_exit
list(shed_cli *cli)
{
  shed_library      *lib  = NULL;
  const shed_course *only = NULL;
  shed_error         err  = {0};
  shed_exit          code = shed_cli_library(cli, &lib);
  if (code != SHED_EXIT_DONE) {
    return code;
  }
  if (cli->n_args) {
    shed_status st = shed_library_course(lib, cli->args[0], &only, &err);
    code           = st == SHED_OK ? SHED_EXIT_DONE : shed_cli_error(cli, st, &err);
  }
  shed_json *all = shed_cli_has(cli, "json") && code == SHED_EXIT_DONE ? shed_json_array() : NULL;
  for (size_t i = 0; i < shed_library_courses(lib) && code == SHED_EXIT_DONE; i++) {
    const shed_course *c = shed_library_course_at(lib, i);
    if (!only || only == c) {
      code = list_course(cli, c, all);
    }
  }
  shed_library_free(lib);
  return all ? shed_cli_json(cli, all, code) : code;
}

// Runs act on the prompt of the drill that the first argument and the options name.
static shed_exit
with_prompt(shed_cli *cli, shed_exit (*act)(shed_cli *cli, const shed_course *c, const shed_prompt *p,
                                            const shed_profile *profile))
{
  shed_library      *lib = NULL;
  const shed_course *course;
  const shed_unit   *unit;
  const shed_drill  *drill;
  shed_prompt        prompt = {0};
  shed_profile       profile;
  shed_error         err   = {0};
  long long          seed  = 1;
  long long          level = 1;
  if (!shed_cli_whole(cli, "seed", 0, INT64_MAX, &seed) ||
      !shed_cli_whole(cli, "level", 1, SHED_LEVELS, &level)) {
    return SHED_EXIT_USAGE;
  }
  shed_exit code = shed_cli_instrument(cli, NULL, NULL, &profile);
  if (code != SHED_EXIT_DONE || (code = shed_cli_library(cli, &lib)) != SHED_EXIT_DONE) {
    return code;
  }
  shed_status st = shed_library_drill(lib, cli->args[0], &course, &unit, &drill, &err);
  if (st == SHED_OK) {
    st = shed_course_prompt(course, drill->id, &profile, (int)level, (uint64_t)seed, NULL, &prompt, &err);
  }
  code = st == SHED_OK ? act(cli, course, &prompt, &profile) : shed_cli_error(cli, st, &err);
  shed_prompt_free(&prompt);
  shed_library_free(lib);
  return code;
}

static shed_exit
show_prompt(shed_cli *cli, const shed_course *c, const shed_prompt *p, const shed_profile *profile)
{
  shed_policy policy;
  shed_exit   code;
  (void)profile;
  if (shed_cli_has(cli, "json")) {
    return shed_cli_json(cli, shed_prompt_to_json(p), SHED_EXIT_DONE);
  }
  shed_prompt_view(cli, p);
  if ((code = shed_cli_policy(cli, c, p->policy, &policy)) == SHED_EXIT_DONE) {
    (void)fprintf(cli->out, "\nHow it is judged (%s):\n", policy.id);
    shed_policy_view(cli, &policy, p->sung, 2);
  }
  return code;
}

static shed_exit
show(shed_cli *cli)
{
  return with_prompt(cli, show_prompt);
}

static shed_exit
write_sound(shed_cli *cli, const shed_course *c, const shed_prompt *p, const shed_profile *profile)
{
  (void)c;
  enum { SIDE_STICK = 37, RATE_HZ = 44100 };
  shed_render_opts opts = {.rate_hz = RATE_HZ, .tail_s = 1};
  const char      *path = shed_cli_option(cli, "out");
  shed_sound       x    = {0};
  shed_error       err  = {0};
  int              drum = profile->gm_percussion >= 0 ? profile->gm_percussion : SIDE_STICK;
  int              gm   = profile->gm_program >= 0 ? profile->gm_program : 0;
  shed_status      st   = shed_render_line(&p->line, gm, drum, &opts, NULL, &x, &err);
  if (st == SHED_OK) {
    st = shed_sound_save(path, x.x, x.n, x.rate_hz, &err);
  }
  if (st == SHED_OK) {
    (void)fprintf(cli->out, "%s: %.1f s\n", path, (double)x.n / x.rate_hz);
  }
  shed_sound_free(&x);
  return st == SHED_OK ? SHED_EXIT_DONE : shed_cli_error(cli, st, &err);
}

static shed_exit
sound(shed_cli *cli)
{
  if (!shed_cli_has(cli, "out")) {
    return shed_cli_usage(cli, "--out FILE.wav is needed: where the sound is to go");
  }
  return with_prompt(cli, write_sound);
}

// One drill with one profile: 100 seeds give 100 items. SHED_OK, or what was wrong.
static shed_status
check_seeds(const shed_course *c, const shed_drill *d, const shed_profile *profile, int level,
            shed_error *err)
{
  enum { SEEDS = 100 };
  shed_sha256 items[SEEDS];
  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    shed_prompt prompt = {0};
    shed_str    text   = {0};
    shed_status st     = shed_course_prompt(c, d->id, profile, level, seed, NULL, &prompt, err);
    if (st != SHED_OK) {
      return st;
    }
    shed_json *item = shed_drill_item(&prompt);
    shed_json_write(item, SHED_JSON_CANONICAL, &text);
    items[seed - 1] = shed_sha256_of(shed_str_text(&text), text.len);
    shed_str_free(&text);
    shed_json_free(item);
    shed_prompt_free(&prompt);
    for (uint64_t earlier = 1; earlier < seed; earlier++) {
      if (strcmp(items[earlier - 1].text, items[seed - 1].text) == 0) {
        return shed_fail(err, SHED_E_EXISTS, d->id,
                         "seeds %llu and %llu give the same item for %s at level %d",
                         (unsigned long long)earlier, (unsigned long long)seed, profile->name, level);
      }
    }
  }
  return SHED_OK;
}

static shed_exit
check_drill(shed_cli *cli, const shed_course *c, const shed_drill *d)
{
  size_t    made = 0;
  shed_exit code = SHED_EXIT_DONE;
  for (size_t i = 0; i < shed_profile_count(); i++) {
    shed_profile      profile = shed_profile_at(i);
    const shed_drill *played  = shed_course_drill_for(c, d, &profile);
    for (int level = 1; played && level <= SHED_LEVELS; level++) {
      shed_error  err = {0};
      shed_status st  = check_seeds(c, played, &profile, level, &err);
      if (st == SHED_OK) {
        made += 100;
      } else if (st != SHED_E_UNSUPPORTED) {
        (void)fprintf(cli->err, "%s: %s: %s\n", d->id, profile.id, err.what);
        code = SHED_EXIT_NO;
      }
    }
  }
  (void)fprintf(cli->out, "%-42s %zu items made, %s\n", d->id, made,
                code == SHED_EXIT_DONE ? "none twice" : "with faults");
  return made ? code : SHED_EXIT_NO;
}

static shed_exit
check(shed_cli *cli)
{
  shed_library      *lib = NULL;
  const shed_course *course;
  const shed_unit   *unit;
  const shed_drill  *drill;
  shed_error         err  = {0};
  shed_exit          code = shed_cli_library(cli, &lib);
  if (code != SHED_EXIT_DONE) {
    return code;
  }
  if (cli->n_args) {
    shed_status st = shed_library_drill(lib, cli->args[0], &course, &unit, &drill, &err);
    code           = st == SHED_OK ? check_drill(cli, course, drill) : shed_cli_error(cli, st, &err);
  }
  for (size_t i = 0; i < shed_library_courses(lib) && !cli->n_args; i++) {
    course = shed_library_course_at(lib, i);
    for (size_t k = 0; k < course->n_units; k++) {
      for (size_t m = 0; m < course->units[k].n_drills; m++) {
        shed_exit one = check_drill(cli, course, &course->units[k].drills[m]);
        code          = one > code ? one : code;
      }
    }
  }
  shed_library_free(lib);
  return code;
}

static shed_exit
find(shed_cli *cli)
{
  enum { MOST = 5 };
  shed_library      *lib = NULL;
  shed_library_match matches[MOST];
  shed_exit          code = shed_cli_library(cli, &lib);
  if (code != SHED_EXIT_DONE) {
    return code;
  }
  size_t     n   = shed_library_find(lib, cli->args[0], matches, MOST);
  shed_json *all = shed_cli_has(cli, "json") ? shed_json_array() : NULL;
  for (size_t i = 0; i < n; i++) {
    if (all) {
      shed_json *o = drill_json(matches[i].course, matches[i].unit, matches[i].drill);
      shed_json_set_str(o, "because", matches[i].because);
      shed_json_add(all, o);
    } else {
      (void)fprintf(cli->out, "%-42s %s\n%4s%s\n", matches[i].drill->id, matches[i].drill->title, "",
                    matches[i].because);
    }
  }
  if (n == 0) {
    (void)fprintf(cli->err,
                  "woodshed: no drill helps with \"%s\" by its words; woodshed drill list shows all\n",
                  cli->args[0]);
  }
  shed_library_free(lib);
  code = n ? SHED_EXIT_DONE : SHED_EXIT_NO;
  return all ? shed_cli_json(cli, all, code) : code;
}

static const shed_option options[] = {
    SHED_OPTION_INSTRUMENT,
    {"seed", "N", "which item (default 1); the same number gives the same item for ever", NULL},
    {"level", "N", "1 first notes, 2 an octave, 3 two or three years, 4 advanced (default 1)", "1|2|3|4"},
    {"out", "FILE", "sound: the WAV or FLAC file to write", "file"},
    SHED_OPTION_JSON,
    SHED_OPTION_CONTENT,
};
static const shed_action actions[] = {
    {"list", "[COURSE]", "the drills", 0, 1, list},
    {"show", "DRILL", "one item of a drill: what to play", 1, 1, show},
    {"sound", "DRILL", "how the item sounds, into a file", 1, 1, sound},
    {"check", "[DRILL]", "make 100 items for every instrument and level; none may come twice", 0, 1, check},
    {"find", "WORDS", "drills that help with a problem: \"rushes eighth notes\"", 1, 1, find},
};

const shed_command shed_command_drill = {
    "drill", "Show, hear and find drills", "", actions, SHED_COUNTOF(actions), options, SHED_COUNTOF(options),
};
