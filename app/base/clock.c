#include "base/clock.h"

#include <time.h>

#include "base/buf.h"

static const int64_t micros_per_second = 1000000;
static const int64_t micros_per_day = 86400 * 1000000LL;

static int64_t read_clock(clockid_t which)
{
    struct timespec t;
    (void)clock_gettime(which, &t);
    return (int64_t)t.tv_sec * micros_per_second + t.tv_nsec / 1000;
}

int64_t clock_now(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t clock_steady(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t days_from_civil(int64_t y, unsigned m, unsigned d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * ((int64_t)m + (m > 2 ? -3 : 9)) + 2) / 5 + (int64_t)d - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

static void civil_from_days(int64_t z, struct civil *c)
{
    z += 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    c->day = (unsigned)(doy - (153 * mp + 2) / 5 + 1);
    c->month = (unsigned)(mp < 10 ? mp + 3 : mp - 9);
    c->year = (int)(yoe + era * 400 + (c->month <= 2));
}

int64_t clock_from_civil(const struct civil *c)
{
    int64_t seconds = (int64_t)c->hour * 3600 + c->minute * 60 + c->second;
    return days_from_civil(c->year, c->month, c->day) * micros_per_day + seconds * micros_per_second +
           c->micro;
}

struct civil clock_to_civil(int64_t micros)
{
    struct civil c = {0};
    int64_t days = micros / micros_per_day;
    int64_t rest = micros % micros_per_day;
    if (rest < 0) {
        rest += micros_per_day;
        days--;
    }
    civil_from_days(days, &c);
    int64_t seconds = rest / micros_per_second;
    c.micro = (unsigned)(rest % micros_per_second);
    c.hour = (unsigned)(seconds / 3600);
    c.minute = (unsigned)(seconds / 60 % 60);
    c.second = (unsigned)(seconds % 60);
    return c;
}

/* Two digits: value is under 100. */
static char *put_pair(char *at, unsigned value)
{
    at[0] = (char)('0' + value / 10);
    at[1] = (char)('0' + value % 10);
    return at + 2;
}

static char *put_civil_date(char *at, const struct civil *c)
{
    at = put_pair(at, (unsigned)c->year / 100);
    at = put_pair(at, (unsigned)c->year % 100);
    *at++ = '-';
    at = put_pair(at, c->month);
    *at++ = '-';
    return put_pair(at, c->day);
}

void clock_put_time(struct buf *b, int64_t micros)
{
    struct civil c = clock_to_civil(micros);
    char text[32];
    char *at = put_civil_date(text, &c);
    *at++ = 'T';
    at = put_pair(at, c.hour);
    *at++ = ':';
    at = put_pair(at, c.minute);
    *at++ = ':';
    at = put_pair(at, c.second);
    if (c.micro != 0) {
        *at++ = '.';
        at = put_pair(at, c.micro / 10000);
        at = put_pair(at, c.micro / 100 % 100);
        at = put_pair(at, c.micro % 100);
    }
    *at++ = 'Z';
    buf_put(b, text, (size_t)(at - text));
}

void clock_put_date(struct buf *b, int64_t days)
{
    struct civil c = {0};
    civil_from_days(days, &c);
    char text[16];
    char *at = put_civil_date(text, &c);
    buf_put(b, text, (size_t)(at - text));
}

bool clock_valid_date(int year, unsigned month, unsigned day)
{
    static const unsigned char lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) {
        return false;
    }
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= (unsigned)lengths[month - 1] + (month == 2 && leap);
}

/* Reads exactly width digits. */
static bool take_digits(str *s, size_t width, unsigned *out)
{
    if (s->n < width) {
        return false;
    }
    unsigned value = 0;
    for (size_t i = 0; i < width; i++) {
        if (s->p[i] < '0' || s->p[i] > '9') {
            return false;
        }
        value = value * 10 + (unsigned)(s->p[i] - '0');
    }
    *out = value;
    *s = str_slice(*s, width, s->n);
    return true;
}

static bool take_char(str *s, const char *any)
{
    if (s->n == 0 || s->p[0] == '\0' || strchr(any, s->p[0]) == NULL) {
        return false;
    }
    *s = str_slice(*s, 1, s->n);
    return true;
}

static bool take_date(str *s, struct civil *c)
{
    unsigned year = 0;
    if (!take_digits(s, 4, &year) || !take_char(s, "-") || !take_digits(s, 2, &c->month) ||
        !take_char(s, "-") || !take_digits(s, 2, &c->day)) {
        return false;
    }
    c->year = (int)year;
    return clock_valid_date(c->year, c->month, c->day);
}

/* At least one digit; those after the sixth do not count. */
static bool take_fraction(str *s, unsigned *micro)
{
    size_t digits = 0;
    unsigned value = 0;
    while (digits < s->n && s->p[digits] >= '0' && s->p[digits] <= '9') {
        if (digits < 6) {
            value = value * 10 + (unsigned)(s->p[digits] - '0');
        }
        digits++;
    }
    if (digits == 0) {
        return false;
    }
    for (size_t i = digits; i < 6; i++) {
        value *= 10;
    }
    *micro = value;
    *s = str_slice(*s, digits, s->n);
    return true;
}

/* The offset in minutes east of UTC; consumes all that is left. */
static bool take_offset(str *s, int *minutes)
{
    *minutes = 0;
    if (s->n == 0 || take_char(s, "Zz")) {
        return s->n == 0;
    }
    bool west = s->n > 0 && s->p[0] == '-';
    unsigned hour = 0;
    unsigned minute = 0;
    if (!take_char(s, "+-") || !take_digits(s, 2, &hour)) {
        return false;
    }
    (void)take_char(s, ":");
    if (!take_digits(s, 2, &minute) || s->n > 0 || hour > 23 || minute > 59) {
        return false;
    }
    *minutes = (int)(hour * 60 + minute) * (west ? -1 : 1);
    return true;
}

bool clock_parse_local(str s, struct civil *out, int *east)
{
    struct civil c = {0};
    int offset = 0;
    if (!take_date(&s, &c) || !take_char(&s, "Tt _") || !take_digits(&s, 2, &c.hour) || !take_char(&s, ":") ||
        !take_digits(&s, 2, &c.minute)) {
        return false;
    }
    if (take_char(&s, ":") &&
        (!take_digits(&s, 2, &c.second) || (take_char(&s, ".,") && !take_fraction(&s, &c.micro)))) {
        return false;
    }
    if (!take_offset(&s, &offset) || c.hour > 23 || c.minute > 59 || c.second > 59) {
        return false;
    }
    *out = c;
    *east = offset;
    return true;
}

bool clock_parse_time(str s, int64_t *micros)
{
    struct civil c = {0};
    int east = 0;
    if (!clock_parse_local(s, &c, &east)) {
        return false;
    }
    int64_t moment = clock_from_civil(&c) - east * 60 * micros_per_second;
    int year = clock_to_civil(moment).year;
    if (year < 1 || year > 9999) {
        return false; /* the offset carried it out of the calendar */
    }
    *micros = moment;
    return true;
}

bool clock_parse_date(str s, int64_t *days)
{
    struct civil c = {0};
    if (!take_date(&s, &c) || s.n > 0) {
        return false;
    }
    *days = days_from_civil(c.year, c.month, c.day);
    return true;
}
