/// The courses at hand: all course folders of one content folder, loaded and checked.
#ifndef SHED_SESSION_LIBRARY_H
#define SHED_SESSION_LIBRARY_H

#include "drills/content.h"

typedef struct shed_library shed_library;

/// @param content  folder as given by --content; NULL: WOODSHED_CONTENT, the installed one, the source tree's.
/// @return SHED_OK; SHED_E_NOTFOUND (no content folder, no course in it); SHED_E_FORMAT (a course with a fault: the first
///         is named); SHED_E_IO, SHED_E_NOMEM. The caller frees it with shed_library_free().
SHED_NODISCARD shed_status shed_library_open(const char *content, const shed_alloc *alloc, shed_library **out,
                                             shed_error *err);
void                       shed_library_free(shed_library *lib); ///< NULL is legal

/// The content folder in use when none is named: WOODSHED_CONTENT, the installed one, the source tree's.
/// @return as shed_content_find().
SHED_NODISCARD shed_status shed_library_content(char *buf, size_t size, shed_error *err);

const char        *shed_library_folder(const shed_library *lib);
size_t             shed_library_courses(const shed_library *lib);
const shed_course *shed_library_course_at(const shed_library *lib, size_t index);

/// By id, former id, folder name or title (case ignored). SHED_E_NOTFOUND lists what there is.
SHED_NODISCARD shed_status shed_library_course(const shed_library *lib, const char *name,
                                               const shed_course **out, shed_error *err);
/// By id, former id, or the id without its course, when only one course has it.
SHED_NODISCARD shed_status shed_library_drill(const shed_library *lib, const char *id,
                                              const shed_course **course, const shed_unit **unit,
                                              const shed_drill **drill, shed_error *err);
SHED_NODISCARD shed_status shed_library_unit(const shed_library *lib, const char *id,
                                             const shed_course **course, const shed_unit **unit,
                                             shed_error *err);

/// A drill that helps with a problem said in a player's words.
typedef struct {
  const shed_course *course;
  const shed_unit   *unit;
  const shed_drill  *drill;
  const char        *because; ///< the text that matched best
  double             score;   ///< 0..1
} shed_library_match;
/// The best matches first; ties in course order. @return how many were written, at most @p most.
size_t shed_library_find(const shed_library *lib, const char *words, shed_library_match *out, size_t most);

#endif
