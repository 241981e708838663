// About this file: a MIDI keyboard as the instrument, or a MIDI file that stands for one. Time is that of the loudspeaker's stream
// where there is one, so that a key and the click are counted by one clock; else the machine's.
#include "app/cli/practice_mic_internal.h"

#include "engine/base/file.h"
#include "engine/take/given.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  RATE_HZ  = 48000,
  NOTE_ON  = 0x90,
  NOTE_OFF = 0x80,
  KIND     = 0xF0,
  MESSAGES = 64,
  BLOCK    = RATE_HZ / 100,
  VELOCITY = 80
};
static const double CLOCK_SLIP = 2e-4; // that two clocks may drift apart, as a share
static const double TAIL_S     = 1;    // of a file, after its last key

// -- opening -----------------------------------------------------------------------------------------------------------

static int
by_time(const void *a, const void *b)
{
  const mic_key *x = a, *y = b;
  if (x->at_s != y->at_s) {
    return x->at_s < y->at_s ? -1 : 1;
  }
  return x->status - y->status; // what is let go goes first
}

static shed_exit
read_file(shed_cli_mic *m, const char *path)
{
  shed_take   take = {0};
  shed_error  err  = {0};
  shed_status st   = shed_given_load(path, NULL, &take, &err);
  if (st == SHED_OK && take.kind != SHED_TAKE_MIDI) {
    shed_take_free(&take);
    return shed_cli_usage(m->cli, "--midi %s: a keyboard, or a MIDI file that stands for one, is needed",
                          path);
  }
  m->script = st == SHED_OK ? shed_calloc(NULL, 2 * take.n_notes + 1, sizeof(*m->script)) : NULL;
  st        = st == SHED_OK && !m->script ? SHED_E_NOMEM : st;
  for (size_t i = 0; st == SHED_OK && i < take.n_notes; i++) {
    const shed_heard_note *n = &take.notes[i];
    if (n->midi >= 0) {
      m->script[m->n_script++] = (mic_key){(double)n->onset_s, NOTE_ON, (uint8_t)n->midi, VELOCITY};
      m->script[m->n_script++] = (mic_key){(double)n->offset_s, NOTE_OFF, (uint8_t)n->midi, 0};
    }
  }
  if (m->script && m->n_script > 0) {
    qsort(m->script, m->n_script, sizeof(*m->script), by_time);
    m->script_s = m->script[m->n_script - 1].at_s + TAIL_S;
  }
  shed_take_free(&take);
  const char *slash = strrchr(path, '/');
  (void)snprintf(m->name, sizeof(m->name), "%s", slash ? slash + 1 : path);
  m->is_file = true;
  return st == SHED_OK ? SHED_EXIT_DONE : shed_cli_error(m->cli, st, &err);
}

shed_exit
mic_open_keys(shed_cli_mic *m)
{
  const char *name = shed_cli_option(m->cli, "midi");
  shed_error  err  = {0};
  m->rate_hz       = RATE_HZ;
  if (shed_file_exists(name)) {
    return read_file(m, name);
  }
  shed_status st = shed_midi_in_open(&m->midi, strcmp(name, "any") == 0 ? NULL : name, NULL, NULL, &err);
  return st == SHED_OK ? SHED_EXIT_DONE : shed_cli_error(m->cli, st, &err);
}

// -- time --------------------------------------------------------------------------------------------------------------

// Where the stream stands, seconds, at a moment of the machine's clock. A callback may come late and never early, so the earliest of
// them tell how the two clocks lie; what is heard then was given so much before.
static double
stream_s(shed_cli_mic *m, int64_t ns)
{
  uint64_t frame;
  int64_t  at_ns;
  if (!m->live) {
    return (double)(ns - m->started_ns) / 1e9;
  }
  if (shed_live_heard_now(m->live, &frame, &at_ns)) {
    const double one  = (double)frame / m->rate_hz - (double)(at_ns - m->started_ns) / 1e9;
    const double slip = CLOCK_SLIP * (double)(at_ns - m->offset_ns) / 1e9;
    if (isnan(m->offset_s) || one > m->offset_s - slip) {
      m->offset_s  = one;
      m->offset_ns = at_ns;
    }
  }
  if (isnan(m->offset_s)) { // the loudspeaker has not begun
    return 0;
  }
  const double heard_s = shed_live_device_of(m->live)->output_latency_s;
  return fmax(0, (double)(ns - m->started_ns) / 1e9 + m->offset_s - heard_s);
}

// -- keys --------------------------------------------------------------------------------------------------------------

static shed_status
hand_on(shed_cli_mic *m, shed_practice *p, uint64_t at, uint8_t status, uint8_t data1, uint8_t data2,
        shed_error *err)
{
  const int kind = status & KIND;
  if (kind == NOTE_ON || kind == NOTE_OFF) {
    m->down[data1 % MIC_KEYS] = kind == NOTE_ON && data2 > 0;
  }
  return shed_practice_key(p, at, status, data1, data2, err);
}

// Time first: a key lies behind what was pushed by less than a turn of the loop.
static shed_status
push_time(shed_practice *p, uint64_t now, shed_error *err)
{
  shed_practice_sound where = {.at_frame = now};
  return now > shed_practice_now(p) ? shed_practice_push(p, &where, NULL, NULL, 0, err) : SHED_OK;
}

static shed_status
push_live(shed_cli_mic *m, shed_practice *p, shed_error *err)
{
  shed_midi_message msgs[MESSAGES];
  bool              lost   = false;
  const uint64_t    before = shed_practice_now(p);
  const size_t      n      = shed_midi_in_read(m->midi, msgs, MESSAGES, &lost);
  const uint64_t    now    = (uint64_t)(stream_s(m, mic_now_ns()) * m->rate_hz);
  shed_status       st     = SHED_OK;
  for (size_t i = 0; i < n && st == SHED_OK; i++) {
    const uint64_t at = (uint64_t)(stream_s(m, msgs[i].mono_ns) * m->rate_hz);
    st                = hand_on(m, p, at, msgs[i].status, msgs[i].data1, msgs[i].data2, err);
  }
  st = st == SHED_OK ? push_time(p, now, err) : st;
  if (st == SHED_OK && lost) {
    memset(m->down, 0, sizeof(m->down));
    st = shed_practice_keys_lost(p, before, shed_practice_now(p), err);
  }
  return st;
}

static shed_status
push_script(shed_cli_mic *m, shed_practice *p, bool *over, shed_error *err)
{
  shed_status               st    = SHED_OK;
  const shed_practice_state state = shed_practice_state_of(p);
  for (int i = 0; i < MIC_READS && st == SHED_OK && mic_is_due(m, p); i++) {
    m->at += BLOCK;
    while (st == SHED_OK && m->plays && m->next < m->n_script) {
      const mic_key *k  = &m->script[m->next];
      const uint64_t at = m->starts_at + (uint64_t)llround(k->at_s * m->rate_hz);
      if (at >= m->at) {
        break;
      }
      m->next++;
      st = hand_on(m, p, at, k->status, k->data1, k->data2, err);
    }
    st    = st == SHED_OK ? push_time(p, m->at, err) : st;
    *over = m->plays && m->at >= m->starts_at + (uint64_t)(m->script_s * m->rate_hz);
    if (*over || shed_practice_state_of(p) != state) {
      break;
    }
  }
  return st;
}

shed_status
mic_push_keys(shed_cli_mic *m, shed_practice *p, bool *over, shed_error *err)
{
  return m->midi ? push_live(m, p, err) : push_script(m, p, over, err);
}
