// A change as a team makes it: a field is added to a model, `make migration` drafts the file, `upgrade` runs while the old
// program serves, then the new one serves beside it.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Load } from './lib/load.mjs';
import { environment, folder, mustRun, root, run, start } from './lib/processes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const MINUTES = 60 * 1000;
const tree = join(folder(), 'tree');
const program = join(tree, 'build/quire');
// Quickly built; the installed packages are those that run this test.
const flags = ['DEPS=true', 'CFLAGS=-O1 -fno-lto', 'LDFLAGS=-fno-lto', 'CC=gcc'];
async function make(...args) {
    const done = await run('make', ['--no-print-directory', '-C', tree, ...flags, ...args],
        { env: environment(), timeout: 5 * MINUTES });
    assert.equal(done.code, 0, done.stdout + done.stderr);
    return done.stdout + done.stderr;
}

function edit(path, from, to) {
    const text = readFileSync(join(tree, path), 'utf8');
    assert.ok(text.includes(from), `${path} holds ${from}`);
    writeFileSync(join(tree, path), text.replace(from, to));
}

/** A copy of the tree in which posts have one field more, and its migration. */
async function nextVersion() {
    mkdirSync(tree);
    for (const part of ['app', 'include', 'migrations', 'scripts', 'conf', 'Makefile', 'VERSION', 'nginx.conf.example']) {
        cpSync(join(root, part), join(tree, part), { recursive: true });
    }
    edit('include/models/post.h', '    POST_CONTENT,\n', '    POST_CONTENT,\n    POST_SUMMARY,\n');
    edit('app/models/post.c', '    [POST_PUBLISHED] =',
        '    [POST_SUMMARY] = TEXT("summary", .max = 200, .flags = NULLABLE),\n    [POST_PUBLISHED] =');
    edit('app/models/post.c', 'POST_ID, POST_TITLE, POST_CONTENT,', 'POST_ID, POST_TITLE, POST_CONTENT, POST_SUMMARY,');
    await make('-j2', 'all');
}

test('a field is added: drafted, upgraded under load, served by the old and the new program', { timeout: 10 * MINUTES },
    async (t) => {
        await nextVersion();
        const before = new Set(readdirSync(join(tree, 'migrations')));
        const drafted = await make('migration', 'name=Add summary');
        assert.match(drafted, /add column posts\.summary/);
        const [file, ...others] = readdirSync(join(tree, 'migrations')).filter((name) => !before.has(name));
        assert.deepEqual(others, []);
        assert.match(file, /^\d{4}_add_summary\.sql$/);
        const text = readFileSync(join(tree, 'migrations', file), 'utf8');
        assert.ok(text.includes('\nALTER TABLE posts ADD COLUMN summary VARCHAR(200) NULL DEFAULT NULL AFTER content;\n'), text);
        assert.ok(text.includes('\nALTER TABLE posts DROP COLUMN summary;\n'), text);
        assert.match(await make('migration', 'name=Nothing'), /nothing/i);
        assert.equal(readdirSync(join(tree, 'migrations')).length, before.size + 1, 'no file when nothing differs');

        const old = await startSite({ settings: { WORKERS: 2 } });
        const author = await old.signUp();
        const post = async (site, body) => (await site.post('/posts', { title: 'a', content: 'b', ...body },
            author)).json;
        const first = await post(old);
        const load = new Load(old.front.port, '/api/v1/posts?limit=10', { clients: 4 });
        t.after(() => load.stop());
        await load.more(50);

        const settings = { ...old.settings, MIGRATIONS_DIR: join(tree, 'migrations'), WORKERS: 2 };
        const env = environment(settings);
        const early = await run(program, ['serve'], { env, cwd: old.dir });
        assert.equal(early.code, 1, 'the new program does not serve a schema that is behind');
        assert.match(early.stdout + early.stderr, new RegExp(file.slice(0, 4)));
        await mustRun(program, ['migrate', 'upgrade'], { env, cwd: old.dir });
        assert.equal((await run(program, ['migrate', 'check'], { env, cwd: old.dir })).code, 0);
        await load.more(50);
        const second = await post(old);

        const next = await startSite({ migrate: false, pool: false });
        next.settings = { ...settings, LISTEN: next.settings.LISTEN, MEDIA_DIR: next.settings.MEDIA_DIR };
        next.pool = start(program, ['serve'], { env: environment(next.settings), cwd: next.dir, log: next.log.file });
        await next.describe(program);
        await next.ready();
        const third = await post(next, { summary: 'in short' });
        assert.equal(third.summary, 'in short');
        for (const { id } of [first, second]) {
            assert.equal((await next.get(`/posts/${id}`)).json.summary, null);
        }
        const seen = await old.patch(`/posts/${third.id}`, { title: 'changed' }, author);
        assert.equal(seen.status, 200);
        assert.ok(!('summary' in seen.json));
        assert.equal((await next.get(`/posts/${third.id}`)).json.summary, 'in short', 'the old program leaves it alone');
        await load.more(50);
        assert.deepEqual((await load.stop()).failed, []);
    });
