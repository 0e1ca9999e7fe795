// Addresses that nobody would type, and texts of which a page would not expect how they run.
import assert from 'node:assert/strict';
import { until } from '../api/lib/processes.mjs';
import { startSite } from '../api/lib/site.mjs';
import { test } from '../api/lib/test.mjs';
import { startBrowser } from './lib/browser.mjs';
import { enter, leave, visit } from './lib/visit.mjs';

const site = await startSite({ settings: { WORKERS: 2 } });
const browser = await startBrowser(`http://127.0.0.1:${site.front.port}`);
const people = [];
for (let i = 1; i <= 12; i++) {
    people.push(await site.signUp());
}
const [ada] = people;

test('an address that is no text is said to be none, where it is opened and where it is clicked', async () => {
    await leave(browser);
    const post = await site.createPost(ada, { title: 'Mind the step', content: '[a step](/posts/%FF) and [a way](/books)' });
    for (const path of ['/posts/%FF', '/people/%C3%28/', '/tags/%E0%A4']) {
        const page = await browser.open(path);
        await page.getByRole('heading', { name: 'Not here', level: 1 }).waitFor();
        await page.close();
    }
    const page = await visit(browser, `/posts/${post.id}`);
    await page.getByRole('link', { name: 'a step' }).click();
    await page.getByRole('heading', { name: 'Not here', level: 1 }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'a way' }).click();
    await page.getByRole('heading', { name: 'Books', level: 1 }).waitFor();
    browser.assertQuiet();
    await browser.clear();
});

test('only one\'s own page is where one is', async () => {
    const twelfth = people.find(({ id }) => people.some((other) => String(id).startsWith(other.id) && other.id !== id));
    const first = people.find(({ id }) => id !== twelfth.id && String(twelfth.id).startsWith(id));
    await enter(browser, first);
    const page = await visit(browser, `/people/${twelfth.id}`);
    const own = page.locator('header.site').getByRole('link', { name: first.username, exact: true });
    assert.equal(await own.getAttribute('aria-current'), null);
    await own.click();
    await until('one is there', async () => await own.getAttribute('aria-current') === 'page');
    browser.assertQuiet(/404/); // nobody has a profile
    await browser.clear();
});

test('a picture at an address that no browser can read is none', async () => {
    for (const avatar_url of ['https://example.com:99999/a.png', 'http://[1]/a.png', 'https://a b/', 'https://%00/']) {
        await site.put('/users/me/profile', { avatar_url, bio: 'Here I am.' }, ada);
        const page = await visit(browser, `/people/${ada.id}`);
        await page.getByRole('heading', { name: ada.username, level: 1 }).waitFor();
        await page.close();
    }
    browser.assertQuiet(/404/);
    await browser.clear();
});

test('text that runs from right to left begins on the right, and turns nothing that stands beside it', async () => {
    const reader = await site.signUp({ username: 'נועה' });
    const post = await site.createPost(reader, { title: 'שלום עולם', content: 'זה הטקסט.\n\nAnd this is one from the left.' });
    await site.createComment(reader, post, 'תגובה');
    await leave(browser);
    const page = await visit(browser, `/posts/${post.id}`);
    /** How far the first letters are from the two sides of the element around them. */
    const place = (text) => page.getByText(text, { exact: true }).evaluate((element) => {
        const range = document.createRange();
        range.selectNodeContents(element);
        const [inner, outer] = [range.getBoundingClientRect(), element.getBoundingClientRect()];
        return inner.left - outer.left < outer.right - inner.right ? 'left' : 'right';
    });
    await page.getByText('תגובה').waitFor();
    const sides = {};
    for (const text of ['שלום עולם', 'זה הטקסט.', 'תגובה', 'And this is one from the left.']) {
        sides[text] = await place(text);
    }
    assert.deepEqual(sides, { 'שלום עולם': 'right', 'זה הטקסט.': 'right', 'תגובה': 'right', 'And this is one from the left.': 'left' });
    const by = await page.locator('.post-head p').innerText();
    assert.match(by, /^by נועה · /);
    const [name, time] = await Promise.all(['.person', 'time'].map((each) => page.locator(`.post-head p ${each}`).boundingBox()));
    assert.ok(name.x < time.x, 'the name stands before the time');
    browser.assertQuiet();
    await browser.clear();
});

test('a kind of event that only JavaScript knows is none', async () => {
    await enter(browser, await site.admin());
    const page = await visit(browser, '/admin?show=audit&event=toString');
    await page.locator('.event').first().waitFor();
    assert.equal(await page.getByLabel('Kind of event').inputValue(), '');
    browser.assertQuiet();
    await browser.clear();
});
