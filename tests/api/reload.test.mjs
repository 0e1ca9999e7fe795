// SIGHUP and SIGUSR1: what is new is taken up, what is broken is not, and no client notices.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, readlinkSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Load } from './lib/load.mjs';
import { assertFinishes, halfRequest, install, isAlive, LIST, poolOf } from './lib/pool.mjs';
import { childrenOf, sleep, until, zygoteOf } from './lib/processes.mjs';
import { quireBin, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { WORKERS: 4 } });
const { mark, linesSinceMark, startAs, stopPool, writeDotenv, restart, reload, replaced, assertServes } = poolOf(site);

test('SIGHUP under load, three times: every worker is another one, and no request fails', async () => {
    await restart();
    const load = new Load(site.front.port, LIST);
    await load.more(300);
    for (let i = 0; i < 3; i++) {
        const before = site.workers();
        await reload();
        await replaced(before, 4);
        await load.more(300);
    }
    const { done, failed } = await load.stop();
    assert.deepEqual(failed, []);
    assert.ok(done >= 1200);
});

test('SIGHUP lets a request in flight finish, and does not wait for it', async () => {
    await restart({ WORKERS: 2 });
    const peers = [await halfRequest(site.socket), await halfRequest(site.socket)];
    const before = site.workers();
    await reload();
    assert.equal(site.workers().filter((pid) => before.includes(pid)).length, 2);
    await assertServes();
    // A third one for each seat has to wait until the first has finished.
    mark();
    const zygote = zygoteOf(site.pool.pid);
    site.pool.signal('SIGHUP');
    await until('the reload has begun', () => ![undefined, zygote].includes(zygoteOf(site.pool.pid)));
    await sleep(500);
    assert.equal(site.workers().length, 4);
    await assertServes();
    assert.deepEqual(linesSinceMark('serving'), []);
    for (const peer of peers) {
        await assertFinishes(peer);
    }
    await until('the reload has ended', () => linesSinceMark('serving').length > 0);
    await replaced(before, 2);
});

test('SIGHUP takes up a new program and new settings', async () => {
    const bin = join(site.dir, 'quire-upgrade');
    install(bin);
    await restart({}, { bin });
    const before = site.workers();
    const load = new Load(site.front.port, LIST);
    await load.more(100);
    install(bin);
    assert.match(readlinkSync(`/proc/${site.pool.pid}/exe`), / \(deleted\)$/);
    writeDotenv('WORKER_MAX_REQUESTS=40\n');
    mark();
    site.pool.signal('SIGHUP');
    // No moment will come at which nobody is to be replaced.
    await until('the old ones have gone', () => linesSinceMark('reloading').length > 0 && !before.some(isAlive));
    const programs = site.workers().map((pid) => statSync(`/proc/${pid}/exe`, { throwIfNoEntry: false })?.ino);
    const found = programs.filter((inode) => inode !== undefined); // with the new settings they are soon replaced again
    assert.deepEqual([...new Set(found)], [statSync(bin).ino]);
    mark();
    const left = await until('some have served enough', () => {
        const lines = linesSinceMark('a worker has left');
        return lines.length >= 4 && lines.map((line) => Number(line.served));
    });
    assert.deepEqual((await load.stop()).failed, []);
    assert.ok(left.every((served) => served >= 40), `${left}`);
});

test('a reload that fails leaves everything as it is, and the log says why', async () => {
    const bin = join(site.dir, 'quire-broken');
    install(bin);
    await restart({}, { bin });
    const load = new Load(site.front.port, LIST);
    await load.more(100);
    const before = site.workers();
    const failed = async (prepare) => {
        await prepare();
        await reload();
        assert.deepEqual(site.workers(), before);
        const message = 'reload failed: a new worker did not get ready; those that serve stay as they are';
        assert.equal(linesSinceMark(message).length, 1);
        return linesSinceMark();
    };

    let lines = await failed(() => writeDotenv('WORKER_MAX_REQUESTS=many\n'));
    assert.match(JSON.stringify(lines), /WORKER_MAX_REQUESTS/);
    assert.ok(lines.some((line) => line.message === 'a zygote died' && line.cause === 'exit status 1'));
    writeDotenv('');

    lines = await failed(() => {
        install(bin, 'no program');
    });
    const why = lines.find((line) => line.message === 'the program cannot be executed');
    assert.equal(why.cause, 'Exec format error');

    lines = await failed(() => chmodSync(bin, 0o644));
    assert.ok(lines.some((line) => line.cause === 'Permission denied'));

    await load.more(100);
    assert.deepEqual((await load.stop()).failed, []);
    // Who dies now is replaced by one of the old kind.
    process.kill(before[0], 'SIGKILL');
    await replaced([before[0]], 4);
    before.splice(0, 4, ...site.workers());
    await assertServes();
    install(bin);
    await reload();
    await replaced(before, 4);
});

test('SIGUSR1 opens the log file again, in the parent and in the workers', async () => {
    const file = join(site.dir, 'rotated.log');
    await stopPool();
    startAs(quireBin, ['serve'], { settings: { LOG_FILE: file } });
    await site.ready();
    await assertServes();
    renameSync(file, `${file}.1`);
    site.pool.signal('SIGUSR1');
    await until('there is a new file', () => existsSync(file));
    // Nobody keeps the old one from going, the zygote included.
    const opened = (pid) => readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    const everybody = [site.pool.pid, ...childrenOf(site.pool.pid)];
    assert.equal(everybody.length, 6);
    await until('the old file is closed', () => !everybody.flatMap(opened).includes(`${file}.1`));
    const answers = await Promise.all(Array.from({ length: 20 }, () => site.get('/posts')));
    await until('the requests are in the new file', () => {
        const text = readFileSync(file, 'utf8');
        return answers.every((answer) => text.includes(answer.headers['x-request-id']));
    });
    // A line of before may have come late; none of what was asked since is there, and nothing comes any more.
    const old = readFileSync(`${file}.1`, 'utf8');
    assert.match(old, /"message":"starting"/);
    for (const { headers } of answers) {
        assert.ok(!old.includes(headers['x-request-id']), old);
    }
    await stopPool();
    assert.match(readFileSync(file, 'utf8'), /"message":"stopped"/);
    assert.equal(readFileSync(`${file}.1`, 'utf8'), old);
});
