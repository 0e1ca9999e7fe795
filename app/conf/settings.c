#include "conf/settings.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "conf/check.h"
#include "conf/database_url.h"
#include "conf/describe.h"
#include "conf/dotenv.h"
#include "conf/held.h"
#include "conf/keys.h"
#include "conf/table.h"

enum { FILE_BYTES = 1 << 20, DETAIL_BYTES = 1 << 20, SHOWN_BYTES = 80 };

/* Where a value can come from, the strongest first. */
enum place { IN_ENVIRONMENT, IN_FILE_OF_ENV, IN_FILE, IN_TABLE, PLACES };

struct given {
    enum place place;
    unsigned line; /* of a file */
    bool by_url;   /* filled from DATABASE_URL, which was given there */
    str text;      /* as given; unset for a setting that must be given and is not */
};

struct reading {
    struct arena *a;
    char *const *environment;
    const char *dir;
    struct held *held;                  /* NULL: the files themselves count */
    struct given given[SETTINGS_COUNT]; /* in the order of the table */
    const char *file_names[PLACES];
    const struct dotenv_line *files[PLACES];
    struct settings settings;
    struct buf mistakes;
};

static size_t index_of(const struct setting *s)
{
    return (size_t)(s - settings_table);
}

static str where(struct reading *r, const struct given *g)
{
    const char *prefix = g->by_url ? "DATABASE_URL, " : "";
    switch (g->place) {
    case IN_ENVIRONMENT:
        return str_format(r->a, "%senvironment", prefix);
    case IN_FILE_OF_ENV:
    case IN_FILE:
        return str_format(r->a, "%s%s:%u", prefix, r->file_names[g->place], g->line);
    case IN_TABLE:
    case PLACES:
        break;
    }
    return g->text.p == NULL ? STR("not given") : STR("default");
}

static void mistake(struct reading *r, const char *name, str place, str sentence)
{
    if (r->mistakes.n > 0) {
        buf_char(&r->mistakes, '\n');
    }
    if (name != NULL) {
        buf_printf(&r->mistakes, "%s (%.*s): ", name, STR_ARGS(place));
    } else {
        buf_printf(&r->mistakes, "%.*s: ", STR_ARGS(place));
    }
    buf_str(&r->mistakes, text_repair(r->a, sentence));
}

static void wrong(struct reading *r, const struct setting *s, str sentence)
{
    mistake(r, s->name, where(r, &r->given[index_of(s)]), sentence);
}

/* -- values and their types -- */

static bool read_number(str text, unsigned base, int64_t *out)
{
    int64_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        int digit = text.p[i] - '0';
        if (digit < 0 || digit >= (int)base || i >= 18) {
            return false;
        }
        n = n * (int64_t)base + digit;
    }
    *out = n;
    return text.n > 0;
}

static bool read_bool(str text, bool *out)
{
    static const char *const words[2][6] = {{"0", "f", "n", "no", "off", "false"},
                                            {"1", "t", "y", "yes", "on", "true"}};
    for (int truth = 0; truth < 2; truth++) {
        for (int i = 0; i < 6; i++) {
            if (str_eq_nocase(text, str_of(words[truth][i]))) {
                *out = truth == 1;
                return true;
            }
        }
    }
    return false;
}

static bool is_choice(const char *choices, str text)
{
    str rest = str_of(choices);
    while (rest.n > 0) {
        size_t end = str_find(rest, ' ', 0);
        if (str_eq(str_slice(rest, 0, end), text)) {
            return true;
        }
        rest = str_slice(rest, end + 1, rest.n);
    }
    return false;
}

/* What is wrong with a text, else empty. */
static str check_text(struct arena *a, const struct setting *s, str text)
{
    if ((int64_t)text.n < s->min || (int64_t)text.n > s->max) {
        return str_format(a, "must have %" PRId64 " to %" PRId64 " bytes, not %zu", s->min, s->max, text.n);
    }
    if (s->secret) {
        return (str){"", 0};
    }
    if (!text_is_utf8(text)) {
        return STR("must be valid UTF-8");
    }
    for (size_t i = 0; i < text.n; i++) {
        if ((unsigned char)text.p[i] < ' ' || text.p[i] == 0x7F) {
            return STR("must not hold a control character");
        }
    }
    return s->check == NULL ? (str){"", 0} : s->check(a, text);
}

/* Puts a value of the right type into its member. False when it is of another, or out of bounds. */
static bool store(const struct setting *s, str text, struct settings *out)
{
    void *member = (char *)out + s->offset;
    int64_t number = 0;
    bool truth = false;
    switch (s->type) {
    case SETTING_INT:
    case SETTING_OCTAL:
        if (!read_number(text, s->type == SETTING_INT ? 10 : 8, &number) || number < s->min ||
            number > s->max) {
            return false;
        }
        *(int64_t *)member = number;
        return true;
    case SETTING_BOOL:
        if (!read_bool(text, &truth)) {
            return false;
        }
        *(bool *)member = truth;
        return true;
    case SETTING_CHOICE:
        *(str *)member = text;
        return is_choice(s->choices, text);
    case SETTING_TEXT:
        *(str *)member = text;
        return true;
    }
    return false;
}

/* Whether what must be given is given in another form. */
static bool replaced(const struct reading *r, const struct setting *s)
{
    return s->instead != NULL && r->given[index_of(setting_find(str_of(s->instead)))].text.n > 0;
}

static void take(struct reading *r, const struct setting *s)
{
    str text = r->given[index_of(s)].text;
    str form = setting_allowed(r->a, s);
    if (text.n == 0 && replaced(r, s)) {
        return;
    }
    if (text.p == NULL) {
        wrong(r, s, str_format(r->a, "must be set to %.*s", STR_ARGS(form)));
        return;
    }
    if (!store(s, text, &r->settings)) {
        str shown = str_slice(text, 0, SHOWN_BYTES);
        const char *more = shown.n < text.n ? "..." : "";
        wrong(r, s, str_format(r->a, "\"%.*s%s\" must be %.*s", STR_ARGS(shown), more, STR_ARGS(form)));
        return;
    }
    str sentence = s->type == SETTING_TEXT ? check_text(r->a, s, text) : (str){"", 0};
    if (sentence.n > 0) {
        wrong(r, s, sentence);
    }
}

/* -- places -- */

static void read_file(struct reading *r, enum place place, str name, bool demanded)
{
    r->file_names[place] = str_c(r->a, name);
    str text;
    err failed = held_read(r->a, r->held, r->file_names[place], FILE_BYTES, &text);
    if (failed == NULL) {
        r->files[place] = dotenv_parse(r->a, text);
    } else if (demanded || failed->code != ERROR_NOT_FOUND) {
        mistake(r, NULL, STR("settings"), failed->detail);
    }
}

static bool find_in_environment(const struct reading *r, str name, struct given *out)
{
    for (char *const *e = r->environment; *e != NULL; e++) {
        str entry = str_of(*e);
        if (entry.n > name.n && entry.p[name.n] == '=' && str_starts(entry, name)) {
            *out = (struct given){.place = IN_ENVIRONMENT, .text = str_slice(entry, name.n + 1, entry.n)};
            return true;
        }
    }
    return false;
}

static bool find_in_file(const struct reading *r, enum place place, str name, struct given *out)
{
    bool found = false;
    for (const struct dotenv_line *l = r->files[place]; l != NULL; l = l->next) {
        if (l->problem == NULL && str_eq(l->name, name)) {
            *out = (struct given){.place = place, .line = l->number, .text = l->value};
            found = true;
        }
    }
    return found;
}

static void find(struct reading *r, const struct setting *s)
{
    struct given *g = &r->given[index_of(s)];
    str name = str_of(s->name);
    if (!find_in_environment(r, name, g) && !find_in_file(r, IN_FILE_OF_ENV, name, g) &&
        !find_in_file(r, IN_FILE, name, g)) {
        *g = (struct given){.place = IN_TABLE,
                            .text = s->initial == NULL ? (str){NULL, 0} : str_of(s->initial)};
    }
}

/* Lines that cannot be read, and names that are no settings. */
static void report_lines(struct reading *r, enum place place)
{
    for (const struct dotenv_line *l = r->files[place]; l != NULL; l = l->next) {
        str at = str_format(r->a, "%s:%u", r->file_names[place], l->number);
        if (l->problem != NULL) {
            mistake(r, NULL, at, str_of(l->problem));
        } else if (setting_find(l->name) == NULL) {
            const char *meant = setting_suggest(l->name);
            mistake(r, str_c(r->a, l->name), at,
                    meant == NULL ? STR("there is no such setting")
                                  : str_format(r->a, "there is no such setting; is %s meant?", meant));
        }
    }
}

static str environment_text(const struct reading *r, str name)
{
    struct given g = {.text = {"", 0}};
    (void)find_in_environment(r, name, &g);
    return g.text;
}

/* QUIRE_CONF names one file in place of .env, which must be there; beside it POOL_NAME may have one of its own. */
static void read_named_files(struct reading *r, str conf)
{
    str pool = environment_text(r, STR("POOL_NAME"));
    size_t folder = conf.n;
    while (folder > 0 && conf.p[folder - 1] != '/') {
        folder--;
    }
    read_file(r, IN_FILE, conf, true);
    find(r, setting_find(STR("APP_ENV")));
    if (pool.n > 0 &&
        check_pool_name(r->a, pool).n == 0) { /* else the setting's own check says what is wrong */
        read_file(r, IN_FILE_OF_ENV, str_format(r->a, "%.*s%.*s.conf", (int)folder, conf.p, STR_ARGS(pool)),
                  false);
    }
}

/* APP_ENV first, since it names the second file. */
static void read_env_files(struct reading *r)
{
    const struct setting *s = setting_find(STR("APP_ENV"));
    bool here = strcmp(r->dir, ".") == 0;
    str base = str_format(r->a, "%s%s.env", here ? "" : r->dir, here ? "" : "/");
    read_file(r, IN_FILE, base, false);
    find(r, s);
    str chosen = r->given[index_of(s)].text;
    if (is_choice(s->choices, chosen)) {
        read_file(r, IN_FILE_OF_ENV, str_format(r->a, "%.*s.%.*s", STR_ARGS(base), STR_ARGS(chosen)), false);
    }
}

static void read_files(struct reading *r)
{
    const struct setting *s = setting_find(STR("APP_ENV"));
    str conf = environment_text(r, STR("QUIRE_CONF"));
    if (conf.n > 0) {
        read_named_files(r, conf);
    } else {
        read_env_files(r);
    }
    struct given chosen = r->given[index_of(s)];
    report_lines(r, IN_FILE_OF_ENV);
    report_lines(r, IN_FILE);
    struct given inside;
    if (find_in_file(r, IN_FILE_OF_ENV, str_of(s->name), &inside) && !str_eq(inside.text, chosen.text)) {
        mistake(r, s->name, where(r, &inside),
                str_format(r->a, "the file for %.*s cannot say otherwise", STR_ARGS(chosen.text)));
    }
}

/* -- what concerns several settings -- */

/* Whether a part of the URL counts: its own setting is not given, or in a weaker place only. */
static bool url_wins(const struct reading *r, enum place url_place, const char *name)
{
    return r->given[index_of(setting_find(str_of(name)))].place > url_place;
}

static void fill(struct reading *r, const struct given *url, const char *name, bool present, str value)
{
    if (present && url_wins(r, url->place, name)) {
        r->given[index_of(setting_find(str_of(name)))] =
            (struct given){.place = url->place, .line = url->line, .by_url = true, .text = value};
    }
}

static void apply_url(struct reading *r)
{
    const struct setting *s = setting_find(STR("DATABASE_URL"));
    const struct given *g = &r->given[index_of(s)];
    struct database_url u;
    str why;
    if (g->text.n == 0) {
        return;
    }
    if (!database_url_parse(r->a, g->text, &u, &why)) {
        wrong(r, s, why);
        return;
    }
    bool host_given = !url_wins(r, g->place, "DB_HOST");
    fill(r, g, "DB_SOCKET", u.socket.n > 0 && !host_given, u.socket);
    fill(r, g, "DB_HOST", u.host.n > 0, u.host);
    fill(r, g, "DB_PORT", u.port > 0, str_format(r->a, "%" PRId64, u.port));
    fill(r, g, "DB_USER", u.user.n > 0, u.user);
    fill(r, g, "DB_PASSWORD", u.has_password, u.password);
    fill(r, g, "DB_NAME", u.name.n > 0, u.name);
    fill(r, g, "DB_SSL_CA", u.ssl_ca.n > 0, u.ssl_ca);
}

/* What COMPOSER=openai cannot do without. */
static void demand(struct reading *r, const char *name, str value)
{
    if (value.n == 0) {
        wrong(r, setting_find(str_of(name)), STR("must be set when COMPOSER is openai"));
    }
}

static void check_together(struct reading *r)
{
    const struct settings *s = &r->settings;
    if (s->cors_credentials && str_eq(str_trim(s->cors_origins), STR("*"))) {
        wrong(r, setting_find(STR("CORS_ORIGINS")),
              STR("* cannot go together with CORS_CREDENTIALS=true: name the "
                  "origins, or set it to false"));
    }
    str bad_key = check_token(s->openai_api_key);
    if (bad_key.n > 0) {
        wrong(r, setting_find(STR("OPENAI_API_KEY")), bad_key);
    }
    if (str_eq(s->composer, STR("openai"))) {
        demand(r, "OPENAI_BASE_URL", s->openai_base_url);
        demand(r, "OPENAI_MODEL", s->openai_model);
    }
    if (s->smtp_url.n > 0 && s->mail_from.n == 0) {
        wrong(r, setting_find(STR("MAIL_FROM")), STR("must be set when SMTP_URL is"));
    }
    struct keys_mistake mistakes[KEYS_MISTAKES];
    size_t n = keys_check(r->a, s, mistakes);
    for (size_t i = 0; i < n; i++) {
        wrong(r, setting_find(str_of(mistakes[i].setting)), mistakes[i].sentence);
    }
}

static err read_settings(struct reading *r, struct arena *a, char *const *environment, const char *dir,
                         struct held *held)
{
    *r = (struct reading){.a = a, .environment = environment, .dir = dir, .held = held};
    buf_init(&r->mistakes, a, 256, DETAIL_BYTES);
    read_files(r);
    for (const struct setting *s = settings_table; s->name != NULL; s++) {
        find(r, s);
    }
    apply_url(r);
    for (const struct setting *s = settings_table; s->name != NULL; s++) {
        take(r, s);
    }
    check_together(r);
    str detail = buf_view(&r->mistakes);
    return detail.n == 0 ? NULL : error_new(a, ERROR_INVALID, "%.*s", STR_ARGS(detail));
}

err settings_load_held(struct arena *a, char *const *environment, const char *dir, struct held *held,
                       struct settings *out)
{
    struct reading r;
    TRY(read_settings(&r, a, environment, dir, held));
    *out = r.settings;
    return NULL;
}

err settings_load(struct arena *a, char *const *environment, const char *dir, struct settings *out)
{
    return settings_load_held(a, environment, dir, NULL, out);
}

/* -- printing -- */

err settings_print(struct arena *a, char *const *environment, const char *dir, struct buf *out)
{
    struct reading r;
    TRY(read_settings(&r, a, environment, dir, NULL));
    for (const struct setting *s = settings_table; s->name != NULL; s++) {
        const struct given *g = &r.given[index_of(s)];
        buf_printf(out, "%s=", s->name);
        if (s->secret && g->text.n > 0) {
            buf_lit(out, "**********");
        } else {
            dotenv_put(out, g->text);
        }
        str place = where(&r, g);
        buf_printf(out, "  # %.*s\n", STR_ARGS(place));
    }
    return NULL;
}
