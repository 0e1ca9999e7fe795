// Deleting that can be taken back: what is deleted goes from the page at once, and from the server a few seconds later, or
// when the page is left or somebody logs out.
import { beforeLeaving } from '../session.js';
import { say } from '../ui/toasts.js';
import { deleted } from './feed.js';

const GRACE_MS = 6000;

/** @type {Set<() => Promise<unknown>>} */
const waiting = new Set();

const sendAll = () => Promise.all([...waiting].map((send) => send()));
addEventListener('pagehide', sendAll);
beforeLeaving.add(sendAll);

/** @param {string | undefined} href @param {boolean} gone */
function mark(href, gone) {
    if (href !== undefined) {
        const others = [...deleted.value].filter((each) => each !== href);
        deleted.set(new Set(gone ? [...others, href] : others));
    }
}

/**
 * @param {string} text what is said, "The post is deleted."
 * @param {object} steps
 * @param {() => Promise<unknown>} steps.send deletes; its request needs keepalive, to outlive the page
 * @param {string} [steps.href] the address of its page, or what stands for one: lists leave it out from now on
 * @param {() => void} [steps.restore] puts it back on the page: it was taken back, or could not be deleted
 */
export function deleteLater(text, { send, href, restore }) {
    let timer = 0;
    const bring = () => {
        mark(href, false);
        restore?.();
    };
    const go = () => {
        stop();
        return send().catch((error) => {
            bring();
            say(`It was not deleted: ${error.message}`);
        });
    };
    const stop = () => {
        clearTimeout(timer);
        waiting.delete(go);
    };
    waiting.add(go);
    mark(href, true);
    timer = setTimeout(go, GRACE_MS);
    say(text, { label: 'Undo', run: () => { stop(); bring(); } }, GRACE_MS);
}
