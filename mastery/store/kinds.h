/// The kinds of events: what a body must hold, and what is derived from it. Used inside mastery/store alone.
#ifndef SHED_STORE_KINDS_H
#define SHED_STORE_KINDS_H

#include "mastery/store/decide.h"
#include "mastery/store/inside.h"

typedef struct {
  const char *name; ///< "take.scored"
  /// Whether a body fits: every member that will be used, with its range. Members that are not known are ignored.
  shed_status (*check)(const shed_json *body, shed_error *err);
  /// Name of the member that holds the event this one is about; NULL none. Such an event changes what is derived from
  /// the other one, and only when both have one subject.
  const char *target;
  /// Write the derived rows of an event of this kind, whose body was checked; NULL when it has none of its own.
  shed_status (*apply)(shed_store *s, const shed_store_event *e, const shed_json *body, bool withdrawn);
  /// Drop them; NULL as apply.
  shed_sql drop;
  bool     withdrawable;
} shed_kind;

#define SHED_KIND(name) extern const shed_kind shed_kind_##name;
#include "mastery/store/kinds.def"
#undef SHED_KIND

/// Who may decide: somebody in the store who is no student, with a reason in words; about a student that there is. Inside an act.
SHED_NODISCARD shed_status shed_decider_check(shed_store *s, const shed_decider *who);

/// NULL when this build does not know it.
const shed_kind *shed_kind_find(const char *name);

/// A required text member that is an id of content, 1..SHED_ID-1 bytes.
SHED_NODISCARD shed_status shed_kind_read_id(const shed_json *body, const char *key, bool optional,
                                             const char **out, shed_error *err);
/// A member that is a UUID. *out is "" when it is optional and absent.
SHED_NODISCARD shed_status shed_kind_read_uuid(const shed_json *body, const char *key, bool optional,
                                               shed_uuid *out, shed_error *err);

#endif
