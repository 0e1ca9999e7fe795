// What the browser keeps for this site. It may refuse (private windows, a full disk): then nothing is kept, and the pages
// work as they do on the first visit.

/** @param {string} key @returns {string | null} */
export function recall(key) {
    try {
        return localStorage.getItem(`quire.${key}`);
    } catch {
        return null;
    }
}

/** Keeps a text, or with null forgets it.
 *  @param {string} key @param {string | null} text */
export function keep(key, text) {
    try {
        if (text === null) {
            localStorage.removeItem(`quire.${key}`);
        } else {
            localStorage.setItem(`quire.${key}`, text);
        }
    } catch {
        // as if it had been cleared
    }
}

/** Forgets all that begins so: with '' everything.
 *  @param {string} start */
export function forget(start) {
    try {
        for (const key of Object.keys(localStorage).filter((each) => each.startsWith(`quire.${start}`))) {
            localStorage.removeItem(key);
        }
    } catch {
        // there was nothing
    }
}
