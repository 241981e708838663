// About this file: onsets go to the tempo as they are settled, beats come back as events.
#include "engine/hear/hear_internal.h"

// No onset is told later than this after its instant, but for a long attack; that one is still counted.
static const double ONSET_LAG_S = 0.40;

void
hear_tempo_onset(shed_hear *h, const shed_notes_out *onset)
{
  shed_tempo_onset(h->tempo, (double)onset->onset_s, onset->strength);
}

void
hear_tempo_advance(shed_hear *h, int64_t frame)
{
  shed_tempo_advance(h->tempo, (double)frame * SHED_FRAME_HOP_S - ONSET_LAG_S);
}

bool
hear_tempo_beat(shed_hear *h, shed_event *out)
{
  shed_tempo_beat b;
  if (!shed_tempo_poll(h->tempo, &b)) {
    return false;
  }
  *out = (shed_event){.kind   = SHED_EVENT_BEAT,
                      .time_s = b.time_s,
                      .u.beat = {.time_s = (float)b.time_s, .confidence = b.confidence, .bpm = b.bpm}};
  return true;
}

shed_heard_tempo
shed_hear_tempo_now(const shed_hear *h)
{
  shed_tempo_state s = shed_tempo_whole(h->tempo);
  return (shed_heard_tempo){
      .bpm = s.bpm, .confidence = s.confidence, .other_bpm = s.other_bpm, .other_share = s.other_share};
}
