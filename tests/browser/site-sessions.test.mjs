// Who is logged in, to the pages: a session that is renewed when somebody comes back, one that has ended, and what is left of
// somebody where another one logs in.
import assert from 'node:assert/strict';
import { decode, sign } from '../api/lib/jwt.mjs';
import { until } from '../api/lib/processes.mjs';
import { startSite } from '../api/lib/site.mjs';
import { startBrowser } from './lib/browser.mjs';
import { enter, leave, press, quietJourneys, stretch, toast, visit } from './lib/visit.mjs';

const site = await startSite({ settings: { WORKERS: 2 } });
const browser = await startBrowser(`http://127.0.0.1:${site.front.port}`);
await browser.context.addInitScript(stretch, 60000); // that a session has ended is read when all else has been
const ada = await site.signUp();
const bea = await site.signUp();

const journey = quietJourneys(browser);

/** An hour goes by, in which nothing is asked: the browser drops the cookies whose time is over, and what the access token says
 *  is over. */
async function waitAnHour() {
    const cookies = await browser.context.cookies();
    await browser.context.clearCookies();
    await browser.context.addCookies(cookies.filter(({ expires }) => expires > Date.now() / 1000 + 3600).map((cookie) => {
        if (!cookie.name.endsWith('access')) {
            return cookie;
        }
        const { head, claims } = decode(cookie.value);
        return { ...cookie, value: site.keep(sign(head, { ...claims, iat: claims.iat - 3600, exp: claims.exp - 3600 }, site.secret)) };
    }));
}

/** The server ends all sessions of somebody, without a word to the browser. */
const endSessions = ({ id }) => site.query(`DELETE FROM sessions WHERE user_id = ${id}`);

journey('whoever comes back after an hour sees what is their own', async () => {
    const draft = await site.createPost(ada, { title: 'Not for everybody yet', published: false });
    await enter(browser, ada);
    const page = await visit(browser, '/notes');
    await waitAnHour();
    await page.locator('header').getByRole('link', { name: ada.username }).click();
    await page.getByRole('link', { name: 'Not for everybody yet' }).waitFor();
    await waitAnHour();
    await page.getByRole('link', { name: 'Not for everybody yet' }).click();
    await page.getByRole('heading', { name: 'Not for everybody yet', level: 1 }).waitFor();
    assert.equal(page.url(), `${browser.origin}/posts/${draft.id}`);
}, /401/);

journey('whose session has ended elsewhere reads on as a stranger, and so does who has only its cookies left', async () => {
    const eva = await site.signUp();
    await site.createPost(bea, { title: 'For all to read' });
    for (const [forget, said] of [[() => {}, 1], [() => localStorage.clear(), 0]]) {
        await enter(browser, eva);
        await (await browser.open('/icon.svg')).evaluate(forget);
        await endSessions(eva);
        const page = await visit(browser, '/');
        await page.getByRole('link', { name: 'For all to read' }).waitFor();
        await page.locator('header').getByRole('link', { name: 'Log in' }).waitFor();
        assert.equal(await page.locator('.failure').count(), 0);
        assert.deepEqual(await browser.context.cookies(), []);
        assert.equal(await page.getByText('Your session has ended.').count(), said);
        await page.close();
    }
}, /401/);

journey('who logs in where somebody else was finds nothing of them, in any tab', async () => {
    const post = await site.createPost(bea, { title: 'Both have read it' });
    await site.createPost(ada, { title: 'Hers alone', published: false });
    await site.put(`/posts/${post.id}/vote`, { vote_type: 'upvote' }, ada);
    await enter(browser, ada);
    const [list, writing] = [await visit(browser, '/'), await visit(browser, `/posts/${post.id}`)];
    const arrow = list.getByRole('button', { name: 'For it: Both have read it' });
    await until('it is known', async () => await arrow.getAttribute('aria-pressed') === 'true');
    await list.getByRole('link', { name: 'Hers alone' }).waitFor();
    await writing.getByLabel('Your comment').fill('Typed by ada');
    const page = await visit(browser, '/login');
    await page.getByLabel('E-mail').fill(bea.email);
    await page.getByLabel('Password').fill(bea.password);
    await press(page, 'Log in');
    for (const tab of [page, list, writing]) {
        await tab.locator('header').getByRole('link', { name: bea.username }).waitFor();
    }
    await list.getByRole('link', { name: 'Both have read it' }).waitFor();
    await browser.idle(list);
    assert.deepEqual([await arrow.getAttribute('aria-pressed'), await list.getByRole('link', { name: 'Hers alone' }).count()], ['false', 0]);
    await writing.getByLabel('Your comment').waitFor();
    assert.equal(await writing.getByLabel('Your comment').inputValue(), '');
    assert.ok(!await page.evaluate(() => JSON.stringify(localStorage).includes('Typed by ada')));
});

journey('nothing that was typed is left behind by who logs out, in any tab', async () => {
    await enter(browser, ada);
    const [page, other] = [await visit(browser, '/notes'), await visit(browser, '/posts/new')];
    await other.getByLabel('Title').fill('In another tab');
    await page.getByLabel('Your note').fill('In this tab');
    await press(page, 'Log out');
    for (const tab of [page, other]) {
        await tab.locator('header').getByRole('link', { name: 'Log in' }).waitFor();
    }
    await other.getByRole('heading', { name: 'Log in first' }).waitFor();
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('quire.draft.'))), []);
});

journey('a session that has ended is over in all tabs', async () => {
    const eva = await site.signUp();
    await enter(browser, eva);
    const [page, other] = [await visit(browser, '/notes'), await visit(browser, '/posts/new')];
    await endSessions(eva);
    await page.getByLabel('Your note').fill('Too late');
    await press(page, 'Send');
    await toast(page, 'Your session has ended.');
    await other.getByRole('heading', { name: 'Log in first' }).waitFor();
}, /401/);

journey('who has logged in begins at the top of the page that they come to; who goes back, where they were', async () => {
    const post = await site.createPost(bea, { title: 'A long one', content: 'And on it goes.\n\n'.repeat(60) });
    await leave(browser);
    const page = await visit(browser, `/posts/${post.id}`);
    await page.locator('main').getByRole('link', { name: 'Log in' }).click();
    await page.getByLabel('E-mail').fill(ada.email);
    await page.getByLabel('Password').fill(ada.password);
    await press(page, 'Log in');
    await page.waitForURL(`**/posts/${post.id}`);
    await page.getByLabel('Your comment').waitFor();
    const focused = () => page.evaluate(() => document.activeElement.id);
    await until('the keyboard is at the content', async () => await focused() === 'content');
    assert.equal(await page.evaluate(() => scrollY), 0);
    await press(page.locator('header'), 'Books', 'link');
    await page.getByRole('heading', { name: 'Books', level: 1 }).waitFor();
    await page.locator('header').getByRole('link', { name: 'Notes' }).focus();
    await page.goBack();
    await page.getByRole('heading', { name: 'A long one', level: 1 }).waitFor();
    assert.notEqual(await focused(), 'content');
});

journey('an address that browsers take for none is taken: the server says what one is', async () => {
    const email = `jörg.${site.name()}@example.com`;
    await leave(browser);
    const page = await visit(browser, '/signup');
    await page.getByLabel('Name', { exact: true }).fill(site.name());
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(ada.password);
    await press(page, 'Sign up');
    await toast(page, 'Welcome');
    assert.equal(await site.count('users', `email = '${email}'`), 1);
});
