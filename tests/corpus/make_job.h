/// What corpus_make is asked for. Inside this program only.
#ifndef CORPUS_MAKE_JOB_H
#define CORPUS_MAKE_JOB_H

#include "tests/corpus/perform.h"

enum { CORPUS_DEGRADATIONS_MAX = 16, CORPUS_DEGRADATION_TEXT = 64 };

typedef struct {
  const char *path; ///< ".mid": a keyboard's file, without sound
  const char *truth, *abc;
  const char *score, *part, *measures; ///< score NULL: a tune or a prompt
  corpus_tune tune;
  bool        as_asked; ///< the tune comes from a prompt: it is not moved into the instrument's range
  const corpus_instrument *instrument;       ///< NULL until chosen: the prompt's, or a flute
  corpus_instrument        own;              ///< made from --program, or from the prompt's profile
  double                   bpm;              ///< 0 until chosen: the prompt's, or 96
  double                   lead_in_s;        ///< NaN until chosen: where the prompt's click starts, or 0.5
  double                   share;            ///< of notes with a mistake by chance
  double                   squeaks, breaths; ///< shares of notes and gaps
  int                      rate_hz;
  uint64_t                 seed;
  corpus_human             human;
  bool                     exact;
  corpus_mistake           mistakes[CORPUS_MISTAKES_MAX];
  size_t                   n_mistakes;
  char                     degrade[CORPUS_DEGRADATIONS_MAX][CORPUS_DEGRADATION_TEXT];
  size_t                   n_degrade;
} corpus_job;

extern const char CORPUS_MAKE_USAGE[];

/// Read the command line. @return SHED_OK, or what is wrong with it: err->what is empty when the usage says it all.
SHED_NODISCARD shed_status corpus_job_read(corpus_job *j, int argc, char **argv, shed_error *err);
/// Take tune, tempo, instrument and start from a prompt as `woodshed drill show ID --json` prints it.
SHED_NODISCARD shed_status corpus_job_prompt(corpus_job *j, const char *path, shed_error *err);
/// Take the tune, and unless --bpm says otherwise its tempo, from a score as `woodshed score` reads it.
SHED_NODISCARD shed_status corpus_job_score(corpus_job *j, shed_error *err);
/// Write the performance as a keyboard's MIDI file: a thousand ticks a second, the velocities, no pedal.
SHED_NODISCARD shed_status corpus_job_midi(const corpus_job *j, const corpus_performance *p, shed_error *err);
/// Items of the ear's corpus: all names on standard output; one as PREFIX.wav, PREFIX.truth-f0.csv, PREFIX.truth-notes.csv
/// and where there is a metronome PREFIX.click.csv. @return the exit status.
int corpus_ear_list(void);
int corpus_ear_write(const char *name, const char *prefix);

#endif
