#include "engine/score/words.h"

#include "engine/base/attrs.h"

#include "tests/support/check.h"

static void
words_mean_what_a_player_takes_them_for(void **state)
{
  static const struct {
    const char *text;
    unsigned    meaning;
  } rows[] = {
      {"D.C. al Fine", SHED_WORDS_DA_CAPO | SHED_WORDS_AL_FINE},
      {"d. c. al coda", SHED_WORDS_DA_CAPO | SHED_WORDS_AL_CODA},
      {"Da Capo", SHED_WORDS_DA_CAPO},
      {"D.S. al Coda", SHED_WORDS_DAL_SEGNO | SHED_WORDS_AL_CODA},
      {"DS al Fine", SHED_WORDS_DAL_SEGNO | SHED_WORDS_AL_FINE},
      {"Dal segno coda", SHED_WORDS_DAL_SEGNO},
      {"FINE", SHED_WORDS_FINE},
      {"Fine.", SHED_WORDS_FINE},
      {"a fine tune", 0},
      {"To Coda", SHED_WORDS_TO_CODA},
      {"Coda", SHED_WORDS_CODA},
      {"rit.", SHED_WORDS_FREE_BEGIN},
      {"molto rall.", SHED_WORDS_FREE_BEGIN},
      {"poco a poco accel.", SHED_WORDS_FREE_BEGIN},
      {"string.", SHED_WORDS_FREE_BEGIN},
      {"on the G string", 0},
      {"a tempo", SHED_WORDS_FREE_END},
      {"Tempo I", SHED_WORDS_FREE_END},
      {"Tempo di Marcia", 0},
      {"Medium Swing", SHED_WORDS_SWING},
      {"straight 8ths", SHED_WORDS_STRAIGHT},
      {"espr.", 0},
      {"", 0},
      {"   ...  ", 0},
      {"Größer, schneller", 0},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    unsigned meaning = shed_words_meaning(rows[i].text);
    if (meaning != rows[i].meaning) {
      fail_msg("\"%s\" means %#x, expected %#x", rows[i].text, meaning, rows[i].meaning);
    }
  }
}

static void
prose_is_no_mark(void **state)
{
  char text[1000];
  (void)state;
  memset(text, 'x', sizeof(text));
  memcpy(text, "rit. ", 5);
  text[sizeof(text) - 1] = '\0';
  assert_int_equal(shed_words_meaning(text), 0);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(words_mean_what_a_player_takes_them_for),
      cmocka_unit_test(prose_is_no_mark),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
