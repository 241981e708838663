/// What the files of the MusicXML reader share: the state of a reading, and one function for each child of a measure.
#ifndef SHED_SCORE_MUSICXML_READ_H
#define SHED_SCORE_MUSICXML_READ_H

#include "engine/score/model.h"
#include "engine/score/musicxml_node.h"

enum {
  MUSICXML_MAX_PLAYERS = 32, // of one part
  MUSICXML_MAX_UNKNOWN = 32, // names of unknown elements that are remembered, so that each is told once
  MUSICXML_MAX_DASHES  = 16
};

/// Where the reading of one part stands. A <part> of a timewise score comes back measure by measure.
typedef struct {
  int         measure;   // its last opened column; -1 none yet
  shed_beat   divisions; // of a quarter; 1 until the file says
  shed_beat   at;        // the cursor: quarters from the measure's start
  shed_beat   counted;   // the cursor by the file's durations alone, which round tuplets to whole divisions
  shed_beat   onset;     // of the last note or rest that was not a chord member or grace note
  shed_beat   nominal;   // a full measure's quarters; 0 senza misura
  const char *players[MUSICXML_MAX_PLAYERS];
  size_t      n_players;
  bool        forward_next;           // a forward repeat at the last measure's end
  const char *next_segno, *next_coda; // signs at the last measure's end; NULL none
  bool        told_double, told_measure_repeat, told_player, told_duration;
  int         free_measure; // of the last "rit.", for dashes that begin there; -1 none
  shed_beat   free_at;
  bool        free_dashes[MUSICXML_MAX_DASHES]; // these dashes are a rit.'s
} musicxml_part;

/// A coda sign that does not say whether it is the way or the place.
typedef struct {
  int measure;
} musicxml_sign;

typedef struct {
  shed_score    *score;
  shed_error    *err;
  musicxml_part *parts; // beside score->parts
  size_t         cap_parts;
  size_t         part; // the present one
  musicxml_sign *signs;
  size_t         n_signs, cap_signs;
  char           unknown[MUSICXML_MAX_UNKNOWN][32];
  size_t         n_unknown;
} musicxml_reading;

/// The present part's state.
musicxml_part *musicxml_here(musicxml_reading *r);

/// Children of a measure. Each: SHED_OK, or a status with r->err filled.
shed_status musicxml_read_note(musicxml_reading *r, const xmlNode *node);
shed_status musicxml_read_backup(musicxml_reading *r, const xmlNode *node);
shed_status musicxml_read_forward(musicxml_reading *r, const xmlNode *node);
shed_status musicxml_read_attributes(musicxml_reading *r, const xmlNode *node);
shed_status musicxml_read_direction(musicxml_reading *r, const xmlNode *node);
shed_status musicxml_read_sound(musicxml_reading *r, const xmlNode *node);
shed_status musicxml_read_barline(musicxml_reading *r, const xmlNode *node);

/// Children of the root.
shed_status musicxml_read_part_list(musicxml_reading *r, const xmlNode *node);
shed_status musicxml_add_part(musicxml_reading *r, const char *id, const char *name);

/// A note's <notations>: flags, slurs, ties as drawn.
shed_status musicxml_read_notations(musicxml_reading *r, const xmlNode *node, shed_note *note,
                                    bool *tied_start, bool *tied_stop);
/// A note's <listen>.
shed_status musicxml_read_listen(musicxml_reading *r, const xmlNode *node, shed_note *note);

/// A fermata over a rest or a barline: the last note before the cursor is followed by a breath. @param voice NULL: any.
void musicxml_pause(musicxml_reading *r, const char *voice);

/// A segno or coda stands here: it is the present column's, or the next one's when it is behind the measure's last beat.
shed_status musicxml_land(musicxml_reading *r, bool segno, const char *label);

/// "1,2" or "1-3" as a set of passes; 0 when it is none.
uint32_t musicxml_passes(const char *text);

/// Quarters of a <type> ("eighth"), 0 when it is not known.
shed_beat musicxml_type_quarters(const char *type);

/// An element that no list knows: told once for each name.
shed_status musicxml_warn_unknown(musicxml_reading *r, const xmlNode *node);
/// Is this name known and without bearing on what sounds?
bool musicxml_is_ignored(const char *name);

#endif
