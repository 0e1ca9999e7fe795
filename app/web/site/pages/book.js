// One book: what is known of it, its tags, and what people think of it.
import { html } from 'htm/preact';
import { useLocation } from 'preact-iso/router';
import { api, must } from '../api.js';
import { forgetFeeds } from '../lib/feed.js';
import { deleteLater } from '../lib/later.js';
import { useLoad } from '../lib/load.js';
import { day } from '../lib/time.js';
import { mayEdit, useSession, viewer } from '../session.js';
import { Person, standIn, Tags, Time, useTitle } from '../ui/parts.js';
import { Reviews } from '../ui/reviews.js';
import { Average } from '../ui/stars.js';

const FIELDS = /** @type {const} */ (['uid', 'title', 'author', 'publisher', 'published_date', 'page_count', 'language', 'user',
    'review_count', 'average_rating', 'created_at', 'updated_at', 'tags']);

/** @typedef {Pick<import('../types').BookDetail, typeof FIELDS[number]>} Book */

/** @param {{ book: Book }} props */
function Owner({ book }) {
    const { route } = useLocation();
    const remove = () => {
        forgetFeeds();
        route('/books');
        deleteLater(`“${book.title}” is deleted.`, {
            send: () => must(api.DELETE('/books/{book_uid}', { params: { path: { book_uid: book.uid } }, keepalive: true }))
                .then(() => forgetFeeds()),
            href: `/books/${book.uid}`,
            back: () => route(`/books/${book.uid}`),
        });
    };
    return html`<p class="actions">
        <a href="/books/${book.uid}/edit" role="button" class="secondary">Edit</a>
        <button type="button" class="secondary" onClick=${remove}>Delete</button>
    </p>`;
}

/** What is known of a book.
 *  @param {{ book: Book }} props */
function Facts({ book }) {
    const facts = [
        ['Publisher', book.publisher],
        ['Published', book.published_date && html`<time datetime=${book.published_date}>${day(book.published_date)}</time>`],
        ['Pages', book.page_count?.toLocaleString('en')],
        ['Language', book.language],
        ['Shelf', book.user ? html`<${Person} of=${book.user} />` : 'of somebody who has left'],
        ['Added', html`<${Time} at=${book.created_at} />`],
        ['Edited', book.updated_at !== book.created_at && html`<${Time} at=${book.updated_at} />`],
    ].filter(([, value]) => value);
    return html`<dl class="facts">
        ${facts.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>`;
}

/** @param {{ uid: string }} props */
export default function BookPage({ uid }) {
    const me = useSession();
    const loaded = useLoad(`book ${uid} ${viewer(me)}`, (signal) => api.GET('/books/{book_uid}',
        { params: { path: { book_uid: uid }, query: { fields: [...FIELDS] } }, signal }));
    const book = /** @type {Book | null} */ (loaded.data);
    useTitle(book?.title ?? '');
    if (book === null) {
        return standIn(loaded, 'The book is not there, or not there any more.');
    }
    const changed = () => {
        forgetFeeds();
        loaded.again();
    };
    return html`<article class="book">
        <h1>${book.title}</h1>
        ${book.author && html`<p>by ${book.author}</p>`}
        <p><${Average} book=${book} /></p>
        <${Facts} book=${book} />
        <${Tags} tags=${book.tags} />
        ${mayEdit(me, book.user?.id) && html`<${Owner} book=${book} />`}
    </article>
    <${Reviews} book=${uid} changed=${changed} />`;
}
