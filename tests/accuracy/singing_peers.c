// About this file: runs the peers once on each take, keeps what they found, and looks for the settings that suit them best.
#include "tests/accuracy/singing_peers.h"

#include "tests/accuracy/onset_peers.h"
#include "tests/accuracy/praat_notes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { FOUND_MAX = 2048, CHANGES = 6, STAYS = 3, LEASTS = 3 };
enum {
  RULES    = CHANGES * STAYS * LEASTS * 2,
  KEPT     = 12,
  MIDDLING = 64 // 1.3 semitones for 6 frames, 10 frames at least, begins at the attack
};

static const double FLOOR_HZ = 60, CEILING_HZ = 1000; // Praat's range: every singer of these takes

static const double CHANGE[CHANGES] = {0.6, 0.8, 1.0, 1.3, 1.6, 2.0};
static const int    STAY[STAYS]     = {4, 6, 9};
static const int    LEAST[LEASTS]   = {6, 10, 14};

static const char *const HALF_NAME[] = {"even", "odd", "all"};

typedef struct {
  double *t;
  int     n;
} time_list;

typedef struct {
  double *f0_hz, *change[STAYS], tuning;
  int     frames;
} pitch_line;

typedef struct {
  const singing_sound *sounds;
  int                  n;
  time_list  attacks[ONSET_PEERS][ONSET_THRESHOLDS + 1][REAL_TAKES_MAX]; // last: the method's own threshold
  pitch_line pitch[PRAAT_METHODS][REAL_TAKES_MAX];
} peers;

typedef struct {
  praat_method pitch;
  int          peer, threshold, stay;
  praat_rule   rule;
} setting;

static bool
in_half(int take, int half)
{
  return half == SINGING_ALL || take % 2 == half;
}

interval
singing_onset_f(const onset_score *s, int n, int half, match_tolerance tolerance)
{
  double part[REAL_TAKES_MAX], whole[REAL_TAKES_MAX];
  int    m = 0;
  for (int i = 0; i < n; i++) {
    if (in_half(i, half)) {
      part[m]    = 2 * (double)s[i].hits[tolerance];
      whole[m++] = (double)(s[i].truth + s[i].found);
    }
  }
  return interval_of_ratio(part, whole, m);
}

interval
singing_note_f(const note_score *s, int n, int half, bool ends)
{
  double part[REAL_TAKES_MAX], whole[REAL_TAKES_MAX];
  int    m = 0;
  for (int i = 0; i < n; i++) {
    if (in_half(i, half)) {
      part[m]    = 2 * (double)(ends ? s[i].hits_offset : s[i].hits);
      whole[m++] = (double)(s[i].truth + s[i].found);
    }
  }
  return interval_of_ratio(part, whole, m);
}

static void *
some(size_t n, size_t size)
{
  void *p = calloc(n + 1, size);
  if (!p) {
    abort();
  }
  return p;
}

static void
run_aubio(peers *p)
{
  static double found[FOUND_MAX];
  for (int i = 0; i < p->n; i++) {
    const singing_sound *s = &p->sounds[i];
    for (int k = 0; k < ONSET_PEERS; k++) {
      for (int h = 0; h <= ONSET_THRESHOLDS; h++) {
        double     threshold = h < ONSET_THRESHOLDS ? ONSET_THRESHOLD[h] : 0;
        time_list *to        = &p->attacks[k][h][i];
        to->n                = onset_peer_run(k, threshold, s->x, s->n, s->rate_hz, found, FOUND_MAX);
        to->t                = some((size_t)to->n, sizeof(*to->t));
        for (int j = 0; j < to->n; j++) {
          to->t[j] = found[j];
        }
      }
    }
  }
}

// Half the F-measures over one half of the takes are enough to choose by.
static double
onset_sum(const peers *p, int peer, int threshold, int half)
{
  onset_score sum = {0};
  for (int i = 0; i < p->n; i++) {
    if (in_half(i, half)) {
      const time_list *a = &p->attacks[peer][threshold][i];
      onset_score      s = match_score_onsets(p->sounds[i].take->notes, p->sounds[i].take->n, a->t, a->n);
      match_add_onsets(&sum, &s);
    }
  }
  return match_f(sum.hits[MATCH_50], sum.truth, sum.found);
}

static void
tell_onsets(const char *name, const onset_score *s, int n, int half)
{
  interval a = singing_onset_f(s, n, half, MATCH_50), b = singing_onset_f(s, n, half, MATCH_25);
  printf("  %-26s %-4s takes  F50 %.3f [%.3f, %.3f]  F25 %.3f [%.3f, %.3f]\n", name, HALF_NAME[half], a.value,
         a.low, a.high, b.value, b.low, b.high);
}

static void
print_aubio(const peers *p)
{
  onset_score s[REAL_TAKES_MAX];
  printf("\naubio's onsets, threshold chosen by F50 on the other half (own: the method's default):\n");
  for (int k = 0; k < ONSET_PEERS; k++) {
    for (int half = SINGING_EVEN; half <= SINGING_ALL; half++) {
      int    best = ONSET_THRESHOLDS; // for all takes: as it comes
      double most = -1;
      char   name[64];
      for (int h = 0; h < ONSET_THRESHOLDS && half != SINGING_ALL; h++) {
        double f = onset_sum(p, k, h, 1 - half);
        best     = f > most ? h : best;
        most     = fmax(f, most);
      }
      for (int i = 0; i < p->n; i++) {
        const time_list *a = &p->attacks[k][best][i];
        s[i]               = match_score_onsets(p->sounds[i].take->notes, p->sounds[i].take->n, a->t, a->n);
      }
      (void)snprintf(name, sizeof(name), best < ONSET_THRESHOLDS ? "%s %.2f" : "%s own", ONSET_PEER_NAME[k],
                     best < ONSET_THRESHOLDS ? ONSET_THRESHOLD[best] : 0);
      tell_onsets(name, s, p->n, half);
    }
  }
}

static bool
run_praat(peers *p)
{
  for (int m = 0; m < PRAAT_METHODS; m++) {
    for (int i = 0; i < p->n; i++) {
      const singing_sound *s  = &p->sounds[i];
      pitch_line          *to = &p->pitch[m][i];
      to->frames              = (int)((double)s->n / s->rate_hz * 100);
      to->f0_hz               = some((size_t)to->frames, sizeof(double));
      if (!praat_pitch(s->take->path, (praat_method)m, FLOOR_HZ, CEILING_HZ, to->f0_hz, to->frames)) {
        printf("  Praat failed on %s\n", s->take->name);
        return false;
      }
      for (int k = 0; k < STAYS; k++) {
        to->change[k] = some((size_t)to->frames, sizeof(double));
        praat_changes(to->f0_hz, to->frames, STAY[k], to->change[k]);
      }
      to->tuning = real_take_tuning(s->take, to->f0_hz, to->frames);
    }
  }
  return true;
}

// The notes of one take by a setting, its tuning taken off as it is taken off ours.
static int
notes_by(const peers *p, const setting *s, int take, match_note *out)
{
  const pitch_line *line = &p->pitch[s->pitch][take];
  const time_list  *a    = &p->attacks[s->peer][s->threshold][take];
  int n = praat_notes(&s->rule, line->f0_hz, line->change[s->stay], line->frames, a->t, a->n, out, FOUND_MAX);
  for (int i = 0; i < n; i++) {
    out[i].midi -= line->tuning;
  }
  return n;
}

static void
score_by(const peers *p, const setting *s, int take, note_score *notes, onset_score *onsets)
{
  static match_note found[FOUND_MAX];
  static double     times[FOUND_MAX];
  const real_take  *t = p->sounds[take].take;
  int               n = notes_by(p, s, take, found);
  for (int i = 0; i < n; i++) {
    times[i] = found[i].onset_s;
  }
  *notes  = match_score_notes(t->notes, t->n, found, n);
  *onsets = match_score_onsets(t->notes, t->n, times, n);
}

static void
set_rule(setting *s, int i)
{
  s->stay              = i % STAYS;
  s->rule.stay_frames  = STAY[s->stay];
  s->rule.snap         = i / STAYS % 2;
  s->rule.least_frames = LEAST[i / STAYS / 2 % LEASTS];
  s->rule.change       = CHANGE[i / STAYS / 2 / LEASTS];
}

static double
note_sum(const peers *p, const setting *s, int half)
{
  note_score sum = {0};
  for (int i = 0; i < p->n; i++) {
    if (in_half(i, half)) {
      note_score  notes;
      onset_score onsets;
      score_by(p, s, i, &notes, &onsets);
      match_add_notes(&sum, &notes);
    }
  }
  return match_f(sum.hits, sum.truth, sum.found);
}

// Every pitch method with every attack detector at every threshold by a middling rule; then every rule for the best of these.
static setting
choose(const peers *p, int half)
{
  setting kept[KEPT + 1] = {{0}}, best = {0};
  double  of[KEPT + 1], most           = -1;
  int     n = 0;
  for (int k = 0; k < PRAAT_METHODS * ONSET_PEERS * ONSET_THRESHOLDS; k++) {
    setting s = {.pitch     = (praat_method)(k % PRAAT_METHODS),
                 .peer      = k / PRAAT_METHODS % ONSET_PEERS,
                 .threshold = k / PRAAT_METHODS / ONSET_PEERS};
    set_rule(&s, MIDDLING);
    double f  = note_sum(p, &s, half);
    int    at = n < KEPT ? n++ : KEPT;
    for (; at > 0 && of[at - 1] < f; at--) {
      kept[at] = kept[at - 1];
      of[at]   = of[at - 1];
    }
    kept[at] = s;
    of[at]   = f;
  }
  for (int k = 0; k < KEPT * RULES; k++) {
    setting s = kept[k / RULES];
    set_rule(&s, k % RULES);
    double f = note_sum(p, &s, half);
    best     = f > most ? s : best;
    most     = fmax(f, most);
  }
  return best;
}

static void
print_praat(const peers *p)
{
  printf("\nPraat + aubio, settings chosen by note F on the other half:\n");
  for (int half = SINGING_EVEN; half <= SINGING_ODD; half++) {
    setting     s = choose(p, 1 - half);
    note_score  notes[REAL_TAKES_MAX];
    onset_score onsets[REAL_TAKES_MAX];
    for (int i = 0; i < p->n; i++) {
      score_by(p, &s, i, &notes[i], &onsets[i]);
    }
    interval a = singing_note_f(notes, p->n, half, false), b = singing_note_f(notes, p->n, half, true);
    printf("  Praat %s, aubio %s %.2f, change %.1f semitones for %d frames, least %d frames%s:\n",
           PRAAT_METHOD_NAME[s.pitch], ONSET_PEER_NAME[s.peer], ONSET_THRESHOLD[s.threshold], s.rule.change,
           s.rule.stay_frames, s.rule.least_frames, s.rule.snap ? ", begins at the attack" : "");
    tell_onsets("  its notes' onsets", onsets, p->n, half);
    printf("  %-26s %-4s takes  note F %.3f [%.3f, %.3f]  with ends %.3f [%.3f, %.3f]\n", "  notes",
           HALF_NAME[half], a.value, a.low, a.high, b.value, b.low, b.high);
  }
}

static void
free_all(peers *p)
{
  for (int i = 0; i < p->n; i++) {
    for (int k = 0; k < ONSET_PEERS; k++) {
      for (int h = 0; h <= ONSET_THRESHOLDS; h++) {
        free(p->attacks[k][h][i].t);
      }
    }
    for (int m = 0; m < PRAAT_METHODS; m++) {
      free(p->pitch[m][i].f0_hz);
      for (int k = 0; k < STAYS; k++) {
        free(p->pitch[m][i].change[k]);
      }
    }
  }
  free(p);
}

void
singing_peers_print(const singing_sound *sounds, int n)
{
  peers *p  = some(1, sizeof(*p));
  p->sounds = sounds;
  p->n      = n;
  run_aubio(p);
  print_aubio(p);
  if (!praat_installed()) {
    printf("\nPraat + aubio: not installed (Debian package praat)\n");
  } else if (run_praat(p)) {
    print_praat(p);
  }
  free_all(p);
}
