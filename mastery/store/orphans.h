/// Files in the takes' folder that no take names. Used inside mastery/store alone.
#ifndef SHED_STORE_ORPHANS_H
#define SHED_STORE_ORPHANS_H

#include "mastery/store/care.h"
#include "mastery/store/inside.h"

/// Count each in report->orphans, tell of it, and with @p remove unlink it.
SHED_NODISCARD shed_status shed_orphans_visit(shed_store *s, bool remove, shed_store_say say, void *ctx,
                                              shed_store_report *report, shed_error *err);

#endif
