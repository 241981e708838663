// A sound card where there is none, whose mishaps are known: preloaded in place of PortAudio, it does what the file WOODSHED_TEST_CARD says:
//   name TEXT             of microphone and loudspeaker
//   sound FILE START_S    raw floats, 48 kHz: what the microphone hears, from so long after the first sound it plays
//   hum LEVEL             noise of the room, peak; 0: exactly nothing comes
//   gain FACTOR           of all that the microphone hears; what is beyond full scale is cut
//   gone FROM_S TO_S      it is pulled out, and plugged in again (after the first sound it plays)
//   torn AT_S             the driver says once that it lost something
#include <portaudio.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { RATE_HZ = 48000, BLOCK = 256, CHANNELS = 2 };

typedef struct {
  char   name[120];
  float *sound;
  size_t n;
  double start_s, gone_s, back_s, torn_s;
  float  hum, gain;
} card_script;

typedef struct {
  PaStreamCallback *callback;
  void             *user;
  int               inputs, outputs;
  pthread_t         thread;
  atomic_bool       runs, active;
  PaStreamInfo      info;
} card_stream;

// One card a process, as PortAudio has one state a process.
static struct {
  card_script  script;
  atomic_llong first_ns; // of the first sound that was played; 0: none yet
  bool         torn_told;
} card;

static PaDeviceInfo  device;
static PaHostApiInfo api = {
    .structVersion = 1, .name = "ALSA", .deviceCount = 1, .defaultInputDevice = 0, .defaultOutputDevice = 0};

static long long
now_ns(void)
{
  struct timespec t;
  (void)clock_gettime(CLOCK_MONOTONIC, &t);
  return (long long)t.tv_sec * 1000000000 + t.tv_nsec;
}

// Since the first sound that was played; -1 before it.
static double
played_s(void)
{
  const long long first = atomic_load(&card.first_ns);
  return first ? (double)(now_ns() - first) / 1e9 : -1;
}

static int
is_gone(void)
{
  const double at = played_s();
  return card.script.back_s > 0 && at >= card.script.gone_s && at < card.script.back_s;
}

static void
read_sound(const char *path)
{
  FILE *f = fopen(path, "rb");
  if (!f || fseek(f, 0, SEEK_END) != 0) {
    (void)fprintf(stderr, "fake_portaudio: %s cannot be read\n", path);
    exit(1);
  }
  card.script.n     = (size_t)ftell(f) / sizeof(float);
  card.script.sound = malloc(card.script.n * sizeof(float) + 1);
  rewind(f);
  if (!card.script.sound || fread(card.script.sound, sizeof(float), card.script.n, f) != card.script.n) {
    exit(1);
  }
  (void)fclose(f);
}

static void
read_script(void)
{
  const char *path = getenv("WOODSHED_TEST_CARD");
  FILE       *f    = path ? fopen(path, "r") : NULL;
  char        line[300], word[20], file[200];
  card.script = (card_script){.name = "Test Card", .hum = 1e-4F, .gain = 1};
  while (f && fgets(line, sizeof(line), f)) {
    char *at = line;
    if (sscanf(line, "%19s", word) != 1) {
      continue;
    }
    at = strstr(line, word) + strlen(word);
    if (strcmp(word, "name") == 0) {
      at[strcspn(at, "\n")] = '\0';
      (void)snprintf(card.script.name, sizeof(card.script.name), "%s", at + 1);
    } else if (strcmp(word, "sound") == 0 && sscanf(at, "%199s", file) == 1) {
      card.script.start_s = strtod(strstr(at, file) + strlen(file), NULL);
      read_sound(file);
    } else if (strcmp(word, "hum") == 0) {
      card.script.hum = strtof(at, NULL);
    } else if (strcmp(word, "gain") == 0) {
      card.script.gain = strtof(at, NULL);
    } else if (strcmp(word, "gone") == 0) {
      card.script.gone_s = strtod(at, &at);
      card.script.back_s = strtod(at, NULL);
    } else if (strcmp(word, "torn") == 0) {
      card.script.torn_s = strtod(at, NULL);
    }
  }
  if (f) {
    (void)fclose(f);
  }
}

// -- devices -----------------------------------------------------------------------------------------------------------

PaError
Pa_Initialize(void)
{
  if (!card.script.name[0]) {
    read_script();
  }
  device = (PaDeviceInfo){.structVersion            = 2,
                          .name                     = card.script.name,
                          .maxInputChannels         = CHANNELS,
                          .maxOutputChannels        = CHANNELS,
                          .defaultLowInputLatency   = .005,
                          .defaultLowOutputLatency  = .005,
                          .defaultHighInputLatency  = .02,
                          .defaultHighOutputLatency = .02,
                          .defaultSampleRate        = RATE_HZ};
  return paNoError;
}

PaError
Pa_Terminate(void)
{
  return paNoError;
}

PaDeviceIndex
Pa_GetDeviceCount(void)
{
  return is_gone() ? 0 : 1;
}

PaDeviceIndex
Pa_GetDefaultInputDevice(void)
{
  return is_gone() ? paNoDevice : 0;
}

PaDeviceIndex
Pa_GetDefaultOutputDevice(void)
{
  return is_gone() ? paNoDevice : 0;
}

const PaDeviceInfo *
Pa_GetDeviceInfo(PaDeviceIndex index)
{
  return index == 0 ? &device : NULL;
}

PaHostApiIndex
Pa_GetHostApiCount(void)
{
  return 1;
}

const PaHostApiInfo *
Pa_GetHostApiInfo(PaHostApiIndex index)
{
  return index == 0 ? &api : NULL;
}

const char *
Pa_GetErrorText(PaError code)
{
  (void)code;
  return "the card of the tests";
}

// -- a stream ----------------------------------------------------------------------------------------------------------

static float
microphone(long long at_ns, int i, unsigned *dice)
{
  const long long first = atomic_load(&card.first_ns);
  const double    s     = first ? (double)(at_ns - first) / 1e9 - card.script.start_s : -1;
  const long long k     = s >= 0 ? (long long)(s * RATE_HZ + .5) + i : -1;
  *dice                 = *dice * 1664525U + 1013904223U;
  float x               = card.script.hum * ((float)(*dice >> 8) / 8388608.F - 1);
  if (k >= 0 && (size_t)k < card.script.n) {
    x += card.script.sound[k];
  }
  x *= card.script.gain;
  return x > 1 ? 1 : x < -1 ? -1 : x;
}

static void *
run(void *arg)
{
  card_stream *s     = arg;
  unsigned     dice  = 1;
  long long    block = 0, from = now_ns();
  float        in[BLOCK * CHANNELS], out[BLOCK * CHANNELS];
  while (atomic_load(&s->runs)) {
    const long long due = from + block * BLOCK * 1000000000LL / RATE_HZ;
    if (is_gone()) {
      atomic_store(&s->active, 0);
      return NULL;
    }
    for (int i = 0; i < BLOCK; i++) {
      in[i * s->inputs] = microphone(due, i, &dice);
      if (s->inputs > 1) {
        in[i * s->inputs + 1] = in[i * s->inputs];
      }
    }
    PaStreamCallbackFlags          flags = 0;
    const PaStreamCallbackTimeInfo time  = {0};
    if (card.script.torn_s > 0 && !card.torn_told && played_s() >= card.script.torn_s) {
      flags          = paInputOverflow;
      card.torn_told = true;
    }
    memset(out, 0, sizeof(out));
    if (s->callback(s->inputs ? in : NULL, s->outputs ? out : NULL, BLOCK, &time, flags, s->user) !=
        paContinue) {
      break;
    }
    for (int i = 0; i < BLOCK * s->outputs && !atomic_load(&card.first_ns); i++) {
      if (out[i] > .001F || out[i] < -.001F) {
        atomic_store(&card.first_ns, due + (i / s->outputs) * 1000000000LL / RATE_HZ);
      }
    }
    block++;
    const long long wait = from + block * BLOCK * 1000000000LL / RATE_HZ - now_ns();
    if (wait > 0) {
      (void)nanosleep(&(struct timespec){.tv_sec = wait / 1000000000, .tv_nsec = wait % 1000000000}, NULL);
    }
  }
  atomic_store(&s->active, 0);
  return NULL;
}

PaError
Pa_OpenStream(PaStream **stream, const PaStreamParameters *input, const PaStreamParameters *output,
              double rate, unsigned long frames, PaStreamFlags flags, PaStreamCallback *callback, void *user)
{
  card_stream *s = calloc(1, sizeof(*s));
  (void)frames;
  (void)flags;
  if (!s) {
    return paInsufficientMemory;
  }
  if (rate < RATE_HZ - .5 || rate > RATE_HZ + .5) {
    free(s);
    return paInvalidSampleRate;
  }
  s->callback = callback;
  s->user     = user;
  s->inputs   = input ? input->channelCount : 0;
  s->outputs  = output ? output->channelCount : 0;
  s->info =
      (PaStreamInfo){.structVersion = 1, .inputLatency = .005, .outputLatency = .005, .sampleRate = RATE_HZ};
  *stream = s;
  return paNoError;
}

const PaStreamInfo *
Pa_GetStreamInfo(PaStream *stream)
{
  return &((card_stream *)stream)->info;
}

PaError
Pa_StartStream(PaStream *stream)
{
  card_stream *s = stream;
  atomic_store(&s->runs, 1);
  atomic_store(&s->active, 1);
  return pthread_create(&s->thread, NULL, run, s) == 0 ? paNoError : paInternalError;
}

PaError
Pa_IsStreamActive(PaStream *stream)
{
  return atomic_load(&((card_stream *)stream)->active);
}

PaError
Pa_AbortStream(PaStream *stream)
{
  card_stream *s = stream;
  if (atomic_exchange(&s->runs, 0)) {
    (void)pthread_join(s->thread, NULL);
  }
  return paNoError;
}

PaError
Pa_CloseStream(PaStream *stream)
{
  (void)Pa_AbortStream(stream);
  free(stream);
  return paNoError;
}
