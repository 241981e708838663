/// The table of routes and who may ask what. Pure.
#ifndef SHED_SERVE_ROUTE_H
#define SHED_SERVE_ROUTE_H

#include "app/serve/call.h"

/// Who may ask: bits of SHED_ACCOUNT_*, and one for who is not signed in.
enum {
  SHED_ROUTE_NOBODY    = 8,
  SHED_ROUTE_ANYONE    = SHED_ACCOUNT_ROLES | SHED_ROUTE_NOBODY,
  SHED_ROUTE_SIGNED_IN = SHED_ACCOUNT_ROLES,
  SHED_ROUTE_PLAYERS   = SHED_ACCOUNT_STUDENT | SHED_ACCOUNT_TEACHER,
  SHED_ROUTE_STUDENTS  = SHED_ACCOUNT_STUDENT,
  SHED_ROUTE_TEACHERS  = SHED_ACCOUNT_TEACHER,
  SHED_ROUTE_STAFF     = SHED_ACCOUNT_TEACHER | SHED_ACCOUNT_ADMIN,
  SHED_ROUTE_ADMINS    = SHED_ACCOUNT_ADMIN
};

struct shed_route {
  const char      *name;
  shed_http_method method;
  const char      *path;  ///< {braces}: one segment
  unsigned         roles; ///< SHED_ROUTE_*
  const char      *body;  ///< definition in the schema, "" none
  const char      *answer;
  const char      *what;
  shed_status (*run)(shed_call *c, shed_error *err);
};

#define SHED_ROUTE(name, method, path, roles, body, answer, what)                                            \
  SHED_NODISCARD shed_status route_##name(shed_call *c, shed_error *err);
#include "app/serve/routes.def"
#undef SHED_ROUTE

size_t            shed_route_count(void);
const shed_route *shed_route_at(size_t index);
/// The route of a path. @param[out] arg what stood in its braces, "" without; @p size bytes.
/// @param[out] other true when the path is known and the method is not.
/// @return NULL when there is none, or what stands in the braces does not fit.
const shed_route *shed_route_find(shed_http_method method, const char *path, char *arg, size_t size,
                                  bool *other);
/// Whether somebody with @p roles (0: not signed in) may ask @p r at all. What of it is theirs the route itself looks at.
bool shed_route_allows(const shed_route *r, unsigned roles);
/// "student", "teacher", "admin" of a set of roles, as a list.
shed_json *shed_roles_to_json(unsigned roles);

#endif
