#include "tests/bench/workloads.h"

#include "engine/dsp/cands.h"
#include "engine/dsp/cands_internal.h"
#include "engine/dsp/emission.h"
#include "engine/dsp/notes.h"
#include "engine/dsp/onset.h"
#include "engine/dsp/quick.h"
#include "engine/dsp/refine.h"
#include "engine/dsp/tracker.h"
#include "engine/hear/hear.h"
#include "tests/bench/measure.h"

#include <aubio/aubio.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// One context for all of our parts: what a part does not use stays zero.
typedef struct {
  const shed_sound *sound;
  shed_hear        *ear;
  shed_front       *front;
  shed_cands       *cands;
  shed_tracker     *tracker;
  shed_onset       *onset;
  shed_quick       *quick;
  shed_notes       *notes;
  shed_rise         rise;
  shed_level        level;
  shed_notes_in    *heard; // what the notes are found in
  size_t            n_heard;
  void (*frame)(void *ctx, int64_t centre);
  float sink; // so that no work is left out for being unused
} part;

static void
end_part(void *ctx)
{
  part *p = ctx;
  if (p) {
    shed_hear_free(p->ear);
    shed_front_free(p->front);
    shed_cands_free(p->cands);
    shed_tracker_free(p->tracker);
    shed_onset_free(p->onset);
    shed_quick_free(p->quick);
    shed_notes_free(p->notes);
    free(p->heard);
    free(p);
  }
}

static void *
checked(part *p, shed_status st)
{
  if (st != SHED_OK) {
    end_part(p);
    return NULL;
  }
  return p;
}

static part *
new_part(const shed_sound *s)
{
  part *p = calloc(1, sizeof(*p));
  if (p) {
    p->sound = s;
  }
  return p;
}

// -- the whole ear ---------------------------------------------------------------------------------------------------------

static void *
begin_ear(const shed_sound *s)
{
  part *p = new_part(s);
  return p ? checked(p, shed_hear_new(&p->ear, &(shed_hear_opts){.rate_hz = s->rate_hz}, NULL)) : NULL;
}

static void
run_ear(void *ctx)
{
  part      *p = ctx;
  shed_event e;
  for (size_t at = 0; at + BENCH_HOP <= p->sound->n; at += BENCH_HOP) {
    shed_hear_push(p->ear, p->sound->x + at, BENCH_HOP);
    while (shed_hear_poll(p->ear, &e)) {
      p->sink += (float)e.time_s;
    }
  }
}

// -- parts of it: each stands on the front end, whose own cost is a row of its own ------------------------------------------

static void
run_frames(void *ctx)
{
  part   *p      = ctx;
  int64_t pushed = shed_front_count(p->front);
  for (size_t at = 0; at + BENCH_HOP <= p->sound->n; at += BENCH_HOP) {
    shed_front_push(p->front, p->sound->x + at, BENCH_HOP);
    pushed += BENCH_HOP;
    int64_t centre = pushed - SHED_CANDS_AHEAD;
    if (p->frame && centre > 0) {
      p->frame(p, centre);
    }
  }
}

static part *
begin_frames(const shed_sound *s, void (*frame)(void *ctx, int64_t centre))
{
  part *p = new_part(s);
  if (p) {
    p->frame = frame;
    p        = checked(p, shed_front_new(&p->front, NULL, BENCH_RATE_HZ));
  }
  return p;
}

static void *
begin_front(const shed_sound *s)
{
  return begin_frames(s, NULL);
}

static void
frame_level(void *ctx, int64_t centre)
{
  part *p = ctx;
  p->sink += shed_level_run(&p->level, p->front, centre).level_db;
}

static void *
begin_level(const shed_sound *s)
{
  return begin_frames(s, frame_level);
}

static void
frame_nsdf(void *ctx, int64_t centre)
{
  part *p = ctx;
  for (int r = 0; r < CANDS_REGISTERS; r++) {
    const cands_register *g = &CANDS_REGISTER[r];
    shed_nsdf_run(p->cands->nsdf[r],
                  shed_front_at(p->front, g->octave, (centre >> g->octave) - g->window / 2, g->window));
  }
}

static void *
begin_nsdf(const shed_sound *s)
{
  part *p = begin_frames(s, frame_nsdf);
  return p ? checked(p, shed_cands_new(&p->cands, NULL)) : NULL;
}

static void
frame_comb(void *ctx, int64_t centre)
{
  part *p = ctx;
  shed_comb_run(p->cands->comb,
                shed_front_at(p->front, 0, centre - CANDS_COMB_WINDOW / 2, CANDS_COMB_WINDOW));
}

static void *
begin_comb(const shed_sound *s)
{
  part *p = begin_frames(s, frame_comb);
  return p ? checked(p, shed_cands_new(&p->cands, NULL)) : NULL;
}

static const shed_level_frame LEVEL = {-20.0f, 40.0f, 3.0f, 0.0f};

static void
frame_cands(void *ctx, int64_t centre)
{
  part         *p = ctx;
  shed_cand_set set;
  shed_cands_run(p->cands, p->front, centre, &LEVEL, &set);
  p->sink += set.f_hz[0];
}

static void *
begin_cands(const shed_sound *s)
{
  part *p = begin_frames(s, frame_cands);
  return p ? checked(p, shed_cands_new(&p->cands, NULL)) : NULL;
}

static void
frame_tracker(void *ctx, int64_t centre)
{
  part              *p = ctx;
  shed_tracker_point now, settled;
  if (shed_tracker_run(p->tracker, p->front, centre, &LEVEL, &now, &settled)) {
    p->sink += settled.f0_hz;
  }
}

static void *
begin_tracker(const shed_sound *s)
{
  part *p = begin_frames(s, frame_tracker);
  return p ? checked(p, shed_tracker_new(&p->tracker, NULL)) : NULL;
}

static void
frame_onset(void *ctx, int64_t centre)
{
  part *p = ctx;
  p->sink += shed_onset_run(p->onset, p->front, centre, &LEVEL).flux;
}

static void *
begin_onset(const shed_sound *s)
{
  part *p = begin_frames(s, frame_onset);
  return p ? checked(p, shed_onset_new(&p->onset, NULL)) : NULL;
}

// Two looks each 10 ms, and nobody to tell it the octave: it searches more than in the whole ear.
static void
run_quick(void *ctx)
{
  part           *p = ctx;
  shed_quick_look look;
  for (size_t at = 0; at + BENCH_HOP <= p->sound->n; at += BENCH_HOP) {
    for (size_t half = 0; half < 2; half++) {
      shed_front_push(p->front, p->sound->x + at + half * (BENCH_HOP / 2), BENCH_HOP / 2 + (int)half);
      if (shed_quick_run(p->quick, p->front, &look)) {
        p->sink += look.f0_hz;
      }
    }
  }
}

static void *
begin_quick(const shed_sound *s)
{
  part *p = begin_frames(s, NULL);
  return p ? checked(p, shed_quick_new(&p->quick, NULL)) : NULL;
}

// The note finder hears what the whole ear settled, with the frames' own flux for both of aubio's functions.
static void
frame_notes(void *ctx, int64_t centre)
{
  part          *p  = ctx;
  size_t         at = (size_t)(centre / BENCH_HOP);
  shed_notes_out out;
  shed_rise_run(&p->rise, p->front);
  if (at < p->n_heard) {
    shed_notes_push(p->notes, &p->heard[at], &p->rise);
  }
  while (shed_notes_poll(p->notes, &out)) {
    p->sink += out.onset_s;
  }
}

static void *
begin_notes(const shed_sound *s)
{
  part     *p    = begin_frames(s, frame_notes);
  shed_take take = {0};
  if (!p || shed_hear_take(s->x, s->n, s->rate_hz, NULL, NULL, NULL, &take, NULL) != SHED_OK) {
    end_part(p);
    return NULL;
  }
  p->heard = calloc(take.n_frames, sizeof(*p->heard));
  for (size_t i = 0; p->heard && i < take.n_frames; i++) {
    const shed_frame *f = &take.frames[i];
    p->heard[i]         = (shed_notes_in){.f0_hz         = f->f0_hz,
                                          .confidence    = f->confidence,
                                          .voiced        = f->voiced,
                                          .level_db      = f->level_db,
                                          .over_floor_db = f->level_db - take.noise_db,
                                          .flux          = f->flux,
                                          .mkl           = f->flux,
                                          .hfc           = f->flux};
  }
  p->n_heard = take.n_frames;
  shed_take_free(&take);
  return checked(p, p->heard ? shed_notes_new(&p->notes, NULL) : SHED_E_NOMEM);
}

// -- aubio's ---------------------------------------------------------------------------------------------------------------

typedef struct {
  const shed_sound *sound;
  uint_t            hop;
  aubio_pitch_t    *pitch;
  aubio_onset_t    *onset;
  fvec_t           *in, *out;
} peer;

static void
end_peer(void *ctx)
{
  peer *p = ctx;
  if (p->pitch) {
    del_aubio_pitch(p->pitch);
  }
  if (p->onset) {
    del_aubio_onset(p->onset);
  }
  del_fvec(p->in);
  del_fvec(p->out);
  free(p);
}

static void *
begin_peer(const shed_sound *s, const char *pitch, const char *onset, uint_t window, uint_t hop)
{
  peer *p = calloc(1, sizeof(*p));
  if (!p) {
    return NULL;
  }
  p->sound = s;
  p->hop   = hop;
  p->pitch = pitch ? new_aubio_pitch(pitch, window, hop, BENCH_RATE_HZ) : NULL;
  p->onset = onset ? new_aubio_onset(onset, window, hop, BENCH_RATE_HZ) : NULL;
  p->in    = new_fvec(hop);
  p->out   = new_fvec(1);
  return p;
}

static void *
begin_yinfft4096(const shed_sound *s)
{
  return begin_peer(s, "yinfft", NULL, 4096, BENCH_HOP);
}

static void *
begin_yinfft2048(const shed_sound *s)
{
  return begin_peer(s, "yinfft", NULL, 2048, BENCH_HOP);
}

static void *
begin_yinfast4096(const shed_sound *s)
{
  return begin_peer(s, "yinfast", NULL, 4096, BENCH_HOP);
}

static void *
begin_yinfast2048(const shed_sound *s)
{
  return begin_peer(s, "yinfast", NULL, 2048, BENCH_HOP);
}

static void *
begin_hfc(const shed_sound *s)
{
  return begin_peer(s, NULL, "hfc", 1024, 256);
}

static void
run_peer(void *ctx)
{
  peer *p = ctx;
  for (size_t at = 0; at + p->hop <= p->sound->n; at += p->hop) {
    memcpy(p->in->data, p->sound->x + at, p->hop * sizeof(float));
    if (p->pitch) {
      aubio_pitch_do(p->pitch, p->in, p->out);
    } else {
      aubio_onset_do(p->onset, p->in, p->out);
    }
  }
}

const bench_workload BENCH_WORKLOADS[] = {
    {"ear", "woodshed: everything", begin_ear, run_ear, end_part},
    {"front", "  front end", begin_front, run_frames, end_part},
    {"level", "  front end, level", begin_level, run_frames, end_part},
    {"nsdf", "  front end, three periodicities", begin_nsdf, run_frames, end_part},
    {"comb", "  front end, comb", begin_comb, run_frames, end_part},
    {"cands", "  front end, candidates and features", begin_cands, run_frames, end_part},
    {"tracker", "  front end, whole pitch tracker", begin_tracker, run_frames, end_part},
    {"onset", "  front end, onset evidence", begin_onset, run_frames, end_part},
    {"quick", "  front end, quick look", begin_quick, run_quick, end_part},
    {"notes", "  notes, from settled frames", begin_notes, run_frames, end_part},
    {"yinfft4096", "aubio pitch yinfft 4096", begin_yinfft4096, run_peer, end_peer},
    {"yinfft2048", "aubio pitch yinfft 2048", begin_yinfft2048, run_peer, end_peer},
    {"yinfast4096", "aubio pitch yinfast 4096", begin_yinfast4096, run_peer, end_peer},
    {"yinfast2048", "aubio pitch yinfast 2048", begin_yinfast2048, run_peer, end_peer},
    {"hfc", "aubio onset hfc 1024/256", begin_hfc, run_peer, end_peer},
};
const size_t BENCH_N_WORKLOADS = SHED_COUNTOF(BENCH_WORKLOADS);

size_t
bench_find(const char *key)
{
  for (size_t i = 0; i < BENCH_N_WORKLOADS; i++) {
    if (strcmp(BENCH_WORKLOADS[i].key, key) == 0) {
      return i;
    }
  }
  (void)fprintf(stderr, "no such workload: %s\n", key);
  exit(2);
}

void
bench_measured(const bench_workload *w, void *ctx)
{
  w->run(ctx);
}
