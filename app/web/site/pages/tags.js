// All tags, found while one types. Who is logged in makes new ones; moderators keep them in order.
import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { api, must } from '../api.js';
import { forgetFeeds, useFeed } from '../lib/feed.js';
import { useForm } from '../lib/form.js';
import { deleteLater } from '../lib/later.js';
import { useOpener } from '../lib/opener.js';
import { useTyped } from '../lib/typed.js';
import { mayModerate, useSession } from '../session.js';
import { Field, focusIt, Problem, Submit } from '../ui/field.js';
import { List } from '../ui/list.js';
import { useTitle } from '../ui/parts.js';
import { Filters, Found, TypedField } from '../ui/typed-field.js';

/** @typedef {import('../types').Tag} Tag */

/** @param {Tag} tag */
const hrefOf = ({ uid }) => `/tags/${uid}`;

const LENGTH = { required: true, maxlength: 50, autocapitalize: 'off' };

function New() {
    const { route } = useLocation();
    const form = useForm({
        initial: { name: '' },
        send: async ({ name }, key) => {
            const { data: tag } = await must(api.POST('/tags',
                { params: { header: { 'Idempotency-Key': key } }, body: { name: name.trim() } }));
            forgetFeeds('tags');
            route(`/tags/${tag.uid}`);
        },
    });
    return html`<form onSubmit=${form.submit} class="one-line">
        <${Field} form=${form} name="name" label="Its name" with=${LENGTH} />
        <${Problem} form=${form} />
        <${Submit} form=${form}>Make it<//>
    </form>`;
}

/** @param {{ tag: Tag, done: (tag: Tag) => void, cancel: () => void }} props */
function Rename({ tag, done, cancel }) {
    const form = useForm({
        initial: { name: tag.name },
        send: async ({ name }) => {
            const { data } = await must(api.PATCH('/tags/{tag_uid}',
                { params: { path: { tag_uid: tag.uid } }, body: { name: name.trim() } }));
            forgetFeeds();
            done(data);
        },
    });
    return html`<form onSubmit=${form.submit} class="one-line">
        <${Field} form=${form} name="name" label="Another name for “${tag.name}”" with=${{ ...LENGTH, ref: focusIt }} />
        <${Problem} form=${form} />
        <p class="actions"><${Submit} form=${form}>Rename<//>
            <button type="button" class="secondary" onClick=${cancel}>Cancel</button></p>
    </form>`;
}

/** @param {{ tag: Tag, changed: (tag: Tag) => void, gone: () => void }} props */
function Row({ tag, changed, gone }) {
    const me = useSession();
    const [renaming, setRenaming] = useState(false);
    const opener = useOpener(renaming);
    const remove = () => deleteLater(`The tag “${tag.name}” is deleted, and taken off all that had it.`, {
        send: () => must(api.DELETE('/tags/{tag_uid}', { params: { path: { tag_uid: tag.uid } }, keepalive: true })).then(gone),
        href: hrefOf(tag),
    });
    if (renaming) {
        return html`<${Rename} tag=${tag} cancel=${() => setRenaming(false)}
            done=${(/** @type {Tag} */ now) => { setRenaming(false); changed(now); }} />`;
    }
    return html`<div class="tag-row">
        <a href="/tags/${tag.uid}" rel="tag">${tag.name}</a>
        ${mayModerate(me) && html`<span class="actions small">
            <button type="button" class="plain" ref=${opener} aria-label="Rename ${tag.name}"
                onClick=${() => setRenaming(true)}>Rename</button>
            <button type="button" class="plain" aria-label="Delete ${tag.name}" onClick=${remove}>Delete</button>
        </span>`}
    </div>`;
}

export default function Tags() {
    useTitle('Tags');
    const me = useSession();
    const search = useTyped('search');
    const wanted = { search: search.settled || undefined };
    const feed = useFeed(`tags ${search.settled}`, (cursor, signal) => api.GET('/tags',
        { params: { query: { ...wanted, sort_by: ['name'], limit: 50, cursor } }, signal }));
    const changed = (/** @type {Tag} */ now) => feed.change((items) => items.map((each) => (each.uid === now.uid ? now : each)));
    const gone = (/** @type {Tag} */ tag) => {
        forgetFeeds();
        feed.change((items) => items.filter((each) => each.uid !== tag.uid));
    };
    const row = (/** @type {Tag} */ tag) => html`<${Row} tag=${tag} changed=${changed} gone=${() => gone(tag)} />`;
    return html`<h1>Tags</h1>
        <${Filters} fields=${[search]} label="Tags">
            <${TypedField} typed=${search} label="Name contains" with=${{ maxlength: 50 }} />
        <//>
        ${me && html`<details><summary>New tag</summary><${New} /></details>`}
        ${search.settled !== '' && html`<${Found} feed=${feed} />`}
        <div class="tag-list">
            <${List} feed=${feed} label="Tags" row=${row} hrefOf=${hrefOf} empty=${search.settled === ''
                ? html`<p>There are no tags yet.</p>` : html`<p>No tag has “${search.settled}” in its name.</p>`} />
        </div>`;
}
