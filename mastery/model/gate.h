/// The gate of a unit: what a student's takes of it add up to, with the reasons in words.
///
/// Pure: no clock, no database, no due date. The answer depends on the set of takes and decisions alone, never on the order
/// in which they arrived: takes are put in order of (performed_at, id).
///
/// ADVANCE: at one moment, for each dimension of the unit, 3 of the last 4 counted takes reached its target. Once reached it
/// stays: a later failure says "review due" and locks nothing. A counted take is passed over where under 80 % of it (or of
/// that dimension) could be assessed. A take reaches target T on n notes when its score is T or more, or when it lost no more
/// than max(1, floor((1-T) n)) notes and got at least one. Identification besides: each category of the take at .75 by the
/// same rule of the misses (one slip in a small category does not undo a good take), and BKT at .95.
/// CERTIFY: ADVANCE, reached takes on two local days, one reached take on an item never played before, and the teacher
/// where the unit asks. A take that a teacher confirmed, on an unseen item, reaching every target, tests out of the unit.
/// A counted take a week or more after the gate was reached is a review; the last one decides whether a review is due.
/// The moving average (weight .35) is shown and gates nothing.
#ifndef SHED_MODEL_GATE_H
#define SHED_MODEL_GATE_H

#include "engine/base/ids.h"
#include "engine/base/message.h"
#include "engine/task/prompt.h"

#include <stdbool.h>
#include <stdint.h>

enum {
  SHED_GATE_WINDOW   = 4,  ///< the last counted takes that are looked at
  SHED_GATE_NEEDED   = 3,  ///< how many of them must reach the target
  SHED_GATE_DAYS     = 2,  ///< different local days for CERTIFY
  SHED_GATE_REASONS  = 24, ///< places for reasons
  SHED_GATE_CATEGORY = 24  ///< bytes of a category's name with its NUL
};

/// The name of the dimension with categories and BKT.
#define SHED_DIMENSION_IDENTIFICATION "identification"

typedef enum {
#define SHED_LEVEL(name, word, sentence) SHED_LEVEL_##name,
#include "mastery/model/level.def"
#undef SHED_LEVEL
} shed_level;

const char *shed_level_name(shed_level level);     ///< "new", "working", "secure", "certified"
const char *shed_level_sentence(shed_level level); ///< what it means, without full stop

/// What a unit asks. A plain value, from the content.
typedef struct {
  char        id[SHED_ID];
  shed_target targets[SHED_DIMENSIONS];
  int         n_targets; ///< at least 1
  bool        teacher;   ///< CERTIFY asks for a teacher's confirmation
} shed_gate_rule;

/// One dimension of a take.
typedef struct {
  char   dimension[24];
  double score;    ///< 0..1; NaN: not assessed
  double assessed; ///< 0..1, share of this dimension that could be judged
  int    notes;    ///< how many notes (items) the score counts; 0: it is a measure, not a count
} shed_gate_mark;

/// One answer of an identification take.
typedef struct {
  char   category[SHED_GATE_CATEGORY]; ///< "P5", "minor", ...
  double score;                        ///< 0 wrong .. 1 right
  int    choices;                      ///< how many there were to choose from; 0: produced, not chosen
} shed_gate_answer;

/// One take of the unit.
typedef struct {
  shed_uuid               id; ///< of the event; breaks ties of time
  int64_t                 performed_at_ms;
  int                     utc_offset_min; ///< a day is the performer's own
  bool                    counted;        ///< said before the count-in
  double                  assessed;       ///< 0..1 of the whole take
  uint64_t                item; ///< shed_gate_item(): two takes of one item have the same; 0 unknown
  shed_gate_mark          marks[SHED_DIMENSIONS];
  int                     n_marks;
  const shed_gate_answer *answers; ///< borrowed; NULL when none
  int                     n_answers;
} shed_gate_take;

/// The key of an item: the same drill, generator and seed, or the same score. Never 0.
uint64_t shed_gate_item(const char *drill, int generator, uint64_t seed);

typedef enum {
  SHED_DECIDE_OVERRIDE, ///< value: "advance", "certify", "hold" (closed until lifted) or "lift" (back to the rule)
  SHED_DECIDE_WAIVER, ///< value: a dimension's name, "days", "unseen", "teacher" or "prerequisites"
  SHED_DECIDE_CONFIRM ///< value: "" for the whole unit; take: that take
} shed_decision_kind;

/// What a teacher decided. Of several overrides the last by (at, id) holds; waivers and confirmations add up.
typedef struct {
  shed_decision_kind kind;
  shed_uuid          id;
  int64_t            at_ms;
  char               value[24];
  char               actor[160]; ///< the name shown in reasons; "" unknown
  char               reason[160];
  shed_uuid          take; ///< of a confirmation; "" for the unit
} shed_decision;

/// One cell of the gate meter.
typedef struct {
  double score;
  bool   reached;
} shed_gate_cell;

typedef struct {
  char           name[24];
  double         target;
  bool           reached; ///< 3 of the last 4 now (identification: and BKT)
  bool           waived;
  shed_gate_cell cells[SHED_GATE_WINDOW]; ///< the last counted takes that were not passed over, oldest first
  int            n_cells;
  int            n_reached;           ///< of the cells
  int            passed_over;         ///< counted takes with too little assessed
  double         average;             ///< moving average, shown only; NaN before the first
  double         bkt;                 ///< P(known); NaN but for identification
  char   weakest[SHED_GATE_CATEGORY]; ///< identification: the weakest category of the last take; "" none
  double weakest_share;               ///< how much of it was right, 0..1
} shed_gate_dimension;

typedef struct {
  shed_level          level;
  bool                advance;    ///< the next unit may open
  bool                certify;    ///< evidence may be given
  bool                tested_out; ///< by one certified unseen take
  bool                review_due;
  bool                overridden;           ///< advance and certify come from a teacher's override
  bool                prerequisites_waived; ///< the unit is open whatever came before
  int64_t             advanced_at_ms;       ///< of the take that opened it; INT64_MIN when none did
  int                 takes, counted;       ///< all of them, and those said to count
  int                 passed_over;          ///< counted, with under 80 % of the take assessed
  int                 days;                 ///< different local days with a take that reached
  bool                unseen;               ///< a reached take on an item never played before
  bool                confirmed;            ///< by a teacher
  shed_gate_dimension dimensions[SHED_DIMENSIONS];
  int                 n_dimensions;
  shed_message        reasons[SHED_GATE_REASONS]; ///< what holds, what is missing; the most useful first
  int                 n_reasons;
} shed_gate;

/// True when a score on @p notes notes reaches the target, by the rule of the misses. @p score NaN is false.
bool shed_gate_reaches(double score, double target, int notes);

/// Answer for one unit.
///
/// @param takes      this student's takes of this unit, counted or not; any order; @p n may be 0. Sorted in place.
/// @param decisions  of this student on this unit; any order. Sorted in place.
/// @param[out] out   written whole.
/// Cost O(n log n) when out of order, else O(n) but for the search for an unseen item. No allocation. Any thread.
void shed_gate_answer_of(const shed_gate_rule *rule, shed_gate_take *takes, size_t n,
                         shed_decision *decisions, size_t n_decisions, shed_gate *out);

/// {"unit", "level", "advance", "certify", ..., "dimensions": [...], "reasons": [{"code", ..., "text"}]}
shed_json *shed_gate_to_json(const shed_gate_rule *rule, const shed_gate *gate);

#endif
