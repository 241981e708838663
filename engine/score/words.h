/// What the words over a staff mean for playing: navigation, free time, swing. One list for every reader.
#ifndef SHED_SCORE_WORDS_H
#define SHED_SCORE_WORDS_H

/// A set; one text may mean several things ("D.S. al Coda").
typedef enum {
  SHED_WORDS_DA_CAPO    = 1 << 0,
  SHED_WORDS_DAL_SEGNO  = 1 << 1,
  SHED_WORDS_AL_FINE    = 1 << 2,
  SHED_WORDS_AL_CODA    = 1 << 3,
  SHED_WORDS_FINE       = 1 << 4,
  SHED_WORDS_TO_CODA    = 1 << 5,
  SHED_WORDS_CODA       = 1 << 6,
  SHED_WORDS_SEGNO      = 1 << 7,
  SHED_WORDS_FREE_BEGIN = 1 << 8, ///< rit., rall., accel., a piacere, rubato, cadenza ...
  SHED_WORDS_FREE_END   = 1 << 9, ///< a tempo, tempo primo, in tempo
  SHED_WORDS_SWING      = 1 << 10,
  SHED_WORDS_STRAIGHT   = 1 << 11
} shed_words;

/// Read @p text (UTF-8; case, points and spacing do not matter). 0: nothing that concerns playing.
unsigned shed_words_meaning(const char *text);

#endif
