#include "twin.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Standard error, unless a file is named. */
static int sink = STDERR_FILENO;

struct entry entry;

bool log_open(const char *path)
{
    if (path != NULL && *path != '\0') {
        sink = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    }
    return sink >= 0;
}

long long steady_micros(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void put_millis(long long micros)
{
    char decimals[] = {(char)('0' + micros / 100 % 10), (char)('0' + micros / 10 % 10),
                       (char)('0' + micros % 10)};
    put_int(micros / 1000);
    PUT(".");
    put(decimals, sizeof decimals);
}

/* Put together where the answer was, which has been sent. */
void log_request(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    MYSQL_TIME time = moment_of(now.tv_sec, now.tv_nsec);
    out.n = 0;
    PUT("{\"time\":");
    put_time(&time);
    PUT(",\"level\":\"");
    put(out.status < 500 ? "info" : "error", out.status < 500 ? 4 : 5);
    PUT("\",\"request_id\":");
    put_text(entry.id, strlen(entry.id));
    PUT(",\"method\":\"");
    put(entry.method, strlen(entry.method));
    PUT("\",\"route\":");
    if (entry.route == NULL) {
        PUT("null");
    } else {
        put_text(entry.route, strlen(entry.route));
    }
    PUT(",\"status\":");
    put_int(out.status);
    PUT(",\"ms\":");
    put_millis(steady_micros() - entry.start);
    PUT(",\"statements\":");
    put_int(entry.statements);
    PUT(",\"user_id\":");
    if (entry.user == 0) {
        PUT("null");
    } else {
        put_int(entry.user);
    }
    PUT("}\n");
    ssize_t written = write(sink, out.text, out.n);
    (void)written; /* as quire: a full disk is no reason not to answer */
}
