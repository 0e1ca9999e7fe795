// All reviews of books, the newest first.
import { html } from 'htm/preact';
import { api, must } from '../../api.js';
import { useFeed } from '../../lib/feed.js';
import { deleteLater } from '../../lib/later.js';
import { List } from '../../ui/list.js';
import { Person, Time } from '../../ui/parts.js';
import { BookLink } from '../../ui/review-row.js';
import { Rating } from '../../ui/stars.js';

/** @typedef {import('../../types').Review} Review */

/** @param {Review} review */
const hrefOf = (review) => `/reviews/${review.uid}`;

/** @param {{ review: Review }} props */
function Row({ review }) {
    const remove = () => deleteLater('The review is deleted.', {
        send: () => must(api.DELETE('/reviews/{review_uid}', { params: { path: { review_uid: review.uid } }, keepalive: true })),
        href: hrefOf(review),
    });
    return html`<article class="admin-row">
        <h2><${BookLink} uid=${review.book_uid} /></h2>
        <p class="quiet"><${Rating} rating=${review.rating} /> · ${review.user ? html`<${Person} of=${review.user} />` : 'somebody who has left'}
            ${' · '}<${Time} at=${review.created_at} /></p>
        <p class="text">${review.review_text}</p>
        <p class="actions small"><button type="button" class="plain" onClick=${remove}>Delete</button></p>
    </article>`;
}

export default function Reviews() {
    const feed = useFeed('admin reviews', (cursor, signal) => api.GET('/reviews',
        { params: { query: { sort_by: ['-created_at'], limit: 20, cursor } }, signal, cache: 'no-store' }));
    return html`<${List} feed=${feed} label="Reviews" empty=${html`<p>Nobody has reviewed a book yet.</p>`} hrefOf=${hrefOf}
        row=${(/** @type {Review} */ review) => html`<${Row} review=${review} />`} />`;
}
