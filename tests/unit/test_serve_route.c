// The permission matrix: role x route, said a second time here, so that a new route without an entry fails.
#include "app/serve/route.h"

#include "app/serve/room.h"
#include "tests/support/temp_store.h"

enum { NOBODY = 1, STUDENT = 2, TEACHER = 4, ADMIN = 8 };

static const struct {
  const char *name;
  unsigned    may;
} matrix[] = {
    {"hello", NOBODY | STUDENT | TEACHER | ADMIN},
    {"routes", NOBODY | STUDENT | TEACHER | ADMIN},
    {"schema", NOBODY | STUDENT | TEACHER | ADMIN},
    {"first_run", NOBODY | STUDENT | TEACHER | ADMIN},
    {"login", NOBODY | STUDENT | TEACHER | ADMIN},
    {"logout", STUDENT | TEACHER | ADMIN},
    {"me", STUDENT | TEACHER | ADMIN},
    {"settings", STUDENT | TEACHER | ADMIN},
    {"password", STUDENT | TEACHER | ADMIN},
    {"join", NOBODY | STUDENT | TEACHER | ADMIN},
    {"join_qr", NOBODY | STUDENT | TEACHER | ADMIN},
    {"join_ca", NOBODY | STUDENT | TEACHER | ADMIN},
    {"instruments", STUDENT | TEACHER | ADMIN},
    {"courses", STUDENT | TEACHER | ADMIN},
    {"today", STUDENT | TEACHER},
    {"path", STUDENT | TEACHER},
    {"unit", STUDENT | TEACHER},
    {"activities", STUDENT | TEACHER},
    {"activity_done", STUDENT | TEACHER},
    {"drill", STUDENT | TEACHER},
    {"drill_sound", STUDENT | TEACHER},
    {"probe", STUDENT | TEACHER},
    {"takes", STUDENT | TEACHER},
    {"take", STUDENT | TEACHER},
    {"take_sound", STUDENT | TEACHER},
    {"take_track", STUDENT | TEACHER},
    {"take_model", STUDENT | TEACHER},
    {"live", STUDENT | TEACHER},
    {"devices", STUDENT | TEACHER},
    {"students", TEACHER | ADMIN},
    {"students_add", TEACHER | ADMIN},
    {"slips", TEACHER | ADMIN},
    {"staff", ADMIN},
    {"staff_add", ADMIN},
    {"server", TEACHER | ADMIN},
};

static const struct {
  unsigned    bit, roles;
  const char *login;
} people[] = {
    {NOBODY, 0, ""},
    {STUDENT, SHED_ACCOUNT_STUDENT, "ben"},
    {TEACHER, SHED_ACCOUNT_TEACHER, "lind"},
    {ADMIN, SHED_ACCOUNT_ADMIN, "root"},
};

static unsigned
entry_of(const char *name)
{
  for (size_t i = 0; i < SHED_COUNTOF(matrix); i++) {
    if (strcmp(matrix[i].name, name) == 0) {
      return matrix[i].may;
    }
  }
  fail_msg("route %s has no entry in the permission matrix of this test", name);
  return 0;
}

// A room in which one person of each kind is signed in.
typedef struct {
  temp_store t;
  shed_room  room;
  char       cookies[SHED_COUNTOF(people)][SHED_SIGNIN_COOKIE];
  shed_who   who[SHED_COUNTOF(people)];
} fixture;

static void
begin(fixture *f)
{
  memset(f, 0, sizeof(*f));
  temp_store_begin(&f->t);
  f->room.clock = &f->t.clock;
  (void)pthread_mutex_init(&f->room.mutex, NULL);
  STORE_OK(shed_signins_open(&f->room.signins, f->t.store, &f->t.clock, NULL, &f->t.err), f->t.err);
  for (size_t i = 1; i < SHED_COUNTOF(people); i++) {
    shed_person  p;
    shed_account a = {.roles = people[i].roles, .secret = "x"};
    (void)snprintf(a.login, sizeof(a.login), "%s", people[i].login);
    STORE_OK(shed_store_add_person(f->t.store, SHED_ROLE_STUDENT, people[i].login, &p, &f->t.err), f->t.err);
    a.person = p.id;
    STORE_OK(shed_store_account_add(f->t.store, &a, &f->t.err), f->t.err);
    STORE_OK(shed_signins_add(f->room.signins, f->t.store, &a, f->cookies[i], &f->who[i], &f->t.err),
             f->t.err);
  }
}

static void
end(fixture *f)
{
  shed_signins_free(f->room.signins);
  (void)pthread_mutex_destroy(&f->room.mutex);
  temp_store_end(&f->t);
}

// A request of somebody for a route, as the server's own pages send it.
static shed_request
request_for(const fixture *f, const shed_route *r, size_t person)
{
  shed_request req   = {.method = r->method, .host = "127.0.0.1:7465", .origin = "http://127.0.0.1:7465"};
  const char  *brace = strchr(r->path, '{');
  if (brace) {
    (void)snprintf(req.path, sizeof(req.path), "%.*sx%s", (int)(brace - r->path), r->path,
                   strchr(brace, '}') + 1);
  } else {
    (void)snprintf(req.path, sizeof(req.path), "%s", r->path);
  }
  if (people[person].roles) {
    (void)snprintf(req.cookies, sizeof(req.cookies), "other=1; woodshed=%s", f->cookies[person]);
    (void)snprintf(req.csrf, sizeof(req.csrf), "%s", f->who[person].csrf);
  }
  return req;
}

// @return the status with which the door refuses, 0 when it lets the request through.
static int
door(fixture *f, const shed_request *req, const char **name)
{
  shed_answer       out = {0};
  shed_who          who;
  char              arg[SHED_HTTP_PARAM];
  const shed_route *r      = shed_door(&f->room, req, &who, arg, &out);
  int               status = r ? 0 : out.status;
  *name                    = r ? r->name : "";
  shed_answer_free(&out);
  return status;
}

static void
each_role_gets_through_where_the_matrix_says_so_and_nowhere_else(void **state)
{
  fixture f;
  (void)state;
  begin(&f);
  assert_int_equal(shed_route_count(), SHED_COUNTOF(matrix));
  for (size_t i = 0; i < shed_route_count(); i++) {
    const shed_route *r   = shed_route_at(i);
    unsigned          may = entry_of(r->name);
    for (size_t k = 0; k < SHED_COUNTOF(people); k++) {
      const char  *name;
      shed_request req    = request_for(&f, r, k);
      int          status = door(&f, &req, &name);
      int          wanted = may & people[k].bit ? 0 : k == 0 ? 401 : 403;
      if (status != wanted || (status == 0 && strcmp(name, r->name) != 0)) {
        fail_msg("%s %s (%s) as \"%s\": %d, expected %d", shed_http_method_name(r->method), r->path, name,
                 people[k].login, status, wanted);
      }
    }
  }
  end(&f);
}

static void
what_changes_something_comes_from_our_own_pages_with_the_token(void **state)
{
  fixture f;
  size_t  refused = 0;
  (void)state;
  begin(&f);
  for (size_t i = 0; i < shed_route_count(); i++) {
    const shed_route *r      = shed_route_at(i);
    bool              socket = strcmp(r->answer, "websocket") == 0;
    size_t            k      = r->roles & SHED_ACCOUNT_TEACHER ? 2 : 3;
    const char       *name;
    shed_request      req = request_for(&f, r, k);
    (void)snprintf(req.origin, sizeof(req.origin), "http://evil.example");
    assert_int_equal(door(&f, &req, &name), r->method != SHED_HTTP_GET || socket ? 403 : 0);
    (void)snprintf(req.origin, sizeof(req.origin), "https://127.0.0.1:7465"); // another scheme
    assert_int_equal(door(&f, &req, &name), r->method != SHED_HTTP_GET || socket ? 403 : 0);
    req.origin[0] = '\0';
    assert_int_equal(door(&f, &req, &name), r->method != SHED_HTTP_GET || socket ? 403 : 0);
    req = request_for(&f, r, k);
    req.csrf[3] ^= 1;
    bool token = r->method != SHED_HTTP_GET && !(r->roles & SHED_ROUTE_NOBODY);
    assert_int_equal(door(&f, &req, &name), token ? 403 : 0);
    refused += (r->method != SHED_HTTP_GET || socket ? 3U : 0U) + (token ? 1U : 0U);
  }
  assert_int_equal(f.room.n_refusals, refused); // each was written down
  end(&f);
}

static void
a_name_made_to_point_here_is_refused(void **state)
{
  fixture      f;
  const char  *name;
  shed_request req;
  (void)state;
  begin(&f);
  req = request_for(&f, shed_route_at(0), 0);
  (void)snprintf(req.host, sizeof(req.host), "evil.example:7465");
  assert_int_equal(door(&f, &req, &name), 403);
  (void)snprintf(req.host, sizeof(req.host), "room.school.example:7465");
  assert_int_equal(door(&f, &req, &name), 403);
  (void)snprintf(f.room.host_names[f.room.n_host_names++], SHED_ROOM_ADDRESS, "room.school.example");
  assert_int_equal(door(&f, &req, &name), 0);
  (void)snprintf(req.host, sizeof(req.host), "[fe80::1]:7465");
  assert_int_equal(door(&f, &req, &name), 0);
  req.host[0] = '\0';
  assert_int_equal(door(&f, &req, &name), 403);
  end(&f);
}

static void
a_cookie_is_nobodys_after_signing_out_and_when_it_is_old(void **state)
{
  fixture           f;
  const char       *name;
  const shed_sha256 none = {{0}};
  (void)state;
  begin(&f);
  char              arg[SHED_HTTP_PARAM];
  bool              other;
  const shed_route *me  = shed_route_find(SHED_HTTP_GET, "/api/me", arg, sizeof(arg), &other);
  shed_request      ada = request_for(&f, me, 1);
  shed_request      ms  = request_for(&f, me, 2);
  assert_int_equal(door(&f, &ada, &name), 0);
  STORE_OK(shed_signins_drop(f.room.signins, f.t.store, &f.who[1].token, &f.t.err), f.t.err);
  assert_int_equal(door(&f, &ada, &name), 401);
  f.t.hand.wall_ms += INT64_C(11) * 3600 * 1000;
  assert_int_equal(door(&f, &ms, &name), 0); // used: twelve more hours
  f.t.hand.wall_ms += INT64_C(11) * 3600 * 1000;
  assert_int_equal(door(&f, &ms, &name), 0);
  f.t.hand.wall_ms += INT64_C(13) * 3600 * 1000;
  assert_int_equal(door(&f, &ms, &name), 401);
  shed_request root = request_for(&f, me, 3);
  f.t.hand.wall_ms -= INT64_C(35) * 3600 * 1000;
  assert_int_equal(door(&f, &root, &name), 0);
  STORE_OK(shed_signins_drop_of(f.room.signins, f.t.store, &f.who[3].person, &none, &f.t.err), f.t.err);
  assert_int_equal(door(&f, &root, &name), 401);
  // the same after the program was started anew
  shed_signins_free(f.room.signins);
  STORE_OK(shed_signins_open(&f.room.signins, f.t.store, &f.t.clock, NULL, &f.t.err), f.t.err);
  assert_int_equal(door(&f, &ada, &name), 401);
  assert_int_equal(door(&f, &root, &name), 401);
  end(&f);
}

static void
paths_and_methods(void **state)
{
  static const struct {
    const char      *path;
    shed_http_method method;
    const char      *name; ///< NULL none
    const char      *arg;
    bool             other;
  } cases[] = {
      {"/api/takes/abc", SHED_HTTP_GET, "take", "abc", false},
      {"/api/takes/abc/sound", SHED_HTTP_GET, "take_sound", "abc", false},
      {"/api/takes/abc/", SHED_HTTP_GET, NULL, "", false},
      {"/api/takes/", SHED_HTTP_GET, NULL, "", false},
      {"/api/takes", SHED_HTTP_GET, "takes", "", false},
      {"/api/login", SHED_HTTP_GET, NULL, "", true},
      {"/api/login", SHED_HTTP_OTHER, NULL, "", true},
      {"/api/", SHED_HTTP_GET, NULL, "", false},
      {"", SHED_HTTP_GET, NULL, "", false},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(cases); i++) {
    char              arg[8];
    bool              other;
    const shed_route *r = shed_route_find(cases[i].method, cases[i].path, arg, sizeof(arg), &other);
    assert_string_equal(r ? r->name : "none", cases[i].name ? cases[i].name : "none");
    assert_string_equal(arg, cases[i].arg);
    assert_int_equal(other, cases[i].other);
  }
  char arg[8];
  bool other;
  assert_null(shed_route_find(SHED_HTTP_GET, "/api/takes/longer-than-fits", arg, sizeof(arg), &other));
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_role_gets_through_where_the_matrix_says_so_and_nowhere_else),
      cmocka_unit_test(what_changes_something_comes_from_our_own_pages_with_the_token),
      cmocka_unit_test(a_name_made_to_point_here_is_refused),
      cmocka_unit_test(a_cookie_is_nobodys_after_signing_out_and_when_it_is_old),
      cmocka_unit_test(paths_and_methods),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
