// A field that acts while one types: what is typed stands in the field at once, and in the address (?search=...) after a short
// rest. It takes the place of what stood there, so that the back button leads past a search and not through all its letters.
import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';

const REST_MS = 250;

/**
 * @typedef {object} Typed
 * @property {string} name of the parameter
 * @property {string} text as it stands in the field
 * @property {string} settled as it stands in the address: what is searched for
 * @property {(text: string) => void} set
 * @property {() => void} settle does not wait for the rest
 */

/** The address of this page with other parameters. An empty one is left out.
 *  @param {Record<string, string>} changes */
export function withQuery(changes) {
    const url = new URL(location.href);
    for (const [name, value] of Object.entries(changes)) {
        if (value === '') {
            url.searchParams.delete(name);
        } else {
            url.searchParams.set(name, value);
        }
    }
    return url.pathname + url.search;
}

/**
 * @param {string} name of the parameter in the address
 * @returns {Typed}
 */
export function useTyped(name) {
    const { query, route } = useLocation();
    const settled = query[name] ?? '';
    const [text, setText] = useState(settled);
    const written = useRef(settled);
    const timer = useRef(0);

    // A link has led elsewhere on this page: what is typed meanwhile must not be mistaken for that.
    useEffect(() => {
        if (settled !== written.current) {
            clearTimeout(timer.current);
            written.current = settled;
            setText(settled);
        }
    }, [settled]);
    useEffect(() => () => clearTimeout(timer.current), []);

    const settle = (/** @type {string} */ now) => {
        clearTimeout(timer.current);
        if (now !== written.current) {
            written.current = now;
            route(withQuery({ [name]: now }), true);
        }
    };
    return {
        name,
        text,
        settled: settled.trim(),
        set: (now) => {
            setText(now);
            clearTimeout(timer.current);
            timer.current = setTimeout(settle, REST_MS, now);
        },
        settle: () => settle(text),
    };
}
