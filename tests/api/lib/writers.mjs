// writers: people who write posts as fast as they are answered, each read again at once by who wrote it, on another
// machine, while a test does something to the database; and what came of it.
//
//     const writers = new Writers(machines, people);
//     writers.phase('calm'); await sleep(2000);
//     writers.phase('a node is killed'); …
//     const what = await writers.stop((titles) => …the titles that are stored…);
//     console.log(table(what.phases)); assert.deepEqual(what.missing, []);
import { randomUUID } from 'node:crypto';
import { sleep } from './processes.mjs';

export class Writers {
    /** One writer a person; the machines are taken in turn. */
    constructor(machines, people) {
        this.machines = machines;
        this.running = true;
        this.phases = [];
        this.writes = []; // { title, status, code, at, who }
        this.stale = []; // what was acknowledged and not read
        this.wrong = []; // answers that are none of success and 503
        this.read = 0;
        this.phase('begin');
        this.loops = people.map((person, who) => this.#loop(person, who));
    }

    /** What follows is told of under this name. */
    phase(name) {
        this.phases.push({ name, from: performance.now() });
    }

    async #loop(person, who) {
        for (let i = who; this.running; i++) {
            const title = `w ${randomUUID()}`;
            const { client } = this.machines[i % this.machines.length];
            const answer = await client.post('/posts', { title, content: 'c' }, { token: person.token, timeout: 60000 });
            const code = answer.headers['x-error-code'];
            this.writes.push({ title, status: answer.status, code, at: performance.now(), who });
            if (answer.status === 201) {
                await this.#read(person, answer.json.id, title, this.machines[(i + 1) % this.machines.length]);
            } else {
                if (answer.status !== 503) {
                    this.wrong.push(answer.raw);
                }
                await sleep(50);
            }
        }
    }

    async #read(person, id, title, { client }) {
        const answer = await client.get(`/posts/${id}`, { token: person.token, timeout: 60000 });
        if (answer.status === 200 && answer.json.title === title) {
            this.read += 1;
        } else if (answer.status !== 503) { // who gets no answer has not been told anything wrong
            this.stale.push(`${title}: ${answer.raw}`);
        }
    }

    /** Ends it. storedOf gives the titles that are stored, as often as they are. */
    async stop(storedOf) {
        this.running = false;
        const end = performance.now();
        await Promise.all(this.loops);
        const stored = await storedOf();
        const there = new Set(stored);
        const told = (test) => this.writes.filter(test).map(({ title }) => title);
        const unknown = told(({ code }) => code === 'outcome_unknown');
        const acknowledged = told(({ status }) => status === 201);
        return {
            phases: this.phases.map((phase, i) => this.#tell(phase, this.phases[i + 1]?.from ?? end)),
            acknowledged: acknowledged.length,
            missing: acknowledged.filter((title) => !there.has(title)),
            twice: stored.length - there.size,
            unknown: unknown.length,
            unknownStored: unknown.filter((title) => there.has(title)).length,
            // refused, with the word that nothing was changed
            refusedStored: told(({ status, code }) => status !== 201 && code !== 'outcome_unknown')
                .filter((title) => there.has(title)),
            read: this.read,
            stale: this.stale,
            wrong: this.wrong,
        };
    }

    /** One line of the table: seconds without any acknowledged write, for all together and for the worst off. */
    #tell({ name, from }, to) {
        const within = this.writes.filter(({ at }) => at >= from && at < to);
        const good = within.filter(({ status }) => status === 201);
        const gap = (list) => Math.max(...[from, ...list.map(({ at }) => at), to].map((at, i, all) => at - (all[i - 1] ?? at)));
        const writers = [...new Set(this.writes.map(({ who }) => who))];
        const seconds = (ms) => (ms / 1000).toFixed(2);
        return { phase: name, seconds: seconds(to - from), written: good.length, refused: within.length - good.length,
            'longest pause, s': seconds(gap(good)),
            'of one client, s': seconds(Math.max(...writers.map((who) => gap(good.filter((write) => write.who === who))))) };
    }
}

/** Objects as a table of text. */
export function table(rows) {
    const names = Object.keys(rows[0]);
    const lines = [names, ...rows.map((row) => names.map((name) => String(row[name])))];
    const widths = names.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
    return lines.map((line) => line.map((cell, i) => i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])).join('  ')).join('\n');
}
