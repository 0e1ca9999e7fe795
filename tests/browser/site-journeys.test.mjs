// What people do at the site, from the first click to the last, in a real browser against a real server: they sign up, write,
// vote, answer, change their mind, meet one another in the same text, come back, and are thrown out.
import assert from 'node:assert/strict';
import { until } from '../api/lib/processes.mjs';
import { startSite } from '../api/lib/site.mjs';
import { startBrowser } from './lib/browser.mjs';
import { enter, journeys, leave, press, settled, toast, unhurried, visit } from './lib/visit.mjs';

const site = await startSite({ settings: { WORKERS: 2 }, work: true });
const origin = `http://127.0.0.1:${site.front.port}`;
const [browser, second] = [await startBrowser(origin), await startBrowser(origin)];
const ada = await site.signUp();
const bea = await site.signUp();

const journey = journeys(browser, second);

/** What stands beside a field, and whether the field says so itself. */
async function mistakeAt(page, label) {
    const field = page.getByLabel(label, { exact: true });
    await until(`${label} is marked`, async () => await field.getAttribute('aria-invalid') === 'true');
    const ids = (await field.getAttribute('aria-describedby')).split(' ');
    return page.locator(`[id="${ids.at(-1)}"]`).innerText();
}

journey('somebody signs up, writes a post and gets a vote; what is wrong is said beside its field', async () => {
    await leave(browser);
    const page = await visit(browser, '/');
    await press(page, 'Sign up', 'link');
    const person = { username: ada.username, email: `${site.name()}@localhost`, password: site.password() };
    await page.getByLabel('Name', { exact: true }).fill(person.username);
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await press(page, 'Sign up');
    assert.match(await mistakeAt(page, 'E-mail'), /valid email/);
    await page.getByLabel('E-mail').fill(person.email = `${site.name()}@example.com`);
    await press(page, 'Sign up');
    assert.match(await mistakeAt(page, 'Name'), /username/i);
    assert.equal(await page.evaluate(() => document.activeElement.name), 'username');
    await page.getByLabel('Name', { exact: true }).fill(person.username = site.name());
    await press(page, 'Sign up');
    await toast(page, `Welcome, ${person.username}.`);

    await press(page, 'Write a post');
    await page.getByLabel('Title').fill('My first');
    await page.getByLabel('Text').fill('# A heading\n\nand **bold**');
    await page.getByLabel('Tags').fill('bread, Night shift');
    await press(page, 'Preview');
    assert.equal(await page.locator('.preview strong').innerText(), 'bold');
    await until('the draft is kept', () => page.evaluate(() =>
        localStorage.getItem('quire.draft.post.new')?.includes('Night shift')));
    await page.reload();
    await page.getByText('This is what you typed before.').waitFor();
    assert.equal(await page.getByLabel('Text').inputValue(), '# A heading\n\nand **bold**');
    await press(page, 'Publish');
    await page.locator('article.post .tags').waitFor();
    const [, id] = /\/posts\/(\d+)$/.exec(page.url());
    const { json: post } = await site.get(`/posts/${id}?include=tags`);
    assert.deepEqual([post.title, post.owner.username], ['My first', person.username]);
    assert.deepEqual(post.tags.map(({ name }) => name).sort(), ['Night shift', 'bread']);
    assert.equal(await page.locator('article h2').innerText(), 'A heading');

    await page.getByRole('link', { name: 'Posts', exact: true }).click();
    const row = page.locator('.post-row').filter({ hasText: 'My first' });
    await row.getByRole('button', { name: 'For it: My first' }).click();
    assert.equal(await row.getByLabel('Score').innerText(), '1');
    await until('the vote has arrived', async () => (await site.get(`/posts/${id}`)).json.score === 1);
    await page.reload();
    await until('my vote is shown', async () => await row.locator('.arrow').first().getAttribute('aria-pressed') === 'true');
    assert.equal(await page.evaluate(() => localStorage.getItem('quire.draft.post.new')), null);
    browser.assertQuiet(/ (422|409) |^(422|409) for POST .*register/);
});

journey('a vote shows at once, and is taken back when the server refuses', async () => {
    const post = await site.createPost(bea, { title: 'Soon gone' });
    await enter(browser, ada);
    const page = await visit(browser, `/posts/${post.id}`);
    assert.equal((await site.delete(`/posts/${post.id}`, bea)).status, 204);
    let hold;
    const held = new Promise((resolve) => { hold = resolve; });
    await page.route('**/vote', async (route) => { await held; await route.continue(); });
    const arrow = page.getByRole('button', { name: 'For it: Soon gone' });
    await arrow.click();
    const shown = async () => [await arrow.getAttribute('aria-pressed'), await page.getByLabel('Score').innerText()].join();
    await until('it shows', async () => await shown() === 'true,1');
    hold();
    await toast(page, 'Your vote did not count');
    assert.equal(await shown(), 'false,0');
    browser.assertQuiet(/404/);
});

journey('a mind is changed, and changed again: the score is that of the server each time', async () => {
    const post = await site.createPost(bea, { title: 'Of two minds' });
    await site.put(`/posts/${post.id}/vote`, { vote_type: 'upvote' }, bea);
    await enter(browser, ada);
    const page = await visit(browser, `/posts/${post.id}`);
    const click = async (name, score) => {
        const answered = page.waitForResponse('**/vote');
        await page.getByRole('button', { name: `${name}: Of two minds` }).click();
        assert.equal(await page.getByLabel('Score').innerText(), String(score));
        await until('it has arrived', async () => (await site.get(`/posts/${post.id}`)).json.score === score);
        await answered; // no arrow counts before
    };
    await click('For it', 2);
    await click('For it', 1);
    await click('Against it', 0);
    await click('For it', 2);
    await page.reload();
    await until('it is known', async () => await page.locator('.arrow').first().getAttribute('aria-pressed') === 'true');
    await click('For it', 1);
    await click('For it', 2);
    browser.assertQuiet();
});

journey('who is not logged in is led to the log-in page by a vote, and back', async () => {
    const post = await site.createPost(bea, { title: 'For strangers' });
    await leave(browser);
    const page = await visit(browser, `/posts/${post.id}`);
    await page.getByRole('button', { name: 'For it: For strangers' }).click();
    await page.waitForURL('**/login?next=*');
    await page.getByLabel('E-mail').fill(ada.email);
    await page.getByLabel('Password').fill('this is not it');
    await press(page, 'Log in');
    assert.match(await page.getByRole('alert').innerText(), /Invalid credentials/);
    await page.getByLabel('Password').fill(ada.password);
    await press(page, 'Log in');
    await page.waitForURL(`**/posts/${post.id}`);
    await page.getByLabel('Your comment').waitFor();
    browser.assertQuiet(/401/);
});

/** Ada has typed a change; the admin saves another one of the same post, in another browser; now ada saves. */
async function conflict() {
    const admin = await site.admin();
    const post = await site.createPost(ada, { title: 'The bell', content: 'It rings at six in the morning.' });
    await enter(browser, ada);
    await enter(second, admin);
    const hers = await visit(browser, `/posts/${post.id}/edit`);
    const theirs = await visit(second, `/posts/${post.id}/edit`);
    await hers.getByLabel('Text').fill('It rings at seven in the morning.');
    await theirs.getByLabel('Text').fill('It rings at six in the evening.');
    await press(theirs, 'Save');
    await theirs.waitForURL(`**/posts/${post.id}`);
    await theirs.close();
    await press(hers, 'Save');
    await hers.getByRole('heading', { name: 'Two versions' }).waitFor();
    assert.deepEqual(await hers.locator('.diff del').allInnerTexts(), ['six', 'evening']);
    assert.deepEqual(await hers.locator('.diff ins').allInnerTexts(), ['seven', 'morning']);
    assert.equal(await hers.getByLabel('Text').inputValue(), 'It rings at seven in the morning.');
    assert.equal((await site.get(`/posts/${post.id}`)).json.content, 'It rings at six in the evening.');
    return { hers, post };
}

for (const [button, content] of [
    ['Keep mine, and go on editing', 'It rings at seven in the morning.'],
    ['Take theirs', 'It rings at six in the evening.'],
]) {
    journey(`two people change a post at once, and the second one is asked: ${button}`, async () => {
        const { hers, post } = await conflict();
        await browser.picture(hers, `site-conflict-${button.split(' ')[0].toLowerCase()}`);
        await press(hers, button);
        assert.equal(await hers.getByLabel('Text').inputValue(), content);
        await press(hers, 'Save');
        await hers.waitForURL(`**/posts/${post.id}`);
        assert.equal((await site.get(`/posts/${post.id}`)).json.content, content);
        browser.assertQuiet(/412/);
        second.assertQuiet();
    });
}

journey('a comment, an answer, a change, a deletion taken back, and one that stays', async () => {
    const post = await site.createPost(bea, { title: 'Say something' });
    await enter(browser, ada);
    const page = await visit(browser, `/posts/${post.id}`);
    await page.getByText('Nobody has said anything yet.').waitFor();
    await page.getByLabel('Your comment').fill('A question?');
    await press(page, 'Comment');
    const comment = page.locator('.comment').filter({ hasText: 'A question?' }).first();
    await comment.waitFor();
    assert.equal(await page.getByLabel('Your comment').inputValue(), '');
    await comment.getByRole('button', { name: 'Answer' }).click();
    await comment.getByLabel('Your answer').fill('An answer.');
    await comment.locator('form').getByRole('button', { name: 'Answer' }).click();
    const answer = comment.locator('.comment');
    await answer.getByText('An answer.').waitFor();
    await answer.getByRole('button', { name: 'Edit' }).click();
    await answer.getByLabel('Your comment').fill('A better answer.');
    await answer.getByRole('button', { name: 'Save' }).click();
    await answer.getByText('A better answer.').waitFor();
    const { json: tree } = await site.get(`/posts/${post.id}/comments?view=tree`);
    assert.deepEqual(tree.map(({ text, replies }) => [text, replies.map((reply) => reply.text)]),
        [['A question?', ['A better answer.']]]);

    await unhurried(page);
    await answer.getByRole('button', { name: 'Delete' }).click();
    await answer.waitFor({ state: 'detached' });
    await press(page, 'Undo');
    await answer.getByText('A better answer.').waitFor();
    assert.equal(await site.count('comments', `post_id = ${post.id}`), 2);
    await answer.getByRole('button', { name: 'Delete' }).click();
    await answer.waitFor({ state: 'detached' });
    await page.close({ runBeforeUnload: true });
    await until('who leaves the page has deleted it', async () => await site.count('comments', `post_id = ${post.id}`) === 1);
    browser.assertQuiet();
});

journey('a post is deleted, taken back, and deleted for good after a while', async () => {
    const post = await site.createPost(ada, { title: 'To be or not' });
    await enter(browser, ada);
    const page = await visit(browser, `/posts/${post.id}`);
    await unhurried(page);
    await press(page, 'Delete');
    await page.waitForURL(`${origin}/`);
    await press(page, 'Undo');
    await page.getByRole('heading', { name: 'To be or not' }).waitFor();
    assert.equal((await site.get(`/posts/${post.id}`)).status, 200);
    await unhurried(page, 6000); // as long as people are given
    await press(page, 'Delete');
    await until('it is gone', async () => (await site.get(`/posts/${post.id}`)).status === 404);
    browser.assertQuiet();
});

journey('the back button leads to the place in the list where one was', async () => {
    for (let i = 1; i <= 60; i++) {
        await site.createPost(bea, { title: `Row ${i}` });
    }
    await leave(browser);
    const page = await visit(browser, '/');
    const row = page.getByRole('link', { name: 'Row 12', exact: true });
    await until('the list has grown to it', async () => {
        await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
        return await row.count() === 1;
    });
    await row.scrollIntoViewIfNeeded();
    const before = await page.evaluate(() => window.scrollY);
    assert.ok(before > 1000, `${before}`);
    await row.click();
    await page.getByRole('heading', { name: 'Row 12', level: 1 }).waitFor();
    assert.ok(await page.evaluate(() => window.scrollY) < 300);
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goBack();
    await row.waitFor();
    await until('it is where it was', async () => Math.abs(await page.evaluate(() => window.scrollY) - before) < 60);
    assert.deepEqual(asked.filter((url) => /\/posts\?/.test(url)), []);
    browser.assertQuiet();
});

journey('a session that was ended elsewhere is over here: it is said, and what was typed is there after logging in', async () => {
    await enter(browser, ada);
    const page = await visit(browser, '/posts/new');
    await page.getByLabel('Title').fill('Half a thought');
    await page.getByLabel('Text').fill('and the other half');
    await enter(second, ada);
    const other = await second.open('/icon.svg');
    assert.equal(await other.evaluate(async () => (await fetch('/api/v1/auth/sessions', { method: 'DELETE' })).status), 204);
    await press(page, 'Publish');
    await toast(page, 'Your session has ended.');
    await press(page.locator('main'), 'Log in', 'link');
    await page.getByLabel('E-mail').fill(ada.email);
    await page.getByLabel('Password').fill(ada.password);
    await press(page, 'Log in');
    await page.waitForURL('**/posts/new');
    await until('it is there', async () => await page.getByLabel('Text').inputValue() === 'and the other half');
    await press(page, 'Publish');
    await page.getByRole('heading', { name: 'Half a thought', level: 1 }).waitFor();
    assert.equal(await site.count('posts', "title = 'Half a thought'"), 1);
    browser.assertQuiet(/401/);
});

journey('logging out is logging out, in all tabs', async () => {
    await enter(browser, ada);
    const [page, other] = [await visit(browser, '/'), await visit(browser, '/posts/new')];
    await press(page, 'Log out');
    await press(page.locator('header'), 'Log in', 'link');
    await other.getByRole('heading', { name: 'Log in first' }).waitFor();
    assert.equal((await browser.context.cookies()).length, 0);
    await settled(other);
    browser.assertQuiet();
});
