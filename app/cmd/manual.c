#include "cmd/manual.h"

#include "base/buf.h"
#include "cmd/command.h"
#include "conf/describe.h"

/* Text that man(1) shows as it is: no line of it begins a request, a hyphen can be copied. */
static void put_text(struct buf *out, str text)
{
    bool begins = true;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (begins && (c == '.' || c == '\'')) {
            buf_lit(out, "\\&");
        }
        if (c == '\\') {
            buf_lit(out, "\\e");
        } else if (c == '-') {
            buf_lit(out, "\\-");
        } else {
            buf_char(out, c);
        }
        begins = c == '\n';
    }
}

static void put_c(struct buf *out, const char *text)
{
    put_text(out, str_of(text));
}

/* Lines that stay as they are, as those of --help. */
static void put_lines(struct buf *out, str text)
{
    buf_lit(out, ".nf\n");
    put_text(out, text);
    buf_lit(out, ".fi\n");
}

static void put_title(struct buf *out, const char *name, int section, const char *version, const char *what)
{
    buf_printf(out, ".\\\" Made by `quire man`; the tables of the program are where it comes from.\n");
    buf_printf(out, ".TH %s %d \"\" \"quire %s\" \"Quire\"\n.nh\n.ad l\n.SH NAME\n", name, section, version);
    buf_printf(out, "%s \\- %s\n", section == 1 ? "quire" : "quire.conf", what);
}

void manual_commands(struct buf *out, const struct command *list, const char *version, str without)
{
    put_title(out, "QUIRE", 1, version, "the backend of a publishing community");
    buf_lit(out, ".SH SYNOPSIS\n.B quire\n.I COMMAND\n.RI [ ARGUMENTS ]\n.br\n.B quire \\-\\-help\n.br\n"
                 ".B quire \\-\\-version\n.SH DESCRIPTION\n");
    put_c(out, "A web server hands requests to a pool of worker processes (quire serve) by FastCGI; each "
               "worker holds one "
               "connection to a MariaDB or MySQL database. Beside it quire work composes tweet threads and "
               "sends mails. "
               "The other commands are for those who run a site.\n");
    buf_lit(out, ".SH COMMANDS\n");
    for (const struct command *c = list; c->name != NULL; c++) {
        if (c->summary == NULL) {
            continue;
        }
        buf_lit(out, ".SS quire ");
        put_c(out, c->name);
        buf_char(out, '\n');
        put_lines(out, c->help == NULL ? without : str_of(c->help));
    }
    buf_lit(out, ".SH EXIT STATUS\n0 done, 1 failed, 2 wrong usage, 3 the answer is no.\n.SH ENVIRONMENT\n");
    put_c(out, "Every setting of quire.conf(5), QUIRE_CONF, the file that holds them, and POOL_NAME, whose "
               "POOL.conf beside "
               "that file is stronger than it. Without QUIRE_CONF settings come from .env.$APP_ENV and .env "
               "in the folder "
               "that the program is started in.\n");
    buf_lit(out, ".SH FILES\n.TP\n.I /etc/quire/quire.conf\n");
    put_c(out, "What the units for systemd name as QUIRE_CONF.\n");
    buf_lit(out, ".SH SEE ALSO\n.BR quire.conf (5),\n.BR nginx (8),\n.BR systemd.exec (5)\n");
}

static void put_setting(struct buf *out, const struct setting *s)
{
    buf_lit(out, ".TP\n.B ");
    put_c(out, s->name);
    buf_char(out, '\n');
    put_c(out, s->doc);
    buf_char(out, '\n');
    if (s->type != SETTING_TEXT) {
        str allowed = setting_allowed(out->arena, s);
        buf_lit(out, "Allowed: ");
        put_text(out, allowed);
        buf_lit(out, ".\n");
    }
    if (s->initial == NULL) {
        buf_lit(out, "Must be given.\n");
    } else if (*s->initial != '\0') {
        buf_lit(out, "Default: ");
        put_c(out, s->initial);
        buf_lit(out, ".\n");
    }
}

void manual_settings(struct buf *out, const char *version)
{
    put_title(out, "QUIRE.CONF", 5, version, "the settings of Quire");
    buf_lit(out, ".SH DESCRIPTION\n");
    put_c(out, "A line is NAME=value. Blank lines and those that begin with # say nothing; a # after a blank "
               "begins a "
               "comment. In single quotes everything is itself, but \\' and \\\\ stand for ' and \\; in "
               "double quotes \\n, "
               "\\r, \\t, \\\", \\', \\\\ and \\$ are read as such. Nothing is expanded. Of several lines "
               "with one name the "
               "last counts, and the environment is stronger than the file. The file holds secrets: nobody "
               "but root and "
               "the group quire should be able to read it. quire check-config says what is wrong with it, "
               "quire config "
               "what is in force.\n");
    buf_lit(out, ".SH SETTINGS\n");
    for (const struct setting *s = settings_table; s->name != NULL; s++) {
        if (s->group != NULL) {
            buf_lit(out, ".SS ");
            put_c(out, s->group);
            buf_char(out, '\n');
        }
        put_setting(out, s);
    }
    buf_lit(out, ".SH SEE ALSO\n.BR quire (1)\n");
}
