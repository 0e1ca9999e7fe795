// What people think of a book. One review a person: my own stands first, or the form for it.
import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { api, ApiError, must } from '../api.js';
import { deleted, useFeed } from '../lib/feed.js';
import { useForm } from '../lib/form.js';
import { deleteLater } from '../lib/later.js';
import { useLoad } from '../lib/load.js';
import { useOpener } from '../lib/opener.js';
import { useStore } from '../lib/store.js';
import { mayEdit, useSession } from '../session.js';
import { Field, focusIt, Problem, Restored, Submit } from './field.js';
import { List } from './list.js';
import { Failure, Loading, Person, Time } from './parts.js';
import { Rating, StarsField } from './stars.js';

/** @typedef {import('../types').Review} Review */

/** @typedef {{ rating: string, review_text: string }} Values */

/** @param {Values} values */
const bodyOf = ({ rating, review_text }) => ({ rating: Number(rating), review_text });

/** @param {{ form: import('../lib/form.js').Form<Values>, focus?: boolean, children?: unknown }} props focus: typing goes
 *     here at once */
const Fields = ({ form, focus = false, children }) => html`<form onSubmit=${form.submit} class="review-form">
    <${Restored} form=${form} />
    <${StarsField} form=${form} name="rating" label="How good is it?" />
    <${Field} form=${form} name="review_text" type="textarea" label="What do you think of it?"
        with=${{ rows: 4, required: true, maxlength: 5000, ref: focus ? focusIt : undefined }} />
    <${Problem} form=${form} />
    <p class="actions">${children}</p>
</form>`;

/** Under which name what I have typed about a book is kept, new or to replace my review: it is the same text to me.
 *  @param {string} book */
const draftOf = (book) => `review.${book}`;

/** @param {{ book: string, done: () => void, exists: () => void }} props exists: I have written one elsewhere meanwhile */
function Write({ book, done, exists }) {
    const form = useForm({
        initial: { rating: '', review_text: '' },
        draft: draftOf(book),
        send: async (values, key) => {
            try {
                await must(api.POST('/books/{book_uid}/reviews',
                    { params: { path: { book_uid: book }, header: { 'Idempotency-Key': key } }, body: bodyOf(values) }));
            } catch (error) {
                if (error instanceof ApiError && error.status === 409) {
                    exists();
                }
                throw error;
            }
            done();
        },
    });
    return html`<h3>Write a review</h3><${Fields} form=${form}><${Submit} form=${form}>Publish the review<//><//>`;
}

/** @param {{ review: Review, draft: string, done: (review: Review) => void, cancel: () => void }} props */
function Edit({ review, draft, done, cancel }) {
    const form = useForm({
        initial: { rating: String(review.rating), review_text: review.review_text },
        draft,
        send: async (values) => {
            const { data } = await must(api.PATCH('/reviews/{review_uid}',
                { params: { path: { review_uid: review.uid } }, body: bodyOf(values) }));
            done(data);
        },
    });
    return html`<${Fields} form=${form} focus>
        <${Submit} form=${form}>Save<//>
        <button type="button" class="secondary" onClick=${() => { form.reset(); cancel(); }}>Cancel</button>
    <//>`;
}

/** @param {{ review: Review, opener: import('preact').Ref<HTMLButtonElement>, edit: () => void, remove: () => void }} props */
function Text({ review, opener, edit, remove }) {
    const me = useSession();
    return html`
        <p class="quiet"><${Rating} rating=${review.rating} /> · <${Time} at=${review.created_at} />
            ${review.updated_at !== review.created_at && html` · <${Time} at=${review.updated_at} verb="edited" />`}</p>
        <p class="text">${review.review_text}</p>
        ${mayEdit(me, review.user?.id) && html`<p class="actions small">
            <button type="button" class="plain" ref=${opener} onClick=${edit}>Edit</button>
            <button type="button" class="plain" onClick=${remove}>Delete</button>
        </p>`}`;
}

/**
 * @param {object} props
 * @param {Review} props.review
 * @param {unknown} props.name whose it is
 * @param {string} props.draft under which name changes are kept
 * @param {boolean} [props.open] whether it begins with its form
 * @param {(review: Review) => void} props.changed
 * @param {() => void} props.gone it is deleted
 */
function OneReview({ review, name, draft, open = false, changed, gone }) {
    const [editing, setEditing] = useState(open);
    const href = `/reviews/${review.uid}`;
    const done = useStore(deleted).get(href); // no: it can still be taken back
    const opener = useOpener(editing);
    const stop = () => setEditing(false);
    const remove = () => deleteLater('The review is deleted.', {
        send: () => must(api.DELETE('/reviews/{review_uid}', { params: { path: { review_uid: review.uid } }, keepalive: true })),
        href,
    });
    useEffect(() => {
        if (done) {
            gone();
        }
    }, [done]);
    if (done !== undefined) {
        return null;
    }
    return html`<article class="review">
        <h3>${name}</h3>
        ${open && editing && html`<p class="note" role="alert">You have reviewed this book already, and everybody has
            one review of a book. Save puts what you have just typed in the place of your older one; Cancel keeps that.</p>`}
        ${editing
            ? html`<${Edit} review=${review} draft=${draft} cancel=${stop}
                done=${(/** @type {Review} */ now) => { stop(); changed(now); }} />`
            : html`<${Text} review=${review} opener=${opener} edit=${() => setEditing(true)} remove=${remove} />`}
    </article>`;
}

/** My own review of the book, or the form for it.
 *  @param {{ book: string, me: import('../session.js').Me, changed: () => void }} props changed: the book's average is another */
function Mine({ book, me, changed }) {
    const [twice, setTwice] = useState(false);
    const loaded = useLoad(`review of ${book} by ${me.uid}`, (signal) => api.GET('/books/{book_uid}/reviews',
        { params: { path: { book_uid: book }, query: { user_uid: me.uid, limit: 1 } }, signal, cache: 'no-store' }));
    const mine = /** @type {Review[] | null} */ (loaded.data);
    const again = () => {
        setTwice(false);
        loaded.again();
        changed();
    };
    if (mine === null) {
        return loaded.error === null ? html`<${Loading} />` : html`<${Failure} error=${loaded.error} again=${loaded.again} />`;
    }
    return mine.length === 0
        ? html`<${Write} book=${book} done=${again} exists=${() => { setTwice(true); loaded.again(); }} />`
        : html`<${OneReview} key=${mine[0].uid} review=${mine[0]} name="Your review" draft=${draftOf(book)} open=${twice}
            changed=${again} gone=${again} />`;
}

/** @param {{ book: string, changed: () => void }} props */
export function Reviews({ book, changed }) {
    const me = useSession();
    const feed = useFeed(`reviews ${book}`, (cursor, signal) => api.GET('/books/{book_uid}/reviews',
        { params: { path: { book_uid: book }, query: { sort_by: ['-created_at'], limit: 20, cursor } }, signal }));
    const others = /** @type {Review[]} */ (feed.items).filter((review) => !me || review.user_uid !== me.uid);
    const row = (/** @type {Review} */ review) => html`<${OneReview} review=${review} draft="review.edit.${review.uid}"
        name=${review.user ? html`<${Person} of=${review.user} />` : 'Somebody who has left'}
        changed=${(/** @type {Review} */ now) => {
            feed.change((items) => items.map((each) => (each.uid === now.uid ? now : each)));
            changed();
        }}
        gone=${() => {
            feed.change((items) => items.filter((each) => each.uid !== review.uid));
            changed();
        }} />`;
    return html`<section id="reviews" aria-label="Reviews">
        <h2>Reviews</h2>
        ${me && html`<${Mine} key=${me.uid} book=${book} me=${me} changed=${changed} />`}
        ${me === null && html`<p class="quiet"><a href="/login?next=/books/${book}">Log in</a> to write a review.</p>`}
        <${List} feed=${{ ...feed, items: others }} label="Reviews" row=${row}
            empty=${html`<p>${me ? 'Nobody else' : 'Nobody'} has reviewed it yet.</p>`} />
    </section>`;
}
