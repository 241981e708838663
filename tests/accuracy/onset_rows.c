// About this file: an item is heard by us and by aubio, and held against its truth.
#include "tests/accuracy/onset_rows.h"

#include "engine/hear/hear.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double CLICK_NEAR_S = 0.050;
static const double SAME_PITCH   = 0.5;

int
onset_truth(const corpus_ear_sound *s, match_note out[ONSET_NOTES_MAX])
{
  int n = 0;
  for (int i = 0; i < s->n_notes && n < ONSET_NOTES_MAX; i++, n++) {
    const corpus_ear_note *c = &s->notes[i];
    out[n]          = (match_note){c->onset_s, c->offset_s, match_midi_of(c->f0_hz), .slurred = c->slurred};
    out[n].repeated = n > 0 && fabs(out[n].midi - out[n - 1].midi) < SAME_PITCH;
  }
  return n;
}

static bool
near_any(double t, const match_note *notes, int n, double within)
{
  for (int i = 0; i < n; i++) {
    if (fabs(notes[i].onset_s - t) <= within) {
      return true;
    }
  }
  return false;
}

// Clicks that stand apart from every note, and how many of them somebody calls an onset.
static void
count_clicks(const corpus_ear_sound *s, const match_note *truth, int n, const double *found, int m,
             onset_row *row)
{
  double end_s  = (double)s->n / CORPUS_EAR_RATE_HZ;
  int    clicks = s->click_period_s > 0 ? (int)ceil((end_s - s->click_first_s) / s->click_period_s) : 0;
  for (int i = 0; i < clicks; i++) {
    double t = s->click_first_s + i * s->click_period_s;
    if (near_any(t, truth, n, 2 * CLICK_NEAR_S)) {
      continue;
    }
    row->clicks++;
    for (int j = 0; j < m; j++) {
      if (fabs(found[j] - t) <= CLICK_NEAR_S) {
        row->clicks_told++;
        break;
      }
    }
  }
}

static void
count_sure(const double *sure, int m, const int *of, int n, reliability *to)
{
  bool right[ONSET_FOUND_MAX] = {false};
  for (int i = 0; i < n; i++) {
    if (of[i] >= 0) {
      right[of[i]] = true;
    }
  }
  for (int j = 0; j < m; j++) {
    reliability_add(to, sure[j], right[j]);
  }
}

static bool
hear(const corpus_ear_sound *s, const char *name, shed_take *take)
{
  shed_error err = {0};
  if (shed_hear_take(s->x, (size_t)s->n, CORPUS_EAR_RATE_HZ, NULL, NULL, NULL, take, &err) != SHED_OK) {
    printf("%s: %s\n", name, err.what);
    return false;
  }
  return true;
}

bool
onset_row_hear(const corpus_ear_sound *s, onset_row *row)
{
  static match_note truth[ONSET_NOTES_MAX], notes[ONSET_FOUND_MAX];
  static double     times[ONSET_FOUND_MAX], sure[ONSET_FOUND_MAX], onsets[ONSET_NOTES_MAX];
  static int        of[ONSET_NOTES_MAX];
  shed_take         take = {0};
  if (!hear(s, row->item.name, &take)) {
    return false;
  }
  int n        = onset_truth(s, truth);
  int m        = match_onsets_of(&take, times, sure, ONSET_FOUND_MAX);
  row->seconds = (double)s->n / CORPUS_EAR_RATE_HZ;
  row->own     = match_score_onsets(truth, n, times, m);
  match_lateness(truth, n, times, m, &row->late_s);
  count_clicks(s, truth, n, times, m, row);
  for (int i = 0; i < n; i++) {
    onsets[i] = truth[i].onset_s;
  }
  match_times(onsets, n, times, m, MATCH_TOLERANCE_S[MATCH_50], of);
  count_sure(sure, m, of, n, &row->onset_sure);

  int k      = match_notes_of(&take, notes, ONSET_FOUND_MAX);
  row->notes = match_score_notes(truth, n, notes, k);
  match_notes(truth, n, notes, k, false, of);
  for (int j = 0; j < k; j++) {
    sure[j] = notes[j].confidence;
    row->strokes += notes[j].midi < 0 && row->item.kind != CORPUS_EAR_PERCUSSION;
  }
  count_sure(sure, k, of, n, &row->note_sure);
  if (row->item.exact_cents) {
    vibrato_counts(s->f0_hz, s->frames, truth, n, notes, of, &row->vibrato);
  }
  shed_take_free(&take);
  return true;
}

void
onset_row_peers(const corpus_ear_sound *s, const onset_thresholds *t, onset_row *row)
{
  static match_note truth[ONSET_NOTES_MAX];
  static double     times[ONSET_FOUND_MAX];
  int               n    = onset_truth(s, truth);
  bool              live = row->item.harm == CORPUS_EAR_LIVE;
  for (int p = 0; p < ONSET_PEERS; p++) {
    double threshold[ONSET_CHOICES] = {t->for_class[p][row->item.kind][live], t->for_all[p]};
    for (int c = 0; c < ONSET_CHOICES; c++) {
      int m = onset_peer_run(p, threshold[c], s->x, s->n, CORPUS_EAR_RATE_HZ, times, ONSET_FOUND_MAX);
      row->peer[p][c] = match_score_onsets(truth, n, times, m);
    }
  }
}

void
onset_row_free(onset_row *row)
{
  numbers_free(&row->late_s);
  numbers_free(&row->vibrato.rate_error_hz);
  numbers_free(&row->vibrato.extent_error_cents);
  reliability_free(&row->onset_sure);
  reliability_free(&row->note_sure);
}

void
onset_row_detail(const corpus_ear_sound *s)
{
  static match_note truth[ONSET_NOTES_MAX];
  shed_take         take = {0};
  int               n    = onset_truth(s, truth);
  if (!hear(s, "item", &take)) {
    return;
  }
  for (int i = 0; i < n; i++) {
    printf("  true %7.3f to %7.3f  %5.2f %s%s\n", truth[i].onset_s, truth[i].offset_s, truth[i].midi,
           truth[i].slurred ? "slurred " : "", truth[i].repeated ? "again" : "");
  }
  for (size_t i = 0; i < take.n_onsets; i++) {
    double t = (double)take.onsets[i].time_s;
    printf("  onset %7.3f  sure %.2f%s\n", t, (double)take.onsets[i].confidence,
           near_any(t, truth, n, MATCH_TOLERANCE_S[MATCH_50]) ? "" : "  no label within 50 ms");
  }
  for (size_t i = 0; i < take.n_notes; i++) {
    const shed_heard_note *h = &take.notes[i];
    printf("  note  %7.3f to %7.3f  %d %+.0f  sure %.2f\n", (double)h->onset_s, (double)h->offset_s, h->midi,
           (double)h->cents, (double)h->confidence);
  }
  shed_take_free(&take);
}
