// About this file: a target made of what another take plays.
#include "app/session/listen.h"
#include "app/session/target.h"
#include "engine/music/profile.h"
#include "engine/take/echo.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *
file_name(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

// Who plays after it. What nobody said is guessed from the kind of take: pitch tracks are drawn of singing.
static shed_status
set_player(const shed_reference_opts *opts, shed_prompt *p, bool *unpitched, shed_error *err)
{
  shed_profile profile = {0};
  p->sung              = opts->take_kind == SHED_TAKE_F0;
  *unpitched           = false;
  if (opts->instrument) {
    shed_status st = shed_profile_find(opts->instrument, &profile, err);
    if (st != SHED_OK) {
      return st;
    }
    (void)snprintf(p->profile, sizeof(p->profile), "%s", profile.id);
    p->fixed_pitch = profile.fixed_pitch;
    p->sung        = profile.sung;
    *unpitched     = profile.unpitched;
  }
  bool as_played = opts->instrument && !p->sung;
  p->octave      = opts->octave_set ? opts->octave : as_played ? SHED_OCTAVE_WRITTEN : SHED_OCTAVE_ANY;
  p->key         = opts->key_set ? opts->key : as_played ? SHED_KEY_WRITTEN : SHED_KEY_ANY;
  p->tuning      = SHED_TUNING_REFERENCE;
  return SHED_OK;
}

static bool
has_chords(const shed_line *line)
{
  for (size_t i = 0; i < line->n_notes; i++) {
    if (line->notes[i].flags & SHED_NOTE_CHORD) {
      return true;
    }
  }
  return false;
}

static shed_status
fill(const shed_reference_opts *opts, const shed_take *reference, const shed_alloc *alloc, shed_prompt *p,
     shed_error *err)
{
  bool        unpitched = false;
  shed_status st        = set_player(opts, p, &unpitched, err);
  if (st != SHED_OK) {
    return st;
  }
  st = shed_echo_line(reference, alloc, &p->line);
  if (st == SHED_E_RANGE) {
    return shed_fail(err, st, opts->path, "nothing is played in it, so there is nothing to play after it");
  }
  if (st != SHED_OK) {
    return shed_fail(err, st, opts->path, "%s", shed_status_text(st));
  }
  bool melody = p->line.notes[0].pitched && !unpitched && opts->take_kind != SHED_TAKE_ONSETS;
  // an echo is scored as one line, which chords are not
  const char *assessor = !melody ? "rhythm" : has_chords(&p->line) ? "melody" : "echo";
  (void)snprintf(p->assessor, sizeof(p->assessor), "%s", assessor);
  (void)snprintf(p->kind, sizeof(p->kind), "reference");
  (void)snprintf(p->id, sizeof(p->id), "file:%s", file_name(opts->path));
  (void)snprintf(p->title, sizeof(p->title), "After %s", file_name(opts->path));
  p->source_sha256 = reference->sha256;
  return SHED_OK;
}

shed_status
shed_target_from_reference(const shed_reference_opts *opts, const shed_alloc *alloc,
                           void (*progress)(void *ctx, double share), void *ctx, shed_prompt *out,
                           shed_error *err)
{
  shed_prompt p         = {.alloc = alloc, .click_start_s = NAN, .a4_hz = 440};
  shed_take   reference = {0};
  shed_status st        = shed_listen_file(opts->path, NULL, NULL, alloc, progress, ctx, &reference, err);
  if (st != SHED_OK) {
    return st;
  }
  st = fill(opts, &reference, alloc, &p, err);
  shed_take_free(&reference);
  if (st != SHED_OK) {
    shed_prompt_free(&p);
    return st;
  }
  *out = p;
  return SHED_OK;
}
