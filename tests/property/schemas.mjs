// schemas: values that a JSON Schema of the document allows, and such that it does not.
//
// Known are the keywords that the document uses in what a client sends; another one is an error, so that none is
// passed over unseen. What the schema cannot say and the contract asks for is kept by the valid ones too: no NUL in
// text, a password of at most 72 bytes, an e-mail address and a URL as people have them.
//
//     const schemas = new Schemas(document);
//     schemas.valid(schema, { random, names });     // a value
//     schemas.wrong(schema, { random, names });     // { value, why }: no lenient reading makes it right, either
import { Raw } from './json.mjs';

const KNOWN = new Set(['type', 'properties', 'required', 'items', 'minItems', 'maxItems', 'minLength', 'maxLength', 'minimum',
    'maximum', 'enum', 'format', 'pattern', 'default', 'allOf', 'anyOf', 'description', 'examples', 'writeOnly', '$ref']);
const MAX_INT = 9223372036854775807n;

/** Pieces of text that programs stumble over: right-to-left, combining, of four bytes, joined, wide, and blank. */
const PIECES = ['a', 'B', '7', ' ', '  ', '-', '_', '.', '%', "'", '"', '\\', '/', '<b>', '&amp;', '{}', ';--', 'ß', 'é', 'e\u0301',
    'И', '漢', 'שלום', 'مرحبا', '\u202e', '\u200d', '\u200b', '\ufeff', '\ufffd', '\uffff', '👩‍👩‍👧', '🇦🇺', '😀', '𝒳', '\u{10ffff}',
    '\n', '\r\n', '\t', '\u0001', '\u007f', '\u0085', '\u2028', 'İ', 'ſ', 'null', '%00', '${x}', 'https://example.com/?a=b'];

export class Schemas {
    constructor(document) {
        this.document = document;
    }

    /** The schema itself, with what allOf adds, and what its reference names. */
    resolve(schema) {
        if (schema.$ref !== undefined) {
            return this.resolve(this.follow(schema));
        }
        if (schema.allOf !== undefined) {
            const { allOf, ...rest } = schema;
            return Object.assign({}, ...allOf.map((each) => this.resolve(each)), rest);
        }
        const unknown = Object.keys(schema).filter((name) => !KNOWN.has(name));
        if (unknown.length > 0) {
            throw new Error(`a schema has keywords that are not known here: ${unknown.join(', ')}`);
        }
        return schema;
    }

    /** What a reference names. */
    follow({ $ref }) {
        return $ref.slice(2).split('/').reduce((at, name) => at[name], this.document);
    }

    /** names: gives text that nobody has used, of a length between two; for what must be unique. */
    valid(schema, { random, names, name = '' }) {
        const s = this.resolve(schema);
        if (s.anyOf !== undefined) {
            return this.valid(random.pick(s.anyOf), { random, names, name });
        }
        const type = random.chance(0.3) ? [s.type].flat().at(-1) : [s.type].flat()[0];
        if (s.enum !== undefined) {
            return random.pick(s.enum);
        }
        switch (type) {
        case 'null': return null;
        case 'boolean': return random.chance(0.5);
        case 'integer': return integer(s, random);
        case 'string': return string(s, { random, names, name });
        case 'array': return this.#array(s, { random, names, name });
        case 'object': return this.#object(s, { random, names });
        default: throw new Error(`no values are known of the type ${type}`);
        }
    }

    #array({ minItems = 0, maxItems = 5, items }, context) {
        const { random } = context;
        const n = random.chance(0.1) ? maxItems : Math.min(maxItems, minItems + random.below(4));
        return Array.from({ length: n }, () => this.valid(items, context));
    }

    #object({ properties = {}, required = [] }, { random, names }) {
        const kept = Object.keys(properties).filter((name) => required.includes(name) || random.chance(0.7));
        return Object.fromEntries(kept.map((name) => [name, this.valid(properties[name], { random, names, name })]));
    }

    /** A value that breaks the schema, and what is wrong with it. */
    wrong(schema, context) {
        const s = this.resolve(schema);
        return context.random.pick(this.#mistakes(s, context));
    }

    #mistakes(s, context) {
        const types = [s.type].flat();
        const found = [];
        const say = (why, value) => found.push({ why, value });
        if (!types.includes('null') && s.anyOf === undefined) {
            say('null', null);
        }
        if (!types.includes('object')) {
            say('an object', { a: 1 });
            say('something deep', new Raw(`${'['.repeat(200)}${']'.repeat(200)}`));
        }
        if (!types.includes('array')) {
            say('a list', [context.random.below(9)]);
        }
        if (types.includes('string')) {
            say('a number', context.random.pick([0, 1, -1, 1.5, new Raw('1e400'), new Raw('123456789012345678901234567890')]));
            say('a boolean', true);
            say('half a surrogate pair', context.random.pick(['\ud800', 'a\udc00b', '\udfff\ud83d']));
            say('NUL', context.random.pick(['\0', 'a\0b']));
            stringMistakes(s, context.random, say);
        }
        if (types.includes('boolean')) {
            say('a word', context.random.pick(['maybe', '', 'truee', '2']));
            say('a number', context.random.pick([2, -1, 0.5]));
        }
        if (types.includes('integer')) {
            integerMistakes(s, say);
        }
        if (types.includes('array')) {
            say('a word', 'x');
            say('too many', Array.from({ length: (s.maxItems ?? 100000) + 1 }, () => this.valid(s.items, context)));
            say('a bad element', [this.wrong(s.items, context).value]);
        }
        if (types.includes('object')) {
            say('a word', 'x');
            say('a list', []);
            for (const name of s.required ?? []) {
                const { [name]: _, ...rest } = this.valid(s, context);
                say(`no ${name}`, rest);
            }
            for (const [name, each] of Object.entries(s.properties ?? {})) {
                const { why, value } = this.wrong(each, { ...context, name });
                say(`${name}: ${why}`, { ...this.valid(s, context), [name]: value });
            }
        }
        return found;
    }
}

function integer({ minimum, maximum }, random) {
    const low = minimum ?? -1000;
    const high = maximum ?? Math.max(low, 1000);
    const edge = [low, high, minimum === undefined ? new Raw(String(-MAX_INT - 1n)) : low,
        maximum === undefined ? new Raw(String(MAX_INT)) : high];
    return random.chance(0.2) ? random.pick(edge) : random.between(low, high);
}

function integerMistakes({ minimum, maximum }, say) {
    say('a word', 'x');
    say('nothing', '');
    say('a fraction', 1.5);
    say('more than 64 bits', new Raw(String(MAX_INT + 1n)));
    say('less than 64 bits', new Raw(String(-MAX_INT - 2n)));
    say('a huge number', new Raw('1e300'));
    say('an infinite number', new Raw('1e400'));
    if (minimum !== undefined) {
        say('one too little', minimum - 1);
    }
    if (maximum !== undefined) {
        say('one too much', maximum + 1);
    }
}

/** Text of so many code points. */
export function text(random, n) {
    const points = [];
    while (points.length < n) {
        points.push(...random.pick(PIECES));
    }
    return points.slice(0, n).join('');
}

/** Text that has a bound of another kind beside its length: a tweet weighs at most 280, and a character up to two. */
const BOUNDS = { tweets: 100 };

function string({ format, minLength = 0, maxLength: bound = 300, pattern }, { random, names, name }) {
    const maxLength = Math.min(bound, BOUNDS[name] ?? bound);
    if (pattern !== undefined) {
        return names.printable(random.between(Math.max(1, minLength), Math.min(maxLength, 40)));
    }
    const make = FORMATS[format];
    if (make !== undefined) {
        return make({ random, names, maxLength });
    }
    const most = maxLength > 10000 && !random.chance(0.02) ? 2000 : maxLength;
    const n = random.pick([minLength, minLength + 1, random.between(minLength, Math.min(most, minLength + 30)),
        random.between(minLength, Math.min(most, minLength + 30)), random.chance(0.3) ? most : minLength + 2]);
    if (name === 'tweets') {
        return `t${text(random, Math.max(0, n - 1))}`; // a tweet must show something
    }
    return name === 'username' || name === 'name' ? names.unique(n) : text(random, n);
}

const FORMATS = {
    date: ({ random }) => `${String(random.between(1, 9999)).padStart(4, '0')}-${random.pick(['01-31', '02-28', '12-01'])}`,
    'date-time': ({ random }) => random.pick(['2024-02-29T23:59:59Z', '2024-01-01T00:00:00.000001Z', '1999-12-31T23:59:59+01:00']),
    uuid: ({ random }) => random.pick(['00000000-0000-0000-0000-000000000000', '0190d3f5-5d3c-7b6e-9c3a-2f1b8c7d6e5f']),
    'idn-email': ({ names }) => names.email(),
    password: ({ names }) => names.password(),
    iri: ({ random }) => random.pick(['https://example.com/', 'http://127.0.0.1:80/a?b=c#d', 'https://bücher.example/ß']),
    'iri-reference': ({ random }) => random.pick(['https://example.com/a.png', 'http://[::1]/x', 'https://example.com/%20']),
    int64: undefined,
};

function stringMistakes({ format, minLength, maxLength, enum: words }, random, say) {
    if (minLength > 0) {
        say('one too short', 'x'.repeat(minLength - 1));
        say('too short in characters, not in bytes', '😀'.repeat(minLength - 1));
    }
    if (maxLength !== undefined && maxLength < 10000) {
        say('one too long', 'x'.repeat(maxLength + 1));
        say('one too long, of four bytes each', '😀'.repeat(maxLength + 1));
    }
    if (words !== undefined) {
        say('another word', `${words[0]}x`);
        say('no word', '');
    }
    const bad = {
        date: ['2023-02-29', '2024-13-01', '0000-01-01', 'today', '2024-1-1', '2024-01-01T00:00:01', ''],
        'date-time': ['2024-01-01T25:00:00Z', 'now', '2024-01-01T00:00:00+99:00'],
        uuid: ['x', '', '0190d3f5-5d3c-7b6e-9c3a-2f1b8c7d6e5', '0190d3f5-5d3c-7b6e-9c3a-2f1b8c7d6e5g'],
        'idn-email': ['', 'x', '@', 'a@', '@b.example', 'a b@c.example', 'a@b', 'a@@b.example', 'a@b..example', `${'a'.repeat(65)}@b.example`],
        iri: ['', 'x', '//example.com', 'ftp://example.com', 'javascript:alert(1)', 'https://', 'https:// x', 'http://a:99999/'],
        'iri-reference': ['javascript:alert(1)', 'ftp://example.com/a', 'https://', 'http://a:99999/'],
    }[format];
    if (bad !== undefined) {
        say('not of the format', random.pick(bad));
    }
}
