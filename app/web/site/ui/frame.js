// What stands around every page: where one can go, who one is, and a word when the network is gone.
import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { hasRole, logOut, useSession } from '../session.js';
import { say } from './toasts.js';

const PLACES = [['/', 'Posts'], ['/notes', 'Notes'], ['/books', 'Books'], ['/tags', 'Tags'], ['/search', 'Search']];

/** @param {{ href: string, children?: unknown }} props */
function Place({ href, children }) {
    const { path } = useLocation();
    const here = href === '/' ? path === '/' || path.startsWith('/posts') : `${path}/`.startsWith(`${href}/`);
    return html`<li><a href=${href} aria-current=${here ? 'page' : undefined}>${children}</a></li>`;
}

function LogOut() {
    const { route } = useLocation();
    const leave = async () => {
        try {
            await logOut();
            route('/');
        } catch (error) {
            say(/** @type {Error} */ (error).message);
        }
    };
    return html`<li><button type="button" class="plain" onClick=${leave}>Log out</button></li>`;
}

function Account() {
    const me = useSession();
    if (me === undefined) {
        return html`<ul><li aria-busy="true"><span class="quiet">…</span></li></ul>`;
    }
    if (me === null) {
        return html`<ul><${Place} href="/login">Log in<//><${Place} href="/signup">Sign up<//></ul>`;
    }
    return html`<ul>
        <${Place} href="/threads">Threads<//>
        ${hasRole(me, 'admin') && html`<${Place} href="/admin">Admin<//>`}
        <${Place} href="/people/${me.id}">${me.username}<//>
        <${Place} href="/settings">Settings<//>
        <${LogOut} />
    </ul>`;
}

export const Header = () => html`<header class="site">
    <a href="/" class="brand"><img src="/icon.svg" alt="" width="28" height="28" /> Quire</a>
    <nav aria-label="Site">
        <ul>${PLACES.map(([href, name]) => html`<${Place} href=${href}>${name}<//>`)}</ul>
        <${Account} />
    </nav>
    <${Offline} />
</header>`;

function Offline() {
    const [online, set] = useState(navigator.onLine);
    useEffect(() => {
        const look = () => set(navigator.onLine);
        addEventListener('online', look);
        addEventListener('offline', look);
        return () => {
            removeEventListener('online', look);
            removeEventListener('offline', look);
        };
    }, []);
    return html`<p class="offline" role="status" hidden=${online}>You are offline. What you type is kept on this device.</p>`;
}

export const Footer = () => html`<footer class="site"><p>
    <a href="/docs">Try the API</a> · <a href="/redoc">Read about it</a> · <a href="/openapi.json">OpenAPI</a>
</p></footer>`;
