// Properties: thousands of made-up requests, right and wrong, to every operation of the document (tests/property).
import assert from 'node:assert/strict';
import { REGRESSIONS } from '../property/regressions.mjs';
import { Run } from '../property/run.mjs';
import { fetchDocument } from './lib/document.mjs';
import { Recorder } from './lib/recorder.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const seed = process.env.QUIRE_SEED ?? String(Math.floor(Math.random() * 1e9));
const requests = Number(process.env.QUIRE_REQUESTS ?? 20000);

const OPTIONS = { work: true, settings: { WORKERS: 8 } };
const site = await startSite(OPTIONS);
const document = await fetchDocument(site.client);

for (const { found, method, path, as, body, type, status, allow } of REGRESSIONS) {
    test(`once found: ${found}: ${method} ${path}`, async () => {
        const owner = await site.signUp();
        const post = await site.createPost(owner);
        const answer = await site.request(method, path.replace('{post}', post.id),
            { body, type, token: as === 'owner' ? owner.token : undefined });
        assert.equal(answer.status, status, answer.raw.slice(0, 300));
        assert.equal(answer.headers.allow, allow);
    });
}

test(`${requests} requests from seed ${seed}`, { timeout: 60000 + requests * 50 }, async () => {
    const run = new Run(site, document, { seed, requests });
    try {
        await run.go();
    } finally {
        process.stderr.write(`# ${run.report()}\n`);
    }
    assert.equal(run.asked.size, run.operations.length);
});

test('afterwards the counters are right, no worker has died, and nothing went wrong inside', async () => {
    await site.assertCounters();
    for (const [table, condition] of [
        ['comments c JOIN comments p ON p.id = c.parent_id', 'p.post_id <> c.post_id'],
        ['votes', 'vote_type NOT IN (-1, 1)'],
        ['(SELECT book_uid, user_uid FROM reviews WHERE user_uid IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1) r', 'TRUE'],
        ['(SELECT lower(email) FROM users GROUP BY 1 HAVING count(*) > 1) u', 'TRUE'],
    ]) {
        assert.equal(await site.count(table, condition), 0, table);
    }
    const lines = site.log.lines().filter(({ message, level, status }) => /worker died/.test(message) || level === 'error' || status >= 500);
    assert.deepEqual(lines, []);
});

test('the same seed asks the same', async () => {
    const digests = [];
    for (let i = 0; i < 2; i++) {
        const other = await startSite(OPTIONS);
        const run = new Run(other, document, { seed: 'again', requests: 300 });
        await run.go();
        digests.push(run.digest());
    }
    assert.equal(digests[0], digests[1]);
    const another = new Run(site, document, { seed: 'another', requests: 300, lanes: 1, first: 6 });
    await another.go();
    assert.notEqual(another.digest(), digests[0]);
});

let lane = 7;

/** What a run says of a site whose document has been changed. */
async function complaint(only, change) {
    const wrong = structuredClone(document);
    change(wrong);
    site.client.recorder = new Recorder(wrong, new Set());
    try {
        await new Run(site, wrong, { seed: 'wrong', requests: 400, only, lanes: 1, first: lane++ }).go();
        return '';
    } catch (error) {
        return error.message;
    } finally {
        site.client.recorder = site.recorder;
    }
}

for (const [name, only, change, said] of [
    ['a bound that is wider than the program\'s', /^createBook(Review)?$/,
        (d) => { d.components.schemas.ReviewCreate.properties.rating.maximum = 50; }, /what is right is refused .*less_than_equal/],
    ['a bound that is narrower', /^create(Book|BookReview)$/,
        (d) => { d.components.schemas.BookCreate.properties.title.maxLength = 100; }, /what is wrong is taken \(body: title: one too long\)/],
    ['a member that need not be there, and must', /^createPost$/,
        (d) => { d.components.schemas.PostCreate.required.push('published'); }, /what is wrong is taken \(body: no published\)/],
    ['a status that is not declared', /^(createPost|getPost)$/,
        (d) => { delete d.paths['/posts/{id}'].get.responses[404]; }, /does not declare this status/],
    ['an answer of another shape', /^createTag$/,
        (d) => { d.components.schemas.Tag.properties.name.type = 'integer'; }, /not as the document says/],
    ['a token that is needed, and is not asked for', /^createPost|listTags$/,
        (d) => { d.paths['/tags'].get.security = [{ bearer: [] }]; }, /done without a good token/],
    ['a method that is not there', /^(createTag|getTag)$/,
        (d) => { d.paths['/tags/{tag_uid}'].post = { ...d.paths['/tags'].post, operationId: 'other' }; }, /Allow is not what is declared/],
]) {
    test(`a run finds ${name}, and says how to ask for it`, async () => {
        const message = await complaint(only, change);
        assert.match(message, said);
        assert.match(message, /QUIRE_SEED=wrong[^]*\n {4}curl -i -X [A-Z]+ .*"\$SITE"'\/api\/v1\//);
        assert.ok(![...site.tokens, ...site.passwords].some((secret) => message.includes(secret) && secret.length > 20));
    });
}
