#include "io/smtp.h"

#include <string.h>

#include "base/arena.h"
#include "io/curl_door.h"

struct sending {
    str message;
    size_t at;
    bool asked; /* about the recipient: what is refused from here on is this mail */
    struct transfer transfer;
};

static size_t give(char *p, size_t size, size_t n, void *user)
{
    struct sending *s = user;
    str piece = str_slice(s->message, s->at, s->at + size * n);
    memcpy(p, piece.p, piece.n);
    s->at += piece.n;
    s->transfer.deaf = s->at == s->message.n;
    return piece.n;
}

/* What goes by: only here does the library show which command it is at. Log-ins pass, too, and are not looked at. */
static int note_command(CURL *curl, curl_infotype type, const char *bytes, size_t n, void *user)
{
    (void)curl;
    struct sending *s = user;
    s->asked = s->asked || (type == CURLINFO_HEADER_OUT && str_starts((str){bytes, n}, STR("RCPT TO:")));
    return 0;
}

/* Codes that ask for a log-in, or another one (RFC 4954), whatever they are an answer to. */
static bool is_about_log_in(long status)
{
    return status == 530 || status == 534 || status == 535 || status == 538;
}

/* A refusal of the connection, the sender, the log-in or TLS is about us, not about this mail, and somebody will mend
 * it. */
static enum smtp_result result_of(const struct sending *s, CURLcode code, long status)
{
    if (code == CURLE_OK) {
        return SMTP_SENT;
    }
    bool refused = code == CURLE_SEND_ERROR || code == CURLE_WEIRD_SERVER_REPLY;
    bool forever = status >= 500 && status <= 599 && !is_about_log_in(status);
    return s->asked && refused && forever ? SMTP_NEVER : SMTP_LATER;
}

static void set_options(struct sending *s, const struct smtp_request *r, struct curl_slist *to)
{
    static const long tls[] = {[SMTP_TLS_REQUIRED] = CURLUSESSL_ALL,
                               [SMTP_TLS_TRY] = CURLUSESSL_TRY,
                               [SMTP_TLS_OFF] = CURLUSESSL_NONE};
    CURL *curl = s->transfer.curl;
    struct arena *a = s->transfer.a;
    curl_easy_setopt(curl, CURLOPT_USE_SSL, tls[r->tls]);
    if (r->ca.n > 0) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, str_c(a, r->ca));
    }
    if (r->user.n > 0) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, str_c(a, r->user));
        curl_easy_setopt(curl, CURLOPT_PASSWORD, str_c(a, r->password));
    }
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, str_format(a, "<%.*s>", STR_ARGS(r->from)).p);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)s->message.n);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl, CURLOPT_READDATA, s);
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, note_command);
    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, s);
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
}

err smtp_send(struct arena *a, const struct smtp_request *r, struct smtp_answer *out)
{
    struct sending s = {.message = r->message, .transfer = {.a = a, .beat = r->beat, .ctx = r->ctx}};
    struct curl_slist *to = NULL;
    long status = 0;
    transfer_open(&s.transfer, r->url, "smtp,smtps", r->timeout_ms, r->timeout_ms);
    transfer_append(&to, str_format(a, "<%.*s>", STR_ARGS(r->to)).p);
    set_options(&s, r, to);
    CURLcode code = transfer_run(&s.transfer);
    if (s.transfer.stopped == NULL) {
        curl_easy_getinfo(s.transfer.curl, CURLINFO_RESPONSE_CODE, &status);
        *out = (struct smtp_answer){.result = result_of(&s, code, status), .code = (unsigned)status};
        if (out->result != SMTP_SENT) {
            str why = transfer_why(&s.transfer, code);
            out->why = str_format(a, "%.*s; the server's last code: %ld", STR_ARGS(why), status);
        }
    }
    transfer_close(&s.transfer);
    curl_slist_free_all(to);
    return s.transfer.stopped;
}
