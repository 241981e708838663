/// A YAML file as a tree with line numbers, over libyaml. Only what courses are written in is read: maps, lists and
/// scalars; anchors, aliases, tags and several documents are refused, so that a small file cannot unfold into a large one.
#ifndef SHED_DRILLS_YAML_H
#define SHED_DRILLS_YAML_H

#include "drills/arena.h"
#include "engine/base/json.h"

enum { SHED_YAML_DEPTH = 24, SHED_YAML_MEMBERS = 400, SHED_YAML_NODES = 50000, SHED_YAML_BYTES = 1 << 20 };

typedef enum {
  SHED_YAML_TEXT,
  SHED_YAML_NUMBER,
  SHED_YAML_BOOL,
  SHED_YAML_NULL,
  SHED_YAML_LIST,
  SHED_YAML_MAP
} shed_yaml_kind;

/// A node. Lives in the arena it was parsed into. Plain scalars are numbers, truths and nulls as in the core schema of YAML
/// 1.2; whatever is quoted is text.
typedef struct shed_yaml {
  shed_yaml_kind     kind;
  int                line;  ///< from 1
  const char        *text;  ///< of a scalar, as written; "" otherwise
  const char        *key;   ///< of a map's member; "" otherwise
  struct shed_yaml **items; ///< members of a list or a map, in order
  size_t             n;
} shed_yaml;

/// Parse one document.
/// @return SHED_OK; SHED_E_FORMAT (err->where is "name:line"); SHED_E_LIMIT (bytes, depth, nodes, members); SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_yaml_parse(const char *text, size_t n, const char *name, shed_arena *arena,
                                           shed_yaml **out, shed_error *err);
/// Member of a map; NULL when absent or when node is no map.
const shed_yaml *shed_yaml_get(const shed_yaml *node, const char *key);
/// The same as JSON; numbers as reals or whole numbers. The caller frees it.
shed_json *shed_yaml_to_json(const shed_yaml *node);

#endif
