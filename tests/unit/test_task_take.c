#include "engine/task/take.h"

#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

enum { N_FRAMES = 7, N_ONSETS = 3, N_NOTES = 2 };

typedef struct {
  shed_frame       frames[N_FRAMES];
  shed_heard_onset onsets[N_ONSETS];
  shed_heard_note  notes[N_NOTES];
} parts;

// A take with something different in every field.
static shed_take
sample(parts *p)
{
  shed_take t = {.kind       = SHED_TAKE_AUDIO,
                 .frames     = p->frames,
                 .n_frames   = N_FRAMES,
                 .onsets     = p->onsets,
                 .n_onsets   = N_ONSETS,
                 .notes      = p->notes,
                 .n_notes    = N_NOTES,
                 .duration_s = 1.0 / 3,
                 .rate_hz    = 44100,
                 .snr_db     = NAN,
                 .clipped    = 12,
                 .noise_db   = -61.5F,
                 .latency_s  = 0.0107,
                 .sha256     = shed_sha256_of("x", 1),
                 .ear        = "1.2"};
  memset(p, 0, sizeof(*p));
  for (int i = 0; i < N_FRAMES; i++) {
    shed_frame *f = &p->frames[i];
    f->f0_hz      = 440.0F / (float)(i + 1);
    f->confidence = 0.1F * (float)i;
    f->level_db   = -3.3F * (float)i;
    f->flux       = 0.7F;
    f->voiced     = i % 2;
    for (int k = 0; k < i && k < SHED_FRAME_CANDIDATES; k++) {
      f->cand[k].f0_hz   = 100.1F * (float)(k + 1);
      f->cand[k].support = 0.3F;
    }
  }
  for (int i = 0; i < N_ONSETS; i++) {
    p->onsets[i] = (shed_heard_onset){0.1F * (float)i, 1.5F, 0.9F};
  }
  p->notes[0]    = (shed_heard_note){0.1F, 0.2F, 60, -12.5F, 0.8F, -20.0F, 3.0F, -1.0F, 5.5F, 30.0F};
  p->notes[1]    = (shed_heard_note){.onset_s = 0.2F, .offset_s = 0.25F, .midi = -1, .cents_sd = NAN};
  shed_message m = shed_message_of(SHED_MSG_take_clipped);
  shed_message_num(&m, "n", 12, 0);
  shed_take_warn(&t, m);
  shed_take_warn(&t, shed_message_of(SHED_MSG_take_silent));
  return t;
}

static void
check_equal(const shed_take *a, const shed_take *b)
{
  assert_int_equal(a->kind, b->kind);
  assert_int_equal(a->n_frames, b->n_frames);
  assert_int_equal(a->n_onsets, b->n_onsets);
  assert_int_equal(a->n_notes, b->n_notes);
  for (size_t i = 0; i < a->n_frames; i++) {
    const shed_frame *f = &a->frames[i];
    const shed_frame *g = &b->frames[i];
    assert_memory_equal(&f->f0_hz, &g->f0_hz, 4 * sizeof(float));
    assert_int_equal(f->voiced, g->voiced);
    assert_memory_equal(f->cand, g->cand, sizeof(f->cand));
  }
  if (a->n_onsets) {
    assert_memory_equal(a->onsets, b->onsets, a->n_onsets * sizeof(*a->onsets));
  }
  if (a->n_notes) {
    assert_memory_equal(a->notes, b->notes, a->n_notes * sizeof(*a->notes));
  }
  assert_memory_equal(&a->duration_s, &b->duration_s, sizeof(double));
  assert_memory_equal(&a->latency_s, &b->latency_s, sizeof(double));
  assert_memory_equal(&a->snr_db, &b->snr_db, sizeof(float));
  assert_memory_equal(&a->noise_db, &b->noise_db, sizeof(float));
  assert_int_equal(a->rate_hz, b->rate_hz);
  assert_int_equal(a->clipped, b->clipped);
  assert_string_equal(a->sha256.text, b->sha256.text);
  assert_string_equal(a->ear, b->ear);
  assert_int_equal(a->n_warnings, b->n_warnings);
  for (int i = 0; i < a->n_warnings; i++) {
    shed_str s = {0};
    shed_str r = {0};
    shed_message_text(&a->warnings[i], &s);
    shed_message_text(&b->warnings[i], &r);
    assert_string_equal(shed_str_text(&s), shed_str_text(&r));
    shed_str_free(&s);
    shed_str_free(&r);
  }
}

static void
round_trip_keeps_every_bit(void **state)
{
  parts          p;
  shed_take      t    = sample(&p);
  shed_take      back = {0};
  unsigned char *data = NULL;
  size_t         n    = 0;
  (void)state;
  p.frames[6].cand[4].support = -0.0F; // a bit set behind the end of the list
  CHECK_OK(shed_take_encode(&t, NULL, &data, &n));
  CHECK_OK(shed_take_decode(data, n, NULL, &back, NULL));
  check_equal(&t, &back);
  shed_free(NULL, data);
  shed_take_free(&back);
}

static void
bands_round_trip_where_there_are_any(void **state)
{
  parts          p;
  shed_take      t    = sample(&p);
  shed_take      back = {0};
  unsigned char *data = NULL, *again = NULL;
  uint8_t        bands[N_FRAMES * SHED_TAKE_BANDS];
  size_t         plain = 0, n = 0;
  (void)state;
  CHECK_OK(shed_take_encode(&t, NULL, &data, &plain));
  assert_int_equal(data[3], 1); // as ears without bands stored it
  CHECK_OK(shed_take_decode(data, plain, NULL, &back, NULL));
  assert_null(back.bands);
  shed_take_free(&back);
  shed_free(NULL, data);
  for (size_t i = 0; i < sizeof(bands); i++) {
    bands[i] = (uint8_t)(i * 7);
  }
  t.bands = bands;
  CHECK_OK(shed_take_encode(&t, NULL, &data, &n));
  assert_int_equal(n, plain + sizeof(bands));
  CHECK_OK(shed_take_decode(data, n, NULL, &back, NULL));
  check_equal(&t, &back);
  assert_memory_equal(back.bands, bands, sizeof(bands));
  CHECK_OK(shed_take_encode(&back, NULL, &again, &plain));
  assert_int_equal(plain, n);
  assert_memory_equal(again, data, n);
  for (size_t cut = n - sizeof(bands); cut < n; cut++) {
    shed_take none = {0};
    CHECK_STATUS(shed_take_decode(data, cut, NULL, &none, NULL), SHED_E_FORMAT);
  }
  shed_free(NULL, again);
  shed_free(NULL, data);
  shed_take_free(&back);
}

static void
what_is_withheld_round_trips(void **state)
{
  parts          p;
  shed_take      t                                 = sample(&p);
  shed_take      back                              = {0};
  shed_take_gap  gaps[2]                           = {{0.5F, 0.75F}, {1.0F, 1.125F}};
  unsigned char *data                              = NULL;
  uint8_t        bands[N_FRAMES * SHED_TAKE_BANDS] = {1, 2, 3};
  size_t         n                                 = 0;
  (void)state;
  t.gaps      = gaps;
  t.n_gaps    = 2;
  t.no_rhythm = true;
  t.bands     = bands;
  CHECK_OK(shed_take_encode(&t, NULL, &data, &n));
  assert_int_equal(data[3], 3);
  CHECK_OK(shed_take_decode(data, n, NULL, &back, NULL));
  check_equal(&t, &back);
  assert_true(back.no_rhythm);
  assert_int_equal(back.n_gaps, 2);
  assert_memory_equal(back.gaps, gaps, sizeof(gaps));
  assert_memory_equal(back.bands, bands, sizeof(bands));
  CHECK_NEAR(shed_take_missing(&back, 0, 1), 0.25, 1e-9);
  CHECK_NEAR(shed_take_missing(&back, 0.6, 0.6), 1, 0);
  CHECK_NEAR(shed_take_missing(&back, 2, 3), 0, 0);
  for (size_t cut = 4; cut < n; cut += 7) {
    shed_take none = {0};
    CHECK_STATUS(shed_take_decode(data, cut, NULL, &none, NULL), SHED_E_FORMAT);
  }
  shed_free(NULL, data);
  shed_take_free(&back);
  gaps[0].end_s = 0.25F; // ends before it begins
  CHECK_STATUS(shed_take_encode(&t, NULL, &data, &n), SHED_E_RANGE);
}

static void
bands_of_no_frame_are_refused(void **state)
{
  shed_take      t    = {.kind = SHED_TAKE_AUDIO};
  shed_take      back = {0};
  unsigned char *data = NULL;
  size_t         n    = 0;
  (void)state;
  CHECK_OK(shed_take_encode(&t, NULL, &data, &n));
  data[3] = 2;
  CHECK_STATUS(shed_take_decode(data, n, NULL, &back, NULL), SHED_E_FORMAT);
  shed_free(NULL, data);
}

static void
an_empty_take_round_trips(void **state)
{
  shed_take      t    = {.kind = SHED_TAKE_ONSETS, .latency_s = NAN};
  shed_take      back = {0};
  unsigned char *data = NULL;
  size_t         n    = 0;
  (void)state;
  CHECK_OK(shed_take_encode(&t, NULL, &data, &n));
  CHECK_OK(shed_take_decode(data, n, NULL, &back, NULL));
  check_equal(&t, &back);
  assert_null(back.frames);
  shed_free(NULL, data);
  shed_take_free(&back);
}

static void
every_cut_and_every_appended_byte_is_refused(void **state)
{
  parts          p;
  shed_take      t    = sample(&p);
  shed_take      back = {0};
  unsigned char *data = NULL;
  size_t         n    = 0;
  (void)state;
  CHECK_OK(shed_take_encode(&t, NULL, &data, &n));
  for (size_t cut = 0; cut < n; cut++) {
    CHECK_STATUS(shed_take_decode(data, cut, NULL, &back, NULL), SHED_E_FORMAT);
  }
  unsigned char *longer = shed_realloc(NULL, data, n + 1);
  assert_non_null(longer);
  longer[n] = 0;
  CHECK_STATUS(shed_take_decode(longer, n + 1, NULL, &back, NULL), SHED_E_FORMAT);
  shed_free(NULL, longer);
}

// No byte of a stored take can make one that breaks the contract, or that does not round trip.
static void
any_changed_byte_is_refused_or_makes_a_valid_take(void **state)
{
  parts          p;
  shed_take      t    = sample(&p);
  unsigned char *data = NULL;
  size_t         n    = 0;
  (void)state;
  CHECK_OK(shed_take_encode(&t, NULL, &data, &n));
  for (size_t at = 0; at < n; at++) {
    unsigned char was = data[at];
    for (int bit = 0; bit < 8; bit++) {
      shed_take      back  = {0};
      unsigned char *again = NULL;
      size_t         len   = 0;
      data[at]             = (unsigned char)(was ^ (1 << bit));
      if (shed_take_decode(data, n, NULL, &back, NULL) == SHED_OK) {
        CHECK_OK(shed_take_encode(&back, NULL, &again, &len));
        assert_int_equal(len, n);
        assert_memory_equal(again, data, n);
        shed_free(NULL, again);
        shed_take_free(&back);
      }
    }
    data[at] = was;
  }
  shed_free(NULL, data);
}

static void
a_newer_version_is_told(void **state)
{
  static const unsigned char newer[] = {'w', 's', 't', 4, 0, 0};
  shed_take                  back    = {0};
  shed_error                 err     = {0};
  (void)state;
  CHECK_STATUS(shed_take_decode(newer, sizeof(newer), NULL, &back, &err), SHED_E_VERSION);
  assert_non_null(strstr(err.what, "version 4"));
}

static void
a_huge_count_takes_no_memory(void **state)
{
  shed_take      t    = {.kind = SHED_TAKE_AUDIO};
  shed_take      back = {0};
  unsigned char *data = NULL;
  size_t         n    = 0;
  fake_alloc     a;
  (void)state;
  CHECK_OK(shed_take_encode(&t, NULL, &data, &n));
  memset(data + n - 12, 0xff, 4); // frames
  fake_alloc_init(&a, -1);
  CHECK_STATUS(shed_take_decode(data, n, &a.alloc, &back, NULL), SHED_E_FORMAT);
  assert_int_equal(a.calls, 0);
  shed_free(NULL, data);
}

static void
numbers_that_are_none_are_not_stored(void **state)
{
  parts          p;
  shed_take      t    = sample(&p);
  unsigned char *data = NULL;
  size_t         n    = 0;
  (void)state;
  p.frames[2].level_db = NAN;
  CHECK_STATUS(shed_take_encode(&t, NULL, &data, &n), SHED_E_RANGE);
  t                = sample(&p);
  p.notes[0].cents = INFINITY;
  CHECK_STATUS(shed_take_encode(&t, NULL, &data, &n), SHED_E_RANGE);
  t = sample(&p);
  (void)snprintf(t.sha256.text, sizeof(t.sha256.text), "beef");
  CHECK_STATUS(shed_take_encode(&t, NULL, &data, &n), SHED_E_RANGE);
}

static void
memory_may_run_out_anywhere(void **state)
{
  static uint8_t bands[N_FRAMES * SHED_TAKE_BANDS];
  parts          p;
  shed_take      t = sample(&p);
  (void)state;
  t.bands = bands;
  SWEEP_ALLOCATIONS(a, {
    unsigned char *data = NULL;
    size_t         n    = 0;
    shed_take      back = {0};
    sweep_status        = shed_take_encode(&t, &a.alloc, &data, &n);
    if (sweep_status == SHED_OK) {
      sweep_status = shed_take_decode(data, n, &a.alloc, &back, NULL);
      shed_take_free(&back);
      shed_free(&a.alloc, data);
    }
  })
}

static void
warnings_beyond_the_room_are_dropped(void **state)
{
  shed_take t = {0};
  (void)state;
  for (int i = 0; i < SHED_TAKE_WARNINGS + 5; i++) {
    shed_take_warn(&t, shed_message_of(SHED_MSG_take_silent));
  }
  assert_int_equal(t.n_warnings, SHED_TAKE_WARNINGS);
  shed_take_free(&t);
  shed_take_free(&t);
  shed_take_free(NULL);
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(round_trip_keeps_every_bit),
      cmocka_unit_test(bands_round_trip_where_there_are_any),
      cmocka_unit_test(what_is_withheld_round_trips),
      cmocka_unit_test(bands_of_no_frame_are_refused),
      cmocka_unit_test(an_empty_take_round_trips),
      cmocka_unit_test(every_cut_and_every_appended_byte_is_refused),
      cmocka_unit_test(any_changed_byte_is_refused_or_makes_a_valid_take),
      cmocka_unit_test(a_newer_version_is_told),
      cmocka_unit_test(a_huge_count_takes_no_memory),
      cmocka_unit_test(numbers_that_are_none_are_not_stored),
      cmocka_unit_test(memory_may_run_out_anywhere),
      cmocka_unit_test(warnings_beyond_the_room_are_dropped),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
