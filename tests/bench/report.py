"""report: the figures of a benchmark as Markdown."""
from statistics import median

ENDPOINTS = {
    'one': 'one post (`GET /posts/{id}`)',
    'list': 'list of ten (`GET /posts?limit=10`)',
    'create': 'create a post (`POST /posts`)',
    'login': 'log in (`POST /login`, bcrypt 12)',
    'login4': 'log in, bcrypt 4',
}


def table(head, rows):
    lines = [head, ['---'] + ['--:'] * (len(head) - 1), *rows]
    return '\n'.join('| ' + ' | '.join(line) + ' |' for line in lines)


def number(value):
    return f'{value:,.0f}' if value >= 100 else f'{value:.1f}' if value >= 10 else f'{value:.2f}'


def cpu_per_request(rounds, group):
    """Microseconds a request, which is milliseconds for a thousand."""
    return 1000 * sum(r['cpu_ms'][group] for r in rounds) / sum(r['requests'] for r in rounds)


def ratios(results):
    return [q['rate'] / t['rate'] for q, t in zip(results['quire'], results['twin'])]


def errors(figures):
    return sum(r['errors'] for results in figures['endpoints'].values() for rounds in results.values() for r in rounds)


def _row(endpoint, name, rounds):
    rates = [r['rate'] for r in rounds]
    return [ENDPOINTS[endpoint], name, f'{number(median(rates))} ({number(min(rates))}–{number(max(rates))})',
            number(median(r['p50'] for r in rounds)), number(median(r['p99'] for r in rounds)),
            *(number(cpu_per_request(rounds, group)) for group in ('nginx', 'workers', 'mariadb')),
            str(sum(r['errors'] for r in rounds))]


def cpu_ratios(results):
    """Pair by pair, what a request of quire costs in all three groups, as a part of what one of the twin costs."""
    def cost(r):
        return sum(r['cpu_ms'].values()) / r['requests']
    return [cost(q) / cost(t) for q, t in zip(results['quire'], results['twin'])]


def _ratio_row(endpoint, results):
    r = ratios(results)
    more = cpu_per_request(results['quire'], 'workers') - cpu_per_request(results['twin'], 'workers')
    return [ENDPOINTS[endpoint], f'{median(r):.3f}', f'{min(r):.3f}–{max(r):.3f}', f'{(1 - median(r)) * 100:+.1f} %',
            f'{median(cpu_ratios(results)):.3f}', f'{more:+,.1f}']


def _memory_row(figures, name):
    workers = [w for programs in figures['memory_kib'].values() for w in programs[name]]
    mib = {kind: [w[kind] / 1024 for w in workers] for kind in ('pss', 'private')}
    return [name, *(f'{median(mib[kind]):.2f} ({max(mib[kind]):.2f})' for kind in ('pss', 'private'))]


def markdown(figures):
    o, machine = figures['options'], figures['machine']
    return '\n'.join([
        f'{machine["processors"]} processors ({machine["processor"]}), Linux {machine["kernel"]}, '
        f'MariaDB {machine["mariadb"]}, innodb_flush_log_at_trx_commit={o["flush"]}; {o["posts"]:,} posts; '
        f'{o["workers"]} workers; {o["connections"]} connections, 2 for log-ins; '
        f'{o["rounds"]} rounds of {o["seconds"]} s.', '',
        table(['endpoint', 'program', 'requests/s: median (min–max)', 'p50 ms', 'p99 ms', 'nginx', 'workers', 'MariaDB',
                'errors'],
               [_row(endpoint, name, rounds) for endpoint, results in figures['endpoints'].items()
                for name, rounds in results.items()]),
        '', 'nginx, workers, MariaDB: milliseconds of processor time for 1,000 requests.', '',
        table(['endpoint', 'requests/s, quire / twin, pair by pair: median', 'min–max', 'the engine costs',
                'processor time, quire / twin', 'ms more in workers'],
               [_ratio_row(e, results) for e, results in figures['endpoints'].items()]),
        '',
        table(['one worker, after the loads', 'PSS MiB: median (most)', 'private MiB: median (most)'],
               [_memory_row(figures, name) for name in ('quire', 'twin')]),
    ])
