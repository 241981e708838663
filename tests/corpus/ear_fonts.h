/// Notes of a sound font, each by itself, for the ear's corpus. Inside tests/corpus only.
#ifndef CORPUS_EAR_FONTS_H
#define CORPUS_EAR_FONTS_H

#include "tests/corpus/ear_mix.h"

enum {
  CORPUS_EAR_NOISY = -1, ///< for a program: drums and claps that have no pitch
  CORPUS_EAR_KIT   = -2  ///< a drum kit; some of it rings
};

/// What was rendered: of event i, n[i] samples from the key's fall on, which is the moment early_s before it is wanted.
typedef struct {
  float *x;
  int    at[CORPUS_EAR_EVENTS_MAX], n[CORPUS_EAR_EVENTS_MAX];
  bool   rings[CORPUS_EAR_EVENTS_MAX]; ///< a drum with something of a pitch
} corpus_ear_slots;

/// Render each event alone with the half's font, in the tune that events give (the font's own mistuning is taken off). A tied
/// one begins @p early_s earlier, so that its attack can be left out. @return SHED_OK; SHED_E_NOTFOUND: err names the
/// Debian package; SHED_E_NOMEM. The caller frees out->x with shed_free(NULL, ...).
SHED_NODISCARD shed_status corpus_ear_slots_render(corpus_ear_half font, int program,
                                                   const corpus_ear_event *events, int n, double early_s,
                                                   shed_rng *rng, corpus_ear_slots *out, shed_error *err);
/// How far off the font plays a note by itself, cents (ear_font_cents.def); 0 where it was not measured.
double corpus_ear_font_cents(corpus_ear_half font, int program, int midi);
/// Path of the half's font. Folder: WOODSHED_SOUNDFONTS in the environment, else /usr/share/sounds/sf2.
SHED_NODISCARD shed_status corpus_ear_font(corpus_ear_half half, char *path, size_t size, shed_error *err);

#endif
