/// Courses: what is taught, as data. A course is a folder: course.yaml, units/*.yaml, scores, rubrics, texts.
///
/// Everything read here is checked before anything of it can be used: a course with a fault does not load, and each
/// fault (not the first alone) is named with file, line, field and value.
#ifndef SHED_DRILLS_CONTENT_H
#define SHED_DRILLS_CONTENT_H

#include "drills/content_fields.def"
#include "drills/drill.h"

/// Texts in the order of the file; a plain value inside a course.
typedef struct {
  const char **items;
  size_t       n;
} shed_texts;

/// Numbers in the order of the file.
typedef struct {
  double *items;
  size_t  n;
} shed_numbers;

/// Where an object stands and what it is.
typedef struct {
  const char             *file; ///< inside the course's folder: "units/long-tones.yaml"
  int                     line; ///< from 1
  const char             *path; ///< in its file: "activities[2]"; "" for the file's own object
  const struct shed_yaml *node; ///< as it was read; lives in the course
  shed_sha256 sha256; ///< of its content: the same whatever the layout, the comments or the order of fields
} shed_content_place;

// Members made from the fields: a text is never NULL ("" when left out), a list has n_<name> members.
#define SHED_MEMBER_ID(name, of)      const char *name;
#define SHED_MEMBER_REF(name, of)     const char *name;
#define SHED_MEMBER_NAME(name, of)    const char *name;
#define SHED_MEMBER_TEXT(name, of)    const char *name;
#define SHED_MEMBER_FILE(name, of)    const char *name;
#define SHED_MEMBER_REFS(name, of)    shed_texts name;
#define SHED_MEMBER_ALIASES(name, of) shed_texts name;
#define SHED_MEMBER_NAMES(name, of)   shed_texts name;
#define SHED_MEMBER_TEXTS(name, of)   shed_texts name;
#define SHED_MEMBER_INT(name, of)     int name;
#define SHED_MEMBER_REAL(name, of)    double name;
#define SHED_MEMBER_NUMBERS(name, of) shed_numbers name;
#define SHED_MEMBER_BOOL(name, of)    bool name;
#define SHED_MEMBER_PARAMS(name, of)  shed_json *name;
#define SHED_MEMBER_TARGETS(name, of)                                                                        \
  shed_target name[SHED_DIMENSIONS];                                                                         \
  size_t      n_##name;
#define SHED_MEMBER_LIST(name, of)                                                                           \
  shed_##of *name;                                                                                           \
  size_t     n_##name;
#define SHED_MEMBER_PARTS(name, of)                       SHED_MEMBER_LIST(name, of)
#define SHED_MEMBER(name, type, of, need, min, max, what) SHED_MEMBER_##type(name, of)

typedef struct shed_deduction {
  shed_content_place place;
  SHED_DEDUCTION_FIELDS(SHED_MEMBER)
} shed_deduction;

typedef struct shed_label {
  shed_content_place place;
  SHED_LABEL_FIELDS(SHED_MEMBER)
} shed_label;

/// A policy as it is written: a preset and what is different. Numbers that the file does not have are 0 here;
/// shed_policy_of_file() makes the policy.
typedef struct shed_credit_policy {
  shed_content_place place;
  SHED_CREDIT_POLICY_FIELDS(SHED_MEMBER)
} shed_credit_policy;

typedef struct shed_criterion {
  shed_content_place place;
  SHED_CRITERION_FIELDS(SHED_MEMBER)
} shed_criterion;

typedef struct shed_rubric {
  shed_content_place place;
  SHED_RUBRIC_FIELDS(SHED_MEMBER)
} shed_rubric;

typedef struct shed_activity {
  shed_content_place place;
  SHED_ACTIVITY_FIELDS(SHED_MEMBER)
} shed_activity;

typedef struct shed_drill {
  shed_content_place place;
  SHED_DRILL_FIELDS(SHED_MEMBER)
} shed_drill;

typedef struct shed_objective {
  shed_content_place place;
  SHED_OBJECTIVE_FIELDS(SHED_MEMBER)
} shed_objective;

typedef struct shed_unit {
  shed_content_place place;
  SHED_UNIT_FIELDS(SHED_MEMBER)
} shed_unit;

typedef struct shed_tune {
  shed_content_place place;
  SHED_TUNE_FIELDS(SHED_MEMBER)
  const char *data; ///< the file's bytes
  size_t      n_data;
} shed_tune;

/// A course; visible, read-only after loading. See content_fields.def for what each member is.
typedef struct shed_course {
  const shed_alloc  *alloc;
  const char        *folder;
  shed_content_place place; ///< its hash covers everything, scores and rubrics too
  SHED_COURSE_FIELDS(SHED_MEMBER)
  struct shed_arena *arena; ///< what all of it lives in
} shed_course;

/// One thing wrong in a course.
typedef struct {
  char where[320]; ///< "units/first.yaml:12: activities[2].why"
  char what[400];  ///< a sentence with the value
  int  file, line; ///< what faults are ordered by: the file's place in the course, then the line
} shed_fault;

enum { SHED_FAULTS_MAX = 200 };
typedef struct {
  const shed_alloc *alloc; ///< set before use; NULL is malloc
  shed_fault       *items; ///< in the order of the course's files and lines; at most SHED_FAULTS_MAX
  size_t            n, cap;
  size_t            more; ///< faults that found no room
} shed_faults;
void shed_faults_free(shed_faults *faults); ///< a zeroed one is legal

/// Load and check a course.
///
/// @param faults zeroed, or NULL; on SHED_E_FORMAT it has every fault found. The caller frees it with shed_faults_free().
/// @return SHED_OK; SHED_E_NOTFOUND (no course.yaml there), SHED_E_FORMAT (err has the first fault), SHED_E_IO,
///         SHED_E_LIMIT (a file over 1 MiB, a score over 16 MiB), SHED_E_NOMEM.
/// The caller frees *out with shed_course_free().
SHED_NODISCARD shed_status shed_course_load(const char *folder, const shed_alloc *alloc, shed_course **out,
                                            shed_faults *faults, shed_error *err);
void                       shed_course_free(shed_course *course);

/// A rubric or a policy in a file of its own, outside any course, read and checked like a course's. It lives in @p arena.
/// @param faults as shed_course_load(). @return as shed_course_load(), SHED_E_NOTFOUND where there is no such file.
SHED_NODISCARD shed_status shed_rubric_load(const char *path, struct shed_arena *arena, shed_rubric **out,
                                            shed_faults *faults, shed_error *err);
SHED_NODISCARD shed_status shed_credit_policy_load(const char *path, struct shed_arena *arena,
                                                   shed_credit_policy **out, shed_faults *faults,
                                                   shed_error *err);
/// The same of a text in memory; @p name stands for the file in faults.
SHED_NODISCARD shed_status shed_rubric_parse(const char *text, size_t n, const char *name,
                                             struct shed_arena *arena, shed_rubric **out, shed_faults *faults,
                                             shed_error *err);
SHED_NODISCARD shed_status shed_credit_policy_parse(const char *text, size_t n, const char *name,
                                                    struct shed_arena *arena, shed_credit_policy **out,
                                                    shed_faults *faults, shed_error *err);

/// By id or by an id that it had before. NULL when there is none. Borrowed from the course.
const shed_unit   *shed_course_unit(const shed_course *course, const char *id);
const shed_rubric *shed_course_rubric(const shed_course *course, const char *id);
/// By id, or by the last part of it.
const shed_credit_policy *shed_course_policy(const shed_course *course, const char *id);
/// @param[out] unit the unit that it belongs to; may be NULL.
const shed_drill *shed_course_drill(const shed_course *course, const char *id, const shed_unit **unit);

/// The drill that a profile gets: the drill itself, or the one it names with `otherwise` where the profile cannot play
/// its kind. NULL when neither can be played.
const shed_drill *shed_course_drill_for(const shed_course *course, const shed_drill *drill,
                                        const shed_profile *profile);
/// Targets of a unit as a profile is held to them: those of `targets_otherwise` where its drills are replaced, without
/// intonation on an instrument that cannot be tuned while playing. @param[out] out SHED_DIMENSIONS places. @return how many.
size_t shed_unit_targets(const shed_course *course, const shed_unit *unit, const shed_profile *profile,
                         shed_target *out);

/// Make the prompt of a drill for a profile, replacing it as shed_course_drill_for() does.
/// @param id of the drill, present or former. @return as shed_drill_make(), and SHED_E_NOTFOUND with err listing the drills.
SHED_NODISCARD shed_status shed_course_prompt(const shed_course *course, const char *id,
                                              const shed_profile *profile, int level, uint64_t seed,
                                              const shed_alloc *alloc, shed_prompt *out, shed_error *err);

/// Play through a course: make each drill once for each of its profiles on each level. What cannot be made is a fault.
/// @return SHED_OK; SHED_E_FORMAT when there is a fault; SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_course_try(const shed_course *course, shed_faults *faults, shed_error *err);

/// The course's curriculum on a page: for each objective its activities, material, measure and target.
void shed_course_map(const shed_course *course, shed_str *out);

/// JSON Schema (2020-12) of one kind of file: "course", "unit", "rubric" or "policy". NULL for another name. The caller frees it.
shed_json *shed_content_schema(const char *file_kind);

/// The folder that holds the courses: the first of these that exists.
typedef struct {
  const char *option;    ///< --content, NULL or "" when not given; must exist when given
  const char *env;       ///< value of WOODSHED_CONTENT, likewise
  const char *installed; ///< <prefix>/share/woodshed/content
  const char *source;    ///< content/ of the source tree
} shed_content_places;
/// @return SHED_OK, or SHED_E_NOTFOUND with err naming what was looked for.
SHED_NODISCARD shed_status shed_content_find(const shed_content_places *places, char *buf, size_t size,
                                             shed_error *err);
/// Names of the folders in @p content that hold a course.yaml, sorted. The caller frees each item and the array:
/// shed_texts_free().
SHED_NODISCARD shed_status shed_content_list(const char *content, const shed_alloc *alloc, shed_texts *out,
                                             shed_error *err);
void                       shed_texts_free(shed_texts *texts, const shed_alloc *alloc);

#endif
