/// The fields of content_fields.def as tables; used by the loader, the checker and the schema writer alone.
#ifndef SHED_DRILLS_CONTENT_TABLE_H
#define SHED_DRILLS_CONTENT_TABLE_H

#include "drills/content.h"

typedef enum {
  SHED_FIELD_KIND_ID,
  SHED_FIELD_KIND_REF,
  SHED_FIELD_KIND_REFS,
  SHED_FIELD_KIND_ALIASES,
  SHED_FIELD_KIND_NAME,
  SHED_FIELD_KIND_NAMES,
  SHED_FIELD_KIND_TEXT,
  SHED_FIELD_KIND_TEXTS,
  SHED_FIELD_KIND_FILE,
  SHED_FIELD_KIND_PARTS,
  SHED_FIELD_KIND_INT,
  SHED_FIELD_KIND_REAL,
  SHED_FIELD_KIND_NUMBERS,
  SHED_FIELD_KIND_BOOL,
  SHED_FIELD_KIND_LIST,
  SHED_FIELD_KIND_TARGETS,
  SHED_FIELD_KIND_PARAMS,
  SHED_FIELD_KINDS
} shed_field_kind;

typedef struct {
  const char     *name;
  shed_field_kind kind;
  const char     *of;
  bool            must;
  double          min, max;
  const char     *what;
  size_t          at;   ///< of the member in its struct
  size_t          n_at; ///< of its count, for LIST, PARTS and TARGETS
} shed_content_field;

typedef struct {
  const char               *name;
  const shed_content_field *fields;
  size_t                    n;
  size_t                    size;     ///< of its struct
  size_t                    place_at; ///< of its shed_content_place
} shed_content_object;

/// NULL when there is no object of that name.
const shed_content_object *shed_content_object_find(const char *name);
const shed_content_object *shed_content_object_at(size_t index); ///< NULL behind the last

/// What ids and names are written like, as in the schema; the loader holds the same by hand.
#define SHED_ID_PATTERN   "^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*$"
#define SHED_NAME_PATTERN "^[A-Za-z0-9_][A-Za-z0-9_.:+-]*$"
#define SHED_FILE_PATTERN "^[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$"
bool shed_is_id(const char *text);
bool shed_is_name(const char *text);
bool shed_is_file(const char *text);

/// Names of the presets of credit, separated by blanks.
extern const char SHED_PRESETS[];
bool              shed_is_preset(const char *name);

/// Whether @p word is one of the blank-separated @p words.
bool shed_is_word_of(const char *word, const char *words);

#endif
