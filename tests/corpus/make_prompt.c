// About this file: a prompt as something to play.
#include "engine/base/file.h"
#include "engine/music/profile.h"
#include "engine/task/prompt.h"
#include "tests/corpus/make_job.h"

#include <math.h>

enum { PROMPT_MAX_BYTES = 16 << 20, HIGH_VOICE = 60 };

static shed_status
read_prompt(const char *path, shed_prompt *out, shed_error *err)
{
  char       *text = NULL;
  size_t      n    = 0;
  shed_json  *v    = NULL;
  shed_status st   = shed_file_read(path, PROMPT_MAX_BYTES, NULL, &text, &n, err);
  if (st == SHED_OK && (st = shed_json_parse(text, n, path, &v, err)) == SHED_OK) {
    const shed_json *inside = shed_json_get(v, "prompt");
    if ((st = shed_prompt_from_json(inside ? inside : v, NULL, out, err)) != SHED_OK) {
      shed_error_within(err, path);
    }
  }
  shed_json_free(v);
  shed_free(NULL, text);
  return st;
}

// Strokes are clapped, songs are sung, and the profile's own sound plays the rest.
static void
choose_instrument(corpus_job *j, const shed_prompt *p)
{
  const char  *name = j->tune.notes[0].pitched ? p->profile : "clap";
  shed_profile profile;
  if (p->sung && j->tune.notes[0].pitched) {
    name = j->tune.notes[0].midi >= HIGH_VOICE ? "soprano" : "baritone";
  }
  j->instrument = corpus_instrument_find(name);
  if (!j->instrument && shed_profile_find(p->profile, &profile, NULL) == SHED_OK && profile.gm_program >= 0) {
    j->own        = (corpus_instrument){.id        = "profile",
                                        .program   = profile.gm_program,
                                        .high      = 127,
                                        .timbre    = CORPUS_REED,
                                        .sustained = profile.sustains};
    j->instrument = &j->own;
  }
  if (j->instrument && (j->instrument->sung || j->instrument->program < 0)) {
    j->exact = true; // the font's choir and claps are poor ones
  }
}

shed_status
corpus_job_prompt(corpus_job *j, const char *path, shed_error *err)
{
  shed_prompt p  = {0};
  shed_status st = read_prompt(path, &p, err);
  if (st != SHED_OK) {
    return st;
  }
  double own = p.line.tempo_bpm > 0 ? p.line.tempo_bpm : p.tempo_bpm > 0 ? p.tempo_bpm : 96;
  st         = corpus_tune_of_line(&p.line, own, &j->tune, err);
  if (st == SHED_OK) {
    j->as_asked  = true;
    j->bpm       = j->bpm > 0 ? j->bpm : own;
    j->lead_in_s = isnan(j->lead_in_s) && p.a_click && p.click_start_s >= 0 ? p.click_start_s : j->lead_in_s;
    if (!j->instrument) {
      choose_instrument(j, &p);
    }
  }
  shed_prompt_free(&p);
  return st;
}
