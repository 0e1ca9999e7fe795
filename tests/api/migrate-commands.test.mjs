// The commands of migrate, on a database of their own: first one long story in the order in which the same commands
// were once given to Alembic, then each command's corners.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, run } from './lib/processes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

let counter = 0;

/** A migration's text. */
function text({ revision, parent = 'none', up = [], down = [], irreversible }) {
    const section = (list) => list.map((each) => `${each};\n`).join('');
    return `-- revision: ${revision}\n-- parent: ${parent}\n-- created: 2026-01-02T03:04:05Z\n`
        + `-- migrate:up\n${section(up)}-- migrate:down${irreversible ? ` irreversible: ${irreversible}` : ''}\n${section(down)}`;
}

/** A migration that makes one table. */
const table = (revision, parent, name) => ({ revision, parent, up: [`CREATE TABLE ${name} (id INT NOT NULL PRIMARY KEY)`],
    down: [`DROP TABLE ${name}`] });

/** A database with a folder of migrations. */
async function scene(...files) {
    const dir = join(folder(), `c${++counter}`);
    mkdirSync(dir);
    const site = await startSite({ migrate: false, pool: false, front: false, settings: { MIGRATIONS_DIR: dir } });
    const self = {
        site, dir,
        put: (...all) => all.forEach((file) => writeFileSync(join(dir, `${file.revision}_${file.slug ?? 'x'}.sql`), text(file))),
        files: () => readdirSync(dir).sort(),
        read: (name) => readFileSync(join(dir, name), 'utf8'),
        migrate: (...args) => site.quire(['migrate', ...args]),
        /** Runs a command and wants this exit code; its standard output. */
        async gives(code, ...args) {
            const done = await self.migrate(...args);
            assert.equal(done.code, code, `migrate ${args.join(' ')}: ${done.stdout}${done.stderr}`);
            return done.stdout;
        },
        done: (...args) => self.gives(0, ...args),
        /** The same, with both outputs. */
        async said(...args) {
            const done = await self.migrate(...args);
            assert.equal(done.code, 0, done.stderr);
            return done.stdout + done.stderr;
        },
        /** Wants a failure that says all of this, and nothing on standard output. */
        async fails(args, ...patterns) {
            const done = await self.migrate(...args);
            assert.equal(done.code, 1, done.stdout + done.stderr);
            assert.equal(done.stdout, '');
            assert.match(done.stderr, /^quire: /m);
            patterns.forEach((pattern) => assert.match(done.stderr, pattern));
        },
        json: async (...args) => JSON.parse(await self.done(...args, '--json')),
        /** Runs a script as an operator would. */
        script: (sql) => run('mariadb', ['--no-defaults', `--socket=${site.server.socket}`, '--user=root', '--comments',
            site.database.name], { input: sql }),
        current: async () => (await self.done('current')).split('\n').filter(Boolean).map((line) => line.split(/[ ,]/)[0]),
        tables: async () => (await site.query(`SELECT table_name AS t FROM information_schema.tables WHERE table_schema
            = DATABASE() AND table_name <> 'quire_migrations' ORDER BY 1`)).map(({ t }) => t),
        /** All that the books hold but the times. */
        ledger: () => site.query(`SELECT revision, name, checksum, state, total, done, done_sum, under_way_sum, schema_before,
            applied_at IS NULL AS unapplied FROM quire_migrations ORDER BY revision`),
        async schema() {
            const texts = [];
            for (const t of await self.tables()) {
                const [row] = await site.query(`SHOW CREATE TABLE ${t}`);
                texts.push(row['Create Table'].replace(/ AUTO_INCREMENT=\d+/, ''));
            }
            return texts.join('\n');
        },
    };
    self.put(...files);
    return self;
}

/** 0001 <- 0002 <- 0003, and 0004 also on 0002. */
const FORK = [table('0001', undefined, 'a'), table('0002', '0001', 'b'), table('0003', '0002', 'c'), table('0004', '0002', 'd')];

const story = await scene();

test('the story: nothing is there', async () => {
    assert.equal(await story.done('current'), '');
    assert.equal(await story.done('heads'), '');
    assert.equal(await story.done('history'), '');
});

test('the story: the first revision is generated, reviewed and applied', async () => {
    const said = await story.said('revision', '--autogenerate', '-m', 'users and posts', '--rev-id', 'aaa111');
    assert.match(said, /table users\b/);
    assert.match(said, /^wrote .*\/aaa111_users_and_posts\.sql$/m);
    const file = story.read('aaa111_users_and_posts.sql');
    assert.match(file, /^-- message: users and posts\n-- revision: aaa111\n-- parent: none\n-- created: \d{4}-\d\d-\d\dT[\d:]+Z\n/);
    assert.match(file, /-- migrate:up\n[^]*CREATE TABLE users [^]*CREATE TABLE posts [^]*-- migrate:down\n[^]*DROP TABLE users;/);
    // A reviewer thinks that roles need no description yet.
    const reviewed = file.replace(/^ *description VARCHAR\(500\).*\n/m, '');
    assert.notEqual(reviewed, file);
    writeFileSync(join(story.dir, 'aaa111_users_and_posts.sql'), reviewed);
    assert.equal(await story.done('heads'), 'aaa111 (head), users and posts\n');
    assert.equal(await story.done('current'), '');
    assert.match(await story.said('upgrade', 'head'), /applied aaa111_users_and_posts \(\d+ statements, [\d.]+ s\)/);
    assert.equal(await story.done('current'), 'aaa111 (head), users and posts\n');
    assert.match(await story.said('upgrade', 'head'), /nothing to do/);
});

test('the story: an empty revision; generating is refused while the database is behind', async () => {
    await story.done('revision', '-m', 'empty revision', '--rev-id', 'bbb222');
    assert.match(story.read('bbb222_empty_revision.sql'), /-- parent: aaa111\n[^]*-- migrate:up\n\n-- Put the statements here[^]*-- migrate:down\n/);
    await story.fails(['revision', '--autogenerate', '-m', 'too early', '--rev-id', 'ccc333'],
        /database is not up to date.*bbb222_empty_revision.*migrate upgrade/);
    assert.equal(story.files().length, 2);
    assert.match(await story.said('upgrade', 'head'), /applied bbb222_empty_revision \(0 statements/);
    await story.done('revision', '--autogenerate', '-m', 'add the description', '--rev-id', 'ccc333');
    assert.match(story.read('ccc333_add_the_description.sql'),
        /-- migrate:up\n[^]*ALTER TABLE roles\s+ADD COLUMN description [^]*-- migrate:down\n[^]*ALTER TABLE roles\s+DROP COLUMN description/);
    await story.done('upgrade', 'head');
});

test('the story: what is told of the history', async () => {
    const verbose = await story.done('current', '--verbose');
    assert.match(verbose, /^Rev: ccc333 \(head\)\nParent: bbb222\nPath: .*\/ccc333_add_the_description\.sql\nCreated: .*\nApplied: 20.*Z\nUp: 1 statement\n/);
    assert.match(verbose, /\n\n    add the description\n/);
    assert.equal(await story.done('history'), 'bbb222 -> ccc333 (head), add the description\naaa111 -> bbb222, empty revision\n'
        + '<base> -> aaa111, users and posts\n');
    const blocks = (await story.done('history', '--verbose')).split('\nRev: ');
    assert.deepEqual(blocks.map((block) => block.replace('Rev: ', '').split('\n')[0]), ['ccc333 (head)', 'bbb222', 'aaa111']);
    assert.match(blocks[2], /\nParent: <base>\n/);
});

test('the story: down and up by steps and by name', async () => {
    await story.done('downgrade', '-1');
    assert.equal(await story.done('current'), 'bbb222, empty revision\n');
    await story.done('downgrade', 'aaa111');
    assert.equal(await story.done('current'), 'aaa111, users and posts\n');
    await story.done('upgrade', '+1');
    assert.deepEqual(await story.current(), ['bbb222']);
    await story.done('upgrade', 'ccc333');
    assert.deepEqual(await story.current(), ['ccc333']);
    await story.fails(['downgrade', 'nosuchrev'], /no migration `nosuchrev`.*ccc333_add_the_description/);
    await story.fails(['upgrade', 'nosuchrev'], /no migration `nosuchrev`.*ccc333_add_the_description/);
    const said = await story.said('downgrade', 'base');
    assert.match(said, /taken back ccc333[^]*taken back bbb222[^]*taken back aaa111/);
    assert.deepEqual(await story.tables(), []);
    assert.equal(await story.done('current'), '');
    await story.fails(['downgrade', '-1'], /1 migration cannot be taken back: nothing is applied/);
});

test('the story: stamped', async () => {
    assert.match(await story.said('stamp', 'head'), /stamped aaa111_users_and_posts as applied\n.*\n.*ccc333/);
    assert.equal(await story.done('current'), 'ccc333 (head), add the description\n');
    assert.deepEqual(await story.tables(), []);
    assert.match(await story.said('stamp', 'head'), /nothing to do/);
    assert.match(await story.said('stamp', 'base'), /stamped ccc333_\w+ as not applied/);
    assert.deepEqual(await story.current(), []);
});

test('the story: --sql, through the real client, does what a run does', async () => {
    await story.done('upgrade', 'head');
    const [schema, ledger] = [await story.schema(), await story.ledger()];
    await story.done('downgrade', 'base');
    const up = await story.done('upgrade', 'head', '--sql');
    const done = await story.script(up);
    assert.equal(done.code, 0, done.stderr);
    assert.equal(done.stdout, '', 'a script says nothing');
    assert.equal(await story.schema(), schema);
    assert.deepEqual(await story.ledger(), ledger);
    assert.match(await story.said('upgrade'), /nothing to do/);

    await story.done('downgrade', 'aaa111');
    const [lower, lowerLedger] = [await story.schema(), await story.ledger()];
    await story.done('upgrade', 'head');
    const down = await story.done('downgrade', 'ccc333:aaa111', '--sql');
    assert.doesNotMatch(down, /DROP TABLE/);
    assert.equal((await story.script(down)).code, 0);
    assert.equal(await story.schema(), lower);
    assert.deepEqual(await story.ledger(), lowerLedger);
    assert.equal((await story.script(await story.done('upgrade', 'aaa111:', '--sql'))).code, 0);
    assert.equal(await story.schema(), schema);
    assert.deepEqual(await story.current(), ['ccc333']);
});

test('the story: two heads, merged', async () => {
    await story.done('revision', '-m', 'branch one', '--rev-id', 'ddd444');
    await story.fails(['revision', '-m', 'branch two', '--rev-id', 'eee555', '--head', 'bbb222'], /bbb222_empty_revision is not a head.*--splice/);
    await story.done('revision', '-m', 'branch two', '--rev-id', 'eee555', '--head', 'ccc333', '--splice');
    assert.equal(await story.done('heads'), 'eee555 (head), branch two\nddd444 (head), branch one\n');
    await story.fails(['upgrade', 'head'], /there are 2 heads.*ddd444_branch_one\.sql.*eee555_branch_two\.sql.*migrate merge/);
    await story.fails(['upgrade'], /there are 2 heads/);
    await story.fails(['revision', '-m', 'three'], /there are 2 heads/);
    await story.done('merge', '-m', 'merge heads', 'ddd444', 'eee555', '--rev-id', 'fff666');
    assert.match(story.read('fff666_merge_heads.sql'), /-- revision: fff666\n-- parent: ddd444, eee555\n/);
    assert.equal(await story.done('heads'), 'fff666 (head) (mergepoint), merge heads\n');
    assert.match(await story.said('upgrade', 'head'), /applied ddd444[^]*applied eee555[^]*applied fff666/);
    assert.equal(await story.done('current'), 'fff666 (head) (mergepoint), merge heads\n');
    assert.equal(await story.done('history'), 'ddd444, eee555 -> fff666 (head) (mergepoint), merge heads\n'
        + 'ccc333 -> eee555, branch two\nccc333 -> ddd444, branch one\nbbb222 -> ccc333 (branchpoint), add the description\n'
        + 'aaa111 -> bbb222, empty revision\n<base> -> aaa111, users and posts\n');
    assert.equal(await story.done('branches'), 'ccc333 (branchpoint), add the description\n'
        + '       -> ddd444, branch one\n       -> eee555, branch two\n');
});

test('the story: nothing differs, and no file is written', async () => {
    const before = story.files();
    assert.match(await story.said('revision', '--autogenerate', '-m', 'nothing changed', '--rev-id', '999999'),
        /nothing differs.*no file was written/);
    assert.deepEqual(story.files(), before);
    assert.match(await story.said('check'), /nothing is pending, and the tables are as they are declared/);
});

test('check says no with 3: what is pending, then what differs', async () => {
    const before = story.files();
    await story.done('downgrade', '-1');
    assert.equal(await story.gives(3, 'check'), 'pending: fff666_merge_heads\n');
    await story.done('upgrade');
    await story.site.query('ALTER TABLE users DROP COLUMN is_active; CREATE TABLE strange (id INT PRIMARY KEY)');
    const said = await story.gives(3, 'check');
    assert.match(said, /^differs: .*users.*is_active/m);
    assert.match(said, /^differs: .*strange/m);
    const document = JSON.parse(await story.gives(3, 'check', '--json'));
    assert.deepEqual([document.pending, document.differences.length, document.loses], [[], 2, true]);
    assert.match(await story.gives(3, 'check', '--sql'), /ALTER TABLE users\s+ADD COLUMN is_active/);
    await story.fails(['revision', '--autogenerate', '-m', 'lossy'], /strange.*--allow-loss/);
    assert.deepEqual(story.files(), before);
    await story.done('revision', '--autogenerate', '--allow-loss', '-m', 'lossy', '--rev-id', 'g7');
    assert.match(story.read('g7_lossy.sql'), /LOSES DATA[^]*DROP TABLE strange/);
    await story.done('upgrade');
    await story.done('check');
});

// -- corners --

test('targets: a unique beginning, a file name, a path; unknown and ambiguous ones are named with candidates', async () => {
    const s = await scene({ ...table('a1', undefined, 'a'), slug: 'first' }, { ...table('a2', 'a1', 'b'), slug: 'second' },
        { ...table('b3', 'a2', 'c'), slug: 'third_of_all' });
    for (const word of ['a2', 'a2_second', 'a2_second.sql', `${s.dir}/a2_second.sql`, 'a2_s']) {
        assert.match(await s.done('show', word), /^Rev: a2\nParent: a1\n[^]*CREATE TABLE b [^]*DROP TABLE b;/);
    }
    await s.fails(['upgrade', 'a'], /`a` may be each of a1_first, a2_second/);
    await s.fails(['show', 'OF_ALL'], /no migration `OF_ALL`; perhaps b3_third_of_all/);
    await s.fails(['upgrade', 'zz'], /no migration `zz`; the newest is b3_third_of_all/);
    await s.fails(['upgrade', '+4'], /4 migrations cannot be applied: only 3 are pending/);
    await s.fails(['upgrade', '+x'], /after \+ and - stands a number/);
    assert.deepEqual(await s.tables(), []);
    await s.done('upgrade', '+2');
    assert.deepEqual(await s.tables(), ['a', 'b']);
    assert.match(await s.said('upgrade', 'a1'), /nothing to do: everything up to a1_first/);
    await s.fails(['downgrade', 'b3'], /b3_third_of_all is not applied/);
    await s.fails(['downgrade', '-3'], /3 migrations cannot be taken back: only 2 are applied/);
    assert.match(await s.said('downgrade', 'a2'), /nothing to do/);
    assert.deepEqual(await s.tables(), ['a', 'b']);
});

test('two heads: each is applied by its name, all by `heads`, and taken back by their branch point', async () => {
    const s = await scene(...FORK);
    await s.fails(['upgrade', '+1'], /there are 2 heads/);
    await s.done('upgrade', '0003');
    assert.deepEqual(await s.tables(), ['a', 'b', 'c']);
    await s.done('downgrade', '-1');
    await s.done('upgrade', 'heads');
    assert.deepEqual(await s.tables(), ['a', 'b', 'c', 'd']);
    assert.deepEqual(await s.current(), ['0004', '0003']);
    await s.fails(['downgrade', '-1'], /there are 2 heads/);
    assert.match(await s.said('downgrade', '0003'), /nothing to do/);
    await s.done('downgrade', '0002');
    assert.deepEqual(await s.tables(), ['a', 'b']);
    assert.match(await s.said('status'), /^pending +0003_x\npending +0004_x$/m);
    await s.fails(['stamp', 'head'], /there are 2 heads/);
    await s.done('stamp', '0003', '0004');
    assert.deepEqual(await s.current(), ['0004', '0003']);
});

test('nothing is begun when a part of the way back is irreversible', async () => {
    const s = await scene(table('0001', undefined, 'a'), { ...table('0002', '0001', 'b'), down: [], irreversible: 'burnt' },
        table('0003', '0002', 'c'));
    await s.done('upgrade');
    await s.fails(['downgrade', 'base'], /0002_x\.sql: cannot be taken back: burnt/);
    await s.fails(['downgrade', '0001', '--json'].slice(0, 2), /burnt/);
    assert.deepEqual(await s.tables(), ['a', 'b', 'c']);
    await s.done('downgrade', '0002');
    assert.deepEqual(await s.tables(), ['a', 'b']);
});

test('half done: current says so, stamp and another branch refuse, upgrade goes on', async () => {
    const s = await scene(...FORK);
    await s.done('upgrade', '0002');
    s.put({ ...table('0003', '0002', 'c'), up: ['CREATE TABLE c (id INT)', 'DROP TABLE nowhere'] });
    await s.fails(['upgrade', '0003'], /statement 2 of 2 failed: 1051/);
    assert.equal(await s.done('current'), '0003 (head) (half done: up, 1 of 2 statements), x\n0002 (branchpoint), x\n');
    await s.fails(['stamp', 'base'], /0003_x: 1 of the 2 statements of its section up are done/);
    await s.fails(['upgrade', '0004'], /0003_x: 1 of the 2 statements.*migrate upgrade 0003/);
    await s.fails(['downgrade', 'base'], /0003_x: 1 of the 2 statements/);
    s.put({ ...table('0003', '0002', 'c'), up: ['CREATE TABLE c (id INT)'] });
    await s.done('upgrade', 'heads');
    assert.deepEqual(await s.tables(), ['a', 'b', 'c', 'd']);
});

test('current --check-heads answers with 3', async () => {
    const s = await scene(...FORK);
    await s.gives(3, 'current', '--check-heads');
    await s.done('upgrade', '0003');
    await s.gives(3, 'current', '--check-heads');
    assert.equal(JSON.parse(await s.gives(3, 'current', '--check-heads', '--json')).all_heads, false);
    await s.done('upgrade', 'heads');
    await s.done('current', '--check-heads');
});

test('history by ranges', async () => {
    const s = await scene(...FORK.slice(0, 3), table('0004', '0003', 'd'));
    const range = async (r) => (await s.done('history', '-r', r)).split('\n').filter(Boolean).map((line) => line.split(/-> |,| \(/)[1]);
    assert.deepEqual(await range('0002:0003'), ['0003', '0002']);
    assert.deepEqual(await range(':0002'), ['0002', '0001']);
    assert.deepEqual(await range('0003:'), ['0004', '0003']);
    assert.deepEqual(await range('base:heads'), ['0004', '0003', '0002', '0001']);
    assert.deepEqual(await range('-1:0003'), ['0003', '0002']);
    assert.deepEqual(await range('0002:+1'), ['0003', '0002']);
    await s.done('upgrade', '0002');
    assert.deepEqual(await range(':current'), ['0002', '0001']);
    assert.deepEqual(await range('current:'), ['0004', '0003', '0002']);
    assert.match(await s.done('history', '-i'), /-> 0003, x\n0001 -> 0002 \(applied\), x\n/);
    assert.match(await s.done('show', 'current'), /^Rev: 0002\n/);
});

test('new files: the next number, a slug of the message, and never over a file that is there', async () => {
    const s = await scene();
    assert.match(await s.done('revision', '-m', '  Añadir: "Notes" & more\n-- revision: 7  '), /\/0001_a_adir_notes_more_revision_7\.sql$/m);
    assert.equal(await s.done('heads'), '0001 (head), Añadir: "Notes" & more -- revision: 7\n');
    await s.done('revision', '-m', 'x', '--rev-id', '0041');
    await s.done('revision', '-m', 'next');
    assert.deepEqual(s.files().map((name) => name.slice(0, 4)), ['0001', '0041', '0042']);
    await s.fails(['revision', '-m', 'y', '--rev-id', '0041'], /0041_x\.sql: has the revision 0041 already/);
    for (const id of ['head', 'a-b', 'x'.repeat(33)]) {
        await s.fails(['revision', '-m', 'y', '--rev-id', id], /can be no revision/);
    }
    mkdirSync(join(s.dir, '.0043_taken.sql.d'));
    const printed = await s.done('revision', '-m', 'printed', '--sql');
    assert.match(printed, /^-- message: printed\n-- revision: 0043\n-- parent: 0042\n/);
    assert.equal(existsSync(join(s.dir, '0043_printed.sql')), false);
    assert.match(await s.done('revision', '-m', 'second root', '--head', 'base', '--splice', '--sql'), /-- parent: none\n/);
    await s.fails(['merge', 'heads'], /nothing to merge/);
    await s.fails(['merge', '0001', '0042'], /0001_\w+ is not a head/);
    assert.ok(s.files().every((name) => /^(0|\.0043_taken)/.test(name)), 'nothing temporary stays');
});

test('a statement that ends in a comment ends all the same in a script', async () => {
    const s = await scene();
    writeFileSync(join(s.dir, '0001_x.sql'), '-- revision: 0001\n-- parent: none\n-- created: 2026-01-02\n-- migrate:up\n'
        + 'CREATE TABLE a (id INT) -- the first\n;\nCREATE TABLE b (id INT)\n# the second; and last\n;\nDO 1 # none\n;\n'
        + '-- migrate:down\nDROP TABLE a -- one\n;\nDROP TABLE b # two\n;\n');
    const up = await s.script(await s.done('upgrade', '--sql'));
    assert.equal(up.code, 0, up.stderr);
    assert.deepEqual([await s.tables(), await s.current()], [['a', 'b'], ['0001']]);
    const down = await s.script(await s.done('downgrade', '0001:base', '--sql'));
    assert.equal(down.code, 0, down.stderr);
    assert.deepEqual(await s.tables(), []);
});

test('a revision that two files have is refused by every command, and how to mend it is said', async () => {
    const s = await scene(table('0001', undefined, 'a'), { ...table('0001', undefined, 'b'), slug: 'y' });
    for (const command of ['upgrade', 'heads', 'history', 'current', 'status', 'check']) {
        await s.fails([command], /0001_y\.sql: has the revision of .*0001_x\.sql; give the newer of the two another one/);
    }
});

test('a script refuses a database that is elsewhere, and what it leaves is gone on with', async () => {
    const s = await scene(...FORK.slice(0, 3));
    const [first, rest] = [await s.done('upgrade', '0001', '--sql'), await s.done('upgrade', '0001:0003', '--sql')];
    let done = await s.script(rest);
    assert.equal(done.code, 1);
    assert.match(done.stderr, /the database is behind where this script begins/);
    assert.deepEqual(await s.tables(), []);
    assert.equal((await s.script(first)).code, 0);
    done = await s.script(first);
    assert.equal(done.code, 1);
    assert.match(done.stderr, /the database is ahead of where this script begins/);
    assert.equal((await s.script(rest.replace(/(CREATE TABLE c [^]*?);/, 'DROP TABLE nowhere;'))).code, 1);
    assert.match(await s.done('current'), /^0003 \(head\) \(half done: up, 0 of 1 statements\)/);
    done = await s.script(rest);
    assert.match(done.stderr, /a migration is half done/);
    await s.done('upgrade');
    assert.deepEqual(await s.tables(), ['a', 'b', 'c']);
});

test('a script holds triggers, data and settings as a run does', async () => {
    const trigger = `CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET NEW.id = NEW.id + 1; /* ; // */ SET NEW.id = NEW.id * 2; END`;
    const file = '-- revision: 0002\n-- parent: 0001\n-- created: 2026-01-02\n-- migrate:up\nSET @n = 5;\nDELIMITER $$\n'
        + `${trigger}$$\nDELIMITER ;\nINSERT INTO a VALUES (@n), (20);\n-- migrate:down\nDROP TRIGGER t;\nDELETE FROM a;\n`;
    const [one, two] = [await scene(table('0001', undefined, 'a')), await scene(table('0001', undefined, 'a'))];
    [one, two].forEach(({ dir }) => writeFileSync(join(dir, '0002_x.sql'), file));
    await one.done('upgrade');
    const done = await two.script(await two.done('upgrade', '--sql'));
    assert.equal(done.code, 0, done.stderr);
    const state = (s) => s.site.query(`SELECT id FROM a UNION ALL SELECT action_statement FROM information_schema.triggers
        WHERE trigger_schema = DATABASE() ORDER BY 1`);
    assert.equal((await state(one)).length, 3);
    assert.deepEqual(await state(two), await state(one));
    assert.deepEqual(await two.ledger(), await one.ledger());
    assert.equal((await two.script(await two.done('stamp', '0002:0001', '--sql'))).code, 0);
    assert.deepEqual(await two.current(), ['0001']);
    assert.equal((await two.script(await two.done('downgrade', '0001:base', '--sql'))).code, 0);
    assert.deepEqual(await two.tables(), []);
    assert.equal((await two.script(await two.done('stamp', 'head', '--sql'))).code, 0);
    assert.deepEqual(await two.current(), ['0002']);
});

test('--json: one document each', async () => {
    const s = await scene(...FORK);
    const heads = await s.json('heads');
    assert.deepEqual(heads.heads.map(({ revision, parents, head }) => [revision, parents, head]), [['0004', ['0002'], true], ['0003', ['0002'], true]]);
    assert.deepEqual((await s.json('branches')).branches.map(({ revision, children }) => [revision, children]), [['0002', ['0003', '0004']]]);
    assert.deepEqual((await s.json('history')).history.map(({ revision }) => revision), ['0004', '0003', '0002', '0001']);
    const up = await s.json('upgrade', 'heads');
    assert.deepEqual(up.steps.map(({ revision, direction, statements }) => [revision, direction, statements]),
        ['0001', '0002', '0003', '0004'].map((revision) => [revision, 'up', 1]));
    assert.ok(up.steps.every(({ milliseconds }) => milliseconds > 0));
    assert.deepEqual((await s.json('upgrade', 'heads')).steps, []);
    const current = await s.json('current');
    assert.deepEqual(current.current.map(({ revision, state }) => [revision, state]), [['0004', 'applied'], ['0003', 'applied']]);
    assert.equal(current.all_heads, true);
    assert.deepEqual((await s.json('status')).migrations.map(({ state }) => state), ['applied', 'applied', 'applied', 'applied']);
    assert.deepEqual((await s.json('show', '0003')).migrations[0].up, ['CREATE TABLE c (id INT NOT NULL PRIMARY KEY)']);
    const down = await s.json('downgrade', '0001');
    assert.deepEqual(down.steps.map(({ revision, direction }) => [revision, direction]), [['0004', 'down'], ['0003', 'down'], ['0002', 'down']]);
    assert.deepEqual(await s.json('stamp', '0002'), { command: 'stamp', stamped: ['0002'], removed: [] });
    const merge = await s.json('merge', 'heads', '-m', 'both');
    assert.deepEqual([merge.revision, merge.parents, existsSync(merge.path)], ['0005', ['0003', '0004'], true]);
    const revision = await s.json('revision', '-m', 'after');
    assert.deepEqual([revision.revision, revision.parents], ['0006', ['0005']]);
    const failed = await s.migrate('upgrade', 'nowhere', '--json');
    assert.equal(failed.code, 1);
    assert.match(JSON.parse(failed.stdout).error, /no migration `nowhere`/);
    s.put({ ...table('0003', '0002', 'c'), up: ['DROP TABLE nowhere'] });
    await s.done('stamp', '0001');
    await s.site.query('DROP TABLE IF EXISTS b, c, d');
    const half = await s.migrate('upgrade', '--json');
    assert.equal(half.code, 1);
    const document = JSON.parse(half.stdout);
    assert.deepEqual(document.steps.map(({ revision: each }) => each), ['0002']);
    assert.match(document.error, /0003_x\.sql:5: statement 1 of 1 failed/);
});

for (const [args, pattern] of [
    [['downgrade'], /how far/], [['downgrade', '+1'], /downgrade goes back/], [['upgrade', '-1'], /upgrade goes forward/],
    [['upgrade', 'base'], /upgrade goes forward/], [['upgrade', '0001:0002'], /a range is for --sql/],
    [['downgrade', '--sql', '0001'], /FROM:TO/], [['stamp'], /stamp wants/], [['stamp', '-1'], /stamp wants/],
    [['stamp', '0001', '0002', '--sql'], /one revision/], [['revision'], /-m/], [['revision', '-m', '…'], /letter or digit/],
    [['revision', '-m'], /lacks its value/], [['revision', '-m', 'x', '--allow-loss'], /--autogenerate/], [['merge'], /two revisions/],
    [['history', '-r', '0001'], /FROM:TO/], [['show'], /which/], [['show', '-1'], /which/], [['heads', '--sql'], /heads does not know `--sql`/],
    [['upgrade', '--sql', '--json'], /two answers/], [['status', '--verbose=1'], /--verbose/], [['upgrade', ''], /empty argument/],
    [['down', '+1'], /\+1/], [['current', '0001'], /0001/],
]) {
    test(`migrate ${args.join(' ')}: exit 2 and a sentence`, async () => {
        const done = await story.migrate(...args);
        assert.equal(done.code, 2, done.stderr);
        assert.equal(done.stdout, '');
        assert.match(done.stderr.split('\n')[0], pattern);
        assert.match(done.stderr, /\nTry `quire migrate --help`\.\n$/);
    });
}

test('--help lists every verb, and the exit codes', async () => {
    const help = await story.done('--help');
    for (const verb of ['upgrade', 'downgrade', 'stamp', 'current', 'history', 'heads', 'branches', 'show', 'revision', 'merge',
        'check', 'up', 'down', 'status']) {
        assert.match(help, new RegExp(`^  ${verb}\\b`, 'm'));
        assert.match(help, new RegExp(`^  quire migrate ${verb}\\b`, 'm'), `an example of ${verb}`);
    }
    assert.match(help, /0 done, 1 failed, 2 wrong usage, 3 the answer is no/);
});
