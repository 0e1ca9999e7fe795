// Prism between the tests of the resources and the server: it finds nothing that is not as the document says.
//
// Left out are the tests that do not ask a site by its client, or not a site of the usual settings: of the pool, faults,
// sockets, logs, reloads, races, torture, migrations and commands, and in the files that are here those that say `apart`
// (lib/test.mjs); avatar (multipart), validation and text (JSON that is none, or is spelt unusually), whose requests Prism
// would not hand on as they are; cursors, ownership, etags, idempotency and statuses, whose eighteen thousand exchanges are
// of a few kinds each, and would take three times as long.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Client } from './lib/client.mjs';
import { sharedServer } from './lib/mariadb.mjs';
import { freePort } from './lib/nginx.mjs';
import { carries, NO_VIOLATION, readTally, startPrism, Through, violations } from './lib/prism.mjs';
import { environment, folder, root, run } from './lib/processes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const FILES = ['posts', 'votes', 'comments', 'microposts', 'tags', 'books', 'reviews', 'users', 'profiles', 'roles', 'login',
    'registration', 'lists', 'includes'];

const site = await startSite();
const text = await site.document();

test('the tests of the resources through Prism: 0 violations', { timeout: 900000 }, async () => {
    const tally = join(folder(), 'tally');
    const prism = await startPrism({ text, upstream: await freePort(), tally });
    const server = await sharedServer();
    const done = await run(process.execPath, ['--test', '--test-concurrency=1',
        `--test-reporter=${join(root, 'tests/api/lib/reporter.mjs')}`, '--test-reporter-destination=stdout',
        ...FILES.map((name) => `tests/api/${name}.test.mjs`)], { cwd: root, timeout: 890000, env: environment({
        QUIRE_BIN: process.env.QUIRE_BIN, QUIRE_TEST_DB_SOCKET: server.socket, QUIRE_TEST_PRISM: prism.handle }) });
    await prism.stop();
    const { through, past, violations: found } = readTally(tally);
    process.stderr.write(`# prism: ${through.toLocaleString('en')} exchanges, ${found.length} violations `
        + `(${past.toLocaleString('en')} requests that it cannot carry went past it)\n`);
    assert.deepEqual(found, []);
    assert.equal(done.code, 0, done.stdout.slice(done.stdout.indexOf('FAILED')).slice(0, 5000));
    assert.ok(through > 3000 && through > 8 * past, `${through} exchanges through Prism, ${past} past it`);
});

test('an answer that is not as the document says, and a request that only the program takes, are violations', async () => {
    const document = JSON.parse(text);
    const { Post, PostCreate } = document.components.schemas;
    Post.properties.votes = { type: 'string' };
    PostCreate.properties.title.maxLength = 3;
    delete document.paths['/posts/{id}'].get.responses[404];
    const prism = await startPrism({ text: JSON.stringify(document), upstream: site.front.port, tally: join(folder(), 'wrong') });
    const client = new Client(site.front.port);
    client.through = new Through({ ...JSON.parse(prism.handle), tally: undefined });
    const { token } = await site.signUp();
    const write = (title) => client.post('/posts', { title, content: 'c' }, { token });
    await assert.rejects(write('long'), /request\.body\.title: .* 3 characters/);
    await assert.rejects(write('abc'), /response\.body\.votes: .*must be string/);
    await assert.rejects(client.get('/posts/4611686018427387904'), /Unable to match the returned status code/);
    assert.equal((await write('')).status, 422); // refused by both
    assert.equal((await client.get('/tags')).status, 200);
    assert.equal(client.through.seen.violations.length, 4);
    client.close();
    await prism.stop();
});

test('what counts: all of an answer, of a request what was done, and nothing that is listed', () => {
    const said = (status, location, message) => violations({ status, headers: {
        'sl-violations': JSON.stringify([{ location, severity: 'Error', message }]) } });
    assert.deepEqual(violations({ status: 200, headers: {} }), []);
    assert.equal(said(422, ['response', 'body'], 'x').length, 1);
    assert.equal(said(422, ['request', 'body', 'title'], 'must be string').length, 0);
    assert.equal(said(201, ['request', 'body', 'title'], 'Request body property title must be string').length, 1);
    assert.equal(said(304, ['request'], 'Selected route not found').length, 1);
    assert.equal(said(201, ['request', 'body', 'published'], 'Request body property published must be boolean').length, 0);
    assert.equal(said(201, ['response', 'body', 'published'], 'Response body property published must be boolean').length, 1);
    assert.ok(NO_VIOLATION.every(({ place, why }) => place.source.startsWith('^request') && why.length > 20));
});

test('what goes past it: requests that it would change', () => {
    const json = { 'Content-Type': 'application/json' };
    const through = (method, target, headers, body) => carries(method, target, headers, body && Buffer.from(body));
    assert.ok(through('GET', '/api/v1/posts?limit=1', {}));
    assert.ok(through('POST', '/api/v1/posts', json, '{"title":"é"}'));
    assert.ok(through('POST', '/api/v1/login', { 'Content-Type': 'application/x-www-form-urlencoded' }, 'username=a&password=b+c'));
    for (const body of ['{', '{"a": 1}', '{"a":1.0}', '{"a":1,"a":2}', '{"a":1e400}', '[12345678901234567890]', '"x"', 'null', '\ufeff{}']) {
        assert.ok(!through('POST', '/api/v1/posts', json, body), body);
    }
    assert.ok(!through('HEAD', '/api/v1/posts', {}));
    assert.ok(!through('GET', '/api/v1/posts/', {}));
    assert.ok(!through('PUT', '/api/v1/users/me/avatar', { 'Content-Type': 'multipart/form-data; boundary=x' }, '--x--'));
});
