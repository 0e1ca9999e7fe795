// Short messages at the edge of the window, read out by screen readers, gone after a while: what was done, and how to take
// it back.
import { html } from 'htm/preact';
import { useEffect, useRef } from 'preact/hooks';
import { Store, useStore } from '../lib/store.js';

/** @typedef {{ id: number, text: string, action?: { label: string, run: () => void } }} Toast */

const SHOWN_MS = 6000;

/** @type {Store<Toast[]>} */
const toasts = new Store(/** @type {Toast[]} */ ([]));
let last = 0;

/** @param {number} id */
const drop = (id) => toasts.set(toasts.value.filter((toast) => toast.id !== id));

/**
 * Says something. With an action there is a button beside it.
 * @param {string} text
 * @param {{ label: string, run: () => void }} [action]
 * @param {number} [ms] how long it stands
 * @returns {() => void} takes it away before its time
 */
export function say(text, action, ms = SHOWN_MS) {
    const id = ++last;
    toasts.set([...toasts.value, { id, text, action }]);
    setTimeout(drop, ms, id);
    return () => drop(id);
}

/** One of them. Its button has the focus when what was pressed has gone from the page with what was deleted.
 *  @param {Toast} props */
function Shown({ id, text, action }) {
    const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
    useEffect(() => {
        if (document.activeElement === document.body) {
            button.current?.focus();
        }
    }, []);
    return html`<p class="toast"><span>${text}</span>
        ${action && html`<button type="button" class="plain" ref=${button}
            onClick=${() => { drop(id); action.run(); }}>${action.label}</button>`}</p>`;
}

export function Toasts() {
    return html`<div class="toasts" role="status" aria-live="polite">
        ${useStore(toasts).map((toast) => html`<${Shown} key=${toast.id} ...${toast} />`)}
    </div>`;
}
