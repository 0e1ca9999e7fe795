// What people do at the site besides posts: notes, books and reviews, tweet threads, their own settings, and what an admin
// decides about others.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../api/lib/processes.mjs';
import { startSite } from '../api/lib/site.mjs';
import { startBrowser } from './lib/browser.mjs';
import { enter, journeys, leave, press, toast, unhurried, visit } from './lib/visit.mjs';

const site = await startSite({ settings: { WORKERS: 2 }, work: true });
const origin = `http://127.0.0.1:${site.front.port}`;
const [browser, second] = [await startBrowser(origin), await startBrowser(origin)];
const ada = await site.signUp();
const bea = await site.signUp();

/** Enough for more than one tweet. */
const SOURCE = ['bamboo', 'rice paper', 'glue', 'a candle', 'a thread', 'a knife', 'patience', 'a dry room', 'paint', 'a hook']
    .map((what, i) => `Whoever makes a lantern for the ${i + 4}th evening needs ${what}, and a neighbour who knows how it is done.`)
    .join(' ');

/** The mails that somebody got, with the ends of lines that quoted-printable has put into them taken out. */
const mailsTo = ({ email }) => readdirSync(join(site.dir, 'mail'))
    .map((name) => readFileSync(join(site.dir, 'mail', name), 'utf8').replaceAll('=\r\n', '').replaceAll('=3D', '='))
    .filter((text) => text.includes(email));

const journey = journeys(browser, second);

journey('a note is written by the keyboard alone, changed, deleted, and taken back', async () => {
    await enter(browser, ada);
    const page = await visit(browser, '/notes');
    const field = page.getByLabel('Your note', { exact: true });
    await field.fill('x'.repeat(141));
    await page.getByText('1 character too many').waitFor();
    await field.fill('Good evening.');
    await page.keyboard.press('Control+Enter');
    const row = page.locator('.note-row').first();
    await row.getByRole('button', { name: 'Edit' }).click();
    await row.getByLabel('Your note').fill('Good evening to all.');
    await row.getByRole('button', { name: 'Save' }).click();
    await row.getByText('Good evening to all.').waitFor();
    await until('it is saved', async () => await site.count('microposts', "body = 'Good evening to all.'") === 1);
    await unhurried(page);
    await row.getByRole('button', { name: 'Delete' }).click();
    await row.waitFor({ state: 'detached' });
    await press(page, 'Undo');
    await row.waitFor();
    assert.equal(await site.count('microposts'), 1);
    browser.assertQuiet();
});

journey('a book is put on the shelf and reviewed; the review is changed, and the average follows', async () => {
    await enter(browser, ada);
    const page = await visit(browser, '/books');
    await press(page, 'Add a book');
    await page.getByLabel('Title', { exact: true }).fill('The Lantern Bearers');
    await page.getByLabel('Author').fill('Rosemary Sutcliff');
    await page.getByLabel('Published on').fill('1959-10-01');
    await page.getByLabel('Pages').fill('252');
    await page.getByLabel('Tags').fill('Lantern');
    await press(page, 'Add it');
    await page.getByRole('heading', { name: 'The Lantern Bearers', level: 1 }).waitFor();
    const uid = page.url().split('/').at(-1);
    const book = async () => (await site.get(`/books/${uid}`)).json;
    assert.deepEqual([(await book()).page_count, (await book()).tags.map(({ name }) => name)], [252, ['Lantern']]);
    await page.getByLabel('4 stars: very good').or(page.getByLabel('4 stars: good')).first().check({ force: true });
    await page.getByLabel('What do you think of it?').fill('It holds up.');
    await press(page, 'Publish the review');
    await page.getByRole('heading', { name: 'Your review' }).waitFor();
    await page.getByText('4.0 of 5 · 1 review').waitFor();
    const mine = page.locator('.review').filter({ hasText: 'Your review' });
    await mine.getByRole('button', { name: 'Edit' }).click();
    await mine.getByLabel('2 stars: weak').check({ force: true });
    await mine.getByRole('button', { name: 'Save' }).click();
    await page.getByText('2.0 of 5 · 1 review').waitFor();
    assert.equal((await book()).average_rating, 2);

    await enter(second, bea);
    const hers = await visit(second, `/books/${uid}`);
    await hers.getByLabel('5 stars: very good').check({ force: true });
    await hers.getByLabel('What do you think of it?').fill('Better than that.');
    await press(hers, 'Publish the review');
    await hers.getByText('3.5 of 5 · 2 reviews').waitFor();
    await unhurried(page);
    await mine.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'Your review' }).waitFor({ state: 'detached' });
    await press(page, 'Undo');
    await page.getByRole('heading', { name: 'Your review' }).waitFor();
    assert.equal(await site.count('reviews'), 2);
    browser.assertQuiet();
    second.assertQuiet();
});

journey('a thread is made, changed within the limits of a tweet, and copied', async () => {
    await enter(browser, ada);
    await browser.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
    const page = await visit(browser, '/threads');
    await press(page, 'Make a thread');
    await page.getByLabel('Topic').fill('How paper lanterns are made');
    await page.getByLabel('Text to make it of').fill(SOURCE);
    await press(page, 'Make the thread');
    await page.waitForURL(/\/threads\/\d+$/);
    const id = page.url().split('/').at(-1);
    const tweets = page.locator('.tweet textarea');
    await tweets.nth(1).waitFor();
    const saved = async () => (await site.get(`/tweets/threads/${id}`, ada)).json.tweets;
    assert.deepEqual(await tweets.evaluateAll((fields) => fields.map(({ value }) => value)), await saved());

    await tweets.first().fill('x'.repeat(281));
    await page.getByText('281/280').waitFor();
    await page.getByText('1 too long').waitFor();
    await press(page, 'Save');
    await page.getByRole('alert').filter({ hasText: 'look at the marked tweets' }).waitFor();
    await tweets.first().fill(`Lanterns, from the beginning: https://example.com/${'long/'.repeat(60)}`);
    await press(page, 'Save');
    await toast(page, 'The thread is saved.');
    assert.match((await saved())[0], /^Lanterns, from/);
    await press(page, 'Copy all');
    await toast(page, 'All tweets are copied.');
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    for (const tweet of await saved()) {
        assert.ok(copied.includes(tweet), copied);
    }
    const before = await tweets.count();
    await unhurried(page);
    await page.getByRole('button', { name: 'Remove: tweet 2' }).click();
    await until('it is removed', async () => await tweets.count() === before - 1);
    await press(page, 'Undo');
    await until('it is back', async () => await tweets.count() === before);
    browser.assertQuiet();
});

journey('what is searched for is found, among posts, notes, books and tags', async () => {
    const post = await site.createPost(bea, { title: 'About walnuts', content: 'They are hard.' });
    await site.create('/microposts', { body: 'walnuts again' }, bea);
    await leave(browser);
    const page = await visit(browser, '/search');
    await page.getByRole('searchbox').fill('walnuts');
    await page.getByRole('link', { name: 'About walnuts' }).waitFor();
    await page.locator('main').getByRole('link', { name: 'Notes', exact: true }).click();
    await page.getByText('walnuts again').waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'About walnuts' }).click();
    await page.waitForURL(`**/posts/${post.id}`);
    browser.assertQuiet();
});

journey('somebody tells of themself, and ends a session of another device', async () => {
    await enter(browser, ada);
    await enter(second, ada);
    const page = await visit(browser, '/settings');
    await page.getByLabel('A few words').fill('I make lanterns.');
    await page.getByLabel('Your own pages').fill('https://example.com/ada');
    await press(page.locator('section').filter({ hasText: 'About you' }), 'Save');
    await toast(page, 'Your profile is saved.');
    await press(page, 'See your page', 'link');
    await page.getByText('I make lanterns.').waitFor();
    assert.match(await page.getByRole('link', { name: 'example.com/ada' }).getAttribute('rel'), /nofollow ugc/);

    const other = await visit(second, '/notes');
    await page.goto(`${origin}/settings?show=sessions`);
    await press(page, 'End all others');
    await toast(page, 'All other sessions have ended.');
    await other.getByLabel('Your note', { exact: true }).fill('I am still typing');
    await press(other, 'Send');
    await toast(other, 'Your session has ended.');
    browser.assertQuiet();
});

journey('an admin makes a role, gives it to somebody and takes it away; nobody else sees the place', async () => {
    const admin = await site.admin();
    await enter(browser, admin);
    const page = await visit(browser, '/admin?show=roles');
    await page.getByText('Make a role').click();
    await page.getByLabel('Name', { exact: true }).fill('gardener');
    await page.getByLabel('What it is for').fill('Weeds the tags.');
    await press(page, 'Make it');
    await page.getByRole('heading', { name: 'gardener' }).waitFor();
    await press(page.locator('main'), 'People', 'link');
    await page.getByLabel('Name', { exact: true }).fill(bea.username);
    await until('she is shown alone', async () => await page.getByLabel(/^A role for /).count() === 1); // rows come anew then
    await page.getByLabel(`A role for ${bea.username}`).selectOption('gardener');
    await press(page, `Give it to ${bea.username}`);
    await page.getByLabel(`Roles of ${bea.username}`).getByText('gardener').waitFor();
    const roles = async () => (await site.get(`/users/${bea.id}/roles`, admin)).json.map(({ name }) => name);
    assert.deepEqual(await roles(), ['gardener']);
    await press(page, `Take away: gardener from ${bea.username}`);
    await until('it is taken away', async () => (await roles()).length === 0);
    await page.getByLabel(`Roles of ${bea.username}`).waitFor({ state: 'detached' });
    browser.assertQuiet();

    await enter(second, bea);
    const hers = await visit(second, '/admin');
    await hers.getByRole('heading', { name: 'Not for you' }).waitFor();
    assert.equal(await hers.getByRole('link', { name: 'Admin' }).count(), 0);
    second.assertQuiet();
});

journey('the mail for a forgotten password leads to a new one', async () => {
    const eva = await site.signUp();
    await leave(browser);
    const page = await visit(browser, '/login');
    await press(page, 'I have forgotten my password', 'link');
    await page.getByLabel('E-mail').fill(eva.email);
    await press(page, 'Send me the mail');
    await page.getByText('a mail is on its way to it').waitFor();
    const link = await until('the mail is there', () => mailsTo(eva)
        .map((text) => /\/reset-password\.html#\S+/.exec(text)?.[0]).find(Boolean));
    await page.goto(`${origin}${link}`);
    const password = site.password();
    await page.getByLabel('New password').fill(password);
    await press(page, 'Set it');
    await page.getByText('The password is set: log in with it.').waitFor();
    assert.ok((await site.login({ ...eva, password })).token);
    browser.assertQuiet();
});

journey('the page behind a mail sends its token once, and of two links that are opened in one window the newer', async () => {
    const page = await browser.open('/verify-email.html#token=older');
    const sent = [];
    let release;
    const released = new Promise((resolve) => { release = resolve; });
    await page.route('**/verify-email/confirm', async (route) => {
        sent.push(route.request().postDataJSON().token);
        const first = sent.length === 1;
        await released;
        await route.fulfill(first ? { json: { message: 'done' } } : { status: 400, json: { detail: 'this link is not good' } });
    });
    await page.evaluate(() => { location.hash = 'token=newer'; });
    await until('it is taken', () => page.evaluate(() => location.hash === ''));
    await page.getByRole('button', { name: 'Yes, it is mine' }).dblclick();
    release();
    await page.getByText('The address is confirmed.').waitFor();
    assert.deepEqual(sent, ['newer']);
    browser.assertQuiet();
});
