// What people say to a post: a tree of comments and answers.
import { html } from 'htm/preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, must } from '../api.js';
import { holds, loadTrees, useNamed } from '../lib/comments.js';
import { deleted } from '../lib/feed.js';
import { useForm } from '../lib/form.js';
import { deleteLater } from '../lib/later.js';
import { useLoad } from '../lib/load.js';
import { useOpener } from '../lib/opener.js';
import { useStore } from '../lib/store.js';
import { ago } from '../lib/time.js';
import { mayEdit, useSession } from '../session.js';
import { Field, focusIt, Problem, Restored, Submit } from './field.js';
import { Empty, Failure, Loading, Person, Time } from './parts.js';

/** @typedef {import('../types').CommentTree} Tree */

/** @typedef {(saved?: import('../types').Comment) => void} Again asks for the comments again; saved: what was just sent */

/** @param {{ post: number, parent?: number, done: Again, cancel?: () => void }} props */
function Write({ post, parent, done, cancel }) {
    const form = useForm({
        initial: { text: '' },
        draft: `comment.${post}.${parent ?? 0}`,
        send: async ({ text }, key) => {
            const { data } = await must(api.POST('/posts/{id}/comments', { params: { path: { id: post },
                header: { 'Idempotency-Key': key } }, body: { text, parent_id: parent ?? null } }));
            done(data);
        },
    });
    return html`<form onSubmit=${form.submit} class="comment-form">
        <${Field} form=${form} name="text" type="textarea" label=${parent === undefined ? 'Your comment' : 'Your answer'}
            with=${{ rows: 3, required: true, maxlength: 5000, ref: parent === undefined ? undefined : focusIt }} />
        <${Problem} form=${form} />
        <p class="actions">
            <${Submit} form=${form}>${parent === undefined ? 'Comment' : 'Answer'}<//>
            ${cancel && html`<button type="button" class="secondary" onClick=${cancel}>Cancel</button>`}
        </p>
    </form>`;
}

/** @param {{ comment: Tree, done: Again, cancel: () => void }} props */
function Edit({ comment, done, cancel }) {
    const form = useForm({
        initial: { text: comment.text },
        draft: `comment.edit.${comment.id}`,
        send: async ({ text }) => {
            const { data } = await must(api.PATCH('/comments/{id}', { params: { path: { id: comment.id } }, body: { text } }));
            done(data);
        },
    });
    return html`<form onSubmit=${form.submit} class="comment-form">
        <${Restored} form=${form} />
        <${Field} form=${form} name="text" type="textarea" label="Your comment"
            with=${{ rows: 3, required: true, maxlength: 5000, ref: focusIt }} />
        <${Problem} form=${form} />
        <p class="actions"><${Submit} form=${form}>Save<//>
            <button type="button" class="secondary" onClick=${() => { form.reset(); cancel(); }}>Cancel</button></p>
    </form>`;
}

/** @param {{ comment: Tree, post: number, again: Again }} props */
function Comment({ comment, post, again }) {
    const me = useSession();
    const [doing, setDoing] = useState('');
    const href = `/comments/${comment.id}`;
    const gone = useStore(deleted).has(href);
    const answering = useOpener(doing === 'answer');
    const editing = useOpener(doing === 'edit');
    const stop = () => setDoing('');
    const finish = (/** @type {import('../types').Comment} */ saved) => { stop(); again(saved); };
    const remove = () => deleteLater('The comment is deleted, and what answers it.', {
        send: () => must(api.DELETE('/comments/{id}', { params: { path: { id: comment.id } }, keepalive: true })).then(() => again()),
        href,
    });
    const whose = `the comment of ${comment.author.username}, ${ago(comment.created_at)}`;
    if (gone) {
        return null;
    }
    return html`<li id="comment-${comment.id}" class="comment" tabindex="-1">
        <p class="quiet"><${Person} of=${comment.author} /> ·${' '}
            <a href="#comment-${comment.id}" class="quiet" aria-label="Link to ${whose}"><${Time} at=${comment.created_at} /></a>
            ${comment.updated_at !== comment.created_at && html` · <${Time} at=${comment.updated_at} verb="edited" />`}</p>
        ${doing === 'edit' ? html`<${Edit} comment=${comment} done=${finish} cancel=${stop} />` : html`<p class="text">${comment.text}</p>`}
        ${me && doing === '' && html`<p class="actions small">
            <button type="button" class="plain" ref=${answering} aria-label="Answer ${whose}"
                onClick=${() => setDoing('answer')}>Answer</button>
            ${mayEdit(me, comment.author.id) && html`
                <button type="button" class="plain" ref=${editing} aria-label="Edit ${whose}"
                    onClick=${() => setDoing('edit')}>Edit</button>
                <button type="button" class="plain" aria-label="Delete ${whose}" onClick=${remove}>Delete</button>`}
        </p>`}
        ${doing === 'answer' && html`<${Write} post=${post} parent=${comment.id} done=${finish} cancel=${stop} />`}
        ${comment.replies.length > 0 && html`<ol role="list">
            ${comment.replies.map((reply) => html`<${Comment} key=${reply.id} comment=${reply} post=${post} again=${again} />`)}
        </ol>`}
    </li>`;
}

/** Leads to the comment that the address names, and says so when it is gone.
 *  @param {{ named: import('../lib/comments.js').Named }} props */
function Named({ named: { id, state, error, again } }) {
    const note = useRef(/** @type {HTMLElement | null} */ (null));
    const [hidden, hide] = useState(0); // the id of one that is about to be deleted, or what it answers is
    const gone = state === 'gone' || hidden === id;
    useEffect(() => {
        const comment = document.getElementById(`comment-${id}`);
        const place = gone ? note.current : state === 'there' ? comment : null;
        place?.focus({ preventScroll: true });
        place?.scrollIntoView();
        hide(state === 'there' && comment === null ? id : 0);
    }, [id, state, gone]);
    return html`${state === 'looking' && html`<p class="loading" role="status" aria-busy="true">Looking for the comment…</p>`}
        ${id > 0 && gone && html`<p class="note" role="status" tabindex="-1" ref=${note}>The comment that this address leads to is not
            there, or not there any more.</p>`}
        ${error !== null && html`<${Failure} error=${error} again=${again} />`}`;
}

/** @param {{ post: number }} props */
export function Comments({ post }) {
    const me = useSession();
    const pages = useRef(1);
    const loaded = useLoad(`comments ${post}`, (signal) => loadTrees(post, pages.current, signal));
    pages.current = Math.max(pages.current, loaded.data?.pages ?? 1); // an address that names a comment has loaded more
    const trees = loaded.data?.trees ?? null;
    // What was just written stands at the end: it is shown, even if the pages before its own are not.
    const [fresh, setFresh] = useState(/** @type {Map<number, Tree>} */ (new Map()));
    const again = (/** @type {import('../types').Comment} */ saved) => {
        if (saved?.parent_id === null) {
            setFresh((old) => new Map([...old, [saved.id, { ...saved, replies: [] }]]));
        }
        loaded.again();
    };
    const named = useNamed(post, loaded);
    const last = [...fresh.values()].filter(({ id }) => loaded.data?.more && !loaded.data.trees.some((tree) => tree.id === id));
    if (named.alone !== null && trees !== null && !holds([...trees, ...last], named.alone.id)) {
        last.push(named.alone);
    }
    const before = useRef(0); // how many there were when more was asked for
    const more = () => {
        if (!loaded.loading && loaded.data !== null) {
            pages.current = loaded.data.pages + 1;
            before.current = loaded.data.trees.length;
            loaded.again();
        }
    };
    useEffect(() => {
        const first = before.current === 0 ? undefined : trees?.[before.current];
        if (first !== undefined) {
            before.current = 0;
            document.getElementById(`comment-${first.id}`)?.focus();
        }
    }, [trees?.length]);
    useEffect(() => {
        if (trees !== null && location.hash === '#comments') {
            document.getElementById('comments')?.scrollIntoView();
        }
    }, [trees !== null]);
    return html`<section id="comments" aria-label="Comments">
        <h2>Comments</h2>
        <${Named} named=${named} />
        ${me && html`<${Write} post=${post} done=${again} />`}
        ${me === null && html`<p class="quiet"><a href="/login?next=/posts/${post}">Log in</a> to comment.</p>`}
        ${loaded.error !== null && html`<${Failure} error=${loaded.error} again=${loaded.again} />`}
        ${trees === null && loaded.loading && html`<${Loading} />`}
        ${trees?.length === 0 && html`<${Empty}><p>Nobody has said anything yet.</p><//>`}
        ${trees !== null && trees.length > 0 && html`<ol role="list" class="comments">
            ${[...trees, ...last].map((tree) => html`<${Comment} key=${tree.id} comment=${tree} post=${post} again=${again} />`)}
        </ol>`}
        ${loaded.data?.more && html`<p class="more">
            <button type="button" class="secondary" aria-busy=${loaded.loading ? 'true' : 'false'} onClick=${more}>More comments</button>
        </p>`}
    </section>`;
}
