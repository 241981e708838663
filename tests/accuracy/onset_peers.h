/// aubio's onset detectors, as they are: window 1024, hop 256, at least 40 ms between two onsets; everything else by each
/// method's own defaults, and the threshold as given.
#ifndef SHED_TEST_ONSET_PEERS_H
#define SHED_TEST_ONSET_PEERS_H

enum { ONSET_PEERS = 8, ONSET_THRESHOLDS = 10 };
extern const char *const ONSET_PEER_NAME[ONSET_PEERS];
extern const double      ONSET_THRESHOLD[ONSET_THRESHOLDS]; ///< the grid that is searched for each method

/// The method's onsets in @p n samples at @p rate_hz, with the threshold, or the method's own where it is 0.
/// @return how many were written to @p times_s, at most @p max.
int onset_peer_run(int peer, double threshold, const float *x, int n, int rate_hz, double *times_s, int max);

#endif
