#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "cmd/doctor.h"

/* What a worker has open is a dozen; the parent's descriptors grow with the workers. */
enum { FILES_WANTED = 1024, BACKLOG_WANTED = 1024 };

/* The nearest folder that is there: the path itself, or what it would be made in. */
static const char *nearest(struct arena *a, const char *path)
{
    struct stat st;
    while (stat(path, &st) != 0 && errno == ENOENT && strcmp(path, ".") != 0 && strcmp(path, "/") != 0) {
        path = file_folder(a, path);
    }
    return path;
}

/* A folder that we write to, or could make. */
static struct finding look_at_folder(struct patient *p, const char *setting, str value)
{
    const char *path = str_c(p->a, value);
    const char *there = nearest(p->a, path);
    struct stat st;
    if (stat(there, &st) != 0 || !S_ISDIR(st.st_mode)) {
        return doctor_bad(p, VERDICT_PROBLEM, "name a folder", "%s %s: %s is no folder", setting, path,
                          there);
    }
    if (access(there, W_OK | X_OK) != 0) {
        return doctor_bad(p, VERDICT_PROBLEM,
                          "give it to the user that runs quire (and run this check as that user)",
                          "%s %s: %s cannot be written to: %s", setting, path, there, strerror(errno));
    }
    return doctor_ok(p, "%s can be written to", path);
}

static struct finding look_at_media(struct patient *p)
{
    return look_at_folder(p, "MEDIA_DIR", p->s.media_dir);
}

static struct finding look_at_mail_dir(struct patient *p)
{
    struct stat st;
    if (p->s.smtp_url.n > 0) {
        return doctor_ok(p, "not used: mails go to SMTP_URL");
    }
    struct finding f = look_at_folder(p, "MAIL_DIR", p->s.mail_dir);
    const char *path = str_c(p->a, p->s.mail_dir);
    if (f.verdict == VERDICT_OK && stat(path, &st) == 0 && (st.st_mode & (S_IROTH | S_IXOTH)) != 0) {
        return doctor_bad(p, VERDICT_WARNING, "chmod 700 it",
                          "others can read the mails in %s, whose links are as good as a password", path);
    }
    return f;
}

struct finding doctor_log_file(struct patient *p)
{
    const char *path = str_c(p->a, p->s.log_file);
    struct stat st;
    if (p->s.log_file.n == 0) {
        return doctor_ok(p, "lines go to standard error");
    }
    if (stat(path, &st) != 0) {
        const char *folder = file_folder(p->a, path);
        if (stat(folder, &st) != 0 && errno == ENOENT) { /* other folders are made, this one is not */
            return doctor_bad(p, VERDICT_PROBLEM, "make it, for the user that runs quire",
                              "the folder of LOG_FILE, %s, is not there", folder);
        }
        return look_at_folder(p, "the folder of LOG_FILE", str_of(folder));
    }
    if (S_ISDIR(st.st_mode) || access(path, W_OK) != 0) {
        return doctor_bad(p, VERDICT_PROBLEM, "name a file that the user that runs quire may write to",
                          "LOG_FILE %s cannot be written to", path);
    }
    return doctor_ok(p, "%s can be written to", path);
}

static struct finding look_at_disk(struct patient *p)
{
    enum { ENOUGH_MIB = 256, TOO_LITTLE_MIB = 16 };
    const str places[] = {p->s.media_dir, p->s.log_file, p->s.mail_dir};
    uint64_t least = UINT64_MAX;
    const char *where = "/";
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct statvfs fs;
        const char *path = nearest(p->a, places[i].n == 0 ? "." : str_c(p->a, places[i]));
        if (statvfs(path, &fs) == 0 && (uint64_t)fs.f_bavail * fs.f_frsize < least) {
            least = (uint64_t)fs.f_bavail * fs.f_frsize;
            where = path;
        }
    }
    uint64_t mib = least >> 20;
    if (mib < ENOUGH_MIB) {
        return doctor_bad(p, mib < TOO_LITTLE_MIB ? VERDICT_PROBLEM : VERDICT_WARNING, "make room",
                          "%" PRIu64 " MiB are free where %s is", mib, where);
    }
    return doctor_ok(p, "%" PRIu64 " MiB are free where %s is", mib, where);
}

static struct finding look_at_limits(struct patient *p)
{
    struct rlimit r = {.rlim_cur = 0};
    (void)getrlimit(RLIMIT_NOFILE, &r);
    if (r.rlim_cur < FILES_WANTED) {
        return doctor_bad(p, VERDICT_WARNING, "raise it: ulimit -n 4096, LimitNOFILE= of the unit",
                          "a process may have %" PRIu64 " files open", (uint64_t)r.rlim_cur);
    }
    return doctor_ok(p, "a process may have %" PRIu64 " files open", (uint64_t)r.rlim_cur);
}

static struct finding look_at_backlog(struct patient *p)
{
    static const char file[] = "/proc/sys/net/core/somaxconn";
    char text[32];
    uint64_t most = 0;
    FILE *f = fopen(file, "re");
    size_t n = f == NULL ? 0 : fread(text, 1, sizeof text, f);
    if (f != NULL) {
        (void)fclose(f);
    }
    if (!str_to_uint(str_trim((str){text, n}), &most)) {
        return doctor_bad(p, VERDICT_SKIPPED, "", "%s cannot be read", file);
    }
    if (most < BACKLOG_WANTED) {
        return doctor_bad(p, VERDICT_WARNING, "sysctl -w net.core.somaxconn=4096",
                          "%" PRIu64 " connections may wait on a socket: more are an instant 502", most);
    }
    return doctor_ok(p, "%" PRIu64 " connections may wait on a socket", most);
}

const struct check doctor_machine[] = {
    {"media-dir", NEEDS_SETTINGS, look_at_media},
    {"mail-dir", NEEDS_SETTINGS, look_at_mail_dir},
    {"log-file", NEEDS_SETTINGS, doctor_log_file},
    {"disk", NEEDS_SETTINGS, look_at_disk},
    {"open-files", NEEDS_NOTHING, look_at_limits},
    {"backlog", NEEDS_NOTHING, look_at_backlog},
    {NULL, NEEDS_NOTHING, NULL},
};
