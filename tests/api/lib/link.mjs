// link: the Link header of RFC 8288, section 3, read as its appendix B.2 reads it.
//
//     const links = linksOf(answer);            // { first: '/posts?limit=7', next: '/posts?limit=7&cursor=…' }
//     parseLink('<a>; rel="next prev"; title="x, \\"y\\""');
//     const pages = await walk(site, '/posts?limit=7', person);      // by next, to the end
import assert from 'node:assert/strict';

const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const BLANKS = /[ \t]*/y;

/** A header's links in order: { target, parameters: [[name in lower case, value], …] }. What is none throws. */
export function parseLink(text) {
    const links = [];
    let at = 0;
    const take = (pattern, what) => {
        pattern.lastIndex = at;
        const found = pattern.exec(text);
        assert.ok(found, `${what} is missing at ${at} of the Link header: ${text}`);
        at = pattern.lastIndex;
        return found[0];
    };
    const quoted = () => {
        const value = take(/"(?:[^"\\]|\\.)*"/y, 'the end of a quoted string');
        return value.slice(1, -1).replace(/\\(.)/g, '$1');
    };
    const parameter = () => {
        take(/;[ \t]*/y, 'a ;');
        const name = take(TOKEN, 'a parameter').toLowerCase();
        take(BLANKS);
        if (text[at] !== '=') {
            return [name, ''];
        }
        take(/=[ \t]*/y, 'a =');
        return [name, text[at] === '"' ? quoted() : take(TOKEN, 'a value')];
    };
    for (take(BLANKS); at < text.length; take(BLANKS)) {
        const target = take(/<[^<>\s]*>/y, 'a target in <>').slice(1, -1);
        const parameters = [];
        for (take(BLANKS); text[at] === ';'; take(BLANKS)) {
            parameters.push(parameter());
        }
        links.push({ target, parameters });
        if (at < text.length) {
            take(/,(?:[ \t]*,)*/y, 'a comma');
            assert.notEqual(text.slice(at).trim(), '', `a link is missing at the end: ${text}`);
        }
    }
    return links;
}

/** The targets by relation, as paths that Client takes. Each must be a relation once, and below /api/v1. */
export function linksOf(answer) {
    const found = {};
    for (const { target, parameters } of parseLink(answer.headers.link ?? '')) {
        // Of several rel the first counts; it may hold several relations.
        const relations = (parameters.find(([name]) => name === 'rel')?.[1] ?? '').split(/ +/).filter(Boolean);
        assert.ok(relations.length > 0, `a link without rel: ${answer.headers.link}`);
        for (const relation of relations) {
            assert.equal(found[relation.toLowerCase()], undefined, `two links to ${relation}: ${answer.headers.link}`);
            assert.ok(target.startsWith('/api/v1/'), target);
            found[relation.toLowerCase()] = target.slice('/api/v1'.length);
        }
    }
    return found;
}

/** The pages of a list from a path on, following `next` (or another relation) until there is none. Options: person,
 * relation, most (so many pages are too many), between (called after each page). */
export async function walk(site, path, { person, relation = 'next', most = 500, between = () => {} } = {}) {
    const pages = [];
    for (let target = path; target !== undefined;) {
        const answer = await site.get(target, person);
        assert.equal(answer.status, 200, `${target}: ${answer.raw.slice(0, 300)}`);
        pages.push({ path: target, answer, rows: answer.json, links: linksOf(answer) });
        assert.ok(pages.length <= most, `${path} has over ${most} pages`);
        target = pages.at(-1).links[relation];
        await between(pages.length);
    }
    return pages;
}
