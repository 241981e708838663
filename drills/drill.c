// About this file: the registry of kinds, their parameters, and the frame that every prompt starts from.

#include "drills/drill.h"

#include "drills/kinds.h"

#include "engine/music/tuning.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const shed_drill_kind *const kinds[] = {
#define SHED_DRILL(name) &shed_drill_##name,
#include "drills/drills.def"
#undef SHED_DRILL
};

static const shed_param params_of_all[SHED_PARAM_COUNT] = {
#define SHED_PARAM(kind, name, type, min, max, standard, choices, what)                                      \
  {#kind, #name, SHED_PARAM_##type, min, max, standard, choices, what},
#include "drills/params.def"
#undef SHED_PARAM
};

const shed_drill_kind *
shed_drill_find(const char *name)
{
  for (size_t i = 0; i < SHED_COUNTOF(kinds); i++) {
    if (strcmp(kinds[i]->name, name) == 0) {
      return kinds[i];
    }
  }
  return NULL;
}

const shed_drill_kind *const *
shed_drill_kinds(size_t *n)
{
  *n = SHED_COUNTOF(kinds);
  return kinds;
}

const shed_param *
shed_drill_params(const shed_drill_kind *kind, size_t *n)
{
  size_t first = 0;
  while (first < SHED_PARAM_COUNT && strcmp(params_of_all[first].kind, kind->name) != 0) {
    first++;
  }
  *n = 0;
  while (first + *n < SHED_PARAM_COUNT && strcmp(params_of_all[first + *n].kind, kind->name) == 0) {
    (*n)++;
  }
  return params_of_all + first;
}

// The place of a word among blank-separated ones, or -1.
static int
place_of(const char *word, const char *choices)
{
  size_t length = strlen(word);
  for (int place = 0; *choices; place++) {
    size_t n = strcspn(choices, " ");
    if (n == length && strncmp(choices, word, n) == 0) {
      return place;
    }
    choices += n;
    choices += strspn(choices, " ");
  }
  return -1;
}

static shed_status
read_number(const shed_param *p, const shed_json *v, double *out, shed_error *err)
{
  double value = shed_json_number(v, (double)NAN);
  bool   whole = p->type != SHED_PARAM_INT || (isfinite(value) && floor(value) == value);
  if (!isfinite(value) || !whole || value < p->min || value > p->max) {
    shed_str text = {0};
    shed_json_write(v, SHED_JSON_LINE, &text);
    (void)shed_fail(err, SHED_E_FORMAT, p->name, "%.60s is not a %s from %g to %g", shed_str_text(&text),
                    p->type == SHED_PARAM_INT ? "whole number" : "number", p->min, p->max);
    shed_str_free(&text);
    return SHED_E_FORMAT;
  }
  *out = value;
  return SHED_OK;
}

static shed_status
read_texts(const shed_param *p, const shed_json *v, shed_error *err)
{
  size_t n = shed_json_size(v);
  if (!shed_json_is_array(v) || n < (size_t)p->min || n > (size_t)p->max) {
    return shed_fail(err, SHED_E_FORMAT, p->name, "is not a list of %g to %g texts", p->min, p->max);
  }
  for (size_t i = 0; i < n; i++) {
    const char *text = shed_json_text(shed_json_at(v, i));
    if (!text || strlen(text) > SHED_PARAM_TEXT) {
      return shed_fail(err, SHED_E_FORMAT, p->name, "member %zu is not a text of at most %d bytes", i,
                       SHED_PARAM_TEXT);
    }
  }
  return SHED_OK;
}

static shed_status
read_one(const shed_param *p, const shed_json *v, double *out, shed_error *err)
{
  if (p->type == SHED_PARAM_TEXTS) {
    return read_texts(p, v, err);
  }
  if (p->type != SHED_PARAM_CHOICE) {
    return read_number(p, v, out, err);
  }
  const char *word  = shed_json_text(v);
  int         place = word ? place_of(word, p->choices) : -1;
  if (place < 0) {
    return shed_fail(err, SHED_E_FORMAT, p->name, "'%.60s' is none of: %s", word ? word : "(no text)",
                     p->choices);
  }
  *out = place;
  return SHED_OK;
}

// What a pair of bounds must hold: xxx_low is not over xxx_high.
static shed_status
bounds_in_order(const shed_param *params, size_t n, const double *values, shed_error *err)
{
  for (size_t i = 0; i + 1 < n; i++) {
    bool pair =
        (shed_ends_with(params[i].name, "_low") && shed_ends_with(params[i + 1].name, "_high")) ||
        (shed_starts_with(params[i].name, "shortest") && shed_starts_with(params[i + 1].name, "longest"));
    if (pair && values[i] > values[i + 1]) {
      return shed_fail(err, SHED_E_FORMAT, params[i].name, "%g is over %s, which is %g", values[i],
                       params[i + 1].name, values[i + 1]);
    }
  }
  return SHED_OK;
}

// values: SHED_PARAM_COUNT of them.
static shed_status
read_params(const shed_drill_kind *kind, const shed_json *given, double *values, shed_error *err)
{
  size_t            n;
  const shed_param *params = shed_drill_params(kind, &n);
  double           *own    = values + (params - params_of_all);
  for (size_t i = 0; i < SHED_PARAM_COUNT; i++) {
    values[i] = params_of_all[i].standard;
  }
  if (given && !shed_json_is_object(given) && !shed_json_is_null(given)) {
    return shed_fail(err, SHED_E_FORMAT, "params", "is not a list of names and values");
  }
  for (const char *key = shed_json_next_key(given, NULL); key; key = shed_json_next_key(given, key)) {
    size_t at = 0;
    while (at < n && strcmp(params[at].name, key) != 0) {
      at++;
    }
    if (at == n) {
      return shed_fail(err, SHED_E_FORMAT, key, "A drill of kind %s has no parameter '%.60s'", kind->name,
                       key);
    }
    shed_status st = read_one(&params[at], shed_json_get(given, key), &own[at], err);
    if (st != SHED_OK) {
      return st;
    }
  }
  return bounds_in_order(params, n, own, err);
}

shed_status
shed_drill_check(const shed_drill_kind *kind, const shed_json *params, shed_error *err)
{
  double values[SHED_PARAM_COUNT];
  return read_params(kind, params, values, err);
}

bool
shed_profile_shows(const shed_profile *profile, const char *dimension)
{
  if (strcmp(dimension, "intonation") == 0) {
    return !profile->fixed_pitch;
  }
  return !profile->unpitched || strcmp(dimension, "pitch") != 0;
}

bool
shed_drill_measures(const shed_drill_kind *kind, const char *dimension)
{
  for (const char *const *d = kind->dimensions; *d; d++) {
    if (strcmp(*d, dimension) == 0) {
      return true;
    }
  }
  return false;
}

static void
copy(char *to, size_t size, const char *from)
{
  (void)snprintf(to, size, "%s", from ? from : "");
}

static shed_prompt
frame(const shed_drill_kind *kind, const shed_drill_request *r, const shed_alloc *alloc)
{
  shed_prompt p = {.alloc         = alloc,
                   .generator     = kind->generator,
                   .seed          = r->seed,
                   .click_start_s = (double)NAN,
                   .octave        = r->profile->sung ? SHED_OCTAVE_ANY : SHED_OCTAVE_WRITTEN,
                   .key           = r->profile->sung ? SHED_KEY_ANY : SHED_KEY_WRITTEN,
                   .tuning        = SHED_TUNING_AUTO,
                   .a4_hz         = r->a4_hz > 0 ? r->a4_hz : SHED_A4_HZ,
                   .fixed_pitch   = r->profile->fixed_pitch,
                   .sung          = r->profile->sung,
                   .source_sha256 = r->source_sha256};
  copy(p.kind, sizeof(p.kind), kind->name);
  copy(p.id, sizeof(p.id), r->id);
  copy(p.assessor, sizeof(p.assessor), kind->assessor);
  copy(p.profile, sizeof(p.profile), r->profile->id);
  copy(p.title, sizeof(p.title), r->title);
  copy(p.policy, sizeof(p.policy), r->policy);
  for (int i = 0; i < r->n_targets && p.n_targets < SHED_DIMENSIONS; i++) {
    const char *dimension = r->targets[i].dimension;
    if (shed_drill_measures(kind, dimension) && shed_profile_shows(r->profile, dimension)) {
      p.targets[p.n_targets++] = r->targets[i];
    }
  }
  return p;
}

shed_status
shed_drill_make(const shed_drill_kind *kind, const shed_drill_request *request, const shed_alloc *alloc,
                shed_prompt *out, shed_error *err)
{
  double values[SHED_PARAM_COUNT];
  if (request->level < 1 || request->level > SHED_LEVELS) {
    return shed_fail(err, SHED_E_RANGE, request->id, "There is no level %d; levels run from 1 to %d",
                     request->level, SHED_LEVELS);
  }
  if (request->a4_hz != 0 && !(request->a4_hz >= SHED_A4_MIN_HZ && request->a4_hz <= SHED_A4_MAX_HZ)) {
    return shed_fail(err, SHED_E_RANGE, request->id, "A4 = %g Hz is outside %g to %g", request->a4_hz,
                     SHED_A4_MIN_HZ, SHED_A4_MAX_HZ);
  }
  if (!kind->possible(request->profile)) {
    return shed_fail(err, SHED_E_UNSUPPORTED, request->id, "A %s cannot be played on: %s", kind->name,
                     request->profile->name);
  }
  shed_status st = read_params(kind, request->params, values, err);
  if (st != SHED_OK) {
    return st == SHED_E_FORMAT ? SHED_E_RANGE : st;
  }
  shed_prompt p = frame(kind, request, alloc);
  st            = kind->make(request, values, &p, err);
  if (st != SHED_OK) {
    shed_prompt_free(&p);
    return st;
  }
  SHED_ASSERT(p.line.n_notes > 0);
  *out = p;
  return SHED_OK;
}

shed_json *
shed_drill_item(const shed_prompt *prompt)
{
  static const char *const kept[] = {"kind",           "instruction", "line",   "a_click", "tempo_bpm",
                                     "count_in_beats", "octave",      "key",    "tuning",  "a4_hz",
                                     "hold_s",         "part",        "profile"};
  shed_json               *whole  = shed_prompt_to_json(prompt);
  shed_json               *item   = shed_json_object();
  for (size_t i = 0; i < SHED_COUNTOF(kept); i++) {
    shed_json *member = shed_json_get(whole, kept[i]);
    if (member) {
      shed_json_set(item, kept[i], shed_json_copy(member));
    }
  }
  shed_json_free(whole);
  return item;
}
