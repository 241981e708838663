// The order of arrival never changes the state: random acts in several stores, erasures among them, merged in random
// order, and the events of all of them written in random order one by one.
#include "engine/base/rng.h"
#include "mastery/store/inside.h"
#include "tests/support/temp_store.h"

#include <fcntl.h>

enum { STORES = 3, ROUNDS = 12, STEPS = 45, STUDENTS = 3, EVENTS_MOST = 400 };

typedef struct {
  temp_store stores[STORES];
  shed_uuid  students[STUDENTS];
  shed_uuid  teacher;
  shed_uuid  events[EVENTS_MOST]; // ids that somebody may name: takes, decisions, corrections, withdrawals
  shed_uuid  about[EVENTS_MOST];
  size_t     n_events;
  shed_rng   rng;
  unsigned   sounds;
} school;

static void
note_event(school *w, const shed_uuid *id, const shed_uuid *student)
{
  assert_true(w->n_events < EVENTS_MOST);
  w->events[w->n_events]  = *id;
  w->about[w->n_events++] = *student;
}

// Acts are refused where the store has not heard of the student or the event, or has erased the student: that is no fault.
static void
act_play(school *w, temp_store *t, const shed_uuid *student)
{
  char             temp[600];
  shed_uuid        id;
  shed_take_record r = temp_store_record(t, shed_rng_below(&w->rng, 3) ? .9 : .4);
  r.student          = *student;
  r.performed_at_ms = 1793000000000 + (int64_t)shed_rng_below(&w->rng, 20) * 43200000; // ties: the id decides
  r.seed            = shed_rng_below(&w->rng, 5);
  r.counted         = shed_rng_below(&w->rng, 5) > 0;
  r.draft           = shed_rng_below(&w->rng, 5) == 0;
  if (shed_rng_below(&w->rng, 3) == 0) {
    temp_store_sound(t, &r, temp, sizeof(temp), shed_rng_below(&w->rng, 6), 200); // some sounds come twice
    r.heard   = (const unsigned char *)"heard";
    r.n_heard = 5;
    r.ear     = "1";
  }
  if (shed_store_record_take(t->store, &r, &id, &t->err) == SHED_OK) {
    note_event(w, &id, student);
  }
}

static void
act_decide(school *w, temp_store *t, const shed_uuid *student)
{
  static const char *const outcomes[] = {"advance", "certify", "hold", "lift"};
  shed_uuid                id         = {{0}};
  shed_decider             who        = temp_store_decider(t);
  shed_status              st;
  who.actor   = w->teacher;
  who.student = *student;
  who.at_ms   = 1793000000000 + (int64_t)shed_rng_below(&w->rng, 6) * 86400000;
  if (shed_rng_below(&w->rng, 2)) {
    st = shed_store_override(t->store, &who, "test:unit", outcomes[shed_rng_below(&w->rng, 4)], &id, &t->err);
  } else {
    st = shed_store_waive(t->store, &who, "test:unit", shed_rng_below(&w->rng, 2) ? "days" : "unseen", &id,
                          &t->err);
  }
  if (st == SHED_OK) {
    note_event(w, &id, student);
  }
}

static void
act_about_event(school *w, temp_store *t)
{
  const shed_gate_mark mark = {"pitch", shed_rng_below(&w->rng, 2) ? .95 : .2, 1, 20};
  shed_uuid            id   = {{0}};
  shed_decider         who  = temp_store_decider(t);
  if (!w->n_events) {
    return;
  }
  size_t i    = shed_rng_below(&w->rng, (uint32_t)w->n_events);
  who.actor   = w->teacher;
  who.student = w->about[i];
  who.at_ms   = 1793000000000 + (int64_t)shed_rng_below(&w->rng, 3) * 86400000;
  shed_status st;
  switch (shed_rng_below(&w->rng, 3)) {
  case 0:
    st = shed_store_withdraw(t->store, &who, &w->events[i], &id, &t->err);
    break;
  case 1:
    st = shed_store_correct_take(t->store, &who, &w->events[i], .5, 1, &mark, 1, &id, &t->err);
    break;
  default:
    st = shed_store_submit_take(t->store, NULL, &w->events[i], &t->err);
    return;
  }
  if (st == SHED_OK) {
    note_event(w, &id, &who.student);
  }
}

static void
merge_into(temp_store *to, const temp_store *from)
{
  shed_store_report report;
  STORE_OK(shed_store_merge(to->store, from->path, &report, &to->err), to->err);
}

static void
step(school *w)
{
  shed_store_report report;
  temp_store       *t       = &w->stores[shed_rng_below(&w->rng, STORES)];
  const shed_uuid  *student = &w->students[shed_rng_below(&w->rng, STUDENTS)];
  uint32_t          what    = shed_rng_below(&w->rng, 100);
  if (what < 45) {
    act_play(w, t, student);
  } else if (what < 60) {
    act_decide(w, t, student);
  } else if (what < 85) {
    act_about_event(w, t);
  } else if (what < 87) {
    STORE_OK(shed_store_erase(t->store, NULL, &w->students[2], &report, &t->err), t->err);
  } else if (what < 90) {
    shed_status st = shed_store_rename_person(t->store, student, what == 88 ? "Zed" : "Abe", &t->err);
    assert_true(st == SHED_OK || st == SHED_E_EXISTS || st == SHED_E_NOTFOUND);
  } else {
    merge_into(t, &w->stores[shed_rng_below(&w->rng, STORES)]);
  }
}

static void
begin(school *w, uint64_t seed)
{
  static const char *const names[STUDENTS] = {"Ada", "Ben", "Cem"};
  shed_person              p;
  memset(w, 0, sizeof(*w));
  shed_rng_seed(&w->rng, seed, 7);
  for (int i = 0; i < STORES; i++) {
    temp_store_prepare(&w->stores[i]);
    w->stores[i].hand.wall_ms += i; // two clocks are never quite alike
    temp_store_open(&w->stores[i]);
  }
  temp_store *first = &w->stores[0];
  STORE_OK(shed_store_add_person(first->store, SHED_ROLE_TEACHER, "Ms Lind", &p, &first->err), first->err);
  w->teacher = p.id;
  for (int i = 0; i < STUDENTS; i++) {
    STORE_OK(shed_store_add_person(first->store, SHED_ROLE_STUDENT, names[i], &p, &first->err), first->err);
    w->students[i] = p.id;
  }
  for (int i = 1; i < STORES; i++) {
    merge_into(&w->stores[i], first);
  }
}

static void
end(school *w)
{
  for (int i = 0; i < STORES; i++) {
    temp_store_end(&w->stores[i]);
  }
}

// Everything that a store says, as text: its digest and each student's gate.
static void
say_state(const school *w, temp_store *t, shed_str *out)
{
  shed_gate_rule rule = {.id = "test:unit", .targets = {{"pitch", .85}}, .n_targets = 1, .teacher = true};
  shed_sha256    d;
  STORE_OK(shed_store_digest(t->store, &d, &t->err), t->err);
  shed_str_addf(out, "%s\n", d.text);
  for (int i = 0; i < STUDENTS; i++) {
    shed_gate g;
    STORE_OK(shed_store_gate(t->store, &w->students[i], &rule, &g, &t->err), t->err);
    shed_json *v = shed_gate_to_json(&rule, &g);
    shed_json_write(v, SHED_JSON_CANONICAL, out);
    shed_str_add(out, "\n");
    shed_json_free(v);
  }
}

static void
merge_all_in_random_order(school *w)
{
  int order[STORES * STORES] = {0};
  for (int round = 0; round < 2; round++) { // twice: then each has all of the others
    for (int i = 0; i < STORES * STORES; i++) {
      int j    = (int)shed_rng_below(&w->rng, (uint32_t)i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    for (int i = 0; i < STORES * STORES; i++) {
      merge_into(&w->stores[order[i] / STORES], &w->stores[order[i] % STORES]);
    }
  }
}

static void
stores_that_merged_are_one(void **state)
{
  (void)state;
  for (uint64_t seed = 0; seed < ROUNDS; seed++) {
    static school     w;
    shed_str          said[STORES] = {0};
    shed_store_report report;
    begin(&w, seed);
    for (int i = 0; i < STEPS; i++) {
      step(&w);
    }
    merge_all_in_random_order(&w);
    for (int i = 0; i < STORES; i++) {
      say_state(&w, &w.stores[i], &said[i]);
      if (strcmp(shed_str_text(&said[i]), shed_str_text(&said[0])) != 0) {
        printf("%s\n----\n%s\n", shed_str_text(&said[0]), shed_str_text(&said[i]));
        fail_msg("seed %llu: store %d says otherwise than store 0", (unsigned long long)seed, i);
      }
      temp_store_check(&w.stores[i]);
      STORE_OK(shed_store_clean(w.stores[i].store, NULL, NULL, &report, &w.stores[i].err), w.stores[i].err);
      assert_int_equal(report.orphans, 0);
    }
    for (int i = 0; i < STORES; i++) {
      shed_str_free(&said[i]);
    }
    end(&w);
  }
}

// -- one by one ------------------------------------------------------------------------------------------------------------

typedef struct {
  shed_store_event e;
  char            *body;
} copy;

static size_t
copy_events(shed_store *s, copy *out)
{
  bool          row = true;
  size_t        n   = 0;
  sqlite3_stmt *all = shed_db_get(&s->db, SHED_SQL_EVENT_ALL);
  while (shed_db_next(&s->db, all, &row) == SHED_OK && row) {
    assert_true(n < EVENTS_MOST);
    assert_true(shed_db_event(all, &out[n].e));
    out[n].body   = out[n].e.body ? shed_strndup(NULL, out[n].e.body, out[n].e.n_body) : NULL;
    out[n].e.body = out[n].body;
    n++;
  }
  return n;
}

static shed_sha256
import_in_order(const copy *events, const size_t *order, size_t n)
{
  shed_store *s   = NULL;
  shed_error  err = {0};
  shed_sha256 arrived;
  shed_sha256 rebuilt;
  STORE_OK(shed_store_open(&s, ":memory:", NULL, &err), err);
  CHECK_OK(shed_act_begin(s));
  for (size_t i = 0; i < n; i++) {
    bool added = false;
    CHECK_OK(shed_journal_import(s, &events[order[i]].e, &added));
    assert_true(added);
  }
  STORE_OK(shed_act_end(s, SHED_OK, &err), err);
  CHECK_OK(shed_derive_digest(s, &arrived));
  CHECK_OK(shed_derive_all(s));
  CHECK_OK(shed_derive_digest(s, &rebuilt));
  assert_string_equal(arrived.text, rebuilt.text);
  shed_store_close(s);
  return arrived;
}

static void
events_in_any_order_are_one(void **state)
{
  static copy events[EVENTS_MOST];
  (void)state;
  for (uint64_t seed = 100; seed < 100 + ROUNDS; seed++) {
    static school     w;
    shed_store_report report;
    size_t            order[EVENTS_MOST];
    begin(&w, seed);
    for (int i = 0; i < STEPS; i++) {
      temp_store *t = &w.stores[0];
      if (i % 3 == 0) {
        act_about_event(&w, t);
      } else if (i % 3 == 1) {
        act_decide(&w, t, &w.students[i % STUDENTS]);
      } else {
        act_play(&w, t, &w.students[(i / 3) % STUDENTS]);
      }
    }
    // the bodies first, the erasure after: in other orders it comes before what it erases
    size_t n = copy_events(w.stores[0].store, events);
    STORE_OK(shed_store_erase(w.stores[0].store, NULL, &w.students[1], &report, &w.stores[0].err),
             w.stores[0].err);
    size_t      all = 0;
    static copy after[EVENTS_MOST];
    all = copy_events(w.stores[0].store, after);
    assert_int_equal(all, n + 1);
    for (size_t i = 0; i < all; i++) {
      if (strcmp(after[i].e.kind, "person.erased") == 0) {
        events[n] = after[i];
      } else {
        shed_free(NULL, after[i].body);
      }
      order[i] = i;
    }
    shed_sha256 want;
    CHECK_OK(shed_derive_digest(w.stores[0].store, &want));
    for (int round = 0; round < 4; round++) {
      shed_sha256 got = import_in_order(events, order, all);
      assert_string_equal(got.text, want.text);
      for (size_t i = all; i-- > 1;) {
        size_t j    = shed_rng_below(&w.rng, (uint32_t)i + 1);
        size_t swap = order[i];
        order[i]    = order[j];
        order[j]    = swap;
      }
    }
    for (size_t i = 0; i < all; i++) {
      shed_free(NULL, events[i].body);
    }
    end(&w);
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(stores_that_merged_are_one),
      cmocka_unit_test(events_in_any_order_are_one),
  };
  if (!getenv("TMPDIR") && access("/dev/shm", W_OK) == 0) {
    (void)setenv("TMPDIR", "/dev/shm", 1); // order is asked here, not durability
  }
  return cmocka_run_group_tests(tests, NULL, NULL);
}
