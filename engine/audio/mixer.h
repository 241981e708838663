/// What the loudspeaker is given: tracks of sound and a metronome, each from its own frame on, added up to the sample. It is a
/// function of the frame that is asked for, so what plays is always where it belongs, also after a device was lost.
///
///     shed_mixer_new(&mixer, rate_hz, NULL);
///     shed_mixer_add_line(mixer, &mine, program, 0, music_frame, 0.0F, &my_track, err);
///     shed_mixer_add_line(mixer, &other, program, 0, music_frame, -12.0F, &other_track, err);
///     shed_mixer_metronome(mixer, &metronome, 0.0F);
///     opts.play = shed_mixer_run, opts.play_ctx = mixer;
#ifndef SHED_AUDIO_MIXER_H
#define SHED_AUDIO_MIXER_H

#include "engine/audio/metronome.h"
#include "engine/audio/render.h"
#include "engine/base/alloc.h"

enum { SHED_MIXER_TRACKS = 32, SHED_MIXER_CLICKS = -1 };
#define SHED_MIXER_OFF_DB (-120.0F) // and below: silent

typedef struct shed_mixer shed_mixer;

/// @param rate_hz 8000..192000, that of the stream. @return SHED_OK, SHED_E_RANGE, SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_mixer_new(shed_mixer **out, int rate_hz, const shed_alloc *alloc);
void                       shed_mixer_free(shed_mixer *mixer); ///< NULL is legal

// -- before anything plays ---------------------------------------------------------------------------------------------

/// @param x  @p n mono samples at the mixer's rate; borrows until shed_mixer_free().
/// @param[out] track  its number; may be NULL. @return SHED_OK, SHED_E_LIMIT (too many tracks).
SHED_NODISCARD shed_status shed_mixer_add(shed_mixer *mixer, const float *x, size_t n, uint64_t at_frame,
                                          float gain_db, int *track);
/// A part of a score through FluidSynth, its second 0 at @p at_frame. Its notes begin within 32 samples of their time, which
/// is how FluidSynth cuts time. Statuses also as shed_render_line(); a rate over 96 kHz is SHED_E_RANGE.
SHED_NODISCARD shed_status shed_mixer_add_line(shed_mixer *mixer, const shed_line *line, int program,
                                               int drum_key, uint64_t at_frame, float gain_db, int *track,
                                               shed_error *err);
/// @return SHED_OK, SHED_E_RANGE (not a valid metronome).
SHED_NODISCARD shed_status shed_mixer_metronome(shed_mixer *mixer, const shed_metronome *m, float gain_db);

// -- while it plays ----------------------------------------------------------------------------------------------------

/// Louder or softer, from the next block on, over 10 ms: mine loud, the others soft, a part alone, no click.
/// @param track  from shed_mixer_add(), or SHED_MIXER_CLICKS. Thread: any. Real-time: yes.
SHED_RT void shed_mixer_gain(shed_mixer *mixer, int track, float gain_db);
/// A shed_live_play; @p mixer is the shed_mixer. What it gives may go beyond full scale where much sounds at once.
/// Thread: one. Real-time: yes.
SHED_RT void shed_mixer_run(void *mixer, uint64_t at_frame, float *out, size_t n);

/// The frame behind the last track's last sample.
uint64_t shed_mixer_end(const shed_mixer *mixer);

#endif
