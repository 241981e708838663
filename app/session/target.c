#include "app/session/target.h"

#include "engine/base/str.h"
#include "engine/music/profile.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static shed_status
read_part(const char *part, shed_selection_text *text, shed_selection *sel, shed_error *err)
{
  const char *colon = strchr(part, ':');
  size_t      n     = colon ? (size_t)(colon - part) : strlen(part);
  if (n >= sizeof(text->part)) {
    return shed_fail(err, SHED_E_FORMAT, "--part", "the name is longer than %zu bytes",
                     sizeof(text->part) - 1);
  }
  memcpy(text->part, part, n);
  text->part[n] = '\0';
  sel->part     = n ? text->part : NULL;
  if (!colon) {
    return SHED_OK;
  }
  const char *staff = colon + 1;
  const char *more  = strchr(staff, ':');
  size_t      k     = more ? (size_t)(more - staff) : strlen(staff);
  char        digits[8];
  long long   value = 0;
  if (k >= sizeof(digits)) {
    return shed_fail(err, SHED_E_FORMAT, "--part", "\"%s\": the staff is a number", part);
  }
  memcpy(digits, staff, k);
  digits[k] = '\0';
  if (k && !shed_parse_int(digits, 1, 64, &value)) {
    return shed_fail(err, SHED_E_FORMAT, "--part", "\"%s\": the staff \"%s\" is not a number from 1 to 64",
                     part, digits);
  }
  sel->staff = (int)value;
  if (more) {
    if (strlen(more + 1) == 0 || strlen(more + 1) >= sizeof(text->voice)) {
      return shed_fail(err, SHED_E_FORMAT, "--part", "\"%s\": the voice is empty or too long", part);
    }
    (void)snprintf(text->voice, sizeof(text->voice), "%s", more + 1);
    sel->voice = text->voice;
  }
  return SHED_OK;
}

static shed_status
read_measures(const char *measures, shed_selection_text *text, shed_selection *sel, shed_error *err)
{
  // a dash parts two measures; numbers such as "X1" hold none
  const char *dash = strchr(measures, '-');
  size_t      n    = dash ? (size_t)(dash - measures) : strlen(measures);
  const char *last = dash ? dash + 1 : measures;
  if (n == 0 || n >= sizeof(text->first) || !*last || strlen(last) >= sizeof(text->last) ||
      strchr(last, '-')) {
    return shed_fail(err, SHED_E_FORMAT, "--measures", "\"%s\" is not of the form A-B or A", measures);
  }
  memcpy(text->first, measures, n);
  text->first[n] = '\0';
  (void)snprintf(text->last, sizeof(text->last), "%s", last);
  sel->first_measure = text->first;
  sel->last_measure  = text->last;
  return SHED_OK;
}

shed_status
shed_selection_read(const char *part, const char *measures, shed_selection_text *text, shed_selection *sel,
                    shed_error *err)
{
  shed_status st = SHED_OK;
  memset(text, 0, sizeof(*text));
  if (part) {
    st = read_part(part, text, sel, err);
  }
  if (st == SHED_OK && measures) {
    st = read_measures(measures, text, sel, err);
  }
  return st;
}

static const char *
file_name(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

// Whose part it is: what the player said, else what the score calls the part's instrument or the part. False: unknown.
static bool
find_profile(const shed_target_opts *opts, const shed_part_info *part, shed_profile *out, shed_status *st,
             shed_error *err)
{
  *st = SHED_OK;
  if (opts->instrument) {
    *st = shed_profile_find(opts->instrument, out, err);
    return *st == SHED_OK;
  }
  return (part->instrument[0] && shed_profile_find(part->instrument, out, NULL) == SHED_OK) ||
         (part->name[0] && shed_profile_find(part->name, out, NULL) == SHED_OK);
}

// Instrument, octave and key: what the player of this part can and may do.
static shed_status
apply_profile(const shed_target_opts *opts, const shed_score *score, const shed_selection *sel,
              shed_prompt *p, shed_error *err)
{
  shed_profile   profile = {0};
  shed_part_info part    = {.name = "", .instrument = ""};
  shed_status    st;
  size_t         found   = shed_score_find_part(score, sel->part);
  bool           pitched = false;
  if (found < shed_score_parts(score)) {
    part = shed_score_part(score, found);
    (void)snprintf(p->part, sizeof(p->part), "%s", part.name[0] ? part.name : part.id);
  }
  if (find_profile(opts, &part, &profile, &st, err)) {
    (void)snprintf(p->profile, sizeof(p->profile), "%s", profile.id);
    p->fixed_pitch = profile.fixed_pitch;
    p->sung        = profile.sung;
  } else if (st != SHED_OK) {
    return st;
  }
  p->octave = opts->octave_set ? opts->octave : p->sung ? SHED_OCTAVE_ANY : SHED_OCTAVE_WRITTEN;
  p->key    = opts->key_set ? opts->key : p->sung ? SHED_KEY_ANY : SHED_KEY_WRITTEN;
  for (size_t i = 0; i < p->line.n_notes; i++) {
    pitched = pitched || p->line.notes[i].pitched;
  }
  const char *assessor = pitched && !profile.unpitched ? "melody" : "rhythm";
  (void)snprintf(p->assessor, sizeof(p->assessor), "%s", assessor);
  return SHED_OK;
}

static shed_status
perform_into(const shed_target_opts *opts, const shed_score *score, const shed_alloc *alloc, shed_prompt *p,
             shed_error *err)
{
  shed_selection_text text;
  shed_selection      sel = {.tempo_bpm = opts->tempo_bpm};
  shed_status         st;
  if ((st = shed_selection_read(opts->part, opts->measures, &text, &sel, err)) != SHED_OK ||
      (st = shed_score_perform(score, &sel, alloc, &p->line, err)) != SHED_OK) {
    return st;
  }
  if (p->line.n_notes == 0) {
    return shed_fail(err, SHED_E_RANGE, opts->path, "there is no note to play in this selection");
  }
  (void)snprintf(p->title, sizeof(p->title), "%s",
                 shed_score_title(score)[0] ? shed_score_title(score) : file_name(opts->path));
  return apply_profile(opts, score, &sel, p, err);
}

shed_status
shed_target_from_score(const shed_target_opts *opts, const shed_alloc *alloc, shed_prompt *out,
                       shed_error *err)
{
  shed_prompt p     = {.alloc = alloc, .tempo_bpm = opts->tempo_bpm, .click_start_s = NAN, .a4_hz = 440};
  shed_score *score = NULL;
  shed_status st    = shed_sha256_of_file(opts->path, &p.source_sha256, err);
  if (st != SHED_OK || (st = shed_score_load(opts->path, alloc, &score, err)) != SHED_OK) {
    return st;
  }
  (void)snprintf(p.kind, sizeof(p.kind), "score");
  (void)snprintf(p.id, sizeof(p.id), "file:%s", file_name(opts->path));
  (void)snprintf(p.policy, sizeof(p.policy), "%s", opts->policy ? opts->policy : "");
  st = perform_into(opts, score, alloc, &p, err);
  shed_score_free(score);
  if (st != SHED_OK) {
    shed_prompt_free(&p);
    return st;
  }
  *out = p;
  return SHED_OK;
}
