// About this file: what hangs on a note: <notations> and <listen>.

#include "engine/score/musicxml_read.h"

#include <string.h>

static const struct {
  const char *name;
  unsigned    flags;
} notations[] = {
#define SHED_NOTATION(name, flags) {name, flags},
#include "engine/score/musicxml_notations.def"
#undef SHED_NOTATION
};

static const char *const groups[] = {"articulations", "ornaments", "technical"};

// Elements whose type matters: a slur or tie as drawn, strings that sound on without a new attack.
static bool
read_spanner(const xmlNode *node, shed_note *note, bool *tied_start, bool *tied_stop)
{
  bool start = musicxml_attr_is(node, "type", "start");
  bool stop  = musicxml_attr_is(node, "type", "stop");
  if (musicxml_is(node, "slur")) {
    note->slur_starts = (uint8_t)(note->slur_starts + (start && note->slur_starts < 16));
    note->slur_stops  = (uint8_t)(note->slur_stops + (stop && note->slur_stops < 16));
    return true;
  }
  if (musicxml_is(node, "tied")) {
    bool through = musicxml_attr_is(node, "type", "continue");
    *tied_start  = *tied_start || start || through;
    *tied_stop   = *tied_stop || stop || through;
    return true;
  }
  if (musicxml_is(node, "hammer-on") || musicxml_is(node, "pull-off")) {
    note->flags |= stop ? SHED_NOTE_SLURRED : 0;
    return true;
  }
  return false;
}

static shed_status
read_one(musicxml_reading *r, const xmlNode *node, shed_note *note, bool *tied_start, bool *tied_stop)
{
  if (read_spanner(node, note, tied_start, tied_stop)) {
    return SHED_OK;
  }
  for (size_t i = 0; i < SHED_COUNTOF(notations); i++) {
    if (musicxml_is(node, notations[i].name)) {
      note->flags |= notations[i].flags;
      return SHED_OK;
    }
  }
  return musicxml_warn_unknown(r, node);
}

static bool
is_group(const xmlNode *node)
{
  for (size_t i = 0; i < SHED_COUNTOF(groups); i++) {
    if (musicxml_is(node, groups[i])) {
      return true;
    }
  }
  return false;
}

shed_status
musicxml_read_notations(musicxml_reading *r, const xmlNode *node, shed_note *note, bool *tied_start,
                        bool *tied_stop)
{
  shed_status st = SHED_OK;
  for (const xmlNode *c = musicxml_first(node); c && st == SHED_OK; c = musicxml_next(c)) {
    if (!is_group(c)) {
      st = read_one(r, c, note, tied_start, tied_stop);
      continue;
    }
    for (const xmlNode *g = musicxml_first(c); g && st == SHED_OK; g = musicxml_next(g)) {
      st = read_one(r, g, note, tied_start, tied_stop);
    }
  }
  return st;
}

// The players that an <assess> means, as a set of the part's; 0 when it names one that the part does not have.
static uint32_t
players_meant(const musicxml_part *here, const char *player)
{
  uint32_t all = here->n_players < 2 ? 1U : (uint32_t)((UINT64_C(1) << here->n_players) - 1);
  if (!player) {
    return all;
  }
  for (size_t i = 0; i < here->n_players; i++) {
    if (strcmp(here->players[i], player) == 0) {
      return 1U << i;
    }
  }
  return 0;
}

// <assess> elements in their order: all players or one; the note is left out when nobody of the part is to be assessed.
shed_status
musicxml_read_listen(musicxml_reading *r, const xmlNode *node, shed_note *note)
{
  musicxml_part *here       = musicxml_here(r);
  uint32_t       all        = players_meant(here, NULL);
  uint32_t       no         = 0;
  uint32_t       yes_passes = 0;
  uint32_t       no_passes  = 0;
  for (const xmlNode *c = musicxml_first(node); c; c = musicxml_next(c)) {
    if (musicxml_is(c, "wait")) {
      note->flags |= SHED_NOTE_WAIT;
    }
    if (!musicxml_is(c, "assess")) {
      continue;
    }
    const char *player = musicxml_attr(c, "player");
    uint32_t    meant  = players_meant(here, player);
    if (!meant && !here->told_player) {
      here->told_player = true;
      shed_status st =
          shed_score_warn(r->score, musicxml_line(c),
                          "<assess> names player \"%.40s\", whom the part does not have: ignored", player);
      if (st != SHED_OK) {
        return st;
      }
    }
    bool        left_out = musicxml_attr_is(c, "type", "no");
    const char *only     = musicxml_attr(c, "time-only");
    if (only) {
      // for one player of several: nothing that all share
      uint32_t passes = meant == all ? musicxml_passes(only) : 0;
      *(left_out ? &no_passes : &yes_passes) |= passes;
      continue;
    }
    no = left_out ? no | meant : no & ~meant;
  }
  note->free = no == all ? ~yes_passes : no_passes;
  if (note->free == UINT32_MAX) {
    note->flags |= SHED_NOTE_NO_ASSESS;
  }
  return SHED_OK;
}
