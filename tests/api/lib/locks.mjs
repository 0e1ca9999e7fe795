// locks: what a statement locks, kept while a test does something else.
//
//     const release = await hold(site, `SELECT id FROM users WHERE id = ${id} FOR UPDATE`);
//     const waiting = site.post('/microposts', …);
//     await release();
//     const answer = await whileHeld(site, `SELECT … FOR UPDATE`, 2000, () => site.patch(…));
//     await lockAwaited(site);                             // a statement waits for the lock of a row
//     const open = await closeGate(site);                  // a statement with atGate(site) in it lasts until open()
//     const slow = site.query(`DO ${atGate(site)}`);
//     await gateReached(site);
//     await open();
import assert from 'node:assert/strict';
import { sleep, until } from './processes.mjs';

/** Keeps a statement's locks until the function returned is called. */
export async function hold(site, statement) {
    const held = site.query(`BEGIN; ${statement}; DO SLEEP(60)`).catch(() => 'released');
    const sleeping = async () => (await site.query(`SELECT id FROM information_schema.processlist
        WHERE db = DATABASE() AND info LIKE 'DO SLEEP(60)%'`))[0]?.id;
    const connection = await until('the lock is held', sleeping);
    return async () => {
        await site.query(`KILL ${connection}`);
        assert.equal(await held, 'released');
    };
}

/** Waits until a statement waits for a row that another transaction has locked. */
export const lockAwaited = (site) => until('a lock is waited for', async () => (await site.query(`SELECT trx_id FROM
    information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'`)).length > 0,
{ every: 200 }); // the server renews that table when nobody has looked for 100 ms

/** Closes the gate of a site's database, which has that name on the whole server; returns what opens it. */
export const closeGate = (site) => hold(site, `DO GET_LOCK('${site.database.name}', 60)`);

/** An expression that waits while that gate is closed, for a minute at most. It is 2 then, and who comes next passes, too. */
export const atGate = ({ database: { name } }) => `GET_LOCK('${name}', 60) + RELEASE_LOCK('${name}')`;

/** Waits until somebody stands at it. */
export const gateReached = (site) => until('somebody is at the gate', async () => (await site.query(`SELECT id FROM
    information_schema.processlist WHERE db = DATABASE() AND state = 'User lock'`)).length > 0);

/** What `ask` gives, which begins when a statement's locks are held; they are let go `ms` milliseconds later. */
export async function whileHeld(site, statement, ms, ask) {
    const release = await hold(site, statement);
    const [answer] = await Promise.all([ask(), sleep(ms).then(release)]);
    return answer;
}
