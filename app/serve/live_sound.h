/// The two readers of what comes over the live socket: sound messages and the commands of the door. Pure: fuzzed.
#ifndef SHED_SERVE_LIVE_SOUND_H
#define SHED_SERVE_LIVE_SOUND_H

#include "engine/base/json.h"
#include "engine/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  SHED_SEAT_HEADER  = 16,
  SHED_SEAT_MESSAGE = 64 * 1024, ///< the longest message taken, text or sound
  SHED_SEAT_FRAMES  = (SHED_SEAT_MESSAGE - SHED_SEAT_HEADER) / 2
};

/// A sound message, read. Borrows the message.
typedef struct {
  int                  rate_hz;
  uint64_t             at_frame;
  const unsigned char *samples;
  size_t               n;
  bool                 floats; ///< else int16
} shed_seat_sound;

/// @return SHED_OK; SHED_E_FORMAT (err says which byte does not fit); SHED_E_LIMIT.
SHED_NODISCARD shed_status shed_seat_sound_read(const unsigned char *data, size_t n, shed_seat_sound *out,
                                                shed_error *err);
/// Samples [from, from + n) as floats, full scale 1. What is no number is 0.
void shed_seat_sound_copy(const shed_seat_sound *s, size_t from, size_t n, float *out);

typedef enum { SHED_SEAT_ASKING_ONCE, SHED_SEAT_ASKING_EACH, SHED_SEAT_ASKING_NEVER } shed_seat_asking;

/// {"do": "open"} and {"do": "check"}, read. Texts borrow the document.
typedef struct {
  bool        check;
  bool        probe;      ///< a check that waits for the probes of GET /api/probe
  int         rate_hz;    ///< 0 with a card: its own
  const char *drill;      ///< "" where again is set
  const char *again;      ///< id of a take; "" none
  const char *instrument; ///< "" the student's own
  int64_t     seed;       ///< -1: the next
  int         level;      ///< 0: the student's own
  double      tempo_bpm;  ///< 0: as written
  const char *measures;   ///< "3-4"; "" all
  const char *device;     ///< "" unknown
  double      latency_s;  ///< NaN unknown
  double      spread_s;   ///< of a round trip that was measured; NaN: it was not
  struct {
    bool        wanted;               ///< the machine's own sound card, in place of messages with sound
    const char *input, *output, *api; ///< "" the system's default
    bool        silent;               ///< nothing sounds
  } card;
  bool             treated; ///< the browser still cancels echo, suppresses noise, or moves the gain
  bool             rate_first, no_colour, study_aloud, no_count_in, click, silent_click;
  double           study_s;
  shed_seat_asking asking;
} shed_seat_open;

/// @param v the whole document. @return SHED_OK; SHED_E_FORMAT, err->where the member.
SHED_NODISCARD shed_status shed_seat_open_read(const shed_json *v, shed_seat_open *out, shed_error *err);

#endif
