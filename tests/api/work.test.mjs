// `quire work` under fire: its processes, and now and then all of it, are killed at random while people ask for threads.
// Every attempt ends in exactly one state, and no thread is made twice. KILL_SECONDS=120 does so for two minutes; KILL_SEED
// repeats a run's choices.
import assert from 'node:assert/strict';
import { until } from './lib/processes.mjs';
import { completion, failure, startProvider, thread } from './lib/provider.mjs';
import { startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const SECONDS = Number(process.env.KILL_SECONDS ?? 12);
const SEED = Number(process.env.KILL_SEED ?? Date.now() % 1e9);
const pause = (ms) => new Promise((resolve) => {
    setTimeout(resolve, ms);
});
// Numerical Recipes' generator: enough to choose by.
let state = SEED >>> 0;
const below = (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * n);
};

const provider = await startProvider();
const site = await startSite({
    work: true,
    settings: { COMPOSER: 'openai', OPENAI_BASE_URL: provider.url, OPENAI_MODEL: 'm', OPENAI_TIMEOUT: 20,
        OPENAI_RETRIES: 0, WORK_PROCESSES: 4, WORK_LEASE: 2, WORKERS: 2 },
});
const ada = await site.signUp();
let answered = 0;
// Most answers take a while, so that the kills meet threads in the making; one in eight is a failure.
provider.script(async (request, response, body) => {
    await pause(below(400));
    answered += 1;
    (below(8) === 0 ? failure(400, 'no') : completion(thread(`Number ${answered}.`)))(request, response, body);
});

test(`${SECONDS} seconds of kills (seed ${SEED}): every attempt ends once, no thread is made twice`,
    { timeout: (SECONDS + 120) * 1000 }, async () => {
        const until_ = Date.now() + SECONDS * 1000;
        const asked = [];
        const kept = (await site.request('POST', '/tweets/generate', { token: ada.token,
            json: { topic: 'A thread that is made again and again' } })).json.id;
        const killed = { processes: 0, parents: 0 };
        const people = Array.from({ length: 4 }, async () => {
            while (Date.now() < until_) {
                const again = kept !== undefined && below(4) === 0;
                const path = again ? `/tweets/threads/${kept}/regenerate` : '/tweets/generate';
                const answer = await site.request('POST', path, { token: ada.token,
                    json: again ? undefined : { topic: `Thread number ${asked.length} of many` },
                    headers: { Prefer: 'respond-async' } });
                assert.equal(answer.status, 202, answer.raw);
                asked.push(answer.json.id);
                await pause(80 + below(120));
            }
        });
        const killer = (async () => {
            while (Date.now() < until_) {
                await pause(50 + below(500));
                const pids = site.workProcesses();
                if (below(8) === 0) {
                    await site.work.stop('SIGKILL');
                    killed.parents += 1;
                    site.startWork();
                } else if (pids.length > 0) {
                    try {
                        process.kill(pids[below(pids.length)], 'SIGKILL');
                        killed.processes += 1;
                    } catch { /* it has gone by itself */ }
                }
            }
        })();
        await Promise.all([...people, killer]);
        await until('every attempt has ended', async () => await site.count('tweet_histories', 'status < 2') === 0,
            { patience: 90000 });
        await pause(300); // whoever still believes to have one

        const rows = await site.query('SELECT id, status, thread_id, attempts, due_at, holder, processing_time, error FROM tweet_histories');
        assert.equal(rows.length, asked.length + 1, 'no attempt is lost');
        const made = rows.filter((row) => Number(row.status) === 2);
        for (const row of rows) {
            const success = Number(row.status) === 2;
            assert.deepEqual([row.due_at, row.holder], [null, null]);
            assert.notEqual(row.processing_time, null);
            assert.equal(row.error === null, success, JSON.stringify(row));
            // What was interrupted three times fails when it is taken again, which may itself be interrupted.
            assert.ok(Number(row.attempts) >= 1 && (Number(row.attempts) <= 3 || !success), JSON.stringify(row));
        }
        const fresh = made.filter((row) => Number(row.thread_id) !== kept);
        const threads = await site.query('SELECT id, tweets FROM tweet_threads');
        assert.deepEqual(threads.map((row) => Number(row.id)).sort((a, b) => a - b),
            [...new Set([kept, ...fresh.map((row) => Number(row.thread_id))])].filter((id) => id !== undefined)
                .sort((a, b) => a - b), 'a thread for each success, and no other');
        assert.equal(new Set(fresh.map((row) => Number(row.thread_id))).size, fresh.length, 'and no thread twice');
        const interrupted = rows.filter((row) => Number(row.attempts) > 1).length;
        assert.ok(killed.processes + killed.parents > 0 && interrupted > 0, 'the kills met threads in the making');
        process.stderr.write(`work: ${rows.length} attempts, ${made.length} threads made, ${rows.length - made.length} failed; `
            + `${killed.processes} processes and ${killed.parents} whole runs killed, ${interrupted} attempts taken up again\n`);
        await provider.close();
    });
