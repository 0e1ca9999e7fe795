// Addresses that name a comment (/posts/1#comment-5): it is found wherever it stands among the others, shown, and read on from;
// and it is said when it is gone.
import assert from 'node:assert/strict';
import { until } from '../api/lib/processes.mjs';
import { startSite } from '../api/lib/site.mjs';
import { startBrowser } from './lib/browser.mjs';
import { enter, leave, press, quietJourneys, unhurried, visit } from './lib/visit.mjs';

const site = await startSite({ settings: { WORKERS: 2 } });
const browser = await startBrowser(`http://127.0.0.1:${site.front.port}`, { keeps: true });
const ada = await site.signUp();
const bea = await site.signUp();

const journey = quietJourneys(browser);

const MANY = 250;

/** Comments in the database: n that answer one, or none. */
async function fill(post, n, parent = null) {
    await site.query(`INSERT INTO comments (post_id, parent_id, text, user_id)
        SELECT ${post.id}, ${parent?.id ?? 'NULL'}, concat('Number ', seq), ${bea.id} FROM seq_1_to_${n};
        UPDATE posts SET comment_count = comment_count + ${n} WHERE id = ${post.id}`);
    return site.query(`SELECT id, text FROM comments WHERE post_id = ${post.id}
        AND parent_id ${parent === null ? 'IS NULL' : `= ${parent.id}`} ORDER BY id`);
}

const crowded = await site.createPost(bea, { title: 'Everybody has something to say' });
const said = await fill(crowded, MANY);
let deep = said[120];
for (let depth = 1; depth <= 8; depth++) {
    deep = await site.createComment(ada, crowded, `At the depth of ${depth}`, deep);
}

/** How many of the comments that answer none are shown. */
const count = (page) => page.locator('.comments > .comment').count();

/** The keyboard is at a comment, and it stands in the window. */
async function isThere(page, id) {
    const comment = page.locator(`#comment-${id}`);
    await until(`comment ${id} has the focus`, () => page.evaluate((wanted) => document.activeElement.id === wanted, `comment-${id}`));
    const { y } = await comment.boundingBox();
    const { height } = page.viewportSize();
    assert.ok(y >= -1 && y < height, `comment ${id} stands at ${y} of ${height}`);
}

const LOST = 'The comment that this address leads to is not there, or not there any more.';

journey('a comment of the third hundred is shown, with all that stands before it', async () => {
    await leave(browser);
    const page = await visit(browser, `/posts/${crowded.id}#comment-${said[230].id}`);
    await isThere(page, said[230].id);
    assert.equal(await count(page), MANY);
    assert.equal(await page.getByText(LOST).count(), 0);
});

journey('an answer deep within the second hundred is shown, and no more is loaded than leads to it', async () => {
    await leave(browser);
    const page = await visit(browser, `/posts/${crowded.id}#comment-${deep.id}`);
    await isThere(page, deep.id);
    await page.locator(`#comment-${deep.id} > .text`).getByText('At the depth of 8').waitFor();
    assert.equal(await count(page), 200);
    await press(page, 'More comments');
    await until('all are there', async () => await count(page) === MANY);
});

journey('a link from one comment to another leads there too, and each has an address of its own', async () => {
    await leave(browser);
    const page = await visit(browser, `/posts/${crowded.id}`);
    const own = page.getByRole('link', { name: /^Link to the comment of / });
    assert.equal(await own.nth(7).getAttribute('href'), `#comment-${said[7].id}`);
    await own.nth(7).focus();
    await page.keyboard.press('Enter');
    await isThere(page, said[7].id);
    await page.evaluate((hash) => { location.hash = hash; }, `#comment-${said[150].id}`);
    await isThere(page, said[150].id);
    await page.goBack();
    await isThere(page, said[7].id);
});

journey('a comment that is gone, or never was there, or stands below another post, is said to be gone', async () => {
    const gone = await site.createComment(ada, crowded, 'Not for long');
    const elsewhere = await site.createComment(ada, await site.createPost(bea, { title: 'Another' }), 'Elsewhere');
    await site.delete(`/comments/${gone.id}`, ada);
    await leave(browser);
    for (const id of [gone.id, elsewhere.id, 999999]) {
        const page = await visit(browser, `/posts/${crowded.id}#comment-${id}`);
        const note = page.getByText(LOST);
        await until('it is where one looks, and read out', async () => await note.count() === 1
            && note.evaluate((each) => each === document.activeElement && each.getBoundingClientRect().top >= -1
                && each.getBoundingClientRect().bottom <= innerHeight));
        assert.equal(await count(page), 100, 'nothing is loaded for what is not there');
        await page.close();
    }
}, /404/);

journey('a comment that cannot be looked for: it is said, and tried again', async () => {
    await leave(browser);
    const page = await browser.open('/icon.svg');
    await page.route(`**/comments/${deep.id}`, (route) => route.abort());
    await page.goto(`${browser.origin}/posts/${crowded.id}#comment-${deep.id}`);
    await page.getByRole('alert').filter({ hasText: 'cannot be reached' }).waitFor();
    await page.unroute(`**/comments/${deep.id}`);
    await press(page, 'Try again');
    await isThere(page, deep.id);
    assert.equal(await page.getByRole('alert').filter({ hasText: 'cannot be reached' }).count(), 0);
}, /ERR_FAILED/);

journey('a comment that I am about to delete is not there either, until that is taken back', async () => {
    const post = await site.createPost(bea, { title: 'Almost gone' });
    const mine = await site.createComment(ada, post, 'Almost.');
    await enter(browser, ada);
    const page = await visit(browser, `/posts/${post.id}`);
    await unhurried(page);
    await page.getByRole('button', { name: /^Delete / }).click();
    await page.locator('.toast').hover();
    await press(page, 'Books', 'link');
    await page.getByRole('heading', { name: 'Books', level: 1 }).waitFor();
    await page.locator('.toast').hover();
    await page.goBack();
    await page.evaluate((hash) => { location.hash = hash; }, `#comment-${mine.id}`);
    await page.getByText(LOST).waitFor();
    await press(page, 'Undo');
    await page.getByText('Almost.').waitFor();
});

journey('a comment that lies further on than is read to find it is shown by itself, behind the others', async () => {
    const post = await site.createPost(bea, { title: 'A whole town' });
    const town = await fill(post, 2150);
    await leave(browser);
    const page = await visit(browser, `/posts/${post.id}#comment-${town.at(-3).id}`);
    await isThere(page, town.at(-3).id);
    assert.equal(await count(page), 2001);
    await press(page, 'More comments');
    await until('the rest is there, and it once', async () => await count(page) === 2100 + 1);
    await press(page, 'More comments');
    await until('all are there, each once', async () => await count(page) === 2150);
});

journey('a hundred comments with more answers than one answer of the server holds come a few at a time', async () => {
    const post = await site.createPost(bea, { title: 'A quarrel' });
    const [first, second] = [await site.createComment(ada, post, 'Yes.'), await site.createComment(ada, post, 'No.')];
    await fill(post, 5100, first);
    await fill(post, 5100, second);
    await leave(browser);
    const page = await visit(browser, `/posts/${post.id}`);
    await until('the first is there', async () => await count(page) === 1);
    await press(page, 'More comments');
    await until('both are there', async () => await count(page) === 2);
}, /400/);
