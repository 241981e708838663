// About this file: the table of peers, and aubio.
#include "tests/accuracy/pitch_peers.h"

#include <aubio/aubio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const float SILENCE_DB = -90; // aubio's gate as good as off: the threshold on its confidence decides

static const pitch_peer PEER[] = {
#define PITCH_PEER(name, by, method, window, hears)                                                          \
  {name, method, window, PITCH_HEARS_##hears, pitch_hear_##by},
#include "tests/accuracy/pitch_peers.def"
#undef PITCH_PEER
};

size_t
pitch_peer_count(void)
{
  return sizeof(PEER) / sizeof(PEER[0]);
}

const pitch_peer *
pitch_peer_at(size_t i)
{
  return &PEER[i];
}

const pitch_peer *
pitch_peer_named(const char *name)
{
  for (size_t i = 0; i < pitch_peer_count(); i++) {
    if (strcmp(PEER[i].name, name) == 0) {
      return &PEER[i];
    }
  }
  return NULL;
}

bool
pitch_peer_hears(const pitch_peer *peer, const corpus_ear_item *item)
{
  static const unsigned NO_ROW = 1U << CORPUS_EAR_CLIP | 1U << CORPUS_EAR_CLICK | 1U << CORPUS_EAR_AGC |
                                 1U << CORPUS_EAR_NEIGHBOUR | 1U << CORPUS_EAR_LIVE;
  return peer->hears == PITCH_HEARS_ALL ||
         (item->half == CORPUS_EAR_REPORT &&
          !(peer->hears == PITCH_HEARS_ROWS && (NO_ROW >> item->harm & 1U)));
}

bool
pitch_peer_version(const pitch_peer *peer, char *out, size_t cap)
{
  char praat[64] = "";
  if (peer->hear == pitch_hear_praat && !pitch_praat_version(praat, sizeof(praat))) {
    return false;
  }
  snprintf(out, cap, "%s, %s", peer->name,
           peer->hear == pitch_hear_praat ? praat : "aubio " PITCH_AUBIO_VERSION);
  return true;
}

static void
hear_one(const pitch_peer *peer, pitch_job *job)
{
  aubio_pitch_t *p  = new_aubio_pitch(peer->method, (uint_t)peer->window, PITCH_HOP, PITCH_RATE_HZ);
  fvec_t        *in = new_fvec(PITCH_HOP), *out = new_fvec(1);
  bool           knows = strncmp(peer->method, "yin", 3) == 0;
  for (int f = 0; f < job->frames; f++) {
    job->said[f] = (pitch_point){0, 0};
  }
  aubio_pitch_set_unit(p, "Hz");
  aubio_pitch_set_silence(p, SILENCE_DB);
  for (int hop = 0, f = 0; f < job->frames; hop++) {
    for (int i = 0; i < PITCH_HOP; i++) {
      int at      = hop * PITCH_HOP + i;
      in->data[i] = at < job->n ? job->x[at] : 0;
    }
    aubio_pitch_do(p, in, out);
    f = (int)lrint(((hop + 1) * PITCH_HOP - 0.5 * peer->window) / PITCH_HOP);
    if (f >= 0 && f < job->frames) {
      float sure   = knows ? aubio_pitch_get_confidence(p) : 1;
      job->said[f] = (pitch_point){out->data[0] > 0 ? out->data[0] : 0, out->data[0] > 0 ? sure : 0};
    }
  }
  del_fvec(in);
  del_fvec(out);
  del_aubio_pitch(p);
}

bool
pitch_hear_aubio(const pitch_peer *peer, pitch_job *jobs, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    hear_one(peer, &jobs[i]);
  }
  return true;
}
