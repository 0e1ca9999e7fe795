#include <inttypes.h>
#include <stdio.h>

#include "base/arena.h"
#include "cmd/command.h"
#include "cmd/user.h"
#include "http/account.h"
#include "http/audit.h"
#include "models/user.h"

static err erase(struct db *db, struct arena *a, const struct user_wish *w, struct user_outcome *out)
{
    (void)w;
    uint64_t matched = 0;
    struct where where = {.count = 0};
    where_add(&where, &user_resource.fields[USER_ID], OP_EQ, value_int(out->id));
    TRY(account_remove(db, a, out->id, &where, &matched));
    if (matched == 0) {
        return error_new(a, ERROR_NOT_FOUND, "%.*s was deleted by somebody else", STR_ARGS(out->username));
    }
    return audit_note_local(db, a, AUDIT_USER_DELETED, out->id, (str){0});
}

int user_delete(int argc, char *const *argv)
{
    static const struct user_verb verb = {.change = erase, .may_take_long = true};
    struct arena a;
    struct user_wish w = {0};
    struct user_outcome out = {0};
    arena_init(&a, 16 << 10);
    int status = user_change_run(argc, argv, &verb, &a, &w, &out);
    if (status == EXIT_DONE) {
        (void)printf("deleted user %" PRId64 ", %.*s\n", out.id, STR_ARGS(out.username));
    }
    arena_free(&a);
    return status;
}
