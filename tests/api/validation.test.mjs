// Bodies: JSON that is none, JSON of the wrong shape, where errors point, and that no secret is echoed.
import assert from 'node:assert/strict';
import {
    assertError, assertInvalid, emailError, HIDDEN, intParsing, jsonInvalid, missing, noObject, stringType, tooShort,
} from './lib/contract.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();
const ada = await site.signUp();

function send(body, options = {}) {
    return site.request('POST', '/posts', { token: ada.token, body, ...options });
}

for (const [name, body, position, message] of [
    ['a brace', '{', 1, 'Expecting property name enclosed in double quotes'],
    ['single quotes', "{'title': 'x'}", 1, 'Expecting property name enclosed in double quotes'],
    ['an unquoted name', '{title: 1}', 1, 'Expecting property name enclosed in double quotes'],
    ['a comma before the end', '{"title": "x",}', 14, 'Expecting property name enclosed in double quotes'],
    ['no value', '{"a":}', 5, 'Expecting value'],
    ['no colon', '{"a" 1}', 5, "Expecting ':' delimiter"],
    ['a comma at the end of a list', '[1,]', 3, 'Expecting value'],
    ['an open object', '{"title":"a","content":"b"', 26, "Expecting ',' delimiter"],
    ['an open string', '{"a":"b', 5, 'Unterminated string starting at'],
    ['a word', 'hello', 0, 'Expecting value'],
    ['half a word', 'nul', 0, 'Expecting value'],
    ['something after it', '{} x', 3, 'Extra data'],
    ['a second value', '{}{}', 2, 'Extra data'],
    ['a line break in a string', '{"a":"\n"}', 6, 'Invalid control character at'],
    ['a bad escape', '{"a":"\\x41"}', 6, 'Invalid \\escape'],
    ['a short escape', '{"a":"\\u12"}', 7, 'Invalid \\uXXXX escape'],
    ['a leading zero', '{"a":01}', 6, "Expecting ',' delimiter"],
    ['a plus sign', '{"a":+1}', 5, 'Expecting value'],
    ['a bare point', '{"a":.5}', 5, 'Expecting value'],
    ['blanks alone', '   ', 3, 'Expecting value'],
    ['a position counted in characters', '{"é😀": }', 7, 'Expecting value'],
]) {
    test(`${name} is no JSON: 422 with the position`, async () => {
        assertInvalid(await send(body), [jsonInvalid(position, message)]);
    });
}

test('bad JSON is found first: before the token and before the path', async () => {
    assertInvalid(await site.request('POST', '/posts', { body: '{' }),
        [jsonInvalid(1, 'Expecting property name enclosed in double quotes')]);
    assertInvalid(await site.request('PUT', '/posts/abc', { body: '[1,]', token: ada.token }),
        [jsonInvalid(3, 'Expecting value')]);
    assertInvalid(await site.request('POST', '/auth/register', { body: 'nul' }), [jsonInvalid(0, 'Expecting value')]);
});

const whole = '{"title": "caf\\u00e9 \\"x\\"", "content": [1, -2.5e+3, true, null, {"a": "é😀"}], "published": false}';

test('a valid body cut at every byte is refused', async () => {
    const bytes = Buffer.from(whole);
    for (let n = 1; n < bytes.length; ++n) {
        const answer = await send(bytes.subarray(0, n));
        const [entry] = answer.json.detail;
        if (bytes.subarray(0, n).toString().includes('\uFFFD')) { // inside a character
            assertError(answer, 400, 'body_unreadable', 'There was an error parsing the body');
            continue;
        }
        assert.equal(answer.status, 422, `${n}: ${answer.raw}`);
        assert.equal(answer.headers['x-error-code'], 'json_invalid');
        assert.equal(answer.json.detail.length, 1);
        assert.equal(entry.type, 'json_invalid');
        assert.ok(entry.loc[0] === 'body' && entry.loc[1] >= 0 && entry.loc[1] <= n, JSON.stringify(entry.loc));
        assert.deepEqual(entry.input, {});
    }
});

test('a valid body with a control character at every byte is refused', async () => {
    const bytes = Buffer.from(whole);
    for (let n = 0; n < bytes.length; ++n) {
        if (bytes[n] >= 0x80) {
            continue; // it would break the UTF-8, which is the next test's
        }
        const broken = Buffer.from(bytes);
        broken[n] = 0x01;
        const answer = await send(broken);
        assert.equal(answer.status, 422, `${n}: ${answer.raw}`);
        assert.equal(answer.headers['x-error-code'], 'json_invalid', `${n}: ${answer.raw}`);
    }
});

test('a valid body with a bad byte anywhere is 400: not UTF-8', async () => {
    const bytes = Buffer.from(whole);
    for (let n = 0; n <= bytes.length; ++n) {
        const broken = Buffer.concat([bytes.subarray(0, n), Buffer.from([0xff]), bytes.subarray(n)]);
        assertError(await send(broken), 400, 'body_unreadable', 'There was an error parsing the body');
    }
});

test('what looks like UTF-8 and is none is 400', async () => {
    for (const bad of [[0xe9], [0xc0, 0x80], [0xc1, 0xbf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80],
        [0xf8, 0x88, 0x80, 0x80, 0x80],
        [0xe2, 0x82], [0x80], [0xf0, 0x9f, 0x98], [0xe0, 0x80, 0xaf]]) {
        const body = Buffer.concat([Buffer.from('{"title":"'), Buffer.from(bad), Buffer.from('","content":"c"}')]);
        assertError(await send(body), 400, 'body_unreadable', 'There was an error parsing the body');
    }
});

test('NaN and Infinity are read, and are no text', async () => {
    for (const [word, shown] of [['NaN', 'nan'], ['Infinity', 'inf'], ['-Infinity', '-inf']]) {
        const answer = await send(`{"title": ${word}, "content": "c"}`);
        assert.equal(answer.status, 422, answer.raw);
        assert.deepEqual(answer.json.detail.map(({ type, loc }) => [type, loc]),
            [['string_type', ['body', 'title']]]);
        assert.ok([shown, null].includes(answer.json.detail[0].input), answer.raw); // there is no such JSON
    }
});

for (const [name, body, input] of [['a list', '[]', []], ['a full list', '[1]', [1]], ['a text', '"x"', 'x'],
    ['a number', '5', 5],
    ['a fraction', '-1.5', -1.5], ['true', 'true', true], ['false', 'false', false]]) {
    test(`a body that is ${name} is 422`, async () => {
        assertInvalid(await send(body), [noObject(input)]);
    });
}

test('no body and null are a missing body', async () => {
    assertInvalid(await send('null'), [missing(['body'], null)]);
    assertInvalid(await send(''), [missing(['body'], null)]);
    assertInvalid(await site.request('POST', '/posts', { token: ada.token }), [missing(['body'], null)]);
    assertInvalid(await site.request('PATCH', '/users/me', { token: ada.token }), [missing(['body'], null)]);
});

test('path and body are checked together, the path first', async () => {
    assertInvalid(await site.put('/posts/abc', {}, ada),
        [intParsing(['path', 'id'], 'abc'), missing(['body', 'title'], {}), missing(['body', 'content'], {})]);
    assertInvalid(await site.patch('/posts/1.5', { title: 5 }, ada),
        [intParsing(['path', 'id'], '1.5'), stringType(['body', 'title'], 5)]);
    assertInvalid(await site.put('/posts/x/vote', [], ada), [intParsing(['path', 'id'], 'x'), noObject([])]);
});

for (const id of ['abc', '5.5', '1e3', '0x10', "1'", '1 OR 1=1', 'null', 'true', '１２', '1__0', '_1', '--5', '5 5',
    '1,000', '[1]', '{}',
    'a@example.com', '😀', ' ', 'x'.repeat(200), '-', '+']) {
    test(`a path id of ${JSON.stringify(id).slice(0, 30)} is 422`, async () => {
        const path = encodeURIComponent(id);
        assertInvalid(await site.get(`/posts/${path}`), [intParsing(['path', 'id'], id)]);
        assertInvalid(await site.get(`/users/${path}/posts`), [intParsing(['path', 'id'], id)]);
        assertInvalid(await site.delete(`/posts/${path}`, ada), [intParsing(['path', 'id'], id)]);
    });
}

test('a path id is read as pydantic reads integers', async () => {
    const post = await site.createPost(ada);
    for (const id of [`0${post.id}`, `%2B${post.id}`, `+${post.id}`, `%20${post.id}%20`, `${post.id}.0`]) {
        assert.equal((await site.get(`/posts/${id}`)).json.id, post.id, id);
    }
});

test('a path id beyond 64 bits is no post', async () => {
    for (const id of ['2147483648', '4294967297', '9223372036854775807', '9223372036854775808',
        '18446744073709551617',
        '-9223372036854775808', '-9223372036854775809', '9'.repeat(40), '9'.repeat(4000), `-${'9'.repeat(4000)}`]) {
        for (const answer of [await site.get(`/posts/${id}`), await site.delete(`/posts/${id}`, ada),
            await site.get(`/users/${id}`, ada)]) {
            assert.ok([404, 422].includes(answer.status), `${id}: ${answer.raw}`);
        }
    }
});

test('numbers beyond 64 bits in a body are 422 or nobody\'s', async () => {
    for (const number of ['9223372036854775807', '9223372036854775808', '-9223372036854775809', '1e18', '1e19',
        '1e400', '9'.repeat(400),
        `-${'9'.repeat(400)}`, '1e-400', `1${'0'.repeat(5000)}`, `0.${'1'.repeat(5000)}`]) {
        const answer = await site.request('POST', '/vote', { token: ada.token,
            body: `{"post_id": ${number}, "dir": 1}` });
        assert.ok([400, 404, 422].includes(answer.status), `${number.slice(0, 30)}: ${answer.raw.slice(0, 300)}`);
    }
    assert.equal(await site.count('votes'), 0);
});

test('a lone surrogate is 422 string_unicode, a pair is one character', async () => {
    for (const escape of ['\\ud800', '\\udc00', 'a\\ud83d', '\\ud83dx', '\\udc00\\ud800', '\\ud800\\ud800\\udc00']) {
        const answer = await send(`{"title": "${escape}", "content": "c"}`);
        assert.equal(answer.status, 422, answer.raw);
        assert.deepEqual(answer.json.detail.map(({ type, loc }) => [type, loc]),
            [['string_unicode', ['body', 'title']]], escape);
    }
    const answer = await send('{"title": "\\ud83c\\udf89", "content": "\\u00e9\\u4e2d"}');
    assert.equal(answer.status, 201, answer.raw);
    assert.deepEqual([answer.json.title, answer.json.content], ['🎉', 'é中']);
});

test('U+0000 in text is 422 value_error', async () => {
    for (const [body, field] of [['{"title": "a\\u0000b", "content": "c"}', 'title'],
        ['{"title": "a", "content": "\\u0000"}', 'content']]) {
        const answer = await send(body);
        assert.equal(answer.status, 422, answer.raw);
        assert.deepEqual(answer.json.detail.map(({ type, loc }) => [type, loc]), [['value_error', ['body', field]]]);
    }
    assert.equal((await send(Buffer.from('{"title": "a\u0000b", "content": "c"}'))).headers['x-error-code'],
        'json_invalid');
});

test('deep nesting and many values are refused and hurt nobody', async () => {
    const workers = site.workers();
    for (const body of ['['.repeat(20000), `${'['.repeat(20000)}${']'.repeat(20000)}`, '{"a":'.repeat(20000),
        `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
            `{"title":${'['.repeat(1000)}${']'.repeat(1000)},"content":"c"}`,
        `[${'{},'.repeat(300000)}{}]`, `{"x":[${'0,'.repeat(500000)}0]}`]) {
        const answer = await send(body);
        assert.ok([400, 413, 422].includes(answer.status), answer.raw.slice(0, 300));
    }
    assert.equal((await site.get('/posts')).status, 200);
    assert.deepEqual(site.workers().sort(), workers.sort());
});

test('moderate nesting in an unknown member is fine', async () => {
    const answer = await send(`{"title":"t","content":"c","x":${'['.repeat(30)}${']'.repeat(30)}}`);
    assert.equal(answer.status, 201, answer.raw);
});

test('the last of duplicate members wins, and names are byte for byte', async () => {
    const answer = await send('{"title":"1","title":"2","content":"c","TITLE":"3","\\u0074itle":"fourth"}');
    assert.equal(answer.status, 201, answer.raw);
    assert.equal(answer.json.title, 'fourth');
    assertInvalid(await send('{"title":"t","content":"c","content":5}'), [stringType(['body', 'content'], 5)]);
});

test('blanks around and a byte order mark are no mistake', async () => {
    for (const body of [' \r\n\t{"title":"t","content":"c"}\n ', '\ufeff{"title":"t","content":"c"}']) {
        const answer = await send(body);
        assert.equal(answer.status, 201, answer.raw);
    }
});

test('a secret is masked wherever the input is echoed', async () => {
    const canary = 'canary-5fd1';
    for (const [body, expected] of [
        [{ username: 'ab', password: canary, email: 'x' },
            [tooShort(['body', 'username'], 'ab', 3), emailError(['body', 'email'], 'x',
                'An email address must have an @-sign.')]],
        [{ password: canary }, [missing(['body', 'username'], { password: HIDDEN }),
            missing(['body', 'email'], { password: HIDDEN })]],
        [{ password: { deep: canary } }, null],
        [{ password: [canary] }, null],
        [{ x: { password: canary, y: [{ new_password: canary }] } }, null],
        [[{ password: canary }], [noObject(HIDDEN)]],
    ]) {
        const answer = await site.post('/auth/register', body);
        assert.equal(answer.status, 422);
        assert.ok(!answer.raw.includes(canary), answer.raw);
        if (expected !== null) {
            assertInvalid(answer, expected);
        }
    }
    for (const path of ['/auth/login', '/users', '/posts', '/users/me/password', '/vote']) {
        for (const json of [{ password: canary }, [{ password: canary }], { a: { refresh_token: canary } },
            { current_password: [canary] }]) {
            const method = path === '/users/me/password' ? 'PUT' : 'POST';
            const answer = await site.request(method, path, { json, token: ada.token });
            assert.equal(answer.status, 422);
            assert.ok(!answer.raw.includes(canary), `${path}: ${answer.raw}`);
        }
    }
    const form = await site.request('POST', '/login', { form: { password: canary } });
    assert.ok(!form.raw.includes(canary), form.raw);
});

test('an entry has FastAPI\'s members in their order', async () => {
    const answer = await site.post('/auth/register', { username: 'ab', email: 'a@example.com' });
    assert.ok(answer.raw.startsWith('{"detail":[{"type":"string_too_short","loc":["body","username"],'
        + '"msg":"String should have at least 3 characters","input":"ab","ctx":{"min_length":3}},'
        + '{"type":"missing","loc":["body","password"],"msg":"Field required","input":{'), answer.raw);
});
