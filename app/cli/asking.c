// About this file: from the command line to a prompt and its policy.
#include "app/cli/asking.h"

#include "app/cli/policy_view.h"
#include "app/session/target.h"

#include <string.h>

static bool
read_tempo(shed_cli *cli, double *bpm)
{
  const char *text = shed_cli_option(cli, "tempo");
  *bpm             = 0;
  return (text && strcmp(text, "free") == 0) || shed_cli_number(cli, "tempo", 10, 400, bpm);
}

static shed_exit
ask_score(shed_cli_asking *r, shed_prompt *prompt)
{
  shed_cli        *cli    = r->cli;
  shed_error       err    = {0};
  int              octave = 0;
  int              key    = 0;
  shed_target_opts opts   = {
        .path       = shed_cli_option(cli, "score"),
        .part       = shed_cli_option(cli, "part"),
        .measures   = shed_cli_option(cli, "measures"),
        .instrument = shed_cli_option(cli, "instrument"),
        .octave_set = shed_cli_has(cli, "octave"),
        .key_set    = shed_cli_has(cli, "key"),
  };
  if (!read_tempo(cli, &opts.tempo_bpm) || !shed_cli_choice(cli, "octave", "written|any", &octave) ||
      !shed_cli_choice(cli, "key", "written|any", &key)) {
    return SHED_EXIT_USAGE;
  }
  opts.octave    = octave ? SHED_OCTAVE_ANY : SHED_OCTAVE_WRITTEN;
  opts.key       = key ? SHED_KEY_ANY : SHED_KEY_WRITTEN;
  shed_status st = shed_target_from_score(&opts, NULL, prompt, &err);
  for (size_t i = 0; st == SHED_OK && i < prompt->line.n_warnings && !shed_cli_has(cli, "json"); i++) {
    (void)fprintf(cli->err, "woodshed: %s: %s\n", prompt->line.warnings[i].where,
                  prompt->line.warnings[i].what);
  }
  return st == SHED_OK ? SHED_EXIT_DONE : shed_cli_error(cli, st, &err);
}

static shed_exit
ask_reference(shed_cli_asking *r, shed_take_kind kind, shed_prompt *prompt)
{
  shed_cli           *cli    = r->cli;
  shed_error          err    = {0};
  int                 octave = 0;
  int                 key    = 0;
  shed_reference_opts opts   = {
        .path       = shed_cli_option(cli, "reference"),
        .instrument = shed_cli_option(cli, "instrument"),
        .take_kind  = kind,
        .octave_set = shed_cli_has(cli, "octave"),
        .key_set    = shed_cli_has(cli, "key"),
  };
  if (!shed_cli_choice(cli, "octave", "written|any", &octave) ||
      !shed_cli_choice(cli, "key", "written|any", &key)) {
    return SHED_EXIT_USAGE;
  }
  opts.octave    = octave ? SHED_OCTAVE_ANY : SHED_OCTAVE_WRITTEN;
  opts.key       = key ? SHED_KEY_ANY : SHED_KEY_WRITTEN;
  shed_status st = shed_target_from_reference(&opts, NULL, shed_cli_progress, cli, prompt, &err);
  return st == SHED_OK ? SHED_EXIT_DONE : shed_cli_error(cli, st, &err);
}

static shed_exit
ask_drill(shed_cli_asking *r, const char *id, uint64_t seed, shed_prompt *prompt)
{
  shed_cli         *cli   = r->cli;
  long long         level = 1;
  shed_error        err   = {0};
  const shed_drill *drill = NULL;
  shed_exit         code;
  if (!shed_cli_whole(cli, "level", 1, SHED_LEVELS, &level)) {
    return SHED_EXIT_USAGE;
  }
  if ((!r->library && (code = shed_cli_library(cli, &r->library)) != SHED_EXIT_DONE) ||
      (code = shed_cli_instrument(cli, r->store, r->store ? &r->student.id : NULL, &r->profile)) !=
          SHED_EXIT_DONE) {
    return code;
  }
  shed_status st = shed_library_drill(r->library, id, &r->course, &r->unit, &drill, &err);
  if (st == SHED_OK) {
    st = shed_course_prompt(r->course, drill->id, &r->profile, (int)level, seed, NULL, prompt, &err);
  }
  return st == SHED_OK ? SHED_EXIT_DONE : shed_cli_error(cli, st, &err);
}

shed_exit
shed_cli_asking_open(shed_cli_asking *a)
{
  const char *name = shed_cli_option(a->cli, "student");
  if (!name) {
    return SHED_EXIT_DONE;
  }
  a->keeps       = true;
  shed_exit code = shed_cli_store(a->cli, false, &a->store);
  return code == SHED_EXIT_DONE
             ? shed_cli_person(a->cli, a->store, SHED_ROLE_STUDENT, name, true, &a->student)
             : code;
}

bool
shed_cli_asking_seed(shed_cli *cli, uint64_t *seed)
{
  long long n  = 1;
  bool      ok = shed_cli_whole(cli, "seed", 0, INT64_MAX, &n);
  *seed        = (uint64_t)n;
  return ok;
}

shed_exit
shed_cli_asking_make(shed_cli_asking *a, const char *drill, uint64_t seed, shed_take_kind kind,
                     shed_prompt *prompt, shed_policy *policy)
{
  shed_cli *cli  = a->cli;
  shed_exit code = shed_cli_has(cli, "score")       ? ask_score(a, prompt)
                   : shed_cli_has(cli, "reference") ? ask_reference(a, kind, prompt)
                                                    : ask_drill(a, drill, seed, prompt);
  return code != SHED_EXIT_DONE
             ? code
             : shed_cli_policy_for(cli, shed_cli_option(cli, "policy"), a->keeps ? a->store : NULL,
                                   &a->student.id, a->course, a->unit ? a->unit->id : NULL, prompt->policy,
                                   policy, NULL);
}

void
shed_cli_asking_close(shed_cli_asking *a)
{
  shed_library_free(a->library);
  shed_store_close(a->store);
}
