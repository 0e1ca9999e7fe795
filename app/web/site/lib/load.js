// One thing that a page shows: asked for when the page is opened, asked again when `key` changes.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { isAborted, must } from '../api.js';

/**
 * @template T
 * @typedef {object} Loaded
 * @property {T | null} data
 * @property {string | null} etag of what is shown, for If-Match
 * @property {Error | null} error
 * @property {boolean} loading
 * @property {() => void} again
 * @property {(data: T, etag?: string | null) => void} set shows something newer, that another answer has brought
 */

/**
 * @template T
 * @param {string} key all that the request depends on
 * @param {(signal: AbortSignal) => Promise<{ data?: T, error?: unknown, response: Response }>} load
 * @returns {Loaded<T>}
 */
export function useLoad(key, load) {
    /** @typedef {{ key: string, data: T | null, etag: string | null, error: Error | null, loading: boolean }} State */
    const [state, set] = useState(/** @returns {State} */ () => ({ key, data: null, etag: null, error: null, loading: true }));
    const asked = useRef(/** @type {AbortController | null} */ (null));

    const again = useCallback(() => {
        asked.current?.abort();
        const mine = new AbortController();
        asked.current = mine;
        set((old) => ({ key, data: old.key === key ? old.data : null, etag: old.key === key ? old.etag : null, error: null, loading: true }));
        must(load(mine.signal)).then(
            ({ data, response }) => {
                if (asked.current === mine) {
                    set({ key, data, etag: response.headers.get('ETag'), error: null, loading: false });
                }
            },
            (error) => {
                if (!isAborted(error) && asked.current === mine) {
                    set((old) => ({ ...old, error, loading: false }));
                }
            },
        );
    }, [key]);

    useEffect(() => {
        again();
        return () => asked.current?.abort();
    }, [key]);

    const show = useCallback((/** @type {T} */ data, /** @type {string | null} */ etag = null) => {
        set({ key, data, etag, error: null, loading: false });
    }, [key]);

    const current = state.key === key ? state : { data: null, etag: null, error: null, loading: true };
    return { data: current.data, etag: current.etag, error: current.error, loading: current.loading, again, set: show };
}
