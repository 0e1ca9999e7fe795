// Putting a book on the shelf, and changing one. When somebody else has changed it meanwhile, both versions are shown.
import { html } from 'htm/preact';
import { useLocation } from 'preact-iso/router';
import { api, must } from '../api.js';
import { forgetFeeds } from '../lib/feed.js';
import { useForm } from '../lib/form.js';
import { useLoad } from '../lib/load.js';
import { checkTags, saveTags, tagsOf, tagValues } from '../lib/tags.js';
import { useVersion } from '../lib/version.js';
import { mayEdit, useSession } from '../session.js';
import { Conflict } from '../ui/conflict.js';
import { Field, Problem, Restored, Submit } from '../ui/field.js';
import { LogInFirst } from '../ui/login-first.js';
import { Empty, standIn, useTitle } from '../ui/parts.js';
import { TagsField } from '../ui/tags-field.js';
import { say } from '../ui/toasts.js';

/** @typedef {import('../types').BookDetail} Book */

/** What two versions are compared by.
 *  @type {[string, string][]} */
const COMPARED = [['title', 'Title'], ['author', 'Author'], ['publisher', 'Publisher'], ['published_date', 'Published on'],
    ['page_count', 'Pages'], ['language', 'Language'], ['tags', 'Tags']];

const NOTHING = { title: '', author: '', publisher: '', published_date: '', page_count: '', language: '', ...tagValues() };

/** @typedef {typeof NOTHING} Values */

/** The fields of the form, from the book. @param {Book} book @returns {Values} */
const valuesOf = (book) => ({
    title: book.title,
    author: book.author ?? '',
    publisher: book.publisher ?? '',
    published_date: book.published_date ?? '',
    page_count: book.page_count === null ? '' : String(book.page_count),
    language: book.language ?? '',
    ...tagValues(book.tags),
});

/** The book as it is sent: what is left empty is not known. @param {Values} values */
const bodyOf = (values) => ({
    title: values.title,
    author: values.author || null,
    publisher: values.publisher || null,
    published_date: values.published_date || null,
    page_count: values.page_count === '' ? null : Number(values.page_count),
    language: values.language || null,
});

/** @param {string} uid @param {string} text of the field @param {import('../lib/tags.js').Tag[]} [before] */
const tagBook = (uid, text, before = []) => saveTags(text, before, {
    add: (tags) => must(api.POST('/books/{book_uid}/tags', { params: { path: { book_uid: uid } }, body: { tags } })),
    remove: (tag) => must(api.DELETE('/books/{book_uid}/tags/{tag_uid}', { params: { path: { book_uid: uid, tag_uid: tag } } })),
});

/** @param {{ form: import('../lib/form.js').Form<any>, children?: unknown }} props */
const Fields = ({ form, children }) => html`<form onSubmit=${form.submit}>
    <${Restored} form=${form} />
    <p class="quiet">Only the title is needed.</p>
    <${Field} form=${form} name="title" label="Title" with=${{ required: true, maxlength: 200 }} />
    <${Field} form=${form} name="author" label="Author" with=${{ maxlength: 200 }} />
    <${Field} form=${form} name="publisher" label="Publisher" with=${{ maxlength: 200 }} />
    <div class="columns">
        <${Field} form=${form} name="published_date" type="date" label="Published on" />
        <${Field} form=${form} name="page_count" type="number" label="Pages" with=${{ min: 1, inputmode: 'numeric' }} />
        <${Field} form=${form} name="language" label="Language" hint="By any name or code: en, German."
            with=${{ maxlength: 20 }} />
    </div>
    <${TagsField} form=${form} />
    <${Problem} form=${form} />
    <${Submit} form=${form}>${children}<//>
</form>`;

function New() {
    const { route } = useLocation();
    useTitle('Add a book');
    const form = useForm({
        initial: NOTHING,
        draft: 'book.new',
        send: async (values, key) => {
            checkTags(values.tags);
            const { data: book } = await must(api.POST('/books',
                { params: { header: { 'Idempotency-Key': key } }, body: bodyOf(values) }));
            await tagBook(book.uid, values.tags).catch((error) => say(`The book is there, but not its tags: ${error.message}`));
            forgetFeeds();
            route(`/books/${book.uid}`, true);
        },
    });
    return html`<h1>Add a book</h1><${Fields} form=${form}>Add it<//>`;
}

/** @param {{ book: Book, etag: string }} props */
function Edit({ book, etag }) {
    const { route } = useLocation();
    const path = { book_uid: book.uid };
    const version = useVersion({ valuesOf, read: () => api.GET('/books/{book_uid}', { params: { path }, cache: 'no-store' }) });
    const form = useForm({
        initial: { ...valuesOf(book), etag },
        draft: `book.${book.uid}`,
        send: async (values) => {
            const { tags, had, etag: begun, ...sent } = values;
            checkTags(tags, tagsOf(had));
            await version.save(begun, sent, (now) => api.PATCH('/books/{book_uid}',
                { params: { path, header: { 'If-Match': now } }, body: bodyOf(values) }));
            await tagBook(book.uid, tags, tagsOf(had));
            forgetFeeds();
            route(`/books/${book.uid}`, true);
        },
    });
    return html`<h1>Edit the book</h1>
        <${Conflict} fields=${COMPARED} version=${version} form=${form} />
        <${Fields} form=${form}>Save<//>`;
}

/** @param {{ uid: string }} props */
function Existing({ uid }) {
    const me = useSession();
    const loaded = useLoad(`edit book ${uid}`, (signal) => api.GET('/books/{book_uid}',
        { params: { path: { book_uid: uid } }, signal, cache: 'no-store' }));
    const book = /** @type {Book | null} */ (loaded.data);
    useTitle(book === null ? '' : `Edit: ${book.title}`);
    if (book === null) {
        return standIn(loaded, 'The book is not there, or not there any more.');
    }
    return me && !mayEdit(me, book.user?.id)
        ? html`<${Empty}><h1>Not yours</h1><p>Only whose shelf the book is on may change it.</p><//>`
        : html`<${Edit} key=${book.uid} book=${book} etag=${loaded.etag ?? ''} />`;
}

/** @param {{ uid?: string }} props */
export default function BookEdit({ uid }) {
    const me = useSession();
    if (me === null) {
        return html`<${LogInFirst} what="to add a book" />`;
    }
    return uid === undefined ? html`<${New} />` : html`<${Existing} uid=${uid} />`;
}
