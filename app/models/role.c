#include "models/role.h"

#include "models/user.h"

static const struct field role_fields[ROLE__MAX] = {
    [ROLE_ID] = ID("id", .doc = "the role's number"),
    [ROLE_NAME] = TEXT("name", .min = 1, .max = 50, .flags = REQUIRED | SORT | SEARCH,
                       .doc = "what it is called; unique without regard to case; `admin` and `moderator`, "
                              "spelt so, give rights",
                       .example = "moderator"),
    [ROLE_DESCRIPTION] =
        TEXT("description", .max = 500, .flags = NULLABLE, .doc = "what it is for; null when nobody has said",
             .example = "Cares for tags"),
    [ROLE_NAME_KEY] = FOLD("name_fold", .of = ROLE_NAME, .max = 200, .flags = HIDDEN),
    [ROLE_VERSION] = VERSION("version"),
};

static const struct key role_keys[] = {PRIMARY(ROLE_ID), UNIQUE(ROLE_NAME_KEY), INDEX(ROLE_NAME)};

static const unsigned char role_whole_fields[] = {ROLE_ID, ROLE_NAME, ROLE_DESCRIPTION};
static const struct shape role_whole = SHAPE("Role", &role_resource, role_whole_fields);

static const unsigned char role_name_fields[] = {ROLE_NAME};
static const struct shape role_name = SHAPE("RoleName", &role_resource, role_name_fields);

const struct resource role_resource = {
    .name = "role",
    .table = "roles",
    FIELDS(role_fields),
    KEYS(role_keys),
    .shape = &role_whole,
    .doc = "A name that gives rights",
};

static const struct field user_role_fields[USER_ROLE__MAX] = {
    [USER_ROLE_USER_ID] =
        REF("user_id", .to = &user_resource, .on_delete = CASCADE, .flags = KEY | READ_ONLY),
    [USER_ROLE_ROLE_ID] = REF("role_id", .to = &role_resource, .on_delete = CASCADE, .flags = KEY | READ_ONLY,
                              .doc = "the id of the role"),
    [USER_ROLE_ASSIGNED_AT] = TIME("assigned_at", .initial = AT_CREATION, .flags = READ_ONLY,
                                   .doc = "when the person got the role"),
    [USER_ROLE_ASSIGNED_BY] =
        REF("assigned_by", .to = &user_resource, .on_delete = SET_NULL, .flags = NULLABLE | READ_ONLY,
            .doc = "the id of the admin who gave it; null when it came by the command line, or that account "
                   "has been deleted"),
    [USER_ROLE_ROLE] = ONE("role", .key = USER_ROLE_ROLE_ID, .to = &role_resource, .show = &role_whole,
                           .doc = "the role itself"),
    [USER_ROLE_NAME] =
        ONE("name", .key = USER_ROLE_ROLE_ID, .to = &role_resource, .show = &role_name, .flags = FLAT),
};

static const struct key user_role_keys[] = {
    PRIMARY(USER_ROLE_USER_ID, USER_ROLE_ROLE_ID),
    INDEX(USER_ROLE_ROLE_ID),
    INDEX(USER_ROLE_ASSIGNED_BY),
};

static const unsigned char user_role_whole_fields[] = {USER_ROLE_USER_ID, USER_ROLE_ROLE_ID,
                                                       USER_ROLE_ASSIGNED_AT, USER_ROLE_ASSIGNED_BY};
static const struct shape user_role_whole = SHAPE("UserRole", &user_role_resource, user_role_whole_fields);

static const unsigned char grant[] = {USER_ROLE_ROLE_ID, USER_ROLE_NAME, USER_ROLE_ROLE,
                                      USER_ROLE_ASSIGNED_AT, USER_ROLE_ASSIGNED_BY};
const struct shape user_role_grant = SHAPE("RoleGrant", &user_role_resource, grant);

const struct resource user_role_resource = {
    .name = "user_role",
    .table = "user_roles",
    FIELDS(user_role_fields),
    KEYS(user_role_keys),
    .shape = &user_role_whole,
    .doc = "Who holds a role",
};

/* The role's id: its name is compared byte for byte, after its folded key has found it. */
#define ADMIN_ROLE "(SELECT id FROM roles WHERE name_fold = 'admin' AND CAST(name AS BINARY) = 'admin')"

static const enum value_kind one_number[] = {VALUE_INT};

const struct statement role_rights = {
    .name = "role_rights",
    .sql = STR_INIT("SELECT BIT_OR(CASE CAST(r.name AS BINARY) WHEN '" ROLE_ADMIN "' THEN 1 "
                    "WHEN '" ROLE_MODERATOR "' THEN 2 ELSE 0 END) "
                    "FROM user_roles ur JOIN roles r ON r.id = ur.role_id WHERE ur.user_id = ?"),
    .values = 1,
    .columns = 1,
    .kinds = one_number,
};

const struct statement role_admin_held = {
    .name = "role_admin_held",
    .sql =
        STR_INIT("SELECT user_id FROM user_roles WHERE user_id = ? AND role_id = " ADMIN_ROLE " FOR UPDATE"),
    .values = 1,
    .columns = 1,
    .kinds = one_number,
    .locks = true,
};

const struct statement role_other_admins = {
    .name = "role_other_admins",
    .sql = STR_INIT("SELECT ur.user_id FROM user_roles ur JOIN users u ON u.id = ur.user_id "
                    "WHERE ur.role_id = " ADMIN_ROLE " AND ur.user_id <> ? AND u.is_active = 1 FOR UPDATE"),
    .values = 1,
    .columns = 1,
    .kinds = one_number,
    .locks = true,
};

const struct statement role_admin_leaves = {
    .name = "role_admin_leaves",
    .sql = STR_INIT("UPDATE roles SET version = version + 1 "
                    "WHERE name_fold = 'admin' AND CAST(name AS BINARY) = 'admin'"),
};
