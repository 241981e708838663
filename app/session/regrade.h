/// Judging again what was heard: takes of a store under another policy, by other rubrics, or by a newer judge. Nothing is listened to
/// again: the store keeps what was heard, the prompt whole and the policy whole.
#ifndef SHED_SESSION_REGRADE_H
#define SHED_SESSION_REGRADE_H

#include "app/session/library.h"
#include "assessors/policy.h"
#include "mastery/store/people.h"
#include "mastery/store/regrade.h"
#include "mastery/store/takes.h"
#include "rubrics/rubric.h"

enum { SHED_REGRADE_RUBRICS = 16 };

typedef struct {
  const shed_policy  *policy; ///< NULL: each take's own
  const shed_rubric  *rubrics[SHED_REGRADE_RUBRICS];
  size_t              n_rubrics;
  const shed_person  *student; ///< NULL: all of them
  const char         *unit;    ///< id; NULL: all
  const shed_library *library; ///< for gates: what units ask; NULL: no gate is told
  const shed_decider *apply;   ///< NULL: nothing is written. Its student is filled in.
} shed_regrade_opts;

typedef enum {
  SHED_REGRADED_SAME,  ///< the verdict is the same to the byte, and so are the points
  SHED_REGRADED_NEW,   ///< it differs, but nothing that a gate counts
  SHED_REGRADED_MOVED, ///< score or a dimension's score is another
  SHED_REGRADED_KEPT,  ///< a teacher corrected it: that stands
  SHED_REGRADED_NOT    ///< cannot be judged again: err says why
} shed_regraded_outcome;

typedef struct {
  const char *rubric;    ///< id
  bool        known;     ///< points by it were kept before
  double      before[2]; ///< least, most
  double      after[2];
  double      max;
} shed_regraded_points;

/// One take. Borrowed for the call.
typedef struct {
  const shed_person      *student;
  shed_uuid               take;
  const char             *unit, *drill; ///< "" none
  int64_t                 performed_at_ms;
  int                     utc_offset_min;
  shed_regraded_outcome   outcome;
  bool                    given; ///< judged by what a teacher gave the student, not by the policy asked for
  const char             *policy_before, *policy_after; ///< ids
  double                  score_before, score_after;    ///< NaN null
  shed_gate_mark          before[SHED_DIMENSIONS];
  int                     n_before;
  const shed_take_change *after;
  shed_regraded_points    points[SHED_REGRADE_RUBRICS];
  size_t                  n_points;
  const shed_error       *err;
} shed_regraded;

/// A gate of a unit in which something moved.
typedef struct {
  const shed_person    *student;
  const shed_unit      *unit;
  const shed_gate_rule *rule;
  const shed_gate      *before, *after;
} shed_regraded_gate;

typedef struct {
  size_t students, takes;
  size_t same, fresh, moved, kept, failed;
  size_t given;          ///< judged by a policy that their student was given
  size_t written;        ///< events
  size_t opened, closed; ///< gates
} shed_regrade_sum;

/// What is told on the way; each may be NULL.
typedef struct {
  void *ctx;
  void (*take)(void *ctx, const shed_regraded *t);
  void (*gate)(void *ctx, const shed_regraded_gate *g);
} shed_regrade_told;

/// Students in order of name, their takes in order of time. With opts->apply the events of one student are written in one act after
/// the student's last take: an interruption leaves whole students, and running it again goes on.
/// @return SHED_OK also when single takes could not be judged again; else what stopped it.
SHED_NODISCARD shed_status shed_regrade(shed_store *store, const shed_regrade_opts *opts,
                                        const shed_regrade_told *told, const shed_alloc *alloc,
                                        shed_regrade_sum *sum, shed_error *err);

#endif
