// How I have voted, of the posts that are shown.
import { useEffect } from 'preact/hooks';
import { api, must, nextCursor } from '../api.js';
import { session, useSession } from '../session.js';
import { Store, useStore } from './store.js';

/** @typedef {import('../types').VoteType} VoteType */

const PAGES_AT_MOST = 5; // of a hundred votes: enough for any list that somebody has scrolled through

/** By the post's id; null where I have not voted, nothing where that is not known.
 *  @type {Store<Map<number, VoteType | null>>} */
const votes = new Store(new Map());

session.listeners.add((me) => {
    if (me === null) {
        votes.set(new Map());
    }
});

/** @param {number[]} ids of posts */
async function ask(ids) {
    const found = new Map(ids.map((id) => [id, /** @type {VoteType | null} */ (null)]));
    const range = { post_id_gte: Math.min(...ids), post_id_lte: Math.max(...ids), limit: 100 };
    /** @type {string | undefined} */
    let cursor;
    for (let i = 0; i < PAGES_AT_MOST; i++) {
        const { data, response } = await must(api.GET('/users/me/votes', { params: { query: { ...range, cursor } } }));
        for (const { post_id: id, vote_type: type } of data) {
            if (found.has(/** @type {number} */ (id))) {
                found.set(/** @type {number} */ (id), /** @type {VoteType} */ (type));
            }
        }
        cursor = nextCursor(response) ?? undefined;
        if (cursor === undefined) {
            break;
        }
    }
    votes.set(new Map([...found, ...votes.value])); // who has voted meanwhile knows better
}

/** Asks for my votes on these posts, once each, when somebody is logged in.
 *  @param {number[]} ids */
export function useMyVotes(ids) {
    const me = useSession();
    const unknown = ids.filter((id) => !votes.value.has(id));
    useEffect(() => {
        if (me && unknown.length > 0) {
            ask(unknown).catch(() => {}); // the arrows then look as if I had not voted
        }
    }, [me?.id, unknown.join()]);
}

/** Nothing while it is not known.
 *  @param {number} id @returns {VoteType | null | undefined} */
export const useMyVote = (id) => useStore(votes).get(id);

/** @param {number} id @param {VoteType | null} type */
const set = (id, type) => votes.set(new Map([...votes.value, [id, type]]));

/**
 * Votes, or with null takes the vote back. It shows at once; when the server refuses, all is as before, and the error is
 * thrown.
 * @param {number} id of the post @param {VoteType | null} type
 */
export async function vote(id, type) {
    const before = votes.value.get(id) ?? null;
    const at = { params: { path: { id } } };
    set(id, type);
    try {
        await must(type === null ? api.DELETE('/posts/{id}/vote', at) : api.PUT('/posts/{id}/vote', { ...at, body: { vote_type: type } }));
    } catch (error) {
        set(id, before);
        throw error;
    }
}
