// The field for a note, with what is left of its 140 characters. They are counted as the server counts them, in code
// points, which maxlength does not.
import { html } from 'htm/preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { sendOnCtrlEnter } from '../lib/keys.js';
import { Field } from './field.js';
import { count } from './parts.js';

const MOST = 140;
const NEARLY = 20; // from here on, screen readers say what is left

/**
 * @param {object} props
 * @param {import('../lib/form.js').Form<{ body: string }>} props.form
 * @param {string} props.label
 * @param {boolean} [props.focus] whether one types here at once
 */
export function NoteField({ form, label, focus = false }) {
    const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
    const left = MOST - [...form.values.body].length;
    const said = left < 0 ? `${count(-left, 'character')} too many` : `${count(left, 'character')} left`;
    // Before the next key: it may be the one that sends.
    useLayoutEffect(() => area.current?.setCustomValidity(left < 0 ? `${said}.` : ''), [left]);
    useEffect(() => {
        if (focus) {
            area.current?.focus();
        }
    }, []);
    return html`<${Field} form=${form} name="body" type="textarea" label=${label}
        with=${{ ref: area, rows: 2, required: true, onKeyDown: sendOnCtrlEnter }}
        after=${html`<small class="counter ${left < 0 ? 'error' : 'quiet'}"
            aria-live=${left <= NEARLY ? 'polite' : 'off'}>${said}</small>`} />`;
}
