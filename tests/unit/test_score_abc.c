// The ABC reader: what is refused, passed over and warned of. What tunes sound like is in tests/fixtures/score.
#include "tests/support/check.h"

#include "engine/score/score.h"
#include "tests/support/fake_alloc.h"

#include <stdlib.h>

// Read a tune; NULL and the error's place and sentence in *err when it is refused.
static shed_score *
read_tune(const char *text, shed_error *err)
{
  shed_score *score = NULL;
  return shed_score_parse(text, strlen(text), "tune.abc", NULL, &score, err) == SHED_OK ? score : NULL;
}

// The first part's notes as MIDI numbers, for example "60 62 64".
static void
check_midi(const char *text, const char *expected)
{
  char           got[512] = "";
  shed_error     err      = {0};
  shed_selection sel      = {0};
  shed_line      line     = {0};
  shed_score    *score    = read_tune(text, &err);
  if (!score) {
    fail_msg("%s: %s: %s", text, err.where, err.what);
  }
  CHECK_OK(shed_score_perform(score, &sel, NULL, &line, &err));
  for (size_t i = 0; i < line.n_notes; i++) {
    size_t used = strlen(got);
    (void)snprintf(got + used, sizeof(got) - used, "%s%d", i ? " " : "", line.notes[i].midi);
  }
  if (strcmp(got, expected) != 0) {
    fail_msg("%s sounds %s, expected %s", text, got, expected);
  }
  shed_line_free(&line);
  shed_score_free(score);
}

static void
nonsense_is_refused_with_its_line(void **state)
{
  static const struct {
    const char *text;
    const char *where;
    const char *what;
  } table[] = {
      {"X:1\nT:t\nM:5/7\nK:C\nC|\n", "tune.abc:3", "\"5/7\" is not a metre"},
      {"X:1\nM:0/4\nK:C\nC|\n", "tune.abc:2", "\"0/4\" is not a metre"},
      {"X:1\nL:0\nK:C\nC|\n", "tune.abc:2", "\"0\" is not a note length"},
      {"X:1\nL:1/7\nK:C\nC|\n", "tune.abc:2", "\"1/7\" is not a note length"},
      {"X:1\nQ:1/4=fast\nK:C\nC|\n", "tune.abc:2", "\"1/4=fast\" is not a tempo"},
      {"X:1\nQ:1/4=0\nK:C\nC|\n", "tune.abc:2", "\"1/4=0\" is not a tempo"},
      {"X:1\nK:Gfoo\nC|\n", "tune.abc:2", "\"Gfoo\" is not a key"},
      {"X:1\nK:G#\nC|\n", "tune.abc:2", "\"G#\" is not a key"},
      {"X:1\nK:C ^\nC|\n", "tune.abc:2", "is not a key"},
      {"X:1\nK:C octave=99\nC|\n", "tune.abc:2", "\"octave=99\""},
      {"X:1\nP:A(B\nK:C\nC|\n", "tune.abc:2", "is not an order of parts"},
      {"X:1\nP:((A99)99)99\nK:C\nC|\n", "tune.abc:2", "is not an order of parts"},
      {"X:1\nU:1=!trill!\nK:C\nC|\n", "tune.abc:2", "is not a symbol"},
      {"X:1\nm:~g\nK:C\nC|\n", "tune.abc:2", "is not a macro"},
      {"X:1\nV:\nK:C\nC|\n", "tune.abc:2", "V: names no voice"},
      {"X:1\nT:no key\n\nCDE|\n", "tune.abc:3", "ends without a K: field"},
      {"X:1\nT:no key\n", "tune.abc:2", "has no K: field"},
      {"X:1\nK:C\nCDE|\n[CEG|\n", "tune.abc:4", "not closed by ']'"},
      {"X:1\nK:C\n{ab\n", "tune.abc:3", "not closed by '}'"},
      {"X:1\nK:C\n\"Am C|\n", "tune.abc:3", "not closed by a second"},
      {"X:1\nK:C\n[M:3/4 C|\n", "tune.abc:3", "not closed by ']'"},
      {"X:1\nK:C\nC/0|\n", "tune.abc:3", "is not the length of a note"},
      {"X:1\nK:C\nC99999|\n", "tune.abc:3", "is not the length of a note"},
      {"X:1\nK:C\nC''''''''|\n", "tune.abc:3", "no instrument reaches it"},
      {"X:1\nK:C\n(1CDE|\n", "tune.abc:3", "is not a tuplet"},
      {"X:1\nK:C\n(3:999:2CDE|\n", "tune.abc:3", "is not a tuplet"},
      {"X:1\nK:C\nC>>>>D|\n", "tune.abc:3", "4 times"},
      {"X:1\nK:C\nZ5000|\n", "tune.abc:3", "a rest of"},
      {"X:1\nK:C\n& C|\n", "tune.abc:3", "before the first measure"},
      {"X:1\nK:C\nC&D&E&F&G&A&B&c&d|\n", "tune.abc:3", "more than 8 voices"},
      {"%abc-2.1\nnothing that is a tune\n", "tune.abc:2", "holds no tune"},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(table); i++) {
    shed_error  err   = {0};
    shed_score *score = read_tune(table[i].text, &err);
    bool        right = !score && strcmp(err.where, table[i].where) == 0 && strstr(err.what, table[i].what);
    shed_score_free(score);
    if (!right) {
      fail_msg("%s gives \"%s: %s\", expected \"%s: ...%s...\"", table[i].text, err.where, err.what,
               table[i].where, table[i].what);
    }
  }
}

static void
a_zero_byte_is_no_text(void **state)
{
  static const char text[] = "%abc\nX:1\nK:C\nC\0D|\n";
  shed_score       *score  = NULL;
  shed_error        err    = {0};
  (void)state;
  CHECK_STATUS(shed_score_parse(text, sizeof(text) - 1, "tune.abc", NULL, &score, &err), SHED_E_FORMAT);
  assert_non_null(strstr(err.what, "zero byte"));
}

static void
the_content_tells_that_it_is_abc(void **state)
{
  static const char text[] = "X:1\nT:t\nK:C\nCDE|";
  shed_score       *score  = NULL;
  shed_error        err    = {0};
  (void)state;
  CHECK_OK(shed_score_parse(text, strlen(text), "tune.txt", NULL, &score, &err));
  assert_string_equal(shed_score_title(score), "t");
  shed_score_free(score);
}

// Not NUL-terminated: exactly n bytes may be read.
static void
exactly_the_bytes_given_are_read(void **state)
{
  static const char text[] = {'X', ':', '1', '\n', 'K', ':', 'C', '\n', 'C', ' ', 'D'};
  size_t            n      = sizeof(text);
  char             *bytes  = malloc(n);
  shed_score       *score  = NULL;
  shed_error        err    = {0};
  (void)state;
  assert_non_null(bytes);
  memcpy(bytes, text, n);
  CHECK_OK(shed_score_parse(bytes, n, "tune.abc", NULL, &score, &err));
  shed_score_free(score);
  free(bytes);
}

static void
line_ends_of_every_kind(void **state)
{
  (void)state;
  check_midi("X:1\r\nK:C\r\nCD|\r\nE|\r\n", "60 62 64");
  check_midi("X:1\rK:C\rCD|\rE|\r", "60 62 64");
  check_midi("X:1\nK:C clef=\vtreble\f stem\x01 up\nCD|\x02 E|\n",
             "60 62 64"); // control characters are blanks
  check_midi("\xef\xbb\xbfX:1\nK:C\nCD|\nE|", "60 62 64");
}

static void
what_is_not_understood_is_passed_over(void **state)
{
  (void)state;
  check_midi("X:1\nK:C\nC # D @ E ; F ? G\n", "60 62 64 65 67");
  check_midi("X:1\nK:C\nC \xc3\xa9 D N E\n", "60 62 64");
  check_midi("X:1\nK:C\nCDE]F\n", "60 62 64 65");
  check_midi("X:1\nK:C\n^z C - D) E > | F\n", "60 62 64 65");
  check_midi("X:1\nK:C\n[] [\"Am\"] C [z] D\n", "60 62");
}

static void
repeats_go_back_to_the_nearest_start(void **state)
{
  (void)state;
  check_midi("X:1\nL:1\nM:4/4\nK:C\nC|D:|\nE|F:|", "60 62 60 62 64 65 64 65");
  check_midi("X:1\nL:1\nM:4/4\nK:C\nC|D||E|F:|", "60 62 64 65 64 65");
  check_midi("X:1\nL:1\nM:4/4\nK:C\n|:C|D:|:E|F:|", "60 62 60 62 64 65 64 65");
  check_midi("X:1\nL:1\nM:4/4\nK:C\n|:C|D::E|F:|", "60 62 60 62 64 65 64 65");
  check_midi("X:1\nL:1\nM:4/4\nK:C\n|:C|D:||:E|F:|]", "60 62 60 62 64 65 64 65");
  check_midi("X:1\nL:1\nM:4/4\nK:C\nC|1D:|2E|F", "60 62 60 64 65");
  check_midi("X:1\nL:1\nM:4/4\nK:C\nC|[1D:|\n[2E||F:|", "60 62 60 64 65 65");
  check_midi("X:1\nL:1\nM:4/4\nK:C\n|:C|1D:|2E:|F|]", "60 62 60 64 65");
  check_midi("X:1\nL:1\nM:4/4\nK:C\n|: C ::| D |]", "60 60 60 62");
}

static void
the_signs_lead_the_way(void **state)
{
  (void)state;
  check_midi("X:1\nL:1\nM:4/4\nK:C\nC|!fine!D|E|!D.C.!F|]", "60 62 64 65 60 62");
  check_midi("X:1\nL:1\nM:4/4\nK:C\nC|D|!fine!|E|F|!D.C.!\n", "60 62 64 65 60 62");
  check_midi("X:1\nL:1\nM:4/4\nK:C\nC|SD|\"^To Coda\"E|F\"^D.S. al Coda\"|!coda!G|]", "60 62 64 65 62 64 67");
  check_midi("X:1\nL:1\nM:4/4\nK:C\nC !segno!|D|!dacoda!E|F!dalsegno!|OG|]", "60 62 64 65 62 64 67");
}

static void
parts_are_played_in_their_order(void **state)
{
  (void)state;
  check_midi("X:1\nP:ABA\nL:1\nM:4/4\nK:C\nP:A\nC|D|\nP:B\nE|", "60 62 64 60 62");
  check_midi("X:1\nP:BA\nL:1\nM:4/4\nK:C\nG|\nP:A\nC|[P:B]E|", "67 64 60");
  check_midi("X:1\nP:AXB\nL:1\nM:4/4\nK:C\nP:A\nC|\nP:B\nE|", "60 64"); // and a warning for X
  check_midi("X:1\nP:AB\nL:1\nM:4/4\nK:C\nC|E|", "60 64");              // no part is marked
}

static void
measures_are_chosen_by_their_numbers(void **state)
{
  static const char text[] = "X:1\nL:1/4\nM:4/4\nK:C\nG|CDEF|GAB:|c|defg|";
  shed_error        err    = {0};
  shed_selection    sel    = {.first_measure = "2", .last_measure = "2"};
  shed_line         line   = {0};
  shed_score       *score  = read_tune(text, &err);
  (void)state;
  assert_non_null(score);
  CHECK_OK(shed_score_perform(score, &sel, NULL, &line, &err));
  assert_int_equal(line.n_notes, 4); // both halves of the measure that the repeat sign cuts
  assert_int_equal(line.notes[3].midi, 72);
  CHECK_NEAR(line.notes[3].beat, 4.0, 1e-9);
  shed_line_free(&line);
  shed_score_free(score);
}

static void
many_notes_are_a_limit_not_a_crash(void **state)
{
  enum { NOTES = 1100000 };
  static const char head[] = "X:1\nL:1/4\nM:4/4\nK:C\n";
  char             *text   = malloc(sizeof(head) + (size_t)NOTES * 5 / 4 + 1);
  shed_score       *score  = NULL;
  shed_error        err    = {0};
  (void)state;
  assert_non_null(text);
  memcpy(text, head, sizeof(head) - 1);
  char *p = text + sizeof(head) - 1;
  for (int i = 0; i < NOTES; i++) {
    *p++ = 'C';
    if (i % 4 == 3) {
      *p++ = i % 64 == 63 ? '\n' : ' ';
    }
  }
  CHECK_STATUS(shed_score_parse(text, (size_t)(p - text), "tune.abc", NULL, &score, &err), SHED_E_LIMIT);
  assert_non_null(strstr(err.what, "more than 1000000 notes"));
  free(text);
}

static void
every_allocation_may_fail(void **state)
{
  static const char text[] =
      "X:1\nT:t\nC:c\nP:AB\nU:W=!trill!\nm:~G = AG\nV:1 name=\"x\"\nV:2 clef=bass\nQ:1/4=90\nK:G\nP:A\n"
      "{a}G-[GB] W~G !segno!z|:c d:|\nP:B\n[V:2] Z|C & E|[M:3/4]D!D.C.!|%c\nw:la\n+:la\nX:2\n";
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_score *score = NULL;
    shed_error  err   = {0};
    sweep_status      = shed_score_parse(text, strlen(text), "tune.abc", &a.alloc, &score, &err);
    shed_score_free(score);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(nonsense_is_refused_with_its_line),
      cmocka_unit_test(a_zero_byte_is_no_text),
      cmocka_unit_test(the_content_tells_that_it_is_abc),
      cmocka_unit_test(exactly_the_bytes_given_are_read),
      cmocka_unit_test(line_ends_of_every_kind),
      cmocka_unit_test(what_is_not_understood_is_passed_over),
      cmocka_unit_test(repeats_go_back_to_the_nearest_start),
      cmocka_unit_test(the_signs_lead_the_way),
      cmocka_unit_test(parts_are_played_in_their_order),
      cmocka_unit_test(measures_are_chosen_by_their_numbers),
      cmocka_unit_test(many_notes_are_a_limit_not_a_crash),
      cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
