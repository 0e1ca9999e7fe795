#include <inttypes.h>
#include <stdio.h>

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

static int say_erased(const struct user_wish *w, const struct user_outcome *out)
{
    (void)w;
    (void)printf("deleted user %" PRId64 ", %.*s\n", out->id, STR_ARGS(out->username));
    return EXIT_DONE;
}

int user_delete(int argc, char *const *argv)
{
    static const struct user_verb verb = {.change = erase, .say = say_erased, .may_take_long = true};
    return user_change_run(argc, argv, &verb);
}
