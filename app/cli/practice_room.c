// About this file: the loop of woodshed practice. It owns everything, so nothing in it is locked: device and session are looked after in
// turn, two hundred times a second.
#include "app/cli/practice_room.h"

#include "app/cli/gate_view.h"
#include "app/cli/prompt_view.h"
#include "app/cli/report.h"
#include "engine/base/str.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const int64_t DRAW_NS = 66000000;
enum { TEND_EVERY = 20 };

static int64_t
now_ns(void)
{
  const shed_clock *c = shed_clock_system();
  return c->mono_ns(c->ctx);
}

// -- showing -----------------------------------------------------------------------------------------------------------

static void
erase(shed_room *r)
{
  if (r->drawn) {
    (void)fprintf(r->cli->out, "\033[%dA\r\033[J", SHED_SCREEN_LINES);
    r->drawn = false;
  }
}

// The names of the keys that are down now.
static void
list_keys(shed_room *r)
{
  size_t n          = 0;
  r->screen.keys[0] = '\0';
  for (int midi = 0; r->screen.keyboard && midi < 128 && n + 12 < sizeof(r->screen.keys); midi++) {
    char name[24];
    if (shed_cli_mic_key_is_down(r->mic, midi)) {
      shed_cli_note_name(shed_pitch_spell(midi, 0), name, sizeof(name));
      n += (size_t)snprintf(r->screen.keys + n, sizeof(r->screen.keys) - n, "%s ", name);
    }
  }
}

static void
draw(shed_room *r)
{
  shed_str out      = {0};
  r->screen.columns = shed_terminal_columns(shed_cli_columns(r->cli));
  r->screen.left_s  = (double)(r->study_end_ns - now_ns()) / 1e9;
  list_keys(r);
  erase(r);
  shed_screen_draw(&r->screen, &out);
  (void)fputs(shed_str_text(&out), r->cli->out);
  (void)fflush(r->cli->out);
  shed_str_free(&out);
  r->drawn    = true;
  r->drawn_ns = now_ns();
}

void
shed_room_say(shed_room *r, const char *text)
{
  if (r->kind == SHED_ROOM_JSON || !text[0]) {
    return;
  }
  erase(r);
  (void)fprintf(r->cli->out, "%s\n", text);
  (void)fflush(r->cli->out);
}

static void
tell_json(shed_room *r, const shed_practice_event *e)
{
  shed_json *o    = shed_practice_event_to_json(e, shed_practice_prompt(r->practice));
  shed_str   line = {0};
  shed_json_write(o, SHED_JSON_LINE, &line);
  (void)fprintf(r->cli->out, "%s\n", shed_str_text(&line));
  (void)fflush(r->cli->out);
  shed_str_free(&line);
  shed_json_free(o);
}

static void
tell_line(shed_room *r, const shed_practice_event *e)
{
  const int  at   = e->kind == SHED_PRACTICE_TELLS_NOTE ? e->u.follow.index : 0;
  const int  was  = r->screen.signs[at];
  const bool told = e->kind == SHED_PRACTICE_TELLS_NOTE && was >= 0;
  (void)shed_screen_tell(&r->screen, e);
  if (told && r->screen.signs[at] == was) { // looked at again, and it is what was told
    return;
  }
  shed_str text = {0};
  if (e->kind == SHED_PRACTICE_TELLS_NOTE && r->screen.keyboard &&
      shed_practice_is_chord(r->screen.prompt, at)) {
    shed_practice_chord(&r->screen, at, &text);
  } else {
    shed_practice_sentence(e, shed_practice_prompt(r->practice), shed_cli_has(r->cli, "concert"), &text);
  }
  shed_room_say(r, shed_str_text(&text));
  shed_str_free(&text);
}

// -- asking ------------------------------------------------------------------------------------------------------------

static bool
forget_screen(shed_room *r)
{
  const size_t n = shed_practice_prompt(r->practice)->line.n_notes;
  free(r->screen.signs);
  r->screen = (shed_screen){.prompt   = shed_practice_prompt(r->practice),
                            .utf8     = shed_cli_utf8(),
                            .colour   = shed_cli_colour(r->cli),
                            .concert  = shed_cli_has(r->cli, "concert"),
                            .position = -1,
                            .keyboard = shed_cli_mic_is_keys(r->mic),
                            .signs    = malloc((n + 1) * sizeof(*r->screen.signs))};
  if (r->screen.signs) {
    memset(r->screen.signs, -1, (n + 1) * sizeof(*r->screen.signs));
  }
  return r->screen.signs != NULL;
}

// One bar is counted in where the music has a tempo and nobody said how many beats.
static void
count_in(const shed_room *r, shed_prompt *prompt)
{
  if (!r->drill && prompt->tempo_bpm > 0 && prompt->count_in_beats == 0) {
    const int beats        = prompt->line.n_measures > 0 ? prompt->line.measures[0].beats : 0;
    prompt->count_in_beats = beats > 0 ? beats : 4;
  }
}

// What plays along keeps its own time, so the music gets a tempo where it has none.
static shed_status
ready_band(shed_room *r, shed_prompt *prompt, shed_error *err)
{
  const bool   accompanies = shed_cli_band_accompanies(r->band);
  const int    program     = r->asking.profile.gm_program;
  shed_profile of          = {0};
  shed_str     text        = {0};
  const bool   known       = prompt->profile[0] && shed_profile_find(prompt->profile, &of, NULL) == SHED_OK;
  if (accompanies && prompt->tempo_bpm <= 0) {
    prompt->tempo_bpm = prompt->line.tempo_bpm;
  }
  count_in(r, prompt);
  r->how.accompanied = accompanies;
  shed_cli_mic_hush(r->mic);
  const int   model = known ? of.gm_program : program;
  shed_status st =
      shed_cli_band_ready(r->band, prompt, shed_cli_mic_rate_hz(r->mic), model >= 0 ? model : 0, err);
  shed_cli_band_tell(r->band, &text);
  if (st == SHED_OK) {
    shed_room_say(r, shed_str_text(&text));
  }
  shed_str_free(&text);
  return st;
}

shed_exit
shed_room_ask(shed_room *r)
{
  shed_prompt prompt = {0};
  shed_policy policy;
  shed_error  err  = {0};
  shed_exit   code = shed_cli_asking_make(&r->asking, r->drill, r->seed, SHED_TAKE_AUDIO, &prompt, &policy);
  if (code != SHED_EXIT_DONE) {
    return code;
  }
  r->how.student = r->asking.student.id;
  r->how.course  = r->asking.course ? r->asking.course->id : NULL;
  r->how.unit    = r->asking.unit ? r->asking.unit->id : NULL;
  shed_status st = ready_band(r, &prompt, &err);
  st             = st == SHED_OK ? shed_practice_ready(r->practice, &prompt, &policy, &r->how, &err) : st;
  shed_prompt_free(&prompt);
  if (st == SHED_OK && !forget_screen(r)) {
    st = SHED_E_NOMEM;
  }
  if (st != SHED_OK) {
    return shed_cli_error(r->cli, st, &err);
  }
  if (r->kind != SHED_ROOM_JSON) {
    erase(r);
    shed_prompt_view(r->cli, shed_practice_prompt(r->practice));
    (void)fprintf(r->cli->out, "\n");
  }
  return SHED_EXIT_DONE;
}

// A command; what is wrong with it is said, and nothing else happens.
bool
shed_room_do(shed_room *r, const shed_practice_command *c)
{
  shed_error  err = {0};
  shed_status st  = shed_practice_do(r->practice, c, &err);
  if (st == SHED_OK && c->kind == SHED_PRACTICE_DO_AFTER && r->asking.keeps) {
    st = shed_practice_reflect(r->practice, r->asking.store, &err);
  }
  if (st == SHED_OK) {
    return true;
  }
  erase(r);
  (void)fprintf(r->cli->err, "woodshed: %s%s%s\n", err.where, err.where[0] ? ": " : "", err.what);
  return false;
}

bool
shed_room_simple(shed_room *r, shed_practice_command_kind kind, bool on)
{
  const shed_practice_command c = {.kind = kind, .on = on, .score = (double)NAN, .at_frame = UINT64_MAX};
  return shed_room_do(r, &c);
}

// A line from the player while single keys are off. What was typed behind it is left to the keys.
static void
read_answer(shed_room *r, const char *question, char *buf, size_t size)
{
  size_t used = 0;
  int    got;
  erase(r);
  shed_terminal_back(&r->terminal);
  (void)fprintf(r->cli->out, "%s ", question);
  (void)fflush(r->cli->out);
  buf[0] = '\0';
  while ((got = shed_terminal_line(buf, size, &used)) == 0) {
    (void)nanosleep(&(struct timespec){.tv_nsec = SHED_ROOM_TURN_NS}, NULL);
  }
  if (got < 0) {
    buf[0]  = '\0';
    r->deaf = true;
  }
  if (r->keys) {
    (void)shed_terminal_raw(&r->terminal);
  }
}

static double
read_share(shed_room *r, const char *question)
{
  char   text[64];
  double percent = 0;
  read_answer(r, question, text, sizeof(text));
  text[strcspn(text, " %")] = '\0';
  return shed_parse_double(text, 0, 100, &percent) ? percent / 100 : (double)NAN;
}

static void
ask_before(shed_room *r)
{
  shed_practice_command c = {.kind = SHED_PRACTICE_DO_BEFORE, .score = (double)NAN};
  read_answer(r, "What do you want to reach? (Enter: skip)", c.text[0], sizeof(c.text[0]));
  if (c.text[0][0] == '\0') {
    return;
  }
  read_answer(r, "How will you go about it?", c.text[1], sizeof(c.text[1]));
  read_answer(r, "Where is the hard spot?", c.text[2], sizeof(c.text[2]));
  c.score = read_share(r, "How much will be right, in %?");
  (void)shed_room_do(r, &c);
}

static void
ask_rating(shed_room *r)
{
  shed_practice_command c = {.kind = SHED_PRACTICE_DO_RATE, .score = (double)NAN};
  if (r->keys) {
    c.score = read_share(r, "Before you see the result: how much was right, in %? (Enter: no idea)");
  }
  (void)shed_room_do(r, &c);
}

static void
ask_after(shed_room *r)
{
  shed_practice_command c = {.kind = SHED_PRACTICE_DO_AFTER, .score = (double)NAN};
  read_answer(r, "Why did it come out so? (Enter: skip)", c.text[0], sizeof(c.text[0]));
  if (c.text[0][0]) {
    read_answer(r, "What will you do next?", c.text[1], sizeof(c.text[1]));
    (void)shed_room_do(r, &c);
  }
}

// -- the result --------------------------------------------------------------------------------------------------------

static void
keep(shed_room *r)
{
  shed_session_keeping k   = {.student = r->asking.student.id};
  shed_error           err = {0};
  shed_uuid            event;
  shed_progress        p  = {0};
  shed_status          st = shed_practice_keep(r->practice, r->asking.store, &k, &event, &err);
  if (st != SHED_OK) {
    r->code = shed_cli_error(r->cli, st, &err);
    (void)fprintf(r->cli->err,
                  "woodshed: the recording is safe: make room, and start woodshed practice once more\n");
    return;
  }
  const bool counts = shed_practice_counts(r->practice);
  shed_room_say(r, counts ? "Kept. This one counts." : "Kept as practice: it does not count.");
  if (r->kind == SHED_ROOM_JSON || !r->asking.unit ||
      shed_progress_of(r->asking.store, &r->asking.student.id, r->asking.course, &r->asking.profile, NULL, &p,
                       &err) != SHED_OK) {
    return;
  }
  for (size_t i = 0; i < p.n && counts; i++) {
    if (&p.course->units[i] == r->asking.unit) {
      shed_gate_view_unit(r->cli, &p, i);
    }
  }
  shed_progress_free(&p);
}

static void
tell_result(shed_room *r, const shed_practice_event *e)
{
  const shed_verdict            *v = e->u.result.verdict;
  const shed_practice_foresight *f = &e->u.result.foresight;
  r->code                          = v->passed == 0                                       ? SHED_EXIT_NO
                                     : v->passed < 0 && e->u.result.prompt->n_targets > 0 ? SHED_EXIT_UNASSESSED
                                                                                          : SHED_EXIT_DONE;
  r->taken++;
  if (r->kind != SHED_ROOM_JSON) {
    erase(r);
    shed_cli_report(r->cli, e->u.result.prompt, e->u.result.take, v, shed_cli_has(r->cli, "concert"));
    const double said = isnan(f->rated) ? f->predicted : f->rated;
    if (!isnan(said) && !isnan(f->score)) {
      (void)fprintf(r->cli->out, "You said %.0f %%, it was %.0f %%.\n", 100 * said, 100 * f->score);
    }
  }
  if (r->asking.keeps) {
    keep(r);
  }
  r->over = r->over || (r->takes > 0 && r->taken >= r->takes);
}

// -- events ------------------------------------------------------------------------------------------------------------

static const struct {
  void (*ask)(shed_room *r);
  const char *line; // where lines are read
} questions[] = {
    [SHED_PRACTICE_ASKS_BEFORE] = {ask_before, "What do you want to reach? Say: before TEXT. Or go on."},
    [SHED_PRACTICE_ASKS_RATING] = {ask_rating,
                                   "Before you hear the result: how much was right? Say: rate PERCENT."},
    [SHED_PRACTICE_ASKS_AFTER]  = {ask_after, "Why did it come out so? Say: after TEXT. Or go on."},
};

static void
tell_ask(shed_room *r, const shed_practice_event *e)
{
  const bool waits = e->u.ask.what == SHED_PRACTICE_ASKS_RATING; // nobody is there who could
  if (r->keys || (waits && r->by_itself)) {
    questions[e->u.ask.what].ask(r);
  } else {
    shed_room_say(r, questions[e->u.ask.what].line);
  }
}

static shed_status
tell(shed_room *r, const shed_practice_event *e, shed_error *err)
{
  if (r->kind == SHED_ROOM_JSON) {
    tell_json(r, e);
  } else if (r->kind == SHED_ROOM_LINES) {
    tell_line(r, e);
  } else {
    (void)shed_screen_tell(&r->screen, e);
  }
  if (e->kind == SHED_PRACTICE_TELLS_CUE) {
    return shed_cli_mic_cue(r->mic, &e->u.cue, err);
  }
  if (e->kind == SHED_PRACTICE_TELLS_STATE && e->u.state.now != e->u.state.before) {
    r->study_end_ns = now_ns() + (int64_t)(e->u.state.study_s * 1e9);
    if (e->u.state.now != SHED_PRACTICE_COUNT_IN && e->u.state.now != SHED_PRACTICE_LISTEN &&
        e->u.state.now != SHED_PRACTICE_STUDY) {
      shed_cli_mic_hush(r->mic);
    }
  } else if (e->kind == SHED_PRACTICE_TELLS_ASK) {
    tell_ask(r, e);
  } else if (e->kind == SHED_PRACTICE_TELLS_RESULT) {
    tell_result(r, e);
  }
  return SHED_OK;
}

static shed_status
tell_all(shed_room *r, shed_error *err)
{
  shed_practice_event e;
  shed_status         st = SHED_OK;
  while (st == SHED_OK && shed_practice_poll(r->practice, &e)) {
    st = tell(r, &e, err);
  }
  return st;
}

bool
shed_room_running(const shed_room *r)
{
  const shed_practice_state s = shed_practice_state_of(r->practice);
  return s == SHED_PRACTICE_COUNT_IN || s == SHED_PRACTICE_LISTEN;
}

// -- the loop ----------------------------------------------------------------------------------------------------------

static void
start_by_itself(shed_room *r)
{
  const shed_practice_state s = shed_practice_state_of(r->practice);
  if (r->over || (s != SHED_PRACTICE_PREPARE && s != SHED_PRACTICE_FEEDBACK)) {
    return;
  }
  if (s == SHED_PRACTICE_FEEDBACK) {
    (void)shed_room_simple(r, SHED_PRACTICE_DO_START, true); // once more: prepare
  }
  if (shed_cli_has(r->cli, "counts")) {
    (void)shed_room_simple(r, SHED_PRACTICE_DO_COUNTS, true);
  }
  r->over = !shed_room_simple(r, SHED_PRACTICE_DO_START, true);
}

static shed_status
turn(shed_room *r, int n, shed_error *err)
{
  bool        file_over = false;
  shed_error  lost      = {0};
  shed_status st        = shed_cli_mic_push(r->mic, r->practice, &file_over, err);
  if (st == SHED_OK && file_over) {
    shed_cli_mic_hush(r->mic);
    st = shed_practice_end(r->practice, err);
  }
  if (n % TEND_EVERY == 0 && !shed_cli_mic_tend(r->mic, &lost)) {
    shed_room_say(r, lost.what);
  }
  shed_practice_tick(r->practice);
  st = st == SHED_OK ? tell_all(r, err) : st;
  if (st == SHED_OK && shed_practice_due(r->practice)) {
    st = shed_practice_judge(r->practice, err);
    if (st == SHED_E_NOSPACE) { // it waits for room
      shed_room_say(r, err->what);
      (void)nanosleep(&(struct timespec){.tv_sec = 1}, NULL);
      st = SHED_OK;
    }
    st = st == SHED_OK ? tell_all(r, err) : st;
  }
  if (r->kind == SHED_ROOM_SCREEN && !r->over && now_ns() - r->drawn_ns > DRAW_NS) {
    draw(r);
  }
  return st;
}

shed_exit
shed_room_run(shed_room *r)
{
  shed_error  err = {0};
  shed_status st  = SHED_OK;
  r->code         = shed_room_ask(r);
  if (r->code != SHED_EXIT_DONE) {
    return r->code;
  }
  r->keys = r->kind == SHED_ROOM_SCREEN && shed_terminal_raw(&r->terminal);
  st      = tell_all(r, &err);
  for (int n = 0; st == SHED_OK && !r->over; n++) {
    st = turn(r, n, &err);
    if (r->over || st != SHED_OK) {
      break;
    }
    if (r->by_itself) {
      start_by_itself(r);
    } else if (r->keys) {
      shed_room_key(r);
    } else {
      shed_room_line(r);
    }
    st = tell_all(r, &err); // a cue has to be known before the sound that it is about
    if (r->deaf && !r->told && shed_cli_mic_is_file(r->mic)) { // nobody is there: it starts by itself
      r->by_itself = true;
      r->takes     = r->takes ? r->takes : 1;
    }
    r->over =
        r->over || (r->deaf && !r->by_itself && !shed_room_running(r) && !shed_practice_due(r->practice));
    if (!shed_cli_mic_is_file(r->mic) || !shed_cli_has(r->cli, "fast")) {
      (void)nanosleep(&(struct timespec){.tv_nsec = SHED_ROOM_TURN_NS}, NULL);
    }
  }
  erase(r);
  return st == SHED_OK ? r->code : shed_cli_error(r->cli, st, &err);
}

void
shed_room_close(shed_room *r)
{
  shed_terminal_back(&r->terminal);
  free(r->screen.signs);
  shed_practice_free(r->practice);
  shed_cli_mic_close(r->mic);
  shed_cli_band_free(r->band);
  shed_cli_asking_close(&r->asking);
}
