// What one decides about oneself: profile, account, password, sessions, data. Each part has an address of its own.
import { html } from 'htm/preact';
import { api } from '../api.js';
import { useLoad } from '../lib/load.js';
import { amend, useSession } from '../session.js';
import { LogInFirst } from '../ui/login-first.js';
import { Loading, standIn, Tabs, useTitle } from '../ui/parts.js';
import { Account } from './settings/account.js';
import { Data } from './settings/data.js';
import { Password } from './settings/password.js';
import { Profile } from './settings/profile.js';
import { Sessions } from './settings/sessions.js';

const FIELDS = /** @type {const} */ (['id', 'username', 'email', 'profile']);

/** Who is logged in, as the server has it now.
 *  @typedef {Pick<import('../types').Me, typeof FIELDS[number]>} Self */
/** @typedef {{ me: Self, changed: (changes: Partial<Self>) => void }} Part */

const PARTS = /** @type {const} */ ([['profile', 'Profile', Profile], ['account', 'Account', Account],
    ['password', 'Password', Password], ['sessions', 'Sessions', Sessions], ['data', 'Your data', Data]]);

/** @param {{ id: number, show: string | undefined }} props */
function Settings({ id, show }) {
    const loaded = useLoad(`settings ${id}`, (signal) => api.GET('/users/me',
        { params: { query: { include: ['profile'], fields: [...FIELDS] } }, signal, cache: 'no-store' }));
    const me = /** @type {Self | null} */ (loaded.data);
    const [part, name, Section] = PARTS.find(([key]) => key === show) ?? PARTS[0];
    useTitle(`${name} · Settings`);
    if (me === null) {
        return standIn(loaded, 'The account is not there any more.');
    }
    const changed = (/** @type {Partial<Self>} */ changes) => {
        loaded.set({ ...me, ...changes });
        amend(changes);
    };
    return html`
        <h1>Settings</h1>
        <${Tabs} label="Settings" tabs=${PARTS.map(([key, title]) =>
            ({ href: `/settings?show=${key}`, name: title, here: key === part }))} />
        <div class="settings"><${Section} key=${part} me=${me} changed=${changed} /></div>`;
}

/** @param {{ query: Record<string, string> }} props */
export default function SettingsPage({ query }) {
    const me = useSession();
    return me === null ? html`<${LogInFirst} what="to change your settings" />`
        : me === undefined ? html`<${Loading} />` : html`<${Settings} id=${me.id} show=${query.show} />`;
}
