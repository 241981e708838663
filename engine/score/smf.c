// About this file: the chunks of a MIDI file and the order of what is in them. A track is read to its end-of-track event;
// its length is believed where a chunk or the file's end follows, since writers get it wrong.
#include "engine/score/smf.h"

#include "engine/score/smf_read.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_HEAD = 8, HEADER_BYTES = 6, RIFF_HEAD = 12 };

shed_status
shed_smf_fail(const shed_smf_reader *r, shed_status st, size_t byte, const char *fmt, ...)
{
  char        where[320];
  char        what[256];
  const char *slash = strrchr(r->name, '/');
  va_list     args;
  va_start(args, fmt);
  (void)vsnprintf(what, sizeof(what), fmt, args);
  va_end(args);
  (void)snprintf(where, sizeof(where), "%.200s: byte %zu", slash ? slash + 1 : r->name, byte);
  return shed_fail(r->err, st, where, "%s", what);
}

void
shed_smf_warn(shed_smf_reader *r, size_t byte, const char *fmt, ...)
{
  shed_smf *s = r->smf;
  if (s->n_warnings == SHED_SMF_WARNINGS) {
    s->n_warnings_more++;
    return;
  }
  va_list args;
  va_start(args, fmt);
  s->warnings[s->n_warnings].byte = byte;
  (void)vsnprintf(s->warnings[s->n_warnings].what, sizeof(s->warnings[0].what), fmt, args);
  va_end(args);
  s->n_warnings++;
}

static uint32_t
u32_at(const unsigned char *p)
{
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool
is_id(const unsigned char *data, size_t n, size_t at, const char *id)
{
  return at <= n && n - at >= CHUNK_HEAD && memcmp(data + at, id, 4) == 0;
}

// Where the MIDI file begins: behind the head of a RIFF file's "data" chunk, or at 0. n: nowhere.
static size_t
start_of(const unsigned char *data, size_t n)
{
  if (n >= RIFF_HEAD && memcmp(data, "RIFF", 4) == 0 && memcmp(data + 8, "RMID", 4) == 0) {
    return is_id(data, n, RIFF_HEAD, "data") ? RIFF_HEAD + CHUNK_HEAD : n;
  }
  return 0;
}

bool
shed_smf_is(const void *data, size_t n)
{
  const unsigned char *p  = data;
  size_t               at = start_of(p, n);
  return n - at >= 4 && memcmp(p + at, "MThd", 4) == 0;
}

// The file's end, a track, or four letters and a length that fits.
static bool
is_chunk(const shed_smf_reader *r, size_t at, size_t total)
{
  if (at == total) {
    return true;
  }
  if (at > total || total - at < CHUNK_HEAD) {
    return false;
  }
  for (size_t i = 0; i < 4; i++) {
    unsigned char c = r->data[at + i] | 0x20;
    if (c < 'a' || c > 'z') {
      return false;
    }
  }
  return is_id(r->data, total, at, "MTrk") || u32_at(r->data + at + 4) <= total - at - CHUNK_HEAD;
}

// What a second is in ticks, and a quarter. False: the division says nothing.
static bool
set_division(shed_smf *s, int division)
{
  if (division < 0x8000) {
    s->ticks = division;
    return division > 0;
  }
  int    fps      = 256 - (division >> 8);
  int    per      = division & 0xFF;
  double fps_true = fps == 29 ? 30000.0 / 1001 : fps;
  if ((fps != 24 && fps != 25 && fps != 29 && fps != 30) || per == 0) {
    return false;
  }
  s->smpte          = true;
  s->ticks_a_second = fps_true * per;
  s->ticks          = (fps * per + 1) / 2;
  return true;
}

static shed_status
read_header(shed_smf_reader *r, size_t total, size_t *said)
{
  const unsigned char *p  = r->data + r->at;
  size_t               at = r->at;
  if (total - at < CHUNK_HEAD + HEADER_BYTES || memcmp(p, "MThd", 4) != 0) {
    return shed_smf_fail(r, SHED_E_FORMAT, at,
                         "no MIDI file: it must begin with MThd and a head of 14 bytes");
  }
  uint32_t length   = u32_at(p + 4);
  int      format   = p[8] << 8 | p[9];
  int      division = p[12] << 8 | p[13];
  *said             = (size_t)(p[10] << 8 | p[11]);
  if (length < HEADER_BYTES || length > total - at - CHUNK_HEAD) {
    return shed_smf_fail(r, SHED_E_FORMAT, at + 4, "the head says that it has %u bytes; it must have 6",
                         length);
  }
  if (format == 2) {
    return shed_smf_fail(r, SHED_E_UNSUPPORTED, at + 8,
                         "is a MIDI file of format 2, unrelated patterns that no score can be made of: "
                         "save it as format 1");
  }
  if (format > 2) {
    return shed_smf_fail(r, SHED_E_FORMAT, at + 8, "format %d does not exist: 0 and 1 can be read", format);
  }
  if (!set_division(r->smf, division)) {
    return shed_smf_fail(r, SHED_E_FORMAT, at + 12, "the division %04X tells no time", (unsigned)division);
  }
  r->smf->format = format;
  r->at          = at + CHUNK_HEAD + length;
  return SHED_OK;
}

// Where the next track begins, from at on; total when there is none.
static size_t
next_track(const shed_smf_reader *r, size_t at, size_t total)
{
  while (at < total && !is_id(r->data, total, at, "MTrk")) {
    const unsigned char *m = memchr(r->data + at + 1, 'M', total - at - 1);
    at                     = m ? (size_t)(m - r->data) : total;
  }
  return at;
}

static shed_status
read_events(shed_smf_reader *r, size_t track, size_t end)
{
  shed_status st = SHED_OK;
  r->n           = end;
  r->tick        = 0;
  r->status      = 0;
  r->ended       = false;
  while (st == SHED_OK && !r->ended && r->at < r->n) {
    st = shed_smf_event(r, track);
  }
  if (st == SHED_OK) {
    shed_smf_release(r);
  }
  return st;
}

// One track whose head is at r->at; r->at moves to what follows it.
static shed_status
read_track(shed_smf_reader *r, size_t total)
{
  shed_smf *s        = r->smf;
  size_t    head     = r->at;
  size_t    from     = head + CHUNK_HEAD;
  uint32_t  length   = u32_at(r->data + head + 4);
  bool      fits     = length <= total - from;
  size_t    end      = fits ? from + length : total;
  bool      believed = fits && is_chunk(r, end, total);
  if (s->n_tracks == SHED_SMF_MAX_TRACKS) {
    return shed_smf_fail(r, SHED_E_LIMIT, head, "there are more than %d tracks", (int)SHED_SMF_MAX_TRACKS);
  }
  shed_status st = shed_grow(s->alloc, (void **)&s->tracks, &r->cap_tracks, s->n_tracks, sizeof(*s->tracks));
  if (st != SHED_OK) {
    return st;
  }
  s->tracks[s->n_tracks++] = (shed_smf_track){.name = ""};
  r->at                    = from;
  st                       = read_events(r, s->n_tracks - 1, believed ? end : total);
  if (st != SHED_OK) {
    return st;
  }
  if (!r->ended) {
    shed_smf_warn(r, r->at, "the track has no end-of-track event");
  }
  if (!fits || (!believed && r->at != end)) {
    shed_smf_warn(r, head + 4, "the track says that it has %u bytes; it has %zu", length, r->at - from);
  }
  r->at = believed ? end : r->at;
  return SHED_OK;
}

static shed_status
read_chunks(shed_smf_reader *r, size_t total, size_t said)
{
  shed_status st = SHED_OK;
  while (st == SHED_OK && r->at < total) {
    if (is_id(r->data, total, r->at, "MTrk")) {
      st = read_track(r, total);
    } else if (is_chunk(r, r->at, total)) {
      r->at += CHUNK_HEAD + u32_at(r->data + r->at + 4); // of a kind that is not known
    } else {
      size_t next = next_track(r, r->at, total);
      shed_smf_warn(r, r->at, "%zu bytes that are no track are skipped", next - r->at);
      r->at = next;
    }
  }
  if (st == SHED_OK && r->smf->n_tracks == 0) {
    return shed_smf_fail(r, SHED_E_FORMAT, r->at, "there is no track in it");
  }
  if (st == SHED_OK && r->smf->n_tracks != said) {
    shed_smf_warn(r, 10, "the head says that there are %zu tracks; there are %zu", said, r->smf->n_tracks);
  }
  return st;
}

static int
by_place(const void *a, const void *b)
{
  const shed_smf_note *x = a, *y = b;
  int                  c = (x->on > y->on) - (x->on < y->on);
  c                      = c ? c : x->track - y->track;
  c                      = c ? c : x->channel - y->channel;
  c                      = c ? c : x->key - y->key;
  return c ? c : (x->off > y->off) - (x->off < y->off);
}

static int
by_tick(const void *a, const void *b)
{
  const shed_smf_change *x = a, *y = b;
  int                    c = (x->tick > y->tick) - (x->tick < y->tick);
  return c ? c : (x->order > y->order) - (x->order < y->order);
}

static shed_status
finish(shed_smf *s)
{
  for (size_t i = 0; i < s->n_changes; i++) {
    s->changes[i].order = i;
  }
  if (s->n_notes) {
    qsort(s->notes, s->n_notes, sizeof(*s->notes), by_place);
  }
  if (s->n_changes) {
    qsort(s->changes, s->n_changes, sizeof(*s->changes), by_tick);
  }
  for (size_t i = 0; i < s->n_notes; i++) {
    s->end = s->notes[i].off > s->end ? s->notes[i].off : s->end;
  }
  return shed_smf_time(s);
}

void
shed_smf_free(shed_smf *smf)
{
  if (smf) {
    shed_free(smf->alloc, smf->notes);
    shed_free(smf->alloc, smf->changes);
    shed_free(smf->alloc, smf->tracks);
    *smf = (shed_smf){.alloc = smf->alloc};
  }
}

shed_status
shed_smf_parse(const void *data, size_t n, const char *name, const shed_alloc *alloc, shed_smf *out,
               shed_error *err)
{
  shed_smf         s    = {.alloc = alloc};
  size_t           said = 0;
  shed_smf_reader *r    = shed_calloc(alloc, 1, sizeof(*r));
  if (!r) {
    return SHED_E_NOMEM;
  }
  r->data        = data;
  r->name        = name;
  r->err         = err;
  r->smf         = &s;
  r->at          = start_of(data, n);
  shed_status st = read_header(r, n, &said);
  if (st == SHED_OK) {
    st = read_chunks(r, n, said);
  }
  if (st == SHED_OK) {
    st = finish(&s);
  }
  shed_free(alloc, r);
  if (st != SHED_OK) {
    shed_smf_free(&s);
    return st;
  }
  *out = s;
  return SHED_OK;
}
