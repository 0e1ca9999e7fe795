#include "backup/marker.h"

#include "base/arena.h"
#include "io/db.h"
#include "io/stmt.h"

err marker_find(struct db *db, struct arena *a, bool *found)
{
    static const enum value_kind kinds[] = {VALUE_INT};
    struct rows rows;
    TRY(stmt_read(db, a,
                  STR("SELECT COUNT(*) FROM information_schema.tables"
                      " WHERE table_schema = DATABASE() AND table_name = '" MARKER_TABLE "'"),
                  NULL, 0, kinds, 1, &rows));
    *found = rows.cells[0].i > 0;
    return NULL;
}

err marker_set(struct db *db, struct arena *a)
{
    return db_run(
        db, a,
        STR("CREATE TABLE IF NOT EXISTS " MARKER_TABLE " (begun_at DATETIME(6) NOT NULL) ENGINE=InnoDB"));
}

err marker_clear(struct db *db, struct arena *a)
{
    return db_run(db, a, STR("DROP TABLE IF EXISTS " MARKER_TABLE));
}
