// What score.h promises of files: what is refused, with which reason and line, and what a hostile file may cost.
#include "engine/base/str.h"
#include "engine/score/score.h"

#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <zip.h>

#define HEAD                                                                                                 \
  "<score-partwise version='4.0'><part-list><score-part id='P1'><part-name>Flute</part-name></score-part>"   \
  "</part-list><part id='P1'>"
#define MEASURE(number, body) "<measure number='" number "'>" body "</measure>"
#define TAIL                  "</part></score-partwise>"
#define NOTE(step)                                                                                           \
  "<note><pitch><step>" step                                                                                 \
  "</step><octave>4</octave></pitch><duration>1</duration><type>quarter</type></note>"

static shed_status
parse(const char *text, const char *name, shed_score **score, shed_error *err)
{
  *err = (shed_error){0};
  return shed_score_parse(text, strlen(text), name, NULL, score, err);
}

static void
check_refused(const char *text, shed_status status, const char *where, const char *what)
{
  shed_score *score = NULL;
  shed_error  err;
  CHECK_STATUS(parse(text, "folder/a.musicxml", &score, &err), status);
  assert_null(score);
  assert_int_equal(err.status, status);
  if (!strstr(err.where, where) || !strstr(err.what, what)) {
    fail_msg("refused with \"%s: %s\", expected \"%s: ...%s\"", err.where, err.what, where, what);
  }
}

static void
malformed_files_are_refused_with_line_and_reason(void **state)
{
  (void)state;
  check_refused("<score-partwise>\n<part-list>\n</part>", SHED_E_FORMAT, "a.musicxml:3", "malformed XML");
  check_refused(HEAD "\n\n<measure number='1'>" NOTE("C"), SHED_E_FORMAT, "a.musicxml:3", "malformed XML");
  check_refused(HEAD "<measure number='1'>\n" NOTE("H") "</measure>" TAIL, SHED_E_FORMAT, "a.musicxml:2",
                "has no step from A to G: \"H\"");
  check_refused(HEAD "<measure "
                     "number='1'><note><pitch><step>C</step><octave>x</octave></pitch><duration>1</"
                     "duration></note></measure>" TAIL,
                SHED_E_FORMAT, "a.musicxml:1", "has no octave from -2 to 10: \"x\"");
  check_refused(HEAD "<measure number='1'><attributes>\n<divisions>0</divisions></attributes></measure>" TAIL,
                SHED_E_FORMAT, "a.musicxml:2", "must be above 0, not \"0\"");
  check_refused(HEAD "<measure number='1'><note><rest/><duration>-4</duration></note></measure>" TAIL,
                SHED_E_FORMAT, "a.musicxml:1", "\"-4\"");
  check_refused(HEAD "<measure number='1'><note><rest/></note></measure>" TAIL, SHED_E_FORMAT, "a.musicxml:1",
                "neither <duration> nor <type>");
  check_refused(HEAD TAIL "<score-partwise/>", SHED_E_FORMAT, "a.musicxml:1", "malformed XML");
  check_refused("<score-partwise/>", SHED_E_FORMAT, "a.musicxml", "has no parts");
  check_refused("<?xml version='1.0' encoding='klingon'?><score-partwise/>", SHED_E_FORMAT, "a.musicxml:1",
                "malformed XML");
}

static void
other_files_are_named_with_a_remedy(void **state)
{
  static const struct {
    const char *text, *name, *what;
  } rows[] = {
      {"%PDF-1.4", "a.pdf", "PDF"},           {"<mei xmlns='x'/>", "a.xml", "<mei>"},
      {"hello", "a.txt", "no kind of score"}, {"hello", "a.mscz", "MuseScore"},
      {"RIFF....WAVE", "a.wav", "sound"},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_score *score = NULL;
    shed_error  err;
    CHECK_STATUS(parse(rows[i].text, rows[i].name, &score, &err), SHED_E_UNSUPPORTED);
    if (!strstr(err.what, rows[i].what)) {
      fail_msg("%s: \"%s\" does not say \"%s\"", rows[i].name, err.what, rows[i].what);
    }
  }
}

static void
missing_and_empty_files(void **state)
{
  shed_score *score = NULL;
  shed_error  err   = {0};
  (void)state;
  CHECK_STATUS(shed_score_load("/nonexistent/a.musicxml", NULL, &score, &err), SHED_E_NOTFOUND);
  assert_non_null(strstr(err.where, "/nonexistent/a.musicxml"));
  CHECK_STATUS(shed_score_load("/dev/null", NULL, &score, &err), SHED_E_FORMAT);
  assert_non_null(strstr(err.what, "empty"));
  CHECK_STATUS(shed_score_load("/", NULL, &score, &err), SHED_E_FORMAT);
}

// Ten entities of ten entities of ...: 10^10 letters if anything expanded them.
static void
entities_are_refused(void **state)
{
  shed_str bomb = {0};
  (void)state;
  shed_str_add(&bomb, "<?xml version='1.0'?>\n<!DOCTYPE score-partwise [\n<!ENTITY a0 'x'>\n");
  for (int i = 1; i < 11; i++) {
    shed_str_addf(&bomb, "<!ENTITY a%d '", i);
    for (int k = 0; k < 10; k++) {
      shed_str_addf(&bomb, "&a%d;", i - 1);
    }
    shed_str_add(&bomb, "'>\n");
  }
  shed_str_add(&bomb, "]>\n<score-partwise>&a10;</score-partwise>");
  check_refused(shed_str_text(&bomb), SHED_E_FORMAT, "a.musicxml:3", "declares entities");
  shed_str_free(&bomb);
  check_refused("<!DOCTYPE score-partwise [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>\n"
                "<score-partwise><movement-title>&x;</movement-title></score-partwise>",
                SHED_E_FORMAT, "a.musicxml:1", "declares entities");
  check_refused("<!DOCTYPE x [<!ATTLIST note id CDATA 'y'>]>\n<score-partwise/>", SHED_E_FORMAT,
                "a.musicxml:1", "default attributes");
}

// A DTD elsewhere is not fetched, and what it might have declared is not known.
static void
nothing_beside_the_file_is_read(void **state)
{
  shed_score *score = NULL;
  shed_error  err;
  (void)state;
  CHECK_OK(parse(
      "<!DOCTYPE score-partwise SYSTEM 'http://127.0.0.1:9/never.dtd'>" HEAD MEASURE("1", NOTE("C")) TAIL,
      "a.xml", &score, &err));
  shed_score_free(score);
  score = NULL;
  CHECK_OK(parse("<!DOCTYPE score-partwise SYSTEM '/etc/passwd'>" HEAD MEASURE("1", NOTE("C")) TAIL, "a.xml",
                 &score, &err));
  shed_score_free(score);
}

static void
deep_and_wide_files_are_refused(void **state)
{
  shed_str deep = {0};
  shed_str wide = {0};
  shed_str many = {0};
  (void)state;
  shed_str_add(&deep, HEAD "<measure number='1'>");
  for (int i = 0; i < 100000; i++) {
    shed_str_add(&deep, "<a>");
  }
  check_refused(shed_str_text(&deep), SHED_E_FORMAT, "a.musicxml:1", "malformed XML");
  shed_str_add(&wide, HEAD "<measure");
  for (int i = 0; i < 5000; i++) {
    shed_str_addf(&wide, " a%d=''", i);
  }
  shed_str_add(&wide, "/>" TAIL);
  check_refused(shed_str_text(&wide), SHED_E_LIMIT, "a.musicxml:1", "more than 200 attributes");
  shed_str_add(&many, HEAD "<measure number='1'>");
  for (int i = 0; i < 4000001; i++) {
    shed_str_addn(&many, "<a/>", 4);
  }
  shed_str_add(&many, "</measure>" TAIL);
  check_refused(shed_str_text(&many), SHED_E_LIMIT, "a.musicxml:1", "more than 4000000 elements");
  shed_str_free(&deep);
  shed_str_free(&wide);
  shed_str_free(&many);
}

static void
parts_and_measures_are_limited(void **state)
{
  shed_str parts    = {0};
  shed_str measures = {0};
  shed_str repeats  = {0};
  (void)state;
  shed_str_add(&parts, "<score-partwise><part-list>");
  for (int i = 0; i < 513; i++) {
    shed_str_addf(&parts, "<score-part id='P%d'/>", i);
  }
  shed_str_add(&parts, "</part-list></score-partwise>");
  check_refused(shed_str_text(&parts), SHED_E_LIMIT, "a.musicxml", "more than 512 parts");
  shed_str_add(&measures, HEAD);
  for (int i = 0; i < 200001; i++) {
    shed_str_add(&measures, "<measure/>");
  }
  shed_str_add(&measures, TAIL);
  check_refused(shed_str_text(&measures), SHED_E_LIMIT, "a.musicxml:1", "more than 200000 measures");
  // a file of a megabyte must not ask for gigabytes: 100 parts of which only the first has its 50,000 measures
  shed_str cells = {0};
  shed_str_add(&cells, "<score-partwise><part-list>");
  for (int i = 0; i < 100; i++) {
    shed_str_addf(&cells, "<score-part id='P%d'/>", i);
  }
  shed_str_add(&cells, "</part-list><part id='P0'>");
  for (int i = 0; i < 50000; i++) {
    shed_str_add(&cells, "<measure/>");
  }
  shed_str_add(&cells, "</part></score-partwise>");
  check_refused(shed_str_text(&cells), SHED_E_LIMIT, "a.musicxml", "has 100 parts of 50000 measures");
  shed_str_free(&cells);
  // 50,000 measures 32 times: too much to play, though not to read
  shed_str_add(&repeats, HEAD);
  for (int i = 0; i < 50000; i++) {
    shed_str_add(&repeats, "<measure/>");
  }
  shed_str_add(&repeats,
               "<measure><barline><repeat direction='backward' times='32'/></barline></measure>" TAIL);
  shed_score    *score = NULL;
  shed_error     err;
  shed_line      line;
  shed_selection all = {0};
  CHECK_OK(parse(shed_str_text(&repeats), "a.xml", &score, &err));
  CHECK_STATUS(shed_score_perform(score, &all, NULL, &line, &err), SHED_E_LIMIT);
  assert_non_null(strstr(err.what, "more than 1000000 notes or measures"));
  shed_score_free(score);
  shed_str_free(&parts);
  shed_str_free(&measures);
  shed_str_free(&repeats);
}

static void
every_cut_of_a_file_is_refused_or_read(void **state)
{
  const char *text =
      HEAD    MEASURE("1", NOTE("C") NOTE("D") "<direction><direction-type><words>D.C.</words>"
                                                  "</direction-type><sound dacapo='yes'/></direction>") TAIL;
  size_t      n = strlen(text);
  (void)state;
  for (size_t cut = 1; cut < n; cut++) {
    shed_score *score = NULL;
    shed_error  err   = {0};
    char       *copy  = shed_strndup(NULL, text, cut);
    assert_non_null(copy);
    CHECK_STATUS(shed_score_parse(copy, cut, "a.xml", NULL, &score, &err), SHED_E_FORMAT);
    assert_true(err.what[0]);
    shed_free(NULL, copy);
  }
}

static void
many_notes_are_read_in_seconds(void **state)
{
  enum { NOTES = 200000, IN_A_MEASURE = 8 };
  shed_str       text  = {0};
  shed_score    *score = NULL;
  shed_error     err;
  shed_line      line;
  shed_selection all = {0};
  (void)state;
  shed_str_add(&text, HEAD);
  for (int i = 0; i < NOTES; i++) {
    if (i % IN_A_MEASURE == 0) {
      shed_str_addf(&text, "%s<measure number='%d'>\n", i ? "</measure>" : "", i / IN_A_MEASURE + 1);
    }
    shed_str_addf(
        &text,
        "<note><pitch><step>%c</step><octave>4</octave></pitch><duration>1</duration><voice>1</voice>"
        "<type>quarter</type><stem>up</stem></note>\n",
        'A' + i % 7);
  }
  shed_str_add(&text, "</measure>" TAIL);
  clock_t start = clock();
  CHECK_OK(parse(shed_str_text(&text), "a.xml", &score, &err));
  CHECK_OK(shed_score_perform(score, &all, NULL, &line, &err));
  double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
  print_message("200,000 notes, %zu bytes: %.2f s of processor time\n", text.len, seconds);
  assert_int_equal(line.n_notes, NOTES);
  assert_int_equal(line.n_measures, NOTES / IN_A_MEASURE);
  CHECK_NEAR(line.length_s, NOTES * 0.5, 1e-6);
#ifndef SHED_SANITIZED
  CHECK_LT(seconds, 8.0); // 0.8 s where it was written
#endif
  shed_line_free(&line);
  shed_score_free(score);
  shed_str_free(&text);
}

static const char two_parts[] =
    "<score-partwise><part-list><score-part id='P1'><part-name>Flute</part-name></score-part>"
    "<score-part id='P2'><part-name>Piano</part-name></score-part></part-list>"
    "<part id='P1'>" MEASURE("1", NOTE("C")) MEASURE("2", NOTE("D")) MEASURE(
        "3", NOTE("E")) "</part>"
                        "<part id='P2'>" MEASURE("1", "<attributes><staves>2</staves></attributes>" NOTE(
                                                          "G")) "</part></score-partwise>";

// A hold over a rest looks for the note before it: not through all that another voice has in the measure.
static void
many_holds_over_rests_are_read_in_seconds(void **state)
{
  enum { NOTES = 40000 };
  shed_str    text  = {0};
  shed_score *score = NULL;
  shed_error  err;
  (void)state;
  shed_str_add(&text, HEAD "<measure number='1'>");
  for (int i = 0; i < NOTES; i++) {
    shed_str_add(&text, "<note><pitch><step>C</step><octave>4</octave></pitch><duration>1</duration></note>");
  }
  shed_str_addf(&text, "<backup><duration>%d</duration></backup>", NOTES);
  for (int i = 0; i < NOTES; i++) {
    shed_str_add(&text, "<note><rest/><duration>1</duration><voice>2</voice>"
                        "<notations><fermata/></notations></note>");
  }
  shed_str_add(&text, "</measure>" TAIL);
  clock_t start = clock();
  CHECK_OK(parse(shed_str_text(&text), "a.xml", &score, &err));
  double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
  print_message("%d holds: %.2f s of processor time\n", NOTES, seconds);
#ifndef SHED_SANITIZED
  CHECK_LT(seconds, 3.0); // 0.2 s where it was written, 8 s before
#endif
  shed_score_free(score);
  shed_str_free(&text);
}

static void
a_wrong_selection_lists_what_there_is(void **state)
{
  static const struct {
    shed_selection sel;
    const char    *what;
  } rows[] = {
      {{.part = "Oboe"}, "there is no part \"Oboe\"; the parts are: 1 P1 \"Flute\", 2 P2 \"Piano\""},
      {{.part = "3"}, "there is no part \"3\""},
      {{.part = ""}, "there is no part \"\""},
      {{.part = "2", .staff = 3}, "there is no staff 3 in part \"Piano\"; its staves are 1 to 2"},
      {{.voice = "7"}, "there is no voice \"7\" in part \"Flute\"; the voices are: 1"},
      {{.first_measure = "9"}, "there is no measure \"9\"; the measures are 1 to 3, as printed"},
      {{.last_measure = "x"}, "there is no measure \"x\""},
      {{.first_measure = "3", .last_measure = "2"}, "measure 2 comes before measure 3"},
  };
  shed_score *score = NULL;
  shed_error  err;
  (void)state;
  CHECK_OK(parse(two_parts, "a.xml", &score, &err));
  assert_int_equal(shed_score_parts(score), 2);
  assert_int_equal(shed_score_part(score, 1).staves, 2);
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    shed_line line;
    CHECK_STATUS(shed_score_perform(score, &rows[i].sel, NULL, &line, &err), SHED_E_NOTFOUND);
    if (!strstr(err.what, rows[i].what)) {
      fail_msg("\"%s\" does not say \"%s\"", err.what, rows[i].what);
    }
  }
  shed_score_free(score);
}

static void
warnings_are_at_most_a_hundred(void **state)
{
  shed_str       text  = {0};
  shed_score    *score = NULL;
  shed_error     err;
  shed_line      line;
  shed_selection all = {0};
  (void)state;
  shed_str_add(&text, HEAD "<measure number='1'>");
  for (int i = 0; i < 150; i++) {
    shed_str_add(&text, "\n<direction><sound tempo='0'/></direction>");
  }
  shed_str_add(&text, "</measure>" TAIL);
  CHECK_OK(parse(shed_str_text(&text), "a.xml", &score, &err));
  CHECK_OK(shed_score_perform(score, &all, NULL, &line, &err));
  assert_int_equal(line.n_warnings, 100);
  assert_string_equal(line.warnings[0].where, "a.xml:2");
  assert_string_equal(line.warnings[99].what, "51 more of this kind are not shown");
  shed_line_free(&line);
  shed_score_free(score);
  shed_str_free(&text);
}

// -- archives

static void
add_entry(zip_t *zip, const char *name, const char *text, size_t n)
{
  zip_source_t *source = zip_source_buffer(zip, text, n, 0);
  assert_non_null(source);
  assert_true(zip_file_add(zip, name, source, ZIP_FL_OVERWRITE) >= 0);
}

#define CONTAINER(path) "<container><rootfiles><rootfile full-path='" path "'/></rootfiles></container>"

// Pack files into an archive, read it back, hold the answer against what is expected.
static void
check_archive(const char *container, const char *name, const char *text, size_t n, shed_status status,
              const char *what)
{
  char        path[] = "/tmp/woodshed-test-XXXXXX";
  shed_score *score  = NULL;
  shed_error  err    = {0};
  int         fd     = mkstemp(path);
  assert_true(fd >= 0);
  (void)close(fd);
  zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
  assert_non_null(zip);
  if (container) {
    add_entry(zip, "META-INF/container.xml", container, strlen(container));
  }
  add_entry(zip, name, text, n);
  assert_int_equal(zip_close(zip), 0);
  shed_status st = shed_score_load(path, NULL, &score, &err);
  (void)unlink(path);
  if (st != status || (what && !strstr(err.what, what))) {
    fail_msg("%s: \"%s\", expected %s: \"%s\"", shed_status_text(st), err.what, shed_status_text(status),
             what);
  }
  shed_score_free(score);
}

static void
archives(void **state)
{
  static const char music[]          = HEAD MEASURE("1", NOTE("C")) TAIL;
  size_t                           n = sizeof(music) - 1;
  (void)state;
  check_archive(CONTAINER("a.xml"), "a.xml", music, n, SHED_OK, NULL);
  check_archive(NULL, "a.xml", music, n, SHED_E_FORMAT, "does not hold the file: \"META-INF/container.xml\"");
  check_archive(CONTAINER("b.xml"), "a.xml", music, n, SHED_E_FORMAT, "does not hold the file: \"b.xml\"");
  check_archive(CONTAINER("../../etc/passwd"), "a.xml", music, n, SHED_E_FORMAT, "does not hold the file");
  check_archive("<container/>", "a.xml", music, n, SHED_E_FORMAT, "no <rootfile full-path=...>");
  check_archive("<container>", "a.xml", music, n, SHED_E_FORMAT, "malformed XML in the archive");
  check_archive(CONTAINER("a.xml"), "a.xml", "", 0, SHED_E_FORMAT, "is empty");
  check_archive(CONTAINER("a.xml"), "a.xml", "X:1\nK:C\nCDEF|\n", 15, SHED_E_FORMAT, "is not MusicXML");
  check_archive(CONTAINER("a.xml"), "a.xml", "<score-partwise>", 16, SHED_E_FORMAT, "malformed XML");
}

static void
zip_bombs_are_refused(void **state)
{
  enum { BYTES = 80 * 1000 * 1000 };
  char *blanks = calloc(1, BYTES + 1);
  (void)state;
  assert_non_null(blanks);
  memset(blanks, ' ', BYTES);
  check_archive(CONTAINER("a.xml"), "a.xml", blanks, BYTES, SHED_E_LIMIT,
                "unpacks to more than 67108864 bytes");
  check_archive(blanks, "a.xml", "", 0, SHED_E_LIMIT, "unpacks to more than 65536 bytes");
  free(blanks);
}

static void
damaged_archives_are_refused(void **state)
{
  static const char head[] = "PK\3\4 and then nothing of use";
  shed_score       *score  = NULL;
  shed_error        err    = {0};
  (void)state;
  CHECK_STATUS(shed_score_parse(head, sizeof(head), "a.mxl", NULL, &score, &err), SHED_E_FORMAT);
  assert_non_null(strstr(err.what, "no whole zip archive"));
}

// -- memory

static const char everything[] =
    "<score-partwise><work><work-title>T</work-title></work><identification><creator "
    "type='composer'>C</creator>"
    "</identification><part-list><score-part id='P1'><part-name>Flute</part-name><score-instrument id='I'>"
    "<instrument-name>Flute</instrument-name></score-instrument><player id='A'/></score-part></part-list>"
    "<part id='P1'><measure "
    "number='1'><attributes><transpose><chromatic>2</chromatic></transpose></attributes>"
    "<barline location='left'><repeat direction='forward'/></barline>"
    "<direction><direction-type><words>Swing</words></direction-type><sound tempo='90' "
    "segno='s'/></direction>"
    "<note id='n'><pitch><step>C</step><octave>4</octave></pitch><duration>1</duration><tie type='start'/>"
    "<voice>2</voice><zzz/></note></measure><measure "
    "number='2'><note><pitch><step>C</step><octave>4</octave></pitch>"
    "<duration>1</duration><tie "
    "type='stop'/><voice>2</voice></note><barline location='middle'><repeat direction='backward'/></barline>"
    "<note><rest/><duration>1</duration></note><direction><direction-type><coda/></direction-type>"
    "</direction><direction><direction-type><words>D.S. al Coda</words></direction-type></direction>"
    "<barline><repeat direction='backward'/></barline></measure></part></score-partwise>";

static void
memory_may_run_out_anywhere(void **state)
{
  (void)state;
  SWEEP_ALLOCATIONS(a, {
    shed_score    *score = NULL;
    shed_line      line  = {0};
    shed_selection all   = {0};
    sweep_status = shed_score_parse(everything, sizeof(everything) - 1, "a.xml", &a.alloc, &score, NULL);
    if (sweep_status == SHED_OK) {
      sweep_status = shed_score_perform(score, &all, &a.alloc, &line, NULL);
    }
    if (sweep_status == SHED_OK) {
      shed_line_free(&line);
    }
    shed_score_free(score);
  });
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(malformed_files_are_refused_with_line_and_reason),
      cmocka_unit_test(other_files_are_named_with_a_remedy),
      cmocka_unit_test(missing_and_empty_files),
      cmocka_unit_test(entities_are_refused),
      cmocka_unit_test(nothing_beside_the_file_is_read),
      cmocka_unit_test(deep_and_wide_files_are_refused),
      cmocka_unit_test(parts_and_measures_are_limited),
      cmocka_unit_test(every_cut_of_a_file_is_refused_or_read),
      cmocka_unit_test(many_notes_are_read_in_seconds),
      cmocka_unit_test(many_holds_over_rests_are_read_in_seconds),
      cmocka_unit_test(a_wrong_selection_lists_what_there_is),
      cmocka_unit_test(warnings_are_at_most_a_hundred),
      cmocka_unit_test(archives),
      cmocka_unit_test(zip_bombs_are_refused),
      cmocka_unit_test(damaged_archives_are_refused),
      cmocka_unit_test(memory_may_run_out_anywhere),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
