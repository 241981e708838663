#include "mastery/model/bkt.h"

static const double KNOWN_AT_FIRST  = 0.20;
static const double LEARN           = 0.15;
static const double SLIP_CHOSEN     = 0.10;
static const double SLIP_PRODUCED   = 0.20;
static const double CHANCE_PRODUCED = 0.05;

shed_bkt
shed_bkt_of(int choices)
{
  shed_bkt b = {.known = KNOWN_AT_FIRST, .learn = LEARN, .slip = SLIP_PRODUCED, .chance = CHANCE_PRODUCED};
  if (choices > 0) {
    b.slip   = SLIP_CHOSEN;
    b.chance = 1.0 / (choices < 2 ? 2 : choices);
  }
  return b;
}

double
shed_bkt_step(const shed_bkt *b, double known, double answer)
{
  double right   = known * (1 - b->slip) / (known * (1 - b->slip) + (1 - known) * b->chance);
  double wrong   = known * b->slip / (known * b->slip + (1 - known) * (1 - b->chance));
  double updated = answer * right + (1 - answer) * wrong;
  return updated + (1 - updated) * b->learn;
}
