#include "engine/dsp/hush.h"

static const float SMOOTH      = 0.35f;   // of a new frame: noise is uneven, its least must not be its dips
static const float START       = 0.08f;   // magnitude of a line at -80 dBFS
static const float RISE        = 1.0070f; // a frame: 6 dB a second, so a long note does not become the room
static const float RISE_FIRST  = 1.0292f; // 25 dB a second while the room is not yet known
static const int   FIRST_SPANS = 150;     // frames
static const float OVER        = 1.5f;    // smoothed noise stands about so far above its least

void
shed_hush_run(shed_hush *h, const float axis[SHED_COMB_PLACES])
{
  float rise  = h->frames < FIRST_SPANS ? RISE_FIRST : RISE;
  float share = h->frames > 0 ? SMOOTH : 1.0f;
  for (int i = 0; i < SHED_COMB_PLACES; i++) {
    float s      = h->smooth[i] + share * (axis[i] - h->smooth[i]);
    float least  = (h->frames > 0 ? h->least[i] : START) * rise;
    h->smooth[i] = s;
    h->least[i]  = s < least ? s : least;
  }
  h->frames += h->frames < FIRST_SPANS;
}

float
shed_hush_partials(const shed_hush *h, const shed_comb *c, float place)
{
  return OVER * shed_comb_sum_at(c, h->least, place);
}

float
shed_hush_fresh(const shed_hush *h, const float axis[SHED_COMB_PLACES])
{
  float sum = 1e-9f, over = 0.0f;
  for (int i = 0; i < SHED_COMB_PLACES; i++) {
    float more = axis[i] - OVER * h->least[i];
    sum += axis[i];
    over += more > 0.0f ? more : 0.0f;
  }
  return over / sum;
}
