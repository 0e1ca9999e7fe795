// What ships for Prometheus and Grafana: promtool takes it, and it asks only for what /metrics gives.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scrape } from './lib/exposition.mjs';
import { folder, mustRun, root, run } from './lib/processes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const conf = (name) => join(root, 'conf', name);
const dashboard = JSON.parse(readFileSync(conf('grafana-dashboard.json'), 'utf8'));
const expressions = dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })));
const names = (text) => [...text.matchAll(/\bquire_[a-z_]+/g)].map(([name]) => name);

test('promtool takes the configuration and the rules', async () => {
    await mustRun('promtool', ['check', 'config', conf('prometheus.yml')]);
    assert.match(await mustRun('promtool', ['check', 'rules', conf('prometheus-rules.yml')]), /SUCCESS: 13 rules/);
});

test('the alerts go off when they should, and not before', async () => {
    const at = '{instance="a",job="quire",pool="login"';
    const series = (name, labels, values) => `      - series: '${name}${labels}'\n        values: '${values}'\n`;
    const expect = (time, alert, labels, summary) => `      - eval_time: ${time}\n        alertname: ${alert}\n        exp_alerts:${
        labels ? `\n          - exp_labels: ${labels}\n            exp_annotations: {summary: "${summary}"}\n` : ' []\n'}`;
    const login = (severity) => `{severity: ${severity}, instance: a, pool: login}`;
    const file = join(folder(), 'alerts.yml');
    writeFileSync(file, `rule_files: [${conf('prometheus-rules.yml')}]\nevaluation_interval: 1m\ntests:\n  - interval: 1m\n    input_series:\n${
        [series('up', '{instance="a",job="quire"}', '1x200'),
            series('quire_pool_up', `${at}}`, '1x60 _x139'),
            series('quire_workers_configured', `${at}}`, '2x60 _x139'),
            series('quire_workers', `${at},state="idle"}`, '2x20 0x40 _x139'),
            series('quire_workers', `${at},state="busy"}`, '0x60 _x139'),
            series('quire_workers', `${at},state="starting"}`, '0x20 2x40 _x139'),
            series('quire_reloads_total', `${at},result="well"}`, '0x9 1x190'),
            series('quire_reloads_total', `${at},result="failed"}`, '0x30 1x169'),
            series('quire_request_duration_seconds_bucket', '{instance="a",pool="read",route="/posts",le="1"}', '0x200'),
            series('quire_request_duration_seconds_bucket', '{instance="a",pool="read",route="/posts",le="2.5"}', '0+60x200'),
            series('quire_request_duration_seconds_bucket', '{instance="a",pool="read",route="/posts",le="+Inf"}', '0+60x200')]
            .join('')}    alert_rule_test:\n${
        [expect('20m', 'QuirePoolServesNobody'),
            expect('30m', 'QuirePoolServesNobody', login('page'), 'the pool login on a has no worker that is ready'),
            expect('60m', 'QuirePoolIsGone'),
            expect('65m', 'QuirePoolIsGone'), // a restart takes no five minutes
            ...['80m', '200m'].map((time) => expect(time, 'QuirePoolIsGone',
                '{severity: page, instance: a, job: quire, pool: login}', 'the pool login on a has gone, and has not come back')),
            expect('80m', 'QuirePoolServesNobody'),
            expect('30m', 'QuireReloadFailed'),
            expect('40m', 'QuireReloadFailed', login('ticket'),
                'a reload of login on a has failed, the old workers go on; the log says why'),
            expect('100m', 'QuireReloadFailed'),
            expect('30m', 'QuireIsSlow', '{severity: ticket, instance: a}', 'one request of a hundred to a takes over 2.485s')]
            .join('')}`);
    await mustRun('promtool', ['test', 'rules', file]);
});

test('each panel has an expression that Prometheus can read, and a place of its own', async () => {
    const rules = (list) => `groups:\n  - name: panels\n    rules:\n${list.map((expr, i) => `      - record: panel:number${i}\n`
        + `        expr: ${JSON.stringify(expr)}\n`).join('')}`;
    const plain = expressions.map(({ expr }) => expr.replaceAll('$__rate_interval', '5m'));
    const file = join(folder(), 'panels.yml');
    writeFileSync(file, rules(plain));
    await mustRun('promtool', ['check', 'rules', file]);
    writeFileSync(file, rules([...plain, 'sum by (']));
    assert.notEqual((await run('promtool', ['check', 'rules', file])).code, 0);

    assert.ok(dashboard.panels.length >= 15);
    assert.ok(dashboard.panels.every(({ targets, title }) => targets.length > 0 && title !== ''));
    assert.equal(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length);
    for (const { gridPos: a, id } of dashboard.panels) {
        assert.ok(a.x + a.w <= 24);
        const over = dashboard.panels.filter(({ gridPos: b, id: other }) => other !== id && a.x < b.x + b.w
            && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h);
        assert.deepEqual(over, [], `panel ${id}`);
    }
});

test('panels, alerts and the documentation name what /metrics gives, all of it and nothing else', async () => {
    const site = await startSite({ settings: { WORKERS: 1 } });
    await site.signUp();
    const seen = await scrape(site);
    const given = new Set(seen.types.keys());
    const series = new Set(seen.series.map(({ name }) => name));
    const rules = readFileSync(conf('prometheus-rules.yml'), 'utf8');
    const asked = [...expressions.flatMap(({ expr }) => names(expr)), ...names(rules),
        ...dashboard.templating.list.flatMap(({ definition }) => names(definition ?? ''))];
    assert.deepEqual([...new Set(asked)].filter((name) => !series.has(name)), []);
    const family = (name) => (given.has(name) ? name : name.replace(/_(bucket|sum|count)$/, ''));
    const shown = new Set(asked.map(family));
    assert.deepEqual([...given].filter((name) => !shown.has(name)), [], 'no panel shows these');
    const table = /^\| metric \|[^]+?\n\n/m.exec(readFileSync(join(root, 'docs/operating.md'), 'utf8'))[0];
    const documented = names(table);
    assert.deepEqual([...given].filter((name) => !documented.includes(name)), [], 'docs/operating.md lacks these');
    assert.deepEqual([...new Set(documented)].filter((name) => !given.has(name)), []);
});
