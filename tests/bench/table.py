"""table: the figures of a comparison as Markdown."""
from statistics import median

from parts import Failure
from report import cpu_per_request, number, table

ENDPOINTS = {'one': 'one post', 'list': 'list of ten', 'create': 'create a post', 'login': 'log in, bcrypt 12'}
# How many times as many requests per CPU second as a rival quire is to serve at least.
AIMS = {
    'one': {'fastapi': 11, 'php': 2.3, 'fastify': 1.9, 'go': 1.4},
    'list': {'fastapi': 6, 'php': 1.35, 'fastify': 1.6, 'go': 1.3},
    'create': {'fastapi': 11, 'php': 1.8, 'fastify': 1.9, 'go': 1.35},
}
BEGIN = '<!-- comparison: written by `tests/bench/compare --write` -->\n'
END = '<!-- end of the comparison -->\n'


def middle(rounds, key):
    return median(r[key] for r in rounds)


def ratios(results, name):
    """Round by round, how many times as many requests per CPU second quire served."""
    return [q['per_cpu_second'] / r['per_cpu_second'] for q, r in zip(results['quire'], results[name])]


def _row(figures, endpoint, name, rounds):
    results, program = figures['endpoints'][endpoint], figures['programs'][name]
    cpu = ' / '.join(number(cpu_per_request(rounds, group)) for group in ('workers', 'nginx', 'mariadb'))
    row = [program['title'], number(middle(rounds, 'per_cpu_second')), cpu, number(middle(rounds, 'rate')),
           number(middle(rounds, 'p99')), str(program['statements'][endpoint])]
    if name == 'quire':
        return [*row, '', '']
    r = ratios(results, name)
    aim = AIMS.get(endpoint, {}).get(name)
    return [*row, f'{median(r):.2f} ({min(r):.2f}–{max(r):.2f})', '' if aim is None else f'{aim:g}']


def _endpoint(figures, endpoint):
    head = [ENDPOINTS[endpoint], 'requests per CPU second', 'CPU µs a request: application / nginx / database', 'requests/s',
            'p99 ms', 'statements', 'Quire per CPU second, times: median (min–max)', 'aim']
    return table(head, [_row(figures, endpoint, name, rounds) for name, rounds in figures['endpoints'][endpoint].items()])


def _memory(figures):
    rows = []
    for program in figures['programs'].values():
        sizes = program['memory_kib']
        workers = [each for each in sizes if each['worker']] or sizes  # a program of one process has none
        rows.append([program['title'], str(len(sizes)), f'{sum(s["pss"] for s in sizes) / 1024:.1f}',
                     f'{sum(s["private"] for s in sizes) / 1024:.1f}',
                     f'{median(s["private"] for s in workers) / 1024:.1f}', program['version']])
    return table(['', 'processes', 'PSS of all, MiB', 'private of all, MiB', 'private of one worker, MiB', 'version'], rows)


def circumstances(figures):
    """One line: where, when, how."""
    machine, o = figures['machine'], figures['options']
    return (f'{figures["date"]}; {machine["processors"]} processors ({machine["processor"]}), MariaDB {machine["mariadb"]}, '
            f'{o["posts"]:,} posts, {o["connections"]} connections (2 for log-ins), {o["rounds"]} rounds of {o["seconds"]} s')


def markdown(figures):
    return '\n\n'.join([f'`{figures["command"]}`, {circumstances(figures)}.',
                        *(_endpoint(figures, endpoint) for endpoint in figures['endpoints']), _memory(figures)])


def put_into(path, text):
    """Replaces what stands between the marks of a document."""
    whole = path.read_text()
    if whole.count(BEGIN) != 1 or whole.count(END) != 1 or whole.index(BEGIN) > whole.index(END):
        raise Failure(f'{path} has not the two marks between which the figures go')
    before, rest = whole.split(BEGIN)
    path.write_text(f'{before}{BEGIN}\n{text}\n\n{END}{rest.split(END)[1]}')
