// What has happened: log-ins, failures, limits that were hit, changes of accounts and roles. Nothing of it can be changed.
import { html } from 'htm/preact';
import { useId } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { api } from '../../api.js';
import { useFeed } from '../../lib/feed.js';
import { moment } from '../../lib/time.js';
import { withQuery } from '../../lib/typed.js';
import { List } from '../../ui/list.js';

/** @typedef {import('../../types').AuditEvent} AuditEvent */

/** @type {Record<AuditEvent['event'], string>} */
const WORDS = {
    login: 'Logged in',
    login_failed: 'Log-in failed',
    logout: 'Logged out',
    limit_hit: 'Limit hit',
    refresh_reused: 'Session renewed with a used token',
    session_revoked: 'Session ended',
    user_created: 'Account made',
    user_deactivated: 'Account switched off',
    user_activated: 'Account switched on',
    user_deleted: 'Account deleted',
    password_changed: 'Password changed',
    password_wrong: 'Wrong password',
    password_reset: 'Password set anew by mail',
    email_verified: 'E-mail confirmed',
    role_granted: 'Role given',
    role_revoked: 'Role taken away',
    role_created: 'Role made',
    role_changed: 'Role changed',
    role_deleted: 'Role deleted',
};

/** What else there is to say: "role: admin". The server keeps it as JSON.
 *  @param {string | null} detail */
function said(detail) {
    const shown = (/** @type {unknown} */ value) => (typeof value === 'string' ? value : JSON.stringify(value));
    try {
        return Object.entries(JSON.parse(detail ?? '{}')).map(([name, value]) => `${name}: ${shown(value)}`).join(', ');
    } catch {
        return detail ?? '';
    }
}

/** @param {{ id: number }} props */
const Somebody = ({ id }) => html`<a href="/people/${id}">person ${id}</a>`;

/** @param {{ event: AuditEvent }} props */
const Row = ({ event }) => html`<div class="event">
    <strong>${WORDS[event.event]}</strong>
    <span>${event.actor_id !== null && html` by <${Somebody} id=${event.actor_id} />`}
        ${event.subject_id !== null && event.subject_id !== event.actor_id && html` · <${Somebody} id=${event.subject_id} />`}</span>
    <p class="quiet"><time datetime=${event.created_at}>${moment(event.created_at)}</time>${event.address && ` · from ${event.address}`}
        ${said(event.detail) && ` · ${said(event.detail)}`}</p>
</div>`;

/** @param {{ query: Record<string, string> }} props */
export default function Audit({ query }) {
    const { route } = useLocation();
    const id = useId();
    const kind = /** @type {AuditEvent['event'] | undefined} */ (Object.hasOwn(WORDS, query.event) ? query.event : undefined);
    const feed = useFeed(`audit ${kind}`, (cursor, signal) => api.GET('/audit',
        { params: { query: { event: kind, limit: 50, cursor } }, signal, cache: 'no-store' }));
    return html`<div class="field"><label for=${id}>Kind of event</label>
            <select id=${id} value=${kind ?? ''}
                onChange=${(/** @type {{ currentTarget: HTMLSelectElement }} */ event) => route(withQuery({ event: event.currentTarget.value }))}>
                <option value="">All</option>
                ${Object.entries(WORDS).map(([value, label]) => html`<option value=${value} key=${value}>${label}</option>`)}
            </select></div>
        <${List} feed=${feed} label="Events" empty=${html`<p>No such event has been noted.</p>`}
            row=${(/** @type {AuditEvent} */ event) => html`<${Row} event=${event} />`} />`;
}
