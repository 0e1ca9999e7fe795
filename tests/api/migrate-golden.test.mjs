// Autogenerate: pairs of schemas (tests/golden/migrations) and the migration that must come out, or the reason why none
// does. Each migration is carried out: the comparison is empty then, and down and up again give the same schemas. Where
// "to" has rows, those of "from" have become the same.
//
// A case is a file:   -- from / statements / -- to / statements / -- options: --allow-loss --was posts.body=content /
//                     then what is expected: -- up, -- down; or -- refused; or nothing.
// UPDATE=1 writes the expected part anew.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sharedServer } from './lib/mariadb.mjs';
import { schemaOf } from './lib/migrations.mjs';
import { mustRun, root } from './lib/processes.mjs';
import { test } from './lib/test.mjs';

const compare = resolve(root, process.env.QUIRE_COMPARE ?? 'build/release/schemas/compare');
const folder = join(root, 'tests/golden/migrations');
const server = await sharedServer();

/** The parts of a case: { from, to, options, expected }. */
function read(text) {
    const [, from, to, expected] = text.match(/^-- from\n([\s\S]*?)^-- to\n([\s\S]*?)(^-- (?:up|refused|same)\n[\s\S]*)?$(?![\s\S])/m)
        ?? assert.fail('a case has parts "-- from" and "-- to"');
    const options = to.match(/^-- options: (.*)$/m)?.[1].split(' ') ?? [];
    return { from, to, options, expected };
}

async function database(sql) {
    const made = await server.createDatabase();
    await server.query(`ALTER DATABASE ${made.name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci`);
    await server.query(sql, made.name);
    return made;
}

/** The rows of every table, as text. */
const rowsOf = (name) => mustRun('mariadb-dump', ['--no-defaults', `--socket=${server.socket}`, '--user=root', '--no-create-info',
    '--compact', '--skip-extended-insert', '--order-by-primary', name]);

const section = (text, name) => text.match(new RegExp(`^-- ${name}\\n([\\s\\S]*?)(?=^-- down$|$(?![\\s\\S]))`, 'm'))[1];

async function play({ from, to, options, expected }, check) {
    const [a, b] = [await database(from), await database(to)];
    try {
        const ask = () => mustRun(compare, [server.socket, a.name, b.name, ...options]);
        const said = (await ask()) || '-- same\n';
        check(said, expected);
        if (!said.startsWith('-- up\n')) {
            return;
        }
        const before = await schemaOf({ server }, a.name);
        await server.query(section(said, 'up'), a.name);
        assert.equal(await ask(), '', 'nothing differs after the migration');
        const after = await schemaOf({ server }, a.name);
        if (/^INSERT /m.test(to)) {
            assert.equal(await rowsOf(a.name), await rowsOf(b.name), 'the rows are what they should be');
        }
        await server.query(section(said, 'down'), a.name);
        assert.equal(await schemaOf({ server }, a.name), before, 'down gives what was before');
        await server.query(section(said, 'up'), a.name);
        assert.equal(await schemaOf({ server }, a.name), after, 'up again gives what was after');
    } finally {
        await server.dropDatabase(a);
        await server.dropDatabase(b);
    }
}

const cases = readdirSync(folder).filter((name) => name.endsWith('.sql')).sort();
for (const name of cases) {
    test(name.replace(/\.sql$/, '').replaceAll('_', ' '), async () => {
        const path = join(folder, name);
        const text = readFileSync(path, 'utf8');
        const parts = read(text);
        await play(parts, (said, expected) => {
            if (process.env.UPDATE) {
                writeFileSync(path, text.slice(0, text.length - (expected ?? '').length) + said);
                return;
            }
            assert.equal(said, expected);
        });
    });
}

test('every word that the server may keep to itself can be a name', async () => {
    const words = await server.query("SELECT LOWER(word) AS word FROM information_schema.keywords WHERE word RLIKE '^[A-Za-z0-9_]+$'");
    assert.ok(words.length > 300, `${words.length} words`);
    const columns = words.map(({ word }) => `\`${word}\` INT NULL`);
    await play({ from: `CREATE TABLE things (${columns.join(', ')}) ENGINE=InnoDB;`, to: '', options: ['--allow-loss'] },
        (said) => assert.ok(said.startsWith('-- up\n'), said));
});

test('there are migrations and refusals enough to mean something', () => {
    const refused = cases.filter((name) => /^-- refused$/m.test(readFileSync(join(folder, name), 'utf8')));
    assert.ok(cases.length - refused.length >= 40, `${cases.length - refused.length} migrations`);
    assert.ok(refused.length >= 12, `${refused.length} refusals`);
});
