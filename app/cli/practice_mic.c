// About this file: where the sound of a practice session comes from. One thread does everything: it keeps the device, reads its ring and
// owns the session. A file is pushed by the clock, or as fast as the recording can follow.
#include "app/cli/practice_mic.h"

#include "engine/audio/file.h"
#include "engine/audio/latency.h"
#include "engine/audio/live.h"
#include "engine/audio/stage.h"
#include "engine/base/file.h"
#include "engine/base/str.h"

#include <math.h>
#include <string.h>
#include <time.h>

enum { BLOCK = 441, SIDE_STICK = 37, READS = 400, REST_NS = 1000000 };
static const double BEHIND_S      = 0.5; // a recording that is so far behind is waited for
static const double FILE_LEAD_S   = 0.05;
static const double DEVICE_LEAD_S = 0.3;

struct shed_cli_mic {
  // a device
  shed_live   *live;
  shed_stage  *stage;
  bool         lost, has_measured;
  shed_latency measured;

  // a file
  bool       is_file, fast, plays;
  shed_sound sound;
  uint64_t   at;        // frame of the stream that comes next
  uint64_t   starts_at; // of the file's first sample
  int64_t    started_ns;

  int  rate_hz;
  char name[160]; // of the file
};

static int64_t
now_ns(void)
{
  const shed_clock *c = shed_clock_system();
  return c->mono_ns(c->ctx);
}

// -- opening -----------------------------------------------------------------------------------------------------------

static shed_exit
open_device(shed_cli *cli, shed_cli_mic *m)
{
  shed_error     err     = {0};
  long long      channel = 1;
  shed_live_opts opts    = {.input   = shed_cli_option(cli, "input"),
                            .output  = shed_cli_option(cli, "output"),
                            .api     = shed_cli_option(cli, "api"),
                            .capture = true};
  if (!shed_cli_whole(cli, "channel", 1, 32, &channel)) {
    return SHED_EXIT_USAGE;
  }
  opts.channel   = (int)channel - 1;
  shed_status st = shed_stage_new(&m->stage, NULL);
  if (st == SHED_OK && !shed_cli_has(cli, "silent")) {
    opts.play     = shed_stage_run;
    opts.play_ctx = m->stage;
  }
  if (st == SHED_OK && (st = shed_live_open_measured(&m->live, &opts, &m->measured, &m->has_measured, NULL,
                                                     &err)) == SHED_OK) {
    st = shed_live_start(m->live, &err);
  }
  if (st != SHED_OK) {
    return shed_cli_error(cli, st, &err);
  }
  m->rate_hz = shed_live_device_of(m->live)->rate_hz;
  return SHED_EXIT_DONE;
}

shed_exit
shed_cli_mic_open(shed_cli *cli, shed_cli_mic **out)
{
  const char   *input = shed_cli_option(cli, "input");
  shed_error    err   = {0};
  shed_cli_mic *m     = shed_calloc(NULL, 1, sizeof(*m));
  if (!m) {
    return shed_cli_error(cli, SHED_E_NOMEM, NULL);
  }
  *out = m;
  if (!input || !shed_file_exists(input)) {
    return open_device(cli, m);
  }
  shed_status st = shed_sound_load(input, NULL, NULL, &m->sound, NULL, &err);
  if (st != SHED_OK) {
    return shed_cli_error(cli, st, &err);
  }
  const char *slash = strrchr(input, '/');
  (void)snprintf(m->name, sizeof(m->name), "%s", slash ? slash + 1 : input);
  m->is_file    = true;
  m->fast       = shed_cli_has(cli, "fast");
  m->rate_hz    = m->sound.rate_hz;
  m->started_ns = now_ns();
  return SHED_EXIT_DONE;
}

void
shed_cli_mic_close(shed_cli_mic *m)
{
  if (m) {
    shed_live_free(m->live); // stops: nobody runs the stage any more
    shed_stage_free(m->stage);
    shed_sound_free(&m->sound);
    shed_free(NULL, m);
  }
}

void
shed_cli_mic_describe(const shed_cli_mic *m, shed_practice_opts *opts)
{
  opts->rate_hz    = m->rate_hz;
  opts->lag_free   = m->is_file;
  opts->microphone = m->is_file ? m->name : shed_live_device_of(m->live)->input;
  opts->latency_s  = m->has_measured ? m->measured.latency_s : (double)NAN;
  opts->measured   = m->has_measured ? &m->measured : NULL;
  opts->lead_s     = m->is_file ? FILE_LEAD_S : DEVICE_LEAD_S;
}

bool
shed_cli_mic_is_file(const shed_cli_mic *m)
{
  return m->is_file;
}

// -- playing -----------------------------------------------------------------------------------------------------------

shed_status
shed_cli_mic_cue(shed_cli_mic *m, const shed_practice_cue *cue, const shed_prompt *prompt, int program,
                 shed_error *err)
{
  shed_mixer *mixer = NULL;
  if (m->is_file) {
    m->plays     = !cue->model;
    m->starts_at = cue->music_frame;
    return SHED_OK;
  }
  shed_status st = shed_mixer_new(&mixer, m->rate_hz, NULL);
  if (st == SHED_OK && cue->model) {
    st = shed_mixer_add_line(mixer, &prompt->line, program, SIDE_STICK, 0, 0.0F, NULL, err);
  }
  if (st == SHED_OK && cue->click) {
    st = shed_mixer_metronome(mixer, &cue->metronome, 0.0F);
  }
  if (st != SHED_OK) {
    shed_mixer_free(mixer);
    return st;
  }
  shed_stage_play(m->stage, mixer, cue->at_frame);
  return SHED_OK;
}

void
shed_cli_mic_hush(shed_cli_mic *m)
{
  m->plays = false;
  if (m->stage) {
    shed_stage_play(m->stage, NULL, 0);
  }
}

// -- listening ---------------------------------------------------------------------------------------------------------

static shed_status
push_device(shed_cli_mic *m, shed_practice *p, shed_error *err)
{
  float           mic[BLOCK], given[BLOCK];
  shed_live_place place;
  size_t          n  = 0;
  shed_status     st = SHED_OK;
  for (int i = 0; i < READS && st == SHED_OK && (n = shed_live_read(m->live, mic, given, BLOCK, &place)) > 0;
       i++) {
    shed_practice_sound where = {place.at_frame, place.missing, place.torn};
    st                        = shed_practice_push(p, &where, mic, given, n, err);
  }
  return st;
}

// Silence before the file and behind it.
static void
fill(const shed_cli_mic *m, float *x, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    const uint64_t at = m->at + i;
    bool           in = m->plays && at >= m->starts_at && at - m->starts_at < m->sound.n;
    x[i]              = in ? m->sound.x[at - m->starts_at] : 0.0F;
  }
}

static bool
is_due(const shed_cli_mic *m, const shed_practice *p)
{
  if (m->fast) {
    return shed_practice_behind_s(p) < BEHIND_S;
  }
  return (double)m->at < (double)(now_ns() - m->started_ns) / 1e9 * m->rate_hz;
}

static shed_status
push_file(shed_cli_mic *m, shed_practice *p, bool *over, shed_error *err)
{
  float                     x[BLOCK];
  shed_status               st    = SHED_OK;
  const shed_practice_state state = shed_practice_state_of(p);
  if (m->fast && !is_due(m, p)) { // the recording catches up
    (void)nanosleep(&(struct timespec){.tv_nsec = REST_NS}, NULL);
  }
  for (int i = 0; i < READS && st == SHED_OK && is_due(m, p); i++) {
    shed_practice_sound where = {.at_frame = m->at};
    fill(m, x, BLOCK);
    m->at += BLOCK;
    st    = shed_practice_push(p, &where, x, NULL, BLOCK, err);
    *over = m->plays && m->at >= m->starts_at + m->sound.n;
    if (*over || shed_practice_state_of(p) != state) {
      break;
    }
  }
  return st;
}

shed_status
shed_cli_mic_push(shed_cli_mic *m, shed_practice *p, bool *over, shed_error *err)
{
  *over = false;
  return m->is_file ? push_file(m, p, over, err) : push_device(m, p, err);
}

bool
shed_cli_mic_tend(shed_cli_mic *m, shed_error *err)
{
  if (!m->live) {
    return true;
  }
  const bool was = m->lost;
  m->lost        = shed_live_tend(m->live, err) == SHED_LIVE_LOST;
  return !m->lost || was;
}
