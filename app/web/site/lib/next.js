// Where one wanted to go before one was asked to log in: it stands in the address (?next=...), so it may say anything.

/** A page of this site, whatever the address says.
 *  @param {string | undefined} next */
export function safeNext(next = '/') {
    const url = URL.canParse(next, location.origin) ? new URL(next, location.origin) : null;
    const path = url?.origin === location.origin ? url.pathname + url.search + url.hash : '/';
    return path.startsWith('//') ? '/' : path; // "/.//elsewhere" is none
}

/** The address of a page that leads on to where one wanted to go.
 *  @param {string} page @param {string | undefined} next */
export const withNext = (page, next) => (next === undefined ? page : `${page}?next=${encodeURIComponent(next)}`);
