// A button that asks the server for something: busy meanwhile, and what went wrong stands beside it.
import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { ApiError } from '../api.js';

/**
 * @param {object} props
 * @param {() => Promise<unknown>} props.run
 * @param {string} [props.look] the class of the button
 * @param {string} [props.about] what it is about, where many buttons say the same
 * @param {unknown} [props.children]
 */
export function Action({ run, look = 'secondary', about, children }) {
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState('');
    const go = async () => {
        if (busy) {
            return;
        }
        setBusy(true);
        setProblem('');
        try {
            await run();
        } catch (error) {
            if (!(error instanceof ApiError)) {
                throw error;
            }
            setProblem(error.message);
        } finally {
            setBusy(false);
        }
    };
    return html`<button type="button" class=${look} aria-label=${about} aria-busy=${busy ? 'true' : undefined}
            aria-disabled=${busy ? 'true' : undefined} onClick=${go}>${children}</button>
        <span class="error" role="alert" hidden=${problem === ''}>${problem}</span>`;
}
