// About this file: writes a MIDI file while it is played. 24,000 ticks a quarter at 120 quarters a minute.
#include "engine/take/keys.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum {
  CHANNELS    = 16,
  KEYS        = 128,
  NOTE_OFF    = 0x80,
  NOTE_ON     = 0x90,
  CONTROL     = 0xB0,
  PEDAL       = 64,
  ALL_SOUND   = 120,
  ALL_NOTES   = 123,
  DIVISION    = 24000,
  QUARTER_US  = 500000,
  HEAD        = 22,        // bytes before the track's events
  TEMPO_BYTES = 7,         // of the first event
  LENGTH_AT   = 18,        // of the track's length
  EVENT_MOST  = 16,        // bytes that one event takes at most, fillers apart
  DELTA_MOST  = 0x0FFFFFFF // what the file's variable length holds
};

struct shed_keys {
  const shed_alloc *alloc;
  unsigned char    *data;
  size_t            n, cap;
  uint64_t          tick; // of the last event
  int               down;
  size_t            struck;
  bool              finished;
  unsigned char     is_down[CHANNELS][KEYS];
};

static shed_status
room(shed_keys *k, size_t more)
{
  if (k->n + more <= k->cap) {
    return SHED_OK;
  }
  size_t         cap   = 2 * (k->n + more);
  unsigned char *grown = shed_realloc(k->alloc, k->data, cap);
  if (!grown) {
    return SHED_E_NOMEM;
  }
  k->data = grown;
  k->cap  = cap;
  return SHED_OK;
}

static void
put(shed_keys *k, const unsigned char *bytes, size_t n)
{
  memcpy(k->data + k->n, bytes, n);
  k->n += n;
}

static void
put_delta(shed_keys *k, uint32_t ticks)
{
  for (int shift = 21; shift >= 0; shift -= 7) {
    uint32_t rest = ticks >> shift;
    if (rest > 0 || shift == 0) {
      k->data[k->n++] = (unsigned char)((rest & 0x7F) | (shift ? 0x80 : 0));
    }
  }
}

static const unsigned char head[HEAD] = {
    'M', 'T', 'h', 'd', 0, 0, 0, 6, 0, 0, 0, 1, DIVISION >> 8, DIVISION & 0xFF,
    'M', 'T', 'r', 'k', 0, 0, 0, 0};
static const unsigned char tempo[TEMPO_BYTES] = {
    0, 0xFF, 0x51, 3, QUARTER_US >> 16, QUARTER_US >> 8 & 0xFF, QUARTER_US & 0xFF};

shed_status
shed_keys_new(shed_keys **out, const shed_alloc *alloc)
{
  shed_keys *k = shed_calloc(alloc, 1, sizeof(*k));
  if (!k) {
    return SHED_E_NOMEM;
  }
  k->alloc = alloc;
  if (room(k, 4096) != SHED_OK) {
    shed_keys_free(k);
    return SHED_E_NOMEM;
  }
  put(k, head, sizeof(head));
  put(k, tempo, sizeof(tempo));
  *out = k;
  return SHED_OK;
}

void
shed_keys_free(shed_keys *k)
{
  if (k) {
    shed_free(k->alloc, k->data);
    shed_free(k->alloc, k);
  }
}

// An event at a time. A pause that is too long for the file is filled with empty texts.
static shed_status
put_event(shed_keys *k, double time_s, const unsigned char *bytes, size_t n)
{
  static const unsigned char filler[] = {0xFF, 0x01, 0};
  uint64_t                   at       = (uint64_t)(time_s * SHED_KEYS_TICKS_A_S + 0.5);
  uint64_t                   delta    = at > k->tick ? at - k->tick : 0;
  for (;;) {
    shed_status st = room(k, EVENT_MOST);
    if (st != SHED_OK) {
      return st;
    }
    uint32_t some = delta < DELTA_MOST ? (uint32_t)delta : DELTA_MOST;
    bool     last = some == delta;
    put_delta(k, some);
    put(k, last ? bytes : filler, last ? n : sizeof(filler));
    k->tick += some;
    delta -= some;
    if (last) {
      return SHED_OK;
    }
  }
}

static shed_status
let_go(shed_keys *k, double time_s, int channel, int key)
{
  const unsigned char off[] = {(unsigned char)(NOTE_OFF | channel), (unsigned char)key, 64};
  if (!k->is_down[channel][key]) {
    return SHED_OK;
  }
  shed_status st = put_event(k, time_s, off, sizeof(off));
  if (st == SHED_OK) {
    k->is_down[channel][key] = 0;
    k->down--;
  }
  return st;
}

static shed_status
let_all_go(shed_keys *k, double time_s, int channel)
{
  shed_status st = SHED_OK;
  for (int key = 0; key < KEYS && st == SHED_OK; key++) {
    st = let_go(k, time_s, channel, key);
  }
  return st;
}

static shed_status
strike(shed_keys *k, double time_s, int channel, int key, uint8_t velocity)
{
  const unsigned char on[] = {(unsigned char)(NOTE_ON | channel), (unsigned char)key, velocity};
  shed_status         st   = let_go(k, time_s, channel, key);
  if (st == SHED_OK && (st = put_event(k, time_s, on, sizeof(on))) == SHED_OK) {
    k->is_down[channel][key] = 1;
    k->down++;
    k->struck++;
  }
  return st;
}

static shed_status
check_time(const shed_keys *k, double time_s)
{
  if (k->finished) {
    return SHED_E_STATE;
  }
  return !isfinite(time_s) ? SHED_E_RANGE : time_s > SHED_KEYS_MAX_S ? SHED_E_LIMIT : SHED_OK;
}

shed_status
shed_keys_push(shed_keys *k, double time_s, uint8_t status, uint8_t data1, uint8_t data2)
{
  shed_status st      = check_time(k, time_s);
  int         channel = status & 0x0F, kind = status & 0xF0;
  if (st != SHED_OK) {
    return st;
  }
  if (data1 > 127 || data2 > 127) {
    return SHED_E_RANGE;
  }
  if (kind == NOTE_ON && data2 > 0) {
    return time_s < 0 ? SHED_OK : strike(k, time_s, channel, data1, data2);
  }
  time_s = fmax(0, time_s);
  if (kind == NOTE_ON || kind == NOTE_OFF) {
    return let_go(k, time_s, channel, data1);
  }
  if (kind == CONTROL && data1 == PEDAL) {
    const unsigned char pedal[] = {status, data1, data2};
    return put_event(k, time_s, pedal, sizeof(pedal));
  }
  if (kind == CONTROL && (data1 == ALL_SOUND || data1 >= ALL_NOTES)) {
    return let_all_go(k, time_s, channel);
  }
  return SHED_OK;
}

shed_status
shed_keys_lost(shed_keys *k, double time_s)
{
  shed_status st = check_time(k, time_s);
  for (int channel = 0; channel < CHANNELS && st == SHED_OK; channel++) {
    st = let_all_go(k, fmax(0, time_s), channel);
  }
  return st;
}

int
shed_keys_down(const shed_keys *k)
{
  return k->down;
}

size_t
shed_keys_struck(const shed_keys *k)
{
  return k->struck;
}

shed_status
shed_keys_finish(shed_keys *k, double time_s, unsigned char **data, size_t *n)
{
  static const unsigned char end[] = {0xFF, 0x2F, 0};
  shed_status                st    = shed_keys_lost(k, time_s);
  if (st != SHED_OK || (st = put_event(k, fmax(0, time_s), end, sizeof(end))) != SHED_OK) {
    return st;
  }
  uint32_t length = (uint32_t)(k->n - HEAD);
  for (int i = 0; i < 4; i++) {
    k->data[LENGTH_AT + i] = (unsigned char)(length >> (24 - 8 * i));
  }
  *data   = k->data;
  *n      = k->n;
  k->data = NULL;
  k->n = k->cap = 0;
  k->finished   = true;
  return SHED_OK;
}

// -- what a crash left -------------------------------------------------------------------------------------------------

const unsigned char *
shed_keys_so_far(const shed_keys *k, size_t *n)
{
  *n = k->n;
  return k->data;
}

// One message of our own writing. @return its bytes; 0 where it is cut, or is none of ours.
static size_t
read_event(const unsigned char *x, size_t n, uint32_t *delta, const unsigned char **bytes)
{
  size_t at = 0;
  *delta    = 0;
  for (;; at++) {
    if (at == n || at == 4) {
      return 0;
    }
    *delta = *delta << 7 | (x[at] & 0x7FU);
    if (!(x[at] & 0x80U)) {
      break;
    }
  }
  *bytes = x + ++at;
  if (n - at < 3) {
    return 0;
  }
  const bool filler = x[at] == 0xFF && x[at + 1] == 1 && x[at + 2] == 0;
  const int  kind   = x[at] & 0xF0;
  const bool ours =
      (kind == NOTE_ON || kind == NOTE_OFF || kind == CONTROL) && x[at + 1] < 128 && x[at + 2] < 128;
  return filler || ours ? at + 3 : 0;
}

static shed_status
replay(shed_keys *k, const unsigned char *x, size_t n, double *seconds)
{
  const unsigned char *bytes;
  uint32_t             delta;
  uint64_t             tick = 0;
  shed_status          st   = SHED_OK;
  for (size_t some; st == SHED_OK && (some = read_event(x, n, &delta, &bytes)) > 0; x += some, n -= some) {
    tick += delta;
    *seconds = (double)tick / SHED_KEYS_TICKS_A_S;
    if (bytes[0] != 0xFF) {
      st = shed_keys_push(k, *seconds, bytes[0], bytes[1], bytes[2]);
    }
  }
  return st;
}

shed_status
shed_keys_recover(const unsigned char *part, size_t part_n, const shed_alloc *alloc, unsigned char **data,
                  size_t *n, double *seconds)
{
  const size_t first = HEAD + TEMPO_BYTES;
  shed_keys   *k     = NULL;
  if (part_n < first || memcmp(part, head, LENGTH_AT) != 0 || memcmp(part + HEAD, tempo, TEMPO_BYTES) != 0) {
    return SHED_E_FORMAT;
  }
  shed_status st = shed_keys_new(&k, alloc);
  *seconds       = 0;
  if (st == SHED_OK) {
    st = replay(k, part + first, part_n - first, seconds);
    st = st == SHED_OK && k->struck == 0            ? SHED_E_FORMAT
         : st == SHED_E_LIMIT || st == SHED_E_RANGE ? SHED_E_FORMAT
                                                    : st;
  }
  st = st == SHED_OK ? shed_keys_finish(k, *seconds, data, n) : st;
  shed_keys_free(k);
  return st;
}
