#include "engine/music/scale.h"

#include <string.h>

#define LIST(...)                                                                                            \
  {                                                                                                          \
    __VA_ARGS__                                                                                              \
  }
#define SIZE(...) (int)sizeof((signed char[]){__VA_ARGS__})

static const shed_scale scales[] = {
#define SHED_SCALE(id, name, mode, falls_as, letters, semitones)                                             \
  {#id, name, mode, SHED_SCALE_##falls_as, SIZE letters, LIST letters, LIST semitones},
#include "engine/music/scales.def"
#undef SHED_SCALE
};

enum { LETTERS = 7, SEMITONES = 12 };

const shed_scale *
shed_scale_get(shed_scale_id id)
{
  SHED_ASSERT(id < SHED_SCALE_COUNT);
  return &scales[id];
}

shed_status
shed_scale_find(const char *id, shed_scale_id *out)
{
  for (int i = 0; i < SHED_SCALE_COUNT; i++) {
    if (strcmp(scales[i].id, id) == 0) {
      *out = (shed_scale_id)i;
      return SHED_OK;
    }
  }
  return SHED_E_NOTFOUND;
}

shed_pitch
shed_scale_note(const shed_scale *scale, shed_pitch tonic, int degree)
{
  int octaves = degree / scale->n - (degree % scale->n < 0);
  int within  = degree - octaves * scale->n;
  return shed_pitch_transpose(tonic, scale->letters[within] + LETTERS * octaves,
                              scale->semitones[within] + SEMITONES * octaves);
}
