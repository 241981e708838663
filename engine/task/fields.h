/// Tables that say how the members of a plain struct stand in JSON, for values that are stored and read back: one table
/// writes and reads, so that the two cannot part ways.
#ifndef SHED_TASK_FIELDS_H
#define SHED_TASK_FIELDS_H

#include "engine/base/json.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum {
  SHED_FIELD_TEXT,  ///< char[size]
  SHED_FIELD_INT,   ///< int or an enum or unsigned of its size, min..max
  SHED_FIELD_SEED,  ///< uint64_t, as decimal text: JSON numbers end at 2^63
  SHED_FIELD_BOOL,  ///< bool
  SHED_FIELD_REAL,  ///< double, min..max; exact; null is NaN and is refused where nan is false
  SHED_FIELD_NAME,  ///< an enum that counts from 0, by its name
  SHED_FIELD_BEAT,  ///< shed_beat as [num, den], den > 0
  SHED_FIELD_PITCH, ///< shed_pitch as [step, alter, octave]
  SHED_FIELD_SHA256 ///< shed_sha256, 64 digits or ""
} shed_field_kind;

typedef struct {
  const char        *key;
  shed_field_kind    kind;
  size_t             offset;
  size_t             size;
  double             min, max;
  bool               nan;
  const char *const *names; ///< ends with NULL
} shed_field;

#define SHED_FIELD_AT(type, member) offsetof(type, member), sizeof(((type *)0)->member)

/// Put the members of @p base into @p object in the table's order. @param sparse leaves out what is all zero bytes.
///
/// A real that 15 significant digits do not give back exactly is written as [mantissa, exponent of 2].
void shed_fields_write(shed_json *object, const shed_field *fields, size_t n, bool sparse, const void *base);

/// Read them back into @p base, which was zeroed. With @p sparse an absent member stays zero, else it is refused.
/// @return SHED_OK or SHED_E_FORMAT; err->where is the key.
SHED_NODISCARD shed_status shed_fields_read(const shed_json *object, const shed_field *fields, size_t n,
                                            bool sparse, void *base, shed_error *err);

#endif
