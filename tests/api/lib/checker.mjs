// checker: people who use a site and know what each answer must be, and what must be there afterwards.
//
// Some read what never changes, some read their own account, some write: posts, each with a title of its own, and one post
// each that is edited again and again. An answer is good, failed (no answer, or 5xx), or wrong (anything else but what was
// due). What was acknowledged (2xx) is remembered and looked for in the database in the end.
//
//     const checker = await startChecker(site, { readers: 6, writers: 4 });
//     checker.begin();
//     … do something to the site …
//     const { asked, failed, wrong, kinds } = checker.figures();     // since begin()
//     await checker.stop();
//     const missing = await checker.missing();                       // sentences; none when all is there
import http from 'node:http';

export async function startChecker(site, options) {
    const checker = new Checker(site, options);
    await checker.prepare();
    return checker;
}

class Checker {
    constructor(site, { readers = 6, writers = 4 } = {}) {
        this.site = site;
        this.sizes = { readers, writers };
        this.agent = new http.Agent({ keepAlive: true, maxSockets: readers + writers });
        this.running = true;
        this.created = new Map(); // id → title, of posts that were acknowledged
        this.edited = new Map(); // id → the highest number that was acknowledged
        this.begin();
    }

    async prepare() {
        const { readers, writers } = this.sizes;
        this.people = [];
        for (let i = 0; i < writers; i++) {
            const person = await this.site.signUp();
            const post = await this.site.createPost(person, { title: 'edit 0', content: 'c' });
            this.people.push({ ...person, post });
            this.edited.set(post.id, 0);
        }
        const fixed = await this.site.signUp();
        this.still = [];
        for (const path of [`/posts/${(await this.site.createPost(fixed)).id}`, `/users/${fixed.id}/posts`, `/users/${fixed.id}`]) {
            this.still.push({ path, raw: (await this.site.get(path)).raw });
        }
        this.lanes = [...Array.from({ length: readers }, (_, i) => this.#loop((n) => this.#read(i + n))),
            ...this.people.map((person, i) => this.#loop((n) => this.#write(person, i, n)))];
    }

    begin() {
        this.seen = { asked: 0, failed: 0, wrong: 0, kinds: {} };
    }

    figures() {
        return this.seen;
    }

    async #loop(step) {
        for (let n = 0; this.running; n++) {
            const seen = this.seen;
            const verdict = await step(n);
            seen.asked += 1;
            if (verdict !== 'good') {
                seen[verdict.startsWith('wrong') ? 'wrong' : 'failed'] += 1;
                seen.kinds[verdict] = (seen.kinds[verdict] ?? 0) + 1;
                await new Promise((resolve) => setTimeout(resolve, 5)); // who gets an error waits a moment
            }
        }
    }

    async #read(n) {
        const person = this.people[n % this.people.length];
        if (n % 4 === 3) {
            const answer = await this.#ask('GET', '/users/me', person);
            return judge(answer, 200, () => answer.json?.id === person.id && answer.json.email === person.email);
        }
        const { path, raw } = this.still[n % 4];
        const answer = await this.#ask('GET', path);
        return judge(answer, 200, () => answer.raw === raw);
    }

    async #write(person, lane, n) {
        if (n % 2 === 0) {
            const title = `chaos ${lane} ${n}`;
            const answer = await this.#ask('POST', '/posts', person, { title, content: 'c' });
            const verdict = judge(answer, 201, () => answer.json?.title === title && answer.json.owner_id === person.id);
            if (verdict === 'good') {
                this.created.set(answer.json.id, title);
            }
            return verdict;
        }
        const { id } = person.post;
        const answer = await this.#ask('PATCH', `/posts/${id}`, person, { title: `edit ${n}` });
        const verdict = judge(answer, 200, () => answer.json?.id === id && answer.json.title === `edit ${n}`);
        if (verdict === 'good') {
            this.edited.set(id, n);
        }
        return verdict;
    }

    #ask(method, path, person, json) {
        const body = json === undefined ? undefined : JSON.stringify(json);
        const headers = { ...(person && { Authorization: `Bearer ${person.token}` }),
            ...(body && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }) };
        return new Promise((resolve) => {
            const request = http.request({ host: '127.0.0.1', port: this.site.front.port, agent: this.agent, method,
                path: `/api/v1${path}`, headers, timeout: 30000 });
            request.on('timeout', () => request.destroy(new Error('no answer in 30 s')));
            request.on('error', (error) => resolve({ error: error.code ?? error.message }));
            request.on('response', (response) => {
                const chunks = [];
                response.on('data', (chunk) => chunks.push(chunk));
                response.on('error', (error) => resolve({ error: error.code }));
                response.on('end', () => resolve(read(response, Buffer.concat(chunks).toString())));
            });
            request.end(body);
        });
    }

    async stop() {
        this.running = false;
        await Promise.all(this.lanes);
        this.agent.destroy();
    }

    /** What was acknowledged and is not there, or is there older than it was acknowledged. */
    async missing() {
        const rows = await this.site.query("SELECT id, title FROM posts WHERE title LIKE 'chaos %' OR title LIKE 'edit %'");
        const stored = new Map(rows.map(({ id, title }) => [Number(id), title]));
        const lost = [...this.created].filter(([id, title]) => stored.get(id) !== title)
            .map(([id, title]) => `post ${id} "${title}" was acknowledged, and is ${stored.get(id) ?? 'not there'}`);
        const titles = rows.filter(({ title }) => title.startsWith('chaos ')).map(({ title }) => title);
        const met = new Set();
        const twice = titles.filter((title) => met.size === met.add(title).size).map((title) => `"${title}" is there twice`);
        const old = [...this.edited].filter(([id, n]) => Number(stored.get(id)?.slice('edit '.length) ?? -1) < n)
            .map(([id, n]) => `edit ${n} of post ${id} was acknowledged, and it is ${stored.get(id) ?? 'not there'}`);
        return [...lost, ...twice, ...old];
    }
}

function read(response, raw) {
    let json;
    try {
        json = JSON.parse(raw);
    } catch {
        json = undefined;
    }
    return { status: response.statusCode, code: response.headers['x-error-code'], raw, json };
}

/** good; "503 busy", "ECONNRESET": failed; "wrong 404": what should not have been answered. */
function judge({ status, code, error, raw, json }, due, right) {
    if (error !== undefined) {
        return error;
    }
    if (status === due) {
        return right() ? 'good' : `wrong ${status}: ${raw.slice(0, 200)}`;
    }
    if (status < 500) {
        return `wrong ${status}: ${raw.slice(0, 200)}`;
    }
    return status === 500 || json?.detail === undefined ? `wrong ${status}: ${raw.slice(0, 200)}` : `${status} ${code}`;
}
