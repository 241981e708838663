// About this file: <direction> and <sound>: tempo, free time, swing, and the ways through the score (da capo, segno, coda,
// fine). A <sound> says it for programs and wins; words and signs are read where there is none.

#include "engine/base/str.h"
#include "engine/score/musicxml_read.h"
#include "engine/score/words.h"

#include <stdio.h>
#include <string.h>

static const double MIN_BPM = 1.0;
static const double MAX_BPM = 2000.0;

// What a direction's types say together.
typedef struct {
  char           words[MUSICXML_TEXT]; // all its words, signs spelled out
  unsigned       meaning;              // shed_words of them
  const xmlNode *metronome;
  bool           coda_sign, segno_sign;
  int            dashes_start, dashes_stop; // numbers from 1; 0 none
} heard;

shed_status
musicxml_land(musicxml_reading *r, bool segno, const char *label)
{
  musicxml_part *here = musicxml_here(r);
  const char    *copy = shed_score_intern(r->score, label ? label : "");
  shed_column   *c    = shed_score_column(r->score, here->measure);
  if (!copy) {
    return SHED_E_NOMEM;
  }
  if (here->at.num > 0 && here->nominal.num > 0 && shed_beat_cmp(here->at, here->nominal) >= 0) {
    *(segno ? &here->next_segno : &here->next_coda) =
        copy; // at the measure's end: it belongs to the next one
  } else {
    *(segno ? &c->segno : &c->coda) = copy;
  }
  return SHED_OK;
}

static shed_status
add_mark(musicxml_reading *r, shed_mark_kind kind, shed_beat at, double value, shed_beat unit)
{
  shed_mark mark = {
      .kind = kind, .measure = musicxml_here(r)->measure, .at = at, .value = value, .unit = unit};
  return shed_score_add_mark(r->score, &mark);
}

static shed_status
add_tempo(musicxml_reading *r, const xmlNode *node, shed_beat at, double bpm)
{
  if (bpm < MIN_BPM || bpm > MAX_BPM) {
    return shed_score_warn(r->score, musicxml_line(node),
                           "a tempo of %g quarters a minute is outside %g to %g: ignored", bpm, MIN_BPM,
                           MAX_BPM);
  }
  return add_mark(r, SHED_MARK_TEMPO, at, bpm, shed_beat_of(1, 1));
}

// The first number of "c. 120" or "112-120"; 0 when there is none.
static double
first_number(const char *text)
{
  char   number[32];
  size_t start = strcspn(text, "0123456789");
  size_t n     = strspn(text + start, "0123456789.");
  double value = 0;
  if (n == 0 || n >= sizeof(number)) {
    return 0;
  }
  memcpy(number, text + start, n);
  number[n] = '\0';
  if (n > 1 && number[n - 1] == '.') {
    number[n - 1] = '\0';
  }
  return shed_parse_double(number, 0, 1e6, &value) ? value : 0;
}

// Two eighths that stand for a triplet of quarter and eighth.
static shed_status
read_swing_sign(musicxml_reading *r, const xmlNode *node, shed_beat at)
{
  for (const xmlNode *c = musicxml_first(node); c; c = musicxml_next(c)) {
    char           text[32];
    const xmlNode *type = musicxml_is(c, "metronome-note") ? musicxml_child(c, "metronome-type") : NULL;
    if (type && musicxml_child(c, "metronome-tuplet")) {
      // the triplet is as long as the pair: eighths swing in quarters, sixteenths in eighths
      const xmlNode *first = musicxml_child(node, "metronome-note");
      musicxml_text(musicxml_child(first, "metronome-type"), text, sizeof(text));
      bool sixteenths = strcmp(text, "16th") == 0;
      return add_mark(r, SHED_MARK_SWING, at, 2.0, shed_beat_of(1, sixteenths ? 2 : 1));
    }
  }
  return SHED_OK;
}

// <metronome>: "quarter = 120", or "quarter = dotted quarter" for what lasted a dotted quarter lasts a quarter now.
static shed_status
read_metronome(musicxml_reading *r, const xmlNode *node, shed_beat at)
{
  shed_beat units[2] = {{0, 1}, {0, 1}};
  int       n        = 0;
  char      text[64];
  if (musicxml_child(node, "metronome-note")) {
    return read_swing_sign(r, node, at);
  }
  for (const xmlNode *c = musicxml_first(node); c; c = musicxml_next(c)) {
    if (musicxml_is(c, "beat-unit") && n < 2) {
      units[n++] = musicxml_type_quarters(musicxml_text(c, text, sizeof(text)));
    } else if (musicxml_is(c, "beat-unit-dot") && n > 0) {
      units[n - 1] = shed_beat_mul(units[n - 1], shed_beat_of(3, 2));
    }
  }
  const xmlNode *per_minute = musicxml_child(node, "per-minute");
  if (n == 1 && per_minute && units[0].num > 0) {
    double count = first_number(musicxml_text(per_minute, text, sizeof(text)));
    if (count > 0) {
      return add_tempo(r, node, at, count * shed_beat_quarters(units[0]));
    }
  } else if (n == 2 && units[0].num > 0 && units[1].num > 0) {
    double ratio = shed_beat_quarters(units[1]) / shed_beat_quarters(units[0]);
    return add_mark(r, SHED_MARK_TEMPO_RATIO, at, ratio, shed_beat_of(1, 1));
  }
  return shed_score_warn(r->score, musicxml_line(node), "a metronome mark cannot be read: ignored");
}

static shed_status
read_swing(musicxml_reading *r, const xmlNode *node, shed_beat at)
{
  char text[32];
  int  first  = 1;
  int  second = 1;
  musicxml_text(musicxml_child(node, "swing-type"), text, sizeof(text));
  shed_beat unit = shed_beat_of(1, strcmp(text, "16th") == 0 ? 2 : 1);
  if (!musicxml_child(node, "straight") && (!musicxml_int(musicxml_child(node, "first"), 1, 100, &first) ||
                                            !musicxml_int(musicxml_child(node, "second"), 1, 100, &second))) {
    return shed_score_warn(r->score, musicxml_line(node), "a swing without its two numbers is ignored");
  }
  return add_mark(r, SHED_MARK_SWING, at, (double)first / second, unit);
}

static bool
yes(const xmlNode *sound, const char *name)
{
  return sound && musicxml_attr_is(sound, name, "yes");
}

static const char *
attr_of(const xmlNode *sound, const char *name)
{
  return sound ? musicxml_attr(sound, name) : NULL;
}

static shed_status
read_jump(musicxml_reading *r, const xmlNode *sound, unsigned meaning)
{
  shed_column *c     = shed_score_column(r->score, musicxml_here(r)->measure);
  const char  *segno = attr_of(sound, "dalsegno");
  if (segno || (meaning & SHED_WORDS_DAL_SEGNO)) {
    c->jump       = SHED_JUMP_DAL_SEGNO;
    c->jump_label = shed_score_intern(r->score, segno ? segno : "");
    if (!c->jump_label) {
      return SHED_E_NOMEM;
    }
  } else if (yes(sound, "dacapo") || (meaning & SHED_WORDS_DA_CAPO)) {
    c->jump = SHED_JUMP_DA_CAPO;
  } else {
    return SHED_OK;
  }
  c->al_fine = c->al_fine || (meaning & SHED_WORDS_AL_FINE) != 0;
  c->al_coda = c->al_coda || (meaning & SHED_WORDS_AL_CODA) != 0;
  return SHED_OK;
}

static shed_status
read_coda(musicxml_reading *r, const xmlNode *sound, const heard *h)
{
  const char *to   = attr_of(sound, "tocoda");
  const char *coda = attr_of(sound, "coda");
  if (to || (!coda && (h->meaning & SHED_WORDS_TO_CODA))) {
    shed_column *c = shed_score_column(r->score, musicxml_here(r)->measure);
    c->to_coda     = shed_score_intern(r->score, to ? to : "");
    return c->to_coda ? SHED_OK : SHED_E_NOMEM;
  }
  if (coda || ((h->meaning & SHED_WORDS_CODA) && !h->coda_sign)) {
    return musicxml_land(r, false, coda);
  }
  if (!h->coda_sign || (h->meaning & (SHED_WORDS_DA_CAPO | SHED_WORDS_DAL_SEGNO))) {
    return SHED_OK;
  }
  // a bare sign: which it is shows when all are known
  shed_status st =
      shed_grow(r->score->alloc, (void **)&r->signs, &r->cap_signs, r->n_signs, sizeof(*r->signs));
  if (st == SHED_OK) {
    r->signs[r->n_signs++] = (musicxml_sign){musicxml_here(r)->measure};
  }
  return st;
}

static shed_status
read_navigation(musicxml_reading *r, const xmlNode *sound, const heard *h)
{
  shed_column *c    = shed_score_column(r->score, musicxml_here(r)->measure);
  const char  *fine = attr_of(sound, "fine");
  c->fine           = c->fine || (fine && strcmp(fine, "no") != 0) || (h->meaning & SHED_WORDS_FINE);
  c->repeat_forward = c->repeat_forward || yes(sound, "forward-repeat");
  shed_status st    = read_jump(r, sound, h->meaning);
  if (st == SHED_OK) {
    st = read_coda(r, sound, h);
  }
  const char *segno = attr_of(sound, "segno");
  if (st == SHED_OK && (segno || (h->meaning & SHED_WORDS_SEGNO))) {
    st = musicxml_land(r, true, segno);
  }
  return st;
}

// rit. and the like; their dashes may stand in the same direction or in the next one at the same place.
static shed_status
read_free_time(musicxml_reading *r, const heard *h, bool visible_tempo, shed_beat at)
{
  musicxml_part *here  = musicxml_here(r);
  bool           begin = (h->meaning & SHED_WORDS_FREE_BEGIN) != 0;
  shed_status    st    = SHED_OK;
  if (begin) {
    here->free_measure = here->measure;
    here->free_at      = at;
    st                 = add_mark(r, SHED_MARK_FREE_BEGIN, at, 0, shed_beat_of(1, 1));
  }
  if (h->dashes_start && here->free_measure == here->measure && shed_beat_cmp(here->free_at, at) == 0) {
    here->free_dashes[h->dashes_start - 1] = true;
  }
  bool stop = h->dashes_stop && here->free_dashes[h->dashes_stop - 1];
  if (stop) {
    here->free_dashes[h->dashes_stop - 1] = false;
  }
  bool end = stop || (h->meaning & SHED_WORDS_FREE_END) || (visible_tempo && !begin);
  if (st == SHED_OK && end) {
    st = add_mark(r, SHED_MARK_FREE_END, at, 0, shed_beat_of(1, 1));
  }
  return st;
}

static shed_status
read_tempo(musicxml_reading *r, const xmlNode *sound, const heard *h, shed_beat at)
{
  const char *text = attr_of(sound, "tempo");
  double      bpm  = 0;
  if (text && shed_parse_double(text, 0, 1e9, &bpm)) {
    return add_tempo(r, sound, at, bpm);
  }
  if (text) {
    return shed_score_warn(r->score, musicxml_line(sound), "a tempo of \"%.20s\" is no number: ignored",
                           text);
  }
  return h->metronome ? read_metronome(r, h->metronome, at) : SHED_OK;
}

static shed_status
read_feel(musicxml_reading *r, const xmlNode *node, const xmlNode *sound, const heard *h, shed_beat at)
{
  const xmlNode *swing = sound ? musicxml_child(sound, "swing") : NULL;
  if (swing) {
    return read_swing(r, swing, at);
  }
  if (h->meaning & SHED_WORDS_STRAIGHT) {
    return add_mark(r, SHED_MARK_SWING, at, 1.0, shed_beat_of(1, 1));
  }
  if (h->meaning & SHED_WORDS_SWING) {
    shed_status st =
        shed_score_warn(r->score, musicxml_line(node), "\"%.60s\" is taken as eighths of 2 to 1", h->words);
    return st == SHED_OK ? add_mark(r, SHED_MARK_SWING, at, 2.0, shed_beat_of(1, 1)) : st;
  }
  return SHED_OK;
}

// The place of a direction that an <offset> with sound="yes", or a sound's own, moves.
static shed_beat
place_of(musicxml_reading *r, const xmlNode *node, const xmlNode *sound)
{
  const musicxml_part *here   = musicxml_here(r);
  const xmlNode       *own    = sound ? musicxml_child(sound, "offset") : NULL;
  const xmlNode       *drawn  = musicxml_child(node, "offset");
  const xmlNode       *offset = own ? own : drawn && musicxml_attr_is(drawn, "sound", "yes") ? drawn : NULL;
  char                 text[32];
  shed_beat            moved;
  if (!offset || !musicxml_decimal(musicxml_text(offset, text, sizeof(text)), &moved)) {
    return here->at;
  }
  moved = shed_beat_add(here->at, shed_beat_div(moved, here->divisions));
  return moved.num < 0 ? shed_beat_of(0, 1) : moved;
}

static shed_status
hear_sound(musicxml_reading *r, const xmlNode *node, const xmlNode *sound, const heard *h)
{
  shed_beat at      = place_of(r, node, sound);
  bool      visible = h->metronome || (attr_of(sound, "tempo") && h->words[0]);
  bool      later   = attr_of(sound, "time-only") != NULL;
  // what holds only some of the times is left out: no way through the score, no tempo
  if (later) {
    return shed_score_warn(r->score, musicxml_line(sound), "<sound> for some of the times only is ignored");
  }
  shed_status st = read_navigation(r, sound, h);
  if (st == SHED_OK) {
    st = read_tempo(r, sound, h, at);
  }
  if (st == SHED_OK) {
    st = read_free_time(r, h, visible, at);
  }
  return st == SHED_OK ? read_feel(r, node, sound, h, at) : st;
}

static void
add_words(heard *h, const char *words)
{
  size_t n = strlen(h->words);
  (void)snprintf(h->words + n, sizeof(h->words) - n, "%s%s", n ? " " : "", words);
}

static int
dashes_number(const xmlNode *node)
{
  const char *text   = musicxml_attr(node, "number");
  long long   number = 1;
  if (text && !shed_parse_int(text, 1, MUSICXML_MAX_DASHES, &number)) {
    number = 1;
  }
  return (int)number;
}

static shed_status
hear_type(musicxml_reading *r, const xmlNode *node, heard *h)
{
  char text[MUSICXML_TEXT];
  if (musicxml_is(node, "words")) {
    add_words(h, musicxml_text(node, text, sizeof(text)));
  } else if (musicxml_is(node, "coda")) {
    h->coda_sign = true;
    add_words(h, "coda");
  } else if (musicxml_is(node, "segno")) {
    h->segno_sign = true;
    add_words(h, "segno");
  } else if (musicxml_is(node, "metronome")) {
    h->metronome = node;
  } else if (musicxml_is(node, "dashes")) {
    h->dashes_start = musicxml_attr_is(node, "type", "start") ? dashes_number(node) : h->dashes_start;
    h->dashes_stop  = musicxml_attr_is(node, "type", "stop") ? dashes_number(node) : h->dashes_stop;
  } else {
    return musicxml_warn_unknown(r, node);
  }
  return SHED_OK;
}

shed_status
musicxml_read_direction(musicxml_reading *r, const xmlNode *node)
{
  heard h = {0};
  for (const xmlNode *c = musicxml_first(node); c; c = musicxml_next(c)) {
    if (!musicxml_is(c, "direction-type")) {
      continue;
    }
    for (const xmlNode *t = musicxml_first(c); t; t = musicxml_next(t)) {
      shed_status st = hear_type(r, t, &h);
      if (st != SHED_OK) {
        return st;
      }
    }
  }
  h.meaning = shed_words_meaning(h.words);
  if (h.segno_sign && !(h.meaning & SHED_WORDS_DAL_SEGNO)) {
    h.meaning |= SHED_WORDS_SEGNO;
  }
  return hear_sound(r, node, musicxml_child(node, "sound"), &h);
}

shed_status
musicxml_read_sound(musicxml_reading *r, const xmlNode *node)
{
  heard h = {0};
  return hear_sound(r, node, node, &h);
}
