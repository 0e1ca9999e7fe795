// Short messages at the edge of the window, read out by screen readers, gone after a while: what was done, and how to take
// it back.
import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Store, useStore } from '../lib/store.js';

/** @typedef {{ id: number, text: string, action?: { label: string, run: () => void }, over?: () => void }} Toast */

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
 * @param {() => void} [over] what is to be done when it has gone by itself
 * @returns {() => void} takes it away before its time
 */
export function say(text, action, over) {
    const id = ++last;
    toasts.set([...toasts.value, { id, text, action, over }]);
    return () => drop(id);
}

/** One of them. Its button has the focus when what was pressed has gone from the page with what was deleted.
 *  @param {Toast & { held: boolean }} props */
function Shown({ id, text, action, over, held }) {
    const button = useRef(/** @type {HTMLButtonElement | null} */ (null));
    useEffect(() => {
        if (document.activeElement === document.body) {
            button.current?.focus();
        }
    }, []);
    useEffect(() => {
        const timer = held ? 0 : setTimeout(() => { drop(id); over?.(); }, SHOWN_MS);
        return () => clearTimeout(timer);
    }, [held]);
    return html`<p class="toast"><span>${text}</span>
        ${action && html`<button type="button" class="plain" ref=${button}
            onClick=${() => { drop(id); action.run(); }}>${action.label}</button>`}</p>`;
}

/** All stay while the pointer is over one, or the keyboard at its button. They stand before the page's content: who has come
 *  to that is one key away. */
export function Toasts() {
    const shown = useStore(toasts);
    const box = useRef(/** @type {HTMLElement | null} */ (null));
    const [held, hold] = useState(false);
    const check = () => hold(box.current?.querySelector(':hover, :focus-visible') != null);
    const look = () => { // at once, what is left would still be there
        setTimeout(check);
    };
    useEffect(() => { // nothing says that the pointer has gone when what was below it was taken away
        const timer = held ? setInterval(check, 500) : 0;
        return () => clearInterval(timer);
    }, [held]);
    useEffect(look, [shown.length]);
    return html`<div class="toasts" role="status" aria-live="polite" ref=${box}
        onPointerEnter=${look} onPointerLeave=${look} onFocusIn=${look} onFocusOut=${look}>
        ${shown.map((toast) => html`<${Shown} key=${toast.id} held=${held} ...${toast} />`)}
    </div>`;
}
