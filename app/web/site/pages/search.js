// One field for all that people have written. What is searched for, and among what, stands in the address, so that the way
// back leads to what was found.
import { html } from 'htm/preact';
import { api } from '../api.js';
import { useFeed } from '../lib/feed.js';
import { useTyped, withQuery } from '../lib/typed.js';
import { useSession, viewer } from '../session.js';
import { BOOK_FIELDS, BookList } from '../ui/book-row.js';
import { List } from '../ui/list.js';
import { NoteList } from '../ui/notes.js';
import { Empty, Tabs, useTitle } from '../ui/parts.js';
import { POST_FIELDS, PostList } from '../ui/post-row.js';
import { Filters, Found, TypedField } from '../ui/typed-field.js';

/** A word that the index of the server can hold: it has none of fewer than three letters. */
const INDEXED = /[\p{L}\p{M}\p{N}_']{3}/u;

/** By words, the best first, or by a piece of the title.
 *  @typedef {{ q: string } | { search: string }} Wanted */

/** The lists in which no word was found, so that they hold what was found by a piece.
 *  @type {Set<string>} */
const byPiece = new Set();

/**
 * What is found: by whole words of the text where there are any, else by a piece of the title, as of a word that is not yet
 * typed to its end.
 * @template T
 * @param {string} key what the list is
 * @param {string} text
 * @param {(wanted: Wanted, cursor: string | undefined, signal: AbortSignal) =>
 *     Promise<{ data?: T[], error?: unknown, response: Response }>} ask
 */
function useFound(key, text, ask) {
    const list = `search ${key} ${text}`;
    return useFeed(list, async (cursor, signal) => {
        if (cursor !== undefined) {
            return ask(byPiece.has(list) ? { search: text } : { q: text }, cursor, signal);
        }
        byPiece.delete(list);
        const answer = INDEXED.test(text) ? await ask({ q: text }, undefined, signal) : null;
        if (answer !== null && answer.data?.length !== 0) {
            return answer;
        }
        byPiece.add(list);
        return ask({ search: text }, undefined, signal);
    });
}

/** @param {{ text: string }} props */
const Nothing = ({ text }) => html`<p>Nothing is found for “${text}” here.</p>
    <p class="quiet">Texts are searched for whole words. Look among the others above, or try other words.</p>`;

/** @param {{ text: string }} props */
function Posts({ text }) {
    const me = useSession();
    const feed = useFound(`posts ${viewer(me)}`, text, (wanted, cursor, signal) => api.GET('/posts',
        { params: { query: { ...wanted, limit: 20, cursor, fields: [...POST_FIELDS], include: ['tags'] } }, signal }));
    return html`<${Found} feed=${feed} />
        <${PostList} feed=${feed} label="Posts" empty=${html`<${Nothing} text=${text} />`} />`;
}

/** @param {{ text: string }} props */
function Notes({ text }) {
    const feed = useFound('notes', text, (wanted, cursor, signal) => api.GET('/microposts',
        { params: { query: { ...wanted, limit: 20, cursor } }, signal }));
    return html`<${Found} feed=${feed} />
        <${NoteList} notes=${feed} label="Notes" empty=${html`<${Nothing} text=${text} />`} />`;
}

/** @param {{ text: string }} props */
function Books({ text }) {
    const feed = useFound('books', text, (wanted, cursor, signal) => api.GET('/books',
        { params: { query: { ...wanted, limit: 20, cursor, fields: [...BOOK_FIELDS], include: ['tags'] } }, signal }));
    return html`<${Found} feed=${feed} />
        <${BookList} feed=${feed} label="Books" empty=${html`<${Nothing} text=${text} />`} />`;
}

/** @param {{ text: string }} props */
function Tags({ text }) {
    const feed = useFeed(`search tags ${text}`, (cursor, signal) => api.GET('/tags',
        { params: { query: { search: text, sort_by: ['name'], limit: 50, cursor } }, signal }));
    return html`<${Found} feed=${feed} />
        <${List} feed=${feed} label="Tags" empty=${html`<${Nothing} text=${text} />`}
        hrefOf=${(/** @type {import('../types').Tag} */ { uid }) => `/tags/${uid}`}
        row=${(/** @type {import('../types').Tag} */ tag) => html`<a href="/tags/${tag.uid}" rel="tag">${tag.name}</a>`} />`;
}

/** @type {[string, string, import('preact').ComponentType<{ text: string }>][]} */
const PLACES = [['', 'Posts', Posts], ['notes', 'Notes', Notes], ['books', 'Books', Books], ['tags', 'Tags', Tags]];

/** @param {{ query: Record<string, string> }} props */
export default function Search({ query }) {
    const typed = useTyped('q');
    const text = typed.settled;
    const [place, , Results] = PLACES.find(([name]) => name === query.in) ?? PLACES[0];
    useTitle(text === '' ? 'Search' : `Search: ${text}`);
    return html`<h1>Search</h1>
        <${Filters} fields=${[typed]} label="The whole site">
            <${TypedField} typed=${typed} label="Words" with=${{ maxlength: 200, enterkeyhint: 'search' }} />
        <//>
        <${Tabs} label="Where" tabs=${PLACES.map(([key, name]) =>
            ({ href: withQuery({ in: key }), name, here: key === place }))} />
        ${text === ''
            ? html`<${Empty}><p>Type a word or two. Posts and notes are searched in all their text,
                books by title, author and publisher, tags by name.</p><//>`
            : html`<${Results} key=${place} text=${text} />`}`;
}
