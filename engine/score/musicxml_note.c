// About this file: <note>, <backup>, <forward>: what moves the cursor of a part, and the pitch and length of a note. A
// note's duration counts; its type is only compared with it.

#include "engine/base/str.h"
#include "engine/score/musicxml_read.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

enum { PAUSE_LOOKS = 1024 }; // notes back; no measure holds more

static const int MAX_OCTAVE = 10;
static const int MIN_OCTAVE = -2;

// What a <note> says before it is known what it is.
typedef struct {
  shed_note      note;
  const xmlNode *node, *pitch, *unpitched, *duration, *type, *time_modification;
  shed_beat      counted; // its <duration>; note.duration is what it stands for
  bool           rest, measure_rest, chord, grace;
  bool           has_tie, tied_start, tied_stop;
  int            dots;
} draft;

typedef shed_status (*note_child)(musicxml_reading *r, const xmlNode *node, draft *d);

shed_beat
musicxml_type_quarters(const char *type)
{
  static const struct {
    const char *type;
    int         num, den;
  } rows[] = {
      {"quarter", 1, 1}, {"eighth", 1, 2},  {"16th", 1, 4},    {"half", 2, 1},     {"whole", 4, 1},
      {"32nd", 1, 8},    {"64th", 1, 16},   {"breve", 8, 1},   {"128th", 1, 32},   {"256th", 1, 64},
      {"long", 16, 1},   {"maxima", 32, 1}, {"512th", 1, 128}, {"1024th", 1, 256},
  };
  for (size_t i = 0; i < SHED_COUNTOF(rows); i++) {
    if (strcmp(rows[i].type, type) == 0) {
      return shed_beat_of(rows[i].num, rows[i].den);
    }
  }
  return shed_beat_of(0, 1);
}

static shed_status
refuse(musicxml_reading *r, const xmlNode *node, const char *what)
{
  char text[40];
  return shed_score_fail(r->score, r->err, SHED_E_FORMAT, musicxml_line(node), "<%.40s> %s: \"%s\"",
                         musicxml_name(node), what, musicxml_text(node, text, sizeof(text)));
}

// A <duration> in quarters.
static shed_status
read_duration(musicxml_reading *r, const xmlNode *node, shed_beat *out)
{
  char      text[64];
  shed_beat divisions;
  if (!musicxml_decimal(musicxml_text(node, text, sizeof(text)), &divisions) || divisions.num < 0) {
    return refuse(r, node, "is no length of 0 or more");
  }
  *out = shed_beat_div(divisions, musicxml_here(r)->divisions);
  return SHED_OK;
}

static shed_status
child_pitch(musicxml_reading *r, const xmlNode *node, draft *d)
{
  (void)r;
  d->pitch = node;
  return SHED_OK;
}

static shed_status
child_unpitched(musicxml_reading *r, const xmlNode *node, draft *d)
{
  (void)r;
  d->unpitched = node;
  return SHED_OK;
}

static shed_status
child_rest(musicxml_reading *r, const xmlNode *node, draft *d)
{
  (void)r;
  d->rest         = true;
  d->measure_rest = musicxml_attr_is(node, "measure", "yes");
  return SHED_OK;
}

static shed_status
child_duration(musicxml_reading *r, const xmlNode *node, draft *d)
{
  (void)r;
  d->duration = node;
  return SHED_OK;
}

static shed_status
child_type(musicxml_reading *r, const xmlNode *node, draft *d)
{
  (void)r;
  d->type = node;
  return SHED_OK;
}

static shed_status
child_dot(musicxml_reading *r, const xmlNode *node, draft *d)
{
  (void)r;
  (void)node;
  d->dots += d->dots < 8;
  return SHED_OK;
}

static shed_status
child_time_modification(musicxml_reading *r, const xmlNode *node, draft *d)
{
  (void)r;
  d->time_modification = node;
  return SHED_OK;
}

static shed_status
child_chord(musicxml_reading *r, const xmlNode *node, draft *d)
{
  (void)r;
  (void)node;
  d->chord = true;
  return SHED_OK;
}

static shed_status
child_grace(musicxml_reading *r, const xmlNode *node, draft *d)
{
  (void)r;
  (void)node;
  d->grace = true;
  d->note.flags |= SHED_NOTE_GRACE;
  return SHED_OK;
}

static shed_status
child_cue(musicxml_reading *r, const xmlNode *node, draft *d)
{
  (void)r;
  (void)node;
  d->note.flags |= SHED_NOTE_CUE;
  return SHED_OK;
}

static shed_status
child_tie(musicxml_reading *r, const xmlNode *node, draft *d)
{
  (void)r;
  d->has_tie        = true;
  d->note.tie_start = d->note.tie_start || musicxml_attr_is(node, "type", "start");
  d->note.tie_stop  = d->note.tie_stop || musicxml_attr_is(node, "type", "stop");
  return SHED_OK;
}

static shed_status
child_voice(musicxml_reading *r, const xmlNode *node, draft *d)
{
  char text[32];
  musicxml_text(node, text, sizeof(text));
  if (text[0] && strcmp(text, "1") != 0) {
    if (strcmp(text, r->score->last_voice) != 0) {
      const char *copy = shed_score_intern(r->score, text);
      if (!copy) {
        return SHED_E_NOMEM;
      }
      r->score->last_voice = copy;
    }
    d->note.voice = r->score->last_voice;
  }
  return SHED_OK;
}

static shed_status
child_staff(musicxml_reading *r, const xmlNode *node, draft *d)
{
  return musicxml_int(node, 1, 64, &d->note.staff) ? SHED_OK : refuse(r, node, "is no staff from 1 to 64");
}

static shed_status
child_notehead(musicxml_reading *r, const xmlNode *node, draft *d)
{
  static const char *const crossed[] = {"x", "cross", "circle-x"};
  char                     text[32];
  (void)r;
  musicxml_text(node, text, sizeof(text));
  bool ghost = musicxml_attr_is(node, "parentheses", "yes");
  for (size_t i = 0; i < SHED_COUNTOF(crossed) && !d->unpitched; i++) {
    ghost = ghost || strcmp(text, crossed[i]) == 0;
  }
  d->note.flags |= ghost ? SHED_NOTE_GHOST : 0;
  return SHED_OK;
}

static shed_status
child_notations(musicxml_reading *r, const xmlNode *node, draft *d)
{
  return musicxml_read_notations(r, node, &d->note, &d->tied_start, &d->tied_stop);
}

static shed_status
child_listen(musicxml_reading *r, const xmlNode *node, draft *d)
{
  return musicxml_read_listen(r, node, &d->note);
}

static const struct {
  const char *name;
  note_child  read;
} note_children[] = {
    {"pitch", child_pitch},       {"duration", child_duration},
    {"voice", child_voice},       {"type", child_type},
    {"staff", child_staff},       {"notations", child_notations},
    {"rest", child_rest},         {"dot", child_dot},
    {"chord", child_chord},       {"tie", child_tie},
    {"grace", child_grace},       {"time-modification", child_time_modification},
    {"cue", child_cue},           {"unpitched", child_unpitched},
    {"notehead", child_notehead}, {"listen", child_listen},
};

static shed_status
read_children(musicxml_reading *r, const xmlNode *node, draft *d)
{
  for (const xmlNode *c = musicxml_first(node); c; c = musicxml_next(c)) {
    note_child read = NULL;
    for (size_t i = 0; i < SHED_COUNTOF(note_children) && !read; i++) {
      read = musicxml_is(c, note_children[i].name) ? note_children[i].read : NULL;
    }
    shed_status st = read ? read(r, c, d) : musicxml_warn_unknown(r, c);
    if (st != SHED_OK) {
      return st;
    }
  }
  return SHED_OK;
}

// A letter into 0..6; -1 when it is none.
static int
step_of(const char *text)
{
  static const char letters[] = "CDEFGAB";
  const char       *found     = text[0] && !text[1] ? strchr(letters, toupper((unsigned char)text[0])) : NULL;
  return found ? (int)(found - letters) : -1;
}

// Semitones may be broken: the nearest whole ones spell the note, the rest is cents off it.
static shed_status
read_alter(musicxml_reading *r, const xmlNode *node, int *out, double *cents)
{
  char      text[32];
  shed_beat value;
  if (!musicxml_text(node, text, sizeof(text))[0]) {
    return SHED_OK; // empty is none
  }
  if (!musicxml_decimal(text, &value)) {
    return refuse(r, node, "is no number of semitones");
  }
  double semitones = shed_beat_quarters(value);
  double nearest   = semitones > 0 ? ceil(semitones - 0.5) : floor(semitones + 0.5);
  if (fabs(nearest) > 3) {
    return refuse(r, node, "is more than three sharps or flats");
  }
  *out   = (int)nearest;
  *cents = 100 * (semitones - nearest);
  return SHED_OK;
}

static shed_status
read_pitch(musicxml_reading *r, const xmlNode *node, const char *step_name, const char *octave_name,
           shed_pitch *out, double *cents)
{
  const xmlNode *step_node = musicxml_child(node, step_name);
  const xmlNode *octave    = musicxml_child(node, octave_name);
  const xmlNode *alter     = musicxml_child(node, "alter");
  char           text[32];
  int            number = 0;
  int            shift  = 0;
  int            step   = step_of(musicxml_text(step_node, text, sizeof(text)));
  if (step < 0) {
    return refuse(r, step_node ? step_node : node, "has no step from A to G");
  }
  if (!musicxml_int(octave, MIN_OCTAVE, MAX_OCTAVE, &number)) {
    return refuse(r, octave ? octave : node, "has no octave from -2 to 10");
  }
  shed_status st = alter ? read_alter(r, alter, &shift, cents) : SHED_OK;
  *out = (shed_pitch){.step = (signed char)step, .alter = (signed char)shift, .octave = (signed char)number};
  return st;
}

// What type, dots and tuplet say the length is; 0 when they say nothing.
static shed_beat
written_length(const draft *d)
{
  char      text[32];
  shed_beat length =
      d->type ? musicxml_type_quarters(musicxml_text(d->type, text, sizeof(text))) : shed_beat_of(0, 1);
  int actual = 0;
  int normal = 0;
  // n dots: 2 - 1/2^n times as long
  length = shed_beat_mul(length, shed_beat_of((2 << d->dots) - 1, 1 << d->dots));
  if (d->time_modification &&
      musicxml_int(musicxml_child(d->time_modification, "actual-notes"), 1, 1000, &actual) &&
      musicxml_int(musicxml_child(d->time_modification, "normal-notes"), 1, 1000, &normal)) {
    length = shed_beat_mul(length, shed_beat_of(normal, actual));
  }
  return length;
}

static shed_status
settle_length(musicxml_reading *r, draft *d)
{
  musicxml_part *here    = musicxml_here(r);
  shed_beat      written = written_length(d);
  int            line    = musicxml_line(d->node);
  if (d->grace) {
    return SHED_OK;
  }
  if (!d->duration) {
    if (d->measure_rest && here->nominal.num > 0) {
      written = here->nominal;
    }
    if (written.num <= 0) {
      return shed_score_fail(r->score, r->err, SHED_E_FORMAT, line,
                             "a <note> has neither <duration> nor <type>");
    }
    d->note.duration = d->counted = written;
    if (here->told_duration) {
      return SHED_OK;
    }
    here->told_duration = true;
    return shed_score_warn(r->score, line, "a note has no <duration>: its <type> is taken, here and below");
  }
  shed_status st   = read_duration(r, d->duration, &d->counted);
  d->note.duration = d->counted;
  if (st != SHED_OK || written.num <= 0 || d->measure_rest) {
    return st;
  }
  double off     = fabs(shed_beat_quarters(written) - shed_beat_quarters(d->counted));
  bool   rounded = off * shed_beat_quarters(here->divisions) < 1.0;
  if (rounded && d->time_modification) {
    d->note.duration = written; // a tuplet that is not a whole number of divisions
  }
  if (!rounded) {
    return shed_score_warn(
        r->score, line,
        "a note lasts %.4g quarters by its <duration> and %.4g by its <type>: the duration was taken",
        shed_beat_quarters(d->note.duration), shed_beat_quarters(written));
  }
  return SHED_OK;
}

static shed_status
settle_pitch(musicxml_reading *r, draft *d)
{
  if (d->pitch) {
    d->note.pitched = true;
    return read_pitch(r, d->pitch, "step", "octave", &d->note.written, &d->note.cents);
  }
  d->note.written = (shed_pitch){.step = 6, .octave = 4}; // the middle line
  if (d->unpitched && musicxml_child(d->unpitched, "display-step")) {
    return read_pitch(r, d->unpitched, "display-step", "display-octave", &d->note.written, &d->note.cents);
  }
  return SHED_OK;
}

void
musicxml_pause(musicxml_reading *r, const char *voice)
{
  shed_part       *part = &r->score->parts[r->part];
  const shed_note *last = NULL;
  size_t           stop = part->n_notes > PAUSE_LOOKS ? part->n_notes - PAUSE_LOOKS : 0;
  for (size_t i = part->n_notes; i > stop; i--) {
    shed_note *note = &part->notes[i - 1];
    if (last && (note->measure != last->measure || shed_beat_cmp(note->at, last->at) != 0)) {
      break;
    }
    if (!voice || strcmp(note->voice, voice) == 0) {
      note->flags |= SHED_NOTE_BREATH_AFTER;
      last = note;
    }
    if (musicxml_here(r)->measure - note->measure > 1) {
      break; // what was sung long ago is not held by this
    }
  }
}

// Put the note where it belongs and move the cursor behind it.
static shed_status
place(musicxml_reading *r, draft *d)
{
  musicxml_part *here = musicxml_here(r);
  if (d->grace) {
    d->note.at = here->at;
  } else if (d->chord) {
    d->note.at = here->onset;
  } else {
    d->note.at    = here->at;
    here->onset   = here->at;
    here->at      = shed_beat_add(here->at, d->note.duration);
    here->counted = shed_beat_add(here->counted, d->counted);
  }
  shed_score_extend(r->score, here->measure, shed_beat_add(d->note.at, d->note.duration));
  if (d->rest && (d->note.flags & SHED_NOTE_FERMATA)) {
    musicxml_pause(r, d->note.voice);
  }
  if (!d->pitch && !d->unpitched) {
    return d->rest ? SHED_OK
                   : shed_score_warn(r->score, musicxml_line(d->node),
                                     "a <note> has no <pitch>, <unpitched> or <rest>: taken as a rest");
  }
  // a note that lasts no time would sound nowhere; some programs write it for what they hide
  if (!d->grace && d->note.duration.num == 0) {
    return shed_score_warn(r->score, musicxml_line(d->node), "a note of no length was left out");
  }
  return shed_score_add_note(r->score, r->part, &d->note);
}

shed_status
musicxml_read_note(musicxml_reading *r, const xmlNode *node)
{
  draft       d    = {.node = node, .counted = {0, 1}};
  const char *only = musicxml_attr(node, "time-only");
  d.note           = (shed_note){.id       = musicxml_attr(node, "id"),
                                 .voice    = "1",
                                 .measure  = musicxml_here(r)->measure,
                                 .line     = musicxml_line(node),
                                 .duration = shed_beat_of(0, 1),
                                 .only     = only ? musicxml_passes(only) : 0,
                                 .staff    = 1};
  shed_status st   = read_children(r, node, &d);
  if (st == SHED_OK && !d.has_tie) {
    d.note.tie_start = d.tied_start;
    d.note.tie_stop  = d.tied_stop;
  }
  if (st == SHED_OK) {
    st = settle_length(r, &d);
  }
  if (st == SHED_OK && !d.rest) {
    st = settle_pitch(r, &d);
  }
  return st == SHED_OK ? place(r, &d) : st;
}

shed_status
musicxml_read_backup(musicxml_reading *r, const xmlNode *node)
{
  musicxml_part *here = musicxml_here(r);
  shed_beat      back = shed_beat_of(0, 1);
  shed_status    st =
      read_duration(r, musicxml_child(node, "duration") ? musicxml_child(node, "duration") : node, &back);
  if (st != SHED_OK) {
    return st;
  }
  here->counted = shed_beat_sub(here->counted, back);
  if (here->counted.num < 0) {
    here->counted = shed_beat_of(0, 1);
    st            = shed_score_warn(r->score, musicxml_line(node),
                                    "<backup> goes back behind the start of the measure: stopped there");
  }
  here->at    = here->counted;
  here->onset = here->at;
  return st;
}

shed_status
musicxml_read_forward(musicxml_reading *r, const xmlNode *node)
{
  musicxml_part *here = musicxml_here(r);
  shed_beat      more = shed_beat_of(0, 1);
  shed_status    st =
      read_duration(r, musicxml_child(node, "duration") ? musicxml_child(node, "duration") : node, &more);
  if (st == SHED_OK) {
    here->at      = shed_beat_add(here->at, more);
    here->counted = shed_beat_add(here->counted, more);
    here->onset   = here->at;
    shed_score_extend(r->score, here->measure, here->at);
  }
  return st;
}
