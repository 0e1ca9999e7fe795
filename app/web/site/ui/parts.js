// Small things that many pages show.
import { html } from 'htm/preact';
import { useEffect } from 'preact/hooks';
import { isAway } from '../api.js';
import { deleted } from '../lib/feed.js';
import { useStore } from '../lib/store.js';
import { ago, moment } from '../lib/time.js';

/** The title of the window.
 *  @param {string} title '' while it is not known */
export function useTitle(title) {
    useEffect(() => {
        document.title = title === '' ? 'Quire' : `${title} · Quire`;
    }, [title]);
}

/** "3 hours ago", and when exactly on demand.
 *  @param {{ at: string, verb?: string }} props */
export const Time = ({ at, verb }) => html`<time datetime=${at} title=${moment(at)}>${verb && `${verb} `}${ago(at)}</time>`;

/** @param {{ of: { id: number, username: string } }} props */
export const Person = ({ of }) => html`<a href="/people/${of.id}" class="person">${of.username}</a>`;

/** A person's picture when it is one of this site's own, else the first letter. (A picture from elsewhere would tell its
 *  server who reads here; the site's policy forbids it.)
 *  @param {{ name: string, url?: string | null, large?: boolean }} props */
export function Avatar({ name, url, large = false }) {
    const own = url != null && URL.canParse(url, location.href) && new URL(url, location.href).origin === location.origin;
    const size = large ? 96 : 40;
    return own
        ? html`<img class="avatar ${large ? 'large' : ''}" src=${url} alt="" width=${size} height=${size} />`
        : html`<span class="avatar ${large ? 'large' : ''}" aria-hidden="true">${[...name][0]?.toUpperCase()}</span>`;
}

/** @param {{ tags?: { uid: string, name: string }[] }} props */
export function Tags({ tags = [] }) {
    const gone = useStore(deleted);
    const there = tags.filter(({ uid }) => !gone.has(`/tags/${uid}`));
    return there.length > 0 && html`<ul class="tags" aria-label="Tags">
        ${there.map(({ uid, name }) => html`<li key=${uid}><a href="/tags/${uid}" rel="tag">${name}</a></li>`)}
    </ul>`;
}

/** Shown where nothing is.
 *  @param {{ children?: unknown }} props */
export const Empty = ({ children }) => html`<div class="empty">${children}</div>`;

export const Loading = () => html`<p class="loading" aria-busy="true">Loading…</p>`;

/** Why something is not there, and a way on.
 *  @param {{ error: Error, again: () => void }} props */
export const Failure = ({ error, again }) => html`<div class="failure" role="alert">
    <p>${error.message}</p>
    <button type="button" class="secondary" onClick=${again}>${isAway(error) ? 'Try again' : 'Load again'}</button>
</div>`;

/**
 * What stands in for a page while its object is on the way, or when it will not come. Null when it is there.
 * @param {import('../lib/load.js').Loaded<any>} loaded
 * @param {string} missing what a 404 means, and a 422 (an address that is nobody's): "This post is not there (any more)."
 */
export function standIn(loaded, missing) {
    if (loaded.error !== null) {
        return 'status' in loaded.error && (loaded.error.status === 404 || loaded.error.status === 422)
            ? html`<${Empty}><h1>Not here</h1><p>${missing}</p><p><a href="/">To the first page</a></p><//>`
            : html`<${Failure} error=${loaded.error} again=${loaded.again} />`;
    }
    return loaded.data === null ? html`<${Loading} />` : null;
}

/**
 * Links to the parts of a page, or to its orders.
 * @param {{ label: string, tabs: { href: string, name: string, here: boolean }[] }} props
 */
export const Tabs = ({ label, tabs }) => html`<nav class="tabs" aria-label=${label}><ul>
    ${tabs.map(({ href, name, here }) =>
        html`<li key=${href}><a href=${href} aria-current=${here ? 'true' : undefined}>${name}</a></li>`)}
</ul></nav>`;

/** "1 comment", "2 comments". @param {number} n @param {string} one @param {string} [many] */
export const count = (n, one, many = `${one}s`) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
