// browser: Debian's Chromium without a head, cut off from everything but one site, and what its pages complain about.
//
//     const browser = await startBrowser(origin);                // 'http://127.0.0.1:…'; ends with the test file
//     const page = await browser.open('/docs');                  // a Playwright page
//     await browser.picture(page, 'docs');                       // build/artefacts/docs.png
//     browser.assertQuiet();                                     // nothing was asked elsewhere, nothing complained
//     assert.deepEqual(browser.heard(), { outside: [], complaints: ['401 for POST /api/v1/login'] });
//
// A request for another address is cut off and remembered, and so is each warning and error on the console, each
// exception that nobody caught, each breach of the Content-Security-Policy and each answer that is an error. (Chromium
// itself finds no name but the site's address either.)
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { chromium } from 'playwright-core';
import { environment, folder, root, until } from '../../api/lib/processes.mjs';

export const CHROMIUM = process.env.QUIRE_CHROMIUM ?? '/usr/bin/chromium';
/** It asks nothing of anybody by itself, and finds no other machine. */
export const offline = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--disable-breakpad',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];
const artefacts = join(root, 'build/artefacts');
let browsers = 0;
const QUIET_MS = 100; // from one answer to what is asked because of it takes less

/** A browser with a profile of its own. It is ended by the loss of its pipe when this process is killed. keeps: it keeps what it
 *  was given once, as people's do; nobody stands between it and the site then, and elsewhere it finds nothing by itself. */
export async function startBrowser(origin, { keeps = false } = {}) {
    assert.ok(existsSync(CHROMIUM), `there is no ${CHROMIUM}: run scripts/deps test`);
    const home = join(folder(), `browser${++browsers}`);
    const context = await chromium.launchPersistentContext(home, {
        executablePath: CHROMIUM,
        headless: true,
        chromiumSandbox: process.getuid() !== 0, // root has none
        args: offline,
        env: environment({ HOME: home }),
        viewport: { width: 1280, height: 900 },
        colorScheme: 'light',
    });
    const browser = new Browser(context, origin);
    after(() => context.close());
    await (keeps ? browser.listen() : browser.cutOff());
    await browser.watch();
    return browser;
}

class Browser {
    constructor(context, origin) {
        this.context = context;
        this.origin = origin;
        this.outside = []; // addresses
        this.complaints = []; // sentences
        this.wires = new WeakMap();
        this.asked = new Set(); // requests on their way
        this.since = Date.now(); // when one came or went last
    }

    isOutside(url) {
        return !/^(data|blob):/.test(url) && new URL(url).origin !== this.origin;
    }

    async cutOff() {
        await this.context.route('**/*', (route) => {
            const url = route.request().url();
            if (!this.isOutside(url)) {
                return route.continue();
            }
            this.outside.push(url);
            return route.abort();
        });
    }

    listen() {
        this.context.on('request', (request) => {
            if (this.isOutside(request.url())) {
                this.outside.push(request.url());
            }
        });
    }

    async watch() {
        this.context.setDefaultTimeout(30000);
        const note = (change) => (request) => {
            this.asked[change](request);
            this.since = Date.now();
        };
        this.context.on('request', note('add'));
        this.context.on('requestfinished', note('delete'));
        this.context.on('requestfailed', note('delete'));
        this.context.on('console', (message) => {
            const own = message.location().url.endsWith('/favicon.ico'); // asked for by the browser, beside a picture
            if (['error', 'warning'].includes(message.type()) && !own) {
                this.complaints.push(`${message.type()} on the console: ${message.text()}`);
            }
        });
        this.context.on('weberror', (error) => this.complaints.push(`uncaught: ${error.error().stack}`));
        this.context.on('response', (response) => {
            if (response.status() >= 400) {
                this.complaints.push(`${response.status()} for ${response.request().method()} ${response.url().replace(this.origin, '')}`);
            }
        });
        await this.context.exposeBinding('reportViolation', (_, text) => this.complaints.push(text));
        await this.context.addInitScript(() => document.addEventListener('securitypolicyviolation', (event) => {
            const { effectiveDirective, blockedURI, sourceFile, lineNumber, columnNumber } = event;
            window.reportViolation(`${effectiveDirective} forbids ${blockedURI} at ${sourceFile}:${lineNumber}:${columnNumber}`);
        }));
    }

    /** Waits until all has come that a page has asked for. */
    idle(page) {
        return until('all has come', () => Date.now() - this.since >= QUIET_MS
            && ![...this.asked].some((request) => request.frame().page() === page), { every: 10 });
    }

    async open(path) {
        const page = await this.context.newPage();
        const answer = await page.goto(`${this.origin}${path}`);
        assert.equal(answer.status(), 200, path);
        return page;
    }

    /** Keeps what a page looks like, to be looked at by people: build/artefacts/NAME.png. */
    async picture(page, name) {
        mkdirSync(artefacts, { recursive: true });
        const { data } = await (await this.wire(page)).send('Page.captureScreenshot', { optimizeForSpeed: true });
        writeFileSync(join(artefacts, `${name}.png`), data, 'base64');
    }

    /** What speaks to a page in DevTools' own words. It stays: with its end a page would forget that it is on paper. */
    async wire(page) {
        if (!this.wires.has(page)) {
            this.wires.set(page, await this.context.newCDPSession(page));
        }
        return this.wires.get(page);
    }

    /** Closes what is open, and forgets what it had to say. */
    async clear() {
        // The first window stays: without any, the browser would end.
        await Promise.all(this.context.pages().slice(1).map((page) => page.close()));
        this.asked.clear();
        this.heard();
    }

    /** What was asked of other addresses, and what complained, since the last call. */
    heard() {
        return { outside: this.outside.splice(0), complaints: this.complaints.splice(0) };
    }

    /** Fails when there was anything; but for complaints that a test has caused on purpose. */
    assertQuiet(expected = /^$/) {
        const { outside, complaints } = this.heard();
        const unexpected = complaints.filter((text) => !expected.test(text));
        assert.deepEqual({ outside, complaints: unexpected }, { outside: [], complaints: [] });
    }
}
