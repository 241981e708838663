// About this file: a MIDI file as a score. It holds keys and times, no notation: measures follow its time signatures, spelling
// its key signatures, parts its tracks and channels. Times are brought to 1/48 of a quarter (fifths and sevenths of one
// are kept), and a note that players' software lets go a little early is as long as it was written.
#include "engine/score/readers.h"
#include "engine/score/smf_layout.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
  SLOWEST_BPM  = 5,
  FASTEST_BPM  = 1000,
  PLAYED_NOTES = 8, ///< fewer off the beats say nothing
  PLAYED_SHARE = 4  ///< a quarter of all off the beats: nobody wrote that
};

// What the reader fills.
typedef struct {
  const shed_smf   *smf;
  shed_smf_layout   layout;
  shed_score       *score;
  shed_error       *err;
  int              *part_of; ///< part of track * 16 + channel; -1 none
  size_t            n_parts;
  shed_smf_written *notes;
  size_t            n_notes;
} reader;

bool
shed_score_is_smf(const char *data, size_t n)
{
  return shed_smf_is(data, n);
}

static bool
track_has_notes(const reader *r, size_t track)
{
  for (int c = 0; c < SHED_SMF_CHANNELS; c++) {
    if (r->part_of[track * SHED_SMF_CHANNELS + (size_t)c] >= 0) {
      return true;
    }
  }
  return false;
}

static int
channels_of(const reader *r, size_t track)
{
  int n = 0;
  for (int c = 0; c < SHED_SMF_CHANNELS; c++) {
    n += r->part_of[track * SHED_SMF_CHANNELS + (size_t)c] >= 0;
  }
  return n;
}

// The track's name, and of which channel where it has several.
static shed_status
add_part(reader *r, size_t track, int channel)
{
  char                  id[24], name[SHED_SMF_TEXT + 40];
  const shed_smf_track *t    = &r->smf->tracks[track];
  const char           *text = t->name[0] ? t->name : t->instrument;
  bool                  many = channels_of(r, track) > 1;
  size_t                part = 0;
  (void)snprintf(id, sizeof(id), "t%zuc%d", track + 1, channel + 1);
  if (text[0] && many) {
    (void)snprintf(name, sizeof(name), "%s, channel %d", text, channel + 1);
  } else if (text[0]) {
    (void)snprintf(name, sizeof(name), "%s", text);
  } else if (many) {
    (void)snprintf(name, sizeof(name), "Channel %d", channel + 1);
  } else {
    (void)snprintf(name, sizeof(name), "Track %zu", track + 1);
  }
  shed_status st = shed_score_add_part(r->score, id, name, &part);
  if (st == SHED_E_LIMIT) {
    return shed_fail(r->err, st, r->score->file, "has more than %d parts", (int)SHED_SCORE_MAX_PARTS);
  }
  if (st == SHED_OK) {
    const char *instrument                                  = shed_score_intern(r->score, t->instrument);
    r->score->parts[part].instrument                        = instrument ? instrument : "";
    r->part_of[track * SHED_SMF_CHANNELS + (size_t)channel] = (int)part;
    r->n_parts++;
    return instrument ? SHED_OK : SHED_E_NOMEM;
  }
  return st;
}

// A part for each channel of each track that has notes; the title is the name of a first track without any.
static shed_status
add_parts(reader *r)
{
  size_t cells = r->smf->n_tracks * SHED_SMF_CHANNELS;
  r->part_of   = shed_calloc(r->score->alloc, cells, sizeof(*r->part_of));
  if (!r->part_of) {
    return SHED_E_NOMEM;
  }
  for (size_t i = 0; i < cells; i++) {
    r->part_of[i] = -1;
  }
  for (size_t i = 0; i < r->smf->n_notes; i++) {
    r->part_of[r->smf->notes[i].track * SHED_SMF_CHANNELS + r->smf->notes[i].channel] = 0;
  }
  shed_status st = SHED_OK;
  for (size_t i = 0; i < cells && st == SHED_OK; i++) {
    if (r->part_of[i] >= 0) {
      st = add_part(r, i / SHED_SMF_CHANNELS, (int)(i % SHED_SMF_CHANNELS));
    }
  }
  if (st == SHED_OK && r->n_parts == 0) {
    return shed_fail(r->err, SHED_E_FORMAT, r->score->file, "there is no note in it");
  }
  if (st == SHED_OK && r->smf->tracks[0].name[0] && !track_has_notes(r, 0)) {
    const char *title = shed_score_intern(r->score, r->smf->tracks[0].name);
    r->score->title   = title ? title : r->score->title;
    st                = title ? SHED_OK : SHED_E_NOMEM;
  }
  return st;
}

static shed_status
add_measures(reader *r)
{
  char        number[16];
  shed_status st   = SHED_OK;
  const bool  lead = r->layout.pickup;
  for (size_t i = 0; i < r->layout.n && st == SHED_OK; i++) {
    const shed_smf_measure *m = &r->layout.measures[i];
    (void)snprintf(number, sizeof(number), "%zu", i + (lead ? 0 : 1));
    st = shed_score_open_measure(r->score, (int)i, number);
    if (st == SHED_OK) {
      shed_score_extend(r->score, (int)i, m->length);
      shed_score_column(r->score, (int)i)->implicit = lead && i == 0;
    }
    bool differs = i == 0 || m->beats != m[-1].beats || m->beat_type != m[-1].beat_type;
    for (size_t p = 0; p < r->n_parts && st == SHED_OK && differs; p++) {
      st = shed_score_add_change(r->score, p,
                                 &(shed_change){.kind    = SHED_CHANGE_TIME,
                                                .measure = (int)i,
                                                .at      = shed_beat_of(0, 1),
                                                .a       = m->beats,
                                                .b       = m->beat_type});
    }
  }
  return st;
}

static shed_status
add_tempos(reader *r)
{
  shed_status st = SHED_OK;
  for (size_t i = 0; i < r->smf->n_changes && st == SHED_OK && !r->smf->smpte; i++) {
    const shed_smf_change *c = &r->smf->changes[i];
    if (c->kind != SHED_SMF_TEMPO || c->tick > r->smf->end) {
      continue;
    }
    double    bpm  = 60e6 / c->a;
    shed_beat at   = shed_smf_quarters(r->smf, c->tick);
    int       m    = shed_smf_measure_at(&r->layout, at);
    shed_mark mark = {.kind    = SHED_MARK_TEMPO,
                      .measure = m,
                      .at      = shed_beat_sub(at, r->layout.measures[m].start),
                      .value   = bpm,
                      .unit    = shed_beat_of(1, 1)};
    st             = bpm >= SLOWEST_BPM && bpm <= FASTEST_BPM
                         ? shed_score_add_mark(r->score, &mark)
                         : shed_score_warn(r->score, 0, "a tempo of %.4g quarter notes a minute is left out", bpm);
  }
  return st;
}

// Whether a key signature holds for a track: its own do, and those of all others where it has none.
static bool
holds_for(const reader *r, const shed_smf_change *c, size_t track, bool own)
{
  return c->kind == SHED_SMF_KEY && c->tick <= r->smf->end && (c->track == track || !own);
}

static shed_status
add_key(reader *r, size_t part, const shed_smf_change *c)
{
  shed_beat at = shed_smf_quarters(r->smf, c->tick);
  int       m  = shed_smf_measure_at(&r->layout, at);
  return shed_score_add_change(r->score, part,
                               &(shed_change){.kind    = SHED_CHANGE_KEY,
                                              .measure = m,
                                              .at      = shed_beat_sub(at, r->layout.measures[m].start),
                                              .a       = c->a});
}

static shed_status
add_note(reader *r, size_t part, const shed_smf_written *w, int fifths)
{
  const shed_smf_note *from = &r->smf->notes[w->note];
  int                  m    = shed_smf_measure_at(&r->layout, w->at);
  bool                 drum = from->channel == SHED_SMF_DRUMS;
  shed_note            note = {.voice    = "1",
                               .measure  = m,
                               .at       = shed_beat_sub(w->at, r->layout.measures[m].start),
                               .duration = w->length,
                               .written  = shed_pitch_spell(from->key, drum ? 0 : fifths),
                               .staff    = 1,
                               .pitched  = !drum};
  note.sounding             = note.written;
  // the measure is as long as its metre, however far a note in it is held
  shed_beat   length                     = shed_score_column(r->score, m)->length;
  shed_status st                         = shed_score_add_note(r->score, part, &note);
  shed_score_column(r->score, m)->length = length;
  return st;
}

// The notes of one part, in order, with the keys that they are spelled by.
static shed_status
add_notes(reader *r, size_t track, size_t part, const shed_smf_written *w, size_t n)
{
  bool        own    = r->smf->tracks[track].has_keys;
  size_t      change = 0;
  int         fifths = 0;
  shed_status st     = SHED_OK;
  for (size_t i = 0; i <= n && st == SHED_OK; i++) {
    uint64_t until = i < n ? r->smf->notes[w[i].note].on : UINT64_MAX;
    for (; change < r->smf->n_changes && r->smf->changes[change].tick <= until && st == SHED_OK; change++) {
      if (holds_for(r, &r->smf->changes[change], track, own)) {
        fifths = r->smf->changes[change].a;
        st     = add_key(r, part, &r->smf->changes[change]);
      }
    }
    if (st == SHED_OK && i < n) {
      st = add_note(r, part, &w[i], fifths);
    }
  }
  return st;
}

static shed_status
add_all_notes(reader *r)
{
  size_t      off = 0;
  shed_status st  = shed_smf_write(r->smf, r->score->alloc, &r->notes);
  r->n_notes      = r->smf->n_notes;
  for (size_t i = 0; i < r->n_notes && st == SHED_OK;) {
    const shed_smf_note *first = &r->smf->notes[r->notes[i].note];
    size_t               end   = i;
    for (; end < r->n_notes; end++) {
      const shed_smf_note *n = &r->smf->notes[r->notes[end].note];
      if (n->track != first->track || n->channel != first->channel) {
        break;
      }
      off += r->notes[end].off_beat;
    }
    int part = r->part_of[first->track * SHED_SMF_CHANNELS + first->channel];
    st       = add_notes(r, first->track, (size_t)part, r->notes + i, end - i);
    i        = end;
  }
  if (st == SHED_OK && off >= PLAYED_NOTES && off * PLAYED_SHARE >= r->n_notes) {
    st = shed_score_warn(
        r->score, 0,
        "%zu of %zu notes stand off the beats, as in playing, and are moved to the nearest part of "
        "one. To play after it as it is, give it with --reference",
        off, r->n_notes);
  }
  return st;
}

static shed_status
pass_warnings(reader *r)
{
  shed_status st = SHED_OK;
  for (int i = 0; i < r->smf->n_warnings && st == SHED_OK; i++) {
    st = shed_score_warn(r->score, 0, "byte %zu: %s", r->smf->warnings[i].byte, r->smf->warnings[i].what);
  }
  if (st == SHED_OK && r->smf->n_warnings_more) {
    st = shed_score_warn(r->score, 0, "%d more of this kind are not shown", r->smf->n_warnings_more);
  }
  if (st == SHED_OK && r->smf->smpte) {
    st = shed_score_warn(r->score, 0,
                         "it counts time in film frames, not in beats: taken as 120 quarter notes a minute");
  }
  return st;
}

static shed_status
fill(reader *r)
{
  shed_status st = pass_warnings(r);
  if (st == SHED_OK && (st = add_parts(r)) == SHED_OK &&
      (st = shed_smf_lay_out(r->smf, r->score->alloc, &r->layout)) == SHED_E_LIMIT) {
    return shed_fail(r->err, st, r->score->file, "has more than %d measures", (int)SHED_SCORE_MAX_MEASURES);
  }
  if (st == SHED_OK && (st = add_measures(r)) == SHED_OK && (st = add_tempos(r)) == SHED_OK) {
    st = add_all_notes(r);
  }
  return st;
}

shed_status
shed_score_read_smf(const char *data, size_t n, shed_score *score, shed_error *err)
{
  shed_smf    smf = {0};
  shed_status st  = shed_smf_parse(data, n, score->file, score->alloc, &smf, err);
  if (st != SHED_OK) {
    return st;
  }
  reader r = {.smf = &smf, .score = score, .err = err};
  st       = fill(&r);
  shed_free(score->alloc, r.part_of);
  shed_free(score->alloc, r.notes);
  shed_smf_layout_free(&r.layout, score->alloc);
  shed_smf_free(&smf);
  return st;
}
