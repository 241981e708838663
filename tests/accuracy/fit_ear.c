// Fits the weights by which the ear chooses a pitch, and prints engine/dsp/weights.def:
//
//     build/release/tests/accuracy/fit_ear [PHRASES [KEPT]] > weights.def
//     build/release/tests/accuracy/fit_ear check [KEPT]
//
// With a file KEPT what was heard is kept there, and read from there when it is: for trying nets and costs. "check"
// fits nothing and tells what the weights in the tree make of the REPORT half.
//
// On generated phrases (ear_material.h) and the FIT half of the ear's corpus (tests/corpus/ear.h), in four steps: the net that chooses among candidates, on frames that have a
// pitch; the net that tells whether there is one, which looks at the first one's choice; the confidence, a logistic form of
// the path's evidence and a monotone map; and a report on phrases that none of them saw, which goes to stderr.
#include "tests/accuracy/ear_draw.h"
#include "tests/accuracy/fit_confidence.h"
#include "tests/accuracy/fit_net.h"
#include "tests/accuracy/fit_path.h"
#include "tests/corpus/ear.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PHRASES = 850, STROKES = 120, ROOMS = 400, KNOCKS = 130, CHOICE_EPOCHS = 10, VOICE_EPOCHS = 6 };
static const double SECONDS = 6.0, HOLD_OUT = 0.15;

static const char *const FRAME_NAME[] = {
#define SHED_FRAME_FEATURE(name) #name,
#include "engine/dsp/features.def"
};
static const char *const CAND_NAME[] = {
#define SHED_CAND_FEATURE(name) #name,
#include "engine/dsp/features.def"
};
static const char *const VOICE_NAME[] = {
#define SHED_VOICE_FEATURE(name) #name,
#include "engine/dsp/features.def"
};

// Rows of the report: generated kinds and harms, then the corpus' groups and harms.
enum { FAMILIES = EAR_KINDS + CORPUS_EAR_GROUPS + 1, HARMS = EAR_HARMS + CORPUS_EAR_HARMS };

typedef struct {
  int phrases, strokes, more;
  int n;        // of all: phrases, then those of the corpus, strokes, phrases in rooms and with knocks
  int corpus[]; // of the corpus' items
} sources;

// A third clean, the rest harmed in all ways; kinds and harms in turn, so that each meets each.
static bool
generate(int i, ear_sound *sound, fit_item *item)
{
  shed_rng r;
  shed_rng_seed(&r, 20, (uint64_t)i + 1);
  ear_kind kind  = (ear_kind)(i % EAR_KINDS);
  ear_harm harm  = ear_chance(&r, 0.3) ? EAR_CLEAN : (ear_harm)shed_rng_between(&r, 1, EAR_NEIGHBOUR);
  item->snr_db   = ear_uniform(&r, 3, 26);
  item->family   = (int)kind;
  item->harm     = (int)harm;
  item->clean    = harm == EAR_CLEAN;
  item->held_out = ear_chance(&r, HOLD_OUT);
  snprintf(item->name, sizeof(item->name), "%s, %s %.0f dB, phrase %d", EAR_KIND_NAME[kind],
           EAR_HARM_NAME[harm], item->snr_db, i);
  *sound = ear_make(1000 + (uint64_t)i, kind, harm, item->snr_db, SECONDS);
  return true;
}

// What the first set has too little of: reverberant rooms, half of them through a laptop, where old notes ring on under new
// ones and first partials are weak; and knocks, after which the ear must not be deaf.
static bool
generate_more(int i, ear_sound *sound, fit_item *item)
{
  shed_rng r;
  shed_rng_seed(&r, 23, (uint64_t)i + 1);
  ear_kind kind  = (ear_kind)(i % EAR_KINDS);
  ear_harm harm  = i >= ROOMS ? EAR_KNOCK : i / EAR_KINDS % 2 ? EAR_FAR_PHONE : EAR_HALL;
  item->snr_db   = ear_uniform(&r, 12, 30);
  item->family   = (int)kind;
  item->harm     = (int)harm;
  item->held_out = ear_chance(&r, HOLD_OUT);
  snprintf(item->name, sizeof(item->name), "%s, %s %.0f dB, phrase %d", EAR_KIND_NAME[kind],
           EAR_HARM_NAME[harm], item->snr_db, i);
  *sound = ear_make(9000 + (uint64_t)i, kind, harm, item->snr_db, SECONDS);
  return true;
}

// Strokes, half of them while people talk: what is said is not played.
static bool
strike(int i, ear_sound *sound, fit_item *item)
{
  shed_rng r;
  shed_rng_seed(&r, 22, (uint64_t)i + 1);
  ear_harm harm  = i % 2 ? EAR_BABBLE : (ear_harm)shed_rng_between(&r, 0, EAR_NEIGHBOUR);
  item->snr_db   = ear_uniform(&r, 3, 26);
  item->family   = FAMILIES - 1;
  item->harm     = (int)harm;
  item->clean    = harm == EAR_CLEAN;
  item->held_out = ear_chance(&r, HOLD_OUT);
  snprintf(item->name, sizeof(item->name), "strokes, %s %.0f dB, %d", EAR_HARM_NAME[harm], item->snr_db, i);
  *sound = ear_strokes(5000 + (uint64_t)i, harm, item->snr_db, SECONDS);
  return true;
}

static bool
take_from_corpus(int i, ear_sound *sound, fit_item *item)
{
  corpus_ear_item  at;
  corpus_ear_sound s;
  shed_error       err = {.status = SHED_OK};
  corpus_ear_at((size_t)i, &at);
  if (corpus_ear_make(&at, &s, &err) != SHED_OK) {
    fprintf(stderr, "skipped: %s: %s\n", at.name, err.what);
    return false;
  }
  item->family   = EAR_KINDS + (int)at.group;
  item->harm     = EAR_HARMS + (int)at.harm;
  item->clean    = at.harm == CORPUS_EAR_CLEAN;
  item->held_out = at.half == CORPUS_EAR_REPORT;
  snprintf(item->name, sizeof(item->name), "%s", at.name);
  *sound = (ear_sound){s.x, s.n, s.f0_hz, s.frames}; // owned by the sound from here on
  free(s.notes);
  return true;
}

static bool
source(void *context, int i, ear_sound *sound, fit_item *item)
{
  const sources *s         = context;
  int            of_corpus = s->n - s->phrases - s->strokes - s->more;
  if (i < s->phrases) {
    return generate(i, sound, item);
  }
  i -= s->phrases;
  if (i < of_corpus) {
    return take_from_corpus(s->corpus[i], sound, item);
  }
  i -= of_corpus;
  return i < s->strokes ? strike(i, sound, item) : generate_more(i - s->strokes, sound, item);
}

static sources *
list_sources(int phrases, corpus_ear_half half)
{
  size_t   all = corpus_ear_count();
  sources *s   = calloc(1, sizeof(*s) + all * sizeof(int));
  s->phrases   = phrases;
  s->n         = phrases;
  for (size_t i = 0; i < all; i++) {
    corpus_ear_item at;
    corpus_ear_at(i, &at);
    if (at.half == half) {
      s->corpus[s->n++ - phrases] = (int)i;
    }
  }
  s->strokes = half == CORPUS_EAR_FIT ? STROKES : 0;
  s->more    = half == CORPUS_EAR_FIT ? ROOMS + KNOCKS : 0;
  s->n += s->strokes + s->more;
  return s;
}

// -- the choice ---------------------------------------------------------------------------------------------------

// Under a hall's tail much can be argued about; what people say next door is not to lose weight for its sake.
static float
weight_of(const fit_item *item)
{
  bool hall = item->family < EAR_KINDS && (item->harm == EAR_HALL || item->harm == EAR_FAR_PHONE);
  bool talk = item->harm == EAR_BABBLE || item->harm == EAR_HARMS + CORPUS_EAR_BABBLE10 ||
              item->harm == EAR_HARMS + CORPUS_EAR_BABBLE05;
  return hall ? 0.25f : talk ? 1.6f : 1.0f;
}

static int
choice_cases(const fit_item *items, int n, fit_case *out)
{
  int m = 0;
  for (int i = 0; i < n; i++) {
    for (int f = 0; f < items[i].n; f++) {
      const fit_frame *at = &items[i].frames[f];
      if (!items[i].held_out && at->truth_hz > 0 && at->right >= 0) {
        if (out) {
          out[m] = (fit_case){at->set.frame, at->set.cand[0], SHED_CAND_FEATURES,
                              at->set.n,     at->right,       weight_of(&items[i]),
                              NULL};
        }
        m++;
      }
    }
  }
  return m;
}

static void
descend(fit_net *net, const fit_case *cases, int n, int passes, shed_rng *r, const char *what)
{
  fit_net_standardise(net, cases, n);
  for (int e = 0; e < passes; e++) {
    double rate = net->learn * pow(0.03, (double)e / (passes - 1));
    double loss = fit_net_epoch(net, cases, n, r, rate);
    fprintf(stderr, "%s, pass %d of %d: loss %.4f\n", what, e + 1, passes, loss);
  }
}

static void
fit_choice(fit_net *net, const fit_item *items, int n, shed_rng *r)
{
  int       m     = choice_cases(items, n, NULL);
  fit_case *cases = malloc((size_t)(m + 1) * sizeof(*cases));
  choice_cases(items, n, cases);
  fit_net_init(net, SHED_FRAME_FEATURES, SHED_CAND_FEATURES, false, 1);
  net->learn = 0.003;
  net->decay = 0.01;
  net->batch = 64;
  descend(net, cases, m, CHOICE_EPOCHS, r, "choice");
  free(cases);
}

// -- voicing ------------------------------------------------------------------------------------------------------

static void
fit_voice(fit_net *net, const shed_net *choice, const fit_item *items, int n, shed_rng *r)
{
  int m = 0, cap = 0;
  for (int i = 0; i < n; i++) {
    cap += items[i].held_out ? 0 : items[i].n;
  }
  fit_case *cases                    = malloc((size_t)(cap + 1) * sizeof(*cases));
  float(*looks)[SHED_VOICE_FEATURES] = malloc((size_t)(cap + 1) * sizeof(*looks));
  for (int i = 0; i < n; i++) {
    shed_voicing v = {.frames = 0};
    for (int f = 0; f < items[i].n && !items[i].held_out; f++) {
      const fit_frame *at = &items[i].frames[f];
      shed_emission    e;
      shed_emission_run(choice, &at->set, &e);
      shed_voicing_look(&v, &at->set, &e, looks[m]);
      if (at->truth_hz >= 0) {
        cases[m] = (fit_case){at->set.frame, looks[m], SHED_VOICE_FEATURES, 1, at->truth_hz > 0, 1, NULL};
        m++;
      }
    }
  }
  fit_net_init(net, SHED_FRAME_FEATURES, SHED_VOICE_FEATURES, true, 2);
  net->learn = 0.003;
  net->decay = 0.01;
  net->batch = 64;
  descend(net, cases, m, VOICE_EPOCHS, r, "voicing");
  free(cases);
  free(looks);
}

// -- the whole ----------------------------------------------------------------------------------------------------

static void
print_list(const char *before, const float *v, int n, const char *after)
{
  printf("%s", before);
  for (int i = 0; i < n; i++) {
    printf("%s%.4ff", i > 0 ? ", " : "", (double)v[i]);
  }
  printf("%s", after);
}

static void
print_inputs(const char *macro, const char *const *name, int n, const shed_net_input *in)
{
  for (int i = 0; i < n; i++) {
    printf("%s(%s, %.5ff, %.5ff, %.4ff, ", macro, name[i], (double)in[i].mean, (double)in[i].scale,
           (double)in[i].straight);
    print_list("", in[i].hidden, SHED_NET_UNITS, ")\n");
  }
}

static void
print_units(const char *macro, const shed_net *net)
{
  printf("%s(%.4ff, ", macro, (double)net->base);
  print_list("SHED_UNITS(", net->bias, SHED_NET_UNITS, "), ");
  print_list("SHED_UNITS(", net->out, SHED_NET_UNITS, "))\n");
}

static void
print_weights(const fit_net *choice, const fit_net *voice, const fit_confidence *c, int phrases, int corpus)
{
  static const char *const MACRO[] = {
      "CHOICE_FRAME(name, ...)",  "CHOICE_CAND(name, ...)",           "CHOICE_UNITS(base, bias, out)",
      "VOICING_FRAME(name, ...)", "VOICING_VOICE(name, ...)",         "VOICING_UNITS(base, bias, out)",
      "CONFIDENCE(...)",          "CONFIDENCE_KNOTS(low, step, ...)", "UNITS(...)"};
  printf("// Weights of the choice of a pitch (CHOICE), of whether there is one (VOICING), and of the "
         "confidence. Of\n"
         "// each input its mean and 1 / standard deviation, its straight weight, and its weights in the "
         "hidden\n"
         "// units (net.h). Fitted by tests/accuracy/fit_ear.c on %d generated phrases, %d takes of strokes "
         "and %d sounds of the "
         "FIT half of\n"
         "// tests/corpus/ear.h, and on nothing else.\n"
         "// clang-format off\n",
         phrases, STROKES, corpus);
  for (size_t i = 0; i < sizeof(MACRO) / sizeof(*MACRO); i++) {
    printf("#ifndef SHED_%.*s\n#define SHED_%s\n#endif\n", (int)strcspn(MACRO[i], "("), MACRO[i], MACRO[i]);
  }
  print_inputs("SHED_CHOICE_FRAME", FRAME_NAME, SHED_FRAME_FEATURES, choice->input);
  print_inputs("SHED_CHOICE_CAND", CAND_NAME, SHED_CAND_FEATURES, choice->input + SHED_FRAME_FEATURES);
  print_units("SHED_CHOICE_UNITS", &choice->net);
  print_inputs("SHED_VOICING_FRAME", FRAME_NAME, SHED_FRAME_FEATURES, voice->input);
  print_inputs("SHED_VOICING_VOICE", VOICE_NAME, SHED_VOICE_FEATURES, voice->input + SHED_FRAME_FEATURES);
  print_units("SHED_VOICING_UNITS", &voice->net);
  printf("SHED_CONFIDENCE(");
  for (int i = 0; i <= SHED_PATH_EVIDENCE; i++) {
    printf("%s%.4ff", i > 0 ? ", " : "", c->weight[i]);
  }
  printf(")\nSHED_CONFIDENCE_KNOTS(%.1ff, %.1ff", FIT_KNOT_LOW, FIT_KNOT_STEP);
  for (int i = 0; i < FIT_KNOTS; i++) {
    printf(", %.4ff", c->knot[i]);
  }
  printf(")\n");
  for (size_t i = 0; i < sizeof(MACRO) / sizeof(*MACRO); i++) {
    printf("#undef SHED_%.*s\n", (int)strcspn(MACRO[i], "("), MACRO[i]);
  }
}

static void
report(const fit_ear *ear, const fit_item *items, int n)
{
  const char *family[FAMILIES], *harm[HARMS];
  for (int i = 0; i < FAMILIES; i++) {
    family[i] = i < EAR_KINDS      ? EAR_KIND_NAME[i]
                : i < FAMILIES - 1 ? CORPUS_EAR_GROUP_NAME[i - EAR_KINDS]
                                   : "strokes";
  }
  for (int i = 0; i < HARMS; i++) {
    harm[i] = i < EAR_HARMS ? EAR_HARM_NAME[i] : CORPUS_EAR_HARM_NAME[i - EAR_HARMS];
  }
  fit_report(ear, items, n, true, family, FAMILIES, harm, HARMS);
}

static fit_item *
hear_all(sources *from, const char *kept, int *n)
{
  fit_item *items = kept ? fit_items_read(kept, n) : NULL;
  if (!items) {
    *n    = from->n;
    items = fit_items_hear(source, from, *n);
    if (kept && !fit_items_write(kept, items, *n)) {
      exit(1);
    }
  }
  return items;
}

static void
fit(const fit_item *items, int n, int phrases)
{
  fit_net  choice, voice;
  shed_rng r;
  shed_rng_seed(&r, 21, 1);
  fit_choice(&choice, items, n, &r);
  fit_voice(&voice, &choice.net, items, n, &r);
  fit_ear        ear = {choice.net, voice.net, shed_path_costs_usual()};
  fit_confidence c   = fit_confidence_of(&ear, items, n);
  report(&ear, items, n);
  print_weights(&choice, &voice, &c, phrases + ROOMS + KNOCKS, n - phrases - STROKES - ROOMS - KNOCKS);
  fit_net_free(&choice);
  fit_net_free(&voice);
}

int
main(int argc, char **argv)
{
  bool      check   = argc > 1 && strcmp(argv[1], "check") == 0;
  int       phrases = check ? 0 : argc > 1 ? (int)strtol(argv[1], NULL, 10) : PHRASES;
  sources  *from    = list_sources(phrases, check ? CORPUS_EAR_REPORT : CORPUS_EAR_FIT);
  int       n;
  fit_item *items = hear_all(from, argc > 2 ? argv[2] : NULL, &n);
  if (check) {
    fit_ear ear = {shed_emission_net(), shed_voicing_net(), shed_path_costs_usual()};
    report(&ear, items, n);
  } else {
    fit(items, n, phrases);
  }
  fit_items_free(items, n);
  free(from);
  return 0;
}
