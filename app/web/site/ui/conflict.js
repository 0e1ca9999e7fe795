// Two versions of the same thing, one against the other, word by word: what they have, and what I have typed.
import { html } from 'htm/preact';
import { useEffect, useRef } from 'preact/hooks';
import { diffWordsWithSpace } from 'diff/lib/diff/word.js';

const TOO_LONG = 100000; // characters: beyond, comparing takes longer than people wait

/** @param {string | boolean} value */
const inWords = (value) => (typeof value === 'string' ? value : value ? 'yes' : 'no');

/** @param {{ label: string, theirs: string, mine: string }} props */
function Diff({ label, theirs, mine }) {
    if (theirs.length + mine.length > TOO_LONG) {
        return html`<p>${label}: both versions are too long to be compared here.</p>`;
    }
    return html`<h3>${label}</h3><pre class="diff" tabindex="0">${diffWordsWithSpace(theirs, mine).map(({ value, added, removed }) =>
        (added ? html`<ins>${value}</ins>` : removed ? html`<del>${value}</del>` : value))}</pre>`;
}

/**
 * @param {object} props
 * @param {[string, string][]} props.fields that are compared: name and label
 * @param {Record<string, string | boolean>} props.theirs as it is on the site now
 * @param {import('../lib/form.js').Form<any>} props.form what I have typed
 * @param {() => void} props.settled I have decided: the next Save replaces theirs
 */
function Versions({ fields, theirs, form, settled }) {
    const section = useRef(/** @type {HTMLElement | null} */ (null));
    useEffect(() => section.current?.focus(), []);
    const take = () => {
        Object.keys(theirs).forEach((name) => form.set(name, theirs[name])); // with what is not compared
        settled();
    };
    const same = fields.filter(([name]) => theirs[name] === form.values[name]);
    return html`<section class="conflict" role="alert" aria-label="Two versions" tabindex="-1" ref=${section}>
        <h2>Two versions</h2>
        <p>Somebody saved another version while you were writing. <del>Crossed out</del> is only in theirs,${' '}
            <ins>underlined</ins> only in yours.</p>
        ${fields.filter((field) => !same.includes(field)).map(([name, label]) =>
            html`<${Diff} key=${name} label=${label} theirs=${inWords(theirs[name])}
                mine=${inWords(form.values[name])} />`)}
        ${same.length > 0 && html`<p class="quiet">The same in both: ${same.map(([, label]) => label.toLowerCase()).join(', ')}.</p>`}
        <p class="actions">
            <button type="button" onClick=${settled}>Keep mine, and go on editing</button>
            <button type="button" class="secondary" onClick=${take}>Take theirs</button>
        </p>
    </section>`;
}

/**
 * Shown above a form, when there is something to decide.
 * @param {{ fields: [string, string][], version: import('../lib/version.js').Version<any>, form: import('../lib/form.js').Form<any> }} props
 */
export const Conflict = ({ fields, version, form }) => (version.theirs === null ? null
    : html`<${Versions} fields=${fields} theirs=${version.theirs} form=${form} settled=${version.settled} />`);
