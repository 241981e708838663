/// The music of a prompt in equal spans (half measures), and which of them are right.
#ifndef SHED_RUBRICS_SPANS_H
#define SHED_RUBRICS_SPANS_H

#include "engine/task/verdict.h"

typedef enum { SHED_SPAN_RIGHT, SHED_SPAN_UNSURE, SHED_SPAN_WRONG } shed_span_outcome;

/// What must be right, and how nearly.
typedef struct {
  bool   pitch, rhythm, tempo, length;
  int    per_measure;
  int    shifts;       ///< how many spans may stand at another beat
  double pitch_cents;  ///< a pitch is right within this
  double rhythm_ms;    ///< an onset is right within this
  double rhythm_share; ///< and within this share of the shorter neighbouring distance
  double tempo_share;  ///< the pace within the span is right within this share
} shed_span_rules;

typedef struct {
  double            from, to;   ///< quarters from the start
  size_t            first, end; ///< notes of the line that begin in it
  const char       *measure;    ///< number as printed; borrowed from the prompt
  int               part, of;   ///< of the measure, from 1
  shed_span_outcome outcome;
  shed_message_code why;     ///< of WRONG and UNSURE
  bool              shifted; ///< right, but at another beat
} shed_span;

typedef struct {
  const shed_alloc *alloc;
  shed_span        *items;
  size_t            n;
  bool              judged; ///< false: the take shows nothing of what must be right
} shed_spans;

/// A pickup shorter than a span belongs to the first whole one. @return SHED_OK or SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_spans_judge(const shed_prompt *p, const shed_verdict *v,
                                            const shed_span_rules *rules, const shed_alloc *alloc,
                                            shed_spans *out);
void                       shed_spans_free(shed_spans *s); ///< a zeroed one is legal

#endif
