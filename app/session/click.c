#include "app/session/click.h"

#include "engine/base/str.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// A click reaches the microphone late by the way through loudspeaker and room, the same each time.
static const double MOST_LAG_S  = 0.120;
static const double SPREAD_S    = 0.015; // about the onset's own uncertainty
static const double NOTE_NEAR_S = 0.050; // a pitched note that begins here keeps its onset
static const double LEAST_SHARE = 0.5;   // of the clicks must be heard

shed_status
shed_click_parse(const char *text, shed_click *out, shed_error *err)
{
  char        bpm[32];
  shed_click  click;
  const char *at = strchr(text, '@');
  size_t      n  = at ? (size_t)(at - text) : 0;
  if (n > 0 && n < sizeof(bpm)) {
    memcpy(bpm, text, n);
    bpm[n] = '\0';
    if (shed_parse_double(bpm, 10, 400, &click.bpm) && shed_parse_double(at + 1, 0, 36000, &click.start_s)) {
      *out = click;
      return SHED_OK;
    }
  }
  return shed_fail(err, SHED_E_FORMAT, "--click",
                   "\"%s\": BPM@START_S is needed, such as 96@0.5 (10 to 400 clicks a minute)", text);
}

// How late the moment is behind the click before it.
static double
lag_of(const shed_click *click, double time_s)
{
  double period = 60 / click->bpm;
  double since  = time_s - click->start_s;
  return since < -SPREAD_S ? HUGE_VAL : since - period * floor((since + SPREAD_S) / period);
}

static int
by_value(const void *a, const void *b)
{
  double x = *(const double *)a;
  double y = *(const double *)b;
  return (x > y) - (x < y);
}

// The lag that most onsets share, and how many share it.
static double
common_lag(const shed_take *take, const shed_click *click, size_t *count)
{
  double *lags = shed_calloc(take->alloc, take->n_onsets, sizeof(*lags));
  size_t  n    = 0;
  double  best = NAN;
  *count       = 0;
  for (size_t i = 0; lags && i < take->n_onsets; i++) {
    double lag = lag_of(click, (double)take->onsets[i].time_s);
    if (lag <= MOST_LAG_S) {
      lags[n++] = lag;
    }
  }
  if (lags) {
    qsort(lags, n, sizeof(*lags), by_value);
  }
  for (size_t from = 0, to = 0; from < n; from++) {
    while (to < n && lags[to] - lags[from] <= 2 * SPREAD_S) {
      to++;
    }
    if (to - from > *count) {
      *count = to - from;
      best   = lags[from + (to - from) / 2];
    }
  }
  shed_free(take->alloc, lags);
  return best;
}

static bool
begins_a_note(const shed_take *take, double time_s)
{
  for (size_t i = 0; i < take->n_notes; i++) {
    if (take->notes[i].midi >= 0 && fabs((double)take->notes[i].onset_s - time_s) <= NOTE_NEAR_S) {
      return true;
    }
  }
  return false;
}

size_t
shed_click_remove(shed_take *take, const shed_click *click)
{
  size_t heard;
  double lag    = common_lag(take, click, &heard);
  double clicks = floor((take->duration_s - click->start_s) * click->bpm / 60) + 1;
  if (isnan(lag) || clicks < 2 || (double)heard < LEAST_SHARE * clicks) {
    return 0;
  }
  size_t kept = 0;
  for (size_t i = 0; i < take->n_onsets; i++) {
    double t    = (double)take->onsets[i].time_s;
    bool   tick = fabs(lag_of(click, t) - lag) <= SPREAD_S && !begins_a_note(take, t);
    if (!tick) {
      take->onsets[kept++] = take->onsets[i];
    }
  }
  size_t removed = take->n_onsets - kept;
  take->n_onsets = kept;
  kept           = 0;
  for (size_t i = 0; i < take->n_notes; i++) {
    double t    = (double)take->notes[i].onset_s;
    bool   tick = take->notes[i].midi < 0 && fabs(lag_of(click, t) - lag) <= SPREAD_S;
    if (!tick) {
      take->notes[kept++] = take->notes[i];
    }
  }
  take->n_notes = kept;
  return removed;
}
