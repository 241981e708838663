/// People: names in a table of their own. Events hold only their UUIDs, so that a name can be erased and the log stands.
#ifndef SHED_STORE_PEOPLE_H
#define SHED_STORE_PEOPLE_H

#include "mastery/store/store.h"

enum { SHED_PERSON_NAME = 160 };

typedef enum { SHED_ROLE_ANY, SHED_ROLE_STUDENT, SHED_ROLE_TEACHER } shed_role;

const char *shed_role_name(shed_role r); ///< "student", "teacher"; "person" for any

typedef struct {
  shed_uuid id;
  shed_role role;
  char      name[SHED_PERSON_NAME]; ///< UTF-8
} shed_person;

/// Add somebody. Writes an event "person.added" without the name in it.
///
/// @param name 1..159 bytes of UTF-8 without control characters, not all blanks, and not itself a UUID.
/// @return SHED_OK; SHED_E_RANGE (name); SHED_E_EXISTS when somebody has that name already (case of ASCII ignored).
SHED_NODISCARD shed_status shed_store_add_person(shed_store *s, shed_role role, const char *name,
                                                 shed_person *out, shed_error *err);
/// Another name for the same person.
SHED_NODISCARD shed_status shed_store_rename_person(shed_store *s, const shed_uuid *id, const char *name,
                                                    shed_error *err);
/// Find by name (case of ASCII ignored) or UUID.
///
/// @return SHED_OK; SHED_E_NOTFOUND (err lists the names that there are, the first few); SHED_E_STATE when several have that
///         name (merged stores): err lists their UUIDs.
SHED_NODISCARD shed_status shed_store_find_person(shed_store *s, shed_role role, const char *name_or_uuid,
                                                  shed_person *out, shed_error *err);
/// Everybody of a role in order of name. @p each returns false to stop.
SHED_NODISCARD shed_status shed_store_each_person(shed_store *s, shed_role                             role,
                                                  bool (*each)(void *ctx, const shed_person *p), void *ctx,
                                                  shed_error *err);

/// Write down that a student follows a course. Enrolling twice is SHED_OK and adds nothing.
SHED_NODISCARD shed_status shed_store_enrol(shed_store *s, const shed_uuid *actor, const shed_uuid *student,
                                            const char *course, shed_error *err);
/// The courses of a student, in the order in which they were begun. @p each returns false to stop.
SHED_NODISCARD shed_status shed_store_each_course(shed_store *s, const shed_uuid                    *student,
                                                  bool (*each)(void *ctx, const char *course), void *ctx,
                                                  shed_error *err);

#endif
