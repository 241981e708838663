// About this file: the judge of an echo. What each note was is the melody judge's to say; what the whole was worth is
// measured here, by what juries of such echoes follow, since a reference that is a recording has no policy of its own.
#include "assessors/echo.h"
#include "assessors/align.h"
#include "assessors/assessor.h"

#include <math.h>

// Of a chord the highest note: the tune. @return how many.
static size_t
asked_of(const shed_line *line, shed_echo_asked *out)
{
  size_t n = 0;
  for (size_t i = 0; i < line->n_notes; i++) {
    const shed_sounding_note *note = &line->notes[i];
    if (!note->pitched || note->flags & (SHED_NOTE_GRACE | SHED_NOTE_CUE)) {
      continue;
    }
    bool chord = n > 0 && note->onset_s <= out[n - 1].onset_s;
    if (chord && note->midi < out[n - 1].midi) {
      continue;
    }
    n -= chord;
    out[n++] = (shed_echo_asked){
        .midi = note->midi + note->cents / 100, .onset_s = note->onset_s, .sound_s = note->duration_s};
  }
  double first_s = n ? out[0].onset_s : 0;
  for (size_t i = 0; i < n; i++) {
    out[i].gap_s = i + 1 < n ? out[i + 1].onset_s - out[i].onset_s : out[i].sound_s;
    out[i].onset_s -= first_s;
  }
  return n;
}

static shed_status
add_overall(const shed_prompt *prompt, const shed_take *take, const shed_alloc *alloc, shed_verdict *v)
{
  shed_echo_track  track = {0};
  shed_echo_asked *asked = shed_calloc(alloc, prompt->line.n_notes, sizeof(*asked));
  shed_status      st    = asked ? shed_echo_track_of(take, alloc, &track) : SHED_E_NOMEM;
  if (st == SHED_OK) {
    st = shed_echo_measure(asked, asked_of(&prompt->line, asked), &track, alloc, v);
  }
  shed_free(alloc, track.midi);
  shed_free(alloc, asked);
  // too few notes, silence, an hour of sound: the melody judge has said it
  return st == SHED_E_RANGE || st == SHED_E_LIMIT ? SHED_OK : st;
}

static shed_status
judge_echo(const shed_prompt *prompt, const shed_take *take, const shed_policy *policy,
           const shed_alloc *alloc, shed_verdict *out, shed_error *err)
{
  shed_verdict v      = {.alloc = alloc};
  shed_take    view   = *take;
  shed_frame  *frames = NULL;
  shed_status  st     = shed_assessor_find("melody")->judge(prompt, take, policy, alloc, &v, err);
  if (st != SHED_OK) {
    return st;
  }
  if (take->n_frames == 0) {
    st          = shed_frames_of_notes(take, alloc, &frames, &view.n_frames);
    view.frames = frames;
  }
  st = st == SHED_OK ? add_overall(prompt, &view, alloc, &v) : st;
  shed_free(alloc, frames);
  if (st != SHED_OK) {
    shed_verdict_free(&v);
    return st;
  }
  if (v.overall.n_parts) {
    v.score = v.overall.score;
  }
  *out = v;
  return SHED_OK;
}

const shed_assessor shed_assessor_echo = {
    .name  = "echo",
    .what  = "a melody sung or played after a recording of it, scored as a jury would",
    .judge = judge_echo,
};
