// The comments of a post: trees, a hundred at a time, and the one that the address names (/posts/1#comment-5), wherever among
// them it stands.
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { api, ApiError, isAborted, must, nextCursor } from '../api.js';

/** @typedef {import('../types').CommentTree} Tree */
/** @typedef {{ trees: Tree[], pages: number, more: boolean }} Trees */

const AT_ONCE = 100; // trees of a page
const PAGES_AT_MOST = 20; // that are read to find one comment

/** Whether a comment is among these, however deep. (People may answer one another more often than functions can call themselves.)
 *  @param {Tree[]} trees @param {number} id */
export function holds(trees, id) {
    const open = [...trees];
    for (let tree = open.pop(); tree !== undefined; tree = open.pop()) {
        if (tree.id === id) {
            return true;
        }
        for (const reply of tree.replies) {
            open.push(reply);
        }
    }
    return false;
}

/** A page of trees: of fewer where a hundred are more than one answer holds.
 *  @param {number} post @param {string | undefined} cursor @param {AbortSignal} signal */
async function loadPage(post, cursor, signal) {
    for (let limit = AT_ONCE; ; limit = Math.ceil(limit / 4)) {
        try {
            return await must(api.GET('/posts/{id}/comments',
                { params: { path: { id: post }, query: { view: 'tree', limit, cursor } }, signal }));
        } catch (error) {
            if (!(error instanceof ApiError && error.code === 'answer_too_large') || limit === 1) {
                throw error;
            }
        }
    }
}

/**
 * The first pages of the trees, and whether there is another.
 * @param {number} post
 * @param {number} pages
 * @param {AbortSignal} signal
 * @param {number} [wanted] the id of a comment: what lies before it is loaded too, up to a bound. No tree begins with a
 *     comment that is younger than those in it, so that one knows where it can stand no more
 * @returns {Promise<{ data: Trees, response: Response }>}
 */
export async function loadTrees(post, pages, signal, wanted = 0) {
    const trees = /** @type {Tree[]} */ ([]);
    let cursor = /** @type {string | undefined} */ (undefined);
    for (let page = 1; ; page += 1) {
        const answer = await loadPage(post, cursor, signal);
        const next = /** @type {Tree[]} */ (answer.data);
        trees.push(...next);
        cursor = nextCursor(answer.response) ?? undefined;
        const further = page < PAGES_AT_MOST && next.length > 0 && next[next.length - 1].id < wanted && !holds(next, wanted);
        if (cursor === undefined || (page >= pages && !further)) {
            return { data: { trees, pages: page, more: cursor !== undefined }, response: answer.response };
        }
    }
}

/** The id of the comment that the address names, or 0; it changes when a link leads to another. */
function useNamedId() {
    useLocation();
    const [, redraw] = useState(0);
    useEffect(() => {
        const look = () => redraw((n) => n + 1);
        addEventListener('hashchange', look);
        return () => removeEventListener('hashchange', look);
    }, []);
    return Number(/^#comment-(\d{1,15})$/.exec(location.hash)?.[1] ?? 0);
}

/**
 * Where the comment that the address names is.
 * @typedef {object} Named
 * @property {number} id 0 when the address names none
 * @property {'' | 'looking' | 'there' | 'gone'} state
 * @property {Tree | null} alone the comment, where it lies further on than pages are read to find it
 * @property {Error | null} error why it could not be looked for
 * @property {() => void} again
 */

/** @type {Omit<Named, 'id' | 'again'>} */
const NOTHING = { state: '', alone: null, error: null };

/**
 * Finds it, and loads what lies before it.
 * @param {number} post
 * @param {import('./load.js').Loaded<Trees>} loaded
 * @returns {Named}
 */
export function useNamed(post, loaded) {
    const id = useNamedId();
    const [found, set] = useState(NOTHING);
    const [round, setRound] = useState(0);
    useEffect(() => {
        const left = new AbortController();
        const find = async () => {
            const { trees, pages } = /** @type {Trees} */ (loaded.data);
            if (holds(trees, id)) {
                return set({ ...NOTHING, state: 'there' });
            }
            set({ ...NOTHING, state: 'looking' });
            const { data: comment } = await must(api.GET('/comments/{id}', { params: { path: { id } }, signal: left.signal }));
            if (comment.post_id !== post) {
                return set({ ...NOTHING, state: 'gone' });
            }
            const { data, response } = await loadTrees(post, pages, left.signal, id);
            loaded.set(data, response.headers.get('ETag'));
            const alone = holds(data.trees, id) ? null : /** @type {Tree} */ ({ ...comment, replies: [] });
            return set({ ...NOTHING, state: 'there', alone });
        };
        if (id > 0 && loaded.data !== null) {
            find().catch((error) => {
                if (!isAborted(error)) {
                    set(error.status === 404 ? { ...NOTHING, state: 'gone' } : { ...NOTHING, error });
                }
            });
        }
        return () => left.abort();
    }, [id, loaded.data !== null, round]);
    return { id, ...(id > 0 ? found : NOTHING), again: () => setRound((n) => n + 1) };
}
