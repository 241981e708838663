// About this file: writes the stored form of what was heard; the layout stands in take_layout.h.
#include "engine/base/str.h"
#include "engine/task/take_layout.h"

#include <string.h>

static void
put_u32(unsigned char *p, uint32_t v)
{
  for (int i = 0; i < 4; i++) {
    p[i] = (unsigned char)(v >> (8 * i));
  }
}

static void
put_f32(unsigned char *p, float v)
{
  uint32_t bits = 0;
  memcpy(&bits, &v, sizeof(bits));
  put_u32(p, bits);
}

static void
put_f64(unsigned char *p, double v)
{
  uint64_t bits = 0;
  memcpy(&bits, &v, sizeof(bits));
  put_u32(p, (uint32_t)bits);
  put_u32(p + 4, (uint32_t)(bits >> 32));
}

static void
add_bytes(shed_str *out, const unsigned char *p, size_t n)
{
  shed_str_addn(out, (const char *)p, n);
}

static void
add_u8(shed_str *out, size_t v)
{
  unsigned char byte = (unsigned char)v;
  add_bytes(out, &byte, 1);
}

static void
add_count(shed_str *out, size_t n)
{
  unsigned char b[4];
  put_u32(b, (uint32_t)n);
  add_bytes(out, b, sizeof(b));
}

// Every text of a take is an array far shorter than TEXT_MAX.
static void
add_text(shed_str *out, const char *text)
{
  size_t n = strlen(text);
  add_u8(out, n);
  shed_str_addn(out, text, n);
}

static void
add_head(shed_str *out, const shed_take *t)
{
  unsigned char b[SHED_TAKE_HEAD_BYTES] = {(unsigned char)t->kind};
  put_u32(b + 1, (uint32_t)t->rate_hz);
  put_u32(b + 5, (uint32_t)t->clipped);
  put_f64(b + 9, t->duration_s);
  put_f64(b + 17, t->latency_s);
  put_f32(b + 25, t->snr_db);
  put_f32(b + 29, t->noise_db);
  add_bytes(out, b, sizeof(b));
  add_text(out, t->sha256.text);
  add_text(out, t->ear);
}

static void
add_message(shed_str *out, const shed_message *m)
{
  add_text(out, shed_message_id(m->code));
  add_u8(out, (size_t)m->n);
  for (int i = 0; i < m->n; i++) {
    add_text(out, m->params[i].key);
    add_text(out, m->params[i].value);
  }
}

// Candidates behind the last one with a bit set are left out; whatever they are, the same bits come back.
static size_t
candidates(const shed_frame *f)
{
  size_t n = SHED_FRAME_CANDIDATES;
  for (; n > 0; n--) {
    unsigned char b[SHED_TAKE_CANDIDATE_BYTES];
    put_f32(b, f->cand[n - 1].f0_hz);
    put_f32(b + 4, f->cand[n - 1].support);
    for (size_t i = 0; i < sizeof(b); i++) {
      if (b[i]) {
        return n;
      }
    }
  }
  return 0;
}

static void
add_frame(shed_str *out, const shed_frame *f)
{
  unsigned char b[SHED_TAKE_FRAME_BYTES + SHED_FRAME_CANDIDATES * SHED_TAKE_CANDIDATE_BYTES];
  size_t        n = candidates(f);
  put_f32(b, f->f0_hz);
  put_f32(b + 4, f->confidence);
  put_f32(b + 8, f->level_db);
  put_f32(b + 12, f->flux);
  b[16] = f->voiced;
  b[17] = (unsigned char)n;
  for (size_t i = 0; i < n; i++) {
    put_f32(b + SHED_TAKE_FRAME_BYTES + i * SHED_TAKE_CANDIDATE_BYTES, f->cand[i].f0_hz);
    put_f32(b + SHED_TAKE_FRAME_BYTES + i * SHED_TAKE_CANDIDATE_BYTES + 4, f->cand[i].support);
  }
  add_bytes(out, b, SHED_TAKE_FRAME_BYTES + n * SHED_TAKE_CANDIDATE_BYTES);
}

static void
add_onset(shed_str *out, const shed_heard_onset *o)
{
  unsigned char b[SHED_TAKE_ONSET_BYTES];
  put_f32(b, o->time_s);
  put_f32(b + 4, o->strength);
  put_f32(b + 8, o->confidence);
  add_bytes(out, b, sizeof(b));
}

static void
add_note(shed_str *out, const shed_heard_note *n)
{
  unsigned char b[SHED_TAKE_NOTE_BYTES];
  uint16_t      midi   = (uint16_t)(int16_t)n->midi;
  const float   rest[] = {n->cents,      n->confidence,   n->level_db, n->cents_sd, n->drift_cents_per_s,
                          n->vibrato_hz, n->vibrato_cents};
  put_f32(b, n->onset_s);
  put_f32(b + 4, n->offset_s);
  b[8] = (unsigned char)midi;
  b[9] = (unsigned char)(midi >> 8);
  for (size_t i = 0; i < SHED_COUNTOF(rest); i++) {
    put_f32(b + 10 + 4 * i, rest[i]);
  }
  add_bytes(out, b, sizeof(b));
}

// Only what somebody has to know is written: a take without it has the bytes that it always had.
static bool
is_withheld(const shed_take *t)
{
  return t->n_gaps > 0 || t->no_rhythm;
}

static void
add_withheld(shed_str *out, const shed_take *t, bool with_bands)
{
  add_u8(out, (t->no_rhythm ? SHED_TAKE_WITHHELD_RHYTHM : 0U) | (with_bands ? SHED_TAKE_WITHHELD_BANDS : 0U));
  add_count(out, t->n_gaps);
  for (size_t i = 0; i < t->n_gaps; i++) {
    unsigned char b[SHED_TAKE_GAP_BYTES];
    put_f32(b, t->gaps[i].start_s);
    put_f32(b + 4, t->gaps[i].end_s);
    add_bytes(out, b, sizeof(b));
  }
}

static bool
take_valid(const shed_take *t)
{
  bool valid = shed_take_head_valid(t) && t->n_frames <= UINT32_MAX && t->n_onsets <= UINT32_MAX &&
               t->n_notes <= UINT32_MAX && t->n_gaps <= UINT32_MAX;
  for (size_t i = 0; valid && i < t->n_frames; i++) {
    valid = shed_take_frame_valid(&t->frames[i]);
  }
  for (size_t i = 0; valid && i < t->n_onsets; i++) {
    valid = shed_take_onset_valid(&t->onsets[i]);
  }
  for (size_t i = 0; valid && i < t->n_notes; i++) {
    valid = shed_take_note_valid(&t->notes[i]);
  }
  for (size_t i = 0; valid && i < t->n_gaps; i++) {
    valid = shed_take_gap_valid(&t->gaps[i]);
  }
  return valid;
}

shed_status
shed_take_encode(const shed_take *take, const shed_alloc *alloc, unsigned char **out, size_t *n)
{
  shed_str   s          = {.alloc = alloc};
  const bool with_bands = take->bands && take->n_frames > 0;
  if (!take_valid(take)) {
    return SHED_E_RANGE;
  }
  shed_str_addn(&s, "wst", 3);
  add_u8(&s, is_withheld(take) ? SHED_TAKE_CODE_WITHHELD
             : with_bands      ? SHED_TAKE_CODE_BANDS
                               : SHED_TAKE_CODE_PLAIN);
  add_head(&s, take);
  add_u8(&s, (size_t)take->n_warnings);
  for (int i = 0; i < take->n_warnings; i++) {
    add_message(&s, &take->warnings[i]);
  }
  if (is_withheld(take)) {
    add_withheld(&s, take, with_bands);
  }
  add_count(&s, take->n_frames);
  for (size_t i = 0; i < take->n_frames; i++) {
    add_frame(&s, &take->frames[i]);
  }
  add_count(&s, take->n_onsets);
  for (size_t i = 0; i < take->n_onsets; i++) {
    add_onset(&s, &take->onsets[i]);
  }
  add_count(&s, take->n_notes);
  for (size_t i = 0; i < take->n_notes; i++) {
    add_note(&s, &take->notes[i]);
  }
  if (with_bands) {
    add_bytes(&s, take->bands, take->n_frames * SHED_TAKE_BANDS);
  }
  if (s.failed) {
    shed_str_free(&s);
    return SHED_E_NOMEM;
  }
  *out = (unsigned char *)s.text;
  *n   = s.len;
  return SHED_OK;
}
