// Replicas: a primary and two servers that follow it by GTID. Who is not signed in reads a replica that follows closely;
// people read what they wrote; what a replica does not know yet, or cannot answer, the primary does.
import assert from 'node:assert/strict';
import { assertError } from './lib/contract.mjs';
import { Load } from './lib/load.mjs';
import { newServer } from './lib/mariadb.mjs';
import { freePort } from './lib/nginx.mjs';
import { poolOf } from './lib/pool.mjs';
import { until } from './lib/processes.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const port = await freePort();
const primary = await newServer({ flags: ['--skip-networking=0', '--bind-address=127.0.0.1', `--port=${port}`, '--server-id=1',
    '--log-bin=bin', '--binlog-format=ROW'] });
const replicas = await Promise.all([2, 3].map((id) => newServer({ like: primary,
    flags: [`--server-id=${id}`, '--read-only', '--relay-log=relay'] })));
const [one, two] = replicas;
await Promise.all([primary, ...replicas].map((server) => server.start()));
await primary.query("CREATE USER follower@'127.0.0.1' IDENTIFIED BY 'follows'; GRANT REPLICATION SLAVE ON *.* TO follower@'127.0.0.1'");
for (const replica of replicas) {
    await replica.query(`CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ${port}, MASTER_USER = 'follower',
        MASTER_PASSWORD = 'follows', MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1; START SLAVE`);
}
const site = await startSite({ server: primary, settings: { WORKERS: 2, DB_REPLICAS: replicas.map(({ socket }) => socket).join(),
    DB_REPLICA_MAX_LAG: 2, DB_CONNECT_TIMEOUT: 1 } });
await primary.query(`GRANT SLAVE MONITOR ON *.* TO '${site.database.user}'@'localhost'`);
const { mark, linesSinceMark, restart } = poolOf(site);
const ada = await site.signUp();

const name = site.database.name;
/** Waits until a replica has carried out what the primary has. */
async function caughtUp(replica) {
    const [{ at }] = await primary.query('SELECT @@gtid_binlog_pos AS at');
    const [{ late }] = await replica.query(`SELECT MASTER_GTID_WAIT('${at}', 50) AS late`);
    assert.equal(late, '0');
}

/** A post whose title says where it was read: the replicas hold another one than the primary. */
async function toldApart() {
    const post = await site.createPost(ada, { title: 'of the primary' });
    for (const replica of replicas) {
        await caughtUp(replica);
        await replica.query(`SET SESSION sql_log_bin = 0; UPDATE ${name}.posts SET title = 'of a replica' WHERE id = ${post.id}`);
    }
    return post;
}

const titleFor = async (post, person) => (await site.get(`/posts/${post.id}`, person)).json.title;
const untilReadAt = (post, where) => until(`it is read at ${where}`, async () => {
    const titles = await Promise.all([1, 2, 3, 4].map(() => titleFor(post)));
    return titles.every((title) => title === `of ${where}`);
}, { patience: 45000, every: 200 });

let post;

test('who is not signed in reads a replica; who is signed in, and who writes, the primary', async () => {
    post = await toldApart();
    await untilReadAt(post, 'a replica');
    const { headers } = await site.post('/auth/login', { email: ada.email, password: ada.password, mode: 'cookie' });
    const cookies = headers['set-cookie'].map((line) => line.split(';')[0]);
    cookies.forEach((cookie) => site.keep(cookie.slice(cookie.indexOf('=') + 1)));
    const byCookie = { headers: { Cookie: cookies.join('; ') } };
    for (let i = 0; i < 6; i++) {
        assert.equal((await site.request('GET', `/posts/${post.id}`, byCookie)).json.title, 'of the primary');
        assert.equal(await titleFor(post), 'of a replica');
        assert.equal(await titleFor(post, ada), 'of the primary');
        assert.equal((await site.head(`/posts/${post.id}`)).status, 200);
    }
    assert.equal((await site.get('/posts?search=of%20a%20replica')).json[0].id, post.id);
    // Replication then makes the rows alike again, so that it is another one.
    const other = await toldApart();
    const edited = await site.patch(`/posts/${other.id}`, { content: 'new' }, ada);
    assert.deepEqual([edited.status, edited.json.title], [200, 'of the primary']);
});

test('people read what they wrote, and an ended session is over, however far the replicas are behind', async () => {
    await Promise.all(replicas.map((replica) => replica.query('STOP SLAVE SQL_THREAD')));
    for (let i = 0; i < 10; i++) {
        const mine = await site.createPost(ada);
        assert.equal((await site.get(`/posts/${mine.id}`, ada)).status, 200);
        // and whoever is given the link: what a replica does not have is looked for at the primary
        assert.equal((await site.get(`/posts/${mine.id}`)).status, 200);
    }
    const bob = await site.signUp();
    assert.equal((await site.post('/auth/logout', undefined, bob)).status, 204);
    assertError(await site.get('/posts', bob), 401, 'invalid_token');
    assertError(await site.get('/posts/999999'), 404, 'not_found');
    await Promise.all(replicas.map((replica) => replica.query('START SLAVE SQL_THREAD')));
});

test('replicas that stand still are not read, and are again when they follow', async () => {
    await untilReadAt(post, 'a replica');
    mark();
    await Promise.all(replicas.map((replica) => replica.query('STOP SLAVE SQL_THREAD')));
    await untilReadAt(post, 'the primary');
    assert.ok(linesSinceMark('a replica is not read').some(({ cause }) => cause === 'its replication stands still'));
    await Promise.all(replicas.map((replica) => replica.query('START SLAVE SQL_THREAD')));
    await untilReadAt(post, 'a replica');
});

test('replicas that lag more than DB_REPLICA_MAX_LAG are not read; one that follows again is', { timeout: 120000 }, async () => {
    const delay = (replica, seconds) => replica.query(`STOP SLAVE; CHANGE MASTER TO MASTER_DELAY = ${seconds}; START SLAVE`);
    mark();
    await Promise.all(replicas.map((replica) => delay(replica, 60)));
    await site.createPost(ada); // which they do not carry out for a minute
    await untilReadAt(post, 'the primary');
    await until('it is said why', async () => {
        await site.get('/posts');
        return linesSinceMark().some(({ cause }) => cause?.includes('lags behind'));
    }, { every: 200 });
    await delay(one, 0);
    await untilReadAt(post, 'a replica');
    await delay(two, 0);
});

test('a replica dies under load: nobody sees it', async () => {
    await untilReadAt(post, 'a replica');
    const load = new Load(site.front.port, `/api/v1/posts/${post.id}`, { clients: 4 });
    await load.more(50);
    await two.stop('SIGKILL');
    await load.more(100);
    await one.stop('SIGKILL');
    await load.more(100);
    assert.equal(await titleFor(post), 'of the primary');
    assert.deepEqual((await load.stop()).failed, []);
});

test('the primary dies: 503, for a replica that follows nobody is not read either; and all is well when it is back', {
    timeout: 120000 }, async () => {
    await one.start();
    await one.query('START SLAVE').catch(() => {}); // it may have begun by itself
    await restart(); // nobody avoids it any more
    await untilReadAt(post, 'a replica');
    await primary.stop('SIGKILL');
    const written = await site.post('/posts', { title: 't', content: 'c' }, ada);
    assert.equal(written.status, 503, written.raw);
    assert.equal((await site.get('//health/ready')).status, 503);
    await until('it is no more read', async () => (await site.get(`/posts/${post.id}`)).status === 503);
    await primary.start();
    await site.ready();
    await site.createPost(ada);
    await untilReadAt(post, 'a replica');
    await one.stop('SIGKILL');
});
