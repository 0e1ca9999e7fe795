// Writing a post, and changing one. What is typed is kept in the browser until it is sent. When somebody else has changed the
// post meanwhile (its ETag is another), nothing is overwritten: both texts are shown against each other, and the writer
// decides.
import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { api, ApiError, must } from '../api.js';
import { forgetFeeds } from '../lib/feed.js';
import { useForm } from '../lib/form.js';
import { useLoad } from '../lib/load.js';
import { mayEdit, useSession } from '../session.js';
import { Conflict } from '../ui/conflict.js';
import { Field, Problem, Submit } from '../ui/field.js';
import Markdown from '../ui/markdown.js';
import { LogInFirst } from '../ui/login-first.js';
import { Empty, standIn, useTitle } from '../ui/parts.js';
import { TagsField, readTags } from '../ui/tags-field.js';
import { say } from '../ui/toasts.js';

/** @typedef {import('../types').Post} Post */

/** @param {number} id @param {string} text of the field @param {{ uid: string, name: string }[]} before */
async function saveTags(id, text, before) {
    const wanted = readTags(text);
    const same = (/** @type {string} */ a, /** @type {string} */ b) => a.toLowerCase() === b.toLowerCase();
    const fresh = wanted.filter((name) => !before.some((tag) => same(tag.name, name)));
    if (fresh.length > 0) {
        await must(api.POST('/posts/{id}/tags', { params: { path: { id } }, body: { tags: fresh.map((name) => ({ name })) } }));
    }
    for (const tag of before.filter(({ name }) => !wanted.some((other) => same(name, other)))) {
        await must(api.DELETE('/posts/{id}/tags/{tag_uid}', { params: { path: { id, tag_uid: tag.uid } } }));
    }
}

/** @param {{ form: import('../lib/form.js').Form<any>, children?: unknown }} props */
function Fields({ form, children }) {
    const [preview, setPreview] = useState(false);
    return html`<form onSubmit=${form.submit} class="editor">
        ${form.restored && html`<p class="note">This is what you typed before. <button type="button" class="plain" onClick=${form.reset}>Begin anew</button></p>`}
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
            const { data } = await must(api.POST('/posts', { params: { header: { 'Idempotency-Key': key } }, body: { title, content, published } }));
            await saveTags(data.id, tags, []).catch((error) => say(`The post is there, but not its tags: ${error.message}`));
            forgetFeeds();
            route(`/posts/${data.id}`, true);
        },
    });
    return html`<h1>Write a post</h1><${Fields} form=${form}>${form.values.published ? 'Publish' : 'Keep as a draft'}<//>`;
}

/** @param {{ post: Post, etag: string }} props */
function Edit({ post, etag }) {
    const { route } = useLocation();
    const tags = post.tags ?? [];
    const [base, setBase] = useState(etag);
    const [theirs, setTheirs] = useState(/** @type {Post | null} */ (null));
    const params = { path: { id: post.id } };
    const form = useForm({
        initial: { title: post.title, content: post.content, tags: tags.map(({ name }) => name).join(', '), published: post.published },
        draft: `post.${post.id}`,
        send: async ({ title, content, tags: text, published }) => {
            try {
                await must(api.PATCH('/posts/{id}', { params: { ...params, header: { 'If-Match': base } }, body: { title, content, published } }));
            } catch (error) {
                if (error instanceof ApiError && error.status === 412) {
                    const { data, response } = await must(api.GET('/posts/{id}', { params }));
                    setBase(response.headers.get('ETag') ?? '');
                    setTheirs(/** @type {Post} */ (data));
                    throw new ApiError(412, error.code, 'Somebody has changed this post since you opened it. Nothing is lost: see below.');
                }
                throw error;
            }
            await saveTags(post.id, text, tags).catch((error) => say(`The post is saved, but not its tags: ${error.message}`));
            forgetFeeds();
            route(`/posts/${post.id}`, true);
        },
    });
    const take = () => {
        form.set('title', theirs?.title ?? '');
        form.set('content', theirs?.content ?? '');
        setTheirs(null);
    };
    return html`<h1>Edit the post</h1>
        ${theirs !== null && html`<${Conflict} theirs=${theirs} mine=${form.values} take=${take} keep=${() => setTheirs(null)} />`}
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
