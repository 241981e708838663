/// The inside of the MIDI file's reader: bytes and events. Inside engine/score only.
#ifndef SHED_SCORE_SMF_READ_H
#define SHED_SCORE_SMF_READ_H

#include "engine/score/smf.h"

/// A key that is down, and those that it was struck on while it was.
typedef struct {
  size_t   note;  ///< in smf.notes, plus 1; 0: up
  uint32_t owed;  ///< note-offs that belong to strokes that were cut short
  uint64_t spare; ///< tick of the last of these that came
} shed_smf_key;

typedef struct {
  const unsigned char *data;
  size_t               n, at;
  const char          *name;
  shed_error          *err;
  shed_smf            *smf;
  size_t               cap_notes, cap_changes, cap_tracks;
  size_t               n_tempos, n_signs;

  // of the track that is read
  uint64_t     tick;
  int          status; ///< running; 0 none
  bool         ended;  ///< its end was told
  shed_smf_key keys[SHED_SMF_CHANNELS][128];
} shed_smf_reader;

/// Fail at a byte. @return st.
shed_status shed_smf_fail(const shed_smf_reader *r, shed_status st, size_t byte, const char *fmt, ...)
    SHED_PRINTF(4, 5);
void shed_smf_warn(shed_smf_reader *r, size_t byte, const char *fmt, ...) SHED_PRINTF(3, 4);

/// One event at r->at, with its delta time; r->at moves behind it. r->n bounds it: an event that is cut off there is a
/// warning, and r->at is r->n.
SHED_NODISCARD shed_status shed_smf_event(shed_smf_reader *r, size_t track);
/// Keys that are still down end.
void shed_smf_release(shed_smf_reader *r);

/// Seconds of all notes from the tempo changes. @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_smf_time(shed_smf *smf);

#endif
