// docs/api.md and the README's first walk: their commands are carried out in their order, against a site with the demo
// of `make run`, and must print what the document says. UPDATE=1 writes anew what they print. Their tables and links are
// held against the program and the files.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { carryOut, check, renew } from './lib/examples.mjs';
import { environment, mustRun, root, run } from './lib/processes.mjs';
import { quireBin, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const documented = 'http://127.0.0.1:8080';

/** A document, or a part of it, carried out on a site of its own: what `make run` is after its first start. */
async function follow(path, heading) {
    const site = await startSite({ work: true, settings: { CORS_ORIGINS: 'http://localhost:3000', WORKERS: 2 } });
    const origin = `http://127.0.0.1:${site.front.port}`;
    await mustRun(join(root, 'scripts/demo'), [origin], { env: environment({ ...site.settings, QUIRE_BIN: quireBin }) });
    site.passwords.add('Secret123!');
    const found = await carryOut({ path, heading,
        own: (text) => text.replaceAll(documented, origin), theirs: (text) => text.replaceAll(origin, documented),
        run: async (script) => (await run('sh', ['-c', `exec 2>&1\n${script}`], { cwd: site.dir, env: environment() })).stdout });
    for (const [token] of found.examples.map(({ said }) => said).join('\n').matchAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g)) {
        site.keep(token);
    }
    return found;
}

for (const [path, heading, least] of [['docs/api.md', undefined, 40], ['README.md', 'A first walk', 4]]) {
    test(`every example of ${path} prints what the document says`, { timeout: 120000 }, async () => {
        const found = await follow(path, heading);
        if (process.env.UPDATE) {
            renew(found);
            return;
        }
        check(found);
        assert.ok(found.examples.length >= least, `${found.examples.length} examples`);
    });
}

test('the table of errors has every code of the document, with its status', async () => {
    const site = await startSite({ pool: false, front: false, migrate: false });
    const text = readFileSync(join(root, 'docs/api.md'), 'utf8');
    const rows = [...text.matchAll(/^\| (\d{3}) \| `(\w+)` \| \S/gm)].map(([, status, code]) => `${code} ${status}`);
    const { paths, components } = JSON.parse(await site.mustQuire(['openapi'], { env: { REQUIRE_IF_MATCH: 'true' } }));
    assert.deepEqual(rows.map((row) => row.split(' ')[0]).sort(), components.schemas.ErrorCode.enum.toSorted());
    const declared = Object.values(paths).flatMap(Object.values).flatMap(({ responses = {} }) => Object.entries(responses))
        .filter(([, { $ref }]) => $ref !== undefined).flatMap(([status, { $ref }]) => components
            .responses[$ref.split('/').at(-1)].headers['X-Error-Code'].schema.enum.map((code) => `${code} ${status}`));
    assert.deepEqual([...new Set(declared)].filter((each) => !rows.includes(each)), []);
    assert.ok(new Set(declared).size >= 30, `${declared}`);
});

test('every link from a document of the project leads to a file and a heading', () => {
    const files = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md',
        ...readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
    let count = 0;
    for (const file of files) {
        for (const [, target] of readFileSync(join(root, file), 'utf8').matchAll(/\]\(([^)\s]+)\)/g)) {
            if (!/^https?:/.test(target)) {
                const [path, heading] = target.split('#');
                const to = path === '' ? join(root, file) : join(root, dirname(file), path);
                assert.ok(existsSync(to), `${file}: ${target}`);
                assert.ok(heading === undefined || anchors(to).includes(heading), `${file}: ${target}`);
                count += 1;
            }
        }
    }
    assert.ok(count >= 10, `${count} links`);
});

/** What the headings of a document are called in links to them. */
function anchors(path) {
    return [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)]
        .map(([, heading]) => heading.toLowerCase().replace(/[^\w\s-]/g, '').replace(/\s/g, '-'));
}
