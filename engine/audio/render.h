/// Notes to sound through FluidSynth, without a sound card: what a drill sounds, and the sampled instruments of the tests.
///
/// The same notes give the same bits on the same machine. Reverb and chorus are off. A note begins on the nearest multiple
/// of 64 samples (1.5 ms at 44.1 kHz), which is how the synthesiser cuts time. The sound font's own tuning stands: samples
/// of a small font lie a few cents off, and wind and string samples speak some milliseconds late.
#ifndef SHED_AUDIO_RENDER_H
#define SHED_AUDIO_RENDER_H

#include "engine/audio/file.h"
#include "engine/score/score.h"

/// One note. A plain value; in any order.
typedef struct {
  double onset_s;    ///< 0 and up
  double duration_s; ///< until the key is let go; the release sounds on
  int    midi;       ///< 0..127; with percussion the General MIDI drum key
  int    velocity;   ///< 1..127
  double cents;      ///< off the equal-tempered midi at A4 = 440, -200..200; sounds within half a cent of it
  int    program;    ///< General MIDI, 0..127 (0 the grand piano); ignored with percussion
  bool   percussion; ///< channel 10
} shed_render_note;

typedef struct {
  const char *soundfont; ///< path of an .sf2; NULL: General MIDI as installed
  int         rate_hz;   ///< 8000..96000
  double      tail_s;    ///< sound after the last note is let go, 0..60
  double      gain;      ///< FluidSynth's, 0..10; 0: 0.6, where a loud piano chord stays under full scale
} shed_render_opts;

/// Where Debian puts a General MIDI font; WOODSHED_SOUNDFONT in the environment goes first. @return SHED_OK, or
/// SHED_E_NOTFOUND with the package to install.
SHED_NODISCARD shed_status shed_render_soundfont(char *path, size_t size, shed_error *err);

/// Both sides of the stereo picture together as mono. @p out starts at second 0 and ends tail_s after the last note.
/// @return SHED_OK; SHED_E_NOTFOUND (no sound font: err names the package); SHED_E_FORMAT (not a sound font);
///         SHED_E_RANGE (a value outside its range: err names the note); SHED_E_LIMIT (over 4 hours); SHED_E_NOMEM.
SHED_NODISCARD shed_status shed_render_notes(const shed_render_note *notes, size_t n,
                                             const shed_render_opts *opts, const shed_alloc *alloc,
                                             shed_sound *out, shed_error *err);

/// A line as written, in its own seconds: staccato halves a note, others sound for nine tenths; grace notes come just
/// before their principal; accents are louder. Unpitched notes sound as the drum key @p drum_key.
/// @param program  for the pitched notes. Statuses as shed_render_notes().
SHED_NODISCARD shed_status shed_render_line(const shed_line *line, int program, int drum_key,
                                            const shed_render_opts *opts, const shed_alloc *alloc,
                                            shed_sound *out, shed_error *err);

#endif
