// Changing what is there: what is typed while it is saved, an answer that is lost, and what others change meanwhile, tags and who may
// read it included.
import assert from 'node:assert/strict';
import { until } from '../api/lib/processes.mjs';
import { startSite } from '../api/lib/site.mjs';
import { startBrowser } from './lib/browser.mjs';
import { enter, press, quietJourneys, toast, unhurried, visit } from './lib/visit.mjs';

const site = await startSite({ settings: { WORKERS: 2 }, work: true });
const browser = await startBrowser(`http://127.0.0.1:${site.front.port}`);
const ada = await site.signUp();

const journey = quietJourneys(browser);

/** A thread of ada's with these tweets, and its page. */
async function openThread(...tweets) {
    const made = await site.post('/tweets/generate', { topic: 'How to mend a net', source: 'A net is mended by knots. It takes a while.' }, ada);
    assert.equal(made.status, 200, made.raw);
    const path = `/tweets/threads/${made.json.id}`;
    assert.equal((await site.patch(path, { tweets }, ada)).status, 200);
    await enter(browser, ada);
    const page = await visit(browser, `/threads/${made.json.id}`);
    const fields = page.locator('.tweet textarea');
    await until('all tweets are there', async () => await fields.count() === tweets.length);
    return { page, fields, shown: () => fields.evaluateAll((all) => all.map(({ value }) => value)),
        saved: async () => (await site.get(path, ada)).json.tweets };
}

journey('what is typed into a thread while it is saved stays, with the keyboard, and is saved the next time', async () => {
    const { page, fields, shown, saved } = await openThread('One.', 'Two.');
    let release;
    const released = new Promise((resolve) => { release = resolve; });
    await page.route('**/tweets/threads/*', async (route) => { await released; await route.continue(); });
    await fields.first().fill('One, changed.');
    await press(page, 'Save');
    await fields.nth(1).fill('Two, changed while it was saved.');
    release();
    await toast(page, 'The thread is saved.');
    await page.unroute('**/tweets/threads/*');
    assert.deepEqual(await saved(), ['One, changed.', 'Two.']);
    assert.deepEqual(await shown(), ['One, changed.', 'Two, changed while it was saved.']);
    assert.ok(await fields.nth(1).evaluate((field) => field === document.activeElement));
    await until('it is kept', () => page.evaluate(() => Object.values(localStorage).some((text) => text.includes('while it was saved'))));
    await page.reload();
    await page.getByText('This is what you typed before.').waitFor();
    await press(page, 'Save');
    await until('it is saved', async () => (await saved())[1] === 'Two, changed while it was saved.');
    assert.equal(await page.getByRole('heading', { name: 'Two versions' }).count(), 0);
});

journey('a tweet that is taken back takes the place of none that was added meanwhile', async () => {
    const { page, fields, shown } = await openThread('One.', 'Two.');
    await unhurried(page);
    await page.getByRole('button', { name: 'Remove: tweet 2' }).click();
    await until('it is removed', async () => await fields.count() === 1);
    await press(page, 'Add a tweet');
    await fields.nth(1).fill('Another.');
    await press(page, 'Undo');
    await until('it is back', async () => await fields.count() === 3);
    assert.deepEqual(await shown(), ['One.', 'Two.', 'Another.']);
});

journey('a change that had arrived, but not its answer, is no one else\'s', async () => {
    const post = await site.createPost(ada, { title: 'Sent once', content: 'At first.' });
    const thread = await openThread('One.');
    const pages = [
        { page: await visit(browser, `/posts/${post.id}/edit`), label: 'Text', ends: (page) => page.waitForURL(`**/posts/${post.id}`) },
        { page: thread.page, label: 'Tweet 1', ends: (page) => toast(page, 'The thread is saved.') },
    ];
    for (const { page, label, ends } of pages) {
        await page.route('**/api/v1/**', async (route) => {
            if (route.request().method() === 'PATCH') {
                await route.fetch();
                await route.abort('connectionreset');
            } else {
                await route.fallback();
            }
        });
        await page.getByLabel(label, { exact: true }).fill('Changed, and not heard of.');
        await press(page, 'Save');
        await page.getByRole('alert').filter({ hasText: 'cannot be reached' }).waitFor();
        await page.unroute('**/api/v1/**');
        await press(page, 'Save');
        await ends(page);
    }
    assert.equal((await site.get(`/posts/${post.id}`)).json.content, 'Changed, and not heard of.');
    assert.deepEqual(await thread.saved(), ['Changed, and not heard of.']);
}, /ERR_|412/);

for (const [button, published, tags] of [['Keep mine, and go on editing', true, ['jam', 'salt', 'tea']],
    ['Take theirs', false, ['bread', 'jam', 'tea']]]) {
    journey(`a post that was made private elsewhere, and tagged, while one writes: ${button}`, async () => {
        const post = await site.createPost(ada, { title: 'Breakfast', content: 'At eight.' });
        const tag = (...names) => site.post(`/posts/${post.id}/tags`, { tags: names.map((name) => ({ name })) }, ada);
        await tag('bread', 'jam');
        await enter(browser, ada);
        let page = await visit(browser, `/posts/${post.id}/edit`);
        await page.getByLabel('Text').fill('At nine.');
        await page.getByLabel('Tags').fill('jam, salt');
        await until('it is kept', () => page.evaluate(() => Object.values(localStorage).some((text) => text.includes('jam, salt'))));
        await page.close();
        await tag('tea');
        assert.equal((await site.patch(`/posts/${post.id}`, { published: false }, ada)).status, 200);
        page = await visit(browser, `/posts/${post.id}/edit`);
        await page.getByText('This is what you typed before.').waitFor();
        await press(page, 'Save');
        const versions = page.getByRole('alert', { name: 'Two versions' });
        await versions.getByRole('heading', { name: 'Published', exact: true }).waitFor();
        assert.deepEqual(await versions.locator('pre').last().locator('del, ins').allInnerTexts(), ['no', 'yes']);
        await press(page, button);
        assert.equal(await page.getByLabel('Published').isChecked(), published);
        await press(page, 'Save');
        await page.waitForURL(`**/posts/${post.id}`);
        const { json } = await site.get(`/posts/${post.id}?include=tags`, ada);
        assert.deepEqual([json.published, json.tags.map(({ name }) => name).sort()], [published, tags]);
    }, /412/);
}
