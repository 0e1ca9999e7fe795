// Tags as one line of text, "bread, night shift", and how they are put on a post or a book.
import { ApiError } from '../api.js';
import { fieldMistake } from './form.js';

const AT_ONCE = 20; // tags that one request may bring
const MOST = 100; // of one thing
const LONGEST = 50; // characters of a name

/** @typedef {{ uid: string, name: string }} Tag */

/** Two spellings of one tag are the same. @param {string} name */
const fold = (name) => name.trim().toLowerCase();

/** The names in a line, each once, as they are written.
 *  @param {string} text @param {Tag[]} before what the thing has: such a name may have a comma in it
 *  @returns {string[]} */
function readTags(text, before) {
    /** @type {Map<string, string>} */
    const names = new Map();
    let rest = `,${text},`;
    for (const { name } of before.filter(({ name: each }) => each.includes(','))) {
        const at = [`, ${name},`, `,${name},`].find((each) => rest.includes(each));
        if (at !== undefined) {
            names.set(fold(name), name);
            rest = rest.replace(at, () => ',');
        }
    }
    for (const name of rest.split(',').map((each) => each.trim()).filter(Boolean)) {
        names.set(fold(name), names.get(fold(name)) ?? name);
    }
    return [...names.values()];
}

/** The values of a form: the line that would be read so, and the tags themselves, for `tagsOf`: who goes on with a draft later
 *  has not taken off what others have put on meanwhile.
 *  @param {Tag[]} [tags] */
export const tagValues = (tags = []) => ({
    tags: tags.map(({ name }) => name).join(', '),
    had: JSON.stringify(tags.map(({ uid, name }) => ({ uid, name }))),
});

/** What the thing had when the writing began.
 *  @param {string} had @returns {Tag[]} */
export const tagsOf = (had) => JSON.parse(had);

/** Throws what is wrong with a line of tags: before anything is sent, for a post that is there without its tags is half a post.
 *  @param {string} text of the field @param {Tag[]} [before] what the thing has */
export function checkTags(text, before = []) {
    const names = readTags(text, before);
    const long = names.find((name) => [...name].length > LONGEST);
    if (long !== undefined) {
        throw fieldMistake('tags', `“${long}” is too long for a tag: at most ${LONGEST} characters.`);
    }
    if (names.length > MOST) {
        throw fieldMistake('tags', `These are ${names.length} tags: at most ${MOST}.`);
    }
}

/**
 * Makes a thing have the tags in a line, and no others.
 * @param {string} text of the field
 * @param {Tag[]} before what it has
 * @param {object} by
 * @param {(tags: { name: string }[]) => Promise<unknown>} by.add
 * @param {(uid: string) => Promise<unknown>} by.remove
 */
export async function saveTags(text, before, { add, remove }) {
    const wanted = readTags(text, before);
    const same = (/** @type {string} */ a, /** @type {string} */ b) => fold(a) === fold(b);
    const fresh = wanted.filter((name) => !before.some((tag) => same(tag.name, name)));
    const gone = before.filter((tag) => !wanted.some((name) => same(tag.name, name)));
    for (let at = 0; at < fresh.length; at += AT_ONCE) {
        await add(fresh.slice(at, at + AT_ONCE).map((name) => ({ name })));
    }
    for (const { uid } of gone) {
        await remove(uid).catch((error) => {
            if (!(error instanceof ApiError && error.status === 404)) { // else somebody has taken it off before
                throw error;
            }
        });
    }
}
