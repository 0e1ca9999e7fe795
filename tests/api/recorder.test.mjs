// The recorder itself: what it lets pass, and that it does object. The answers here are made up.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkAnswer } from './lib/contract.mjs';
import { fetchDocument } from './lib/document.mjs';
import { operationsOf } from './lib/operations.mjs';
import { folder } from './lib/processes.mjs';
import { excused, Recorder, unseen } from './lib/recorder.mjs';
import { Secrets } from './lib/secrets.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();
const ada = await site.signUp();
const post = await site.createPost(ada);
const document = await fetchDocument(site.client);
const recorder = new Recorder(document, new Set());
const one = await site.get(`/posts/${post.id}`);
const list = await site.get('/posts');
const refused = await site.post('/posts', {}, ada);

/** A good answer, changed. */
function altered(answer, change) {
    const copy = structuredClone({ status: answer.status, headers: answer.headers, raw: answer.raw, json: answer.json });
    change(copy);
    return copy;
}

test('a secret is found wherever it stands, whatever others begin alike, and nothing else is', () => {
    const secrets = new Secrets();
    ['pw-one', 'pw-other', 'x', 'eyJ.a.b'].forEach((each) => secrets.add(each));
    assert.equal(secrets.size, 4);
    for (const [text, found] of [['a pw-other', 'pw-other'], ['pw-one', 'pw-one'], ['{"t":"eyJ.a.b"}', 'eyJ.a.b'], ['ax', 'x'],
        ['pw-', undefined], ['pw-on', undefined], ['eyJ.a.', undefined], ['', undefined]]) {
        assert.equal(secrets.foundIn(text), found, text);
    }
    const shown = altered(one, (answer) => { answer.raw = answer.raw.replace('{', '{"password":"pw-other",'); });
    assert.throws(() => checkAnswer('GET', `/posts/${post.id}`, shown, secrets), /a secret shows/);
});

test('the very document is served that the recorder holds answers against', async () => {
    assert.deepEqual(site.recorder.document, document);
});

test('what is as declared passes, whatever the spelling of the path', () => {
    recorder.record('GET', `/api/v1/posts/${post.id}`, one);
    recorder.record('GET', `/api/v1/%70osts/${post.id}/?x=1`, one);
    recorder.record('HEAD', `/api/v1/posts/${post.id}`, { ...one, raw: '', json: undefined });
    recorder.record('GET', '/api/v1/posts', list);
    recorder.record('GET', '/index.html', { status: 200, headers: {}, raw: '' });
    recorder.record('GET', '/api/v1/nothing', { status: 404, headers: {}, raw: '' });
    assert.deepEqual([...recorder.seen].sort(), ['getPost 200', 'listPosts 200']);
});

const complaints = [
    ['a status that is not declared', `/posts/${post.id}`, altered(one, (a) => { a.status = 409; }), /does not declare this status/],
    ['an operation that is not there', '/nothing', one, /no such operation/],
    ['a member that is missing', `/posts/${post.id}`, altered(one, (a) => { delete a.json.votes; }), /votes/],
    ['a member that is too much', `/posts/${post.id}`, altered(one, (a) => { a.json.extra = 1; }), /additional/],
    ['one inside of an embedded row', `/posts/${post.id}`, altered(one, (a) => { a.json.owner.email = 'a'; }), /additional/],
    ['a member of another type', `/posts/${post.id}`, altered(one, (a) => { a.json.id = String(a.json.id); }), /integer/],
    ['null where none may be', `/posts/${post.id}`, altered(one, (a) => { a.json.owner = null; }), /owner/],
    ['a time that is none', `/posts/${post.id}`, altered(one, (a) => { a.json.created_at = 'today'; }), /date-time/],
    ['a header that is missing', `/posts/${post.id}`, altered(one, (a) => { delete a.headers.etag; }), /no ETag/],
    ['a content type that is not declared', `/posts/${post.id}`,
        altered(one, (a) => { a.headers['content-type'] = 'text/html'; }), /text\/html/],
    ['an element of a list that lacks a member', '/posts', altered(list, (a) => { delete a.json[0].title; }), /title/],
    ['a list that is an object', '/posts', altered(list, (a) => { a.json = {}; }), /array/],
];
for (const [name, path, answer, why] of complaints) {
    test(`objects to ${name}`, () => {
        assert.throws(() => recorder.record('GET', `/api/v1${path}`, answer), why);
    });
}

test('objects to an error of another form or code', () => {
    recorder.record('POST', '/api/v1/posts', refused);
    for (const change of [(a) => { a.json.detail = 'a sentence'; a.json.more = 1; }, (a) => { delete a.json.detail[0].loc; },
        (a) => { a.headers['x-error-code'] = 'forbidden'; }, (a) => { delete a.headers['x-error-code']; }]) {
        assert.throws(() => recorder.record('POST', '/api/v1/posts', altered(refused, change)), /AssertionError/);
    }
});

test('members may be missing where `fields` was sent, and only there', () => {
    const part = altered(list, (a) => { a.json = a.json.map(({ id }) => ({ id })); });
    recorder.record('GET', '/api/v1/posts?fields=id', part);
    assert.throws(() => recorder.record('GET', '/api/v1/posts?search=fields', part), /title|content/);
});

test('what a run has not seen is named, but for what is excused', () => {
    const file = join(folder(), 'seen-by-nobody');
    writeFileSync(file, 'listPosts 200\ngetPost 304\n');
    const missing = unseen(document, file);
    const declared = operationsOf(document).flatMap(({ operation }) => Object.keys(operation.responses));
    assert.equal(missing.length, declared.filter((status) => status !== '500').length - 2);
    assert.ok(missing.includes('getPost 200') && !missing.includes('listPosts 200') && !missing.includes('getPost 304'));
    assert.deepEqual(excused.map(({ name }) => name), ['500']);
});
