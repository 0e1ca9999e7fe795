// migrate: the schema brought up and down through files, by one runner at a time, whatever happens in the middle.
import assert from 'node:assert/strict';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atGate, closeGate, gateReached, hold } from './lib/locks.mjs';
import { startServer } from './lib/mariadb.mjs';
import { A, B, create, drop, scene, schemaOf, text } from './lib/migrations.mjs';
import { root, tail, until } from './lib/processes.mjs';
import { test } from './lib/test.mjs';

const project = await scene({ settings: { MIGRATIONS_DIR: join(root, 'migrations') } });

test('up from nothing makes exactly what the declared tables say', async () => {
    await project.done('up');
    const declared = await project.site.server.createDatabase();
    const { stdout } = await project.site.quire(['schema']);
    await project.site.server.query(stdout, declared.name);
    const expected = await schemaOf(project.site, declared.name);
    assert.equal(await schemaOf(project.site, project.site.database.name), expected);
    assert.match(expected, /CREATE TABLE `posts`/);
    await project.site.server.dropDatabase(declared);
});

test('all the way down nothing is left, and up again gives the same', async () => {
    await project.done('up');
    const before = await schemaOf(project.site, project.site.database.name);
    const files = readdirSync(join(root, 'migrations')).filter((name) => name.endsWith('.sql'));
    await project.done('down', String(files.length));
    assert.deepEqual(await project.tables(), []);
    assert.deepEqual(await project.ledger(), []);
    await project.done('up');
    assert.equal(await schemaOf(project.site, project.site.database.name), before);
    assert.match(await project.done('up'), /nothing to do/);
});

test('up, status, down by steps', async () => {
    const s = await scene();
    s.put(A, B);
    assert.match(await s.done('status'), /^pending +0001_x *\npending +0002_x *$/m);
    assert.deepEqual(await s.tables(), [], 'status makes nothing, not even its own table');
    const said = await s.done('up');
    assert.match(said, /applied 0001_x \(1 statement, [\d.]+ s\)\napplied 0002_x \(2 statements, [\d.]+ s\)\n/);
    assert.deepEqual(await s.tables(), ['a', 'b', 'c']);
    assert.match(await s.done('status'), /^applied +0001_x +\d{4}-\d\d-\d\dT[\d:.]+Z\napplied +0002_x /m);
    await s.done('down');
    assert.deepEqual(await s.tables(), ['a']);
    assert.match(await s.done('status'), /^applied +0001_x .*\npending +0002_x/m);
    await s.done('up');
    await s.fails(['down', '3'], /3 migrations cannot be taken back: only 2 are applied/);
    assert.deepEqual(await s.tables(), ['a', 'b', 'c']);
    await s.done('down', '2');
    assert.deepEqual(await s.tables(), []);
    await s.fails(['down'], /nothing is applied/);
});

test('a statement fails in the middle: it says where and what stays, and the repaired file goes on there', async () => {
    const s = await scene();
    const good = ['INSERT INTO a VALUES (1)', 'ALTER TABLE a ADD COLUMN n INT NULL'];
    s.put(A, { ...B, up: [...good, 'ALTER TABLE a ADD COLUMN n INT NULL', create('b')] });
    const said = await s.fails(['up'], /0002_x\.sql:7: statement 3 of 4 failed: 1060 .*'n'/,
        /statements 1 to 2 are done/, /run `quire migrate up` again/);
    assert.doesNotMatch(said, /in part/);
    assert.match(await s.done('status'), /^half applied +0002_x +2 of 4 statements$/m);
    assert.doesNotMatch(await s.fails(['up'], /statement 3 of 4 failed/), /interrupted/);
    await s.fails(['down'], /0002_x: 2 of the 4 statements of its section up are done: run `quire migrate up` first/);

    s.put({ ...B, up: ['INSERT INTO a VALUES (2)', good[1], create('b')] });
    await s.fails(['up'], /statements 1 to 2 had been carried out before the file was edited/);
    s.put({ ...B, up: [good[0]] });
    await s.fails(['up'], /statements 1 to 2 had been carried out before the file was edited/);

    const better = [...good, 'ALTER TABLE a ADD COLUMN m INT NULL'];
    s.put({ ...B, up: [...better, create('a'), create('c')] });
    assert.match(await s.fails(['up'], /statement 4 of 5 failed: 1050/), /going on at statement 3 of 5/);
    assert.match(await s.done('status'), /^half applied +0002_x +3 of 5 statements$/m);
    s.put({ ...B, up: [...better, create('b'), create('c')] });
    assert.match(await s.done('up'), /going on at statement 4 of 5/);
    assert.deepEqual(await s.tables(), ['a', 'b', 'c']);
    assert.equal(await s.site.count('a'), 1);
    assert.match(await s.done('up'), /nothing to do/);
    await s.done('down', '1');
    assert.deepEqual(await s.tables(), ['a']);
});

test('a statement of data that fails leaves nothing', async () => {
    const s = await scene();
    s.put(A, { ...B, up: ['INSERT INTO a VALUES (1), (2), (2)'] });
    await s.fails(['up'], /statement 1 of 1 failed: 1062/, /Nothing of its section up is done/);
    assert.equal(await s.site.count('a'), 0);
    s.put({ ...B, up: ['INSERT INTO a VALUES (1), (2), (3)'], down: ['DELETE FROM a'] });
    await s.done('up');
    assert.equal(await s.site.count('a'), 3);
});

test('a statement fails and the schema has changed all the same: it says so', async () => {
    const s = await scene();
    s.put(A, { ...B, up: [create('b'), `CREATE TABLE twice (id INT PRIMARY KEY) AS SELECT ${atGate(s.site)} AS id UNION ALL SELECT 2`] });
    const open = await closeGate(s.site);
    const run = s.begin('up');
    await s.running('TABLE twice');
    await s.site.query('CREATE TABLE meanwhile (id INT)');
    await open();
    assert.equal((await run.wait()).code, 1);
    assert.match(tail(run.log), /statement 2 of 2 failed: 1062[^]*in part/);
    assert.deepEqual(await s.tables(), ['a', 'b', 'meanwhile']);
});

test('what a crash can leave half carried out is refused before anything is done', async () => {
    const s = await scene();
    s.put(A, { ...B, down: ['DROP TABLE b, c'] });
    await s.fails(['up'], /0002_x\.sql:8: a crash can leave a DROP of several half carried out: write one DROP each/);
    assert.deepEqual(await s.tables(), []);
});

test('a way down that fails is continued by the next down', async () => {
    const s = await scene();
    s.put(A, { ...B, down: [drop('c'), drop('nowhere'), drop('b')] });
    await s.done('up');
    await s.fails(['down'], /statement 2 of 3 failed: 1051/, /statement 1 is done/, /run `quire migrate down` again/);
    await s.fails(['up'], /0002_x: 1 of the 3 statements of its section down are done: run `quire migrate down` first/);
    assert.match(await s.done('status'), /^half taken back +0002_x +1 of 3 statements$/m);
    s.put(B);
    assert.match(await s.done('down'), /going on at statement 2 of 2/);
    assert.deepEqual(await s.tables(), ['a']);
});

test('settings of the session are repeated when a section goes on, and end with it', async () => {
    const s = await scene();
    const child = 'CREATE TABLE b (id INT PRIMARY KEY, a_id INT, CONSTRAINT f FOREIGN KEY (a_id) REFERENCES later (id))';
    s.put(A, { ...B, up: ['SET foreign_key_checks = 0', 'SET @n = 7', drop('nowhere'), child, 'INSERT INTO a VALUES (@n)'],
        down: [drop('b')] });
    await s.fails(['up'], /statement 3 of 5 failed/);
    s.put({ ...B, up: ['SET foreign_key_checks = 0', 'SET @n = 7', child, 'INSERT INTO a VALUES (@n)'], down: [drop('b')] },
        { revision: '0003', parent: '0002', up: ['INSERT INTO a SELECT @@foreign_key_checks'], down: ['DELETE FROM a'] });
    await s.done('up');
    assert.deepEqual(await s.site.query('SELECT id FROM a ORDER BY id'), [{ id: '1' }, { id: '7' }]);
});

test('an applied file that was edited or is gone is refused by every command', async () => {
    const s = await scene();
    s.put(A, B);
    await s.done('up');
    writeFileSync(join(s.dir, '0001_x.sql'), `${text(A)}-- a comment\n`);
    for (const command of ['up', 'down', 'status']) {
        await s.fails([command], /0001_x\.sql: was edited after it had been applied/);
    }
    writeFileSync(join(s.dir, '0001_x.sql'), text(A).replaceAll('\n', '\r\n'));
    await s.done('up');
    s.put(A);
    rmSync(join(s.dir, '0002_x.sql'));
    for (const command of ['up', 'down', 'status']) {
        await s.fails([command], /0002_x: is applied, and .* has no file for it/);
    }
    assert.deepEqual(await s.tables(), ['a', 'b', 'c']);
});

test('files that are not sound are refused before the database is touched', async () => {
    const s = await scene();
    s.put(A, B, { ...B, revision: '0003' });
    await s.fails(['up'], /there are 2 heads.*0002_x\.sql.*0003_x\.sql/);
    s.put({ ...B, revision: '0003', parent: '0009' });
    await s.fails(['up'], /0003_x\.sql: there is no migration with its parent's revision 0009/);
    s.put({ ...A, parent: '0003' }, { ...B, revision: '0003', parent: '0002' });
    await s.fails(['up'], /each of these is an ancestor of itself: .*0001_x\.sql/);
    s.put(A, { ...B, up: ['SELECT "open'] }, { ...B, revision: '0003', parent: '0002', up: ['COMMIT'] });
    await s.fails(['up'], /0002_x\.sql:5: a quote is not closed/, /0003_x\.sql:5: transactions are not begun/);
    assert.deepEqual(await s.site.query('SHOW TABLES'), []);
    rmSync(s.dir, { recursive: true });
    await s.fails(['up'], /No such file or directory/);
});

test('what cannot be taken back is refused with its reason, before anything is done', async () => {
    const s = await scene();
    s.put({ ...A, down: undefined, irreversible: 'the letters are burnt' }, B);
    await s.done('up');
    await s.fails(['down', '2'], /0001_x\.sql: cannot be taken back: the letters are burnt/);
    assert.deepEqual(await s.tables(), ['a', 'b', 'c']);
    await s.done('down', '1');
});

test('kill -9 in the middle of a slow change of the schema: the next run waits, sees it done and goes on', async () => {
    const s = await scene();
    s.put({ ...A, up: [create('a'), 'INSERT INTO a VALUES (1)'] });
    await s.done('up');
    s.put({ ...B, up: [create('b'), 'CREATE TABLE slow AS SELECT id FROM a FOR UPDATE', create('c')],
        down: [drop('c'), drop('slow'), drop('b')] });
    const release = await hold(s.site, 'SELECT id FROM a FOR UPDATE'); // a row is waited for also when the client has gone
    const run = s.begin('up');
    await s.running('TABLE slow');
    await run.stop('SIGKILL');
    const next = s.begin('up');
    await until('it waits', () => tail(next.log).includes('another migration is running'));
    await release();
    assert.equal((await next.wait()).code, 0, tail(next.log));
    const said = tail(next.log);
    assert.match(said, /0002_x: statement 2 was interrupted; the schema shows that it had been carried out/);
    assert.match(said, /going on at statement 3 of 3/);
    assert.deepEqual(await s.tables(), ['a', 'b', 'c', 'slow']);
    await s.done('down', '2');
    assert.deepEqual(await s.tables(), []);
});

test('kill -9 while a change of the schema waits, and then never happens: the next run does it', async () => {
    const s = await scene();
    s.put({ ...A, up: [create('a'), 'INSERT INTO a VALUES (1)'] });
    await s.done('up');
    s.put({ ...B, up: [create('b'), 'ALTER TABLE a ADD COLUMN n INT NULL', create('c')] });
    const release = await hold(s.site, 'SELECT id FROM a'); // a reader
    const run = s.begin('up');
    const connection = await s.running('ADD COLUMN n');
    await run.stop('SIGKILL');
    await s.site.query(`KILL ${connection}`).catch(() => null); // who waits for a table may have seen that the client has gone
    await until('the server has ended it', async () => (await s.site.query(`SELECT id FROM information_schema.processlist
        WHERE id = ${connection}`)).length === 0);
    await release();
    assert.match(await s.done('up'), /statement 2 was interrupted; the schema shows that it was not carried out/);
    assert.deepEqual(await s.tables(), ['a', 'b', 'c']);
    assert.equal(await s.site.count('a', 'n IS NULL'), 1);
});

test('kill -9 in the middle of a slow statement of data: it is undone and done again, once', async () => {
    const s = await scene();
    s.put({ ...A, up: [create('a'), 'INSERT INTO a VALUES (1)'] });
    await s.done('up');
    s.put({ ...B, up: ['CREATE TABLE b (id INT)', 'INSERT INTO b SELECT id FROM a FOR UPDATE', create('c')] });
    const release = await hold(s.site, 'SELECT id FROM a FOR UPDATE');
    const run = s.begin('up');
    await s.running('INTO b');
    await run.stop('SIGKILL');
    await release();
    assert.match(await s.done('up'), /going on at statement 2 of 3/);
    assert.equal(await s.site.count('b'), 1);
    assert.deepEqual(await s.tables(), ['a', 'b', 'c']);
});

test('the server is killed and restarted in the middle: a clear failure, and the next run completes', async () => {
    const server = await startServer();
    const s = await scene({ server });
    s.put(A, { ...B, up: [create('b'), 'CREATE TABLE slow AS SELECT SLEEP(30) AS x', create('c')],
        down: [drop('c'), drop('slow'), drop('b')] });
    const run = s.begin('up');
    await s.running('slow');
    await server.stop('SIGKILL');
    assert.equal((await run.wait()).code, 1);
    assert.match(tail(run.log), /0002_x\.sql:6: the connection was lost during statement 2 of 3/);
    await server.start();
    s.put({ ...B, up: [create('b'), 'CREATE TABLE slow AS SELECT SLEEP(0) AS x', create('c')] });
    assert.match(await s.done('up'), /statement 2 was interrupted; the schema shows that it was not carried out/);
    assert.deepEqual(await s.tables(), ['a', 'b', 'c', 'slow']);
    await s.site.stop();
    await server.stop();
});

test('two databases on one server do not wait for each other', async () => {
    const [one, two] = [await scene(), await scene()];
    one.put({ ...A, up: [create('a'), `DO ${atGate(one.site)}`] });
    two.put(A);
    const open = await closeGate(one.site);
    const slow = one.begin('up');
    await gateReached(one.site);
    assert.doesNotMatch(await two.done('up'), /another migration/);
    assert.ok(slow.alive());
    await open();
    assert.equal((await slow.wait()).code, 0);
});

test('branches that were joined: parents first, and down the same way back', async () => {
    const s = await scene();
    const join4 = { revision: '0004', parent: '0002, 0003', up: ['ALTER TABLE b ADD COLUMN n INT', 'ALTER TABLE d ADD COLUMN n INT'],
        down: ['ALTER TABLE d DROP COLUMN n', 'ALTER TABLE b DROP COLUMN n'] };
    s.put(A, B, { revision: '0003', parent: '0001', up: [create('d')], down: [drop('d')] }, join4);
    await s.done('up');
    await s.done('down', '4');
    assert.deepEqual(await s.tables(), []);
});
