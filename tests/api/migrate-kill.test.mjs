// Kill -9 around every statement of every migration, up and down: the next run understands what it finds, and ends with
// the same schema. tests/kill/migrate.c is the program that kills itself at a named moment; each run goes on with what the
// one before has left and dies at the next statement, and the program itself completes.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { scene, schemaOf } from './lib/migrations.mjs';
import { environment, root, run } from './lib/processes.mjs';
import { test } from './lib/test.mjs';

const program = join(resolve(root, process.env.QUIRE_KILL ?? 'build/release/kill'), 'migrate');
assert.ok(existsSync(program), `there is no ${program}: make api builds it`);

const MOMENTS = ['before', 'sent', 'answered', 'recorded'];
const BOOKS = ['begin', 'begun', 'adopt', 'adopted', 'finish', 'finished'];
const table = [];

/** How many statements each section of a folder's migrations has, as the program counts them: [{ revision, up, down }]. */
async function sections(s) {
    await s.done('up');
    const ups = new Map((await s.ledger()).map(({ revision, total }) => [revision, Number(total)]));
    const downs = new Map();
    for (const revision of [...ups.keys()].reverse()) {
        const done = await s.migrate('down', '1', '--verbose');
        assert.equal(done.code, 0, done.said);
        downs.set(revision, Number(/\((\d+) statements?, /.exec(done.said.split('\n').findLast((line) => line.startsWith('taken back')))[1]));
    }
    return [...ups.keys()].map((revision) => ({ revision, up: ups.get(revision), down: downs.get(revision) }));
}

/** The killed run: dies there, and says what the run before it had left. */
async function dieAt(s, direction, args, at) {
    const env = environment({ ...s.site.settings, KILL_AT: `${direction}:${at}` });
    const done = await run(program, args, { env, cwd: s.site.dir });
    assert.equal(done.signal, 'SIGKILL', `${direction}:${at}: it ended with ${done.code}\n${done.stdout}${done.stderr}`);
    return done.stderr;
}

const WAS_DONE = /was interrupted; the schema shows that it had been carried out/;
const WAS_NOT = /was interrupted; the schema shows that it was not carried out/;
const GOES_ON = /going on at statement (\d+) of/;

/** Holds what the next run says against what must have become of the statement, and puts it into a word. */
function judge(said, { kind, moment, nth, total }, what) {
    const interrupted = kind === 'schema' && moment !== 'recorded';
    assert.equal(/was interrupted/.test(said), interrupted, what); // else it is recorded with its work, or not at all
    const done = moment === 'recorded' || WAS_DONE.test(said);
    assert.equal(WAS_NOT.test(said), interrupted && !done, what);
    if (moment !== 'sent' || kind !== 'schema') {
        assert.equal(done, moment === 'recorded' || (kind === 'schema' && moment === 'answered'), what);
    }
    const next = done ? nth + 1 : nth;
    const place = GOES_ON.exec(said)?.[1];
    assert.equal(place, next > 1 && next <= total ? String(next) : undefined, what);
    const fate = moment === 'recorded' ? 'recorded' : done ? 'carried out' : kind === 'schema' ? 'not carried out' : 'rolled back';
    return `${fate}, resumed at ${next <= total ? next : 'the end'}`;
}

/** Goes one way through all migrations, killed at this moment of every statement. Returns how often. */
async function pass(s, direction, steps, moment, kindOf, name) {
    const points = (direction === 'up' ? steps : [...steps].reverse()).flatMap((each) => BOOKS.includes(moment)
        ? [`${each.revision}:0:${moment}`]
        : Array.from({ length: each[direction] }, (_, i) => `${each.revision}:${i + 1}:${moment}`));
    let before = null;
    const note = (said) => {
        if (before !== null) {
            const [revision, nth] = before.split(':');
            const total = steps.find((each) => each.revision === revision)[direction];
            const kind = nth === '0' ? null : kindOf(direction, revision, Number(nth));
            table.push([name, direction, before, kind === null ? 'the books were right' : judge(said,
                { kind, moment, nth: Number(nth), total }, `killed at ${direction}:${before}\n${said}`)]);
        }
    };
    for (const at of points) {
        // what is taken back wholly is not counted again
        const args = direction === 'up' ? ['up'] : ['down', String((await s.ledger()).length)];
        note(await dieAt(s, direction, args, at));
        before = at;
    }
    const rows = (await s.ledger()).length;
    const last = direction === 'up' ? await s.done('up') : rows > 0 ? await s.done('down', String(rows)) : '';
    note(last);
    return points.length;
}

async function killedEverywhere(name, dir, kindOf, rowsOf) {
    const whole = await scene({ settings: { MIGRATIONS_DIR: dir } });
    const steps = await sections(whole);
    await whole.done('up');
    const schema = await schemaOf(whole.site, whole.site.database.name);
    const rows = await rowsOf(whole);
    let kills = 0;
    for (const moment of [...MOMENTS, ...BOOKS]) {
        const s = await scene({ settings: { MIGRATIONS_DIR: dir } });
        kills += await pass(s, 'up', steps, moment, kindOf, name);
        assert.equal(await schemaOf(s.site, s.site.database.name), schema, `up, killed ${moment}`);
        assert.deepEqual(await rowsOf(s), rows, `up, killed ${moment}`);
        assert.match(await s.done('up'), /nothing to do/);
        kills += await pass(s, 'down', steps, moment, kindOf, name);
        assert.deepEqual(await s.tables(), [], `down, killed ${moment}`);
        assert.deepEqual(await s.ledger(), [], `down, killed ${moment}`);
        await s.site.stop();
    }
    await whole.site.stop();
    const statements = steps.reduce((sum, each) => sum + each.up + each.down, 0);
    assert.equal(kills, MOMENTS.length * statements + BOOKS.length * 2 * steps.length);
    return kills;
}

test('every statement of every migration of the project', { timeout: 300000 }, async () => {
    const dir = join(root, 'migrations');
    const whole = readdirSync(dir).filter((file) => file.endsWith('.sql')).map((file) => readFileSync(join(dir, file), 'utf8'));
    assert.ok(whole.every((each) => !/^(INSERT|UPDATE|DELETE|REPLACE|SELECT|WITH|LOAD|DO|SET)\b/m.test(each)),
        'there are statements of data now: say of which kind they are');
    await killedEverywhere('project', dir, () => 'schema', () => []);
});

test('statements of data and settings of the session between them', { timeout: 300000 }, async () => {
    const maker = await scene();
    const up = ['CREATE TABLE a (id INT NOT NULL PRIMARY KEY, n INT)', 'INSERT INTO a VALUES (1, 1), (2, 2)', 'SET @more = 10',
        'UPDATE a SET n = n + @more', 'ALTER TABLE a ADD COLUMN m INT NULL', 'UPDATE a SET m = n * 2', 'CREATE TABLE b AS SELECT * FROM a'];
    const down = ['DROP TABLE b', 'UPDATE a SET n = n - 10', 'ALTER TABLE a DROP COLUMN m', 'DELETE FROM a', 'DROP TABLE a'];
    maker.put({ revision: '0001', up, down });
    const kindOf = (direction, revision, nth) => {
        const first = (direction === 'up' ? up : down)[nth - 1].split(' ')[0];
        return ['CREATE', 'ALTER', 'DROP'].includes(first) ? 'schema' : 'other';
    };
    await killedEverywhere('data', maker.dir, kindOf, async (s) => [await s.site.query('SELECT * FROM a ORDER BY id'),
        await s.site.query('SELECT * FROM b ORDER BY id')]);
});

test('the table of all kills', (t) => {
    assert.ok(table.length > 0);
    for (const fate of ['not carried out', 'carried out', 'rolled back', 'recorded']) {
        assert.ok(table.some(([, , , found]) => found.startsWith(fate)), `nothing was ${fate}`);
    }
    const lines = table.map(([name, direction, at, found]) => `${name.padEnd(8)} ${direction.padEnd(5)} ${at.padEnd(18)} ${found}`);
    t.diagnostic(`killed at, and what the next run said of it (${lines.length} kills):\n${lines.join('\n')}`);
});
