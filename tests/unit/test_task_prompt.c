#include "engine/task/prompt.h"

#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"
#include "tests/support/line.h"

#include <stdlib.h>

// A prompt with something different in every field, and reals that 15 digits do not hold.
static shed_prompt
sample(shed_line *line)
{
  *line                    = line_of("Bb3:1/3 C4:1/3 D4:1/3 F#4:2 | x:1 r:1 E5:7/8", 97.0, 4, 4);
  line->notes[3].flags     = SHED_NOTE_FERMATA | SHED_NOTE_WAIT;
  line->notes[3].pass      = 2;
  line->notes[0].written   = (shed_pitch){0, 0, 4};
  line->notes[1].onset_s   = -0.1 / 3;
  line->measures[1].pickup = true;
  line->measures[1].fifths = -3;
  line->swing              = 5.0 / 3;
  shed_prompt p            = {.kind           = "piece",
                              .id             = "wind/first-piece",
                              .assessor       = "melody",
                              .generator      = 3,
                              .seed           = UINT64_MAX,
                              .profile        = "clarinet-bb",
                              .title          = "Grün, weiß \"x\"",
                              .instruction    = "Play.\nThen rest.",
                              .line           = *line,
                              .a_click        = true,
                              .tempo_bpm      = 97.0 / 7,
                              .click_start_s  = NAN,
                              .count_in_beats = 4,
                              .octave         = SHED_OCTAVE_ANY,
                              .key            = SHED_KEY_ANY,
                              .tuning         = SHED_TUNING_REFERENCE,
                              .a4_hz          = 442.1,
                              .fixed_pitch    = true,
                              .sung           = true,
                              .hold_s         = 1e-300,
                              .n_targets      = 2,
                              .policy         = "college",
                              .source_sha256  = shed_sha256_of("x", 1),
                              .part           = "Clarinet:1"};
  p.targets[0]             = (shed_target){"pitch", 0.9};
  p.targets[1]             = (shed_target){"rhythm", 1.0 / 3};
  return p;
}

static void
check_same(const shed_prompt *a, const shed_prompt *b)
{
  assert_string_equal(a->title, b->title);
  assert_string_equal(a->instruction, b->instruction);
  assert_true(a->seed == b->seed);
  assert_true(a->tempo_bpm == b->tempo_bpm && a->hold_s == b->hold_s && a->a4_hz == b->a4_hz);
  assert_true(isnan(a->click_start_s) && isnan(b->click_start_s));
  assert_int_equal(a->tuning, b->tuning);
  assert_int_equal(a->octave, b->octave);
  assert_int_equal(a->key, b->key);
  assert_int_equal(a->n_targets, b->n_targets);
  assert_true(a->targets[1].score == b->targets[1].score);
  assert_string_equal(a->source_sha256.text, b->source_sha256.text);
  assert_int_equal(a->line.n_notes, b->line.n_notes);
  for (size_t i = 0; i < a->line.n_notes; i++) {
    const shed_sounding_note *x = &a->line.notes[i];
    const shed_sounding_note *y = &b->line.notes[i];
    assert_true(x->onset_s == y->onset_s && x->duration_s == y->duration_s && x->beat == y->beat);
    assert_int_equal(shed_beat_cmp(x->onset_beats, y->onset_beats), 0);
    assert_memory_equal(&x->written, &y->written, sizeof(x->written));
    assert_memory_equal(&x->sounding, &y->sounding, sizeof(x->written));
    assert_int_equal(x->flags, y->flags);
    assert_int_equal(x->pass, y->pass);
    assert_int_equal(x->index, y->index);
    assert_string_equal(x->id, y->id);
    assert_string_equal(x->measure, y->measure);
  }
  assert_int_equal(a->line.n_measures, b->line.n_measures);
  assert_int_equal(a->line.measures[1].fifths, b->line.measures[1].fifths);
  assert_true(a->line.measures[1].pickup == b->line.measures[1].pickup);
  assert_true(a->line.swing == b->line.swing && a->line.length_s == b->line.length_s);
}

static void
to_text(const shed_prompt *p, shed_str *out)
{
  shed_json *v = shed_prompt_to_json(p);
  shed_json_write(v, SHED_JSON_CANONICAL, out);
  shed_json_free(v);
}

static void
comes_back_exactly_through_text(void **state)
{
  shed_line   line;
  shed_prompt p     = sample(&line);
  shed_prompt q     = {0};
  shed_str    text  = {0};
  shed_str    again = {0};
  shed_json  *v     = NULL;
  (void)state;
  to_text(&p, &text);
  CHECK_OK(shed_json_parse(text.text, text.len, "prompt", &v, NULL));
  CHECK_OK(shed_prompt_from_json(v, NULL, &q, NULL));
  check_same(&p, &q);
  to_text(&q, &again);
  assert_string_equal(text.text, again.text);
  shed_prompt_free(&q);
  assert_null(q.line.notes);
  shed_json_free(v);
  shed_str_free(&text);
  shed_str_free(&again);
  line_free(&line);
}

static void
hard_reals_come_back(void **state)
{
  static const double values[] = {0.1, 1.0 / 3,           1e-310, 5e-324, 12345.678901234567, 1 - 1e-16,
                                  0,   99999.999999999985};
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(values); i++) {
    shed_prompt p    = {.tempo_bpm = values[i], .click_start_s = -values[i]};
    shed_prompt q    = {0};
    shed_str    text = {0};
    shed_json  *v    = NULL;
    to_text(&p, &text);
    CHECK_OK(shed_json_parse(text.text, text.len, "prompt", &v, NULL));
    CHECK_OK(shed_prompt_from_json(v, NULL, &q, NULL));
    if (q.tempo_bpm != values[i] || q.click_start_s != -values[i]) {
      fail_msg("%.17g became %.17g", values[i], q.tempo_bpm);
    }
    shed_prompt_free(&q);
    shed_json_free(v);
    shed_str_free(&text);
  }
}

static void
wrong_members_are_refused_with_their_place(void **state)
{
  static const struct {
    const char *key, *json, *where;
  } rows[] = {
      {"schema", "\"woodshed/prompt/2\"", "schema"},
      {"tempo_bpm", "-1", "tempo_bpm"},
      {"tempo_bpm", "\"fast\"", "tempo_bpm"},
      {"tempo_bpm", "[1]", "tempo_bpm"},
      {"tempo_bpm", "[1, 5000]", "tempo_bpm"},
      {"tempo_bpm", "null", "tempo_bpm"},
      {"seed", "\"18446744073709551616\"", "seed"},
      {"seed", "\"-1\"", "seed"},
      {"seed", "\"\"", "seed"},
      {"octave", "\"low\"", "octave"},
      {"a_click", "1", "a_click"},
      {"source_sha256", "\"xyz\"", "source_sha256"},
      {"kind", "\"a kind that is far too long\"", "kind"},
      {"targets", "[1]", "targets"},
      {"targets", "{}", "targets"},
      {"line", "null", "line"},
      {"line", "{\"measures\": [], \"notes\": [{}], \"warnings\": []}", "line: notes"},
      {"line", "{\"measures\": [], \"notes\": [{\"midi\": 1000}], \"warnings\": []}", "line: notes[0]: midi"},
      {"line", "{\"measures\": [], \"notes\": [{\"onset_beats\": [1, 0]}], \"warnings\": []}",
       "line: notes[0]: onset_beats"},
      {"line", "{\"measures\": [], \"notes\": [{\"written\": [9, 0, 0]}], \"warnings\": []}",
       "line: notes[0]: written"},
      {"line",
       "{\"measures\": [], \"notes\": [{\"onset_beats\": [0, 1], \"duration_beats\": [1, 1], "
       "\"measure_index\": "
       "4}], \"warnings\": []}",
       "line: notes"},
  };
  shed_line   line;
  shed_prompt p = sample(&line);
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_json  *v   = shed_prompt_to_json(&p);
    shed_json  *bad = NULL;
    shed_prompt q   = {0};
    shed_error  err = {0};
    CHECK_OK(shed_json_parse(rows[i].json, strlen(rows[i].json), "row", &bad, NULL));
    shed_json_set(v, rows[i].key, bad);
    shed_status st = shed_prompt_from_json(v, NULL, &q, &err);
    if (st == SHED_OK) {
      fail_msg("%s: %s was taken", rows[i].key, rows[i].json);
    }
    assert_string_equal(err.where, rows[i].where);
    shed_json_free(v);
  }
  line_free(&line);
}

static void
running_out_of_memory_leaves_nothing(void **state)
{
  shed_line   line;
  shed_prompt p = sample(&line);
  shed_json  *v = shed_prompt_to_json(&p);
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_prompt q = {0};
    sweep_status  = shed_prompt_from_json(v, &a.alloc, &q, NULL);
    shed_prompt_free(&q);
  });
  shed_json_free(v);
  line_free(&line);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(comes_back_exactly_through_text),
      cmocka_unit_test(hard_reals_come_back),
      cmocka_unit_test(wrong_members_are_refused_with_their_place),
      cmocka_unit_test(running_out_of_memory_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
