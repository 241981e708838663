/// Rubrics of one take: those that --rubric names, with the marks of --mark.
#ifndef SHED_CLI_RUBRIC_VIEW_H
#define SHED_CLI_RUBRIC_VIEW_H

#include "app/cli/common.h"
#include "rubrics/rubric.h"

enum { SHED_CLI_RUBRICS = 16, SHED_CLI_MARKS = 96 };

/// Zero-initialised is legal and empty.
typedef struct {
  struct shed_arena *arena;
  shed_rubric       *rubrics[SHED_CLI_RUBRICS];
  shed_rubric_result results[SHED_CLI_RUBRICS];
  size_t             n, n_judged;
  shed_rubric_mark   marks[SHED_CLI_MARKS];
  size_t             n_marks;
} shed_cli_rubrics;

#define SHED_OPTION_RUBRIC                                                                                   \
  {                                                                                                          \
    "rubric", "ID|FILE...", "points by this rubric too; may be given several times", "rubric"                \
  }
#define SHED_OPTION_MARK                                                                                     \
  {                                                                                                          \
    "mark", "CRITERION=VALUE...", "points that a person gives; may be given several times", NULL             \
  }

/// Read --rubric and --mark: everything that can be wrong before a note is heard.
shed_exit shed_cli_rubrics_open(shed_cli *cli, shed_cli_rubrics *out);
/// Read --mark alone, for rubrics that are found otherwise; @p r has its arena and its rubrics.
shed_exit shed_cli_rubrics_marks(shed_cli *cli, shed_cli_rubrics *r);
/// Hold a verdict against each. @param prompt, v NULL: nothing was played.
shed_exit  shed_cli_rubrics_judge(shed_cli *cli, shed_cli_rubrics *r, const shed_prompt *prompt,
                                  const shed_verdict *v);
shed_json *shed_cli_rubrics_json(const shed_cli_rubrics *r); ///< an array, one document each
void       shed_cli_rubrics_print(shed_cli *cli, const shed_cli_rubrics *r);
void       shed_cli_rubrics_close(shed_cli_rubrics *r);

#endif
