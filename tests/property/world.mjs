// world: the people of one lane of a run, and the things they have made.
//
// A lane asks one thing after another; several lanes ask at once. Each knows only its own people and things, and names
// what must be unique by marks of its own: so that what it asks depends on the seed and on its own answers, never on
// what another lane happened to do in between.
//
//     const world = await World.settle(site, 3, { posts: 'id' });
//     world.actor('owner').token; world.pick('posts', random)       // { key, owner, etag, dead }
//     world.learn(request, answer);
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { text } from './schemas.mjs';

/** Who asks. nobody has no token; the expired one's session has ended; the inactive one may not enter any more. */
export const ACTORS = ['nobody', 'owner', 'other', 'moderator', 'admin', 'expired', 'inactive'];
/** What makes a thing and answers 200 without a Location. */
const MAKES = { generateThread: 'threads' };
const NEVER = { id: ['4611686018427387904', '9223372036854775807', '-1', '0'],
    uid: ['ffffffff-ffff-7fff-bfff-ffffffffffff', '00000000-0000-0000-0000-000000000000'] };

export class World {
    /** kinds: what things there are, and by what they are named: { posts: 'id', books: 'uid' }. */
    static async settle(site, lane, kinds) {
        const world = new World(site, lane, kinds);
        for (const role of ACTORS.slice(1)) {
            await world.renew(role);
        }
        return world;
    }

    constructor(site, lane, kinds) {
        this.site = site;
        this.kinds = kinds;
        this.lane = lane;
        this.count = 0;
        this.roles = {}; // the two that give rights
        this.people = new Map();
        this.things = new Map(Object.keys(kinds).map((kind) => [kind, []]));
        this.cursors = new Map(); // path of a list → cursors that it gave
        this.keys = []; // Idempotency-Keys that were used
    }

    /** A person for a part in the play, in place of one who has gone. */
    async renew(role) {
        const { site } = this;
        const person = await site.signUp();
        if (role === 'admin' || role === 'moderator') {
            this.roles[role] ??= (await site.role(role)).id;
            const answer = await site.put(`/users/${person.id}/roles/${this.roles[role]}`, undefined, await site.admin());
            assert.equal(answer.status, 201, answer.raw);
        } else if (role === 'expired') {
            assert.equal((await site.post('/auth/logout', undefined, person)).status, 204);
        } else if (role === 'inactive') {
            assert.equal((await site.patch(`/users/${person.id}`, { is_active: false }, await site.admin())).status, 200);
        }
        person.role = role;
        this.people.set(role, person);
        this.things.get('users').push({ kind: 'users', key: String(person.id), owner: person.id, person });
        return person;
    }

    /** Undefined for nobody. */
    actor(role) {
        return this.people.get(role);
    }

    /** A thing of a kind; one that has been deleted now and then, and one that never was. */
    pick(kind, random) {
        const all = this.things.get(kind);
        if (all.length === 0 || random.chance(0.05)) {
            return { key: random.pick(NEVER[this.kinds[kind]]), dead: true, never: true };
        }
        const living = all.filter((thing) => !this.isGone(thing));
        return random.chance(0.9) && living.length > 0 ? random.pick(living.slice(-12)) : random.pick(all);
    }

    /** Deleted, or gone with what it belonged to. */
    isGone({ dead, kind, owner, within = [] }) {
        const people = /^(posts|comments|microposts|threads|histories)$/.test(kind) ? this.things.get('users').filter((user) => user.owner === owner) : [];
        return dead === true || people.some((user) => user.dead) || within.some((thing) => this.isGone(thing));
    }

    /** Text for requests, by the random numbers of one of them. */
    names(random) {
        const mark = () => String.fromCodePoint(0x4e00 + (((this.count++) * 16 + this.lane) % 20000));
        return {
            unique: (n) => (n === 0 ? '' : `${mark()}${text(random, n - 1)}`),
            printable: (n) => Array.from({ length: n }, () => String.fromCharCode(random.between(32, 126))).join(''),
            email: () => `l${this.lane}n${this.count++}${random.pick(['', '+tag', '.b', 'ü'])}@${random.pick(['example.com', 'bücher.example'])}`,
            password: () => {
                const password = `${`pw-${randomUUID()}`.slice(0, 30)}${'é'.repeat(random.below(10))}`;
                this.site.passwords.add(password);
                return password;
            },
        };
    }

    /** Remembers what came of a request: things made and deleted, people who have gone, versions, cursors. */
    async learn(request, { status, headers, json }) {
        const { operation, method, template, path, actor, target, list, sent } = request;
        if (method === 'OPTIONS' || request.undeclared) {
            return; // nothing was done, whatever the operation is called
        }
        const [kind, key] = MAKES[operation] !== undefined && status === 200 ? [MAKES[operation], String(json.id)]
            : (method === 'POST' && headers.location?.split('/').slice(-2)) || []; // what a PUT makes its path has named
        if (this.things.has(kind)) {
            const within = [target, request.parent].filter((thing) => thing !== undefined && kind !== 'users');
            const owner = kind === 'users' ? Number(key) : this.actor(actor)?.id;
            this.things.get(kind).push({ kind, key, owner, etag: headers.etag, within });
        } else if (target !== undefined && headers.etag !== undefined) {
            target.etag = headers.etag;
        }
        if (list !== undefined && status === 200) {
            this.cursors.set(path, [...(headers.link ?? '').matchAll(/[?&]cursor=([^>&]*)/g)].map(([, cursor]) => cursor));
        }
        if (sent.key !== undefined) {
            this.keys.push({ key: sent.key, again: sent });
        }
        if (method === 'DELETE' && status === 204 && /^[^{]*\{[^}]*\}$/.test(template)) {
            target.dead = true;
        }
        await this.#replace(operation, actor, target, status);
    }

    /** Whoever cannot play their part any more is played by somebody else. */
    async #replace(operation, actor, target, status) {
        if (status >= 300) {
            return;
        }
        if (/^(logOut|deleteMe|replaceMyPassword)$/.test(operation) && this.people.has(actor)) {
            const gone = this.things.get('users').find(({ person }) => person === this.people.get(actor));
            gone.dead = operation === 'deleteMe';
            await this.renew(actor);
        } else if (/^(deleteUser|updateUser|revokeRole|grantRole)$/.test(operation) && target?.person !== undefined) {
            const { role } = target.person;
            if (this.people.get(role) === target.person) {
                await this.renew(role);
            }
        }
    }
}
