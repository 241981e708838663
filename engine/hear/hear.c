// About this file: making and freeing the ear.
#include "engine/hear/hear.h"

#include "engine/hear/hear_internal.h"

enum { RATE_MIN_HZ = 8000, RATE_MAX_HZ = 192000 };
_Static_assert((int)SHED_TAKE_BANDS == (int)SHED_BANDS, "a take carries what the ear has");
static const double CLICK_LATE_S       = 0.15;
static const double CLICK_PERIOD_MAX_S = 60.0;
static const double PLAYING_LATE_S     = 0.3;

static shed_status
new_tick(shed_hear *h, const shed_hear_click *click)
{
  if (click->period_s == 0.0) {
    return SHED_OK;
  }
  if (!(click->period_s <= CLICK_PERIOD_MAX_S)) {
    return SHED_E_RANGE;
  }
  // 400 a minute, whatever the last bit of its period says
  shed_tick_opts opts = {.first  = click->first_s * SHED_HEAR_RATE_HZ,
                         .period = click->period_s * SHED_HEAR_RATE_HZ + 1e-6,
                         .late   = (click->late_s > 0.0 ? click->late_s : CLICK_LATE_S) * SHED_HEAR_RATE_HZ};
  return shed_tick_new(&h->tick, h->alloc, &opts);
}

static shed_status
new_playing(shed_hear *h, const shed_hear_playing *playing)
{
  hear_playing *p  = &h->playing;
  shed_status   st = SHED_OK;
  if (!playing->sounds) {
    return SHED_OK;
  }
  if ((st = shed_resample_new(&p->resample, h->alloc, h->rate_hz, SHED_HEAR_RATE_HZ)) != SHED_OK) {
    return st;
  }
  // its blocks end where whole hops do: so a frame waits no longer than without it
  p->before           = (HEAR_HOP - SHED_CANDS_AHEAD % HEAR_HOP) % HEAR_HOP;
  p->n                = p->before;
  shed_echo_opts opts = {.late_s  = playing->late_s == 0.0 ? PLAYING_LATE_S : playing->late_s,
                         .delay_s = playing->delay_s,
                         .gain_db = playing->gain_db};
  return shed_echo_new(&p->echo, h->alloc, &opts);
}

shed_status
shed_hear_new(shed_hear **out, const shed_hear_opts *opts, const shed_alloc *alloc)
{
  if (opts->rate_hz < RATE_MIN_HZ || opts->rate_hz > RATE_MAX_HZ) {
    return SHED_E_RANGE;
  }
  shed_hear  *h  = shed_calloc(alloc, 1, sizeof(*h));
  shed_status st = SHED_E_NOMEM;
  if (!h) {
    return st;
  }
  h->alloc   = alloc;
  h->rate_hz = opts->rate_hz;
  if ((st = shed_resample_new(&h->resample, alloc, opts->rate_hz, SHED_HEAR_RATE_HZ)) != SHED_OK ||
      (st = shed_front_new(&h->front, alloc, SHED_HEAR_RATE_HZ)) != SHED_OK ||
      (st = shed_tracker_new(&h->pitch, alloc)) != SHED_OK ||
      (st = shed_quick_new(&h->quick, alloc)) != SHED_OK ||
      (st = shed_onset_new(&h->onset, alloc)) != SHED_OK ||
      (st = shed_bands_new(&h->bands, alloc)) != SHED_OK ||
      (st = shed_notes_new(&h->notes, alloc)) != SHED_OK ||
      (st = shed_tempo_new(&h->tempo, alloc)) != SHED_OK || (st = new_tick(h, &opts->click)) != SHED_OK ||
      (st = new_playing(h, &opts->playing)) != SHED_OK) {
    shed_hear_free(h);
    return st;
  }
  h->hop_wanted = SHED_CANDS_AHEAD % HEAR_HOP;
  h->hop_whole  = true;
  h->next_frame = -(SHED_CANDS_AHEAD / HEAR_HOP);
  *out          = h;
  return SHED_OK;
}

void
shed_hear_free(shed_hear *h)
{
  if (!h) {
    return;
  }
  shed_resample_free(h->resample);
  shed_front_free(h->front);
  shed_tracker_free(h->pitch);
  shed_quick_free(h->quick);
  shed_onset_free(h->onset);
  shed_bands_free(h->bands);
  shed_notes_free(h->notes);
  shed_tempo_free(h->tempo);
  shed_tick_free(h->tick);
  shed_echo_free(h->playing.echo);
  shed_resample_free(h->playing.resample);
  shed_free(h->alloc, h);
}
