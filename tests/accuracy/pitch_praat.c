// About this file: Praat as a process of its own. A batch of sounds and one script are written to a folder of their own,
// `praat --run` leaves a Pitch file for each, these are read back, and the folder is removed.
//
// Boersma 1993, "Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise ratio of a sampled
// sound", IFA Proceedings 17: 97-110; Praat's manual "Sound: To Pitch (ac)...", "(cc)...".
#include "tests/accuracy/pitch_peers.h"

#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const double FRAME_S = 0.010, SAME_NOTE_CENTS = 80;

// One analysis frame of Praat's.
typedef struct {
  double      time_s;
  pitch_point at;
} praat_frame;

bool
pitch_praat_version(char *out, size_t cap)
{
  FILE *f  = popen("praat --version 2>/dev/null", "r"); // NOLINT(cert-env33-c): a test, a fixed command
  bool  ok = f && fgets(out, (int)cap, f) && strncmp(out, "Praat ", 6) == 0;
  if (f) {
    pclose(f);
  }
  if (ok) {
    char *date                                            = strstr(out, " (");
    out[date ? (size_t)(date - out) : strcspn(out, "\n")] = '\0';
  }
  return ok;
}

static bool
write_wav(const char *path, const float *x, int n)
{
  SF_INFO  info = {.samplerate = PITCH_RATE_HZ, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
  SNDFILE *f    = sf_open(path, SFM_WRITE, &info);
  bool     ok   = f && sf_writef_float(f, x, n) == n;
  if (f) {
    sf_close(f);
  }
  return ok;
}

// Everything but the range is what Praat's own form proposes for (ac) and (cc).
static bool
write_script(const char *dir, const char *method, size_t n)
{
  char path[512];
  snprintf(path, sizeof(path), "%s/hear.praat", dir);
  FILE *f = fopen(path, "w");
  if (!f) {
    return false;
  }
  fprintf(f,
          "for i from 0 to %zu\n"
          "  sound = Read from file: \"%s/\" + string$(i) + \".wav\"\n"
          "  pitch = To Pitch (%s): 0.01, 35, 15, \"no\", 0.03, 0.45, 0.01, 0.35, 0.14, 4300\n"
          "  Save as short text file: \"%s/\" + string$(i) + \".Pitch\"\n"
          "  removeObject: sound, pitch\n"
          "endfor\n",
          n - 1, dir, method, dir);
  return fclose(f) == 0;
}

static bool
run_script(const char *dir)
{
  char path[512];
  snprintf(path, sizeof(path), "%s/hear.praat", dir);
  pid_t pid = fork();
  if (pid == 0) {
    execlp("praat", "praat", "--run", path, (char *)NULL);
    _exit(127);
  }
  int status = 0;
  return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// A short text file: type, class, empty line, then a number a line: xmin, xmax, frames, step, first time, ceiling, most
// candidates, and for each frame its intensity, the number of candidates, and frequency and strength of each; the path
// goes through the first.
static bool
number(FILE *f, double *out)
{
  char  line[128];
  char *end = line;
  if (fgets(line, sizeof(line), f)) {
    *out = strtod(line, &end);
  }
  return end != line;
}

static bool
read_frame(FILE *f, praat_frame *out)
{
  double intensity = 0, candidates = 0, hz = 0, strength = 0, best = -1;
  if (!number(f, &intensity) || !number(f, &candidates)) {
    return false;
  }
  out->at = (pitch_point){0, 0};
  for (int c = 0; c < (int)candidates; c++) {
    if (!number(f, &hz) || !number(f, &strength)) {
      return false;
    }
    if (hz > 0 && hz < 4300 && strength > best) {
      out->at = (pitch_point){(float)hz, (float)(0.5 * fmax(0, fmin(strength, 0.999)) + (c == 0 ? 0.5 : 0))};
      best    = c == 0 ? (double)INFINITY : strength; // what the path took stays
    }
  }
  return true;
}

static praat_frame *
read_pitch(const char *path, int *n)
{
  char         line[128];
  double       head[7] = {0};
  praat_frame *out     = NULL;
  FILE        *f       = fopen(path, "r");
  bool         ok      = f != NULL;
  for (int i = 0; i < 3 && ok; i++) {
    ok = fgets(line, sizeof(line), f) != NULL;
  }
  for (int i = 0; i < 7 && ok; i++) {
    ok = number(f, &head[i]);
  }
  *n  = ok && head[2] > 0 && head[2] < 1e6 ? (int)head[2] : 0;
  out = ok && *n > 0 ? calloc((size_t)*n, sizeof(*out)) : NULL;
  for (int i = 0; i < *n && out; i++) {
    out[i].time_s = head[4] + i * head[3];
    if (!read_frame(f, &out[i])) {
      free(out);
      out = NULL;
    }
  }
  if (f) {
    fclose(f);
  }
  return out;
}

// Praat's frames stand between ours: the pitch at our time lies on the line between its neighbours where these are of one
// note, else the nearer one counts.
static pitch_point
between(const praat_frame *a, const praat_frame *b, double time_s)
{
  double             w    = (time_s - a->time_s) / (b->time_s - a->time_s);
  const praat_frame *near = w < 0.5 ? a : b;
  if (a->at.f0_hz > 0 && b->at.f0_hz > 0 &&
      fabs(1200 * log2((double)a->at.f0_hz / (double)b->at.f0_hz)) < SAME_NOTE_CENTS) {
    return (pitch_point){(float)exp((1 - w) * log((double)a->at.f0_hz) + w * log((double)b->at.f0_hz)),
                         near->at.sure};
  }
  return near->at;
}

static void
onto_grid(const praat_frame *heard, int n, pitch_job *job)
{
  for (int f = 0, i = 0; f < job->frames; f++) {
    double time_s = f * FRAME_S;
    while (i + 2 < n && heard[i + 1].time_s <= time_s) {
      i++;
    }
    bool inside  = n >= 2 && time_s >= heard[0].time_s && time_s <= heard[n - 1].time_s;
    job->said[f] = inside ? between(&heard[i], &heard[i + 1], time_s) : (pitch_point){0, 0};
  }
}

static bool
exchange(const pitch_peer *peer, const char *dir, pitch_job *jobs, size_t n)
{
  char path[512];
  bool ok = true;
  for (size_t i = 0; i < n && ok; i++) {
    snprintf(path, sizeof(path), "%s/%zu.wav", dir, i);
    ok = write_wav(path, jobs[i].x, jobs[i].n);
  }
  ok = ok && write_script(dir, peer->method, n) && run_script(dir);
  for (size_t i = 0; i < n && ok; i++) {
    int heard_n = 0;
    snprintf(path, sizeof(path), "%s/%zu.Pitch", dir, i);
    praat_frame *heard = read_pitch(path, &heard_n);
    ok                 = heard != NULL;
    if (ok) {
      onto_grid(heard, heard_n, &jobs[i]);
    }
    free(heard);
  }
  return ok;
}

static void
remove_files(const char *dir, size_t n)
{
  char path[512];
  for (size_t i = 0; i < n; i++) {
    snprintf(path, sizeof(path), "%s/%zu.wav", dir, i);
    unlink(path);
    snprintf(path, sizeof(path), "%s/%zu.Pitch", dir, i);
    unlink(path);
  }
  snprintf(path, sizeof(path), "%s/hear.praat", dir);
  unlink(path);
  rmdir(dir);
}

bool
pitch_hear_praat(const pitch_peer *peer, pitch_job *jobs, size_t n)
{
  const char *tmp = getenv("TMPDIR");
  char        version[64], dir[256];
  if (!pitch_praat_version(version, sizeof(version))) {
    return false;
  }
  snprintf(dir, sizeof(dir), "%s/woodshed-praat-XXXXXX", tmp && *tmp ? tmp : "/tmp");
  if (n == 0) {
    return true;
  }
  bool ok = mkdtemp(dir) != NULL;
  if (!ok || !exchange(peer, dir, jobs, n)) {
    fprintf(stderr, "praat (%s) is here but did not hear the batch in %s\n", peer->method, dir);
    exit(4);
  }
  remove_files(dir, n);
  return true;
}
