/// Bits of take.flags. Used inside mastery/store alone.
#ifndef SHED_STORE_TAKE_ROW_H
#define SHED_STORE_TAKE_ROW_H

enum {
  SHED_TAKE_COUNTED   = 1,
  SHED_TAKE_DRAFT     = 2,
  SHED_TAKE_WITHDRAWN = 4,
  SHED_TAKE_CORRECTED = 8,
  SHED_TAKE_REGRADED  = 16
};

#endif
