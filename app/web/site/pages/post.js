// One post: its text, its tags, the votes and what people say to it.
import { html } from 'htm/preact';
import { useLocation } from 'preact-iso/router';
import { api, must } from '../api.js';
import { forgetFeeds } from '../lib/feed.js';
import { deleteLater } from '../lib/later.js';
import { useLoad } from '../lib/load.js';
import { useMyVotes } from '../lib/votes.js';
import { mayEdit, useSession, viewer } from '../session.js';
import { Comments } from '../ui/comments.js';
import Markdown from '../ui/markdown.js';
import { Person, standIn, Tags, Time, useTitle } from '../ui/parts.js';
import { Votes } from '../ui/votes.js';

/** @param {{ post: import('../types').Post }} props */
function Owner({ post }) {
    const { route } = useLocation();
    const path = { id: post.id };
    const remove = () => {
        forgetFeeds();
        route('/');
        deleteLater(`“${post.title}” is deleted.`, {
            send: () => must(api.DELETE('/posts/{id}', { params: { path }, keepalive: true })).then(() => forgetFeeds()),
            href: `/posts/${post.id}`,
            back: () => route(`/posts/${post.id}`),
        });
    };
    return html`<p class="actions">
        <a href="/posts/${post.id}/edit" role="button" class="secondary">Edit</a>
        <button type="button" class="secondary" onClick=${remove}>Delete</button>
    </p>`;
}

/** @param {{ id: string }} props */
export default function PostPage({ id }) {
    const me = useSession();
    const loaded = useLoad(`post ${id} ${viewer(me)}`, (signal) => api.GET('/posts/{id}',
        { params: { path: { id: Number(id) }, query: { include: ['tags'] } }, signal }));
    const post = /** @type {import('../types').Post | null} */ (loaded.data);
    useTitle(post?.title ?? '');
    useMyVotes(post === null ? [] : [post.id]);
    if (post === null) {
        return standIn(loaded, 'The post is not there, or not there any more.');
    }
    return html`<article class="post">
        <div class="post-head">
            <${Votes} post=${post} />
            <div>
                <h1>${post.title}</h1>
                <p class="quiet">
                    ${!post.published && html`<strong>Draft: only you see it</strong> · `}
                    by <${Person} of=${post.owner} /> · <${Time} at=${post.created_at} />
                    ${post.updated_at !== post.created_at && html` · <${Time} at=${post.updated_at} verb="edited" />`}
                </p>
            </div>
        </div>
        <${Markdown} text=${post.content} />
        <${Tags} tags=${post.tags} />
        ${mayEdit(me, post.owner_id) && html`<${Owner} post=${post} />`}
    </article>
    <${Comments} post=${post.id} />`;
}
