// Attempts to make a thread: one that is under way, and lists of them.
import { html } from 'htm/preact';
import { useEffect, useState } from 'preact/hooks';
import { isOver, useAttempt } from '../lib/attempt.js';
import { Failure, Loading, Time } from './parts.js';

/** @typedef {import('../types').Attempt} Attempt */

const LONG_S = 60;
const LEAVE = 'You may leave this page, it goes on: the list of your attempts tells how it ended.';

/** @type {Record<Attempt['status'], string>} */
const WORDS = { pending: 'Waiting', running: 'Being made', success: 'Made', failed: 'Failed', timeout: 'Took too long' };

/** @type {Record<string, string>} */
const SOURCES = { source: 'from your text', community: 'from what people have written here', topic: 'from the topic alone' };

/** What it was made of, or ''. The server keeps that as JSON.
 *  @param {Attempt} attempt */
function madeOf({ generation_params: params }) {
    try {
        const { from, model } = JSON.parse(params ?? '{}');
        return SOURCES[from] ?? (typeof model === 'string' ? `by ${model}` : '');
    } catch {
        return '';
    }
}

/** How many seconds have passed since it was asked for.
 *  @param {{ since: string }} props */
function Clock({ since }) {
    const passed = () => Math.max(0, Math.round((Date.now() - Date.parse(since)) / 1000));
    const [seconds, set] = useState(passed);
    useEffect(() => {
        const timer = setInterval(() => set(passed()), 1000);
        return () => clearInterval(timer);
    }, [since]);
    return html`<p class="quiet">${seconds} s${seconds >= LONG_S && `: longer than usual. ${LEAVE}`}</p>`;
}

/** Why there is no thread.
 *  @param {{ attempt: Attempt, retry: () => void, children?: unknown }} props */
const Failed = ({ attempt, retry, children }) => html`<div class="failure" role="alert">
    <p>${attempt.status === 'timeout' ? 'It took too long, and was given up.' : 'No thread could be made.'}
        ${attempt.error && html` What was said: <q>${attempt.error}</q>`}</p>
    <p class="actions"><button type="button" onClick=${retry}>Try again</button>${children}</p>
</div>`;

/**
 * An attempt as it goes on.
 * @param {object} props
 * @param {number} props.id
 * @param {(attempt: Attempt) => void} props.made it has succeeded
 * @param {() => void} props.retry what "Try again" does
 * @param {unknown} [props.children] a further way on when it has failed
 */
export function Progress({ id, made, retry, children }) {
    const { attempt, error, again } = useAttempt(id);
    useEffect(() => {
        if (attempt?.status === 'success') {
            made(attempt);
        }
    }, [attempt?.status]);
    if (attempt === null) {
        return error === null ? html`<${Loading} />` : html`<${Failure} error=${error} again=${again} />`;
    }
    if (isOver(attempt) && attempt.status !== 'success') {
        return html`<${Failed} attempt=${attempt} retry=${retry}>${children}<//>`;
    }
    return html`<div class="progress">
        <p role="status" aria-busy="true">${attempt.status === 'pending' ? 'Your thread waits to be made…' : 'Your thread is being made…'}</p>
        <progress aria-label="Making the thread"></progress>
        ${!isOver(attempt) && html`<${Clock} since=${attempt.created_at} />`}
        ${error !== null && html`<p class="error">${error.message}</p>`}
    </div>`;
}

/** "took 1.2 s". @param {number} ms */
const took = (ms) => (ms < 100 ? 'at once' : `took ${(ms / 1000).toLocaleString('en', { maximumFractionDigits: 1 })} s`);

/** One of a list.
 *  @param {{ attempt: Attempt, link?: boolean }} props link: to what it has made */
export const AttemptRow = ({ attempt, link = false }) => html`<div class="attempt">
    <strong class=${attempt.status === 'failed' || attempt.status === 'timeout' ? 'error' : ''}>${WORDS[attempt.status]}</strong>
    ${attempt.status === 'success' && madeOf(attempt) !== '' && html` ${madeOf(attempt)}`}
    <span class="quiet"> · <${Time} at=${attempt.created_at} />
        ${attempt.processing_time !== null && html` · ${took(attempt.processing_time)}`}
        ${link && attempt.thread_id !== null && html` · <a href="/threads/${attempt.thread_id}">Thread ${attempt.thread_id}</a>`}
        ${link && !isOver(attempt) && html` · <a href="/threads/new?attempt=${attempt.id}">Watch it</a>`}
    </span>
    ${attempt.error && html`<p class="quiet">${attempt.error}</p>`}
</div>`;
