#include "mastery/model/path.h"

#include <string.h>

const char *
shed_path_state_name(shed_path_state s)
{
  static const char *const names[] = {"locked", "open", "done"};
  return names[s];
}

// Index of a unit, n when there is none of that id.
static size_t
index_of(const shed_path_unit *units, size_t n, const char *id)
{
  size_t i = 0;
  while (i < n && strcmp(units[i].id, id) != 0) {
    i++;
  }
  return i;
}

static bool
needs_are(const shed_path_unit *units, size_t n, const shed_path_unit *u, const shed_path_step *steps)
{
  for (size_t k = 0; k < u->n_needs; k++) {
    if (!steps[index_of(units, n, u->needs[k])].next) {
      return false;
    }
  }
  return true;
}

// Kahn's order; steps[].next marks a unit that has its place. What is left over waits for itself.
static shed_status
check_graph(const shed_path_unit *units, size_t n, shed_path_step *steps, shed_error *err)
{
  bool found = true;
  for (size_t i = 0; i < n; i++) {
    for (size_t k = 0; k < units[i].n_needs; k++) {
      if (index_of(units, n, units[i].needs[k]) == n) {
        return shed_fail(err, SHED_E_FORMAT, units[i].id, "needs \"%s\", which is not a unit of the course",
                         units[i].needs[k]);
      }
    }
  }
  while (found) {
    found = false;
    for (size_t i = 0; i < n; i++) {
      if (!steps[i].next && needs_are(units, n, &units[i], steps)) {
        steps[i].next = found = true;
      }
    }
  }
  for (size_t i = 0; i < n; i++) {
    for (size_t k = 0; k < units[i].n_needs && !steps[i].next; k++) {
      size_t need = index_of(units, n, units[i].needs[k]);
      if (!steps[need].next) {
        return shed_fail(err, SHED_E_FORMAT, units[i].id, "needs \"%s\", which waits for it in turn",
                         units[need].id);
      }
    }
  }
  return SHED_OK;
}

static shed_message *
reason(shed_path_step *s, shed_message_code code)
{
  if (s->n_reasons == SHED_PATH_REASONS) {
    return NULL;
  }
  s->reasons[s->n_reasons] = shed_message_of(code);
  return &s->reasons[s->n_reasons++];
}

static void
settle_unit(const shed_path_unit *units, const shed_gate *gates, size_t n, size_t i, shed_path_step *s)
{
  bool waits = false;
  if (gates[i].advance) {
    s->state = SHED_PATH_DONE;
    return;
  }
  for (size_t k = 0; k < units[i].n_needs && !gates[i].prerequisites_waived; k++) {
    size_t need = index_of(units, n, units[i].needs[k]);
    if (!gates[need].advance) {
      shed_message *m = reason(s, SHED_MSG_path_needs);
      if (m) {
        shed_message_str(m, "unit", units[need].title ? units[need].title : units[need].id);
      }
      waits = true;
    }
  }
  if (gates[i].prerequisites_waived) {
    (void)reason(s, SHED_MSG_path_prerequisites_waived);
  }
  s->state = waits ? SHED_PATH_LOCKED : SHED_PATH_OPEN;
}

shed_status
shed_path_answer(const shed_path_unit *units, const shed_gate *gates, size_t n, shed_path_step *steps,
                 shed_error *err)
{
  size_t next = n;
  size_t due  = n;

  memset(steps, 0, n * sizeof(*steps));
  shed_status st = check_graph(units, n, steps, err);
  if (st != SHED_OK) {
    return st;
  }
  memset(steps, 0, n * sizeof(*steps));
  for (size_t i = n; i-- > 0;) {
    settle_unit(units, gates, n, i, &steps[i]);
    next = steps[i].state == SHED_PATH_OPEN ? i : next;
    due  = gates[i].review_due ? i : due;
  }
  size_t chosen = next < n ? next : due;
  if (chosen < n) {
    steps[chosen].next = true;
    (void)reason(&steps[chosen], next < n ? SHED_MSG_path_next : SHED_MSG_path_review);
  }
  return SHED_OK;
}
