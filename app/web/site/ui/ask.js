// A button for what cannot be taken back: it asks first.
import { html } from 'htm/preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Action } from './action.js';

/** @param {{ title: string, label: string, run: () => Promise<unknown>, close: () => void, children?: unknown }} props */
function Question({ title, label, run, close, children }) {
    const id = useId();
    const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
    useEffect(() => dialog.current?.showModal(), []);
    return html`<dialog ref=${dialog} aria-labelledby=${id} onClose=${close}><article>
        <h2 id=${id}>${title}</h2>
        ${children}
        <p class="actions">
            <${Action} look="" run=${run}>${label}<//>
            <button type="button" class="secondary" onClick=${() => dialog.current?.close()}>Cancel</button>
        </p>
    </article></dialog>`;
}

/**
 * @param {object} props
 * @param {string} props.label of the button, and of the one that says yes
 * @param {string} props.title the question
 * @param {() => Promise<unknown>} props.run does it; an error is shown, and leaves the question open
 * @param {unknown} [props.children] what it means
 */
export function Ask({ label, title, run, children }) {
    const [asking, setAsking] = useState(false);
    const close = () => setAsking(false);
    const go = async () => {
        await run();
        close();
    };
    return html`<button type="button" class="secondary" onClick=${() => setAsking(true)}>${label}</button>
        ${asking && html`<${Question} title=${title} label=${label} run=${go} close=${close}>${children}<//>`}`;
}
