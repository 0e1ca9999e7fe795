// verify: every migration up, down and up again on a database that is made for it, and always dropped again.
import assert from 'node:assert/strict';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { atGate, closeGate } from './lib/locks.mjs';
import { newServer } from './lib/mariadb.mjs';
import { A, B, create, drop, scene } from './lib/migrations.mjs';
import { root, until } from './lib/processes.mjs';
import { test } from './lib/test.mjs';

const last = readdirSync(join(root, 'migrations')).filter((name) => name.endsWith('.sql')).sort().at(-1).split('_')[0];
// Two that come behind those of the project and leave the declared tables alone.
const C = { revision: '9001', parent: last, up: ['DO 0'], down: ['DO 0'] };
const D = { revision: '9002', parent: '9001', up: ['DO 0'], down: ['DO 0'] };

/** A scene whose user may also make databases of its own name with something behind it. */
async function allowed(options) {
    const s = await scene(options);
    const { name, user } = s.site.database;
    s.scratch = `${name}_verify`;
    s.grant = (database) => s.site.server.query(`GRANT ALL ON \`${database.replaceAll('_', '\\_')}\`.* TO '${user}'@'localhost'`);
    await s.grant(s.scratch);
    s.copy = () => cpSync(join(root, 'migrations'), s.dir, { recursive: true });
    s.databases = async () => (await s.site.server.query(`SHOW DATABASES LIKE '${name.replaceAll('_', '\\_')}%'`))
        .map((row) => Object.values(row)[0]);
    s.clean = async () => assert.deepEqual(await s.databases(), [name], 'the scratch database is left');
    return s;
}

test('the migrations of the project', async () => {
    const s = await allowed({ settings: { MIGRATIONS_DIR: join(root, 'migrations') } });
    const said = await s.done('verify');
    for (const file of readdirSync(join(root, 'migrations')).filter((name) => name.endsWith('.sql'))) {
        assert.match(said, new RegExp(`^${file.replace('.sql', '')} +ok +same +same +[\\d.]+$`, 'm'));
    }
    assert.match(said, /^revision +up +down +up again +ms$/m);
    assert.deepEqual(await s.tables(), [], 'it has worked in the database itself');
    assert.deepEqual(await s.site.query('SHOW TABLES'), []);
    await s.clean();
    const { migrations } = JSON.parse((await s.migrate('verify', '--json')).stdout);
    assert.ok(migrations.every(({ up, down, up_again, milliseconds }) => up === 'ok' && down === 'same' && up_again === 'same'
        && milliseconds > 0));
    assert.match(await s.done('verify', '--verbose'), /0001_\w+: statement 1 of \d+ \(up, /);
    await s.clean();
});

test('a way down that forgets something is found, with what it forgets', async () => {
    const s = await allowed();
    s.put(A, { ...B, up: [create('b'), 'ALTER TABLE a ADD COLUMN n INT NULL, ADD KEY i (n)'], down: ['ALTER TABLE a DROP KEY i', drop('b')] });
    const said = await s.fails(['verify'], /0002_x\.sql: its way down does not bring back the schema/,
        /^\+ column a n 2 .* int\(11\)/m);
    assert.doesNotMatch(said, /^[-+] (column a id|table a|index a i)/m);
    const done = await s.migrate('verify');
    assert.match(done.stdout, /^0001_x +ok +- +- /m);
    assert.match(done.stdout, /^0002_x +ok +differs +- /m);
    await s.clean();
});

test('up again must make what it made the first time', async () => {
    const s = await allowed();
    s.put({ ...A, up: [create('a')], down: ['DELETE FROM a', drop('a')] },
        { ...B, up: [create('b'), 'INSERT INTO a VALUES (1)'], down: [drop('b')] });
    const done = await s.migrate('verify');
    assert.match(done.stdout, /^0001_x +ok +same +same /m); // rows are no schema
    assert.match(done.stderr, /after all migrations the tables are not those that this program declares; what is missing:\n.*users/);
    assert.equal(done.code, 1);
    s.put({ ...B, up: ['DO SLEEP(1.1)', 'CREATE EVENT e ON SCHEDULE AT CURRENT_TIMESTAMP + INTERVAL 1 DAY DO SELECT 1'], down: ['DROP EVENT e'] });
    await s.fails(['verify'], /0002_x\.sql: applied again it makes another schema than the first time/, /^- event e /m, /^\+ event e /m);
    await s.clean();
});

test('what is irreversible is named, and ends the way down', async () => {
    const s = await allowed();
    s.copy();
    s.put({ ...C, down: undefined, irreversible: 'the letters are burnt' }, D);
    const said = await s.done('verify');
    assert.match(said, /^9001_x +ok +irreversible +- /m);
    assert.match(said, /^9002_x +ok +same +same /m);
    assert.match(said, /the way down ends at 9001_x, which cannot be taken back: the letters are burnt/);
    await s.clean();
});

test('a migration that fails: where, and the scratch database goes all the same', async () => {
    const s = await allowed();
    s.put(A, { ...B, up: [create('b'), drop('nowhere')] });
    await s.fails(['verify'], /0002_x\.sql:6: statement 2 of 2 failed: 1051/);
    const { migrations, error } = JSON.parse((await s.migrate('verify', '--json')).stdout);
    assert.deepEqual(migrations.map(({ up }) => up), ['ok', 'failed']);
    assert.match(error, /statement 2 of 2 failed/);
    await s.clean();
});

for (const signal of ['SIGINT', 'SIGTERM']) {
    test(`${signal} in the middle of a statement: the scratch database is dropped`, async () => {
        const s = await allowed();
        s.put({ ...A, up: [create('a'), 'CREATE TABLE slow AS SELECT SLEEP(60) AS x'], down: [drop('slow'), drop('a')] });
        const run = s.begin('verify');
        await s.running('SLEEP(60)');
        const began = Date.now();
        const how = await run.stop(signal, 40000);
        assert.deepEqual([how.code, how.orphans], [1, false]);
        assert.ok(Date.now() - began < 40000, 'the statement was waited for');
        await s.clean();
    });
}

test('a scratch database that has tables is refused, and left alone', async () => {
    const s = await allowed();
    s.copy();
    await s.site.server.query(`CREATE DATABASE ${s.scratch}; CREATE TABLE ${s.scratch}.mine (id INT)`);
    await s.fails(['verify'], /scratch database \w+_verify holds 1 tables: verify uses only one that is empty/);
    assert.equal((await s.site.server.query('SHOW TABLES', s.scratch)).length, 1);
    await s.fails(['verify', '--scratch', s.site.database.name], /is the database itself/);
    assert.equal((await s.migrate('verify', '--scratch', 'a`b')).code, 2);
    await s.site.server.query(`DROP TABLE ${s.scratch}.mine`);
    await s.done('verify');
    assert.deepEqual(await s.databases(), [s.site.database.name, s.scratch], 'what was there stays');
    assert.deepEqual(await s.site.server.query('SHOW TABLES', s.scratch), []);
    await s.site.server.query(`DROP DATABASE ${s.scratch}`);
});

test('a scratch database with a routine, an event or another character set is refused, and left alone', async () => {
    const s = await allowed();
    s.copy();
    const { server } = s.site;
    await server.query(`CREATE DATABASE ${s.scratch}`);
    for (const [kind, made] of [['FUNCTION', 'mine() RETURNS INT RETURN 1'],
        ['EVENT', 'mine ON SCHEDULE AT CURRENT_TIMESTAMP + INTERVAL 1 DAY DO SELECT 1']]) {
        await server.query(`CREATE ${kind} ${made}`, s.scratch);
        await s.fails(['verify'], /holds 1 routines and events: verify uses only one that is empty/);
        await server.query(`DROP ${kind} mine`, s.scratch); // which is still there
    }
    await server.query(`ALTER DATABASE ${s.scratch} CHARACTER SET ucs2`);
    await s.fails(['verify'], /has the collation ucs2_\w+, and the database itself \w+: make it alike, or choose another/);
    await server.query(`DROP DATABASE ${s.scratch}`);
});

test('another name, and without the rights a sentence that says which', async () => {
    const s = await allowed();
    s.copy();
    await s.grant(`${s.site.database.name}_other`);
    await s.done('verify', '--scratch', `${s.site.database.name}_other`);
    await s.clean();
    await s.fails(['verify', '--scratch', 'forbidden'], /the scratch database forbidden cannot be made: 1044 /, /GRANT ALL ON `forbidden`\.\*/);
});

test('longer than the server suffers an idle connection: nobody else gets the scratch database', async () => {
    const server = await newServer({ flags: ['--wait-timeout=1'] });
    await server.start();
    const s = await allowed({ server });
    s.put({ ...A, up: [create('a'), `DO ${atGate(s.site)}`] });
    const open = await closeGate(s.site);
    const child = s.begin('verify');
    await s.running('DO GET_LOCK');
    await new Promise((resolve) => {
        setTimeout(resolve, 2000);
    });
    await s.fails(['verify'], /another verify is using/);
    await open();
    await child.wait();
    await s.clean();
    await server.stop();
});

test('two at once do not share a scratch database', async () => {
    const s = await allowed();
    s.copy();
    s.put({ ...C, up: [`DO ${atGate(s.site)}`] });
    const open = await closeGate(s.site);
    const first = s.begin('verify');
    await s.running('DO GET_LOCK');
    await s.fails(['verify'], /another verify is using \w+_verify/);
    await open();
    assert.equal((await first.wait(60000)).code, 0);
    await until('it is dropped', async () => (await s.databases()).length === 1);
});
