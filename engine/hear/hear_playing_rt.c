// About this file: accompaniment that we play. It is taken out of the microphone's sound (engine/dsp/echo.h); what may be
// left of it is handed on as a floor: what does not stand above it is nobody's pitch and begins nothing.
#include "engine/hear/hear_internal.h"

#include <math.h>
#include <string.h>

enum {
  PARTIALS    = 12,
  BINS_HEARD  = 200,
  FRAME_REACH = 2
}; // bins up to 10 kHz; blocks to each side of a frame
static const float BIN_HZ = 50.0f;
// Power over the leak: of a pitch at its partials, to begin and to go on; of everything, for something to begin. Measured
// 6 dB under a player: 95 of 100 frames of players are over 9 dB, 75 of what is left of the accompaniment under it.
static const float  BEGINS   = 8.0f;
static const float  GOES_ON  = 4.0f;
static const float  ANYTHING = 20.0f;
static const double SAME     = 0.08; // octaves
static const float  NO_LEAK  = 1e-8f;

typedef struct {
  float left, leak;
} powers;

static void
add_all(const hear_playing *p, int64_t block, powers *to)
{
  for (int k = 0; k < BINS_HEARD; k++) {
    to->left += p->left[block % HEAR_BLOCKS][k];
    to->leak += p->leak[block % HEAR_BLOCKS][k];
  }
}

static void
add_partials(const hear_playing *p, int64_t block, float f0_hz, powers *to)
{
  int last = -1;
  for (int h = 1; h <= PARTIALS; h++) {
    int mid = (int)lrintf(f0_hz * (float)h / BIN_HZ);
    for (int k = mid - 1; k <= mid + 1 && k < BINS_HEARD; k++) {
      if (k > last) { // those of a bass lie in the same bins
        to->left += p->left[block % HEAR_BLOCKS][k];
        to->leak += p->leak[block % HEAR_BLOCKS][k];
        last = k;
      }
    }
  }
}

// Does what stands in these blocks stand above the leak, so many times? @param f0_hz 0: everything.
static bool
stands_above(const hear_playing *p, int64_t from, int64_t to, float f0_hz, float times)
{
  powers sum = {0.0f, 0.0f};
  for (int64_t b = from < 0 ? 0 : from; b <= to && b < p->blocks; b++) {
    if (f0_hz > 0.0f) {
      add_partials(p, b, f0_hz, &sum);
    } else {
      add_all(p, b, &sum);
    }
  }
  return sum.leak < NO_LEAK || sum.left > times * sum.leak;
}

static void
run_block(shed_hear *h)
{
  hear_playing *p = &h->playing;
  shed_echo_run(p->echo, p->mic, p->given);
  memcpy(p->leak[p->blocks % HEAR_BLOCKS], shed_echo_leak(p->echo), sizeof(p->leak[0]));
  memcpy(p->left[p->blocks % HEAR_BLOCKS], shed_echo_left(p->echo), sizeof(p->left[0]));
  p->blocks++;
  p->n = 0;
}

int
hear_playing_add(shed_hear *h, float x, float given, const float **out)
{
  hear_playing *p = &h->playing;
  p->mic[p->n]    = x;
  p->given[p->n]  = given;
  if (++p->n < SHED_ECHO_BLOCK) {
    return 0;
  }
  run_block(h);
  int before = p->before;
  p->before  = 0;
  *out       = p->mic + before;
  return SHED_ECHO_BLOCK - before;
}

void
hear_playing_gate(shed_hear *h, int64_t frame, shed_frame *f)
{
  hear_playing *p = &h->playing;
  if (!p->echo) {
    return;
  }
  bool goes_on = p->open && f->f0_hz > 0.0f && fabs(log2((double)(f->f0_hz / p->open_hz))) < SAME;
  p->open      = f->voiced &&
            stands_above(p, frame - FRAME_REACH, frame + FRAME_REACH, f->f0_hz, goes_on ? GOES_ON : BEGINS);
  p->open_hz = f->f0_hz;
  f->voiced  = p->open;
}

bool
hear_playing_hides(const shed_hear *h, float f0_hz)
{
  const hear_playing *p = &h->playing;
  return p->echo && !stands_above(p, p->blocks - FRAME_REACH, p->blocks, f0_hz, BEGINS);
}

void
hear_playing_discount(const shed_hear *h, int64_t frame, shed_notes_in *in)
{
  const hear_playing *p = &h->playing;
  if (p->echo && !stands_above(p, frame, frame + 1, 0.0f, ANYTHING)) {
    in->flux    = 0.0f;
    in->mkl     = 0.0f;
    in->hfc     = 0.0f;
    in->rise_db = fminf(in->rise_db, 0.0f);
  }
}
