/// About this file: the information fields (3), in the header, in the body and inside a line, and the few directives that
/// change what is heard (11). Fields about the tune's history are passed over.
#include "engine/score/abc_reader.h"
#include "engine/score/words.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

shed_abc_voice *
shed_abc_addressed(shed_abc_reader *r)
{
  return r->in_body || r->voice_given ? &r->voices[r->voice] : &r->defaults;
}

// A copy without blanks around it and with '?' for bytes that are not UTF-8.
static void
plain_text(const char *text, char *out, size_t size)
{
  text += strspn(text, " \t");
  size_t n = strlen(text);
  while (n > 0 && isspace((unsigned char)text[n - 1])) {
    n--;
  }
  n = n < size ? n : size - 1;
  memcpy(out, text, n);
  out[n] = '\0';
  for (size_t i = 0; !shed_utf8_valid(out, n) && i < n; i++) {
    out[i] = (unsigned char)out[i] >= 0x80 ? '?' : out[i];
  }
}

static void
apply_properties(shed_abc_voice *v, const shed_abc_properties *p)
{
  if (p->has_clef) {
    v->clef_octaves = p->clef_octaves;
    v->percussion   = p->percussion;
  }
  if (p->has_octave) {
    v->octave = p->octave;
  }
  if (p->has_middle || p->has_clef) {
    v->middle_octaves = p->middle_octaves;
  }
  if (p->has_transpose) {
    v->transpose_semitones = p->transpose_semitones;
  }
  if (p->has_cue) {
    v->cue = p->cue;
  }
  v->transpose_new = v->transpose_new || p->has_clef || p->has_middle || p->has_transpose;
}

static shed_status
warn_unknown(shed_abc_reader *r, const shed_abc_properties *p)
{
  return p->unknown[0] ? shed_abc_warn(r, "\"%.40s\" is not known here; it is not used", p->unknown)
                       : SHED_OK;
}

static shed_status
set_text(shed_abc_reader *r, const char **field, const char *text)
{
  char copy[SHED_ABC_TEXT * 2];
  plain_text(text, copy, sizeof(copy));
  if ((*field)[0] || !copy[0] || r->in_body) {
    return SHED_OK; // the first title names the piece
  }
  const char *kept = shed_score_intern(r->score, copy);
  if (!kept) {
    return SHED_E_NOMEM;
  }
  *field = kept;
  return SHED_OK;
}

static shed_status
field_title(shed_abc_reader *r, const char *text)
{
  return set_text(r, &r->score->title, text);
}

static shed_status
field_composer(shed_abc_reader *r, const char *text)
{
  return set_text(r, &r->score->composer, text);
}

static shed_status
field_metre(shed_abc_reader *r, const char *text)
{
  char           why[SHED_ABC_WHY];
  shed_abc_metre metre;
  if (!shed_abc_read_metre(text, &metre, why)) {
    return shed_abc_refuse(r, "M: %s", why);
  }
  shed_abc_voice *v = r->in_body ? shed_abc_addressed(r) : &r->defaults;
  v->metre          = metre;
  v->metre_new      = true;
  return SHED_OK;
}

static shed_status
field_unit(shed_abc_reader *r, const char *text)
{
  char      why[SHED_ABC_WHY];
  shed_beat unit;
  if (!shed_abc_read_unit(text, &unit, why)) {
    return shed_abc_refuse(r, "L: %s", why);
  }
  if (r->in_body) {
    shed_abc_addressed(r)->unit = unit;
  } else {
    r->defaults.unit = unit;
    r->unit_given    = true;
  }
  return SHED_OK;
}

static shed_status
set_tempo(shed_abc_reader *r, shed_abc_voice *v, const char *text)
{
  char           why[SHED_ABC_WHY];
  shed_abc_tempo tempo;
  if (!shed_abc_read_tempo(text, v->unit, &tempo, why)) {
    return shed_abc_refuse(r, "Q: %s", why);
  }
  unsigned meaning = shed_words_meaning(tempo.words);
  v->words_new |=
      meaning & (SHED_WORDS_FREE_BEGIN | SHED_WORDS_FREE_END | SHED_WORDS_SWING | SHED_WORDS_STRAIGHT);
  if (tempo.bpm > 0) {
    v->tempo_new = true;
    v->tempo_bpm = tempo.bpm;
  } else if (meaning == 0) {
    return shed_abc_warn(r, "the tempo \"%.40s\" names no speed; the speed stays", tempo.words);
  }
  return tempo.from_words
             ? shed_abc_warn(r, "the tempo \"%.40s\" has no number; %.0f quarter notes a minute are taken",
                             tempo.words, tempo.bpm)
             : SHED_OK;
}

static shed_status
field_tempo(shed_abc_reader *r, const char *text)
{
  if (r->in_body) {
    return set_tempo(r, shed_abc_addressed(r), text);
  }
  if (strlen(text) >= sizeof(r->tempo_text)) {
    return shed_abc_refuse(r, "Q: \"%.40s\" is too long for a tempo", text);
  }
  (void)snprintf(r->tempo_text, sizeof(r->tempo_text), "%s", text);
  r->tempo_line = r->line;
  return SHED_OK;
}

static shed_status
field_key(shed_abc_reader *r, const char *text)
{
  char                why[SHED_ABC_WHY];
  shed_abc_properties p   = {0};
  shed_abc_voice     *v   = r->in_body ? shed_abc_addressed(r) : &r->defaults;
  shed_abc_key        key = v->key;
  if (!shed_abc_read_key(text, &key, &p, why)) {
    return shed_abc_refuse(r, "K: %s", why);
  }
  v->key     = key;
  v->key_new = true;
  apply_properties(v, &p);
  shed_status st = warn_unknown(r, &p);
  return st == SHED_OK && !r->in_body ? shed_abc_begin_body(r) : st;
}

static shed_status
name_part(shed_abc_reader *r, const shed_abc_voice *v, const char *name)
{
  char copy[SHED_ABC_TEXT];
  plain_text(name, copy, sizeof(copy));
  for (char *cut = strstr(copy, "\\n"); cut; cut = strstr(copy, "\\n")) {
    cut[0] = ' ';
    memmove(cut + 1, cut + 2, strlen(cut + 2) + 1);
  }
  const char *kept = shed_score_intern(r->score, copy);
  if (!kept) {
    return SHED_E_NOMEM;
  }
  r->score->parts[v->part].name = kept;
  return SHED_OK;
}

// What a V: field says to one voice.
static shed_status
describe_voice(shed_abc_reader *r, shed_abc_voice *v, const shed_abc_properties *p)
{
  if (!r->in_body) {
    v->own = *p;
  }
  apply_properties(v, p);
  return p->has_name ? name_part(r, v, p->name) : SHED_OK;
}

static shed_status
field_voice(shed_abc_reader *r, const char *text)
{
  char                id[SHED_ABC_ID];
  char                why[SHED_ABC_WHY];
  shed_abc_properties p = {0};
  text += strspn(text, " \t");
  size_t n = strcspn(text, " \t");
  if (n == 0) {
    return shed_abc_refuse(r, "V: names no voice; write it like V:1 or V:Flute");
  }
  // 20 characters tell voices apart (7)
  (void)snprintf(id, sizeof(id), "%.*s", (int)(n > 20 ? 20 : n), text);
  plain_text(id, id, sizeof(id));
  if (!shed_abc_read_properties(text + n, &p, why)) {
    return shed_abc_refuse(r, "V: %s", why);
  }
  shed_status st = warn_unknown(r, &p);
  if (strcmp(id, "*") == 0) {
    for (size_t i = 0; i < r->n_voices && st == SHED_OK; i++) {
      st = describe_voice(r, &r->voices[i], &p);
    }
    if (!r->in_body) {
      apply_properties(&r->defaults, &p);
    }
    return st;
  }
  // the voice that begins the music when the header named none
  if (r->in_body && r->n_voices == 1 && !r->voice_given && !r->voices[0].filled &&
      r->voices[0].measure == 0) {
    (void)snprintf(r->voices[0].id, sizeof(r->voices[0].id), "%s", id);
    const char *kept = shed_score_intern(r->score, id);
    if (!kept) {
      return SHED_E_NOMEM;
    }
    r->score->parts[r->voices[0].part].id = kept;
  }
  r->voice_given = true;
  if (st == SHED_OK) {
    st = shed_abc_voice_find(r, id, &r->voice);
  }
  return st == SHED_OK ? describe_voice(r, &r->voices[r->voice], &p) : st;
}

// P:A in the body begins a part; in the header it is the order in which they are played.
static shed_status
field_part(shed_abc_reader *r, const char *text)
{
  char why[SHED_ABC_WHY];
  text += strspn(text, " \t");
  if (r->in_body) {
    shed_abc_voice *v = shed_abc_addressed(r);
    if (isalpha((unsigned char)text[0]) && (text[1] == '\0' || isspace((unsigned char)text[1]))) {
      v->part_new = text[0];
    }
    if (!v->filled) {
      v->passage = v->measure;
      v->forward = v->forward_new;
    }
    return SHED_OK;
  }
  shed_str_clear(&r->order);
  r->order_line = r->line;
  if (!shed_abc_read_order(text, &r->order, why)) {
    return r->order.failed ? SHED_E_NOMEM : shed_abc_refuse(r, "P: %s", why);
  }
  return SHED_OK;
}

static shed_status
field_macro(shed_abc_reader *r, const char *text)
{
  char           why[SHED_ABC_WHY];
  shed_abc_macro m;
  const char    *kept = shed_score_intern(r->score, text);
  if (!kept) {
    return SHED_E_NOMEM;
  }
  if (!shed_abc_read_macro(kept, &m, why)) {
    return shed_abc_refuse(r, "m: %s", why);
  }
  if (r->n_macros >= SHED_ABC_MAX_MACROS) {
    return shed_score_fail(r->score, r->err, SHED_E_LIMIT, r->line, "has more than %d macros",
                           SHED_ABC_MAX_MACROS);
  }
  r->macros[r->n_macros++] = m;
  return SHED_OK;
}

// U: T = !trill!
static shed_status
field_symbol(shed_abc_reader *r, const char *text)
{
  char value[SHED_ABC_TEXT];
  text += strspn(text, " \t");
  char        letter = text[0];
  const char *equals = letter ? text + 1 + strspn(text + 1, " \t") : text;
  bool        mine   = letter == '~' || (letter >= 'H' && letter <= 'Y') || (letter >= 'h' && letter <= 'w');
  if (!mine || *equals != '=') {
    return shed_abc_refuse(
        r, "U: \"%.40s\" is not a symbol; write it like U:T = !trill! with a letter from H to W", text);
  }
  plain_text(equals + 1, value, sizeof(value));
  const char *kept = shed_score_intern(r->score, value);
  if (!kept) {
    return SHED_E_NOMEM;
  }
  r->symbols[(unsigned char)letter % SHED_ABC_SYMBOLS] = kept;
  return SHED_OK;
}

static shed_status
field_instruction(shed_abc_reader *r, const char *text)
{
  return shed_abc_directive(r, text);
}

static shed_status
field_silent(shed_abc_reader *r, const char *text)
{
  (void)r;
  (void)text;
  return SHED_OK;
}

shed_status
shed_abc_field(shed_abc_reader *r, char letter, const char *text)
{
  static const struct {
    char letter;
    shed_status (*obey)(shed_abc_reader *r, const char *text);
  } table[] = {
      {'T', field_title},
      {'C', field_composer},
      {'M', field_metre},
      {'L', field_unit},
      {'Q', field_tempo},
      {'K', field_key},
      {'V', field_voice},
      {'P', field_part},
      {'m', field_macro},
      {'U', field_symbol},
      {'I', field_instruction},
      // about the tune, its words, and remarks: nothing that sounds
      {'A', field_silent},
      {'B', field_silent},
      {'D', field_silent},
      {'E', field_silent},
      {'F', field_silent},
      {'G', field_silent},
      {'H', field_silent},
      {'N', field_silent},
      {'O', field_silent},
      {'R', field_silent},
      {'S', field_silent},
      {'W', field_silent},
      {'X', field_silent},
      {'Z', field_silent},
      {'r', field_silent},
      {'s', field_silent},
      {'w', field_silent},
      {'d', field_silent},
  };
  for (size_t i = 0; i < SHED_COUNTOF(table); i++) {
    if (table[i].letter == letter) {
      return table[i].obey(r, text);
    }
  }
  return shed_abc_warn(r, "the field %c: is not known; it is passed over", letter);
}

shed_status
shed_abc_begin_body(shed_abc_reader *r)
{
  shed_status st = SHED_OK;
  if (!r->unit_given) {
    r->defaults.unit = shed_abc_default_unit(&r->defaults.metre);
  }
  // voices of the header begin as the tune does, but for what they said of themselves
  for (size_t i = 0; i < r->n_voices; i++) {
    shed_abc_voice *v   = &r->voices[i];
    shed_abc_voice  own = *v;
    *v                  = r->defaults;
    v->part             = own.part;
    v->own              = own.own;
    v->percussion       = v->percussion || own.percussion;
    v->midi_semitones   = own.midi_semitones ? own.midi_semitones : v->midi_semitones;
    memcpy(v->id, own.id, sizeof(v->id));
    apply_properties(v, &own.own);
    v->transpose_new = true;
  }
  r->voice_given = r->n_voices > 0;
  if (r->n_voices == 0) {
    r->defaults.transpose_new = true;
    if ((st = shed_abc_voice_find(r, "1", &r->voice)) != SHED_OK) {
      return st;
    }
  }
  r->voice   = 0;
  r->in_body = true;
  if (r->tempo_text[0]) {
    int line = r->line;
    r->line  = r->tempo_line;
    st       = set_tempo(r, &r->voices[0], r->tempo_text);
    r->line  = line;
  }
  return st;
}
