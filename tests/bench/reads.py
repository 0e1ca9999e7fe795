"""reads: the same GET again and again, by wrk.

    rate, p50, p99 = reads(port, '/api/v1/posts/1', connections=4, seconds=5)       # a second, microseconds
"""
import math
import re
import subprocess

from parts import Failure

UNITS = {'us': 1, 'ms': 1000, 's': 1_000_000}


def reads(port, path, connections, seconds, *headers):
    """One run, with these header lines: requests a second, and the 50th and 99th percentile of latency in microseconds, without
    end where none was answered. No request may fail."""
    done = subprocess.run(['wrk', '-t', '1', '-c', str(connections), '-d', f'{seconds}s', '--latency',
                           *(part for header in headers for part in ('-H', header)),
                           f'http://127.0.0.1:{port}{path}'], capture_output=True, text=True)
    if done.returncode != 0 or re.search('Non-2xx|Socket errors', done.stdout):
        raise Failure(f'wrk failed at {path}: {done.stdout}{done.stderr}')
    rate = float(re.search(r'Requests/sec:\s+([\d.]+)', done.stdout)[1])
    if rate == 0:
        return 0, math.inf, math.inf
    found = {which: float(number) * UNITS[unit]
             for which, number, unit in re.findall(r'(50|99)%\s+([\d.]+)(us|ms|s)', done.stdout)}
    return rate, found['50'], found['99']
