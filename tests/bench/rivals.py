"""rivals: the same four endpoints in other stacks (tests/bench/rivals), each in its usual production form, behind nginx with
quire's own configuration, in which only the passing on differs.

A Rival is used as a Program is (program.py): it has a name, a port and a pool, start() and cpu_ms(). `usual` is how many
processes it has; docs/benchmarks.md tells why.
"""
import getpass
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess

import answers
import data
from parts import TREE, Failure, Part, await_true, web_server
from program import environment

HERE = pathlib.Path(__file__).resolve().parent / 'rivals'
PROCESSORS = len(data.processors())
# What Debian packages belongs to this one, whatever else a PATH may have.
PYTHON = '/usr/bin/python3'
# Connections that nginx keeps to those who speak HTTP: one for each of wrk's.
KEPT = 16

_PHP_FPM = '''[global]
error_log = /proc/self/fd/2
daemonize = no
[quire]
user = {user}
listen = {socket}
listen.backlog = 1024
pm = static
pm.max_children = {processes}
clear_env = no
'''


def _over_http(rival):
    """nginx speaks HTTP to it, on connections that are kept."""
    def change(text):
        text, upstreams = re.subn(r'(upstream quire \{\n)[^}]*\}',
                                  rf'\g<1>        server "unix:{rival.socket}";\n        keepalive {KEPT};\n    }}', text)
        text, passes = re.subn(r'fastcgi_pass \$?\w+;', 'proxy_pass http://quire;', text)
        text, places = re.subn(r'\n( *)client_max_body_size 1048576;', r'''
\1client_max_body_size 1048576;
\1proxy_http_version 1.1;
\1proxy_set_header Connection "";
\1proxy_set_header Host $http_host;
\1proxy_set_header X-Real-IP $remote_addr;
\1proxy_set_header X-Request-ID $quire_request_id;
\1proxy_buffer_size 16k;
\1proxy_buffers 40 16k;
\1proxy_busy_buffers_size 32k;''', text)
        if (upstreams, places) != (1, 1) or passes < 2:
            raise Failure('nginx.conf.example is no longer what tests/bench/rivals.py takes it for')
        return text
    return change


def _to_php(text):
    """nginx speaks FastCGI to it, on a connection a request and with the parameters of CGI, as usual."""
    text, places = re.subn(r'\n( *)(fastcgi_param REQUEST_SCHEME .*)', rf'''
\1\2
\1fastcgi_param SCRIPT_FILENAME "{HERE}/php/index.php";
\1fastcgi_param SCRIPT_NAME /index.php;
\1fastcgi_param GATEWAY_INTERFACE CGI/1.1;
\1fastcgi_param QUERY_STRING $query_string;
\1fastcgi_param HTTPS $https if_not_empty;
\1fastcgi_param SERVER_PROTOCOL $server_protocol;
\1fastcgi_param SERVER_NAME $server_name;
\1fastcgi_param SERVER_ADDR $server_addr;
\1fastcgi_param SERVER_PORT $server_port;''', text)
    text, kept = re.subn('fastcgi_keep_conn on;', 'fastcgi_keep_conn off;', text)
    if (places, kept) != (1, 1):
        raise Failure('nginx.conf.example is no longer what tests/bench/rivals.py takes it for')
    return text


def _output(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        raise Failure(f'{command[0]} does not run (scripts/deps rivals installs what the rivals need)')


class Rival:
    """Processes of another stack, and a web server before them."""

    name = None
    change = None

    def __init__(self, folder, processes=None):
        with socket.socket() as s:
            s.bind(('127.0.0.1', 0))
            self.port = s.getsockname()[1]
        self.folder = folder
        self.processes = processes or self.usual
        self.socket = folder / f'{self.name}.sock'
        self.pool = None
        self.prepare()
        self.web = web_server(self.name, folder, self.port, self.socket, change=self.changed())

    def changed(self):
        return _over_http(self)

    def prepare(self):
        """What is to be built or written first."""

    def start(self, database, _cost=None):
        """The processes, new ones. What bcrypt costs is what the stored hash says."""
        if self.pool is not None:
            self.pool.stop()
        self.socket.unlink(missing_ok=True)
        self.pool = Part(self.name, self.command(), self.folder / f'{self.name}.out', self.environment(database))
        await_true(f'the start of {self.name}', 60, lambda: self.socket.exists() and answers.is_up(self.port), self.pool)

    def environment(self, database):
        return environment(database)

    def memory_kib(self, whole=False):
        return self.pool.memory_kib(whole)

    def cpu_ms(self):
        return {'nginx': self.web.cpu_ms(), 'workers': self.pool.cpu_ms()}


class Php(Rival):
    name = 'php'
    title = 'PHP-FPM, PDO'
    usual = 4 * PROCESSORS

    def changed(self):
        return _to_php

    def prepare(self):
        (self.folder / 'php-fpm.conf').write_text(
            _PHP_FPM.format(user=getpass.getuser(), socket=self.socket, processes=self.processes))

    def command(self):
        as_root = ['--allow-to-run-as-root'] if os.geteuid() == 0 else []
        return ['php-fpm8.2', *as_root, '--fpm-config', self.folder / 'php-fpm.conf', '--define', 'opcache.enable=1',
                '--define', 'opcache.validate_timestamps=0']

    def version(self):
        return re.match(r'PHP ([0-9.]+)', _output('php-fpm8.2', '--version'))[0] + ', opcache'


class FastApi(Rival):
    name = 'fastapi'
    title = 'FastAPI, SQLAlchemy'
    usual = PROCESSORS

    def command(self):
        return [PYTHON, '-m', 'gunicorn', '--worker-class', 'uvicorn.workers.UvicornWorker', '--workers', self.processes,
                '--bind', f'unix:{self.socket}', '--worker-tmp-dir', self.folder, '--log-level', 'warning', 'server:app']

    def environment(self, database):
        return {**super().environment(database), 'PYTHONPATH': str(HERE / 'fastapi'), 'PYTHONDONTWRITEBYTECODE': '1'}

    def version(self):
        return _output(PYTHON, '-c', 'import fastapi, sqlalchemy, sys; print("Python", sys.version.split()[0] + ", FastAPI", '
                       'fastapi.__version__ + ", SQLAlchemy", sqlalchemy.__version__)')


class Fastify(Rival):
    name = 'fastify'
    title = 'Fastify, mysql2'
    usual = PROCESSORS

    def prepare(self):
        if not (HERE / 'fastify/node_modules/fastify').exists():
            raise Failure('tests/bench/rivals/fastify/node_modules is missing (scripts/deps rivals installs it)')

    def command(self):
        return ['node', HERE / 'fastify/server.js', self.socket, self.processes]

    def environment(self, database):
        return {**super().environment(database), 'NODE_ENV': 'production'}

    def version(self):
        installed = json.loads((HERE / 'fastify/node_modules/fastify/package.json').read_text())['version']
        return f'Node {_output("node", "--version")[1:]}, Fastify {installed}'


class Go(Rival):
    """One process, with as many threads as there are processors."""

    name = 'go'
    title = 'Go, net/http'
    usual = 1

    def prepare(self):
        """With Debian's sources, not with modules from the network."""
        done = subprocess.run(['go', 'build', '-o', self.folder / 'go-server', '.'], cwd=HERE / 'go', capture_output=True,
                              text=True, env={**os.environ, 'GO111MODULE': 'off', 'GOPATH': '/usr/share/gocode', 'GOFLAGS': '',
                                              'GOCACHE': str(TREE / 'build/go-cache')})
        if done.returncode != 0:
            raise Failure(f'go build failed:\n{done.stderr}')

    def command(self):
        return [self.folder / 'go-server', self.socket]

    def version(self):
        return re.search(r'go([0-9.]+)', _output('go', 'version'))[0].replace('go', 'Go ')


RIVALS = {rival.name: rival for rival in (Php, FastApi, Fastify, Go)}


def need_rivals(names):
    """Fails at once, before anything is started, when something is not installed."""
    wanted = {'php': 'php-fpm8.2', 'fastapi': PYTHON, 'fastify': 'node', 'go': 'go'}
    missing = [wanted[name] for name in names if name in wanted and shutil.which(wanted[name]) is None]
    if missing:
        raise Failure(f'these programs are missing: {", ".join(missing)} (scripts/deps rivals installs them)')
