// migrations: a database with a folder of migrations of its own, and what a test does with the two.
//
//     const s = await scene();
//     s.put(A, B);
//     assert.match(await s.done('up'), /applied 0001_x/);
//     await s.fails(['down', '3'], /only 2 are applied/);
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, folder, start, until } from './processes.mjs';
import { quireBin, startSite } from './site.mjs';

let counter = 0;

/** A migration's text; sections are lists of statements. */
export function text({ revision, parent = 'none', up = [], down, irreversible }) {
    const last = irreversible === undefined ? `-- migrate:down\n${(down ?? []).join(';\n')};\n`
        : `-- migrate:down irreversible: ${irreversible}\n`;
    return `-- revision: ${revision}\n-- parent: ${parent}\n-- created: 2026-01-02T03:04:05Z\n`
        + `-- migrate:up\n${up.join(';\n')};\n${last}`;
}

export const create = (table) => `CREATE TABLE ${table} (id INT NOT NULL PRIMARY KEY) ENGINE=InnoDB`;
export const drop = (table) => `DROP TABLE ${table}`;
export const A = { revision: '0001', up: [create('a')], down: [drop('a')] };
export const B = { revision: '0002', parent: '0001', up: [create('b'), create('c')], down: [drop('c'), drop('b')] };

/** A database with a folder of migrations: { put(...), quire(...), … }. */
export async function scene(options = {}) {
    const dir = join(folder(), `m${++counter}`);
    mkdirSync(dir);
    const site = await startSite({ migrate: false, pool: false, front: false, settings: { MIGRATIONS_DIR: dir },
        ...options });
    const self = {
        site, dir,
        put: (...files) => files.forEach((file) => writeFileSync(join(dir, `${file.revision}_x.sql`), text(file))),
        migrate: (...args) => site.quire(['migrate', ...args]).then((done) => ({ ...done, said: done.stdout + done.stderr })),
        /** Runs it and wants success. */
        async done(...args) {
            const done = await self.migrate(...args);
            assert.equal(done.code, 0, done.said);
            return done.said;
        },
        /** Runs it and wants a failure that says all of this. */
        async fails(args, ...patterns) {
            const done = await self.migrate(...args);
            assert.equal(done.code, 1, done.said);
            patterns.forEach((pattern) => assert.match(done.stderr, pattern));
            return done.stderr;
        },
        /** Starts it and leaves it running. */
        begin(...args) {
            const log = join(folder(), `m${++counter}.log`);
            const child = start(quireBin, ['migrate', ...args], { env: environment(site.settings), cwd: site.dir, log });
            return { ...child, log };
        },
        tables: async () => (await site.query(`SELECT table_name AS t FROM information_schema.tables WHERE table_schema
            = DATABASE() AND table_name <> 'quire_migrations' ORDER BY 1`)).map(({ t }) => t),
        ledger: () => site.query('SELECT revision, state, total, done, under_way_sum <> "" AS under_way FROM quire_migrations'),
        /** A statement of the migration is seen running in the server. */
        running: (part) => until(`${part} runs`, async () => (await site.query(`SELECT id FROM
            information_schema.processlist WHERE info LIKE '%${part}%' AND user = '${site.database.user}'`))[0]?.id),
    };
    return self;
}

/** Everything that a database declares, as one text; keys and constraints in the order of their names. */
export async function schemaOf({ server }, database) {
    const texts = [];
    for (const { t } of await server.query(`SELECT table_name AS t FROM information_schema.tables WHERE table_schema =
        '${database}' AND table_name <> 'quire_migrations' ORDER BY 1`)) {
        const [row] = await server.query(`SHOW CREATE TABLE \`${t}\``, database);
        const lines = row['Create Table'].replace(/ AUTO_INCREMENT=\d+/, '').split('\n').map((line) => line.replace(/,$/, ''));
        const isPart = (line) => /^ {2}(PRIMARY|UNIQUE|FULLTEXT|KEY|CONSTRAINT)/.test(line);
        texts.push(...lines.filter((line) => !isPart(line)), ...lines.filter(isPart).sort());
    }
    return texts.join('\n');
}
