// Two versions of the same text, one against the other, word by word: what they have, and what I have typed.
import { html } from 'htm/preact';
import { diffWordsWithSpace } from 'diff/lib/diff/word.js';

const TOO_LONG = 100000; // characters: beyond, comparing takes longer than people wait

/** @param {{ label: string, theirs: string, mine: string }} props */
function Diff({ label, theirs, mine }) {
    if (theirs === mine) {
        return html`<p class="quiet">${label}: the same in both.</p>`;
    }
    if (theirs.length + mine.length > TOO_LONG) {
        return html`<p>${label}: both versions are too long to be compared here.</p>`;
    }
    return html`<h3>${label}</h3><pre class="diff" tabindex="0">${diffWordsWithSpace(theirs, mine).map(({ value, added, removed }) =>
        (added ? html`<ins>${value}</ins>` : removed ? html`<del>${value}</del>` : value))}</pre>`;
}

/**
 * @param {object} props
 * @param {{ title: string, content: string }} props.theirs as it is on the site now
 * @param {{ title: string, content: string }} props.mine as I have typed it
 * @param {() => void} props.take theirs replaces mine in the form
 * @param {() => void} props.keep mine stays; the next Save replaces theirs
 */
export const Conflict = ({ theirs, mine, take, keep }) => html`<section class="conflict" role="alert" aria-label="Two versions">
    <h2>Two versions</h2>
    <p>Somebody saved another version while you were writing. <del>Crossed out</del> is only in theirs,
        <ins>underlined</ins> only in yours.</p>
    <${Diff} label="Title" theirs=${theirs.title} mine=${mine.title} />
    <${Diff} label="Text" theirs=${theirs.content} mine=${mine.content} />
    <p class="actions">
        <button type="button" onClick=${keep}>Keep mine, and go on editing</button>
        <button type="button" class="secondary" onClick=${take}>Take theirs</button>
    </p>
</section>`;
