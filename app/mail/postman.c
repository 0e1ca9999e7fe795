#include "mail/postman.h"

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/email.h"
#include "base/file.h"
#include "base/log.h"
#include "base/mailbox.h"
#include "base/text.h"
#include "conf/settings.h"
#include "engine/write.h"
#include "http/idempotency.h"
#include "http/process.h"
#include "http/scoreboard.h"
#include "io/db.h"
#include "io/smtp.h"
#include "mail/letter.h"
#include "mail/message.h"
#include "models/idempotency.h"

/* Milliseconds between two tries to write an end while the database is away, and how often that is tried. */
enum { RETRY_PAUSE = 500, RETRIES = 240 };
/* How often it is tried again after a deadlock to make a token. */
enum { TRIES = 8 };
enum { LONGEST_PAUSE = 3600, FOLDER_MODE = 0700, FILE_MODE = 0600 };

static const int64_t prune_every = 600 * 1000000LL;

/* What differs by purpose: the template's name, and the page that its link leads to. */
static const struct {
    const char *name;
    const char *page;
} kinds[] = {
    [MAIL_VERIFY] = {"verify", "verify-email.html"}, [MAIL_RESET] = {"reset", "reset-password.html"}};

static void read_from(struct postman *p, struct arena *life, str from)
{
    str why;
    str address = mailbox_trim(mailbox_without_name(from));
    p->name = STR("Quire");
    p->from = STR("quire@localhost");
    if (from.n > 0 && email_check(life, address, &p->from, &why)) {
        size_t open = str_find(from, '<', 0);
        str name = mailbox_trim(str_slice(from, 0, open < from.n ? open : 0));
        bool quoted = name.n > 1 && name.p[0] == '"' && name.p[name.n - 1] == '"';
        p->name = quoted ? str_slice(name, 1, name.n - 1) : name;
    }
}

void postman_open(struct postman *p, struct arena *life, const struct settings *settings,
                  const struct process *process, struct db *db)
{
    *p = (struct postman){.settings = settings,
                          .process = process,
                          .db = db,
                          .idle = clock_steady(),
                          .key = digest_key_new(life, settings->secret_key)};
    read_from(p, life, settings->mail_from);
    if (settings->smtp_url.n == 0) {
        log_line(LOG_INFO, "mails are written as files, for SMTP_URL is not set", "folder",
                 str_c(life, settings->mail_dir));
    }
}

/* Whether there may be more to drop than at once, and time for it. */
static bool go_on(const struct postman *p, uint64_t dropped, uint64_t at_once)
{
    return dropped == at_once && !scoreboard_draining(p->process->board);
}

/* What is old: mails that were given up, tokens that have expired, and answers under Idempotency-Keys, of which
 * requests drop some, too, but only while such come. A little at once, until no more is left. */
static err prune_all(struct postman *p, struct arena *a)
{
    uint64_t dropped = 0;
    TRY(db_ready(p->db, a));
    do {
        TRY(write_statement(p->db, a, &mail_prune, NULL, &dropped));
    } while (go_on(p, dropped, MAIL_PRUNE_AT_ONCE));
    do {
        TRY(write_statement(p->db, a, &mail_token_prune, NULL, &dropped));
    } while (go_on(p, dropped, MAIL_PRUNE_AT_ONCE));
    do {
        TRY(idempotency_drop(p->db, a, &dropped));
    } while (go_on(p, dropped, IDEMPOTENCY_AT_ONCE));
    return NULL;
}

/* Now and then: this is the one process that has time. */
static void prune(struct postman *p, struct arena *a)
{
    p->idle = clock_steady();
    if (p->pruned != 0 && p->idle - p->pruned < prune_every) {
        return;
    }
    err e = prune_all(p, a);
    if (e == NULL) {
        p->pruned = clock_steady();
    } else {
        log_line(LOG_WARN, "old mails and answers cannot be removed", "cause", str_c(a, error_reason(e)));
    }
}

err postman_take(struct postman *p, struct arena *a, struct postman_mail *out, bool *any)
{
    static const struct lease_work mails = {
        .waiting = &mail_waiting, .due = &mail_due, .take = &mail_take, .give_back = &mail_give_back};
    const struct value *row = NULL;
    /* It is never prolonged: sending takes no longer than it lasts. */
    int64_t seconds = p->settings->smtp_timeout + p->settings->work_lease;
    /* Where a mail is always due there is time, too, but not while its lease runs. */
    if (clock_steady() - p->idle >= prune_every) {
        prune(p, a);
    }
    TRY(lease_take(p->db, a, &mails, seconds, &out->lease, &row, any));
    if (*any) {
        out->purpose = (enum mail_purpose)row[MAIL_DUE_PURPOSE].i;
        out->seed = row[MAIL_DUE_SEED].text;
        out->attempts = row[MAIL_DUE_ATTEMPTS].i;
    } else {
        prune(p, a);
    }
    return NULL;
}

/* -- the words -- */

static str validity(const struct settings *s, struct arena *a, enum mail_purpose purpose)
{
    bool hours = purpose == MAIL_VERIFY;
    int64_t n = hours ? s->verify_token_hours : s->reset_token_minutes;
    return str_format(a, "%lld %s%s", (long long)n, hours ? "hour" : "minute", n == 1 ? "" : "s");
}

static str link_of(const struct postman *p, struct arena *a, const struct postman_mail *mail,
                   const unsigned char token[DIGEST_BYTES])
{
    struct buf b;
    buf_init(&b, a, 256, 1024);
    buf_printf(&b, "%.*s/%s#token=", STR_ARGS(p->settings->site_url), kinds[mail->purpose].page);
    base64_put(&b, token, DIGEST_BYTES);
    return buf_view(&b);
}

/* What is sent: to whom, and the bytes. */
struct parcel {
    str to;
    str id;
    str message;
};

static err pack(const struct postman *p, struct arena *a, const struct postman_mail *mail,
                const struct value *addressee, const unsigned char token[DIGEST_BYTES], struct parcel *out)
{
    unsigned char id[DIGEST_BYTES];
    struct letter letter;
    const struct letter_value values[] = {{"username", addressee[ADDRESSEE_USERNAME].text},
                                          {"link", link_of(p, a, mail, token)},
                                          {"site", p->settings->site_url},
                                          {"valid", validity(p->settings, a, mail->purpose)}};
    if (!message_address(a, addressee[ADDRESSEE_EMAIL].text, &out->to)) {
        return error_new(a, ERROR_INVALID, "the address cannot be written to");
    }
    TRY(letter_write(a, str_c(a, p->settings->mail_templates), kinds[mail->purpose].name, values,
                     sizeof values / sizeof values[0], &letter));
    digest_sha256(mail->seed, id);
    out->id = digest_hex(a, id, DIGEST_BYTES / 2);
    const struct message m = {.from_name = p->name,
                              .from = p->from,
                              .to = out->to,
                              .subject = letter.subject,
                              .text = letter.text,
                              .html = letter.html,
                              .id = out->id,
                              .date = clock_now()};
    out->message = message_make(a, &m);
    return NULL;
}

/* -- the way out -- */

static err beat(void *ctx, struct arena *a)
{
    const struct postman *p = ctx;
    return scoreboard_draining(p->process->board) ? error_cause(a, ERROR_UNAVAILABLE, "the pool stops")
                                                  : NULL;
}

static err send(struct postman *p, struct arena *a, const struct parcel *parcel, struct smtp_answer *said)
{
    const struct settings *s = p->settings;
    bool off = str_eq(s->smtp_starttls, STR("off"));
    const struct smtp_request request = {
        .url = s->smtp_url,
        .tls = str_eq(s->smtp_starttls, STR("required")) ? SMTP_TLS_REQUIRED
               : off                                     ? SMTP_TLS_OFF
                                                         : SMTP_TLS_TRY,
        .ca = s->smtp_ca,
        .user = s->smtp_user,
        .password = s->smtp_password,
        .from = p->from,
        .to = parcel->to,
        .message = parcel->message,
        .timeout_ms = s->smtp_timeout * 1000,
        .beat = beat,
        .ctx = p,
    };
    return smtp_send(a, &request, said);
}

static err write_file(struct postman *p, struct arena *a, const struct parcel *parcel,
                      struct smtp_answer *said)
{
    const char *dir = str_c(a, p->settings->mail_dir);
    const char *path = str_format(a, "%s/%.*s.eml", dir, STR_ARGS(parcel->id)).p;
    err e = file_make_folders(a, dir, FOLDER_MODE);
    if (e == NULL) {
        e = file_write(a, path, FILE_MODE, parcel->message);
    }
    *said = (struct smtp_answer){.result = e == NULL ? SMTP_SENT : SMTP_LATER,
                                 .why = e == NULL ? STR("") : e->detail};
    if (e == NULL) {
        log_line(LOG_INFO, "a mail was written to a file", "file", path);
    }
    return NULL;
}

/* Whom it goes to, and that its token is good from now on, in one transaction that holds the account: who ends its
 * links at the same moment (mail/outbox) was there before, and nobody is found; or comes after, and takes the token
 * along. */
static err admit(struct postman *p, struct arena *a, const struct postman_mail *mail,
                 const struct value *make, struct rows *addressee, bool *nobody)
{
    uint64_t matched = 0;
    const struct value key[] = {value_int(mail->lease.id), lease_holder(&mail->lease)};
    db_want_transaction(p->db);
    TRY(load_statement(p->db, a, &mail_addressee, key, addressee));
    if (addressee->n > 0) {
        TRY(write_statement(p->db, a, &mail_token_make, make, &matched));
    }
    *nobody = matched == 0;
    return db_commit(p->db, a);
}

/* What came of it. An err is that of the database, or that we are told to stop: nothing was sent. */
static err attempt(struct postman *p, struct arena *a, const struct postman_mail *mail, bool *nobody,
                   struct smtp_answer *said)
{
    struct rows rows;
    struct parcel parcel;
    unsigned char token[DIGEST_BYTES];
    unsigned char hash[DIGEST_BYTES];
    int64_t minutes = mail->purpose == MAIL_VERIFY ? p->settings->verify_token_hours * 60
                                                   : p->settings->reset_token_minutes;
    outbox_token(p->key, mail->purpose, mail->seed, token);
    digest_sha256((str){(const char *)token, sizeof token}, hash);
    const struct value make[] = {value_bytes(hash, sizeof hash), value_int(minutes),
                                 value_int(mail->lease.id), lease_holder(&mail->lease)};
    err e = admit(p, a, mail, make, &rows, nobody);
    for (int i = 0; e != NULL && e->code == ERROR_DEADLOCK && i < TRIES; i++) {
        db_rollback(p->db);
        e = admit(p, a, mail, make, &rows, nobody);
    }
    if (e != NULL) {
        db_rollback(p->db);
    }
    if (e != NULL || *nobody) {
        return e;
    }
    e = pack(p, a, mail, rows.cells, token, &parcel);
    if (e != NULL) { /* a template is missing, or an address is older than our rules for them */
        *said = (struct smtp_answer){.result = e->code == ERROR_INVALID ? SMTP_NEVER : SMTP_LATER,
                                     .why = e->detail};
        return NULL;
    }
    return p->settings->smtp_url.n > 0 ? send(p, a, &parcel, said) : write_file(p, a, &parcel, said);
}

/* -- the end -- */

/* An empty cause is none: the line ends before it. */
static void say(enum log_level level, const char *text, struct arena *a, const struct postman_mail *mail,
                str cause)
{
    log_line(level, text, "mail", str_format(a, "%lld", (long long)mail->lease.id).p, "purpose",
             kinds[mail->purpose].name, "attempt", str_format(a, "%lld", (long long)mail->attempts + 1).p,
             cause.n > 0 ? "cause" : NULL, str_c(a, cause));
}

/* Writes the end of the row, again and again while the database is away: else the mail would be sent twice. */
static void end(struct postman *p, struct arena *a, const struct postman_mail *mail,
                const struct statement *how, const struct value *values)
{
    err e = NULL;
    uint64_t matched = 0;
    for (int i = 0; i < RETRIES; i++) {
        e = db_ready(p->db, a);
        if (e == NULL) {
            e = write_statement(p->db, a, how, values, &matched);
        }
        if (!lease_try_again(e) || scoreboard_draining(p->process->board)) {
            break;
        }
        process_sleep(p->process, db_contended(e) ? 1 : RETRY_PAUSE);
    }
    if (e != NULL) {
        say(LOG_ERROR, "the end of a mail could not be written", a, mail, error_reason(e));
    } else if (matched == 0) {
        say(LOG_INFO, "a mail was wanted again, or no more, or taken by another, while it was being sent", a,
            mail, STR(""));
    }
}

static int64_t pause_before_next(const struct postman *p, const struct postman_mail *mail)
{
    int64_t pause = p->settings->mail_retry;
    for (int64_t i = 0; i < mail->attempts && pause < LONGEST_PAUSE; i++) {
        pause *= 2;
    }
    return pause < LONGEST_PAUSE ? pause : LONGEST_PAUSE;
}

static void fail(struct postman *p, struct arena *a, const struct postman_mail *mail,
                 const struct smtp_answer *said)
{
    str why = text_repair(a, str_slice(said->why, 0, MAIL_ERROR_MOST - 3));
    bool over = said->result == SMTP_NEVER || mail->attempts + 1 >= p->settings->mail_attempts;
    struct value id = value_int(mail->lease.id);
    struct value holder = lease_holder(&mail->lease);
    if (over) {
        const struct value values[] = {value_text(why), id, holder};
        say(LOG_ERROR, "a mail was given up", a, mail, why);
        end(p, a, mail, &mail_give_up, values);
    } else {
        const struct value values[] = {value_text(why), value_int(pause_before_next(p, mail)), id, holder};
        say(LOG_WARN, "a mail could not be sent; it will be tried again", a, mail, why);
        end(p, a, mail, &mail_put_off, values);
    }
}

void postman_deliver(struct postman *p, struct arena *a, const struct postman_mail *mail)
{
    struct smtp_answer said = {.result = SMTP_LATER};
    bool nobody = false;
    const struct value key[] = {value_int(mail->lease.id), lease_holder(&mail->lease)};
    err e = attempt(p, a, mail, &nobody, &said);
    if (e != NULL && scoreboard_draining(p->process->board)) {
        err back = lease_give_back(p->db, a, &mail->lease);
        if (back != NULL) {
            say(LOG_WARN, "a mail could not be given back; it will be taken when its lease is over", a, mail,
                back->cause);
        }
    } else if (e != NULL) { /* the lease runs out, and somebody tries again */
        say(LOG_WARN, "a mail cannot be sent, for the database is away", a, mail, e->cause);
    } else if (nobody) {
        end(p, a, mail, &mail_done, key);
    } else if (said.result == SMTP_SENT) {
        say(LOG_INFO, "a mail was sent", a, mail, STR(""));
        end(p, a, mail, &mail_done, key);
    } else {
        fail(p, a, mail, &said);
    }
}
