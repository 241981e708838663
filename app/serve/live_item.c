#include "app/serve/live_item.h"

#include <stdio.h>
#include <string.h>

void
shed_item_tempo(shed_prompt *p, double tempo_bpm)
{
  double scale = p->line.tempo_bpm > 0 ? p->line.tempo_bpm / tempo_bpm : 1;
  for (size_t i = 0; i < p->line.n_notes; i++) {
    p->line.notes[i].onset_s *= scale;
    p->line.notes[i].duration_s *= scale;
  }
  for (size_t i = 0; i < p->line.n_measures; i++) {
    p->line.measures[i].start_s *= scale;
  }
  p->line.length_s *= scale;
  p->line.tempo_bpm = tempo_bpm;
  p->tempo_bpm      = tempo_bpm;
}

// The first measure of that number from @p from on; n_measures when there is none.
static size_t
find_measure(const shed_line *line, const char *number, size_t from)
{
  size_t i = from;
  while (i < line->n_measures && strcmp(line->measures[i].number, number) != 0) {
    i++;
  }
  return i;
}

static void
cut(shed_line *line, size_t first, size_t last)
{
  const shed_beat from   = line->measures[first].start_beats;
  const double    from_s = line->measures[first].start_s;
  const shed_beat until  = shed_beat_add(line->measures[last].start_beats, line->measures[last].length_beats);
  const double    until_s = last + 1 < line->n_measures ? line->measures[last + 1].start_s : line->length_s;
  size_t          kept    = 0;
  for (size_t i = 0; i < line->n_notes; i++) {
    shed_sounding_note n = line->notes[i];
    if ((size_t)n.measure_index < first || (size_t)n.measure_index > last) {
      continue;
    }
    n.index       = (int)kept;
    n.onset_beats = shed_beat_sub(n.onset_beats, from);
    n.onset_s -= from_s;
    n.measure_index -= (int)first;
    line->notes[kept++] = n;
  }
  line->n_notes    = kept;
  line->n_measures = last - first + 1;
  memmove(line->measures, line->measures + first, line->n_measures * sizeof(*line->measures));
  for (size_t i = 0; i < line->n_measures; i++) {
    line->measures[i].start_beats = shed_beat_sub(line->measures[i].start_beats, from);
    line->measures[i].start_s -= from_s;
  }
  line->length_beats = shed_beat_sub(until, from);
  line->length_s     = until_s - from_s;
}

static bool
sounds(const shed_line *line, size_t first, size_t last)
{
  for (size_t i = 0; i < line->n_notes; i++) {
    if ((size_t)line->notes[i].measure_index >= first && (size_t)line->notes[i].measure_index <= last) {
      return true;
    }
  }
  return false;
}

shed_status
shed_item_measures(shed_prompt *p, const char *measures, shed_error *err)
{
  char        first[SHED_MEASURE_TEXT];
  char        last[SHED_MEASURE_TEXT];
  const char *dash = strchr(measures, '-');
  size_t      n    = dash ? (size_t)(dash - measures) : strlen(measures);
  if (n == 0 || n >= sizeof(first) || (dash && (!dash[1] || strlen(dash + 1) >= sizeof(last)))) {
    return shed_fail(err, SHED_E_RANGE, "measures", "\"%.40s\" is not written as A-B", measures);
  }
  memcpy(first, measures, n);
  first[n] = '\0';
  (void)snprintf(last, sizeof(last), "%s", dash ? dash + 1 : first);
  size_t a = find_measure(&p->line, first, 0);
  size_t b = find_measure(&p->line, last, a);
  if (a >= p->line.n_measures || b >= p->line.n_measures || !sounds(&p->line, a, b)) {
    return shed_fail(err, SHED_E_RANGE, "measures", "\"%.40s\": there is nothing to play in such measures",
                     measures);
  }
  cut(&p->line, a, b);
  return SHED_OK;
}
