/// How woodshed practice shows a session: as lines (a screen reader, a log, a dumb terminal), as a screen that moves, or as JSON.
#ifndef SHED_CLI_PRACTICE_VIEW_H
#define SHED_CLI_PRACTICE_VIEW_H

#include "app/cli/common.h"
#include "app/cli/report_style.h"
#include "app/session/practice.h"

enum { SHED_SCREEN_TEXT = 400, SHED_SCREEN_LINES = 10 };

/// What a screen shows. Plain; drawn by a pure function.
typedef struct {
  const shed_prompt  *prompt; ///< borrowed
  bool                utf8, colour, concert;
  bool                keyboard; ///< keys that are down instead of pitch and level
  char                keys[120];
  int                 columns;
  shed_practice_state state;
  bool                counts, follows, colours;
  short              *signs; ///< a shed_sign a note; -1: none yet
  int                 position;
  int                 bar, beat; ///< of the click; beat 0: none
  shed_practice_event pitch;     ///< the newest of their kinds; kind 0: none
  shed_practice_event level;
  char                message[SHED_SCREEN_TEXT];
  double              left_s; ///< of the study
} shed_screen;

/// Draw it: SHED_SCREEN_LINES lines, none wider than its columns.
void shed_screen_draw(const shed_screen *s, shed_str *out);
/// Take an event in. @return whether something on the screen changed.
bool shed_screen_tell(shed_screen *s, const shed_practice_event *e);

/// One event as a sentence for somebody who hears the lines read; "" for what only moves.
void shed_practice_sentence(const shed_practice_event *e, const shed_prompt *prompt, bool concert,
                            shed_str *out);

/// A chord of a keyboard in one sentence, from the signs of its notes. @param index of any of them. "" until all are known.
void shed_practice_chord(const shed_screen *s, int index, shed_str *out);
/// Whether note @p index sounds with others.
bool shed_practice_is_chord(const shed_prompt *prompt, int index);

#endif
