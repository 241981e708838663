#include "app/serve/route.h"

#include <string.h>

static const shed_route routes[] = {
#define SHED_ROUTE(name, method, path, roles, body, answer, what)                                            \
  {#name, SHED_HTTP_##method, path, SHED_ROUTE_##roles, body, answer, what, route_##name},
#include "app/serve/routes.def"
#undef SHED_ROUTE
};

size_t
shed_route_count(void)
{
  return SHED_COUNTOF(routes);
}

const shed_route *
shed_route_at(size_t index)
{
  return &routes[index];
}

// Whether a path is of a pattern; what stands in the braces goes to @p arg.
static bool
fits(const char *pattern, const char *path, char *arg, size_t size)
{
  arg[0] = '\0';
  while (*pattern && *pattern != '{') {
    if (*pattern++ != *path++) {
      return false;
    }
  }
  if (!*pattern) {
    return !*path;
  }
  size_t n = strcspn(path, "/");
  if (n == 0 || n >= size) {
    return false;
  }
  memcpy(arg, path, n);
  arg[n] = '\0';
  return strcmp(strchr(pattern, '}') + 1, path + n) == 0;
}

const shed_route *
shed_route_find(shed_http_method method, const char *path, char *arg, size_t size, bool *other)
{
  *other = false;
  for (size_t i = 0; i < SHED_COUNTOF(routes); i++) {
    if (fits(routes[i].path, path, arg, size)) {
      if (routes[i].method == method) {
        return &routes[i];
      }
      *other = true;
    }
  }
  arg[0] = '\0';
  return NULL;
}

bool
shed_route_allows(const shed_route *r, unsigned roles)
{
  return (r->roles & (roles ? roles : SHED_ROUTE_NOBODY)) != 0;
}

shed_json *
shed_roles_to_json(unsigned roles)
{
  static const char *const names[] = {"student", "teacher", "admin"};
  shed_json               *list    = shed_json_array();
  for (unsigned i = 0; i < SHED_COUNTOF(names); i++) {
    if (roles & (1U << i)) {
      shed_json_add(list, shed_json_string(names[i]));
    }
  }
  return list;
}
