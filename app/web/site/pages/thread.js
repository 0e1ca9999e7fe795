// One thread of mine: its tweets, to be edited and copied; having it made again; how it was made.
import { html } from 'htm/preact';
import { useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { api, must } from '../api.js';
import { attemptOf } from '../lib/attempt.js';
import { useFeed } from '../lib/feed.js';
import { deleteLater } from '../lib/later.js';
import { useLoad } from '../lib/load.js';
import { useSession } from '../session.js';
import { Ask } from '../ui/ask.js';
import { AttemptRow, Progress } from '../ui/attempt.js';
import { List } from '../ui/list.js';
import { LogInFirst } from '../ui/login-first.js';
import { standIn, Time, useTitle } from '../ui/parts.js';
import { ThreadForm } from '../ui/thread-form.js';
import { say } from '../ui/toasts.js';

/** @typedef {import('../types').Thread} Thread */
/** @typedef {import('../types').Attempt} Attempt */

/** Asks first: it replaces what is there.
 *  @param {{ thread: Thread }} props */
function Again({ thread }) {
    const { route } = useLocation();
    const start = async () => {
        const { response } = await must(api.POST('/tweets/threads/{id}/regenerate', { params: { path: { id: thread.id },
            header: { Prefer: 'respond-async', 'Idempotency-Key': crypto.randomUUID() } } }));
        route(`/threads/${thread.id}?attempt=${attemptOf(response)}`, true);
    };
    return html`<${Ask} run=${start} label="Make it again" title="Make it again?">
        <p>New tweets about “${thread.topic}” will replace those that are saved. What you have typed and not saved is kept as a draft.</p>
    <//>`;
}

/** @param {{ thread: Thread }} props */
function Delete({ thread }) {
    const { route } = useLocation();
    const remove = () => {
        const href = `/threads/${thread.id}`;
        route('/threads');
        deleteLater(`“${thread.topic}” is deleted.`, {
            send: () => must(api.DELETE('/tweets/threads/{id}', { params: { path: { id: thread.id } }, keepalive: true })),
            href,
            back: () => route(href),
        });
    };
    return html`<button type="button" class="secondary" onClick=${remove}>Delete</button>`;
}

/** @param {{ id: number, version: string }} props */
function Attempts({ id, version }) {
    const feed = useFeed(`attempts of ${id} ${version}`, (cursor, signal) => api.GET('/tweets/threads/{id}/history',
        { params: { path: { id }, query: { limit: 20, cursor } }, signal, cache: 'no-store' }));
    return html`<${List} feed=${feed} label="How it was made" empty=${html`<p>Nothing is known about that.</p>`}
        row=${(/** @type {Attempt} */ attempt) => html`<${AttemptRow} attempt=${attempt} />`} />`;
}

/** Asked for when it is opened.
 *  @param {{ id: number, version: string }} props */
function HowMade({ id, version }) {
    const [open, setOpen] = useState(false);
    return html`<details onToggle=${(/** @type {{ currentTarget: HTMLDetailsElement }} */ event) => setOpen(event.currentTarget.open)}>
        <summary>How it was made</summary>
        ${open && html`<${Attempts} id=${id} version=${version} />`}
    </details>`;
}

/** @param {{ id: number, attempt: number }} props */
function Mine({ id, attempt }) {
    const { route } = useLocation();
    const [round, setRound] = useState(0);
    const loaded = useLoad(`thread ${id} ${round}`, (signal) => api.GET('/tweets/threads/{id}',
        { params: { path: { id } }, signal, cache: 'no-store' }));
    const justSaved = useRef(false);
    const [form, setForm] = useState(0);
    const thread = /** @type {Thread | null} */ (loaded.data);
    useTitle(thread?.topic ?? '');
    if (thread === null) {
        return standIn(loaded, 'The thread is not there, or not there any more, or not yours.');
    }
    const etag = loaded.etag ?? '';
    const here = `/threads/${id}`;
    if (attempt > 0) {
        const made = () => {
            setRound(round + 1);
            route(here, true);
            say('The thread is made again.');
        };
        return html`<h1>${thread.topic}</h1>
            <${Progress} id=${attempt} made=${made} retry=${() => route(here, true)}><a href=${here}>Back to the thread</a><//>`;
    }
    const saved = (/** @type {Thread} */ data, /** @type {string} */ newer, /** @type {boolean} */ whole) => {
        if (whole) { // else what is typed, and the keyboard, stay where they are
            justSaved.current = true;
            setForm(form + 1);
        }
        loaded.set(data, newer);
        say('The thread is saved.');
    };
    return html`<h1>${thread.topic}</h1>
        <p class="quiet"><${Time} at=${thread.created_at} verb="made" />
            ${thread.updated_at !== thread.created_at && html` · <${Time} at=${thread.updated_at} verb="changed" />`}
            ${' · '}<a href="/threads">All threads</a></p>
        <${ThreadForm} key=${form} thread=${thread} etag=${etag} saved=${saved} justSaved=${justSaved} />
        <hr />
        <p class="actions"><${Again} thread=${thread} /><${Delete} thread=${thread} /></p>
        <${HowMade} id=${id} version=${etag} />`;
}

/** @param {{ id: string, query: Record<string, string> }} props */
export default function ThreadPage({ id, query }) {
    const me = useSession();
    return me === null ? html`<${LogInFirst} what="to see your threads" />`
        : html`<${Mine} id=${Number(id)} attempt=${Number(query.attempt) || 0} />`;
}
