// About this file: what is done to a clean item of the ear's corpus: noises, several rooms and babbles, microphones, a
// metronome, somebody else playing. The truth stays, but what a room's tail leaves behind may be argued about.
#include "tests/corpus/ear_harm.h"

#include "engine/base/alloc.h"
#include "tests/corpus/degrade.h"

#include <math.h>

enum { RATE = CORPUS_EAR_RATE_HZ, PEOPLE_LEAST = 4, PEOPLE_MOST = 9, BEATS = 4 };

static const double PI                 = 3.14159265358979323846;
static const double FULL               = 0.94;
static const double CLIP_DB            = 12;
static const double CLICK_DB           = -12; // its peak under the item's
static const double CLICK_BPM[]        = {66, 168};
static const double CLICK_HZ[]         = {900, 2600};
static const double CLICK_DECAY_S[]    = {0.004, 0.012};
static const double ROOM_S[]           = {0.3, 0.8};
static const double ROOM_DIRECT_DB[]   = {-2, 5};
static const double LAPTOP_DIRECT_DB[] = {-6, 1}; // it stands further away
static const double LIVE_ROOM_S        = 0.6;
static const double LIVE_DIRECT_DB     = 2;
static const double LIVE_NOISE_DB      = 25;
static const double QUIET_DBFS         = -38; // before gain pumps it up
static const double ROOM_NOISE_DB      = 30;
static const double ARGUED_SHARE       = 0.75; // of RT60: a tail is 45 dB down
static const double NEXT_DOOR_DB[]     = {15, 20};

// One harm being done.
typedef struct {
  const corpus_ear_item *item;
  corpus_ear_sound      *s;
  shed_sound             wave; // borrows s->x
  shed_rng               rng;
  shed_error            *err;
} work;

static uint64_t
seed_of(work *w)
{
  return ((uint64_t)shed_rng_u32(&w->rng) << 32) | shed_rng_u32(&w->rng);
}

static void
noise(work *w, corpus_noise_colour colour, double db)
{
  corpus_add_noise(&w->wave, colour, db, seed_of(w));
}

// Where nothing sounds but the room still does.
static void
argue_tails(corpus_ear_sound *s, double rt60_s)
{
  int left = 0;
  for (int f = 0; f < s->frames; f++) {
    if (s->f0_hz[f] != 0) {
      left = (int)(ARGUED_SHARE * rt60_s * 100);
    } else if (left > 0) {
      s->f0_hz[f] = -1;
      left--;
    }
  }
}

static shed_status
room(work *w, double rt60_s, double direct_db)
{
  argue_tails(w->s, rt60_s);
  return corpus_room(&w->wave, rt60_s, direct_db, seed_of(w));
}

static shed_status
some_room(work *w)
{
  double rt60_s = corpus_ear_between(&w->rng, ROOM_S[0], ROOM_S[1]);
  return room(w, rt60_s, corpus_ear_between(&w->rng, ROOM_DIRECT_DB[0], ROOM_DIRECT_DB[1]));
}

// Sound laid under the item, db under it.
static shed_status
mix_in(work *w, corpus_ear_sound *other, double db)
{
  shed_sound b = {.x = other->x, .n = (size_t)other->n, .rate_hz = RATE};
  corpus_set_level(&b, corpus_level_db(&w->wave) - db);
  for (int i = 0; i < w->s->n && i < other->n; i++) {
    w->s->x[i] += other->x[i];
  }
  corpus_ear_free(other);
  return SHED_OK;
}

static shed_status
babble(work *w, double db)
{
  corpus_ear_sound talk   = {0};
  int              people = shed_rng_between(&w->rng, PEOPLE_LEAST, PEOPLE_MOST);
  shed_status      st     = corpus_ear_talk(people, (double)w->s->n / RATE, seed_of(w), &talk);
  return st == SHED_OK ? mix_in(w, &talk, db) : st;
}

static shed_status
metronome(work *w)
{
  double period = 60 / corpus_ear_between(&w->rng, CLICK_BPM[0], CLICK_BPM[1]);
  double first  = corpus_ear_between(&w->rng, 0.1, 0.5);
  double hz     = corpus_ear_between(&w->rng, CLICK_HZ[0], CLICK_HZ[1]);
  double decay  = corpus_ear_between(&w->rng, CLICK_DECAY_S[0], CLICK_DECAY_S[1]);
  double most   = 0;
  for (int i = 0; i < w->s->n; i++) {
    most = fmax(most, fabs((double)w->s->x[i]));
  }
  for (int beat = 0; first + beat * period < (double)w->s->n / RATE; beat++) {
    int    from = (int)lrint((first + beat * period) * RATE);
    double turn = 2 * PI * hz * (beat % BEATS ? 1 : 1.5) / RATE;
    for (int i = 0; i < (int)(8 * decay * RATE) && from + i < w->s->n; i++) {
      double high = most * corpus_ear_gain(CLICK_DB) * exp(-i / (decay * RATE));
      w->s->x[from + i] += (float)(high * sin(turn * i));
    }
  }
  w->s->click_first_s  = first;
  w->s->click_period_s = period;
  return SHED_OK;
}

static shed_status
neighbour(work *w)
{
  corpus_ear_sound other = {0};
  shed_status      st    = corpus_ear_somebody(w->item, seed_of(w), &other, w->err);
  return st == SHED_OK ? mix_in(w, &other, corpus_ear_between(&w->rng, NEXT_DOOR_DB[0], NEXT_DOOR_DB[1]))
                       : st;
}

static shed_status
pumping_gain(work *w)
{
  corpus_set_level(&w->wave, QUIET_DBFS);
  noise(w, CORPUS_PINK, ROOM_NOISE_DB);
  corpus_agc(&w->wave);
  return SHED_OK;
}

static shed_status
live(work *w)
{
  shed_status st = room(w, LIVE_ROOM_S, LIVE_DIRECT_DB);
  noise(w, CORPUS_PINK, LIVE_NOISE_DB);
  return st;
}

static shed_status
laptop_in_a_room(work *w)
{
  double      rt60_s = corpus_ear_between(&w->rng, ROOM_S[0], ROOM_S[1]);
  shed_status st     = room(w, rt60_s, corpus_ear_between(&w->rng, LAPTOP_DIRECT_DB[0], LAPTOP_DIRECT_DB[1]));
  corpus_laptop(&w->wave);
  noise(w, CORPUS_PINK, 20);
  return st;
}

static shed_status
white10(work *w)
{
  noise(w, CORPUS_WHITE, 10);
  return SHED_OK;
}

static shed_status
pink10(work *w)
{
  noise(w, CORPUS_PINK, 10);
  return SHED_OK;
}

static shed_status
pink05(work *w)
{
  noise(w, CORPUS_PINK, 5);
  return SHED_OK;
}

static shed_status
babble10(work *w)
{
  return babble(w, 10);
}

static shed_status
babble05(work *w)
{
  return babble(w, 5);
}

static shed_status
clip(work *w)
{
  corpus_clip(&w->wave, CLIP_DB);
  return SHED_OK;
}

static shed_status
laptop(work *w)
{
  corpus_laptop(&w->wave);
  return SHED_OK;
}

static shed_status (*const HARMS[CORPUS_EAR_HARMS])(work *w) = {
    [CORPUS_EAR_WHITE10]            = white10,
    [CORPUS_EAR_PINK10]             = pink10,
    [CORPUS_EAR_PINK05]             = pink05,
    [CORPUS_EAR_BABBLE10]           = babble10,
    [CORPUS_EAR_BABBLE05]           = babble05,
    [CORPUS_EAR_ROOM]               = some_room,
    [CORPUS_EAR_CLIP]               = clip,
    [CORPUS_EAR_CLICK]              = metronome,
    [CORPUS_EAR_LAPTOP]             = laptop,
    [CORPUS_EAR_AGC]                = pumping_gain,
    [CORPUS_EAR_NEIGHBOUR]          = neighbour,
    [CORPUS_EAR_LIVE]               = live,
    [CORPUS_EAR_LAPTOP_ROOM_PINK20] = laptop_in_a_room};

shed_status
corpus_ear_harm_do(const corpus_ear_item *item, corpus_ear_sound *s, shed_error *err)
{
  work  w    = {.item = item, .s = s, .wave = {.x = s->x, .n = (size_t)s->n, .rate_hz = RATE}, .err = err};
  float most = 0;
  shed_rng_seed(&w.rng, item->seed, 0x4a0u + (uint64_t)item->harm);
  shed_status st = HARMS[item->harm] ? HARMS[item->harm](&w) : SHED_OK;
  for (int i = 0; i < s->n; i++) {
    most = fmaxf(most, fabsf(s->x[i]));
  }
  for (int i = 0; i < s->n && most > (float)FULL && item->harm != CORPUS_EAR_CLIP; i++) {
    s->x[i] *= (float)FULL / most;
  }
  return st;
}
