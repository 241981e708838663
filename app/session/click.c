#include "app/session/click.h"

#include "app/session/count.h"
#include "engine/base/str.h"

#include <math.h>
#include <string.h>

static const double BPM_LEAST = 10, BPM_MOST = 400, START_MOST_S = 36000;

shed_status
shed_click_parse(const char *text, shed_hear_click *out, shed_error *err)
{
  char        bpm_text[32];
  double      bpm, start_s;
  const char *at = strchr(text, '@');
  size_t      n  = at ? (size_t)(at - text) : 0;
  if (n > 0 && n < sizeof(bpm_text)) {
    memcpy(bpm_text, text, n);
    bpm_text[n] = '\0';
    if (shed_parse_double(bpm_text, BPM_LEAST, BPM_MOST, &bpm) &&
        shed_parse_double(at + 1, 0, START_MOST_S, &start_s)) {
      *out = (shed_hear_click){.first_s = start_s, .period_s = 60 / bpm};
      return SHED_OK;
    }
  }
  return shed_fail(err, SHED_E_FORMAT, "--click",
                   "\"%s\": BPM@START_S is needed, such as 96@0.5 (10 to 400 clicks a minute)", text);
}

shed_hear_click
shed_click_of_prompt(const shed_prompt *prompt)
{
  const shed_count count = shed_count_of(prompt);
  bool             known = prompt->a_click && isfinite(prompt->click_start_s) && count.counted &&
               count.beat_s >= SHED_HEAR_CLICK_PERIOD_MIN_S;
  return known ? (shed_hear_click){.first_s = prompt->click_start_s, .period_s = count.beat_s}
               : (shed_hear_click){.period_s = 0};
}
