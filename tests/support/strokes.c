#include "tests/support/strokes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void
strokes_play(strokes *s, const shed_line *line, double scale, double start_s)
{
  for (size_t i = 0; i < line->n_notes; i++) {
    strokes_add(s, start_s + scale * line->notes[i].onset_s, 1);
  }
}

void
strokes_add(strokes *s, double at_s, double confidence)
{
  SHED_ASSERT(s->n < MOST_STROKES);
  s->at_s[s->n]         = at_s;
  s->confidence[s->n++] = confidence;
}

void
strokes_remove(strokes *s, size_t i)
{
  for (size_t k = i + 1; k < s->n; k++) {
    s->at_s[k - 1]       = s->at_s[k];
    s->confidence[k - 1] = s->confidence[k];
  }
  s->n--;
}

static int
by_time(const void *a, const void *b)
{
  float x = ((const shed_heard_onset *)a)->time_s;
  float y = ((const shed_heard_onset *)b)->time_s;
  return (x > y) - (x < y);
}

shed_take
strokes_take(strokes *s, shed_take_kind kind)
{
  double end = 0;
  for (size_t i = 0; i < s->n; i++) {
    s->onsets[i] = (shed_heard_onset){(float)s->at_s[i], 1, (float)s->confidence[i]};
    end          = fmax(end, s->at_s[i]);
  }
  qsort(s->onsets, s->n, sizeof(s->onsets[0]), by_time);
  return (shed_take){.kind       = kind,
                     .onsets     = s->onsets,
                     .n_onsets   = s->n,
                     .duration_s = end + 1,
                     .snr_db     = kind == SHED_TAKE_AUDIO ? 40.0F : NAN,
                     .latency_s  = NAN,
                     .ear        = "1"};
}

shed_prompt
strokes_prompt(const shed_line *line)
{
  return (shed_prompt){.kind          = "clap",
                       .id            = "test/clap",
                       .assessor      = "rhythm",
                       .line          = *line,
                       .click_start_s = (double)NAN,
                       .a4_hz         = 440};
}
