// What a page knows of what was done before: votes, deletions and notes that a list does not tell yet, tags that somebody else
// has given, who was here last, and who is here when the site does not say so at once.
import assert from 'node:assert/strict';
import { until } from '../api/lib/processes.mjs';
import { startSite } from '../api/lib/site.mjs';
import { test } from '../api/lib/test.mjs';
import { startBrowser } from './lib/browser.mjs';
import { enter, press, toast, visit } from './lib/visit.mjs';

const site = await startSite({ settings: { WORKERS: 2 } });
const browser = await startBrowser(`http://127.0.0.1:${site.front.port}`);
const ada = await site.signUp();
const bea = await site.signUp();

/** A test that leaves no window behind. may: complaints that belong to it. */
const journey = (name, body, may) => test(name, async () => {
    try {
        await body();
        browser.assertQuiet(may);
    } finally {
        await browser.clear();
    }
});

/** Keeps what is on its way until the function that it gives is called: requests, or their answers. */
async function hold(page, address, { answers = false } = {}) {
    let release;
    const released = new Promise((resolve) => { release = resolve; });
    await page.route(address, async (route) => {
        const response = answers ? await route.fetch() : undefined;
        await released;
        await (answers ? route.fulfill({ response }) : route.continue());
    });
    return release;
}

journey('a vote is in the score of the list that the back button leads to', async () => {
    const post = await site.createPost(bea, { title: 'Voted on twice' });
    await enter(browser, ada);
    const page = await visit(browser, '/');
    const row = page.locator('.post-row').filter({ hasText: 'Voted on twice' });
    const score = (place, sum) => until(`the score is ${sum}`, async () => await place.getByLabel('Score').innerText() === sum);
    const arrived = (sum) => until('it has arrived', async () => (await site.get(`/posts/${post.id}`)).json.score === sum);
    await row.getByRole('button', { name: /^For it/ }).click();
    await score(row, '1');
    await arrived(1);
    await row.getByRole('link', { name: 'Voted on twice' }).click();
    await page.getByRole('heading', { name: 'Voted on twice', level: 1 }).waitFor();
    await score(page.locator('article.post'), '1');
    await page.goBack();
    await row.waitFor();
    await score(row, '1');
    await row.getByRole('link', { name: 'Voted on twice' }).click();
    await page.locator('article.post').getByRole('button', { name: /^Against it/ }).click();
    await score(page.locator('article.post'), '-1');
    await arrived(-1);
    await page.goBack();
    await row.waitFor();
    await score(row, '-1');
});

journey('a vote that is given before it is known how one has voted counts, and shows', async () => {
    const post = await site.createPost(bea, { title: 'In a hurry' });
    await enter(browser, ada);
    const page = await browser.open('/icon.svg');
    const release = await hold(page, '**/users/me/votes*', { answers: true });
    await page.goto(`${browser.origin}/posts/${post.id}`);
    const arrow = page.getByRole('button', { name: 'For it: In a hurry' });
    await page.getByRole('button', { name: 'Log out' }).waitFor();
    const told = page.waitForResponse('**/users/me/votes*');
    await arrow.click();
    await until('it has arrived', async () => (await site.get(`/posts/${post.id}`)).json.score === 1);
    release();
    await (await told).finished();
    await page.waitForLoadState('networkidle');
    assert.deepEqual([await arrow.getAttribute('aria-pressed'), await page.getByLabel('Score').innerText()], ['true', '1']);
});
