/// A tune as somebody plays it: human deviations, known mistakes, and the truth about every note.
#ifndef CORPUS_PERFORM_H
#define CORPUS_PERFORM_H

#include "engine/base/json.h"
#include "tests/corpus/synth.h"
#include "tests/corpus/tune.h"

typedef struct {
  const char   *id;
  int           program;   ///< General MIDI; -1: has none (clap)
  int           low, high; ///< comfortable sounding range, midi
  corpus_timbre timbre;    ///< of the exact synthesis
  bool          sustained; ///< the player holds the tone
  bool          sung;
} corpus_instrument;

size_t                   corpus_instrument_count(void);
const corpus_instrument *corpus_instrument_at(size_t i); ///< static; NULL beyond the last
/// @return NULL when there is none of that name. Static.
const corpus_instrument *corpus_instrument_find(const char *id);

/// How unlike a machine. Zero is a machine.
typedef struct {
  double timing_sd_ms; ///< of each onset, cut at 2.5 sd
  double cents_sd;     ///< of each note, cut at 2.5 sd
  double tuning_cents; ///< of all notes
  double
      tempo_sd; ///< the tempo wanders: sd of its logarithm's step at each quarter, pulled back to 0 (0.01: little)
  double tempo_drift; ///< evenly over the take: 0.1 is 10 % faster at its end
  double velocity_sd;
  double length;     ///< of the written length that sounds; 0: 0.92
  double sink_cents; ///< evenly over the tune the pitch goes down by so much
} corpus_human;

/// A student who plays decently: 18 ms, 8 cents, a little rubato.
corpus_human corpus_human_usual(void);

/// What can go wrong, in mistakes.def:
/// wrong       note `index` is played `amount` semitones off
/// missed      it is left out
/// extra       half-way through it comes another note, `amount` semitones off
/// early, late it comes `amount` ms too early or late; the others stay
/// sharp, flat it is `amount` cents too high or low
/// restart     after it a break of `amount` s, then on from note `to`, which is not behind it; mistakes of the notes that
///             come again are made the first time only
/// skip        after it the next is `to`; what lies between is left out, and no time is lost
/// hesitation  before it a break of `amount` s
/// early_stop  it is the last
typedef enum {
#define CORPUS_MISTAKE(id, name, second, amount, pitched, of_note) CORPUS_##id,
#include "tests/corpus/mistakes.def"
#undef CORPUS_MISTAKE
  CORPUS_MISTAKES
} corpus_mistake_kind;

typedef struct {
  corpus_mistake_kind kind;
  int                 index; ///< of the tune's notes
  int                 to;    ///< restart, skip
  double              amount;
} corpus_mistake;

const char *corpus_mistake_name(corpus_mistake_kind kind); ///< "wrong", "early_stop"
/// "wrong@3:2", "missed@5", "restart@7>2:1.5", "skip@3>9". @return SHED_OK, or SHED_E_FORMAT with what was expected.
SHED_NODISCARD shed_status corpus_mistake_parse(const char *text, corpus_mistake *out, shed_error *err);

/// One sound that was made.
typedef struct {
  double onset_s, duration_s;
  int    midi;  ///< 0 when unpitched
  double cents; ///< off the equal-tempered midi, tuning and chance together
  double
         sink_cents; ///< from its start to its end the note goes down by so much; the exact synthesis alone can do that
  int    velocity;
  int    index;    ///< of the tune; -1: an extra note
  int    attempt;  ///< 0; after a restart 1 ...
  double shift_ms; ///< off the steady beat: chance and mistake together
} corpus_played;

/// The truth about one note of the tune.
typedef struct {
  bool played; ///< false: missed, skipped or behind an early stop
  int  sound;  ///< index into played of its last sounding; -1 none
  double
      steady_s; ///< where the player's own (drifting) beat has it in the last pass that reached it; NaN never
} corpus_truth;

enum { CORPUS_PLAYED_MAX = 2048, CORPUS_MISTAKES_MAX = 64 };

/// A plain (large) value.
typedef struct {
  corpus_tune    tune;      ///< as it was asked, transposed for the instrument
  double         bpm;       ///< at the start, quarters a minute
  double         lead_in_s; ///< where the tune's start stands in the take
  size_t         n;
  corpus_played  played[CORPUS_PLAYED_MAX]; ///< in order of time
  corpus_truth   truth[CORPUS_NOTES_MAX];   ///< tune.n of them
  size_t         n_mistakes;
  corpus_mistake mistakes[CORPUS_MISTAKES_MAX];
  double         length_s; ///< of the take
} corpus_performance;

/// Play. Deterministic in all arguments.
/// @param lead_in_s silence before the tune's start.
/// @return SHED_OK; SHED_E_RANGE: a mistake at a note that is not there, at one that an earlier one removes, a restart
///         forward or a skip back, too many sounds (err says which).
SHED_NODISCARD shed_status corpus_perform(const corpus_tune *tune, double bpm, double lead_in_s,
                                          const corpus_human *human, const corpus_mistake *mistakes,
                                          size_t n_mistakes, uint64_t seed, corpus_performance *out,
                                          shed_error *err);
/// Mistakes by chance: each note with probability @p rate has one of the note kinds (wrong to flat), amounts as students
/// make them. @return how many, at most @p cap.
size_t corpus_mistakes_random(const corpus_tune *tune, double rate, uint64_t seed, corpus_mistake *out,
                              size_t cap);

/// The performance by FluidSynth, peak at -3 dBFS. A note's median pitch is as the truth says within 2 cents where the usual
/// font is installed: its own mistuning (font_cents.def, measured) is taken off. Within a note some of its samples waver
/// by 5 to 10 cents (flute, horn, trumpet), and bowed and blown ones speak some milliseconds after the truth's onset.
SHED_NODISCARD shed_status corpus_render(const corpus_performance *p, const corpus_instrument *instrument,
                                         int rate_hz, const shed_alloc *alloc, shed_sound *out,
                                         shed_error *err);
/// How far off a font plays a note of @p long_s by itself, cents; 0 where it was not measured.
typedef double(corpus_font_mistuning)(int program, int midi, double long_s);
/// The same with a sound font of one's own. @param own_cents is taken off.
SHED_NODISCARD shed_status corpus_render_font(const corpus_performance *p,
                                              const corpus_instrument *instrument, const char *font,
                                              corpus_font_mistuning *own_cents, int rate_hz,
                                              const shed_alloc *alloc, shed_sound *out, shed_error *err);
/// Cracks into another register at the start of one note in 1 / @p share, 40 to 80 ms long.
SHED_NODISCARD shed_status corpus_add_squeaks(const corpus_performance *p, double share, uint64_t seed,
                                              shed_sound *s);
/// Air taken in one gap of 1 / @p share that a breath fits into: noise that swells and falls.
void corpus_add_breaths(const corpus_performance *p, double share, uint64_t seed, shed_sound *s);

/// The same by exact synthesis; singers slide and have vibrato. Peak at -3 dBFS.
SHED_NODISCARD shed_status corpus_render_exact(const corpus_performance *p,
                                               const corpus_instrument *instrument, int rate_hz,
                                               uint64_t seed, const shed_alloc *alloc, shed_sound *out);

corpus_font_mistuning corpus_font_cents; ///< of the usual font (TimGM6mb), whose notes end as they begin
/// Pitch of a steady tone between two moments, measured slowly (energy of the first harmonics, median): cents off @p midi, within
/// 60; NaN when the span is under 0.2 s. Shares nothing with the ear.
double corpus_pitch_cents(const shed_sound *s, double from_s, double to_s, double midi, int harmonics);
/// The same of a note that has less time: of pieces that follow a vibrato, the median. NaN under 60 ms and 8 periods.
double corpus_short_pitch_cents(const shed_sound *s, double from_s, double to_s, double midi, int harmonics);
/// Scale so that the highest sample is @p peak; silence stays.
void corpus_normalise(shed_sound *s, double peak);

/// {"tune", "bpm", "length_s", "notes": [{"index", "midi", "played", "played_midi", "cents", "onset_s", "offset_s",
/// "shift_ms", "steady_s"}], "sounds": [...], "mistakes": [...]}. The caller frees it.
shed_json *corpus_truth_json(const corpus_performance *p);

#endif
