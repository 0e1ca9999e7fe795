// Canaries: a password, a token and a key that are sent through every route, well and badly, and then looked for: in every
// answer (the client of the tests does that for each), every log, and every row of the database.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fetchDocument } from './lib/document.mjs';
import { decode, part } from './lib/jwt.mjs';
import { loggedByNginx } from './lib/logs.mjs';
import { operationsOf } from './lib/operations.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { WORKERS: 4 } });
const ada = await site.signUp();
const admin = await site.admin();
await site.createPost(ada);
const made = (word) => `canary-${word}-${randomUUID()}`;
const password = made('password');
const token = made('token');
const key = made('key');
const jwt = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ id: 1, [token]: token })}.${part(token)}`;
const secrets = [password, token, key, jwt, part(token)];
secrets.forEach((each) => site.passwords.add(each)); // no answer may hold one from now on

const document = await fetchDocument(site.client);
const operations = operationsOf(document);
const bodyOf = ({ operation }) => Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
const resolve = (schema) => (schema?.$ref ? document.components.schemas[schema.$ref.split('/').at(-1)] : schema);
const isSecret = ({ format, writeOnly }) => format === 'password' || writeOnly === true;

/** The path with keys that are well formed, and mean something or nothing. */
function target(path, bare) {
    const filled = path.replace(/\{([^}]*uid)\}/g, ada.uid).replace(/\{[^}]+\}/g, '1');
    return bare ? `/${filled}` : filled.replace('/api/v1', '');
}

/** A value that is good enough for a member of a body, the canary for a secret one. */
function sample(schema) {
    const all = { ...schema, ...schema.allOf?.[0] };
    const type = [all.type].flat()[0];
    return isSecret(schema) ? password : all.enum?.[0] ?? { integer: 1, number: 1, boolean: true, array: [] }[type]
        ?? (/email/.test(all.format ?? '') ? ada.email : 'text'.repeat(3));
}

/** Bodies in which secrets stand: good, each member missing, each of a wrong type, secrets of a wrong form. */
function* bodies(schema) {
    const { properties } = schema;
    const whole = Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, sample(each)]));
    yield whole;
    for (const name of Object.keys(properties)) {
        const { [name]: _, ...rest } = whole;
        yield rest;
        yield { ...whole, [name]: 5 };
        yield { ...whole, [name]: null };
        yield { ...whole, [name]: '' };
        if (isSecret(properties[name])) {
            for (const value of [[password], { password }, { [password]: [password] }, [[{ a: { b: password } }]], `${password}\u0000`,
                `${password}${'x'.repeat(80)}`, `${password}\ud800`]) {
                yield { ...whole, [name]: value };
                yield { [name]: value };
            }
        }
    }
}

const sent = []; // request ids
async function send(method, path, options) {
    const answer = await site.request(method, path, options);
    assert.ok(answer.status < 500, `${method} ${path}: ${answer.status} ${answer.raw}`);
    sent.push(answer.headers['x-request-id']);
    return answer;
}

test('every body that has a secret member, in every way in which it can be wrong', { timeout: 300000 }, async () => {
    let members = 0;
    for (const each of operations) {
        const [type, { schema } = {}] = bodyOf(each);
        const form = resolve(schema);
        if (type === undefined || type.startsWith('multipart') || !Object.values(form.properties ?? {}).some(isSecret)) {
            continue;
        }
        members += 1;
        const path = target(each.path, each.operation.bare);
        const asForm = type.includes('urlencoded');
        for (const body of bodies(form)) {
            const flat = Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]));
            for (const who of [{ token: ada.token }, {}]) {
                await send(each.method, path, { ...(asForm ? { form: flat } : { json: body }), ...who,
                    headers: { 'Idempotency-Key': `${key}${sent.length}`, Accept: sent.length % 2 ? 'application/problem+json' : '*/*' } });
            }
        }
        const text = JSON.stringify(Object.fromEntries(Object.entries(form.properties).map(([name, one]) => [name, sample(one)])));
        for (const broken of [text.slice(0, -1), `${text}x`, `[${text}]`, JSON.stringify(text), `{"${password}"`, `{"a":${password}}`, `"${password}`]) {
            await send(each.method, path, { body: broken, type: 'application/json', token: ada.token });
        }
        await send(each.method, path, { body: text, type: 'text/plain', token: ada.token });
        await send(each.method, path, { body: Buffer.concat([Buffer.from(text), Buffer.from([0xff])]), type: 'application/json', token: ada.token });
    }
    assert.ok(members >= 5, `only ${members} bodies have a secret member`);
});

test('every route, with the secrets in headers, cookies, query, path and members that nobody asked for', { timeout: 300000 }, async () => {
    for (const each of operations) {
        const path = target(each.path, each.operation.bare);
        const [type] = bodyOf(each);
        const query = { password, access_token: token, token: jwt, key, limit: 'x', cursor: token, fields: 'id' };
        const headers = { 'X-API-Key': key, Cookie: `access_token=${token}; refresh_token=${jwt}`, 'Idempotency-Key': `${key} ${path}` };
        const body = type?.includes('urlencoded') ? { form: { password, secret: token } }
            : type === undefined ? {} : { json: { password, current_password: password, token: jwt, secret: key, refresh_token: token } };
        for (const options of [{ token }, { token: jwt }, { headers: { Authorization: `Basic ${part(`ada:${password}`)}` } },
            { headers: { Authorization: `${token} ${jwt}` } }, { token: `${jwt}.${token}` }]) {
            await send(each.method, path, { ...body, ...options, headers: { ...headers, ...options.headers } });
        }
        // Signed in, so that the query is judged: what is wrong is said without saying what it was.
        if (each.method === 'GET') {
            for (const name of ['password', 'access_token', 'token', 'key']) {
                await send('GET', path, { query: { [name]: query[name], limit: 'x' }, token: admin.token, headers });
            }
        }
    }
    assert.ok(sent.length > 300);
});

test('a password that is taken and a token that is given leave a hash and nothing', async () => {
    const person = await site.signUp({ password });
    const again = await site.login(person);
    assert.equal((await site.get('/users/me', again)).status, 200);
    const changed = made('changed');
    site.passwords.add(changed);
    secrets.push(changed, person.token, again.token, again.token.split('.')[2], decode(again.token).claims.jti);
    const keyed = (options) => ({ token: again.token, headers: { 'Idempotency-Key': key }, ...options });
    assert.equal((await send('PUT', '/users/me/password', keyed({ json: { current_password: password, new_password: changed } }))).status, 204);
    assert.equal((await send('POST', '/posts', keyed({ json: { title: 't', content: 'c' } }))).status, 201);
    const last = await send('POST', '/auth/login', { json: { email: person.email, password: changed }, headers: { 'Idempotency-Key': key } });
    assert.equal(last.status, 200, last.raw);
    secrets.push(site.keep(last.json.access_token));
    assert.equal((await send('DELETE', '/users/me', { token: last.json.access_token, json: { current_password: password } })).status, 403);
});

test('not once in the database: neither in the store of answers nor anywhere else', async () => {
    assert.ok(await site.count('idempotency_keys') > 0, 'nothing was stored: this test looks into an empty drawer');
    const dump = await site.server.dump(site.database.name);
    assert.ok(dump.includes(ada.username), 'the dump holds what is there');
    const stored = [...secrets, site.secret, site.database.password, ada.password, ada.token];
    for (const secret of stored.flatMap((each) => [each, Buffer.from(each).toString('hex'), Buffer.from(each).toString('hex').toUpperCase(),
        Buffer.from(each).toString('base64')])) {
        assert.ok(!dump.includes(secret), `the database holds ${secret}`);
    }
});

test('not once in a log', async () => {
    const marker = await site.get('/posts');
    await site.log.ofRequest(marker.headers['x-request-id']);
    await loggedByNginx(site.front, sent);
    const files = site.logFiles();
    assert.ok(files.length >= 2);
    for (const file of files) {
        const text = readFileSync(file, 'utf8');
        for (const secret of secrets) {
            assert.ok(!text.includes(secret) && !text.includes(encodeURIComponent(secret)), `${file} holds ${secret}`);
        }
    }
});
