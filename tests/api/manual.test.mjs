// The manual pages: man formats them without a complaint, and every command and every setting is in them.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, folder, mustRun, run } from './lib/processes.mjs';
import { quireBin } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const env = environment({ MANWIDTH: 120, LC_ALL: 'C.UTF-8', SECRET_KEY: 'x'.repeat(40) });

/** A page as people see it, and what man had to say about it. */
async function page(name) {
    const file = join(folder(), `${name}.man`);
    writeFileSync(file, await mustRun(quireBin, ['man', name]));
    const done = await run('man', ['--warnings', '-l', '-P', 'cat', file], { env });
    assert.deepEqual([done.code, done.stderr], [0, ''], name);
    return done.stdout.replace(/.\x08/g, '');
}

test('quire(1) has every command, with all that its --help says', async () => {
    const text = await page('quire');
    const help = await mustRun(quireBin, ['--help']);
    const names = [...help.matchAll(/^ {2}([a-z-]+) {2,}\S/gm)].map((found) => found[1]);
    assert.ok(names.length >= 14, names.join());
    for (const name of names) {
        assert.match(text, new RegExp(`^ +quire ${name}$`, 'm'));
        for (const line of (await mustRun(quireBin, [name, '--help'])).split('\n').filter((each) => each.trim() !== '')) {
            assert.ok(text.includes(line.trim()), `${name}: ${line}`);
        }
    }
});

test('quire.conf(5) has every setting, with its default', async () => {
    const shown = await page('quire.conf');
    const text = shown.replace(/\s+/g, ' ');
    const example = await mustRun(quireBin, ['config', '--example']);
    const settings = [...example.matchAll(/^#?([A-Z][A-Z0-9_]+)=(.*)$/gm)];
    assert.ok(settings.length > 70);
    for (const [, name, value] of settings) {
        assert.match(shown, new RegExp(`^ +${name}( |$)`, 'm'));
        if (value !== '' && !value.startsWith('"') && !value.startsWith('change-me')) {
            assert.ok(text.includes(`Default: ${value}.`), name);
        }
    }
});

test('a page that is wrong would have been found', async () => {
    const file = join(folder(), 'wrong.man');
    writeFileSync(file, '.TH X 1\n.nosuchrequest\n');
    assert.notEqual((await run('man', ['--warnings', '-l', '-P', 'cat', file], { env })).stderr, '');
});

test('there is no third page', async () => {
    for (const args of [['man'], ['man', 'nginx'], ['man', 'quire', 'quire.conf']]) {
        assert.equal((await run(quireBin, args)).code, 2);
    }
});
