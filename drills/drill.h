/// A drill asks: from its parameters, a profile, a level and a seed it makes a prompt, one item to play.
///
/// Kinds are one file and one entry of drills.def each. A kind is pure: same request, same prompt, on every machine. Its
/// generator number goes up whenever the same seed would give something else; prompts are stored whole, so that a past
/// item never changes.
///
/// Seeds that follow each other (an attempt's number) deal a kind's items like a deck: no item comes back before the deck
/// is through, and a deck has 100 items at least.
#ifndef SHED_DRILLS_DRILL_H
#define SHED_DRILLS_DRILL_H

#include "engine/music/profile.h"
#include "engine/task/prompt.h"

typedef enum { SHED_PARAM_INT, SHED_PARAM_REAL, SHED_PARAM_CHOICE, SHED_PARAM_TEXTS } shed_param_type;

enum { SHED_PARAM_TEXT = 200 }; ///< bytes of one of a parameter's texts, at most

/// One parameter of a kind, from params.def.
typedef struct {
  const char     *kind; ///< whose parameter it is
  const char     *name;
  shed_param_type type;
  double          min, max; ///< of a number; of TEXTS: how many; of CHOICE: unused
  double          standard; ///< value when not given; of CHOICE: its place among the choices
  const char     *choices;  ///< of CHOICE: blank-separated; "" otherwise
  const char     *what;     ///< one line for authors
} shed_param;

/// A score that a piece is taken from; scores of one drill are its repertoire.
typedef struct {
  const char *name;  ///< file name, for errors and the prompt's part ("hot-cross-buns.abc")
  const char *title; ///< as people know it; "" to take the score's own
  const void *data;  ///< the file's bytes
  size_t      n;
} shed_drill_score;

/// What to make. All borrowed for the call.
typedef struct {
  const char             *id;     ///< namespaced id of the drill, kept in the prompt
  const char             *title;  ///< "" for the kind's own
  const shed_json        *params; ///< object, NULL for the standard values
  const shed_profile     *profile;
  int                     level; ///< 1..SHED_LEVELS
  uint64_t                seed;
  double                  a4_hz;   ///< 0: 440
  const shed_target      *targets; ///< those of the unit; each is kept when the kind measures that dimension
  int                     n_targets;
  const char             *policy; ///< "" for the default
  shed_sha256             source_sha256;
  const shed_drill_score *scores; ///< of kind "piece"
  size_t                  n_scores;
} shed_drill_request;

/// One kind of drill.
typedef struct {
  const char        *name; ///< "long_tone"
  const char        *what; ///< one line for people
  const char        *assessor;
  int                generator;
  const char *const *dimensions; ///< what its assessor measures; NULL at the end
  /// Whether a profile can play it at all (a snare drum plays no scale).
  bool (*possible)(const shed_profile *profile);
  /// Fill the line and what differs from the frame that shed_drill_make() has laid. @param values by drills/kinds.h.
  shed_status (*make)(const shed_drill_request *request, const double *values, shed_prompt *prompt,
                      shed_error *err);
} shed_drill_kind;

const shed_drill_kind        *shed_drill_find(const char *name); ///< NULL when there is none
const shed_drill_kind *const *shed_drill_kinds(size_t *n);       ///< in the order of drills.def
/// Parameters of a kind, in the order of params.def.
const shed_param *shed_drill_params(const shed_drill_kind *kind, size_t *n);

/// Whether a take of the kind says something about a dimension ...
bool shed_drill_measures(const shed_drill_kind *kind, const char *dimension);
/// ... and whether a player can show it: no intonation on a piano, no pitch on a snare drum.
bool shed_profile_shows(const shed_profile *profile, const char *dimension);

/// Check parameters against params.def. @param params object or NULL. @return SHED_OK; SHED_E_FORMAT with err->where the
/// parameter's name, for the first fault found.
SHED_NODISCARD shed_status shed_drill_check(const shed_drill_kind *kind, const shed_json *params,
                                            shed_error *err);

/// Make the prompt.
///
/// Targets that the profile cannot show are left out (intonation of a piano).
/// @param[out] out written only on SHED_OK; the caller frees it with shed_prompt_free().
/// @return SHED_OK; SHED_E_RANGE (level, or a parameter); SHED_E_UNSUPPORTED (this profile cannot play this kind, or none
///         of its scores fits the profile's range); SHED_E_FORMAT (a score does not parse); SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_drill_make(const shed_drill_kind *kind, const shed_drill_request *request,
                                           const shed_alloc *alloc, shed_prompt *out, shed_error *err);

/// What is asked, without id, seed, generator and titles: two prompts are the same item when these are equal.
/// The caller frees it with shed_json_free().
shed_json *shed_drill_item(const shed_prompt *prompt);

#endif
