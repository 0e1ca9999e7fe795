// All accounts: switched off and on, deleted, given roles.
import { html } from 'htm/preact';
import { useState } from 'preact/hooks';
import { api, must } from '../../api.js';
import { deleted, useFeed } from '../../lib/feed.js';
import { deleteLater } from '../../lib/later.js';
import { useLoad } from '../../lib/load.js';
import { useStore } from '../../lib/store.js';
import { useTyped } from '../../lib/typed.js';
import { loadSession, useSession } from '../../session.js';
import { Action } from '../../ui/action.js';
import { List } from '../../ui/list.js';
import { Person, Time } from '../../ui/parts.js';
import { Filters, Found, TypedField } from '../../ui/typed-field.js';

/** @typedef {import('../../types').User} User */
/** @typedef {import('../../types').Role} Role */
/** @typedef {import('../../types').RoleGrant} Grant */
/** @typedef {(user: User) => void} Show puts a user in the place of the older one */

/** Roles as they are now.
 *  @param {User} user @param {Show} show @param {number | undefined} me who I am: what I may do can change too */
async function reload(user, show, me) {
    const { data } = await must(api.GET('/users/{id}/roles', { params: { path: { id: user.id }, query: { limit: 100 } }, cache: 'no-store' }));
    show({ ...user, roles: /** @type {Grant[]} */ (data) });
    if (user.id === me) {
        await loadSession();
    }
}

/** Whether a role is deleted, or will be in a moment. */
function useGone() {
    const gone = useStore(deleted);
    return (/** @type {number} */ id) => gone.has(`/roles/${id}`);
}

/** @param {{ user: User, show: Show }} props */
function Held({ user, show }) {
    const me = useSession();
    const isGone = useGone();
    const revoke = (/** @type {Grant} */ grant) => async () => {
        await must(api.DELETE('/users/{id}/roles/{role_id}', { params: { path: { id: user.id, role_id: grant.role_id } } }));
        await reload(user, show, me?.id);
    };
    const roles = (user.roles ?? []).filter((grant) => !isGone(grant.role_id));
    return roles.length > 0 && html`<ul role="list" class="held" aria-label="Roles of ${user.username}">
        ${roles.map((grant) => html`<li key=${grant.role_id} class="actions">
            <span><strong>${grant.name}</strong> <span class="quiet">since <${Time} at=${grant.assigned_at} /></span></span>
            <${Action} look="plain" about="Take away: ${grant.name} from ${user.username}" run=${revoke(grant)}>Take away<//></li>`)}
    </ul>`;
}

/** @param {{ user: User, roles: Role[], show: Show }} props */
function Grant({ user, roles, show }) {
    const me = useSession();
    const [chosen, choose] = useState('');
    const isGone = useGone();
    const free = roles.filter(({ id }) => !isGone(id) && !user.roles?.some((grant) => grant.role_id === id));
    const grant = async () => {
        await must(api.PUT('/users/{id}/roles/{role_id}', { params: { path: { id: user.id, role_id: Number(chosen) } } }));
        choose('');
        await reload(user, show, me?.id);
    };
    return free.length > 0 && html`<select aria-label="A role for ${user.username}" value=${chosen}
            onChange=${(/** @type {{ currentTarget: HTMLSelectElement }} */ event) => choose(event.currentTarget.value)}>
            <option value="">Give a role…</option>
            ${free.map(({ id, name }) => html`<option value=${id} key=${id}>${name}</option>`)}
        </select>
        ${chosen !== '' && html`<${Action} about="Give it to ${user.username}" run=${grant}>Give it<//>`}`;
}

/** @param {{ user: User, roles: Role[], show: Show }} props */
function Row({ user, roles, show }) {
    const path = { id: user.id };
    const activate = async () => {
        const { data } = await must(api.PATCH('/users/{id}', { params: { path }, body: { is_active: !user.is_active } }));
        show({ ...user, ...data });
    };
    const remove = () => deleteLater(`${user.username} is deleted, with all that they have written.`, {
        send: () => must(api.DELETE('/users/{id}', { params: { path }, keepalive: true })),
        href: `/people/${user.id}`,
    });
    const act = user.is_active ? 'Switch off' : 'Switch on';
    return html`<article class="admin-row">
        <h2><${Person} of=${user} />${!user.is_active && html` <strong class="error">switched off</strong>`}</h2>
        <p class="quiet">${user.email} · joined <${Time} at=${user.created_at} /></p>
        <${Held} user=${user} show=${show} />
        <div class="actions small">
            <${Grant} user=${user} roles=${roles} show=${show} />
            <${Action} look="plain" about="${act}: ${user.username}" run=${activate}>${act}<//>
            <button type="button" class="plain" aria-label="Delete: ${user.username}" onClick=${remove}>Delete</button>
        </div>
    </article>`;
}

export default function Users() {
    const typed = useTyped('search');
    const users = useFeed(`admin users ${typed.settled}`, (cursor, signal) => api.GET('/users',
        { params: { query: { search: typed.settled || undefined, sort_by: ['username'], include: ['roles'], limit: 20, cursor } },
            signal, cache: 'no-store' }));
    const roles = useLoad('admin roles', (signal) => api.GET('/roles', { params: { query: { limit: 100, sort_by: ['name'] } }, signal }));
    // Another list may have come while the server was asked: what has changed is shown in that one too.
    const [changed, setChanged] = useState(/** @type {Record<number, User>} */ ({}));
    const show = (/** @type {User} */ newer) => {
        setChanged((old) => ({ ...old, [newer.id]: newer }));
        users.change((items) => items.map((item) => (item.id === newer.id ? newer : item)));
    };
    return html`<${Filters} fields=${[typed]} label="People"><${TypedField} typed=${typed} label="Name" /><//>
        <${Found} feed=${users} />
        <${List} feed=${users} label="People" empty=${html`<p>Nobody has such a name.</p>`}
            hrefOf=${(/** @type {User} */ user) => `/people/${user.id}`}
            row=${(/** @type {User} */ user) => html`<${Row} user=${changed[user.id] ?? user} roles=${roles.data ?? []} show=${show} />`} />`;
}
