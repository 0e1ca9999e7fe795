// axe: what axe-core finds wrong with a page for people who use it otherwise than by eye and mouse.
//
//     assert.deepEqual(await complaintsOf(page), []);                        // "color-contrast: p.quiet: …"
//     assert.deepEqual(await complaintsOf(page, ['color-contrast']), []);    // this rule alone
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Everything that is wrong, a sentence each. (Playwright's evaluate is not bound by the page's policy.) */
export async function complaintsOf(page, rules = undefined) {
    if (!await page.evaluate(() => 'axe' in window)) {
        await page.evaluate(source);
    }
    const found = await page.evaluate((only) => window.axe.run(document, { resultTypes: ['violations'],
        ...(only === undefined ? {} : { runOnly: { type: 'rule', values: only } }) }).then(({ violations }) => violations.flatMap(
        ({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`))), rules);
    return found;
}
