// locks: what a statement locks, kept while a test does something else.
//
//     const release = await hold(site, `SELECT id FROM users WHERE id = ${id} FOR UPDATE`);
//     const waiting = site.post('/microposts', …);
//     await release();
//     const answer = await whileHeld(site, `SELECT … FOR UPDATE`, 2000, () => site.patch(…));
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

/** What `ask` gives, which begins when a statement's locks are held; they are let go `ms` milliseconds later. */
export async function whileHeld(site, statement, ms, ask) {
    const release = await hold(site, statement);
    const [answer] = await Promise.all([ask(), sleep(ms).then(release)]);
    return answer;
}
