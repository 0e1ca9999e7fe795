// The addresses in a tweet that X shortens: app/compose/urls.c for the browser, by the same rules, which are those of
// twitter-text 3.1.0. The server decides; this is for the counter beside what one types.
//
// All of it works on UTF-16 units, as the original does: no expression here has the flag u, with which ignoring case would
// mean something else.
import { asciiTlds, wideTlds } from './tlds.js';

const LATIN = '\\xc0-\\xd6\\xd8-\\xf6\\xf8-\\u024f\\u0253\\u0254\\u0256\\u0257\\u0259\\u025b\\u0263\\u0268\\u026f\\u0272\\u0289\\u028b' +
    '\\u02bb\\u0300-\\u036f\\u1e00-\\u1eff';
const LETTER = `a-z0-9${LATIN}\\u0400-\\u04ff`;
const DOMAIN = '\\s!\'#%&()*+,\\-./:;<=>?@[\\\\\\]^_{|}~$\\x85\\u061c\\u180e\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufffe\\uffff';
const PATH = `[${LETTER}!*';:=+,.$/%#[\\]\\-_~@|&\\u2013]`;
const QUERY = '[a-z0-9!?*\'@();:&=+$/%#[\\]\\-_.,~|]';

/** @param {string} source */
const at = (source) => new RegExp(source, 'iy');

const BEFORE = /[^a-z0-9@\uff20$#\uff03\ufffe\ufeff\uffff]/i;
const PROTOCOL = at('https?://');
const LABEL = at(`([^${DOMAIN}](?:(?:[^${DOMAIN}]|[-_])*[^${DOMAIN}])?)\\.`);
const PLAIN = at(`[-a-z0-9${LATIN}]+\\.`);
const ASCII_TLD = at('([a-z0-9]+)(?![a-z0-9@+-])');
const OTHER_TLD = at(`(?:${wideTlds})(?![a-z0-9@+-])|xn--[a-z0-9-]+`);
const PORT = at(':[0-9]+');
const PATH_CHAR = at(PATH);
const PATH_END = at(`[${LETTER}+\\-=_#/]`);
const PARENS = at(`\\((?:${PATH}+|${PATH}*\\(${PATH}+\\)${PATH}*)\\)`);
const QUERIES = at(`\\?${QUERY}*[a-z0-9\\-_&=#/]`);
const TCO = at('t\\.co/([a-z0-9]+)');

const LONGEST = 4096;
const LONGEST_LABEL = 63;
const LONGEST_TCO = 40;

/** What the expression matches at this place, or null.
 *  @param {RegExp} expression @param {string} text @param {number} place */
function match(expression, text, place) {
    expression.lastIndex = place;
    return expression.exec(text);
}

/** Where that ends, or the place itself.
 *  @param {RegExp} expression @param {string} text @param {number} place */
const past = (expression, text, place) => place + (match(expression, text, place)?.[0].length ?? 0);

/** Where the top-level domain ends that begins here, or -1.
 *  @param {string} text @param {number} place */
function tldEnd(text, place) {
    const name = match(ASCII_TLD, text, place);
    if (name !== null && asciiTlds.has(name[1].toLowerCase())) {
        return place + name[0].length;
    }
    const end = past(OTHER_TLD, text, place);
    return end > place ? end : -1;
}

/**
 * The ends of domains in a text. An address takes as many labels as it can: it ends with the last that is a name (has no _)
 * and has a top-level domain behind it. A row of labels is read once, however many addresses might begin in it.
 * @param {string} text
 */
function domainsOf(text) {
    const row = { from: -1, to: -2, last: -1, end: -1 };
    /** @param {number} place @returns {[number, number] | null} the "." behind the label; where a top-level domain behind that ends, or -1 */
    const label = (place) => {
        const found = match(LABEL, text, place);
        const dot = found === null ? 0 : place + found[1].length;
        return found && [dot, found[1].includes('_') ? -1 : tldEnd(text, dot + 1)];
    };
    /** @param {number} dot */
    const read = (dot) => {
        row.from = dot;
        row.last = -1;
        for (let next = label(dot + 1); ; next = label(dot + 1)) {
            row.to = dot;
            if (next === null) {
                return;
            }
            dot = next[0];
            if (next[1] >= 0) {
                row.last = dot;
                row.end = next[1];
            }
        }
    };
    return (/** @type {number} */ place) => {
        const first = label(place);
        if (first === null) {
            return -1;
        }
        if (first[0] < row.from || first[0] > row.to) {
            read(first[0]);
        }
        return row.last > first[0] ? row.end : first[1];
    };
}

/** Goes on over characters of paths and balanced parentheses, and ends behind the last that it may end with.
 *  @param {string} text @param {number} place */
function pathEnd(text, place) {
    if (text[place] !== '/') {
        return place;
    }
    let end = place + 1;
    for (let i = end; ;) {
        const parens = past(PARENS, text, i);
        if (match(PATH_CHAR, text, i)) {
            end = match(PATH_END, text, i) ? i + 1 : end;
            i++;
        } else if (parens > i) {
            end = i === end ? parens : end;
            i = parens;
        } else {
            return end;
        }
    }
}

/** How many characters a part of a label has as the DNS writes it (RFC 3492), beyond LONGEST_LABEL roughly.
 *  @param {string} part */
function dnsLength(part) {
    const codes = [...part].map((char) => /** @type {number} */ (char.codePointAt(0)));
    if (/^[ -~]*$/.test(part) || codes.length > LONGEST_LABEL) {
        return codes.length;
    }
    const basic = codes.filter((code) => code < 128).length;
    let length = 'xn--'.length + basic + (basic > 0 ? 1 : 0);
    let [n, delta, bias, done] = [128, 0, 72, basic];
    const rare = [...new Set(codes.filter((code) => code >= 128))].sort((a, b) => a - b);
    for (const next of rare) {
        delta += (next - n) * (done + 1);
        for (const code of codes) {
            delta += code < next ? 1 : 0;
            if (code === next) {
                const digits = digitsOf(delta, bias);
                length += digits;
                bias = adapted(delta, done + 1, done === basic);
                delta = 0;
                done++;
            }
        }
        delta++;
        n = next + 1;
    }
    return length;
}

/** @param {number} value @param {number} bias */
function digitsOf(value, bias) {
    for (let k = 36, digits = 1; ; k += 36, digits++) {
        const least = Math.min(26, Math.max(1, k - bias));
        if (value < least) {
            return digits;
        }
        value = Math.floor((value - least) / (36 - least));
    }
}

/** @param {number} delta @param {number} points @param {boolean} first */
function adapted(delta, points, first) {
    delta = Math.floor(delta / (first ? 700 : 2));
    delta += Math.floor(delta / points);
    let k = 0;
    for (; delta > 455; k += 36) {
        delta = Math.floor(delta / 35);
    }
    return k + Math.floor((36 * delta) / (delta + 38));
}

/** The parts of a domain that are domains of ASCII and Latin letters.
 *  @param {string} domain @returns {string[]} */
function plainDomains(domain) {
    const found = [];
    for (let from = 0; from < domain.length;) {
        let end = -1;
        let i = from;
        for (let next = past(PLAIN, domain, i); next > i; next = past(PLAIN, domain, i)) {
            i = next;
            end = Math.max(end, tldEnd(domain, i));
        }
        if (end >= 0) {
            found.push(domain.slice(from, end));
        }
        from = end >= 0 ? end : Math.max(i, from + 1);
    }
    return found;
}

/** Whether the DNS could have such a name.
 *  @param {string} domain */
function isPossible(domain) {
    if (domain.startsWith('xn--') && plainDomains(domain).length === 0) {
        return false;
    }
    return domain.split('.').every((label) => {
        const parts = label.split(/[\u3002\uff0e\uff61]/);
        const length = parts.reduce((sum, part) => sum + dnsLength(part), parts.length - 1);
        return length >= 1 && length <= LONGEST_LABEL;
    });
}

/** Where a link of t.co ends, behind its code and query: -1 when its code is too long.
 *  @param {string} text @param {number} domain @param {number} end */
function tcoEnd(text, domain, end) {
    const whole = text.slice(0, end);
    const code = match(TCO, whole, domain);
    if (code === null) {
        return end;
    }
    return code[1].length > LONGEST_TCO ? -1 : past(QUERIES, whole, domain + code[0].length);
}

/**
 * The addresses of a text.
 * @param {string} text in form C
 * @returns {Map<number, number>} where each begins, and where it ends
 */
export function findUrls(text) {
    /** @type {Map<number, number>} */
    const found = new Map();
    const domainEnd = text.includes('.') ? domainsOf(text) : () => -1;

    /** Takes what begins here, if anything does. Returns where the search goes on, or -1.
     *  @param {number} start */
    const take = (start) => {
        const domain = past(PROTOCOL, text, start);
        const stop = domainEnd(domain);
        if (stop < 0) {
            return -1;
        }
        const port = past(PORT, text, stop);
        const path = pathEnd(text, port);
        const end = past(QUERIES, text, path);
        const name = text.slice(domain, stop);
        if (end - start + (domain - start || 'https://'.length) > LONGEST || !isPossible(name)) {
            return end;
        }
        if (domain > start) {
            const tco = tcoEnd(text, domain, end);
            if (tco >= 0) {
                found.set(start, tco);
            }
        } else if (start === 0 || !'-_./'.includes(text[start - 1])) {
            let place = domain;
            plainDomains(name).forEach((plain, i, { length }) => {
                place = text.indexOf(plain, place);
                const more = i === length - 1 && path > port ? end - stop : 0;
                found.set(place, place + plain.length + more);
                place += plain.length;
            });
        }
        return end;
    };

    for (let i = 0; i < text.length;) {
        let next = BEFORE.test(text[i]) ? take(i + 1) : -1;
        if (next < 0 && i === 0) {
            next = take(0);
        }
        i = next < 0 ? i + 1 : next;
    }
    return found;
}
