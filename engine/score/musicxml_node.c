#include "engine/score/musicxml_node.h"

#include "engine/base/str.h"

#include <libxml/tree.h>
#include <string.h>

static const xmlNode *
element(const xmlNode *node)
{
  while (node && node->type != XML_ELEMENT_NODE) {
    node = node->next;
  }
  return node;
}

const char *
musicxml_name(const xmlNode *node)
{
  return (const char *)node->name;
}

bool
musicxml_is(const xmlNode *node, const char *name)
{
  return strcmp(musicxml_name(node), name) == 0;
}

const xmlNode *
musicxml_first(const xmlNode *node)
{
  return node ? element(node->children) : NULL;
}

const xmlNode *
musicxml_next(const xmlNode *node)
{
  return element(node->next);
}

const xmlNode *
musicxml_child(const xmlNode *node, const char *name)
{
  for (const xmlNode *c = musicxml_first(node); c; c = musicxml_next(c)) {
    if (musicxml_is(c, name)) {
      return c;
    }
  }
  return NULL;
}

static bool
is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

const char *
musicxml_text(const xmlNode *node, char *buf, size_t size)
{
  buf[0] = '\0';
  for (const xmlNode *c = node ? node->children : NULL; c; c = c->next) {
    if ((c->type != XML_TEXT_NODE && c->type != XML_CDATA_SECTION_NODE) || !c->content) {
      continue;
    }
    const char *s = (const char *)c->content;
    while (is_blank(*s)) {
      s++;
    }
    size_t n = strlen(s);
    n        = n < size ? n : size - 1;
    while (n > 0 && is_blank(s[n - 1])) {
      n--;
    }
    if (n > 0) {
      memcpy(buf, s, n);
      buf[n] = '\0';
      break;
    }
  }
  return buf;
}

const char *
musicxml_attr(const xmlNode *node, const char *name)
{
  for (const xmlAttr *a = node->properties; a; a = a->next) {
    if (strcmp((const char *)a->name, name) == 0 && a->children && a->children->content) {
      return (const char *)a->children->content;
    }
  }
  return NULL;
}

bool
musicxml_attr_is(const xmlNode *node, const char *name, const char *value)
{
  const char *have = musicxml_attr(node, name);
  return have && strcmp(have, value) == 0;
}

bool
musicxml_int(const xmlNode *node, int min, int max, int *out)
{
  char      text[32];
  long long value = 0;
  if (!shed_parse_int(musicxml_text(node, text, sizeof(text)), min, max, &value)) {
    return false;
  }
  *out = (int)value;
  return true;
}

bool
musicxml_decimal(const char *text, shed_beat *out)
{
  enum { MAX_WHOLE = 9, MAX_PART = 6 };
  const char *s        = text;
  int64_t     num      = 0;
  int64_t     den      = 1;
  int         digits   = 0;
  bool        negative = *s == '-';
  s += *s == '-' || *s == '+';
  for (; *s >= '0' && *s <= '9'; s++) {
    if (++digits > MAX_WHOLE) {
      return false;
    }
    num = num * 10 + (*s - '0');
  }
  if (*s == '.') {
    int part = 0;
    for (s++; *s >= '0' && *s <= '9'; s++, digits++) {
      if (part++ < MAX_PART) { // what is behind a millionth does not matter
        num = num * 10 + (*s - '0');
        den *= 10;
      }
    }
  }
  if (*s || digits == 0) {
    return false;
  }
  *out = shed_beat_of(negative ? -num : num, den);
  return true;
}

int
musicxml_line(const xmlNode *node)
{
  long line = xmlGetLineNo(node);
  return line > 0 && line < 100000000 ? (int)line : 0;
}
