// About this file: the three files of an example, read into one table of notes.
#include "engine/base/file.h"
#include "tests/examples/example.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double HELD_LEAST = .75; // of its length: less was too short on purpose

enum { MOST_BYTES = 64 << 20, SEMITONES = 12 };

static shed_status
load(const char *folder, const char *name, shed_str *out, shed_error *err)
{
  char        path[512];
  char       *text = NULL;
  size_t      n    = 0;
  shed_status st;
  (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
  if ((st = shed_file_read(path, MOST_BYTES, NULL, &text, &n, err)) == SHED_OK) {
    shed_str_addn(out, text, n);
  }
  shed_free(NULL, text);
  return st;
}

static shed_status
load_json(const char *folder, const char *name, shed_json **out, shed_error *err)
{
  shed_str    text = {0};
  shed_status st   = load(folder, name, &text, err);
  if (st == SHED_OK) {
    st = shed_json_parse(shed_str_text(&text), text.len, name, out, err);
  }
  shed_str_free(&text);
  return st;
}

static double
number(const shed_json *v, const char *key)
{
  return shed_json_number(shed_json_get(v, key), NAN);
}

static int
whole(const shed_json *v, const char *key)
{
  double x = number(v, key);
  return isnan(x) ? -1 : (int)x;
}

static void
copy(const shed_json *v, const char *key, char *buf, size_t size)
{
  const char *text = shed_json_text(shed_json_get(v, key));
  (void)snprintf(buf, size, "%s", text ? text : "");
}

static void
read_note(const shed_json *said, const shed_json *truth, example_note *n)
{
  const shed_json *asked = shed_json_get(said, "expected");
  copy(said, "measure", n->bar, sizeof(n->bar));
  copy(said, "pitch", n->pitch, sizeof(n->pitch));
  copy(said, "timing", n->timing, sizeof(n->timing));
  copy(said, "length", n->length, sizeof(n->length));
  n->beat           = number(said, "beat");
  n->midi           = whole(asked, "midi");
  n->asked_s        = number(asked, "onset_s");
  n->asked_length_s = number(asked, "duration_s");
  n->said_cents     = number(said, "cents");
  n->said_ms        = number(said, "onset_error_ms");
  n->said_midi      = whole(said, "played_midi");
  n->onset_s        = number(truth, "onset_s");
  n->played         = !isnan(n->onset_s);
  n->cents          = number(truth, "cents");
  n->shift_ms       = number(truth, "shift_ms");
}

static shed_status
read_notes(example *e, shed_error *err)
{
  const shed_json *said   = shed_json_get(e->verdict, "notes");
  const shed_json *played = shed_json_get(e->truth, "notes");
  size_t           n      = shed_json_size(said);
  if (n > 0 && n != shed_json_size(played)) {
    return shed_fail(err, SHED_E_FORMAT, "verdict.json", "%zu notes are judged and %zu were to be played", n,
                     shed_json_size(played));
  }
  e->notes = calloc(n + 1, sizeof(*e->notes));
  SHED_ASSERT(e->notes != NULL);
  for (; e->n_notes < n; e->n_notes++) {
    read_note(shed_json_at(said, e->n_notes), shed_json_at(played, e->n_notes), &e->notes[e->n_notes]);
  }
  return SHED_OK;
}

static void
read_mistakes(example *e)
{
  const shed_json *list = shed_json_get(e->truth, "mistakes");
  for (size_t i = 0; i < shed_json_size(list) && e->n_mistakes < EXAMPLE_MISTAKES_MOST; i++) {
    const shed_json *v = shed_json_at(list, i);
    example_mistake *m = &e->mistakes[e->n_mistakes++];
    copy(v, "kind", m->kind, sizeof(m->kind));
    m->index  = whole(v, "index");
    m->to     = whole(v, "to");
    m->amount = number(v, "amount");
  }
  if (number(e->truth, "length") < HELD_LEAST && e->n_mistakes < EXAMPLE_MISTAKES_MOST) {
    e->mistakes[e->n_mistakes++] =
        (example_mistake){.kind = "short", .index = 0, .to = -1, .amount = number(e->truth, "length")};
  }
  if (number(e->truth, "sink_cents") > 0 && e->n_mistakes < EXAMPLE_MISTAKES_MOST) {
    double       all = number(e->truth, "sink_cents");
    const double one = number(shed_json_at(shed_json_get(e->truth, "sounds"), 0), "sink_cents");
    e->mistakes[e->n_mistakes++] =
        (example_mistake){.kind = "sink", .index = -1, .to = -1, .amount = e->n_notes == 1 ? one : all};
  }
}

// Lines of numbers parted by commas, the first line being names.
static size_t
rows_of(const char *text, double (**out)[5])
{
  size_t n = 0, room = 256;
  double(*rows)[5] = calloc(room, sizeof(*rows));
  SHED_ASSERT(rows != NULL);
  for (const char *line = strchr(text, '\n'); line && line[1]; line = strchr(line + 1, '\n')) {
    if (n == room) {
      room *= 2;
      rows = realloc(rows, room * sizeof(*rows));
      SHED_ASSERT(rows != NULL);
    }
    const char *at = line + 1;
    for (int i = 0; i < 5; i++) {
      char  *end = NULL;
      double x   = strtod(at, &end);
      rows[n][i] = end == at ? (double)NAN : x;
      at         = *end == ',' ? end + 1 : end;
    }
    n++;
  }
  *out = rows;
  return n;
}

static shed_status
read_heard(const char *folder, example *e, shed_error *err)
{
  shed_str text    = {0};
  double(*rows)[5] = NULL;
  if (load(folder, "frames.csv", &text, NULL) == SHED_OK) {
    e->n_frames = rows_of(shed_str_text(&text), &rows);
    e->frames   = calloc(e->n_frames + 1, sizeof(*e->frames));
    SHED_ASSERT(e->frames != NULL);
    for (size_t i = 0; i < e->n_frames; i++) { // time_s,f0_hz,voiced,confidence,level_db
      e->frames[i] = (example_frame){rows[i][0], rows[i][1], rows[i][4], rows[i][2] > 0};
    }
  } else {
    shed_status st = load(folder, "notes.csv", &text, err);
    if (st != SHED_OK) {
      shed_str_free(&text);
      return st;
    }
    e->n_sounds = rows_of(shed_str_text(&text), &rows);
    e->sounds   = calloc(e->n_sounds + 1, sizeof(*e->sounds));
    SHED_ASSERT(e->sounds != NULL);
    for (size_t i = 0; i < e->n_sounds; i++) { // onset_s,offset_s,midi,cents,confidence
      e->sounds[i] = (example_sound){rows[i][0], rows[i][1], rows[i][2]};
    }
  }
  free(rows);
  shed_str_free(&text);
  return SHED_OK;
}

shed_status
example_read(const char *folder, example *out, shed_error *err)
{
  *out           = (example){0};
  shed_status st = load_json(folder, "truth.json", &out->truth, err);
  if (st != SHED_OK || (st = load_json(folder, "verdict.json", &out->verdict, err)) != SHED_OK ||
      (st = read_notes(out, err)) != SHED_OK) {
    return st;
  }
  read_mistakes(out);
  int octave    = (int)shed_json_number(shed_json_get(out->verdict, "octave_shift"), 0);
  int key       = (int)shed_json_number(shed_json_get(out->verdict, "key_shift"), 0);
  out->shift    = SEMITONES * octave + key;
  out->length_s = number(out->truth, "length_s");
  return read_heard(folder, out, err);
}

void
example_free(example *e)
{
  shed_json_free(e->truth);
  shed_json_free(e->verdict);
  free(e->notes);
  free(e->frames);
  free(e->sounds);
  *e = (example){0};
}
