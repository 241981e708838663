/// What several routes share. Desk threads.
#ifndef SHED_SERVE_ROUTES_H
#define SHED_SERVE_ROUTES_H

#include "app/serve/room.h"
#include "app/serve/route.h"
#include "app/session/progress.h"
#include "mastery/store/takes.h"

/// A person's settings as a document; an object always. The caller frees it.
SHED_NODISCARD shed_status shed_settings_read(shed_store *store, const shed_uuid *person, shed_json **out,
                                              shed_error *err);
/// A sign-in name of a body: 2 to 40 of a-z, 0-9, '.', '_', '-', beginning with a letter or digit. @return SHED_OK, SHED_E_FORMAT, SHED_E_RANGE.
SHED_NODISCARD shed_status shed_login_read(const shed_json *body, const char *key, const char **out,
                                           shed_error *err);
/// A sign-in name made of a person's: "zoe.angstrom"; plain letters alone. @param out SHED_ACCOUNT_LOGIN bytes.
void shed_login_make(const char *name, char *out);
/// The person and the account. @param a login, roles and secret are set; person and name are filled in.
SHED_NODISCARD shed_status shed_account_begin(shed_call *c, const char *name, shed_role role, shed_account *a,
                                              shed_error *err);

/// Whom a request is about: ?student=ID for teachers, else who asks. @return SHED_OK; SHED_E_DENIED for another's; SHED_E_NOTFOUND.
SHED_NODISCARD shed_status shed_call_student(shed_call *c, shed_uuid *out, shed_error *err);
/// The instrument that somebody plays: ?instrument=, else their settings', else that of their latest take.
/// @param[out] known false: none of these; then it is a voice of middle range.
SHED_NODISCARD shed_status shed_call_profile(shed_call *c, const shed_uuid *student, shed_profile *out,
                                             bool *known, shed_error *err);
/// The level of somebody: ?level=, else their settings', else 1.
SHED_NODISCARD shed_status shed_call_level(shed_call *c, const shed_uuid *student, int *out, shed_error *err);

shed_json *shed_profile_to_json(const shed_profile *p);
/// A message with its text beside the code.
shed_json *shed_message_told(const shed_message *m);
/// Put a text beside every code that a document has, at any depth.
void shed_messages_tell(shed_json *document);

/// What is asked, as /api/drill and live takes answer it. @param prompt borrowed.
shed_json *shed_asked_to_json(const shed_prompt *prompt, const char *course, const char *unit, int level,
                              bool may_count);

/// What somebody wants to play.
typedef struct {
  const shed_course *course;
  const shed_unit   *unit;
  const shed_drill  *drill;
  shed_profile       profile;
  int                level;
  uint64_t           seed;
  bool               may_count; ///< the unit is open to the student
} shed_asking;

/// @param seed under 0: the next that was not played. @param level 0: the student's own. @param instrument NULL: likewise.
/// @return as shed_library_drill() and shed_course_prompt().
SHED_NODISCARD shed_status shed_asking_of(shed_call *c, const shed_uuid *student, const char *drill,
                                          int64_t seed, int level, const char *instrument, shed_asking *out,
                                          shed_prompt *prompt, shed_error *err);

/// What a take was asked, once more: one's own, or for a teacher any student's. @return as route_take(): SHED_E_DENIED, SHED_E_NOTFOUND.
SHED_NODISCARD shed_status shed_prompt_of_take(shed_call *c, const char *take, shed_prompt *prompt,
                                               char course[SHED_ID], char unit[SHED_ID], shed_error *err);

/// Answer with how a prompt sounds, as WAV. @param tempo_bpm 0: its own.
SHED_NODISCARD shed_status shed_sound_of_prompt(shed_call *c, const shed_prompt *prompt, double tempo_bpm,
                                                shed_error *err);

#endif
