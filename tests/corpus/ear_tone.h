/// Additive synthesis for the ear's corpus: a kind of voice or instrument by its ranges (ear_recipes.def), one player drawn
/// from it, and what that player sings or plays as parts. Inside tests/corpus only.
#ifndef CORPUS_EAR_TONE_H
#define CORPUS_EAR_TONE_H

#include "tests/corpus/ear_mix.h"

enum {
  CORPUS_EAR_PARTIALS = 48,
  CORPUS_EAR_FORMANTS = 5,
  CORPUS_EAR_RENEWAL  = 256 ///< samples from one set of partials' heights to the next
};

/// Ranges of a kind; a player lies somewhere inside. What is zero is absent.
typedef struct {
  int    partials;     ///< at most
  double slope_db[2];  ///< of the partials, an octave
  double first_db[2];  ///< the first partial besides
  double second_db[2]; ///< the second besides
  double even_db[2];   ///< even ones besides, fading out by the sixteenth
  double odd_db[2];    ///< odd ones from the third on besides
  double uneven_db;    ///< sd of each partial
  double stiff[2];     ///< B of a stiff string: partial k at k f sqrt(1 + B k k)
  double tract;        ///< 1: a man's vocal tract; 1.17 a woman's, 1.35 a child's; 0 no formants
  double attack_s[2], release_s[2];
  double decay_s[2];       ///< 60 dB of a tone at 220 Hz; 0: it is held
  double glide_s[2];       ///< of a slur
  double vibrato_cents[2]; ///< each way
  double jitter_cents[2];  ///< sd, irregular
  double scoop_cents[2];   ///< begins so far below (over 0), arrives in a tenth of a second
  double breath_db[2];     ///< noise against the tone
  double half_am;          ///< amplitude swings by this share at half the pitch
  double hiss;             ///< share of gaps that are filled with a breath or a consonant
} corpus_ear_recipe;

/// By its place in ear_recipes.def.
typedef enum {
#define CORPUS_EAR_RECIPE(id, ...) CORPUS_EAR_##id,
#include "tests/corpus/ear_recipes.def"
#undef CORPUS_EAR_RECIPE
  CORPUS_EAR_RECIPES
} corpus_ear_kind;

/// Heights that come from elsewhere: of partials 1.., and of the noise half-way above each, at a second of the item, in the
/// tied notes that begin with @p tied. Both are zero before.
typedef void (*corpus_ear_heights)(const void *ctx, const corpus_ear_event *tied, int n, double t_s,
                                   double *high, double *noise);

/// One player.
typedef struct {
  corpus_ear_recipe r; ///< its kind; of a range the first value is the player's
  double            uneven[CORPUS_EAR_PARTIALS + 1];
  double            formant_hz[CORPUS_EAR_FORMANTS], band_hz[CORPUS_EAR_FORMANTS]; ///< of the vowel in hand
  double            vibrato_hz, floor_db;
  shed_rng         *rng;

  corpus_ear_heights      heights; ///< NULL: by recipe
  const void             *ctx;     ///< of heights
  const corpus_ear_event *tied;    ///< being played
  int                     n_tied;
} corpus_ear_player;

corpus_ear_player corpus_ear_player_draw(corpus_ear_kind kind, shed_rng *rng);
/// Play events as parts; tied ones become one part. Failure stays in @p s.
void corpus_ear_play(corpus_ear_player *p, const corpus_ear_event *events, int n, corpus_ear_stage *s);
/// A new vowel for the next tone.
void corpus_ear_vowel(corpus_ear_player *p);
/// Additive synthesis of x from hz (which is there already) and an envelope at each step. Used by what brings its own curve.
void corpus_ear_sound_part(corpus_ear_player *p, corpus_ear_part *part, const float *envelope,
                           double attack_at);

#endif
