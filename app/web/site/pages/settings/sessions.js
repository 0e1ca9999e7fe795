// Where one is logged in.
import { html } from 'htm/preact';
import { api, ApiError, must } from '../../api.js';
import { agentName } from '../../lib/agent.js';
import { useFeed } from '../../lib/feed.js';
import { Action } from '../../ui/action.js';
import { List } from '../../ui/list.js';
import { Time } from '../../ui/parts.js';
import { say } from '../../ui/toasts.js';

/** @typedef {import('../../types').Session} Session */

/** @param {{ session: Session, end: () => Promise<unknown> }} props */
function Row({ session, end }) {
    const name = agentName(session.agent);
    return html`<article>
        <h3 class="small-head">${name}${session.current && html` <span class="quiet">· this one</span>`}</h3>
        <p class="quiet actions small">
            <span>${session.address !== null && `from ${session.address} · `}
                <${Time} at=${session.last_used_at} verb="used" /> · <${Time} at=${session.created_at} verb="begun" /></span>
            ${!session.current && html`<${Action} run=${end} look="plain" about="End the session: ${name}">End the session<//>`}
        </p>
    </article>`;
}

export function Sessions() {
    const feed = useFeed('sessions', (cursor, signal) => api.GET('/auth/sessions',
        { params: { query: { limit: 20, cursor } }, signal, cache: 'no-store' }));
    const sessions = /** @type {Session[]} */ (feed.items);
    const end = async (/** @type {Session} */ { id }) => {
        try {
            await must(api.DELETE('/auth/sessions/{id}', { params: { path: { id } } }));
        } catch (error) {
            if (!(error instanceof ApiError && error.status === 404)) { // else it has ended already
                throw error;
            }
        }
        feed.change((items) => items.filter((each) => each.id !== id));
        say('The session has ended.');
    };
    const endOthers = async () => {
        await must(api.DELETE('/auth/sessions'));
        feed.change((items) => items.filter((each) => each.current));
        say('All other sessions have ended.');
    };
    return html`<section aria-labelledby="sessions"><h2 id="sessions">Where you are logged in</h2>
        <p>If you do not know one of these, end it and change your password.</p>
        <${List} feed=${feed} label="Your sessions" empty=${html`<p>You are logged in nowhere.</p>`}
            row=${(/** @type {Session} */ session) => html`<${Row} session=${session} end=${() => end(session)} />`} />
        ${sessions.some((each) => !each.current) && html`<p class="actions"><${Action} run=${endOthers}>End all others<//></p>`}
    </section>`;
}
