// Deleting that can be taken back: what is deleted goes from all pages at once, and from the server when the notice that says
// so has gone, when the page is left or hidden, or when somebody logs out. Until then it can be taken back, and in none of
// these ways does it show again.
import { api, ApiError, must } from '../api.js';
import { beforeLeaving } from '../session.js';
import { say } from '../ui/toasts.js';
import { deleted } from './feed.js';

/** @type {Set<() => Promise<unknown>>} */
const waiting = new Set();

const LEFT_MS = 10000; // the server may take so long to hear of what is deleted as the page is left

const sendAll = () => Promise.all([...waiting].map((send) => send()));
addEventListener('pagehide', () => {
    const sent = [...deleted.value].filter(([, done]) => !done).map(([href]) => [href, true]);
    try {
        if (sent.length > 0) {
            sessionStorage['quire.deleted'] = JSON.stringify([Date.now() + LEFT_MS, sent]);
        }
    } catch {
        // the next page may show it for a moment
    }
    sendAll();
});
addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && sendAll());
beforeLeaving.add(sendAll);

/** @param {string} href @param {boolean} [done] nothing: it is not deleted after all */
function mark(href, done) {
    const marks = new Map(deleted.value);
    marks.delete(href);
    deleted.set(done === undefined ? marks : marks.set(href, done));
}

/** Has the session renewed if that is due: who leaves the page waits for no answer that says so. */
const freshen = () => must(api.GET('/users/me', { params: { query: { fields: ['id'] } } })).catch(() => {});

/** @param {unknown} error */
const isGone = (error) => error instanceof ApiError && error.status === 404; // somebody else was faster

/**
 * @param {string} text what is said, "The post is deleted."
 * @param {object} steps
 * @param {() => Promise<unknown>} steps.send deletes; its request needs keepalive, to outlive the page
 * @param {string} steps.href the address of its page, or what stands for one: no page shows it from now on (`deleted`)
 * @param {() => void} [steps.back] leads back to it, when it was taken back
 */
export function deleteLater(text, { send, href, back }) {
    const go = async () => {
        if (waiting.delete(go)) {
            drop();
            try {
                await send();
            } catch (error) {
                if (!isGone(error)) {
                    mark(href);
                    say(`It was not deleted: ${/** @type {Error} */ (error).message}`);
                    return;
                }
            }
            mark(href, true);
        }
    };
    const undo = () => {
        if (waiting.delete(go)) {
            mark(href);
            back?.();
        }
    };
    waiting.add(go);
    mark(href, false);
    freshen();
    const drop = say(text, { label: 'Undo', run: undo }, go);
}
