/// The pitch tables as they are printed.
#ifndef SHED_TEST_PITCH_TABLES_H
#define SHED_TEST_PITCH_TABLES_H

#include "tests/accuracy/pitch_scores.h"

/// Who was heard on what, with which shift and threshold; what is not installed; the columns in words.
void pitch_print_heading(const pitch_scores *scores);
/// All measures of all trackers, by group, harm, fast, traps; one half after the other.
void pitch_print_groups(const pitch_scores *scores);
void pitch_print_registers(const pitch_scores *scores);
/// The @p most worst items of ours among those of @p harms.
void pitch_print_worst(const pitch_scores *scores, unsigned harms, size_t most);
/// Is the corpus as hard as the one that the targets were set on? yinfft 4096 on each group of the same kind.
void pitch_print_hardness(const pitch_scores *scores);
/// The figures to be reached, with interval, the other half and the best peer.
/// @return how many are missed; *grave of them such as may never be.
int pitch_print_targets(const pitch_scores *scores, int *grave);
/// How sure the ear says it is, against how often it is right: one picture for all, and by harm.
void pitch_print_beliefs(const pitch_run *run, bool by_harm);
/// The part of the committed floors (pitch_floors.def) that is not held is printed. @return how many.
int pitch_check_floors(const pitch_scores *scores);

#endif
