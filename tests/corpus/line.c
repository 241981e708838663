// About this file: a tune as the line that a judge is given, and as ABC.
#include "tests/corpus/tune.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// Quarters in a bar.
static shed_beat
bar_length(const corpus_tune *t)
{
  return shed_beat_of(4 * t->beats, t->beat_type);
}

// The bar that a moment lies in (0 is the pickup, or the first bar without one) and the place in it.
static int
bar_of(const corpus_tune *t, shed_beat at, shed_beat *start)
{
  shed_beat zero = shed_beat_of(0, 1);
  shed_beat next = shed_beat_cmp(t->pickup, zero) > 0 ? t->pickup : bar_length(t);
  int       bar  = 0;
  *start         = zero;
  while (shed_beat_cmp(at, next) >= 0) {
    *start = next;
    next   = shed_beat_add(next, bar_length(t));
    bar++;
  }
  return bar;
}

static void
fill_measure(const corpus_tune *t, shed_sounding_measure *m, int index, shed_beat start, double bpm)
{
  bool pickup = shed_beat_cmp(t->pickup, shed_beat_of(0, 1)) > 0;
  (void)snprintf(m->number, sizeof(m->number), "%d", pickup ? index : index + 1);
  m->pass         = 1;
  m->start_beats  = start;
  m->pickup       = pickup && index == 0;
  m->length_beats = m->pickup ? t->pickup : bar_length(t);
  m->beats        = t->beats;
  m->beat_type    = t->beat_type;
  m->fifths       = t->fifths;
  m->start_s      = shed_beat_quarters(start) * 60 / bpm;
}

static void
fill_note(const corpus_tune *t, size_t i, double bpm, shed_line *line)
{
  const corpus_tune_note *k = &t->notes[i];
  shed_sounding_note     *s = &line->notes[i];
  shed_beat               start;
  s->index                       = (int)i;
  s->measure_index               = bar_of(t, k->onset, &start);
  const shed_sounding_measure *m = &line->measures[s->measure_index];
  double into_bar                = shed_beat_quarters(shed_beat_sub(k->onset, start)) * t->beat_type / 4;
  double missing =
      m->pickup ? shed_beat_quarters(shed_beat_sub(bar_length(t), t->pickup)) * t->beat_type / 4 : 0;
  (void)snprintf(s->id, sizeof(s->id), "n%zu", i + 1);
  (void)snprintf(s->measure, sizeof(s->measure), "%s", m->number);
  (void)snprintf(s->voice, sizeof(s->voice), "1");
  s->pass           = 1;
  s->beat           = 1 + missing + into_bar;
  s->pitched        = k->pitched;
  s->midi           = k->midi;
  s->sounding       = k->pitch;
  s->written        = k->pitch;
  s->onset_beats    = k->onset;
  s->duration_beats = k->duration;
  s->onset_s        = shed_beat_quarters(k->onset) * 60 / bpm;
  s->duration_s     = shed_beat_quarters(k->duration) * 60 / bpm;
  s->staff          = 1;
}

shed_status
corpus_tune_line(const corpus_tune *t, double bpm, const shed_alloc *alloc, shed_line *out)
{
  shed_line line = {.alloc        = alloc,
                    .tempo_bpm    = bpm,
                    .tempo_marks  = 1,
                    .length_s     = shed_beat_quarters(t->length) * 60 / bpm,
                    .length_beats = t->length,
                    .swing        = 1};
  shed_beat start;
  shed_beat last  = t->n ? t->notes[t->n - 1].onset : shed_beat_of(0, 1);
  line.n_measures = (size_t)bar_of(t, last, &start) + 1;
  line.n_notes    = t->n;
  line.notes      = shed_calloc(alloc, t->n + 1, sizeof(*line.notes));
  line.measures   = shed_calloc(alloc, line.n_measures, sizeof(*line.measures));
  if (!line.notes || !line.measures) {
    corpus_line_free(&line);
    return SHED_E_NOMEM;
  }
  shed_beat at = shed_beat_of(0, 1);
  for (size_t i = 0; i < line.n_measures; i++) {
    fill_measure(t, &line.measures[i], (int)i, at, bpm);
    at = shed_beat_add(at, line.measures[i].length_beats);
  }
  for (size_t i = 0; i < t->n; i++) {
    fill_note(t, i, bpm, &line);
  }
  *out = line;
  return SHED_OK;
}

void
corpus_line_free(shed_line *line)
{
  shed_free(line->alloc, line->notes);
  shed_free(line->alloc, line->measures);
  shed_free(line->alloc, line->warnings);
  memset(line, 0, sizeof(*line));
}

// -- from a line ------------------------------------------------------------------------------------------------------

enum {
  TICKS = 9600
}; // of a quarter: a third of a sixteenth is exact, a tempo mark's rounding far under a millisecond
static const double GRACE_S = 0.070;

static shed_beat
ticks(double seconds, double bpm)
{
  return shed_beat_of((int64_t)llrint(seconds * bpm / 60 * TICKS), TICKS);
}

shed_status
corpus_tune_of_line(const shed_line *line, double bpm, corpus_tune *out, shed_error *err)
{
  corpus_tune t = {.beats = 4, .beat_type = 4, .pickup = shed_beat_of(0, 1)};
  (void)snprintf(t.id, sizeof(t.id), "line");
  if (line->n_notes == 0 || line->n_notes > CORPUS_NOTES_MAX) {
    return shed_fail(err, line->n_notes ? SHED_E_LIMIT : SHED_E_RANGE, NULL,
                     "%zu notes; from 1 to %d can be played", line->n_notes, CORPUS_NOTES_MAX);
  }
  double end = line->length_s;
  for (; t.n < line->n_notes; t.n++) {
    const shed_sounding_note *s     = &line->notes[t.n];
    bool                      grace = (s->flags & SHED_NOTE_GRACE) != 0;
    double                    onset = s->onset_s - (grace && s->onset_s >= GRACE_S ? GRACE_S : 0);
    if (!(onset >= 0 && onset < 1e5) || !(s->duration_s >= 0 && s->duration_s < 1e5)) {
      return shed_fail(err, SHED_E_RANGE, s->id, "at %g s for %g s cannot be played", s->onset_s,
                       s->duration_s);
    }
    t.notes[t.n] = (corpus_tune_note){.pitched  = s->pitched,
                                      .pitch    = s->sounding,
                                      .midi     = s->pitched ? s->midi : 0,
                                      .onset    = ticks(onset, bpm),
                                      .duration = ticks(grace ? GRACE_S : s->duration_s, bpm)};
    end          = fmax(end, s->onset_s + s->duration_s);
  }
  if (line->n_measures > 0) {
    const shed_sounding_measure *m = &line->measures[0];
    t.beats                        = m->beats > 0 ? m->beats : 4;
    t.beat_type                    = m->beat_type > 0 ? m->beat_type : 4;
    t.fifths                       = m->fifths;
    t.pickup                       = m->pickup ? m->length_beats : t.pickup;
  }
  t.length = ticks(end, bpm);
  *out     = t;
  return SHED_OK;
}

// -- ABC ------------------------------------------------------------------------------------------------------------

// Every note carries its accidental: so the key signature and earlier accidentals of a bar never matter.
static void
abc_pitch(const corpus_tune_note *k, shed_str *out)
{
  static const char *const accidentals[] = {"___", "__", "_", "=", "^", "^^", "^^^"};
  shed_pitch               p             = k->pitched ? k->pitch : (shed_pitch){6, 0, 4};
  shed_str_add(out, accidentals[p.alter + 3]);
  shed_str_addf(out, "%c", (p.octave >= 5 ? "cdefgab" : "CDEFGAB")[p.step]);
  for (int o = p.octave; o > 5; o--) {
    shed_str_add(out, "'");
  }
  for (int o = p.octave; o < 4; o++) {
    shed_str_add(out, ",");
  }
}

static void
abc_length(shed_beat length, shed_str *out)
{
  if (length.den == 1) {
    shed_str_addf(out, "%lld", (long long)length.num);
  } else {
    shed_str_addf(out, "%lld/%lld", (long long)length.num, (long long)length.den);
  }
}

void
corpus_tune_abc(const corpus_tune *t, double bpm, shed_str *out)
{
  static const char *const keys[] = {"Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C",
                                     "G",  "D",  "A",  "E",  "B",  "F#", "C#"};
  char                     tempo[24];
  shed_beat                at  = shed_beat_of(0, 1);
  int                      bar = 0;
  (void)shed_format_double(tempo, sizeof(tempo), bpm, 3);
  shed_str_addf(out, "X:1\nT:%s\nM:%d/%d\nL:1/4\nQ:1/4=%s\nK:%s\n", t->title, t->beats, t->beat_type, tempo,
                keys[t->fifths + 7]);
  for (size_t i = 0; i <= t->n; i++) {
    shed_beat onset = i < t->n ? t->notes[i].onset : t->length;
    shed_beat start;
    while (shed_beat_cmp(at, onset) < 0) { // a rest, cut at barlines
      shed_beat end  = onset;
      int       here = bar_of(t, at, &start);
      shed_beat line = shed_beat_add(
          start, here == 0 && shed_beat_cmp(t->pickup, shed_beat_of(0, 1)) > 0 ? t->pickup : bar_length(t));
      end = shed_beat_cmp(line, end) < 0 ? line : end;
      shed_str_add(out, here > bar ? " | z" : " z");
      bar = here;
      abc_length(shed_beat_sub(end, at), out);
      at = end;
    }
    if (i < t->n) {
      int here = bar_of(t, onset, &start);
      shed_str_add(out, here > bar ? " | " : " ");
      bar = here;
      abc_pitch(&t->notes[i], out);
      abc_length(t->notes[i].duration, out);
      at = shed_beat_add(onset, t->notes[i].duration);
    }
  }
  shed_str_add(out, " |]\n");
}
