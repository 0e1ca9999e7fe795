#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cmd/command.h"
#include "cmd/doctor.h"
#include "conf/check.h"
#include "conf/keys.h"
#include "io/keyfile.h"

static struct finding look_at_settings(struct patient *p)
{
    if (p->unsettled != NULL) {
        return doctor_bad(p, VERDICT_PROBLEM,
                          "correct each line; `quire config --example` describes every setting", "%.*s",
                          STR_ARGS(p->unsettled->detail));
    }
    const char *conf = getenv("QUIRE_CONF");
    return doctor_ok(p, "read and right, %s, for %.*s",
                     conf != NULL && *conf != '\0' ? conf : "without QUIRE_CONF", STR_ARGS(p->s.app_env));
}

/* In production a weak one is refused with the settings; elsewhere it is only said. */
static struct finding look_at_keys(struct patient *p)
{
    struct keys_list secrets;
    keys_secrets(&p->s, &secrets);
    for (size_t i = 0; i < secrets.n; i++) {
        str weak = check_secret_strength(p->a, secrets.list[i]);
        if (weak.n > 0) {
            size_t why = str_find(weak, ';', 0); /* behind it stands the advice */
            return doctor_bad(p, VERDICT_WARNING, SECRET_ADVICE, "a secret %.*s",
                              STR_ARGS(str_slice(weak, 0, why)));
        }
    }
    if (keys_are_files(&p->s) && keyfile_is_exposed(str_c(p->a, p->s.jwt_private_key_file))) {
        return doctor_bad(p, VERDICT_PROBLEM, "chmod 600 it, and change the key if others may have read it",
                          "others than its owner can read JWT_PRIVATE_KEY_FILE %.*s",
                          STR_ARGS(p->s.jwt_private_key_file));
    }
    return doctor_ok(p, "%.*s, %zu secret%s of enough strength", STR_ARGS(p->s.algorithm), secrets.n,
                     secrets.n == 1 ? "" : "s");
}

/* The files that settings were read from, as settings_load() finds them. */
static size_t settings_files(struct patient *p, const char *files[2])
{
    const char *conf = getenv("QUIRE_CONF");
    const char *pool = getenv("POOL_NAME");
    if (conf == NULL || *conf == '\0') {
        files[0] = ".env";
        files[1] = str_format(p->a, ".env.%.*s", STR_ARGS(p->s.app_env)).p;
        return 2;
    }
    files[0] = conf;
    size_t folder = str_of(conf).n;
    while (folder > 0 && conf[folder - 1] != '/') {
        folder--;
    }
    files[1] = str_format(p->a, "%.*s%s.conf", (int)folder, conf, pool == NULL ? "" : pool).p;
    return pool == NULL || *pool == '\0' ? 1 : 2;
}

static struct finding look_at_secret_files(struct patient *p)
{
    const char *files[2];
    size_t n = settings_files(p, files);
    struct stat st;
    size_t seen = 0;
    for (size_t i = 0; i < n; i++) {
        if (stat(files[i], &st) != 0) {
            continue;
        }
        seen++;
        if ((st.st_mode & (S_IROTH | S_IWOTH | S_IWGRP)) != 0) {
            return doctor_bad(p, VERDICT_PROBLEM,
                              "chmod 640 it, and change the secrets if others may have read them",
                              "everybody can read %s, or others can write it (mode %04o)", files[i],
                              (unsigned)st.st_mode & 07777U);
        }
    }
    return seen == 0 ? doctor_ok(p, "there are no settings files: all comes from the environment")
                     : doctor_ok(p, "nobody else can read the settings files");
}

static struct finding look_at_mail(struct patient *p)
{
    str templates = command_mail_templates(&p->s);
    const char *letter = str_format(p->a, "%.*s/verify.txt", STR_ARGS(templates)).p;
    bool production = str_eq(p->s.app_env, STR("production"));
    if (access(letter, R_OK) != 0) {
        return doctor_bad(p, VERDICT_PROBLEM, "set MAIL_TEMPLATES to the folder with the words of mails",
                          "%s cannot be read: no mail can be written", letter);
    }
    if (p->s.smtp_url.n == 0 && production) {
        return doctor_bad(p, VERDICT_WARNING, "set SMTP_URL and MAIL_FROM",
                          "no mail is sent: each becomes a file in %.*s", STR_ARGS(p->s.mail_dir));
    }
    bool local = str_starts(p->s.site_url, STR("http://127.0.0.1")) ||
                 str_starts(p->s.site_url, STR("http://localhost"));
    if (p->s.smtp_url.n > 0 && local) {
        return doctor_bad(p, VERDICT_WARNING, "set SITE_URL to the address under which people know the site",
                          "links in mails lead to %.*s", STR_ARGS(p->s.site_url));
    }
    return p->s.smtp_url.n == 0 ? doctor_ok(p, "mails are files in %.*s", STR_ARGS(p->s.mail_dir))
                                : doctor_ok(p, "mails are handed to %.*s", STR_ARGS(p->s.smtp_url));
}

const struct check doctor_settings[] = {
    {"settings", NEEDS_NOTHING, look_at_settings},
    {"keys", NEEDS_SETTINGS, look_at_keys},
    {"secret-files", NEEDS_SETTINGS, look_at_secret_files},
    {"mail", NEEDS_SETTINGS, look_at_mail},
    {NULL, NEEDS_NOTHING, NULL},
};
