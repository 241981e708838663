// The same take on another machine. FFTW chooses its codelets, and the C library its logarithms and sines, by what the
// processor offers; here one process hears with everything this machine has, and another, as an old one would: FFTW
// without SIMD, a C library without fused multiply-add. Labels and times must be the same and cents within a tenth.
#define _GNU_SOURCE
#include "engine/dsp/fft.h"
#include "tests/support/check.h"
#include "tests/support/ear_sound.h"
#include "tests/support/heard.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

enum { RATE_HZ = 44100, SECONDS = 20, TAKES = 3, PROBES = 40000, FFT_SIZE = 4096 };
// A frame's label may differ where the ear itself was not sure: within this of the line.
static const double NEAR_LINE     = 0.02;
static const char OLD_PROCESSOR[] = "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX2_Usable,-FMA_Usable,-FMA4_Usable";
static const char NO_SIMD_NAME[]  = "SHED_TEST_NO_SIMD";

// -- in front of FFTW's planner: FFTW_NO_SIMD of fftw3.h added where the environment asks ---------------------------------

void *fftwf_plan_dft_r2c_1d(int n, float *in, float (*out)[2], unsigned flags);
void *fftwf_plan_dft_c2r_1d(int n, float (*in)[2], float *out, unsigned flags);

static unsigned
with_or_without(unsigned flags)
{
  return getenv(NO_SIMD_NAME) ? flags | 1U << 17 : flags;
}

void *
fftwf_plan_dft_r2c_1d(int n, float *in, float (*out)[2], unsigned flags)
{
  void *(*real)(int, float *, float(*)[2], unsigned) = NULL;
  *(void **)(&real)                                  = dlsym(RTLD_NEXT, "fftwf_plan_dft_r2c_1d");
  return real ? real(n, in, out, with_or_without(flags)) : NULL;
}

void *
fftwf_plan_dft_c2r_1d(int n, float (*in)[2], float *out, unsigned flags)
{
  void *(*real)(int, float(*)[2], float *, unsigned) = NULL;
  *(void **)(&real)                                  = dlsym(RTLD_NEXT, "fftwf_plan_dft_c2r_1d");
  return real ? real(n, in, out, with_or_without(flags)) : NULL;
}

// -- what a machine says -------------------------------------------------------------------------------------------------

// Two controls, that the other machine is another one: bits of the transform and of the C library's mathematics.
typedef struct {
  float  bins[FFT_SIZE + 2];
  double math[PROBES];
} machine_probe;

static void
probe(machine_probe *p)
{
  shed_fft *f = NULL;
  CHECK_OK(shed_fft_new(&f, NULL, FFT_SIZE));
  float *noise = ear_sound(RATE_HZ, FFT_SIZE, 99);
  memcpy(shed_fft_time(f), noise, FFT_SIZE * sizeof(float));
  shed_fft_forward(f);
  memcpy(p->bins, shed_fft_bins(f), sizeof(p->bins));
  for (int i = 0; i < PROBES; i++) {
    double x   = 0.37 + i * 0.0131;
    p->math[i] = i % 2 == 0 ? sin(x) : exp(-0.01 * x);
  }
  free(noise);
  shed_fft_free(f);
}

static heard
hear_take(uint64_t seed)
{
  size_t n = (size_t)SECONDS * RATE_HZ;
  float *x = ear_sound(RATE_HZ, n, seed);
  heard  h = heard_of(x, n, RATE_HZ);
  free(x);
  return h;
}

static int
tell_everything(void)
{
  machine_probe p;
  probe(&p);
  size_t written = fwrite(&p, sizeof(p), 1, stdout);
  for (uint64_t seed = 1; seed <= TAKES; seed++) {
    heard h = hear_take(seed);
    written += fwrite(&h.n, sizeof(h.n), 1, stdout) + fwrite(h.events, sizeof(*h.events), h.n, stdout);
    heard_free(&h);
  }
  return written > 0 && fflush(stdout) == 0 ? 0 : 1;
}

static heard
read_heard(FILE *from)
{
  heard h = {.rate_hz = RATE_HZ};
  assert_int_equal(fread(&h.n, sizeof(h.n), 1, from), 1);
  h.events = calloc(h.n, sizeof(*h.events));
  assert_non_null(h.events);
  assert_int_equal(fread(h.events, sizeof(*h.events), h.n, from), h.n);
  return h;
}

// -- the comparison --------------------------------------------------------------------------------------------------------

typedef struct {
  long   frames, undecided, notes, onsets;
  double cents, note_cents, db, confidence;
} differences;

static void
worse(double *worst, double a, double b)
{
  *worst = fmax(*worst, fabs(a - b));
}

static void
compare_frames(const shed_frame *a, const shed_frame *b, differences *d)
{
  double apart = a->f0_hz > 0.0f && b->f0_hz > 0.0f ? 1200.0 * log2((double)(a->f0_hz / b->f0_hz)) : 0.0;
  d->frames++;
  worse(&d->db, (double)a->level_db, (double)b->level_db);
  if (a->voiced != b->voiced || fabs(apart) > 25.0 || (a->f0_hz > 0.0f) != (b->f0_hz > 0.0f)) {
    d->undecided++; // another choice
    if (a->voiced || b->voiced) {
      CHECK_LT((double)fminf(a->confidence, b->confidence), 0.9);
    }
    return;
  }
  worse(&d->confidence, (double)a->confidence, (double)b->confidence);
  if (a->voiced) {
    worse(&d->cents, apart, 0.0);
  }
}

static void
compare_notes(const shed_heard_note *a, const shed_heard_note *b, differences *d)
{
  d->notes++;
  CHECK_NEAR((double)a->onset_s, (double)b->onset_s, 1e-4);
  CHECK_NEAR((double)a->offset_s, (double)b->offset_s, 1e-4);
  assert_int_equal(a->midi, b->midi);
  worse(&d->note_cents, (double)a->cents, (double)b->cents);
}

static void
compare(const heard *a, const heard *b, differences *d)
{
  assert_int_equal(a->n, b->n);
  for (size_t i = 0; i < a->n; i++) {
    const shed_event *e = &a->events[i], *f = &b->events[i];
    assert_int_equal(e->kind, f->kind);
    assert_int_equal(e->at_frame, f->at_frame);
    CHECK_NEAR(e->time_s, f->time_s, 1e-4);
    if (e->kind == SHED_EVENT_FRAME) {
      compare_frames(&e->u.frame, &f->u.frame, d);
    } else if (e->kind == SHED_EVENT_ONSET) {
      d->onsets++;
      worse(&d->confidence, (double)e->u.onset.confidence, (double)f->u.onset.confidence);
    } else if (e->kind == SHED_EVENT_NOTE) {
      compare_notes(&e->u.note, &f->u.note, d);
    }
  }
}

static long
values_apart(const void *a, const void *b, size_t n, size_t size)
{
  long apart = 0;
  for (size_t i = 0; i < n; i++) {
    apart += memcmp((const char *)a + i * size, (const char *)b + i * size, size) != 0;
  }
  return apart;
}

static void
an_old_processor_hears_the_same_to_a_tenth_of_a_cent(void **state)
{
  const char          *self = *state;
  char                 command[4096];
  differences          d = {0};
  static machine_probe here, there;
  assert_true(snprintf(command, sizeof(command), "%s=1 GLIBC_TUNABLES='%s' '%s' --hear", NO_SIMD_NAME,
                       OLD_PROCESSOR, self) < (int)sizeof(command));
  FILE *other = popen(command, "r");
  assert_non_null(other);
  assert_int_equal(fread(&there, sizeof(there), 1, other), 1);
  probe(&here);
  long bins = values_apart(here.bins, there.bins, FFT_SIZE + 2, sizeof(float));
  long math = values_apart(here.math, there.math, PROBES, sizeof(double));
  print_message("the other machine: %ld of %d bins and %ld of %d values of the C library have other bits\n",
                bins, FFT_SIZE + 2, math, PROBES);
  assert_true(bins > FFT_SIZE / 10); // or this test compares a machine with itself
  for (uint64_t seed = 1; seed <= TAKES; seed++) {
    heard a = hear_take(seed), b = read_heard(other);
    compare(&a, &b, &d);
    heard_free(&a);
    heard_free(&b);
  }
  assert_int_equal(pclose(other), 0);
  print_message("%ld frames: worst %.2g cents, %.2g dB, confidence %.2g, %ld choices differ; %ld notes: %.2g "
                "cents; %ld "
                "onsets\n",
                d.frames, d.cents, d.db, d.confidence, d.undecided, d.notes, d.note_cents, d.onsets);
  assert_true(d.notes > 40);
  CHECK_LT(d.cents, 0.1);
  CHECK_LT(d.note_cents, 0.1);
  CHECK_LT(d.db, 0.01);
  CHECK_LT(d.confidence, NEAR_LINE);
  assert_true(d.undecided * 1000 <= d.frames);
}

int
main(int argc, char **argv)
{
  if (argc > 1 && strcmp(argv[1], "--hear") == 0) {
    return tell_everything();
  }
  char    self[2048];
  ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
  if (n <= 0) {
    return 1;
  }
  self[n]                         = 0;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_prestate(an_old_processor_hears_the_same_to_a_tenth_of_a_cent, self),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
