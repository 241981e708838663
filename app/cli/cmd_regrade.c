// About this file: woodshed regrade: judge again what was heard, and show who would move; --apply writes it down.
#include "app/cli/policy_view.h"
#include "app/cli/rubric_view.h"
#include "app/session/regrade.h"
#include "engine/base/clock.h"
#include "engine/base/str.h"

#include <math.h>
#include <string.h>

typedef struct {
  shed_cli        *cli;
  shed_store      *store;
  shed_library    *library;
  shed_cli_rubrics rubrics;
  shed_policy      policy;
  shed_person      student, teacher;
  shed_decider     who;
  shed_uuid        shown;         ///< whose heading was printed last
  shed_json       *takes, *gates; ///< NULL: words
} room;

static void
score_text(double score, char *buf, size_t size)
{
  if (isnan(score)) {
    (void)snprintf(buf, size, "not assessed");
  } else {
    (void)snprintf(buf, size, "%.1f %%", 100 * score);
  }
}

static void
print_heading(room *r, const shed_person *student)
{
  if (!shed_uuid_equal(&r->shown, &student->id)) {
    (void)fprintf(r->cli->out, "%s\n", student->name);
    r->shown = student->id;
  }
}

// What moved it: the dimension that changed most.
static void
print_why(room *r, const shed_regraded *t)
{
  const shed_gate_mark *worst = NULL;
  double                from = 0, most = 0;
  for (int i = 0; i < t->after->n_marks; i++) {
    const shed_gate_mark *a = &t->after->marks[i];
    for (int k = 0; k < t->n_before; k++) {
      double off = fabs(a->score - t->before[k].score);
      if (strcmp(a->dimension, t->before[k].dimension) == 0 && off > most) {
        worst = a;
        from  = t->before[k].score;
        most  = off;
      }
    }
  }
  if (worst) {
    (void)fprintf(r->cli->out, "; mostly %s, %.1f to %.1f %%", worst->dimension, 100 * from,
                  100 * worst->score);
  }
  if (t->policy_before && t->policy_before[0] && strcmp(t->policy_before, t->policy_after) != 0) {
    (void)fprintf(r->cli->out, "; %s in place of %s", t->policy_after, t->policy_before);
  }
}

static void
print_points(room *r, const shed_regraded *t)
{
  for (size_t i = 0; i < t->n_points; i++) {
    const shed_regraded_points *p = &t->points[i];
    char                        before[64];
    char                        after[64];
    shed_rubric_range_text(p->before[0], p->before[1], before, sizeof(before));
    shed_rubric_range_text(p->after[0], p->after[1], after, sizeof(after));
    (void)fprintf(r->cli->out, "      %s: %s%s%s of %g\n", p->rubric, p->known ? before : "",
                  p->known ? " to " : "", after, p->max);
  }
}

static void
print_take(room *r, const shed_regraded *t)
{
  char day[40];
  char before[32];
  char after[32];
  bool moved = t->outcome == SHED_REGRADED_MOVED;
  bool told  = moved || t->outcome == SHED_REGRADED_NOT || (t->n_points && t->outcome == SHED_REGRADED_NEW);
  if (!told) {
    return;
  }
  print_heading(r, t->student);
  shed_time_format(day, sizeof(day), t->performed_at_ms, t->utc_offset_min);
  day[10] = '\0'; // the day alone
  (void)fprintf(r->cli->out, "  %s  %s: ", day, t->drill);
  if (t->outcome == SHED_REGRADED_NOT) {
    (void)fprintf(r->cli->out, "cannot be judged again: %s\n", t->err->what);
    return;
  }
  score_text(t->score_before, before, sizeof(before));
  score_text(t->score_after, after, sizeof(after));
  (void)fprintf(r->cli->out, moved ? "%s to %s" : "%.0s%s as before", before, after);
  if (moved) {
    print_why(r, t);
  }
  (void)fprintf(r->cli->out, "\n");
  print_points(r, t);
}

static shed_json *
points_json(const shed_regraded *t)
{
  shed_json *list = shed_json_array();
  for (size_t i = 0; i < t->n_points; i++) {
    const shed_regraded_points *p = &t->points[i];
    shed_json                  *o = shed_json_object();
    shed_json_set_str(o, "rubric", p->rubric);
    shed_json_set_real(o, "before_least", p->before[0], 4);
    shed_json_set_real(o, "before_most", p->before[1], 4);
    shed_json_set_real(o, "after_least", p->after[0], 4);
    shed_json_set_real(o, "after_most", p->after[1], 4);
    shed_json_add(list, o);
  }
  return list;
}

static void
add_take(room *r, const shed_regraded *t)
{
  static const char *const outcomes[] = {"same", "new", "moved", "kept", "not_judged"};
  shed_json               *o          = shed_json_object();
  shed_json_set_str(o, "take", t->take.text);
  shed_json_set_str(o, "student", t->student->id.text);
  shed_json_set_str(o, "drill", t->drill);
  shed_json_set_str(o, "outcome", outcomes[t->outcome]);
  if (t->outcome == SHED_REGRADED_NOT) {
    shed_json_set_str(o, "why", t->err->what);
  } else if (t->outcome != SHED_REGRADED_KEPT) {
    shed_json_set_real(o, "score_before", t->score_before, 6);
    shed_json_set_real(o, "score_after", t->score_after, 6);
    shed_json_set_str(o, "policy_before", t->policy_before);
    shed_json_set_str(o, "policy_after", t->policy_after);
    shed_json_set(o, "rubrics", points_json(t));
  }
  shed_json_add(r->takes, o);
}

static void
on_take(void *ctx, const shed_regraded *t)
{
  room *r = ctx;
  if (!r->takes) {
    print_take(r, t);
  } else if (t->outcome != SHED_REGRADED_SAME) {
    add_take(r, t);
  }
}

static void
on_gate(void *ctx, const shed_regraded_gate *g)
{
  room *r      = ctx;
  bool  opens  = g->after->advance && !g->before->advance;
  bool  closes = g->before->advance && !g->after->advance;
  if (r->gates) {
    shed_json *o = shed_json_object();
    shed_json_set_str(o, "student", g->student->id.text);
    shed_json_set(o, "before", shed_gate_to_json(g->rule, g->before));
    shed_json_set(o, "after", shed_gate_to_json(g->rule, g->after));
    shed_json_add(r->gates, o);
    return;
  }
  if (g->before->level == g->after->level && !opens && !closes) {
    return;
  }
  print_heading(r, g->student);
  (void)fprintf(r->cli->out, "  %s: %s to %s%s\n", g->unit->title, shed_level_name(g->before->level),
                shed_level_name(g->after->level),
                opens    ? "; the gate opens"
                : closes ? "; the gate closes"
                         : "");
  for (int i = 0; i < g->after->n_reasons && i < 2; i++) {
    shed_cli_message(r->cli, 6, &g->after->reasons[i]);
  }
}

static shed_exit
tell_sum(room *r, const shed_regrade_sum *sum, double seconds)
{
  double each = sum->takes ? 1000 * seconds / (double)sum->takes : 0;
  bool   done = shed_cli_has(r->cli, "apply");
  if (r->takes) {
    shed_json *o = shed_json_object();
    shed_json_set_int(o, "students", (int64_t)sum->students);
    shed_json_set_int(o, "takes", (int64_t)sum->takes);
    shed_json_set_int(o, "same", (int64_t)sum->same);
    shed_json_set_int(o, "new", (int64_t)sum->fresh);
    shed_json_set_int(o, "moved", (int64_t)sum->moved);
    shed_json_set_int(o, "kept", (int64_t)sum->kept);
    shed_json_set_int(o, "not_judged", (int64_t)sum->failed);
    shed_json_set_int(o, "given", (int64_t)sum->given);
    shed_json_set_int(o, "opened", (int64_t)sum->opened);
    shed_json_set_int(o, "closed", (int64_t)sum->closed);
    shed_json_set_int(o, "written", (int64_t)sum->written);
    shed_json_set_real(o, "seconds_per_thousand", each, 3);
    shed_json_set(o, "differing", r->takes);
    shed_json_set(o, "gates", r->gates);
    return shed_cli_json(r->cli, o, SHED_EXIT_DONE);
  }
  FILE *out = r->cli->out;
  (void)fprintf(out, "%zu take%s of %zu student%s judged again: %zu the same to the byte, %zu moved",
                sum->takes, sum->takes == 1 ? "" : "s", sum->students, sum->students == 1 ? "" : "s",
                sum->same, sum->moved);
  if (sum->fresh) {
    (void)fprintf(out, ", %zu with another verdict and the same scores", sum->fresh);
  }
  if (sum->kept) {
    (void)fprintf(out, ", %zu left as a teacher corrected them", sum->kept);
  }
  if (sum->failed) {
    (void)fprintf(out, ", %zu that cannot be judged again", sum->failed);
  }
  (void)fprintf(out, ".\n%zu gate%s open%s, %zu close%s. %.2f s for a thousand takes.\n", sum->opened,
                sum->opened == 1 ? "" : "s", sum->opened == 1 ? "s" : "", sum->closed,
                sum->closed == 1 ? "s" : "", each);
  if (sum->given) {
    (void)fprintf(out, "%zu of them by the policy that a teacher gave their student, not by %s.\n",
                  sum->given, r->policy.id);
  }
  if (done) {
    (void)fprintf(out, "Written down: %zu.\n", sum->written);
  } else if (sum->moved + sum->fresh) {
    (void)fprintf(out, "Nothing was written. --apply writes it, with --by and --reason.\n");
  }
  return SHED_EXIT_DONE;
}

static shed_exit
open_room(room *r, shed_regrade_opts *opts)
{
  shed_cli          *cli    = r->cli;
  const shed_course *course = NULL;
  const shed_unit   *unit   = NULL;
  shed_error         err    = {0};
  shed_exit          code   = shed_cli_store(cli, true, &r->store);
  if (code != SHED_EXIT_DONE || (code = shed_cli_library(cli, &r->library)) != SHED_EXIT_DONE) {
    return code;
  }
  opts->library = r->library;
  if (shed_cli_has(cli, "student")) {
    opts->student = &r->student;
    code          = shed_cli_person(cli, r->store, SHED_ROLE_STUDENT, shed_cli_option(cli, "student"), false,
                                    &r->student);
  }
  if (code == SHED_EXIT_DONE && shed_cli_has(cli, "unit")) {
    shed_status st = shed_library_unit(r->library, shed_cli_option(cli, "unit"), &course, &unit, &err);
    code           = st == SHED_OK ? SHED_EXIT_DONE : shed_cli_error(cli, st, &err);
    opts->unit     = unit ? unit->id : NULL;
  }
  if (code == SHED_EXIT_DONE && shed_cli_has(cli, "policy")) {
    code         = shed_cli_policy(cli, course, shed_cli_option(cli, "policy"), &r->policy);
    opts->policy = &r->policy;
  }
  if (code == SHED_EXIT_DONE && (code = shed_cli_rubrics_open(cli, &r->rubrics)) == SHED_EXIT_DONE) {
    opts->n_rubrics = r->rubrics.n;
    for (size_t i = 0; i < r->rubrics.n; i++) {
      opts->rubrics[i] = r->rubrics.rubrics[i];
    }
  }
  if (code == SHED_EXIT_DONE && shed_cli_has(cli, "apply")) {
    code   = shed_cli_person(cli, r->store, SHED_ROLE_TEACHER, shed_cli_option(cli, "by"), true, &r->teacher);
    r->who = (shed_decider){.actor = r->teacher.id, .reason = shed_cli_option(cli, "reason")};
    opts->apply = &r->who;
  }
  return code;
}

static shed_exit
run(shed_cli *cli)
{
  room                    r     = {.cli = cli};
  shed_regrade_opts       opts  = {.policy = NULL};
  const shed_regrade_told told  = {.ctx = &r, .take = on_take, .gate = on_gate};
  const shed_clock       *clock = shed_clock_system();
  shed_regrade_sum        sum;
  shed_error              err = {0};
  if (shed_cli_has(cli, "apply") && (!shed_cli_has(cli, "by") || !shed_cli_has(cli, "reason"))) {
    return shed_cli_usage(cli, "--by and --reason go with --apply: what is written has a name and a reason");
  }
  shed_exit code = open_room(&r, &opts);
  if (code == SHED_EXIT_DONE) {
    if (shed_cli_has(cli, "json")) {
      r.takes = shed_json_array();
      r.gates = shed_json_array();
    }
    int64_t     start = clock->mono_ns(clock->ctx);
    shed_status st    = shed_regrade(r.store, &opts, &told, NULL, &sum, &err);
    double      s     = (double)(clock->mono_ns(clock->ctx) - start) * 1e-9;
    if (st == SHED_OK) {
      code = tell_sum(&r, &sum, s);
    } else {
      code = shed_cli_error(cli, st, &err);
      shed_json_free(r.takes);
      shed_json_free(r.gates);
    }
  }
  shed_cli_rubrics_close(&r.rubrics);
  shed_library_free(r.library);
  shed_store_close(r.store);
  return code;
}

static const shed_option options[] = {
    {"policy", "NAME|FILE", "by this policy; without it each take by its own", "policy"},
    {"rubric", "ID|FILE...", "points by this rubric too; may be given several times", "rubric"},
    {"student", "NAME", "only this student's takes", NULL},
    {"unit", "UNIT", "only takes of this unit", NULL},
    {"dry-run", NULL, "write nothing (this is so anyway without --apply)", NULL},
    {"apply", NULL, "write what came out as events; nothing that was written before is changed", NULL},
    SHED_OPTION_BY,
    SHED_OPTION_REASON,
    SHED_OPTION_JSON,
    SHED_OPTION_STORE,
    SHED_OPTION_CONTENT,
};
static const shed_action actions[] = {{"", "", "", 0, 0, run}};

const shed_command shed_command_regrade = {
    "regrade",
    "Judge kept takes again: who would move, and why",
    "The store keeps what was heard, so nothing is listened to again. Without --policy and --rubric "
    "everything is\n"
    "judged as it was: what differs then, differs because the judge does. What a teacher corrected stays; a "
    "policy\n"
    "that a teacher gave a student goes before --policy.",
    actions,
    SHED_COUNTOF(actions),
    options,
    SHED_COUNTOF(options),
};
