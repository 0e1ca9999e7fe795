// An endless list on a page: its rows, and what stands below them.
import { html } from 'htm/preact';
import { useEffect, useRef } from 'preact/hooks';
import { deleted } from '../lib/feed.js';
import { useStore } from '../lib/store.js';
import { Empty, Failure, Loading } from './parts.js';

const AHEAD = '600px'; // how near the end is near
const UNASKED = 200; // rows that come by themselves: who goes by keys comes to what stands below the list

/** Calls for more when the end of the list comes near the window.
 *  @param {{ more: () => void, length: number }} props */
function End({ more, length }) {
    const mark = useRef(/** @type {HTMLElement | null} */ (null));
    useEffect(() => {
        const watch = new IntersectionObserver((seen) => {
            if (length < UNASKED && seen.some(({ isIntersecting }) => isIntersecting)) {
                more();
            }
        }, { rootMargin: AHEAD });
        watch.observe(/** @type {HTMLElement} */ (mark.current));
        return () => watch.disconnect();
    }, [more, length]);
    return html`<p ref=${mark} class="more"><button type="button" class="secondary" onClick=${more}>More</button></p>`;
}

/**
 * @param {object} props
 * @param {import('../lib/feed.js').Feed<any>} props.feed
 * @param {(item: any) => unknown} props.row
 * @param {(item: any) => string | number} [props.keyOf]
 * @param {(item: any) => string} [props.hrefOf] the address of an item's page, for those that are deleted there
 * @param {unknown} props.empty what is shown when there is nothing
 * @param {string} props.label what the list is, for who cannot see it
 */
export function List({ feed, row, keyOf = (item) => item.id ?? item.uid, hrefOf, empty, label }) {
    const gone = useStore(deleted);
    const items = hrefOf === undefined ? feed.items : feed.items.filter((item) => !gone.has(hrefOf(item)));
    if (items.length === 0 && feed.done) {
        return html`<${Empty}>${empty}<//>`;
    }
    return html`<div class="list" aria-busy=${feed.loading ? 'true' : 'false'}>
        <ol role="list" aria-label=${label}>
            ${items.map((item) => html`<li key=${keyOf(item)}>${row(item)}</li>`)}
        </ol>
        ${feed.error !== null && html`<${Failure} error=${feed.error} again=${feed.more} />`}
        ${feed.loading && html`<${Loading} />`}
        ${!feed.done && !feed.loading && feed.error === null && html`<${End} more=${feed.more} length=${feed.items.length} />`}
    </div>`;
}
