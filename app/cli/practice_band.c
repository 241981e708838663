// About this file: the part mixer of a practice session. Parts are rendered once a prompt, so that a cue needs no time.
#include "app/cli/practice_band.h"

#include "app/session/others.h"
#include "engine/audio/file.h"
#include "engine/audio/render.h"

#include <math.h>
#include <string.h>

enum { SIDE_STICK = 37, RENDER_MOST_HZ = 96000, TRACKS = SHED_OTHERS_MOST + 2 };
static const double TAIL_S      = 1;
static const float  OTHERS_DB   = -12.0F; // of what accompanies, where nothing is said
static const float  LOUDEST_DB  = 12.0F;
static const double LEVEL_LEAST = -120;
static const float  CLICK_DB    = 0.0F;

typedef struct {
  shed_sound      sound;
  shed_band_group group;
  char            name[SHED_OTHER_NAME];
} track;

struct shed_cli_band {
  shed_cli   *cli;
  const char *with, *backing;
  float       db[SHED_BAND_GROUPS];
  bool        mine_plays; // in takes, too: --mine
  int         rate_hz;
  track       tracks[TRACKS];
  int         n;
  shed_error  no_model; // why the player's own part cannot sound

  // the mixer made last
  shed_mixer *mixer;
  int         number[TRACKS]; // of each track in it; -2: not in it
};

// -- opening -----------------------------------------------------------------------------------------------------------

static bool
read_level(shed_cli *cli, const char *name, float *db)
{
  double value = (double)*db;
  if (!shed_cli_number(cli, name, LEVEL_LEAST, (double)LOUDEST_DB, &value)) {
    return false;
  }
  *db = (float)value;
  return true;
}

shed_exit
shed_cli_band_open(shed_cli *cli, shed_cli_band **out)
{
  shed_cli_band *b = shed_calloc(NULL, 1, sizeof(*b));
  if (!b) {
    return shed_cli_error(cli, SHED_E_NOMEM, NULL);
  }
  *out                    = b;
  b->cli                  = cli;
  b->with                 = shed_cli_option(cli, "with");
  b->backing              = shed_cli_option(cli, "backing");
  b->db[SHED_BAND_OTHERS] = OTHERS_DB;
  b->db[SHED_BAND_CLICK]  = CLICK_DB;
  b->mine_plays           = shed_cli_has(cli, "mine");
  return read_level(cli, "mine", &b->db[SHED_BAND_MINE]) &&
                 read_level(cli, "others", &b->db[SHED_BAND_OTHERS])
             ? SHED_EXIT_DONE
             : SHED_EXIT_USAGE;
}

static void
forget_tracks(shed_cli_band *b)
{
  for (int i = 0; i < b->n; i++) {
    shed_sound_free(&b->tracks[i].sound);
  }
  b->n = 0;
}

void
shed_cli_band_free(shed_cli_band *b)
{
  if (b) {
    forget_tracks(b);
    shed_free(NULL, b);
  }
}

// -- rendering ---------------------------------------------------------------------------------------------------------

static shed_status
at_rate(shed_sound *s, int rate_hz, const char *name, shed_error *err)
{
  shed_sound  other = {0};
  shed_status st    = shed_sound_resample(s, rate_hz, NULL, &other);
  shed_sound_free(s);
  *s = other;
  return st == SHED_OK ? st : shed_fail(err, st, name, "%s", shed_status_text(st));
}

static shed_status
add_line(shed_cli_band *b, const shed_line *line, int program, int rate_hz, shed_band_group group,
         const char *name, shed_error *err)
{
  const bool             fast = rate_hz > RENDER_MOST_HZ;
  const shed_render_opts opts = {.rate_hz = fast ? rate_hz / 2 : rate_hz, .tail_s = TAIL_S};
  track                 *t    = &b->tracks[b->n];
  shed_status            st   = shed_render_line(line, program, SIDE_STICK, &opts, NULL, &t->sound, err);
  st                          = st == SHED_OK && fast ? at_rate(&t->sound, rate_hz, name, err) : st;
  if (st == SHED_OK) {
    t->group = group;
    (void)snprintf(t->name, sizeof(t->name), "%s", name);
    b->n++;
  }
  return st;
}

static shed_status
add_others(shed_cli_band *b, const shed_prompt *prompt, int rate_hz, shed_error *err)
{
  shed_other             others[SHED_OTHERS_MOST];
  int                    n    = 0;
  const shed_others_opts opts = {.path      = shed_cli_option(b->cli, "score"),
                                 .which     = b->with,
                                 .mine      = shed_cli_option(b->cli, "part"),
                                 .measures  = shed_cli_option(b->cli, "measures"),
                                 .tempo_bpm = prompt->tempo_bpm};
  shed_status            st   = shed_others_from_score(&opts, NULL, others, &n, err);
  for (int i = 0; st == SHED_OK && i < n; i++) {
    st = add_line(b, &others[i].line, others[i].program, rate_hz, SHED_BAND_OTHERS, others[i].name, err);
  }
  shed_others_free(others, n);
  return st;
}

static shed_status
add_backing(shed_cli_band *b, int rate_hz, shed_error *err)
{
  track      *t  = &b->tracks[b->n];
  shed_status st = shed_sound_load(b->backing, NULL, NULL, &t->sound, NULL, err);
  if (st == SHED_OK && t->sound.rate_hz != rate_hz) {
    st = at_rate(&t->sound, rate_hz, b->backing, err);
  }
  if (st == SHED_OK) {
    const char *slash = strrchr(b->backing, '/');
    t->group          = SHED_BAND_OTHERS;
    (void)snprintf(t->name, sizeof(t->name), "%s", slash ? slash + 1 : b->backing);
    b->n++;
  }
  return st;
}

shed_status
shed_cli_band_ready(shed_cli_band *b, const shed_prompt *prompt, int rate_hz, int program, shed_error *err)
{
  forget_tracks(b);
  b->rate_hz            = rate_hz;
  b->no_model           = (shed_error){0};
  const shed_line *line = &prompt->line;
  shed_status      st   = add_line(b, line, program, rate_hz, SHED_BAND_MINE, "your part", &b->no_model);
  if (st != SHED_OK && !b->with && !b->mine_plays) { // told when it is to be heard
    st = SHED_OK;
  } else if (st != SHED_OK) {
    *err = b->no_model;
  }
  if (st == SHED_OK && b->with) {
    st = add_others(b, prompt, rate_hz, err);
  }
  return st == SHED_OK && b->backing ? add_backing(b, rate_hz, err) : st;
}

bool
shed_cli_band_accompanies(const shed_cli_band *b)
{
  return b->with || b->backing || b->mine_plays;
}

void
shed_cli_band_tell(const shed_cli_band *b, shed_str *out)
{
  int n = 0;
  for (int i = 0; i < b->n; i++) {
    if (b->tracks[i].group == SHED_BAND_OTHERS || b->mine_plays) {
      shed_str_addf(out, "%s%s", n++ ? ", " : "With ", b->tracks[i].name);
    }
  }
  if (n > 0) {
    shed_str_addf(out, " (%.0f dB).", (double)b->db[SHED_BAND_OTHERS]);
  }
}

// -- mixing ------------------------------------------------------------------------------------------------------------

shed_status
shed_cli_band_mix(shed_cli_band *b, const shed_practice_cue *cue, shed_mixer **out, shed_error *err)
{
  shed_mixer    *mixer = NULL;
  const uint64_t music = cue->music_frame - cue->at_frame;
  shed_status    st    = b->n > 0 ? shed_mixer_new(&mixer, b->tracks[0].sound.rate_hz, NULL) : SHED_E_STATE;
  for (int i = 0; st == SHED_OK && i < b->n; i++) {
    const track *t      = &b->tracks[i];
    const bool   sounds = cue->model || (cue->accompanied && (t->group != SHED_BAND_MINE || b->mine_plays));
    b->number[i]        = -2;
    if (sounds) {
      st = shed_mixer_add(mixer, t->sound.x, t->sound.n, music, b->db[t->group], &b->number[i]);
    }
  }
  if (st == SHED_OK && cue->click) {
    st = shed_mixer_metronome(mixer, &cue->metronome, b->db[SHED_BAND_CLICK]);
  }
  if (st != SHED_OK) {
    shed_mixer_free(mixer);
    return shed_fail(err, st, NULL, "%s", shed_status_text(st));
  }
  b->mixer = mixer;
  *out     = mixer;
  return SHED_OK;
}

void
shed_cli_band_forget(shed_cli_band *b)
{
  b->mixer = NULL;
}

void
shed_cli_band_level(shed_cli_band *b, shed_band_group g, float db)
{
  b->db[g] = fminf(LOUDEST_DB, fmaxf((float)LEVEL_LEAST, db));
  if (!b->mixer) {
    return;
  }
  if (g == SHED_BAND_CLICK) {
    shed_mixer_gain(b->mixer, SHED_MIXER_CLICKS, b->db[g]);
  }
  for (int i = 0; i < b->n; i++) {
    if (b->tracks[i].group == g && b->number[i] >= 0) {
      shed_mixer_gain(b->mixer, b->number[i], b->db[g]);
    }
  }
}

float
shed_cli_band_level_of(const shed_cli_band *b, shed_band_group g)
{
  return b->db[g];
}
