// How well the ear hears pitch, against known truth and against peers on the same sound in the same run.
//
// The corpus is tests/corpus/ear.h; the measures are pitch_metrics.def, the peers pitch_peers.def, the figures to be
// reached pitch_targets.def. Without arguments everything is printed; the first run takes some minutes, for the peers'
// sake, whose tracks are then kept in the build folder.
#include "tests/accuracy/pitch_tables.h"
#include "tests/accuracy/pitch_tones.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORST = 10, WORST_OF_OWN = 25, SAMPLE_EVERY = 2, MAY_MISS = 4 };

static const char USAGE[] =
    "usage: accuracy_ear              everything: tones, all tables, all peers, targets, calibration\n"
    "       accuracy_ear own [WORD..] Woodshed alone, no peers: items with each WORD in name, group, half or "
    "harm\n"
    "       accuracy_ear with [WORD..] the same with all peers, whose tracks are kept for the next run\n"
    "       accuracy_ear sample       a part that fits in a minute and a half, with committed floors\n"
    "       accuracy_ear plot         the calibration pictures of docs/accuracy.md\n"
    "       accuracy_ear tones        exact tones alone\n";

static void
print_cost(const pitch_run *run)
{
  if (run->timed_s > 0) {
    printf("\ncost on %.0f s of it, one after the other: Woodshed (pitch, onsets, notes) %.4f CPU s a "
           "second, aubio yinfft "
           "4096 (pitch) %.4f: %.1f times\n",
           run->timed_s, run->timed_own_cpu_s / run->timed_s, run->timed_peer_cpu_s / run->timed_s,
           run->timed_own_cpu_s / run->timed_peer_cpu_s);
  }
}

static void
print_worst(const pitch_scores *scores, size_t most)
{
  printf("\nthe worst clean items, both halves\n");
  pitch_print_worst(scores, 1U << CORPUS_EAR_CLEAN, most);
  printf("\nthe worst harmed items, both halves\n");
  pitch_print_worst(scores, PITCH_ALL_HARMS & ~(1U << CORPUS_EAR_CLEAN), most);
}

// At most four figures may miss, and none of those that count most.
static int
everything(void)
{
  pitch_choice choice = {.peers = true, .cache_dir = PITCH_CACHE_DIR};
  pitch_run    run;
  pitch_scores scores;
  int          grave, bad = pitch_print_tones(false);
  pitch_run_make(&run, &choice);
  pitch_scores_make(&scores, &run);
  printf("\n");
  pitch_print_heading(&scores);
  pitch_print_groups(&scores);
  pitch_print_registers(&scores);
  pitch_print_hardness(&scores);
  print_worst(&scores, WORST);
  printf("\n");
  pitch_print_beliefs(&run, true);
  print_cost(&run);
  bad += pitch_print_targets(&scores, &grave) > MAY_MISS;
  pitch_scores_free(&scores);
  pitch_run_free(&run);
  return bad + grave;
}

static int
some(char **words, int n, bool peers)
{
  pitch_choice choice = {.peers = peers, .cache_dir = PITCH_CACHE_DIR};
  pitch_run    run;
  pitch_scores scores;
  int          grave;
  for (int i = 0; i < n && i < PITCH_WORDS_MAX; i++) {
    choice.words[choice.n_words++] = words[i];
  }
  pitch_run_make(&run, &choice);
  pitch_scores_make(&scores, &run);
  pitch_print_heading(&scores);
  pitch_print_groups(&scores);
  pitch_print_registers(&scores);
  print_worst(&scores, WORST_OF_OWN);
  printf("\n");
  pitch_print_beliefs(&run, false);
  pitch_print_targets(&scores, &grave);
  printf("Woodshed took %.1f CPU s for %.0f s of sound\n", run.own_cpu_s, run.sound_s);
  pitch_scores_free(&scores);
  pitch_run_free(&run);
  return 0;
}

static int
sample(void)
{
  pitch_choice choice = {.every = SAMPLE_EVERY, .lean = true, .one_peer = "yinfft 4096"};
  pitch_run    run;
  pitch_scores scores;
  int          bad = pitch_print_tones(true);
  pitch_run_make(&run, &choice);
  pitch_scores_make(&scores, &run);
  pitch_print_heading(&scores);
  print_worst(&scores, WORST);
  printf("\n");
  bad += pitch_check_floors(&scores);
  pitch_scores_free(&scores);
  pitch_run_free(&run);
  return bad;
}

static int
plot(void)
{
  pitch_choice choice = {.words = {CORPUS_EAR_HALF_NAME[CORPUS_EAR_REPORT]}, .n_words = 1};
  pitch_run    run;
  pitch_run_make(&run, &choice);
  pitch_print_beliefs(&run, true);
  pitch_run_free(&run);
  return 0;
}

int
main(int argc, char **argv)
{
  const char *mode = argc > 1 ? argv[1] : "";
  if (argc < 2) {
    return everything() ? 1 : 0;
  }
  if (strcmp(mode, "own") == 0 || strcmp(mode, "with") == 0) {
    return some(argv + 2, argc - 2, strcmp(mode, "with") == 0);
  }
  if (strcmp(mode, "sample") == 0) {
    return sample() ? 1 : 0;
  }
  if (strcmp(mode, "plot") == 0) {
    return plot();
  }
  if (strcmp(mode, "tones") == 0) {
    return pitch_print_tones(false) ? 1 : 0;
  }
  fputs(USAGE, stderr);
  return 2;
}
