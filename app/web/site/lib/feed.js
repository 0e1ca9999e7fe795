// Lists without an end: page after page by cursor, as the reader comes near the end of what is there. What was read stays
// while the tab lives, so that the back button leads to the place where one was.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { isAborted, must, nextCursor } from '../api.js';
import { Store } from './store.js';

/**
 * @template T
 * @typedef {object} Feed
 * @property {T[]} items
 * @property {boolean} loading
 * @property {boolean} done whether there is nothing more
 * @property {Error | null} error why the next page is not there
 * @property {() => void} more asks for the next page
 * @property {(change: (items: T[]) => T[]) => void} change of the items that are there: one was edited, or is gone
 */

/** @typedef {{ items: unknown[], cursor: string | undefined, done: boolean }} Kept */

const KEPT_LISTS = 20;

/** The lists that were read, the one read last at the end.
 *  @type {Map<string, Kept>} */
const kept = new Map();

/** @param {any} item */
const nameOf = (item) => item.id ?? item.uid;

/** @param {string} key @param {Kept} list */
function remember(key, list) {
    kept.delete(key);
    kept.set(key, list);
    if (kept.size > KEPT_LISTS) {
        kept.delete(/** @type {string} */ (kept.keys().next().value));
    }
}

/** Forgets what was read: somebody else is logged in, or something was written that belongs into a list.
 *  @param {string} [start] of the keys */
export function forgetFeeds(start = '') {
    for (const key of [...kept.keys()].filter((each) => each.startsWith(start))) {
        kept.delete(key);
    }
}

/** What the page before this one has deleted as it was left (later.js): the server may still be at it.
 *  @returns {[string, boolean][]} */
function leftBehind() {
    try {
        const [until, marks] = JSON.parse(sessionStorage['quire.deleted']);
        return Date.now() < until ? marks : [];
    } catch {
        return [];
    }
}

/** What is deleted, or will be in a moment, by the address of its page: none shows it, whatever the server still says. true:
 *  the server knows.
 *  @type {Store<Map<string, boolean>>} */
export const deleted = new Store(new Map(leftBehind()));

/** Whether one went back or forward last. */
export let cameBack = false;
addEventListener('popstate', () => { cameBack = true; });
addEventListener('click', () => { cameBack = false; }, true);
addEventListener('submit', () => { cameBack = false; }, true);

/**
 * @template T
 * @param {string} key what the list is, all that it depends on included: "posts?sort=score"
 * @param {(cursor: string | undefined, signal: AbortSignal) =>
 *     Promise<{ data?: T[], error?: unknown, response: Response }>} load asks for a page
 * @returns {Feed<T>}
 */
export function useFeed(key, load) {
    const [, redraw] = useState(0);
    const draw = useCallback(() => redraw((n) => n + 1), []);
    const state = useRef(/** @type {{ key: string, list: Kept, asked: AbortController | null, error: Error | null } | null} */ (null));
    if (state.current?.key !== key) {
        state.current?.asked?.abort();
        const list = (cameBack && kept.get(key)) || { items: [], cursor: undefined, done: false };
        state.current = { key, list, asked: null, error: null };
    }
    const here = state.current;

    const more = useCallback(async () => {
        if (here.asked !== null || here.list.done) {
            return;
        }
        const asked = new AbortController();
        here.asked = asked;
        here.error = null;
        draw();
        try {
            const { data, response } = await must(load(here.list.cursor, asked.signal));
            const next = nextCursor(response);
            // A row may come twice: it was written here meanwhile, or has moved in the order.
            const there = new Set(here.list.items.map(nameOf));
            here.list = { items: [...here.list.items, ...data.filter((item) => !there.has(nameOf(item)))], cursor: next ?? undefined, done: next === null };
            remember(key, here.list);
        } catch (error) {
            if (isAborted(error)) {
                return;
            }
            here.error = /** @type {Error} */ (error);
        }
        here.asked = null;
        draw();
    }, [key]);

    const change = useCallback((/** @type {(items: T[]) => T[]} */ how) => {
        here.list = { ...here.list, items: how(/** @type {T[]} */ (here.list.items)) };
        remember(key, here.list);
        draw();
    }, [key]);

    useEffect(() => {
        if (here.list.items.length === 0 && !here.list.done) {
            more();
        }
        return () => here.asked?.abort();
    }, [key]);

    return {
        items: /** @type {T[]} */ (here.list.items),
        loading: here.asked !== null,
        done: here.list.done,
        error: here.error,
        more,
        change,
    };
}
