// Markdown of people as a page may show it. HTML in it is text, as it was typed. Whatever they write, what comes out is of a
// short list of harmless elements: no script, no style, no form, no picture from elsewhere; links say that they are not ours
// (nofollow ugc).
import { html } from 'htm/preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import DOMPurify from 'dompurify';
import { Marked } from 'marked';

const ALLOWED_TAGS = ['p', 'br', 'hr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'ul', 'ol', 'li', 'pre', 'code', 'em',
    'strong', 'del', 'a', 'table', 'thead', 'tbody', 'tr', 'th', 'td'];
const ALLOWED_ATTR = ['href', 'title', 'align', 'start'];
/** Attributes that are not held against the addresses that are allowed. */
const NO_ADDRESS = ['align', 'start'];
const ALLOWED_URI_REGEXP = /^(?:https?:|mailto:|\/(?!\/)|#)/i;

const purifier = DOMPurify(window);

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const marked = new Marked({ gfm: true, async: false, renderer: {
    // All but the one element that Markdown has no sign for within a table. (The browser's console would otherwise be full
    // of what its policy forbids: it complains while the purifier looks.)
    html: (token) => {
        if (/^<br ?\/?>$/i.test(token.text)) {
            return '<br>';
        }
        return 'block' in token && token.block ? `<p>${escaped(token.text)}</p>` : escaped(token.text);
    },
} });

/** Headings of a text stand below those of the page: h1 becomes h2, and so on.
 *  @param {Element} heading */
function lower(heading) {
    const below = document.createElement(`h${Math.min(6, Number(heading.tagName[1]) + 1)}`);
    below.append(...heading.childNodes);
    heading.replaceWith(below);
}

/** A picture as a link to it.
 *  @param {Element} picture */
function linkTo(picture) {
    const link = document.createElement('a');
    link.setAttribute('href', picture.getAttribute('src') ?? '');
    link.textContent = picture.getAttribute('alt') || 'a picture';
    picture.replaceWith(link);
}

purifier.addHook('beforeSanitizeElements', (node) => {
    if (node instanceof Element && node.tagName === 'IMG' && node.parentNode !== null) {
        linkTo(node);
    }
});

/**
 * The text as elements.
 * @param {string} text
 * @returns {DocumentFragment}
 */
export function rendered(text) {
    const dirty = /** @type {string} */ (marked.parse(text));
    const fragment = purifier.sanitize(dirty, {
        ALLOWED_TAGS: [...ALLOWED_TAGS, 'img'], ALLOWED_ATTR: [...ALLOWED_ATTR, 'src', 'alt'], ALLOWED_URI_REGEXP,
        ADD_URI_SAFE_ATTR: NO_ADDRESS, ALLOW_DATA_ATTR: false, ALLOW_ARIA_ATTR: false, RETURN_DOM_FRAGMENT: true,
    });
    fragment.querySelectorAll('img').forEach(linkTo);
    fragment.querySelectorAll('h1, h2, h3, h4, h5, h6').forEach(lower);
    for (const link of fragment.querySelectorAll('a')) {
        link.setAttribute('rel', 'nofollow ugc noopener');
    }
    for (const block of fragment.querySelectorAll('pre, table')) {
        block.setAttribute('tabindex', '0'); // wide ones scroll, by keys too
    }
    return fragment;
}

/** @param {{ text: string }} props */
export default function Markdown({ text }) {
    const place = useRef(/** @type {HTMLElement | null} */ (null));
    useLayoutEffect(() => { // before anything is painted: what stands below does not jump
        place.current?.replaceChildren(rendered(text));
    }, [text]);
    return html`<div class="prose" ref=${place}></div>`;
}
