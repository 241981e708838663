// About this file: <barline>: repeats, endings, and the signs that may stand on a barline.

#include "engine/base/str.h"
#include "engine/score/musicxml_read.h"

#include <stdlib.h>
#include <string.h>

uint32_t
musicxml_passes(const char *text)
{
  uint32_t    set  = 0;
  long        from = 0;
  const char *s    = text;
  while (*s) {
    if (*s >= '0' && *s <= '9') {
      char *end = NULL;
      long  n   = strtol(s, &end, 10);
      s         = end;
      if (n < 1 || n > SHED_SCORE_MAX_PASSES) {
        return 0;
      }
      for (long k = from ? from : n; k <= n; k++) {
        set |= 1U << (k - 1);
      }
      from = *s == '-' ? n : 0;
    } else if (strchr(", .-", *s)) {
      s++;
    } else {
      return 0;
    }
  }
  return set;
}

// How often a repeat is played; 0 where it does not say.
static shed_status
read_times(musicxml_reading *r, const xmlNode *node, int *out)
{
  const char *text  = musicxml_attr(node, "times");
  long long   times = 0;
  if (text && shed_parse_int(text, 1, SHED_SCORE_MAX_PASSES, &times)) {
    *out = (int)times;
  } else if (text) {
    return shed_score_warn(r->score, musicxml_line(node), "a repeat of %.20s times is taken as 2 times",
                           text);
  }
  return SHED_OK;
}

static shed_status
read_repeat(musicxml_reading *r, const xmlNode *node, bool at_left)
{
  musicxml_part *here = musicxml_here(r);
  if (musicxml_attr_is(node, "direction", "forward")) {
    if (at_left) {
      shed_score_column(r->score, here->measure)->repeat_forward = true;
    } else {
      here->forward_next = true;
    }
    return SHED_OK;
  }
  int m = at_left ? here->measure - 1 : here->measure;
  if (m >= 0) {
    shed_column *c     = shed_score_column(r->score, m);
    c->repeat_backward = true;
    return read_times(r, node, &c->times);
  }
  return SHED_OK;
}

// The passes of an ending that begins: all of them where it has no number.
static shed_status
read_passes(musicxml_reading *r, const xmlNode *node, uint32_t *out)
{
  char        text[64];
  const char *number = musicxml_attr(node, "number");
  uint32_t    passes = number ? musicxml_passes(number) : 0;
  if (!passes) {
    passes = musicxml_passes(musicxml_text(node, text, sizeof(text)));
  }
  *out = passes ? passes : UINT32_MAX;
  return passes ? SHED_OK
                : shed_score_warn(r->score, musicxml_line(node),
                                  "an ending without a number is played each time");
}

static shed_status
read_ending(musicxml_reading *r, const xmlNode *node)
{
  shed_column *c = shed_score_column(r->score, musicxml_here(r)->measure);
  if (!musicxml_attr_is(node, "type", "start")) {
    c->ending_last = true;
    return SHED_OK;
  }
  c->ending_first = true;
  return read_passes(r, node, &c->ending);
}

// A bar line inside the measure, with a repeat sign or a bracket's end.
static shed_status
read_middle(musicxml_reading *r, const xmlNode *repeat, const xmlNode *ending)
{
  const musicxml_part *here = musicxml_here(r);
  shed_cut             cut  = {.measure = here->measure, .at = here->at};
  shed_status          st   = SHED_OK;
  if (repeat) {
    cut.repeat_forward  = musicxml_attr_is(repeat, "direction", "forward");
    cut.repeat_backward = !cut.repeat_forward;
    st                  = cut.repeat_backward ? read_times(r, repeat, &cut.times) : SHED_OK;
  }
  if (st == SHED_OK && ending) {
    if (musicxml_attr_is(ending, "type", "start")) {
      st = read_passes(r, ending, &cut.ending);
    } else {
      cut.ending_last = true;
    }
  }
  return st == SHED_OK ? shed_score_add_cut(r->score, &cut) : st;
}

// <segno> and <coda> on a barline, as elements or as attributes.
static shed_status
read_signs(musicxml_reading *r, const xmlNode *node)
{
  shed_column   *c     = shed_score_column(r->score, musicxml_here(r)->measure);
  const char    *segno = musicxml_attr(node, "segno");
  const char    *coda  = musicxml_attr(node, "coda");
  const xmlNode *sign  = musicxml_child(node, "segno");
  if (segno || sign) {
    shed_status st = musicxml_land(r, true, segno);
    if (st != SHED_OK) {
      return st;
    }
  }
  if (!coda && !musicxml_child(node, "coda")) {
    return SHED_OK;
  }
  if (musicxml_attr_is(node, "location", "left")) {
    c->coda = shed_score_intern(r->score, coda ? coda : "");
    return c->coda ? SHED_OK : SHED_E_NOMEM;
  }
  c->to_coda = shed_score_intern(r->score, coda ? coda : "");
  return c->to_coda ? SHED_OK : SHED_E_NOMEM;
}

shed_status
musicxml_read_barline(musicxml_reading *r, const xmlNode *node)
{
  const char    *where    = musicxml_attr(node, "location");
  const char    *location = where ? where : "right";
  const xmlNode *repeat   = musicxml_child(node, "repeat");
  const xmlNode *ending   = musicxml_child(node, "ending");
  shed_status    st       = read_signs(r, node);
  if (musicxml_child(node, "fermata")) {
    musicxml_pause(r, NULL);
  }
  if (st == SHED_OK && strcmp(location, "middle") == 0) {
    return repeat || ending ? read_middle(r, repeat, ending) : SHED_OK;
  }
  if (st == SHED_OK && ending) {
    st = read_ending(r, ending);
  }
  if (st == SHED_OK && repeat) {
    st = read_repeat(r, repeat, strcmp(location, "left") == 0);
  }
  return st;
}
