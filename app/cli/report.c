// About this file: the order of a report. Title, scores, the notes bar by bar, what happened between them, tuning and
// tempo, what the recording was like, and last the one thing to mend.
#include "app/cli/report.h"

#include "app/cli/report_style.h"
#include "assessors/targets.h"
#include "engine/music/profile.h"
#include "mastery/model/gate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
  LEAST_COLUMNS = 40,
  USUAL_COLUMNS = 80,
  BAR_COLUMN    = 16,
  MOST_BAR      = 24,
  LEAST_BAR     = 8,
  MOST_EXTRAS   = 8,
  BAR_REST      = 46 // what stands behind a bar: " 82 %  asked 90 %  reached  (92 % judged)"
};

static const double CENTS_IN_TUNE = 1.0; // nearer than this is on the note

static void
write_title(shed_report *r)
{
  shed_profile profile;
  const char  *title = r->prompt->title[0] ? r->prompt->title : r->prompt->id;
  bool known = r->prompt->profile[0] && shed_profile_find(r->prompt->profile, &profile, NULL) == SHED_OK;
  bool moved = false;
  for (size_t i = 0; i < r->prompt->line.n_notes; i++) {
    const shed_sounding_note *n = &r->prompt->line.notes[i];
    moved                       = moved || (n->pitched && shed_pitch_midi(n->written) != n->midi);
  }
  shed_report_start(r, 0, 0);
  shed_report_word(r, title, SHED_COLOUR_BOLD);
  shed_report_end(r);
  if (!known && !r->prompt->part[0] && !moved && !r->v->policy_id[0]) {
    return;
  }
  shed_report_start(r, 0, 0);
  if (known) {
    shed_report_textf(r, "%s.", profile.name);
  }
  if (r->prompt->part[0]) {
    shed_report_textf(r, "Part %s.", r->prompt->part);
  }
  if (moved) {
    shed_report_text(r, r->opts.concert ? "Notes as they sound." : "Notes as the player reads them.");
  }
  if (r->v->policy_id[0]) {
    shed_report_textf(r, "Judged by %s.", r->v->policy_id);
  }
  shed_report_end(r);
}

static double
target_of(const shed_report *r, const char *dimension)
{
  for (int i = 0; i < r->prompt->n_targets; i++) {
    if (strcmp(r->prompt->targets[i].dimension, dimension) == 0) {
      return r->prompt->targets[i].score;
    }
  }
  return (double)NAN;
}

// Filled up to the score; the target stands as an upright.
static void
write_bar(shed_report *r, double score, double target)
{
  int width  = r->opts.columns - BAR_COLUMN - BAR_REST;
  width      = width < LEAST_BAR ? LEAST_BAR : width > MOST_BAR ? MOST_BAR : width;
  int filled = isnan(score) ? 0 : (int)lround(score * width);
  int mark   = isnan(target) ? -1 : (int)ceil(target * width) - 1;
  for (int i = 0; i < width; i++) {
    const char *cell   = r->opts.utf8 ? "░" : "-";
    shed_colour colour = SHED_COLOUR_GREY;
    if (isnan(score)) {
      cell = r->opts.utf8 ? "·" : ".";
    } else if (i < filled) {
      cell   = r->opts.utf8 ? "█" : "#";
      colour = SHED_COLOUR_NONE;
    }
    if (i == mark) {
      cell   = r->opts.utf8 ? "┃" : "|";
      colour = SHED_COLOUR_NONE;
    }
    shed_report_word(r, cell, colour);
  }
}

// Notes that count, for the misses that a target allows.
static int
judged_notes(const shed_report *r)
{
  int n = 0;
  for (size_t i = 0; i < r->v->n_notes; i++) {
    n += !isnan(r->v->notes[i].credit);
  }
  return n;
}

static void
write_score(shed_report *r, const char *name, double score, double target, double assessed, double value,
            const char *unit)
{
  char text[64], head[40];
  (void)snprintf(head, sizeof(head), "%c%s", name[0] >= 'a' && name[0] <= 'z' ? name[0] - 32 : name[0],
                 name + 1);
  shed_report_start(r, 2, BAR_COLUMN);
  shed_report_word(r, head, SHED_COLOUR_NONE);
  shed_report_tab(r, BAR_COLUMN);
  write_bar(r, score, target);
  if (isnan(score)) {
    shed_report_word(r, " ", SHED_COLOUR_NONE);
    shed_report_word(r, shed_sign_text(r, SHED_SIGN_none), SHED_COLOUR_GREY);
    shed_report_text(r, " not assessed");
    shed_report_end(r);
    return;
  }
  (void)snprintf(text, sizeof(text), " %3.0f %%", floor(100 * score + 1e-9));
  shed_report_word(r, text, SHED_COLOUR_NONE);
  if (!isnan(value) && unit[0]) {
    char number[32];
    (void)shed_format_double(number, sizeof(number), value, 1);
    (void)snprintf(text, sizeof(text), "  %s %s", number, unit);
    shed_report_word(r, text, SHED_COLOUR_NONE);
  }
  if (!isnan(target)) {
    bool reached      = shed_gate_reaches(score, target, shed_target_notes(r->prompt, name, judged_notes(r)));
    const char *arrow = r->opts.utf8 ? "→" : "->";
    const char *how   = score + 1e-9 >= target ? " reached" : " reached (slip allowed)";
    (void)snprintf(text, sizeof(text), "  asked %.0f %%  ", 100 * target);
    shed_report_word(r, text, SHED_COLOUR_NONE);
    shed_report_word(r, reached ? shed_sign_text(r, SHED_SIGN_correct) : arrow,
                     reached ? SHED_COLOUR_GREEN : SHED_COLOUR_NONE);
    shed_report_word(r, reached ? how : " not yet", SHED_COLOUR_NONE);
  }
  if (assessed < 0.995) {
    (void)snprintf(text, sizeof(text), "  (%.0f %% judged)", floor(100 * assessed));
    shed_report_word(r, text, SHED_COLOUR_NONE);
  }
  shed_report_end(r);
}

static void
write_scores(shed_report *r)
{
  shed_str_add(r->out, "\n");
  write_score(r, "overall", r->v->score, (double)NAN, r->v->assessed, (double)NAN, "");
  for (int i = 0; i < r->v->n_dimensions; i++) {
    const shed_dimension *d = &r->v->dimensions[i];
    // of an echo only the tempo's ratio to the reference is known, told below
    bool plain = shed_report_is_echo(r) && strcmp(d->unit, "bpm") == 0;
    write_score(r, d->name, d->score, target_of(r, d->name), isnan(d->assessed) ? 1 : d->assessed,
                plain ? (double)NAN : d->value, d->unit);
  }
  if (r->prompt->n_targets > 0) {
    static const char *const sentences[] = {
        "Not assessed: too little was heard to say whether the targets are reached.",
        "Not every target is reached yet.", "Every target is reached."};
    shed_report_start(r, 2, 2);
    shed_report_text(r, sentences[r->v->passed + 1]);
    shed_report_end(r);
  }
}

static void
write_extras(shed_report *r)
{
  const shed_verdict *v = r->v;
  if (v->n_extras == 0) {
    return;
  }
  shed_report_head(r, "Heard, not written");
  shed_report_start(r, 2, 6);
  shed_report_word(r, shed_sign_text(r, SHED_SIGN_extra), shed_sign_colour(SHED_SIGN_extra));
  shed_report_tab(r, 6);
  for (size_t i = 0; i < v->n_extras && i < MOST_EXTRAS; i++) {
    const shed_sounding_note *near = shed_report_note(r, 0);
    const char               *stop = i + 1 < v->n_extras ? "," : ".";
    char                      name[24];
    for (size_t k = 0; k < v->n_notes; k++) {
      // spelled like the note beside it
      if (v->notes[k].onset_s <= v->extras[i].onset_s && shed_report_note(r, v->notes[k].index)) {
        near = shed_report_note(r, v->notes[k].index);
      }
    }
    if (v->extras[i].midi >= 0 && near && near->pitched) {
      shed_report_note_name(r, near, v->extras[i].midi - 12 * v->octave_shift - v->key_shift, name,
                            sizeof(name));
      shed_report_textf(r, "%s at %.1f s%s", name, v->extras[i].onset_s, stop);
    } else {
      shed_report_textf(r, "%s at %.1f s%s", near && near->pitched ? "a sound" : "a stroke",
                        v->extras[i].onset_s, stop);
    }
  }
  if (v->n_extras > MOST_EXTRAS) {
    shed_report_textf(r, "and %zu more.", v->n_extras - MOST_EXTRAS);
  }
  shed_report_end(r);
}

// A place by index as "bar 3, beat 2" or "note 5"; "the start" or "the end" where there is none.
static const char *
place_name(const shed_report *r, int index, char *buf, size_t size)
{
  const shed_sounding_note *note = shed_report_note(r, index);
  if (!note) {
    return "another place";
  }
  shed_report_place_name(r, note, buf, size);
  return buf;
}

static void
write_skip(shed_report *r, const shed_incident *i, const char *from)
{
  shed_report_textf(r, "%.0f %s left out from %s.", i->amount, i->amount == 1 ? "note was" : "notes were",
                    from);
}

static void
write_early_stop(shed_report *r, const shed_incident *i, const char *from)
{
  (void)i;
  shed_report_textf(r, "The take ends before %s.", from);
}

static void
write_late_start(shed_report *r, const shed_incident *i, const char *from)
{
  char buf[96];
  (void)from;
  shed_report_textf(r, "The take begins after %s.", place_name(r, i->to_index, buf, sizeof(buf)));
}

static void
write_wrong_start(shed_report *r, const shed_incident *i, const char *from)
{
  (void)i;
  shed_report_textf(r, "The take begins at %s, then goes back.", from);
}

static void
write_repeat(shed_report *r, const shed_incident *i, const char *from)
{
  char buf[96];
  shed_report_textf(r, "At %.1f s you played again from %s to %s; the last time counts.", i->at_s,
                    place_name(r, i->to_index, buf, sizeof(buf)), from);
}

static void
write_drift(shed_report *r, const shed_incident *i, const char *from)
{
  (void)from;
  shed_report_textf(r, "The pitch %s by %.0f cents on the way.", i->amount < 0 ? "sinks" : "rises",
                    fabs(i->amount));
}

static void
write_tempo_drift(shed_report *r, const shed_incident *i, const char *from)
{
  (void)from;
  shed_report_textf(r, "The tempo %s by %.0f %% from start to end.", i->amount < 0 ? "rises" : "falls",
                    100 * fabs(i->amount));
}

static void
write_other_key(shed_report *r, const shed_incident *i, const char *from)
{
  (void)from;
  shed_report_textf(r, "All of it sounds %.0f %s %s than written.", fabs(i->amount),
                    fabs(i->amount) == 1 ? "semitone" : "semitones", i->amount < 0 ? "lower" : "higher");
}

// What a later judge may tell besides.
static void
write_other(shed_report *r, const shed_incident *i, const char *from)
{
  shed_report_textf(r, "%s at %s.", i->kind, from);
}

static void
write_incident(shed_report *r, const shed_incident *incident)
{
  static const struct {
    const char *kind;
    void (*write)(shed_report *r, const shed_incident *i, const char *from);
  } kinds[] = {{"skip", write_skip},
               {"early_stop", write_early_stop},
               {"late_start", write_late_start},
               {"repeat", write_repeat},
               {"drift", write_drift},
               {"wrong_start", write_wrong_start},
               {"tempo_drift", write_tempo_drift},
               {"other_key", write_other_key},
               {"other_octave", write_other_key}};
  char        buf[96];
  const char *from = place_name(r, incident->from_index, buf, sizeof(buf));
  shed_report_start(r, 2, 2);
  size_t i = 0;
  while (i < SHED_COUNTOF(kinds) && strcmp(kinds[i].kind, incident->kind) != 0) {
    i++;
  }
  (i < SHED_COUNTOF(kinds) ? kinds[i].write : write_other)(r, incident, from);
  shed_report_end(r);
}

static void
write_happenings(shed_report *r)
{
  const shed_verdict *v = r->v;
  char                a[96], b[96];
  if (v->n_restarts + v->n_hesitations + v->n_incidents == 0) {
    return;
  }
  shed_report_head(r, "On the way");
  for (size_t i = 0; i < v->n_restarts; i++) {
    shed_report_start(r, 2, 2);
    shed_report_textf(r, "At %.1f s you went back from %s to %s.", v->restarts[i].at_s,
                      place_name(r, v->restarts[i].from_index, a, sizeof(a)),
                      place_name(r, v->restarts[i].to_index, b, sizeof(b)));
    shed_report_end(r);
  }
  for (size_t i = 0; i < v->n_hesitations; i++) {
    shed_report_start(r, 2, 2);
    shed_report_textf(r, "A wait of %.1f s before %s.", v->hesitations[i].length_s,
                      place_name(r, v->hesitations[i].before_index, a, sizeof(a)));
    shed_report_end(r);
  }
  for (size_t i = 0; i < v->n_incidents; i++) {
    write_incident(r, &v->incidents[i]);
  }
}

// Beside the score, never instead of it: people who graded such takes differ by as much as the band.
static void
write_jury(shed_report *r)
{
  const shed_jury_estimate *j = &r->v->jury;
  if (j->told && strcmp(r->prompt->kind, "reference") == 0) {
    shed_report_start(r, 2, 2);
    shed_report_textf(r,
                      "Three judges would give it about %.1f of 4: four times in five between %.1f and %.1f.",
                      j->grade, j->low, j->high);
    shed_report_end(r);
  }
}

static void
write_shift(shed_report *r)
{
  const shed_verdict *v     = r->v;
  const char         *asked = shed_report_is_echo(r) ? "the reference" : "written";
  if (v->octave_shift) {
    int n = v->octave_shift < 0 ? -v->octave_shift : v->octave_shift;
    shed_report_textf(r, "Heard %d %s %s than %s.", n, n == 1 ? "octave" : "octaves",
                      v->octave_shift < 0 ? "lower" : "higher", asked);
  }
  if (v->key_shift) {
    int n = v->key_shift < 0 ? -v->key_shift : v->key_shift;
    shed_report_textf(r, "Heard %d %s %s than %s.", n, n == 1 ? "semitone" : "semitones",
                      v->key_shift < 0 ? "lower" : "higher", asked);
  }
}

static void
write_tempo_and_tuning(shed_report *r)
{
  const shed_verdict *v = r->v;
  char                number[32];
  if (isnan(v->tempo_bpm) && isnan(v->tuning_cents) && !v->octave_shift && !v->key_shift) {
    return;
  }
  shed_report_head(r, "Tempo and tuning");
  shed_report_start(r, 2, 2);
  if (!isnan(v->tempo_bpm) && shed_report_is_echo(r)) {
    shed_report_textf(r, "At %.0f %% of the reference's tempo.",
                      100 * v->tempo_bpm / r->prompt->line.tempo_bpm);
  } else if (!isnan(v->tempo_bpm)) {
    shed_report_textf(r, "♩ = %.0f", v->tempo_bpm);
    if (r->prompt->tempo_bpm > 0) {
      shed_report_textf(r, "(asked %.0f).", r->prompt->tempo_bpm);
    } else {
      shed_report_text(r, "(your own).");
    }
  }
  if (v->swing.told && !isnan(v->swing.played)) {
    shed_report_textf(r, "The swing is %.1f : 1.", v->swing.played);
  }
  if (!isnan(v->tuning_cents)) {
    double a4 = r->prompt->a4_hz > 0 ? r->prompt->a4_hz : 440;
    (void)shed_format_double(number, sizeof(number), a4, 1);
    if (fabs(v->tuning_cents) < CENTS_IN_TUNE) {
      shed_report_textf(r, "The whole take is at A = %s Hz.", number);
    } else {
      shed_report_textf(r, "The whole take is %.0f %s %s A = %s Hz.", fabs(v->tuning_cents),
                        fabs(v->tuning_cents) < 1.5 ? "cent" : "cents",
                        v->tuning_cents < 0 ? "below" : "above", number);
    }
  }
  write_shift(r);
  shed_report_end(r);
}

// Advice speaks of bars; an echo has phrases.
static void
say_phrases(shed_str *text)
{
  static const char word[] = "bar";
  shed_str          said   = {0};
  const char       *from   = shed_str_text(text);
  for (const char *at = from; (at = strstr(at, word)) != NULL; at += strlen(word)) {
    const char *end = at + strlen(word);
    bool whole = at > from && at[-1] == ' ' && (*end == ' ' || *end == '.' || *end == ',' || *end == 's');
    if (whole) {
      shed_str_addn(&said, from, (size_t)(at - from));
      shed_str_add(&said, "phrase");
      from = end;
    }
  }
  shed_str_add(&said, from);
  shed_str_free(text);
  *text = said;
}

static void
write_messages(shed_report *r, const char *head, const shed_message *messages, int n)
{
  shed_str text = {0};
  if (n == 0) {
    return;
  }
  if (head) {
    shed_report_head(r, head);
  }
  for (int i = 0; i < n; i++) {
    shed_str_clear(&text);
    shed_message_text(&messages[i], &text);
    if (shed_report_is_echo(r)) {
      say_phrases(&text);
    }
    shed_report_start(r, 2, 2);
    shed_report_text(r, shed_str_text(&text));
    shed_report_end(r);
  }
  shed_str_free(&text);
}

// What the kind of take could show, where it is not sound; then the warnings.
static void
write_recording(shed_report *r)
{
  static const char *const kinds[] = {
      [SHED_TAKE_AUDIO]  = NULL,
      [SHED_TAKE_MIDI]   = "A keyboard performance: it has no tuning and no tone to judge.",
      [SHED_TAKE_F0]     = "A pitch track without sound: loudness is not judged.",
      [SHED_TAKE_NOTES]  = "A list of notes without sound: only what it holds is judged.",
      [SHED_TAKE_ONSETS] = "A list of onsets without sound: only their time is judged.",
  };
  static const char head[] = "About the recording";
  const char       *kind   = r->take ? kinds[r->take->kind] : NULL;
  if (kind) {
    shed_report_head(r, head);
    shed_report_start(r, 2, 2);
    shed_report_text(r, kind);
    shed_report_end(r);
  }
  write_messages(r, kind ? NULL : head, r->v->warnings, r->v->n_warnings);
}

// Which signs are used, in words: only those that occur.
static void
write_key(shed_report *r)
{
  bool used[SHED_SIGN_COUNT] = {false};
  for (size_t i = 0; i < r->v->n_notes; i++) {
    const shed_note_verdict *nv = &r->v->notes[i];
    used[SHED_SIGN_unsure] =
        used[SHED_SIGN_unsure] || nv->pitch == SHED_PITCH_UNSURE || nv->timing == SHED_TIMING_UNSURE;
    used[SHED_SIGN_none] =
        used[SHED_SIGN_none] ||
        (nv->pitch == SHED_PITCH_NONE && nv->timing == SHED_TIMING_NONE && nv->length == SHED_LENGTH_NONE);
  }
  if (!used[SHED_SIGN_unsure] && !used[SHED_SIGN_none]) {
    return;
  }
  shed_report_start(r, 2, 2);
  if (used[SHED_SIGN_unsure]) {
    shed_report_textf(r, "%s not heard clearly.", shed_sign_text(r, SHED_SIGN_unsure));
  }
  if (used[SHED_SIGN_none]) {
    shed_report_textf(r, "%s not assessed: it counts neither for nor against.",
                      shed_sign_text(r, SHED_SIGN_none));
  }
  shed_report_end(r);
}

void
shed_report_write(const shed_verdict *v, const shed_prompt *prompt, const shed_take *take,
                  const shed_report_opts *opts, shed_str *out)
{
  shed_report r  = {.v = v, .prompt = prompt, .take = take, .opts = *opts, .out = out};
  r.opts.columns = opts->columns == 0              ? USUAL_COLUMNS
                   : opts->columns < LEAST_COLUMNS ? LEAST_COLUMNS
                                                   : opts->columns;
  write_title(&r);
  write_scores(&r);
  write_jury(&r);
  if (v->n_notes > 0) {
    shed_report_head(&r, "The notes");
    shed_report_measures(&r);
    write_key(&r);
  }
  shed_report_places(&r);
  write_extras(&r);
  write_happenings(&r);
  write_tempo_and_tuning(&r);
  write_recording(&r);
  // one thing at a time: the document holds what comes after it
  write_messages(&r, "Next", v->advice, v->n_advice > 0 ? 1 : 0);
}

void
shed_cli_report(shed_cli *cli, const shed_prompt *prompt, const shed_take *take, const shed_verdict *v,
                bool concert)
{
  shed_str         text = {0};
  shed_report_opts opts = {.columns = shed_cli_columns(cli),
                           .utf8    = shed_cli_utf8(),
                           .colour  = shed_cli_colour(cli),
                           .concert = concert};
  shed_report_write(v, prompt, take, &opts, &text);
  SHED_ASSERT(!text.failed);
  (void)fputs(shed_str_text(&text), cli->out);
  shed_str_free(&text);
}
