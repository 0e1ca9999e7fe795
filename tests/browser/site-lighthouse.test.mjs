// Lighthouse's marks for the first page, a post and the log-in page, on a telephone and on a desk: 95 of 100 and more. How
// fast a page is depends on what else the machine does, so the best of some runs counts for that.
import assert from 'node:assert/strict';
import { startSite } from '../api/lib/site.mjs';
import { test } from '../api/lib/test.mjs';
import { CATEGORIES, startMeasured } from './lib/lighthouse.mjs';
import { furnish } from './lib/world.mjs';

const PASS = 95;
const RUNS = 3;
const FAILED = 3; // so many more may come to nothing

const site = await startSite({ settings: { WORKERS: 2 }, work: true });
const world = await furnish(site);
const chromium = await startMeasured();
const origin = `http://127.0.0.1:${site.front.port}`;

const marksOf = ({ categories }) => Object.fromEntries(Object.entries(categories)
    .map(([name, { score }]) => [name, Math.round(score * 100)]));

/** What has cost a page its mark. */
const faults = ({ audits }) => Object.values(audits).filter(({ score }) => score !== null && score < 0.9)
    .map(({ id, displayValue = '', details }) => `${id} ${displayValue} ${JSON.stringify(details?.items ?? '').slice(0, 400)}`)
    .join('\n');

/** A report. Where nothing was painted in time, or all stood still, another one: failed remembers what was wrong. */
async function report(url, form, failed, categories) {
    for (;;) {
        try {
            return await chromium.report(url, form, categories);
        } catch (error) {
            if (!/^(NO_FCP|PAGE_HUNG):/.test(error.message) || failed.push(error.message) > FAILED) {
                throw error;
            }
        }
    }
}

for (const [name, path, form] of [
    ['the first page', '/', 'mobile'],
    ['a post', `/posts/${world.post.id}`, 'desktop'],
    ['the log-in page', '/login', 'mobile'],
]) {
    test(`${name}: ${form}`, { timeout: 400000 }, async () => {
        const failed = [];
        let last = await report(`${origin}${path}`, form, failed);
        const marks = marksOf(last);
        const fast = [marks.performance];
        while (fast.length < RUNS && Math.max(...fast) < PASS) {
            last = await report(`${origin}${path}`, form, failed, ['performance']);
            fast.push(marksOf(last).performance);
        }
        const others = `accessibility ${marks.accessibility}, best practices ${marks['best-practices']}`;
        console.error(`# ${name} (${form}): performance ${[...failed, ...fast].join(', ')}, ${others}`);
        assert.deepEqual(Object.keys(marks).sort(), [...CATEGORIES].sort());
        for (const [category, mark] of Object.entries({ ...marks, performance: Math.max(...fast) })) {
            assert.ok(mark >= PASS, `${category} ${mark} of ${name}\n${faults(last)}`);
        }
    });
}
