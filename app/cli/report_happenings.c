// About this file: what happened between the notes: sounds that are not written, ways back, waits, and what befell the take.
#include "app/cli/report_style.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_EXTRAS = 8 };

static void
write_extras(shed_report *r)
{
  const shed_verdict *v = r->v;
  if (v->n_extras == 0) {
    return;
  }
  shed_report_head(r, "Heard, not written");
  shed_report_start(r, 2, 6);
  shed_report_word(r, shed_sign_text(r, SHED_SIGN_extra), shed_sign_colour(SHED_SIGN_extra));
  shed_report_tab(r, 6);
  for (size_t i = 0; i < v->n_extras && i < MOST_EXTRAS; i++) {
    const shed_sounding_note *near = shed_report_note(r, 0);
    const char               *stop = i + 1 < v->n_extras ? "," : ".";
    char                      name[24];
    for (size_t k = 0; k < v->n_notes; k++) {
      // spelled like the note beside it
      if (v->notes[k].onset_s <= v->extras[i].onset_s && shed_report_note(r, v->notes[k].index)) {
        near = shed_report_note(r, v->notes[k].index);
      }
    }
    if (v->extras[i].midi >= 0 && near && near->pitched) {
      shed_report_note_name(r, near, v->extras[i].midi - 12 * v->octave_shift - v->key_shift, name,
                            sizeof(name));
      shed_report_textf(r, "%s at %.1f s%s", name, v->extras[i].onset_s, stop);
    } else {
      shed_report_textf(r, "%s at %.1f s%s", near && near->pitched ? "a sound" : "a stroke",
                        v->extras[i].onset_s, stop);
    }
  }
  if (v->n_extras > MOST_EXTRAS) {
    shed_report_textf(r, "and %zu more.", v->n_extras - MOST_EXTRAS);
  }
  shed_report_end(r);
}

// A place by index as "bar 3, beat 2" or "note 5"; "the start" or "the end" where there is none.
static const char *
place_name(const shed_report *r, int index, char *buf, size_t size)
{
  const shed_sounding_note *note = shed_report_note(r, index);
  if (!note) {
    return "another place";
  }
  shed_report_place_name(r, note, buf, size);
  return buf;
}

static void
write_skip(shed_report *r, const shed_incident *i, const char *from)
{
  shed_report_textf(r, "%.0f %s left out from %s.", i->amount, i->amount == 1 ? "note was" : "notes were",
                    from);
}

static void
write_early_stop(shed_report *r, const shed_incident *i, const char *from)
{
  (void)i;
  shed_report_textf(r, "The take ends before %s.", from);
}

static void
write_late_start(shed_report *r, const shed_incident *i, const char *from)
{
  char buf[96];
  (void)from;
  shed_report_textf(r, "The take begins after %s.", place_name(r, i->to_index, buf, sizeof(buf)));
}

static void
write_behind_click(shed_report *r, const shed_incident *i, const char *from)
{
  double beats = fabs(i->amount);
  shed_report_textf(
      r, "From %s on all comes %.0f beat%s %s than the click has it; the notes are measured from there.",
      from, beats, beats == 1 ? "" : "s", i->amount > 0 ? "later" : "earlier");
}

static void
write_wrong_start(shed_report *r, const shed_incident *i, const char *from)
{
  (void)i;
  shed_report_textf(r, "The take begins at %s, then goes back.", from);
}

static void
write_repeat(shed_report *r, const shed_incident *i, const char *from)
{
  char buf[96];
  shed_report_textf(r, "At %.1f s you played again from %s to %s; the last time counts.", i->at_s,
                    place_name(r, i->to_index, buf, sizeof(buf)), from);
}

static void
write_drift(shed_report *r, const shed_incident *i, const char *from)
{
  (void)from;
  shed_report_textf(r, "The pitch %s by %.0f cents on the way.", i->amount < 0 ? "sinks" : "rises",
                    fabs(i->amount));
}

static void
write_tempo_drift(shed_report *r, const shed_incident *i, const char *from)
{
  (void)from;
  shed_report_textf(r, "The tempo %s by %.0f %% from start to end.", i->amount < 0 ? "rises" : "falls",
                    100 * fabs(i->amount));
}

static void
write_other_key(shed_report *r, const shed_incident *i, const char *from)
{
  (void)from;
  shed_report_textf(r, "All of it sounds %.0f %s %s than written.", fabs(i->amount),
                    fabs(i->amount) == 1 ? "semitone" : "semitones", i->amount < 0 ? "lower" : "higher");
}

// What a later judge may tell besides.
static void
write_other(shed_report *r, const shed_incident *i, const char *from)
{
  shed_report_textf(r, "%s at %s.", i->kind, from);
}

static void
write_incident(shed_report *r, const shed_incident *incident)
{
  static const struct {
    const char *kind;
    void (*write)(shed_report *r, const shed_incident *i, const char *from);
  } kinds[] = {{"skip", write_skip},
               {"early_stop", write_early_stop},
               {"late_start", write_late_start},
               {"repeat", write_repeat},
               {"drift", write_drift},
               {"wrong_start", write_wrong_start},
               {"behind_click", write_behind_click},
               {"tempo_drift", write_tempo_drift},
               {"other_key", write_other_key},
               {"other_octave", write_other_key}};
  char        buf[96];
  const char *from = place_name(r, incident->from_index, buf, sizeof(buf));
  shed_report_start(r, 2, 2);
  size_t i = 0;
  while (i < SHED_COUNTOF(kinds) && strcmp(kinds[i].kind, incident->kind) != 0) {
    i++;
  }
  (i < SHED_COUNTOF(kinds) ? kinds[i].write : write_other)(r, incident, from);
  shed_report_end(r);
}

// The ways back, waits and all else that is told once for the whole take.
static void
write_on_the_way(shed_report *r)
{
  const shed_verdict *v = r->v;
  char                a[96], b[96];
  if (v->n_restarts + v->n_hesitations + v->n_incidents == 0) {
    return;
  }
  shed_report_head(r, "On the way");
  for (size_t i = 0; i < v->n_restarts; i++) {
    shed_report_start(r, 2, 2);
    shed_report_textf(r, "At %.1f s you went back from %s to %s.", v->restarts[i].at_s,
                      place_name(r, v->restarts[i].from_index, a, sizeof(a)),
                      place_name(r, v->restarts[i].to_index, b, sizeof(b)));
    shed_report_end(r);
  }
  for (size_t i = 0; i < v->n_hesitations; i++) {
    shed_report_start(r, 2, 2);
    shed_report_textf(r, "A wait of %.1f s before %s.", v->hesitations[i].length_s,
                      place_name(r, v->hesitations[i].before_index, a, sizeof(a)));
    shed_report_end(r);
  }
  for (size_t i = 0; i < v->n_incidents; i++) {
    write_incident(r, &v->incidents[i]);
  }
}

void
shed_report_happenings(shed_report *r)
{
  write_extras(r);
  write_on_the_way(r);
}
