/// About this file: which lines of an ABC file are the tune, and what kind each is (2). A file may hold many tunes: the
/// first one is read, and a warning says how many are left out; a tune of several voices (V:) becomes a score of as many
/// parts. Nothing beside the file is opened.
#include "engine/score/abc_reader.h"
#include "engine/score/readers.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SNIFF_BYTES = 64 * 1024 };

typedef enum { BEFORE, HEADER, BODY, AFTER } stage;

typedef struct {
  shed_abc_reader r;
  stage           stage;
  bool            file_header; ///< in BEFORE: the block at the file's beginning
  bool            in_block;    ///< between %%begin... and %%end...
  bool            cut_told;    ///< that what follows an empty line is left out
  int             others;      ///< tunes behind the one that is read
  shed_str        field;       ///< a field with its +: lines
  char           *text;        ///< the file, NUL-terminated, lines cut apart
} abc_file;

shed_status
shed_abc_refuse(shed_abc_reader *r, const char *fmt, ...)
{
  char    what[400];
  va_list ap;
  va_start(ap, fmt);
  (void)vsnprintf(what, sizeof(what), fmt, ap);
  va_end(ap);
  return shed_score_fail(r->score, r->err, SHED_E_FORMAT, r->line, "%s", what);
}

shed_status
shed_abc_warn(shed_abc_reader *r, const char *fmt, ...)
{
  char    what[SHED_WARNING_TEXT];
  va_list ap;
  va_start(ap, fmt);
  (void)vsnprintf(what, sizeof(what), fmt, ap);
  va_end(ap);
  return shed_score_warn(r->score, r->line, "%s", what);
}

void
shed_abc_reader_free(shed_abc_reader *r)
{
  for (size_t i = 0; i < r->n_voices; i++) {
    shed_free(r->alloc, r->voices[i].notes);
  }
  shed_free(r->alloc, r->voices);
  shed_free(r->alloc, r->columns);
  shed_free(r->alloc, r->sections);
  shed_free(r->alloc, r->signs);
  shed_str_free(&r->expanded);
  shed_str_free(&r->order);
}

static bool
is_field(const char *line)
{
  return isalpha((unsigned char)line[0]) && line[1] == ':';
}

// A tune that was pasted with an indent: fields begin lines all the same.
static char *
field_behind_blanks(char *line)
{
  char *p = line + strspn(line, " \t");
  return is_field(p) && p[2] != '|' && p[2] != ':' ? p : line;
}

bool
shed_score_is_abc(const char *data, size_t n)
{
  bool tune = false;
  bool key  = false;
  n         = n < SNIFF_BYTES ? n : SNIFF_BYTES;
  if (n >= 4 && memcmp(data, "%abc", 4) == 0) {
    return true;
  }
  for (size_t i = 0; i + 2 < n; i++) {
    if (data[i] == '\0') {
      return false;
    }
    if ((i == 0 || data[i - 1] == '\n' || data[i - 1] == '\r') && data[i + 1] == ':') {
      size_t at = i + 2;
      while (at < n && (data[at] == ' ' || data[at] == '\t')) {
        at++;
      }
      tune = tune || (data[i] == 'X' && at < n && isdigit((unsigned char)data[at]));
      key  = key || (tune && data[i] == 'K');
    }
  }
  return tune && key;
}

// Cut a comment and the blanks before it; "\%" is a percent sign (2.2.5).
static void
cut_comment(char *line)
{
  for (char *p = line; *p; p++) {
    if (*p == '%' && (p == line || p[-1] != '\\')) {
      *p = '\0';
      break;
    }
  }
  size_t n = strlen(line);
  while (n > 0 && isspace((unsigned char)line[n - 1])) {
    line[--n] = '\0';
  }
}

// The next line, cut off in place; NULL at the end. Ends are LF, CR LF or CR.
static char *
next_line(char **at, int *number)
{
  char *line = *at;
  if (!line || *line == '\0') {
    return NULL;
  }
  size_t n = strcspn(line, "\r\n");
  char  *p = line + n;
  if (*p) {
    bool crlf = p[0] == '\r' && p[1] == '\n';
    *p        = '\0';
    p += crlf ? 2 : 1;
  }
  *at = p;
  (*number)++;
  return line;
}

// A field with the +: lines that continue it.
static shed_status
obey_field(abc_file *f, const char *line, char **rest)
{
  char first = line[0];
  int  own   = f->r.line;
  int  last  = own;
  shed_str_clear(&f->field);
  shed_str_add(&f->field, line + 2);
  while (*rest && shed_starts_with(*rest, "+:")) {
    char *more = next_line(rest, &last);
    cut_comment(more);
    shed_str_add(&f->field, " ");
    shed_str_add(&f->field, more + 2);
  }
  if (f->field.failed) {
    return SHED_E_NOMEM;
  }
  shed_status st = shed_abc_field(&f->r, first, shed_str_text(&f->field));
  f->r.line      = last;
  return st;
}

static shed_status
before_tune(abc_file *f, const char *line, char **rest)
{
  if (line[0] == '\0') {
    f->file_header = false;
    return SHED_OK;
  }
  if (is_field(line) && line[0] == 'X') {
    f->stage = HEADER;
    return SHED_OK;
  }
  if (f->file_header && is_field(line)) {
    shed_status st = obey_field(f, line, rest);
    if (st == SHED_OK && f->r.in_body) {
      f->stage = BODY;
      st       = shed_abc_warn(&f->r, "the tune has no X: field; it is read all the same");
    }
    return st;
  }
  return SHED_OK; // free text
}

static shed_status
in_header(abc_file *f, const char *line, char **rest)
{
  if (line[0] == '\0' || line[0] == 'X') {
    return shed_abc_refuse(&f->r, "the tune's header ends without a K: field; write one, for example K:C");
  }
  if (!is_field(line)) {
    return shed_abc_warn(&f->r, "\"%.40s\" stands in the header and is no field; it is passed over", line);
  }
  shed_status st = obey_field(f, line, rest);
  if (f->r.in_body) {
    f->stage = BODY;
  }
  return st;
}

static shed_status
in_tune(abc_file *f, char *line, char **rest)
{
  if (line[0] == '\0') {
    f->stage = AFTER;
    return SHED_OK;
  }
  // "d:|" begins like a field and is music
  if (is_field(line) && line[2] != '|' && line[2] != ':') {
    if (line[0] == 'X') {
      f->stage = AFTER;
      f->others++;
      return SHED_OK;
    }
    return obey_field(f, line, rest);
  }
  return shed_abc_music(&f->r, line);
}

static shed_status
after_tune(abc_file *f, const char *line)
{
  if (is_field(line) && line[0] == 'X') {
    f->others++;
  } else if (line[0] && f->others == 0 && !f->cut_told) {
    f->cut_told = true;
    return shed_abc_warn(&f->r, "the tune ends at the empty line before this one; what follows is not read");
  }
  return SHED_OK;
}

// Comments, directives and blocks of them. @return true when the line is done.
static bool
is_aside(abc_file *f, char *line, shed_status *st)
{
  *st = SHED_OK;
  if (f->in_block) {
    f->in_block = !shed_starts_with(line, "%%end");
    return true;
  }
  if (shed_starts_with(line, "%%")) {
    cut_comment(line + 2);
    f->in_block = shed_starts_with(line, "%%begin");
    if (!f->in_block && f->stage != AFTER) {
      *st = shed_abc_directive(&f->r, line + 2);
    }
    return true;
  }
  return line[strspn(line, " \t")] == '%'; // as if the line were not there
}

static shed_status
read_lines(abc_file *f)
{
  char       *at = f->text;
  char       *line;
  shed_status st = SHED_OK;
  while (st == SHED_OK && (line = next_line(&at, &f->r.line)) != NULL) {
    if (is_aside(f, line, &st)) {
      continue;
    }
    cut_comment(line);
    line = field_behind_blanks(line);
    switch (f->stage) {
    case BEFORE:
      st = before_tune(f, line, &at);
      break;
    case HEADER:
      st = in_header(f, line, &at);
      break;
    case BODY:
      st = in_tune(f, line, &at);
      break;
    case AFTER:
      st = after_tune(f, line);
      break;
    }
  }
  return st;
}

// Control characters but for tabs and line ends are blanks: no reader of fields need know them.
static void
blank_controls(char *text)
{
  for (char *p = text; *p; p++) {
    if ((unsigned char)*p < ' ' && *p != '\t' && *p != '\n' && *p != '\r') {
      *p = ' ';
    }
  }
}

static shed_status
read_tune(abc_file *f)
{
  shed_status st = read_lines(f);
  if (st != SHED_OK) {
    return st;
  }
  if (f->stage == BEFORE) {
    return shed_abc_refuse(&f->r, "holds no tune: a tune begins with X:1 and its header ends with K:");
  }
  if (f->stage == HEADER) {
    return shed_abc_refuse(&f->r, "the tune's header has no K: field; write one, for example K:C");
  }
  if (f->others > 0) {
    st = shed_score_warn(f->r.score, 0, "holds %d tunes; the first is read and the other %d left out",
                         f->others + 1, f->others);
  }
  return st == SHED_OK ? shed_abc_end(&f->r) : st;
}

// The header's state before any field: C major, free metre, eighths.
static void
set_defaults(shed_abc_reader *r)
{
  shed_beat zero = shed_beat_of(0, 1);
  shed_beat one  = shed_beat_of(1, 1);
  r->defaults    = (shed_abc_voice){
         .metre         = {.length = zero},
         .unit          = shed_beat_of(1, 2),
         .at            = zero,
         .tuplet_ratio  = one,
         .broken        = one,
         .last_duration = zero,
         .key_new       = true,
         .metre_new     = true,
  };
}

shed_status
shed_score_read_abc(const char *data, size_t n, shed_score *score, shed_error *err)
{
  abc_file *f = shed_calloc(score->alloc, 1, sizeof(*f));
  if (!f) {
    return SHED_E_NOMEM;
  }
  f->r           = (shed_abc_reader){.score    = score,
                                     .alloc    = score->alloc,
                                     .err      = err,
                                     .expanded = {.alloc = score->alloc},
                                     .order    = {.alloc = score->alloc}};
  f->field.alloc = score->alloc;
  f->file_header = true;
  set_defaults(&f->r);
  shed_status st  = SHED_E_NOMEM;
  bool        bom = n >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0;
  if (memchr(data, '\0', n)) {
    st = shed_abc_refuse(&f->r, "is not text: it holds a zero byte");
  } else if ((f->text = shed_strndup(score->alloc, data + (bom ? 3 : 0), n - (bom ? 3 : 0))) != NULL) {
    blank_controls(f->text);
    st = read_tune(f);
  }
  shed_abc_reader_free(&f->r);
  shed_str_free(&f->field);
  shed_free(score->alloc, f->text);
  shed_free(score->alloc, f);
  return st;
}
