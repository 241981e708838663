/// What the loader and the checker of courses share.
#ifndef SHED_DRILLS_CONTENT_LOAD_H
#define SHED_DRILLS_CONTENT_LOAD_H

#include "drills/arena.h"
#include "drills/content_table.h"
#include "drills/yaml.h"

enum { SHED_CONTENT_FILES = 512 };

/// One loading of a course. A fault goes on a list and loading goes on; what makes going on senseless is a status.
typedef struct {
  shed_arena  *arena;
  const char  *folder;
  shed_faults *faults;
  const char  *file;                      ///< being read, inside the folder
  const char  *files[SHED_CONTENT_FILES]; ///< read so far, in the order of the course
  size_t       n_files;
  bool         out_of_memory; ///< a fault could not be kept
} shed_loader;

/// Put a fault on the list. @param path and @param field say where in the file; each may be "".
void shed_fault_add(shed_loader *l, int line, const char *path, const char *field, const char *fmt, ...)
    SHED_PRINTF(5, 6);
/// A fault of one field of an object that was loaded; the line is the field's, or the object's where it has none.
void shed_fault_of(shed_loader *l, const shed_content_place *place, const char *field, const char *fmt, ...)
    SHED_PRINTF(4, 5);

/// Fill @p out (zeroed, of the object's struct) from a node, with a fault for each thing that is wrong.
/// @return SHED_OK (faults or not), SHED_E_NOMEM, SHED_E_IO.
SHED_NODISCARD shed_status shed_content_fill(shed_loader *l, const shed_content_object *object,
                                             const shed_yaml *node, const char *path, void *out);
/// Read a YAML file of the course; a file that is not there or not YAML is a fault and leaves *out NULL.
SHED_NODISCARD shed_status shed_content_read(shed_loader *l, const char *file, int line, const char *path,
                                             shed_yaml **out);

/// What a course must hold beside its fields: ids, references, cycles, measures, playability.
SHED_NODISCARD shed_status shed_content_check(shed_loader *l, const shed_course *course);

/// What a rubric and a policy must hold beside their fields, wherever they stand.
void                       shed_rubric_check(shed_loader *l, const shed_rubric *rubric);
SHED_NODISCARD shed_status shed_rubric_check_ids(shed_loader *l, const shed_rubric *rubric);
void                       shed_credit_policy_check(shed_loader *l, const shed_credit_policy *policy);
/// Put faults in the order of the course's files and lines, and tell the first as the error. @return SHED_E_FORMAT when there
/// is any, else SHED_OK.
SHED_NODISCARD shed_status shed_faults_tell(shed_faults *faults, const char *folder, shed_error *err);

#endif
