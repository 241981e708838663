// About this file: <part-list>: names, instruments and players of the parts.

#include "engine/score/musicxml_read.h"

#include <string.h>

shed_status
musicxml_add_part(musicxml_reading *r, const char *id, const char *name)
{
  size_t      index = 0;
  shed_status st    = shed_score_add_part(r->score, id, name, &index);
  if (st == SHED_E_LIMIT) {
    return shed_score_fail(r->score, r->err, st, 0, "the score has more than %d parts", SHED_SCORE_MAX_PARTS);
  }
  if (st == SHED_OK) {
    st = shed_grow(r->score->alloc, (void **)&r->parts, &r->cap_parts, index, sizeof(*r->parts));
  }
  if (st == SHED_OK) {
    r->parts[index] = (musicxml_part){.measure      = -1,
                                      .divisions    = {1, 1},
                                      .at           = {0, 1},
                                      .onset        = {0, 1},
                                      .counted      = {0, 1},
                                      .nominal      = {4, 1},
                                      .free_measure = -1,
                                      .free_at      = {0, 1}};
  }
  return st;
}

static bool
is_listed(const musicxml_reading *r, const char *id)
{
  for (size_t i = 0; i < r->score->n_parts; i++) {
    if (strcmp(r->score->parts[i].id, id) == 0) {
      return true;
    }
  }
  return false;
}

static shed_status
read_players(musicxml_reading *r, const xmlNode *node, musicxml_part *part)
{
  for (const xmlNode *c = musicxml_first(node); c; c = musicxml_next(c)) {
    const char *id = musicxml_is(c, "player") ? musicxml_attr(c, "id") : NULL;
    if (id && part->n_players < MUSICXML_MAX_PLAYERS) {
      const char *copy = shed_score_intern(r->score, id);
      if (!copy) {
        return SHED_E_NOMEM;
      }
      part->players[part->n_players++] = copy;
    }
  }
  return SHED_OK;
}

static shed_status
read_score_part(musicxml_reading *r, const xmlNode *node)
{
  char        name[MUSICXML_TEXT];
  const char *id = musicxml_attr(node, "id");
  musicxml_text(musicxml_child(node, "part-name"), name, sizeof(name));
  if (is_listed(r, id ? id : "")) {
    return shed_score_warn(r->score, musicxml_line(node),
                           "<score-part id=\"%.60s\"> stands twice: the first counts", id ? id : "");
  }
  shed_status st = musicxml_add_part(r, id, name);
  if (st != SHED_OK) {
    return st;
  }
  size_t         index      = r->score->n_parts - 1;
  const xmlNode *instrument = musicxml_child(node, "score-instrument");
  if (instrument) {
    musicxml_text(musicxml_child(instrument, "instrument-name"), name, sizeof(name));
    r->score->parts[index].instrument = shed_score_intern(r->score, name);
    if (!r->score->parts[index].instrument) {
      r->score->parts[index].instrument = "";
      return SHED_E_NOMEM;
    }
  }
  return read_players(r, node, &r->parts[index]);
}

shed_status
musicxml_read_part_list(musicxml_reading *r, const xmlNode *node)
{
  for (const xmlNode *c = musicxml_first(node); c; c = musicxml_next(c)) {
    shed_status st = musicxml_is(c, "score-part") ? read_score_part(r, c) : SHED_OK;
    if (st != SHED_OK) {
      return st;
    }
  }
  return SHED_OK;
}
