#include "drills/text.h"

#include <stdio.h>

static void
add_length(shed_str *out, shed_beat b)
{
  static const struct {
    int         num, den;
    const char *sign;
  } parts[]         = {{1, 4, "¼"}, {1, 2, "½"}, {3, 4, "¾"}, {1, 3, "⅓"}, {2, 3, "⅔"}};
  long long   whole = (long long)(b.num / b.den);
  long long   num   = (long long)(b.num % b.den);
  const char *sign  = NULL;
  for (size_t i = 0; i < SHED_COUNTOF(parts); i++) {
    if (num == parts[i].num && b.den == parts[i].den) {
      sign = parts[i].sign;
    }
  }
  if (num == 0) {
    shed_str_addf(out, " %lld", whole);
  } else if (sign && whole > 0) {
    shed_str_addf(out, " %lld%s", whole, sign);
  } else if (sign) {
    shed_str_addf(out, " %s", sign);
  } else {
    shed_str_addf(out, " %lld/%lld", (long long)b.num, (long long)b.den);
  }
}

// A comma before all but the first thing of a measure.
static void
add_thing(shed_str *out, bool *first, const char *name, shed_beat length)
{
  shed_str_addf(out, "%s%s", *first ? "" : ", ", name);
  add_length(out, length);
  *first = false;
}

void
shed_prompt_notes(const shed_prompt *prompt, shed_text_pitch pitch, shed_str *out)
{
  const shed_line *line = &prompt->line;
  shed_beat        now  = shed_beat_of(0, 1); // all before it is told
  size_t           at   = 0;
  for (size_t m = 0; m < line->n_measures; m++) {
    shed_beat end   = shed_beat_add(line->measures[m].start_beats, line->measures[m].length_beats);
    bool      first = true;
    shed_str_add(out, m ? " | " : "");
    for (; at < line->n_notes && shed_beat_cmp(line->notes[at].onset_beats, end) < 0; at++) {
      const shed_sounding_note *n        = &line->notes[at];
      char                      name[16] = "x";
      if (shed_beat_cmp(n->onset_beats, now) > 0) {
        add_thing(out, &first, "rest", shed_beat_sub(n->onset_beats, now));
      }
      if (n->pitched) {
        shed_pitch_name(pitch == SHED_TEXT_WRITTEN ? n->written : n->sounding, name, sizeof(name));
      }
      add_thing(out, &first, name, n->duration_beats);
      now = shed_beat_add(n->onset_beats, n->duration_beats);
    }
    if (shed_beat_cmp(now, end) < 0) {
      add_thing(out, &first, "rest", shed_beat_sub(end, now));
      now = end;
    }
    shed_str_add(out, first ? "…" : ""); // nothing begins here: the note before goes on
  }
}
