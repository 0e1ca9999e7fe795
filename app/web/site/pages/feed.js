// The first page: what people write, the newest or the best first.
import { html } from 'htm/preact';
import { api } from '../api.js';
import { useFeed } from '../lib/feed.js';
import { useSession, viewer } from '../session.js';
import { Tabs, useTitle } from '../ui/parts.js';
import { POST_FIELDS, PostList } from '../ui/post-row.js';

const ORDERS = /** @type {const} */ ([
    ['new', 'Newest', '-created_at'],
    ['top', 'Best', '-score'],
    ['votes', 'Most voted on', '-votes'],
]);

/** @param {{ query: Record<string, string> }} props */
export default function Feed({ query }) {
    useTitle('');
    const me = useSession();
    const [order, , sort] = ORDERS.find(([name]) => name === query.sort) ?? ORDERS[0];
    const feed = useFeed(`posts ${order} ${viewer(me)}`, (cursor, signal) => api.GET('/posts',
        { params: { query: { sort_by: [sort], limit: 20, cursor, fields: [...POST_FIELDS], include: ['tags'] } }, signal }));
    return html`
        <div class="head">
            <h1>Posts</h1>
            ${me && html`<a href="/posts/new" role="button">Write a post</a>`}
        </div>
        <${Tabs} label="Order" tabs=${ORDERS.map(([key, name]) =>
            ({ href: key === 'new' ? '/' : `/?sort=${key}`, name, here: key === order }))} />
        <${PostList} feed=${feed} label="Posts" empty=${html`<p>Nobody has written anything yet.</p>
            <p><a href=${me ? '/posts/new' : '/signup'}>Be the first</a></p>`} />`;
}
