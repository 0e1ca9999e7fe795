// A book in a list.
import { html } from 'htm/preact';
import { List } from './list.js';
import { Tags } from './parts.js';
import { Average } from './stars.js';

/** What a list of books asks for. */
export const BOOK_FIELDS = /** @type {const} */ (['uid', 'title', 'author', 'language', 'published_date', 'review_count',
    'average_rating', 'tags']);

/** @typedef {Pick<import('../types').Book, typeof BOOK_FIELDS[number]>} BookRow */

/** @param {{ book: BookRow }} props */
export const BookRow = ({ book }) => html`<article class="book-row">
    <h2><a href="/books/${book.uid}">${book.title}</a></h2>
    <p class="quiet">${[book.author, book.published_date?.slice(0, 4), book.language].filter(Boolean).join(' · ')}</p>
    <p><${Average} book=${book} /></p>
    <${Tags} tags=${book.tags} />
</article>`;

/** @param {{ feed: import('../lib/feed.js').Feed<any>, empty: unknown, label: string }} props */
export const BookList = ({ feed, empty, label }) =>
    html`<${List} feed=${feed} label=${label} empty=${empty}
        hrefOf=${(/** @type {BookRow} */ book) => `/books/${book.uid}`}
        row=${(/** @type {BookRow} */ book) => html`<${BookRow} book=${book} />`} />`;
