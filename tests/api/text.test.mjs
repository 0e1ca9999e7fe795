// Text: whatever people write comes back byte for byte.
import assert from 'node:assert/strict';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();
const ada = await site.signUp();

for (const [name, text] of [
    ['emoji and sequences of them', 'party 🎉👩‍💻🇩🇪 👨‍👩‍👧‍👦 ❤️'],
    ['accents', 'Ünïcödé ñ ß ø'],
    ['decomposed accents', 'e\u0301 and é are not made one'],
    ['East Asian scripts', '日本語テキスト 中文 한국어 𠮷'],
    ['scripts from right to left', 'שלום مرحبا \u202eabc\u202c'],
    ['quotes', `O'Brien said "hi" \`there\``],
    ['SQL', "Hacked', published = TRUE; DROP TABLE posts; --"],
    ['more SQL', "x' UNION SELECT password_hash FROM users -- "],
    ['placeholders', '? ?? :a %s %n %d {0} ${x} $1 @x'],
    ['backslashes', "C:\\temp\\new \\' \\\\ \\0 \\u0041 \\x41"],
    ['HTML', '<script>alert(1)</script> & <b>bold</b> &amp;'],
    ['white space', '  lead\ttab\nnewline\r\ntrail  '],
    ['control characters', 'bell\u0007 esc\u001b del\u007f c1\u0085 \u0001\u001f'],
    ['separators', 'a\u2028b\u2029c\u00a0d\ufeffe\u200b'],
    ['non-characters', '\ufffe\uffff\u{1fffe}\ufdd0\ufffd'],
    ['the last characters of each length', '\u007f\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}'],
    ['one blank', ' '],
    ['JSON', '{"a": [1, "\\n"]}'],
]) {
    test(`${name} survive`, async () => {
        const created = await site.post('/posts', { title: text, content: text }, ada);
        assert.equal(created.status, 201, created.raw);
        assert.equal(created.json.title, text);
        const { id } = created.json;
        assert.deepEqual((await site.get(`/posts/${id}`)).json, created.json);
        const put = await site.put(`/posts/${id}`, { title: 'x', content: text }, ada);
        assert.equal(put.json.content, text);
        const patched = await site.patch(`/posts/${id}`, { title: text }, ada);
        assert.equal(patched.json.title, text);
        const [row] = await site.query(`SELECT hex(title) AS t, hex(content) AS c FROM posts WHERE id = ${id}`);
        const hex = Buffer.from(text).toString('hex').toUpperCase();
        assert.deepEqual(row, { t: hex, c: hex });
    });
}

test('the first 12,287 characters, escaped and not', async () => {
    const characters = Array.from({ length: 0x2fff }, (_, i) => String.fromCodePoint(i + 1)).join('');
    const escaped = [...characters].map((c) => `\\u${c.codePointAt(0).toString(16).padStart(4, '0')}`).join('');
    const created = await site.request('POST', '/posts', { token: ada.token,
        body: `{"title":"t","content":"${escaped}"}` });
    assert.equal(created.status, 201, created.raw.slice(0, 300));
    assert.ok(created.json.content === characters, 'escaped');
    const plain = await site.post('/posts', { title: 't', content: characters }, ada);
    assert.equal(plain.status, 201);
    assert.ok((await site.get(`/posts/${plain.json.id}`)).json.content === characters, 'plain');
});

test('an answer is UTF-8 with nothing escaped that need not be', async () => {
    const post = await site.createPost(ada, { title: 'é😀"\\/\n\u0001\u007f<' });
    const { raw } = await site.get(`/posts/${post.id}`);
    assert.ok(raw.includes('"title":"é😀\\"\\\\/\\n\\u0001\u007f<"'), raw);
});

test('long texts come back whole', async () => {
    for (const [length, unit] of [[1, 'x'], [8191, 'x'], [8192, 'é'], [16384, '日'], [65535, 'x'], [65536, 'x'],
        [70000, '3'], [200000, '😀']]) {
        const content = unit.repeat(length);
        const post = await site.createPost(ada, { content });
        assert.ok(post.content === content, `${length} × ${unit} on creation`);
        assert.ok((await site.get(`/posts/${post.id}`)).json.content === content, `${length} × ${unit}`);
    }
});

test('a page of long posts comes whole', async () => {
    const writer = await site.signUp();
    const content = 'lorem '.repeat(40000);
    for (let i = 0; i < 12; ++i) {
        await site.createPost(writer, { content });
    }
    const answer = await site.get(`/users/${writer.id}/posts?limit=100`);
    assert.equal(answer.json.length, 12);
    assert.ok(answer.json.every((post) => post.content === content));
});

test('titles that look alike are different', async () => {
    const writer = await site.signUp();
    const titles = ['a', 'A', 'á', 'a ', ' a', 'a\u200b', '😀', '😁'];
    for (const title of titles) {
        await site.createPost(writer, { title });
    }
    for (const title of titles) {
        const answer = await site.get(`/users/${writer.id}/posts`, { query: { title, limit: 100 } });
        assert.ok(answer.json.some((post) => post.title === title), JSON.stringify(title));
    }
    const emoji = await site.get(`/users/${writer.id}/posts`, { query: { search: '😀' } });
    assert.deepEqual(emoji.json.map(({ title }) => title), ['😀']);
});
