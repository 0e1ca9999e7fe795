// The documentation of the API as a browser shows it: /docs, where one logs in and sends requests, and /redoc. All of it
// comes from the site itself, within its Content-Security-Policy, and nothing complains.
import assert from 'node:assert/strict';
import { operationsOf } from '../api/lib/operations.mjs';
import { until } from '../api/lib/processes.mjs';
import { startSite } from '../api/lib/site.mjs';
import { test } from '../api/lib/test.mjs';
import { startBrowser } from './lib/browser.mjs';

const site = await startSite({ settings: { WORKERS: 2 } });
const browser = await startBrowser(`http://127.0.0.1:${site.front.port}`);
const operations = operationsOf((await site.get('//openapi.json')).json).map(({ operation }) => operation);

/** Opens "Authorize" of /docs and logs somebody in by the OAuth2 password flow. Returns the form. */
async function authorize(page, username, password) {
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    const form = page.locator('.auth-container').filter({ hasText: 'oauth2 (OAuth2, password)' });
    await form.locator('#oauth_username').fill(username);
    await form.locator('#oauth_password').fill(password);
    await form.locator('button.authorize').click();
    return form;
}

/** Opens an operation of /docs to be tried out. Returns its block. */
async function tryOut(page, tag, operation) {
    const block = page.locator(`#operations-${tag}-${operation}`);
    await block.locator('.opblock-summary-control').click();
    await block.getByRole('button', { name: 'Try it out' }).click();
    return block;
}

test('/docs shows every operation', async () => {
    const page = await browser.open('/docs');
    await page.locator('.opblock').first().waitFor();
    assert.equal(await page.title(), 'Quire: try the API');
    const shown = await page.locator('.opblock').evaluateAll((blocks) => blocks.map(({ id }) => id));
    const declared = operations.map(({ tags, operationId }) => `operations-${tags[0]}-${operationId}`);
    assert.deepEqual(shown.sort(), declared.sort());
    await browser.picture(page, 'docs');
    browser.assertQuiet();
    await page.close();
});

test('Authorize in /docs logs in, Try it out creates a post', async () => {
    const ada = await site.signUp();
    const page = await browser.open('/docs');
    const form = await authorize(page, ada.email, ada.password);
    await form.getByText('Logout').waitFor();
    await browser.picture(page, 'docs-authorized');
    await page.getByRole('button', { name: 'Close' }).first().click();

    const block = await tryOut(page, 'posts', 'createPost');
    const post = { title: 'Written in the browser', content: 'Grüße, 🌍' };
    await block.locator('textarea.body-param__text').fill(JSON.stringify(post));
    await block.getByRole('button', { name: 'Execute' }).click();
    const answer = block.locator('.live-responses-table .response');
    await answer.waitFor();
    await answer.scrollIntoViewIfNeeded();
    await browser.picture(page, 'docs-created');
    assert.match(await answer.locator('.response-col_status').innerText(), /^201\b/);
    const curl = await block.locator('.curl-command').innerText();
    assert.ok(curl.includes(`${browser.origin}/api/v1/posts`), curl);

    const { json } = await site.get(`/users/${ada.id}/posts`);
    assert.deepEqual(json.map(({ title, content }) => ({ title, content })), [post]);
    browser.assertQuiet();
    await page.close();
});

test('a form and a path outside the base path are tried out too', async () => {
    const page = await browser.open('/docs');
    const ada = await site.signUp();
    const login = await tryOut(page, 'auth', 'grantToken');
    await login.locator('[data-property-name=username] input[type=text]').fill(ada.username);
    await login.locator('[data-property-name=password] input').fill(ada.password);
    for (const block of [login, await tryOut(page, 'service', 'getReadiness')]) {
        await block.getByRole('button', { name: 'Execute' }).click();
        const status = block.locator('.live-responses-table .response .response-col_status');
        assert.match(await status.innerText(), /^200\b/);
    }
    browser.assertQuiet();
    await page.close();
});

test('a wrong password in Authorize is refused, and said so', async () => {
    const ada = await site.signUp();
    const page = await browser.open('/docs');
    const form = await authorize(page, ada.email, site.password());
    await form.locator('.errors').waitFor();
    assert.match(await form.locator('.errors').innerText(), /401|Unauthorized|credentials/i);
    assert.equal(await form.getByText('Logout').count(), 0);
    const { outside, complaints } = browser.heard();
    assert.deepEqual(outside, []);
    assert.ok(complaints.includes('401 for POST /api/v1/login'), complaints.join('\n'));
    assert.deepEqual(complaints.filter((text) => !text.includes('401')), []);
    await page.close();
});

test('/redoc shows every operation, and finds one', async () => {
    const page = await browser.open('/redoc');
    const sections = page.locator('[id*="/operation/"][data-section-id]');
    await sections.nth(operations.length - 1).waitFor({ state: 'attached' });
    assert.equal(await page.title(), 'Quire: the API');
    const shown = await sections.evaluateAll((found) => found.map(({ id }) => id.split('/').at(-1)));
    assert.deepEqual(shown.sort(), operations.map(({ operationId }) => operationId).sort());
    await browser.picture(page, 'redoc');

    await page.getByPlaceholder('Search...').fill('who voted');
    const found = page.locator('[data-role="search:results"]');
    await found.getByText('List who voted on a post').waitFor();
    await browser.picture(page, 'redoc-search');
    await found.getByText('List who voted on a post').click();
    await page.waitForURL(/#.*\/operation\/listPostVoters$/);
    await browser.picture(page, 'redoc-operation');
    browser.assertQuiet();
    await page.close();
});

test('the first page leads to both', async () => {
    const page = await browser.open('/');
    for (const [name, path] of [['Try the API', '/docs'], ['Read about it', '/redoc']]) {
        await page.getByRole('link', { name, exact: true }).click();
        await page.waitForURL(`**${path}`, { waitUntil: 'commit' });
        await page.goBack();
    }
    browser.assertQuiet();
    await page.close();
});

test('what is looked for would be seen: other addresses, complaints, breaches of the policy', async () => {
    const page = await browser.open('/docs'); // the site's own pages would not even make elements of a text
    await page.evaluate(() => {
        console.warn('a warning');
        setTimeout(() => {
            throw new Error('nobody catches this');
        });
        document.body.insertAdjacentHTML('beforeend', '<img src="http://192.0.2.1/x.png"><p onclick="x()">x</p>');
        return fetch('/nothing');
    });
    const plain = await browser.context.newPage();
    await plain.setContent('<img src="http://192.0.2.1/y.png">');
    await plain.waitForLoadState();
    const all = [];
    await until('everything is seen', () => {
        const { outside, complaints } = browser.heard();
        all.push(...outside, ...complaints);
        return [/^http:\/\/192\.0\.2\.1\/y\.png$/, /^warning on the console: a warning$/,
            /^uncaught: Error: nobody catches this/, /^404 for GET \/nothing$/, /^img-src forbids http:\/\/192\.0\.2\.1/,
            /^script-src-attr forbids inline/].every((wanted) => all.some((text) => wanted.test(text)));
    });
    assert.ok(!all.includes('http://192.0.2.1/x.png'), 'the policy let it through');
});
