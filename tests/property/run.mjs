// run: many made-up requests to a site, by its own document. tests/property/README.md says what is asked and what must
// hold.
//
//     const run = new Run(site, document, { seed: '7', requests: 20000 });
//     await run.go();                  // an Error that names what failed: the seed, the shrunk request as a curl line
//     run.report();                    // a sentence
import { createHash } from 'node:crypto';
import { operationsOf } from '../api/lib/operations.mjs';
import { judge } from './judge.mjs';
import { Random } from './random.mjs';
import { kindsOf, makeRequest } from './requests.mjs';
import { Schemas } from './schemas.mjs';
import { curl, kindOf, shrink } from './shrink.mjs';
import { World } from './world.mjs';

/** A run that has failed in so many ways has said enough. */
const MOST_FAILURES = 20;

export class Run {
    /**
     * seed: any text; requests: how many; only: a pattern of operationIds; lanes: how many are asked at the same time;
     * first: the number of the first lane, below 16: each may be used once on a site.
     */
    constructor(site, document, { seed, requests, only = /^/, lanes = 6, first = 0 }) {
        Object.assign(this, { site, seed, requests, lanes, first });
        this.schemas = new Schemas(document);
        const all = operationsOf(document).map((each) => ({ ...each, id: each.operation.operationId }));
        for (const each of all) {
            each.methods = all.filter(({ path }) => path === each.path).map(({ method }) => method);
        }
        this.kinds = kindsOf(all, this.schemas);
        this.operations = all.filter(({ id }) => only.test(id));
        this.seen = new Map(); // status → how often
        this.asked = new Map(); // operation → how often
        this.failures = new Map(); // operation and kind → what failed
        this.digests = [];
        this.worlds = [];
    }

    async go() {
        const share = Math.ceil(this.requests / this.lanes);
        for (let lane = 0; lane < this.lanes; lane++) {
            this.worlds.push(await World.settle(this.site, this.first + lane, this.kinds));
        }
        await Promise.all(this.worlds.map((world) => this.#lane(world, share)));
        if (this.failures.size > 0) {
            const all = [...this.failures.values()];
            throw new Error(`${all.length} failures\n${all.join('\n')}`);
        }
    }

    /** What was decided to be asked, in a word: the same for the same seed. */
    digest() {
        return createHash('sha256').update(this.digests.join()).digest('hex').slice(0, 16);
    }

    report() {
        const statuses = [...this.seen].sort(([a], [b]) => a - b).map(([status, n]) => `${n} × ${status}`).join(', ');
        const total = [...this.seen.values()].reduce((sum, n) => sum + n, 0);
        return `property: ${total.toLocaleString('en')} requests to ${this.asked.size} of ${this.operations.length} operations, `
            + `${this.failures.size} failures, QUIRE_SEED=${this.seed} (${statuses})`;
    }

    /** One lane, one request after another. Each has random numbers of its own: none depends on what those before it used. */
    async #lane(world, share) {
        const lane = world.lane - this.first;
        const digest = createHash('sha256');
        for (let i = 0; i < share && this.failures.size < MOST_FAILURES; i++) {
            const random = new Random(`${this.seed}/${lane}/${i}`);
            const each = this.operations[(i * 7 + lane * 13 + random.below(this.operations.length)) % this.operations.length];
            const request = makeRequest(each, { world, schemas: this.schemas, random });
            digest.update(JSON.stringify([request.method, request.template, request.actor, request.wrong, request.query.length,
                request.deadEnd]));
            this.asked.set(each.id, (this.asked.get(each.id) ?? 0) + 1);
            const answer = await this.#check(request, world, `lane ${lane}, request ${i}`);
            if (answer !== null) {
                await world.learn(request, answer);
            }
        }
        this.digests[lane] = digest.digest('hex');
    }

    /** Asks and judges; null when it failed. */
    async #check(request, world, where) {
        try {
            const answer = await this.#ask(request, world);
            judge(request, answer, world);
            await this.#again(request, answer, world);
            return answer;
        } catch (error) {
            const kind = `${request.operation}: ${kindOf(error.message)}`;
            if (!this.failures.has(kind)) {
                this.failures.set(kind, error.message);
                const smaller = await shrink(request, (one) => this.#complaint(one, world), error.message);
                this.failures.set(kind, `${where}, QUIRE_SEED=${this.seed}: ${request.operation} as ${request.actor}: `
                    + `${error.message}\n    ${curl(smaller)}`);
            }
            return null;
        }
    }

    async #complaint(request, world) {
        try {
            judge(request, await this.#ask(request, world), world);
            return null;
        } catch (error) {
            return error.message;
        }
    }

    /** What was done once with an Idempotency-Key is not done a second time. */
    async #again(request, first, world) {
        if (request.sent.key === undefined || first.status >= 300 || request.operation === 'logOut' || request.method !== 'POST') {
            return;
        }
        const { status, raw, headers } = await this.#ask(request, world);
        if (world.actor(request.actor) === undefined) {
            return; // a key belongs to somebody
        }
        // What was waited for is kept as it was when the work was ordered: accepted.
        const same = status === first.status && raw === first.raw;
        if (!(same || (request.later && status === 202)) || headers['idempotent-replayed'] !== 'true') {
            throw new Error(`the same Idempotency-Key gives another answer → ${status} ${raw.slice(0, 300)}`);
        }
    }

    async #ask(request, world) {
        const { method, path, query, headers, body, type, actor } = request;
        const target = path + (query.length > 0 ? `?${query.map(([name, value]) => `${name}=${value}`).join('&')}` : '');
        const { token } = world.actor(actor) ?? {};
        const answer = await this.site.request(method, `/${target}`,
            { headers, body, type, token: headers.Authorization ? undefined : token });
        this.seen.set(answer.status, (this.seen.get(answer.status) ?? 0) + 1);
        for (const other of world.people.values()) {
            if (answer.raw.includes(other.token)) {
                throw new Error(`a token of ${other.role} shows → ${answer.status} ${answer.raw.slice(0, 300)}`);
            }
        }
        return answer;
    }
}
