// Comments: more of them than come at once, where the keyboard is while one answers, and what is deleted.
import assert from 'node:assert/strict';
import { until } from '../api/lib/processes.mjs';
import { startSite } from '../api/lib/site.mjs';
import { startBrowser } from './lib/browser.mjs';
import { enter, leave, press, quietJourneys, toast, unhurried, visit } from './lib/visit.mjs';

const site = await startSite({ settings: { WORKERS: 2 } });
const browser = await startBrowser(`http://127.0.0.1:${site.front.port}`);
const ada = await site.signUp();
const bea = await site.signUp();

const journey = quietJourneys(browser);

/** What is shown of the comments that answer none, in its order. */
const shown = (page) => page.locator('.comments > .comment > .text').allInnerTexts();

/** What the keyboard is at. */
const focused = (page) => page.evaluate(() => {
    const { id, name, textContent, ariaLabel } = document.activeElement;
    return ariaLabel ?? (id.startsWith('comment-') ? id : name || textContent);
});

const MANY = 203;
const crowded = await site.createPost(bea, { title: 'Everybody has something to say' });
const said = [];
for (let i = 1; i <= MANY; i++) {
    said.push(await site.createComment(bea, crowded, `Number ${i}`));
}
await site.createComment(ada, crowded, 'Late, to the second hundred', said[120]);
const numbers = (from, to) => said.slice(from, to).map(({ text }) => text);

journey('the comments of a crowd come by the hundred, each once, in their order, with their answers', async () => {
    await leave(browser);
    const page = await visit(browser, `/posts/${crowded.id}`);
    const more = page.getByRole('button', { name: 'More comments' });
    await more.waitFor();
    assert.deepEqual(await shown(page), numbers(0, 100));
    assert.equal(await page.getByText('Late, to the second hundred').count(), 0);
    await more.focus();
    await page.keyboard.press('Enter');
    await until('two hundred', async () => (await shown(page)).length === 200);
    assert.deepEqual(await shown(page), numbers(0, 200));
    await page.locator(`#comment-${said[120].id} .comment`).getByText('Late, to the second hundred').waitFor();
    await until('one reads on where the new ones begin', async () => await focused(page) === `comment-${said[100].id}`);
    await more.click();
    await more.waitFor({ state: 'detached' });
    assert.deepEqual(await shown(page), numbers(0, MANY));
    await until('the keyboard is at them', async () => await focused(page) === `comment-${said[200].id}`);
});

journey('the next comments do not come: it is said, and asked again no more than once', async () => {
    await leave(browser);
    const page = await visit(browser, `/posts/${crowded.id}`);
    const more = page.getByRole('button', { name: 'More comments' });
    await more.waitFor();
    await page.route('**/comments?*', (route) => route.fulfill({ status: 500, json: { detail: 'our fault' } }));
    for (let i = 0; i < 2; i++) { // whoever presses again wants the same
        await more.click();
        await page.getByRole('alert').filter({ hasText: 'our fault' }).waitFor();
    }
    await page.unroute('**/comments?*');
    await press(page, 'Load again');
    await until('two hundred', async () => (await shown(page)).length >= 200);
    assert.deepEqual(await shown(page), numbers(0, 200));
    browser.heard();
});

journey('who adds to a crowd sees it at once, changes it, and finds it again behind all others', async () => {
    await enter(browser, ada);
    const page = await visit(browser, `/posts/${crowded.id}`);
    await page.getByRole('button', { name: 'More comments' }).waitFor();
    await page.getByLabel('Your comment').fill('The last word');
    await press(page, 'Comment');
    const mine = page.locator('.comment').filter({ hasText: 'The last word' });
    await mine.waitFor();
    assert.deepEqual(await shown(page), [...numbers(0, 100), 'The last word']);
    await mine.getByRole('button', { name: 'Edit' }).click();
    await page.locator('.comment').getByLabel('Your comment').fill('The last word, for now');
    await page.locator('.comment').getByRole('button', { name: 'Save' }).click();
    await until('it is changed', async () => (await shown(page)).at(-1) === 'The last word, for now');
    for (const there of [200, MANY]) {
        await page.locator('.more button[aria-busy="false"]').click(); // what was saved is shown before all has come anew
        await until(`${there}`, async () => (await shown(page)).length === there + 1);
        assert.deepEqual(await shown(page), [...numbers(0, there), 'The last word, for now']);
    }
    const [{ id }] = (await site.get(`/posts/${crowded.id}/comments?sort_by=-id&limit=1`)).json;
    await site.delete(`/comments/${id}`, ada);
});

journey('a comment beyond the first hundred that the address names stays where it is when it is answered', async () => {
    await enter(browser, ada);
    const page = await visit(browser, `/posts/${crowded.id}#comment-${said[150].id}`);
    const comment = page.locator(`#comment-${said[150].id}`);
    await comment.getByRole('button', { name: /^Answer/ }).click();
    await comment.getByLabel('Your answer').fill('I have followed the link.');
    await comment.locator('form').getByRole('button', { name: 'Answer' }).click();
    await comment.getByText('I have followed the link.').waitFor();
    await browser.idle(page);
    assert.deepEqual(await shown(page), numbers(0, 200));
});

journey('by the keyboard alone: an answer, a change, and a way back from both', async () => {
    const post = await site.createPost(bea, { title: 'With two hands' });
    const [question] = [await site.createComment(ada, post, 'A question?')];
    await enter(browser, ada);
    const page = await visit(browser, `/posts/${post.id}`);
    const comment = page.locator(`#comment-${question.id}`);
    for (const [name, field] of [['Answer', 'Your answer'], ['Edit', 'Your comment']]) {
        const opener = comment.getByRole('button', { name: new RegExp(`^${name} the comment of ${ada.username}`) });
        await opener.focus();
        await page.keyboard.press('Enter');
        await comment.getByLabel(field).waitFor();
        await until(`${name}: one types at once`, async () => await focused(page) === 'text');
        await comment.getByRole('button', { name: 'Cancel' }).focus();
        await page.keyboard.press('Enter');
        await until(`${name}: one is back at the button`, async () => (await focused(page)).startsWith(name));
    }
    await unhurried(page);
    await comment.getByRole('button', { name: /^Delete / }).focus();
    await page.keyboard.press('Enter');
    await toast(page, 'The comment is deleted');
    await until('the way back is under the key', async () => await focused(page) === 'Undo');
    await page.keyboard.press('Enter');
    await comment.waitFor();
    assert.equal(await site.count('comments', `post_id = ${post.id}`), 1);
});

journey('a comment that is deleted stays away from who goes and comes back, and comes again by Undo', async () => {
    const post = await site.createPost(bea, { title: 'There and back' });
    await site.createComment(ada, post, 'In passing.');
    await enter(browser, ada);
    const page = await visit(browser, `/posts/${post.id}`);
    await unhurried(page);
    await page.getByRole('button', { name: /^Delete / }).click();
    await press(page, 'Books', 'link');
    await page.getByRole('heading', { name: 'Books', level: 1 }).waitFor();
    await page.goBack();
    await page.getByLabel('Your comment').waitFor();
    await page.waitForLoadState('networkidle');
    assert.deepEqual(await shown(page), []);
    await press(page, 'Undo');
    await page.getByText('In passing.').waitFor();
    assert.equal(await site.count('comments', `post_id = ${post.id}`), 1);
});
