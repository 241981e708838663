// About this file: woodshed read: the parts of a score, and what sounds of one of them in the order of playing. It judges
// nothing: what it lists is what a take would be held against.
#include "app/cli/common.h"
#include "app/session/target.h"
#include "engine/base/str.h"
#include "engine/score/score.h"

#include <stdio.h>
#include <string.h>

enum {
  BEAT_PLACES    = 6,
  SECONDS_PLACES = 6,
  LABEL_COLUMNS  = 12, ///< "12, 2nd time" stands before the notes
  WIDEST_CELL    = 28,
  CELL_TEXT      = 160,
  CELL_GAP       = 2
};

// One run: the score, and what of it was asked.
typedef struct {
  shed_cli           *cli;
  shed_score         *score;
  shed_line           line;
  shed_selection_text text;
  shed_selection      sel;
} reading;

// -- as JSON ------------------------------------------------------------------------------------------------------

static shed_json *
parts_json(const shed_score *score)
{
  shed_json *all = shed_json_array();
  for (size_t i = 0; i < shed_score_parts(score); i++) {
    shed_part_info info = shed_score_part(score, i);
    shed_json     *o    = shed_json_object();
    shed_json_set_str(o, "id", info.id);
    shed_json_set_str(o, "name", info.name);
    shed_json_set_int(o, "staves", info.staves);
    shed_json_set_int(o, "transpose", info.transpose_semitones);
    shed_json_add(all, o);
  }
  return all;
}

static shed_json *
note_json(const shed_sounding_note *n)
{
  static const char *const letters[] = {"C", "D", "E", "F", "G", "A", "B"};
  shed_json               *o         = shed_json_object();
  shed_json_set_int(o, "index", n->index);
  shed_json_set_str(o, "id", n->id);
  shed_json_set_int(o, "pass", n->pass);
  shed_json_set_str(o, "measure", n->measure);
  shed_json_set_real(o, "beat", n->beat, BEAT_PLACES);
  if (n->pitched) {
    shed_json_set_int(o, "midi", n->midi);
    shed_json_set_str(o, "step", letters[n->sounding.step]);
    shed_json_set_int(o, "alter", n->sounding.alter);
    shed_json_set_int(o, "octave", n->sounding.octave);
  } else {
    shed_json_set_null(o, "midi");
    shed_json_set_null(o, "step");
    shed_json_set_null(o, "alter");
    shed_json_set_null(o, "octave");
  }
  shed_json_set_real(o, "onset_beats", shed_beat_quarters(n->onset_beats), BEAT_PLACES);
  shed_json_set_real(o, "duration_beats", shed_beat_quarters(n->duration_beats), BEAT_PLACES);
  shed_json_set_real(o, "onset_s", n->onset_s, SECONDS_PLACES);
  shed_json_set_real(o, "duration_s", n->duration_s, SECONDS_PLACES);
  return o;
}

static shed_exit
print_json(const reading *r)
{
  shed_json *root     = shed_json_object();
  shed_json *notes    = shed_json_array();
  shed_json *warnings = shed_json_array();
  for (size_t i = 0; i < r->line.n_notes; i++) {
    shed_json_add(notes, note_json(&r->line.notes[i]));
  }
  for (size_t i = 0; i < r->line.n_warnings; i++) {
    shed_json *o = shed_json_object();
    shed_json_set_str(o, "where", r->line.warnings[i].where);
    shed_json_set_str(o, "what", r->line.warnings[i].what);
    shed_json_add(warnings, o);
  }
  shed_json_set(root, "parts", parts_json(r->score));
  shed_json_set(root, "notes", notes);
  shed_json_set(root, "warnings", warnings);
  return shed_cli_json(r->cli, root, SHED_EXIT_DONE);
}

// -- in words -----------------------------------------------------------------------------------------------------

// The note's name as it sounds; "x" when it has no pitch.
static void
note_name(const shed_sounding_note *n, char *buf, size_t size)
{
  if (n->pitched) {
    shed_cli_note_name(n->sounding, buf, size);
  } else {
    (void)snprintf(buf, size, "x");
  }
}

static void
length_name(const shed_sounding_note *n, char *buf, size_t size)
{
  shed_beat d = n->duration_beats;
  if (n->flags & SHED_NOTE_GRACE) {
    (void)snprintf(buf, size, "grace");
  } else if (d.den == 1) {
    (void)snprintf(buf, size, "%lld", (long long)d.num);
  } else {
    (void)snprintf(buf, size, "%lld/%lld", (long long)d.num, (long long)d.den);
  }
}

// Do both begin together and last as long, so that they are one cell?
static bool
same_chord(const shed_sounding_note *a, const shed_sounding_note *b)
{
  return a->measure_index == b->measure_index && shed_beat_cmp(a->onset_beats, b->onset_beats) == 0 &&
         shed_beat_cmp(a->duration_beats, b->duration_beats) == 0 &&
         ((a->flags ^ b->flags) & SHED_NOTE_GRACE) == 0 && !(a->flags & SHED_NOTE_GRACE);
}

// "2.5 F♯4+A4 1/2": beat, names, length in quarters. @return the note behind it.
static size_t
cell_of(const shed_line *line, size_t i, char *cell)
{
  const shed_sounding_note *first = &line->notes[i];
  char                      length[48];
  char                      beat[32];
  (void)shed_format_double(beat, sizeof(beat), first->beat, 2);
  size_t used = (size_t)snprintf(cell, CELL_TEXT, "%s ", beat);
  size_t next = i;
  for (; next < line->n_notes && same_chord(first, &line->notes[next]); next++) {
    char name[32];
    note_name(&line->notes[next], name, sizeof(name));
    if (used + strlen(name) + sizeof(length) >= CELL_TEXT) {
      break;
    }
    used += (size_t)snprintf(cell + used, CELL_TEXT - used, "%s%s", next > i ? "+" : "", name);
  }
  if (next == i) { // a grace note is a cell of its own
    char name[32];
    note_name(first, name, sizeof(name));
    used += (size_t)snprintf(cell + used, CELL_TEXT - used, "%s", name);
    next++;
  }
  length_name(first, length, sizeof(length));
  (void)snprintf(cell + used, CELL_TEXT - used, " %s", length);
  return next;
}

static size_t
cell_width(const shed_line *line)
{
  char   cell[CELL_TEXT];
  size_t widest = 0;
  for (size_t i = 0; i < line->n_notes;) {
    i              = cell_of(line, i, cell);
    size_t columns = shed_utf8_columns(cell);
    widest         = columns > widest ? columns : widest;
  }
  return widest < WIDEST_CELL ? widest : WIDEST_CELL;
}

static const char *
ordinal_ending(int n)
{
  return n == 2 ? "nd" : n == 3 ? "rd" : "th";
}

static void
print_label(const reading *r, const shed_sounding_measure *m)
{
  char label[48];
  if (m->pass > 1) {
    (void)snprintf(label, sizeof(label), "%s, %d%s time", m->number, m->pass, ordinal_ending(m->pass));
  } else {
    (void)snprintf(label, sizeof(label), "%s", m->number);
  }
  (void)fprintf(r->cli->out, "%*s", LABEL_COLUMNS + 2, label);
}

// The cells of one measure from note i on. @return the note behind them.
static size_t
print_measure(const reading *r, size_t measure, size_t i, size_t width)
{
  FILE  *out    = r->cli->out;
  size_t most   = (size_t)shed_cli_columns(r->cli);
  size_t column = LABEL_COLUMNS + 2;
  size_t owed   = CELL_GAP; // blanks before the next cell; none are left at a line's end
  print_label(r, &r->line.measures[measure]);
  if (i >= r->line.n_notes || (size_t)r->line.notes[i].measure_index != measure) {
    (void)fprintf(out, "%*srest\n", CELL_GAP, "");
    return i;
  }
  while (i < r->line.n_notes && (size_t)r->line.notes[i].measure_index == measure) {
    char cell[CELL_TEXT];
    i              = cell_of(&r->line, i, cell);
    size_t columns = shed_utf8_columns(cell);
    if (column > LABEL_COLUMNS + 2 && column + owed + columns > most) {
      (void)fprintf(out, "\n%*s", LABEL_COLUMNS + 2, "");
      column = LABEL_COLUMNS + 2;
      owed   = CELL_GAP;
    }
    (void)fprintf(out, "%*s%s", (int)owed, "", cell);
    column += owed + columns;
    owed = CELL_GAP + (columns < width ? width - columns : 0);
  }
  (void)fprintf(out, "\n");
  return i;
}

static void
print_parts(const reading *r)
{
  FILE *out = r->cli->out;
  (void)fprintf(out, "Parts\n");
  for (size_t i = 0; i < shed_score_parts(r->score); i++) {
    shed_part_info info  = shed_score_part(r->score, i);
    int            moved = info.transpose_semitones;
    (void)fprintf(out, "  %zu  %s", i + 1, info.name[0] ? info.name : "without a name");
    if (info.id[0] && strcmp(info.name, info.id) != 0) {
      (void)fprintf(out, " (%s)", info.id);
    }
    if (info.staves > 1) {
      (void)fprintf(out, ", %d staves", info.staves);
    }
    if (moved) {
      (void)fprintf(out, ", sounds %d %s %s than written", moved < 0 ? -moved : moved,
                    moved == 1 || moved == -1 ? "semitone" : "semitones", moved < 0 ? "lower" : "higher");
    }
    (void)fprintf(out, "%s\n", info.unpitched ? ", without pitch" : "");
  }
}

static void
print_head(const reading *r)
{
  FILE       *out      = r->cli->out;
  const char *title    = shed_score_title(r->score);
  const char *composer = shed_score_composer(r->score);
  if (title[0]) {
    (void)fprintf(out, "%s%s%s%s\n\n", title, composer[0] ? " (" : "", composer, composer[0] ? ")" : "");
  }
}

static shed_exit
print_text(const reading *r)
{
  FILE            *out  = r->cli->out;
  const shed_line *line = &r->line;
  size_t           part = shed_score_find_part(r->score, r->sel.part);
  shed_part_info   info = shed_score_part(r->score, part);
  char             bpm[32];
  (void)shed_format_double(bpm, sizeof(bpm), line->tempo_bpm, 1);
  print_head(r);
  print_parts(r);
  (void)fprintf(out, "\nPart %zu%s%s: %zu %s, %.1f s at %s quarter notes a minute%s\n", part + 1,
                info.name[0] ? ", " : "", info.name, line->n_notes, line->n_notes == 1 ? "note" : "notes",
                line->length_s, bpm, line->tempo_marks ? "" : " (no tempo is written)");
  if (line->n_notes == 0) {
    return SHED_EXIT_DONE;
  }
  (void)fprintf(out, "%*s  beat, sounding note, length in quarter notes\n", LABEL_COLUMNS + 2, "measure");
  size_t width = cell_width(line);
  size_t next  = 0;
  for (size_t i = 0; i < line->n_measures; i++) {
    next = print_measure(r, i, next, width);
  }
  return SHED_EXIT_DONE;
}

// -- the command --------------------------------------------------------------------------------------------------

static shed_exit
read_and_print(reading *r)
{
  shed_cli   *cli = r->cli;
  shed_error  err = {0};
  shed_status st  = shed_selection_read(shed_cli_option(cli, "part"), shed_cli_option(cli, "measures"),
                                        &r->text, &r->sel, &err);
  if (st != SHED_OK) {
    return shed_cli_usage(cli, "%s %s", err.where, err.what);
  }
  if ((st = shed_score_load(cli->args[0], NULL, &r->score, &err)) != SHED_OK ||
      (st = shed_score_perform(r->score, &r->sel, NULL, &r->line, &err)) != SHED_OK) {
    return shed_cli_error(cli, st, &err);
  }
  if (shed_cli_has(cli, "json")) {
    return print_json(r);
  }
  for (size_t i = 0; i < r->line.n_warnings; i++) {
    (void)fprintf(cli->err, "woodshed: %s: %s\n", r->line.warnings[i].where, r->line.warnings[i].what);
  }
  return print_text(r);
}

static shed_exit
run(shed_cli *cli)
{
  reading   r    = {.cli = cli};
  shed_exit code = read_and_print(&r);
  shed_line_free(&r.line);
  shed_score_free(r.score);
  return code;
}

static const shed_option options[] = {
    {"part", "N|NAME", "which part, also N:STAFF:VOICE (default: the first)", NULL},
    {"measures", "A-B", "only these measures, as printed; repeats are not played out then", NULL},
    SHED_OPTION_JSON,
};
static const shed_action actions[] = {{"", "FILE", "", 1, 1, run}};

const shed_command shed_command_read = {
    "read",
    "List the parts of a score, and what sounds in the order of playing",
    "FILE is MusicXML (.musicxml, .xml, .mxl) ABC (.abc; of a file with several tunes the first is "
    "read)\n"
    "or a MIDI file (.mid; each channel of each track is a part, bars and beats are told from its times).\n"
    "Repeats are played out, tied notes are one note, rests are none. Notes are named as they sound; seconds "
    "follow\n"
    "the tempo marks, or 120 quarter notes a minute where there are none.",
    actions,
    SHED_COUNTOF(actions),
    options,
    SHED_COUNTOF(options),
};
