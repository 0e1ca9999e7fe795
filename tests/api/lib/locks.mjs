// locks: what a statement locks, kept while a test does something else.
//
//     const release = await hold(site, `SELECT id FROM users WHERE id = ${id} FOR UPDATE`);
//     const waiting = site.post('/microposts', …);
//     await release();
import assert from 'node:assert/strict';
import { until } from './processes.mjs';

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
