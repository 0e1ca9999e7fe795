// Writing a post, and changing one. What is typed is kept in the browser until it is sent. When somebody else has changed the
// post meanwhile (its ETag is another), nothing is overwritten: both texts are shown against each other, and the writer
// decides.
import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
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
import Markdown from '../ui/markdown.js';
import { LogInFirst } from '../ui/login-first.js';
import { Empty, standIn, useTitle } from '../ui/parts.js';
import { TagsField } from '../ui/tags-field.js';
import { say } from '../ui/toasts.js';

/** @typedef {import('../types').Post} Post */

/** What two versions are compared by.
 *  @type {[string, string][]} */
const COMPARED = [['title', 'Title'], ['content', 'Text'], ['tags', 'Tags'], ['published', 'Published']];

/** @param {Post} post */
const valuesOf = (post) => ({ title: post.title, content: post.content, published: post.published, ...tagValues(post.tags) });

/** @param {number} id @param {string} text of the field @param {import('../lib/tags.js').Tag[]} [before] */
const tagPost = (id, text, before = []) => saveTags(text, before, {
    add: (tags) => must(api.POST('/posts/{id}/tags', { params: { path: { id } }, body: { tags } })),
    remove: (uid) => must(api.DELETE('/posts/{id}/tags/{tag_uid}', { params: { path: { id, tag_uid: uid } } })),
});

/** @param {{ form: import('../lib/form.js').Form<any>, children?: unknown }} props */
function Fields({ form, children }) {
    const [preview, setPreview] = useState(false);
    return html`<form onSubmit=${form.submit} class="editor">
        <${Restored} form=${form} />
        <${Field} form=${form} name="title" label="Title" with=${{ required: true, maxlength: 200 }} />
        <${Field} form=${form} name="content" type="textarea" label="Text" hint="Markdown: **bold**, _italic_, lists, links, tables."
            with=${{ rows: 16, maxlength: 500000 }} />
        <${TagsField} form=${form} />
        <label><input type="checkbox" name="published" checked=${form.values.published}
            onChange=${(/** @type {{ currentTarget: HTMLInputElement }} */ event) => form.set('published', event.currentTarget.checked)} />
            Published: everybody may read it</label>
        <${Problem} form=${form} />
        <p class="actions">
            <${Submit} form=${form}>${children}<//>
            <button type="button" class="secondary" aria-pressed=${preview ? 'true' : 'false'} onClick=${() => setPreview(!preview)}>Preview</button>
        </p>
        ${preview && html`<section class="preview" aria-label="Preview"><h2>${form.values.title}</h2><${Markdown} text=${form.values.content} /></section>`}
    </form>`;
}

function New() {
    const { route } = useLocation();
    useTitle('Write a post');
    const form = useForm({
        initial: { title: '', content: '', tags: '', published: true },
        draft: 'post.new',
        send: async ({ title, content, tags, published }, key) => {
            checkTags(tags);
            const { data } = await must(api.POST('/posts', { params: { header: { 'Idempotency-Key': key } }, body: { title, content, published } }));
            await tagPost(data.id, tags).catch((error) => say(`The post is there, but not its tags: ${error.message}`));
            forgetFeeds();
            route(`/posts/${data.id}`, true);
        },
    });
    return html`<h1>Write a post</h1><${Fields} form=${form}>${form.values.published ? 'Publish' : 'Keep as a draft'}<//>`;
}

/** @param {{ post: Post, etag: string }} props */
function Edit({ post, etag }) {
    const { route } = useLocation();
    const params = { path: { id: post.id } };
    const version = useVersion({ valuesOf,
        read: () => api.GET('/posts/{id}', { params: { ...params, query: { include: ['tags'] } }, cache: 'no-store' }) });
    const form = useForm({
        initial: { ...valuesOf(post), etag },
        draft: `post.${post.id}`,
        send: async ({ title, content, tags, had, published, etag: begun }) => {
            const body = { title, content, published };
            checkTags(tags, tagsOf(had));
            await version.save(begun, body, (now) => api.PATCH('/posts/{id}', { params: { ...params, header: { 'If-Match': now } }, body }));
            await tagPost(post.id, tags, tagsOf(had));
            forgetFeeds();
            route(`/posts/${post.id}`, true);
        },
    });
    return html`<h1>Edit the post</h1>
        <${Conflict} fields=${COMPARED} version=${version} form=${form} />
        <${Fields} form=${form}>Save<//>`;
}

/** @param {{ id: string }} props */
function Existing({ id }) {
    const me = useSession();
    const loaded = useLoad(`edit post ${id}`, (signal) => api.GET('/posts/{id}',
        { params: { path: { id: Number(id) }, query: { include: ['tags'] } }, signal, cache: 'no-store' }));
    const post = /** @type {Post | null} */ (loaded.data);
    useTitle(post === null ? '' : `Edit: ${post.title}`);
    if (post === null) {
        return standIn(loaded, 'The post is not there, or not there any more.');
    }
    return me && !mayEdit(me, post.owner_id) ? html`<${Empty}><h1>Not yours</h1><p>Only who wrote the post may change it.</p><//>`
        : html`<${Edit} key=${post.id} post=${post} etag=${loaded.etag ?? ''} />`;
}

/** @param {{ id?: string }} props */
export default function PostEdit({ id }) {
    const me = useSession();
    if (me === null) {
        return html`<${LogInFirst} what="to write" />`;
    }
    return id === undefined ? html`<${New} />` : html`<${Existing} id=${id} />`;
}
