// /health/ready: what it finds of database, schema and pool, and which of them makes it 503.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertError } from './lib/contract.mjs';
import { connect } from './lib/fastcgi.mjs';
import { startServer } from './lib/mariadb.mjs';
import { halfRequest, install, poolOf } from './lib/pool.mjs';
import { environment, root, start, tail, until, zygoteOf } from './lib/processes.mjs';
import { quireBin, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const server = await startServer();
const site = await startSite({ server, settings: { WORKERS: 4 } });
const { restart, reload, mark, linesSinceMark, replaced } = poolOf(site);
const good = { status: 'ok', database: 'ok', schema: 'ok', pool: 'ok' };
const ask = () => site.get('//health/ready');

test('a server that takes connections and answers nothing is waited for, and said every two seconds', async () => {
    const [{ n }] = await server.query('SELECT @@max_prepared_stmt_count AS n');
    await server.query('SET GLOBAL max_prepared_stmt_count = 0');
    const log = join(site.dir, 'patient.log');
    const patient = start(quireBin, ['serve'], { log, env: environment({ ...site.settings, LISTEN: `unix:${site.dir}/patient.sock` }) });
    try {
        const lines = () => tail(log).split('\n').filter((line) => line.includes('the database cannot be asked yet'));
        await until('it has said so twice', () => lines().length >= 2);
        assert.match(lines()[0], /1461/);
        await server.query(`SET GLOBAL max_prepared_stmt_count = ${n}`);
        await until('it serves', () => tail(log).includes('"message":"serving"'));
        const times = lines().map((line) => Date.parse(JSON.parse(line).time));
        assert.ok(times.slice(1).every((time, i) => time - times[i] >= 1900), `${times}`);
    } finally {
        await server.query(`SET GLOBAL max_prepared_stmt_count = ${n}`);
        await patient.stop('SIGTERM');
    }
});

test('all is well', async () => {
    const answer = await ask();
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json, good);
    assert.deepEqual((await site.get('//health/live')).json, { status: 'ok' });
});

test('the schema: ahead is ready, behind is not; SCHEMA_CHECK decides', async () => {
    await site.query(`INSERT INTO quire_migrations (revision, name, checksum, state, started_at)
        VALUES ('9999', '9999_of_the_future', '${'0'.repeat(64)}', 'applying', UTC_TIMESTAMP(6))`);
    assert.deepEqual((await ask()).json, { ...good, schema: 'ahead' });
    await site.query("DELETE FROM quire_migrations WHERE revision = '9999'");
    const [{ revision }] = await site.query('SELECT max(revision) AS revision FROM quire_migrations');
    await site.query(`UPDATE quire_migrations SET state = 'reverting' WHERE revision = '${revision}'`);
    const refused = await ask();
    assertError(refused, 503, 'not_ready', 'not ready: database ok, schema behind, pool ok');
    assert.equal(refused.headers['retry-after'], '1');
    assert.equal((await site.get('/posts')).status, 200); // who asks is served all the same
    await site.query(`UPDATE quire_migrations SET state = 'applied' WHERE revision = '${revision}'`);
    assert.equal((await ask()).status, 200);
    await site.query(`CREATE TABLE kept SELECT * FROM quire_migrations;
        DELETE FROM quire_migrations WHERE revision = '${revision}'`);
    assertError(await ask(), 503, 'not_ready');
    await restart({ SCHEMA_CHECK: 'warn' });
    assert.deepEqual((await ask()).json, { ...good, schema: 'behind' });
    await restart({ SCHEMA_CHECK: 'off' });
    assert.deepEqual((await ask()).json, { ...good, schema: 'unchecked' });
    await site.query('REPLACE INTO quire_migrations SELECT * FROM kept; DROP TABLE kept');
});

test('while a restore is under way, or half done, it is not ready', async () => {
    await restart({});
    await site.query('CREATE TABLE quire_restore (begun_at DATETIME(6) NOT NULL)');
    assertError(await ask(), 503, 'not_ready', 'not ready: database ok, schema behind, pool ok');
    await site.query('DROP TABLE quire_restore');
    assert.deepEqual((await ask()).json, good);
});

test('a folder that holds the next program\'s migrations, or none, is no reason to be away', async () => {
    const dir = join(site.dir, 'migrations');
    mkdirSync(dir);
    for (const name of readdirSync(join(root, 'migrations'))) {
        copyFileSync(join(root, 'migrations', name), join(dir, name));
    }
    await restart({ MIGRATIONS_DIR: dir });
    assert.deepEqual((await ask()).json, good);
    const parent = readdirSync(dir).sort().at(-1).slice(0, 4);
    writeFileSync(join(dir, '9999_next.sql'), `-- revision: 9999\n-- parent: ${parent}\n-- created: 2030-01-01T00:00:00Z\n\n-- migrate:up\n\nSELECT 1;\n\n-- migrate:down\n\nSELECT 1;\n`);
    assert.deepEqual((await ask()).json, good);
    // Workers that come of a new zygote, after a fault of one, are of the program that served.
    const zygote = zygoteOf(site.pool.pid);
    process.kill(zygote, 'SIGKILL');
    await until('there is another zygote', () => ![undefined, zygote].includes(zygoteOf(site.pool.pid)));
    const before = site.workers();
    before.forEach((pid) => process.kill(pid, 'SIGKILL'));
    await replaced(before, 4);
    assert.deepEqual(await until('they are ready', async () => {
        const answer = await ask();
        return answer.status === 200 && answer.json;
    }), good);
    // Who is reloaded onto them says so.
    const known = site.workers();
    await reload();
    await replaced(known, 4);
    assertError(await ask(), 503, 'not_ready', 'not ready: database ok, schema behind, pool ok');
    renameSync(dir, `${dir}-gone`);
    const then = site.workers();
    await reload();
    await replaced(then, 4);
    assert.deepEqual((await ask()).json, { ...good, schema: 'unchecked' });
});

test('the pool: busy is ready; half of the workers missing, or stopping, is not', async () => {
    await restart({ WORKERS: 2 });
    const peer = await halfRequest(site.socket);
    const busy = await until('it is busy', async () => {
        const { json } = await ask();
        return json.pool === 'busy' && json;
    });
    assert.deepEqual(busy, { ...good, pool: 'busy' });
    peer.stdin('}').end();
    await peer.answer();

    const bin = join(site.dir, 'quire-lost');
    install(bin);
    await restart({ WORKERS: 4 }, { bin });
    install(bin, '#!/bin/sh\nexit 3\n');
    mark();
    for (const pid of site.workers().slice(0, 3)) {
        process.kill(pid, 'SIGKILL');
    }
    await until('they are dead', () => linesSinceMark('a worker died').length >= 3);
    const refused = await until('the loss is seen', async () => {
        const answer = await ask();
        return answer.status === 503 && answer;
    });
    assertError(refused, 503, 'not_ready', 'not ready: database ok, schema ok, pool starting');
    assert.equal((await site.get('/posts')).status, 200);

    await restart({ WORKERS: 1 });
    const slow = await halfRequest(site.socket); // keeps the worker, so that the next one waits in the queue
    const next = await connect(site.socket);
    next.begin({ REQUEST_METHOD: 'GET', REQUEST_URI: '/health/ready' }).stdin('').end();
    site.pool.signal('SIGTERM');
    await until('it stops', () => site.log.lines().at(-1).message === 'stopping');
    slow.stdin('}').end();
    await slow.answer();
    const last = await next.answer();
    assert.equal(last.status, 503);
    assert.match(String(last.body), /not ready: database ok, schema ok, pool stopping/);
    await site.pool.wait();
    await restart();
});

test('the database: a table that cannot be read', async () => {
    await restart();
    await site.query('RENAME TABLE users TO users_gone');
    const raw = await site.client.bytes('GET /health/ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    assert.match(raw, /^HTTP\/1\.1 500 /);
    await site.query('RENAME TABLE users_gone TO users');
    await server.stop('SIGKILL');
    try {
        assertError(await ask(), 503, 'database_unavailable');
        assert.equal((await site.get('//health/live')).status, 200);
    } finally {
        await server.start();
    }
    await until('ready again', async () => (await ask()).status === 200);
});
