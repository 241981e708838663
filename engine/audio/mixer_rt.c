// About this file: adds up what sounds. Tracks in order, then the clicks, so that the same frames give the same bits however
// they are cut into blocks (while no gain moves).
#include "engine/audio/mixer_internal.h"

#include <math.h>

static const float DECIBELS_A_DECADE = 20.0F;

void
shed_mixer_gain(shed_mixer *m, int track, float gain_db)
{
  int   i = track == SHED_MIXER_CLICKS ? SHED_MIXER_TRACKS : track;
  float g = gain_db > SHED_MIXER_OFF_DB ? powf(10.0F, gain_db / DECIBELS_A_DECADE) : 0.0F;
  SHED_ASSERT(i >= 0 && i <= SHED_MIXER_TRACKS);
  atomic_store_explicit(&m->track[i].wish, g, memory_order_relaxed); // stands alone: nothing is ordered by it
}

// One sample nearer to what is wished.
static float
move(float gain, float wish, float step)
{
  return gain < wish ? fminf(gain + step, wish) : fmaxf(gain - step, wish);
}

// Samples @p x of a sound that begins at frame @p from, as far as they lie in the block.
static void
add(float *out, uint64_t at, size_t n, const float *x, size_t n_x, uint64_t from, const float *gain)
{
  uint64_t first = from > at ? from : at;
  uint64_t last  = from + n_x < at + n ? from + n_x : at + n;
  for (uint64_t i = first; i < last; i++) {
    out[i - at] += gain[i - at] * x[i - from];
  }
}

static void
add_clicks(const shed_mixer *m, uint64_t at, float *out, size_t n, const float *gain)
{
  uint64_t since = at > m->click_most ? at - m->click_most : 0; // one that began before may still sound
  uint64_t k     = shed_metronome_from(&m->metronome, m->rate_hz, since);
  for (shed_click c; (c = shed_metronome_click(&m->metronome, m->rate_hz, k)).frame < at + n; k++) {
    if (c.sounds) {
      add(out, at, n, m->click[c.kind], m->n_click[c.kind], c.frame, gain);
    }
  }
}

void
shed_mixer_run(void *mixer, uint64_t at, float *out, size_t n)
{
  enum { BLOCK = 256 };
  shed_mixer *m = mixer;
  float       gain[BLOCK];
  for (size_t done = 0; done < n; done += BLOCK) {
    size_t some = n - done < BLOCK ? n - done : BLOCK;
    for (size_t i = 0; i < some; i++) {
      out[done + i] = 0.0F;
    }
    for (int k = 0; k <= SHED_MIXER_TRACKS; k++) {
      mixer_track *t     = &m->track[k];
      bool         click = k == SHED_MIXER_TRACKS;
      if (click ? !m->clicks : k >= m->n_tracks) {
        continue;
      }
      float wish = atomic_load_explicit(&t->wish, memory_order_relaxed);
      for (size_t i = 0; i < some; i++) {
        gain[i] = t->gain = move(t->gain, wish, m->step);
      }
      if (click) {
        add_clicks(m, at + done, out + done, some, gain);
      } else {
        add(out + done, at + done, some, t->x, t->n, t->at, gain);
      }
    }
  }
}
