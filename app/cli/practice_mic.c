// About this file: where the sound of a practice session comes from, and where it goes. One thread does everything: it keeps the device,
// reads its ring and owns the session.
#include "app/cli/practice_mic_internal.h"

#include "engine/base/file.h"

#include <math.h>
#include <string.h>

static const double FILE_LEAD_S   = 0.05;
static const double DEVICE_LEAD_S = 0.3;

int64_t
mic_now_ns(void)
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
                            .capture = !m->is_keys};
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

static shed_exit
open_file(shed_cli_mic *m, const char *input)
{
  shed_error  err = {0};
  shed_status st  = shed_sound_load(input, NULL, NULL, &m->sound, NULL, &err);
  if (st != SHED_OK) {
    return shed_cli_error(m->cli, st, &err);
  }
  const char *slash = strrchr(input, '/');
  (void)snprintf(m->name, sizeof(m->name), "%s", slash ? slash + 1 : input);
  m->is_file = true;
  m->rate_hz = m->sound.rate_hz;
  return SHED_EXIT_DONE;
}

// The keyboard, and a loudspeaker for the click and what accompanies.
static shed_exit
open_keyboard(shed_cli_mic *m)
{
  shed_exit code = mic_open_keys(m);
  if (code == SHED_EXIT_DONE && !m->is_file && !shed_cli_has(m->cli, "silent") &&
      (code = open_device(m->cli, m)) != SHED_EXIT_DONE) {
    (void)fprintf(m->cli->err,
                  "woodshed: without a loudspeaker practise with --silent: the count-in is to be seen\n");
  }
  return code;
}

shed_exit
shed_cli_mic_open(shed_cli *cli, shed_cli_band *band, shed_cli_mic **out)
{
  const char   *input = shed_cli_option(cli, "input");
  shed_cli_mic *m     = shed_calloc(NULL, 1, sizeof(*m));
  if (!m) {
    return shed_cli_error(cli, SHED_E_NOMEM, NULL);
  }
  *out          = m;
  m->cli        = cli;
  m->band       = band;
  m->fast       = shed_cli_has(cli, "fast");
  m->is_keys    = shed_cli_has(cli, "midi");
  m->offset_s   = (double)NAN;
  m->started_ns = mic_now_ns();
  return m->is_keys                         ? open_keyboard(m)
         : input && shed_file_exists(input) ? open_file(m, input)
                                            : open_device(cli, m);
}

void
shed_cli_mic_close(shed_cli_mic *m)
{
  if (m) {
    shed_live_free(m->live); // stops: nobody runs the stage any more
    shed_stage_free(m->stage);
    shed_mixer_free(m->mixer);
    shed_midi_in_free(m->midi);
    shed_sound_free(&m->sound);
    shed_free(NULL, m->script);
    shed_free(NULL, m);
  }
}

void
shed_cli_mic_describe(const shed_cli_mic *m, shed_practice_opts *opts)
{
  opts->rate_hz    = m->rate_hz;
  opts->keyboard   = m->is_keys;
  opts->lag_free   = m->is_file || m->is_keys;
  opts->microphone = m->is_file   ? m->name
                     : m->is_keys ? shed_midi_in_name(m->midi)
                                  : shed_live_device_of(m->live)->input;
  opts->latency_s  = m->has_measured && !m->is_keys ? m->measured.latency_s : (double)NAN;
  opts->measured   = m->has_measured && !m->is_keys ? &m->measured : NULL;
  opts->lead_s     = m->live ? DEVICE_LEAD_S : FILE_LEAD_S;
}

bool
shed_cli_mic_is_file(const shed_cli_mic *m)
{
  return m->is_file;
}

bool
shed_cli_mic_is_keys(const shed_cli_mic *m)
{
  return m->is_keys;
}

bool
shed_cli_mic_sounds(const shed_cli_mic *m)
{
  return m->live != NULL && !shed_cli_has(m->cli, "silent");
}

int
shed_cli_mic_rate_hz(const shed_cli_mic *m)
{
  return m->rate_hz;
}

bool
shed_cli_mic_key_is_down(const shed_cli_mic *m, int midi)
{
  return midi >= 0 && midi < MIC_KEYS && m->down[midi] > 0;
}

// -- playing -----------------------------------------------------------------------------------------------------------

shed_status
shed_cli_mic_cue(shed_cli_mic *m, const shed_practice_cue *cue, shed_error *err)
{
  shed_mixer *mixer = NULL;
  if (m->is_file) {
    m->plays     = !cue->model;
    m->starts_at = cue->music_frame;
    m->next      = 0;
  }
  if (!m->stage && !(m->is_file && cue->accompanied)) {
    return SHED_OK;
  }
  shed_status st = shed_cli_band_mix(m->band, cue, &mixer, err);
  if (st != SHED_OK) {
    return st;
  }
  if (m->stage) {
    shed_stage_play(m->stage, mixer, cue->at_frame);
  } else {
    shed_mixer_free(m->mixer);
    m->mixer    = mixer;
    m->mixer_at = cue->at_frame;
  }
  return SHED_OK;
}

void
shed_cli_mic_hush(shed_cli_mic *m)
{
  m->plays = false;
  shed_cli_band_forget(m->band);
  shed_mixer_free(m->mixer);
  m->mixer = NULL;
  if (m->stage) { // the second time the first's mixer is gone for certain
    shed_stage_play(m->stage, NULL, 0);
    shed_stage_play(m->stage, NULL, 0);
  }
}

// -- listening ---------------------------------------------------------------------------------------------------------

static shed_status
push_device(shed_cli_mic *m, shed_practice *p, shed_error *err)
{
  float           mic[MIC_BLOCK], given[MIC_BLOCK];
  shed_live_place place;
  size_t          n  = 0;
  shed_status     st = SHED_OK;
  for (int i = 0;
       i < MIC_READS && st == SHED_OK && (n = shed_live_read(m->live, mic, given, MIC_BLOCK, &place)) > 0;
       i++) {
    shed_practice_sound where = {place.at_frame, place.missing, place.torn};
    st                        = shed_practice_push(p, &where, mic, given, n, err);
  }
  return st;
}

shed_status
shed_cli_mic_push(shed_cli_mic *m, shed_practice *p, bool *over, shed_error *err)
{
  *over = false;
  return m->is_keys   ? mic_push_keys(m, p, over, err)
         : m->is_file ? mic_push_file(m, p, over, err)
                      : push_device(m, p, err);
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
