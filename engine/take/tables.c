// About this file: lists of notes and of onsets.
#include "engine/take/csv.h"
#include "engine/take/kinds.h"

#include <math.h>

// A list may be cut a little after the first sound began: times from -1 s on.
enum { ONSET, OFFSET, MIDI, CENTS, NOTE_CONFIDENCE, NOTE_COLUMNS };
static const shed_csv_column note_columns[NOTE_COLUMNS] = {
    [ONSET]           = {"onset_s", -1, SHED_GIVEN_MAX_S, true, false},
    [OFFSET]          = {"offset_s", -1, SHED_GIVEN_MAX_S, true, false},
    [MIDI]            = {"midi", 0, 127, true, true},
    [CENTS]           = {"cents", -100, 100, false, true},
    [NOTE_CONFIDENCE] = {"confidence", 0, 1, false, true},
};

enum { TIME, STRENGTH, ONSET_CONFIDENCE, ONSET_COLUMNS };
static const shed_csv_column onset_columns[ONSET_COLUMNS] = {
    [TIME]             = {"onset_s", -1, SHED_GIVEN_MAX_S, true, false},
    [STRENGTH]         = {"strength", 0, 1e6, false, true},
    [ONSET_CONFIDENCE] = {"confidence", 0, 1, false, true},
};

static double
or_else(double x, double otherwise)
{
  return isnan(x) ? otherwise : x;
}

// The nearest whole note number and the cents from it, whatever way the file puts them.
static void
set_pitch(shed_heard_note *n, double midi, double cents)
{
  if (isnan(midi)) {
    n->midi = -1;
    return;
  }
  double pitch = fmin(fmax(midi + or_else(cents, 0) / 100, 0), 127);
  n->midi      = (int)lround(pitch);
  n->cents     = (float)((pitch - n->midi) * 100);
}

static shed_status
add_note(const shed_csv *csv, const double *v, shed_take *take, size_t *cap, shed_error *err)
{
  const shed_heard_note *last = take->n_notes ? &take->notes[take->n_notes - 1] : NULL;
  if (v[OFFSET] < v[ONSET]) {
    return shed_csv_fail(csv, err, SHED_E_RANGE, "offset_s %g lies before onset_s %g", v[OFFSET], v[ONSET]);
  }
  if (last && (float)v[ONSET] < last->onset_s) {
    return shed_csv_fail(csv, err, SHED_E_RANGE,
                         "onset_s %g lies before that of the row above, %g: rows come in order of onset",
                         v[ONSET], (double)last->onset_s);
  }
  if (take->n_notes == SHED_GIVEN_MAX_NOTES) {
    return shed_csv_fail(csv, err, SHED_E_LIMIT, "there are more than %d notes", (int)SHED_GIVEN_MAX_NOTES);
  }
  shed_status st = shed_grow(take->alloc, (void **)&take->notes, cap, take->n_notes, sizeof(*take->notes));
  if (st == SHED_OK) {
    shed_heard_note *n = &take->notes[take->n_notes++];
    *n                 = (shed_heard_note){.onset_s    = (float)v[ONSET],
                                           .offset_s   = (float)v[OFFSET],
                                           .confidence = (float)or_else(v[NOTE_CONFIDENCE], 1),
                                           .level_db   = SHED_GIVEN_SOUNDS_DB,
                                           .cents_sd   = (float)NAN};
    set_pitch(n, v[MIDI], v[CENTS]);
    take->duration_s = fmax(take->duration_s, v[OFFSET]);
  }
  return st;
}

shed_status
shed_given_read_notes(const char *data, size_t n, const char *name, shed_take *take, shed_error *err)
{
  shed_csv    csv;
  double      v[NOTE_COLUMNS];
  size_t      cap  = 0;
  bool        more = true;
  shed_status st   = shed_csv_open(&csv, data, n, name, note_columns, NOTE_COLUMNS, err);
  while (st == SHED_OK && (st = shed_csv_row(&csv, v, &more, err)) == SHED_OK && more) {
    st = add_note(&csv, v, take, &cap, err);
  }
  if (st == SHED_OK && !shed_csv_has(&csv, CENTS)) {
    take->kind = SHED_TAKE_MIDI; // keys, of whose tuning nothing is known
  }
  return st == SHED_OK ? shed_given_onsets_of_notes(take) : st;
}

static shed_status
add_onset(const shed_csv *csv, const double *v, shed_take *take, size_t *cap, shed_error *err)
{
  const shed_heard_onset *last = take->n_onsets ? &take->onsets[take->n_onsets - 1] : NULL;
  if (last && (float)v[TIME] < last->time_s) {
    return shed_csv_fail(csv, err, SHED_E_RANGE,
                         "onset_s %g lies before that of the row above, %g: rows come in order of time",
                         v[TIME], (double)last->time_s);
  }
  if (take->n_onsets == SHED_GIVEN_MAX_NOTES) {
    return shed_csv_fail(csv, err, SHED_E_LIMIT, "there are more than %d onsets", (int)SHED_GIVEN_MAX_NOTES);
  }
  shed_status st = shed_grow(take->alloc, (void **)&take->onsets, cap, take->n_onsets, sizeof(*take->onsets));
  if (st == SHED_OK) {
    take->onsets[take->n_onsets++] = (shed_heard_onset){(float)v[TIME], (float)or_else(v[STRENGTH], 1),
                                                        (float)or_else(v[ONSET_CONFIDENCE], 1)};
    take->duration_s               = fmax(take->duration_s, v[TIME]);
  }
  return st;
}

shed_status
shed_given_read_onsets(const char *data, size_t n, const char *name, shed_take *take, shed_error *err)
{
  shed_csv    csv;
  double      v[ONSET_COLUMNS];
  size_t      cap  = 0;
  bool        more = true;
  shed_status st   = shed_csv_open(&csv, data, n, name, onset_columns, ONSET_COLUMNS, err);
  while (st == SHED_OK && (st = shed_csv_row(&csv, v, &more, err)) == SHED_OK && more) {
    st = add_onset(&csv, v, take, &cap, err);
  }
  return st;
}
