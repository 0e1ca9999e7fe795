// Nothing that people write runs in the browser of another: some ninety attacks in every field that can be filled, and every
// page that shows them. The policy (Trusted Types among it) stands behind the pages; here it must have nothing to do.
import assert from 'node:assert/strict';
import { sleep, until } from '../api/lib/processes.mjs';
import { startSite } from '../api/lib/site.mjs';
import { test } from '../api/lib/test.mjs';
import { attacks, listen, remains } from './lib/attacks.mjs';
import { startBrowser } from './lib/browser.mjs';
import { enter, leave, visit } from './lib/visit.mjs';

const site = await startSite({ settings: { WORKERS: 2 }, work: true });
const browser = await startBrowser(`http://127.0.0.1:${site.front.port}`);
await listen(browser);
const admin = await site.admin();
const eve = await site.signUp();
const accepted = new Map(); // field → how many attacks the interface has let in

/** Sends an attack; what it refuses is none. */
async function attempt(field, asked) {
    const { status, json, raw } = await asked;
    assert.ok(status < 300 || [409, 422].includes(status), `${field}: ${raw}`);
    accepted.set(field, (accepted.get(field) ?? 0) + (status < 300 ? 1 : 0));
    return status < 300 ? json : null;
}

const posts = [];
const books = [];
const people = [];
const tags = [];
const long = await site.createPost(eve, { title: 'All at once', content: attacks.join('\n\n') });
for (const [i, attack] of attacks.entries()) {
    const post = await attempt('post', site.post('/posts', { title: attack.slice(0, 200), content: attack }, eve));
    posts.push(post);
    await attempt('comment', site.post(`/posts/${long.id}/comments`, { text: attack }, eve));
    await attempt('note', site.post('/microposts', { body: attack.slice(0, 140) }, eve));
    if (i % 4 === 0) {
        const tagged = await attempt('tag of a post',
            site.post(`/posts/${post.id}/tags`, { tags: [{ name: attack.slice(0, 50) }] }, eve));
        tags.push(...(tagged?.tags ?? []));
        const [title, author, publisher] = attacks.slice(i, i + 3).map((text) => text.slice(0, 200));
        const book = await attempt('book', site.post('/books', { title, author, publisher, language: title.slice(0, 20) }, eve));
        await attempt('review', site.post(`/books/${book.uid}/reviews`, { rating: 3, review_text: attack }, eve));
        await attempt('tag of a book', site.post(`/books/${book.uid}/tags`, { tags: [{ name: attack.slice(-50) }] }, eve));
        books.push(book);
        await attempt('role', site.post('/roles', { name: attack.slice(0, 50), description: attack }, admin));
        const username = attack.slice(0, 50);
        const person = await attempt('name',
            site.post('/auth/register', { username, email: `${site.name()}@example.com`, password: site.password() }));
        people.push(...(person === null ? [] : [person]));
        const website = `https://example.com/${encodeURI(attack)}`.slice(0, 200);
        await attempt('website', site.put('/users/me/profile', { website }, eve));
    }
}
for (const website of ['javascript:alert(1)', 'JavaScript:alert(1)', 'data:text/html,<script>alert(1)</script>',
    ' javascript:alert(1)', 'https:javascript:alert(1)', 'https://x" onmouseover="alert(1)']) {
    await attempt('address', site.put('/users/me/profile', { website, avatar_url: website }, eve));
}
const bio = attacks.join(' ').slice(0, 500);
await attempt('bio', site.put('/users/me/profile', { bio, website: 'https://example.com/' }, eve));
const { json: thread } = await site.post('/tweets/generate', { topic: 'How they are made', source: 'They are of paper.' }, eve);
await attempt('tweets', site.put(`/tweets/threads/${thread.id}`, { topic: attacks[0], tweets: attacks.slice(0, 20) }, eve));

/** Who looks at what. */
const views = [
    ['nobody', '/'], ['nobody', `/posts/${long.id}`], ['eve', `/posts/${long.id}`], ['eve', `/posts/${long.id}/edit`],
    ['nobody', '/notes'], ['nobody', '/books'], ['nobody', '/tags'],
    ['nobody', '/search?q=alert'], ['nobody', `/search?q=${encodeURIComponent(attacks[0])}`],
    ...['posts', 'notes', 'books', 'reviews'].map((part) => ['nobody', `/people/${eve.id}?show=${part}`]),
    ...people.slice(0, 3).map(({ id }) => ['nobody', `/people/${id}`]),
    ...tags.slice(0, 3).map(({ uid }) => ['nobody', `/tags/${uid}`]),
    ...books.filter((_, i) => i % 8 === 0).map(({ uid }) => ['nobody', `/books/${uid}`]), ['eve', `/books/${books[1].uid}/edit`],
    ['eve', '/settings'], ['eve', '/threads'], ['eve', `/threads/${thread.id}`], ['eve', '/threads?show=attempts'],
    ...['users', 'roles', 'reviews', 'audit'].map((part) => ['admin', `/admin?show=${part}`]), ['admin', '/tags'],
    ...posts.filter((_, i) => i % 12 === 0).map(({ id }) => ['nobody', `/posts/${id}`]),
];

/** Asks for more until each list has come to its end. (That it comes by itself is site-journeys' to test: here a browser that draws
 *  nothing for a while would only seem to hide an attack.) */
const all = (page) => until(`all of ${page.url()} is there`, async () => {
    const left = await page.evaluate(() => {
        document.querySelectorAll('.more button:not([aria-busy=true])').forEach((more) => more.click());
        return [...document.querySelectorAll('.more, main [aria-busy=true]')].map((each) => each.outerHTML.slice(0, 100));
    });
    if (left.length > 0) {
        throw new Error(`${left.join(' ')}; on their way: ${[...browser.asked].map((request) => request.url()).join(' ')}`);
    }
    return true;
}, { patience: 60000 });

test('the interface lets such texts in: they are texts', () => {
    const open = ['post', 'comment', 'note', 'book', 'review', 'tag of a post', 'tag of a book', 'role', 'bio', 'tweets'];
    for (const field of open) {
        assert.ok(accepted.get(field) > 0, `${field}: ${JSON.stringify([...accepted])}`);
    }
    assert.equal(accepted.get('post'), attacks.length);
    assert.equal(accepted.get('comment'), attacks.length);
});

for (const who of ['nobody', 'eve', 'admin']) {
    test(`nothing runs where ${who} looks`, { timeout: 180000 }, async () => {
        await (who === 'nobody' ? leave(browser) : enter(browser, { eve, admin }[who]));
        for (const [, path] of views.filter(([each]) => each === who)) {
            const page = await visit(browser, path);
            await all(page);
            assert.deepEqual(await remains(page), [], path);
            await sleep(50); // a picture that is not there takes a moment
            browser.assertQuiet(/^404 for GET \/api\/v1\/users\/\d+\/profile$|status of 404/); // not everybody has one
            await page.close();
        }
    });
}

test('Markdown: each attack alone comes out harmless', async () => {
    const page = await visit(browser, '/login');
    for (const attack of attacks) {
        await page.evaluate(async (text) => {
            const { rendered } = await import('/site/ui/markdown.js');
            document.querySelector('main').replaceChildren(rendered(text));
        }, attack);
        assert.deepEqual(await remains(page), [], attack);
    }
    await sleep(200);
    browser.assertQuiet();
    await page.close();
});

test('a log-in page leads to no other site and runs no address', async () => {
    const elsewhere = ['javascript:x', '//192.0.2.1/', '/.//192.0.2.1/', '/\\192.0.2.1/', 'https://192.0.2.1/', '/\t/192.0.2.1', '\\\\192.0.2.1'];
    for (const next of elsewhere) {
        await leave(browser);
        const page = await visit(browser, `/login?next=${encodeURIComponent(next)}`);
        await page.getByLabel('E-mail').fill(eve.email);
        await page.getByLabel('Password').fill(eve.password);
        await page.getByRole('button', { name: 'Log in' }).click();
        await page.getByRole('button', { name: 'Log out' }).waitFor();
        assert.ok(page.url().startsWith(`${browser.origin}/`), page.url());
        await page.close();
    }
    browser.assertQuiet();
});

test('no text becomes HTML or script on these pages, whoever tries', async () => {
    const page = await visit(browser, '/');
    const tried = await page.evaluate(() => [
        () => { document.body.innerHTML = '<b>x</b>'; },
        () => { document.body.insertAdjacentHTML('beforeend', '<b>x</b>'); },
        () => { const script = document.createElement('script'); script.text = 'alert(1)'; },
        () => { const script = document.createElement('script'); script.src = '/site/main.js'; },
        () => window.trustedTypes.createPolicy('another', { createHTML: (text) => text }),
    ].map((attempt) => {
        try {
            attempt();
            return 'done';
        } catch (error) {
            return error.name;
        }
    }));
    assert.deepEqual(tried, Array(tried.length).fill('TypeError'));
    await page.close();
    browser.heard();
});

test('an attack that works would be seen', async () => {
    const page = await browser.context.newPage();
    await page.goto(`${browser.origin}/icon.svg`);
    browser.heard();
    await page.goto('about:blank');
    for (const attack of ['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<svg onload=alert(1)>',
        '<details open ontoggle=alert(1)>']) {
        await page.setContent(`<main>${attack}</main>`);
        const heard = [];
        await until(attack, () => {
            heard.push(...browser.heard().complaints);
            return heard.includes('alert was called');
        });
    }
    await page.setContent(`<main><a href="javascript:x">x</a><p onclick="x">x</p><iframe></iframe>
        <a href="https://example.com/">x</a></main>`);
    const found = await remains(page);
    for (const why of ['the address javascript:x', 'the attribute onclick', 'a foreign element',
        'a link that we seem to vouch for']) {
        assert.ok(found.some((text) => text.startsWith(why)), `${why} of ${found}`);
    }
    await page.close();
    browser.heard();
});
