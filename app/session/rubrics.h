/// Rubrics by name: those of the content folder (content/rubrics/*.yaml), those of its courses, and files.
#ifndef SHED_SESSION_RUBRICS_H
#define SHED_SESSION_RUBRICS_H

#include "drills/arena.h"
#include "rubrics/rubric.h"

/// Find one by id, former id, title's file name ("ap-sight-singing-2022") or path ("my/rubric.yaml").
///
/// @param content folder as shed_library_content() gives it; NULL: only files.
/// @param arena   what it lives in. @param faults as shed_course_load(); may be NULL.
/// @return SHED_OK; SHED_E_NOTFOUND (err lists what there is); as shed_rubric_load() and shed_course_load().
SHED_NODISCARD shed_status shed_rubrics_find(const char *content, const char *name, shed_arena *arena,
                                             shed_rubric **out, shed_faults *faults, shed_error *err);
/// Every rubric that stands in a file of its own, in order of file name. @p each returns false to stop.
SHED_NODISCARD shed_status shed_rubrics_each(const char *content, shed_arena *arena,
                                             bool (*each)(void *ctx, const char *file, const shed_rubric *r),
                                             void *ctx, shed_error *err);

#endif
