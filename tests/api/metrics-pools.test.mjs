// METRICS_DIR: /metrics of any pool shows all pools of the machine, and what else lies in the folder harms none of them.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scrape } from './lib/exposition.mjs';
import { Load } from './lib/load.mjs';
import { LIST, poolOf } from './lib/pool.mjs';
import { folder, until } from './lib/processes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const dir = join(folder(), 'metrics');
const site = await startSite({ work: true, long: { POOL_NAME: 'long', WORKERS: 2 }, settings: { METRICS_DIR: dir } });
const { restart, reload, replaced, mark, linesSinceMark } = poolOf(site);
const file = (name) => join(dir, `${name}.metrics`);

function seen(what, probe) {
    return until(what, async () => {
        const now = await scrape(site);
        return probe(now) && now;
    });
}

test('every pool of the machine is in it, under its name', async () => {
    const ada = await site.signUp();
    const made = await site.post('/tweets/generate', { topic: 'How the first programs were written' }, ada);
    assert.ok([200, 202].includes(made.status), made.raw);
    const now = await seen('a thread and a mail', (each) => each.value('quire_work_total', { pool: 'work' }) >= 2
        && each.sum('quire_requests_total', { pool: 'long', route: '/tweets/generate' }) === 1);
    assert.deepEqual(now.all('quire_pool_up').map(({ labels, value }) => [labels.pool, value]).sort(),
        [['long', 1], ['web', 1], ['work', 1]]);
    assert.equal(now.value('quire_workers_configured', { pool: 'work' }), 5); // WORK_PROCESSES and the postman
    assert.ok(now.value('quire_statements_total', { pool: 'work' }) > 0);
    assert.equal(now.sum('quire_requests_total', { pool: 'web', route: '/tweets/generate' }), 0);
    assert.equal(now.sum('quire_requests_total', { pool: 'work' }), 0);
    assert.deepEqual(readdirSync(dir).sort(), ['long.metrics', 'web.metrics', 'work.metrics']);
});

test('a pool that was killed is down, one that has stopped is gone, one that is back begins anew', async () => {
    const [first] = site.workProcesses();
    site.work.signal('SIGKILL');
    const now = await seen('it is down', (each) => each.all('quire_pool_up', { pool: 'work' })[0]?.value === 0);
    assert.deepEqual(now.all('quire_workers', { pool: 'work' }), []);
    assert.ok(existsSync(file('work')) && first > 0);
    site.startWork();
    await seen('it is back', (each) => each.value('quire_pool_up', { pool: 'work' }) === 1);
    await site.work.stop('SIGTERM');
    assert.equal(existsSync(file('work')), false);
    assert.deepEqual((await scrape(site)).all('quire_pool_up', { pool: 'work' }), []);
});

test('a file that is cut short under its pool, under load: no request fails, and a reload changes nothing', async () => {
    await restart();
    const load = new Load(site.front.port, LIST);
    await load.more(200);
    const workers = site.workers();
    truncateSync(file('web'), 0);
    truncateSync(file('long'), 1000);
    await load.more(400);
    const now = await scrape(site);
    assert.equal(now.value('quire_pool_up', { pool: 'web' }), 0);
    assert.equal(now.value('quire_metrics_files_skipped'), 1);
    assert.deepEqual(site.workers().sort(), workers.sort());
    mark();
    await reload();
    await replaced(workers, 4);
    await load.more(200);
    assert.deepEqual((await load.stop()).failed, []);
    assert.equal(linesSinceMark('this worker counts nothing: the memory for it cannot be used').length, 4);
    await restart();
    assert.equal((await scrape(site)).value('quire_pool_up', { pool: 'web' }), 1);
});

test('foreign files are passed over, and a second pool of a name is complained of', async () => {
    writeFileSync(file('foreign'), 'x'.repeat(100000));
    mkdirSync(file('folder'));
    renameSync(file('long'), join(dir, 'elsewhere')); // cut short above
    const now = await scrape(site);
    assert.equal(now.value('quire_metrics_files_skipped'), 2);
    assert.deepEqual(now.all('quire_pool_up').map(({ labels }) => labels.pool), ['web']);
    rmSync(file('foreign'));
    rmSync(file('folder'), { recursive: true });
    const twin = await startSite({ front: false, settings: { METRICS_DIR: dir, WORKERS: 1 } });
    await until('the complaint', () => twin.log.lines().some(({ message }) => /has the same POOL_NAME/.test(message)));
    const own = await scrape(site);
    assert.equal(own.value('quire_workers_configured', { pool: 'web' }), 4);
    await twin.stop();
});

test('a folder that cannot be used is no reason not to serve', async () => {
    writeFileSync(join(site.dir, 'no-folder'), '');
    await restart({ METRICS_DIR: join(site.dir, 'no-folder') });
    assert.equal((await scrape(site)).value('quire_pool_up', { pool: 'web' }), 1);
    assert.ok(linesSinceMark().some(({ message }) => /^METRICS_DIR cannot be used/.test(message ?? '')));
});
