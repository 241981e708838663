// About this file: what a live listener would see of a take that is a file: the ear's events, and the follower's.
#include "app/cli/live.h"

#include "app/session/playing.h"
#include "assessors/follow.h"
#include "engine/audio/file.h"

#include <math.h>
#include <string.h>

enum { BLOCK = 4096 };

static shed_status
push_all(shed_sound_reader *reader, shed_playing *playing, shed_hear *hear, shed_cli_on_event *on_event,
         void *ctx, shed_error *err)
{
  float       block[BLOCK], given[BLOCK];
  size_t      n, m;
  shed_event  event;
  shed_status st;
  do {
    if ((st = shed_sound_read(reader, block, BLOCK, &n, err)) != SHED_OK ||
        (st = shed_playing_pull(playing, given, n, &m, err)) != SHED_OK) {
      break;
    }
    memset(given + m, 0, (n - m) * sizeof(given[0]));
    if (n) {
      shed_hear_push_with(hear, block, given, n);
    } else {
      shed_hear_finish(hear);
    }
    while (shed_hear_poll(hear, &event)) {
      on_event(ctx, &event);
    }
  } while (n);
  return st;
}

shed_exit
shed_cli_live(shed_cli *cli, const shed_listen_beside                                          *beside,
              shed_status (*start)(void *ctx, int rate_hz, shed_error *err), shed_cli_on_event *on_event,
              void *ctx)
{
  shed_playing       playing = {0};
  shed_sound_reader *reader  = NULL;
  shed_hear         *hear    = NULL;
  shed_error         err     = {0};
  shed_status        st      = shed_sound_open(&reader, cli->args[0], NULL, NULL, &err);
  if (st == SHED_OK) {
    shed_hear_opts opts = {.rate_hz = shed_sound_rate_hz(reader), .click = beside->click};
    opts.playing.sounds = beside->playing != NULL;
    st                  = start ? start(ctx, opts.rate_hz, &err) : SHED_OK;
    if (st == SHED_OK && beside->playing) {
      st = shed_playing_open(&playing, beside->playing, opts.rate_hz, NULL, &err);
    }
    st = st == SHED_OK ? shed_hear_new(&hear, &opts, NULL) : st;
  }
  if (st == SHED_OK && (st = push_all(reader, &playing, hear, on_event, ctx, &err)) == SHED_OK) {
    on_event(ctx, NULL);
  }
  shed_hear_free(hear);
  shed_playing_free(&playing);
  shed_sound_close(reader);
  return st == SHED_OK ? SHED_EXIT_DONE : shed_cli_error(cli, st, &err);
}

// -- following -----------------------------------------------------------------------------------------------------

typedef struct {
  shed_cli          *cli;
  const shed_prompt *prompt;
  shed_follow       *follow;
} follower;

static void
put_label(shed_json *o, const char *key, const char *label)
{
  if (label) {
    shed_json_set_str(o, key, label);
  } else {
    shed_json_set_null(o, key);
  }
}

static void
put_place(shed_json *o, const shed_follow_event *e)
{
  shed_json_set_real(o, "onset_beats", e->beat, 4);
  shed_json_set_real(o, "tempo_bpm", e->tempo_bpm, 1);
  shed_json_set_real(o, "tuning_cents", e->tuning_cents, 1);
  shed_json_set_int(o, "shift", e->shift);
}

static void
put_note(shed_json *o, const shed_follow_event *e)
{
  shed_json_set_int(o, "attempt", e->attempt);
  put_label(o, "pitch", shed_pitch_label_name(e->pitch));
  put_label(o, "timing", shed_timing_label_name(e->timing));
  shed_json_set_real(o, "cents", e->cents, 1);
  shed_json_set_real(o, "onset_error_ms", e->onset_error_ms, 1);
  shed_json_set_real(o, "confidence", e->confidence, 2);
}

static void
put_jump(shed_json *o, const shed_follow_event *e)
{
  shed_json_set_int(o, "from_index", e->from_index);
}

/// What a kind tells besides the note that it is about.
static void (*const puts_of[])(shed_json *o, const shed_follow_event *e) = {
    [SHED_FOLLOW_POSITION] = put_place, [SHED_FOLLOW_PROVISIONAL] = put_note,
    [SHED_FOLLOW_REVISED] = put_note,   [SHED_FOLLOW_CONFIRMED] = put_note,
    [SHED_FOLLOW_JUMP] = put_jump,      [SHED_FOLLOW_LOST] = NULL,
    [SHED_FOLLOW_FOUND] = NULL,
};

static void
print_told(const follower *f, const shed_follow_event *e)
{
  const shed_sounding_note *n    = &f->prompt->line.notes[e->index];
  shed_json                *o    = shed_json_object();
  shed_str                  line = {0};
  shed_json_set_real(o, "at_s", e->at_s, 4);
  shed_json_set_str(o, "event", shed_follow_kind_name(e->kind));
  if (puts_of[e->kind]) {
    shed_json_set_int(o, "index", e->index);
    shed_json_set_str(o, "id", n->id);
    shed_json_set_int(o, "pass", e->pass);
    shed_json_set_str(o, "measure", n->measure);
    shed_json_set_real(o, "beat", n->beat, 4);
    shed_json_set_real(o, "onset_s", e->onset_s, 4);
    puts_of[e->kind](o, e);
  }
  shed_json_write(o, SHED_JSON_LINE, &line);
  (void)fprintf(f->cli->out, "%s\n", shed_str_text(&line));
  (void)fflush(f->cli->out); // somebody may be looking on
  shed_str_free(&line);
  shed_json_free(o);
}

static shed_status
start_following(void *ctx, int rate_hz, shed_error *err)
{
  follower        *f    = ctx;
  shed_follow_opts opts = {.rate_hz = rate_hz, .click_start_s = f->prompt->click_start_s};
  return shed_follow_new(&f->follow, f->prompt, &opts, NULL, err);
}

static void
follow_on(void *ctx, const shed_event *event)
{
  follower         *f = ctx;
  shed_follow_event told;
  if (event) {
    shed_follow_push(f->follow, event);
  } else {
    shed_follow_finish(f->follow);
  }
  while (shed_follow_poll(f->follow, &told)) {
    print_told(f, &told);
  }
}

shed_exit
shed_cli_follow(shed_cli *cli, const shed_prompt *prompt)
{
  const shed_listen_beside beside = {.playing = shed_cli_option(cli, "playing")};
  follower                 f      = {.cli = cli, .prompt = prompt};
  shed_exit                code   = shed_cli_live(cli, &beside, start_following, follow_on, &f);
  shed_follow_free(f.follow);
  return code;
}
