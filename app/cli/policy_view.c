#include "app/cli/policy_view.h"

#include "app/session/policies.h"
#include "engine/base/str.h"
#include "mastery/store/policy.h"

#include <string.h>

void
shed_cli_faults(shed_cli *cli, const shed_faults *faults)
{
  for (size_t i = 0; i < faults->n; i++) {
    (void)fprintf(cli->err, "woodshed: %s: %s\n", faults->items[i].where, faults->items[i].what);
  }
  if (faults->more) {
    (void)fprintf(cli->err, "... and %zu more\n", faults->more);
  }
}

shed_exit
shed_cli_policy(shed_cli *cli, const shed_course *course, const char *name, shed_policy *out)
{
  shed_error  err    = {0};
  shed_faults faults = {0};
  shed_status st     = shed_policy_is_file(name) ? shed_policy_read(name, out, &faults, &err)
                                                 : shed_policy_named(course, name, out, &err);
  shed_exit   code   = shed_exit_of_status(st);
  if (faults.n > 0) {
    shed_cli_faults(cli, &faults);
  } else if (st != SHED_OK) {
    (void)shed_cli_error(cli, st, &err);
  }
  shed_faults_free(&faults);
  return code;
}

static shed_status
given(shed_store *store, const shed_uuid *student, const char *unit, shed_policy *out, shed_error *err)
{
  shed_given_policy g  = {.whole = false};
  shed_status       st = store ? shed_store_policy_of(store, student, unit, &g, err) : SHED_E_NOTFOUND;
  if (st == SHED_OK) {
    st = shed_policy_from_json(g.policy, out, err);
  }
  shed_json_free(g.policy);
  return st;
}

shed_exit
shed_cli_policy_for(shed_cli *cli, const char *typed, shed_store *store, const shed_uuid *student,
                    const shed_course *course, const char *unit, const char *prompt_policy, shed_policy *out,
                    const char **why)
{
  shed_error   err    = {0};
  const char  *unused = NULL;
  const char **told   = why ? why : &unused;
  if (typed) {
    *told = "as asked";
    return shed_cli_policy(cli, course, typed, out);
  }
  shed_status st = given(store, student, unit, out, &err);
  *told          = "given by the teacher";
  if (st == SHED_E_NOTFOUND) {
    *told = prompt_policy[0] ? "of the course" : "the default";
    return shed_cli_policy(cli, course, prompt_policy, out);
  }
  return st == SHED_OK ? SHED_EXIT_DONE : shed_cli_error(cli, st, &err);
}

static void
add_weights(const shed_policy *p, shed_str *out)
{
  const struct {
    const char *name;
    double      weight;
  } parts[]  = {{"pitch", p->weight_pitch},
                {"rhythm", p->weight_rhythm},
                {"intonation", p->intonation_gates ? p->weight_intonation : 0},
                {"going on without a stop", p->weight_continuity}};
  double sum = 0;
  int    n   = 0;
  for (size_t i = 0; i < SHED_COUNTOF(parts); i++) {
    sum += parts[i].weight;
  }
  shed_str_add(out, "Of the score: ");
  for (size_t i = 0; i < SHED_COUNTOF(parts); i++) {
    if (parts[i].weight > 0) {
      shed_str_addf(out, "%s%s %.0f %%", n++ ? ", " : "", parts[i].name, 100 * parts[i].weight / sum);
    }
  }
  shed_str_add(out, ". What cannot be heard counts neither way.");
}

void
shed_policy_view(shed_cli *cli, const shed_policy *p, bool sung, int indent)
{
  shed_str s = {0};
  shed_str_addf(&s, "A note is right within %g cents; credit falls to none at %g. ", p->pitch_cents,
                2 * p->pitch_cents);
  shed_str_addf(&s, "It is in tune within %g cents; that is %s.", p->intonation_cents,
                p->intonation_gates ? "part of the score" : "shown and no part of the score");
  shed_cli_wrap(cli, indent, shed_str_text(&s));
  shed_str_clear(&s);
  shed_str_addf(&s,
                "It is in time within %g ms and within %.0f %% of the way to the nearer of its neighbours",
                p->timing_ms, 100 * p->timing_ioi_share);
  if (sung) {
    shed_str_addf(&s, ", and %g ms more because it is sung", p->sung_extra_ms);
  }
  shed_str_add(
      &s,
      "; never less than the ear itself can tell. Where that is wider than these times, only the pattern of "
      "long and short is judged.");
  shed_cli_wrap(cli, indent, shed_str_text(&s));
  shed_str_clear(&s);
  shed_str_addf(&s, "Where fermata or rit. leave the time free, it is %s. ",
                p->judge_fermata_time ? "judged all the same" : "not judged");
  add_weights(p, &s);
  shed_cli_wrap(cli, indent, shed_str_text(&s));
  shed_str_free(&s);
}
