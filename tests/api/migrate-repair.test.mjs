// repair: what a human must decide after a crash or an edit, said and done. And how long statements are shown.
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atGate, closeGate, gateReached, hold } from './lib/locks.mjs';
import { A, B, create, drop, scene, text } from './lib/migrations.mjs';
import { tail, until } from './lib/processes.mjs';
import { test } from './lib/test.mjs';

const json = (done) => JSON.parse(done.stdout);

/** Runs repair and wants this exit code and these words. */
async function repair(s, code, args, ...patterns) {
    const done = await s.migrate('repair', ...args);
    assert.equal(done.code, code, done.said);
    patterns.forEach((pattern) => assert.match(done.said, pattern));
    return done;
}

/** B is being applied, and dies in its second statement, which the server finishes or not. */
async function interrupted(s, finished) {
    const slow = 'CREATE TABLE slow AS SELECT id FROM a FOR UPDATE';
    s.put({ ...A, up: [create('a'), 'INSERT INTO a VALUES (1)'] });
    await s.done('up');
    s.put({ ...B, up: [create('b'), slow, create('c')], down: [drop('c'), drop('slow'), drop('b')] });
    const release = await hold(s.site, 'SELECT id FROM a FOR UPDATE'); // a row is waited for also when the client has gone
    const run = s.begin('up');
    const connection = await s.running('TABLE slow');
    await run.stop('SIGKILL');
    if (!finished) {
        await s.site.query(`KILL ${connection}`);
    } else {
        await release();
    }
    await until('the server has ended it', async () => (await s.site.query(`SELECT id FROM information_schema.processlist
        WHERE id = ${connection}`)).length === 0);
    if (!finished) {
        await release();
    }
}

/** Runs it, with success, and opens the gate when it has said this. */
async function slowly(s, pattern, ...args) {
    const open = await closeGate(s.site);
    const run = s.begin(...args);
    await until(`it says ${pattern}`, () => pattern.test(tail(run.log)));
    await open();
    assert.equal((await run.wait()).code, 0, tail(run.log));
    return tail(run.log);
}

test('nothing to repair', async () => {
    const s = await scene();
    s.put(A, B);
    await repair(s, 0, [], /there is nothing to repair/);
    assert.deepEqual(await s.site.query('SHOW TABLES'), [], 'it makes nothing, not even the ledger');
    await s.done('up');
    await repair(s, 0, [], /there is nothing to repair/);
    assert.deepEqual(json(await s.migrate('repair', '--json')).findings, []);
    for (const args of [['--done'], ['--not-done']]) {
        await repair(s, 1, args, /no statement was interrupted/);
    }
    await repair(s, 1, ['--accept', '0001'], /0001_x: was not edited/);
    await repair(s, 1, ['--forget', '0001'], /0001_x: is applied and has its file/);
    await repair(s, 1, ['--forget', '0009'], /no record of 0009/);
    await repair(s, 2, ['--done', '--not-done'], /one decision at a time/);
    assert.deepEqual(await s.tables(), ['a', 'b', 'c']);
});

test('an interrupted statement that was carried out', async () => {
    const s = await scene();
    await interrupted(s, true);
    const before = await s.ledger();
    await repair(s, 0, [], /0002_x: statement 2 of 3 of its section up was interrupted, and the schema shows that it was carried out/);
    const [finding] = json(await s.migrate('repair', '--json')).findings;
    assert.deepEqual([finding.revision, finding.finding, finding.undecided, finding.carried_out, finding.done],
        ['0002', 'interrupted', false, true, 1]);
    assert.deepEqual(await s.ledger(), before, 'it only looks');
    assert.match(await s.done('up'), /had been carried out/);
    assert.deepEqual(await s.tables(), ['a', 'b', 'c', 'slow']);
});

test('somebody else has changed the schema since: the human says that it was not carried out', async () => {
    const s = await scene();
    await interrupted(s, false);
    await repair(s, 0, [], /shows that it was not carried out/);
    await s.site.query('CREATE TABLE elsewhere (id INT)');
    await repair(s, 0, [], /shows that it was carried out/); // so it looks
    await repair(s, 0, ['--not-done'], /statement 2 of 3 .* is taken for not carried out/);
    await s.done('up');
    assert.deepEqual(await s.tables(), ['a', 'b', 'c', 'elsewhere', 'slow']);
});

test('… or that it was, and the schema looks as before', async () => {
    const s = await scene();
    await interrupted(s, true);
    await s.site.query('DROP TABLE slow'); // by hand, and nobody wants it back
    await repair(s, 0, [], /shows that it was not carried out/);
    const done = await repair(s, 0, ['--done', '--json']);
    assert.match(json(done).repaired, /statement 2 of 3 .* is taken for carried out/);
    assert.match(await s.done('up'), /going on at statement 3 of 3/);
    assert.deepEqual(await s.tables(), ['a', 'b', 'c']);
});

test('the file says something else by now: up refuses, repair decides', async () => {
    const s = await scene();
    await interrupted(s, true);
    s.put({ ...B, up: [create('b'), create('other'), create('c')] });
    await s.fails(['up'], /quire migrate repair/);
    await repair(s, 3, [], /the file says something else there by now/);
    assert.equal(json(await s.migrate('repair', '--json')).findings[0].undecided, true);
    await repair(s, 0, ['--done']);
    await s.done('up');
    assert.deepEqual(await s.tables(), ['a', 'b', 'c', 'slow']);
});

test('an applied file that was edited on purpose is accepted', async () => {
    const s = await scene();
    s.put(A, B);
    await s.done('up');
    writeFileSync(join(s.dir, '0001_x.sql'), `${text(A)}-- a remark\n`);
    await s.fails(['up'], /was edited after/);
    await repair(s, 3, [], /0001_x\.sql: was edited after .* --accept 0001/);
    await repair(s, 1, ['--accept', '0002'], /was not edited/);
    await repair(s, 0, ['--accept', '0001'], /0001_x\.sql is taken as it is now/);
    assert.match(await s.done('up'), /nothing to do/);
    await repair(s, 0, [], /nothing to repair/);
});

test('what was carried out of a half done file was edited: accepted, or put back', async () => {
    const s = await scene();
    s.put(A, { ...B, up: [create('b'), create('c'), drop('nowhere')] });
    await s.fails(['up'], /statement 3 of 3 failed/);
    s.put({ ...B, up: [create('b'), `${create('c')} COMMENT 'c'`, create('d')] });
    await repair(s, 3, [], /first 2 statements .* --accept 0002/);
    await repair(s, 0, ['--accept', '0002'], /first 2 statements are taken/);
    assert.match(await s.done('up'), /going on at statement 3 of 3/);
    assert.deepEqual(await s.tables(), ['a', 'b', 'c', 'd']);
});

test('a record without its file is forgotten', async () => {
    const s = await scene();
    s.put(A, B);
    await s.done('up');
    rmSync(join(s.dir, '0002_x.sql'));
    await s.fails(['up'], /has no file for it/);
    await repair(s, 3, [], /0002_x: is applied, and .* has no file for it: .* --forget 0002/);
    await repair(s, 0, ['--forget', '0002'], /0002_x is forgotten; the schema is as it was/);
    assert.match(await s.done('up'), /nothing to do/);
    assert.deepEqual(await s.tables(), ['a', 'b', 'c']);
});

test('a half done migration is forgotten', async () => {
    const s = await scene();
    s.put(A, { ...B, up: [create('b'), drop('nowhere')] });
    await s.fails(['up'], /statement 2 of 2 failed/);
    await repair(s, 0, [], /0002_x: 1 of 2 statements of its section up are done/);
    await repair(s, 0, ['--forget', '0002']);
    assert.deepEqual((await s.ledger()).map(({ revision }) => revision), ['0001']);
});

test('while a migration runs, repair says so, and a decision waits for it', async () => {
    const s = await scene();
    s.put({ ...A, up: [create('a'), `DO ${atGate(s.site)}`] });
    const open = await closeGate(s.site);
    const run = s.begin('up');
    await gateReached(s.site);
    await repair(s, 0, [], /a migration is running just now, on connection \d+/);
    const decision = s.begin('repair', '--done');
    await until('it waits', () => tail(decision.log).includes('another migration is running'));
    await open();
    assert.equal((await decision.wait()).code, 1);
    assert.match(tail(decision.log), /no statement was interrupted/);
    assert.equal((await run.wait()).code, 0);
});

test('a statement that takes long is shown, with the seconds; --verbose shows each', async () => {
    const s = await scene();
    s.put(A, { ...B, up: [create('b'), `CREATE TABLE slow AS SELECT ${atGate(s.site)} AS x`, create('c')],
        down: [`DO ${atGate(s.site)}`, drop('c'), drop('slow'), drop('b')] });
    const shown = /^0002_x: statement 2 of 3 has been running for (\d+) s \(User lock\)$/m;
    const said = await slowly(s, shown, 'up', '--verbose');
    assert.ok(Number(shown.exec(said)[1]) >= 2, said);
    const [first, second, third] = [1, 2, 3].map((n) =>
        Number(new RegExp(`^0002_x: statement ${n} of 3 \\(up, ([\\d.]+) s\\)\n`, 'm').exec(said)[1]));
    assert.ok(second >= 2, said);
    for (const [n, seconds] of [[1, first], [3, third]]) { // these may be shown only where the machine has made them slow
        assert.ok(seconds >= 2 || !said.includes(`statement ${n} of 3 has been`), said);
    }
    const back = await slowly(s, /statement 1 of 4 has been running for \d+ s/, 'down');
    assert.ok(Number(/statement 1 of 4 has been running for (\d+) s/.exec(back)[1]) >= 2, back);
    assert.doesNotMatch(back, /\(down, /);
});

test('the server\'s own progress is shown where it reports any', async () => {
    const s = await scene();
    s.put({ ...A, up: ['CREATE TABLE a (id INT PRIMARY KEY, t VARCHAR(200)) ENGINE=InnoDB', "INSERT INTO a SELECT seq, REPEAT(seq, 20) FROM seq_1_to_600000",
        'ALTER TABLE a ADD COLUMN n VARCHAR(200) AS (SHA2(CONCAT(t, SHA2(t, 512), SHA2(t, 256)), 512)) STORED, ADD KEY (n), ADD KEY (t), ALGORITHM=COPY'] });
    assert.match(await s.done('up'), /statement 3 of 3 has been running for \d+ s \(stage \d+ of \d+, \d+ %: .*\)/);
});

test('ten at once: applied once, the others wait and leave with 0', async () => {
    const s = await scene();
    s.put({ ...A, up: [create('a'), 'INSERT INTO a VALUES (1)', `DO ${atGate(s.site)}`] }, B);
    const open = await closeGate(s.site);
    const begun = Array.from({ length: 10 }, () => s.begin('upgrade'));
    const wait = /another migration is running, on connection \d+/;
    await until('nine wait', () => begun.filter(({ log }) => wait.test(tail(log))).length === 9);
    await open();
    const runs = await Promise.all(begun.map(async (run) => ({ ...await run.wait(60000), said: tail(run.log) })));
    assert.deepEqual(runs.map(({ code }) => code), Array(10).fill(0), runs.map(({ said }) => said).join('\n'));
    assert.equal(runs.filter(({ said }) => said.includes('applied 0001_x')).length, 1);
    assert.equal(runs.filter(({ said }) => said.includes('nothing to do')).length, 9);
    assert.equal(await s.site.count('a'), 1);
    assert.deepEqual(await s.tables(), ['a', 'b', 'c']);
});

test('no process is left of the one that watches, also after a kill', async () => {
    const s = await scene();
    s.put({ ...A, up: [create('a'), 'DO SLEEP(30)'] });
    const run = s.begin('up');
    await s.running('SLEEP');
    const [watcher] = await until('it watches', () => {
        const pids = readFileSync(`/proc/${run.pid}/task/${run.pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
        return pids.length === 1 && pids;
    });
    const how = await run.stop('SIGKILL');
    assert.equal(how.signal, 'SIGKILL');
    await until('the watcher has gone', () => {
        try {
            return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${watcher}/status`, 'utf8'));
        } catch {
            return true;
        }
    }, { patience: 15000 }); // long before the statement would be done
});
