// A tweet as a card: its text, to be changed in place, how long it is as X counts, and what can be done with it.
import { html } from 'htm/preact';
import { useRef } from 'preact/hooks';
import { copy } from '../lib/copy.js';
import { MOST, weigh } from '../lib/weight.js';

/**
 * @param {object} props
 * @param {import('../lib/tweets.js').Tweet} props.tweet
 * @param {number} props.at its place, from 0
 * @param {number} props.of how many there are
 * @param {string | undefined} props.error
 * @param {(text: string) => void} props.change
 * @param {(to: number) => void} props.move
 * @param {() => void} props.remove
 */
export function TweetCard({ tweet, at, of, error, change, move, remove }) {
    const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
    const id = `tweet-${tweet.id}`;
    const weight = weigh(tweet.text);
    const over = weight > MOST;
    const name = `tweet ${at + 1}`;

    /** @param {string} label @param {number} to */
    const mover = (label, to) => html`<button type="button" class="plain" id="${id}-${label}" aria-label="Move ${label}: ${name}"
        aria-disabled=${to < 0 || to >= of ? 'true' : undefined} onClick=${() => to >= 0 && to < of && move(to)}>Move ${label}</button>`;

    return html`<article class="tweet">
        <label for=${id}>Tweet ${at + 1}</label>
        <textarea id=${id} ref=${field} name=${id} rows="4" value=${tweet.text} aria-describedby="${id}-weight ${id}-error"
            aria-invalid=${over || error ? 'true' : undefined}
            onInput=${(/** @type {{ currentTarget: HTMLTextAreaElement }} */ event) => change(event.currentTarget.value)}></textarea>
        <p class="weight">
            <small id="${id}-weight" class=${over ? 'error' : 'quiet'}>${weight}/${MOST}</small>
            <small id="${id}-error" class="error" role="status">${over ? `${weight - MOST} too long` : error}</small>
        </p>
        <p class="actions small">
            <button type="button" class="plain" aria-label="Copy: ${name}"
                onClick=${() => copy(tweet.text, `The ${name} is copied.`, () => field.current)}>Copy</button>
            ${mover('up', at - 1)}
            ${mover('down', at + 1)}
            <button type="button" class="plain" aria-label="Remove: ${name}" aria-disabled=${of === 1 ? 'true' : undefined}
                onClick=${() => of > 1 && remove()}>Remove</button>
        </p>
    </article>`;
}
