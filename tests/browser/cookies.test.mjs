// Cookie mode in a real browser: the tokens are kept where scripts do not see them, sent along by themselves, renewed and
// taken back.
import assert from 'node:assert/strict';
import { startSite } from '../api/lib/site.mjs';
import { test } from '../api/lib/test.mjs';
import { startBrowser } from './lib/browser.mjs';

const site = await startSite({ settings: { WORKERS: 2 } });
const secure = await startSite({ settings: { WORKERS: 2, COOKIE_SECURE: 'on' } });

/** What a page of the site gets for a request of its own. */
const ask = (page, method, path, json) => page.evaluate(async ([verb, target, body]) => {
    const answer = await fetch(`/api/v1${target}`, { method: verb, ...(body
        ? { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } } : {}) });
    const text = await answer.text();
    return { status: answer.status, json: text === '' ? undefined : JSON.parse(text), seen: document.cookie };
}, [method, path, json]);

/** Remembers what the browser holds as secrets; their names. */
async function kept(browser, at) {
    const cookies = await browser.context.cookies();
    cookies.forEach(({ value }) => at.keep(value));
    assert.ok(cookies.every(({ httpOnly, sameSite }) => httpOnly && sameSite === 'Lax'), JSON.stringify(cookies));
    return cookies.map(({ name, secure: tls }) => `${name}${tls ? ' secure' : ''}`).sort();
}

for (const [at, names] of [[site, ['quire_access', 'quire_refresh']],
    [secure, ['__Host-quire_access secure', '__Host-quire_refresh secure']]]) {
    test(`a page logs in, writes, renews and logs out with ${names.join(' and ')}`, async () => {
        const browser = await startBrowser(`http://127.0.0.1:${at.front.port}`);
        const ada = await at.signUp();
        const page = await browser.open('/');
        const login = await ask(page, 'POST', '/auth/login', { email: ada.email, password: ada.password, mode: 'cookie' });
        assert.deepEqual([login.status, Object.keys(login.json), login.seen], [200, ['token_type', 'expires_in'], '']);
        assert.deepEqual(await kept(browser, at), names);
        assert.equal((await ask(page, 'GET', '/users/me')).json.id, ada.id);
        assert.equal((await ask(page, 'POST', '/microposts', { body: 'a note' })).status, 201);
        const before = (await browser.context.cookies()).map(({ value }) => value);
        assert.equal((await ask(page, 'POST', '/auth/refresh')).status, 200);
        assert.deepEqual(await kept(browser, at), names);
        assert.ok((await browser.context.cookies()).every(({ value }) => !before.includes(value)));
        await page.reload();
        assert.equal((await ask(page, 'GET', '/users/me')).json.id, ada.id);
        browser.assertQuiet();
        assert.equal((await ask(page, 'POST', '/auth/logout')).status, 204);
        assert.deepEqual(await kept(browser, at), []);
        assert.equal((await ask(page, 'GET', '/users/me')).status, 401);
        await page.close();
    });
}
