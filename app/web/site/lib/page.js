// A page whose code is fetched when it is first opened, and with the first of them what all of them look like.
import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { Failure, Loading } from '../ui/parts.js';

/** @typedef {import('preact').ComponentType<any>} Page */

/** @type {Promise<unknown> | null} */
let look = null;

/** Fetches pages.css, once. */
function fetchLook() {
    look ??= new Promise((resolve, reject) => {
        const link = document.createElement('link');
        link.rel = 'stylesheet';
        link.href = '/pages.css';
        link.onload = resolve;
        link.onerror = () => {
            look = null;
            link.remove();
            reject(new Error('pages.css'));
        };
        document.head.append(link);
    });
    return look;
}

/**
 * @param {() => Promise<{ default: Page }>} load
 * @returns {Page}
 */
export function page(load) {
    /** @type {Page | null} */
    let loaded = null;
    return function Later(props) {
        const [, redraw] = useState(0);
        const [error, setError] = useState(/** @type {Error | null} */ (null));
        const fetchIt = () => {
            setError(null);
            Promise.all([load(), fetchLook()]).then(
                ([module]) => { loaded = module.default; redraw((n) => n + 1); },
                () => setError(new Error('This page could not be fetched. Are you online?')),
            );
        };
        useEffect(() => {
            if (loaded === null) {
                fetchIt();
            }
        }, []);
        if (loaded !== null) {
            return html`<${loaded} ...${props} />`;
        }
        return error === null ? html`<${Loading} />` : html`<${Failure} error=${error} again=${fetchIt} />`;
    };
}
