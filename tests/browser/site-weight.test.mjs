// What the first visit costs: everything that the first page asks for, as it comes over the wire; and the lists of files,
// versions and addresses that must say the same in several places, for nothing builds them from each other.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../api/lib/processes.mjs';
import { startSite } from '../api/lib/site.mjs';
import { test } from '../api/lib/test.mjs';
import { startBrowser } from './lib/browser.mjs';
import { settled } from './lib/visit.mjs';

const BUDGET = 60 * 1024;

const web = join(root, 'app/web');
const read = (path) => readFileSync(join(root, path), 'utf8');
const index = read('app/web/index.html');
const main = read('app/web/site/main.js');
const mapText = /<script type="importmap">([^]*?)<\/script>/.exec(index)[1];
const { imports } = JSON.parse(mapText);
const preloads = [...index.matchAll(/rel="modulepreload" href="([^"]+)"/g)].map(([, href]) => href);
/** What scripts/assets copies for the site, not for the documentation. */
const copied = read('app/assets/files').split('\n').filter((line) => /^[^#]/.test(line)).map((line) => line.split(' ')[0])
    .filter((file) => !/^(swagger-ui-dist|redoc)\//.test(file) && !/\/LICENSE/.test(file));

const site = await startSite({ settings: { WORKERS: 2 } });
await site.mustQuire(['seed', '--users', '8', '--posts', '120', '--yes'], { input: '' });
const browser = await startBrowser(`http://127.0.0.1:${site.front.port}`);

/** The modules that a module imports by a statement; later ones it asks for by import(). */
function importsOf(path) {
    const text = readFileSync(join(web, path), 'utf8');
    const found = text.matchAll(/(?:^|[;}\s])(?:import|export)\s*(?:[\w*{}\s,$]*?\s*from\s*)?["']([^"']+)["']/g);
    return [...found].map(([, name]) => resolved(name, path));
}

/** The modules that a module fetches when they are needed. */
function laterOf(path) {
    const text = readFileSync(join(web, path), 'utf8').replace(/\/\*[^]*?\*\//g, '');
    return [...text.matchAll(/\bimport\('([^']+)'\)/g)].map(([, name]) => resolved(name, path));
}

function resolved(name, from) {
    return /^[./]/.test(name) ? new URL(name, `http://x${from}`).pathname
        : imports[name] ?? assert.fail(`${from} imports ${name}`);
}

/** Everything that comes with a module. */
function graph(start, seen = new Set()) {
    if (!seen.has(start)) {
        seen.add(start);
        importsOf(start).forEach((path) => graph(path, seen));
    }
    return seen;
}

test('the first page of a first visit is light, all of it, and all of it is ours', async () => {
    const page = await browser.context.newPage();
    await browser.context.unrouteAll(); // a browser that somebody listens to has no cache
    const wire = await browser.context.newCDPSession(page);
    const asked = new Map();
    await wire.send('Network.enable');
    wire.on('Network.requestWillBeSent', ({ requestId, request }) => asked.set(requestId, { url: request.url, bytes: 0 }));
    wire.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => { asked.get(requestId).bytes = encodedDataLength; });
    await page.goto(`${browser.origin}/`);
    await settled(page);
    await page.locator('.post-row').nth(19).waitFor();
    await page.waitForLoadState('networkidle');
    const requests = [...asked.values()].filter(({ url }) => !url.startsWith('data:'));
    const sum = requests.reduce((so, { bytes }) => so + bytes, 0);
    console.error(`# the first page: ${requests.length} requests, ${sum} bytes with their headers, of ${BUDGET}`);
    assert.ok(requests.every(({ url }) => url.startsWith(`${browser.origin}/`)), JSON.stringify(requests, null, 4));
    assert.ok(sum > 0 && sum < BUDGET, requests.map(({ url, bytes }) => `${bytes} ${url}`).join('\n'));
    browser.assertQuiet();
    await page.close();
});

test('the page\'s policy lets its list of modules run, and no other script that stands in a page', async () => {
    const policy = (await site.get('//')).headers['content-security-policy'];
    const hash = createHash('sha256').update(mapText).digest('base64');
    assert.ok(policy.includes(`script-src 'self' 'sha256-${hash}';`), `the hash of the list is sha256-${hash}: ${policy}`);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/);
    assert.match(policy, /require-trusted-types-for 'script'/);
    assert.doesNotMatch(index, /<style|\sstyle=|\son\w+=|<script>/);
    assert.equal((index.match(/<script/g)).length, 2);
});

test('the addresses of pages are the same to the router, to its links and to nginx', () => {
    const names = (text) => text.split('|').filter((name) => /^[a-z]+$/.test(name)).sort();
    const scope = names(/const PAGES = .*?\(\?:([a-z|]+)\)/.exec(main)[1]);
    const served = names(/location ~ \^\/\(\?:\$\|\(\?:([a-z|]+)\)/.exec(read('nginx.conf.example'))[1]);
    const routed = [...main.matchAll(/^ {4}\['\/([a-z]*)/gm)].map(([, name]) => name).filter(Boolean);
    assert.deepEqual(scope, served);
    assert.deepEqual([...new Set(routed)].sort(), served);
});

test('nginx gives the page for the addresses of pages, and for no others', async () => {
    for (const path of ['//', '//posts', '//posts/1', '//posts/1/edit', '//settings', '//login?next=/']) {
        const answer = await site.get(path);
        assert.deepEqual([answer.status, answer.raw], [200, index], path);
    }
    for (const path of ['//postsx', '//post', '//loginx', '//site', '//site/nothing.js', '//posts.js']) {
        assert.equal((await site.get(path)).status, 404, path);
    }
});

test('what is asked for at once is what the first page imports', () => {
    assert.deepEqual([...preloads].sort(), [...graph('/site/main.js')].filter((path) => path !== '/site/main.js').sort());
    assert.equal(new Set(preloads).size, preloads.length);
});

test('every module of a later page is there', () => {
    const seen = new Set();
    const walk = (path) => {
        if (!seen.has(path)) {
            assert.ok(existsSync(join(web, path)), `${path} is imported and not there`);
            seen.add(path);
            [...importsOf(path), ...laterOf(path)].forEach(walk);
        }
    };
    walk('/site/main.js');
    const unused = Object.values(imports).filter((path) => !seen.has(path));
    assert.deepEqual(unused, [], 'in the list of modules, and imported by none');
});

test('what is copied from packages is used, and what is used is copied', () => {
    const vendor = (path) => path.replace('/vendor/', '');
    const used = new Set(Object.values(imports).flatMap((path) => [...graph(path)]).map(vendor));
    [...index.matchAll(/rel="stylesheet" href="\/vendor\/([^"]+)"/g)].forEach(([, file]) => used.add(file));
    assert.deepEqual(copied.sort(), [...used].sort());
    for (const name of new Set(copied.map((file) => /^(@[^/]+\/)?[^/]+/.exec(file)[0]))) {
        assert.match(read('app/assets/files'), new RegExp(`^${name}/LICENSE`, 'm'), `the licence of ${name}`);
    }
});

test('the tests and the types know the packages that the pages run, in the same versions', () => {
    const [shown, tested] = ['app/assets', 'tests'].map((folder) => JSON.parse(read(`${folder}/package.json`)).dependencies);
    const ours = [...new Set(copied.map((file) => file.split('/')[0]))].filter((name) => !name.startsWith('@'));
    assert.ok(ours.length >= 7, ours.join());
    for (const name of ours) {
        assert.equal(tested[name], shown[name], name);
        const [there, locked] = ['app/assets', 'tests'].map((folder) =>
            JSON.parse(read(`${folder}/package-lock.json`)).packages[`node_modules/${name}`].integrity);
        assert.equal(locked, there, name);
    }
});
