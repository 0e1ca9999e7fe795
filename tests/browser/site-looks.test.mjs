// Every page, as everybody sees it: light and dark, on a telephone and on a desk, with much on it and with nothing. Each has
// one heading of the first rank and a title, fits the window, complains of nothing, passes axe-core, and is walked through
// by the Tab key alone. What it looks like is kept in build/artefacts, for people to look at.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, until } from '../api/lib/processes.mjs';
import { startSite } from '../api/lib/site.mjs';
import { test } from '../api/lib/test.mjs';
import { complaintsOf } from './lib/axe.mjs';
import { startBrowser } from './lib/browser.mjs';
import { enter, leave, press, settled, visit } from './lib/visit.mjs';
import { furnish, pages } from './lib/world.mjs';

/** A telephone; and a small one, or a window of 1280 at four times the size of letters (WCAG 1.4.10). */
const NARROW = { width: 390, height: 844 };
const NARROWEST = { width: 320, height: 640 };
const WIDE = { width: 1280, height: 900 };
const MOST_STOPS = 45; // of the Tab key: lists are long and all of a kind
const STOPS_OF_A_DATE = 3; // it has some of its own within: month, year, calendar
/** The rules of axe: all of them once, in the dark those that have to do with it. */
const [ALL, COLOURS, NONE] = [undefined, ['color-contrast', 'link-in-text-block'], []];

const [full, bare] = await Promise.all([startSite({ settings: { WORKERS: 2 }, work: true }), startSite({ settings: { WORKERS: 2 } })]);
const browsers = new Map(await Promise.all([full, bare].map(async (site) =>
    [site, await startBrowser(`http://127.0.0.1:${site.front.port}`, { keeps: true })])));
const world = await furnish(full);
const nothing = { ada: await bare.signUp(), admin: await bare.admin() };

/** Nothing of a page reaches beyond its window. */
async function fits(page, name, size) {
    await page.setViewportSize(size);
    const wide = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return scrollWidth <= clientWidth ? '' : `${scrollWidth} > ${clientWidth}: ` + [...document.querySelectorAll('body *')]
            .filter((each) => each.getBoundingClientRect().right > clientWidth + 1).slice(0, 5)
            .map((each) => each.outerHTML.slice(0, 120)).join('\n');
    });
    assert.equal(wide, '', `${name} is wider than a window of ${size.width}`);
}

/** One look at a page: does it fit, is anything wrong with it? rules: those of axe that what is looked at now may break. */
async function look(browser, page, name, scheme, size, rules) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.setViewportSize(size);
    await browser.picture(page, `site-${name}-${scheme}-${size.width}`);
    await fits(page, name, size);
    if (rules !== NONE) {
        assert.deepEqual(await complaintsOf(page, rules), [], `${name}, ${scheme}, ${size.width}`);
    }
}

async function lookAround(browser, page, name) {
    const { title, headings, ranks } = await page.evaluate(() => ({
        title: document.title,
        headings: document.querySelectorAll('h1').length,
        ranks: [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter((each) => each.closest('.prose') === null)
            .map(({ tagName }) => Number(tagName[1])),
    }));
    assert.match(title, /Quire/, name);
    assert.equal(headings, 1, `${name} has ${headings} h1`);
    ranks.reduce((above, rank) => { assert.ok(rank <= above + 1, `${name}: h${rank} follows h${above}`); return rank; }, 0);
    await look(browser, page, name, 'light', NARROW, ALL);
    await look(browser, page, name, 'dark', NARROW, NONE);
    await fits(page, name, NARROWEST);
    await look(browser, page, name, 'dark', WIDE, COLOURS);
    await look(browser, page, name, 'light', WIDE, NONE);
}

/** What can be reached, in the order of the page, each with a mark of its own; and from now on a note of each that gets the focus. */
const mark = (page) => page.evaluate(() => {
    const all = [...document.querySelectorAll('a[href], button, input, textarea, select, summary, [tabindex="0"]')]
        .filter((each) => each.checkVisibility({ checkVisibilityCSS: true }) && !each.disabled && each.tabIndex >= 0)
        .filter((each) => { // one of a group of radio buttons
            const group = `[name="${each.name}"]`;
            return each.type !== 'radio' || each === (document.querySelector(`${group}:checked`) ?? document.querySelector(group));
        });
    all.forEach((each, i) => { each.dataset.stop = i; });
    document.activeElement?.blur();
    window.scrollTo(0, 0);
    getSelection().removeAllRanges();
    window.stops = [];
    document.addEventListener('focusin', ({ target }) => {
        const shown = [undefined, '::file-selector-button'].some((part) => {
            const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(target, part);
            return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
        });
        window.stops.push({ stop: target.dataset.stop, what: target.outerHTML.slice(0, 120), shown });
    });
    return { count: all.length, dates: all.filter(({ type }) => type === 'date').length };
});

/** The Tab key leads through all of it in its order, and one sees where one is. */
async function walk(browser, page, name) {
    const { count, dates } = await mark(page);
    const most = Math.min(count, MOST_STOPS);
    const wire = await browser.wire(page);
    const key = { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 };
    const pressed = [];
    for (let i = 0; i < most + dates * STOPS_OF_A_DATE; i++) { // one after the other, but nobody waits for each
        pressed.push(...['rawKeyDown', 'keyUp'].map((type) => wire.send('Input.dispatchKeyEvent', { type, ...key })));
    }
    await Promise.all(pressed);
    const stops = await until(`${name}: ${most} stops of the Tab key`, async () => {
        const there = await page.evaluate(() => window.stops);
        return there.length >= most && there;
    });
    stops.slice(0, most).forEach(({ stop, what, shown }, i) => {
        assert.equal(stop, String(i), `${name}: after ${i} comes ${what}`);
        assert.ok(shown, `${name}: nothing shows the focus of ${what}`);
    });
}

/** Looks at all pages that somebody sees at a site. What is wrong with them. */
async function tour(site, people, who, rows) {
    const browser = browsers.get(site);
    await (who === 'nobody' ? leave(browser) : enter(browser, people[who]));
    const failed = [];
    for (const { name, path, may, who: [first] } of rows) {
        const what = `${name}-${who}${site === bare ? '-empty' : ''}`;
        try {
            const page = await visit(browser, path(people));
            await browser.idle(page);
            await lookAround(browser, page, what);
            await (who === first ? walk(browser, page, what) : null);
            browser.assertQuiet(may);
        } catch (error) {
            failed.push(`${what}: ${error.message}`);
        }
        await browser.clear();
    }
    return failed;
}

for (const who of ['nobody', 'ada', 'bea', 'admin']) {
    const rows = pages.filter((row) => row.who.includes(who));
    const empty = pages.filter((row) => row.empty?.includes(who));
    test(`the pages as ${who} sees them, with much on them and with nothing`, { timeout: 240000 }, async () => {
        const found = await Promise.all([tour(full, world, who, rows), empty.length > 0 ? tour(bare, nothing, who, empty) : []]);
        assert.deepEqual(found.flat(), []);
    });
}

test('the first key leads to a link past the frame, and it leads there', async () => {
    const browser = browsers.get(full);
    await leave(browser);
    const page = await visit(browser, '/');
    await page.keyboard.press('Tab');
    const link = page.getByRole('link', { name: 'To the content' });
    const box = await link.boundingBox();
    assert.ok(box.x >= 0 && box.y >= 0, JSON.stringify(box));
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'content');
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.activeElement.closest('main') !== null));
    await browser.clear();
});

test('a preview, an error beside its field and a message fit too', async () => {
    const browser = browsers.get(full);
    await enter(browser, world.ada);
    const page = await visit(browser, `/posts/${world.post.id}/edit`);
    await press(page, 'Preview');
    await page.locator('.preview h2').first().waitFor();
    await lookAround(browser, page, 'post-edit-preview');
    await leave(browser);
    await page.goto(`${browser.origin}/signup`);
    await settled(page);
    await page.getByLabel('Name', { exact: true }).fill(world.ada.username);
    await page.getByLabel('E-mail').fill(world.ada.email);
    await page.getByLabel('Password').fill(world.ada.password);
    await press(page, 'Sign up');
    await page.locator('[aria-invalid=true]').first().waitFor();
    await lookAround(browser, page, 'signup-mistakes');
    browser.assertQuiet(/409/);
    await browser.clear();
});

test('on paper a post is all of its text, and nothing to press; a short one is a single sheet', async () => {
    const browser = browsers.get(full);
    await leave(browser);
    const page = await visit(browser, `/posts/${world.post.id}`);
    await page.emulateMedia({ media: 'print' });
    await browser.picture(page, 'site-post-paper');
    const { cut, pressed } = await page.evaluate(() => ({
        cut: [...document.querySelectorAll('.prose *')].filter((each) => each.scrollWidth > each.clientWidth && each.clientWidth > 0)
            .map(({ outerHTML }) => outerHTML.slice(0, 100)),
        pressed: [...document.querySelectorAll('button, input, textarea, nav a')].filter((each) => each.checkVisibility())
            .map(({ outerHTML }) => outerHTML.slice(0, 100)),
    }));
    assert.deepEqual({ cut, pressed }, { cut: [], pressed: [] });
    await page.goto(`${browser.origin}/posts/${world.draft.id - 1}`);
    await settled(page);
    const sheets = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/g);
    assert.equal(sheets.length, 1);
    browser.assertQuiet();
    await browser.clear();
});

test('a long list comes by itself for a while, and then when it is asked to: the keys lead to what stands below it', {
    timeout: 180000,
}, async () => {
    const browser = browsers.get(bare);
    await bare.query(`INSERT INTO posts (title, content, owner_id) SELECT concat('Row ', seq), '', ${nothing.ada.id} FROM seq_1_to_290`);
    await leave(browser);
    const page = await visit(browser, '/');
    const rows = page.locator('.post-row');
    const more = page.getByRole('button', { name: 'More', exact: true });
    const down = async () => {
        await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
        return rows.count();
    };
    await until('as many as come by themselves', async () => await down() === 200, { patience: 90000 });
    await browser.idle(page);
    await more.focus();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Try the API');
    await browser.idle(page);
    assert.equal(await rows.count(), 200);
    for (const there of [220, 240, 260, 280, 290]) {
        await more.click();
        await until(`${there}`, async () => await rows.count() === there);
    }
    assert.equal(await more.count(), 0);
    browser.assertQuiet();
    await browser.clear();
});

test('every page that the router knows is in the table', () => {
    const main = readFileSync(join(root, 'app/web/site/main.js'), 'utf8');
    const routes = [...main.matchAll(/^ {4}\['(\/[^']*)',/gm)].map(([, route]) => route);
    const there = pages.map(({ path }) => path(world).replace(/\?.*/, ''));
    const shapes = routes.map((route) => new RegExp(`^${route.replace(/:\w+/g, '[^/]+')}$`));
    const missing = routes.filter((_, i) => !there.some((path) => shapes[i].test(path)));
    assert.ok(routes.length > 20, `${routes.length}`);
    assert.deepEqual(missing, []);
});

test('what looks for mistakes finds them', async () => {
    const browser = browsers.get(full);
    const page = await visit(browser, '/login');
    await page.evaluate(() => {
        const wide = document.createElement('p');
        wide.textContent = 'x'.repeat(400);
        wide.style.setProperty('white-space', 'nowrap');
        const pale = document.createElement('button');
        pale.textContent = 'pale';
        pale.className = 'plain';
        pale.style.setProperty('color', '#eee');
        pale.style.setProperty('outline', 'none', 'important');
        pale.style.setProperty('box-shadow', 'none', 'important');
        document.querySelector('main').append(wide, pale, document.createElement('h1'));
    });
    const wrong = await complaintsOf(page);
    assert.ok(wrong.some((text) => text.startsWith('color-contrast: ')), wrong.join('\n'));
    await assert.rejects(look(browser, page, 'canary', 'light', NARROW, NONE), /wider than a window/);
    await assert.rejects(lookAround(browser, page, 'canary'), /2 h1/);
    await assert.rejects(walk(browser, page, 'canary'), /nothing shows the focus/);
    browser.heard();
    await page.goto('about:blank');
    const elsewhere = ['http://192.0.2.1/', 'https://example.com/', 'http://localhost:1/'];
    const found = await page.evaluate((urls) => Promise.all(urls.map((url) => fetch(url).then(() => 'there', () => 'not there'))), elsewhere);
    assert.deepEqual(found, elsewhere.map(() => 'not there'));
    assert.deepEqual(browser.heard().outside.sort(), [...elsewhere].sort());
    await browser.clear();
});
