# shellcheck shell=bash disable=SC2034 # its variables are for who sources it
# site.sh: a whole site of its own, for scripts/run and scripts/conformance (bash; to be sourced).
#
# A site is a folder: mysql/ (the database's files), env (secrets, mode 0600), log/, run/ (pid files, sockets, nginx's
# own files). Its parts are private: the database and the pool listen on unix sockets only.
#
#     site_open /path/to/folder          # folders, secrets, SITE_SOCKETS
#     site_start_database && site_migrate && site_start_pool && site_start_work && site_start_web && site_await_ready
#     site_wait                          # until a signal (0) or until a part died (1, SITE_DEAD says which)
#     site_stop                          # nginx, pools, work, database; each has ended when it returns
#
# Every function says what went wrong in a sentence on standard error and returns 1. The parts are told to end when
# this shell dies, however it dies (PR_SET_PDEATHSIG), so that nothing is left behind.

SITE_TREE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
SITE_BIN=${QUIRE_BIN:-$SITE_TREE/build/quire}
# nginx and mariadbd live where a plain user's PATH does not look.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

declare -A SITE_PID=() SITE_LOG=()
SITE_DEAD='' SITE_DATABASE_READY=''

site_complain() {
    printf 'quire: %s\n' "$*" >&2
    return 1
}

# n random bytes as hexadecimal digits.
site_random() {
    head -c "$1" /dev/urandom | od -An -v -tx1 | tr -d ' \n'
}

# Reads the secrets of the folder.
site_secrets() {
    SITE_DIR=$1
    SECRET_KEY=$(sed -n 's/^SECRET_KEY=//p' "$SITE_DIR/env")
    DB_PASSWORD=$(sed -n 's/^DB_PASSWORD=//p' "$SITE_DIR/env")
    [ -n "$SECRET_KEY" ] && [ -n "$DB_PASSWORD" ] ||
        site_complain "$SITE_DIR/env lacks SECRET_KEY or DB_PASSWORD; put them back, or remove $SITE_DIR to begin anew"
}

# The folders and the secrets; what exists is kept.
site_open() {
    SITE_DIR=$1
    mkdir -p "$SITE_DIR"/{mysql,log,run} && chmod 700 "$SITE_DIR/mysql" "$SITE_DIR/run" || return 1
    if [ ! -s "$SITE_DIR/env" ]; then
        (
            umask 077
            printf 'SECRET_KEY=%s\nDB_PASSWORD=%s\n' "$(site_random 32)" "$(site_random 16)" >"$SITE_DIR/env.new"
        ) && mv "$SITE_DIR/env.new" "$SITE_DIR/env" || return 1
    fi
    site_secrets "$SITE_DIR" || return 1

    # A unix socket's path holds 107 bytes; a deep tree has its sockets elsewhere.
    SITE_SOCKETS=$SITE_DIR/run
    if [ "$(printf %s "$SITE_SOCKETS/mysql.sock" | wc -c)" -gt 100 ]; then
        SITE_SOCKETS=$(mktemp -d /tmp/quire.XXXXXX) || return 1
    fi
}

# site_spawn NAME COMMAND...: starts a part in a session of its own, so that a Ctrl-C at the terminal reaches this
# shell alone, which then ends the parts in order. Descriptors 8 and 9 are the caller's own
# (scripts/run: its standard output, its lock).
site_spawn() {
    local name=$1 shell=$BASHPID
    shift
    SITE_LOG[$name]=$SITE_DIR/log/$name.log
    # shellcheck disable=SC2016 # the inner shell's words
    # The part asks whether this shell still lives once it will be told of its death, not before.
    setsid setpriv --pdeathsig TERM sh -c '[ "$PPID" = "$1" ] || exit 1; shift; exec "$@"' sh "$shell" "$@" \
        </dev/null >>"${SITE_LOG[$name]}" 2>&1 8>&- 9>&- &
    SITE_PID[$name]=$!
    echo "$!" >"$SITE_DIR/run/$name.pid"
}

site_alive() {
    kill -0 "${SITE_PID[$1]}" 2>/dev/null
}

# site_await NAME SECONDS COMMAND...: until the command succeeds; gives up when the part dies or the time is over.
site_await() {
    local name=$1 tries=$(($2 * 10))
    shift 2
    while ! "$@" >/dev/null 2>&1; do
        site_alive "$name" || { site_complain "$name ended at once; see ${SITE_LOG[$name]}"; return 1; }
        [ $((tries--)) -gt 0 ] || { site_complain "$name does not answer; see ${SITE_LOG[$name]}"; return 1; }
        sleep 0.1
    done
}

site_start_database() {
    local user=() init=$SITE_DIR/run/init.sql
    if [ "$(id -u)" -eq 0 ]; then
        user=(--user=root)
    fi
    # A server that starts deletes the temporary tables it finds, so its tmpdir is its own.
    # The marker comes last: a first start that was cut short is begun anew.
    if [ ! -e "$SITE_DIR/mysql/.complete" ]; then
        find "$SITE_DIR/mysql" -mindepth 1 -delete
        TMPDIR=$SITE_DIR/run mariadb-install-db --no-defaults "${user[@]}" --datadir="$SITE_DIR/mysql" --skip-test-db \
            --auth-root-authentication-method=socket >"$SITE_DIR/log/mariadb-install.log" 2>&1 ||
            site_complain "the database could not be made; see $SITE_DIR/log/mariadb-install.log" || return 1
        touch "$SITE_DIR/mysql/.complete"
    fi
    # Run by the server before it takes connections. The password is hexadecimal digits: nothing to escape.
    (
        umask 077
        cat >"$init" <<SQL
CREATE DATABASE IF NOT EXISTS quire CHARACTER SET utf8mb4;
CREATE USER IF NOT EXISTS quire@localhost;
ALTER USER quire@localhost IDENTIFIED BY '$DB_PASSWORD';
GRANT ALL PRIVILEGES ON quire.* TO quire@localhost;
GRANT ALL PRIVILEGES ON \`quire\_verify\`.* TO quire@localhost;
SQL
    ) || return 1
    site_end_leftover || return 1
    site_spawn mariadb mariadbd --no-defaults "${user[@]}" --datadir="$SITE_DIR/mysql" \
        --socket="$SITE_SOCKETS/mysql.sock" --pid-file="$SITE_DIR/run/mariadbd.pid" --init-file="$init" \
        --tmpdir="$SITE_DIR/run" \
        --skip-networking --skip-name-resolve --skip-log-bin --performance-schema=OFF --max-connections=100 \
        --innodb-buffer-pool-size=64M --innodb-log-file-size=32M --key-buffer-size=1M --aria-pagecache-buffer-size=8M
    site_await_database || return 1
    rm -f "$init"
}

site_await_database() {
    MYSQL_PWD=$DB_PASSWORD site_await mariadb 60 mariadb --no-defaults --socket="$SITE_SOCKETS/mysql.sock" --user=quire \
        --execute='SELECT 1' quire && SITE_DATABASE_READY=yes
}

# Ends a database server of this folder that an earlier shell left behind: killed in the midst of the server's start,
# which is when it does not hear a SIGTERM.
site_end_leftover() {
    local pid tick=0
    pid=$(cat "$SITE_DIR/run/mariadb.pid" 2>/dev/null) || return 0
    while grep -qzxF -e "--datadir=$SITE_DIR/mysql" "/proc/$pid/cmdline" 2>/dev/null; do
        case $((tick++)) in
            0) kill -s TERM "$pid" ;;
            100) kill -s KILL "$pid" ;;
            150) site_complain "a database server (process $pid) still works in $SITE_DIR/mysql"; return 1 ;;
        esac
        sleep 0.1
    done
}

# Runs the program with the site's settings; the caller's environment may add others, as BCRYPT_COST.
site_quire() {
    site_env "$SITE_BIN" "$@"
}

site_env() {
    DB_SOCKET=$SITE_SOCKETS/mysql.sock DB_USER=quire DB_PASSWORD=$DB_PASSWORD DB_NAME=quire SECRET_KEY=$SECRET_KEY \
        LISTEN=unix:$SITE_SOCKETS/quire.sock SITE_URL=${SITE_URL:-http://${QUIRE_LISTEN:-127.0.0.1:8080}} \
        MIGRATIONS_DIR=$SITE_TREE/migrations MEDIA_DIR=$SITE_DIR/media MAIL_DIR=$SITE_DIR/mail \
        MAIL_TEMPLATES=$SITE_TREE/mails METRICS_DIR=$SITE_DIR/run/metrics "$@"
}

site_migrate() {
    site_quire migrate up >"$SITE_DIR/log/migrate.log" 2>&1 ||
        site_complain "the migrations failed; see $SITE_DIR/log/migrate.log"
}

# Workers of the pool for short reads: nginx has to know how many sockets there are.
SITE_READERS=${READ_WORKERS:-$(($(nproc) * 2))}

# The pools for reads and writes and for short reads, and the one that hashes passwords, which gives way to them.
site_start_pool() {
    rm -f "$SITE_SOCKETS/quire.sock" "$SITE_SOCKETS/login.sock" "$SITE_SOCKETS"/read.sock.*
    site_env site_spawn pool "$SITE_BIN" serve
    site_env site_spawn read \
        env LISTEN="unix:$SITE_SOCKETS/read.sock" LISTEN_EACH=on POOL_NAME=read WORKERS="$SITE_READERS" "$SITE_BIN" serve
    site_env site_spawn login "$SITE_TREE/scripts/lib/yielding" \
        env LISTEN="unix:$SITE_SOCKETS/login.sock" POOL_NAME=login WORKERS="${LOGIN_WORKERS:-8}" "$SITE_BIN" serve
    site_await pool 30 test -S "$SITE_SOCKETS/quire.sock" && site_await login 30 test -S "$SITE_SOCKETS/login.sock" &&
        site_await read 30 test -S "$SITE_SOCKETS/read.sock.$SITE_READERS"
}

# The pool for requests that wait, and the processes that they wait for.
site_start_work() {
    rm -f "$SITE_SOCKETS/long.sock"
    site_env site_spawn long env LISTEN="unix:$SITE_SOCKETS/long.sock" POOL_NAME=long WORKERS="${LONG_WORKERS:-8}" "$SITE_BIN" serve
    site_env site_spawn work "$SITE_BIN" work
    site_await long 30 test -S "$SITE_SOCKETS/long.sock"
}

# nginx on QUIRE_LISTEN (host:port). Its own errors allow the origins that the pool allows.
site_start_web() {
    site_env env QUIRE_PROGRAM="$SITE_BIN" QUIRE_READ_SOCKET="$SITE_SOCKETS/read.sock" QUIRE_READ_WORKERS="$SITE_READERS" \
        QUIRE_SOCKET="$SITE_SOCKETS/quire.sock" QUIRE_LOGIN_SOCKET="$SITE_SOCKETS/login.sock" \
        QUIRE_LONG_SOCKET="$SITE_SOCKETS/long.sock" QUIRE_WEB_ROOT="$SITE_TREE/app/web" QUIRE_RUN_DIR="$SITE_DIR/run" \
        QUIRE_LOG_DIR="$SITE_DIR/log" QUIRE_LISTEN="$QUIRE_LISTEN" QUIRE_MEDIA_DIR="$SITE_DIR/media" \
        "$SITE_TREE/scripts/nginx-conf" >"$SITE_DIR/run/nginx.conf" || return 1
    site_spawn nginx nginx -e stderr -p "$SITE_DIR/run" -c "$SITE_DIR/run/nginx.conf" -g 'daemon off;'
    site_await nginx 10 curl -sf -o /dev/null "http://$QUIRE_LISTEN/"
}

site_await_ready() {
    site_await pool 60 curl -sf -o /dev/null "http://$QUIRE_LISTEN/health/ready"
}

# Waits until a part dies (returns 1; SITE_DEAD is its name). A trapped signal ends the wait as well (returns 0).
site_wait() {
    local name status
    wait -n "${SITE_PID[@]}"
    status=$?
    for name in "${!SITE_PID[@]}"; do
        if ! site_alive "$name"; then
            SITE_DEAD=$name
            return 1
        fi
    done
    [ "$status" -gt 128 ]
}

# Ends a part with a signal and waits for it; after the seconds given it is killed. The signal is sent again each
# second: a program that has only just begun may not have heard the first.
site_end() {
    local name=$1 signal=$2 limit=$(($3 * 10)) tick=0 pid=${SITE_PID[$1]:-}
    [ -n "$pid" ] || return 0
    unset "SITE_PID[$name]"
    while kill -0 "$pid" 2>/dev/null; do
        if [ "$tick" -eq "$limit" ]; then
            site_complain "$name did not end; killing it"
            signal=KILL
        fi
        if [ $((tick++ % 10)) -eq 0 ]; then
            kill -s "$signal" "$pid" 2>/dev/null
        fi
        sleep 0.1
    done
    rm -f "$SITE_DIR/run/$name.pid"
}

# In the order in which requests come: nobody loses an answer that is under way.
site_stop() {
    site_end nginx QUIT 10
    site_end long TERM 40
    site_end login TERM 40
    site_end read TERM 40
    site_end pool TERM 40
    site_end work TERM 40
    # A server that is still starting hears the signal, stops listening, and never ends: let it finish first.
    if [ -n "${SITE_PID[mariadb]:-}" ] && [ -z "$SITE_DATABASE_READY" ]; then
        site_await_database 2>/dev/null
    fi
    site_end mariadb TERM 60
    rm -f "$SITE_DIR/run/init.sql"
    if [ -n "${SITE_SOCKETS:-}" ] && [ "$SITE_SOCKETS" != "$SITE_DIR/run" ]; then
        rm -rf "$SITE_SOCKETS"
    fi
}
