// About this file: reads the stored form of what was heard, from whoever wrote it. No count is believed before the bytes
// for it are there; the layout stands in take_layout.h.
#include "engine/base/str.h"
#include "engine/task/take_layout.h"

#include <string.h>

enum { MESSAGE_ID = 64 };

// Bytes not read yet. Once something did not fit, `bad` stays set and everything reads as zero.
typedef struct {
  const unsigned char *p;
  size_t               left;
  bool                 bad;
} cursor;

static const unsigned char *
get_bytes(cursor *c, size_t n)
{
  static const unsigned char zeros[SHED_TAKE_FRAME_BYTES + SHED_TAKE_NOTE_BYTES];
  if (c->bad || c->left < n) {
    c->bad = true;
    return n <= sizeof(zeros) ? zeros : NULL;
  }
  const unsigned char *p = c->p;
  c->p += n;
  c->left -= n;
  return p;
}

static uint32_t
u32_at(const unsigned char *p)
{
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static float
f32_at(const unsigned char *p)
{
  float    v    = 0;
  uint32_t bits = u32_at(p);
  memcpy(&v, &bits, sizeof(v));
  return v;
}

static double
f64_at(const unsigned char *p)
{
  double   v    = 0;
  uint64_t bits = (uint64_t)u32_at(p) | (uint64_t)u32_at(p + 4) << 32;
  memcpy(&v, &bits, sizeof(v));
  return v;
}

static size_t
get_u8(cursor *c)
{
  return get_bytes(c, 1)[0];
}

// A count whose elements, min_bytes each, can be there.
static size_t
get_count(cursor *c, size_t min_bytes)
{
  size_t n = u32_at(get_bytes(c, 4));
  if (n > c->left / min_bytes) {
    c->bad = true;
    return 0;
  }
  return n;
}

static void
get_text(cursor *c, char *buf, size_t size)
{
  size_t               n = get_u8(c);
  const unsigned char *p = get_bytes(c, n);
  if (c->bad || n >= size || !shed_utf8_valid((const char *)p, n)) {
    c->bad = true;
    n      = 0;
  } else {
    memcpy(buf, p, n);
  }
  buf[n] = '\0';
}

static void
get_head(cursor *c, shed_take *t)
{
  const unsigned char *b       = get_bytes(c, SHED_TAKE_HEAD_BYTES);
  uint32_t             clipped = u32_at(b + 5);
  uint32_t             rate    = u32_at(b + 1);
  c->bad = c->bad || b[0] > SHED_TAKE_ONSETS || rate > SHED_TAKE_RATE_MAX_HZ || clipped > INT32_MAX;
  if (c->bad) {
    return;
  }
  t->kind       = (shed_take_kind)b[0];
  t->rate_hz    = (int)rate;
  t->clipped    = (int)clipped;
  t->duration_s = f64_at(b + 9);
  t->latency_s  = f64_at(b + 17);
  t->snr_db     = f32_at(b + 25);
  t->noise_db   = f32_at(b + 29);
  get_text(c, t->sha256.text, sizeof(t->sha256.text));
  get_text(c, t->ear, sizeof(t->ear));
  c->bad = c->bad || !shed_take_head_valid(t);
}

static shed_status
get_message(cursor *c, shed_message *m, shed_error *err)
{
  char              id[MESSAGE_ID];
  shed_message_code code = (shed_message_code)0;
  get_text(c, id, sizeof(id));
  size_t n = get_u8(c);
  if (c->bad || n > SHED_MESSAGE_PARAMS) {
    c->bad = true;
    return SHED_OK;
  }
  if (shed_message_find(id, &code) != SHED_OK) {
    return shed_fail(err, SHED_E_VERSION, "take", "the warning \"%s\" is not known to this version", id);
  }
  *m   = shed_message_of(code);
  m->n = (int)n;
  for (size_t i = 0; i < n; i++) {
    get_text(c, m->params[i].key, sizeof(m->params[i].key));
    get_text(c, m->params[i].value, sizeof(m->params[i].value));
  }
  return SHED_OK;
}

static void
get_frame(cursor *c, shed_frame *f)
{
  const unsigned char *b = get_bytes(c, SHED_TAKE_FRAME_BYTES);
  size_t               n = b[17];
  if (b[16] > 1 || n > SHED_FRAME_CANDIDATES) {
    c->bad = true;
    return;
  }
  f->f0_hz      = f32_at(b);
  f->confidence = f32_at(b + 4);
  f->level_db   = f32_at(b + 8);
  f->flux       = f32_at(b + 12);
  f->voiced     = b[16] == 1;
  for (size_t i = 0; i < n; i++) {
    b                  = get_bytes(c, SHED_TAKE_CANDIDATE_BYTES);
    f->cand[i].f0_hz   = f32_at(b);
    f->cand[i].support = f32_at(b + 4);
  }
  c->bad = c->bad || !shed_take_frame_valid(f);
}

static void
get_onset(cursor *c, shed_heard_onset *o)
{
  const unsigned char *b = get_bytes(c, SHED_TAKE_ONSET_BYTES);
  o->time_s              = f32_at(b);
  o->strength            = f32_at(b + 4);
  o->confidence          = f32_at(b + 8);
  c->bad                 = c->bad || !shed_take_onset_valid(o);
}

static void
get_note(cursor *c, shed_heard_note *n)
{
  const unsigned char *b = get_bytes(c, SHED_TAKE_NOTE_BYTES);
  n->onset_s             = f32_at(b);
  n->offset_s            = f32_at(b + 4);
  n->midi                = (int16_t)(uint16_t)(b[8] | b[9] << 8);
  n->cents               = f32_at(b + 10);
  n->confidence          = f32_at(b + 14);
  n->level_db            = f32_at(b + 18);
  n->cents_sd            = f32_at(b + 22);
  n->drift_cents_per_s   = f32_at(b + 26);
  n->vibrato_hz          = f32_at(b + 30);
  n->vibrato_cents       = f32_at(b + 34);
  c->bad                 = c->bad || !shed_take_note_valid(n);
}

// @param[out] with_bands told here in version 3.
static shed_status
get_withheld(cursor *c, bool *with_bands, shed_take *t)
{
  const size_t flags = get_u8(c);
  const size_t n     = get_count(c, SHED_TAKE_GAP_BYTES);
  c->bad             = c->bad || flags > (SHED_TAKE_WITHHELD_RHYTHM | SHED_TAKE_WITHHELD_BANDS);
  t->no_rhythm       = flags & SHED_TAKE_WITHHELD_RHYTHM;
  *with_bands        = flags & SHED_TAKE_WITHHELD_BANDS;
  if (n == 0 || c->bad) {
    return SHED_OK;
  }
  t->gaps = shed_calloc(t->alloc, n, sizeof(*t->gaps));
  if (!t->gaps) {
    return SHED_E_NOMEM;
  }
  for (t->n_gaps = 0; t->n_gaps < n && !c->bad; t->n_gaps++) {
    const unsigned char *b = get_bytes(c, SHED_TAKE_GAP_BYTES);
    shed_take_gap        g = {f32_at(b), f32_at(b + 4)};
    t->gaps[t->n_gaps]     = g;
    c->bad                 = c->bad || !shed_take_gap_valid(&g);
  }
  return SHED_OK;
}

// An array of n zeroed elements; NULL when n is 0.
static bool
get_array(const shed_alloc *alloc, void **items, size_t *count, size_t n, size_t size)
{
  if (n == 0) {
    return true;
  }
  *items = shed_calloc(alloc, n, size);
  *count = *items ? n : 0;
  return *items != NULL;
}

static shed_status
get_body(cursor *c, bool with_bands, shed_take *t)
{
  if (!get_array(t->alloc, (void **)&t->frames, &t->n_frames, get_count(c, SHED_TAKE_FRAME_BYTES),
                 sizeof(*t->frames))) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < t->n_frames && !c->bad; i++) {
    get_frame(c, &t->frames[i]);
  }
  if (!get_array(t->alloc, (void **)&t->onsets, &t->n_onsets, get_count(c, SHED_TAKE_ONSET_BYTES),
                 sizeof(*t->onsets))) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < t->n_onsets && !c->bad; i++) {
    get_onset(c, &t->onsets[i]);
  }
  if (!get_array(t->alloc, (void **)&t->notes, &t->n_notes, get_count(c, SHED_TAKE_NOTE_BYTES),
                 sizeof(*t->notes))) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < t->n_notes && !c->bad; i++) {
    get_note(c, &t->notes[i]);
  }
  c->bad = c->bad || c->left != (with_bands ? t->n_frames * SHED_TAKE_BANDS : 0) ||
           (with_bands && t->n_frames == 0);
  if (c->bad || !with_bands) {
    return SHED_OK;
  }
  size_t n = c->left;
  t->bands = shed_malloc(t->alloc, n);
  if (!t->bands) {
    return SHED_E_NOMEM;
  }
  memcpy(t->bands, get_bytes(c, n), n);
  return SHED_OK;
}

static shed_status
decode(cursor *c, int version, shed_take *t, shed_error *err)
{
  bool with_bands = version == SHED_TAKE_CODE_BANDS;
  get_head(c, t);
  size_t n = get_u8(c);
  if (n > SHED_TAKE_WARNINGS) {
    c->bad = true;
  }
  for (size_t i = 0; i < n && !c->bad; i++) {
    shed_status st = get_message(c, &t->warnings[i], err);
    if (st != SHED_OK) {
      return st;
    }
    t->n_warnings++;
  }
  size_t      at = c->left;
  shed_status st = version == SHED_TAKE_CODE_WITHHELD && !c->bad ? get_withheld(c, &with_bands, t) : SHED_OK;
  st             = c->bad || st != SHED_OK ? st : get_body(c, with_bands, t);
  if (st != SHED_OK) {
    return shed_fail(err, st, "take", "%s", shed_status_text(st));
  }
  return c->bad ? shed_fail(err, SHED_E_FORMAT, "take", "what was heard is damaged in its last %zu bytes", at)
                : SHED_OK;
}

shed_status
shed_take_decode(const unsigned char *data, size_t n, const shed_alloc *alloc, shed_take *out,
                 shed_error *err)
{
  shed_take t = {.alloc = alloc};
  if (n < 4 || memcmp(data, "wst", 3) != 0) {
    return shed_fail(err, SHED_E_FORMAT, "take", "does not begin as a stored take does");
  }
  if (data[3] < SHED_TAKE_CODE_PLAIN || data[3] > SHED_TAKE_CODE_WITHHELD) {
    return shed_fail(err, SHED_E_VERSION, "take", "is of version %d, this program reads %d", data[3],
                     SHED_TAKE_CODE_WITHHELD);
  }
  cursor      c  = {.p = data + 4, .left = n - 4};
  shed_status st = decode(&c, data[3], &t, err);
  if (st != SHED_OK) {
    shed_take_free(&t);
    return st;
  }
  *out = t;
  return SHED_OK;
}
