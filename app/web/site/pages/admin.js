// For admins: people and what they may do, roles, what is said about books, and what has happened.
import { html } from 'htm/preact';
import { page } from '../lib/page.js';
import { hasRole, useSession } from '../session.js';
import { LogInFirst } from '../ui/login-first.js';
import { Empty, Loading, Tabs, useTitle } from '../ui/parts.js';

/** @type {[string, string, import('preact').ComponentType<any>][]} */
const PARTS = [
    ['users', 'People', page(() => import('./admin/users.js'))],
    ['roles', 'Roles', page(() => import('./admin/roles.js'))],
    ['reviews', 'Reviews', page(() => import('./admin/reviews.js'))],
    ['audit', 'Events', page(() => import('./admin/audit.js'))],
];

/** @param {{ query: Record<string, string> }} props */
export default function AdminPage({ query }) {
    const me = useSession();
    const [part, name, Part] = PARTS.find(([each]) => each === query.show) ?? PARTS[0];
    useTitle(`Admin: ${name}`);
    if (me === null) {
        return html`<${LogInFirst} />`;
    }
    if (me === undefined) {
        return html`<${Loading} />`;
    }
    if (!hasRole(me, 'admin')) {
        return html`<${Empty}><h1>Not for you</h1><p>Only admins see this page.</p><p><a href="/">To the first page</a></p><//>`;
    }
    return html`<h1>Admin</h1>
        <${Tabs} label="What is shown" tabs=${PARTS.map(([each, label]) => ({ href: `/admin?show=${each}`, name: label, here: each === part }))} />
        <${Part} key=${part} query=${query} />`;
}
