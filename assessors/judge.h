/// Inside this folder only: from a path to labels. Each step fills its members of shed_judged; none changes what an
/// earlier one has found.
#ifndef SHED_ASSESSORS_JUDGE_H
#define SHED_ASSESSORS_JUDGE_H

#include "assessors/align.h"
#include "assessors/judge_own.h"
#include "assessors/policy.h"
#include "engine/task/verdict.h"

/// The lines of the labels: facts, the same under every policy.
static const double SHED_LINE_CENTS      = 30; ///< within: correct
static const double SHED_FAR_CENTS       = 70; ///< to here sharp or flat, beyond wrong
static const double SHED_LINE_SUNG_CENTS = 50; ///< a voice's lines at most
static const double SHED_FAR_SUNG_CENTS  = 100;
static const double SHED_LINE_MS         = 60; ///< within: on time

enum { SHED_CENTS_RANGE = 300, SHED_CENTS_BINS = 2 * SHED_CENTS_RANGE + 1 };
/// Weights by cents, for medians without memory: order does not matter. Zeroed it is empty.
typedef struct {
  double bins[SHED_CENTS_BINS];
  double total;
} shed_cents_histogram;
void   shed_cents_add(shed_cents_histogram *h, double cents,
                      double weight); ///< beyond the range it counts at its end
double shed_cents_quantile(const shed_cents_histogram *h, double share); ///< NaN of an empty one

/// What the lines of a pitch in the take's spectrum say, frame by frame. Zeroed it is empty.
typedef struct {
  int                  n; ///< lines that were read
  shed_cents_histogram cents;
  double weight, level_db; ///< sums over frames: of weights, of weighted levels of the strongest line
} shed_lines;
/// Read one frame's lines of a pitch. Nothing is added where the take has no spectrum or the pitch is too low for it.
/// @param other_hz of another pitch, whose lines are kept out; 0: of none. @param weight of the frame.
/// @param zero_cents what @p hz counts as in out->cents.
void shed_lines_read(const shed_take *take, size_t frame, double hz, double other_hz, double weight,
                     double zero_cents, shed_lines *out);

/// What the frames of one segment say about one expected pitch.
typedef struct {
  double cents; ///< weighted median from the expected pitch at A4 = 440, no tuning taken off; NaN
  double ear_cents,
      line_cents;     ///< the two that cents is made of: of the ear's pitch, of the spectrum's lines; NaN
  double line_spread; ///< quartile to quartile of the lines; NaN
  int    n_lines;
  double lines_db;   ///< mean level of the strongest line; -120 without
  double near_cents; ///< the part of the steady sound that is nearest to the expected pitch; NaN
  double spread;     ///< 20 % to 80 % of the steady sound, cents
  double share;      ///< of the sound that supports the expected pitch, 0..1
  double read;       ///< of the sound that is near enough (280 cents) to be read as that pitch aimed at, 0..1
  double other_share; ///< of the sound that is other_midi, 0..1
  int    other_midi;  ///< the pitch heard most; -1 none
  double other_cents; ///< from other_midi, no tuning taken off
  double sound_s;     ///< seconds that were loud enough to say something
  double level_db;    ///< loudest frame
  double confidence;  ///< mean of the frames'
  double among;       ///< share of the sound in which the expected pitch is a candidate at all
  double among_cents; ///< where it stands there on the average, from the expected pitch with the tuning; NaN
} shed_measure;

enum { SHED_ONSET_PLACES = 45 }; ///< frames in which a note may have begun, at most

/// How likely it is that a note began in each of n frames of the take; n 0: nothing is known of it.
typedef struct {
  int   first, n;
  float share[SHED_ONSET_PLACES];
} shed_onset_odds;

/// One event of the target as it was found.
typedef struct {
  int             segment; ///< of the path; -1 not found
  int             run;     ///< runs are broken by jumps
  double          path_onset_s, onset_s, offset_s;
  double          onset_doubt_s; ///< how far two estimates of the onset disagree
  bool            onset_plain;   ///< the spectrum shows it: noise is no doubt
  shed_onset_odds odds;          ///< where the spectrum was asked
  double          expected_s;    ///< where the fitted tempo puts it; NaN
  int             take_index;    ///< -1 none
  shed_measure    m;             ///< of the event's main pitch
  double cents_doubt; ///< how far its cents may be off, where nothing else makes its label unsure; else 0
  bool   uncredited;  ///< it may be somebody else's: right or not, nothing is earned by it
  bool   withheld;    ///< nothing is told of it: sound was lost there, or it may be somebody else's
} shed_found;

typedef struct {
  const shed_prompt *prompt;
  const shed_take   *take; ///< with frames, whatever the kind
  const shed_policy *policy;
  const shed_alloc  *alloc;
  shed_align_target  target;
  shed_guess         guess;
  shed_levels        levels;
  shed_evidence      evidence;
  shed_path          path;
  shed_found        *found;                 ///< one an event
  float             *centre;                ///< cents, one a frame of the take: the tonal centre's way
  double             tuning_cents;          ///< robust offset of the take; NaN when it cannot be told
  bool               tuning_off;            ///< whether it is taken off
  double             line_cents, far_cents; ///< of pitch labels: where correct ends, where wrong begins
  shed_own           own;                   ///< how the player's notes sound
  double             tempo_bpm;             ///< NaN
  double             usual_db;              ///< level of a typical note found
  double             usual_lines_db;        ///< of a typical note's strongest line; NaN
  bool               doubtful;              ///< less than half of the music was recognised
  double             pair_ratio;            ///< long to short of eighths that come uneven; NaN: they are even
  double             timing_sd_s;
  int                behind_click; ///< beats by which the player came in later than the click has it
  double drift_cents; ///< of the tonal centre: a singer who sinks, start to end; else last third less first
  shed_verdict v;
  shed_take    view;   ///< what take points to
  shed_frame  *frames; ///< its frames, where the take had none
} shed_judged;

/// A melody's judging as far as the path and what was found by it, before finer onsets and labels. shed_judged_free() in any
/// case. @param[out] known whether enough was heard of it. @return SHED_OK, or what shed_assessor.judge returns.
shed_status shed_judged_open(shed_judged *j, const shed_prompt *prompt, const shed_take *take,
                             const shed_policy *policy, const shed_alloc *alloc, bool *known,
                             shed_error *err);
void        shed_judged_free(shed_judged *j); ///< but for the verdict

double shed_judge_grid_s(const shed_judged *j,
                         int                at); ///< second of the take at a grid point of the evidence
double shed_segment_start_s(const shed_judged *j, const shed_segment *s);
double shed_segment_end_s(const shed_judged *j, const shed_segment *s);
int    shed_segment_row(const shed_judged  *j,
                        const shed_segment *s); ///< of the evidence it was found on; -1 none
double shed_segment_pitch(const shed_judged *j, const shed_segment *s); ///< MIDI, fractional between two keys

/// Measure the frames of [start_s, end_s) against a pitch. @param centre cents a frame; NULL for none.
shed_measure shed_measure_pitch(const shed_take *take, const shed_levels *lv, double start_s, double end_s,
                                double midi, const float *centre);
/// The same by the ear alone: what lines would say is left out.
shed_measure shed_measure_ear(const shed_take *take, const shed_levels *lv, double start_s, double end_s,
                              double midi, const float *centre);
/// Of the same only sound_s and level_db, which hang on no pitch; the rest is 0.
shed_measure shed_measure_sound(const shed_take *take, const shed_levels *lv, double start_s, double end_s);

/// The lines of one pitch in [start_s, end_s), by their weight in the sound. Pitches are as they sound.
/// @param other_midi its lines are kept out; NaN: of none.
shed_lines shed_measure_lines(const shed_take *take, const shed_levels *lv, double start_s, double end_s,
                              double midi, double other_midi);
/// How the pitch that was heard stands to the one asked for: a slip to the next tone, farther, a twelfth or octaves below it, or above.
typedef enum {
  SHED_ODDS_SLIP,
  SHED_ODDS_FAR,
  SHED_ODDS_BELOW,
  SHED_ODDS_ABOVE,
  SHED_ODDS_INTERVALS
} shed_odds_interval;
enum { SHED_ODDS_FEATURES = 7 };
/// What tells whose sound it was where the ear heard another pitch than the one asked for.
typedef struct {
  shed_odds_interval interval;
  double             x[SHED_ODDS_FEATURES]; ///< as judge_odds.def has them: dB, cents, 0..1, seconds
  double             cents; ///< where the lines of the one asked for stand from it, tuning taken off; NaN
} shed_odds_view;
/// @param semitones of the one heard over the one asked for.
shed_odds_interval shed_odds_interval_of(double semitones);
/// @param expected MIDI, no tuning. @return false where the take has no spectrum, or where the two pitches are one.
bool shed_judge_odds_view_of(const shed_judged *j, const shed_found *f, const shed_measure *m,
                             double expected, shed_odds_view *out);
/// Log odds that the player played the one asked for; NaN where there is no view.
/// @param expected as above. @param[out] cents the view's; NaN without.
double shed_judge_odds(const shed_judged *j, const shed_found *f, const shed_measure *m, double expected,
                       double *cents);
/// Of an event that was not found: does its pitch stand in the spectrum where it was expected, as loud as the player's others? Then
/// it is not known to be missing.
bool shed_judge_stands_in_slot(const shed_judged *j, int event);

/// Learn the level below which a note is likely not the player's, from the notes that were found with their own pitch. Nothing is
/// changed where too few tell it.
void shed_judge_player_level(shed_judged *j);
/// Each event's segment, measure and onset from the path; the last attempt counts.
void shed_judge_find(shed_judged *j);
/// One segment of the path, which is no extra note: when it began and ended. Its measure and its odds stay empty.
/// @param last_row the ear's note that the segment before was, -1.
shed_found shed_judge_place(const shed_judged *j, int segment, int run, int last_row);
/// Finer onsets of what was found, where the take has a spectrum; else nothing is changed. @return SHED_OK, SHED_E_NOMEM.
shed_status shed_judge_onsets(shed_judged *j);
/// The same of one segment that a later attempt at its event has replaced. After shed_judge_onsets(). @return whether it is known.
bool shed_judge_attempt(const shed_judged *j, int segment, shed_found *out);
/// How likely it is by f->odds that a note began in (from_s, to_s].
double shed_judge_onset_share(const shed_found *f, double from_s, double to_s);
/// By the same it began so long before the path has it that there stands but its end.
bool shed_judge_began_before(const shed_found *f);
/// The tuning offset and the tonal centre's way from what was found.
void shed_judge_tuning(shed_judged *j);
/// own, from what was found and its tuning; nothing is known where the take has no spectrum. @return SHED_OK, SHED_E_NOMEM.
shed_status shed_judge_learn_own(shed_judged *j);
/// A sound at the place of what was found, on a pitch (MIDI, as it sounds), beside what the player's notes are like.
shed_own_sound shed_judge_own_sound(const shed_judged *j, const shed_found *f, double midi);
/// The pitch that sounds until a segment begins; NaN: none, or the pitch of that segment itself, @p midi.
double shed_judge_pitch_before(const shed_judged *j, int segment, double midi);
/// Cents from the expected pitch with what is taken off of the tuning.
double shed_judge_deviation(const shed_judged *j, const shed_found *f, double cents);
/// pair_ratio; and where the music swings where the off-beats are asked by it. Before the tempo.
void shed_judge_swing(shed_judged *j);
/// expected_s, tempo_bpm and timing_sd_s from a robust local line through the onsets found.
shed_status shed_judge_tempo(shed_judged *j);
/// Labels of pitch thought over by whose sound it was: after them, before those of time.
void shed_judge_whose(shed_judged *j);
/// The same once more, of what is missing: was it left out, or another played in its place? After that, before the labels of time.
void shed_judge_missing(shed_judged *j);
/// Of those that are missing still once each extra note is known, and whose place none of these took: another note of the player's?
void shed_judge_replaced(shed_judged *j);
/// It was not played.
void shed_judge_call_missed(shed_note_verdict *v);
/// Another one was, as it was measured from one moment to another.
void shed_judge_call_wrong(const shed_judged *j, int event, const shed_measure *m, double from_s, double to_s,
                           shed_note_verdict *v);
/// What is wrong, missing or in doubt by now, weighed by all that is known of it. After that, before the labels of time.
void shed_judge_faults(shed_judged *j);
/// Questions of a note that the path has, and of the place of one that it has not: was the pitch asked for played all the same? If not, was
/// nothing played?
typedef enum {
  SHED_FAULT_FOUND_PLAYED,
  SHED_FAULT_FOUND_MISSED,
  SHED_FAULT_SLOT_PLAYED,
  SHED_FAULT_SLOT_MISSED,
  SHED_FAULT_FORMS
} shed_fault_form;
enum { SHED_FAULT_FEATURES = 15 };
/// @param others_db as shed_extras_others_db(). @param[out] x as judge_faults.def has them; what a place has not is 0.
/// @return false where nothing is asked.
bool shed_faults_view(const shed_judged *j, int event, double others_db, double x[SHED_FAULT_FEATURES]);
/// Pitch, timing and length of every note of the line, without credit.
void shed_judge_label_pitch(shed_judged *j);
void shed_judge_label_time(shed_judged *j);
/// Was a note held as long as it is written? @param last of the music: it may ring.
shed_length_label shed_judge_length(const shed_sounding_note *n, double wanted_s, double played_s, bool last);
/// Chords of a take whose notes are known (a keyboard's, a list): each note by the keys that went down then; and, after the
/// events, keys that belong to nothing are extras. Other takes are left as they are. @return SHED_OK, SHED_E_NOMEM.
shed_status shed_judge_label_keys(shed_judged *j);
shed_status shed_judge_extra_keys(shed_judged *j);
/// Extra notes that lie below what the instrument can play are not the student's; without a profile all stay.
void shed_judge_drop_unplayable(shed_judged *j);
/// The clearest sign near the start of what was found that something begins there, 0..1.
double shed_judge_attack_of(const shed_judged *j, const shed_found *f);
/// How far what begins here rises over the player's softest, dB.
double shed_judge_over_player_db(const shed_judged *j, const shed_found *f);
/// Is there so much noise that little can be sure?
bool shed_judge_is_noisy(const shed_judged *j);
/// Was this heard too weakly for a fault to be told?
bool shed_judge_is_weak(const shed_judged *j, const shed_measure *m);
/// A first label by the distance alone, thought over: whose sound it was, how surely it was heard. @param expected MIDI with cents.
void shed_judge_think_twice(const shed_judged *j, const shed_found *f, const shed_measure *m, double expected,
                            shed_note_verdict *v);
/// Take seconds a score second in the first half of what was found and in the second. @return false where too little tells it,
/// where the player waited or went back, or where the music says that the tempo moves.
bool shed_judge_pace(const shed_judged *j, double *from, double *to);
/// Extras, restarts, hesitations, incidents.
shed_status shed_judge_events(shed_judged *j);
/// How far the ear may be off about where this event began.
double shed_judge_onset_doubt_ms(const shed_judged *j, const shed_found *f);
/// Credit of an onset: 1 within @p window_ms, none at twice as far. Where the ear's own doubt is wider than the window, credit
/// of the pattern alone: 1 while the distances to both neighbours are nearer to those asked than to half or twice. NaN when not
/// even that can be told.
double shed_judge_time_credit(const shed_judged *j, int event, double error_ms, double window_ms);
/// Did the note surely begin within the policy's window, whatever the doubt that makes its label unsure? Near a line of the labels
/// a policy with wider lines has none.
bool shed_judge_is_surely_within(const shed_judged *j, const shed_found *f, double error_ms,
                                 double window_ms);
/// What was played while no sound came through is not known: labels there are unsure, and what only silence tells goes. Where the
/// take's time cannot be judged each timing label is unsure. Before the credit.
void shed_judge_withhold(shed_judged *j);
/// Credit, dimensions, scores, passed.
void shed_judge_credit(shed_judged *j);
/// What to say first, at most four sentences; and warnings.
void shed_judge_advise(shed_judged *j);

/// Weighted median; sorts both arrays by x. NaN when n is 0.
double shed_weighted_median(double *x, double *w, size_t n, double share);

#endif
