// About this file: the trace of a take as a picture. Each system is some seconds of the take: above the signs of the verdict at the
// places where the notes were asked, below what was heard over what was asked: pitch as a line over bars as high as the 30 cents
// that are in tune, or for strokes the level over uprights. The signs are drawn, so that no font is needed; text is captions only.
#include <libxml/xmlwriter.h>

#include "tests/examples/example.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define INK     "#1b1a18"
#define CAPTION "#6d685f"
#define PAPER   "#faf8f4"
#define BAND    "#e4dfd3"
#define EDGE    "#8a8478"

enum { WIDTH = 960, LEFT = 44, RIGHT = 12, SECONDS_A_SYSTEM = 14, FRAME_STEP = 2 };

static const double SIGNS     = 34; // height above a system that signs and bar numbers have
static const double GAP       = 16;
static const double SEMITONE  = 7;
static const double IN_TUNE   = .3; // semitones each way
static const double STROKES   = 70; // height of a system without pitch
static const double FLOOR_DB  = -70;
static const double LEAP      = 1.5; // semitones in one step of the trace: another note, no line
static const double SIGN_SIZE = 13;
static const double TICK_SIZE = 9;
static const double SIGN_SIDE = 15; // two signs of one note lie so far apart

typedef struct {
  const example   *e;
  xmlTextWriterPtr w;
  double           low, high; // midi that the picture shows
  bool             pitched;
  double           system; // height of one
} trace;

typedef struct {
  const char *label, *colour, *path;
  bool        filled;
} sign;

// On a grid of 16: a lying line is the pitch asked, an upright one the beat, and the triangle stands where the player was.
static const sign SIGN[] = {
    {"correct", "#0f6b4f", "M2.8 8.6L6.4 12.4L13.2 3.8", false},
    {"sharp", "#7d5a00", "M8 1.5L13 9L3 9ZM2 12L14 12L14 14L2 14Z", true},
    {"flat", "#7d5a00", "M8 14.5L13 7L3 7ZM2 2L14 2L14 4L2 4Z", true},
    {"wrong", "#a8123a", "M3.6 3.6L12.4 12.4M12.4 3.6L3.6 12.4", false},
    {"missed", "#a8123a", "M2.5 10A5.8 4.6 -20 0 1 13.5 6A5.8 4.6 -20 0 1 2.5 10", false},
    {"extra", "#a8123a", "M8 1.8L14.2 8L8 14.2L1.8 8Z", true},
    {"early", "#6b3596", "M1.5 8L9 3L9 13ZM12 2L14 2L14 14L12 14Z", true},
    {"late", "#6b3596", "M14.5 8L7 3L7 13ZM2 2L4 2L4 14L2 14Z", true},
    {"short", "#6b3596", "M2 2L3 2L3 14L2 14ZM13 2L14 2L14 14L13 14ZM3 6.2L9 6.2L9 9.8L3 9.8Z", true},
    {"long", "#6b3596", "M2 2L3 2L3 14L2 14ZM9 2L10 2L10 14L9 14ZM3 6.2L14.5 6.2L14.5 9.8L3 9.8Z", true},
    {"unsure", "#5c5f68", "M1.4 8h3.2v1.6h-3.2ZM6.4 8h3.2v1.6h-3.2ZM11.4 8h3.2v1.6h-3.2Z", true},
};

static void
begin(const trace *t, const char *name)
{
  SHED_ASSERT(xmlTextWriterStartElement(t->w, (const xmlChar *)name) >= 0);
}

static void
end(const trace *t)
{
  SHED_ASSERT(xmlTextWriterEndElement(t->w) >= 0);
}

static void
set(const trace *t, const char *name, const char *value)
{
  SHED_ASSERT(xmlTextWriterWriteAttribute(t->w, (const xmlChar *)name, (const xmlChar *)value) >= 0);
}

static void
set_number(const trace *t, const char *name, double value)
{
  char text[32];
  (void)snprintf(text, sizeof(text), "%.1f", value);
  set(t, name, text);
}

static void
box(const trace *t, double x, double y, double width, double height, const char *fill)
{
  begin(t, "rect");
  set_number(t, "x", x);
  set_number(t, "y", y);
  set_number(t, "width", width);
  set_number(t, "height", height);
  set(t, "fill", fill);
  end(t);
}

static void
caption(const trace *t, double x, double y, const char *anchor, const char *text)
{
  begin(t, "text");
  set_number(t, "x", x);
  set_number(t, "y", y);
  set(t, "text-anchor", anchor);
  set(t, "fill", CAPTION);
  SHED_ASSERT(xmlTextWriterWriteString(t->w, (const xmlChar *)text) >= 0);
  end(t);
}

static void
draw_sign(const trace *t, const char *label, double x, double y)
{
  for (size_t i = 0; i < SHED_COUNTOF(SIGN); i++) {
    if (strcmp(SIGN[i].label, label) == 0) {
      double size = i == 0 ? TICK_SIZE : SIGN_SIZE;
      char   move[64];
      (void)snprintf(move, sizeof(move), "translate(%.1f %.1f) scale(%.4f)", x - size / 2, y - size / 2,
                     size / 16);
      begin(t, "path");
      set(t, "transform", move);
      set(t, "d", SIGN[i].path);
      set(t, "fill", SIGN[i].filled ? SIGN[i].colour : "none");
      if (!SIGN[i].filled) {
        set(t, "stroke", SIGN[i].colour);
        set(t, "stroke-width", "2.4");
        set(t, "stroke-linecap", "round");
      }
      end(t);
      return;
    }
  }
}

// -- places -----------------------------------------------------------------------------------------------------------

static int
systems(const trace *t)
{
  return (int)ceil(fmax(t->e->length_s, 1) / SECONDS_A_SYSTEM);
}

static double
x_of(double time_s)
{
  double in = time_s - SECONDS_A_SYSTEM * floor(time_s / SECONDS_A_SYSTEM);
  return LEFT + in * (WIDTH - LEFT - RIGHT) / SECONDS_A_SYSTEM;
}

static double
top_of(const trace *t, double time_s)
{
  return GAP + floor(time_s / SECONDS_A_SYSTEM) * (t->system + SIGNS + GAP);
}

static double
y_of(const trace *t, double time_s, double midi)
{
  double in = t->pitched ? (t->high - midi) * SEMITONE : STROKES * (midi / FLOOR_DB);
  return top_of(t, time_s) + SIGNS + fmax(0, fmin(t->system, in));
}

static void
find_range(trace *t)
{
  double low = 1e9, high = -1e9;
  for (size_t i = 0; i < t->e->n_notes; i++) {
    const example_note *n = &t->e->notes[i];
    if (n->midi >= 0) {
      double said = n->said_midi >= 0 ? n->said_midi : n->midi + t->e->shift;
      low         = fmin(low, fmin(n->midi + t->e->shift, said));
      high        = fmax(high, fmax(n->midi + t->e->shift, said));
    }
  }
  t->pitched = low < high + 1;
  t->low     = low - 2;
  t->high    = high + 2;
  t->system  = t->pitched ? (t->high - t->low) * SEMITONE : STROKES;
}

// -- what was asked ---------------------------------------------------------------------------------------------------

static void
draw_frame(const trace *t, int system)
{
  double top = GAP + system * (t->system + SIGNS + GAP) + SIGNS;
  char   text[32];
  box(t, LEFT, top, WIDTH - LEFT - RIGHT, t->system, "#ffffff");
  for (int c = 0; t->pitched && c < 128; c += 12) {
    if (c > t->low && c < t->high) {
      double y = top + (t->high - c) * SEMITONE;
      box(t, LEFT, y, WIDTH - LEFT - RIGHT, .5, EDGE);
      (void)snprintf(text, sizeof(text), "C%d", c / 12 - 1);
      caption(t, LEFT - 5, y + 4, "end", text);
    }
  }
  for (int s = 0; s <= SECONDS_A_SYSTEM; s += 2) {
    double at = (double)system * SECONDS_A_SYSTEM + s;
    (void)snprintf(text, sizeof(text), "%.0f s", at);
    if (s < SECONDS_A_SYSTEM) {
      caption(t, x_of(at), top + t->system + 11, "middle", text);
    }
  }
}

static void
draw_asked(const trace *t, const example_note *n, bool first_of_bar)
{
  double x   = x_of(n->asked_s);
  double top = top_of(t, n->asked_s) + SIGNS;
  if (first_of_bar) {
    box(t, x - .5, top, 1, t->system, BAND);
    caption(t, x, top - 22, "middle", n->bar);
  }
  if (n->midi < 0) {
    box(t, x - 1, top, 2, t->system, BAND);
    return;
  }
  double midi  = n->midi + t->e->shift;
  double width = fmin(n->asked_length_s * (WIDTH - LEFT - RIGHT) / SECONDS_A_SYSTEM, WIDTH - RIGHT - x);
  box(t, x, y_of(t, n->asked_s, midi + IN_TUNE), fmax(width - 1, 1), 2 * IN_TUNE * SEMITONE, BAND);
}

static bool
in_chord(const trace *t, size_t i)
{
  const example_note *n = t->e->notes;
  return (i > 0 && n[i].asked_s <= n[i - 1].asked_s) ||
         (i + 1 < t->e->n_notes && n[i + 1].asked_s <= n[i].asked_s);
}

// Signs stand above the system; of a chord those that are not ticks stand before their own note.
static void
draw_verdict(const trace *t, size_t index)
{
  const example_note *n     = &t->e->notes[index];
  const bool          chord = in_chord(t, index);
  const char         *labels[3];
  size_t              k = 0;
  double              x = x_of(n->asked_s) + 4, y = top_of(t, n->asked_s) + SIGNS - 10;
  if (n->pitch[0] && strcmp(n->pitch, "correct") != 0) {
    labels[k++] = n->pitch;
  }
  if (n->timing[0] && strcmp(n->timing, "on_time") != 0 && !(k && strcmp(n->pitch, n->timing) == 0)) {
    labels[k++] = n->timing;
  }
  if (n->length[0] && strcmp(n->length, "ok") != 0 && strcmp(n->length, "unsure") != 0) {
    labels[k++] = n->length;
  }
  if (k == 0) {
    labels[k++] = n->pitch[0] || n->timing[0] || n->length[0] ? "correct" : "unsure";
  } else if (chord) {
    x = x_of(n->asked_s) - SIGN_SIDE / 2 - SIGN_SIDE * (double)(k - 1);
    y = y_of(t, n->asked_s, n->midi + t->e->shift);
  }
  for (size_t i = 0; i < k; i++) {
    draw_sign(t, labels[i], x + (double)i * SIGN_SIDE, y);
  }
}

// -- what was heard ---------------------------------------------------------------------------------------------------

static void
draw_line(const trace *t, const char *points)
{
  begin(t, "polyline");
  set(t, "points", points);
  set(t, "fill", "none");
  set(t, "stroke", INK);
  set(t, "stroke-width", "1.2");
  end(t);
}

// One line a tone: it ends where nothing sounds, where the pitch leaps, and with the system.
static void
draw_frames(const trace *t)
{
  shed_str points = {0};
  double   before = NAN, row = -1;
  for (size_t i = 0; i < t->e->n_frames; i += FRAME_STEP) {
    const example_frame *f  = &t->e->frames[i];
    double               at = t->pitched ? 69 + 12 * log2(fmax(f->f0_hz, 1) / 440) : f->level_db;
    bool                 shown =
        f->time_s < t->e->length_s && (t->pitched ? f->voiced && at > t->low && at < t->high : at > FLOOR_DB);
    double now = floor(f->time_s / SECONDS_A_SYSTEM);
    bool   cut = !shown || now != row || (t->pitched && fabs(at - before) > LEAP);
    if (cut && points.len > 0) {
      draw_line(t, shed_str_text(&points));
      shed_str_clear(&points);
    }
    if (shown) {
      shed_str_addf(&points, "%s%.1f,%.1f", points.len ? " " : "", x_of(f->time_s), y_of(t, f->time_s, at));
    }
    before = shown ? at : (double)NAN;
    row    = now;
  }
  if (points.len > 0) {
    draw_line(t, shed_str_text(&points));
  }
  shed_str_free(&points);
}

static void
draw_sounds(const trace *t)
{
  for (size_t i = 0; i < t->e->n_sounds; i++) {
    const example_sound *s = &t->e->sounds[i];
    double               x = x_of(s->onset_s),
           width           = (s->offset_s - s->onset_s) * (WIDTH - LEFT - RIGHT) / SECONDS_A_SYSTEM;
    box(t, x, y_of(t, s->onset_s, s->midi) - .8, fmax(1, fmin(width, WIDTH - RIGHT - x)), 1.6, INK);
  }
}

static void
draw_back(const trace *t, double at)
{
  box(t, x_of(at) - 1, top_of(t, at) + SIGNS, 2, t->system, "#a8123a");
  caption(t, x_of(at) - 3, top_of(t, at) + SIGNS - 22, "end", "back");
}

static void
draw_marks(const trace *t)
{
  const shed_json *others = shed_json_get(t->e->verdict, "incidents");
  const shed_json *extras = shed_json_get(t->e->verdict, "extras");
  const shed_json *back   = shed_json_get(t->e->verdict, "restarts");
  for (size_t i = 0; i < shed_json_size(extras); i++) {
    double at   = shed_json_number(shed_json_get(shed_json_at(extras, i), "onset_s"), 0);
    double midi = shed_json_number(shed_json_get(shed_json_at(extras, i), "midi"), NAN);
    draw_sign(t, "extra", x_of(at), y_of(t, at, isnan(midi) ? (t->pitched ? t->low : FLOOR_DB) : midi));
  }
  for (size_t i = 0; i < shed_json_size(back); i++) {
    double at = shed_json_number(shed_json_get(shed_json_at(back, i), "at_s"), 0);
    draw_back(t, at);
  }
  for (size_t i = 0; i < shed_json_size(others); i++) {
    const char *kind = shed_json_text(shed_json_get(shed_json_at(others, i), "kind"));
    if (kind && strcmp(kind, "repeat") == 0) {
      draw_back(t, shed_json_number(shed_json_get(shed_json_at(others, i), "at_s"), 0));
    }
  }
}

static void
draw(const trace *t)
{
  char   view[64];
  double height = GAP + systems(t) * (t->system + SIGNS + GAP);
  (void)snprintf(view, sizeof(view), "0 0 %d %.0f", WIDTH, height);
  begin(t, "svg");
  set(t, "xmlns", "http://www.w3.org/2000/svg");
  set(t, "viewBox", view);
  set(t, "font-family", "sans-serif");
  set(t, "font-size", "10");
  box(t, 0, 0, WIDTH, height, PAPER);
  for (int i = 0; i < systems(t); i++) {
    draw_frame(t, i);
  }
  for (size_t i = 0; i < t->e->n_notes; i++) {
    if (!isnan(t->e->notes[i].asked_s)) {
      draw_asked(t, &t->e->notes[i], i == 0 || strcmp(t->e->notes[i].bar, t->e->notes[i - 1].bar) != 0);
    }
  }
  draw_frames(t);
  draw_sounds(t);
  draw_marks(t);
  for (size_t i = 0; i < t->e->n_notes; i++) {
    if (!isnan(t->e->notes[i].asked_s)) {
      draw_verdict(t, i);
    }
  }
  end(t);
}

shed_status
example_trace(const example *e, const char *path, shed_error *err)
{
  trace t = {.e = e, .w = xmlNewTextWriterFilename(path, 0)};
  if (!t.w) {
    return shed_fail(err, SHED_E_IO, path, "cannot be written");
  }
  find_range(&t);
  (void)xmlTextWriterSetIndent(t.w, 1);
  (void)xmlTextWriterSetIndentString(t.w, (const xmlChar *)"");
  draw(&t);
  int wrote = xmlTextWriterEndDocument(t.w);
  xmlFreeTextWriter(t.w);
  return wrote >= 0 ? SHED_OK : shed_fail(err, SHED_E_IO, path, "cannot be written");
}
