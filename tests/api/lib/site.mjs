// site: a whole Quire for a test file: a fresh database, the pool of workers, nginx, and people who use it.
//
// Everything lives in a temporary folder and ends with the test file, whatever happens. Every password and token
// that passes through here is remembered: no answer may hold a password, and when the site is stopped, no log file
// may hold either.
//
//     const site = await startSite({ settings: { WORKERS: 2 } });
//     const ada = await site.signUp();                       // { id, uid, username, email, password, token, refresh }
//     const answer = await site.post('/posts', { title: 't', content: 'c' }, ada);
//     const [row] = await site.query('SELECT count(*) AS n FROM posts');
//     const line = await site.log.ofRequest(answer.headers['x-request-id']);
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { after } from 'node:test';
import { join, resolve } from 'node:path';
import { Client } from './client.mjs';
import { Log } from './logs.mjs';
import { sharedServer } from './mariadb.mjs';
import { startNginx } from './nginx.mjs';
import { environment, folder, mustRun, root, run, start, tail, until, workersOf } from './processes.mjs';
import { Through } from './prism.mjs';
import { recorderOf } from './recorder.mjs';
import { Secrets } from './secrets.mjs';
import { failures } from './test.mjs';

/** The program under test. */
export const quireBin = resolve(root, process.env.QUIRE_BIN ?? 'build/quire');
/** The origins that every site allows, and one that none does. */
export const origins = ['http://localhost:3000', 'https://yourfrontend.com'];
export const strangeOrigin = 'http://evil.example';

/** No limit on anything: tests ask more often than people do. Those of limits set their own. */
const unlimited = { LOGIN_FAILURES: 0, ...Object.fromEntries(['LOGIN', 'LOGIN_ACCOUNT', 'REGISTER', 'REFRESH', 'MAIL',
    'MAIL_ACCOUNT', 'GENERATE', 'GENERATE_ADDRESS', 'CREATE'].map((name) => [`LIMIT_${name}`, 'off'])) };

let sites = 0;

/**
 * Makes a site and has it stopped after the last test of the file. Options: settings (of the program, over those
 * below), server (a database server of one's own), nginx (settings for scripts/nginx-conf), webRoot, and what
 * to leave out: migrate: false, pool: false, front: false (no nginx). work: true starts `quire work`; login: { settings }
 * starts a second pool with them, which hashes the passwords, long: { settings } one for requests that wait, and
 * read: { WORKERS } one for short reads.
 */
export async function startSite(options = {}) {
    assert.ok(existsSync(quireBin), `there is no ${quireBin}: run make first`);
    const site = new Site(options);
    after(() => site.stop());
    await site.start();
    return site;
}

class Site {
    constructor(options) {
        this.options = options;
        this.dir = join(folder(), `s${++sites}`);
        mkdirSync(this.dir);
        this.socket = join(this.dir, 'app.sock');
        this.loginSocket = join(this.dir, 'login.sock');
        this.readSocket = join(this.dir, 'read.sock');
        this.longSocket = join(this.dir, 'long.sock');
        this.log = new Log(join(this.dir, 'quire.log'));
        this.passwords = new Secrets();
        this.tokens = new Set();
        this.people = 0;
        this.stopped = false;
        this.failuresBefore = failures();
    }

    async start() {
        const { settings = {}, server, migrate = true, pool = true, front = true } = this.options;
        this.server = server ?? await sharedServer();
        this.database = await this.server.createDatabase();
        this.secret = randomBytes(36).toString('base64');
        this.settings = {
            APP_ENV: 'test',
            DB_SOCKET: this.server.socket,
            DB_USER: this.database.user,
            DB_PASSWORD: this.database.password,
            DB_NAME: this.database.name,
            SECRET_KEY: this.secret,
            BCRYPT_COST: 4,
            WORKERS: 4,
            ...unlimited,
            CORS_ORIGINS: origins.join(','),
            LISTEN: `unix:${this.socket}`,
            MIGRATIONS_DIR: join(root, 'migrations'),
            MEDIA_DIR: join(this.dir, 'media'),
            MAIL_DIR: join(this.dir, 'mail'),
            MAIL_TEMPLATES: join(root, 'mails'),
            ...settings,
        };
        if (migrate) {
            await this.mustQuire(['migrate', 'up']);
        }
        if (pool) {
            this.startPool();
        }
        if (this.options.work) {
            this.startWork();
        }
        if (front) {
            await this.startFront();
        }
        if (pool && front) {
            await this.ready();
        }
    }

    /** Starts the workers, without waiting for them. */
    startPool() {
        this.pool = start(quireBin, ['serve'], { env: environment(this.settings), cwd: this.dir,
            log: this.log.file });
        if (this.options.login) {
            this.loginPool = this.startPart(['serve'], { LISTEN: `unix:${this.loginSocket}`, ...this.options.login },
                'login.log');
        }
        if (this.options.read) {
            this.startReadPool();
        }
    }

    startReadPool() {
        this.readPool = this.startPart(['serve'], { LISTEN: `unix:${this.readSocket}`, LISTEN_EACH: 'on', POOL_NAME: 'read',
            ...this.options.read }, 'read.log');
    }

    /** Starts a part with settings of its own over the site's, and a log of its own. */
    startPart(args, env, log) {
        return start(quireBin, args,
            { env: environment({ ...this.settings, ...env }), cwd: this.dir, log: join(this.dir, log) });
    }

    /** Starts the processes that compose tweet threads, and the pool that waits for them, where it is asked for. */
    startWork() {
        this.work = this.startPart(['work'], {}, 'work.log');
        if (this.options.long) {
            this.long ??= this.startPart(['serve'], { LISTEN: `unix:${this.longSocket}`, ...this.options.long }, 'long.log');
        }
    }

    async startFront() {
        const settings = { CORS_ORIGINS: this.settings.CORS_ORIGINS,
            CORS_CREDENTIALS: this.settings.CORS_CREDENTIALS, AVATAR_MAX_BYTES: this.settings.AVATAR_MAX_BYTES };
        const prism = Through.ofRun(await this.document());
        this.front = await startNginx({
            dir: this.dir, socket: this.socket, webRoot: this.options.webRoot ?? join(root, 'app/web'), at: prism?.upstream,
            settings: { ...settings, QUIRE_LOGIN_SOCKET: this.options.login ? this.loginSocket : undefined,
                QUIRE_LONG_SOCKET: this.options.long ? this.longSocket : undefined,
                QUIRE_READ_SOCKET: this.options.read ? this.readSocket : undefined,
                QUIRE_READ_WORKERS: this.options.read?.WORKERS, ...this.options.nginx },
        });
        this.client = new Client(this.front.port, { secrets: this.passwords });
        this.client.through = prism;
        await this.describe();
    }

    /** Holds all further answers against the OpenAPI document of a program, with this site's settings. */
    async describe(program = quireBin) {
        this.recorder = recorderOf(await this.document(program));
        this.client.recorder = this.recorder;
    }

    /** The OpenAPI document of a program with this site's settings, as text. */
    document(program = quireBin) {
        return mustRun(program, ['openapi'], { cwd: this.dir, env: environment(this.settings) });
    }

    /** Waits until the pool serves with its database. */
    ready() {
        return until('the site is ready', async () => {
            if (!this.pool.alive()) {
                throw new Error(`quire serve ended:\n${tail(this.log.file)}`);
            }
            return (await this.get('//health/ready')).status === 200;
        });
    }

    /** The program with this site's settings; options as those of run(). */
    quire(args, { env = {}, ...options } = {}) {
        return run(quireBin, args, { cwd: this.dir, env: environment({ ...this.settings, ...env }), ...options });
    }

    mustQuire(args, { env = {}, ...options } = {}) {
        return mustRun(quireBin, args, { cwd: this.dir, env: environment({ ...this.settings, ...env }), ...options });
    }

    /** The pids of the workers. */
    workers() {
        return workersOf(this.pool.pid);
    }

    /** The pids of the processes of `quire work`. */
    workProcesses() {
        return workersOf(this.work.pid);
    }

    /** Rows of the site's database, read as its administrator. */
    query(sql) {
        return this.server.query(sql, this.database.name);
    }

    // HTTP. `options` is what Client takes; a person stands for { token: person.token }.
    request(method, path, options = {}) {
        return this.client.request(method, path, options);
    }

    get(path, options) {
        return this.client.get(path, asked(options));
    }

    head(path, options) {
        return this.client.head(path, asked(options));
    }

    delete(path, options) {
        return this.client.delete(path, asked(options));
    }

    post(path, json, options) {
        return this.client.post(path, json, asked(options));
    }

    put(path, json, options) {
        return this.client.put(path, json, asked(options));
    }

    patch(path, json, options) {
        return this.client.patch(path, json, asked(options));
    }

    /** A name nobody has yet, nor has as a beginning; also good as a search word. */
    name(prefix = 'user') {
        return `${prefix}${process.pid}n${++this.people}z`;
    }

    /** A password nobody has yet, remembered as a secret. */
    password() {
        const password = `pw-${randomUUID()}`;
        this.passwords.add(password);
        return password;
    }

    /** Registers somebody and logs them in. */
    async signUp({ username = this.name(), email = `${username}@example.com`, password = this.password() } = {}) {
        const answer = await this.post('/auth/register', { username, email, password });
        assert.equal(answer.status, 201, answer.raw);
        return this.login({ ...answer.json, password });
    }

    /** Logs a person in: they come back with tokens. */
    async login(person) {
        const answer = await this.post('/auth/login', { email: person.email, password: person.password });
        assert.equal(answer.status, 200, answer.raw);
        return { ...person, token: this.keep(answer.json.access_token), refresh: this.keep(answer.json.refresh_token) };
    }

    /** Remembers a token as a secret and gives it back. */
    keep(token) {
        this.tokens.add(token);
        return token;
    }

    /** The site's administrator, made by the command line at the first call. */
    admin() {
        this.adminMade ??= this.makeAdmin();
        return this.adminMade;
    }

    async makeAdmin() {
        const username = this.name('admin');
        const email = `${username}@example.com`;
        const password = this.password();
        await this.mustQuire(['user', 'create', '--username', username, '--email', email, '--admin'],
            { input: `${password}\n` });
        const person = await this.login({ username, email, password });
        const me = await this.get('/users/me', person);
        return { ...me.json, ...person };
    }

    /** A post by a person: the created object. */
    async createPost(author, fields = {}) {
        const answer = await this.post('/posts', { title: 'a title', content: 'some content', ...fields }, author);
        assert.equal(answer.status, 201, answer.raw);
        return answer.json;
    }

    /** Posts JSON that must be created: the object. */
    async create(path, json, person) {
        const answer = await this.post(path, json, person);
        assert.equal(answer.status, 201, answer.raw);
        return answer.json;
    }

    createComment(author, post, text = 'a comment', parent = undefined) {
        return this.create(`/posts/${post.id}/comments`, { text, parent_id: parent?.id }, author);
    }

    createBook(owner, fields = {}) {
        return this.create('/books', { title: 'a book', ...fields }, owner);
    }

    createReview(author, book, rating = 3, text = 'a review') {
        return this.create(`/books/${book.uid}/reviews`, { rating, review_text: text }, author);
    }

    /** A role that exists, by its name; made when it does not. */
    async role(name) {
        const admin = await this.admin();
        const { json } = await this.get('/roles?limit=100', admin);
        return json.find((role) => role.name === name) ?? this.create('/roles', { name }, admin);
    }

    /** Gives a person a role: { role: the object }. */
    async grant(person, name) {
        const role = await this.role(name);
        const answer = await this.put(`/users/${person.id}/roles/${role.id}`, undefined, await this.admin());
        assert.ok([200, 201].includes(answer.status), answer.raw);
        return role;
    }

    /** The stored counters of every post and book equal the rows that they count. */
    async assertCounters() {
        assert.deepEqual(await this.query(`SELECT p.id, p.comment_count, count(c.id) AS should_be
            FROM posts p LEFT JOIN comments c ON c.post_id = p.id GROUP BY p.id, p.comment_count
            HAVING p.comment_count <> should_be`), []);
        assert.deepEqual(await this.query(`SELECT hex(b.uid) AS uid, b.review_count, b.rating_sum, b.average_rating,
                count(r.uid) AS should_be_count, coalesce(sum(r.rating), 0) AS should_be_sum, avg(r.rating) AS should_be
            FROM books b LEFT JOIN reviews r ON r.book_uid = b.uid
            GROUP BY b.uid, b.review_count, b.rating_sum, b.average_rating
            HAVING b.review_count <> should_be_count OR b.rating_sum <> should_be_sum
                OR NOT (round(b.average_rating, 3) <=> round(should_be, 3))`), []);
        assert.deepEqual(await this.query(`SELECT p.id, p.votes, p.score,
                count(v.user_id) AS should_be_votes, coalesce(sum(v.vote_type), 0) AS should_be_score
            FROM posts p LEFT JOIN votes v ON v.post_id = p.id GROUP BY p.id, p.votes, p.score
            HAVING p.votes <> should_be_votes OR p.score <> should_be_score`), []);
    }

    /** One number: how many rows a table has where a condition holds. */
    async count(table, condition = 'TRUE') {
        return Number((await this.query(`SELECT count(*) AS n FROM ${table} WHERE ${condition}`))[0].n);
    }

    /** Ends everything; fails when a log file holds a secret or a sanitizer's report, or the pool ended badly. */
    async stop() {
        if (this.stopped) {
            return;
        }
        this.stopped = true;
        this.client?.close();
        const ends = [];
        for (const child of [this.pool, this.loginPool, this.long, this.work]) {
            ends.push(child?.alive() ? await child.stop('SIGTERM') : { code: 0, orphans: false });
        }
        await this.front?.stop('SIGQUIT');
        if (this.readPool?.alive()) { // it waits for nginx to close the connections that are kept
            ends.push(await this.readPool.stop('SIGTERM'));
        }
        if (failures() > this.failuresBefore) {
            this.printLogs();
        }
        if (this.server.child === null || this.server.child.alive()) {
            await this.server.dropDatabase(this.database);
        }
        for (const how of ends) {
            assert.equal(how.code, 0, `quire ended with ${how.code ?? how.signal}:\n${tail(this.log.file)}`);
            assert.equal(how.orphans, false, 'workers outlived the pool');
        }
        this.checkLogs();
    }

    logFiles() {
        const names = readdirSync(this.dir, { recursive: true }).map((name) => join(this.dir, String(name)));
        return names.filter((name) => name.endsWith('.log') && statSync(name).isFile());
    }

    printLogs() {
        for (const file of this.logFiles().filter((name) => !name.endsWith('access.log'))) {
            process.stderr.write(`--- the last lines of ${file}\n${tail(file, 50)}\n`);
        }
    }

    checkLogs() {
        const secrets = new Secrets();
        [...this.passwords, ...this.tokens, this.secret, this.database.password].forEach((each) => secrets.add(each));
        for (const file of this.logFiles()) {
            const text = readFileSync(file, 'utf8');
            assert.equal(secrets.foundIn(text), undefined, `${file} holds a secret`);
            assert.doesNotMatch(text, /Sanitizer|runtime error:/, `a sanitizer complains in ${file}`);
            assert.doesNotMatch(text, /\$2[aby]\$\d\d\$/, `${file} holds a password hash`);
        }
    }
}

function asked(options) {
    // A person has a password: only the token of one goes along.
    return options?.password === undefined ? options : { token: options.token };
}
