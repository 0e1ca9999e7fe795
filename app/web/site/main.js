// The site: its frame, and which page stands at which address. nginx gives the same file for all of these addresses
// (nginx.conf.example lists them); what is below a page's address is read from it here.
import { render } from 'preact';
import { html } from 'htm/preact';
import { useEffect, useRef } from 'preact/hooks';
import { LocationProvider, Route, Router, useLocation } from 'preact-iso/router';
import { cameBack, deleted } from './lib/feed.js';
import { page } from './lib/page.js';
import { useStore } from './lib/store.js';
import Feed from './pages/feed.js';
import { loadSession, session, turn } from './session.js';
import { Footer, Header } from './ui/frame.js';
import { useTitle } from './ui/parts.js';
import { Toasts } from './ui/toasts.js';

/** The addresses of pages: links to all others are none of the router's business. */
const PAGES = /^\/(?:$|\?|(?:posts|notes|books|tags|people|threads|settings|admin|search|login|signup|forgot)(?:[/?#]|$))/;

/** @type {[string, import('preact').ComponentType<any>][]} */
const ROUTES = [
    ['/', Feed],
    ['/posts/new', page(() => import('./pages/post-edit.js'))],
    ['/posts/:id', page(() => import('./pages/post.js'))],
    ['/posts/:id/edit', page(() => import('./pages/post-edit.js'))],
    ['/notes', page(() => import('./pages/notes.js'))],
    ['/books', page(() => import('./pages/books.js'))],
    ['/books/new', page(() => import('./pages/book-edit.js'))],
    ['/books/:uid', page(() => import('./pages/book.js'))],
    ['/books/:uid/edit', page(() => import('./pages/book-edit.js'))],
    ['/tags', page(() => import('./pages/tags.js'))],
    ['/tags/:uid', page(() => import('./pages/tag.js'))],
    ['/people/:id', page(() => import('./pages/person.js'))],
    ['/threads', page(() => import('./pages/threads.js'))],
    ['/threads/new', page(() => import('./pages/thread-new.js'))],
    ['/threads/:id', page(() => import('./pages/thread.js'))],
    ['/settings', page(() => import('./pages/settings.js'))],
    ['/admin', page(() => import('./pages/admin.js'))],
    ['/search', page(() => import('./pages/search.js'))],
    ['/login', page(() => import('./pages/login.js'))],
    ['/signup', page(() => import('./pages/signup.js'))],
    ['/forgot', page(() => import('./pages/forgot.js'))],
];

/** @param {{ gone?: boolean }} props */
function NotFound({ gone }) {
    useTitle('Not here');
    return html`<div class="empty"><h1>Not here</h1><p>${gone ? 'It is deleted.' : 'There is no such page.'}</p><p><a href="/">To the first page</a></p></div>`;
}

/** Whether the router can read an address: it throws at "/posts/%FF".
 *  @param {string} path */
function isReadable(path) {
    try {
        return decodeURIComponent(path) !== '';
    } catch {
        return false;
    }
}

/** A new page begins at its top, for the eyes and for who listens: the focus goes to its content. Who goes back or forward comes
 *  to where they were. */
function useFocus() {
    const { path } = useLocation();
    const main = useRef(/** @type {HTMLElement | null} */ (null));
    const first = useRef(true);
    useEffect(() => {
        if (!first.current && !cameBack) {
            main.current?.focus({ preventScroll: true });
            scrollTo(0, 0); // the router does it only for what is new in the history
        }
        first.current = false;
    }, [path]);
    return main;
}

function Site() {
    const main = useFocus();
    const { path } = useLocation();
    useStore(session);
    const gone = useStore(deleted).has(path.replace(/\/edit$/, ''));
    return html`
        <a href="#content" class="skip">To the content</a>
        <${Header} />
        <${Toasts} />
        <main id="content" tabindex="-1" ref=${main}>
            ${isReadable(path) && !gone ? html`<${Router} key=${turn}>
                ${ROUTES.map(([at, component]) => html`<${Route} path=${at} component=${component} key=${path} />`)}
                <${Route} default component=${NotFound} />
            <//>` : html`<${NotFound} gone=${gone} />`}
        </main>
        <${Footer} />`;
}

loadSession();
render(html`<${LocationProvider} scope=${PAGES}><${Site} /><//>`, document.body);
