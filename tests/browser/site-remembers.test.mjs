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

journey('a post keeps the tags that its form was not asked about', async () => {
    const post = await site.createPost(ada, { title: 'Much tagged' });
    const names = [...Array.from({ length: 24 }, (_, i) => `kind ${String.fromCharCode(97 + i)}`), 'bread, butter'];
    for (const some of [names.slice(0, 20), names.slice(20)]) {
        await site.post(`/posts/${post.id}/tags`, { tags: some.map((name) => ({ name })) }, ada);
    }
    const tags = async () => (await site.get(`/posts/${post.id}?include=tags`, ada)).json.tags.map(({ name }) => name).sort();
    assert.deepEqual(await tags(), [...names].sort());
    await enter(browser, ada);
    const edit = async (change) => {
        const page = await visit(browser, `/posts/${post.id}/edit`);
        await change(page);
        await press(page, 'Save');
        await page.waitForURL(`**/posts/${post.id}`);
        await page.close();
    };
    await edit((page) => page.getByLabel('Title').fill('Much tagged, and renamed'));
    assert.deepEqual(await tags(), [...names].sort());
    await edit(async (page) => {
        const field = page.getByLabel('Tags');
        await field.fill(`${(await field.inputValue()).replace('kind a, ', '')}, jam`);
    });
    assert.deepEqual(await tags(), [...names.slice(1), 'jam'].sort());
    const many = Array.from({ length: 30 }, (_, i) => `sort ${i}`);
    await edit((page) => page.getByLabel('Tags').fill(many.join(',')));
    assert.deepEqual(await tags(), [...many].sort());
});

journey('a tag that is too long is said beside its field, before there is a post without it', async () => {
    await enter(browser, ada);
    const page = await visit(browser, '/posts/new');
    await page.getByLabel('Title').fill('Well tagged');
    await page.getByLabel('Text').fill('or not at all');
    await page.getByLabel('Tags').fill(`short, ${'long'.repeat(13)}`);
    await press(page, 'Publish');
    await page.locator('.field').filter({ hasText: 'Tags' }).getByText('is too long for a tag: at most 50 characters').waitFor();
    assert.equal(await page.getByLabel('Tags').getAttribute('aria-invalid'), 'true');
    assert.equal(await site.count('posts', "title = 'Well tagged'"), 0);
    await page.getByLabel('Tags').fill('short');
    await press(page, 'Publish');
    await page.getByRole('heading', { name: 'Well tagged', level: 1 }).waitFor();
});
