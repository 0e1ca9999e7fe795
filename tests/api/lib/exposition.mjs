// exposition: what /metrics says, read strictly: Prometheus's text format 0.0.4.
//
//     const seen = await scrape(site);
//     seen.value('quire_statements_total', { pool: 'web' });             // 0 when there is no such series
//     seen.sum('quire_requests_total', { route: '/posts' });             // of all series with these labels
import assert from 'node:assert/strict';

const LINE = /^([a-z_]+)(?:\{(.*)\})? (\d+(?:\.\d+)?)$/;

export class Exposition {
    constructor(text) {
        this.text = text;
        this.types = new Map();
        this.series = []; // { name, labels, value, key }
        assert.ok(text.endsWith('\n'), 'the last line has no end');
        for (const line of text.slice(0, -1).split('\n')) {
            const [, kind, name, rest] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
            if (kind === 'TYPE') {
                assert.ok(!this.types.has(name), `${name} has two types`);
                this.types.set(name, rest);
            } else if (kind === undefined) {
                this.#add(line);
            }
        }
        const keys = this.series.map(({ key }) => key);
        assert.equal(new Set(keys).size, keys.length, 'a series is given twice');
    }

    #add(line) {
        const [, name, inside = '', value] = LINE.exec(line) ?? assert.fail(`no line of a metric: ${line}`);
        const pairs = [...inside.matchAll(/([a-z]+)="([^"\\]*)"(?:,|$)/g)];
        assert.equal(pairs.map(([whole]) => whole).join(''), inside, line);
        const family = name.replace(/_(bucket|sum|count)$/, '');
        assert.ok(this.types.has(name) || this.types.get(family) === 'histogram', `no type: ${line}`);
        const labels = Object.fromEntries(pairs.map(([, label, text]) => [label, text]));
        this.series.push({ name, labels, value: Number(value), key: line.slice(0, line.lastIndexOf(' ')) });
    }

    /** The series of a name that have these labels, and maybe others. */
    all(name, labels = {}) {
        return this.series.filter((each) => each.name === name
            && Object.entries(labels).every(([label, text]) => each.labels[label] === text));
    }

    sum(name, labels) {
        return this.all(name, labels).reduce((total, { value }) => total + value, 0);
    }

    /** The one series with exactly these labels. */
    value(name, labels = {}) {
        const count = Object.keys(labels).length;
        const found = this.all(name, labels).filter((each) => Object.keys(each.labels).length === count);
        return found.length === 0 ? 0 : found[0].value;
    }
}

/** What a site's /metrics says now. */
export async function scrape(site) {
    const answer = await site.get('//metrics');
    assert.equal(answer.status, 200, answer.raw);
    assert.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
    assert.equal(answer.headers['cache-control'], 'no-store');
    const exposition = new Exposition(answer.raw);
    exposition.id = answer.headers['x-request-id'];
    await site.log.ofRequest(exposition.id);
    return exposition;
}
