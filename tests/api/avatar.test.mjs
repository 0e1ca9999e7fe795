// Avatars: a picture is stored under the hash of its bytes and served by nginx; whatever else is sent leaves nothing.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { assertError, assertInvalid, missing, valueError } from './lib/contract.mjs';
import { connect } from './lib/fastcgi.mjs';
import { chunk, file, form, jpeg, png, text, webp } from './lib/pictures.mjs';
import { poolOf } from './lib/pool.mjs';
import { run, until } from './lib/processes.mjs';
import { quireBin, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const MOST = 2 << 20;
const AVATAR = '/users/me/avatar';
const site = await startSite();
const media = site.settings.MEDIA_DIR;
const ada = await site.signUp();
const bob = await site.signUp();

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const upload = (person, parts, options = {}) =>
    site.request('PUT', AVATAR, { token: person?.token, ...form(parts), ...options });

/** Every file of the folder; what is no picture under its own hash fails. */
function stored() {
    const names = existsSync(media) ? readdirSync(media, { recursive: true }).map(String) : [];
    const files = names.filter((name) => statSync(join(media, name)).isFile());
    for (const name of files) {
        assert.match(name, /^([0-9a-f]{2})\/\1[0-9a-f]{62}\.(png|jpg|webp)$/, 'a leftover');
        assert.equal(name.slice(3, 67), sha256(readFileSync(join(media, name))));
    }
    return files.sort();
}

/** Whatever this does is refused so, changes no profile, and leaves no file behind. */
async function refused(act, status, code, detail) {
    const before = [stored(), await site.query('SELECT * FROM profiles ORDER BY user_id')];
    const answer = await act();
    assertError(answer, status, code, detail);
    assert.deepEqual([stored(), await site.query('SELECT * FROM profiles ORDER BY user_id')], before);
    return answer;
}

function assertServed(answer, bytes, type) {
    assert.equal(answer.status, 200, answer.raw);
    assert.equal(answer.headers['content-type'], type);
    assert.ok(answer.buffer.equals(bytes));
    assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.match(answer.headers['content-security-policy'], /default-src 'none'.*sandbox/);
}

test('a picture becomes the avatar: first with the profile, then in it', async () => {
    const person = await site.signUp();
    const first = png();
    const made = await upload(person, [file(first)]);
    assert.equal(made.status, 201, made.raw);
    assert.equal(made.headers.location, `/api/v1/users/${person.id}/profile`);
    const hash = sha256(first);
    assert.equal(made.json.avatar_url, `/media/${hash.slice(0, 2)}/${hash}.png`);
    assert.equal(made.json.user_id, person.id);
    assert.ok(made.headers.etag);

    await site.patch('/users/me/profile', { bio: 'as it was', website: 'https://ada.example' }, person);
    const second = await upload(person, [file(jpeg())]);
    assert.equal(second.status, 200, second.raw);
    const profile = await site.get(`/users/${person.id}/profile`);
    assert.deepEqual(profile.json, second.json);
    assert.equal(profile.headers.etag, second.headers.etag);
    assert.deepEqual([profile.json.bio, profile.json.website], ['as it was', 'https://ada.example']);
    assert.match(profile.json.avatar_url, /^\/media\/.*\.jpg$/);

    // What was read can be sent back.
    const put = await site.put('/users/me/profile', profile.json, person);
    assert.equal(put.status, 200, put.raw);
    assert.equal(put.json.avatar_url, profile.json.avatar_url);
    for (const bad of ['//evil.example/x.png', '/a/../b.png', '/a//b.png', '/a?b', 'x.png', 'javascript:alert(1)']) {
        assertError(await site.patch('/users/me/profile', { avatar_url: bad }, person), 422, 'validation_error');
    }
    assertError(await site.patch('/users/me/profile', { website: put.json.avatar_url }, person), 422);
});

test('PNG, JPEG and WebP by content, whatever they are called; served as they are', async () => {
    const kinds = [[png(), 'png', 'image/png'], [jpeg(), 'jpg', 'image/jpeg'], [webp(), 'webp', 'image/webp']];
    for (const [bytes, extension, type] of kinds) {
        const answer = await upload(ada, [file(bytes, { filename: 'x.html', type: 'text/html' })]);
        assert.ok([200, 201].includes(answer.status), answer.raw);
        assert.ok(answer.json.avatar_url.endsWith(`${sha256(bytes)}.${extension}`), answer.raw);
        assertServed(await site.get(`/${answer.json.avatar_url}`), bytes, type);
        assert.equal((await site.head(`/${answer.json.avatar_url}`)).headers['content-length'], String(bytes.length));
    }
});

test('the largest picture is taken, one byte more is not', async () => {
    const room = MOST - png().length;
    const most = png({ padding: randomBytes(room) });
    assert.equal(most.length, MOST);
    const answer = await upload(ada, [file(most)]);
    assert.equal(answer.status, 200, answer.raw);
    assertServed(await site.get(`/${answer.json.avatar_url}`), most, 'image/png');
    await refused(() => upload(ada, [file(png({ padding: randomBytes(room + 1) }))]), 413, 'body_too_large',
        `The file is larger than ${MOST} bytes`);
});

test('ten MiB are refused, by nginx and by the pool', async () => {
    const parts = [file(png({ padding: randomBytes(10 << 20) }))];
    await refused(() => upload(ada, parts), 413, 'body_too_large');
    const { body, type } = form(parts);
    await refused(() => direct(body, { CONTENT_TYPE: type, HTTP_AUTHORIZATION: `Bearer ${ada.token}` }), 413,
        'body_too_large');
    await refused(() => direct(body, { CONTENT_TYPE: type, HTTP_AUTHORIZATION: `Bearer ${ada.token}`,
        CONTENT_LENGTH: '' }), 413, 'body_too_large'); // not announced: noticed while reading
    const around = form([text('x', 'y'.repeat(3 << 20)), file(png())]); // what is not the picture counts as well
    await refused(() => direct(around.body, { CONTENT_TYPE: around.type, HTTP_AUTHORIZATION: `Bearer ${ada.token}`,
        CONTENT_LENGTH: '' }), 413, 'body_too_large');
});

/** Speaks to the pool without nginx; the answer as the client gives it. */
async function direct(body, params, cut = false) {
    const peer = await connect(site.socket);
    peer.begin({ REQUEST_METHOD: 'PUT', REQUEST_URI: `/api/v1${AVATAR}`, CONTENT_LENGTH: body.length, ...params });
    peer.stdin(body);
    if (cut) {
        peer.socket.end();
    } else {
        peer.end();
    }
    const answer = await peer.answer();
    return { ...answer, raw: answer.body, json: answer.body === '' ? undefined : JSON.parse(answer.body) };
}

test('what is no picture is refused, whatever it is called', async () => {
    const cut = (bytes, n) => bytes.subarray(0, bytes.length - n);
    const signature = png().subarray(0, 8);
    const damaged = Buffer.from(png());
    damaged[11] = 200; // the length of IHDR
    const longWebp = Buffer.from(webp());
    longWebp.writeUInt32LE(1000, 4);
    const bad = {
        'HTML': '<!DOCTYPE html><script>alert(1)</script>',
        'SVG': '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        'GIF': 'GIF89a\x01\0\x01\0\0\0\0;',
        'ELF': readFileSync(quireBin).subarray(0, 5000),
        'noise': randomBytes(5000),
        'a PNG that is only a signature': signature,
        'a PNG without pixels': Buffer.concat([png().subarray(0, 33), chunk('IEND', Buffer.alloc(0))]),
        'a PNG cut short': cut(png(), 12),
        'a PNG with a damaged head': damaged,
        'a PNG of no width': png({ width: 0 }),
        'a PNG of four milliards of pixels': png({ width: 65536, height: 65536 }),
        'HTML behind a signature': Buffer.concat([signature, Buffer.from('<script>alert(1)</script>')]),
        'a JPEG that is only its beginning': Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
        'a JPEG cut short': cut(jpeg(), 2),
        'a WebP cut short': cut(webp(), 4),
        'a WebP that promises more': longWebp,
    };
    for (const [what, bytes] of Object.entries(bad)) {
        const answer = await refused(() => upload(ada, [file(bytes, { filename: 'x.png' })]), 415,
            'unsupported_media_type', /^The file must be a PNG, JPEG or WebP picture/);
        assert.equal(answer.status, 415, what);
    }
});

test('the name of a file has no effect', async () => {
    const names = ['../../etc/passwd', '/etc/passwd', '..\\..\\x.php', 'a\0b.png', 'x.png;.php', '%2e%2e%2fx', 'ü'.repeat(2000),
        'quote\\"d.png', ''];
    const before = readdirSync(join(media, '..')).sort();
    for (const [i, filename] of names.entries()) {
        const bytes = png({ padding: Buffer.from(`name ${i}`) });
        const answer = await upload(ada, [file(bytes, { filename })]);
        assert.equal(answer.status, 200, `${filename}: ${answer.raw}`);
        assert.ok(answer.json.avatar_url.endsWith(`/${sha256(bytes)}.png`));
    }
    stored();
    assert.deepEqual(readdirSync(join(media, '..')).sort(), before);
});

test('the form: what must be there, and what may', async () => {
    const entry = missing(['body', 'file'], null);
    assertInvalid(await refused(() => upload(ada, []), 422), [entry]);
    assertInvalid(await refused(() => upload(ada, [text('other', 'x')]), 422), [entry]);
    assertInvalid(await refused(() => upload(ada, [file(png(), { name: 'File' })]), 422), [entry]);
    assertInvalid(await refused(() => site.request('PUT', AVATAR, { token: ada.token }), 422), [entry]);
    assertInvalid(await refused(() => upload(ada, [text('file', 'a text')]), 422),
        [valueError(['body', 'file'], 'a text', 'Expected a file, received a text')]);
    assertInvalid(await refused(() => upload(ada, [text('file', 'é'.repeat(2000))]), 422),
        [valueError(['body', 'file'], 'é'.repeat(500), 'Expected a file, received a text')]);
    assertInvalid(await refused(() => upload(ada, [file('')]), 422),
        [valueError(['body', 'file'], null, 'The file is empty')]);

    const [one, two] = ['one', 'two'].map((s) => png({ padding: Buffer.from(s) }));
    const answer = await upload(ada, [text('a', 'b'), file(one, { name: 'else' }), file(jpeg()), file(two), text('z', '')]);
    assert.equal(answer.status, 200, answer.raw);
    assert.ok(answer.json.avatar_url.endsWith(`/${sha256(two)}.png`), 'of several the last counts');
    assert.ok(!stored().some((name) => name.includes(sha256(one))));
});

test('the bounds of a form', async () => {
    const parts = (n) => [...Array(n - 1).fill(text('x', 'y')), file(png())];
    assert.equal((await upload(ada, parts(16))).status, 200);
    await refused(() => upload(ada, parts(17)), 400, 'body_unreadable');
    const head = (n) => [Buffer.concat([Buffer.from(`X-Long: ${'x'.repeat(n)}\r\n`), file(png())])];
    assert.equal((await upload(ada, head(8000))).status, 200);
    await refused(() => upload(ada, head(8200)), 400, 'body_unreadable');
    // Everything around the picture: 64 KiB.
    const padded = [text('x', 'y'.repeat(60000)), file(png({ padding: randomBytes(MOST - png().length) }))];
    assert.equal((await upload(ada, padded)).status, 200);
    await refused(() => upload(ada, [text('x', 'y'.repeat(66000)), padded[1]]), 413, 'body_too_large');
});

test('bodies that are no form', async () => {
    const { body, type } = form([file(png())]);
    const send = (options) => () => site.request('PUT', AVATAR, { token: ada.token, body, type, ...options });
    await refused(send({ type: 'image/png', body: png() }), 415, 'unsupported_media_type');
    await refused(send({ type: 'application/json', body: '{}' }), 415, 'unsupported_media_type');
    await refused(send({ type: 'application/x-www-form-urlencoded', body: 'file=x' }), 415, 'unsupported_media_type');
    await refused(send({ type: null }), 415, 'unsupported_media_type');
    for (const broken of ['multipart/form-data', 'multipart/form-data; boundary=',
        `multipart/form-data; boundary=${'b'.repeat(71)}`, 'multipart/form-data; boundary=another']) {
        await refused(send({ type: broken }), 400, 'body_unreadable', 'There was an error parsing the body');
    }
    for (const end of [1, 20, 60, body.length - 100, body.length - 10]) { // the closing boundary is not whole
        await refused(send({ body: body.subarray(0, end) }), 400, 'body_unreadable');
    }
    const noClosing = body.subarray(0, body.length - 4);
    await refused(send({ body: noClosing }), 400, 'body_unreadable');
});

test('cut off in the middle', async () => {
    const { body, type } = form([file(png({ padding: randomBytes(1 << 20) }))]);
    const params = { CONTENT_TYPE: type, HTTP_AUTHORIZATION: `Bearer ${ada.token}` };
    const before = stored();
    // nginx waits for the whole body: the pool never hears of this one.
    const socket = net.connect(site.front.port, '127.0.0.1');
    socket.write(`PUT /api/v1${AVATAR} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ada.token}\r\n` +
        `Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`);
    await new Promise((resolve) => socket.write(body.subarray(0, 300000), resolve));
    socket.destroy();
    // A web server that breaks off reaches it.
    await direct(body.subarray(0, 300000), { ...params, CONTENT_LENGTH: body.length }, true);
    await until('nothing is left', () => JSON.stringify(readdirSync(media, { recursive: true }).map(String)
        .filter((name) => !/^..$/.test(name)).sort()) === JSON.stringify(before));
    for (const length of [body.length - 1, body.length + 1]) {
        await refused(() => direct(body, { ...params, CONTENT_LENGTH: length }), 400, 'bad_request');
    }
    assert.equal((await direct(body, params)).status, 200);
    await site.get('/posts');
});

test('the same picture again and by others is the same file, also at once', async () => {
    const bytes = png({ padding: randomBytes(100000) });
    const hash = sha256(bytes);
    const path = join(media, hash.slice(0, 2), `${hash}.png`);
    await Promise.all(Array.from({ length: 12 }, (_, i) => upload(i % 2 ? ada : bob, [file(bytes)]))
        .map(async (sent) => assert.ok([200, 201].includes((await sent).status))));
    assert.ok(readFileSync(path).equals(bytes));
    const { ino, mtimeMs } = statSync(path);
    assert.equal((await upload(bob, [file(bytes)])).status, 200);
    assert.deepEqual([statSync(path).ino, statSync(path).mtimeMs], [ino, mtimeMs]);
    // One that has been damaged since is made whole.
    writeFileSync(path, bytes.subarray(0, 100));
    assert.equal((await upload(bob, [file(bytes)])).status, 200);
    assert.ok(readFileSync(path).equals(bytes));
    stored();
});

test('different pictures at once, all for one person who has no profile yet', async () => {
    const person = await site.signUp();
    const all = Array.from({ length: 8 }, (_, i) => png({ padding: Buffer.from(`race ${i}`) }));
    const answers = await Promise.all(all.map((bytes) => upload(person, [file(bytes)])));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 200, 200, 200, 200, 200, 201]);
    const profile = await site.get('/users/me/profile', person);
    assert.ok(all.some((bytes) => profile.json.avatar_url.includes(sha256(bytes))));
    stored();
});

test('nobody without a token, and nobody for another', async () => {
    const bytes = png({ padding: randomBytes(500000) });
    await refused(() => upload(null, [file(bytes)]), 401, 'unauthenticated');
    await refused(() => upload({ token: 'x.y.z' }, [file(bytes)]), 401, 'invalid_token');
    for (let i = 0; i < 20; i++) { // the answer arrives although the body was not read
        await refused(() => upload(null, [file(bytes)]), 401, 'unauthenticated');
    }
    await refused(() => site.request('PUT', `/users/${bob.id}/avatar`, { token: ada.token, ...form([file(bytes)]) }), 404,
        'no_route');
    assertError(await site.get(AVATAR, ada), 405, 'method_not_allowed');
    assertError(await site.delete(AVATAR, ada), 405, 'method_not_allowed');
});

test('If-Match', async () => {
    const person = await site.signUp();
    const send = (tag, s) => upload(person, [file(png({ padding: Buffer.from(s) }))], { headers: { 'If-Match': tag } });
    assertError(await send('*', 'none yet'), 412, 'stale');
    await site.put('/users/me/profile', { bio: 'x' }, person);
    const { headers: { etag } } = await site.get('/users/me/profile', person);
    assert.equal((await send(etag, 'first')).status, 200);
    assertError(await send(etag, 'second'), 412, 'stale');
});

test('the media folder shows pictures and nothing else', async () => {
    mkdirSync(join(media, 'ab'), { recursive: true });
    const hash = 'ab'.repeat(32);
    writeFileSync(join(media, 'ab', `${hash}.html`), '<script>');
    writeFileSync(join(media, 'secret.part'), 'x');
    writeFileSync(join(media, 'ab', 'short.png'), 'x');
    for (const path of ['//media', '//media/', '//media/ab/', `//media/ab/${hash}.html`, '//media/secret.part',
        '//media/ab/short.png', `//media/ab/${hash}.png`, '//media/../env', '//media/ab/../../app.sock']) {
        const answer = await site.get(path);
        assertError(answer, 404, 'no_route');
    }
    rmSync(join(media, 'ab', `${hash}.html`));
    rmSync(join(media, 'secret.part'));
    rmSync(join(media, 'ab', 'short.png'));
    const known = stored()[0];
    assertError(await site.post(`//media/${known}`, {}), 405, 'method_not_allowed');
    assertError(await site.delete(`//media/${known}`), 405, 'method_not_allowed');
});

/** Starts the pool by a command of its own, uploads what does not fit and then what does. */
async function fillsUp(command, args) {
    const pool = poolOf(site);
    await pool.stopPool();
    pool.startAs(command, args, { settings: { WORKERS: 1 } });
    await site.ready();
    const [worker] = site.workers();
    const folderNow = () => readdirSync(`/proc/${worker}/root${media}`, { recursive: true }).map(String).sort();
    const before = folderNow();
    const large = await refused(() => upload(ada, [file(png({ padding: randomBytes(1500000) }))]), 503,
        'storage_unavailable', 'Files cannot be stored at the moment, try again later');
    assert.equal(large.headers['retry-after'], '60');
    assert.deepEqual(folderNow(), before);
    const [line] = await site.log.ofRequest(large.headers['x-request-id']).then((found) => [found].flat());
    assert.match(line.cause, /\.part: (File too large|No space left on device)$/);
    assert.equal((await upload(ada, [file(png({ padding: randomBytes(1000) }))])).status, 200);
    await pool.restart();
}

test('a file that grows over the limit of the process is 503, and nothing is half-written', async () => {
    await fillsUp('prlimit', ['--fsize=1000000', quireBin, 'serve']);
});

test('a full disk is 503, and nothing is half-written', async (t) => {
    // A file system of one MiB that only the pool sees, and that goes with it.
    const alone = ['--mount', 'sh', '-c', `mount -t tmpfs -o size=1m none '${media}' && exec "$@"`, 'sh'];
    const can = await run('unshare', [...alone, 'true']);
    if (can.code !== 0) {
        t.skip('this machine lets nobody mount');
        return;
    }
    await fillsUp('unshare', [...alone, quireBin, 'serve']);
});

test('a folder that cannot be made is 503', async () => {
    const pool = poolOf(site);
    writeFileSync(join(site.dir, 'in-the-way'), '');
    await pool.restart({ MEDIA_DIR: join(site.dir, 'in-the-way/media') });
    await refused(() => upload(ada, [file(png())]), 503, 'storage_unavailable');
    assert.equal((await site.get('/posts')).status, 200);
    await pool.restart();
});

test('a whole address before the name, and a folder that is made with those above it', async () => {
    const pool = poolOf(site);
    const deep = join(site.dir, 'a/b/c');
    await pool.restart({ MEDIA_DIR: deep, MEDIA_URL: 'https://cdn.example/pictures' });
    const bytes = png();
    const answer = await upload(bob, [file(bytes)]);
    assert.equal(answer.json.avatar_url, `https://cdn.example/pictures/${sha256(bytes).slice(0, 2)}/${sha256(bytes)}.png`);
    assert.ok(readFileSync(join(deep, answer.json.avatar_url.slice(28))).equals(bytes));
    await pool.restart();
});

test('a worker that is killed leaves a part, which is removed when it is old', async () => {
    const { body, type } = form([file(png({ padding: randomBytes(1 << 20) }))]);
    const parts = () => readdirSync(media).filter((name) => name.endsWith('.part'));
    const pool = poolOf(site);
    await pool.restart({ WORKERS: 1 });
    const [worker] = site.workers();
    const peer = await connect(site.socket);
    peer.begin({ REQUEST_METHOD: 'PUT', REQUEST_URI: `/api/v1${AVATAR}`, CONTENT_LENGTH: body.length, CONTENT_TYPE: type,
        HTTP_AUTHORIZATION: `Bearer ${ada.token}` }).stdin(body.subarray(0, 500000));
    await until('it is being received', () => parts().length === 1);
    process.kill(worker, 'SIGKILL');
    await until('another has come', () => site.workers().length === 1 && site.workers()[0] !== worker);
    await site.ready();
    assert.equal((await upload(ada, [file(png())])).status, 200);
    assert.equal(parts().length, 1, 'it may be another worker’s that still receives it');
    const old = Date.now() / 1000 - 3700;
    utimesSync(join(media, parts()[0]), old, old);
    writeFileSync(join(media, 'keep.part.txt'), 'not ours');
    utimesSync(join(media, 'keep.part.txt'), old, old);
    await pool.reload();
    assert.deepEqual(parts(), []);
    assert.ok(existsSync(join(media, 'keep.part.txt')));
    rmSync(join(media, 'keep.part.txt'));
    stored();
});
