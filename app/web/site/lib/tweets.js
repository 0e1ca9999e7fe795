// The tweets of a thread while they are edited: a list in which each keeps a name of its own, so that what is wrong with one,
// and the place of the keyboard, go with it when it is moved. It is kept as text, which a form's draft can hold.
import { isVisible, MOST, weigh } from './weight.js';

/** @typedef {{ id: number, text: string }} Tweet */

export const TWEETS_MOST = 20;
/** What stands between tweets where a thread is shown or copied as one text. */
export const BETWEEN = '\n\n';

/** @param {string[]} texts */
export const write = (texts) => JSON.stringify(texts.map((text, id) => ({ id, text })));

/** @param {string} kept @returns {Tweet[]} */
export const read = (kept) => JSON.parse(kept);

/** @param {Tweet[]} tweets @param {number} at @param {Tweet} tweet */
export const inserted = (tweets, at, tweet) => [...tweets.slice(0, at), tweet, ...tweets.slice(at)];

/** @param {Tweet[]} tweets @param {number} id */
export const without = (tweets, id) => tweets.filter((tweet) => tweet.id !== id);

/** @param {Tweet[]} tweets @param {number} id @param {number} to */
export const moved = (tweets, id, to) => inserted(without(tweets, id), to, /** @type {Tweet} */ (tweets.find((tweet) => tweet.id === id)));

/** A name that no tweet has. @param {Tweet[]} tweets */
export const freshId = (tweets) => 1 + Math.max(-1, ...tweets.map(({ id }) => id));

/** What the server would have against a tweet, or ''. @param {string} text */
export function mistakeOf(text) {
    const over = weigh(text) - MOST;
    return !isVisible(text) ? 'There is nothing to be seen in this tweet.'
        : over > 0 ? `This tweet is ${over} too long.` : '';
}
