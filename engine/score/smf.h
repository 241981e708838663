/// A Standard MIDI File 1.0 as it stands: notes, tempo, metres, keys, tracks. Used by the score's reader (smf_score.c) and by
/// takes that a keyboard played. MIDI Manufacturers Association, RP-001 (1996).
///
/// Formats 0 and 1; 2 (unrelated patterns) is refused. Division in ticks a quarter or in SMPTE frames. Running status also
/// behind meta and system exclusive events, as many writers have it; system exclusive, controllers and unknown meta
/// events and chunks are skipped; a RIFF wrapper (.rmi) is taken off. What is damaged in a plain way is read as far as it
/// goes and told: no end of track, a chunk longer or shorter than it says, fewer tracks than said, a note never ended.
#ifndef SHED_SCORE_SMF_H
#define SHED_SCORE_SMF_H

#include "engine/base/alloc.h"

#include <stdbool.h>
#include <stdint.h>

enum {
  SHED_SMF_CHANNELS     = 16,
  SHED_SMF_DRUMS        = 9,       ///< the channel of percussion, from 0
  SHED_SMF_TEXT         = 80,      ///< bytes of a name, UTF-8, NUL counted
  SHED_SMF_MAX_NOTES    = 1000000, ///< more is SHED_E_LIMIT
  SHED_SMF_MAX_TRACKS   = 4096,
  SHED_SMF_MAX_TEMPOS   = 200000,
  SHED_SMF_MAX_SIGNS    = 4096,   ///< time and key signatures
  SHED_SMF_MAX_QUARTERS = 100000, ///< from start to end: four hours at 400 a minute
  SHED_SMF_WARNINGS     = 16
};

/// A note that sounds: a key struck again while it is held ends there and begins anew.
typedef struct {
  uint64_t on, off; ///< ticks; off > on
  double   on_s, off_s;
  uint16_t track;   ///< from 0
  uint8_t  channel; ///< from 0
  uint8_t  key;     ///< 0..127
  uint8_t  velocity;
} shed_smf_note;

typedef enum {
  SHED_SMF_TEMPO, ///< a: microseconds a quarter
  SHED_SMF_TIME,  ///< a: beats, b: beat type
  SHED_SMF_KEY    ///< a: fifths -7..7, b: 1 minor
} shed_smf_change_kind;

typedef struct {
  shed_smf_change_kind kind;
  uint64_t             tick;
  uint16_t             track;
  int                  a, b;
  size_t               order; ///< in the file
} shed_smf_change;

typedef struct {
  char name[SHED_SMF_TEXT];       ///< meta 03; "" none
  char instrument[SHED_SMF_TEXT]; ///< meta 04; "" none
  bool has_keys;                  ///< it tells key signatures
} shed_smf_track;

typedef struct {
  size_t byte;
  char   what[120];
} shed_smf_warning;

typedef struct {
  const shed_alloc *alloc;
  int               format;         ///< 0 or 1
  int               ticks;          ///< a quarter; of SMPTE time half a second
  bool              smpte;          ///< ticks are seconds' parts: tempo does not move them
  double            ticks_a_second; ///< of SMPTE time; else 0
  shed_smf_note    *notes;          ///< by on, then track, channel, key
  size_t            n_notes;
  shed_smf_change  *changes; ///< by tick; at one tick in the file's order
  size_t            n_changes;
  shed_smf_track   *tracks;
  size_t            n_tracks;
  uint64_t          end; ///< tick at which the last note ends
  shed_smf_warning  warnings[SHED_SMF_WARNINGS];
  int               n_warnings;
  int               n_warnings_more;
} shed_smf;

/// Whether these bytes begin a MIDI file.
bool shed_smf_is(const void *data, size_t n);

/// @param name in errors: "name: byte 1234".
/// @return SHED_OK; SHED_E_FORMAT, SHED_E_UNSUPPORTED (format 2), SHED_E_LIMIT, SHED_E_NOMEM. The caller frees *out with
///         shed_smf_free().
SHED_NODISCARD shed_status shed_smf_parse(const void *data, size_t n, const char *name,
                                          const shed_alloc *alloc, shed_smf *out, shed_error *err);
void                       shed_smf_free(shed_smf *smf); ///< a zeroed one is legal

#endif
