// My threads, page by page, and all attempts to make some.
import { html } from 'htm/preact';
import { api } from '../api.js';
import { deleted, useFeed } from '../lib/feed.js';
import { useLoad } from '../lib/load.js';
import { useStore } from '../lib/store.js';
import { useSession } from '../session.js';
import { AttemptRow } from '../ui/attempt.js';
import { List } from '../ui/list.js';
import { LogInFirst } from '../ui/login-first.js';
import { count, Empty, Failure, Loading, Tabs, Time, useTitle } from '../ui/parts.js';

/** @typedef {import('../types').Thread} Thread */
/** @typedef {import('../types').Attempt} Attempt */

const PAGE_SIZE = 10;

const Nothing = () => html`<p>You have made no thread yet.</p><p><a href="/threads/new">Make the first</a></p>`;

/** @param {{ thread: Thread }} props */
const Row = ({ thread }) => html`<article class="thread-row">
    <h2><a href="/threads/${thread.id}">${thread.topic}</a></h2>
    <p class="text">${thread.tweets[0]}</p>
    <p class="quiet">${count(thread.tweet_count, 'tweet')} · <${Time} at=${thread.created_at} />
        ${thread.updated_at !== thread.created_at && html` · <${Time} at=${thread.updated_at} verb="changed" />`}</p>
</article>`;

/** @param {{ page: number, last: number }} props */
const Pages = ({ page, last }) => (last <= 1 ? null : html`<nav class="pages" aria-label="Pages"><ul>
    <li>${page > 1 && html`<a rel="prev" href="/threads?page=${page - 1}">Newer</a>`}</li>
    <li>Page ${page} of ${last}</li>
    <li>${page < last && html`<a rel="next" href="/threads?page=${page + 1}">Older</a>`}</li>
</ul></nav>`);

/** @param {{ page: number }} props */
function Threads({ page }) {
    const me = useSession();
    const gone = useStore(deleted);
    const loaded = useLoad(`threads ${page} ${me?.id}`, (signal) => api.GET('/tweets/history',
        { params: { query: { page, page_size: PAGE_SIZE } }, signal, cache: 'no-store' }));
    if (loaded.data === null) {
        return loaded.error === null ? html`<${Loading} />` : html`<${Failure} error=${loaded.error} again=${loaded.again} />`;
    }
    const { threads, total_count: total } = loaded.data;
    const shown = threads.filter(({ id }) => !gone.has(`/threads/${id}`));
    const last = Math.max(1, Math.ceil(total / PAGE_SIZE));
    if (total === threads.length - shown.length) {
        return html`<${Empty}><${Nothing} /><//>`;
    }
    if (threads.length === 0) {
        return html`<${Empty}><p>There is no such page.</p><p><a href="/threads">To the newest</a></p><//>`;
    }
    return html`<div class="list">
            <ol role="list" aria-label="Threads">${shown.map((thread) => html`<li key=${thread.id}><${Row} thread=${thread} /></li>`)}</ol>
        </div>
        <${Pages} page=${page} last=${last} />`;
}

function Attempts() {
    const me = useSession();
    const feed = useFeed(`attempts ${me?.id}`, (cursor, signal) => api.GET('/tweets/histories',
        { params: { query: { limit: 20, cursor } }, signal, cache: 'no-store' }));
    return html`<${List} feed=${feed} label="Attempts" empty=${html`<${Nothing} />`}
        row=${(/** @type {Attempt} */ attempt) => html`<${AttemptRow} attempt=${attempt} link />`} />`;
}

/** @param {{ query: Record<string, string> }} props */
export default function ThreadsPage({ query }) {
    const me = useSession();
    useTitle('Threads');
    if (me === null) {
        return html`<${LogInFirst} what="to make threads of tweets" />`;
    }
    const attempts = query.show === 'attempts';
    return html`
        <div class="head"><h1>Threads</h1><a href="/threads/new" role="button">Make a thread</a></div>
        <${Tabs} label="What is shown" tabs=${[{ href: '/threads', name: 'Threads', here: !attempts },
        { href: '/threads?show=attempts', name: 'Attempts', here: attempts }]} />
        ${attempts ? html`<${Attempts} />` : html`<${Threads} page=${Math.max(1, Math.floor(Number(query.page)) || 1)} />`}`;
}
