#define _GNU_SOURCE // mount namespaces
#include "engine/audio/file.h"

#include "engine/base/file.h"
#include "engine/base/rng.h"
#include "tests/support/check.h"
#include "tests/support/fake_alloc.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sndfile.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RATE = 44100 };

static char folder[64]; // the test program's own, removed at the end

static const char *
in_folder(const char *name)
{
  static char paths[16][160];
  static int  next;
  char       *path = paths[next++ % 16];
  (void)snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
  return path;
}

static int
make_folder(void **state)
{
  (void)state;
  (void)snprintf(folder, sizeof(folder), "/tmp/woodshed_audio_XXXXXX");
  return mkdtemp(folder) ? 0 : -1;
}

static int
remove_folder(void **state)
{
  char command[96];
  (void)state;
  (void)snprintf(command, sizeof(command), "rm -rf %s", folder);
  return system(command);
}

static int
entries(const char *path)
{
  DIR *d = opendir(path);
  int  n = 0;
  assert_non_null(d);
  for (const struct dirent *e = readdir(d); e; e = readdir(d)) {
    n += e->d_name[0] != '.';
  }
  (void)closedir(d);
  return n;
}

// Channel c is a sine of 220 * (c + 1) Hz at amplitude 0.1, but `loud` at 0.5.
static void
write_sound(const char *path, int format, int channels, int rate, int loud, double seconds)
{
  SF_INFO  info = {.samplerate = rate, .channels = channels, .format = format};
  SNDFILE *f    = sf_open(path, SFM_WRITE, &info);
  if (!f) {
    fail_msg("%s: %s", path, sf_strerror(NULL));
  }
  for (int i = 0; i < (int)(seconds * rate); i++) {
    float frame[64];
    for (int c = 0; c < channels; c++) {
      double x = sin(2 * 3.14159265358979 * 220 * (c + 1) * i / rate);
      frame[c] = (float)((c == loud ? 0.5 : 0.1) * x);
    }
    assert_int_equal(sf_writef_float(f, frame, 1), 1);
  }
  assert_int_equal(sf_close(f), 0);
}

static void
write_bytes(const char *path, const void *data, size_t n)
{
  shed_error err = {0};
  if (shed_file_write_atomic(path, data, n, &err) != SHED_OK) {
    fail_msg("%s %s", err.where, err.what);
  }
}

static shed_sound
load(const char *path, const char *flac, shed_sha256 *sha)
{
  shed_sound s   = {0};
  shed_error err = {0};
  if (shed_sound_load(path, flac, NULL, &s, sha, &err) != SHED_OK) {
    fail_msg("%s: %s", err.where, err.what);
  }
  return s;
}

static void
check_refused(const char *path, shed_status st, const char *words)
{
  shed_sound  s   = {0};
  shed_error  err = {0};
  shed_sha256 sha;
  CHECK_STATUS(shed_sound_load(path, in_folder("never.flac"), NULL, &s, &sha, &err), st);
  if (!strstr(err.what, words)) {
    fail_msg("%s: \"%s\" does not say \"%s\"", path, err.what, words);
  }
  assert_null(s.x);
  assert_false(shed_file_exists(in_folder("never.flac")));
}

// Level of one frequency, as amplitude.
static double
amplitude(const shed_sound *s, double hz)
{
  double re = 0;
  double im = 0;
  for (size_t i = 0; i < s->n; i++) {
    double w = 2 * 3.14159265358979 * hz * (double)i / s->rate_hz;
    re += (double)s->x[i] * cos(w);
    im += (double)s->x[i] * sin(w);
  }
  return 2 * sqrt(re * re + im * im) / (double)s->n;
}

static void
each_kind_that_libsndfile_knows_is_read(void **state)
{
  static const struct {
    const char *name;
    int         format;
    int         rate;
  } rows[] = {
      {"a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 44100},
      {"b.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 48000},
      {"c.wav", SF_FORMAT_RF64 | SF_FORMAT_PCM_24, 44100},
      {"d.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 44100},
      {"e.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 44100},
      {"f.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 44100},
      {"g.opus", SF_FORMAT_OGG | SF_FORMAT_OPUS, 48000},
      {"h.mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 44100},
      {"i.caf", SF_FORMAT_CAF | SF_FORMAT_PCM_24, 44100},
      {"j.au", SF_FORMAT_AU | SF_FORMAT_ULAW, 8000},
      {"k.w64", SF_FORMAT_W64 | SF_FORMAT_PCM_16, 192000},
      {"l.voc", SF_FORMAT_VOC | SF_FORMAT_PCM_16, 44100},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    const char *path = in_folder(rows[i].name);
    write_sound(path, rows[i].format, 1, rows[i].rate, 0, 1.0);
    shed_sound s = load(path, NULL, NULL);
    print_message("%s: %zu samples, amplitude %.3f, %d warnings\n", rows[i].name, s.n, amplitude(&s, 220),
                  s.n_warnings);
    assert_int_equal(s.rate_hz, rows[i].rate);
    CHECK_NEAR((double)s.n / s.rate_hz, 1.0, 0.06); // MP3 pads
    CHECK_NEAR(amplitude(&s, 220), 0.5, 0.05);
    assert_int_equal(s.n_warnings, 0);
    shed_sound_free(&s);
  }
}

static void
the_loudest_of_eight_channels_is_heard(void **state)
{
  const char *path = in_folder("eight.wav");
  (void)state;
  write_sound(path, SF_FORMAT_WAVEX | SF_FORMAT_PCM_24, 8, 8000, 5, 0.5);
  shed_sound s = load(path, NULL, NULL);
  CHECK_NEAR(amplitude(&s, 220 * 6), 0.5, 1e-3);
  CHECK_LT(amplitude(&s, 220), 1e-3);
  assert_int_equal(s.n_warnings, 1);
  assert_int_equal(s.warnings[0].code, SHED_MSG_take_channel);
  assert_string_equal(s.warnings[0].params[1].value, "6");
  shed_sound_free(&s);
}

static void
two_equal_channels_need_no_warning(void **state)
{
  const char *path = in_folder("twin.wav");
  SF_INFO     info = {.samplerate = RATE, .channels = 2, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_16};
  SNDFILE    *f    = sf_open(path, SFM_WRITE, &info);
  (void)state;
  for (int i = 0; i < RATE; i++) {
    float x[2] = {0.001F * (float)(i % 100), 0.001F * (float)(i % 100)};
    assert_int_equal(sf_writef_float(f, x, 1), 1);
  }
  (void)sf_close(f);
  shed_sound s = load(path, NULL, NULL);
  assert_int_equal(s.n_warnings, 0);
  shed_sound_free(&s);
}

// What is handed out, what the stored file holds, and the hash with and without a file are one.
static void
the_stored_form_is_what_is_heard(void **state)
{
  const char *path = in_folder("noise.wav");
  const char *flac = in_folder("noise.flac");
  SF_INFO     info = {.samplerate = RATE, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  SNDFILE    *f    = sf_open(path, SFM_WRITE, &info);
  shed_rng    rng;
  shed_sha256 with, without, again, bytes;
  struct stat st;
  (void)state;
  shed_rng_seed(&rng, 1, 1);
  for (int i = 0; i < 3 * RATE; i++) {
    float x = (float)(shed_rng_normal(&rng) * 0.5); // some beyond full scale
    assert_int_equal(sf_writef_float(f, &x, 1), 1);
  }
  (void)sf_close(f);
  shed_sound a = load(path, flac, &with);
  shed_sound b = load(path, NULL, &without);
  shed_sound c = load(flac, NULL, &again);
  CHECK_OK(shed_sha256_of_file(flac, &bytes, NULL));
  assert_string_equal(with.text, bytes.text);
  assert_string_equal(with.text, without.text);
  assert_string_equal(with.text, again.text); // storing the stored form changes nothing
  assert_int_equal(a.n, 3 * RATE);
  assert_memory_equal(a.x, b.x, a.n * sizeof(float));
  assert_memory_equal(a.x, c.x, a.n * sizeof(float));
  assert_int_equal(stat(flac, &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
  float highest = 0;
  for (size_t i = 0; i < a.n; i++) {
    highest = a.x[i] > highest ? a.x[i] : highest;
  }
  CHECK_NEAR((double)highest, 8388607.0 / 8388608.0, 0);
  shed_sound_free(&a);
  shed_sound_free(&b);
  shed_sound_free(&c);
}

static void
what_is_no_number_is_silence_and_counted(void **state)
{
  const char *path = in_folder("nan.wav");
  SF_INFO     info = {.samplerate = RATE, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  SNDFILE    *f    = sf_open(path, SFM_WRITE, &info);
  (void)state;
  for (int i = 0; i < 1000; i++) {
    float x = i % 10 == 0 ? NAN : i % 10 == 1 ? INFINITY : 0.25F;
    assert_int_equal(sf_writef_float(f, &x, 1), 1);
  }
  (void)sf_close(f);
  shed_sound s = load(path, NULL, NULL);
  for (size_t i = 0; i < s.n; i++) {
    CHECK_NEAR((double)s.x[i], i % 10 < 2 ? 0.0 : 0.25, 0);
  }
  assert_int_equal(s.n_warnings, 1);
  assert_int_equal(s.warnings[0].code, SHED_MSG_take_nan);
  assert_string_equal(s.warnings[0].params[0].value, "200");
  shed_sound_free(&s);
}

static void
cut_files_are_heard_as_far_as_they_go(void **state)
{
  static const struct {
    const char *name;
    int         format;
    int         rate;
  } rows[] = {
      {"cut.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 44100},
      {"cut.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 44100},
      {"cut.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 44100},
      {"cut.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 44100},
      {"cut.opus", SF_FORMAT_OGG | SF_FORMAT_OPUS, 48000},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    const char *path = in_folder(rows[i].name);
    struct stat st;
    write_sound(path, rows[i].format, 1, rows[i].rate, 0, 20.0);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(truncate(path, st.st_size * 6 / 10), 0);
    shed_sound s = load(path, NULL, NULL);
    print_message("%s: %.2f s of 20 heard\n", rows[i].name, (double)s.n / s.rate_hz);
    assert_true(s.n > (size_t)s.rate_hz * 6);
    assert_true(s.n < (size_t)s.rate_hz * 14);
    assert_int_equal(s.n_warnings, 1);
    assert_int_equal(s.warnings[0].code, SHED_MSG_take_truncated);
    shed_sound_free(&s);
  }
}

static void
what_is_no_sound_is_refused_with_words(void **state)
{
  static const char text[] = "This is a text, not a sound, and it is long enough for every magic number.";
  (void)state;
  check_refused(in_folder("missing.wav"), SHED_E_NOTFOUND, "cannot be opened");
  check_refused(folder, SHED_E_FORMAT, "is a folder");
  check_refused("/dev/null", SHED_E_FORMAT, "is a device");
  write_bytes(in_folder("empty.wav"), "", 0);
  check_refused(in_folder("empty.wav"), SHED_E_FORMAT, "is empty");
  write_bytes(in_folder("text.wav"), text, sizeof(text));
  check_refused(in_folder("text.wav"), SHED_E_FORMAT, "is not a sound file");
  write_bytes(in_folder("head.wav"), "RIFF\x10\0\0\0WAVEfm", 14);
  check_refused(in_folder("head.wav"), SHED_E_FORMAT, "begins as WAV but is damaged");
  write_sound(in_folder("none.wav"), SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1, RATE, 0, 0);
  check_refused(in_folder("none.wav"), SHED_E_FORMAT, "holds no sound");
}

static void
what_is_outside_the_limits_is_refused(void **state)
{
  (void)state;
  write_sound(in_folder("slow.wav"), SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1, 4000, 0, 0.1);
  check_refused(in_folder("slow.wav"), SHED_E_RANGE, "4000 samples a second");
  write_sound(in_folder("fast.wav"), SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1, 384000, 0, 0.1);
  check_refused(in_folder("fast.wav"), SHED_E_RANGE, "384000 samples a second");
  write_sound(in_folder("odd.wav"), SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1, 100001, 0, 0.1);
  check_refused(in_folder("odd.wav"), SHED_E_RANGE, "100001 samples a second");
  write_sound(in_folder("wide.wav"), SF_FORMAT_WAVEX | SF_FORMAT_PCM_16, 33, RATE, 0, 0.01);
  check_refused(in_folder("wide.wav"), SHED_E_RANGE, "33 channels");
  write_sound(in_folder("long.flac"), SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 1, 8000, 0, 0.1);
  // a FLAC whose header claims 2^36 - 1 samples
  int           fd = open(in_folder("long.flac"), O_RDWR);
  unsigned char b[5];
  assert_int_equal(pread(fd, b, 5, 21), 5);
  b[0] |= 0x0f;
  memset(b + 1, 0xff, 4);
  assert_int_equal(pwrite(fd, b, 5, 21), 5);
  (void)close(fd);
  check_refused(in_folder("long.flac"), SHED_E_LIMIT, "hours");
}

static void
other_kinds_are_told_how_to_convert(void **state)
{
  static const struct {
    const char *name;
    const char *bytes;
    size_t      n;
    const char *words;
  } rows[] = {
      {"x.m4a",
       "\0\0\0\x20"
       "ftypM4A \0\0\0\0isom",
       20, "ffmpeg -i "},
      {"x.mp4",
       "\0\0\0\x20"
       "ftypisom\0\0\0\0isom",
       20, "x.wav"},
      {"x.aac", "\xff\xf1\x50\x80\x2e\x7f\xfc\x21", 8, "AAC"},
      {"x.wma", "\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9", 10, "WMA"},
      {"x.webm", "\x1a\x45\xdf\xa3\x9f\x42\x86\x81", 8, "WebM"},
      {"x.amr", "#!AMR\n\x3c\x91", 8, "AMR"},
      {"my take.m4a",
       "\0\0\0\x20"
       "ftypM4A \0\0\0\0isom",
       20, "'my take.wav'"},
      {"x.mid.wav", "MThd\0\0\0\6\0\1", 10, ".mid"},
  };
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    write_bytes(in_folder(rows[i].name), rows[i].bytes, rows[i].n);
    check_refused(in_folder(rows[i].name), SHED_E_UNSUPPORTED, rows[i].words);
  }
}

// Standard input becomes `command`'s output while `path` "-" is loaded.
static shed_status
load_from(const char *command, shed_sound *s, shed_sha256 *sha, shed_error *err)
{
  int   saved = dup(STDIN_FILENO);
  FILE *pipe  = popen(command, "r");
  assert_non_null(pipe);
  assert_int_equal(dup2(fileno(pipe), STDIN_FILENO), STDIN_FILENO);
  shed_status st = shed_sound_load("-", NULL, NULL, s, sha, err);
  assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
  (void)close(saved);
  (void)pclose(pipe);
  return st;
}

static void
standard_input_is_read(void **state)
{
  const char *path = in_folder("in.wav");
  char        command[200];
  shed_sha256 piped, direct;
  shed_sound  s   = {0};
  shed_error  err = {0};
  (void)state;
  write_sound(path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 2, RATE, 1, 2.0);
  shed_sound d = load(path, NULL, &direct);
  (void)snprintf(command, sizeof(command), "cat %s", path);
  CHECK_OK(load_from(command, &s, &piped, &err));
  assert_string_equal(piped.text, direct.text);
  shed_sound_free(&s);
  // a writer to a pipe does not know the length: 2^32 - 1 stands there, and that is not a cut file
  (void)snprintf(command, sizeof(command), "(head -c 40 %s; printf '\\377\\377\\377\\377'; tail -c +45 %s)",
                 path, path);
  CHECK_OK(load_from(command, &s, &piped, &err));
  assert_int_equal(s.n, d.n);
  assert_int_equal(s.n_warnings, d.n_warnings);
  shed_sound_free(&s);
  shed_sound_free(&d);
  CHECK_STATUS(load_from("true", &s, &piped, &err), SHED_E_FORMAT);
  assert_non_null(strstr(err.what, "is empty"));
  CHECK_STATUS(load_from("cat /dev/zero", &s, &piped, &err), SHED_E_FORMAT); // ends although it never does
  assert_non_null(strstr(err.what, "a WAV is expected"));
}

static void
blocks_of_any_size_are_the_same_sound(void **state)
{
  static const size_t sizes[] = {1, 7, 4096, 100000};
  const char         *path    = in_folder("blocks.wav");
  shed_sha256         whole;
  (void)state;
  write_sound(path, SF_FORMAT_WAV | SF_FORMAT_PCM_24, 2, 22050, 1, 1.0);
  shed_sound s = load(path, NULL, &whole);
  float     *x = shed_malloc(NULL, 100000 * sizeof(float));
  assert_non_null(x);
  for (size_t i = 0; i < SHED_COUNTOF(sizes); i++) {
    shed_sound_reader *r = NULL;
    shed_sha256        sha;
    shed_message       warnings[SHED_AUDIO_WARNINGS];
    size_t             at = 0;
    size_t             n  = 0;
    CHECK_OK(shed_sound_open(&r, path, NULL, NULL, NULL));
    assert_int_equal(shed_sound_expected(r), s.n);
    do {
      CHECK_OK(shed_sound_read(r, x, sizes[i], &n, NULL));
      assert_true(n <= sizes[i]);
      assert_memory_equal(x, s.x + at, n * sizeof(float));
      at += n;
    } while (n);
    assert_int_equal(at, s.n);
    assert_int_equal(shed_sound_warnings(r, warnings), 1);
    CHECK_OK(shed_sound_finish(r, &sha, NULL));
    assert_string_equal(sha.text, whole.text);
    shed_sound_close(r);
  }
  shed_free(NULL, x);
  shed_sound_free(&s);
}

static void
a_reader_closed_early_leaves_nothing(void **state)
{
  const char        *path = in_folder("early.wav");
  const char        *flac = in_folder("early/take.flac");
  shed_sound_reader *r    = NULL;
  (void)state;
  CHECK_OK(shed_folder_make(in_folder("early"), NULL));
  write_sound(path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1, RATE, 0, 1.0);
  CHECK_OK(shed_sound_open(&r, path, flac, NULL, NULL));
  assert_int_equal(entries(in_folder("early")), 1);
  shed_sound_close(r);
  assert_int_equal(entries(in_folder("early")), 0);
}

static void
finishing_without_reading_stores_all(void **state)
{
  const char        *path = in_folder("unread.wav");
  shed_sound_reader *r    = NULL;
  shed_sha256        whole, sha;
  (void)state;
  write_sound(path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1, RATE, 0, 1.0);
  shed_sound s = load(path, NULL, &whole);
  CHECK_OK(shed_sound_open(&r, path, NULL, NULL, NULL));
  CHECK_OK(shed_sound_finish(r, &sha, NULL));
  assert_string_equal(sha.text, whole.text);
  shed_sound_close(r);
  shed_sound_free(&s);
}

// In a child with a mount name space of its own: exit 77 where mounting is not allowed.
static int
on_a_full_disk(const char *source)
{
  char        flac[200];
  shed_sound  s   = {0};
  shed_error  err = {0};
  shed_sha256 sha;
  if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
      mount("tmpfs", in_folder("full"), "tmpfs", 0, "size=64k")) {
    return 77;
  }
  (void)snprintf(flac, sizeof(flac), "%s/full/take.flac", folder);
  if (shed_sound_load(source, flac, NULL, &s, &sha, &err) != SHED_E_NOSPACE || s.x ||
      !strstr(err.what, "No space left") || entries(in_folder("full")) != 0) {
    return 1;
  }
  // room for the head, none for the sound: a save too
  float x[60000];
  for (int i = 0; i < 60000; i++) {
    x[i] = (float)(i * 7919 % 1000) / 1000;
  }
  (void)snprintf(flac, sizeof(flac), "%s/full/take.wav", folder);
  return shed_sound_save(flac, x, 60000, RATE, &err) != SHED_E_NOSPACE || entries(in_folder("full")) != 0;
}

static void
a_full_disk_is_told_and_nothing_is_left(void **state)
{
  int         result = 0;
  const char *source = in_folder("big.wav");
  SF_INFO     info   = {.samplerate = RATE, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_16};
  SNDFILE    *f      = sf_open(source, SFM_WRITE, &info);
  shed_rng    rng;
  (void)state;
  shed_rng_seed(&rng, 2, 2);
  for (int i = 0; i < 3 * RATE; i++) {
    float x = (float)(shed_rng_unit(&rng) - 0.5);
    assert_int_equal(sf_writef_float(f, &x, 1), 1);
  }
  (void)sf_close(f);
  CHECK_OK(shed_folder_make(in_folder("full"), NULL));
  pid_t child = fork();
  if (child == 0) {
    _exit(on_a_full_disk(source));
  }
  assert_int_equal(waitpid(child, &result, 0), child);
  assert_true(WIFEXITED(result));
  if (WEXITSTATUS(result) == 77) {
    print_message("skipped: mounting is not allowed here\n");
    skip();
  }
  assert_int_equal(WEXITSTATUS(result), 0);
}

static void
a_folder_that_is_not_there_is_told(void **state)
{
  const char *path = in_folder("ok.wav");
  shed_sound  s    = {0};
  shed_error  err  = {0};
  (void)state;
  write_sound(path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1, RATE, 0, 0.1);
  CHECK_STATUS(shed_sound_load(path, in_folder("no/such/take.flac"), NULL, &s, NULL, &err), SHED_E_NOTFOUND);
  assert_non_null(strstr(err.where, "take.flac"));
}

static void
saved_sound_comes_back(void **state)
{
  static const char *const names[] = {"saved.wav", "saved.flac"};
  static float             x[10000];
  (void)state;
  for (int i = 0; i < 10000; i++) {
    x[i] = (float)((double)(i * 7919 % 8388608) / 8388608.0);
  }
  for (size_t i = 0; i < SHED_COUNTOF(names); i++) {
    CHECK_OK(shed_sound_save(in_folder(names[i]), x, 10000, 48000, NULL));
    shed_sound s = load(in_folder(names[i]), NULL, NULL);
    assert_int_equal(s.n, 10000);
    assert_int_equal(s.rate_hz, 48000);
    assert_memory_equal(s.x, x, sizeof(x));
    shed_sound_free(&s);
  }
  CHECK_STATUS(shed_sound_save(in_folder("saved.mp3"), x, 10, 48000, NULL), SHED_E_UNSUPPORTED);
  CHECK_STATUS(shed_sound_save(in_folder("saved.wav"), x, 10, 4000, NULL), SHED_E_RANGE);
}

static void
resampling_keeps_pitch_level_and_time(void **state)
{
  static const int rates[] = {8000, 22050, 48000, 192000};
  const char      *path    = in_folder("rate.wav");
  (void)state;
  for (size_t i = 0; i < SHED_COUNTOF(rates); i++) {
    write_sound(path, SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1, rates[i], 0, 1.0);
    shed_sound s = load(path, NULL, NULL);
    shed_sound r = {0};
    shed_sound q = {0};
    CHECK_OK(shed_sound_resample(&s, RATE, NULL, &r));
    CHECK_OK(shed_sound_resample(&s, RATE, NULL, &q));
    CHECK_NEAR((double)r.n, RATE, 1);
    CHECK_NEAR(amplitude(&r, 220), 0.5, 2e-3);
    // in phase at one tenth of a second and a quarter period: no delay
    CHECK_NEAR((double)r.x[4460], 0.5 * sin(2 * 3.14159265358979 * 220 * 4460 / 44100.0), 2e-3);
    assert_int_equal(r.n, q.n);
    assert_memory_equal(r.x, q.x, r.n * sizeof(float));
    shed_sound_free(&s);
    shed_sound_free(&r);
    shed_sound_free(&q);
  }
  shed_sound tiny = {.rate_hz = 8000};
  shed_sound out  = {0};
  CHECK_STATUS(shed_sound_resample(&tiny, 0, NULL, &out), SHED_E_RANGE);
}

static void
memory_may_run_out_anywhere(void **state)
{
  char path[160];
  char flac[160];
  (void)state;
  (void)snprintf(path, sizeof(path), "%s", in_folder("sweep.wav"));
  (void)snprintf(flac, sizeof(flac), "%s", in_folder("sweep.flac"));
  write_sound(path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 2, 8000, 1, 0.2);
  SWEEP_ALLOCATIONS(a, {
    shed_sound  s = {0};
    shed_sound  r = {0};
    shed_sha256 sha;
    sweep_status = shed_sound_load(path, NULL, &a.alloc, &s, &sha, NULL);
    if (sweep_status == SHED_OK) {
      sweep_status = shed_sound_resample(&s, 16000, &a.alloc, &r);
    }
    shed_sound_free(&r);
    shed_sound_free(&s);
  })
  SWEEP_ALLOCATIONS(a, {
    shed_sound s = {0};
    sweep_status = shed_sound_load(path, flac, &a.alloc, &s, NULL, NULL);
    shed_sound_free(&s);
  })
}

int
main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_kind_that_libsndfile_knows_is_read),
      cmocka_unit_test(the_loudest_of_eight_channels_is_heard),
      cmocka_unit_test(two_equal_channels_need_no_warning),
      cmocka_unit_test(the_stored_form_is_what_is_heard),
      cmocka_unit_test(what_is_no_number_is_silence_and_counted),
      cmocka_unit_test(cut_files_are_heard_as_far_as_they_go),
      cmocka_unit_test(what_is_no_sound_is_refused_with_words),
      cmocka_unit_test(what_is_outside_the_limits_is_refused),
      cmocka_unit_test(other_kinds_are_told_how_to_convert),
      cmocka_unit_test(standard_input_is_read),
      cmocka_unit_test(blocks_of_any_size_are_the_same_sound),
      cmocka_unit_test(a_reader_closed_early_leaves_nothing),
      cmocka_unit_test(finishing_without_reading_stores_all),
      cmocka_unit_test(a_full_disk_is_told_and_nothing_is_left),
      cmocka_unit_test(a_folder_that_is_not_there_is_told),
      cmocka_unit_test(saved_sound_comes_back),
      cmocka_unit_test(resampling_keeps_pitch_level_and_time),
      cmocka_unit_test(memory_may_run_out_anywhere),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
