// About this file: what a click that we know of does to frames and notes. Its sound is already taken out; here is what
// could not be: the first clicks, from before its waveform was known, and what is left of the others.
#include "engine/hear/hear_internal.h"

#include <math.h>
#include <string.h>

static const float SHORT_S = 0.25f; // a click with its room may sound like a note so long

static shed_tick_verdict
ask(const shed_hear *h, float time_s)
{
  return shed_tick_ask(h->tick, (int64_t)lrint((double)time_s * SHED_HEAR_RATE_HZ));
}

void
hear_click_discount(const shed_hear *h, int64_t frame, shed_notes_in *in)
{
  if (h->tick && shed_tick_ask(h->tick, frame * HEAR_HOP) == SHED_TICK_CLICK) {
    in->flux     = 0.0f;
    in->mkl      = 0.0f;
    in->hfc      = 0.0f;
    in->rise_db  = fminf(in->rise_db, 0.0f);
    in->burst_db = fminf(in->burst_db, 0.0f);
  }
}

bool
hear_click_hold(shed_hear *h, const shed_notes_out *n)
{
  if (!h->tick || n->kind == SHED_NOTES_ON || h->held_n == HEAR_HELD ||
      (h->held_n == 0 && ask(h, n->onset_s) != SHED_TICK_UNDECIDED)) {
    return false;
  }
  h->held[h->held_n++] = *n;
  return true;
}

// Does the note that begins so sound like a click?
static bool
brief(const shed_hear *h, const shed_notes_out *first)
{
  for (int i = 0; i < h->held_n; i++) {
    const shed_notes_out *n = &h->held[i];
    if (n->kind == SHED_NOTES_NOTE && n->onset_s == first->onset_s) {
      return n->midi < 0 || n->offset_s - n->onset_s < SHORT_S;
    }
  }
  return false;
}

static void
drop_note_at(shed_hear *h, float onset_s)
{
  int kept = 0;
  for (int i = 0; i < h->held_n; i++) {
    if (h->held[i].onset_s != onset_s) {
      h->held[kept++] = h->held[i];
    }
  }
  h->held_n = kept;
}

bool
hear_click_release(shed_hear *h, bool end, shed_notes_out *out)
{
  while (h->held_n > 0) {
    shed_tick_verdict v = ask(h, h->held[0].onset_s);
    if (v == SHED_TICK_UNDECIDED && !end && h->held_n < HEAR_HELD) {
      return false;
    }
    if (v == SHED_TICK_CLICK && brief(h, &h->held[0])) {
      drop_note_at(h, h->held[0].onset_s);
      continue;
    }
    *out = h->held[0];
    h->held_n--;
    memmove(h->held, h->held + 1, (size_t)h->held_n * sizeof(h->held[0]));
    return true;
  }
  return false;
}
