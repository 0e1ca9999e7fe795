// The tweets of a thread while they are edited: a list in which each keeps a name of its own, so that what is wrong with one,
// and the place of the keyboard, go with it when it is moved. It is kept as text, which a form's draft can hold.
import { isVisible, MOST, weigh } from './weight.js';

/** @typedef {{ id: number, text: string }} Tweet */

export const TWEETS_MOST = 20;
/** What stands between tweets where a thread is shown or copied as one text. */
export const BETWEEN = '\n\n';

let last = 0; // no name is given twice while the page lives: an Undo may come late

/** A name that no tweet has, or has had. */
export const freshId = () => (last += 1);

/** @param {string[]} texts */
export const write = (texts) => JSON.stringify(texts.map((text) => ({ id: freshId(), text })));

/** @param {string} kept maybe by an earlier page @returns {Tweet[]} */
export function read(kept) {
    const tweets = /** @type {Tweet[]} */ (JSON.parse(kept));
    last = Math.max(last, ...tweets.map(({ id }) => id));
    return tweets;
}

/** @param {Tweet[]} tweets @param {number} at @param {Tweet} tweet */
export const inserted = (tweets, at, tweet) => [...tweets.slice(0, at), tweet, ...tweets.slice(at)];

/** @param {Tweet[]} tweets @param {number} id */
export const without = (tweets, id) => tweets.filter((tweet) => tweet.id !== id);

/** @param {Tweet[]} tweets @param {number} id @param {number} to */
export const moved = (tweets, id, to) => inserted(without(tweets, id), to, /** @type {Tweet} */ (tweets.find((tweet) => tweet.id === id)));

/** What the server would have against a tweet, or ''. @param {string} text */
export function mistakeOf(text) {
    const over = weigh(text) - MOST;
    return !isVisible(text) ? 'There is nothing to be seen in this tweet.'
        : over > 0 ? `This tweet is ${over} too long.` : '';
}
