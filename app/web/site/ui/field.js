// A field of a form: label, input, what it is for, and what is wrong with it, tied together for screen readers.
import { html } from 'htm/preact';
import { useId, useLayoutEffect } from 'preact/hooks';
import { count } from './parts.js';

/** What is wrong with the length of a text, or ''. It is counted as the server does, in code points. The browser's own maxlength
 *  counts otherwise, and cuts off without a word what does not fit of a text that is pasted.
 *  @param {string} text @param {unknown} most */
function tooLong(text, most) {
    const over = typeof most === 'number' && text.length > most ? [...text].length - most : 0;
    return over > 0 ? `${count(over, 'character')} too many.` : '';
}

/** The server says what an address is: browsers refuse some that it takes (jörg@example.com). */
const EMAIL = { type: 'text', inputmode: 'email', autocapitalize: 'off', spellcheck: false };

/**
 * @param {object} props
 * @param {import('../lib/form.js').Form<any>} props.form
 * @param {string} props.name the member of the request
 * @param {string} props.label
 * @param {string} [props.hint]
 * @param {'text' | 'email' | 'password' | 'url' | 'number' | 'date' | 'search' | 'textarea'} [props.type]
 * @param {Record<string, unknown>} [props.with] further attributes: maxlength, required, autocomplete, rows
 * @param {unknown} [props.after] what stands below the input: a counter
 */
export function Field({ form, name, label, hint, type = 'text', with: more = {}, after }) {
    const id = useId();
    const error = form.errors[name];
    const { maxlength, ...rest } = more;
    const wrong = tooLong(String(form.values[name]), maxlength);
    useLayoutEffect(() => /** @type {HTMLInputElement} */ (document.getElementById(id)).setCustomValidity(wrong), [wrong]);
    const about = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
    const common = {
        ...rest,
        id,
        name,
        value: form.values[name],
        'aria-invalid': error ? 'true' : undefined,
        'aria-describedby': about || undefined,
        onInput: (/** @type {{ currentTarget: { value: string } }} */ event) => form.set(name, event.currentTarget.value),
    };
    return html`<div class="field">
        <label for=${id}>${label}</label>
        ${type === 'textarea' ? html`<textarea ...${common}></textarea>` : html`<input type=${type} ...${common} ...${type === 'email' && EMAIL} />`}
        ${after}
        ${hint && html`<small id="${id}-hint">${hint}</small>`}
        ${error && html`<small id="${id}-error" class="error">${error}</small>`}
    </div>`;
}

/** For `with.ref`: the field is typed into as soon as it is there.
 *  @param {HTMLElement | null} field */
export const focusIt = (field) => field?.focus();

/** Says where the text in the form comes from, when it was typed before.
 *  @param {{ form: import('../lib/form.js').Form<any> }} props */
export const Restored = ({ form }) => (form.restored && html`<p class="note">This is what you typed before.${' '}
    <button type="button" class="plain" onClick=${form.reset}>Begin anew</button></p>`);

/** What is wrong with the whole form.
 *  @param {{ form: import('../lib/form.js').Form<any> }} props */
export const Problem = ({ form }) => html`<p class="error" role="alert" hidden=${form.problem === ''}>${form.problem}</p>`;

/** The button that sends.
 *  @param {{ form: { busy: boolean }, children?: unknown }} props */
export const Submit = ({ form, children }) =>
    html`<button type="submit" aria-busy=${form.busy ? 'true' : undefined} aria-disabled=${form.busy ? 'true' : undefined}>${children}</button>`;
