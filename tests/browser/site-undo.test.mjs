// Deleting that can be taken back: as long as it can, what is deleted shows nowhere; it is carried out when the notice is gone,
// and by leaving or hiding the page; and the notice waits for who needs time.
import assert from 'node:assert/strict';
import { hold } from '../api/lib/locks.mjs';
import { sleep, until } from '../api/lib/processes.mjs';
import { startSite } from '../api/lib/site.mjs';
import { startBrowser } from './lib/browser.mjs';
import { enter, press, quietJourneys, settled, toast, unhurried, visit } from './lib/visit.mjs';

const SHOWN_MS = 6000; // a notice, as in ui/toasts.js

const site = await startSite({ settings: { WORKERS: 2, DB_TIMEOUT: 40 }, work: true }); // a lock is held while a page loads
const browser = await startBrowser(`http://127.0.0.1:${site.front.port}`, { keeps: true });
const [ada, bea, admin] = [await site.signUp(), await site.signUp(), await site.admin()];
const book = await site.createBook(bea, { title: 'On everybody\'s shelf' });

const journey = quietJourneys(browser);

/** Follows a link within the site: the page is not left. */
async function follow(page, path) {
    await page.evaluate((href) => {
        const link = document.createElement('a');
        link.href = href;
        document.body.append(link);
        link.click();
        link.remove();
    }, path);
    await settled(page);
    await browser.idle(page);
}

/** What is deleted: who does it, where, what makes it, what it is known by, and where else it is shown. */
const things = [
    { what: 'my review', who: ada, make: async (text) => {
        await site.createReview(ada, book, 3, text);
        return { path: `/books/${book.uid}`, elsewhere: [`/people/${ada.id}?show=reviews`] };
    }, table: 'reviews' },
    { what: 'the review of another', who: admin, make: async (text) => {
        await site.createReview(bea, book, 3, text);
        return { path: `/books/${book.uid}`, within: '.review',
            elsewhere: ['/admin?show=reviews', `/people/${bea.id}?show=reviews`] };
    }, table: 'reviews' },
    { what: 'a post', who: ada, make: async (text) => {
        const post = await site.createPost(ada, { title: text });
        return { path: `/posts/${post.id}`, elsewhere: ['/', `/posts/${post.id}`, `/posts/${post.id}/edit`, `/people/${ada.id}`] };
    }, table: 'posts' },
    { what: 'a book', who: ada, make: async (text) => {
        const { uid } = await site.createBook(ada, { title: text });
        return { path: `/books/${uid}`, elsewhere: ['/books', `/books/${uid}`, `/books/${uid}/edit`, `/people/${ada.id}?show=books`] };
    }, table: 'books' },
    { what: 'a thread', who: ada, make: async (text) => {
        const { json: { id } } = await site.post('/tweets/generate', { topic: `${text}, at length`, source: 'They are of paper.' }, ada);
        return { path: `/threads/${id}`, elsewhere: ['/threads', `/threads/${id}`] };
    }, table: 'tweet_threads' },
    { what: 'a note', who: ada, make: async (text) => {
        await site.create('/microposts', { body: text }, ada);
        return { path: '/notes', elsewhere: ['/notes', `/people/${ada.id}?show=notes`, `/search?in=notes&q=${text}`] };
    }, table: 'microposts' },
    { what: 'a comment', who: ada, make: async (text) => {
        const post = await site.createPost(bea, { title: 'About that' });
        await site.createComment(ada, post, text);
        return { path: `/posts/${post.id}`, elsewhere: [`/posts/${post.id}`] };
    }, table: 'comments' },
    { what: 'a tag', who: admin, make: async (text) => {
        const post = await site.createPost(bea, { title: 'With a tag' });
        const { json } = await site.post(`/posts/${post.id}/tags`, { tags: [{ name: text }] }, bea);
        return { path: '/tags', name: `Delete ${text}`,
            elsewhere: ['/tags', `/tags/${json.tags[0].uid}`, `/posts/${post.id}`, `/search?in=tags&q=${text}`] };
    }, table: 'tags' },
    { what: 'a role', who: admin, make: async (text) => {
        await site.create('/roles', { name: text }, admin);
        return { path: '/admin?show=roles', name: `Delete: ${text}`, elsewhere: ['/admin?show=roles', `/admin?search=${ada.username}`] };
    }, table: 'roles' },
    { what: 'an account', who: admin, make: async (text) => {
        const { id } = await site.signUp({ username: text });
        return { path: `/admin?search=${text}`, name: `Delete: ${text}`, elsewhere: [`/admin?search=${text}`, `/people/${id}`] };
    }, table: 'users' },
];

for (const { what, who, make, table } of things) {
    journey(`${what} that is deleted is nowhere while it can be taken back, and there again when it is`, async () => {
        const text = site.name('thing');
        const { path, within = 'main', name = /^Delete/, elsewhere } = await make(text);
        const rows = await site.count(table);
        const shown = (page) => page.locator('main').getByText(text).and(page.locator(':not(.empty p)')).count();
        await enter(browser, who);
        const page = await visit(browser, path);
        await page.locator('main').getByText(text).first().waitFor();
        await unhurried(page);
        await page.locator(within).filter({ hasText: text }).getByRole('button', { name }).first().click();
        await page.locator('.toast').hover(); // it stays as long as one looks around
        await until('it is gone', async () => await shown(page) === 0);
        for (const other of ['/tags?search=none', path, ...elsewhere]) {
            await follow(page, other);
            assert.equal(await shown(page), 0, other);
        }
        await follow(page, path);
        await press(page, 'Undo');
        await page.locator('main').getByText(text).first().waitFor();
        assert.equal(await site.count(table), rows);
    }, /404/); // nobody has a profile
}

journey('my review is deleted while I look elsewhere; back at the book, I can write another', async () => {
    const { uid } = await site.createBook(bea, { title: 'Reviewed twice' });
    await site.createReview(ada, { uid }, 2, 'At first sight');
    await enter(browser, ada);
    const page = await visit(browser, `/books/${uid}`);
    await unhurried(page, 20000); // there and back before it is over
    await press(page, 'Delete');
    await press(page, 'Tags', 'link');
    await page.getByRole('heading', { name: 'Tags', level: 1 }).waitFor();
    await page.goBack();
    await page.getByText('1 review', { exact: false }).waitFor();
    await settled(page);
    assert.equal(await page.getByText('At first sight').count(), 0);
    await page.getByLabel('What do you think of it?').waitFor();
    assert.equal(await site.count('reviews', "review_text = 'At first sight'"), 0);
    await page.getByText('No reviews yet').waitFor();
});

journey('what is deleted does not come back for who loads the page anew before the server is done with it', async () => {
    const { uid } = await site.createBook(bea, { title: 'Slowly' });
    await site.createReview(ada, { uid }, 2, 'Slow to go');
    await enter(browser, ada);
    const page = await visit(browser, `/books/${uid}`);
    await unhurried(page);
    await press(page, 'Delete');
    await toast(page, 'The review is deleted.');
    const release = await hold(site, "SELECT 1 FROM reviews WHERE review_text = 'Slow to go' FOR UPDATE");
    await page.reload();
    await settled(page);
    await page.getByRole('heading', { name: 'Reviews', level: 2 }).waitFor();
    assert.equal(await page.getByText('Slow to go').count(), 0);
    assert.equal(await site.count('reviews', "review_text = 'Slow to go'"), 1, 'the server still has it');
    await release();
    await until('it is deleted', async () => await site.count('reviews', "review_text = 'Slow to go'") === 0);
    await page.reload();
    await page.getByLabel('What do you think of it?').waitFor();
});

journey('hiding the page carries it out: there is no Undo that would undo nothing', async () => {
    await site.create('/microposts', { body: 'Out of sight' }, ada);
    await enter(browser, ada);
    const page = await visit(browser, '/notes');
    await unhurried(page); // its end is not waited for
    await page.locator('.note-row').filter({ hasText: 'Out of sight' }).getByRole('button', { name: 'Delete' }).click();
    await toast(page, 'The note is deleted.');
    await page.locator('.toast').hover(); // it would wait
    await page.evaluate(() => { // a browser without a window hides none of its pages
        Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
        document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    });
    await until('it is deleted', async () => await site.count('microposts', "body = 'Out of sight'") === 0);
    assert.equal(await page.getByRole('button', { name: 'Undo' }).count(), 0);
});

journey('who leaves right after deleting has deleted, also when the session was due to be renewed', async () => {
    await site.create('/microposts', { body: 'Last words' }, ada);
    await enter(browser, ada);
    const page = await visit(browser, '/notes');
    await unhurried(page); // it is renewed at once, not at the end of the notice
    const [{ name, ...access }] = (await browser.context.cookies()).filter((cookie) => cookie.name.endsWith('access'));
    await browser.context.addCookies([{ ...access, name, value: 'run.out' }]);
    const renewed = page.waitForResponse('**/auth/refresh');
    await page.locator('.note-row').filter({ hasText: 'Last words' }).getByRole('button', { name: 'Delete' }).click();
    await renewed;
    await page.close({ runBeforeUnload: true });
    await until('it is deleted', async () => await site.count('microposts', "body = 'Last words'") === 0);
}, /401/);

journey('what somebody else has deleted meanwhile is deleted; what cannot be deleted is there again, and leads nobody away', async () => {
    const [twice, kept] = [await site.createPost(ada, { title: 'Deleted twice' }), await site.createPost(ada, { title: 'Not deleted' })];
    await enter(browser, ada);
    const page = await visit(browser, `/posts/${twice.id}`);
    await press(page, 'Delete');
    await site.delete(`/posts/${twice.id}`, ada);
    await follow(page, `/posts/${kept.id}`);
    await page.route(`**/posts/${kept.id}`, (route) => (route.request().method() === 'DELETE' ? route.abort() : route.continue()));
    await press(page, 'Delete');
    const refused = toast(page, 'It was not deleted: The site cannot be reached.'); // it may have gone when it is come to
    refused.catch(() => {});
    await follow(page, '/posts/new');
    await page.getByLabel('Title').fill('Something else');
    await refused;
    assert.equal(await page.locator('.toast').filter({ hasText: 'not found' }).count(), 0);
    assert.equal(await page.getByLabel('Title').inputValue(), 'Something else');
    await follow(page, '/');
    await page.getByRole('link', { name: 'Not deleted' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'Deleted twice' }).count(), 0);
}, /404|ERR_FAILED/);

/** What the keyboard is at. */
const focused = (page) => page.evaluate(() => document.activeElement.textContent);

journey('the notice stays while the keyboard is at it or the pointer over it, and goes when neither is', async () => {
    await site.create('/microposts', { body: 'By key' }, ada);
    await site.create('/microposts', { body: 'By hand' }, ada);
    await enter(browser, ada);
    const page = await visit(browser, '/notes');
    const row = (text) => page.locator('.note-row').filter({ hasText: text });
    await unhurried(page, 2 * SHOWN_MS);
    await row('By hand').getByRole('button', { name: 'Delete' }).click();
    await page.locator('.toast').hover();
    await row('By key').getByRole('button', { name: 'Delete' }).focus();
    await page.keyboard.press('Enter');
    await until('the way back is under the key', async () => await focused(page) === 'Undo');
    await sleep(2 * SHOWN_MS + 1500);
    assert.equal(await page.locator('.toast').count(), 2);
    assert.equal(await site.count('microposts', "body IN ('By key', 'By hand')"), 2);
    await page.keyboard.press('Enter');
    await row('By key').waitFor();
    await page.mouse.move(0, 0);
    await until('it is over', async () => await page.locator('.toast').count() === 0);
    await until('it is deleted', async () => await site.count('microposts', "body = 'By hand'") === 0);
    assert.equal(await site.count('microposts', "body = 'By key'"), 1);
});

journey('who deletes by a click and looks on has deleted after a while', async () => {
    await site.create('/microposts', { body: 'By a click' }, ada);
    await enter(browser, ada);
    const page = await visit(browser, '/notes');
    await page.locator('.note-row').filter({ hasText: 'By a click' }).getByRole('button', { name: 'Delete' }).click();
    await page.mouse.move(0, 0);
    await until('it is deleted', async () => await site.count('microposts', "body = 'By a click'") === 0);
});

journey('a post is deleted and taken back by the keyboard alone', async () => {
    const post = await site.createPost(ada, { title: 'By ten fingers' });
    await enter(browser, ada);
    const page = await visit(browser, `/posts/${post.id}`);
    await unhurried(page);
    await page.getByRole('button', { name: 'Delete' }).focus();
    await page.keyboard.press('Enter');
    await toast(page, 'is deleted');
    await page.locator('.post-row, .empty').first().waitFor();
    if (await focused(page) !== 'Undo') {
        await page.keyboard.press('Shift+Tab');
    }
    assert.equal(await focused(page), 'Undo');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'By ten fingers', level: 1 }).waitFor();
});

journey('the notice of a title that fits in no line leaves room for its button', async () => {
    const post = await site.createPost(ada, { title: `Long${'winded'.repeat(30)}` });
    await enter(browser, ada);
    const page = await visit(browser, `/posts/${post.id}`);
    await page.setViewportSize({ width: 320, height: 640 });
    await unhurried(page);
    await press(page, 'Delete');
    const box = await page.getByRole('button', { name: 'Undo' }).boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 320, JSON.stringify(box));
    await press(page, 'Undo');
    await page.getByRole('heading', { name: post.title, level: 1 }).waitFor();
});
