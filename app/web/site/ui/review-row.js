// A review in a list of somebody's reviews: of which book, how many stars, and what they say.
import { html } from 'htm/preact';
import { api } from '../api.js';
import { useLoad } from '../lib/load.js';
import { List } from './list.js';
import { Time } from './parts.js';
import { Rating } from './stars.js';

/** A link to a book of which only the key is known.
 *  @param {{ uid: string }} props */
export function BookLink({ uid }) {
    const { data: book } = useLoad(`title ${uid}`, (signal) => api.GET('/books/{book_uid}',
        { params: { path: { book_uid: uid }, query: { fields: ['title'] } }, signal }));
    return html`<a href="/books/${uid}">${book === null ? 'A book' : book.title}</a>`;
}

/** @param {{ review: import('../types').Review }} props */
const ReviewRow = ({ review }) => html`<article>
    <h2 class="small-head"><${BookLink} uid=${review.book_uid} /></h2>
    <p class="quiet"><${Rating} rating=${review.rating} /> · <${Time} at=${review.created_at} /></p>
    <p class="text">${review.review_text}</p>
</article>`;

/** @param {{ feed: import('../lib/feed.js').Feed<any>, empty: unknown, label: string }} props */
export const ReviewList = ({ feed, empty, label }) => html`<${List} feed=${feed} label=${label} empty=${empty}
    hrefOf=${(/** @type {import('../types').Review} */ { uid }) => `/reviews/${uid}`}
    row=${(/** @type {import('../types').Review} */ review) => html`<${ReviewRow} review=${review} />`} />`;
