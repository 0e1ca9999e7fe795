// An attempt to make a thread, followed to its end. It is made elsewhere (`quire work`) and goes on when the page is left:
// who has its id can look again.
import { useEffect, useState } from 'preact/hooks';
import { api, isAborted, isAway, must } from '../api.js';

/** @typedef {import('../types').Attempt} Attempt */

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 5000;
const GROWTH = 1.5;

/** @param {Attempt} attempt */
export const isOver = ({ status }) => status !== 'pending' && status !== 'running';

/** The id of the attempt that an answer leads to.
 *  @param {Response} response 202 */
export const attemptOf = (response) => /\/histories\/(\d+)$/.exec(response.headers.get('Location') ?? '')?.[1] ?? '';

/**
 * How far it is, asked again and again, less and less often, until it is over or the page is left. A site that is away for a
 * while is waited for.
 * @param {number} id
 * @returns {{ attempt: Attempt | null, error: Error | null, again: () => void }}
 */
export function useAttempt(id) {
    const [state, set] = useState(/** @type {{ attempt: Attempt | null, error: Error | null }} */ ({ attempt: null, error: null }));
    const [round, setRound] = useState(0);
    useEffect(() => {
        const left = new AbortController();
        let timer = 0;
        let pause = FIRST_PAUSE_MS;
        const ask = async () => {
            try {
                const { data } = await must(api.GET('/tweets/histories/{id}', { params: { path: { id } }, signal: left.signal, cache: 'no-store' }));
                const attempt = /** @type {Attempt} */ (data);
                set({ attempt, error: null });
                if (isOver(attempt)) {
                    return;
                }
            } catch (error) {
                if (isAborted(error)) {
                    return;
                }
                set(({ attempt }) => ({ attempt, error: /** @type {Error} */ (error) }));
                if (!isAway(error)) {
                    return;
                }
            }
            if (!left.signal.aborted) {
                timer = setTimeout(ask, pause);
                pause = Math.min(LONGEST_PAUSE_MS, pause * GROWTH);
            }
        };
        ask();
        return () => {
            left.abort();
            clearTimeout(timer);
        };
    }, [id, round]);
    return { ...state, again: () => setRound((n) => n + 1) };
}
