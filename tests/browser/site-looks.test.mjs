// Every page, as everybody sees it: light and dark, on a telephone and on a desk, with much on it and with nothing. Each has
// one heading of the first rank and a title, fits the window, complains of nothing, passes axe-core, and is walked through
// by the Tab key alone. What it looks like is kept in build/artefacts, for people to look at.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../api/lib/processes.mjs';
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
/** The rules of axe: all of them once, in the dark those that have to do with it. */
const [ALL, COLOURS, NONE] = [undefined, ['color-contrast', 'link-in-text-block'], []];

const [full, bare] = [await startSite({ settings: { WORKERS: 2 }, work: true }), await startSite({ settings: { WORKERS: 2 } })];
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

/** What can be reached, in the order of the page, each with a mark of its own. */
const mark = (page) => page.evaluate(() => {
    const all = [...document.querySelectorAll('a[href], button, input, textarea, select, summary, [tabindex="0"]')]
        .filter((each) => each.checkVisibility({ checkVisibilityCSS: true }) && !each.disabled && each.tabIndex >= 0)
        .filter((each) => { // one of a group of radio buttons
            const group = `[name="${each.name}"]`;
            return each.type !== 'radio' || each === (document.querySelector(`${group}:checked`) ?? document.querySelector(group));
        });
    all.forEach((each, i) => { each.dataset.stop = i; });
    return all.length;
});

/** The Tab key leads through all of it in its order, and one sees where one is. */
async function walk(page, name) {
    const count = await mark(page);
    await page.evaluate(() => { document.activeElement?.blur(); window.scrollTo(0, 0); getSelection().removeAllRanges(); });
    let at = null;
    for (let i = 0; i < Math.min(count, MOST_STOPS); i++) {
        const before = at?.stop;
        do { // a date has stops of its own within
            await page.keyboard.press('Tab');
            at = await page.evaluate(() => {
                const active = document.activeElement;
                const shown = [undefined, '::file-selector-button'].some((part) => {
                    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(active, part);
                    return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
                });
                return { stop: active.dataset.stop, what: active.outerHTML.slice(0, 120), shown, within: active.type === 'date' };
            });
        } while (at.within && at.stop === before);
        assert.equal(at.stop, String(i), `${name}: after ${i} comes ${at.what}`);
        assert.ok(at.shown, `${name}: nothing shows the focus of ${at.what}`);
    }
}

const browsers = new Map();
for (const site of [full, bare]) {
    browsers.set(site, await startBrowser(`http://127.0.0.1:${site.front.port}`));
}

/** Looks at all pages that somebody sees at a site. */
async function tour(site, people, who, rows) {
    const browser = browsers.get(site);
    await (who === 'nobody' ? leave(browser) : enter(browser, people[who]));
    const failed = [];
    for (const { name, path, may, who: [first] } of rows) {
        const what = `${name}-${who}${site === bare ? '-empty' : ''}`;
        try {
            const page = await visit(browser, path(people));
            await page.waitForLoadState('networkidle');
            await lookAround(browser, page, what);
            await (who === first ? walk(page, what) : null);
            browser.assertQuiet(may);
        } catch (error) {
            failed.push(`${what}: ${error.message}`);
        }
        await browser.clear();
    }
    assert.deepEqual(failed, []);
}

for (const who of ['nobody', 'ada', 'bea', 'admin']) {
    const rows = pages.filter((row) => row.who.includes(who));
    test(`the pages as ${who} sees them`, { timeout: 240000 }, () => tour(full, world, who, rows));
}

for (const who of ['nobody', 'ada', 'admin']) {
    const rows = pages.filter((row) => row.empty?.includes(who));
    if (rows.length > 0) {
        test(`the pages as ${who} sees them while nothing is there`, { timeout: 240000 }, () => tour(bare, nothing, who, rows));
    }
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
    const found = await complaintsOf(page);
    assert.ok(found.some((text) => text.startsWith('color-contrast: ')), found.join('\n'));
    await assert.rejects(look(browser, page, 'canary', 'light', NARROW, NONE), /wider than a window/);
    await assert.rejects(lookAround(browser, page, 'canary'), /2 h1/);
    await assert.rejects(walk(page, 'canary'), /nothing shows the focus/);
    await browser.clear();
});
