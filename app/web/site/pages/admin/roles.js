// Roles: made, renamed, deleted, and who holds them.
import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { api, must } from '../../api.js';
import { useFeed } from '../../lib/feed.js';
import { useForm } from '../../lib/form.js';
import { deleteLater } from '../../lib/later.js';
import { useOpener } from '../../lib/opener.js';
import { Field, focusIt, Problem, Restored, Submit } from '../../ui/field.js';
import { List } from '../../ui/list.js';
import { Person } from '../../ui/parts.js';
import { say } from '../../ui/toasts.js';

/** @typedef {import('../../types').Role} Role */
/** @typedef {import('../../types').User} User */
/** @typedef {import('../../lib/feed.js').Feed<Role>} Roles */

/** @param {{ form: import('../../lib/form.js').Form<{ name: string, description: string }>, label: string, focus?: boolean, children?: unknown }} props
 *  focus: one types at once */
const Fields = ({ form, label, focus = false, children }) => html`<form onSubmit=${form.submit}>
    <${Restored} form=${form} />
    <${Field} form=${form} name="name" label="Name" with=${{ required: true, maxlength: 50, ref: focus ? focusIt : undefined }} />
    <${Field} form=${form} name="description" label="What it is for" with=${{ maxlength: 500 }} />
    <${Problem} form=${form} />
    <p class="actions"><${Submit} form=${form}>${label}<//>${children}</p>
</form>`;

/** @param {{ roles: Roles }} props */
function New({ roles }) {
    const form = useForm({
        initial: { name: '', description: '' },
        draft: 'role.new',
        send: async ({ name, description }, key) => {
            const { data } = await must(api.POST('/roles', { params: { header: { 'Idempotency-Key': key } },
                body: { name, description: description || null } }));
            roles.change((items) => [data, ...items]);
            say(`The role “${data.name}” is made.`);
        },
    });
    return html`<details><summary>Make a role</summary><${Fields} form=${form} label="Make it" /></details>`;
}

/** @param {{ role: Role, done: (role: Role) => void, cancel: () => void }} props */
function Edit({ role, done, cancel }) {
    const form = useForm({
        initial: { name: role.name, description: role.description ?? '' },
        draft: `role.${role.id}`,
        send: async ({ name, description }) => {
            const { data } = await must(api.PATCH('/roles/{id}', { params: { path: { id: role.id } },
                body: { name, description: description || null } }));
            done(data);
        },
    });
    return html`<${Fields} form=${form} label="Save" focus>
        <button type="button" class="secondary" onClick=${() => { form.reset(); cancel(); }}>Cancel</button><//>`;
}

/** @param {{ role: Role }} props */
function Holders({ role }) {
    const feed = useFeed(`holders of ${role.id}`, (cursor, signal) => api.GET('/roles/{id}/users',
        { params: { path: { id: role.id }, query: { sort_by: ['username'], limit: 20, cursor } }, signal, cache: 'no-store' }));
    return html`<${List} feed=${feed} label="Who is ${role.name}" empty=${html`<p>Nobody holds it.</p>`}
        row=${(/** @type {User} */ user) => html`<${Person} of=${user} /> <span class="quiet">${user.email}</span>`} />`;
}

/** @param {{ role: Role, roles: Roles }} props */
function Row({ role, roles }) {
    const [editing, setEditing] = useState(false);
    const [open, setOpen] = useState(false);
    const opener = useOpener(editing);
    const save = (/** @type {Role} */ saved) => {
        setEditing(false);
        roles.change((items) => items.map((item) => (item.id === saved.id ? saved : item)));
    };
    const remove = () => deleteLater(`The role “${role.name}” is deleted.`, {
        send: () => must(api.DELETE('/roles/{id}', { params: { path: { id: role.id } }, keepalive: true })),
        href: `/roles/${role.id}`,
    });
    return html`<article class="admin-row">
        <h2>${role.name}</h2>
        ${editing ? html`<${Edit} role=${role} done=${save} cancel=${() => setEditing(false)} />` : html`
            ${role.description && html`<p class="text">${role.description}</p>`}
            <p class="actions small">
                <button type="button" class="plain" ref=${opener} aria-label="Edit: ${role.name}" onClick=${() => setEditing(true)}>Edit</button>
                <button type="button" class="plain" aria-label="Delete: ${role.name}" onClick=${remove}>Delete</button>
            </p>`}
        <details onToggle=${(/** @type {{ currentTarget: HTMLDetailsElement }} */ event) => setOpen(event.currentTarget.open)}>
            <summary>Who holds it<span class="unseen">: ${role.name}</span></summary>
            ${open && html`<${Holders} role=${role} />`}
        </details>
    </article>`;
}

export default function RolesPart() {
    const roles = useFeed('roles', (cursor, signal) => api.GET('/roles',
        { params: { query: { sort_by: ['name'], limit: 20, cursor } }, signal, cache: 'no-store' }));
    return html`<${New} roles=${roles} />
        <${List} feed=${roles} label="Roles" empty=${html`<p>There are no roles.</p>`} hrefOf=${(/** @type {Role} */ role) => `/roles/${role.id}`}
            row=${(/** @type {Role} */ role) => html`<${Row} role=${role} roles=${roles} />`} />`;
}
