// About this file: a live session in sentences: one line an event, and none for what only moves (level, pitch, beat).
#include "app/cli/practice_view.h"

#include <math.h>
#include <string.h>

static void
note_name(const shed_prompt *prompt, int index, bool concert, char *buf, size_t size)
{
  const shed_sounding_note *n = &prompt->line.notes[index];
  shed_cli_note_name(concert ? n->sounding : n->written, buf, size);
}

static void
add_pitch(const shed_follow_event *f, shed_str *out)
{
  switch (f->pitch) {
  case SHED_PITCH_CORRECT:
    shed_str_add(out, "right");
    return;
  case SHED_PITCH_SHARP:
  case SHED_PITCH_FLAT:
    shed_str_addf(out, "%.0f cents %s", fabs(f->cents), f->pitch == SHED_PITCH_SHARP ? "sharp" : "flat");
    return;
  case SHED_PITCH_WRONG:
    shed_str_add(out, "another note");
    return;
  case SHED_PITCH_MISSED:
    shed_str_add(out, "not heard");
    return;
  case SHED_PITCH_NONE:
  case SHED_PITCH_UNSURE:
    break;
  }
  shed_str_add(out, "not heard clearly");
}

static void
note(const shed_practice_event *e, const shed_prompt *prompt, bool concert, shed_str *out)
{
  const shed_follow_event  *f = &e->u.follow;
  const shed_sounding_note *n = &prompt->line.notes[f->index];
  char                      name[24];
  if (f->kind == SHED_FOLLOW_CONFIRMED) {
    return; // as it was told
  }
  note_name(prompt, f->index, concert, name, sizeof(name));
  shed_str_addf(out, "Bar %s, beat %g, %s: ", n->measure, n->beat, name);
  add_pitch(f, out);
  if (f->timing == SHED_TIMING_EARLY || f->timing == SHED_TIMING_LATE) {
    shed_str_addf(out, ", %s", f->timing == SHED_TIMING_EARLY ? "early" : "late");
  }
  shed_str_add(out, f->kind == SHED_FOLLOW_REVISED ? " after all." : ".");
}

static void
state(const shed_practice_event *e, const shed_prompt *prompt, bool concert, shed_str *out)
{
  (void)concert;
  if (e->u.state.now == e->u.state.before) {
    return;
  }
  switch (e->u.state.now) {
  case SHED_PRACTICE_COUNT_IN:
    shed_str_addf(out, "Count-in: %d beats.", prompt->count_in_beats);
    return;
  case SHED_PRACTICE_LISTEN:
    shed_str_add(out, "Play.");
    return;
  case SHED_PRACTICE_JUDGE:
    shed_str_add(out, "The take is over.");
    return;
  case SHED_PRACTICE_PREPARE:
    shed_str_add(out, "Ready.");
    return;
  case SHED_PRACTICE_IDLE:
  case SHED_PRACTICE_STUDY:
  case SHED_PRACTICE_FEEDBACK:
  case SHED_PRACTICE_STATES:
    break;
  }
}

static void
jump(const shed_practice_event *e, const shed_prompt *prompt, bool concert, shed_str *out)
{
  (void)concert;
  shed_str_addf(out, "Now at bar %s.", prompt->line.notes[e->u.follow.index].measure);
}

static void
message(const shed_practice_event *e, const shed_prompt *prompt, bool concert, shed_str *out)
{
  (void)prompt;
  (void)concert;
  shed_message_text(&e->u.message, out);
}

static void
mark(const shed_practice_event *e, const shed_prompt *prompt, bool concert, shed_str *out)
{
  (void)prompt;
  (void)concert;
  shed_str_addf(out, "Marked at %.1f s.", e->u.mark.at_s);
}

static void
lost(const shed_practice_event *e, const shed_prompt *prompt, bool concert, shed_str *out)
{
  (void)prompt;
  (void)concert;
  shed_str_add(out, e->kind == SHED_PRACTICE_TELLS_LOST ? "I have lost you: what sounds is not this music."
                                                        : "Found you again.");
}

static void (*const says[SHED_PRACTICE_EVENTS])(const shed_practice_event *e, const shed_prompt *prompt,
                                                bool concert, shed_str *out) = {
    [SHED_PRACTICE_TELLS_STATE] = state, [SHED_PRACTICE_TELLS_NOTE] = note,
    [SHED_PRACTICE_TELLS_JUMP] = jump,   [SHED_PRACTICE_TELLS_LOST] = lost,
    [SHED_PRACTICE_TELLS_FOUND] = lost,  [SHED_PRACTICE_TELLS_MESSAGE] = message,
    [SHED_PRACTICE_TELLS_MARK] = mark,
};

// -- chords ------------------------------------------------------------------------------------------------------------

// The notes [*from, *to) that begin with this one.
static void
chord_of(const shed_line *l, int index, int *from, int *to)
{
  const shed_beat at = l->notes[index].onset_beats;
  for (*from = index; *from > 0 && shed_beat_cmp(l->notes[*from - 1].onset_beats, at) == 0; --*from) {
  }
  for (*to = index + 1; *to < (int)l->n_notes && shed_beat_cmp(l->notes[*to].onset_beats, at) == 0; ++*to) {
  }
}

bool
shed_practice_is_chord(const shed_prompt *prompt, int index)
{
  int from, to;
  chord_of(&prompt->line, index, &from, &to);
  return to - from > 1;
}

static const char *
word_of(shed_sign sign)
{
  return sign == SHED_SIGN_early  ? "right, early"
         : sign == SHED_SIGN_late ? "right, late"
                                  : shed_sign_word(sign);
}

void
shed_practice_chord(const shed_screen *s, int index, shed_str *out)
{
  const shed_line *l = &s->prompt->line;
  int              from, to;
  char             name[24];
  bool             same = true;
  chord_of(l, index, &from, &to);
  for (int i = from; i < to; i++) {
    if (s->signs[i] < 0) {
      return;
    }
    same = same && s->signs[i] == s->signs[from];
  }
  shed_str_addf(out, "Bar %s, beat %g, ", l->notes[from].measure, l->notes[from].beat);
  for (int i = from; i < to; i++) {
    note_name(s->prompt, i, s->concert, name, sizeof(name));
    shed_str_addf(out, "%s%s", i > from ? (same ? "+" : "; ") : "", name);
    if (!same) {
      shed_str_addf(out, " %s", word_of((shed_sign)s->signs[i]));
    }
  }
  if (same) {
    shed_str_addf(out, ": %s", word_of((shed_sign)s->signs[from]));
  }
  shed_str_add(out, ".");
}

void
shed_practice_sentence(const shed_practice_event *e, const shed_prompt *prompt, bool concert, shed_str *out)
{
  if (says[e->kind]) {
    says[e->kind](e, prompt, concert, out);
  }
}
