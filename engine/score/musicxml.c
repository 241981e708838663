// About this file: the way through a MusicXML document, partwise or timewise, by libxml2's reader: one child of a measure
// at a time is in memory. No network, no DTD, no entity; depth and text lengths are libxml2's own limits (256, 10 MB).

#include "engine/base/str.h"
#include "engine/score/musicxml_bytes.h"
#include "engine/score/musicxml_guard.h"
#include "engine/score/musicxml_read.h"
#include "engine/score/readers.h"

#include <libxml/xmlerror.h>
#include <libxml/xmlreader.h>
#include <stdio.h>
#include <string.h>

typedef shed_status (*measure_child)(musicxml_reading *r, const xmlNode *node);

// What libxml2 said first.
typedef struct {
  int  code;
  int  line;
  char text[200];
} complaint;

typedef struct {
  musicxml_reading r;
  xmlTextReaderPtr xml;
  bool             timewise;
  int              n_measures; // timewise: columns opened
  complaint        first;
} document;

static void
complain(void *ctx, xmlErrorPtr error)
{
  complaint *first = ctx;
  // the document type that a file names, and that nobody fetches, declares entities for letters with accents
  bool harmless = error->code == XML_WAR_UNDECLARED_ENTITY;
  if (first->code == 0 && error->level >= XML_ERR_ERROR && !harmless) {
    first->code = error->code;
    first->line = error->line;
    (void)snprintf(first->text, sizeof(first->text), "%s",
                   error->message ? error->message : "no reason given");
    first->text[strcspn(first->text, "\n")] = '\0';
  }
}

static int
line_of(document *d)
{
  return xmlTextReaderGetParserLineNumber(d->xml);
}

musicxml_part *
musicxml_here(musicxml_reading *r)
{
  return &r->parts[r->part];
}

bool
musicxml_is_ignored(const char *name)
{
  static const char *const names[] = {
#define SHED_IGNORED(name) name,
#include "engine/score/musicxml_ignored.def"
#undef SHED_IGNORED
  };
  for (size_t i = 0; i < SHED_COUNTOF(names); i++) {
    if (strcmp(names[i], name) == 0) {
      return true;
    }
  }
  return false;
}

shed_status
musicxml_warn_unknown(musicxml_reading *r, const xmlNode *node)
{
  const char *name = musicxml_name(node);
  if (musicxml_is_ignored(name) || r->n_unknown >= MUSICXML_MAX_UNKNOWN) {
    return SHED_OK;
  }
  for (size_t i = 0; i < r->n_unknown; i++) {
    if (strncmp(r->unknown[i], name, sizeof(r->unknown[i]) - 1) == 0) {
      return SHED_OK;
    }
  }
  (void)snprintf(r->unknown[r->n_unknown++], sizeof(r->unknown[0]), "%s", name);
  return shed_score_warn(r->score, musicxml_line(node), "<%.40s> is not known here: skipped", name);
}

// What libxml2 refused, in words.
static shed_status
malformed(document *d)
{
  if (d->first.code == XML_ERR_NO_MEMORY) {
    return SHED_E_NOMEM;
  }
  return shed_score_fail(d->r.score, d->r.err, SHED_E_FORMAT, d->first.line ? d->first.line : line_of(d),
                         "malformed XML: %s", d->first.code ? d->first.text : "it ends too early");
}

// The present element whole. NULL: out of memory or malformed.
static const xmlNode *
expand(document *d)
{
  return xmlTextReaderExpand(d->xml);
}

static const char *
attribute(document *d, const char *name, char *buf, size_t size)
{
  xmlChar *value = xmlTextReaderGetAttribute(d->xml, (const xmlChar *)name);
  if (!value) {
    return NULL;
  }
  (void)snprintf(buf, size, "%s", (const char *)value);
  xmlFree(value);
  return buf;
}

static shed_status
set_text(musicxml_reading *r, const xmlNode *node, const char **out)
{
  char text[MUSICXML_TEXT];
  if (!node || !musicxml_text(node, text, sizeof(text))[0]) {
    return SHED_OK;
  }
  *out = shed_score_intern(r->score, text);
  return *out ? SHED_OK : SHED_E_NOMEM;
}

// Title and composer from the document's head.
static shed_status
read_head(musicxml_reading *r, const xmlNode *node)
{
  if (musicxml_is(node, "work")) {
    return set_text(r, musicxml_child(node, "work-title"), &r->score->title);
  }
  if (musicxml_is(node, "movement-title") && !r->score->title[0]) {
    return set_text(r, node, &r->score->title);
  }
  if (musicxml_is(node, "identification")) {
    for (const xmlNode *c = musicxml_first(node); c; c = musicxml_next(c)) {
      if (musicxml_is(c, "creator") && musicxml_attr_is(c, "type", "composer")) {
        return set_text(r, c, &r->score->composer);
      }
    }
  }
  return SHED_OK;
}

static shed_status
read_root_child(document *d)
{
  const xmlNode *node = expand(d);
  if (!node) {
    return malformed(d);
  }
  if (musicxml_is(node, "part-list")) {
    return musicxml_read_part_list(&d->r, node);
  }
  if (!musicxml_is_ignored(musicxml_name(node))) {
    return musicxml_warn_unknown(&d->r, node);
  }
  return read_head(&d->r, node);
}

static shed_status
enter_part(document *d)
{
  char              id[MUSICXML_TEXT] = "";
  musicxml_reading *r                 = &d->r;
  (void)attribute(d, "id", id, sizeof(id));
  for (size_t i = 0; i < r->score->n_parts; i++) {
    if (strcmp(r->score->parts[i].id, id) == 0) {
      r->part = i;
      if (!d->timewise && r->parts[i].measure >= 0) {
        return shed_score_fail(r->score, r->err, SHED_E_FORMAT, line_of(d),
                               "<part id=\"%.60s\"> stands twice", id);
      }
      return SHED_OK;
    }
  }
  shed_status st = musicxml_add_part(r, id, NULL);
  if (st == SHED_OK) {
    r->part = r->score->n_parts - 1;
    st      = shed_score_warn(r->score, line_of(d),
                              "<part id=\"%.60s\"> is not in the <part-list>: read all the same", id);
  }
  return st;
}

// Open a column for the present part.
static shed_status
enter_column(document *d, int index, const char *number, bool implicit)
{
  musicxml_reading *r    = &d->r;
  musicxml_part    *here = musicxml_here(r);
  if (here->measure >= index) {
    return shed_score_fail(r->score, r->err, SHED_E_FORMAT, line_of(d), "a part stands twice in one measure");
  }
  shed_status st = shed_score_open_measure(r->score, index, number);
  if (st == SHED_E_LIMIT) {
    return shed_score_fail(r->score, r->err, st, line_of(d), "the score has more than %d measures",
                           SHED_SCORE_MAX_MEASURES);
  }
  if (st != SHED_OK) {
    return st;
  }
  shed_column *c    = shed_score_column(r->score, index);
  c->implicit       = c->implicit || implicit;
  c->repeat_forward = c->repeat_forward || here->forward_next;
  c->segno          = here->next_segno ? here->next_segno : c->segno;
  c->coda           = here->next_coda ? here->next_coda : c->coda;
  here->next_segno  = NULL;
  here->next_coda   = NULL;

  here->forward_next = false;
  here->measure      = index;
  here->at           = shed_beat_of(0, 1);
  here->onset        = shed_beat_of(0, 1);
  here->counted      = shed_beat_of(0, 1);
  return SHED_OK;
}

static shed_status
read_measure_child(document *d)
{
  static const struct {
    const char   *name;
    measure_child read;
  } rows[] = {
      {"note", musicxml_read_note},
      {"backup", musicxml_read_backup},
      {"forward", musicxml_read_forward},
      {"direction", musicxml_read_direction},
      {"attributes", musicxml_read_attributes},
      {"barline", musicxml_read_barline},
      {"sound", musicxml_read_sound},
  };
  const char *name = (const char *)xmlTextReaderConstLocalName(d->xml);
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    if (strcmp(rows[i].name, name) == 0) {
      const xmlNode *node = expand(d);
      return node ? rows[i].read(&d->r, node) : malformed(d);
    }
  }
  if (musicxml_is_ignored(name)) {
    return SHED_OK;
  }
  const xmlNode *node = expand(d);
  return node ? musicxml_warn_unknown(&d->r, node) : malformed(d);
}

// An element at depth 1 or 2 that holds measures or parts. *inside: go on to its children, do not skip it.
static shed_status
enter_frame(document *d, int depth, const char *name, bool *inside)
{
  char number[64]   = "";
  char implicit[16] = "";
  bool is_part      = strcmp(name, "part") == 0;
  bool is_measure   = strcmp(name, "measure") == 0;
  bool outer        = d->timewise ? is_measure : is_part;
  bool inner        = d->timewise ? is_part : is_measure;
  *inside           = (depth == 1 && outer) || (depth == 2 && inner);
  if (!*inside) {
    return depth == 1 ? read_root_child(d) : SHED_OK;
  }
  if (is_measure) {
    (void)attribute(d, "number", number, sizeof(number));
    (void)attribute(d, "implicit", implicit, sizeof(implicit));
  }
  if (is_part && !d->timewise) {
    return enter_part(d);
  }
  if (is_measure && !d->timewise) {
    return enter_column(d, musicxml_here(&d->r)->measure + 1, number, strcmp(implicit, "yes") == 0);
  }
  if (is_measure) {
    shed_status st = shed_score_open_measure(d->r.score, d->n_measures, number);
    if (st == SHED_OK) {
      shed_score_column(d->r.score, d->n_measures++)->implicit = strcmp(implicit, "yes") == 0;
    }
    return st == SHED_E_LIMIT
               ? shed_score_fail(d->r.score, d->r.err, st, line_of(d), "the score has more than %d measures",
                                 SHED_SCORE_MAX_MEASURES)
               : st;
  }
  shed_status st = enter_part(d);
  return st == SHED_OK ? enter_column(d, d->n_measures - 1, NULL, false) : st;
}

static shed_status
read_root(document *d)
{
  const char *name  = (const char *)xmlTextReaderConstLocalName(d->xml);
  bool        parts = strcmp(name, "score-partwise") == 0;
  d->timewise       = strcmp(name, "score-timewise") == 0;
  if (!parts && !d->timewise) {
    return shed_score_fail(d->r.score, d->r.err, SHED_E_UNSUPPORTED, line_of(d),
                           "is XML but not MusicXML: its outermost element is <%.40s>, not <score-partwise>",
                           name);
  }
  return SHED_OK;
}

// One node of the document. *skip: the reader goes on behind it, not into it.
static shed_status
read_node(document *d, bool *skip)
{
  bool inside = true;
  int  depth  = xmlTextReaderDepth(d->xml);
  *skip       = false;
  if (xmlTextReaderNodeType(d->xml) != XML_READER_TYPE_ELEMENT) {
    return SHED_OK;
  }
  shed_status st = SHED_OK;
  if (depth == 0) {
    st = read_root(d);
  } else if (depth < 3) {
    st = enter_frame(d, depth, (const char *)xmlTextReaderConstLocalName(d->xml), &inside);
  } else {
    st     = read_measure_child(d);
    inside = false;
  }
  *skip = !inside;
  return st;
}

static shed_status
read_document(document *d)
{
  bool skip = false;
  for (;;) {
    int more = skip ? xmlTextReaderNext(d->xml) : xmlTextReaderRead(d->xml);
    if (more == 0 && d->first.code == 0) {
      return SHED_OK;
    }
    if (more != 1) {
      return malformed(d);
    }
    shed_status st = read_node(d, &skip);
    if (st != SHED_OK) {
      return st;
    }
  }
}

// Bare coda signs: where the file says nowhere how to get to the coda, the last of several is the coda and the others are
// the way to it.
static shed_status
settle_signs(musicxml_reading *r)
{
  bool known_way = false;
  int  last      = -1;
  for (size_t i = 0; i < r->score->n_columns; i++) {
    known_way = known_way || r->score->columns[i].to_coda;
  }
  for (size_t i = 0; i < r->n_signs; i++) {
    last = r->signs[i].measure > last ? r->signs[i].measure : last;
  }
  for (size_t i = 0; i < r->n_signs; i++) {
    shed_column *c = shed_score_column(r->score, r->signs[i].measure);
    if (known_way || r->signs[i].measure == last) {
      c->coda = c->coda ? c->coda : "";
    } else {
      c->to_coda = c->to_coda ? c->to_coda : "";
    }
  }
  return SHED_OK;
}

// Coda signs whose <sound> says of each that it is the coda, as MuseScore writes them: of several, where a jump wants to get
// there and nothing says how, the last is the coda and the measures before the others lead to it.
static void
settle_codas(shed_score *score)
{
  bool al_coda = false;
  int  n       = 0;
  int  last    = -1;
  for (size_t i = 0; i < score->n_columns; i++) {
    const shed_column *c = &score->columns[i];
    if (c->to_coda) {
      return;
    }
    al_coda = al_coda || (c->jump != SHED_JUMP_NONE && c->al_coda);
    n += c->coda != NULL;
    last = c->coda ? (int)i : last;
  }
  for (int i = 1; al_coda && n > 1 && i < last; i++) {
    shed_column *c = &score->columns[i];
    if (c->coda) {
      score->columns[i - 1].to_coda = "";
      c->coda                       = NULL;
    }
  }
}

static shed_status
settle(musicxml_reading *r)
{
  if (r->score->n_parts == 0) {
    return shed_score_fail(r->score, r->err, SHED_E_FORMAT, 0, "the score has no parts");
  }
  shed_status st = settle_signs(r);
  settle_codas(r->score);
  return st;
}

bool
shed_score_is_musicxml(const char *data, size_t n)
{
  static const char *const starts[] = {"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"};
  size_t                   at       = 0;
  for (size_t i = 0; i < SHED_COUNTOF(starts); i++) {
    size_t k = strlen(starts[i]);
    if (n > k && memcmp(data, starts[i], k) == 0) {
      at = k;
    }
  }
  while (at < n && (strchr(" \t\r\n", data[at]) || !data[at])) {
    at++;
  }
  return at < n && data[at] == '<';
}

shed_status
shed_score_read_musicxml(const char *data, size_t n, shed_score *score, shed_error *err)
{
  shed_status st = musicxml_guard(score, data, n, err);
  if (st != SHED_OK) {
    return st;
  }
  musicxml_bytes bytes = musicxml_bytes_of(data, n);
  if (bytes.encoding &&
      (st = shed_score_warn(score, 0, "it says that its text is UTF-8, and is not: taken as Latin-1")) !=
          SHED_OK) {
    return st;
  }
  if (bytes.cut &&
      (st = shed_score_warn(score, 0, "what stands behind the end of the score is passed over")) != SHED_OK) {
    return st;
  }
  document *d = shed_calloc(score->alloc, 1, sizeof(*d));
  if (!d) {
    return SHED_E_NOMEM;
  }
  d->r.score = score;
  d->r.err   = err;
  xmlInitParser();
  d->xml = xmlReaderForMemory(bytes.data, (int)bytes.n, NULL, bytes.encoding,
                              XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                  XML_PARSE_BIG_LINES | XML_PARSE_COMPACT);
  st     = SHED_E_NOMEM;
  if (d->xml) {
    xmlTextReaderSetStructuredErrorHandler(d->xml, complain, &d->first);
    st = read_document(d);
    xmlFreeTextReader(d->xml);
  }
  if (st == SHED_OK) {
    st = settle(&d->r);
  }
  shed_free(score->alloc, d->r.parts);
  shed_free(score->alloc, d->r.signs);
  shed_free(score->alloc, d);
  return st;
}
