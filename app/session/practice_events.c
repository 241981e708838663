// About this file: the queue of events between a live session and whoever shows it. When nobody drains it, what moves gives way to what
// matters.
#include "app/session/practice_internal.h"

#include <string.h>

double
practice_seconds(const shed_practice *p, uint64_t frames)
{
  return (double)frames / p->rate_hz;
}

static bool
gives_way(shed_practice_event_kind k)
{
  return k == SHED_PRACTICE_TELLS_LEVEL || k == SHED_PRACTICE_TELLS_PITCH || k == SHED_PRACTICE_TELLS_BEAT;
}

static shed_practice_event *
event_at(shed_practice *p, size_t i)
{
  return &p->events[(p->event_first + i) % PRACTICE_EVENTS];
}

static void
remove_at(shed_practice *p, size_t i)
{
  for (; i + 1 < p->event_n; i++) {
    *event_at(p, i) = *event_at(p, i + 1);
  }
  p->event_n--;
}

// The oldest that moves; else the oldest that is neither a state nor a result; else the oldest.
static void
make_room(shed_practice *p)
{
  for (size_t i = 0; i < p->event_n; i++) {
    if (gives_way(event_at(p, i)->kind)) {
      remove_at(p, i);
      return;
    }
  }
  for (size_t i = 0; i < p->event_n; i++) {
    shed_practice_event_kind k = event_at(p, i)->kind;
    if (k != SHED_PRACTICE_TELLS_STATE && k != SHED_PRACTICE_TELLS_RESULT) {
      remove_at(p, i);
      return;
    }
  }
  remove_at(p, 0);
}

shed_practice_event *
practice_tell(shed_practice *p, shed_practice_event_kind kind)
{
  if (p->event_n == PRACTICE_EVENTS) {
    make_room(p);
  }
  shed_practice_event *e = event_at(p, p->event_n++);
  memset(e, 0, sizeof(*e));
  e->kind     = kind;
  e->at_frame = p->now;
  e->at_s     = practice_seconds(p, p->now);
  return e;
}

void
practice_say(shed_practice *p, const shed_message *m)
{
  practice_tell(p, SHED_PRACTICE_TELLS_MESSAGE)->u.message = *m;
}

void
practice_say_code(shed_practice *p, shed_message_code code)
{
  shed_message m = shed_message_of(code);
  practice_say(p, &m);
}

void
practice_say_once(shed_practice *p, practice_said what, const shed_message *m)
{
  if (!(p->take.said & (unsigned)what)) {
    p->take.said |= (unsigned)what;
    practice_say(p, m);
  }
}

void
practice_ask(shed_practice *p, shed_practice_question what, bool required)
{
  shed_practice_event *e = practice_tell(p, SHED_PRACTICE_TELLS_ASK);
  e->u.ask.what          = what;
  e->u.ask.required      = required;
}

int
shed_practice_poll(shed_practice *p, shed_practice_event *out)
{
  if (p->event_n == 0) {
    return 0;
  }
  *out           = *event_at(p, 0);
  p->event_first = (p->event_first + 1) % PRACTICE_EVENTS;
  p->event_n--;
  return 1;
}
