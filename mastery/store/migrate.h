/// The schema, brought from any older version to the newest. Used inside mastery/store alone.
#ifndef SHED_STORE_MIGRATE_H
#define SHED_STORE_MIGRATE_H

#include "mastery/store/db.h"

/// Newest schema of this build.
int shed_migrate_newest(void);
/// Read the schema's version; 0 for an empty file.
/// @return SHED_OK; SHED_E_VERSION (newer than this build); SHED_E_FORMAT (a database of another program).
SHED_NODISCARD shed_status shed_migrate_version(shed_db *db, int64_t *version);
/// Run the missing steps, all in one transaction.
SHED_NODISCARD shed_status shed_migrate(shed_db *db);

#endif
