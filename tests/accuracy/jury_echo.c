#include "tests/accuracy/jury_echo.h"

#include "app/session/target.h"
#include "assessors/assessor.h"
#include "engine/take/given.h"

#include <math.h>
#include <stdio.h>

bool
jury_echo(const char *take_path, const char *reference_path, shed_take_kind kind, jury_take *out)
{
  shed_take           take   = {0};
  shed_prompt         prompt = {0};
  shed_policy         policy;
  shed_verdict        v    = {0};
  shed_error          err  = {0};
  shed_reference_opts opts = {.path = reference_path, .take_kind = kind};
  bool                done = shed_given_load(take_path, NULL, &take, &err) == SHED_OK &&
              shed_target_from_reference(&opts, NULL, NULL, NULL, &prompt, &err) == SHED_OK &&
              shed_policy_preset("", &policy, &err) == SHED_OK &&
              shed_assessor_find(prompt.assessor)->judge(&prompt, &take, &policy, NULL, &v, &err) == SHED_OK;
  if (done) {
    out->score   = isnan(v.score) ? 0 : v.score;
    out->overall = v.overall;
    done         = v.overall.n_parts > 0;
  }
  if (!done) {
    printf("%s against %s: %s\n", take_path, reference_path,
           err.what[0] ? err.what : "not judged as a whole");
  }
  shed_verdict_free(&v);
  shed_prompt_free(&prompt);
  shed_take_free(&take);
  return done;
}
