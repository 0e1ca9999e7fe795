// All books: in some order, found by what their titles contain, by language or by tag. All of that stands in the address.
import { html } from 'htm/preact';
import { api } from '../api.js';
import { useFeed } from '../lib/feed.js';
import { useTyped, withQuery } from '../lib/typed.js';
import { useSession } from '../session.js';
import { BOOK_FIELDS, BookList } from '../ui/book-row.js';
import { Tabs, useTitle } from '../ui/parts.js';
import { Filters, Found, TypedField } from '../ui/typed-field.js';

const ORDERS = /** @type {const} */ ([
    ['', 'Newest', '-created_at'],
    ['title', 'Title', 'title'],
    ['rating', 'Best rated', '-average_rating'],
    ['reviews', 'Most reviewed', '-review_count'],
]);

/** What the books that are there have, each once: offered in a filter.
 *  @param {(string | null)[]} values */
const known = (values) => [...new Set(values)].filter((value) => value !== null).sort();

/** @param {{ query: Record<string, string> }} props */
export default function Books({ query }) {
    useTitle('Books');
    const me = useSession();
    const [order, , sort] = ORDERS.find(([name]) => name === query.sort) ?? ORDERS[0];
    const search = useTyped('search');
    const language = useTyped('language');
    const tag = useTyped('tag');
    const filters = [search, language, tag];
    const wanted = { search: search.settled || undefined, language: language.settled || undefined,
        tag: tag.settled || undefined };
    const feed = useFeed(`books ${order} ${JSON.stringify(wanted)}`, (cursor, signal) => api.GET('/books',
        { params: { query: { ...wanted, sort_by: [sort], limit: 20, cursor,
            fields: [...BOOK_FIELDS], include: ['tags'] } }, signal }));
    const books = /** @type {import('../ui/book-row.js').BookRow[]} */ (feed.items);
    const languages = known(books.map(({ language: name }) => name));
    const tags = known(books.flatMap(({ tags: some = [] }) => some.map(({ name }) => name)));
    const filtered = filters.some(({ settled }) => settled !== '');
    return html`
        <div class="head">
            <h1>Books</h1>
            ${me && html`<a href="/books/new" role="button">Add a book</a>`}
        </div>
        <${Filters} fields=${filters} label="Books">
            <${TypedField} typed=${search} label="Title contains" with=${{ maxlength: 200 }} />
            <${TypedField} typed=${language} label="Language" known=${languages} with=${{ maxlength: 20 }} />
            <${TypedField} typed=${tag} label="Tag" known=${tags} with=${{ maxlength: 50 }} />
        <//>
        <${Tabs} label="Order" tabs=${ORDERS.map(([key, name]) =>
            ({ href: withQuery({ sort: key }), name, here: key === order }))} />
        ${filtered && html`<${Found} feed=${feed} />`}
        <${BookList} feed=${feed} label="Books" empty=${filtered
            ? html`<p>No book is like that.</p><p><a href="/books">Show all books</a></p>`
            : html`<p>There are no books yet.</p><p><a href=${me ? '/books/new' : '/signup'}>Add the first</a></p>`} />`;
}
