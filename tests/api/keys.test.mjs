// Keys: several at once, key files, and changing them under a running pool without logging anybody out.
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalJWKSet, createRemoteJWKSet, calculateJwkThumbprint, decodeProtectedHeader, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';
import { decode, sign } from './lib/jwt.mjs';
import { keyPair, signBy, writeKey } from './lib/keyfiles.mjs';
import { linksOf } from './lib/link.mjs';
import { poolOf } from './lib/pool.mjs';
import { folder } from './lib/processes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const WORKERS = 3;
const secret = () => randomBytes(33).toString('base64');
const [first, second, third] = [secret(), secret(), secret()];
const dir = folder();

const site = await startSite({ settings: { WORKERS, SECRET_KEY: first } });
const pool = poolOf(site);
[first, second, third].forEach((each) => site.keep(each)); // in no log
const ada = await site.signUp();

/** What many requests at once are answered, so that every worker is asked. */
async function statuses(person, times = 24) {
    const answers = await Promise.all(Array.from({ length: times }, () => site.get('/users/me', { token: person.token })));
    return [...new Set(answers.map((answer) => answer.status))];
}

const dotenv = (settings) => pool.writeDotenv(Object.entries(settings).map(([name, value]) => `${name}=${value}\n`).join(''));

/** Has a pool run whose keys stand in a file, where they can change; the site's own SECRET_KEY is left out. */
async function serveBy(settings) {
    await pool.stopPool();
    site.settings.SECRET_KEY = null;
    dotenv(settings);
    site.startPool();
    await site.ready();
}

/** Changes that file and reloads. */
async function change(settings) {
    const before = site.workers();
    dotenv(settings);
    await pool.reload();
    await pool.replaced(before, WORKERS);
}

/** Until stop(): people who log in and use what they have got, on whatever worker; every refusal is kept. */
function crowd(people) {
    let going = true;
    const refused = [];
    let done = 0;
    const runs = people.map(async (person) => {
        while (going) {
            const again = await site.login(person);
            for (const token of [again.token, person.token]) {
                const answer = await site.get('/users/me', { token });
                done += 1;
                if (answer.status !== 200) {
                    refused.push(answer.raw);
                }
            }
        }
    });
    return { async stop() {
        going = false;
        await Promise.all(runs);
        assert.ok(done > 0);
        return refused;
    } };
}

test('a secret is changed step by step, a reload each, while people work: nobody is logged out', { timeout: 120000 }, async () => {
    await serveBy({ SECRET_KEYS: first });
    const person = await site.login(ada);
    assert.deepEqual(await statuses(ada), [200]); // SECRET_KEY and SECRET_KEYS name the same key
    const people = crowd([person, await site.login(ada)]);
    await change({ SECRET_KEYS: `${first},${second}` });
    await change({ SECRET_KEYS: `${second} , ${first}` });
    const newer = await site.login(ada);
    assert.deepEqual(await people.stop(), []);
    assert.notEqual(decode(newer.token).head.kid, decode(person.token).head.kid);
    for (const each of [ada, person, newer]) {
        assert.deepEqual(await statuses(each), [200]);
    }
    await change({ SECRET_KEYS: second });
    assert.deepEqual(await statuses(newer), [200]);
    for (const each of [ada, person]) {
        assert.deepEqual(await statuses(each), [401]); // the old key is gone
    }
});

test('a kid decides the key: no other one of the ring will do', async () => {
    await serveBy({ SECRET_KEYS: `${first},${second}` });
    const { head, claims } = decode((await site.login(ada)).token);
    await change({ SECRET_KEYS: `${second},${first}` });
    const other = decode((await site.login(ada)).token).head;
    assert.notEqual(other.kid, head.kid);
    const status = async (...token) => (await site.get('/users/me', { token: site.keep(sign(...token)) })).status;
    assert.equal(await status(head, claims, first), 200);
    assert.equal(await status(other, claims, second), 200);
    assert.equal(await status(head, claims, second), 401);
    assert.equal(await status(other, claims, first), 401);
    assert.equal(await status(head, claims, third), 401);
    const { kid, ...nameless } = head;
    assert.equal(await status(nameless, claims, second), 200); // without a kid: the first
    assert.equal(await status(nameless, claims, first), 401);
    assert.ok(kid.length > 0);
});

test('cursors and idempotency keys of the old secret are good as long as it is believed', async () => {
    await serveBy({ SECRET_KEYS: first });
    const person = await site.login(ada);
    for (let i = 0; i < 4; i++) {
        await site.createPost(person);
    }
    const { next } = linksOf(await site.get('/posts?limit=2'));
    const post = (key, json) => site.post('/posts', json, { token: person.token, headers: { 'Idempotency-Key': key } });
    const article = { title: 'once', content: 'and only once' };
    const made = await post('rotated', article);
    assert.equal(made.status, 201, made.raw);
    await change({ SECRET_KEYS: `${second},${first}` });
    const page = await site.get(next);
    assert.equal(page.status, 200, page.raw);
    assert.equal(page.json.length, 2);
    const newer = linksOf(page).next;
    assert.equal((await site.get(newer)).status, 200);
    const count = await site.count('posts');
    const again = await post('rotated', article);
    assert.deepEqual([again.status, again.raw, again.headers['idempotent-replayed']], [201, made.raw, 'true']);
    assert.equal((await post('rotated', { ...article, title: 'twice' })).headers['x-error-code'], 'idempotency_key_reused');
    assert.equal(await site.count('posts'), count);
    // A key that is first used now is found again under the new secret.
    const later = await post('later', article);
    assert.equal((await post('later', article)).raw, later.raw);
    await change({ SECRET_KEYS: second });
    assert.equal((await site.get(next)).headers['x-error-code'], 'bad_cursor');
    assert.equal((await site.get(newer)).status, 200);
});

test('secrets have no public keys: the set is empty, and may be kept for a while', async () => {
    const answer = await site.get('//.well-known/jwks.json');
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json, { keys: [] });
    assert.equal(answer.headers['cache-control'], 'public, max-age=300');
    const same = await site.get('//.well-known/jwks.json/', { headers: { 'If-None-Match': answer.headers.etag } });
    assert.equal(same.status, 304);
});

for (const algorithm of ['RS256', 'ES256']) {
    const [older, newer] = ['old', 'new'].map((name) => keyPair(dir, `${algorithm}-${name}`, algorithm));
    const issued = { issuer: 'quire', audience: 'quire', algorithms: [algorithm] };
    const keySet = () => createRemoteJWKSet(new URL(`http://127.0.0.1:${site.front.port}/.well-known/jwks.json`));
    const base = { SECRET_KEYS: second, ALGORITHM: algorithm };

    test(`${algorithm}: a stranger checks a token by the published keys`, { timeout: 60000 }, async () => {
        await serveBy({ ...base, JWT_PRIVATE_KEY_FILE: older.privateFile });
        const person = await site.login(ada);
        const { payload, protectedHeader } = await jwtVerify(person.token, keySet(), issued);
        assert.deepEqual([payload.id, protectedHeader.alg], [ada.id, algorithm]);
        const { json } = await site.get('//.well-known/jwks.json');
        assert.equal(json.keys.length, 1);
        assert.equal(json.keys[0].kid, await calculateJwkThumbprint(json.keys[0]));
        assert.equal(json.keys[0].kid, protectedHeader.kid);
        const { kty, crv, x, y, n, e } = older.publicKey.export({ format: 'jwk' });
        const expected = algorithm === 'RS256' ? { kty, n, e } : { kty, crv, x, y };
        assert.deepEqual(json.keys[0], { ...expected, alg: algorithm, use: 'sig', kid: json.keys[0].kid });
        assert.deepEqual(await statuses(person), [200]);
    });

    test(`${algorithm}: no token is believed that was not signed by the pair in just that way`, { timeout: 60000 }, async () => {
        const { token } = await site.login(ada);
        const { head, claims } = decode(token);
        const stranger = keyPair(dir, `${algorithm}-stranger`, algorithm);
        const refused = async (forged, what) => {
            const answer = await site.get('/users/me', { token: forged });
            assert.deepEqual([answer.status, answer.headers['x-error-code']], [401, 'invalid_token'], what);
        };
        assert.equal((await site.get('/users/me', { token: site.keep(signBy(head, claims, older)) })).status, 200);
        await refused(signBy(head, claims, stranger), 'the pair of another');
        const jwk = stranger.publicKey.export({ format: 'jwk' });
        await refused(signBy({ ...head, jwk }, claims, stranger), 'a key in the head');
        await refused(signBy({ ...head, kid: undefined, jwk }, claims, stranger), 'a key in the head alone');
        // The public key, in every form in which somebody could have it, as the secret of an HMAC.
        const der = older.publicKey.export({ type: 'spki', format: 'der' });
        const ours = JSON.stringify(older.publicKey.export({ format: 'jwk' }));
        for (const alg of ['HS256', 'HS384', 'HS512']) {
            for (const key of [older.publicPem, older.publicPem.trim(), der, ours, second, ' ']) {
                await refused(sign({ ...head, alg }, claims, key), `${alg} with ${String(key).slice(0, 30)}`);
            }
        }
        for (const alg of ['none', 'RS384', 'RS512', 'PS256', 'ES384', 'ES256K', 'EdDSA', algorithm.toLowerCase(),
            algorithm === 'RS256' ? 'ES256' : 'RS256']) {
            await refused(signBy({ ...head, alg }, claims, older), alg);
        }
        await refused(sign(head, claims, second), 'no signature at all');
        await refused(token.replace(/\.[^.]+$/, '.AAAA'), 'a short signature');
    });

    test(`${algorithm}: a token altered in any one character of head, claims or signature is refused`, { timeout: 120000 }, async () => {
        const { token } = await site.login(ada);
        const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
        const altered = [...token].map((old, i) => token.slice(0, i) +
            (old === '.' ? 'a' : alphabet[alphabet.indexOf(old) ^ 1]) + token.slice(i + 1));
        for (let i = 0; i < altered.length; i += 50) {
            const answers = await Promise.all(altered.slice(i, i + 50).map((each) => site.get('/users/me', { token: each })));
            answers.forEach((answer, j) => assert.equal(answer.status, 401, `character ${i + j}`));
        }
    });

    test(`${algorithm}: the pair is changed step by step under a running pool`, { timeout: 120000 }, async () => {
        const person = await site.login(ada);
        const people = crowd([person]);
        await change({ ...base, JWT_PRIVATE_KEY_FILE: older.privateFile, JWT_PUBLIC_KEY_FILES: newer.publicFile });
        const known = createLocalJWKSet((await site.get('//.well-known/jwks.json')).json); // what a stranger keeps
        await change({ ...base, JWT_PRIVATE_KEY_FILE: newer.privateFile,
            JWT_PUBLIC_KEY_FILES: `${newer.publicFile},${older.publicFile}` });
        const later = await site.login(ada);
        assert.deepEqual(await people.stop(), []);
        assert.notEqual(decode(later.token).head.kid, decode(person.token).head.kid);
        for (const { token } of [person, later]) {
            assert.equal((await jwtVerify(token, known, issued)).payload.id, ada.id);
            assert.equal((await jwtVerify(token, keySet(), issued)).payload.id, ada.id);
        }
        const { keys } = (await site.get('//.well-known/jwks.json')).json;
        assert.deepEqual(keys.map(({ kid }) => kid), [later, person].map(({ token }) => decode(token).head.kid));
        await change({ ...base, JWT_PRIVATE_KEY_FILE: newer.privateFile });
        assert.deepEqual(await statuses(later), [200]);
        assert.deepEqual(await statuses(person), [401]);
    });
}

test('an OAuth2 client library logs in by the password grant, and understands the refusals', async () => {
    const issuer = `http://127.0.0.1:${site.front.port}`;
    const server = { issuer, token_endpoint: `${issuer}/api/v1/login`, jwks_uri: `${issuer}/.well-known/jwks.json` };
    const client = { client_id: 'a-client' };
    const ask = async (form, grant = 'password') => {
        const response = await oauth.genericTokenEndpointRequest(server, client, oauth.None(), grant,
            new URLSearchParams(form), { [oauth.allowInsecureRequests]: true });
        return oauth.processGenericTokenEndpointResponse(server, client, response);
    };
    const token = await ask({ username: ada.username, password: ada.password, scope: 'everything' });
    site.keep(token.access_token);
    assert.deepEqual([token.token_type, token.expires_in], ['bearer', 1800]);
    const { payload } = await jwtVerify(token.access_token, createRemoteJWKSet(new URL(server.jwks_uri)),
        { issuer: 'quire', audience: 'quire' });
    assert.equal(payload.sub, String(ada.id));
    const me = await oauth.protectedResourceRequest(token.access_token, 'GET', new URL(`${issuer}/api/v1/users/me`),
        new Headers(), null, { [oauth.allowInsecureRequests]: true });
    assert.equal((await me.json()).username, ada.username);
    await assert.rejects(ask({ username: ada.username, password: site.password() }),
        (error) => error instanceof oauth.WWWAuthenticateChallengeError || error.error === 'invalid_grant');
    await assert.rejects(oauth.protectedResourceRequest(`${token.access_token}x`, 'GET', new URL(`${issuer}/api/v1/users/me`),
        new Headers(), null, { [oauth.allowInsecureRequests]: true }),
    (error) => error.cause[0].scheme === 'bearer' && error.cause[0].parameters.error === 'invalid_token');
});

test('keys that are unfit are named when the program starts, all together, and never shown', async () => {
    const pem = (name, key, options) => writeKey(join(dir, name), key, options);
    const rsa = (bits) => generateKeyPairSync('rsa', { modulusLength: bits });
    const p256 = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const garbage = join(dir, 'garbage.pem');
    writeFileSync(garbage, '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n');
    const good = pem('good.pem', p256.privateKey);
    const none = { SECRET_KEY: null };
    pool.writeDotenv('');
    const byFile = (algorithm, file, others = '') => ({ SECRET_KEY: first, ALGORITHM: algorithm, JWT_PRIVATE_KEY_FILE: file,
        JWT_PUBLIC_KEY_FILES: others });
    for (const [env, ...complaints] of [
        [none, /SECRET_KEY \(not given\): must be set/m],
        [{ SECRET_KEY: first, SECRET_KEYS: second }, /SECRET_KEYS \(environment\): cannot go together with SECRET_KEY/m],
        [{ ...none, SECRET_KEYS: `${first},geheim` }, /SECRET_KEYS .*: key 2 of 2 must have 32 to 1024 bytes, not 6$/m],
        [{ ...none, SECRET_KEYS: `${first},` }, /SECRET_KEYS .*: key 2 of 2 must have .* not 0$/m],
        [{ ...none, SECRET_KEYS: `${first},${second},${first}` }, /SECRET_KEYS .*: key 3 of 3 is the same as key 1$/m],
        [{ ...none, SECRET_KEYS: Array.from({ length: 9 }, secret).join(',') }, /SECRET_KEYS .*: must be at most 8 keys$/m],
        [{ ...none, SECRET_KEYS: `${first},${'xy'.repeat(20)}`, APP_ENV: 'production' }, /SECRET_KEYS .*: key 2 of 2 repeats itself/m],
        [byFile('HS256', good, good), /JWT_PRIVATE_KEY_FILE .*: means nothing unless/m, /JWT_PUBLIC_KEY_FILES .*: means nothing unless/m],
        [byFile('ES256', ''), /JWT_PRIVATE_KEY_FILE .*: must be set when ALGORITHM is ES256$/m],
        [byFile('ES256', join(dir, 'nowhere.pem')), /JWT_PRIVATE_KEY_FILE .*nowhere\.pem/m],
        [byFile('ES256', garbage), /garbage\.pem: holds no private key in PEM$/m],
        [byFile('ES256', pem('locked.pem', p256.privateKey, { cipher: 'aes-128-cbc', passphrase: 'geheim' })),
            /locked\.pem: has a pass phrase, and nobody is there to give it$/m],
        [byFile('RS256', good), /good\.pem: is no RSA key, which RS256 needs$/m],
        [byFile('RS256', pem('short.pem', rsa(1024).privateKey)), /short\.pem: has 1024 bits, not at least 2048$/m],
        [byFile('ES256', pem('rsa.pem', rsa(2048).privateKey)), /rsa\.pem: is no key on the curve P-256, which ES256 needs$/m],
        [byFile('ES256', pem('p384.pem', generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey)), /p384\.pem: is no key on the curve/m],
        [byFile('ES256', pem('k1.pem', generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey)), /k1\.pem: is no key on the curve/m],
        [byFile('ES256', good, good), /JWT_PUBLIC_KEY_FILES .*good\.pem: holds no public key in PEM$/m],
        [byFile('ES256', good, `${pem('p.pub.pem', p256.publicKey)},`), /JWT_PUBLIC_KEY_FILES .*: an empty path is no file$/m],
    ]) {
        const done = await site.quire(['config'], { env: { ...none, ...env } });
        assert.equal(done.code, 1, done.stdout);
        complaints.forEach((pattern) => assert.match(done.stderr, pattern));
        assert.ok(![first, second, 'geheim'].some((each) => (done.stdout + done.stderr).includes(each)), done.stderr);
    }
    const shown = await site.quire(['config'], { env: { ...none, SECRET_KEYS: `${first},${second}` } });
    assert.equal(shown.code, 0, shown.stderr);
    assert.match(shown.stdout, /SECRET_KEYS=\*{10} {2}# environment$/m);
});

test('a secret key that can be guessed is complained of, without being shown', async () => {
    const known = 'change-me-to-32-or-more-random-bytes';
    pool.mark();
    await serveBy({ SECRET_KEYS: `${second},${known}` });
    const lines = pool.linesSinceMark().filter(({ level, message }) => level === 'warn' && message !== 'slow request');
    assert.deepEqual(lines.map(({ message, cause }) => [message.split(':')[0], cause.split(';')[0]]),
        [['the secret key is no secret', 'is a placeholder or a published example']]);
    assert.equal(JSON.stringify(pool.linesSinceMark()).includes(known), false);
    assert.deepEqual(await statuses(await site.login(ada)), [200]);
});

test('a private key that others can read is complained of, once, and used', async () => {
    const { privateFile } = keyPair(dir, 'open', 'ES256');
    chmodSync(privateFile, 0o644);
    pool.mark();
    await serveBy({ SECRET_KEYS: second, ALGORITHM: 'ES256', JWT_PRIVATE_KEY_FILE: privateFile });
    const lines = pool.linesSinceMark().filter((line) => line.file === privateFile);
    assert.deepEqual(lines.map(({ level, message }) => [level, message]),
        [['warn', 'others than its owner can read the file of the private key: chmod 600']]);
    assert.deepEqual(await statuses(await site.login(ada)), [200]);
    assert.equal(decodeProtectedHeader((await site.login(ada)).token).alg, 'ES256');
});
