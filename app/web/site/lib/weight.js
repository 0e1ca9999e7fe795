// How long a tweet is as X counts: app/compose/weight.c for the browser. Over 280 the server refuses it.
//
//     weigh('Read https://example.com/a/long/address 👩🏽‍🚀')   // 5 + 23 + 1 + 2
//
// What the two count is the same for the emoji that both know: the browser's list of them may be of another year than the
// server's (tests/api/weight-page.test.mjs holds the one against the other).
import { findUrls } from './urls.js';

export const MOST = 280;

const URL_WEIGHT = 23;
const LONGEST_EMOJI = 10; // code points

const RGI = new RegExp('^\\p{RGI_Emoji}$', 'v');

/** What may stand within an emoji sequence behind its first code point, whatever that is. */
const PART = /^[\ufe0f\u20e3\u200d\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}]$/u;
const REGION = /^[\u{1f1e6}-\u{1f1ff}]$/u;

/** What twitter-text takes for one emoji, though no list of Unicode recommends it: keycaps without a variation selector, a
 *  selector behind what is a picture anyway, a skin tone behind a selector, and a few single ones. */
const TOLERATED = new RegExp(`^(?:${[
    '[0-9#*]\\u20e3',
    '[\\u231a\\u231b\\u25fd\\u25fe\\u2614\\u2615\\u2648-\\u2653\\u267f\\u2693\\u26a1\\u26aa\\u26ab\\u26bd\\u26be\\u26c4\\u26c5\\u26d4' +
        '\\u26ea\\u26f2\\u26f3\\u26f5\\u26fa\\u26fd\\u2757\\u2b1b\\u2b1c\\u2b50\\u2b55\\u{1f004}\\u{1f21a}\\u{1f22f}]\\ufe0f',
    '\\u26f7[\\u{1f3fb}-\\u{1f3ff}]',
    '[\\u261d\\u26f7\\u26f9\\u270c\\u270d\\u{1f3cb}\\u{1f3cc}\\u{1f574}\\u{1f575}\\u{1f590}]\\ufe0f[\\u{1f3fb}-\\u{1f3ff}]',
    '\\u{1f441}\\u200d\\u{1f5e8}',
    '\\u{1f574}[\\ufe0f\\u{1f3fb}-\\u{1f3ff}]\\u200d[\\u2640\\u2642]\\ufe0f',
].join('|')})$`, 'u');

/** @param {string} before @param {string} char */
const mayJoin = (before, char) => before === '\u200d' || PART.test(char) || (REGION.test(before) && REGION.test(char));

/** The longest emoji of two code points or more that begins here, or ''.
 *  @param {string} text @param {number} at */
function emojiAt(text, at) {
    const chars = [];
    if (!(text.charCodeAt(at + 1) >= 0x200d)) {
        return ''; // nothing that could go on with one
    }
    for (const char of text.slice(at, at + 2 * LONGEST_EMOJI)) {
        if (chars.length === LONGEST_EMOJI || (chars.length > 0 && !mayJoin(chars[chars.length - 1], char))) {
            break;
        }
        chars.push(char);
    }
    for (; chars.length > 1; chars.pop()) {
        const sequence = chars.join('');
        if (TOLERATED.test(sequence) || RGI.test(sequence)) {
            return sequence;
        }
    }
    return '';
}

/** By the first unit, as twitter-text does: half a pair of surrogates is of no range either.
 *  @param {number} unit */
const weightOfUnit = (unit) => (unit <= 4351 || (unit >= 8192 && unit <= 8205) || (unit >= 8208 && unit <= 8223) ||
    (unit >= 8242 && unit <= 8247) ? 1 : 2);

/** @param {string} text @returns {number} */
export function weigh(text) {
    const form = text.normalize('NFC');
    const urls = findUrls(form);
    let sum = 0;
    for (let at = 0; at < form.length;) {
        const url = urls.get(at);
        const emoji = url === undefined ? emojiAt(form, at) : '';
        sum += url !== undefined ? URL_WEIGHT : emoji !== '' ? 2 : weightOfUnit(form.charCodeAt(at));
        at = url ?? at + (emoji.length || String.fromCodePoint(/** @type {number} */ (form.codePointAt(at))).length);
    }
    return sum;
}

/** Whether there is anything to be seen: a tweet of blanks and invisible signs is refused.
 *  @param {string} text */
export const isVisible = (text) => /[^\s\u0085\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800\p{Noncharacter_Code_Point}]/u.test(text);
