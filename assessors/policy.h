/// A credit policy: labels are facts, credit is policy. Versioned data, not code.
#ifndef SHED_ASSESSORS_POLICY_H
#define SHED_ASSESSORS_POLICY_H

#include "engine/base/hash.h"
#include "engine/base/json.h"

/// A plain value. Times are for instruments; sung takes get sung_extra_ms on top.
typedef struct {
  char        id[32];
  int         version;
  shed_sha256 sha256;           ///< of its canonical JSON
  double      pitch_cents;      ///< full pitch credit within this distance
  double      intonation_cents; ///< in tune within this distance
  bool        intonation_gates; ///< false: shown, never part of the score
  double      timing_ms;        ///< full rhythm credit within this
  double      timing_ioi_share; ///< and within this share of the shorter neighbouring inter-onset interval
  double      sung_extra_ms;
  bool        judge_fermata_time; ///< judge time where fermata, rit. or ornament leaves it free
  double weight_pitch, weight_rhythm, weight_intonation, weight_continuity; ///< of the overall score; sum > 0
} shed_policy;

/// A preset by name ("year-1", "year-2", "high-school", "college"; "" or "default" is "year-2"), or SHED_E_NOTFOUND with
/// err listing the names.
SHED_NODISCARD shed_status shed_policy_preset(const char *name, shed_policy *out, shed_error *err);
/// From a JSON document; unknown members are refused by name.
SHED_NODISCARD shed_status shed_policy_from_json(const shed_json *v, shed_policy *out, shed_error *err);
shed_json                 *shed_policy_to_json(const shed_policy *p);

#endif
