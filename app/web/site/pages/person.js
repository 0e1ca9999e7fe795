// A person: what they tell of themself, and what they have written.
import { html } from 'htm/preact';
import { api } from '../api.js';
import { useFeed } from '../lib/feed.js';
import { useLoad } from '../lib/load.js';
import { day } from '../lib/time.js';
import { useSession } from '../session.js';
import { BOOK_FIELDS, BookList } from '../ui/book-row.js';
import { NoteList } from '../ui/notes.js';
import { Avatar, standIn, Tabs, useTitle } from '../ui/parts.js';
import { POST_FIELDS, PostList } from '../ui/post-row.js';
import { ReviewList } from '../ui/review-row.js';

/** @typedef {{ id: number, name: string, mine: boolean }} Of whose list it is */

const SHOWN = 20; // rows of a page

/** @param {Of} props */
function Posts({ id, name, mine }) {
    const feed = useFeed(`person ${id} posts ${mine}`, (cursor, signal) => api.GET('/users/{id}/posts', { params: { path: { id },
        query: { sort_by: ['-created_at'], limit: SHOWN, cursor, fields: [...POST_FIELDS], include: ['tags'] } }, signal }));
    return html`<${PostList} feed=${feed} label="Posts of ${name}" empty=${mine
        ? html`<p>You have not written a post yet.</p><p><a href="/posts/new">Write one</a></p>`
        : html`<p>${name} has not written a post yet.</p>`} />`;
}

/** @param {Of} props */
function Notes({ id, name, mine }) {
    const feed = useFeed(`person ${id} notes`, (cursor, signal) => api.GET('/users/{id}/microposts',
        { params: { path: { id }, query: { limit: SHOWN, cursor } }, signal }));
    return html`<${NoteList} notes=${feed} label="Notes of ${name}" empty=${mine
        ? html`<p>You have not written a note yet.</p><p><a href="/notes">Write one</a></p>`
        : html`<p>${name} has not written a note yet.</p>`} />`;
}

/** @param {Of} props */
function Books({ id, name, mine }) {
    const feed = useFeed(`person ${id} books`, (cursor, signal) => api.GET('/users/{id}/books',
        { params: { path: { id },
            query: { sort_by: ['-created_at'], limit: SHOWN, cursor, fields: [...BOOK_FIELDS], include: ['tags'] } }, signal }));
    return html`<${BookList} feed=${feed} label="Books of ${name}" empty=${mine
        ? html`<p>You have put no book on the shelf yet.</p><p><a href="/books/new">Add one</a></p>`
        : html`<p>${name} has put no book on the shelf yet.</p>`} />`;
}

/** @param {Of} props */
function Reviews({ id, name, mine }) {
    const feed = useFeed(`person ${id} reviews`, (cursor, signal) => api.GET('/users/{id}/reviews',
        { params: { path: { id }, query: { sort_by: ['-created_at'], limit: SHOWN, cursor } }, signal }));
    return html`<${ReviewList} feed=${feed} label="Reviews by ${name}" empty=${mine
        ? html`<p>You have reviewed no book yet.</p><p><a href="/books">To the books</a></p>`
        : html`<p>${name} has reviewed no book yet.</p>`} />`;
}

const PARTS = /** @type {const} */ ([['posts', 'Posts', Posts], ['notes', 'Notes', Notes], ['books', 'Books', Books],
    ['reviews', 'Reviews', Reviews]]);

/** A link to a person's own pages, without what every address begins with.
 *  @param {{ to: string }} props */
const Website = ({ to }) => html`<p>
    <a href=${to} rel="nofollow ugc noopener">${to.replace(/^https?:\/\//i, '').replace(/\/$/, '')}</a>
</p>`;

/** @param {{ person: import('../types').PublicUser, profile?: import('../types').Profile | null, children?: unknown }} props */
const Head = ({ person: { username, created_at: since }, profile, children }) => html`<header class="person-head">
    <${Avatar} name=${username} url=${profile?.avatar_url} large />
    <div>
        <h1>${username}</h1>
        <p class="quiet">Here since ${day(since)}</p>
        ${profile?.bio && html`<p class="text">${profile.bio}</p>`}
        ${profile?.website && html`<${Website} to=${profile.website} />`}
        ${children}
    </div>
</header>`;

/** @param {{ person: import('../types').PublicUser }} props */
function TheirHead({ person }) {
    const { data } = useLoad(`profile ${person.id}`, (signal) => api.GET('/users/{id}/profile',
        { params: { path: { id: person.id } }, signal }));
    return html`<${Head} person=${person} profile=${data} />`;
}

/** @param {{ id: string, query: Record<string, string> }} props */
export default function PersonPage({ id, query }) {
    const me = useSession();
    const loaded = useLoad(`person ${id}`, (signal) => api.GET('/users/{id}', { params: { path: { id: Number(id) } }, signal }));
    const person = /** @type {import('../types').PublicUser | null} */ (loaded.data);
    useTitle(person?.username ?? '');
    if (person === null) {
        return standIn(loaded, 'There is nobody of this number, or not any more.');
    }
    const mine = me?.id === person.id;
    const known = me !== undefined; // who is looking: of oneself the profile is there already
    const [part, , Part] = PARTS.find(([key]) => key === query.show) ?? PARTS[0];
    return html`
        ${mine ? html`<${Head} person=${person} profile=${me.profile}><p><a href="/settings">Edit your profile</a></p><//>`
            : html`<${known ? TheirHead : Head} person=${person} />`}
        <${Tabs} label="What ${person.username} has written" tabs=${PARTS.map(([key, name]) =>
            ({ href: key === 'posts' ? `/people/${id}` : `/people/${id}?show=${key}`, name, here: key === part }))} />
        <${Part} key=${part} id=${person.id} name=${person.username} mine=${mine} />`;
}
