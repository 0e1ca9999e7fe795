// What becomes of what people type when the network is gone, when the server is, and when an answer is lost on its way:
// it is said plainly, nothing typed is lost, and sending it again does it once.
import assert from 'node:assert/strict';
import { until } from '../api/lib/processes.mjs';
import { startSite } from '../api/lib/site.mjs';
import { test } from '../api/lib/test.mjs';
import { startBrowser } from './lib/browser.mjs';
import { enter, leave, press, visit } from './lib/visit.mjs';

const site = await startSite({ settings: { WORKERS: 2 } });
const browser = await startBrowser(`http://127.0.0.1:${site.front.port}`);
const ada = await site.signUp();
const post = await site.createPost(ada, { title: 'To be answered' });
const book = await site.createBook(ada, { title: 'To be reviewed' });

/** What is typed where: the page, its fields, what else it needs, the button that sends, and where a row of it is then. */
const writings = [
    { what: 'a post', path: '/posts/new', fields: ['Title', 'Text'], button: 'Publish', table: 'posts', column: 'content' },
    { what: 'a comment', path: `/posts/${post.id}`, fields: ['Your comment'], button: 'Comment',
        table: 'comments', column: 'text' },
    { what: 'a note', path: '/notes', fields: ['Your note'], button: 'Send', table: 'microposts', column: 'body' },
    { what: 'a review', path: `/books/${book.uid}`, fields: ['What do you think of it?'], button: 'Publish the review',
        table: 'reviews', column: 'review_text', unique: true, also: (page) => page.getByLabel('3 stars').check({ force: true }) },
];

const faults = {
    offline: {
        begin: () => browser.context.setOffline(true),
        end: () => browser.context.setOffline(false),
        says: /cannot be reached/,
    },
    'a server that is away': {
        begin: () => site.pool.stop('SIGTERM'),
        end: () => { site.startPool(); return site.ready(); },
        says: /not available at the moment/,
    },
    'a lost answer': {
        // The request arrives; what comes back does not.
        begin: (page) => page.route('**/api/v1/**', async (route) => {
            if (route.request().method() === 'POST') {
                await route.fetch();
                await route.abort('connectionreset');
            } else {
                await route.fallback();
            }
        }),
        end: (page) => page.unroute('**/api/v1/**'),
        says: /cannot be reached/,
        arrived: true,
    },
};

const expected = /^(50\d|401) for |ERR_|50\d \(|401 \(/;

/** A test that leaves the site, the network and the windows as they were. */
const trial = (name, body) => test(name, async () => {
    try {
        await body();
        browser.assertQuiet(expected);
    } finally {
        await browser.context.setOffline(false);
        await browser.clear();
        if (!site.pool.alive()) {
            site.startPool();
            await site.ready();
        }
    }
});

async function typeIn(page, fields, text) {
    for (const label of fields) {
        await page.getByLabel(label, { exact: true }).fill(text);
    }
}

async function stands(page, fields, text) {
    for (const label of fields) {
        assert.equal(await page.getByLabel(label, { exact: true }).inputValue(), text, label);
    }
}

/** Somebody new types this and sends it while something is wrong. Returns their page, and the message that says so. */
async function sendInVain({ path, fields, button, also }, text, { begin, says }) {
    await enter(browser, await site.signUp());
    const page = await visit(browser, path);
    await typeIn(page, fields, text);
    await also(page);
    await begin(page);
    await press(page, button);
    const alert = page.getByRole('alert').filter({ hasText: says });
    await alert.waitFor();
    return { page, alert };
}

for (const { what, path, fields, button, table, column, unique = false, also = () => {} } of writings) {
    for (const [fault, { begin, end, says, arrived = false }] of Object.entries(faults)) {
        trial(`${what}, and ${fault}`, async () => {
            const text = `${site.name('typed')} while it rains`;
            const rows = () => site.count(table, `${column} = '${text}'`);
            const { page, alert } = await sendInVain({ path, fields, button, also }, text, { begin, says });
            await stands(page, fields, text);
            assert.equal(await rows(), arrived ? 1 : 0);
            if (fault === 'offline') {
                await page.getByText('You are offline. What you type is kept on this device.').waitFor();
            }
            await end(page);
            await press(page, button);
            await alert.waitFor({ state: 'hidden' });
            await until('it is there', async () => await rows() > 0);
            await page.getByText(text).first().waitFor();
            assert.equal(await rows(), 1, 'once');
        });
    }

    if (!unique) { // of a review there is only one in any case
        trial(`${what}, whose answer is lost, and then the window: sent again from a new one, it is there once`, async () => {
            const text = `${site.name('twice')} for the same letter`;
            const { begin, end, says } = faults['a lost answer'];
            const before = await sendInVain({ path, fields, button, also }, text, { begin, says });
            await end(before.page);
            await before.page.close();
            const page = await visit(browser, path);
            await page.getByLabel(fields[0], { exact: true }).waitFor();
            await stands(page, fields, text);
            const answered = page.waitForResponse((response) => response.request().method() === 'POST');
            await press(page, button);
            assert.equal((await (await answered).allHeaders())['idempotent-replayed'], 'true');
            assert.equal(await site.count(table, `${column} = '${text}'`), 1);
        });
    }

    trial(`${what}, and a window that is closed while the server is away`, async () => {
        const text = `${site.name('kept')} through the night`;
        await enter(browser, await site.signUp());
        let page = await visit(browser, path);
        await typeIn(page, fields, text);
        await also(page);
        await site.pool.stop('SIGTERM');
        await press(page, button);
        await page.getByRole('alert').filter({ hasText: 'not available' }).waitFor();
        await page.close();
        site.startPool();
        await site.ready();
        page = await visit(browser, path);
        await page.getByLabel(fields[0], { exact: true }).waitFor();
        await stands(page, fields, text);
        await press(page, button);
        await until('it is there', async () => await site.count(table, `${column} = '${text}'`) === 1);
    });
}

for (const fault of ['offline', 'a server that is away']) {
    trial(`the list of posts, and ${fault}: it is said, and tried again`, async () => {
        await leave(browser);
        const page = await visit(browser, '/');
        await page.locator('.post-row').first().waitFor();
        await faults[fault].begin(page);
        await press(page, 'Best', 'link');
        await page.getByRole('alert').filter({ hasText: faults[fault].says }).waitFor();
        await faults[fault].end(page);
        await press(page, 'Try again');
        await page.locator('.post-row').first().waitFor();
        await page.getByRole('alert').waitFor({ state: 'detached' });
    });
}

trial('a page whose code has not come yet, offline: it is said, and tried again', async () => {
    await leave(browser);
    const page = await visit(browser, '/');
    await browser.context.setOffline(true);
    await page.getByRole('link', { name: 'To be answered' }).click();
    await page.getByText('This page could not be fetched. Are you online?').waitFor();
    await browser.context.setOffline(false);
    await page.locator('.failure button').click();
    await page.getByRole('heading', { name: 'To be answered', level: 1 }).waitFor();
});

trial('a vote while offline is taken back, and said', async () => {
    await enter(browser, ada);
    const page = await visit(browser, `/posts/${post.id}`);
    await browser.context.setOffline(true);
    const arrow = page.getByRole('button', { name: 'For it: To be answered' });
    await arrow.click();
    await page.getByText('Your vote did not count').waitFor();
    assert.equal(await arrow.getAttribute('aria-pressed'), 'false');
    assert.equal(await site.count('votes'), 0);
});
