/// Rubrics: what a verdict and a person's marks are worth under rules written as data (drills/content_fields.def).
///
/// Pure: no clock, no file, no database. One take may be held against any number of rubrics. What the ear was not sure of
/// makes a range (least, most), never a guess; what a person has to judge stays open until it is given; what is "proposed" is
/// counted and shown and never part of a total.
#ifndef SHED_RUBRICS_RUBRIC_H
#define SHED_RUBRICS_RUBRIC_H

#include "drills/content.h"
#include "engine/base/message.h"
#include "engine/task/verdict.h"

typedef enum {
  SHED_POINTS_COUNTED,     ///< from the verdict
  SHED_POINTS_GIVEN,       ///< by a person, also where the verdict says otherwise
  SHED_POINTS_OPEN,        ///< a person's to give: nothing yet
  SHED_POINTS_PROPOSED,    ///< counted, for a person to decide
  SHED_POINTS_NOT_ASSESSED ///< the take does not show it: open as well
} shed_points_state;

const char *shed_points_state_name(
    shed_points_state s); ///< "counted", "given", "open", "proposed", "not_assessed"

enum { SHED_POINTS_REASONS = 16 };

/// Points of one criterion, before its weight.
typedef struct {
  const shed_criterion *criterion;
  shed_points_state     state;
  double                least,
      most; ///< what it may be: one number where all is sure. Open: min and max. Proposed: what was counted
  double       min, max;
  shed_message reasons[SHED_POINTS_REASONS];
  int          n_reasons;
} shed_points;

/// A person's mark. The criterion is named by its id, or by what stands behind the rubric's id: "tone", "scales/articulation".
typedef struct {
  const char *criterion;
  double      value;
} shed_rubric_mark;

typedef struct {
  const shed_alloc  *alloc;
  const shed_rubric *rubric; ///< borrowed
  shed_points       *criteria;
  shed_points       *alternates;
  double             least, most;           ///< total of what is counted and given
  double             open_least, open_most; ///< the same with what is open at its fewest and its most points
  double             max;
  int                n_open;
  int                alternate;  ///< the one that holds in place of the criteria; -1 none
  const char        *label;      ///< of open_least; NULL when the rubric has none for it
  const char        *label_most; ///< of open_most
  int                passed;     ///< 1, 0; -1: open, unsure, or the rubric says nothing of passing
} shed_rubric_result;

/// @param prompt, v  what was asked and what it was; both NULL when nothing was played: then all that is counted is open.
/// @param marks      borrowed for the call.
/// @return SHED_OK; SHED_E_NOTFOUND (a mark names no criterion: err lists them); SHED_E_RANGE (a mark is out of range or between
///         steps); SHED_E_NOMEM. The caller frees *out with shed_rubric_result_free().
SHED_NODISCARD shed_status shed_rubric_judge(const shed_rubric *rubric, const shed_prompt *prompt,
                                             const shed_verdict *v, const shed_rubric_mark *marks,
                                             size_t n_marks, const shed_alloc *alloc, shed_rubric_result *out,
                                             shed_error *err);
void                       shed_rubric_result_free(shed_rubric_result *r); ///< a zeroed one is legal

/// Add {"marks": {criterion: value}} to a result's document: what a person gave, so that it can be given again later.
void shed_rubric_marks_to_json(shed_json *document, const shed_rubric_mark *marks, size_t n);

#define SHED_RUBRIC_SCHEMA "woodshed/rubric-result/1"
shed_json *shed_rubric_result_to_json(const shed_rubric_result *r);

/// Whether a mark names something of this rubric that a person may give.
bool shed_rubric_takes_mark(const shed_rubric *rubric, const char *criterion);

/// The part of a criterion's or a deduction's id behind its rubric's id.
const char *shed_rubric_short_id(const shed_rubric *rubric, const char *id);
/// "8", "8-9", "27.5": at most two decimals.
void shed_rubric_range_text(double least, double most, char *buf, size_t size);

#endif
