// A post in a list.
import { html } from 'htm/preact';
import { useMyVotes } from '../lib/votes.js';
import { List } from './list.js';
import { count, Person, Tags, Time } from './parts.js';
import { Votes } from './votes.js';

/** What a list of posts asks for: not their texts, which may be long. */
export const POST_FIELDS = /** @type {const} */ (['id', 'title', 'published', 'owner', 'score', 'comment_count', 'created_at', 'tags']);

/** @typedef {Pick<import('../types').Post, typeof POST_FIELDS[number]>} PostRow */

/** @param {{ post: PostRow }} props */
const PostRow = ({ post }) => html`<article class="post-row">
    <${Votes} post=${post} />
    <div>
        <h2><a href="/posts/${post.id}">${post.title}</a></h2>
        <p class="quiet">
            ${!post.published && html`<strong>Draft</strong> · `}
            by <${Person} of=${post.owner} /> · <${Time} at=${post.created_at} /> · ${' '}
            <a href="/posts/${post.id}#comments">${count(post.comment_count, 'comment')}</a>
        </p>
        <${Tags} tags=${post.tags} />
    </div>
</article>`;

/**
 * A list of posts, with my votes.
 * @param {{ feed: import('../lib/feed.js').Feed<any>, empty: unknown, label: string }} props
 */
export function PostList({ feed, empty, label }) {
    useMyVotes(feed.items.map(({ id }) => id));
    return html`<${List} feed=${feed} label=${label} empty=${empty}
        hrefOf=${(/** @type {PostRow} */ post) => `/posts/${post.id}`} row=${(/** @type {PostRow} */ post) => html`<${PostRow} post=${post} />`} />`;
}
