// What has a tag: posts, or books.
import { html } from 'htm/preact';
import { api } from '../api.js';
import { useFeed } from '../lib/feed.js';
import { useLoad } from '../lib/load.js';
import { useSession, viewer } from '../session.js';
import { BOOK_FIELDS, BookList } from '../ui/book-row.js';
import { standIn, Tabs, useTitle } from '../ui/parts.js';
import { POST_FIELDS, PostList } from '../ui/post-row.js';

/** @param {{ uid: string }} props */
function Posts({ uid }) {
    const me = useSession();
    const feed = useFeed(`posts tagged ${uid} ${viewer(me)}`, (cursor, signal) => api.GET('/tags/{tag_uid}/posts',
        { params: { path: { tag_uid: uid }, query: { sort_by: ['-created_at'], limit: 20, cursor,
            fields: [...POST_FIELDS], include: ['tags'] } }, signal }));
    return html`<${PostList} feed=${feed} label="Posts" empty=${html`<p>No post has this tag.</p>`} />`;
}

/** @param {{ uid: string }} props */
function Books({ uid }) {
    const feed = useFeed(`books tagged ${uid}`, (cursor, signal) => api.GET('/tags/{tag_uid}/books',
        { params: { path: { tag_uid: uid }, query: { sort_by: ['-created_at'], limit: 20, cursor,
            fields: [...BOOK_FIELDS], include: ['tags'] } }, signal }));
    return html`<${BookList} feed=${feed} label="Books" empty=${html`<p>No book has this tag.</p>`} />`;
}

/** @param {{ uid: string, query: Record<string, string> }} props */
export default function TagPage({ uid, query }) {
    const loaded = useLoad(`tag ${uid}`, (signal) => api.GET('/tags/{tag_uid}', { params: { path: { tag_uid: uid } }, signal }));
    const tag = /** @type {import('../types').Tag | null} */ (loaded.data);
    useTitle(tag === null ? '' : `Tag: ${tag.name}`);
    if (tag === null) {
        return standIn(loaded, 'The tag is not there, or not there any more.');
    }
    const books = query.show === 'books';
    return html`<h1>Tag: ${tag.name}</h1>
        <${Tabs} label="What has the tag" tabs=${[
            { href: `/tags/${uid}`, name: 'Posts', here: !books },
            { href: `/tags/${uid}?show=books`, name: 'Books', here: books },
        ]} />
        <${books ? Books : Posts} uid=${uid} />
        <p class="quiet"><a href="/tags">All tags</a></p>`;
}
