// What judging again costs: 10,000 kept takes by their own policies and by another one, beside reading the same takes without
// judging them, in the same run. Nothing changed must mean the same to the byte, or this fails.
#include "app/session/regrade.h"
#include "engine/base/rng.h"
#include "mastery/store/inside.h"
#include "tests/support/kept_take.h"
#include "tests/support/remove_folder.h"
#include "tests/support/synth_take.h"

#include <unistd.h>

enum { STUDENTS = 20, DISTINCT = 200, TAKES = 10000, LEAST = 200, NOTES_MOST = 400 };

static const int64_t START_MS = 1793000000000;

static double
now_s(void)
{
  return (double)shed_clock_system()->mono_ns(NULL) * 1e-9;
}

// The item of a seed as somebody might play it: 25 ms and 8 cents off, here and there a wrong note.
static shed_take
played(const shed_prompt *p, uint64_t seed)
{
  synth_note notes[NOTES_MOST];
  synth_opts opts = SYNTH_PLAIN;
  shed_rng   rng;
  size_t     n = p->line.n_notes < NOTES_MOST ? p->line.n_notes : NOTES_MOST;
  opts.seed    = seed;
  shed_rng_seed(&rng, seed, 11);
  for (size_t i = 0; i < n; i++) {
    const shed_sounding_note *s  = &p->line.notes[i];
    double                    at = 1 + s->onset_s + .025 * shed_rng_normal(&rng);
    notes[i] = (synth_note){at, at + .9 * s->duration_s, s->midi + (shed_rng_unit(&rng) < .03 ? 2 : 0),
                            8 * shed_rng_normal(&rng)};
  }
  return synth_take(notes, n, &opts);
}

static void
fill(shed_store *s, const shed_library *library, int n_takes)
{
  static kept_made         made[DISTINCT];
  static shed_prompt       prompts[DISTINCT];
  static shed_take         takes[DISTINCT];
  static const char *const drills[] = {"applied-instrumental/first-notes/scales",
                                       "applied-instrumental/first-notes/figures"};
  shed_error               err      = {.status = SHED_OK};
  shed_person              people[STUDENTS];
  shed_profile             flute;
  shed_policy              policy;
  kept_must(shed_profile_find("flute", &flute, &err), &err);
  kept_must(shed_policy_preset("year-1", &policy, &err), &err);
  for (int i = 0; i < STUDENTS; i++) {
    char name[32];
    (void)snprintf(name, sizeof(name), "Student %d", i);
    kept_must(shed_store_add_person(s, SHED_ROLE_STUDENT, name, &people[i], &err), &err);
  }
  for (int i = 0; i < DISTINCT; i++) {
    const shed_course *course;
    const shed_unit   *unit;
    const shed_drill  *drill;
    kept_must(shed_library_drill(library, drills[i % 2], &course, &unit, &drill, &err), &err);
    kept_must(shed_course_prompt(course, drill->id, &flute, 2, (uint64_t)i, NULL, &prompts[i], &err), &err);
    takes[i]    = played(&prompts[i], (uint64_t)i + 1);
    kept_opts o = {.course = course->id, .unit = unit->id, .counted = true, .sound = i};
    made[i]     = kept_make(&prompts[i], &takes[i], &policy, &o);
  }
  kept_must(shed_db_exec(&s->db, "PRAGMA synchronous = OFF"), &s->db.fault);
  for (int i = 0; i < n_takes; i++) {
    made[i % DISTINCT].record.student = people[i % STUDENTS].id;
    (void)kept_store(s, &made[i % DISTINCT], START_MS + i * 60000LL);
  }
  double seconds = 0;
  for (int i = 0; i < DISTINCT; i++) {
    seconds += takes[i].duration_s / DISTINCT;
    kept_free(&made[i]);
    shed_take_free(&takes[i]);
    shed_prompt_free(&prompts[i]);
  }
  printf("%d takes of %d students, %.1f s of music each on average\n", n_takes, STUDENTS, seconds);
}

// -- the peer: the same reading, and no judging --------------------------------------------------------------------------------

typedef struct {
  shed_store *store;
  size_t      n, notes;
} reading;

static bool
read_take(void *ctx, const shed_stored_take *t)
{
  reading       *r      = ctx;
  shed_json     *body   = NULL;
  shed_prompt    prompt = {.alloc = NULL};
  shed_take      take   = {.alloc = NULL};
  unsigned char *heard  = NULL;
  size_t         n      = 0;
  shed_error     err    = {.status = SHED_OK};
  kept_must(shed_store_take_body(r->store, &t->event, &body, &err), &err);
  kept_must(shed_prompt_from_json(shed_json_get(body, "prompt"), NULL, &prompt, &err), &err);
  kept_must(shed_store_read_heard(r->store, &t->sha256, t->ear, &heard, &n, &err), &err);
  kept_must(shed_take_decode(heard, n, NULL, &take, &err), &err);
  r->n++;
  r->notes += prompt.line.n_notes;
  shed_free(NULL, heard);
  shed_take_free(&take);
  shed_prompt_free(&prompt);
  shed_json_free(body);
  return true;
}

static bool
read_student(void *ctx, const shed_person *p)
{
  reading   *r   = ctx;
  shed_error err = {.status = SHED_OK};
  kept_must(shed_store_each_take(r->store, &p->id, NULL, read_take, r, &err), &err);
  return true;
}

static double
read_all(shed_store *s)
{
  reading    r     = {.store = s};
  shed_error err   = {.status = SHED_OK};
  double     start = now_s();
  kept_must(shed_store_each_person(s, SHED_ROLE_STUDENT, read_student, &r, &err), &err);
  double seconds = now_s() - start;
  printf("%-44s %8.3f s a thousand  (%.1f notes a take)\n", "read, not judged", 1000 * seconds / (double)r.n,
         (double)r.notes / (double)r.n);
  return seconds;
}

static void
judge_all(shed_store *s, const shed_library *library, const shed_policy *policy, double peer_s,
          const char *what, size_t n_takes)
{
  shed_regrade_opts opts = {.policy = policy, .library = library};
  shed_error        err  = {.status = SHED_OK};
  shed_regrade_sum  sum;
  double            start = now_s();
  kept_must(shed_regrade(s, &opts, NULL, NULL, &sum, &err), &err);
  double seconds = now_s() - start;
  printf("%-44s %8.3f s a thousand  %.1f times the reading; %zu the same to the byte, %zu moved\n", what,
         1000 * seconds / (double)sum.takes, seconds / peer_s, sum.same, sum.moved);
  if (sum.takes != n_takes || (!policy && sum.same != n_takes)) {
    (void)fprintf(stderr, "of %zu takes %zu were judged and %zu are the same\n", n_takes, sum.takes,
                  sum.same);
    exit(1);
  }
}

// With a number: of so many takes.
int
main(int argc, char **argv)
{
  long long     n        = TAKES;
  char          folder[] = "bench-regrade-XXXXXX";
  char          path[300];
  shed_store   *s       = NULL;
  shed_library *library = NULL;
  shed_policy   college;
  shed_error    err = {.status = SHED_OK};
  if (argc > 1 && !shed_parse_int(argv[1], LEAST, TAKES, &n)) {
    (void)fprintf(stderr, "a number of takes from %d to %d is needed\n", LEAST, TAKES);
    return 2;
  }
  (void)setvbuf(stdout, NULL, _IOLBF, 0);
  if (!mkdtemp(folder)) {
    perror(folder);
    return 1;
  }
  (void)snprintf(path, sizeof(path), "%s/store.db", folder);
  kept_must(shed_store_open(&s, path, NULL, &err), &err);
  kept_must(shed_library_open(NULL, NULL, &library, &err), &err);
  kept_must(shed_policy_preset("college", &college, &err), &err);
  fill(s, library, (int)n);
  double peer = read_all(s);
  judge_all(s, library, NULL, peer, "judged again, nothing changed", (size_t)n);
  judge_all(s, library, &college, peer, "judged again, another policy", (size_t)n);
  shed_library_free(library);
  shed_store_close(s);
  remove_folder(folder);
  return 0;
}
