#include "tests/accuracy/onset_peers.h"

#include <aubio/aubio.h>
#include <stdlib.h>

enum { WINDOW = 1024, HOP = 256, LEAST_MS = 40 };

const char *const ONSET_PEER_NAME[ONSET_PEERS] = {"hfc",      "mkl",   "energy", "specdiff",
                                                  "specflux", "phase", "kl",     "complex"};
const double ONSET_THRESHOLD[ONSET_THRESHOLDS] = {0.01, 0.03, 0.06, 0.10, 0.18, 0.30, 0.50, 0.80, 1.20, 1.80};

int
onset_peer_run(int peer, double threshold, const float *x, int n, int rate_hz, double *times_s, int max)
{
  aubio_onset_t *o  = new_aubio_onset(ONSET_PEER_NAME[peer], WINDOW, HOP, (uint_t)rate_hz);
  fvec_t        *in = new_fvec(HOP), *out = new_fvec(1);
  int            found = 0;
  if (!o || !in || !out) {
    abort();
  }
  aubio_onset_set_minioi_ms(o, LEAST_MS);
  if (threshold > 0) {
    aubio_onset_set_threshold(o, (smpl_t)threshold);
  }
  for (int at = 0; at < n; at += HOP) {
    for (int i = 0; i < HOP; i++) {
      in->data[i] = at + i < n ? x[at + i] : 0;
    }
    aubio_onset_do(o, in, out);
    if (out->data[0] != 0 && found < max) {
      times_s[found++] = (double)aubio_onset_get_last(o) / rate_hz;
    }
  }
  del_fvec(in);
  del_fvec(out);
  del_aubio_onset(o);
  return found;
}
