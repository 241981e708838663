// About this file: fills a mixer before it plays: tracks, parts of a score, the metronome's clicks.
#include "engine/audio/mixer.h"

#include "engine/audio/limits.h"
#include "engine/audio/mixer_internal.h"

static const double RAMP_S = 0.01;
static const double TAIL_S = 1.0; // of a part's last note

shed_status
shed_mixer_new(shed_mixer **out, int rate_hz, const shed_alloc *alloc)
{
  if (rate_hz < SHED_AUDIO_RATE_MIN_HZ || rate_hz > SHED_AUDIO_RATE_MAX_HZ) {
    return SHED_E_RANGE;
  }
  shed_mixer *m = shed_calloc(alloc, 1, sizeof(*m));
  if (!m) {
    return SHED_E_NOMEM;
  }
  m->alloc   = alloc;
  m->rate_hz = rate_hz;
  m->step    = (float)(1.0 / (RAMP_S * rate_hz));
  *out       = m;
  return SHED_OK;
}

void
shed_mixer_free(shed_mixer *m)
{
  if (!m) {
    return;
  }
  for (int k = 0; k < SHED_CLICK_KINDS; k++) {
    shed_free(m->alloc, m->click[k]);
  }
  for (int i = 0; i < m->n_tracks; i++) {
    shed_sound_free(&m->track[i].own);
  }
  shed_free(m->alloc, m);
}

// At once, where a gain that is changed later takes its time.
static void
begin_with(shed_mixer *m, int track, float gain_db)
{
  mixer_track *t = &m->track[track == SHED_MIXER_CLICKS ? SHED_MIXER_TRACKS : track];
  shed_mixer_gain(m, track, gain_db);
  t->gain = atomic_load_explicit(&t->wish, memory_order_relaxed);
}

shed_status
shed_mixer_add(shed_mixer *m, const float *x, size_t n, uint64_t at_frame, float gain_db, int *track)
{
  if (m->n_tracks == SHED_MIXER_TRACKS) {
    return SHED_E_LIMIT;
  }
  int          i = m->n_tracks++;
  mixer_track *t = &m->track[i];
  t->x           = x;
  t->n           = n;
  t->at          = at_frame;
  begin_with(m, i, gain_db);
  if (track) {
    *track = i;
  }
  return SHED_OK;
}

shed_status
shed_mixer_add_line(shed_mixer *m, const shed_line *line, int program, int drum_key, uint64_t at_frame,
                    float gain_db, int *track, shed_error *err)
{
  shed_sound       sound = {0};
  shed_render_opts opts  = {.rate_hz = m->rate_hz, .tail_s = TAIL_S};
  if (m->n_tracks == SHED_MIXER_TRACKS) {
    return shed_fail(err, SHED_E_LIMIT, NULL, "more than %d parts cannot sound at once", SHED_MIXER_TRACKS);
  }
  shed_status st = shed_render_line(line, program, drum_key, &opts, m->alloc, &sound, err);
  if (st != SHED_OK) {
    return st;
  }
  int i           = m->n_tracks;
  st              = shed_mixer_add(m, sound.x, sound.n, at_frame, gain_db, track);
  m->track[i].own = sound;
  return st;
}

shed_status
shed_mixer_metronome(shed_mixer *m, const shed_metronome *metronome, float gain_db)
{
  if (!shed_metronome_valid(metronome)) {
    return SHED_E_RANGE;
  }
  for (int k = 0; k < SHED_CLICK_KINDS; k++) {
    float *x = m->click[k] ? m->click[k] : shed_calloc(m->alloc, SHED_CLICK_FRAMES_MOST, sizeof(*x));
    if (!x) {
      return SHED_E_NOMEM;
    }
    m->click[k]   = x;
    m->n_click[k] = shed_click_sound((shed_click_kind)k, m->rate_hz, x);
    m->click_most = m->n_click[k] > m->click_most ? m->n_click[k] : m->click_most;
  }
  m->metronome = *metronome;
  m->clicks    = true;
  begin_with(m, SHED_MIXER_CLICKS, gain_db);
  return SHED_OK;
}

uint64_t
shed_mixer_end(const shed_mixer *m)
{
  uint64_t end = 0;
  for (int i = 0; i < m->n_tracks; i++) {
    uint64_t e = m->track[i].at + m->track[i].n;
    end        = e > end ? e : end;
  }
  return end;
}
