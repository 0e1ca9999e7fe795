// Tags as one line of text, "bread, night shift", and how they are put on a post or a book.
import { ApiError } from '../api.js';

const MOST = 20;

/** @typedef {{ uid: string, name: string }} Tag */

/** The names in a line, each once, as they are written.
 *  @param {string} text @returns {string[]} */
export function readTags(text) {
    /** @type {Map<string, string>} */
    const names = new Map();
    for (const name of text.split(',').map((each) => each.trim()).filter(Boolean)) {
        names.set(name.toLowerCase(), names.get(name.toLowerCase()) ?? name);
    }
    return [...names.values()].slice(0, MOST);
}

/** The line that readTags would read so.
 *  @param {Tag[]} [tags] */
export const writeTags = (tags = []) => tags.map(({ name }) => name).join(', ');

/**
 * Makes a thing have the tags in a line, and no others.
 * @param {string} text of the field
 * @param {Tag[]} before what it has
 * @param {object} by
 * @param {(tags: { name: string }[]) => Promise<unknown>} by.add
 * @param {(uid: string) => Promise<unknown>} by.remove
 */
export async function saveTags(text, before, { add, remove }) {
    const wanted = readTags(text);
    const same = (/** @type {string} */ a, /** @type {string} */ b) => a.toLowerCase() === b.toLowerCase();
    const fresh = wanted.filter((name) => !before.some((tag) => same(tag.name, name)));
    if (fresh.length > 0) {
        await add(fresh.map((name) => ({ name })));
    }
    for (const { uid } of before.filter((tag) => !wanted.some((name) => same(tag.name, name)))) {
        await remove(uid).catch((error) => {
            if (!(error instanceof ApiError && error.status === 404)) { // else somebody has taken it off before
                throw error;
            }
        });
    }
}
