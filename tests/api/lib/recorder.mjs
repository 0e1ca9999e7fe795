// recorder: what a site answers, held against its own OpenAPI document.
//
// Every exchange of lib/client.mjs goes through record(): an operation that the document does not know must be refused
// as such; of one that it knows the status must be declared, the headers and the body as declared there, and no member
// may be in an object that its schema does not name (the document itself leaves that open; the program must not).
// Requests are not looked at: half of what the tests send is wrong on purpose.
//
// What was seen is kept by operation and status. At the end of a run of the whole suite unseen() says what the document
// declares and no test has caused.
//
//     const recorder = recorderOf(text);                        // text: what /openapi.json gives
//     recorder.record('GET', '/api/v1/posts?fields=id', answer);   // throws an AssertionError
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { operationsOf } from './operations.mjs';

const FORMATS = {
    int64: { type: 'number', validate: Number.isInteger },
    double: { type: 'number', validate: Number.isFinite },
    password: true,
    binary: true,
    'idn-email': /^[^\s@]+@[^\s@]+$/u,
    iri: /^https?:\/\/[^\s<>"]+$/iu,
    'iri-reference': /^(https?:\/)?\/[^\s<>"]+$/iu,
};

// One document, one recorder: compiling its schemas takes a while.
const recorders = new Map();
const seen = new Set();
if (process.env.QUIRE_TEST_SEEN !== undefined) {
    process.on('exit', () => appendFileSync(process.env.QUIRE_TEST_SEEN, [...seen].map((line) => `${line}\n`).join('')));
}

export function recorderOf(text) {
    if (!recorders.has(text)) {
        recorders.set(text, new Recorder(JSON.parse(text), seen));
    }
    return recorders.get(text);
}

export class Recorder {
    /** seen: a Set that takes what was seen, "listPosts 200". */
    constructor(document, seen) {
        this.seen = seen;
        this.document = document;
        this.operations = operationsOf(document).map((each) => ({ ...each,
            segments: each.path.split('/'), keys: each.path.split('{').length }));
        // Literal segments go before keys, as in the program.
        this.operations.sort((a, b) => a.keys - b.keys);
        this.base = document.servers[0].url;
        this.ajv = new Ajv2020({ strict: false, allErrors: false });
        addFormats(this.ajv);
        for (const [name, format] of Object.entries(FORMATS)) {
            this.ajv.addFormat(name, format);
        }
        this.ajv.addSchema({ ...closed(document, false), $id: 'whole' });
        this.ajv.addSchema({ ...closed(document, true), $id: 'part' });
        this.validators = new Map();
    }

    record(method, target, answer) {
        const [path, query = ''] = target.split('?');
        const verb = method === 'HEAD' ? 'GET' : method;
        const segments = path.replace(/(.)\/$/, '$1').split('/').map(decoded);
        const operation = this.operations.find((each) => each.method === verb && stands(each.segments, segments));
        const what = `${method} ${target.slice(0, 200)} → ${answer.status} ${answer.raw.slice(0, 300)}`;
        if (operation === undefined) {
            this.#refused(method, path, answer, what);
            return;
        }
        const declared = operation.operation.responses[answer.status];
        assert.ok(declared, `the document does not declare this status: ${what}`);
        const at = `${pointer(operation, this.base)}/responses/${answer.status}`;
        const [response, place] = this.#resolve(declared, at);
        this.#headers(response, answer, what);
        if (method !== 'HEAD') {
            this.#body(response, place, answer, /(^|&)fields=/.test(query), what);
        }
        this.seen.add(`${operation.operation.operationId} ${answer.status}`);
    }

    /** What is no operation is answered by nobody, or by the web server. */
    #refused(method, path, { status }, what) {
        if (method === 'OPTIONS' || !path.startsWith(`${this.base}/`)) {
            return;
        }
        assert.ok([400, 401, 404, 405, 413, 414, 431, 503].includes(status), `the document knows no such operation: ${what}`);
    }

    /** A response and where it stands, when need be by its reference. */
    #resolve(response, at) {
        if (response.$ref === undefined) {
            return [response, at];
        }
        const name = response.$ref.split('/').at(-1);
        return [this.document.components.responses[name], `#/components/responses/${name}`];
    }

    #headers(response, { headers }, what) {
        for (const [name, header] of Object.entries(response.headers ?? {})) {
            const declared = header.$ref === undefined ? header
                : this.document.components.headers[header.$ref.split('/').at(-1)];
            const value = headers[name.toLowerCase()];
            assert.ok(value !== undefined || !declared.required, `no ${name}: ${what}`);
            if (value !== undefined) {
                const typed = declared.schema.type === 'integer' ? Number(value) : value;
                this.#validate(JSON.stringify(declared.schema), () => declared.schema, typed, `${name} of ${what}`);
            }
        }
        if (headers['x-error-code'] !== undefined) {
            assert.ok(response.headers['X-Error-Code'], `an error where none is declared: ${what}`);
        }
    }

    #body(response, place, { raw, headers, json }, part, what) {
        if (response.content === undefined) {
            assert.equal(raw, '', `the document declares no body: ${what}`);
            return;
        }
        const type = headers['content-type']?.split(';')[0];
        assert.ok(response.content[type], `the document does not declare ${type}: ${what}`);
        const where = `${part ? 'part' : 'whole'}${place}/content/${escaped(type)}/schema`;
        this.#validate(where, () => ({ $ref: where }), type === 'text/plain' ? raw : json, what);
    }

    #validate(key, schema, value, what) {
        if (!this.validators.has(key)) {
            this.validators.set(key, this.ajv.compile(schema()));
        }
        const validate = this.validators.get(key);
        if (!validate(value)) {
            assert.fail(`not as the document says (${this.ajv.errorsText(validate.errors)}): ${what}`);
        }
    }
}

/** A segment of a path as the program reads it, decoded once. */
function decoded(segment) {
    try {
        return decodeURIComponent(segment);
    } catch {
        return segment;
    }
}

function stands(template, segments) {
    return template.length === segments.length
        && template.every((each, i) => each === segments[i] || (each.startsWith('{') && segments[i] !== ''));
}

function escaped(segment) {
    return encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function pointer({ method, path, operation }, base) {
    const own = operation.bare ? path : path.slice(base.length);
    return `#/paths/${escaped(own)}/${method.toLowerCase()}`;
}

/** The document with closed objects; unless parts are wanted, without the forms that only `fields` gives. */
function closed(document, parts) {
    const copy = structuredClone(document);
    const schemas = copy.components.schemas;
    for (const [name, schema] of Object.entries(schemas)) {
        if (schema.allOf !== undefined) {
            schemas[name] = schema.allOf.map((each) => (each.$ref ? schemas[each.$ref.split('/').at(-1)] : each))
                .reduce((all, each) => ({ type: 'object', properties: { ...all.properties, ...each.properties },
                    required: [...all.required, ...each.required] }), { properties: {}, required: [] });
        }
    }
    for (const schema of Object.values(schemas)) {
        if (schema.properties !== undefined) {
            schema.additionalProperties = false;
        }
    }
    if (!parts) {
        walk(copy.paths, (value) => {
            if (Array.isArray(value.anyOf)) {
                value.anyOf = value.anyOf.filter(({ $ref }) => !/Part$/.test($ref ?? ''));
            }
        });
    }
    return copy;
}

function walk(value, visit) {
    if (typeof value === 'object' && value !== null) {
        visit(value);
        Object.values(value).forEach((each) => walk(each, visit));
    }
}

/** What no test causes, and why. */
export const excused = [
    { name: '500', what: / 500$/, why: 'nothing is known that causes it: a test that did would be mended' },
];

/** What a document declares and the file of a run does not hold: "listPosts 200" each, but for what is excused. */
export function unseen(document, file) {
    const known = new Set(readFileSync(file, 'utf8').split('\n'));
    return operationsOf(document).flatMap(({ operation }) => Object.keys(operation.responses)
        .map((status) => `${operation.operationId} ${status}`))
        .filter((line) => !known.has(line) && !excused.some(({ what }) => what.test(line)));
}
