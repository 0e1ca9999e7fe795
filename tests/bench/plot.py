"""plot: the figures of a comparison as a picture (SVG): for each endpoint a bar a program, its length the requests per CPU
second. Its colours are readable on light and on dark ground; its fonts are whatever the reader has."""
from statistics import median
from xml.sax.saxutils import escape

import table

WIDTH, MARGIN, NAMES, VALUES = 860, 24, 150, 190
BAR, STEP, HEAD = 15, 21, 34

_STYLE = '''
text { font-family: system-ui, sans-serif; font-size: 13px; fill: #24292f; }
.title { font-size: 18px; font-weight: 600; }
.group { font-weight: 600; }
.small { font-size: 11px; fill: #57606a; }
.ground { fill: #ffffff; }
.bar { fill: #8c959f; }
.quire { fill: #0969da; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .small { fill: #9da7b1; }
  .ground { fill: #0d1117; }
  .bar { fill: #6e7681; }
  .quire { fill: #4493f8; }
}
'''


def _text(x, y, words, kind='', anchor='start'):
    return (f'<text x="{x:.0f}" y="{y:.0f}"' + (f' class="{kind}"' if kind else '') +
            (f' text-anchor="{anchor}"' if anchor != 'start' else '') + f'>{escape(words)}</text>')


def _bar(y, room, most, name, title, results):
    """A name, a bar and a value, in the line whose top is y."""
    value = median(r['per_cpu_second'] for r in results[name])
    length = max(1, room * value / most)
    said = f'{value:,.0f}' if value >= 100 else f'{value:.1f}'
    if name != 'quire':
        times = median(table.ratios(results, name))
        said += f'   (Quire: {times:.2f} ×)' if times < 10 else f'   (Quire: {times:.1f} ×)'
    x = MARGIN + NAMES
    return [_text(x - 8, y + BAR - 3, title, anchor='end'),
            f'<rect x="{x}" y="{y}" width="{length:.1f}" height="{BAR}" rx="2" class="{"quire" if name == "quire" else "bar"}"/>',
            _text(x + length + 6, y + BAR - 3, said)]


def _lines(words, most):
    lines = ['']
    for word in words.split(' '):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append('')
        lines[-1] += (' ' if lines[-1] else '') + word
    return lines


def svg(figures):
    parts, y = [], MARGIN + 14
    parts.append(_text(MARGIN, y, 'Requests per CPU second of the whole system', 'title'))
    y += 20
    parts.append(_text(MARGIN, y, 'Application, nginx and MariaDB together; longer is better. Each group has a scale of its own.',
                       'small'))
    y += 10
    room = WIDTH - 2 * MARGIN - NAMES - VALUES
    for endpoint, results in figures['endpoints'].items():
        y += HEAD - 6
        parts.append(_text(MARGIN, y, table.ENDPOINTS[endpoint], 'group'))
        y += 8
        most = max(median(r['per_cpu_second'] for r in rounds) for rounds in results.values())
        for name in results:
            parts += _bar(y, room, most, name, figures['programs'][name]['title'], results)
            y += STEP
    y += 18
    for line in [*_lines(table.circumstances(figures), 130), figures['command']]:
        parts.append(_text(MARGIN, y, line, 'small'))
        y += 15
    height = y + MARGIN - 15
    return '\n'.join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img">',
        '<title>Requests per CPU second of the whole system</title>', f'<style>{_STYLE}</style>',
        f'<rect width="{WIDTH}" height="{height}" class="ground"/>', *parts, '</svg>', ''])
