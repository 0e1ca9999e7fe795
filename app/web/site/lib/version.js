// Saving what others may change too. The ETag of the version that was opened goes with it: when theirs is another by now,
// nothing is overwritten, both are shown against each other, and the writer decides.
import { useRef, useState } from 'preact/hooks';
import { ApiError, must } from '../api.js';

/**
 * @template {import('./form.js').Values} V
 * @typedef {object} Version
 * @property {V | null} theirs what somebody else has saved meanwhile, as the form would show it
 * @property {() => void} settled the writer has decided
 * @property {(etag: string, sent: Partial<V>, write: (etag: string) => Promise<{ data?: any, error?: unknown, response: Response }>)
 *     => Promise<{ data: any, response: Response }>} save gives what is there then; throws when it is not saved. `etag` is that of
 *     the version in which the writing began: a value of the form, so that a draft knows it too. `sent`: what is written
 */

/**
 * @template {import('./form.js').Values} V
 * @param {object} about
 * @param {() => Promise<{ data?: unknown, error?: unknown, response: Response }>} about.read asks for what is there now
 * @param {(data: any) => V} about.valuesOf as the form shows it
 * @returns {Version<V>}
 */
export function useVersion({ read, valuesOf }) {
    const [theirs, setTheirs] = useState(/** @type {V | null} */ (null));
    const seen = useRef(/** @type {string | null} */ (null)); // a later version, that has been shown or is my own
    const saw = (/** @type {Response} */ response) => { seen.current = response.headers.get('ETag'); };
    return {
        theirs,
        settled: () => setTheirs(null),
        save: async (etag, sent, write) => {
            try {
                const answer = await must(write(seen.current ?? etag));
                saw(answer.response);
                setTheirs(null);
                return answer;
            } catch (error) {
                if (!(error instanceof ApiError) || error.status !== 412) {
                    throw error;
                }
                const answer = await must(read());
                const now = valuesOf(answer.data);
                saw(answer.response);
                if (Object.keys(sent).every((name) => now[name] === sent[name])) { // it is mine: only the answer was lost
                    setTheirs(null);
                    return answer;
                }
                setTheirs(now);
                throw new ApiError(412, error.code,
                    'Somebody has changed this since you opened it. Nothing is lost: both versions are shown above.');
            }
        },
    };
}
