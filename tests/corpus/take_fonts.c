// About this file: MuseScore General as Debian packs it, and how far off it plays each note.
#include "tests/corpus/take_fonts.h"

#include "engine/base/file.h"

#include <stdio.h>
#include <stdlib.h>

static const char FILE_NAME[] = "MuseScore_General_Lite.sf3";
static const char PACKAGE[]   = "musescore-general-soundfont-small";

static const struct {
  short program, midi;
  float cents;
} CENTS[] = {
#define CORPUS_FONT_CENTS(program, midi, cents) {program, midi, cents},
#include "tests/corpus/musescore_cents.def"
#undef CORPUS_FONT_CENTS
    {-1, -1, 0}};

shed_status
corpus_second_font(char *path, size_t size, shed_error *err)
{
  const char *own = getenv("WOODSHED_SOUNDFONTS");
  (void)snprintf(path, size, "%s/%s", own && own[0] ? own : "/usr/share/sounds/sf3", FILE_NAME);
  return shed_file_exists(path) ? SHED_OK
                                : shed_fail(err, SHED_E_NOTFOUND, path,
                                            "this sound font is not installed: apt-get install %s", PACKAGE);
}

double
corpus_second_font_cents(int program, int midi)
{
  for (size_t i = 0; i < SHED_COUNTOF(CENTS); i++) {
    if (CENTS[i].program == program && CENTS[i].midi == midi) {
      return (double)CENTS[i].cents;
    }
  }
  return 0;
}
