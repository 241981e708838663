/// Who plays now: a loudspeaker that runs all the time, and one mixer after another on it, each from its own frame on.
///
///     shed_stage_new(&stage, NULL);
///     opts.play = shed_stage_run, opts.play_ctx = stage;
///     ...
///     shed_stage_play(stage, mixer, at_frame);   // its frame 0 sounds at the stream's frame at_frame
#ifndef SHED_AUDIO_STAGE_H
#define SHED_AUDIO_STAGE_H

#include "engine/audio/mixer.h"

typedef struct shed_stage shed_stage;

/// @return SHED_OK, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_stage_new(shed_stage **out, const shed_alloc *alloc);
/// When the stream has stopped. Frees the mixers. NULL is legal.
void shed_stage_free(shed_stage *stage);
/// In place of the one before. @param mixer taken; NULL: silence. Thread: one. Waits until the callback has left the one before the
/// last, where it is asked so often: a block's length.
void shed_stage_play(shed_stage *stage, shed_mixer *mixer, uint64_t at_frame);
/// A shed_live_play; @p stage is the shed_stage. Thread: one. Real-time: yes.
SHED_RT void shed_stage_run(void *stage, uint64_t at_frame, float *out, size_t n);

#endif
