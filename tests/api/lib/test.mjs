// test: node:test's test(), which remembers whether anything failed and has a time limit of its own.
//
//     import { test } from './lib/test.mjs';
//     test('a title is required', async () => { … });
import { AsyncLocalStorage } from 'node:async_hooks';
import { test as nodeTest } from 'node:test';

let failed = 0;
const within = new AsyncLocalStorage(); // the name of the test that runs here

/** How many tests of this file have failed so far. */
export function failures() {
    return failed;
}

/**
 * As node:test. Options: timeout in ms (60,000), skip, apart: true where it asks a site of its own and no other, so that
 * Prism's run of the file (prism.test.mjs) would hear nothing of it and does without. Not within another test, which would
 * not wait for it.
 */
export function test(name, ...rest) {
    if (within.getStore() !== undefined) {
        throw new Error(`the test "${name}" stands within the test "${within.getStore()}"`);
    }
    const body = rest.pop();
    const { apart = false, ...options } = { timeout: 60000, ...rest[0] };
    if (apart && process.env.QUIRE_TEST_PRISM !== undefined) {
        return undefined;
    }
    return nodeTest(name, options, async (t) => {
        try {
            await within.run(name, () => body(t));
        } catch (error) {
            failed += 1;
            throw error;
        }
    });
}
