// About this file: the events of one track. Every byte is looked at before it is used; nothing is read beyond r->n.
#include "engine/base/str.h"
#include "engine/score/smf_read.h"

#include <string.h>

enum {
  META           = 0xFF,
  SYSEX          = 0xF0,
  SYSEX_MORE     = 0xF7,
  REAL_TIME      = 0xF8, ///< to 0xFE: clock, start, stop, active sensing
  META_TRACK     = 0x03,
  META_INSTR     = 0x04,
  META_END       = 0x2F,
  META_TEMPO     = 0x51,
  META_TIME      = 0x58,
  META_KEY       = 0x59,
  QUANTITY_BYTES = 4,
  NOTE_OFF       = 0x8,
  NOTE_ON        = 0x9,
  CONTROL        = 0xB,
  PROGRAM        = 0xC,
  PRESSURE       = 0xD,
  SOUND_OFF      = 120, ///< of controllers: all sound off
  NOTES_OFF      = 123  ///< and from here on: all notes off
};

typedef enum { READ_OK, READ_CUT, READ_BAD } read_result;

// A variable-length quantity: seven bits a byte, the last without its top bit, four bytes at most.
static read_result
read_quantity(shed_smf_reader *r, uint32_t *out)
{
  uint32_t value = 0;
  for (int i = 0; i < QUANTITY_BYTES; i++) {
    if (r->at >= r->n) {
      return READ_CUT;
    }
    unsigned char c = r->data[r->at++];
    value           = value << 7 | (c & 0x7FU);
    if (c < 0x80) {
      *out = value;
      return READ_OK;
    }
  }
  return READ_BAD;
}

static shed_status
cut_off(shed_smf_reader *r, size_t from)
{
  shed_smf_warn(r, from, "the file ends within an event: what came before it is read");
  r->at = r->n;
  return SHED_OK;
}

static shed_status
bad_quantity(const shed_smf_reader *r, size_t from)
{
  return shed_smf_fail(r, SHED_E_FORMAT, from, "the number %02X %02X %02X %02X is longer than four bytes",
                       r->data[from], r->data[from + 1], r->data[from + 2], r->data[from + 3]);
}

static shed_status
add_change(shed_smf_reader *r, size_t track, shed_smf_change_kind kind, int a, int b)
{
  shed_smf   *s = r->smf;
  shed_status st =
      shed_grow(s->alloc, (void **)&s->changes, &r->cap_changes, s->n_changes, sizeof(*s->changes));
  if (st == SHED_OK) {
    s->changes[s->n_changes++] =
        (shed_smf_change){.kind = kind, .tick = r->tick, .track = (uint16_t)track, .a = a, .b = b};
  }
  return st;
}

// Text of unknown encoding: UTF-8 if it is that, else Latin-1; control signs and surrounding blanks are left out.
static void
set_text(char *out, const unsigned char *from, size_t n)
{
  size_t k    = 0;
  bool   utf8 = n > 0 && shed_utf8_valid((const char *)from, n);
  for (size_t i = 0; i < n; i++) {
    unsigned char c    = from[i];
    bool          lead = utf8 && c >= 0xC0;
    size_t        size = !lead ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    if (c < ' ' || c == 0x7F || (k == 0 && c == ' ')) {
      continue;
    }
    if (k + (utf8 ? size : 2) >= SHED_SMF_TEXT) {
      break;
    }
    if (c < 0x80) {
      out[k++] = (char)c;
    } else if (utf8) {
      memcpy(out + k, from + i, size);
      k += size;
      i += size - 1;
    } else {
      out[k++] = (char)(0xC0 | c >> 6);
      out[k++] = (char)(0x80 | (c & 0x3F));
    }
  }
  while (k > 0 && out[k - 1] == ' ') {
    k--;
  }
  out[k] = '\0';
}

static shed_status
read_name(shed_smf_reader *r, size_t track, const unsigned char *p, size_t n, size_t from)
{
  (void)from;
  if (!r->smf->tracks[track].name[0]) {
    set_text(r->smf->tracks[track].name, p, n);
  }
  return SHED_OK;
}

static shed_status
read_instrument(shed_smf_reader *r, size_t track, const unsigned char *p, size_t n, size_t from)
{
  (void)from;
  set_text(r->smf->tracks[track].instrument, p, n);
  return SHED_OK;
}

static shed_status
read_end(shed_smf_reader *r, size_t track, const unsigned char *p, size_t n, size_t from)
{
  (void)track, (void)p, (void)n, (void)from;
  r->ended = true;
  return SHED_OK;
}

static shed_status
read_tempo(shed_smf_reader *r, size_t track, const unsigned char *p, size_t n, size_t from)
{
  int us = n >= 3 ? p[0] << 16 | p[1] << 8 | p[2] : 0;
  if (us == 0) {
    shed_smf_warn(r, from, "a tempo without a value is left out");
    return SHED_OK;
  }
  return add_change(r, track, SHED_SMF_TEMPO, us, 0);
}

static shed_status
read_time(shed_smf_reader *r, size_t track, const unsigned char *p, size_t n, size_t from)
{
  if (n < 2 || p[0] == 0 || p[1] > 6) {
    shed_smf_warn(r, from, "the time signature %d over 2 to the %d is left out", n > 0 ? p[0] : 0,
                  n > 1 ? p[1] : 0);
    return SHED_OK;
  }
  return add_change(r, track, SHED_SMF_TIME, p[0], 1 << p[1]);
}

static shed_status
read_key(shed_smf_reader *r, size_t track, const unsigned char *p, size_t n, size_t from)
{
  int fifths = n > 0 ? (signed char)p[0] : 0;
  if (n < 2 || fifths < -7 || fifths > 7 || p[1] > 1) {
    shed_smf_warn(r, from, "a key signature of %d accidentals is left out", fifths);
    return SHED_OK;
  }
  r->smf->tracks[track].has_keys = true;
  return add_change(r, track, SHED_SMF_KEY, fifths, p[1]);
}

// The meta events that say something of the music; all others are skipped.
static const struct {
  int type;
  shed_status (*read)(shed_smf_reader *r, size_t track, const unsigned char *p, size_t n, size_t from);
} metas[] = {
    {META_TRACK, read_name},  {META_INSTR, read_instrument}, {META_END, read_end},
    {META_TEMPO, read_tempo}, {META_TIME, read_time},        {META_KEY, read_key},
};

// A length and so many bytes behind it. *p is NULL when the file ends before.
static shed_status
read_block(shed_smf_reader *r, size_t from, const unsigned char **p, size_t *n)
{
  uint32_t    length = 0;
  size_t      told   = r->at;
  read_result got    = read_quantity(r, &length);
  *p                 = NULL;
  if (got == READ_BAD) {
    return bad_quantity(r, told);
  }
  if (got == READ_CUT || length > r->n - r->at) {
    return cut_off(r, from);
  }
  *p = r->data + r->at;
  *n = length;
  r->at += length;
  return SHED_OK;
}

static shed_status
read_meta(shed_smf_reader *r, size_t track, size_t from)
{
  const unsigned char *p = NULL;
  size_t               n = 0;
  if (r->at >= r->n) {
    return cut_off(r, from);
  }
  int         type = r->data[r->at++];
  shed_status st   = read_block(r, from, &p, &n);
  for (size_t i = 0; st == SHED_OK && p && i < SHED_COUNTOF(metas); i++) {
    if (metas[i].type == type) {
      return metas[i].read(r, track, p, n, from);
    }
  }
  return st;
}

// A key went up, or was struck again: its note ends, one tick long at least.
static void
end_note(shed_smf_reader *r, shed_smf_key *k, uint64_t tick)
{
  shed_smf_note *note = &r->smf->notes[k->note - 1];
  note->off           = tick > note->on ? tick : note->on + 1;
  k->note             = 0;
}

// Where a key that is down really went up: at a note-off that was taken for that of a stroke before, else now.
static uint64_t
up_at(const shed_smf_reader *r, const shed_smf_key *k)
{
  const shed_smf_note *note = &r->smf->notes[k->note - 1];
  return k->spare > note->on ? k->spare : r->tick;
}

static shed_status
note_on(shed_smf_reader *r, size_t track, int channel, int key, int velocity, size_t from)
{
  shed_smf     *s = r->smf;
  shed_smf_key *k = &r->keys[channel][key];
  if (k->note) {
    if (s->notes[k->note - 1].on == r->tick) {
      k->owed++; // struck twice at once: one note
      return SHED_OK;
    }
    k->owed += k->spare <= s->notes[k->note - 1].on;
    end_note(r, k, up_at(r, k));
  }
  if (s->n_notes == SHED_SMF_MAX_NOTES) {
    return shed_smf_fail(r, SHED_E_LIMIT, from, "there are more than %d notes", (int)SHED_SMF_MAX_NOTES);
  }
  shed_status st = shed_grow(s->alloc, (void **)&s->notes, &r->cap_notes, s->n_notes, sizeof(*s->notes));
  if (st == SHED_OK) {
    s->notes[s->n_notes++] = (shed_smf_note){.on       = r->tick,
                                             .off      = r->tick + 1,
                                             .track    = (uint16_t)track,
                                             .channel  = (uint8_t)channel,
                                             .key      = (uint8_t)key,
                                             .velocity = (uint8_t)velocity};
    k->note                = s->n_notes;
  }
  return st;
}

static void
note_off(shed_smf_reader *r, int channel, int key)
{
  shed_smf_key *k = &r->keys[channel][key];
  if (k->owed) {
    k->owed--;
    k->spare = r->tick;
  } else if (k->note) {
    end_note(r, k, r->tick);
  }
}

static void
release_channel(shed_smf_reader *r, int channel)
{
  for (int key = 0; key < 128; key++) {
    shed_smf_key *k = &r->keys[channel][key];
    if (k->note) {
      end_note(r, k, up_at(r, k));
    }
    k->owed = 0;
  }
}

void
shed_smf_release(shed_smf_reader *r)
{
  int never = 0;
  for (int channel = 0; channel < SHED_SMF_CHANNELS; channel++) {
    for (int key = 0; key < 128; key++) {
      const shed_smf_key *k = &r->keys[channel][key];
      never += k->note && up_at(r, k) == r->tick;
    }
    release_channel(r, channel);
  }
  memset(r->keys, 0, sizeof(r->keys));
  if (never) {
    shed_smf_warn(r, r->at, "%d %s never ended: %s at the end of the track", never,
                  never == 1 ? "note is" : "notes are", never == 1 ? "it ends" : "they end");
  }
}

static shed_status
channel_event(shed_smf_reader *r, size_t track, size_t from)
{
  int    kind = r->status >> 4, channel = r->status & 0x0F;
  size_t wanted = kind == PROGRAM || kind == PRESSURE ? 1 : 2;
  int    v[2]   = {0, 0};
  for (size_t i = 0; i < wanted; i++, r->at++) {
    if (r->at >= r->n) {
      return cut_off(r, from);
    }
    v[i] = r->data[r->at];
    if (v[i] > 0x7F) {
      return shed_smf_fail(r, SHED_E_FORMAT, r->at,
                           "%02X stands where the event %02X needs a value from 00 to 7F", (unsigned)v[i],
                           (unsigned)r->status);
    }
  }
  if (kind == NOTE_ON && v[1] > 0) {
    return note_on(r, track, channel, v[0], v[1], from);
  }
  if (kind == NOTE_ON || kind == NOTE_OFF) {
    note_off(r, channel, v[0]);
  } else if (kind == CONTROL && (v[0] == SOUND_OFF || v[0] >= NOTES_OFF)) {
    release_channel(r, channel);
  }
  return SHED_OK;
}

static shed_status
read_delta(shed_smf_reader *r, size_t from)
{
  uint32_t    delta = 0;
  read_result got   = read_quantity(r, &delta);
  if (got != READ_OK) {
    return got == READ_CUT ? cut_off(r, from) : bad_quantity(r, from);
  }
  r->tick += delta;
  if (r->tick / (uint64_t)r->smf->ticks > SHED_SMF_MAX_QUARTERS) {
    return shed_smf_fail(r, SHED_E_LIMIT, from,
                         "a pause of %u ticks brings the music to over %d quarter notes", delta,
                         (int)SHED_SMF_MAX_QUARTERS);
  }
  return SHED_OK;
}

shed_status
shed_smf_event(shed_smf_reader *r, size_t track)
{
  size_t      from = r->at;
  shed_status st   = read_delta(r, from);
  if (st != SHED_OK || r->at >= r->n) {
    return st == SHED_OK && from < r->n ? cut_off(r, from) : st;
  }
  int c = r->data[r->at];
  if (c == META || c == SYSEX || c == SYSEX_MORE) {
    const unsigned char *p;
    size_t               n;
    r->at++;
    return c == META ? read_meta(r, track, from) : read_block(r, from, &p, &n);
  }
  if (c >=
      REAL_TIME) { // what a sequencer that writes down the wire as it comes leaves in: one byte, about nothing we read
    r->at++;
    shed_smf_warn(r, from, "%02X belongs on the wire and not into a file: it is skipped", (unsigned)c);
    return SHED_OK;
  }
  if (c > SYSEX) {
    return shed_smf_fail(r, SHED_E_FORMAT, r->at, "%02X is no event of a MIDI file", (unsigned)c);
  }
  if (c >= 0x80) {
    r->status = c;
    r->at++;
  } else if (!r->status) {
    return shed_smf_fail(r, SHED_E_FORMAT, r->at,
                         "%02X stands where an event begins, and none before it tells of what kind it is",
                         (unsigned)c);
  }
  return channel_event(r, track, from);
}
