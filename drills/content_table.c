#include "drills/content_table.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#define MUST true
#define MAY  false

// Where the count of a field stands, for the kinds that have one.
#define N_AT_ID(object, name)      0
#define N_AT_REF(object, name)     0
#define N_AT_REFS(object, name)    0
#define N_AT_ALIASES(object, name) 0
#define N_AT_NAME(object, name)    0
#define N_AT_NAMES(object, name)   0
#define N_AT_TEXT(object, name)    0
#define N_AT_TEXTS(object, name)   0
#define N_AT_FILE(object, name)    0
#define N_AT_INT(object, name)     0
#define N_AT_REAL(object, name)    0
#define N_AT_NUMBERS(object, name) 0
#define N_AT_BOOL(object, name)    0
#define N_AT_PARAMS(object, name)  0
#define N_AT_TARGETS(object, name) offsetof(object, n_##name)
#define N_AT_LIST(object, name)    offsetof(object, n_##name)
#define N_AT_PARTS(object, name)   offsetof(object, n_##name)

#define ROW(name, type, of, need, min, max, what)                                                            \
  {#name,                                                                                                    \
   SHED_FIELD_KIND_##type,                                                                                   \
   #of,                                                                                                      \
   need,                                                                                                     \
   min,                                                                                                      \
   max,                                                                                                      \
   what,                                                                                                     \
   offsetof(OBJECT, name),                                                                                   \
   N_AT_##type(OBJECT, name)},

#define OBJECT shed_course
static const shed_content_field course_fields[] = {SHED_COURSE_FIELDS(ROW)};
#undef OBJECT
#define OBJECT shed_tune
static const shed_content_field tune_fields[] = {SHED_TUNE_FIELDS(ROW)};
#undef OBJECT
#define OBJECT shed_unit
static const shed_content_field unit_fields[] = {SHED_UNIT_FIELDS(ROW)};
#undef OBJECT
#define OBJECT shed_objective
static const shed_content_field objective_fields[] = {SHED_OBJECTIVE_FIELDS(ROW)};
#undef OBJECT
#define OBJECT shed_drill
static const shed_content_field drill_fields[] = {SHED_DRILL_FIELDS(ROW)};
#undef OBJECT
#define OBJECT shed_activity
static const shed_content_field activity_fields[] = {SHED_ACTIVITY_FIELDS(ROW)};
#undef OBJECT
#define OBJECT shed_rubric
static const shed_content_field rubric_fields[] = {SHED_RUBRIC_FIELDS(ROW)};
#undef OBJECT
#define OBJECT shed_criterion
static const shed_content_field criterion_fields[] = {SHED_CRITERION_FIELDS(ROW)};
#undef OBJECT

#define OBJECT shed_deduction
static const shed_content_field deduction_fields[] = {SHED_DEDUCTION_FIELDS(ROW)};
#undef OBJECT
#define OBJECT shed_label
static const shed_content_field label_fields[] = {SHED_LABEL_FIELDS(ROW)};
#undef OBJECT
#define OBJECT shed_credit_policy
static const shed_content_field credit_policy_fields[] = {SHED_CREDIT_POLICY_FIELDS(ROW)};
#undef OBJECT

#define ENTRY(name, fields)                                                                                  \
  {#name, name##_fields, SHED_COUNTOF(name##_fields), sizeof(shed_##name), offsetof(shed_##name, place)},
static const shed_content_object objects[] = {SHED_CONTENT_OBJECTS(ENTRY)};

const shed_content_object *
shed_content_object_at(size_t index)
{
  return index < SHED_COUNTOF(objects) ? &objects[index] : NULL;
}

const shed_content_object *
shed_content_object_find(const char *name)
{
  for (size_t i = 0; i < SHED_COUNTOF(objects); i++) {
    if (strcmp(objects[i].name, name) == 0) {
      return &objects[i];
    }
  }
  return NULL;
}

// Lower-case words joined by '-', parts joined by '/'.
bool
shed_is_id(const char *text)
{
  bool open = true; // a word must begin here
  for (; *text; text++) {
    bool letter = islower((unsigned char)*text) || isdigit((unsigned char)*text);
    if (!letter && (open || (*text != '-' && *text != '/'))) {
      return false;
    }
    open = !letter;
  }
  return !open;
}

static bool
plain(char c)
{
  return isalnum((unsigned char)c) || c == '_';
}

bool
shed_is_name(const char *text)
{
  bool right = plain(*text);
  for (; right && *text; text++) {
    right = plain(*text) || strchr(".:+-", *text);
  }
  return right;
}

// Parts that begin with a letter, digit, '-' or '_': neither "..", nor hidden files, nor an absolute path.
bool
shed_is_file(const char *text)
{
  bool first = true;
  bool right = *text;
  for (; right && *text; text++) {
    right = plain(*text) || *text == '-' || (!first && (*text == '.' || *text == '/'));
    first = *text == '/';
  }
  return right && !first;
}

bool
shed_is_word_of(const char *word, const char *words)
{
  size_t length = strlen(word);
  while (*words) {
    size_t n = strcspn(words, " ");
    if (n == length && strncmp(words, word, n) == 0) {
      return true;
    }
    words += n;
    words += strspn(words, " ");
  }
  return false;
}

#define SHED_POLICY(id, ...) id " "
const char SHED_PRESETS[] =
#include "engine/task/policies.def"
    ;
#undef SHED_POLICY

bool
shed_is_preset(const char *name)
{
  return *name && shed_is_word_of(name, SHED_PRESETS);
}
