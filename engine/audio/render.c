// About this file: drives FluidSynth by hand. Pitch bend belongs to a channel, not to a note: so each note takes the
// channel that has been silent the longest, and a bend is never heard in the release of another note.
#include "engine/audio/render.h"

#include "engine/audio/limits.h"
#include "engine/base/file.h"

#include <fluidsynth.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  CHANNELS        = 64, // of FluidSynth's; every sixteenth is a drum channel
  DRUMS           = 9,  // MIDI channel 10
  BLOCK           = 64, // FluidSynth's own: events take effect at its start
  BEND_CENTRE     = 8192,
  BEND_MAX        = 16383,
  RENDER_RATE_MAX = 96000,
  VELOCITY        = 80,
  VELOCITY_ACCENT = 105,
  VELOCITY_GHOST  = 45
};
static const double BEND_RANGE_CENTS = 200; // General MIDI's default, two semitones
// FluidSynth plays whole cents and cuts off what is over: half a cent makes that the nearest
static const double HALF_STEP_CENTS = 0.5;
static const double DEFAULT_GAIN    = 0.6;
static const double GRACE_S         = 0.07;

// A note beginning or ending.
typedef struct {
  int64_t at; // block
  size_t  note;
  bool    on;
} turn;

typedef struct {
  const shed_render_note *notes;
  size_t                  n;
  turn                   *turns;               // 2 n of them, in order
  int                    *channel;             // of each note
  int64_t                 free_from[CHANNELS]; // block since when nothing is held; INT64_MAX while held
  int                     program[CHANNELS];
  fluid_settings_t       *settings;
  fluid_synth_t          *synth;
} render;

shed_status
shed_render_soundfont(char *path, size_t size, shed_error *err)
{
  static const char *const places[] = {
      "/usr/share/sounds/sf2/TimGM6mb.sf2", "/usr/share/sounds/sf2/default-GM.sf2",
      "/usr/share/sounds/sf3/default-GM.sf3", "/usr/share/soundfonts/default.sf2"};
  const char *own = getenv("WOODSHED_SOUNDFONT");
  if (own && own[0]) {
    (void)snprintf(path, size, "%s", own);
    return SHED_OK;
  }
  for (size_t i = 0; i < SHED_COUNTOF(places); i++) {
    if (shed_file_exists(places[i])) {
      (void)snprintf(path, size, "%s", places[i]);
      return SHED_OK;
    }
  }
  return shed_fail(err, SHED_E_NOTFOUND, places[0],
                   "no sound font is installed: apt-get install timgm6mb-soundfont");
}

static int
turn_order(const void *a, const void *b)
{
  const turn *x = a;
  const turn *y = b;
  if (x->at != y->at) {
    return x->at < y->at ? -1 : 1;
  }
  if (x->on != y->on) {
    return x->on ? 1 : -1; // what ends lets its channel go before another begins
  }
  return x->note < y->note ? -1 : x->note > y->note;
}

static shed_status
check(const shed_render_note *notes, size_t n, const shed_render_opts *opts, double *end_s, shed_error *err)
{
  char where[32];
  if (opts->rate_hz < SHED_AUDIO_RATE_MIN_HZ || opts->rate_hz > RENDER_RATE_MAX) {
    return shed_fail(err, SHED_E_RANGE, "rate_hz", "%d is not from 8000 to 96000", opts->rate_hz);
  }
  if (!(opts->tail_s >= 0 && opts->tail_s <= 60) || !(opts->gain >= 0 && opts->gain <= 10)) {
    return shed_fail(err, SHED_E_RANGE, "tail_s, gain", "%g s is not from 0 to 60, or %g not from 0 to 10",
                     opts->tail_s, opts->gain);
  }
  *end_s = 0;
  for (size_t i = 0; i < n; i++) {
    const shed_render_note *k = &notes[i];
    (void)snprintf(where, sizeof(where), "note %zu", i);
    if (!(k->onset_s >= 0) || !(k->duration_s >= 0) || !isfinite(k->onset_s) || !isfinite(k->duration_s) ||
        k->midi < 0 || k->midi > 127 || k->velocity < 1 || k->velocity > 127 ||
        !(fabs(k->cents) <= BEND_RANGE_CENTS) || (!k->percussion && (k->program < 0 || k->program > 127))) {
      return shed_fail(err, SHED_E_RANGE, where,
                       "at %g s for %g s, midi %d, velocity %d, %g cents, program %d: out of range",
                       k->onset_s, k->duration_s, k->midi, k->velocity, k->cents, k->program);
    }
    *end_s = fmax(*end_s, k->onset_s + k->duration_s);
  }
  if (*end_s > SHED_AUDIO_LENGTH_MAX_S) {
    return shed_fail(err, SHED_E_LIMIT, NULL, "%.1f hours of sound; at most %d", *end_s / 3600,
                     SHED_AUDIO_LENGTH_MAX_S / 3600);
  }
  return SHED_OK;
}

static int64_t
block_of(double s, int rate_hz)
{
  return (int64_t)floor(s * rate_hz / BLOCK + 0.5);
}

static shed_status
plan(render *r, const shed_alloc *alloc, int rate_hz)
{
  r->turns   = shed_calloc(alloc, 2 * r->n + 1, sizeof(*r->turns));
  r->channel = shed_calloc(alloc, r->n + 1, sizeof(*r->channel));
  if (!r->turns || !r->channel) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < r->n; i++) {
    const shed_render_note *k   = &r->notes[i];
    int64_t                 on  = block_of(k->onset_s, rate_hz);
    int64_t                 off = block_of(k->onset_s + k->duration_s, rate_hz);
    r->turns[2 * i]             = (turn){on, i, true};
    r->turns[2 * i + 1]         = (turn){off > on ? off : on + 1, i, false};
  }
  qsort(r->turns, 2 * r->n, sizeof(*r->turns), turn_order);
  return SHED_OK;
}

// What FluidSynth and the library that reads its fonts keep for the whole process is begun with each synth and ended with it, and they count
// that without a lock: two threads at it at once read what the other has freed.
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

static shed_status
make_synth(render *r, const shed_render_opts *opts, shed_error *err)
{
  char        found[256];
  const char *font = opts->soundfont;
  for (int level = FLUID_PANIC; level < LAST_LOG_LEVEL; level++) {
    (void)fluid_set_log_function(level, NULL, NULL); // it speaks of drivers that nobody asked for
  }
  if (!font) {
    shed_status st = shed_render_soundfont(found, sizeof(found), err);
    if (st != SHED_OK) {
      return st;
    }
    font = found;
  }
  if (!shed_file_exists(font)) {
    return shed_fail(err, SHED_E_NOTFOUND, font,
                     "there is no such sound font (the usual one: apt-get install timgm6mb-soundfont)");
  }
  if (!fluid_is_soundfont(font)) {
    return shed_fail(err, SHED_E_FORMAT, font, "is not a sound font (.sf2)");
  }
  r->settings = new_fluid_settings();
  if (!r->settings) {
    return SHED_E_NOMEM;
  }
  (void)fluid_settings_setnum(r->settings, "synth.sample-rate", opts->rate_hz);
  (void)fluid_settings_setnum(r->settings, "synth.gain", opts->gain > 0 ? opts->gain : DEFAULT_GAIN);
  (void)fluid_settings_setint(r->settings, "synth.reverb.active", 0);
  (void)fluid_settings_setint(r->settings, "synth.chorus.active", 0);
  (void)fluid_settings_setint(r->settings, "synth.midi-channels", CHANNELS);
  (void)fluid_settings_setint(r->settings, "synth.threadsafe-api", 0);
  (void)fluid_settings_setint(r->settings, "synth.lock-memory", 0);
  r->synth = new_fluid_synth(r->settings);
  if (!r->synth) {
    return SHED_E_NOMEM;
  }
  if (fluid_synth_sfload(r->synth, font, 1) < 0) {
    return shed_fail(err, SHED_E_FORMAT, font, "cannot be loaded as a sound font");
  }
  for (int c = 0; c < CHANNELS; c++) {
    r->program[c] = -1;
  }
  return SHED_OK;
}

static shed_status
open_synth(render *r, const shed_render_opts *opts, shed_error *err)
{
  (void)pthread_mutex_lock(&making);
  shed_status st = make_synth(r, opts, err);
  (void)pthread_mutex_unlock(&making);
  return st;
}

static void
close_synth(render *r)
{
  (void)pthread_mutex_lock(&making);
  delete_fluid_synth(r->synth);
  delete_fluid_settings(r->settings);
  (void)pthread_mutex_unlock(&making);
}

static int
silent_longest(const render *r)
{
  int best = 0;
  for (int c = 1; c < CHANNELS; c++) {
    if (c % 16 != DRUMS && r->free_from[c] < r->free_from[best]) {
      best = c;
    }
  }
  return best;
}

static void
begin(render *r, size_t i)
{
  const shed_render_note *k = &r->notes[i];
  int                     c = DRUMS;
  if (!k->percussion) {
    c        = silent_longest(r);
    int bend = BEND_CENTRE + (int)lrint((k->cents + HALF_STEP_CENTS) / BEND_RANGE_CENTS * BEND_CENTRE);
    if (r->program[c] != k->program) {
      (void)fluid_synth_program_change(r->synth, c, k->program);
      r->program[c] = k->program;
    }
    (void)fluid_synth_pitch_bend(r->synth, c, bend < 0 ? 0 : bend < BEND_MAX ? bend : BEND_MAX);
    r->free_from[c] = INT64_MAX;
  }
  r->channel[i] = c;
  (void)fluid_synth_noteon(r->synth, c, k->midi, k->velocity);
}

static void
end(render *r, size_t i, int64_t at)
{
  int c           = r->channel[i];
  r->free_from[c] = at;
  (void)fluid_synth_noteoff(r->synth, c, r->notes[i].midi);
}

static void
play(render *r, shed_sound *s)
{
  float  left[BLOCK];
  float  right[BLOCK];
  size_t next = 0;
  for (int64_t block = 0; (size_t)block * BLOCK < s->n; block++) {
    for (; next < 2 * r->n && r->turns[next].at <= block; next++) {
      if (r->turns[next].on) {
        begin(r, r->turns[next].note);
      } else {
        end(r, r->turns[next].note, block);
      }
    }
    (void)fluid_synth_write_float(r->synth, BLOCK, left, 0, 1, right, 0, 1);
    for (size_t i = 0; i < BLOCK && (size_t)block * BLOCK + i < s->n; i++) {
      s->x[(size_t)block * BLOCK + i] = 0.5F * (left[i] + right[i]);
    }
  }
}

shed_status
shed_render_notes(const shed_render_note *notes, size_t n, const shed_render_opts *opts,
                  const shed_alloc *alloc, shed_sound *out, shed_error *err)
{
  render      r     = {.notes = notes, .n = n};
  shed_sound  s     = {.alloc = alloc, .rate_hz = opts->rate_hz};
  double      end_s = 0;
  shed_status st    = check(notes, n, opts, &end_s, err);
  if (st != SHED_OK) {
    return st;
  }
  s.n = (size_t)ceil((end_s + opts->tail_s) * opts->rate_hz);
  s.x = shed_calloc(alloc, s.n + 1, sizeof(float));
  st  = s.x ? plan(&r, alloc, opts->rate_hz) : SHED_E_NOMEM;
  if (st == SHED_OK && (st = open_synth(&r, opts, err)) == SHED_OK) {
    play(&r, &s);
  }
  close_synth(&r);
  shed_free(alloc, r.turns);
  shed_free(alloc, r.channel);
  if (st != SHED_OK) {
    shed_sound_free(&s);
    return st == SHED_E_NOMEM ? shed_fail(err, st, NULL, "%s", shed_status_text(st)) : st;
  }
  *out = s;
  return SHED_OK;
}

static shed_render_note
as_played(const shed_sounding_note *k, int program, int drum_key)
{
  shed_render_note r = {.onset_s    = k->onset_s,
                        .duration_s = k->duration_s * ((k->flags & SHED_NOTE_STACCATO) ? 0.5 : 0.9),
                        .midi       = k->pitched ? k->midi : drum_key,
                        .velocity   = (k->flags & SHED_NOTE_ACCENT)  ? VELOCITY_ACCENT
                                      : (k->flags & SHED_NOTE_GHOST) ? VELOCITY_GHOST
                                                                     : VELOCITY,
                        .program    = program,
                        .percussion = !k->pitched};
  if (k->flags & SHED_NOTE_GRACE) {
    r.onset_s    = fmax(0, k->onset_s - GRACE_S);
    r.duration_s = GRACE_S;
  }
  return r;
}

shed_status
shed_render_line(const shed_line *line, int program, int drum_key, const shed_render_opts *opts,
                 const shed_alloc *alloc, shed_sound *out, shed_error *err)
{
  shed_render_note *notes = shed_calloc(alloc, line->n_notes + 1, sizeof(*notes));
  if (!notes) {
    return shed_fail(err, SHED_E_NOMEM, NULL, "%s", shed_status_text(SHED_E_NOMEM));
  }
  for (size_t i = 0; i < line->n_notes; i++) {
    notes[i] = as_played(&line->notes[i], program, drum_key);
  }
  shed_status st = shed_render_notes(notes, line->n_notes, opts, alloc, out, err);
  shed_free(alloc, notes);
  return st;
}
