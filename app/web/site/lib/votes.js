// How I have voted, of the posts that are shown.
import { useEffect } from 'preact/hooks';
import { api, must, nextCursor } from '../api.js';
import { session, useSession } from '../session.js';
import { Store, useStore } from './store.js';

/** @typedef {import('../types').VoteType} VoteType */

/** By the post's id; null where I have not voted, nothing where that is not known.
 *  @type {Store<Map<number, VoteType | null>>} */
const votes = new Store(new Map());

session.listeners.add((me) => {
    if (me === null) {
        votes.set(new Map());
    }
});

/** Where more votes lie between the first and the last of the posts than an answer holds, each half is asked for by itself.
 *  @param {number[]} ids of posts, rising */
async function ask(ids) {
    const me = session.value?.id;
    const range = { post_id_gte: ids[0], post_id_lte: ids[ids.length - 1], limit: 100 };
    const { data, response } = await must(api.GET('/users/me/votes', { params: { query: range } }));
    if (nextCursor(response) !== null) {
        const half = ids.length >> 1;
        await Promise.all([ask(ids.slice(0, half)), ask(ids.slice(half))]);
    } else if (session.value?.id === me) {
        const mine = new Map(data.map(({ post_id: id, vote_type: type }) => [id, type]));
        votes.set(new Map([...ids.map(/** @returns {[number, VoteType | null]} */ (id) => [id, mine.get(id) ?? null]),
            ...votes.value])); // who has voted meanwhile knows better
    }
}

/** Asks for my votes on these posts, once each, when somebody is logged in.
 *  @param {number[]} ids */
export function useMyVotes(ids) {
    const me = useSession();
    const unknown = ids.filter((id) => !votes.value.has(id));
    useEffect(() => {
        if (me && unknown.length > 0) {
            ask(unknown.sort((a, b) => a - b)).catch(() => {}); // the arrows then look as if I had not voted
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
