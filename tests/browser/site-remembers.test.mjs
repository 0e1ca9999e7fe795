// What a page knows of what was done before: votes, deletions and notes that a list does not tell yet, tags that somebody else
// has given, who was here last, and who is here when the site does not say so at once.
import assert from 'node:assert/strict';
import { until } from '../api/lib/processes.mjs';
import { startSite } from '../api/lib/site.mjs';
import { startBrowser } from './lib/browser.mjs';
import { enter, press, quietJourneys, toast, unhurried, visit } from './lib/visit.mjs';

const site = await startSite({ settings: { WORKERS: 2 } });
const browser = await startBrowser(`http://127.0.0.1:${site.front.port}`);
const ada = await site.signUp();
const bea = await site.signUp();

const journey = quietJourneys(browser);

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

journey('a vote counts also while it is not known yet who gives it', async () => {
    const post = await site.createPost(bea, { title: 'In a greater hurry' });
    await enter(browser, ada);
    const page = await browser.open('/icon.svg');
    const release = await hold(page, '**/users/me?*');
    await page.goto(`${browser.origin}/posts/${post.id}`);
    await page.getByRole('button', { name: 'For it: In a greater hurry' }).click();
    await until('it has arrived', async () => (await site.get(`/posts/${post.id}`)).json.score === 1);
    release();
    await page.getByRole('button', { name: 'Log out' }).waitFor();
    assert.deepEqual([page.url(), await page.getByLabel('Score').innerText()], [`${browser.origin}/posts/${post.id}`, '1']);
});

journey('how one has voted is shown of each post, however much one has voted on what lies between', async () => {
    const eva = await site.signUp();
    const first = await site.createPost(bea, { title: 'The first of many' });
    await site.query(`INSERT INTO posts (title, content, published, owner_id) SELECT CONCAT('Between ', seq), '', 0, ${bea.id} FROM seq_1_to_700`);
    const last = await site.createPost(bea, { title: 'The last of many' });
    await site.query(`INSERT INTO votes (user_id, post_id, vote_type) SELECT ${eva.id}, id, 1 FROM posts WHERE id BETWEEN ${first.id} AND ${last.id}`);
    await enter(browser, eva);
    const page = await visit(browser, '/');
    for (const title of ['The first of many', 'The last of many']) {
        const arrow = page.getByRole('button', { name: `For it: ${title}` });
        await until(`${title} shows it`, async () => await arrow.getAttribute('aria-pressed') === 'true');
    }
});

journey('a note that is sent while the list is still on its way stands in it once', async () => {
    await enter(browser, ada);
    const page = await browser.open('/icon.svg');
    const release = await hold(page, '**/microposts?*');
    await page.goto(`${browser.origin}/notes`);
    await page.getByLabel('Your note').fill('First of all');
    await press(page, 'Send');
    await until('it is there', async () => await site.count('microposts', "body = 'First of all'") === 1);
    const list = page.waitForResponse((response) => /microposts\?/.test(response.url()));
    release();
    await (await list).finished();
    await page.waitForLoadState('networkidle');
    assert.equal(await page.locator('.note-row').filter({ hasText: 'First of all' }).count(), 1);
});

journey('what is deleted stays away from lists that are opened meanwhile', async () => {
    await site.create('/microposts', { body: 'Soon forgotten' }, ada);
    await enter(browser, ada);
    const page = await visit(browser, '/notes');
    const row = page.locator('.note-row').filter({ hasText: 'Soon forgotten' });
    await row.getByRole('button', { name: 'Delete' }).click();
    await page.goto(`${browser.origin}/notes`).catch(() => {}); // who loads the page anew has left it: it is sent
    await until('it is gone', async () => await site.count('microposts', "body = 'Soon forgotten'") === 0);
    await site.create('/microposts', { body: 'Once more' }, ada);
    await page.reload();
    await unhurried(page);
    const other = page.locator('.note-row').filter({ hasText: 'Once more' });
    await other.getByRole('button', { name: 'Delete' }).click();
    await press(page, 'Tags', 'link');
    await page.getByRole('heading', { name: 'Tags', level: 1 }).waitFor();
    await press(page, 'Notes', 'link');
    await page.locator('.note-row, .empty').first().waitFor();
    await page.waitForLoadState('networkidle');
    assert.equal(await other.count(), 0);
    await press(page, 'Undo');
    await other.waitFor();
});

journey('what is deleted is deleted, also of who logs out right after', async () => {
    await site.create('/microposts', { body: 'Not to be read by the next' }, ada);
    await enter(browser, ada);
    const page = await visit(browser, '/notes');
    const row = page.locator('.note-row').filter({ hasText: 'Not to be read by the next' });
    await row.getByRole('button', { name: 'Delete' }).click();
    await press(page, 'Log out');
    await press(page.locator('header'), 'Log in', 'link');
    assert.equal(await site.count('microposts', "body = 'Not to be read by the next'"), 0);
    assert.equal(await page.getByText('It was not deleted').count(), 0);
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

journey('what somebody has typed is not shown to the next who logs in here, but to themself', async () => {
    await enter(browser, ada);
    const page = await visit(browser, '/posts/new');
    await page.getByLabel('Title').fill('For my eyes only');
    // What keeps it when the page is left is there after the next frame.
    await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); }));
    const logIn = async (person) => {
        await browser.context.clearCookies(); // the session ends, without a word to the page
        await page.goto(`${browser.origin}/posts/new`);
        await press(page.locator('main'), 'Log in', 'link');
        await page.getByLabel('E-mail').fill(person.email);
        await page.getByLabel('Password').fill(person.password);
        await press(page, 'Log in');
        await page.waitForURL('**/posts/new');
        await page.getByRole('button', { name: 'Log out' }).waitFor();
        return page.getByLabel('Title').inputValue();
    };
    assert.equal(await logIn(ada), 'For my eyes only');
    assert.equal(await logIn(bea), '');
}, /401/);

journey('who is logged in is asked again when the site was away at first', async () => {
    await enter(browser, ada);
    const page = await browser.open('/icon.svg');
    await page.route('**/users/me?*', (route) => route.abort());
    const failed = page.waitForEvent('requestfailed', (request) => request.url().includes('/users/me'));
    await page.goto(`${browser.origin}/settings`);
    await failed;
    await page.locator('main').getByText('Loading').waitFor();
    await page.unroute('**/users/me?*');
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Log out' }).waitFor();
}, /ERR_FAILED/);

journey('a session that cannot be renewed because the site is away has not ended', async () => {
    await enter(browser, ada);
    const page = await visit(browser, '/notes');
    await page.getByLabel('Your note').fill('Still here');
    await page.route('**/auth/refresh', (route) => route.fulfill({ status: 503, headers: { 'Retry-After': '1' }, json: { detail: 'away' } }));
    const [{ name, ...access }] = (await browser.context.cookies()).filter((cookie) => cookie.name.endsWith('access'));
    await browser.context.addCookies([{ ...access, name, value: 'run.out' }]);
    await press(page, 'Send');
    await page.getByRole('alert').filter({ hasText: 'not available at the moment' }).waitFor();
    await page.unroute('**/auth/refresh');
    await press(page, 'Send');
    await until('it is there', async () => await site.count('microposts', "body = 'Still here'") === 1);
}, /401|503/);

journey('who signs up instead of logging in comes to where they wanted to go', async () => {
    await browser.context.clearCookies();
    const page = await browser.open('/icon.svg');
    await page.evaluate(() => localStorage.clear());
    await page.goto(`${browser.origin}/threads/new`);
    await press(page.locator('main'), 'sign up', 'link');
    await press(page, 'I have an account', 'link');
    await press(page, 'I have no account yet', 'link');
    await page.getByLabel('Name', { exact: true }).fill('Carla');
    await page.getByLabel('E-mail').fill('carla@example.com');
    await page.getByLabel('Password').fill(site.password());
    await press(page, 'Sign up');
    await page.waitForURL(`${browser.origin}/threads/new`);
    await toast(page, 'Welcome, Carla.');
});

journey('a text that is pasted is not cut: it is told by how much it is too long, and characters count as at the server', async () => {
    await enter(browser, ada);
    const page = await visit(browser, '/posts/new');
    const [title, many] = [page.getByLabel('Title'), '🌍'.repeat(201)];
    await title.focus();
    await page.keyboard.insertText(many);
    assert.equal(await title.inputValue(), many);
    await page.getByLabel('Text').fill('A short one.');
    await press(page, 'Publish');
    const said = () => title.evaluate((field) => field.validationMessage);
    assert.equal(await said(), '1 character too many.');
    assert.ok(await title.evaluate((field) => field === document.activeElement), 'the browser leads to it');
    assert.equal(await site.count('posts', "content = 'A short one.'"), 0);
    await page.keyboard.press('End');
    await page.keyboard.press('Backspace');
    await until('it fits', async () => await said() === '');
    await press(page, 'Publish');
    await page.getByRole('heading', { name: '🌍'.repeat(200), level: 1 }).waitFor();
});

journey('a change that was begun once is said to be an old one, where it is gone on with', async () => {
    const post = await site.createPost(bea, { title: 'Changed twice' });
    const comment = await site.createComment(ada, post, 'First');
    const note = await site.create('/microposts', { body: 'First of mine' }, ada);
    for (const { path, row, api, field } of [
        { path: `/posts/${post.id}`, row: `#comment-${comment.id}`, api: `/comments/${comment.id}`, field: 'text' },
        { path: '/notes', row: '.note-row:has(.text, textarea)', api: `/microposts/${note.id}`, field: 'body' },
    ]) {
        await enter(browser, ada);
        let page = await visit(browser, path);
        const open = async () => {
            await page.locator(row).first().getByRole('button', { name: /^Edit/ }).click();
            return page.locator(row).first().getByRole('textbox');
        };
        await (await open()).fill('Begun, and left');
        await until('it is kept', () => page.evaluate(() => Object.values(localStorage).some((text) => text.includes('Begun, and left'))));
        await page.close();
        assert.equal((await site.patch(api, { [field]: 'Changed elsewhere' }, ada)).status, 200);
        page = await visit(browser, path);
        const typed = await open();
        assert.equal(await typed.inputValue(), 'Begun, and left');
        await page.locator(row).first().getByText('This is what you typed before.').waitFor();
        await press(page.locator(row).first(), 'Begin anew');
        await until('it is as it stands now', async () => await typed.inputValue() === 'Changed elsewhere');
        await page.close();
    }
});
