// visit: what a person does at the site, for tests that are about something else.
//
//     await enter(browser, ada);                          // logged in as the log-in page does it, without the page
//     const page = await visit(browser, '/posts/1');      // opened, and all that it shows has come
//     await page.locator(...).click(); await settled(page);
//     await leave(browser);                               // a browser that has never been here
import assert from 'node:assert/strict';
import { until } from '../../api/lib/processes.mjs';
import { test } from '../../api/lib/test.mjs';

/** Where no page of the site runs, but the browser is at the site. */
const ASIDE = '/icon.svg';

/** Somebody is logged in, and nothing else is known of the past. */
export async function enter(browser, person) {
    await leave(browser);
    const page = await browser.open(ASIDE);
    const status = await page.evaluate(async ({ email, password }) => {
        const answer = await fetch('/api/v1/auth/login', { method: 'POST', headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ email, password, mode: 'cookie' }) });
        localStorage.setItem('quire.signed-in', 'yes');
        return answer.status;
    }, { email: person.email, password: person.password });
    assert.equal(status, 200);
    await page.close();
}

/** Nobody is logged in, and nothing is known of the past. */
export async function leave(browser) {
    await browser.context.clearCookies();
    const page = await browser.open(ASIDE);
    await page.evaluate(() => localStorage.clear());
    await page.close();
}

/** Opens a page of the site and waits until it shows what it has to show. */
export async function visit(browser, path) {
    const page = await browser.open(path);
    await settled(page);
    return page;
}

/** Waits until a page has its heading, or says why not, and nothing is on the way any more. */
export function settled(page) {
    return until(`${page.url()} is there`, () => page.evaluate(() => document.querySelector('main :is(h1, .failure)') !== null
        && document.querySelector(':is(main, header) [aria-busy="true"]') === null
        && document.querySelector('main .list > ol:empty ~ .more') === null)); // a list that has not begun to ask
}

/** To be run in a page: notices (6 s in ui/toasts.js) that come from now on go after ms. */
export const stretch = (ms) => {
    const real = window.realSetTimeout ??= window.setTimeout;
    window.setTimeout = (run, wait, ...rest) => real(run, wait === 6000 ? ms : wait, ...rest);
};

/** Notices stay longer on this page than people are given: a test is not to be overtaken by them. */
export const unhurried = (page, ms = 60000) => page.evaluate(stretch, ms);

/** What makes a test that begins and ends with closed windows in those browsers, whatever happens in it. */
export const journeys = (...browsers) => (name, body) => test(name, async () => {
    try {
        await body();
    } finally {
        await Promise.all(browsers.map((browser) => browser.clear()));
    }
});

/** The same for one browser, which must have nothing to complain of but what belongs to the test (may). */
export const quietJourneys = (browser) => (name, body, may) => journeys(browser)(name, async () => {
    await body();
    browser.assertQuiet(may);
});

/** Presses a button, or follows a link, by its name. */
export const press = (page, name, role = 'button') => page.getByRole(role, { name, exact: true }).click();

/** Waits for a message at the edge of the window; its text. */
export async function toast(page, text) {
    const shown = page.locator('.toast').filter({ hasText: text }).first();
    await shown.waitFor();
    return shown;
}
