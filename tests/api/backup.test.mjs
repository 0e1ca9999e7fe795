// `quire backup` and `quire restore`: what is restored is what was there at one moment; whatever goes wrong leaves no half
// file, and no half database that anybody takes for a whole one.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hold } from './lib/locks.mjs';
import { newServer, startServer } from './lib/mariadb.mjs';
import { environment, mustRun, start, tail, until } from './lib/processes.mjs';
import { quireBin, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { WORKERS: 4 } });
const elsewhere = await startSite({ migrate: false, pool: false, front: false });
await site.mustQuire(['seed', '--users', '200', '--posts', '1500', '--comments', '2000', '--votes', '3000', '--tags', '40',
    '--books', '100', '--reviews', '300', '--microposts', '200']);

let files = 0;
const newFile = () => join(site.dir, `b${++files}.backup`);

/** A backup of the site, at rest: its file. */
async function backup() {
    const file = newFile();
    await site.mustQuire(['backup', file]);
    return file;
}

/** Every table of a site's database, its rows and its next number, as text; and what the database computes of them. */
async function content(of) {
    const text = await mustRun('mariadb-dump', ['--no-defaults', `--socket=${of.server.socket}`, '--user=root', '--compact',
        '--default-character-set=utf8mb4', '--hex-blob', '--order-by-primary', of.database.name]);
    const computed = await of.query('SELECT hex(uid) AS uid, average_rating FROM books ORDER BY uid');
    return createHash('sha256').update(text).update(JSON.stringify(computed)).digest('hex');
}

/** An empty database again, for the next restore. */
async function empty() {
    const { name } = elsewhere.database;
    await elsewhere.query(`DROP DATABASE ${name}; CREATE DATABASE ${name} CHARACTER SET utf8mb4`).catch(() =>
        elsewhere.server.query(`DROP DATABASE IF EXISTS ${name}; CREATE DATABASE ${name} CHARACTER SET utf8mb4`));
}

async function tablesElsewhere() {
    return (await elsewhere.query("SELECT table_name AS t FROM information_schema.tables WHERE table_schema = DATABASE()"))
        .map((row) => row.t);
}

/** A folder for PATH with a program of that name that is this script, which finds the real one as $REAL. */
async function insteadOf(name, script) {
    const dir = join(site.dir, `bin${++files}`);
    const real = (await mustRun('sh', ['-c', `command -v ${name}`])).trim();
    mkdirSync(dir);
    writeFileSync(join(dir, name), `#!/bin/bash\nset -o pipefail\nREAL=${real}\n${script}\n`);
    chmodSync(join(dir, name), 0o755);
    return { PATH: `${dir}:${environment().PATH}` };
}

/** For such a script: until there is a file. */
const waitFor = (file) => `while [ ! -e ${file} ]; do sleep 0.05; done`;

/** The command failed with a sentence, and left neither the file nor a part of it. */
function assertNoBackup(done, file, pattern) {
    assert.equal(done.code, 1, `${done.signal} ${done.stdout}${done.stderr}`);
    assert.equal(done.stdout, '');
    assert.match(done.stderr.trimEnd().split('\n').at(-1), pattern);
    assert.deepEqual(readdirSync(site.dir).filter((name) => join(site.dir, name).startsWith(file)), []);
}

test('what is restored is what was there, row by row', async () => {
    const file = newFile();
    const done = await site.quire(['backup', file]);
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /^backed up: \d+ rows of \d+ tables, \d+\.\d MB of SQL, in \d+\.\d s\n$/);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    await empty();
    const back = await elsewhere.quire(['restore', file]);
    assert.equal(back.code, 0, back.stderr);
    assert.equal(back.stdout.match(/\d+ rows of \d+ tables/)[0], done.stdout.match(/\d+ rows of \d+ tables/)[0]);
    assert.equal(await content(elsewhere), await content(site));
    const rows = Number(done.stdout.match(/(\d+) rows/)[1]);
    let counted = 0;
    for (const table of await tablesElsewhere()) {
        counted += await elsewhere.count(table);
    }
    assert.equal(counted, rows);
    await elsewhere.mustQuire(['migrate', 'check']);
});

test('a backup under load is of one moment: all counters equal their rows', async () => {
    const ada = await site.signUp();
    let running = true;
    let written = 0;
    const writers = [0, 1, 2].map(async () => {
        while (running) {
            const post = await site.createPost(ada);
            await site.put(`/posts/${post.id}/vote`, { vote_type: 'upvote' }, ada);
            await site.createComment(ada, post);
            written++;
        }
    });
    await until('it is being written', () => written > 5);
    const [ready, go] = [newFile(), newFile()];
    const slow = await insteadOf('mariadb-dump', `"$REAL" "$@" | { head -c 300000; touch ${ready}; ${waitFor(go)}; cat; }`);
    const file = newFile();
    const backingUp = site.quire(['backup', file], { env: slow });
    await until('the dump has begun', () => existsSync(ready));
    const before = written;
    await until('more is written during the backup', () => written > before + 5);
    writeFileSync(go, '');
    const done = await backingUp;
    running = false;
    await Promise.all(writers);
    assert.equal(done.code, 0, done.stderr);
    await empty();
    await elsewhere.mustQuire(['restore', file]);
    await elsewhere.assertCounters();
    const [there, here] = [await elsewhere.count('posts'), await site.count('posts')];
    assert.ok(there < here, `${there} of ${here} posts`);
    assert.equal(await elsewhere.count('comments', 'post_id NOT IN (SELECT id FROM posts)'), 0);
});

test('a file that is cut or changed anywhere is refused before anything is touched', async () => {
    const file = await backup();
    const bytes = readFileSync(file);
    await empty();
    const cases = [['empty', Buffer.alloc(0)], ['no backup', Buffer.from('x'.repeat(500))]];
    for (const at of [3, 20, 200, bytes.length >> 1, bytes.length - 200, bytes.length - 60, bytes.length - 5]) {
        const changed = Buffer.from(bytes);
        changed[at] ^= 1;
        cases.push([`byte ${at} changed`, changed], [`cut at ${at}`, bytes.subarray(0, at)]);
    }
    cases.push(['longer', Buffer.concat([bytes, Buffer.from('\n')])]);
    for (const [name, content] of cases) {
        const bad = newFile();
        writeFileSync(bad, content);
        const done = await elsewhere.quire(['restore', bad]);
        assert.equal(done.code, 1, name);
        assert.match(done.stderr, /^quire: \S+\.backup: (the file|is no)/, name);
    }
    assert.deepEqual(await tablesElsewhere(), []);
    assert.match((await elsewhere.quire(['restore', join(site.dir, 'nowhere')])).stderr, /nowhere: No such file/);
    assert.match((await elsewhere.quire(['restore', site.dir])).stderr, /no regular file/);
});

test('a file that is there stays as it is', async () => {
    const file = newFile();
    writeFileSync(file, 'precious');
    const done = await site.quire(['backup', file]);
    assert.deepEqual([done.code, done.stdout], [1, '']);
    assert.match(done.stderr, /there is such a file already/);
    assert.equal(readFileSync(file, 'utf8'), 'precious');
});

test('the disk is full, a file may not grow, the folder is missing', async () => {
    const small = join(site.dir, 'small');
    mkdirSync(small);
    const inside = join(small, 'x.backup');
    const env = environment(site.settings);
    const script = `mount -t tmpfs -o size=64k none ${small}; "$@"; status=$?; ls -A ${small} >&3; exit $status`;
    const listing = newFile();
    const done = await start('unshare', ['--user', '--map-root-user', '--mount', 'bash', '-c', `exec 3>${listing}; ${script}`,
        'bash', quireBin, 'backup', inside], { env, cwd: site.dir, log: join(site.dir, 'full.log') }).wait();
    assert.equal(done.code, 1);
    assert.match(tail(join(site.dir, 'full.log')), /x\.backup\.part: No space left on device; there is no backup$/);
    assert.equal(readFileSync(listing, 'utf8'), '');
    const file = newFile();
    const limited = await start('sh', ['-c', 'ulimit -f 32; exec "$@"', 'sh', quireBin, 'backup', file],
        { env, cwd: site.dir, log: join(site.dir, 'limit.log') }).wait();
    assert.equal(limited.code, 1);
    assert.match(tail(join(site.dir, 'limit.log')), /File too large; there is no backup$/);
    assert.ok(!existsSync(file) && !existsSync(`${file}.part`));
    assertNoBackup(await site.quire(['backup', join(site.dir, 'no', 'x')]), join(site.dir, 'no', 'x'), /No such file/);
});

test('the dump is killed, fails, or is not there', async () => {
    for (const [script, pattern] of [
        ['"$REAL" "$@" | head -c 100000; kill -9 $$', /mariadb-dump was ended by signal 9 .*; there is no backup$/],
        ['"$REAL" "$@" | head -c 100000; echo "a disk has failed" >&2; exit 3', /status 3: a disk has failed; there is no backup$/],
    ]) {
        const file = newFile();
        assertNoBackup(await site.quire(['backup', file], { env: await insteadOf('mariadb-dump', script) }), file, pattern);
    }
    const file = newFile();
    assertNoBackup(await site.quire(['backup', file], { env: { PATH: site.dir } }), file, /no program mariadb-dump in PATH/);
});

test('the connection is lost midway', async () => {
    const [ready, go] = [newFile(), newFile()];
    const env = await insteadOf('mariadb-dump',
        `"$REAL" "$@" | { head -c 50000; touch ${ready}; ${waitFor(go)}; cat; }`);
    const file = newFile();
    const running = site.quire(['backup', file], { env });
    await until('the dump has begun', () => existsSync(ready));
    await site.server.killConnections(site.database.user);
    writeFileSync(go, '');
    assertNoBackup(await running, file, /there is no backup$/);
    await site.ready();
});

test('told to stop, it stops, and leaves nothing', async () => {
    const ready = newFile();
    const env = await insteadOf('mariadb-dump', `touch ${ready}; exec sleep 60`);
    const file = newFile();
    const log = join(site.dir, 'stopped.log');
    const child = start(quireBin, ['backup', file], { env: environment({ ...site.settings, ...env }), cwd: site.dir, log });
    await until('it has begun', () => existsSync(ready) && existsSync(`${file}.part`));
    assert.equal((await child.stop('SIGTERM')).code, 1);
    assert.match(tail(log), /interrupted; there is no backup$/);
    assert.ok(!existsSync(file) && !existsSync(`${file}.part`));
});

test('what a killed backup has left is no backup, and in nobody’s way', async () => {
    const ready = newFile();
    const env = await insteadOf('mariadb-dump', `touch ${ready}; exec sleep 60`);
    const file = newFile();
    const child = start(quireBin, ['backup', file], { env: environment({ ...site.settings, ...env }), cwd: site.dir });
    await until('it has begun', () => existsSync(ready) && existsSync(`${file}.part`));
    const second = await site.quire(['backup', file]);
    assert.equal(second.code, 1);
    assert.match(second.stderr, /a migration, a backup or a restore works on the database/);
    await child.stop('SIGKILL');
    assert.ok(!existsSync(file) && existsSync(`${file}.part`));
    copyFileSync(`${file}.part`, `${file}.copy`);
    assert.match((await elsewhere.quire(['restore', `${file}.copy`])).stderr, /no backup|cut/);
    await until('its lock is gone', async () => (await site.quire(['backup', file])).code === 0);
    assert.ok(existsSync(file) && !existsSync(`${file}.part`));
});

test('no secret is among the arguments or in the environment of the programs that are run', async () => {
    const seen = newFile();
    const env = await insteadOf('mariadb-dump', `{ printf '%s\\n' "$@"; env; ls -l /dev/fd/3; } >>${seen}; exec "$REAL" "$@"`);
    await mustRun(quireBin, ['backup', newFile()], { cwd: site.dir, env: environment({ ...site.settings, ...env,
        DB_PASSWORD: undefined, SECRET_KEY: undefined, QUIRE_CONF: conf() }) });
    await site.mustQuire(['backup', newFile()], { env: { ...env, MYSQL_PWD: 'another', LC_TIME: 'C' } });
    const text = readFileSync(seen, 'utf8');
    assert.match(text, /--defaults-file=\/dev\/fd\/3/);
    assert.match(text, /^LC_TIME=C$/m);
    assert.ok(!text.includes(site.database.password) && !text.includes(site.secret), text);
    assert.doesNotMatch(text, /^(DB_|MYSQL_|SECRET|QUIRE_CONF)/m);
});

/** The site's settings as a file. */
function conf() {
    const file = newFile();
    writeFileSync(file, Object.entries(site.settings)
        .map(([name, value]) => `${name}='${String(value).replace(/[\\']/g, '\\$&')}'\n`).join(''), { mode: 0o600 });
    return file;
}

test('a database that is not empty, or in use, is refused; --replace takes it', async () => {
    const file = await backup();
    await empty();
    await elsewhere.mustQuire(['migrate', 'up']);
    await elsewhere.query("INSERT INTO roles (name, name_fold) VALUES ('left over', 'left over')");
    const refused = await elsewhere.quire(['restore', file]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /the database is not empty: with --replace all that it holds goes/);
    assert.equal(await elsewhere.count('roles', "name = 'left over'"), 1);
    const used = await site.quire(['restore', '--replace', file]);
    assert.equal(used.code, 1);
    assert.match(used.stderr, /\d+ other connections use the database: stop quire serve and quire work first/);
    assert.equal((await site.get('/posts?limit=1')).json.length, 1);
    await elsewhere.mustQuire(['restore', '--replace', file]);
    assert.equal(await content(elsewhere), await content(site));
    await elsewhere.query('CREATE TABLE `some thing` (id INT)');
    assert.match((await elsewhere.quire(['restore', '--replace', file])).stderr, /none of Quire's/);
});

test('connections of another account are seen with the privilege PROCESS; without it a restore says that they are not', async () => {
    const file = await backup();
    const account = `'${elsewhere.database.user}'@'${elsewhere.server.from}'`;
    await empty();
    const release = await hold(elsewhere, 'DO 1'); // root's
    const blind = await elsewhere.quire(['restore', '--replace', file]);
    assert.equal(blind.code, 0, blind.stderr);
    assert.match(blind.stderr, /"level":"warn","message":"this account does not see whether others use the database/);
    await elsewhere.server.query(`GRANT PROCESS ON *.* TO ${account}`);
    const seeing = await elsewhere.quire(['restore', '--replace', file]);
    assert.equal(seeing.code, 1);
    assert.match(seeing.stderr, /^quire: 1 other connections use the database/);
    await release();
    await until('it is gone', async () => (await elsewhere.quire(['restore', '--replace', file])).code === 0);
    await elsewhere.server.query(`REVOKE PROCESS ON *.* FROM ${account}`);
});

test('a migration that the program does not know is refused; one that is newer is told', async () => {
    await empty();
    await site.query("INSERT INTO quire_migrations (revision, name, checksum, state, started_at) "
        + "VALUES ('9999', '9999_later', REPEAT('0', 64), 'applied', NOW(6))");
    const file = await backup();
    await site.query("DELETE FROM quire_migrations WHERE revision = '9999'");
    const refused = await elsewhere.quire(['restore', file]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /the migration 9999, which this program does not know/);
    assert.deepEqual(await tablesElsewhere(), []);
    await elsewhere.mustQuire(['migrate', 'up']);
    await elsewhere.mustQuire(['migrate', 'down']);
    const older = newFile();
    await elsewhere.mustQuire(['backup', older]);
    assert.match(await elsewhere.mustQuire(['restore', '--replace', older]), /\n1 migrations are newer .*`quire migrate up`\n$/);
    await elsewhere.mustQuire(['migrate', 'up']);
});

test('a restore that is killed leaves a database that nobody serves, and that says so', async () => {
    const file = await backup();
    await empty();
    const ready = newFile();
    const env = await insteadOf('mariadb', `{ head -c 200000; touch ${ready}; sleep 60; } | "$REAL" "$@"`);
    const child = start(quireBin, ['restore', file],
        { env: environment({ ...elsewhere.settings, ...env }), cwd: elsewhere.dir });
    await until('it has begun', () => existsSync(ready));
    await child.stop('SIGKILL');
    for (const args of [['serve'], ['work'], ['backup', newFile()], ['restore', file], ['migrate', 'up'], ['migrate', 'down'],
        ['seed', '--append', '--users', '1'], ['user', 'list'], ['audit'], ['user', 'create', '--username', 'ada', '--email', 'ada@example.com']]) {
        const done = await elsewhere.quire(args, { input: 'a password that is good\n' });
        assert.equal(done.code, 1, args.join(' '));
        assert.match(done.stderr, /a restore of (the|this) database has not ended/, args.join(' '));
    }
    const report = JSON.parse((await elsewhere.quire(['doctor', '--json'])).stdout);
    assert.match(report.checks.find((check) => check.check === 'schema').sentence, /a restore .* has not ended/);
    await until('its client is gone', async () => (await elsewhere.quire(['restore', '--replace', file])).code === 0);
    assert.equal(await content(elsewhere), await content(site));
});

test('the client fails midway: the same, and why', async () => {
    const file = await backup();
    const env = await insteadOf('mariadb', '{ head -c 200000; echo "oh no;"; } | "$REAL" "$@"');
    const done = await elsewhere.quire(['restore', '--replace', file], { env });
    assert.equal(done.code, 1);
    assert.match(done.stderr, /^quire: mariadb failed with status 1: ERROR 1064 .*; the database is half restored, and nothing serves it/m);
    await elsewhere.mustQuire(['restore', '--replace', file]);
    assert.equal(await content(elsewhere), await content(site));
});

test('rows that are missing in the end are found', async () => {
    const file = await backup();
    const env = await insteadOf('mariadb', '{ cat; echo "DELETE FROM votes LIMIT 1;"; } | "$REAL" "$@"');
    const done = await elsewhere.quire(['restore', '--replace', file], { env });
    assert.equal(done.code, 1);
    assert.match(done.stderr, /the table votes has \d+ rows now, and the backup \d+; the database is half restored/);
    await elsewhere.mustQuire(['restore', '--replace', file]);
});

test('of several servers, one is looked at, and it is that one that is backed up or restored', async () => {
    const file = await backup();
    const far = await startServer();
    await far.createDatabase(elsewhere.database.name);
    const env = { DB_HOSTS: `${far.socket},${elsewhere.server.socket}` };
    await empty();
    await elsewhere.mustQuire(['migrate', 'up']);
    await elsewhere.query("INSERT INTO roles (name, name_fold) VALUES ('left over', 'left over')");
    await elsewhere.mustQuire(['restore', file], { env });
    assert.equal(await elsewhere.count('roles', "name = 'left over'"), 1);
    const [there] = await far.query('SELECT COUNT(*) AS n FROM posts', elsewhere.database.name);
    assert.equal(Number(there.n), await site.count('posts'));
    const again = newFile();
    await elsewhere.mustQuire(['backup', again], { env });
    await elsewhere.mustQuire(['restore', '--replace', again]);
    assert.equal(await content(elsewhere), await content(site));
    await far.stop();
});

test('a table that no restore would take is in no backup', async () => {
    await empty();
    await elsewhere.mustQuire(['migrate', 'up']);
    await elsewhere.query('CREATE TABLE `old-posts` (id INT)');
    const file = newFile();
    assertNoBackup(await elsewhere.quire(['backup', file]), file, /a table `old-posts`, which is none of Quire's: no restore/);
    await elsewhere.query('DROP TABLE `old-posts`');
});

test('what is no plain table is in no backup, and survives no restore unseen: both refuse, and say what it is', async () => {
    const good = await backup();
    await empty();
    await elsewhere.mustQuire(['migrate', 'up']);
    for (const [kind, name, make, end] of [
        ['trigger', 'shout', 'CREATE TRIGGER shout BEFORE INSERT ON tags FOR EACH ROW SET NEW.name = UPPER(NEW.name)'],
        ['view', 'people', 'CREATE VIEW people AS SELECT username FROM users'],
        ['procedure', 'tidy', 'CREATE PROCEDURE tidy() DELETE FROM sessions'],
        ['event', 'nightly', 'CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY DISABLE DO DELETE FROM sessions'],
        ['sequence', 'numbers', 'CREATE SEQUENCE numbers'],
        ['system versioned table', 'kept', 'CREATE TABLE kept (id INT) WITH SYSTEM VERSIONING', 'DROP TABLE kept'],
    ]) {
        await elsewhere.query(make);
        const file = newFile();
        const pattern = new RegExp(`has a ${kind} \`${name}\`: a backup keeps plain tables alone`);
        assertNoBackup(await elsewhere.quire(['backup', file]), file, pattern);
        const refused = await elsewhere.quire(['restore', '--replace', good]);
        assert.equal(refused.code, 1, refused.stderr);
        assert.match(refused.stderr, pattern);
        await elsewhere.query(end ?? `DROP ${kind.toUpperCase()} ${name}`);
    }
    await elsewhere.mustQuire(['backup', newFile()]);
});

test('longer than the server suffers an idle connection: the lock stays, and it comes to its end', async () => {
    const server = await newServer({ flags: ['--wait-timeout=2'] });
    await server.start();
    const impatient = await startSite({ server, migrate: false, pool: false, front: false });
    /** A program that is slow: the environment with it, when it has slept, and what lets it go on. */
    const sleepy = async (name) => {
        const [ready, go] = [newFile(), newFile()];
        return { env: await insteadOf(name, `sleep 3.5; touch ${ready}; ${waitFor(go)}; exec "$REAL" "$@"`),
            slept: () => until('it has slept', () => existsSync(ready)), goOn: () => writeFileSync(go, '') };
    };
    const held = () => impatient.query(`SELECT IS_USED_LOCK('quire_migrate.${impatient.database.name}') AS by_whom`);
    const client = await sleepy('mariadb');
    const restoring = impatient.quire(['restore', await backup()], { env: client.env });
    await client.slept();
    assert.notEqual((await held())[0].by_whom, null);
    client.goOn();
    const restored = await restoring;
    assert.equal(restored.code, 0, restored.stderr);
    assert.equal(await impatient.count('posts'), await site.count('posts'));
    const dump = await sleepy('mariadb-dump');
    const backingUp = impatient.quire(['backup', newFile()], { env: dump.env });
    await dump.slept();
    assert.notEqual((await held())[0].by_whom, null);
    dump.goOn();
    const backedUp = await backingUp;
    assert.equal(backedUp.code, 0, backedUp.stderr);
    await server.stop();
});

test('who has lost the lock has no backup: a migration may have run', async () => {
    const [ready, go] = [newFile(), newFile()];
    const env = await insteadOf('mariadb-dump', `"$REAL" "$@"; touch ${ready}; ${waitFor(go)}`);
    const file = newFile();
    const running = elsewhere.quire(['backup', file], { env });
    await until('the dump is there', () => existsSync(ready));
    await elsewhere.server.killConnections(elsewhere.database.user);
    writeFileSync(go, '');
    assertNoBackup(await running, file, /there is no backup$/);
});

test('nothing to back up, wrong usage', async () => {
    await empty();
    const file = newFile();
    assertNoBackup(await elsewhere.quire(['backup', file]), file, /no tables: there is nothing to back up/);
    for (const args of [['backup'], ['backup', '--all'], ['backup', 'a', 'b'], ['restore'], ['restore', '--replace'],
        ['restore', 'a', 'b'], ['restore', '--now', 'a']]) {
        const done = await site.quire(args);
        assert.deepEqual([done.code, done.stdout], [2, ''], args.join(' '));
        assert.match(done.stderr, /\nTry `quire (backup|restore) --help`\.\n$/);
    }
});
