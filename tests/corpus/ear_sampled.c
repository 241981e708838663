// About this file: the group of sampled instruments. Each note is rendered alone and laid where it belongs; a slurred one has
// its attack cut off and is faded into the one before, as a change of fingering in one breath or bow.
#include "engine/base/alloc.h"
#include "tests/corpus/ear_fonts.h"
#include "tests/corpus/ear_kinds.h"

#include <math.h>

enum { RATE = CORPUS_EAR_RATE_HZ, STEP = CORPUS_EAR_STEP, GLOCKENSPIEL = 9, PIZZICATO = 45 };

static const double PI           = 3.14159265358979323846;
static const double PEAK_DB      = -4;
static const double DETUNE_CENTS = 9;
static const double EARLY_S      = 0.25; // of a tied note's attack, which is not heard
static const double FADE_S[]     = {0.012, 0.035};
static const double DAMP_S[]     = {0.12, 0.50}; // 60 dB once it is let go, of what would ring on
// players and their samples begin some 100 cents low
static const double SETTLE_S       = 0.030;
static const double SETTLE_PERIODS = 1.5;
static const double FLOOR_DB       = -28;

// A phrase being laid.
typedef struct {
  int              program, n;
  bool             dies; // struck or plucked
  corpus_ear_event events[CORPUS_EAR_EVENTS_MAX];
  corpus_ear_slots slots;
  double           fade_s[CORPUS_EAR_EVENTS_MAX + 1]; // into each note that is tied
  double           damp_s;
  corpus_ear_stage stage;
} phrase;

// Of note i, t_s after its first sample, which is `last` s long where it is followed by a slur.
static double
gain_at(const phrase *p, int i, double t_s, bool followed, double last)
{
  double gain  = 1;
  double in_s  = p->fade_s[i];
  double out_s = p->fade_s[i + 1];
  if (p->events[i].tied && t_s < in_s) {
    gain *= sin(PI / 2 * t_s / in_s); // the two are not in phase: their powers add up
  }
  if (followed) {
    return t_s > last - out_s ? gain * cos(PI / 2 * (t_s - last + out_s) / out_s) : gain;
  }
  double let_go = t_s - p->events[i].long_s;
  return let_go > 0 && p->program >= 0 ? gain * pow(10, -3 * let_go / p->damp_s) : gain;
}

static void
lay(phrase *p, int i)
{
  const corpus_ear_event *e        = &p->events[i];
  bool                    followed = i + 1 < p->n && e[1].tied;
  double                  lead     = e->tied ? p->fade_s[i] / 2 : 0;
  double                  skip     = e->tied ? EARLY_S - lead : 0;
  double                  last     = e->long_s + lead + p->fade_s[i + 1] / 2;
  double                  whole    = (double)p->slots.n[i] / RATE - skip;
  int                     from     = p->slots.at[i] + (int)(skip * RATE);
  int                     end      = p->slots.at[i] + p->slots.n[i];
  corpus_ear_part        *part =
      corpus_ear_part_new(&p->stage, e->at_s - lead, followed ? last : whole, p->program >= 0);
  for (int k = 0; part && k < part->n; k++) {
    double x   = from + k < end ? (double)p->slots.x[from + k] : 0;
    part->x[k] = (float)(x * gain_at(p, i, (double)k / RATE, followed, last));
  }
  for (int k = 0; part && part->hz && k <= part->n / STEP; k++) {
    part->hz[k] = (float)corpus_ear_hz(e->midi);
  }
  if (part) {
    part->n_notes  = 1;
    part->tied     = e->tied;
    part->at_s[0]  = e->at_s;
    part->floor_db = FLOOR_DB;
    // a small bell's second partial, 2.7 times the first, is the louder; pizzicato is a whole section
    part->argued   = p->slots.rings[i] || p->program == GLOCKENSPIEL || p->program == PIZZICATO;
    part->settle_s = p->dies || e->tied ? 0 : SETTLE_S + SETTLE_PERIODS / corpus_ear_hz(e->midi);
  }
}

shed_status
corpus_ear_sampled(const corpus_ear_item *item, const corpus_ear_row *row, corpus_ear_sound *out,
                   shed_error *err)
{
  phrase           *p = shed_calloc(NULL, 1, sizeof(*p));
  corpus_ear_melody m = {row->style, row->low, row->high, row->slurs, DETUNE_CENTS, row->seconds};
  shed_rng          rng;
  if (!p) {
    return shed_fail(err, SHED_E_NOMEM, item->name, "%s", shed_status_text(SHED_E_NOMEM));
  }
  shed_rng_seed(&rng, item->seed, 0x5a3u);
  p->program = row->made;
  p->dies =
      row->kind == CORPUS_EAR_STRUCK || row->kind == CORPUS_EAR_PLUCKED || row->kind == CORPUS_EAR_PERCUSSION;
  p->n      = corpus_ear_compose(&m, &rng, p->events);
  p->damp_s = corpus_ear_between(&rng, DAMP_S[0], DAMP_S[1]);
  for (int i = 0; i <= p->n; i++) {
    p->fade_s[i] = corpus_ear_between(&rng, FADE_S[0], FADE_S[1]);
  }
  shed_status st =
      corpus_ear_slots_render(item->half, row->made, p->events, p->n, EARLY_S, &rng, &p->slots, err);
  for (int i = 0; st == SHED_OK && i < p->n; i++) {
    lay(p, i);
  }
  shed_free(NULL, p->slots.x);
  if (st == SHED_OK) {
    st = corpus_ear_mix(&p->stage, row->seconds, PEAK_DB, out);
    st = st == SHED_OK ? st : shed_fail(err, st, item->name, "%s", shed_status_text(st));
  }
  shed_free(NULL, p);
  return st;
}
