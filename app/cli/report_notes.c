// About this file: the notes of a report. First a line a measure, then the places that are not right, in words.
#include "app/cli/report_style.h"

#include <math.h>
#include <stdio.h>

enum {
  INDENT        = 10, // where notes start, behind the measure's number
  SHORT_PIECE   = 12, // up to so many measures each has its line
  QUIET_RUN     = 3,  // else so many in a row with every note right share one
  MOST_PLACES   = 12,
  LABELS_A_NOTE = 3
};

typedef struct {
  shed_sign   sign;
  double      number; // NaN: none
  const char *unit;
} label;

static shed_sign
pitch_sign(shed_pitch_label l)
{
  static const shed_sign of[] = {
      [SHED_PITCH_NONE] = SHED_SIGN_none,    [SHED_PITCH_CORRECT] = SHED_SIGN_correct,
      [SHED_PITCH_SHARP] = SHED_SIGN_sharp,  [SHED_PITCH_FLAT] = SHED_SIGN_flat,
      [SHED_PITCH_WRONG] = SHED_SIGN_wrong,  [SHED_PITCH_MISSED] = SHED_SIGN_missed,
      [SHED_PITCH_UNSURE] = SHED_SIGN_unsure};
  return of[l];
}

// What was not right about a note; pitch first. Nothing when it was right, one "none" when nothing is known.
static size_t
labels_of(const shed_note_verdict *nv, label *out)
{
  size_t n = 0;
  if (nv->pitch == SHED_PITCH_NONE && nv->timing == SHED_TIMING_NONE && nv->length == SHED_LENGTH_NONE) {
    out[0] = (label){SHED_SIGN_none, (double)NAN, ""};
    return 1;
  }
  if (nv->pitch != SHED_PITCH_NONE && nv->pitch != SHED_PITCH_CORRECT) {
    bool tuned = nv->pitch == SHED_PITCH_SHARP || nv->pitch == SHED_PITCH_FLAT;
    out[n++]   = (label){pitch_sign(nv->pitch), tuned ? fabs(nv->cents) : (double)NAN, "cents"};
  }
  if (nv->timing == SHED_TIMING_EARLY || nv->timing == SHED_TIMING_LATE) {
    shed_sign sign = nv->timing == SHED_TIMING_EARLY ? SHED_SIGN_early : SHED_SIGN_late;
    out[n++]       = (label){sign, fabs(nv->onset_error_ms), "ms"};
  } else if (nv->timing == SHED_TIMING_UNSURE && nv->pitch != SHED_PITCH_UNSURE) {
    out[n++] = (label){SHED_SIGN_unsure, (double)NAN, ""};
  }
  if (nv->length == SHED_LENGTH_SHORT || nv->length == SHED_LENGTH_LONG) {
    out[n++] = (label){nv->length == SHED_LENGTH_SHORT ? SHED_SIGN_short_ : SHED_SIGN_long_, (double)NAN, ""};
  }
  return n;
}

// An unpitched note is named by its beat, in an echo by its number.
static void
name_of(const shed_report *r, const shed_sounding_note *note, char *buf, size_t size)
{
  if (note->pitched) {
    shed_report_note_name(r, note, -1, buf, size);
  } else if (shed_report_is_echo(r)) {
    (void)snprintf(buf, size, "%d", note->index + 1);
  } else {
    (void)shed_format_double(buf, size, note->beat, 2);
  }
}

static void
played_name(const shed_report *r, const shed_sounding_note *note, const shed_note_verdict *nv, char *buf,
            size_t size)
{
  int played = nv->played_midi < 0 ? -1 : nv->played_midi - 12 * r->v->octave_shift - r->v->key_shift;
  buf[0]     = '\0';
  if (played >= 0 && note->pitched) {
    shed_report_note_name(r, note, played, buf, size);
  }
}

// Grace notes and cues are read, not judged: they have no cell of their own.
static bool
is_shown(const shed_report *r, const shed_note_verdict *nv)
{
  const shed_sounding_note *note = shed_report_note(r, nv->index);
  return note && !(note->flags & (SHED_NOTE_GRACE | SHED_NOTE_CUE));
}

static void
write_cell(shed_report *r, const shed_note_verdict *nv, bool first)
{
  const shed_sounding_note *note = shed_report_note(r, nv->index);
  label                     labels[LABELS_A_NOTE];
  char                      name[48], played[24], text[200];
  size_t                    n = labels_of(nv, labels);
  name_of(r, note, name, sizeof(name));
  int         used   = snprintf(text, sizeof(text), "%s", name);
  shed_colour colour = SHED_COLOUR_NONE;
  if (n == 0) {
    used += snprintf(text + used, sizeof(text) - (size_t)used, "%s", shed_sign_text(r, SHED_SIGN_correct));
    colour = SHED_COLOUR_GREEN;
  }
  for (size_t i = 0; i < n; i++) {
    used += snprintf(text + used, sizeof(text) - (size_t)used, "%s", shed_sign_text(r, labels[i].sign));
    if (!isnan(labels[i].number)) {
      used += snprintf(text + used, sizeof(text) - (size_t)used, "%.0f", labels[i].number);
    }
    if (labels[i].sign == SHED_SIGN_wrong) {
      played_name(r, note, nv, played, sizeof(played));
      used += snprintf(text + used, sizeof(text) - (size_t)used, "%s", played);
    }
    colour = i == 0 ? shed_sign_colour(labels[i].sign) : colour;
  }
  int width = (int)shed_utf8_columns(text);
  // two blanks between notes, none at the end of a line
  if (r->column > r->indent && !first) {
    if (r->column + 2 + width > r->opts.columns) {
      shed_report_end(r);
      shed_report_start(r, INDENT, INDENT);
    } else {
      shed_report_tab(r, r->column + 2);
    }
  }
  shed_report_word(r, text, colour);
}

// The rows of v->notes from *from on that stand in one measure; @return behind the last.
static size_t
end_of_measure(const shed_report *r, size_t from)
{
  const shed_sounding_note *first = shed_report_note(r, r->v->notes[from].index);
  size_t                    end   = from + 1;
  while (end < r->v->n_notes) {
    const shed_sounding_note *note = shed_report_note(r, r->v->notes[end].index);
    if (!note || note->measure_index != first->measure_index || note->pass != first->pass) {
      break;
    }
    end++;
  }
  return end;
}

static bool
all_right(const shed_report *r, size_t from, size_t end)
{
  label labels[LABELS_A_NOTE];
  for (size_t i = from; i < end; i++) {
    if (is_shown(r, &r->v->notes[i]) && labels_of(&r->v->notes[i], labels) > 0) {
      return false;
    }
  }
  return true;
}

static void
write_measure(shed_report *r, size_t from, size_t end)
{
  const shed_sounding_note *first = shed_report_note(r, r->v->notes[from].index);
  char                      head[32];
  (void)snprintf(head, sizeof(head), shed_report_is_echo(r) ? "Phrase %s" : "Bar %s", first->measure);
  shed_report_start(r, 2, INDENT);
  shed_report_word(r, head, SHED_COLOUR_NONE);
  shed_report_tab(r, INDENT);
  bool start = true;
  for (size_t i = from; i < end; i++) {
    if (is_shown(r, &r->v->notes[i])) {
      write_cell(r, &r->v->notes[i], start);
      start = false;
    }
  }
  shed_report_end(r);
}

// Measures from *from on in which every note is right; behind the last, and how many there are.
static size_t
end_of_quiet(const shed_report *r, size_t from, int *measures, size_t *last)
{
  int pass  = shed_report_note(r, r->v->notes[from].index)->pass;
  *measures = 0;
  while (from < r->v->n_notes) {
    const shed_sounding_note *note = shed_report_note(r, r->v->notes[from].index);
    if (!note || note->pass != pass) {
      break;
    }
    size_t end = end_of_measure(r, from);
    if (!all_right(r, from, end)) {
      break;
    }
    *last = from;
    from  = end;
    (*measures)++;
  }
  return from;
}

static void
write_quiet(shed_report *r, size_t from, size_t last, size_t end)
{
  const shed_sounding_note *a = shed_report_note(r, r->v->notes[from].index);
  const shed_sounding_note *b = shed_report_note(r, r->v->notes[last].index);
  shed_report_start(r, 2, INDENT);
  shed_report_textf(r, "%s %s to %s: %zu notes, all right", shed_report_is_echo(r) ? "Phrases" : "Bars",
                    a->measure, b->measure, end - from);
  shed_report_word(r, " ", SHED_COLOUR_NONE);
  shed_report_word(r, shed_sign_text(r, SHED_SIGN_correct), SHED_COLOUR_GREEN);
  shed_report_end(r);
}

// Where the music is played again, or goes on behind a repeat.
static void
write_pass(shed_report *r, int pass)
{
  shed_report_start(r, 2, 2);
  shed_report_textf(r, "Time %d:", pass);
  shed_report_end(r);
}

void
shed_report_measures(shed_report *r)
{
  bool brief = r->prompt->line.n_measures > SHORT_PIECE;
  int  pass  = 1;
  for (size_t i = 0; i < r->v->n_notes;) {
    if (!shed_report_note(r, r->v->notes[i].index)) {
      i++;
      continue;
    }
    int    measures = 0;
    int    now      = shed_report_note(r, r->v->notes[i].index)->pass;
    size_t last     = i;
    if (now != pass) {
      write_pass(r, now);
      pass = now;
    }
    size_t quiet = brief ? end_of_quiet(r, i, &measures, &last) : i;
    if (measures >= QUIET_RUN) {
      write_quiet(r, i, last, quiet);
      i = quiet;
    } else {
      size_t end = end_of_measure(r, i);
      write_measure(r, i, end);
      i = end;
    }
  }
}

static void
write_place(shed_report *r, const shed_note_verdict *nv, const label *labels, size_t n)
{
  const shed_sounding_note *note = shed_report_note(r, nv->index);
  char                      place[96], name[48], played[24];
  shed_report_place_name(r, note, place, sizeof(place));
  name_of(r, note, name, sizeof(name));
  shed_report_start(r, 2, 6);
  for (size_t i = 0; i < n; i++) {
    shed_report_word(r, shed_sign_text(r, labels[i].sign), shed_sign_colour(labels[i].sign));
  }
  shed_report_tab(r, 6);
  shed_report_textf(r, "%c%s:", place[0] - 32, place + 1);
  if (note->pitched) {
    shed_report_text(r, name);
  }
  for (size_t i = 0; i < n; i++) {
    const char *stop = i + 1 < n ? "," : ".";
    played_name(r, note, nv, played, sizeof(played));
    if (labels[i].sign == SHED_SIGN_wrong && played[0]) {
      shed_report_textf(r, "was %s%s", played, stop);
    } else if (isnan(labels[i].number)) {
      shed_report_textf(r, "%s%s", shed_sign_word(labels[i].sign), stop);
    } else {
      shed_report_textf(r, "%s by %.0f %s%s", shed_sign_word(labels[i].sign), labels[i].number,
                        labels[i].unit, stop);
    }
  }
  shed_report_end(r);
}

void
shed_report_places(shed_report *r)
{
  size_t told = 0, more = 0;
  for (size_t i = 0; i < r->v->n_notes; i++) {
    const shed_note_verdict *nv = &r->v->notes[i];
    label                    labels[LABELS_A_NOTE];
    size_t                   n = is_shown(r, nv) ? labels_of(nv, labels) : 0;
    if (n == 0 || labels[0].sign == SHED_SIGN_none) {
      continue;
    }
    if (told == 0) {
      shed_report_head(r, "Places to look at");
    }
    if (told == MOST_PLACES) {
      more++;
      continue;
    }
    write_place(r, nv, labels, n);
    told++;
  }
  if (more) {
    shed_report_start(r, 6, 6);
    shed_report_textf(r, "and %zu more, in the bars above.", more);
    shed_report_end(r);
  }
}
