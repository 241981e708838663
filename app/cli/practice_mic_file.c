// About this file: a file that stands for the microphone: pushed by the clock, or as fast as the recording can follow. What would
// sound beside it is told to the ear as if it had.
#include "app/cli/practice_mic_internal.h"

#include <string.h>
#include <time.h>

enum { REST_NS = 1000000 };
static const double BEHIND_S = 0.5; // a recording that is so far behind is waited for

// Silence before the file and behind it.
static void
fill(const shed_cli_mic *m, float *x, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    const uint64_t at = m->at + i;
    const bool     in = m->plays && at >= m->starts_at && at - m->starts_at < m->sound.n;
    x[i]              = in ? m->sound.x[at - m->starts_at] : 0.0F;
  }
}

static void
fill_given(const shed_cli_mic *m, float *x, size_t n)
{
  memset(x, 0, n * sizeof(*x));
  const uint64_t before = m->mixer_at > m->at ? m->mixer_at - m->at : 0;
  if (m->mixer && before < n) {
    shed_mixer_run(m->mixer, m->at + before - m->mixer_at, x + before, n - (size_t)before);
  }
}

bool
mic_is_due(const shed_cli_mic *m, const shed_practice *p)
{
  if (m->fast) {
    return shed_practice_behind_s(p) < BEHIND_S;
  }
  return (double)m->at < (double)(mic_now_ns() - m->started_ns) / 1e9 * m->rate_hz;
}

shed_status
mic_push_file(shed_cli_mic *m, shed_practice *p, bool *over, shed_error *err)
{
  float                     x[MIC_BLOCK], given[MIC_BLOCK];
  shed_status               st    = SHED_OK;
  const shed_practice_state state = shed_practice_state_of(p);
  if (m->fast && !mic_is_due(m, p)) { // the recording catches up
    (void)nanosleep(&(struct timespec){.tv_nsec = REST_NS}, NULL);
  }
  for (int i = 0; i < MIC_READS && st == SHED_OK && mic_is_due(m, p); i++) {
    shed_practice_sound where = {.at_frame = m->at};
    fill(m, x, MIC_BLOCK);
    fill_given(m, given, MIC_BLOCK);
    m->at += MIC_BLOCK;
    st    = shed_practice_push(p, &where, x, given, MIC_BLOCK, err);
    *over = m->plays && m->at >= m->starts_at + m->sound.n;
    if (*over || shed_practice_state_of(p) != state) {
      break;
    }
  }
  return st;
}
