// Fields that act while one types, and the form around them: Enter only saves the waiting.
import { html } from 'htm/preact';
import { useId } from 'preact/hooks';
import { count } from './parts.js';

/**
 * @param {object} props
 * @param {import('../lib/typed.js').Typed[]} props.fields
 * @param {string} props.label what is searched, for who cannot see it
 * @param {unknown} [props.children]
 */
export function Filters({ fields, label, children }) {
    const settle = (/** @type {Event} */ event) => {
        event.preventDefault();
        fields.forEach((field) => field.settle());
    };
    return html`<search aria-label=${label}><form class="filters" onSubmit=${settle}>${children}</form></search>`;
}

/**
 * @param {object} props
 * @param {import('../lib/typed.js').Typed} props.typed
 * @param {string} props.label
 * @param {string[]} [props.known] values that are offered
 * @param {Record<string, unknown>} [props.with] further attributes: maxlength, placeholder
 */
export function TypedField({ typed, label, known = [], with: more = {} }) {
    const id = useId();
    return html`<div class="field">
        <label for=${id}>${label}</label>
        <input type="search" ...${more} id=${id} name=${typed.name} value=${typed.text} autocomplete="off"
            list=${known.length > 0 ? `${id}-known` : undefined}
            onInput=${(/** @type {{ currentTarget: HTMLInputElement }} */ event) => typed.set(event.currentTarget.value)} />
        ${known.length > 0 && html`<datalist id="${id}-known">
            ${known.map((value) => html`<option value=${value} key=${value} />`)}
        </datalist>`}
    </div>`;
}

/** Says what has come of it, to who cannot see the list.
 *  @param {{ feed: import('../lib/feed.js').Feed<any> }} props */
export function Found({ feed: { items, loading, done } }) {
    const found = items.length === 0 ? 'Nothing found.' : `${count(items.length, 'result')}${done ? '' : ', and more'}.`;
    return html`<p class="unseen" role="status">${loading ? '' : found}</p>`;
}
