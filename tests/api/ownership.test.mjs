// Ownership: every writing route, tried by its owner, by another, by an admin and by nobody.
import assert from 'node:assert/strict';
import { assertError } from './lib/contract.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite();
const admin = await site.admin();
const other = await site.signUp();
const post = { title: 'stolen', content: 'stolen' };

// Method, path, body, and the status for the owner, another and an admin; nobody is always 401. After a refusal
// nothing may have changed.
const routes = [
    ['PUT', ({ open }) => `/posts/${open.id}`, post, 200, 403, 200],
    ['PATCH', ({ open }) => `/posts/${open.id}`, { title: 'stolen' }, 200, 403, 200],
    ['PATCH', ({ open }) => `/posts/${open.id}`, {}, 200, 403, 200],
    ['DELETE', ({ open }) => `/posts/${open.id}`, undefined, 204, 403, 204],
    ['PUT', ({ hidden }) => `/posts/${hidden.id}`, post, 200, 404, 200],
    ['PATCH', ({ hidden }) => `/posts/${hidden.id}`, { title: 'stolen' }, 200, 404, 200],
    ['DELETE', ({ hidden }) => `/posts/${hidden.id}`, undefined, 204, 404, 204],
    ['PUT', ({ open }) => `/posts/${open.id}/vote`, { vote_type: 'upvote' }, 201, 201, 201],
    ['PUT', ({ hidden }) => `/posts/${hidden.id}/vote`, { vote_type: 'upvote' }, 201, 404, 201],
    ['DELETE', ({ open }) => `/posts/${open.id}/vote`, undefined, 404, 404, 404],
    ['POST', () => '/posts', post, 201, 201, 201],
    ['PATCH', ({ owner }) => `/users/${owner.id}`, { is_active: false }, 403, 403, 200],
    ['DELETE', ({ owner }) => `/users/${owner.id}`, undefined, 204, 403, 204],
    ['PATCH', () => '/users/me', {}, 200, 200, 200],
];

async function fixture() {
    const owner = await site.signUp();
    const open = await site.createPost(owner, { title: 'mine', content: 'mine' });
    const hidden = await site.createPost(owner, { title: 'mine too', content: 'mine too', published: false });
    return { owner, open, hidden };
}

async function state({ owner, open, hidden }) {
    return site.query(`SELECT 'user' AS what, id, username AS a, is_active AS b, updated_at AS c
        FROM users WHERE id = ${owner.id}
        UNION ALL SELECT 'post', id, title, content, updated_at FROM posts WHERE id IN (${open.id}, ${hidden.id})
        UNION ALL SELECT 'vote', user_id, post_id, vote_type,
            voted_at FROM votes WHERE post_id IN (${open.id}, ${hidden.id}) ORDER BY 1, 2`);
}

for (const [method, path, json, byOwner, byOther, byAdmin] of routes) {
    const where = path({ owner: { id: '{owner}' }, open: { id: '{open}' }, hidden: { id: '{hidden}' } });
    const body = json === undefined ? '' : ` ${JSON.stringify(json)}`;
    for (const [who, expected] of [['owner', byOwner], ['other', byOther], ['admin', byAdmin], ['nobody', 401]]) {
        test(`${method} ${where}${body} by ${who}: ${expected}`, async () => {
            const things = await fixture();
            const before = await state(things);
            const token = { owner: things.owner, other, admin }[who]?.token;
            const answer = await site.request(method, path(things), { json, token });
            assert.equal(answer.status, expected, answer.raw);
            if (expected >= 400) {
                assertError(answer, expected, { 401: 'unauthenticated', 403: 'forbidden',
                    404: 'not_found' }[expected]);
                assert.deepEqual(await state(things), before);
            }
            if (expected === 200 && where.startsWith('/posts')) {
                assert.equal(answer.json.owner_id, things.owner.id);
            }
        });
    }
}

test('another\'s mistakes in the body do not show before their lack of rights, where a role decides', async () => {
    const { owner } = await fixture();
    assertError(await site.patch(`/users/${owner.id}`, { is_active: 'nonsense' }, other), 403, 'forbidden');
    assertError(await site.get('/users?limit=nonsense', other), 403, 'forbidden');
});

test('rights are those of the moment: an admin who was one has none', async () => {
    const former = await site.makeAdmin();
    const { open } = await fixture();
    assert.equal((await site.patch(`/posts/${open.id}`, { title: 'moderated' }, former)).status, 200);
    await site.query(`DELETE FROM user_roles WHERE user_id = ${former.id}`);
    assertError(await site.patch(`/posts/${open.id}`, { title: 'again' }, former), 403, 'forbidden');
});
