// About this file: what a live listener would see of a take that is a file: the ear's events, and the follower's.
#include "app/cli/live.h"

#include "app/session/followed.h"
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
print_told(const follower *f, const shed_follow_event *e)
{
  shed_json *o    = shed_json_object();
  shed_str   line = {0};
  shed_json_set_real(o, "at_s", e->at_s, 4);
  shed_json_set_str(o, "event", shed_follow_kind_name(e->kind));
  shed_followed_put(o, e, f->prompt);
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
