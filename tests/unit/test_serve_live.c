// The listeners as the event loop sees them, by a clock moved by hand: who is let go, who may come back, what is freed.
#include "app/serve/live.h"

#include "tests/support/temp_store.h"

#include <time.h>

#define SECOND_NS INT64_C(1000000000)

typedef struct {
  temp_store      t;
  shed_room       room;
  shed_seats     *seats;
  shed_who        ada, ben;
  char            cookie[SHED_SIGNIN_COOKIE];
  _Atomic int     woken;
  _Atomic int64_t now_ns; // workers look at it too
  shed_clock      clock;
} fixture;

static void
pause_ms(void)
{
  (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

static int64_t
mono_ns(void *ctx)
{
  return atomic_load(&((fixture *)ctx)->now_ns);
}

static int64_t
wall_ms(void *ctx)
{
  return INT64_C(1793000000000) + atomic_load(&((fixture *)ctx)->now_ns) / 1000000;
}

static int
utc(void *ctx, int64_t at_ms)
{
  (void)ctx;
  (void)at_ms;
  return 0;
}

static void
wake(void *ctx)
{
  atomic_fetch_add(&((fixture *)ctx)->woken, 1);
}

static shed_who
person(fixture *f, const char *login, const shed_uuid *id)
{
  shed_who     who;
  shed_account a = {.person = *id, .roles = SHED_ACCOUNT_STUDENT, .secret = "x"};
  (void)snprintf(a.login, sizeof(a.login), "%s", login);
  STORE_OK(shed_store_account_add(f->t.store, &a, &f->t.err), f->t.err);
  STORE_OK(shed_signins_add(f->room.signins, f->t.store, &a, f->cookie, &who, &f->t.err), f->t.err);
  return who;
}

static void
begin(fixture *f)
{
  memset(f, 0, sizeof(*f));
  temp_store_begin(&f->t);
  atomic_store(&f->now_ns, 1000 * SECOND_NS);
  f->clock      = (shed_clock){mono_ns, wall_ms, utc, f};
  f->room.clock = &f->clock;
  (void)pthread_mutex_init(&f->room.mutex, NULL);
  STORE_OK(shed_signins_open(&f->room.signins, f->t.store, &f->clock, NULL, &f->t.err), f->t.err);
  shed_hearing_begin(&f->room.hearing, 1);
  STORE_OK(shed_pool_new(&f->room.ears, 1, 1, 0, NULL, NULL, NULL, NULL, &f->t.err), f->t.err);
  STORE_OK(shed_pool_new(&f->room.desks, 1, 8, 0, NULL, NULL, NULL, NULL, &f->t.err), f->t.err);
  STORE_OK(shed_seats_new(&f->seats, &f->room, f->t.folder, wake, f, &f->t.err), f->t.err);
  f->ada = person(f, "ada", &f->t.student.id);
  f->ben = person(f, "ben", &f->t.teacher.id);
}

static void
end(fixture *f)
{
  shed_seats_end(f->seats);
  shed_pool_free(f->room.ears);
  shed_pool_free(f->room.desks);
  shed_seats_free(f->seats);
  shed_hearing_end(&f->room.hearing);
  shed_signins_free(f->room.signins);
  (void)pthread_mutex_destroy(&f->room.mutex);
  temp_store_end(&f->t);
}

// What a tick said of the one socket of a test.
static struct {
  shed_seat_bye bye;
  int           ready;
} said;

static void
note_bye(void *socket, shed_seat_bye why)
{
  (void)socket;
  said.bye = why;
}

static void
note_ready(void *socket)
{
  (void)socket;
  said.ready++;
}

static shed_seat_bye
tick(fixture *f, double seconds)
{
  atomic_fetch_add(&f->now_ns, (int64_t)(seconds * 1e9));
  said.bye   = SHED_SEAT_STAYS;
  said.ready = 0;
  shed_seats_tick(f->seats, note_bye, note_ready);
  return said.bye;
}

static shed_seat_bye
say(fixture *f, shed_seat *l, const char *text)
{
  return shed_seat_take(f->seats, l, true, text, strlen(text));
}

// The next text, waited for. What is in it is looked at by the caller.
static void
next(fixture *f, shed_seat *l, shed_str *out)
{
  bool more;
  (void)f;
  shed_str_clear(out);
  while (!shed_seat_give(l, out, &more)) {
    pause_ms();
  }
}

static void
who_does_not_read_is_let_go(void **state)
{
  fixture f;
  int     socket;
  (void)state;
  begin(&f);
  shed_seat *l = shed_seat_begin(f.seats, &f.ada, &socket);
  assert_int_equal(tick(&f, .1), SHED_SEAT_STAYS);
  assert_int_equal(say(&f, l, "{\"do\":\"ping\",\"t\":1}"), SHED_SEAT_STAYS);
  while (tick(&f, 0) == SHED_SEAT_STAYS && !said.ready) { // until a worker has answered
    pause_ms();
  }
  assert_int_equal(tick(&f, 14), SHED_SEAT_STAYS);
  assert_int_equal(tick(&f, 2), SHED_SEAT_STALLED);
  assert_int_equal(f.room.dropped, 1);
  shed_str out = {0};
  next(&f, l, &out); // reading makes it well again
  assert_non_null(strstr(shed_str_text(&out), "pong"));
  assert_int_equal(tick(&f, .1), SHED_SEAT_STAYS);
  shed_str_free(&out);
  end(&f);
}

static void
who_sends_faster_than_it_is_heard_is_let_go(void **state)
{
  static const char sound[64 * 1024];
  fixture           f;
  int               socket;
  shed_seat_bye     bye = SHED_SEAT_STAYS;
  (void)state;
  begin(&f);
  shed_seat *l = shed_seat_begin(f.seats, &f.ada, &socket);
  for (int i = 0; i < 100000 && bye == SHED_SEAT_STAYS; i++) {
    bye = shed_seat_take(f.seats, l, false, sound, sizeof(sound));
  }
  assert_int_equal(bye, SHED_SEAT_TOO_FAST);
  end(&f);
}

// A task that has the one ear until it is told to go on.
typedef struct {
  shed_task    task;
  _Atomic bool go_on;
} holder;

static void
hold(shed_task *task, void *own)
{
  holder *h = (holder *)(void *)((char *)task - offsetof(holder, task));
  (void)own;
  while (!atomic_load(&h->go_on)) {
    pause_ms();
  }
}

// Sound, a message each @p ms, and nobody who hears it. @return what is said in the end.
static shed_seat_bye
starved_by(int ms)
{
  static const char piece[16 + 2 * 960] = {1, 1};
  fixture           f;
  int               socket;
  holder            h   = {.task.run = hold};
  shed_seat_bye     bye = SHED_SEAT_STAYS;
  begin(&f);
  shed_pool_put_always(f.room.ears, &h.task);
  shed_seat *l = shed_seat_begin(f.seats, &f.ada, &socket);
  for (int i = 0; i < 100000 && bye == SHED_SEAT_STAYS; i++) {
    bye = shed_seat_take(f.seats, l, false, piece, sizeof(piece));
    atomic_fetch_add(&f.now_ns, ms * INT64_C(1000000));
  }
  atomic_store(&h.go_on, true);
  end(&f);
  return bye;
}

static void
who_plays_and_is_not_heard_is_told_that_it_is_not_their_doing(void **state)
{
  shed_str late = {0}, fast = {0};
  (void)state;
  assert_int_equal(starved_by(20), SHED_SEAT_LATE);
  assert_int_equal(starved_by(1), SHED_SEAT_TOO_FAST); // as nobody plays
  shed_seat_bye_text(SHED_SEAT_LATE, &late);
  shed_seat_bye_text(SHED_SEAT_TOO_FAST, &fast);
  assert_string_equal(shed_seat_bye_code(SHED_SEAT_LATE), "late");
  assert_string_equal(shed_seat_bye_code(SHED_SEAT_SIGNED_OUT), "signed_out");
  assert_non_null(strstr(shed_str_text(&late), "not your doing"));
  assert_string_not_equal(shed_str_text(&late), shed_str_text(&fast));
  shed_str_free(&late);
  shed_str_free(&fast);
}

static void
who_signs_out_is_let_go(void **state)
{
  fixture f;
  int     socket;
  (void)state;
  begin(&f);
  (void)shed_seat_begin(f.seats, &f.ada, &socket);
  assert_int_equal(tick(&f, .1), SHED_SEAT_STAYS);
  STORE_OK(shed_signins_drop(f.room.signins, f.t.store, &f.ben.token, &f.t.err), f.t.err);
  assert_int_equal(tick(&f, .1), SHED_SEAT_STAYS);
  STORE_OK(shed_signins_drop(f.room.signins, f.t.store, &f.ada.token, &f.t.err), f.t.err);
  assert_int_equal(tick(&f, .1), SHED_SEAT_SIGNED_OUT);
  end(&f);
}

// The token that a listener tells.
static void
token_of(fixture *f, shed_seat *l, char *out, size_t size)
{
  shed_str   text = {0};
  shed_json *v    = NULL;
  assert_int_equal(say(f, l, "{\"do\":\"check\",\"rate_hz\":48000}"), SHED_SEAT_STAYS);
  next(f, l, &text);
  CHECK_STATUS(shed_json_parse(shed_str_text(&text), text.len, "event", &v, NULL), SHED_OK);
  (void)snprintf(out, size, "%s", shed_json_text(shed_json_get(v, "take")));
  shed_json_free(v);
  shed_str_free(&text);
}

static void
only_the_player_comes_back_and_only_in_time(void **state)
{
  fixture f;
  int     one, two, three;
  void   *other;
  char    token[SHED_SEAT_TOKEN];
  (void)state;
  begin(&f);
  shed_seat *l = shed_seat_begin(f.seats, &f.ada, &one);
  token_of(&f, l, token, sizeof(token));
  assert_null(shed_seat_resume(f.seats, &f.ben, token, &two, &other)); // somebody else's
  assert_null(shed_seat_resume(f.seats, &f.ada, "", &two, &other));
  assert_ptr_equal(shed_seat_resume(f.seats, &f.ada, token, &two, &other), l); // another window takes it over
  assert_ptr_equal(other, &one);
  shed_seat_leave(f.seats, l);
  assert_int_equal(f.room.live, 0);
  (void)tick(&f, 19);
  assert_ptr_equal(shed_seat_resume(f.seats, &f.ada, token, &three, &other), l);
  assert_null(other);
  assert_int_equal(f.room.live, 1);
  shed_seat_leave(f.seats, l);
  for (int i = 0; i < 700; i++) { // nothing was played in it: it goes soon after its time
    (void)tick(&f, 1);
    pause_ms();
  }
  assert_null(shed_seat_resume(f.seats, &f.ada, token, &three, &other));
  end(&f);
}

static void
so_many_windows_of_one_person_and_no_more(void **state)
{
  fixture    f;
  int        sockets[SHED_SEAT_OF_ONE + 1];
  shed_seat *first = NULL;
  (void)state;
  begin(&f);
  for (int i = 0; i < SHED_SEAT_OF_ONE; i++) {
    shed_seat *l = shed_seat_begin(f.seats, &f.ada, &sockets[i]);
    assert_non_null(l);
    first = first ? first : l;
  }
  assert_null(shed_seat_begin(f.seats, &f.ada, &sockets[SHED_SEAT_OF_ONE]));
  assert_non_null(shed_seat_begin(f.seats, &f.ben, &sockets[SHED_SEAT_OF_ONE]));
  shed_seat_leave(f.seats, first);
  assert_non_null(shed_seat_begin(f.seats, &f.ada, &sockets[0]));
  end(&f);
}

static int
events_of(fixture *f, shed_seat *l, const char *wanted)
{
  shed_str text = {0};
  bool     more = true;
  int      n    = 0;
  while (shed_seat_give(l, &text, &more)) {
    n += strstr(shed_str_text(&text), wanted) != NULL;
    shed_str_free(&text);
    text = (shed_str){0};
  }
  (void)f;
  return n;
}

// The workers count as well.
static int
players_of(fixture *f)
{
  (void)pthread_mutex_lock(&f->room.hearing.mutex);
  const int n = f->room.hearing.players;
  (void)pthread_mutex_unlock(&f->room.hearing.mutex);
  return n;
}

// One player more than the machine can hear is told so and heard once another has gone.
static void
who_is_one_too_many_is_told_so(void **state)
{
  static const char check[] = "{\"do\":\"check\",\"rate_hz\":48000}";
  fixture           f;
  int               sockets[SHED_HEARING_LEAST + 1];
  shed_seat        *l[SHED_HEARING_LEAST + 1];
  (void)state;
  begin(&f);
  shed_hearing_took(&f.room.hearing, 3600 * SECOND_NS, 60 * SECOND_NS); // a very slow machine
  for (int i = 0; i <= SHED_HEARING_LEAST; i++) {
    l[i] = shed_seat_begin(f.seats, i < SHED_SEAT_OF_ONE ? &f.ada : &f.ben, &sockets[i]);
    assert_non_null(l[i]);
    assert_int_equal(shed_seat_take(f.seats, l[i], true, check, sizeof(check) - 1), SHED_SEAT_STAYS);
    for (int tries = 0; tries < 5000; tries++) {
      const int refused = events_of(&f, l[i], "this machine can hear 4 players at once");
      if (refused > 0) {
        assert_int_equal(i, SHED_HEARING_LEAST);
        break;
      }
      if (i < SHED_HEARING_LEAST && players_of(&f) == i + 1) {
        break;
      }
      assert_true(tries < 4999);
      pause_ms();
    }
  }
  assert_int_equal(players_of(&f), SHED_HEARING_LEAST);
  shed_seat_leave(f.seats, l[0]);
  assert_int_equal(players_of(&f), SHED_HEARING_LEAST - 1);
  assert_int_equal(shed_seat_take(f.seats, l[SHED_HEARING_LEAST], true, check, sizeof(check) - 1),
                   SHED_SEAT_STAYS);
  for (int tries = 0; tries < 5000 && players_of(&f) < SHED_HEARING_LEAST; tries++) {
    pause_ms();
  }
  assert_int_equal(players_of(&f), SHED_HEARING_LEAST);
  end(&f);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(who_does_not_read_is_let_go),
      cmocka_unit_test(who_sends_faster_than_it_is_heard_is_let_go),
      cmocka_unit_test(who_plays_and_is_not_heard_is_told_that_it_is_not_their_doing),
      cmocka_unit_test(who_signs_out_is_let_go),
      cmocka_unit_test(only_the_player_comes_back_and_only_in_time),
      cmocka_unit_test(so_many_windows_of_one_person_and_no_more),
      cmocka_unit_test(who_is_one_too_many_is_told_so),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
