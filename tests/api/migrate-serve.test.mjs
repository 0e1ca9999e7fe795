// serve starts only on a schema that it knows: SCHEMA_CHECK.
import assert from 'node:assert/strict';
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startServer } from './lib/mariadb.mjs';
import { create, drop, text } from './lib/migrations.mjs';
import { poolOf } from './lib/pool.mjs';
import { environment, folder, root, start, tail, until } from './lib/processes.mjs';
import { quireBin, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const files = readdirSync(join(root, 'migrations')).filter((name) => name.endsWith('.sql')).sort();
const newest = files.at(-1).replace('.sql', '');
const revision = newest.split('_')[0];
const dir = join(folder(), 'migrations');
cpSync(join(root, 'migrations'), dir, { recursive: true });
const next = { revision: '9001', parent: revision, up: [create('later')], down: [drop('later')] };
const put = (file) => writeFileSync(join(dir, `${file.revision}_later.sql`), text(file));
const away = () => rmSync(join(dir, '9001_later.sql'));

const site = await startSite({ settings: { WORKERS: 1, MIGRATIONS_DIR: dir } });
const pool = poolOf(site);

/** serve does not start, and says all of this. */
async function refuses(...patterns) {
    const done = await site.quire(['serve']);
    assert.equal(done.code, 1, done.signal ?? done.stderr);
    patterns.forEach((pattern) => assert.match(done.stderr, pattern));
    assert.match(done.stderr, /SCHEMA_CHECK=warn or off/);
}

const both = (database, program) => new RegExp(`the database is at ${database}.*, and this program's newest migration is ${program}: `);

test('an empty database is refused, and a migrated one is served', async () => {
    const empty = await startSite({ migrate: false, pool: false, front: false });
    const done = await empty.quire(['serve']);
    assert.equal(done.code, 1);
    assert.match(done.stderr, both('no revision: nothing is applied to it', newest));
    assert.match(done.stderr, new RegExp(`${files.length} migrations are pending: run \`quire migrate upgrade\``));
    await pool.restart();
    await pool.assertServes();
    await pool.stopPool();
});

test('a pending migration is refused until it is applied, or warned of, or not looked at', async () => {
    put(next);
    await refuses(both(newest, '9001_later'), /: 1 migration is pending: run `quire migrate upgrade`/);
    await pool.restart({ SCHEMA_CHECK: 'warn' });
    await pool.assertServes();
    const [line] = pool.linesSinceMark('the schema is not the one of this program');
    assert.match(line.cause, both(newest, '9001_later'));
    await pool.restart({ SCHEMA_CHECK: 'off' });
    assert.deepEqual(pool.linesSinceMark('the schema is not the one of this program'), []);
    await pool.assertServes();
    await pool.stopPool();
    await site.mustQuire(['migrate', 'up']);
    await pool.restart();
    await pool.assertServes();
});

test('a database that is newer than the program: a pool that runs reloads on it, a new one does not start', async () => {
    away();
    await pool.reload();
    await pool.assertServes();
    await pool.stopPool();
    await refuses(both('9001_later', newest), /9001_later is applied and not known here: start the program that brought it/);
    put(next);
    await site.mustQuire(['migrate', 'down']);
    away();
});

test('a half done migration is refused', async () => {
    put({ ...next, up: [create('later'), 'DROP TABLE nowhere'] });
    assert.equal((await site.quire(['migrate', 'up'])).code, 1);
    await refuses(/9001_later is half applied \(1 of 2 statements\): run `quire migrate up`, which goes on there/);
    put(next);
    await site.mustQuire(['migrate', 'up']);
    await site.mustQuire(['migrate', 'down']);
    away();
});

test('without the folder nothing can be told', async () => {
    const done = await site.quire(['serve'], { env: { MIGRATIONS_DIR: join(dir, 'nowhere') } });
    assert.equal(done.code, 1);
    assert.match(done.stderr, /cannot be told whether this program knows the database's schema: .*nowhere: No such file/);
});

test('a database that is down at the start is waited for, and then looked at', async () => {
    const server = await startServer();
    const late = await startSite({ server, migrate: false, pool: false, front: false });
    await server.stop();
    const log = join(folder(), 'waiting.log');
    const waiting = start(quireBin, ['serve'], { env: environment(late.settings), cwd: late.dir, log });
    await until('it has tried', () => tail(log).includes('not there yet'));
    await server.start();
    const done = await waiting.wait(60000);
    assert.equal(done.code, 1, done.signal ?? tail(log));
    assert.match(tail(log), /not there yet[^]*the database is at no revision/);
    await late.stop();
    await server.stop();
});
