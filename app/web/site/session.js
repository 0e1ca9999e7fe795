// Who is logged in, in all tabs of the browser. The cookies themselves no script can see: that there should be some is
// noted in the browser's storage, so that a stranger's first visit asks for nothing.
import { api, ApiError, must, onSessionEnd } from './api.js';
import { forgetFeeds } from './lib/feed.js';
import { forget, keep, recall } from './lib/storage.js';
import { Store, useStore } from './lib/store.js';
import { say } from './ui/toasts.js';

const FIELDS = /** @type {const} */ (['id', 'uid', 'username', 'email', 'created_at', 'roles', 'profile']);

/** @typedef {Pick<import('./types').Me, typeof FIELDS[number]>} Me */

/** undefined: not known yet; null: nobody.
 *  @type {Store<Me | null | undefined>} */
export const session = new Store(/** @type {Me | null | undefined} */ (recall('signed-in') === null ? null : undefined));

const tabs = new BroadcastChannel('quire');

/** What is to be done before the session ends.
 *  @type {Set<() => Promise<unknown>>} */
export const beforeLeaving = new Set();

const PAUSE_MS = 3000; // of who asks in vain
let leaving = false;
onSessionEnd(() => {
    tabs.postMessage('ended');
    expire();
});

function expire() {
    const wasHere = session.value !== null; // else old cookies were left, without what noted them
    ended();
    if (wasHere && !leaving) {
        say('Your session has ended. Log in again to go on: what you have typed is kept.');
    }
}

function ended() {
    keep('signed-in', null);
    forgetFeeds();
    session.set(null);
}

/** What was typed here goes, and forms that are still open keep no more of it.
 *  @param {string | null} uid of who is here from now on */
function become(uid) {
    forget('draft.');
    keep('who', uid);
}

/** How often somebody else has come. For the key of all pages: what they show and hold is theirs who were here before. */
export let turn = 0;
let last = 0; // the id of who was here

/** What was typed, read or voted by somebody else at this browser is nobody's business.
 *  @param {Me} me */
function recognize(me) {
    if (recall('who') !== me.uid) {
        become(me.uid);
    }
    if (last !== 0 && last !== me.id) {
        turn += 1;
        forgetFeeds();
        session.set(null);
    }
    last = me.id;
    session.set(me);
}

/** Asks who is logged in. Throws nothing: who cannot be reached is asked again in a while. */
export async function loadSession() {
    if (recall('signed-in') === null) {
        session.set(null);
        return;
    }
    try {
        const { data } = await must(api.GET('/users/me', { params: { query: { include: ['roles', 'profile'], fields: [...FIELDS] } } }));
        recognize(/** @type {Me} */ (data));
    } catch {
        session.set(recall('signed-in') === null ? null : session.value ?? undefined);
        if (session.value === undefined) {
            setTimeout(loadSession, PAUSE_MS);
        }
    }
}

// The message says what has happened: what another tab has just noted in the storage may not be seen here yet.
tabs.addEventListener('message', ({ data }) => {
    if (data === 'left') {
        left();
    } else if (data === 'ended') {
        expire();
    } else {
        keep('signed-in', 'yes');
        loadSession();
    }
});

/** @param {string} email @param {string} password */
export async function logIn(email, password) {
    await must(api.POST('/auth/login', { body: { email, password, mode: 'cookie' } }));
    keep('signed-in', 'yes');
    session.set(undefined);
    await loadSession();
    tabs.postMessage('entered');
}

/** Ends the session on the server. */
export async function logOut() {
    leaving = true;
    try {
        await Promise.all([...beforeLeaving].map((finish) => finish()));
        await must(api.POST('/auth/logout'));
    } catch (error) {
        if (!(error instanceof ApiError && error.status === 401)) { // else the session has ended already
            throw error;
        }
    } finally {
        leaving = false;
    }
    leave();
}

function left() {
    become(null);
    ended();
}

/** Notes that somebody has left, by logging out or for good, and forgets what was typed here: the next person at this browser may
 *  be another. */
export function leave() {
    left();
    tabs.postMessage('left');
}

/** Notes what has changed of who is logged in, in all tabs.
 *  @param {Partial<Me>} changes */
export function amend(changes) {
    if (session.value) {
        session.set({ ...session.value, ...changes });
        tabs.postMessage('changed');
    }
}

export const useSession = () => useStore(session);

/** @param {Me | null | undefined} me @param {string} name */
export const hasRole = (me, name) => me?.roles?.some((grant) => grant.name === name) ?? false;

/** For the key of what depends on who looks. It stays the same when it becomes known who they are: nothing is asked twice.
 *  @param {Me | null | undefined} me */
export const viewer = (me) => (me === null ? 'nobody' : 'me');

/** Whether somebody may change what belongs to `owner`: the owner and admins may.
 *  @param {Me | null | undefined} me @param {number | undefined} owner */
export const mayEdit = (me, owner) => me != null && (me.id === owner || hasRole(me, 'admin'));

/** Whether somebody may change and delete what belongs to all: tags.
 *  @param {Me | null | undefined} me */
export const mayModerate = (me) => hasRole(me, 'moderator') || hasRole(me, 'admin');
