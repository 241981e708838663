// A take on a sound card, the tests' own (JACK, 256 frames at 48 kHz, what is played comes back): how late events come beyond device and
// ear, how much sound is lost under load, and whether the recorded take is what was heard.
//   bench_card [SECONDS [LOAD]]   LOAD: share of every processor that other programs take, 0..1
#include "engine/audio/live.h"
#include "engine/audio/mixer.h"
#include "engine/audio/recorder.h"
#include "engine/hear/hear.h"
#include "tests/bench/measure.h"
#include "tests/support/jack_server.h"

#include <inttypes.h>

enum { HOP = 480, TURN_MS = 4, EVENTS_MOST = 4000000, LOADERS_MOST = 64 };
static const double SECONDS = 20, LOAD = 0.5, LATENCY_FRAMES = 256;

typedef struct {
  shed_live     *live;
  shed_mixer    *mixer;
  shed_recorder *rec;
  shed_hear     *hear;
  double        *late_ms; // of each event: after the callback that brought its last sample
  size_t         n_late;
  uint64_t       frames, missing, torn;
  int64_t        worst_turn_ns;
} bench;

static int64_t
now_ns(void)
{
  const shed_clock *c = shed_clock_system();
  return c->mono_ns(c->ctx);
}

typedef struct {
  double busy, all;
} cpu_time;

// Of all processors together since the machine was started, whoever took it.
static cpu_time
cpu_now(void)
{
  cpu_time t    = {0, 0};
  double   v[8] = {0};
  FILE    *stat = fopen("/proc/stat", "r");
  if (stat) {
    char line[256];
    if (fgets(line, sizeof(line), stat)) {
      char *at = line + 4; // "cpu "
      for (int i = 0; i < 8; i++) {
        v[i] = strtod(at, &at);
        t.all += v[i];
      }
      t.busy = t.all - v[3] - v[4]; // idle, and waiting for a disk
    }
    (void)fclose(stat);
  }
  return t;
}

static void
must(shed_status st, const shed_error *err)
{
  if (st != SHED_OK) {
    (void)fprintf(stderr, "%s: %s %s\n", shed_status_text(st), err ? err->where : "", err ? err->what : "");
    exit(1);
  }
}

// A processor is busy for a share of each 10 ms.
static pid_t
load_one(double share)
{
  pid_t child = fork();
  while (child == 0) {
    int64_t until = now_ns() + (int64_t)(share * 1e7);
    while (now_ns() < until) {
    }
    struct timespec rest = {.tv_nsec = (long)((1.0 - share) * 1e7)};
    (void)nanosleep(&rest, NULL);
    if (getppid() == 1) {
      _exit(0);
    }
  }
  return child;
}

static void
hear_some(bench *b, float *x, size_t n, const shed_live_place *place)
{
  shed_event e;
  uint64_t   frame;
  int64_t    ns;
  b->missing += place->missing;
  b->torn += place->torn;
  b->frames = place->at_frame + n;
  shed_recorder_skip(b->rec, place->missing);
  shed_recorder_push(b->rec, x, n);
  for (size_t i = 0; i < n; i++) {
    x[i] = shed_recorder_sample(x[i]);
  }
  shed_hear_push(b->hear, x, n);
  while (shed_hear_poll(b->hear, &e)) {
    if (b->n_late < EVENTS_MOST && shed_live_heard_now(b->live, &frame, &ns)) {
      double since            = (double)(now_ns() - ns) / 1e6; // since the newest callback
      double older            = ((double)frame - (double)(place->at_frame + n)) / JACK_RATE_HZ * 1e3;
      b->late_ms[b->n_late++] = since + older;
    }
  }
}

static void
run(bench *b, double seconds)
{
  float           x[HOP];
  shed_live_place place;
  size_t          n;
  shed_error      err  = {0};
  int64_t         last = now_ns();
  must(shed_live_start(b->live, &err), &err);
  while (b->frames < (uint64_t)(seconds * JACK_RATE_HZ)) {
    while ((n = shed_live_read(b->live, x, NULL, HOP, &place)) > 0) {
      hear_some(b, x, n, &place);
    }
    if (shed_live_tend(b->live, &err) == SHED_LIVE_LOST) {
      must(SHED_E_NODEV, &err);
    }
    jack_nap(TURN_MS);
    int64_t t        = now_ns();
    b->worst_turn_ns = t - last > b->worst_turn_ns ? t - last : b->worst_turn_ns;
    last             = t;
  }
  shed_live_stop(b->live);
}

// The recorded take against what was played, sample by sample, one round trip earlier.
static uint64_t
wrong_samples(bench *b, const char *path)
{
  shed_sound take  = {0};
  shed_error err   = {0};
  uint64_t   wrong = 0;
  float      want[HOP];
  must(shed_recorder_finish(b->rec, NULL, &err), &err);
  must(shed_sound_load(path, NULL, NULL, &take, NULL, &err), &err);
  for (size_t at = (size_t)LATENCY_FRAMES; at < take.n; at += HOP) {
    size_t n = take.n - at < HOP ? take.n - at : HOP;
    shed_mixer_run(b->mixer, at - (size_t)LATENCY_FRAMES, want, n);
    for (size_t i = 0; i < n; i++) {
      wrong += take.x[at + i] != shed_recorder_sample(want[i]);
    }
  }
  shed_sound_free(&take);
  return wrong;
}

int
main(int argc, char **argv)
{
  double         seconds = argc > 1 ? atof(argv[1]) : SECONDS, load = argc > 2 ? atof(argv[2]) : LOAD;
  bench          b        = {.late_ms = malloc(EVENTS_MOST * sizeof(double))};
  char           folder[] = "/tmp/woodshed_card_XXXXXX", path[64];
  shed_error     err      = {0};
  pid_t          loaders[LOADERS_MOST];
  int            n_loaders = load > 0 ? (int)sysconf(_SC_NPROCESSORS_ONLN) : 0;
  shed_metronome m         = shed_metronome_of((shed_metre){4, 4}, 120);
  pid_t          server    = jack_start_as(true);
  if (server < 0 || !mkdtemp(folder) || !b.late_ms) {
    (void)printf("skipped: jackd does not run here\n");
    return 0;
  }
  (void)snprintf(path, sizeof(path), "%s/take.flac", folder);
  n_loaders = n_loaders < LOADERS_MOST ? n_loaders : LOADERS_MOST;
  for (int i = 0; i < n_loaders; i++) {
    loaders[i] = load_one(load);
  }
  shed_sound played = {0};
  shed_sound varied = bench_varied(seconds < 120 ? seconds : 120, 3);
  must(shed_sound_resample(&varied, JACK_RATE_HZ, NULL, &played), NULL);
  must(shed_mixer_new(&b.mixer, JACK_RATE_HZ, NULL), NULL);
  must(shed_mixer_add(b.mixer, played.x, played.n, 0, -6.0F, NULL), NULL);
  must(shed_mixer_metronome(b.mixer, &m, -30.0F), NULL); // goes on where the sound has ended
  must(shed_hear_new(&b.hear, &(shed_hear_opts){.rate_hz = JACK_RATE_HZ}, NULL), NULL);
  must(shed_recorder_open(&b.rec, path, JACK_RATE_HZ, NULL, &err), &err);
  shed_live_opts o = {.input    = "loopback",
                      .output   = "loopback",
                      .capture  = true,
                      .play     = shed_mixer_run,
                      .play_ctx = b.mixer};
  must(shed_live_open(&b.live, &o, NULL, &err), &err);
  const cpu_time before = cpu_now();
  run(&b, seconds);
  const cpu_time after = cpu_now();
  for (int i = 0; i < n_loaders; i++) {
    (void)kill(loaders[i], SIGKILL);
    (void)waitpid(loaders[i], NULL, 0);
  }
  shed_live_stats s = shed_live_stats_now(b.live);
  bench_sort(b.late_ms, b.n_late);
  (void)printf("sound card, 256 frames, %.0f s, %.0f %% of each processor taken by our own load, the machine "
               "%.0f %% busy in all:\n",
               seconds, 100 * load,
               after.all > before.all ? 100 * (after.busy - before.busy) / (after.all - before.all) : 0.0);
  (void)printf("  events after the callback that brought their sound, ms: median %.1f, p99 %.1f, worst %.1f "
               "(%zu events)\n",
               bench_quantile(b.late_ms, b.n_late, 0.5), bench_quantile(b.late_ms, b.n_late, 0.99),
               b.late_ms[b.n_late - 1], b.n_late);
  (void)printf("  %" PRIu64 " frames, lost %" PRIu64 ", driver complained %" PRIu64
               " times, between callbacks %.1f ms at most, "
               "reader away %.1f ms at most\n",
               s.frames, s.missing, s.torn, (double)s.longest_ns / 1e6, (double)b.worst_turn_ns / 1e6);
  (void)printf("  recorded samples that are not what was played: %" PRIu64 "\n", wrong_samples(&b, path));
  shed_live_free(b.live);
  shed_recorder_free(b.rec);
  shed_mixer_free(b.mixer);
  shed_hear_free(b.hear);
  shed_sound_free(&played);
  shed_sound_free(&varied);
  free(b.late_ms);
  (void)unlink(path);
  (void)rmdir(folder);
  jack_stop(server);
  return 0;
}
