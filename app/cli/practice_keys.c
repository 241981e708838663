// About this file: what the player may do in woodshed practice: one table of keys and words.
#include "app/cli/practice_room.h"

#include "engine/base/str.h"

#include <math.h>
#include <string.h>

static void
next_item(shed_room *r)
{
  r->seed += r->drill ? 1 : 0;
  if (shed_room_ask(r) != SHED_EXIT_DONE) {
    r->over = true;
  }
}

// The model, and then the count-in: hearing it first is study.
static void
hear_it(shed_room *r)
{
  const double                length_s = shed_practice_prompt(r->practice)->line.length_s;
  const shed_practice_command c = {.kind = SHED_PRACTICE_DO_STUDY, .seconds = ceil(length_s) + 2, .on = true};
  if (shed_room_do(r, &c)) {
    (void)shed_room_simple(r, SHED_PRACTICE_DO_START, true);
  }
}

static void
start_or_stop(shed_room *r)
{
  (void)shed_room_simple(r, shed_room_running(r) ? SHED_PRACTICE_DO_STOP : SHED_PRACTICE_DO_START, true);
}

static void
again(shed_room *r)
{
  (void)shed_room_simple(r, shed_room_running(r) ? SHED_PRACTICE_DO_RESTART : SHED_PRACTICE_DO_START, true);
}

static void
toggle_counts(shed_room *r)
{
  const bool on = !shed_practice_counts(r->practice);
  if (shed_room_simple(r, SHED_PRACTICE_DO_COUNTS, on)) {
    r->screen.counts = on;
    shed_room_say(r, r->kind != SHED_ROOM_LINES ? ""
                     : on                       ? "The next take counts."
                                                : "The next take does not count.");
  }
}

static void
toggle_colours(shed_room *r)
{
  r->how.no_colour = !r->how.no_colour;
  if (shed_room_simple(r, SHED_PRACTICE_DO_COLOUR, !r->how.no_colour)) {
    (void)snprintf(r->screen.message, sizeof(r->screen.message), "Colours while you play: %s.",
                   r->how.no_colour ? "off" : "on");
    shed_room_say(r, r->kind == SHED_ROOM_LINES ? r->screen.message : "");
  }
}

static void
throw_away(shed_room *r)
{
  (void)shed_room_simple(r, SHED_PRACTICE_DO_CANCEL, true);
}

static const float LEVEL_STEP_DB = 3;

static void
say_level(shed_room *r, const char *who, shed_band_group g)
{
  const float db = shed_cli_band_level_of(r->band, g);
  (void)snprintf(r->screen.message, sizeof(r->screen.message),
                 db > SHED_MIXER_OFF_DB ? "%s: %.0f dB." : "%s: off.", who, (double)db);
  shed_room_say(r, r->kind == SHED_ROOM_LINES ? r->screen.message : "");
}

static void
louder(shed_room *r)
{
  shed_cli_band_level(r->band, SHED_BAND_OTHERS,
                      shed_cli_band_level_of(r->band, SHED_BAND_OTHERS) + LEVEL_STEP_DB);
  say_level(r, "What plays along", SHED_BAND_OTHERS);
}

static void
softer(shed_room *r)
{
  shed_cli_band_level(r->band, SHED_BAND_OTHERS,
                      shed_cli_band_level_of(r->band, SHED_BAND_OTHERS) - LEVEL_STEP_DB);
  say_level(r, "What plays along", SHED_BAND_OTHERS);
}

static void
set_mark(shed_room *r)
{
  (void)shed_room_simple(r, SHED_PRACTICE_DO_MARK, true);
}

static void
leave(shed_room *r)
{
  if (shed_room_running(r)) {
    throw_away(r);
  }
  r->over = true;
}

static const struct {
  int         key;
  const char *word;
  void (*run)(shed_room *r);
} keys[] = {
    {'\n', "start", start_or_stop}, {' ', "stop", start_or_stop},   {'r', "again", again},
    {'h', "hear", hear_it},         {'c', "counts", toggle_counts}, {'o', "colours", toggle_colours},
    {'x', "cancel", throw_away},    {'m', "mark", set_mark},        {'n', "next", next_item},
    {'+', "louder", louder},        {'-', "softer", softer},        {'q', "quit", leave},
};

void
shed_room_key(shed_room *r)
{
  const int key = shed_terminal_key();
  for (size_t i = 0; i < SHED_COUNTOF(keys); i++) {
    if (keys[i].key == (key == '\r' ? '\n' : key)) {
      keys[i].run(r);
      return;
    }
  }
  r->deaf = r->deaf || key < 0;
}

// "before more even eighths", "rate 70": what a word of its own cannot say.
static bool
by_words(shed_room *r, const char *line)
{
  shed_practice_command c = {.score = (double)NAN, .at_frame = UINT64_MAX};
  double                percent;
  if (shed_starts_with(line, "before ")) {
    c.kind = SHED_PRACTICE_DO_BEFORE;
  } else if (shed_starts_with(line, "after ")) {
    c.kind = SHED_PRACTICE_DO_AFTER;
  } else if (shed_starts_with(line, "mark ")) {
    c.kind = SHED_PRACTICE_DO_MARK;
  } else if (shed_starts_with(line, "rate ") && shed_parse_double(line + 5, 0, 100, &percent)) {
    c.kind  = SHED_PRACTICE_DO_RATE;
    c.score = percent / 100;
  } else {
    return false;
  }
  (void)snprintf(c.text[0], sizeof(c.text[0]), "%s", strchr(line, ' ') + 1);
  (void)shed_room_do(r, &c);
  return true;
}

// "others -20", "mine 0", "click -120".
static bool
by_level(shed_room *r, const char *line)
{
  static const struct {
    const char     *word, *who;
    shed_band_group group;
  } of[] = {{"mine ", "Your own part", SHED_BAND_MINE},
            {"others ", "What plays along", SHED_BAND_OTHERS},
            {"click ", "The click", SHED_BAND_CLICK}};
  double db;
  for (size_t i = 0; i < SHED_COUNTOF(of); i++) {
    if (shed_starts_with(line, of[i].word) &&
        shed_parse_double(line + strlen(of[i].word), (double)SHED_MIXER_OFF_DB, 12, &db)) {
      shed_cli_band_level(r->band, of[i].group, (float)db);
      say_level(r, of[i].who, of[i].group);
      return true;
    }
  }
  return false;
}

void
shed_room_line(shed_room *r)
{
  const int got = shed_terminal_line(r->line, sizeof(r->line), &r->line_used);
  r->deaf       = r->deaf || got < 0;
  r->told       = r->told || got > 0;
  if (got <= 0 || by_words(r, r->line) || by_level(r, r->line)) {
    return;
  }
  for (size_t i = 0; i < SHED_COUNTOF(keys); i++) {
    if (strcmp(r->line, keys[i].word) == 0 || (i == 0 && r->line[0] == '\0')) {
      keys[i].run(r);
      return;
    }
  }
  (void)fprintf(r->cli->err,
                "woodshed: \"%s\" is none of start, stop, again, hear, counts, colours, cancel, mark, "
                "next, before, rate, after, louder, softer, mine, others, click, quit\n",
                r->line);
}
