/// A MusicXML file's bytes as XML's own rules want them. Inside the MusicXML reader only.
#ifndef SHED_SCORE_MUSICXML_BYTES_H
#define SHED_SCORE_MUSICXML_BYTES_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
  const char *data; ///< within the file
  size_t      n;
  const char *encoding; ///< NULL: as the file says
  bool        cut;      ///< something was behind the score's end
} musicxml_bytes;

/// What other programs forgive: blanks before the XML declaration, anything behind the end of the score, and Latin-1 that says
/// it is UTF-8 or nothing. UTF-16 is left as it is.
musicxml_bytes musicxml_bytes_of(const char *data, size_t n);

#endif
