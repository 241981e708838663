// About this file: the presets, and a policy's one JSON form. The members stand in one table, so that reading, writing
// and the list of what is known cannot drift apart.
#include "assessors/policy.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { JSON_DECIMALS = 6 };

static const char SCHEMA[]          = "woodshed/policy/1";
static const char DEFAULT_PRESET[]  = "year-2";
static const char HINT_OF_PRESETS[] = "there is no policy \"%s\"; there are %s";

static const shed_policy presets[] = {
#define SHED_POLICY(id_, version_, pitch, intonation, gates, timing, share, sung, fermata, wp, wr, wi, wc)   \
  {.id                 = id_,                                                                                \
   .version            = version_,                                                                           \
   .pitch_cents        = pitch,                                                                              \
   .intonation_cents   = intonation,                                                                         \
   .intonation_gates   = gates,                                                                              \
   .timing_ms          = timing,                                                                             \
   .timing_ioi_share   = share,                                                                              \
   .sung_extra_ms      = sung,                                                                               \
   .judge_fermata_time = fermata,                                                                            \
   .weight_pitch       = wp,                                                                                 \
   .weight_rhythm      = wr,                                                                                 \
   .weight_intonation  = wi,                                                                                 \
   .weight_continuity  = wc},
#include "engine/task/policies.def"
#undef SHED_POLICY
};

typedef struct {
  const char *key;
  bool        truth; ///< a BOOL, else a REAL
  size_t      offset;
  double      min, max;
} member;

#define IS_REAL                                   false
#define IS_BOOL                                   true
#define ROW(name, type, of, need, min, max, what) {#name, IS_##type, offsetof(shed_policy, name), min, max},
static const member members[] = {SHED_POLICY_NUMBERS(ROW)};

static shed_sha256
hash_of(const shed_policy *p)
{
  shed_json *v = shed_policy_to_json(p);
  shed_str   s = {0};
  shed_json_write(v, SHED_JSON_CANONICAL, &s);
  shed_sha256 h = shed_sha256_of(shed_str_text(&s), s.len);
  shed_str_free(&s);
  shed_json_free(v);
  return h;
}

shed_status
shed_policy_preset(const char *name, shed_policy *out, shed_error *err)
{
  char   names[160] = "";
  size_t used       = 0;
  if (name[0] == '\0' || strcmp(name, "default") == 0) {
    name = DEFAULT_PRESET;
  }
  for (size_t i = 0; i < SHED_COUNTOF(presets); i++) {
    if (strcmp(presets[i].id, name) == 0) {
      *out        = presets[i];
      out->sha256 = hash_of(out);
      return SHED_OK;
    }
    int n = snprintf(names + used, sizeof(names) - used, "%s%s", i ? ", " : "", presets[i].id);
    used += n > 0 && used + (size_t)n < sizeof(names) ? (size_t)n : 0;
  }
  return shed_fail(err, SHED_E_NOTFOUND, NULL, HINT_OF_PRESETS, name, names);
}

bool
shed_policy_preset_at(size_t index, shed_policy *out)
{
  if (index >= SHED_COUNTOF(presets)) {
    return false;
  }
  *out        = presets[index];
  out->sha256 = hash_of(out);
  return true;
}

static bool
is_known(const char *key)
{
  static const char *const others[] = {"schema", "id", "version"};
  for (size_t i = 0; i < SHED_COUNTOF(others); i++) {
    if (strcmp(key, others[i]) == 0) {
      return true;
    }
  }
  for (size_t i = 0; i < SHED_COUNTOF(members); i++) {
    if (strcmp(key, members[i].key) == 0) {
      return true;
    }
  }
  return false;
}

static shed_status
read_members(const shed_json *v, shed_policy *p, shed_error *err)
{
  shed_status st      = SHED_OK;
  const char *id      = NULL;
  const char *schema  = NULL;
  int64_t     version = 0;
  if ((st = shed_json_read_str(v, "schema", false, 64, &schema, err)) != SHED_OK ||
      (st = shed_json_read_str(v, "id", false, sizeof(p->id) - 1, &id, err)) != SHED_OK ||
      (st = shed_json_read_int(v, "version", false, 1, 1000000, &version, err)) != SHED_OK) {
    return st;
  }
  if (strcmp(schema, SCHEMA) != 0) {
    return shed_fail(err, SHED_E_VERSION, "schema", "\"%s\" is not %s", schema, SCHEMA);
  }
  snprintf(p->id, sizeof(p->id), "%s", id);
  p->version = (int)version;
  for (size_t i = 0; i < SHED_COUNTOF(members) && st == SHED_OK; i++) {
    const member *m  = &members[i];
    void         *at = (char *)p + m->offset;
    st               = m->truth ? shed_json_read_bool(v, m->key, false, at, err)
                                : shed_json_read_real(v, m->key, false, m->min, m->max, at, err);
  }
  return st;
}

shed_status
shed_policy_from_json(const shed_json *v, shed_policy *out, shed_error *err)
{
  shed_policy p = {0};
  if (!shed_json_is_object(v)) {
    return shed_fail(err, SHED_E_FORMAT, NULL, "a policy is a JSON object");
  }
  for (const char *key = shed_json_next_key(v, NULL); key; key = shed_json_next_key(v, key)) {
    if (!is_known(key)) {
      return shed_fail(err, SHED_E_FORMAT, key, "a policy has no member \"%s\"", key);
    }
  }
  shed_status st = read_members(v, &p, err);
  if (st != SHED_OK) {
    return st;
  }
  if (p.weight_pitch + p.weight_rhythm + p.weight_continuity +
          (p.intonation_gates ? p.weight_intonation : 0) <=
      0) {
    return shed_fail(err, SHED_E_RANGE, "weight_pitch", "all weights are 0: nothing would make a score");
  }
  p.sha256 = hash_of(&p);
  *out     = p;
  return SHED_OK;
}

shed_json *
shed_policy_to_json(const shed_policy *p)
{
  shed_json *v = shed_json_object();
  shed_json_set_str(v, "schema", SCHEMA);
  shed_json_set_str(v, "id", p->id);
  shed_json_set_int(v, "version", p->version);
  for (size_t i = 0; i < SHED_COUNTOF(members); i++) {
    const member *m  = &members[i];
    const void   *at = (const char *)p + m->offset;
    if (m->truth) {
      shed_json_set_bool(v, m->key, *(const bool *)at);
    } else {
      shed_json_set_real(v, m->key, *(const double *)at, JSON_DECIMALS);
    }
  }
  return v;
}
