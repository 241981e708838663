// About this file: the order of a report. Title, scores, the notes bar by bar, what happened between them, tuning and
// tempo, what the recording was like, and last the one thing to mend.
#include "app/cli/report.h"

#include "app/cli/report_style.h"
#include "engine/music/profile.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LEAST_COLUMNS = 40, USUAL_COLUMNS = 80 };

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
  shed_report_scores(&r);
  if (v->n_notes > 0) {
    shed_report_head(&r, "The notes");
    shed_report_measures(&r);
    write_key(&r);
  }
  shed_report_places(&r);
  shed_report_happenings(&r);
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
