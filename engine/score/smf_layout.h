/// From ticks to measures and written lengths. Inside engine/score only.
#ifndef SHED_SCORE_SMF_LAYOUT_H
#define SHED_SCORE_SMF_LAYOUT_H

#include "engine/music/beat.h"
#include "engine/score/smf.h"

typedef struct {
  shed_beat start, length; ///< quarters from the start of the file
  int       beats, beat_type;
} shed_smf_measure;

typedef struct {
  shed_smf_measure *measures;
  size_t            n;
  bool              pickup; ///< the first measure is the end of one of the second's metre
} shed_smf_layout;

/// Measures by the time signatures, 4/4 before the first, until all notes have ended. A signature within a measure begins a
/// new one.
/// @return SHED_OK; SHED_E_LIMIT (more than SHED_SCORE_MAX_MEASURES), SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_smf_lay_out(const shed_smf *smf, const shed_alloc *alloc,
                                            shed_smf_layout *out);
void                       shed_smf_layout_free(shed_smf_layout *layout, const shed_alloc *alloc);

/// The measure that holds a moment; the last for all behind it.
int shed_smf_measure_at(const shed_smf_layout *layout, shed_beat at);

/// A moment as it stands, quarters.
shed_beat shed_smf_quarters(const shed_smf *smf, uint64_t tick);

/// A note as one would write it.
typedef struct {
  shed_beat at, length; ///< quarters
  size_t    note;       ///< in smf.notes
  bool      off_beat;   ///< it stood on no beat, nor on a part of one, and was moved
} shed_smf_written;

/// All notes, by track, channel, place, key.
/// @param[out] out smf->n_notes of them; the caller frees it. @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_smf_write(const shed_smf *smf, const shed_alloc *alloc,
                                          shed_smf_written **out);

#endif
