/// JSON over jansson: building, writing, and typed reading with ranges. Nothing from outside is used before a getter
/// here has read it.
///
/// Building aborts when memory runs out (jansson has no allocator per object): JSON is made at the edges, never in an
/// engine's hop.
#ifndef SHED_BASE_JSON_H
#define SHED_BASE_JSON_H

#include "engine/base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct json_t shed_json;

// -- building: a value is owned by the one it was put in; the root is freed by shed_json_free() --------------------

shed_json *shed_json_object(void);
shed_json *shed_json_array(void);
shed_json *shed_json_string(const char *text); ///< text must be UTF-8; NULL text makes null
shed_json *shed_json_int(int64_t value);
/// Rounded to @p decimals places; null when not finite.
shed_json *shed_json_real(double value, int decimals);
shed_json *shed_json_bool(bool value);
shed_json *shed_json_null(void);
shed_json *shed_json_copy(const shed_json *value); ///< deep; a new root
void       shed_json_free(shed_json *root);        ///< NULL is legal

/// Put @p value (taken) at @p key, in place of any other.
void shed_json_set(shed_json *object, const char *key, shed_json *value);
void shed_json_set_str(shed_json *object, const char *key, const char *text);
void shed_json_set_int(shed_json *object, const char *key, int64_t value);
void shed_json_set_real(shed_json *object, const char *key, double value, int decimals);
void shed_json_set_bool(shed_json *object, const char *key, bool value);
void shed_json_set_null(shed_json *object, const char *key);
void shed_json_add(shed_json *array, shed_json *value); ///< takes value

// -- writing --------------------------------------------------------------------------------------------------------

typedef enum {
  SHED_JSON_LINE,     ///< one line, keys in order of insertion
  SHED_JSON_PRETTY,   ///< two blanks of indentation
  SHED_JSON_CANONICAL ///< one line, keys sorted, no blanks: what is hashed
} shed_json_style;

/// Append to @p out. Numbers in the C locale; reals with at most 15 significant digits.
void shed_json_write(const shed_json *value, shed_json_style style, shed_str *out);

// -- reading ----------------------------------------------------------------------------------------------------------

/// Parse one document; duplicate keys, bytes after the end, NaN and depth over 512 are refused.
/// @param name  what it is, for err->where ("policy.json"); err->where becomes "name:line:column".
/// @return SHED_OK, SHED_E_FORMAT, SHED_E_LIMIT (over 256 MiB).
SHED_NODISCARD shed_status shed_json_parse(const char *text, size_t n, const char *name, shed_json **out,
                                           shed_error *err);

bool shed_json_is_object(const shed_json *v);
bool shed_json_is_array(const shed_json *v);
bool shed_json_is_null(const shed_json *v); ///< also true for NULL
bool shed_json_is_string(const shed_json *v);
bool shed_json_is_number(const shed_json *v);
bool shed_json_is_bool(const shed_json *v);

/// Member of an object, NULL when absent or when v is not an object. Borrowed from the root.
shed_json  *shed_json_get(const shed_json *v, const char *key);
size_t      shed_json_size(const shed_json *v); ///< members of an array or object, else 0
shed_json  *shed_json_at(const shed_json *v, size_t index);
const char *shed_json_text(const shed_json *v); ///< NULL when not a string; borrowed
double      shed_json_number(const shed_json *v, double otherwise);
/// Walk an object in order of insertion: pass NULL first, then the key that came before. NULL at the end.
const char *shed_json_next_key(const shed_json *object, const char *key);

/// Typed getters. On failure they return SHED_E_FORMAT, leave *out alone, and err->where holds the key, err->what the
/// value and what was expected. With @p optional an absent or null member leaves *out alone and is SHED_OK.
SHED_NODISCARD shed_status shed_json_read_str(const shed_json *v, const char *key, bool optional,
                                              size_t max_bytes, const char **out, shed_error *err);
SHED_NODISCARD shed_status shed_json_read_int(const shed_json *v, const char *key, bool optional, int64_t min,
                                              int64_t max, int64_t *out, shed_error *err);
SHED_NODISCARD shed_status shed_json_read_real(const shed_json *v, const char *key, bool optional, double min,
                                               double max, double *out, shed_error *err);
SHED_NODISCARD shed_status shed_json_read_bool(const shed_json *v, const char *key, bool optional, bool *out,
                                               shed_error *err);

#endif
