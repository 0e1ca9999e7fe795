// The interface of the site, typed by its own description (/openapi.json): what is asked and what comes back is checked by
// the compiler against the document that the server makes of its tables.
//
//     const { data: post, response } = await must(api.GET('/posts/{id}', { params: { path: { id } } }));
//
// A page speaks with cookies that no script can read. When what is in them has run out, it is renewed once, for all that wait,
// and the request is sent again. When it cannot be renewed, the cookies are gone: a GET is sent again as a stranger's. Nothing
// else is ever sent twice, but a GET that was answered 503.
import createClient from 'openapi-fetch';

const BASE = '/api/v1';
const PATIENCE_MS = 5000; // the longest Retry-After that a GET waits for by itself

/**
 * What the server has against a request, or that it could not be reached (status 0).
 *
 * code: the stable name of the error, as X-Error-Code has it, or 'offline'.
 * mistakes: of a 422, all that is wrong with the request, each with the place where it is.
 */
export class ApiError extends Error {
    /**
     * @param {number} status
     * @param {string} code
     * @param {string} sentence for people
     * @param {{ mistakes?: import('./types').Mistake[], retryAfter?: number }} [more] retryAfter in seconds
     */
    constructor(status, code, sentence, { mistakes = [], retryAfter } = {}) {
        super(sentence);
        this.name = 'ApiError';
        this.status = status;
        this.code = code;
        this.mistakes = mistakes;
        this.retryAfter = retryAfter;
    }
}

/** Whether the request never arrived, or met no server that could work: what was typed is as good as before.
 *  @param {unknown} error */
export const isAway = (error) => error instanceof ApiError && (error.status === 0 || error.status === 503);

/** @param {unknown} error */
export const isAborted = (error) => error instanceof DOMException && error.name === 'AbortError';

/** @type {() => void} */
let whenEnded = () => {};

/** Says what is to happen when the session has ended elsewhere.
 *  @param {() => void} then */
export function onSessionEnd(then) {
    whenEnded = then;
}

const sleep = (/** @type {number} */ ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** @type {Promise<Response> | null} */
let renewal = null;

/** Renews the session, once for all who ask while it is under way. */
function renew() {
    renewal ??= fetch(`${BASE}/auth/refresh`, { method: 'POST' })
        .then((response) => {
            if (response.status === 401) {
                whenEnded();
            }
            return response;
        })
        .finally(() => { renewal = null; });
    return renewal;
}

/** @param {Request} request */
async function send(request) {
    const again = request.clone();
    const response = await fetch(request);
    if (response.status === 401 && !request.url.endsWith('/auth/login')) {
        const renewed = await renew();
        if (renewed.ok || (renewed.status === 401 && request.method === 'GET')) {
            return fetch(again);
        }
        // What forbids to renew it (a site that is away) is what is wrong, unless it is the session's end.
        return renewed.status === 401 ? response : renewed.clone();
    }
    const wait = Number(response.headers.get('Retry-After')) * 1000;
    if (response.status === 503 && request.method === 'GET' && wait > 0 && wait <= PATIENCE_MS) {
        await sleep(wait);
        return fetch(again);
    }
    return response;
}

/** @type {import('openapi-fetch').Client<import('quire-api').paths>} */
export const api = createClient({
    baseUrl: BASE,
    fetch: send,
    querySerializer: { array: { style: 'form', explode: false } }, // fields=a,b
});

/** The sentence of an answer that is an error, for people.
 *  @param {unknown} body @param {Response} response */
function sentenceOf(body, response) {
    const detail = /** @type {{ detail?: unknown }} */ (body)?.detail;
    if (response.status === 503) {
        return 'The site is not available at the moment. Nothing is lost: try again in a little while.';
    }
    if (response.status === 429) {
        const seconds = Number(response.headers.get('Retry-After')) || 60;
        return `That was too often. Try again in ${seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`}.`;
    }
    if (typeof detail === 'string') {
        return detail;
    }
    return Array.isArray(detail) ? 'Something is not as it should be: look at the marked fields.'
        : 'That did not work, and it is not your fault. Try again.';
}

/** @param {unknown} body @param {Response} response */
function errorOf(body, response) {
    const detail = /** @type {{ detail?: unknown }} */ (body)?.detail;
    return new ApiError(response.status, response.headers.get('X-Error-Code') ?? 'unknown', sentenceOf(body, response), {
        mistakes: Array.isArray(detail) ? detail : [],
        retryAfter: Number(response.headers.get('Retry-After')) || undefined,
    });
}

/**
 * Waits for an answer. Returns { data, response }; throws an ApiError for an answer that is an error and for a site that
 * cannot be reached, and an AbortError for what was cancelled.
 * @template T
 * @param {Promise<{ data?: T, error?: unknown, response: Response }>} asked
 * @returns {Promise<{ data: T, response: Response }>}
 */
export async function must(asked) {
    let answer;
    try {
        answer = await asked;
    } catch (error) {
        if (isAborted(error) || error instanceof ApiError) { // what was asked waits for answers itself
            throw error;
        }
        throw new ApiError(0, 'offline', 'The site cannot be reached. Nothing is lost: try again when you are online.');
    }
    if (!answer.response.ok) {
        throw errorOf(answer.error, answer.response);
    }
    return { data: /** @type {T} */ (answer.data), response: answer.response };
}

/** Where the next page of a list begins, or null on the last one (RFC 8288).
 *  @param {Response} response
 *  @returns {string | null} */
export function nextCursor(response) {
    const link = /<([^>]*)>;\s*rel="next"/.exec(response.headers.get('Link') ?? '');
    return link === null ? null : new URL(link[1], location.href).searchParams.get('cursor');
}
