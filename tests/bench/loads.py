"""loads: one run of wrk against a program, what it saw and what it cost."""
import json
import pathlib
import re
import subprocess
import sys
import time

import data
from parts import Failure

HERE = pathlib.Path(__file__).resolve().parent
# Two connections are as many log-ins as two processors can hash at once.
LOGIN_CONNECTIONS = 2


def _settle(program):
    """Log-ins under way when wrk left are written too: waits until the workers do nothing, 20 s at most."""
    until = time.monotonic() + 20
    busy = True
    while busy and time.monotonic() < until:
        before = program.cpu_ms()['workers']
        time.sleep(0.6)
        busy = program.cpu_ms()['workers'] - before > 20


def load(program, database, endpoint, seconds, connections, seed, posts, tokens):
    """For so many seconds; seed chooses the posts and people that are asked for, tokens is a file of them. The result:
    requests, rate (a second), seconds, p50 and p99 (ms), errors, and cpu_ms of nginx, workers and mariadb."""
    if endpoint.startswith('login'):
        connections = LOGIN_CONNECTIONS
    rows = data.count_written(database, endpoint)
    before = {**program.cpu_ms(), 'mariadb': database.cpu_ms()}
    done = subprocess.run(['wrk', '-t', '1', '-c', str(connections), '-d', f'{seconds}s', '--timeout', '10s',
                           '-s', str(HERE / 'load.lua'), f'http://127.0.0.1:{program.port}', '--',
                           endpoint.rstrip('0123456789'), str(seed), str(posts), str(data.USERS), data.PASSWORD,
                           str(tokens)], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f'wrk failed: {done.stdout}{done.stderr}')
    if endpoint.startswith('login'):
        _settle(program)
    result = json.loads(re.search(r'^\{.*\}$', done.stdout, re.M)[0])
    after = {**program.cpu_ms(), 'mariadb': database.cpu_ms()}
    result['rate'] = result['requests'] / result['seconds']
    result['cpu_ms'] = {group: after[group] - before[group] for group in before}
    # What was answered must be there; the last request of each connection may have been cut off.
    written = data.count_written(database, endpoint) - rows
    if data.writes(endpoint) and not result['requests'] <= written <= result['requests'] + connections:
        result['errors'] += 1
        print(f'bench: {program.name} answered {result["requests"]} times and wrote {written} rows', file=sys.stderr)
    return result
