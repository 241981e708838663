#include "engine/task/verdict.h"

#include <string.h>

static const char *const pitch_names[] = {
    [SHED_PITCH_NONE] = NULL,       [SHED_PITCH_CORRECT] = "correct", [SHED_PITCH_SHARP] = "sharp",
    [SHED_PITCH_FLAT] = "flat",     [SHED_PITCH_WRONG] = "wrong",     [SHED_PITCH_MISSED] = "missed",
    [SHED_PITCH_UNSURE] = "unsure",
};

static const char *const timing_names[] = {
    [SHED_TIMING_NONE] = NULL,   [SHED_TIMING_ON_TIME] = "on_time", [SHED_TIMING_EARLY] = "early",
    [SHED_TIMING_LATE] = "late", [SHED_TIMING_UNSURE] = "unsure",
};

static const char *const length_names[] = {
    [SHED_LENGTH_NONE] = NULL,   [SHED_LENGTH_OK] = "ok",         [SHED_LENGTH_SHORT] = "short",
    [SHED_LENGTH_LONG] = "long", [SHED_LENGTH_UNSURE] = "unsure",
};

const char *
shed_pitch_label_name(shed_pitch_label l)
{
  return (size_t)l < SHED_COUNTOF(pitch_names) ? pitch_names[l] : NULL;
}

const char *
shed_timing_label_name(shed_timing_label l)
{
  return (size_t)l < SHED_COUNTOF(timing_names) ? timing_names[l] : NULL;
}

const char *
shed_length_label_name(shed_length_label l)
{
  return (size_t)l < SHED_COUNTOF(length_names) ? length_names[l] : NULL;
}

void
shed_verdict_free(shed_verdict *v)
{
  shed_free(v->alloc, v->notes);
  shed_free(v->alloc, v->extras);
  shed_free(v->alloc, v->restarts);
  shed_free(v->alloc, v->hesitations);
  shed_free(v->alloc, v->incidents);
  *v = (shed_verdict){.alloc = v->alloc};
}

const shed_dimension *
shed_verdict_dimension(const shed_verdict *v, const char *name)
{
  for (int i = 0; i < v->n_dimensions; i++) {
    if (strcmp(v->dimensions[i].name, name) == 0) {
      return &v->dimensions[i];
    }
  }
  return NULL;
}
