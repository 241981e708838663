// Every kind, every profile, every level, a hundred seeds. The oracle here is arithmetic of its own: MIDI numbers, pitch
// classes and sums of quarters, not the scale, key and metre code that the kinds are made with.

#include "drills/drill.h"

#include "engine/base/hash.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <stdlib.h>

enum { SEEDS = 100, FEW_SEEDS = 12, SIGNATURE = 8192 };

// The players that the first course is made for: a piece is tried with all seeds on them on level 1, and with a few on the
// other players and levels, since each prompt reads its scores anew.
static const char course_players[] = "flute clarinet horn alto_sax trombone viola snare_drum changing_voice";

static const char abc_up_and_down[] =
    "X:1\nT:Up and down\nM:4/4\nL:1/4\nK:C\nC D E F | G F E D | C E G E | D D C2 |]\n";
static const char abc_rocking[] =
    "X:1\nT:Rocking\nM:3/4\nL:1/4\nK:G\nG2 B | A2 c | B2 d | c2 A | G2 B | d2 c | B A2 | G3 |]\n";
static const char abc_wide[] = "X:1\nT:Wide\nM:4/4\nL:1/4\nK:F\nF A c f | f c A F | F c f c | A c F2 |]\n";

// within a third and a fourth, for the smallest ranges
static const char abc_lamb[] = "X:1\nT:Lamb\nM:4/4\nL:1/4\nK:C\nE D C D | E E E2 | D D D2 | E E E2 | E D C D "
                               "| E E E E | D D E D | C4 |]\n";
static const char abc_stairs[] =
    "X:1\nT:Stairs\nM:4/4\nL:1/4\nK:C\nC2 D2 | E2 D2 | C D E F | E4 | F2 E2 | D2 E2 | F E D2 | C4 |]\n";

static const shed_drill_score scores[] = {
    {"up.abc", "Up and down", abc_up_and_down, sizeof(abc_up_and_down) - 1},
    {"rock.abc", "Rocking", abc_rocking, sizeof(abc_rocking) - 1},
    {"wide.abc", "Wide", abc_wide, sizeof(abc_wide) - 1},
    {"lamb.abc", "Lamb", abc_lamb, sizeof(abc_lamb) - 1},
    {"stairs.abc", "Stairs", abc_stairs, sizeof(abc_stairs) - 1},
};

static shed_drill_request
request(const shed_profile *p, int level, uint64_t seed)
{
  static const shed_target targets[] = {{"pitch", .9}, {"intonation", .8}, {"rhythm", .85}, {"sustain", .8}};
  return (shed_drill_request){.id        = "test/unit/drill",
                              .title     = "",
                              .profile   = p,
                              .level     = level,
                              .seed      = seed,
                              .targets   = targets,
                              .n_targets = SHED_COUNTOF(targets),
                              .policy    = "",
                              .scores    = scores,
                              .n_scores  = SHED_COUNTOF(scores)};
}

static shed_prompt
make(const shed_drill_kind *kind, const shed_drill_request *r)
{
  shed_prompt p;
  shed_error  err = {0};
  if (shed_drill_make(kind, r, NULL, &p, &err) != SHED_OK) {
    fail_msg("%s for %s, level %d, seed %llu: %s %s", kind->name, r->profile->id, r->level,
             (unsigned long long)r->seed, err.where, err.what);
  }
  return p;
}

// What the player would see and do, as text.
static void
signature(const shed_prompt *p, char *out)
{
  size_t n =
      (size_t)snprintf(out, SIGNATURE, "%s %g %g %s|", p->instruction, p->tempo_bpm, p->hold_s, p->part);
  for (size_t i = 0; i < p->line.n_notes && n < SIGNATURE; i++) {
    const shed_sounding_note *note = &p->line.notes[i];
    n += (size_t)snprintf(out + n, SIGNATURE - n, "%d@%g+%g/%u ", note->midi,
                          shed_beat_quarters(note->onset_beats), shed_beat_quarters(note->duration_beats),
                          note->flags);
  }
  assert_true(n < SIGNATURE);
}

static void
check_frame(const shed_prompt *p, const shed_profile *profile, int level)
{
  const shed_line *line = &p->line;
  double           end  = 0;
  assert_true(line->n_notes > 0 && line->n_measures > 0);
  assert_string_equal(p->profile, profile->id);
  assert_true(*p->title && *p->instruction && p->count_in_beats > 0 && p->generator > 0);
  CHECK_NEAR(line->tempo_bpm, p->tempo_bpm, 1e-9);
  for (size_t i = 0; i < line->n_notes; i++) {
    const shed_sounding_note    *n    = &line->notes[i];
    const shed_sounding_measure *m    = &line->measures[n->measure_index];
    double                       at   = shed_beat_quarters(n->onset_beats);
    double                       from = shed_beat_quarters(m->start_beats);
    assert_int_equal(n->index, i);
    assert_true(at >= end - 1e-9 && at >= from && at < from + shed_beat_quarters(m->length_beats));
    CHECK_NEAR(n->beat, 1 + (at - from) * m->beat_type / 4, 1e-9);
    CHECK_NEAR(n->onset_s, at * 60 / p->tempo_bpm, 1e-9);
    end = at + shed_beat_quarters(n->duration_beats);
    if (!n->pitched) {
      continue;
    }
    int written = shed_pitch_midi(n->written);
    assert_int_equal(n->midi, shed_pitch_midi(n->sounding));
    assert_int_equal(n->midi, written + profile->semitones);
    assert_true(written >= shed_pitch_midi(profile->range[level - 1].low));
    assert_true(written <= shed_pitch_midi(profile->range[level - 1].high));
    assert_in_range(n->written.alter + 1, 0, 2); // no double sharps or flats for a player of any level
  }
  assert_true(end <= shed_beat_quarters(line->length_beats) + 1e-9);
  for (int i = 0; i < p->n_targets; i++) {
    assert_false(profile->fixed_pitch && strcmp(p->targets[i].dimension, "intonation") == 0);
  }
}

static void
check_long_tone(const shed_prompt *p, const shed_profile *profile, int level)
{
  const shed_sounding_note *n = &p->line.notes[0];
  assert_int_equal(p->line.n_notes, 1);
  CHECK_NEAR(p->hold_s, shed_beat_quarters(n->duration_beats) * 60 / p->tempo_bpm, 1e-9);
  assert_true(p->hold_s <= profile->breath_s[level - 1] + 1e-9 && p->hold_s >= 2);
  assert_int_equal(p->tuning, SHED_TUNING_A4);
  if (level == 1) {
    bool first = false;
    for (int i = 0; i < profile->n_first; i++) {
      first |= memcmp(&profile->first[i], &n->written, sizeof(n->written)) == 0;
    }
    assert_true(first);
  }
}

// Pitch class of the major tonic of a signature: a fifth is seven semitones.
static int
tonic_class(int fifths)
{
  return ((fifths * 7) % 12 + 12) % 12;
}

static void
check_scale(const shed_prompt *p, const shed_profile *profile, int level)
{
  static const bool major[12] = {1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0, 1};
  const shed_line  *line      = &p->line;
  int               tonic     = tonic_class(line->measures[0].fifths);
  (void)profile;
  (void)level;
  for (size_t i = 0; i < line->n_notes; i++) {
    assert_true(major[(line->notes[i].midi - tonic + 120) % 12]);
    assert_true(i == 0 || abs(line->notes[i].midi - line->notes[i - 1].midi) <= 12);
  }
  const shed_sounding_note *last = &line->notes[line->n_notes - 1];
  assert_int_equal((last->midi - tonic + 120) % 12, 0);
  CHECK_NEAR(last->beat, floor(last->beat), 0);
  CHECK_NEAR(shed_beat_quarters(last->onset_beats) + shed_beat_quarters(last->duration_beats),
             shed_beat_quarters(line->length_beats), 1e-9);
}

static void
check_clap(const shed_prompt *p, const shed_profile *profile, int level)
{
  const shed_line *line   = &p->line;
  double           length = 4.0 * line->measures[0].beats / line->measures[0].beat_type;
  (void)profile;
  (void)level;
  assert_int_equal(line->n_measures, 4);
  CHECK_NEAR(shed_beat_quarters(line->length_beats), 4 * length, 1e-9);
  int in_measure[4] = {0};
  for (size_t i = 0; i < line->n_notes; i++) {
    const shed_sounding_note *n   = &line->notes[i];
    double                    bar = fmod(shed_beat_quarters(n->onset_beats), length);
    assert_false(n->pitched);
    assert_true(bar + shed_beat_quarters(n->duration_beats) <= length + 1e-9);
    in_measure[n->measure_index]++;
    assert_true(in_measure[n->measure_index] > 1 || n->beat == 1); // each measure has its downbeat
  }
  assert_int_equal(in_measure[3], 1);
  assert_true(in_measure[0] > 0 && in_measure[1] > 0 && in_measure[2] > 0);
}

static void
check_piece(const shed_prompt *p, const shed_profile *profile, int level)
{
  const shed_line *line  = &p->line;
  int              tonic = tonic_class(line->measures[0].fifths);
  bool             usual = profile->unpitched;
  for (int k = 0; k < profile->n_keys[level - 1]; k++) {
    usual |= profile->keys[level - 1][k] == line->measures[0].fifths;
  }
  assert_true(usual);
  assert_true(*p->part);
  CHECK_NEAR(shed_beat_quarters(line->notes[0].onset_beats), 0, 0);
  for (size_t i = 0; i < line->n_notes; i++) {
    assert_int_equal(line->notes[i].pitched, !profile->unpitched);
    if (!profile->unpitched &&
        strcmp(p->part, "wide.abc") == 0) { // all its notes are of the chord of its tonic
      int above = (line->notes[i].midi - tonic + 120) % 12;
      assert_true(above == 0 || above == 4 || above == 7);
    }
  }
}

static const struct {
  const char *kind;
  void (*check)(const shed_prompt *p, const shed_profile *profile, int level);
} checks[] = {
    {"long_tone", check_long_tone}, {"scale", check_scale}, {"clap", check_clap}, {"piece", check_piece}};

static void
check_seeds(const shed_drill_kind *kind, const shed_profile *profile, int level, int seeds,
            void (*check)(const shed_prompt *, const shed_profile *, int))
{
  static const uint64_t starts[] = {0, 1, 987654321};
  shed_sha256           seen[SEEDS];
  char                  text[SIGNATURE];
  uint64_t              start = starts[(size_t)level % SHED_COUNTOF(starts)];
  for (int s = 0; s < seeds; s++) {
    shed_drill_request r = request(profile, level, start + (uint64_t)s);
    shed_prompt        p = make(kind, &r);
    check_frame(&p, profile, level);
    check(&p, profile, level);
    signature(&p, text);
    seen[s] = shed_sha256_of(text, strlen(text));
    for (int t = 0; t < s; t++) {
      if (strcmp(seen[t].text, seen[s].text) == 0) {
        fail_msg("%s for %s, level %d: seeds %d and %d give the same item: %s", kind->name, profile->id,
                 level, t, s, text);
      }
    }
    shed_prompt_free(&p);
  }
}

static void
hundred_seeds_of(const char *name)
{
  const shed_drill_kind *kind                                   = shed_drill_find(name);
  void (*check)(const shed_prompt *, const shed_profile *, int) = NULL;
  for (size_t i = 0; i < SHED_COUNTOF(checks); i++) {
    check = strcmp(checks[i].kind, name) == 0 ? checks[i].check : check;
  }
  assert_non_null(check);
  for (size_t i = 0; i < shed_profile_count(); i++) {
    shed_profile profile = shed_profile_at(i);
    for (int level = 1; level <= SHED_LEVELS && kind->possible(&profile); level++) {
      bool few = check == check_piece && (level > 1 || !strstr(course_players, profile.id));
      check_seeds(kind, &profile, level, few ? FEW_SEEDS : SEEDS, check);
    }
  }
}

static void
long_tones(void **state)
{
  (void)state;
  hundred_seeds_of("long_tone");
}

static void
scales(void **state)
{
  (void)state;
  hundred_seeds_of("scale");
}

static void
claps(void **state)
{
  (void)state;
  hundred_seeds_of("clap");
}

static void
pieces(void **state)
{
  (void)state;
  hundred_seeds_of("piece");
}

static void
every_kind_is_checked(void **state)
{
  size_t                        n;
  const shed_drill_kind *const *kinds = shed_drill_kinds(&n);
  (void)state;
  assert_int_equal(n, SHED_COUNTOF(checks)); // a new kind needs a check of its own
  for (size_t i = 0; i < n; i++) {
    size_t            n_params;
    const shed_param *params = shed_drill_params(kinds[i], &n_params);
    assert_ptr_equal(shed_drill_find(kinds[i]->name), kinds[i]);
    assert_true(n_params > 0);
    for (size_t p = 0; p < n_params; p++) {
      assert_string_equal(params[p].kind, kinds[i]->name);
    }
  }
  assert_null(shed_drill_find("dictation"));
}

static void
the_same_seed_gives_the_same_bytes(void **state)
{
  size_t                        n;
  const shed_drill_kind *const *kinds   = shed_drill_kinds(&n);
  shed_profile                  profile = {0};
  (void)state;
  CHECK_OK(shed_profile_find("horn", &profile, NULL));
  for (size_t i = 0; i < n; i++) {
    shed_drill_request r     = request(&profile, 2, 42);
    shed_str           once  = {0};
    shed_str           twice = {0};
    for (int turn = 0; turn < 2; turn++) {
      shed_prompt p    = make(kinds[i], &r);
      shed_json  *item = shed_drill_item(&p);
      assert_non_null(shed_json_get(item, "line"));
      shed_json_write(item, SHED_JSON_CANONICAL, turn ? &twice : &once);
      shed_json_free(item);
      shed_prompt_free(&p);
    }
    assert_string_equal(shed_str_text(&once), shed_str_text(&twice));
    shed_str_free(&once);
    shed_str_free(&twice);
  }
}

static void
parameters_are_checked(void **state)
{
  static const struct {
    const char *kind, *params, *where;
  } rows[] = {
      {"long_tone", "{\"longest_s\": 100}", "longest_s"},
      {"long_tone", "{\"shapes\": \"round\"}", "shapes"},
      {"long_tone", "{\"shapes\": 3}", "shapes"},
      {"long_tone", "{\"shortest_s\": 9, \"longest_s\": 5}", "shortest_s"},
      {"scale", "{\"tempo_low\": 60.5}", "tempo_low"},
      {"scale", "{\"tempo_low\": 120, \"tempo_high\": 100}", "tempo_low"},
      {"scale", "{\"speed\": 1}", "speed"},
      {"clap", "[]", "params"},
      {"piece", "{\"scores\": []}", "scores"},
      {"piece", "{\"scores\": [1]}", "scores"},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_json *v   = NULL;
    shed_error err = {0};
    CHECK_OK(shed_json_parse(rows[i].params, strlen(rows[i].params), "params", &v, NULL));
    CHECK_STATUS(shed_drill_check(shed_drill_find(rows[i].kind), v, &err), SHED_E_FORMAT);
    assert_string_equal(err.where, rows[i].where);
    shed_json_free(v);
  }
}

static void
what_cannot_be_is_refused(void **state)
{
  shed_profile snare = {0};
  shed_profile piano = {0};
  shed_profile flute = {0};
  shed_prompt  p;
  shed_error   err = {0};
  (void)state;
  CHECK_OK(shed_profile_find("snare drum", &snare, NULL));
  CHECK_OK(shed_profile_find("piano", &piano, NULL));
  CHECK_OK(shed_profile_find("flute", &flute, NULL));
  shed_drill_request r = request(&snare, 1, 0);
  CHECK_STATUS(shed_drill_make(shed_drill_find("scale"), &r, NULL, &p, &err), SHED_E_UNSUPPORTED);
  r = request(&piano, 1, 0);
  CHECK_STATUS(shed_drill_make(shed_drill_find("long_tone"), &r, NULL, &p, &err), SHED_E_UNSUPPORTED);
  r = request(&flute, 5, 0);
  CHECK_STATUS(shed_drill_make(shed_drill_find("scale"), &r, NULL, &p, &err), SHED_E_RANGE);
  r          = request(&flute, 1, 0);
  r.n_scores = 0;
  CHECK_STATUS(shed_drill_make(shed_drill_find("piece"), &r, NULL, &p, &err), SHED_E_RANGE);
  r       = request(&flute, 1, 0);
  r.a4_hz = 1000;
  CHECK_STATUS(shed_drill_make(shed_drill_find("scale"), &r, NULL, &p, &err), SHED_E_RANGE);
}

static void
nothing_is_left_when_memory_runs_out(void **state)
{
  size_t                        n;
  const shed_drill_kind *const *kinds = shed_drill_kinds(&n);
  shed_profile                  profile;
  (void)state;
  CHECK_OK(shed_profile_find("trombone", &profile, NULL));
  for (size_t i = 0; i < n; i++) {
    SWEEP_ALLOCATIONS(a, {
      shed_prompt        p = {0};
      shed_drill_request r = request(&profile, 2, 3);
      sweep_status         = shed_drill_make(kinds[i], &r, &a.alloc, &p, NULL);
      shed_prompt_free(&p);
    });
  }
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(long_tones),
      cmocka_unit_test(scales),
      cmocka_unit_test(claps),
      cmocka_unit_test(pieces),
      cmocka_unit_test(every_kind_is_checked),
      cmocka_unit_test(the_same_seed_gives_the_same_bytes),
      cmocka_unit_test(parameters_are_checked),
      cmocka_unit_test(what_cannot_be_is_refused),
      cmocka_unit_test(nothing_is_left_when_memory_runs_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
