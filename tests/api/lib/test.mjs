// test: node:test's test(), which remembers whether anything failed and has a time limit of its own.
//
//     import { test } from './lib/test.mjs';
//     test('a title is required', async () => { … });
import { test as nodeTest } from 'node:test';

let failed = 0;

/** How many tests of this file have failed so far. */
export function failures() {
    return failed;
}

/** As node:test. Options: timeout in ms (60,000), skip. */
export function test(name, ...rest) {
    const body = rest.pop();
    const options = { timeout: 60000, ...rest[0] };
    return nodeTest(name, options, async (t) => {
        try {
            await body(t);
        } catch (error) {
            failed += 1;
            throw error;
        }
    });
}
