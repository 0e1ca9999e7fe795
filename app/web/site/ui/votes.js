// The arrows beside a post, and what they have come to. A click counts at once and is taken back when it does not reach the
// server; the same arrow again takes the vote back.
import { html } from 'htm/preact';
import { useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { ApiError } from '../api.js';
import { useMyVote, vote } from '../lib/votes.js';
import { useSession } from '../session.js';
import { say } from './toasts.js';

/** @typedef {import('../types').VoteType} VoteType */

const WORTH = { upvote: 1, downvote: -1 };

/** @param {VoteType | null | undefined} type */
const worth = (type) => (type ? WORTH[type] : 0);

/** The vote of mine that the score of a post holds, as the post was answered: the back button shows the same answer again.
 *  @type {WeakMap<object, VoteType | null>} */
const counted = new WeakMap();

/** @param {{ post: { id: number, title: string, score: number } }} props */
export function Votes({ post }) {
    const me = useSession();
    const mine = useMyVote(post.id);
    const { route, url } = useLocation();
    const busy = useRef(false);
    if (mine !== undefined && !counted.has(post)) {
        counted.set(post, mine);
    }
    const score = post.score + (counted.has(post) ? worth(mine) - worth(counted.get(post)) : 0);

    /** @param {VoteType} type */
    const click = async (type) => {
        if (me === null) { // who is not known yet may well be somebody
            route(`/login?next=${encodeURIComponent(url)}`);
            return;
        }
        if (busy.current) {
            return;
        }
        busy.current = true;
        if (!counted.has(post)) {
            counted.set(post, null); // the server has not told yet
        }
        try {
            await vote(post.id, mine === type ? null : type);
        } catch (error) {
            if (!(error instanceof ApiError)) {
                throw error;
            }
            say(`Your vote did not count: ${error.message}`);
        } finally {
            busy.current = false;
        }
    };

    /** @param {VoteType} type @param {string} sign @param {string} name */
    const arrow = (type, sign, name) => html`<button type="button" class="arrow" aria-pressed=${mine === type ? 'true' : 'false'}
        aria-label="${name}: ${post.title}" onClick=${() => click(type)}>${sign}</button>`;

    return html`<div class="votes" role="group" aria-label="Votes">
        ${arrow('upvote', '▲', 'For it')}
        <output aria-label="Score">${score}</output>
        ${arrow('downvote', '▼', 'Against it')}
    </div>`;
}
