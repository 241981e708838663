// How soon the ear tells what, counted in samples of input after a note physically begins. bench_latency prints the same of
// many instruments.
#include "tests/corpus/synth.h"
#include "tests/support/check.h"
#include "tests/support/latency.h"

enum { RATE_HZ = 44100, LOW_MIDI = 33, HIGH_MIDI = 93, STEP = 4, NOTES = (HIGH_MIDI - LOW_MIDI) / STEP + 1 };
static const double NOTE_S = 0.4;
static const double EACH_S = 0.6071; // all places within a hop

typedef struct {
  latency_note note[NOTES];
  latency_told told[NOTES];
} set;

static void
hear(corpus_timbre timbre, set *s)
{
  corpus_tone tones[NOTES];
  shed_sound  x = {0};
  for (int i = 0; i < NOTES; i++) {
    double midi = LOW_MIDI + STEP * (i * 7 % NOTES); // leaps of all kinds
    double at   = 0.3 + EACH_S * i;
    tones[i]    = (corpus_tone){
           .timbre = timbre, .onset_s = at, .duration_s = NOTE_S - 0.03, .midi = midi, .level_db = -20};
    s->note[i] = (latency_note){at, at + NOTE_S, 440.0 * exp2((midi - 69.0) / 12.0)};
  }
  CHECK_OK(corpus_synth(tones, NOTES, RATE_HZ, 0.3 + EACH_S * NOTES + 0.5, 1, NULL, &x));
  CHECK_OK(latency_measure(x.x, x.n, RATE_HZ, s->note, NOTES, s->told));
  shed_sound_free(&x);
}

static void
check_provisional(corpus_timbre timbre, double in_time_least, double worst_s)
{
  set s;
  int in_time = 0;
  hear(timbre, &s);
  for (int i = 0; i < NOTES; i++) {
    double target = latency_target_s(s.note[i].hz);
    in_time += s.told[i].provisional <= target;
    if (!(s.told[i].provisional <= target + worst_s)) {
      fail_msg("%.1f Hz is told %.1f ms after its onset, wanted %.1f", s.note[i].hz,
               1e3 * s.told[i].provisional, 1e3 * target);
    }
  }
  if (in_time < in_time_least * NOTES) {
    fail_msg("%d of %d notes are told in time", in_time, (int)NOTES);
  }
}

static void
a_plucked_pitch_is_seen_in_time(void **state)
{
  (void)state;
  check_provisional(CORPUS_PLUCKED, 0.9, 0.015);
}

static void
a_blown_pitch_is_seen_in_time(void **state)
{
  (void)state;
  check_provisional(CORPUS_FLUTE, 0.8, 0.015);
}

static void
a_settled_frame_comes_60_ms_after_its_moment(void **state)
{
  (void)state;
  set s;
  hear(CORPUS_PLUCKED, &s);
  for (int i = 0; i < NOTES; i++) {
    if (!(s.told[i].frame <= 0.100)) {
      fail_msg("%.1f Hz is settled %.1f ms after its onset", s.note[i].hz, 1e3 * s.told[i].frame);
    }
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_plucked_pitch_is_seen_in_time),
      cmocka_unit_test(a_blown_pitch_is_seen_in_time),
      cmocka_unit_test(a_settled_frame_comes_60_ms_after_its_moment),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
