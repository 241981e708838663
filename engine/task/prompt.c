#include "engine/task/prompt.h"

#include "engine/task/fields.h"
#include "engine/task/line_json.h"

#include "engine/music/metre.h"

#include <stdint.h>
#include <string.h>

#define PROMPT_SCHEMA "woodshed/prompt/1"

#define PROMPT(member) SHED_FIELD_AT(shed_prompt, member)

static const char *const octave_names[] = {"written", "any", NULL};
static const char *const key_names[]    = {"written", "any", NULL};
static const char *const tuning_names[] = {"auto", "take", "a4", "reference", NULL};

static const shed_field prompt_fields[] = {
    {"kind", SHED_FIELD_TEXT, PROMPT(kind), 0, 0, false, NULL},
    {"id", SHED_FIELD_TEXT, PROMPT(id), 0, 0, false, NULL},
    {"assessor", SHED_FIELD_TEXT, PROMPT(assessor), 0, 0, false, NULL},
    {"generator", SHED_FIELD_INT, PROMPT(generator), 0, INT32_MAX, false, NULL},
    {"seed", SHED_FIELD_SEED, PROMPT(seed), 0, 0, false, NULL},
    {"profile", SHED_FIELD_TEXT, PROMPT(profile), 0, 0, false, NULL},
    {"title", SHED_FIELD_TEXT, PROMPT(title), 0, 0, false, NULL},
    {"instruction", SHED_FIELD_TEXT, PROMPT(instruction), 0, 0, false, NULL},
    {"a_click", SHED_FIELD_BOOL, PROMPT(a_click), 0, 0, false, NULL},
    {"tempo_bpm", SHED_FIELD_REAL, PROMPT(tempo_bpm), 0, 1e5, false, NULL},
    {"click_start_s", SHED_FIELD_REAL, PROMPT(click_start_s), -1e7, 1e7, true, NULL},
    {"count_in_beats", SHED_FIELD_INT, PROMPT(count_in_beats), 0, 10000, false, NULL},
    {"octave", SHED_FIELD_NAME, PROMPT(octave), 0, 0, false, octave_names},
    {"key", SHED_FIELD_NAME, PROMPT(key), 0, 0, false, key_names},
    {"tuning", SHED_FIELD_NAME, PROMPT(tuning), 0, 0, false, tuning_names},
    {"a4_hz", SHED_FIELD_REAL, PROMPT(a4_hz), 0, 1e4, false, NULL},
    {"fixed_pitch", SHED_FIELD_BOOL, PROMPT(fixed_pitch), 0, 0, false, NULL},
    {"sung", SHED_FIELD_BOOL, PROMPT(sung), 0, 0, false, NULL},
    {"hold_s", SHED_FIELD_REAL, PROMPT(hold_s), 0, 1e6, false, NULL},
    {"policy", SHED_FIELD_TEXT, PROMPT(policy), 0, 0, false, NULL},
    {"source_sha256", SHED_FIELD_SHA256, PROMPT(source_sha256), 0, 0, false, NULL},
    {"part", SHED_FIELD_TEXT, PROMPT(part), 0, 0, false, NULL},
};

static const shed_field target_fields[] = {
    {"dimension", SHED_FIELD_TEXT, SHED_FIELD_AT(shed_target, dimension), 0, 0, false, NULL},
    {"score", SHED_FIELD_REAL, SHED_FIELD_AT(shed_target, score), 0, 1, false, NULL},
};

void
shed_prompt_free(shed_prompt *p)
{
  shed_line_free(&p->line);
  *p = (shed_prompt){.alloc = p->alloc};
}

shed_json *
shed_prompt_to_json(const shed_prompt *p)
{
  shed_json *o       = shed_json_object();
  shed_json *targets = shed_json_array();
  shed_json_set_str(o, "schema", PROMPT_SCHEMA);
  shed_fields_write(o, prompt_fields, SHED_COUNTOF(prompt_fields), false, p);
  for (int i = 0; i < p->n_targets; i++) {
    shed_json *target = shed_json_object();
    shed_fields_write(target, target_fields, SHED_COUNTOF(target_fields), false, &p->targets[i]);
    shed_json_add(targets, target);
  }
  shed_json_set(o, "targets", targets);
  shed_json_set(o, "line", shed_line_to_json(&p->line));
  return o;
}

static shed_status
read_targets(const shed_json *v, shed_prompt *p, shed_error *err)
{
  const shed_json *list = shed_json_get(v, "targets");
  if (!shed_json_is_array(list) || shed_json_size(list) > SHED_DIMENSIONS) {
    return shed_fail(err, SHED_E_FORMAT, "targets", "a list of at most %d targets is needed",
                     SHED_DIMENSIONS);
  }
  for (size_t i = 0; i < shed_json_size(list); i++) {
    shed_status st = shed_fields_read(shed_json_at(list, i), target_fields, SHED_COUNTOF(target_fields),
                                      false, &p->targets[i], err);
    if (st != SHED_OK) {
      shed_error_within(err, "targets");
      return st;
    }
  }
  p->n_targets = (int)shed_json_size(list);
  return SHED_OK;
}

static shed_status
check_schema(const shed_json *v, shed_error *err)
{
  const char *schema = NULL;
  shed_status st     = shed_json_read_str(v, "schema", false, 64, &schema, err);
  if (st == SHED_OK && strcmp(schema, PROMPT_SCHEMA) != 0) {
    st = shed_fail(err, SHED_E_VERSION, "schema", "\"%s\" is not \"" PROMPT_SCHEMA "\"", schema);
  }
  return st;
}

shed_status
shed_prompt_from_json(const shed_json *v, const shed_alloc *alloc, shed_prompt *out, shed_error *err)
{
  shed_prompt p  = {.alloc = alloc};
  shed_status st = check_schema(v, err);
  if (st == SHED_OK) {
    st = shed_fields_read(v, prompt_fields, SHED_COUNTOF(prompt_fields), false, &p, err);
  }
  if (st == SHED_OK) {
    st = read_targets(v, &p, err);
  }
  if (st == SHED_OK && (st = shed_line_from_json(shed_json_get(v, "line"), alloc, &p.line, err)) != SHED_OK) {
    shed_error_within(err, "line");
  }
  if (st == SHED_OK) {
    *out = p;
  }
  return st;
}

double
shed_prompt_click_s(const shed_prompt *p)
{
  shed_metre metre = {4, 4};
  if (p->tempo_bpm <= 0) {
    return 0;
  }
  if (p->line.n_measures > 0) {
    shed_metre first = {p->line.measures[0].beats, p->line.measures[0].beat_type};
    metre            = shed_metre_valid(first) ? first : metre;
  }
  return shed_beat_quarters(shed_metre_even_pulse(metre)) * 60 / p->tempo_bpm;
}
