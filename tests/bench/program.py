"""program: what is measured: a pool of workers behind a web server of its own."""
import os
import socket
import subprocess

import answers
from parts import TREE, Failure, Part, await_true, web_server

SECRET_KEY = 'b' * 64
# One client here is a thousand people. The twin has no limits.
UNLIMITED = {'LOGIN_FAILURES': '0', **{f'LIMIT_{name}': 'off' for name in (
    'LOGIN', 'LOGIN_ACCOUNT', 'REGISTER', 'REFRESH', 'MAIL', 'MAIL_ACCOUNT', 'GENERATE', 'GENERATE_ADDRESS', 'CREATE')}}


def environment(database):
    return {**database.environment(), **UNLIMITED, 'SECRET_KEY': SECRET_KEY, 'APP_ENV': 'test',
            'MIGRATIONS_DIR': str(TREE / 'migrations')}


def command(binary, database, folder, *arguments):
    """Runs a command of quire to its end."""
    done = subprocess.run([binary, *arguments], cwd=folder, env=environment(database), capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f'quire {arguments[0]} failed: {done.stderr}')


def migrate(binary, database, folder):
    command(binary, database, folder, 'migrate', 'up')


# Quire keeps one processor free of hashes by itself; whom it is compared with does not.
HASHES_EVERYWHERE = {'BCRYPT_CONCURRENCY': str(os.cpu_count())}


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class Program:
    """quire or the twin: workers, and a web server before them, with settings for scripts/nginx-conf. With readers, so many
    workers more are a pool for short reads, as in `make run`. `under` gives for the name of a part the command that runs it."""

    def __init__(self, name, binary, folder, workers, readers=0, under=lambda part: (), **web):
        self.port = free_port()
        self.name, self.binary, self.folder, self.workers = name, binary, folder, workers
        self.socket = folder / f'{name}.sock'
        self.pool = None
        self.readers = readers
        self.read_pool = None
        self.read_socket = folder / f'{name}-read.sock'
        if readers:
            web = {'QUIRE_READ_SOCKET': self.read_socket, 'QUIRE_READ_WORKERS': readers, **web}
        self.under = under
        self.web = web_server(name, folder, self.port, self.socket, under=under('nginx'), **web)

    def start(self, database, cost, **settings):
        """The workers, new ones, with settings over those below. BCRYPT_COST is for quire: the twin only checks, and the stored hash says the cost."""
        for pool in self.pools():
            pool.stop()
        self.socket.unlink(missing_ok=True)
        env = {**environment(database), 'BCRYPT_COST': str(cost), 'WORKERS': str(self.workers),
               'LISTEN': f'unix:{self.socket}', 'LOG_FILE': str(self.folder / f'{self.name}.log'), **settings}
        arguments = [self.socket, self.workers] if self.binary.name == 'twin' else ['serve']
        command = [*self.under('workers'), self.binary, *arguments]
        self.pool = Part(self.name, command, self.folder / f'{self.name}.out', env)
        if self.readers:
            self.read_pool = self._start_readers(command, env)
        await_true(f'the start of {self.name}', 20, lambda: self.socket.exists() and answers.is_up(self.port),
                   self.pool)

    def _start_readers(self, command, env):
        own = {'LISTEN': f'unix:{self.read_socket}', 'LISTEN_EACH': 'on', 'POOL_NAME': 'read', 'WORKERS': str(self.readers)}
        pool = Part(f'readers of {self.name}', command, self.folder / f'{self.name}-read.out', {**env, **own})
        last = self.folder / f'{self.read_socket.name}.{self.readers}'
        await_true(f'the start of the readers of {self.name}', 20, last.exists, pool)
        return pool

    def memory_kib(self, whole=False):
        return [each for pool in self.pools() for each in pool.memory_kib(whole)]

    def pools(self):
        return [pool for pool in (self.pool, self.read_pool) if pool is not None]

    def cpu_ms(self):
        return {'nginx': self.web.cpu_ms(), 'workers': sum(pool.cpu_ms() for pool in self.pools())}
