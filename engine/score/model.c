// About this file: the store behind a score, and what readers call to fill it. Nothing here knows a file format. What
// needs the whole score (endings, transposition, slurs) is in finish.c.

#include "engine/score/model.h"

#include "engine/base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_BLOCK = 16384 };

struct shed_text_block {
  shed_text_block *next;
  size_t           used, size;
  char             text[];
};

shed_status
shed_score_new(shed_score **out, const shed_alloc *alloc, const char *name)
{
  shed_score *score = shed_calloc(alloc, 1, sizeof(*score));
  if (!score) {
    return SHED_E_NOMEM;
  }
  const char *slash = strrchr(name, '/');
  score->alloc      = alloc;
  score->title      = "";
  score->composer   = "";
  score->last_voice = "1";
  (void)snprintf(score->file, sizeof(score->file), "%s", slash ? slash + 1 : name);
  *out = score;
  return SHED_OK;
}

void
shed_score_free(shed_score *score)
{
  if (!score) {
    return;
  }
  const shed_alloc *alloc = score->alloc;
  for (size_t i = 0; i < score->n_parts; i++) {
    shed_free(alloc, score->parts[i].notes);
    shed_free(alloc, score->parts[i].changes);
    shed_free(alloc, score->parts[i].measures);
  }
  shed_free(alloc, score->parts);
  shed_free(alloc, score->columns);
  shed_free(alloc, score->spans);
  shed_free(alloc, score->cuts);
  shed_free(alloc, score->marks);
  shed_free(alloc, score->warnings);
  for (shed_text_block *b = score->texts; b;) {
    shed_text_block *next = b->next;
    shed_free(alloc, b);
    b = next;
  }
  shed_free(alloc, score);
}

const char *
shed_score_intern(shed_score *score, const char *text)
{
  size_t           n = strlen(text) + 1;
  shed_text_block *b = score->texts;
  if (n == 1) {
    return "";
  }
  if (!b || b->size - b->used < n) {
    size_t size = n > TEXT_BLOCK ? n : TEXT_BLOCK;
    b           = shed_malloc(score->alloc, sizeof(*b) + size);
    if (!b) {
      return NULL;
    }
    *b           = (shed_text_block){.next = score->texts, .size = size};
    score->texts = b;
  }
  char *copy = b->text + b->used;
  memcpy(copy, text, n);
  b->used += n;
  return copy;
}

shed_status
shed_score_add_part(shed_score *score, const char *id, const char *name, size_t *index)
{
  if (score->n_parts >= SHED_SCORE_MAX_PARTS) {
    return SHED_E_LIMIT;
  }
  shed_status st = shed_grow(score->alloc, (void **)&score->parts, &score->cap_parts, score->n_parts,
                             sizeof(*score->parts));
  if (st != SHED_OK) {
    return st;
  }
  shed_part *part = &score->parts[score->n_parts];
  *part           = (shed_part){.staves = 1, .instrument = ""};
  part->id        = shed_score_intern(score, id ? id : "");
  part->name      = shed_score_intern(score, name ? name : "");
  if (!part->id || !part->name) {
    return SHED_E_NOMEM;
  }
  *index = score->n_parts++;
  return SHED_OK;
}

shed_status
shed_score_open_measure(shed_score *score, int index, const char *number)
{
  SHED_ASSERT(index >= 0);
  if (index >= SHED_SCORE_MAX_MEASURES) {
    return SHED_E_LIMIT;
  }
  while (score->n_columns <= (size_t)index) {
    shed_status st = shed_grow(score->alloc, (void **)&score->columns, &score->cap_columns, score->n_columns,
                               sizeof(*score->columns));
    if (st != SHED_OK) {
      return st;
    }
    score->columns[score->n_columns++] =
        (shed_column){.number = "", .length = {0, 1}, .lead_in = {0, 1}, .whole = {0, 1}, .jump_label = ""};
  }
  shed_column *column = &score->columns[index];
  if (number && !column->number[0]) {
    const char *copy = shed_score_intern(score, number);
    if (!copy) {
      return SHED_E_NOMEM;
    }
    column->number = copy;
  }
  return SHED_OK;
}

shed_column *
shed_score_column(shed_score *score, int index)
{
  SHED_ASSERT(index >= 0 && (size_t)index < score->n_columns);
  return &score->columns[index];
}

void
shed_score_extend(shed_score *score, int measure, shed_beat end)
{
  shed_column *column = shed_score_column(score, measure);
  if (shed_beat_cmp(end, column->length) > 0) {
    column->length = end;
  }
}

// Most notes share the voice of the note before them.
static const char *
intern_voice(shed_score *score, const char *voice)
{
  if (!voice || strcmp(voice, "1") == 0) {
    return "1";
  }
  if (strcmp(voice, score->last_voice) != 0) {
    const char *copy = shed_score_intern(score, voice);
    if (!copy) {
      return NULL;
    }
    score->last_voice = copy;
  }
  return score->last_voice;
}

shed_status
shed_score_add_note(shed_score *score, size_t part_index, const shed_note *note)
{
  SHED_ASSERT(part_index < score->n_parts && (size_t)note->measure < score->n_columns);
  shed_part *part = &score->parts[part_index];
  shed_note *last = part->n_notes ? &part->notes[part->n_notes - 1] : NULL;
  SHED_ASSERT(!last || last->measure <= note->measure);
  int         ordinal = last && last->measure == note->measure ? last->ordinal + 1 : 1;
  shed_status st =
      shed_grow(score->alloc, (void **)&part->notes, &part->cap_notes, part->n_notes, sizeof(*part->notes));
  if (st != SHED_OK) {
    return st;
  }
  shed_note *copy = &part->notes[part->n_notes];
  *copy           = *note;
  copy->ordinal   = ordinal;
  copy->sounding  = note->written;
  copy->voice     = intern_voice(score, note->voice);
  copy->id        = note->id && note->id[0] ? shed_score_intern(score, note->id) : NULL;
  if (!copy->voice || (note->id && note->id[0] && !copy->id)) {
    return SHED_E_NOMEM;
  }
  if (copy->staff < 1) {
    copy->staff = 1;
  }
  if (copy->staff > part->staves) {
    part->staves = copy->staff;
  }
  part->n_notes++;
  shed_score_extend(score, note->measure, shed_beat_add(note->at, note->duration));
  return SHED_OK;
}

shed_status
shed_score_add_change(shed_score *score, size_t part_index, const shed_change *change)
{
  SHED_ASSERT(part_index < score->n_parts);
  shed_part  *part = &score->parts[part_index];
  shed_status st   = shed_grow(score->alloc, (void **)&part->changes, &part->cap_changes, part->n_changes,
                               sizeof(*part->changes));
  if (st == SHED_OK) {
    part->changes[part->n_changes]       = *change;
    part->changes[part->n_changes].order = part->n_changes;
    part->n_changes++;
  }
  return st;
}

shed_status
shed_score_add_mark(shed_score *score, const shed_mark *mark)
{
  shed_status st = shed_grow(score->alloc, (void **)&score->marks, &score->cap_marks, score->n_marks,
                             sizeof(*score->marks));
  if (st == SHED_OK) {
    score->marks[score->n_marks++] = *mark;
  }
  return st;
}

shed_status
shed_score_add_cut(shed_score *score, const shed_cut *cut)
{
  SHED_ASSERT(cut->measure >= 0 && (size_t)cut->measure < score->n_columns);
  shed_status st =
      shed_grow(score->alloc, (void **)&score->cuts, &score->cap_cuts, score->n_cuts, sizeof(*score->cuts));
  if (st == SHED_OK) {
    score->cuts[score->n_cuts++] = *cut;
  }
  return st;
}

shed_status
shed_score_add_span(shed_score *score, int first, int end)
{
  SHED_ASSERT(first >= 0 && first < end && (size_t)end <= score->n_columns);
  shed_status st = shed_grow(score->alloc, (void **)&score->spans, &score->cap_spans, score->n_spans,
                             sizeof(*score->spans));
  if (st == SHED_OK) {
    score->spans[score->n_spans++] = (shed_span){first, end};
  }
  return st;
}

shed_status
shed_score_warn(shed_score *score, int line, const char *fmt, ...)
{
  shed_score_warning w = {0};
  va_list            ap;
  if (line > 0) {
    // the line must survive a long file name
    (void)snprintf(w.where, sizeof(w.where), "%.48s:%d", score->file, line);
  } else {
    (void)snprintf(w.where, sizeof(w.where), "%.60s", score->file);
  }
  va_start(ap, fmt);
  (void)vsnprintf(w.what, sizeof(w.what), fmt, ap);
  va_end(ap);
  for (size_t i = 0; i < score->n_warnings; i++) {
    if (strcmp(score->warnings[i].where, w.where) == 0 && strcmp(score->warnings[i].what, w.what) == 0) {
      return SHED_OK;
    }
  }
  if (score->n_warnings >= SHED_SCORE_MAX_WARNINGS) {
    score->n_warnings_more++;
    return SHED_OK;
  }
  shed_status st = shed_grow(score->alloc, (void **)&score->warnings, &score->cap_warnings, score->n_warnings,
                             sizeof(*score->warnings));
  if (st == SHED_OK) {
    score->warnings[score->n_warnings++] = w;
  }
  return st;
}

shed_status
shed_score_fail(const shed_score *score, shed_error *err, shed_status st, int line, const char *fmt, ...)
{
  char    where[sizeof(score->file) + 16];
  char    what[sizeof(err->what)];
  va_list ap;
  va_start(ap, fmt);
  (void)vsnprintf(what, sizeof(what), fmt, ap);
  va_end(ap);
  if (line > 0) {
    (void)snprintf(where, sizeof(where), "%s:%d", score->file, line);
  } else {
    (void)snprintf(where, sizeof(where), "%s", score->file);
  }
  return shed_fail(err, st, where, "%s", what);
}

size_t
shed_score_parts(const shed_score *score)
{
  return score->n_parts;
}

shed_part_info
shed_score_part(const shed_score *score, size_t index)
{
  SHED_ASSERT(index < score->n_parts);
  const shed_part *part = &score->parts[index];
  return (shed_part_info){.id                  = part->id,
                          .name                = part->name,
                          .instrument          = part->instrument,
                          .staves              = part->staves,
                          .transpose_semitones = part->first_transpose_semitones,
                          .unpitched           = part->unpitched};
}

const char *
shed_score_title(const shed_score *score)
{
  return score->title;
}

const char *
shed_score_composer(const shed_score *score)
{
  return score->composer;
}
