/// What notes are fitted on: sound with known notes, heard once, kept as the frames that the note finder is pushed.
#ifndef ACCURACY_NOTES_ITEMS_H
#define ACCURACY_NOTES_ITEMS_H

#include "engine/dsp/notes_internal.h"

enum { NOTES_ITEMS_MAX = 800, NOTES_EVENTS_MAX = 4096 };

typedef struct {
  double onset_s, offset_s, midi; // midi 0: unpitched
  bool   slurred;
} notes_label;

typedef struct {
  char           name[64];
  int            kind; // a corpus_ear_class; -1: real singing
  bool           clean;
  shed_notes_in *in;
  int            n;
  float         *power, *treble; // of the envelope's steps
  int64_t        steps;
  notes_label   *labels;
  int            n_labels;
  double         tuning; // the labels' own, semitones
} notes_item;

/// What the finder says of an item.
typedef struct {
  struct {
    double     onset_s, told_s; // told_s: how much sound had come by then
    notes_cues cues;
    int64_t    frame;
  } onset[NOTES_EVENTS_MAX];
  shed_notes_out note[NOTES_EVENTS_MAX];
  float          evidence[NOTES_EVENTS_MAX][NOTES_EVIDENCE]; // of each note
  int            onsets, notes;                              // pitched notes
} notes_heard;

/// Hear all: real singing where it is at hand, and the fitting half of the ear's corpus.
int notes_items_gather(notes_item *out, int max);
/// Keep them in a file of this machine, and have them back. @return false, 0: not written, not there.
bool notes_items_keep(const char *path, const notes_item *items, int n);
int  notes_items_kept(const char *path, notes_item *out, int max);
void notes_items_try(const notes_item *it, const notes_costs *costs, const notes_times *times,
                     notes_heard *out);

#endif
