// Torture: the programs of tests/torture, each with a database of its own. They are the shipped code without a web
// server, in one process, so that every call to the database can be made to fail.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { environment, root, run } from './lib/processes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const folder = resolve(root, process.env.QUIRE_TORTURE ?? 'build/release/torture');
const MINUTES = 60 * 1000;

assert.ok(existsSync(folder), `there is no ${folder}: make torture builds it`);
const programs = readdirSync(folder).filter((name) => name.endsWith('_torture'));
assert.ok(programs.length > 0, `there are no programs in ${folder}`);

/** All acts, or one half of them, on a database of its own: what the program says. */
async function play(program, part) {
    const site = await startSite({ pool: false, front: false });
    // TORTURE_ONLY=vote: only the acts with that in their name
    const env = environment({ ...site.settings, TORTURE_ONLY: process.env.TORTURE_ONLY, TORTURE_PART: part });
    const done = await run(join(folder, program), [], { cwd: root, env, timeout: 30 * MINUTES });
    assert.equal(done.code, 0, `${done.signal ?? ''}\n${done.stdout.slice(-4000)}\n${done.stderr.slice(-4000)}`);
    assert.match(done.stdout + done.stderr, /\[ {2}PASSED {2}\] [1-9]\d* test\(s\)/);
    assert.doesNotMatch(done.stdout + done.stderr, /Sanitizer|runtime error:/);
    return done.stdout + done.stderr;
}

for (const program of programs) {
    const parts = program === 'writes_torture' ? ['0', '1'] : [undefined];
    test(program, { timeout: 30 * MINUTES }, async () => {
        const said = await Promise.all(parts.map((part) => play(program, part)));
        if (program === 'writes_torture') {
            assert.match(said.join('\n'), /: [1-9]\d* calls, [1-9]\d* faults$/m);
        }
    });
}
