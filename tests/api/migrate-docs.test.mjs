// docs/migrations.md: its examples are carried out in their order, on a database of their own and a folder that begins
// empty, and must print what the document says. Times and durations are not compared.
//
// A block ```console holds commands behind "$ " (a line behind "> " goes on), what they print, and "[exit 3]" where the
// status is not 0. UPDATE=1 writes anew what they print.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, root, run } from './lib/processes.mjs';
import { quireBin, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const path = join(root, 'docs/migrations.md');
const text = readFileSync(path, 'utf8');
const site = await startSite({ migrate: false, pool: false, front: false });
const bin = join(site.dir, 'bin');
mkdirSync(bin);
mkdirSync(join(site.dir, 'migrations'));
symlinkSync(quireBin, join(bin, 'quire'));

/** The examples of a block: [{ command, said }]. */
function examples(block) {
    return block.split(/^(?=\$ )/m).filter((part) => part.startsWith('$ ')).map((part) => {
        const lines = part.split('\n').slice(0, -1);
        let n = 1;
        while (n < lines.length && lines[n].startsWith('> ')) {
            n += 1;
        }
        const command = lines.slice(0, n).map((line) => line.slice(2)).join('\n');
        return { shown: lines.slice(0, n).join('\n'), command, said: lines.slice(n).map((line) => `${line}\n`).join('') };
    });
}

const timeless = (said) => said
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME')
    .replace(/\b\d+\.\d+ (m?s)\b/g, 'DURATION')
    .replace(/"ms": ?\d+(\.\d+)?/g, '"ms":0')
    .replace(/\b[0-9a-f]{64}\b/g, 'SUM');

async function carryOut(command) {
    const env = environment({ ...site.settings, MIGRATIONS_DIR: 'migrations', TZ: 'UTC' });
    env.PATH = `${bin}:${env.PATH}`;
    const done = await run('sh', ['-c', `exec 2>&1\n${command}`], { env, cwd: site.dir });
    return done.stdout + (done.code === 0 ? '' : `[exit ${done.code}]\n`);
}

test('every example of docs/migrations.md prints what the document says', { timeout: 300000 }, async () => {
    let written = text;
    let count = 0;
    for (const [whole, block] of text.matchAll(/^```console\n([\s\S]*?)^```$/gm)) {
        let renewed = '';
        for (const { shown, command, said } of examples(block)) {
            const found = await carryOut(command);
            renewed += `${shown}\n${timeless(found) === timeless(said) ? said : found}`;
            count += 1;
            if (!process.env.UPDATE) {
                assert.equal(timeless(found), timeless(said), `$ ${command}\ndocs/migrations.md says something else; `
                    + 'UPDATE=1 make api FILES=tests/api/migrate-docs.test.mjs writes anew what its examples print');
            }
        }
        written = written.replace(whole, () => `\`\`\`console\n${renewed}\`\`\``);
    }
    assert.ok(count >= 30, `${count} examples`);
    if (process.env.UPDATE) {
        writeFileSync(path, written);
    }
});

test('every command of Alembic, and every verb of ours, is in the document', async () => {
    for (const command of ['branches', 'check', 'current', 'downgrade', 'edit', 'ensure_version', 'heads', 'history', 'init',
        'list_templates', 'merge', 'revision', 'show', 'stamp', 'upgrade']) {
        assert.match(text, new RegExp(`^\\| \`alembic ${command}\\b`, 'm'), command);
    }
    const { stdout } = await site.quire(['migrate', '--help']);
    const verbs = [...stdout.matchAll(/^ {2}([a-z]+)(?: |$)/gm)].map(([, verb]) => verb).filter((verb) => verb !== 'quire');
    assert.ok(verbs.length >= 15, stdout);
    assert.doesNotMatch(stdout, / $/m);
    for (const verb of new Set(verbs)) {
        assert.match(text, new RegExp(`quire migrate ${verb}\\b`), verb);
    }
});
