// About this file: what is pushed into a live session: level and pitch for the eye at any time, the samples of the take where they belong,
// and what is said when the microphone does not do its part.
#include "app/session/practice_internal.h"

#include "engine/audio/input_check.h"

#include <math.h>

static const double LEVEL_EVERY_S = .1;
static const double DEAD_SAY_S    = 1.5; // of nothing but one value
static const double SLEPT_S       = 10;  // missing at once: the machine slept, or the network was gone
static const float  FULL_SCALE    = .999F;
static const double SILENT_DB     = -120;
enum { CLIPPED_SAY = 24 }; // samples at full scale

// -- level -------------------------------------------------------------------------------------------------------------

static double
db_of(double amplitude)
{
  return amplitude > 1e-6 ? 20 * log10(amplitude) : SILENT_DB;
}

static void
tell_level(shed_practice *p)
{
  practice_level      *l = &p->level;
  shed_practice_event *e = practice_tell(p, SHED_PRACTICE_TELLS_LEVEL);
  e->u.level.rms_db      = db_of(sqrt(l->sum / (double)l->n));
  e->u.level.peak_db     = db_of((double)l->peak);
  e->u.level.clipped     = l->clipped > 0;
  // a file is silent before its take, and may be in its rests
  const bool counts = !p->lag_free || (p->state == SHED_PRACTICE_LISTEN && isnan(p->take.sounded_s));
  l->dead_s         = l->moves || !counts ? 0 : l->dead_s + practice_seconds(p, l->n);
  l->clipped_all += l->clipped;
  const char *microphone = p->microphone[0] ? p->microphone : "The microphone";
  if (l->dead_s >= DEAD_SAY_S) {
    shed_message m = shed_message_of(SHED_MSG_sound_dead);
    shed_message_str(&m, "microphone", microphone);
    practice_say_once(p, PRACTICE_SAID_DEAD, &m);
  }
  if (l->clipped_all >= CLIPPED_SAY && p->take.on) {
    shed_message m = shed_message_of(SHED_MSG_sound_clipped);
    shed_message_num(&m, "n", 1, 0);
    practice_say_once(p, PRACTICE_SAID_CLIPPED, &m);
  }
  l->sum     = 0;
  l->peak    = 0;
  l->n       = 0;
  l->clipped = 0;
  l->moves   = false;
}

// What the machine may do to the sound behind our back shows in the levels of a whole take.
static shed_status
remember_levels(practice_take *t, const float *x, size_t n, int rate_hz, const shed_alloc *alloc)
{
  const size_t whole = (size_t)rate_hz / SHED_INPUT_LEVELS_HZ;
  for (size_t i = 0; i < n; i++) {
    t->level_sum += isfinite(x[i]) ? (double)x[i] * (double)x[i] : 0;
    if (++t->level_n < whole) {
      continue;
    }
    shed_status st =
        shed_grow(alloc, (void **)&t->level_db, &t->cap_levels, t->n_levels, sizeof(*t->level_db));
    if (st != SHED_OK) {
      return st;
    }
    t->level_db[t->n_levels++] = (float)db_of(sqrt(t->level_sum / (double)whole));
    t->level_sum               = 0;
    t->level_n                 = 0;
  }
  return SHED_OK;
}

static void
measure(shed_practice *p, const float *x, size_t n)
{
  practice_level *l     = &p->level;
  const size_t    whole = (size_t)(LEVEL_EVERY_S * p->rate_hz);
  for (size_t i = 0; i < n; i++) {
    const float a = isfinite(x[i]) ? fabsf(x[i]) : 0;
    l->first      = l->n == 0 ? x[i] : l->first;
    l->moves      = l->moves || x[i] != l->first;
    l->sum += (double)a * (double)a;
    l->peak = a > l->peak ? a : l->peak;
    l->clipped += a >= FULL_SCALE;
    if (++l->n == whole) {
      tell_level(p);
    }
  }
}

// -- pitch -------------------------------------------------------------------------------------------------------------

void
practice_frame(shed_practice *p, const shed_frame *f, double time_s)
{
  if (fabs(time_s - p->meter_s) < 1.0 / p->meter_hz) {
    return;
  }
  const shed_prompt   *prompt = shed_session_prompt(p->session);
  const double         a4_hz  = prompt && prompt->a4_hz > 0 ? prompt->a4_hz : 440;
  shed_practice_event *e      = practice_tell(p, SHED_PRACTICE_TELLS_PITCH);
  p->meter_s                  = time_s;
  e->u.pitch.voiced           = f->voiced && f->f0_hz > 0;
  e->u.pitch.target_cents     = (double)NAN;
  if (!e->u.pitch.voiced) {
    return;
  }
  const double midi = 69 + 12 * log2((double)f->f0_hz / a4_hz);
  e->u.pitch.f0_hz  = (double)f->f0_hz;
  e->u.pitch.midi   = (int)lround(midi);
  e->u.pitch.cents  = 100 * (midi - e->u.pitch.midi);
  const int here    = p->take.on ? p->take.position : -1;
  if (prompt && here >= 0 && prompt->line.notes[here].pitched) {
    const shed_sounding_note *n = &prompt->line.notes[here];
    e->u.pitch.target_cents     = 100 * (midi - n->midi) - n->cents;
  }
}

static shed_status
meter(shed_practice *p, const float *x, size_t n)
{
  shed_event     e;
  shed_hear_opts opts = {.rate_hz = p->rate_hz};
  shed_status    st   = p->meter ? SHED_OK : shed_hear_new(&p->meter, &opts, p->alloc);
  if (st != SHED_OK) {
    return st;
  }
  shed_hear_push(p->meter, x, n);
  while (shed_hear_poll(p->meter, &e)) {
    if (e.kind == SHED_EVENT_FRAME_PROVISIONAL) {
      practice_frame(p, &e.u.frame, e.time_s);
    }
  }
  return SHED_OK;
}

// -- the click ---------------------------------------------------------------------------------------------------------

static void
tell_beats(shed_practice *p)
{
  practice_take *t = &p->take;
  while (t->on && t->has_click) {
    const shed_click c = shed_metronome_click(&t->count.metronome, p->rate_hz, t->next_click);
    if (t->cue_frame + c.frame >= p->now) {
      return;
    }
    t->next_click++;
    if (c.kind == SHED_CLICK_PART) {
      continue;
    }
    shed_practice_event *e = practice_tell(p, SHED_PRACTICE_TELLS_BEAT);
    e->at_frame            = t->cue_frame + c.frame;
    e->u.beat.bar          = c.bar;
    e->u.beat.beat         = c.beat;
    e->u.beat.accent       = c.kind != SHED_CLICK_BEAT;
    e->u.beat.sounds       = c.sounds;
  }
}

// -- pushing -----------------------------------------------------------------------------------------------------------

// Of n frames that end at p->now, those that belong to the take.
static uint64_t
of_take(const shed_practice *p, uint64_t n)
{
  const practice_take *t = &p->take;
  if (!t->on || p->now <= t->from) {
    return 0;
  }
  const uint64_t since = p->now - t->from;
  return since < n ? since : n;
}

static void
go_on(shed_practice *p)
{
  tell_beats(p);
  practice_keyboard_on(p);
  if (p->state == SHED_PRACTICE_COUNT_IN && p->now >= p->take.music_frame) {
    practice_enter(p, SHED_PRACTICE_LISTEN);
  }
  if (p->take.on && p->take.n > 0 && practice_take_over(p)) {
    practice_take_end(p);
  }
}

static shed_status
time_went_by(shed_practice *p, uint64_t missing)
{
  if (missing == 0 || !p->any) {
    return SHED_OK;
  }
  p->now += missing;
  const uint64_t n = of_take(p, missing);
  if (n == 0) {
    return SHED_OK;
  }
  if (p->keyboard) {
    p->take.n += n;
    return SHED_OK;
  }
  if (practice_seconds(p, n) > SLEPT_S) { // kept as far as it got
    shed_message m = shed_message_of(SHED_MSG_sound_stopped);
    shed_message_str(&m, "microphone", p->microphone[0] ? p->microphone : "the microphone");
    practice_say_once(p, PRACTICE_SAID_STOPPED, &m);
    practice_take_end(p);
    return SHED_OK;
  }
  return practice_take_missing(p, n);
}

static shed_status
samples(shed_practice *p, const float *mic, const float *given, size_t n)
{
  p->now += n;
  measure(p, mic, n);
  const size_t taken  = (size_t)of_take(p, n);
  const size_t before = n - taken;
  shed_status  st     = SHED_OK;
  if (!p->take.on) {
    return p->state == SHED_PRACTICE_STUDY || p->state == SHED_PRACTICE_JUDGE ? SHED_OK : meter(p, mic, n);
  }
  if (taken > 0) {
    st = practice_take_sound(p, mic + before, given ? given + before : NULL, taken);
    st = st == SHED_OK ? remember_levels(&p->take, mic + before, taken, p->rate_hz, p->alloc) : st;
  }
  return st;
}

shed_status
shed_practice_push(shed_practice *p, const shed_practice_sound *where, const float *mic, const float *given,
                   size_t n, shed_error *err)
{
  if (n > PRACTICE_PUSH_MOST || (p->any && where->at_frame < p->now)) {
    return shed_fail(err, SHED_E_RANGE, "sound", "%zu samples from frame %llu on: at most %d, from %llu on",
                     n, (unsigned long long)where->at_frame, PRACTICE_PUSH_MOST, (unsigned long long)p->now);
  }
  p->pushed_ns   = p->clock->mono_ns(p->clock->ctx);
  shed_status st = time_went_by(p, where->at_frame - p->now);
  if (!p->any) {
    p->any = true;
    p->now = where->at_frame;
  }
  if (st == SHED_OK && n > 0) {
    st = samples(p, mic, given, n);
  }
  if (st != SHED_OK) {
    if (p->take.on) {
      practice_take_end(p);
    }
    return shed_fail(err, st, "sound", "%s", shed_status_text(st));
  }
  go_on(p);
  return SHED_OK;
}

shed_status
shed_practice_end(shed_practice *p, shed_error *err)
{
  (void)err;
  p->ended = true;
  if (p->take.on) {
    practice_take_end(p);
  }
  return SHED_OK;
}
