/// A take that was heard, judged and kept in a store, for tests of what happens to it later.
#ifndef SHED_TEST_KEPT_TAKE_H
#define SHED_TEST_KEPT_TAKE_H

#include "app/session/marks.h"
#include "assessors/assessor.h"
#include "engine/base/file.h"
#include "mastery/store/takes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Where and when.
typedef struct {
  shed_uuid   student;
  const char *course, *unit;
  int64_t     at_ms;
  bool        counted;
  int         sound;          ///< takes with one number have one sound file, and what was heard in it once
  bool        without_policy; ///< as stores kept takes before policies were kept whole
} kept_opts;

static inline void
kept_must(shed_status st, const shed_error *err)
{
  if (st != SHED_OK) {
    (void)fprintf(stderr, "%s: %s: %s\n", shed_status_text(st), err->where, err->what);
    abort();
  }
}

/// A take with all that is kept of it.
typedef struct {
  shed_take_record record;
  unsigned char   *heard;
  shed_json       *prompt, *verdict, *policy;
  char             sound[64];
} kept_made;

/// Judge @p take. What @p prompt, @p take and @p policy hold is borrowed until kept_free().
static inline kept_made
kept_make(const shed_prompt *prompt, shed_take *take, const shed_policy *policy, const kept_opts *o)
{
  kept_made    m   = {.heard = NULL};
  shed_error   err = {.status = SHED_OK};
  shed_verdict v   = {.alloc = NULL};
  size_t       n   = 0;
  (void)snprintf(m.sound, sizeof(m.sound), "not a sound, but a file of its own: %d", o->sound);
  take->sha256 = shed_sha256_of(m.sound, strlen(m.sound));
  kept_must(shed_assessor_find(prompt->assessor)->judge(prompt, take, policy, NULL, &v, &err), &err);
  kept_must(shed_take_encode(take, NULL, &m.heard, &n), &err);
  m.prompt         = shed_prompt_to_json(prompt);
  m.verdict        = shed_verdict_to_json(&v, prompt, take);
  m.policy         = shed_policy_to_json(policy);
  m.record         = (shed_take_record){.student        = o->student,
                                        .course         = o->course,
                                        .unit           = o->unit,
                                        .drill          = prompt->id,
                                        .generator      = prompt->generator,
                                        .seed           = prompt->seed,
                                        .counted        = o->counted,
                                        .utc_offset_min = 60,
                                        .latency_s      = (double)NAN,
                                        .instrument     = "flute",
                                        .score          = v.score,
                                        .passed         = v.passed,
                                        .assessed       = v.assessed,
                                        .sha256         = take->sha256,
                                        .heard          = m.heard,
                                        .n_heard        = n,
                                        .ear            = take->ear,
                                        .prompt         = m.prompt,
                                        .verdict        = m.verdict,
                                        .policy         = o->without_policy ? NULL : m.policy};
  m.record.n_marks = shed_marks_of_verdict(prompt, &v, m.record.marks);
  shed_verdict_free(&v);
  return m;
}

static inline void
kept_free(kept_made *m)
{
  shed_json_free(m->prompt);
  shed_json_free(m->verdict);
  shed_json_free(m->policy);
  shed_free(NULL, m->heard);
}

/// Keep it, as often as wanted. @return the event.
static inline shed_uuid
kept_store(shed_store *store, kept_made *m, int64_t at_ms)
{
  char       temp[700];
  shed_error err   = {.status = SHED_OK};
  shed_uuid  event = {{0}};
  kept_must(shed_store_take_temp(store, temp, sizeof(temp), &err), &err);
  kept_must(shed_file_write_atomic(temp, m->sound, strlen(m->sound), &err), &err);
  m->record.temp_path       = temp;
  m->record.performed_at_ms = at_ms;
  kept_must(shed_store_record_take(store, &m->record, &event, &err), &err);
  return event;
}

/// Judge @p take and keep it. @return its event.
static inline shed_uuid
kept_take(shed_store *store, const shed_prompt *prompt, shed_take *take, const shed_policy *policy,
          const kept_opts *o)
{
  kept_made m     = kept_make(prompt, take, policy, o);
  shed_uuid event = kept_store(store, &m, o->at_ms);
  kept_free(&m);
  return event;
}

#endif
