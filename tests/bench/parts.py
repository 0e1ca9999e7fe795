"""parts: what a benchmark runs: a database, web servers, pools of workers; and what they have cost.

Each part is a child of this process in a session of its own, works in a folder that its maker gives, listens on unix
sockets or loopback, and is told to end when this process dies, however it dies. Times are read from /proc.

    database = Database(folder, flush=2, buffer_pool='1G')
    pool = Part('quire', ['build/quire', 'serve'], folder / 'quire.out', env)
    before = pool.cpu_ms()
    ...
    Part.stop_all()
"""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

TREE = pathlib.Path(__file__).resolve().parent.parent.parent
# nginx and mariadbd live where a plain user's PATH does not look.
os.environ['PATH'] += ':/usr/local/sbin:/usr/sbin:/sbin'
MS_PER_TICK = 1000 / os.sysconf('SC_CLK_TCK')


class Failure(Exception):
    """What went wrong, in a sentence for the person who started the benchmark."""


def await_true(what, seconds, test, part=None):
    """Waits until test() is true; fails after so many seconds, or when the part has ended."""
    until = time.monotonic() + seconds
    while not test():
        if part is not None and part.process.poll() is not None:
            raise Failure(f'{part.name} ended at once; its last words:\n{part.tail()}')
        if time.monotonic() > until:
            raise Failure(f'{what} did not happen within {seconds} s' + (f'\n{part.tail()}' if part else ''))
        time.sleep(0.05)


def _ticks(pid):
    """User and system time of a process and of its children that have ended, in clock ticks."""
    try:
        text = pathlib.Path(f'/proc/{pid}/stat').read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(field) for field in text[text.rindex(')') + 2:].split()[11:15])


def _name(pid):
    """What the kernel calls a process; empty when it is gone."""
    try:
        return pathlib.Path(f'/proc/{pid}/comm').read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ''


def yielding(*command):
    """A command whose processes let others go first."""
    return [TREE / 'scripts/lib/yielding', *command]


class Part:
    """A child process and what it writes."""

    all = []

    def __init__(self, name, command, log, env=None):
        self.name = name
        self.log = log
        with open(log, 'ab') as output:
            self.process = subprocess.Popen(['setpriv', '--pdeathsig', 'TERM', *map(str, command)],
                                            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                            start_new_session=True, env={**os.environ, **(env or {})})
        Part.all.append(self)

    def tail(self):
        return self.log.read_text(errors='replace')[-2000:]

    def children(self):
        pid = self.process.pid
        return [int(child) for child in pathlib.Path(f'/proc/{pid}/task/{pid}/children').read_text().split()]

    def workers(self):
        """The children but for those from which others are forked."""
        return [pid for pid in self.children() if _name(pid) != 'quire-zygote']

    def cpu_ms(self):
        """Processor time of the process and all its children, those that have ended included."""
        return MS_PER_TICK * sum(_ticks(pid) for pid in [self.process.pid, *self.children()])

    def memory_kib(self, whole=False):
        """For each worker (of the whole part: for each process): its proportional share of memory and what it has for itself, in
        KiB, and whether it is a worker."""
        result = []
        workers = self.workers()
        for pid in {*workers, *self.children(), self.process.pid} if whole else workers:
            try:
                lines = pathlib.Path(f'/proc/{pid}/smaps_rollup').read_text().splitlines()[1:]
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has just been replaced
            sizes = {line.split(':')[0]: int(line.split()[1]) for line in lines}
            result.append({'pss': sizes['Pss'], 'private': sizes['Private_Clean'] + sizes['Private_Dirty'], 'worker': pid in workers})
        return result

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    @staticmethod
    def stop_all():
        """The newest first: nobody loses what it works with."""
        while Part.all:
            Part.all.pop().stop()


class Database:
    """A MariaDB of its own in folder/data, with a database and an account `quire`."""

    PASSWORD = 'bench'

    def __init__(self, folder, flush, buffer_pool):
        self.socket = folder / 'db.sock'
        as_root = ['--user=root'] if os.geteuid() == 0 else []
        made = subprocess.run(['mariadb-install-db', '--no-defaults', *as_root, f'--datadir={folder}/data',
                               '--skip-test-db', '--auth-root-authentication-method=normal'],
                              capture_output=True, text=True)
        if made.returncode != 0:
            raise Failure(f'mariadb-install-db failed:\n{made.stdout}{made.stderr}')
        # Servers that share a folder of temporary files remove each other's.
        (folder / 'tmp').mkdir()
        init = folder / 'init.sql'
        init.write_text("CREATE DATABASE quire CHARACTER SET utf8mb4;\n"
                        f"CREATE USER quire@localhost IDENTIFIED BY '{self.PASSWORD}';\n"
                        "GRANT ALL PRIVILEGES ON quire.* TO quire@localhost;\n")
        self.part = Part('mariadb', ['mariadbd', '--no-defaults', *as_root, f'--datadir={folder}/data',
                                     f'--socket={self.socket}', f'--pid-file={folder}/db.pid',
                                     f'--tmpdir={folder}/tmp', f'--init-file={init}', '--skip-networking',
                                     '--skip-name-resolve', '--skip-log-bin', '--performance-schema=OFF',
                                     '--max-connections=200', f'--innodb-buffer-pool-size={buffer_pool}',
                                     '--innodb-log-file-size=1G', f'--innodb-flush-log-at-trx-commit={flush}'],
                         folder / 'mariadb.out')
        await_true('the start of MariaDB', 60, lambda: self._client('SELECT 1').returncode == 0, self.part)

    def _client(self, sql, user='quire'):
        return subprocess.run(['mariadb', '--no-defaults', f'--socket={self.socket}', f'--user={user}',
                               '--skip-column-names', '--batch', 'quire'], input=sql, capture_output=True, text=True,
                              errors='replace',  # the log of statements shows what is no text, too
                              env={**os.environ, 'MYSQL_PWD': self.PASSWORD if user == 'quire' else ''})

    def query(self, sql, user='quire'):
        """Runs statements; the rows of all of them, as lists of texts."""
        done = self._client(sql, user)
        if done.returncode != 0:
            raise Failure(f'the database refused a statement: {done.stderr}')
        return [line.split('\t') for line in done.stdout.splitlines()]

    def number(self, sql):
        return int(self.query(sql)[0][0])

    def statements_of(self, work):
        """What programs have asked of the database while work() ran, in order, with a ? for each value."""
        self.query("SET GLOBAL log_output = 'TABLE'; TRUNCATE TABLE mysql.general_log; SET GLOBAL general_log = ON", 'root')
        work()
        lines = self.query("SET GLOBAL general_log = OFF; SELECT argument FROM mysql.general_log WHERE user_host LIKE "
                           "'quire%' AND command_type IN ('Execute', 'Query') AND argument NOT LIKE 'SET %' "
                           "ORDER BY event_time", 'root')
        return [re.sub(r"(TIMESTAMP)?'([^'\\]|\\.)*'|\b\d+\b", '?', line[0]) for line in lines]

    def environment(self):
        """The settings by which a program finds it."""
        return {'DB_SOCKET': str(self.socket), 'DB_USER': 'quire', 'DB_PASSWORD': self.PASSWORD, 'DB_NAME': 'quire'}

    def cpu_ms(self):
        return self.part.cpu_ms()


def web_server(name, folder, port, pool_socket, change=lambda text: text, under=(), **settings):
    """nginx by nginx.conf.example, in front of a pool, with settings for scripts/nginx-conf. Limits and cache are off. What
    is no FastCGI pool of ours changes the text of the configuration first. `under` is a command that runs it."""
    own = folder / f'nginx-{name}'
    own.mkdir()
    env = {**os.environ, 'QUIRE_SOCKET': str(pool_socket), 'QUIRE_WEB_ROOT': str(TREE / 'app/web'),
           'QUIRE_RUN_DIR': str(own), 'QUIRE_LISTEN': f'127.0.0.1:{port}', 'QUIRE_CACHE': 'off', 'QUIRE_LOGIN_RATE': 'off',
           'QUIRE_REGISTER_RATE': 'off', 'QUIRE_REFRESH_RATE': 'off', 'QUIRE_MAIL_RATE': 'off', 'QUIRE_GENERATE_RATE': 'off',
           **{name: str(value) for name, value in settings.items()}}
    filled = subprocess.run([TREE / 'scripts/nginx-conf'], capture_output=True, text=True, env=env)
    if filled.returncode != 0:
        raise Failure(f'scripts/nginx-conf failed: {filled.stderr}')
    (own / 'nginx.conf').write_text(change(filled.stdout))
    command = [*under, 'nginx', '-e', 'stderr', '-p', own, '-c', own / 'nginx.conf', '-g', 'daemon off;']
    part = Part(f'nginx of {name}', command, own / 'out')
    await_true(f'the start of nginx for {name}', 20, lambda: (own / 'nginx.pid').exists() and part.children(), part)
    return part


def need_programs(*names):
    missing = [name for name in names if shutil.which(name) is None]
    if missing:
        raise Failure(f'these programs are missing: {", ".join(missing)} (scripts/deps run bench installs them)')
