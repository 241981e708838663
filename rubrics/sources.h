/// Where the points of a criterion come from: one function a source. Used inside this folder alone.
#ifndef SHED_RUBRICS_SOURCES_H
#define SHED_RUBRICS_SOURCES_H

#include "rubrics/rubric.h"

/// One judging. The criteria before the one in question have their points.
typedef struct {
  const shed_alloc       *alloc;
  const shed_rubric      *rubric;
  const shed_prompt      *prompt; ///< NULL with v
  const shed_verdict     *v;
  const shed_rubric_mark *marks;
  size_t                  n_marks;
  const shed_points      *done; ///< in order of rubric->criteria
} shed_judging;

/// Count a criterion: state, least, most and reasons; min, max and the state OPEN are set already. Points are neither rounded nor
/// held between min and max yet.
typedef shed_status (*shed_source)(const shed_judging *j, const shed_criterion *c, shed_points *out);

shed_status shed_source_human(const shed_judging *j, const shed_criterion *c, shed_points *out);
shed_status shed_source_segments(const shed_judging *j, const shed_criterion *c, shed_points *out);
shed_status shed_source_flow(const shed_judging *j, const shed_criterion *c, shed_points *out);
shed_status shed_source_bonus(const shed_judging *j, const shed_criterion *c, shed_points *out);
shed_status shed_source_dimension(const shed_judging *j, const shed_criterion *c, shed_points *out);
shed_status shed_source_deductions(const shed_judging *j, const shed_criterion *c, shed_points *out);

/// The mark for an id of this rubric; NULL when none is given.
const shed_rubric_mark *shed_mark_for(const shed_judging *j, const char *id);

/// Put a reason on the list; one too many is left out.
void shed_points_say(shed_points *p, const shed_message *m);
bool shed_field_given(const shed_content_place *place, const char *field);

#endif
