// contract: what holds for every answer whatever was asked, and the exact forms of errors.
//
//     checkAnswer('GET', '/api/v1/posts', answer, secrets);         // throws an AssertionError
//     assertError(answer, 404, 'no_route', 'Not Found');
//     assertInvalid(answer, [missing(['body', 'title'], sent)]);
import assert from 'node:assert/strict';

// The promise of include/base/err.h, and the codes of errors that nginx makes by itself.
const CODES = {
    400: ['bad_request', 'bad_cursor', 'mail_token_invalid', 'body_unreadable', 'answer_too_large'],
    401: ['unauthenticated', 'invalid_token', 'invalid_credentials'],
    403: ['forbidden', 'inactive_user', 'wrong_password', 'foreign_origin'],
    404: ['not_found', 'no_route'],
    405: ['method_not_allowed'],
    409: ['conflict', 'duplicate', 'last_admin'],
    412: ['stale'],
    413: ['body_too_large'],
    414: ['uri_too_long'],
    415: ['unsupported_media_type'],
    422: ['validation_error', 'json_invalid', 'idempotency_key_reused'],
    428: ['precondition_required'],
    429: ['too_many_requests'],
    431: ['headers_too_large'],
    501: ['not_implemented'],
    502: ['provider_failed'],
    503: ['database_unavailable', 'busy', 'outcome_unknown', 'deadlock', 'lock_timeout', 'connection_lost',
        'storage_unavailable', 'not_ready', 'service_unavailable'],
    504: ['provider_timeout'],
    505: ['version_not_supported'],
};
// What a hash, a key or the inside of the program looks like.
const NEVER = new RegExp([/\$2[aby]\$\d\d\$[./A-Za-z0-9]{20}/, /"(password_hash|hashed_password)":/, /SQLSTATE|mysql_/,
    /You have an error in your SQL/, /app\/[a-z]+\/\w+\.c/].map(({ source }) => source).join('|'));

export function checkAnswer(method, target, answer, secrets) {
    const { status, headers, raw, json } = answer;
    const what = `${method} ${target.slice(0, 200)} → ${status} ${raw.slice(0, 300)}`;
    assert.notEqual(status, 500, what);
    assert.ok(!NEVER.test(raw), `the inside shows: ${what}`);
    assert.ok(secrets.foundIn(raw) === undefined, `a secret shows: ${what}`);
    assert.match(headers['x-request-id'] ?? '', /^[A-Za-z0-9._-]{8,64}$/, `no X-Request-ID: ${what}`);
    assert.ok(!/,/.test(headers['x-request-id']), `two X-Request-ID: ${what}`);
    if (status === 204 || status === 304) {
        assert.equal(raw, '', what);
        assert.equal(headers['content-type'], undefined, `a content type without content: ${what}`);
    }
    if (method === 'HEAD') {
        assert.equal(raw, '', what);
    } else if (target.startsWith('/api/') && status !== 204 && status !== 304) {
        assert.match(headers['content-type'] ?? '', /^application\/(problem\+)?json$/, what);
        assert.notEqual(json, undefined, `no JSON: ${what}`);
    }
    if (status >= 400) {
        checkError(method, answer, what);
    } else {
        assert.equal(headers['x-error-code'], undefined, what);
    }
}

function checkError(method, { status, headers, json }, what) {
    const code = headers['x-error-code'];
    assert.ok(CODES[status]?.includes(code), `X-Error-Code ${code}: ${what}`);
    if (status === 401) {
        assert.match(headers['www-authenticate'] ?? '', /^Bearer/, what);
    }
    if (status === 405) {
        assert.match(headers.allow ?? '', /^[A-Z]+(, [A-Z]+)*$/, what);
    }
    if (status === 429 || status === 503) {
        assert.match(headers['retry-after'] ?? '', /^[1-9]\d*$/, `no Retry-After: ${what}`);
    }
    if (method === 'HEAD') {
        return;
    }
    assert.notEqual(json, undefined, `an error that is not JSON: ${what}`);
    if (headers['content-type'] === 'application/problem+json') {
        assert.equal(json.code, code, what);
        assert.equal(json.status, status, what);
        return;
    }
    // A refused password grant says so in OAuth2's words as well (RFC 6749, section 5.2).
    const members = json.error === undefined ? ['detail'] : ['detail', 'error', 'error_description'];
    assert.deepEqual(Object.keys(json), members, what);
    assert.ok(json.error === undefined || /^POST \/api\/v1\/login/.test(what), what);
    if (status === 422 && code !== 'idempotency_key_reused') { // that one is a sentence, no list of mistakes
        assert.ok(Array.isArray(json.detail) && json.detail.length > 0, what);
        for (const entry of json.detail) {
            const keys = entry.ctx === undefined ? ['type', 'loc', 'msg', 'input'] : ['type', 'loc', 'msg', 'input',
                'ctx'];
            assert.deepEqual(Object.keys(entry), keys, what);
        }
    } else {
        assert.equal(typeof json.detail, 'string', what);
        assert.notEqual(json.detail, '', what);
    }
}

/** status, and where given the code and the exact detail (or a pattern). */
export function assertError(answer, status, code, detail) {
    assert.equal(answer.status, status, answer.raw.slice(0, 500));
    if (code !== undefined) {
        assert.equal(answer.headers['x-error-code'], code, answer.raw);
    }
    if (detail instanceof RegExp) {
        assert.match(answer.json.detail, detail);
    } else if (detail !== undefined) {
        assert.equal(answer.json.detail, detail);
    }
}

/** 422 with exactly these entries, in this order. */
export function assertInvalid(answer, entries) {
    assert.equal(answer.status, 422, answer.raw.slice(0, 500));
    assert.deepEqual(answer.json, { detail: entries });
    assert.equal(answer.headers['x-error-code'],
        entries[0].type === 'json_invalid' ? 'json_invalid' : 'validation_error');
}

export function entry(type, loc, msg, input, ctx) {
    return ctx === undefined ? { type, loc, msg, input } : { type, loc, msg, input, ctx };
}

// The entries of SPEC 1 in its order.
export const missing = (loc, input) => entry('missing', loc, 'Field required', input);
export const jsonInvalid = (position, error) =>
    entry('json_invalid', ['body', position], 'JSON decode error', {}, { error });
export const noObject = (input) => entry('model_attributes_type', ['body'],
    'Input should be a valid dictionary or object to extract fields from', input);
export const stringType = (loc, input) => entry('string_type', loc, 'Input should be a valid string', input);
export const tooShort = (loc, input, min) => entry('string_too_short', loc,
    `String should have at least ${min} character${min === 1 ? '' : 's'}`, input, { min_length: min });
export const tooLong = (loc, input, max) => entry('string_too_long', loc,
    `String should have at most ${max} character${max === 1 ? '' : 's'}`, input, { max_length: max });
export const intParsing = (loc, input) => entry('int_parsing', loc,
    'Input should be a valid integer, unable to parse string as an integer', input);
export const intType = (loc, input) => entry('int_type', loc, 'Input should be a valid integer', input);
export const intFromFloat = (loc, input) => entry('int_from_float', loc,
    'Input should be a valid integer, got a number with a fractional part', input);
export const intTooBig = (loc, input) => entry('int_parsing_size', loc,
    'Unable to parse input string as an integer, exceeded maximum size', input);
export const atLeast = (loc, input, ge) => entry('greater_than_equal', loc,
    `Input should be greater than or equal to ${ge}`, input, { ge });
export const atMost = (loc, input, le) => entry('less_than_equal', loc,
    `Input should be less than or equal to ${le}`, input, { le });
export const boolParsing = (loc, input) => entry('bool_parsing', loc,
    'Input should be a valid boolean, unable to interpret input', input);
export const boolType = (loc, input) => entry('bool_type', loc, 'Input should be a valid boolean', input);
export const literal = (loc, input, expected) => entry('literal_error', loc, `Input should be ${expected}`, input,
    { expected });
export const emailError = (loc, input, reason) => entry('value_error', loc,
    `value is not a valid email address: ${reason}`, input, { reason });
export const valueError = (loc, input, error) => entry('value_error', loc, `Value error, ${error}`, input, { error });
export const badItem = (loc, input) => entry('model_attributes_type', loc,
    'Input should be a valid dictionary or object to extract fields from', input);
export const listType = (loc, input) => entry('list_type', loc, 'Input should be a valid list', input);
export const tooMany = (loc, input, max) => entry('too_long', loc,
    `List should have at most ${max} item${max === 1 ? '' : 's'} after validation, not ${input.length}`, input,
    { field_type: 'List', max_length: max, actual_length: input.length });
export const uuidParsing = (loc, input, error) => entry('uuid_parsing', loc,
    `Input should be a valid UUID, ${error}`, input, { error });
export const dateType = (loc, input) => entry('date_type', loc, 'Input should be a valid date', input);
export const dateParsing = (loc, input, error) => entry('date_from_datetime_parsing', loc,
    `Input should be a valid date or datetime, ${error}`, input, { error });
export const dateInexact = (loc, input) => entry('date_from_datetime_inexact', loc,
    'Datetimes provided to dates should have zero time - e.g. be exact dates', input);
export const urlScheme = (loc, input) => entry('url_scheme', loc, "URL scheme should be 'http' or 'https'", input,
    { expected_schemes: "'http' or 'https'" });
export const urlParsing = (loc, input, error) => entry('url_parsing', loc, `Input should be a valid URL, ${error}`,
    input, { error });
export const HIDDEN = '**********';

/** The refusal of a limit of so many, of which nothing is left. */
export function assertLimited(answer, limit) {
    assertError(answer, 429, 'too_many_requests', /^too many requests: try again in \d+ s$/);
    assert.equal(answer.headers['ratelimit-limit'], String(limit));
    assert.equal(answer.headers['ratelimit-remaining'], '0');
    assert.equal(answer.headers['retry-after'], answer.headers['ratelimit-reset']);
    assert.ok(Number(answer.headers['retry-after']) > 0);
}
