#include "engine/task/line_json.h"

#include "engine/task/fields.h"

#include <stdint.h>
#include <stdio.h>

#define MOST_S 1e7 // longer than any performance: 115 days

enum { ALL_FLAGS = 2 * SHED_NOTE_WAIT - 1, MOST_WARNINGS = 1000 };

#define NOTE(member)    SHED_FIELD_AT(shed_sounding_note, member)
#define MEASURE(member) SHED_FIELD_AT(shed_sounding_measure, member)
#define LINE(member)    SHED_FIELD_AT(shed_line, member)
#define WARNING(member) SHED_FIELD_AT(shed_score_warning, member)

static const shed_field note_fields[] = {
    {"id", SHED_FIELD_TEXT, NOTE(id), 0, 0, false, NULL},
    {"pass", SHED_FIELD_INT, NOTE(pass), 0, SHED_LINE_NOTES, false, NULL},
    {"measure", SHED_FIELD_TEXT, NOTE(measure), 0, 0, false, NULL},
    {"measure_index", SHED_FIELD_INT, NOTE(measure_index), 0, SHED_LINE_NOTES, false, NULL},
    {"beat", SHED_FIELD_REAL, NOTE(beat), -1e6, 1e6, false, NULL},
    {"pitched", SHED_FIELD_BOOL, NOTE(pitched), 0, 0, false, NULL},
    {"midi", SHED_FIELD_INT, NOTE(midi), -64, 192, false, NULL},
    {"cents", SHED_FIELD_REAL, NOTE(cents), -50, 50, false, NULL},
    {"sounding", SHED_FIELD_PITCH, NOTE(sounding), 0, 0, false, NULL},
    {"written", SHED_FIELD_PITCH, NOTE(written), 0, 0, false, NULL},
    {"onset_beats", SHED_FIELD_BEAT, NOTE(onset_beats), 0, 0, false, NULL},
    {"duration_beats", SHED_FIELD_BEAT, NOTE(duration_beats), 0, 0, false, NULL},
    {"onset_s", SHED_FIELD_REAL, NOTE(onset_s), -MOST_S, MOST_S, false, NULL},
    {"duration_s", SHED_FIELD_REAL, NOTE(duration_s), 0, MOST_S, false, NULL},
    {"staff", SHED_FIELD_INT, NOTE(staff), 0, 1000, false, NULL},
    {"voice", SHED_FIELD_TEXT, NOTE(voice), 0, 0, false, NULL},
    {"flags", SHED_FIELD_INT, NOTE(flags), 0, ALL_FLAGS, false, NULL},
};

static const shed_field measure_fields[] = {
    {"number", SHED_FIELD_TEXT, MEASURE(number), 0, 0, false, NULL},
    {"pass", SHED_FIELD_INT, MEASURE(pass), 0, SHED_LINE_NOTES, false, NULL},
    {"start_beats", SHED_FIELD_BEAT, MEASURE(start_beats), 0, 0, false, NULL},
    {"length_beats", SHED_FIELD_BEAT, MEASURE(length_beats), 0, 0, false, NULL},
    {"beats", SHED_FIELD_INT, MEASURE(beats), 0, 100000, false, NULL},
    {"beat_type", SHED_FIELD_INT, MEASURE(beat_type), 0, 100000, false, NULL},
    {"fifths", SHED_FIELD_INT, MEASURE(fifths), -100, 100, false, NULL},
    {"pickup", SHED_FIELD_BOOL, MEASURE(pickup), 0, 0, false, NULL},
    {"start_s", SHED_FIELD_REAL, MEASURE(start_s), -MOST_S, MOST_S, false, NULL},
};

static const shed_field line_fields[] = {
    {"tempo_bpm", SHED_FIELD_REAL, LINE(tempo_bpm), 0, 1e5, false, NULL},
    {"tempo_marks", SHED_FIELD_INT, LINE(tempo_marks), 0, INT32_MAX, false, NULL},
    {"length_s", SHED_FIELD_REAL, LINE(length_s), -MOST_S, MOST_S, false, NULL},
    {"length_beats", SHED_FIELD_BEAT, LINE(length_beats), 0, 0, false, NULL},
    {"swing", SHED_FIELD_REAL, LINE(swing), 0, 1000, false, NULL},
};

static const shed_field warning_fields[] = {
    {"where", SHED_FIELD_TEXT, WARNING(where), 0, 0, false, NULL},
    {"what", SHED_FIELD_TEXT, WARNING(what), 0, 0, false, NULL},
};

static shed_json *
rows_to_json(const void *rows, size_t n, size_t size, const shed_field *fields, size_t n_fields)
{
  shed_json *list = shed_json_array();
  for (size_t i = 0; i < n; i++) {
    shed_json *row = shed_json_object();
    shed_fields_write(row, fields, n_fields, true, (const char *)rows + i * size);
    shed_json_add(list, row);
  }
  return list;
}

shed_json *
shed_line_to_json(const shed_line *line)
{
  shed_json *o = shed_json_object();
  shed_fields_write(o, line_fields, SHED_COUNTOF(line_fields), true, line);
  shed_json_set(o, "measures",
                rows_to_json(line->measures, line->n_measures, sizeof(*line->measures), measure_fields,
                             SHED_COUNTOF(measure_fields)));
  shed_json_set(
      o, "notes",
      rows_to_json(line->notes, line->n_notes, sizeof(*line->notes), note_fields, SHED_COUNTOF(note_fields)));
  shed_json_set(o, "warnings",
                rows_to_json(line->warnings, line->n_warnings, sizeof(*line->warnings), warning_fields,
                             SHED_COUNTOF(warning_fields)));
  return o;
}

typedef struct {
  const char       *key;
  size_t            most;
  size_t            size;
  const shed_field *fields;
  size_t            n_fields;
} row_kind;

// *rows is set as soon as it exists, so that the caller frees what a failure leaves.
static shed_status
rows_from_json(const shed_json *v, const row_kind *kind, const shed_alloc *alloc, void **rows, size_t *n,
               shed_error *err)
{
  const shed_json *list = shed_json_get(v, kind->key);
  size_t           size = shed_json_size(list);
  char             where[64];
  if (!shed_json_is_array(list)) {
    return shed_fail(err, SHED_E_FORMAT, kind->key, "is not a list");
  }
  if (size > kind->most) {
    return shed_fail(err, SHED_E_LIMIT, kind->key, "has %zu entries, the most is %zu", size, kind->most);
  }
  if (size == 0) {
    return SHED_OK;
  }
  *rows = shed_calloc(alloc, size, kind->size);
  if (!*rows) {
    return SHED_E_NOMEM;
  }
  *n = size;
  for (size_t i = 0; i < size; i++) {
    shed_status st = shed_fields_read(shed_json_at(list, i), kind->fields, kind->n_fields, true,
                                      (char *)*rows + i * kind->size, err);
    if (st != SHED_OK) {
      (void)snprintf(where, sizeof(where), "%s[%zu]", kind->key, i);
      shed_error_within(err, where);
      return st;
    }
  }
  return SHED_OK;
}

// What judges rely on without looking: indices in range, fractions that are fractions.
static shed_status
settle(shed_line *line, shed_error *err)
{
  for (size_t i = 0; i < line->n_measures; i++) {
    if (line->measures[i].start_beats.den == 0) {
      line->measures[i].start_beats = shed_beat_of(0, 1);
    }
    if (line->measures[i].length_beats.den == 0) {
      line->measures[i].length_beats = shed_beat_of(0, 1);
    }
  }
  for (size_t i = 0; i < line->n_notes; i++) {
    shed_sounding_note *note = &line->notes[i];
    note->index              = (int)i;
    if (note->onset_beats.den == 0 || note->duration_beats.den == 0) {
      return shed_fail(err, SHED_E_FORMAT, "notes", "note %zu has no place or no length in beats", i);
    }
    if (note->measure_index != 0 && (size_t)note->measure_index >= line->n_measures) {
      return shed_fail(err, SHED_E_FORMAT, "notes", "note %zu is in measure %d of %zu", i,
                       note->measure_index, line->n_measures);
    }
  }
  return SHED_OK;
}

shed_status
shed_line_from_json(const shed_json *v, const shed_alloc *alloc, shed_line *out, shed_error *err)
{
  static const row_kind measures = {"measures", SHED_LINE_NOTES, sizeof(shed_sounding_measure),
                                    measure_fields, SHED_COUNTOF(measure_fields)};
  static const row_kind notes    = {"notes", SHED_LINE_NOTES, sizeof(shed_sounding_note), note_fields,
                                    SHED_COUNTOF(note_fields)};
  static const row_kind warnings = {"warnings", MOST_WARNINGS, sizeof(shed_score_warning), warning_fields,
                                    SHED_COUNTOF(warning_fields)};
  shed_line             line     = {.alloc = alloc};
  shed_status           st = shed_fields_read(v, line_fields, SHED_COUNTOF(line_fields), true, &line, err);
  void                 *rows[3] = {NULL, NULL, NULL};
  size_t                n[3]    = {0, 0, 0};
  if (st == SHED_OK) {
    st = rows_from_json(v, &measures, alloc, &rows[0], &n[0], err);
  }
  if (st == SHED_OK) {
    st = rows_from_json(v, &notes, alloc, &rows[1], &n[1], err);
  }
  if (st == SHED_OK) {
    st = rows_from_json(v, &warnings, alloc, &rows[2], &n[2], err);
  }
  line.measures   = rows[0];
  line.n_measures = n[0];
  line.notes      = rows[1];
  line.n_notes    = n[1];
  line.warnings   = rows[2];
  line.n_warnings = n[2];
  if (st == SHED_OK) {
    st = settle(&line, err);
  }
  if (st != SHED_OK) {
    shed_line_free(&line);
    return st;
  }
  *out = line;
  return SHED_OK;
}
