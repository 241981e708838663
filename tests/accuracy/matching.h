/// Onsets and notes that were found against those that are true: one to one, and as many pairs as there can be.
///
/// After mir_eval (Raffel et al. 2014, ISMIR): an onset is right within a tolerance; a note is right when its onset lies within
/// 50 ms and its pitch within 50 cents, and, where asked, its end within 50 ms or a fifth of its length.
#ifndef SHED_TEST_MATCHING_H
#define SHED_TEST_MATCHING_H

#include "engine/task/take.h"

#include <stdbool.h>

typedef enum { MATCH_50, MATCH_25, MATCH_10, MATCH_TOLERANCES } match_tolerance;
extern const double MATCH_TOLERANCE_S[MATCH_TOLERANCES];

typedef struct {
  double onset_s, offset_s;
  double midi;                      ///< with cents as its fraction; below 0 unpitched
  bool   slurred;                   ///< true notes only: begins without a gap or an attack
  bool   repeated;                  ///< true notes only: the same pitch as the one before
  double confidence;                ///< found notes only
  double vibrato_hz, vibrato_cents; ///< 0 without
} match_note;

typedef struct {
  long truth, found;
  long hits[MATCH_TOLERANCES];
  long slurs, slurs_hit, repeats, repeats_hit; ///< of the true onsets, within 50 ms
} onset_score;

typedef struct {
  long truth, found;
  long hits, hits_offset; ///< onset and pitch; onset, pitch and end
} note_score;

/// Numbers that grow in a list; zero-initialised is empty.
typedef struct {
  double *v;
  int     n, cap;
} number_list;

void   numbers_add(number_list *l, double v);
void   numbers_free(number_list *l);
double numbers_quantile(number_list *l, double q); ///< sorts @p l; NaN when empty

/// Pair sorted times one to one within @p tolerance_s, as many pairs as there can be.
/// @param[out] of  n indices into @p found, -1 without. @return the number of pairs.
int match_times(const double *truth, int n, const double *found, int m, double tolerance_s, int *of);
/// The same for notes; with @p ends their ends must agree too.
int match_notes(const match_note *truth, int n, const match_note *found, int m, bool ends, int *of);

onset_score match_score_onsets(const match_note *truth, int n, const double *found, int m);
note_score  match_score_notes(const match_note *truth, int n, const match_note *found, int m);
void        match_add_onsets(onset_score *to, const onset_score *from);
void        match_add_notes(note_score *to, const note_score *from);

/// How late the found onsets are: for each true one and the found one that are each other's nearest, within 120 ms.
void match_lateness(const match_note *truth, int n, const double *found, int m, number_list *late_s);

double match_f(long hits, long truth, long found); ///< F-measure; 0 without any
double match_share(long part, long of);            ///< NaN of nothing

/// What our ear heard, in the shape that is compared. @return the number written, at most @p max.
int match_onsets_of(const shed_take *take, double *times_s, double *confidence, int max);
int match_notes_of(const shed_take *take, match_note *out, int max);

double match_midi_of(double f0_hz); ///< -1 of no pitch

#endif
