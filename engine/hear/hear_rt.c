// About this file: the state machine. Input is cut into blocks of one size, resampled, cut into hops; each hop brings
// one frame in and settles an older one. Nothing here depends on how the caller cut the sound.
#include "engine/hear/hear_internal.h"

#include <math.h>

// A moment of clipping: so many samples in a row at full scale (16-bit takes reach 1 - 2^-15); within this time after one
// none is counted, so that a second of loud sound is at most fifty.
static const float CLIP_LEVEL = 0.999f;
enum { CLIP_RUN = 3 };
static const double CLIP_APART_S = 0.020;
// The noise floor is this share of the way up the frames that hold no pitch; with too few of those, up all frames.
static const double NOISE_SHARE     = 0.20;
static const double NOISE_SHARE_ALL = 0.02;
enum { NOISE_FRAMES_MIN = 10 };

static void
emit(shed_hear *h, const shed_event *e)
{
  if (h->event_n == HEAR_EVENTS) {
    h->event_first = (h->event_first + 1) % HEAR_EVENTS;
    h->event_n--;
    h->events_dropped++;
  }
  shed_event *slot = &h->events[(h->event_first + h->event_n) % HEAR_EVENTS];
  *slot            = *e;
  slot->at_frame   = h->frames_in;
  h->event_n++;
}

static void
count_level(hear_histogram *g, float db)
{
  int bin = (int)lrintf(db - SHED_LEVEL_SILENCE_DB);
  bin     = bin < 0 ? 0 : bin >= HEAR_DB_BINS ? HEAR_DB_BINS - 1 : bin;
  g->n[bin]++;
  g->total++;
}

static shed_frame
frame_of(const shed_tracker_point *p, const hear_look *look)
{
  shed_frame f = {.f0_hz      = p->f0_hz,
                  .confidence = p->confidence,
                  .level_db   = look->level.level_db,
                  .flux       = look->onset.flux,
                  .voiced     = p->voiced};
  for (int i = 0; i < p->n && i < SHED_FRAME_CANDIDATES; i++) {
    f.cand[i].f0_hz   = p->cand[i].f0_hz;
    f.cand[i].support = p->cand[i].periodicity;
  }
  return f;
}

static bool
inside(const shed_hear *h, int64_t frame)
{
  // frames that describe an instant of the take; while it still comes in, all of them do
  return frame >= 0 && (!h->finished || (uint64_t)frame * (uint64_t)h->rate_hz < h->frames_in * 100u);
}

static void
emit_frame(shed_hear *h, shed_event_kind kind, double time_s, const shed_frame *f)
{
  shed_event e = {.kind = kind, .time_s = time_s, .u.frame = *f};
  emit(h, &e);
}

static void
emit_note(shed_hear *h, const shed_notes_out *n)
{
  shed_event e = {.time_s = (double)n->onset_s};
  if (n->kind == SHED_NOTES_ONSET) {
    hear_tempo_onset(h, n);
    e.kind    = SHED_EVENT_ONSET;
    e.u.onset = (shed_heard_onset){n->onset_s, n->strength, n->confidence};
  } else {
    e.kind   = n->kind == SHED_NOTES_ON ? SHED_EVENT_NOTE_ON : SHED_EVENT_NOTE;
    e.u.note = (shed_heard_note){.onset_s           = n->onset_s,
                                 .offset_s          = n->offset_s,
                                 .midi              = n->midi,
                                 .cents             = n->cents,
                                 .confidence        = n->confidence,
                                 .level_db          = n->level_db,
                                 .cents_sd          = n->cents_sd,
                                 .drift_cents_per_s = n->drift_cents_per_s,
                                 .vibrato_hz        = n->vibrato_hz,
                                 .vibrato_cents     = n->vibrato_cents};
  }
  emit(h, &e);
}

static void
emit_notes(shed_hear *h, bool end)
{
  shed_notes_out n;
  while (shed_notes_poll(h->notes, &n)) {
    if (!hear_click_hold(h, &n)) {
      emit_note(h, &n);
    }
  }
  while (hear_click_release(h, end, &n)) {
    emit_note(h, &n);
  }
}

static void
emit_beats(shed_hear *h)
{
  shed_event e;
  while (hear_tempo_beat(h, &e)) {
    emit(h, &e);
  }
}

static void
settle_frame(shed_hear *h, int64_t frame, const shed_tracker_point *p)
{
  const hear_look *look = &h->look[frame % (HEAR_PITCH_LAG + 1)];
  shed_frame       f    = frame_of(p, look);
  hear_playing_gate(h, frame, &f);
  shed_notes_in in = {.f0_hz         = f.f0_hz,
                      .confidence    = f.confidence,
                      .voiced        = f.voiced,
                      .level_db      = f.level_db,
                      .over_floor_db = look->level.over_floor_db,
                      .rise_db       = look->level.rise_db,
                      .flux          = look->onset.flux,
                      .mkl           = look->onset.mkl,
                      .hfc           = look->onset.hfc,
                      .burst_db      = look->onset.burst_db};
  for (int i = 0; i < p->n && i < SHED_NOTES_CANDS; i++) {
    in.cand[i].f0_hz = p->cand[i].f0_hz;
    in.cand[i].share = p->cand[i].share;
  }
  hear_click_discount(h, frame, &in);
  hear_playing_discount(h, frame, &in);
  f.flux = in.flux;
  count_level(f.voiced ? &h->voiced : &h->unvoiced, f.level_db);
  shed_bands_run(h->bands, h->front, frame * HEAR_HOP, h->rows[frame % HEAR_ROWS]);
  emit_frame(h, SHED_EVENT_FRAME, (double)frame * SHED_FRAME_HOP_S, &f);
  shed_notes_push(h->notes, &in, &h->rise);
  emit_notes(h, false);
  hear_tempo_advance(h, frame);
  emit_beats(h);
}

// What is seen at once: the newest sound where that is sure, else the newest frame of the long analysis, if there is one.
static void
tell_provisional(shed_hear *h, int64_t frame, const shed_frame *f)
{
  shed_quick_look q;
  // after the end what comes in is silence that was never played
  if (!h->finished && shed_quick_run(h->quick, h->front, &q) && q.centre >= 0 &&
      !hear_playing_hides(h, q.f0_hz)) {
    shed_frame now = {.f0_hz = q.f0_hz, .confidence = q.confidence, .level_db = q.level_db, .voiced = true};
    now.cand[0].f0_hz   = q.f0_hz;
    now.cand[0].support = q.periodicity;
    emit_frame(h, SHED_EVENT_FRAME_PROVISIONAL, (double)q.centre / SHED_HEAR_RATE_HZ, &now);
  } else if (f && inside(h, frame)) {
    emit_frame(h, SHED_EVENT_FRAME_PROVISIONAL, (double)frame * SHED_FRAME_HOP_S, f);
  }
}

static void
analyse_frame(shed_hear *h, int64_t frame)
{
  int64_t            centre = frame * HEAR_HOP;
  hear_look         *look   = &h->look[frame % (HEAR_PITCH_LAG + 1)];
  shed_tracker_point now, settled;
  shed_rise_run(&h->rise, h->front);
  look->level     = shed_level_run(&h->level, h->front, centre);
  look->onset     = shed_onset_run(h->onset, h->front, centre, &look->level);
  int        done = shed_tracker_run(h->pitch, h->front, centre, &look->level, &now, &settled);
  shed_frame f    = frame_of(&now, look);
  f.voiced        = f.voiced && !hear_playing_hides(h, f.f0_hz);
  shed_onset_sounding(h->onset, f.voiced ? f.f0_hz : 0.0f);
  shed_quick_heard(h->quick, centre, f.voiced ? f.f0_hz : 0.0f, f.confidence);
  tell_provisional(h, frame, &f);
  if (done && inside(h, frame - HEAR_PITCH_LAG)) {
    settle_frame(h, frame - HEAR_PITCH_LAG, &settled);
  }
}

// Half a hop has come in: the newest sound is looked at; with a whole one, a frame is analysed.
static void
step(shed_hear *h)
{
  bool whole = h->hop_whole;
  if (h->tick) {
    shed_tick_run(h->tick, h->hop, h->hop_n);
  }
  shed_front_push(h->front, h->hop, h->hop_n);
  h->hop_n      = 0;
  h->hop_wanted = whole ? HEAR_HOP / 2 : HEAR_HOP - HEAR_HOP / 2;
  h->hop_whole  = !whole;
  if (!whole || h->next_frame < 0) {
    tell_provisional(h, 0, NULL);
  } else {
    analyse_frame(h, h->next_frame);
  }
  h->next_frame += whole;
}

// Samples at SHED_HEAR_RATE_HZ.
static void
take_in(shed_hear *h, const float *x, int n)
{
  for (int i = 0; i < n; i++) {
    h->hop[h->hop_n++] = x[i];
    if (h->hop_n == h->hop_wanted) {
      step(h);
    }
  }
}

static void
take_in_playing(shed_hear *h, const float *x, const float *given, int n)
{
  const float *ready = NULL;
  for (int i = 0; i < n; i++) {
    int m = hear_playing_add(h, x[i], given[i], &ready);
    if (m > 0) {
      take_in(h, ready, m);
    }
  }
}

static void
drain_resampler(shed_hear *h)
{
  float out[SHED_RESAMPLE_OUT_MAX], given[SHED_RESAMPLE_OUT_MAX];
  int   n;
  do {
    n = shed_resample_read(h->resample, out);
    if (h->playing.echo) {
      int m = shed_resample_read(h->playing.resample, given);
      SHED_ASSERT(m == n); // both have been given the same number
      take_in_playing(h, out, given, n);
    } else {
      take_in(h, out, n);
    }
  } while (n > 0);
}

static float
check_sample(shed_hear *h, float x)
{
  if (!(fabsf(x) <= (float)SHED_HEAR_SAMPLE_MOST)) {
    h->not_finite++;
    x = 0.0f;
  }
  h->clip_length = fabsf(x) >= CLIP_LEVEL ? h->clip_length + 1 : 0;
  if (h->clip_length == CLIP_RUN && h->frames_in >= h->clip_quiet_until) {
    h->clipped_runs++;
    h->clip_quiet_until = h->frames_in + (uint64_t)(CLIP_APART_S * h->rate_hz);
  }
  return x;
}

void
shed_hear_push(shed_hear *h, const float *x, size_t n)
{
  shed_hear_push_with(h, x, NULL, n);
}

void
shed_hear_push_with(shed_hear *h, const float *x, const float *given, size_t n)
{
  SHED_ASSERT(!h->finished);
  hear_playing *p = &h->playing;
  for (size_t i = 0; i < n; i++) {
    h->block[h->block_n] = check_sample(h, x[i]);
    p->block[h->block_n] = given && fabsf(given[i]) <= (float)SHED_HEAR_SAMPLE_MOST ? given[i] : 0.0f;
    h->block_n++;
    h->frames_in++;
    if (h->block_n == SHED_RESAMPLE_BLOCK) {
      h->block_n = 0;
      shed_resample_push(h->resample, h->block);
      if (p->echo) {
        shed_resample_push(p->resample, p->block);
      }
      drain_resampler(h);
    }
  }
}

void
shed_hear_finish(shed_hear *h)
{
  static const float silence[HEAR_HOP] = {0};
  if (h->finished) {
    return;
  }
  h->finished = true;
  shed_resample_end(h->resample, h->block, h->block_n);
  if (h->playing.echo) {
    shed_resample_end(h->playing.resample, h->playing.block, h->block_n);
  }
  drain_resampler(h);
  if (h->playing.echo) {
    take_in_playing(h, silence, silence, SHED_ECHO_BLOCK - h->playing.n);
  }
  while (h->frames_in > 0 && (h->next_frame < HEAR_PITCH_LAG || inside(h, h->next_frame - HEAR_PITCH_LAG))) {
    take_in(h, silence, HEAR_HOP);
  }
  shed_notes_finish(h->notes, &h->rise);
  emit_notes(h, true);
  shed_tempo_finish(h->tempo);
  emit_beats(h);
}

int
shed_hear_poll(shed_hear *h, shed_event *out)
{
  if (h->event_n == 0) {
    return 0;
  }
  *out           = h->events[h->event_first];
  h->event_first = (h->event_first + 1) % HEAR_EVENTS;
  h->event_n--;
  return 1;
}

const uint8_t *
shed_hear_bands(const shed_hear *h, const shed_event *frame)
{
  return h->rows[lrint(frame->time_s / SHED_FRAME_HOP_S) % HEAR_ROWS];
}

static float
quantile(const hear_histogram *a, const hear_histogram *b, double share)
{
  uint64_t total = (uint64_t)a->total + (b ? b->total : 0);
  uint64_t sum   = 0;
  for (int i = 0; i < HEAR_DB_BINS; i++) {
    sum += (uint64_t)a->n[i] + (b ? b->n[i] : 0);
    if (sum > 0 && (double)sum >= share * (double)total) {
      return (float)i + SHED_LEVEL_SILENCE_DB;
    }
  }
  return SHED_LEVEL_SILENCE_DB;
}

shed_hear_stats
shed_hear_stats_now(const shed_hear *h)
{
  shed_hear_stats s = {.frames_in      = h->frames_in,
                       .not_finite     = h->not_finite,
                       .clipped_runs   = h->clipped_runs,
                       .events_dropped = h->events_dropped};
  // without a pause in it a take does not tell how loud its room is
  bool paused = h->unvoiced.total >= NOISE_FRAMES_MIN;
  s.noise_db  = paused ? quantile(&h->unvoiced, NULL, NOISE_SHARE)
                       : quantile(&h->unvoiced, &h->voiced, NOISE_SHARE_ALL);
  s.snr_db    = paused && h->voiced.total > 0 ? quantile(&h->voiced, NULL, 0.5) - s.noise_db : (float)NAN;
  shed_tick_state click = h->tick ? shed_tick_now(h->tick) : (shed_tick_state){.delay_s = (double)NAN};
  s.click_found         = click.found;
  s.click_delay_s       = click.delay_s;
  shed_echo_state echo  = h->playing.echo ? shed_echo_now(h->playing.echo)
                                          : (shed_echo_state){.delay_s = (double)NAN, .gain_db = (double)NAN};
  s.playing_found       = echo.found;
  s.playing_delay_s     = echo.delay_s;
  s.playing_gain_db     = echo.gain_db;
  s.playing_taken_db    = echo.taken_db;
  return s;
}
