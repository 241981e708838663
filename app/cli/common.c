#include "app/cli/common.h"

#include "app/session/progress.h"

#include "engine/base/clock.h"
#include "engine/base/str.h"

#include <string.h>

shed_exit
shed_cli_store(shed_cli *cli, bool existing, shed_store **out)
{
  shed_store_opts opts = {.log = &cli->log, .existing = existing};
  shed_error      err  = {0};
  shed_status     st   = shed_store_open(out, shed_cli_option(cli, "store"), &opts, &err);
  return st == SHED_OK ? SHED_EXIT_DONE : shed_cli_error(cli, st, &err);
}

shed_exit
shed_cli_library(shed_cli *cli, shed_library **out)
{
  shed_error  err = {0};
  shed_status st  = shed_library_open(shed_cli_option(cli, "content"), NULL, out, &err);
  return st == SHED_OK ? SHED_EXIT_DONE : shed_cli_error(cli, st, &err);
}

shed_exit
shed_cli_person(shed_cli *cli, shed_store *store, shed_role role, const char *name, bool add,
                shed_person *out)
{
  shed_error  err = {0};
  shed_uuid   id;
  shed_status st = shed_store_find_person(store, role, name, out, &err);
  if (st == SHED_E_NOTFOUND && add && shed_uuid_parse(name, &id) != SHED_OK) {
    st = shed_store_add_person(store, role, name, out, &err);
    if (st == SHED_OK) {
      (void)fprintf(cli->err, "woodshed: new %s: %s\n", shed_role_name(role), out->name);
    }
  }
  return st == SHED_OK ? SHED_EXIT_DONE : shed_cli_error(cli, st, &err);
}

shed_exit
shed_cli_instrument(shed_cli *cli, shed_store *store, const shed_uuid *student, shed_profile *out)
{
  shed_error  err  = {0};
  const char *name = shed_cli_option(cli, "instrument");
  shed_status st   = SHED_OK;
  if (name) {
    st = shed_profile_find(name, out, &err);
  } else if (store && student) {
    st = shed_progress_instrument(store, student, out, &err);
  } else {
    return shed_cli_usage(cli, "--instrument is needed: the music is written for it");
  }
  return st == SHED_OK ? SHED_EXIT_DONE : shed_cli_error(cli, st, &err);
}

bool
shed_cli_time(shed_cli *cli, const char *option, int64_t *wall_ms, int *utc_offset_min)
{
  const shed_clock *clock = shed_clock_system();
  const char       *text  = shed_cli_option(cli, option);
  if (!text) {
    *wall_ms        = clock->wall_ms(clock->ctx);
    *utc_offset_min = clock->utc_offset_min(clock->ctx, *wall_ms);
    return true;
  }
  if (shed_time_parse(text, wall_ms, utc_offset_min) != SHED_OK) {
    (void)shed_cli_usage(cli, "--%s %s: a time such as 2026-11-21T15:30:00+01:00 is needed", option, text);
    return false;
  }
  return true;
}

const char *
shed_cli_short_id(const shed_course *course, const char *id)
{
  size_t n = strlen(course->id);
  return strncmp(id, course->id, n) == 0 && id[n] == '/' ? id + n + 1 : id;
}

void
shed_cli_note_name(shed_pitch p, char *buf, size_t size)
{
  static const struct {
    const char *sign;
    char        plain;
  } signs[] = {{"♯", '#'}, {"♭", 'b'}};
  shed_pitch_name(p, buf, size);
  for (size_t i = 0; i < SHED_COUNTOF(signs) && !shed_cli_utf8(); i++) {
    for (char *at = strstr(buf, signs[i].sign); at; at = strstr(at, signs[i].sign)) {
      *at = signs[i].plain;
      memmove(at + 1, at + strlen(signs[i].sign), strlen(at + strlen(signs[i].sign)) + 1);
    }
  }
}

void
shed_cli_wrap(shed_cli *cli, int indent, const char *text)
{
  size_t most   = (size_t)shed_cli_columns(cli);
  size_t column = 0;
  while (*text) {
    size_t n = strcspn(text, " \n");
    char   word[256];
    (void)snprintf(word, sizeof(word), "%.*s", (int)n, text);
    size_t width = shed_utf8_columns(word);
    if (column > 0 && column + 1 + width > most) {
      (void)fprintf(cli->out, "\n");
      column = 0;
    }
    if (column == 0) {
      (void)fprintf(cli->out, "%*s", indent, "");
      column = (size_t)indent;
    } else {
      (void)fprintf(cli->out, " ");
      column++;
    }
    (void)fprintf(cli->out, "%s", word);
    column += width;
    text += n;
    text += *text != '\0';
  }
  (void)fprintf(cli->out, "\n");
}

void
shed_cli_message(shed_cli *cli, int indent, const shed_message *m)
{
  shed_str text = {0};
  shed_message_text(m, &text);
  shed_cli_wrap(cli, indent, shed_str_text(&text));
  shed_str_free(&text);
}

void
shed_cli_set_playing(shed_json *o, const shed_take *take)
{
  const shed_take_playing *p = &take->playing;
  if (!p->told) {
    shed_json_set_null(o, "playing");
    return;
  }
  shed_json *playing = shed_json_object();
  shed_json_set_bool(playing, "found", p->found);
  shed_json_set_real(playing, "delay_s", p->delay_s, 4);
  shed_json_set_real(playing, "taken_db", p->found ? p->taken_db : 0.0, 1);
  shed_json_set(o, "playing", playing);
}
