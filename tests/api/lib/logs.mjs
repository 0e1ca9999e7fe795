// logs: the program's log, and nginx's, read as what they are: one JSON object a line.
//
//     const log = new Log('/tmp/…/quire.log');
//     const line = await log.ofRequest(answer.headers['x-request-id']);   // { route: …, statements: 2, … }
import { readFileSync } from 'node:fs';
import { until } from './processes.mjs';

export class Log {
    constructor(file) {
        this.file = file;
    }

    /** The whole text so far. */
    text() {
        try {
            return readFileSync(this.file, 'utf8');
        } catch (error) {
            if (error.code === 'ENOENT') {
                return '';
            }
            throw error;
        }
    }

    /** Every line, parsed; a line that is not JSON is an error. */
    lines() {
        return this.text().split('\n').filter(Boolean).map((line) => {
            try {
                return JSON.parse(line);
            } catch {
                throw new Error(`a line of the log is not JSON: ${line.slice(0, 500)}`);
            }
        });
    }

    /** The line of a request, waited for: it is written after the answer. */
    ofRequest(id) {
        return until(`a log line of request ${id}`, () => this.lines().find((line) => line.request_id === id),
            { every: 10 });
    }
}

/**
 * nginx's lines of these requests, waited for: it keeps lines for a second, each of its processes its own. `front` is what
 * startNginx() gives.
 */
export function loggedByNginx(front, ids) {
    const log = new Log(front.accessLog);
    return until('nginx has logged it', () => {
        const lines = new Map(log.lines().map((line) => [line.request_id, line]));
        return ids.every((id) => lines.has(id)) && ids.map((id) => lines.get(id));
    }, { every: 100 });
}
