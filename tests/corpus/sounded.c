// About this file: a performance as sound: by FluidSynth, whose font's own mistuning is taken off, or by exact synthesis.
#include "engine/audio/render.h"
#include "engine/base/str.h"
#include "tests/corpus/perform.h"

#include <math.h>

static const double PEAK            = 0.708; // -3 dBFS
static const double TAIL_S          = 0.8;
static const double SLUR_GAP_S      = 0.080; // a shorter gap is sung over
static const double SLIDE_S         = 0.070;
static const double VIBRATO_FROM_S  = 0.45; // shorter notes are sung straight
static const double VIBRATO_DELAY_S = 0.25;
static const double VIBRATO_HZ      = 5.6;
static const double VIBRATO_CENTS   = 30;
static const double LEVEL_DB        = -20; // of velocity 84
static const double DB_A_VELOCITY   = 0.25;
static const double BEND_MOST       = 200;
enum { HAND_CLAP = 39, VELOCITY = 84 };

static const struct {
  short program, midi;
  float cents;
} FONT_CENTS[] = {
#define CORPUS_FONT_CENTS(program, midi, cents) {program, midi, cents},
#include "tests/corpus/font_cents.def"
#undef CORPUS_FONT_CENTS
    {-1, -1, 0}};

double
corpus_font_cents(int program, int midi, double long_s)
{
  (void)long_s;
  for (size_t i = 0; i < SHED_COUNTOF(FONT_CENTS); i++) {
    if (FONT_CENTS[i].program == program && FONT_CENTS[i].midi == midi) {
      return (double)FONT_CENTS[i].cents;
    }
  }
  return 0;
}

void
corpus_normalise(shed_sound *s, double peak)
{
  float most = 0;
  for (size_t i = 0; i < s->n; i++) {
    most = fmaxf(most, fabsf(s->x[i]));
  }
  for (size_t i = 0; i < s->n && most > 0; i++) {
    s->x[i] *= (float)peak / most;
  }
}

// An unpitched tune on a pitched instrument sounds in the middle of its range.
static int
midi_of(const corpus_played *k, const corpus_instrument *ins)
{
  return k->midi > 0 ? k->midi : (ins->low + ins->high) / 2;
}

shed_status
corpus_render_font(const corpus_performance *p, const corpus_instrument *instrument, const char *font,
                   corpus_font_mistuning *own_cents, int rate_hz, const shed_alloc *alloc, shed_sound *out,
                   shed_error *err)
{
  static const shed_render_note none  = {0};
  shed_render_note             *notes = shed_calloc(alloc, p->n + 1, sizeof(*notes));
  shed_render_opts              opts  = {.soundfont = font, .rate_hz = rate_hz, .tail_s = TAIL_S};
  if (!notes) {
    return shed_fail(err, SHED_E_NOMEM, NULL, "%s", shed_status_text(SHED_E_NOMEM));
  }
  for (size_t i = 0; i < p->n; i++) {
    const corpus_played *k = &p->played[i];
    shed_render_note    *r = &notes[i];
    *r                     = none;
    r->onset_s             = k->onset_s;
    r->duration_s          = k->duration_s;
    r->velocity            = k->velocity;
    r->percussion          = instrument->program < 0;
    r->midi                = r->percussion ? HAND_CLAP : midi_of(k, instrument);
    r->program             = instrument->program;
    double cents = r->percussion ? 0 : k->cents - own_cents(instrument->program, r->midi, k->duration_s);
    r->cents     = fmax(-BEND_MOST, fmin(BEND_MOST, cents));
  }
  shed_status st = shed_render_notes(notes, p->n, &opts, alloc, out, err);
  shed_free(alloc, notes);
  if (st == SHED_OK) {
    corpus_normalise(out, PEAK);
  }
  return st;
}

static double
in_tune(int program, int midi, double long_s)
{
  (void)program;
  (void)midi;
  (void)long_s;
  return 0;
}

shed_status
corpus_render(const corpus_performance *p, const corpus_instrument *instrument, int rate_hz,
              const shed_alloc *alloc, shed_sound *out, shed_error *err)
{
  char font[256];
  bool usual =
      shed_render_soundfont(font, sizeof(font), NULL) == SHED_OK && shed_ends_with(font, "/TimGM6mb.sf2");
  return corpus_render_font(p, instrument, NULL, usual ? corpus_font_cents : in_tune, rate_hz, alloc, out,
                            err);
}

static corpus_tone
tone_of(const corpus_performance *p, size_t i, const corpus_instrument *ins)
{
  const corpus_played *k = &p->played[i];
  corpus_tone          t = {.timbre          = ins->timbre,
                            .onset_s         = k->onset_s,
                            .duration_s      = k->duration_s,
                            .midi            = midi_of(k, ins) + k->cents / 100,
                            .glide_semitones = -k->sink_cents / 100,
                            .level_db        = LEVEL_DB + (k->velocity - VELOCITY) * DB_A_VELOCITY};
  if (!ins->sung) {
    return t;
  }
  if (i > 0) {
    const corpus_played *before = &p->played[i - 1];
    if (k->onset_s - before->onset_s - before->duration_s < SLUR_GAP_S) {
      t.from_midi    = midi_of(before, ins) + before->cents / 100;
      t.portamento_s = SLIDE_S;
    }
  }
  if (k->duration_s > VIBRATO_FROM_S) {
    t.vibrato_hz      = VIBRATO_HZ;
    t.vibrato_cents   = VIBRATO_CENTS;
    t.vibrato_delay_s = VIBRATO_DELAY_S;
  }
  return t;
}

shed_status
corpus_render_exact(const corpus_performance *p, const corpus_instrument *instrument, int rate_hz,
                    uint64_t seed, const shed_alloc *alloc, shed_sound *out)
{
  corpus_tone *tones = shed_calloc(alloc, p->n + 1, sizeof(*tones));
  if (!tones) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < p->n; i++) {
    tones[i] = tone_of(p, i, instrument);
  }
  shed_status st = corpus_synth(tones, p->n, rate_hz, p->length_s, seed, alloc, out);
  shed_free(alloc, tones);
  if (st == SHED_OK) {
    corpus_normalise(out, PEAK);
  }
  return st;
}
