// json: JSON text with what JSON.stringify() cannot write: numbers of any size, members that stand twice, text as it is.
//
//     write({ a: new Raw('1e400') });                              // {"a":1e400}
//     write(new Members([['a', 1], ['a', 2]]));                    // {"a":1,"a":2}
//     write({ a: 'é' }, random);                                   // { "a" :"\u00e9"}, or another spelling

/** Text that stands in the JSON as it is. */
export class Raw {
    constructor(text) {
        this.text = text;
    }
}

/** An object by its members, in their order; a name may stand twice. */
export class Members {
    constructor(pairs) {
        this.pairs = pairs;
    }
}

/** With a Random, blanks and escapes that change nothing of what the text means. */
export function write(value, random = null) {
    if (value instanceof Raw) {
        return value.text;
    }
    const blank = () => (random?.chance(0.2) ? random.pick([' ', '\n', '\t', '\r\n  ']) : '');
    const list = (open, items, close) => `${open}${blank()}${items.join(`${blank()},${blank()}`)}${blank()}${close}`;
    if (Array.isArray(value)) {
        return list('[', value.map((each) => write(each, random)), ']');
    }
    if (typeof value === 'object' && value !== null) {
        const pairs = value instanceof Members ? value.pairs : Object.entries(value);
        return list('{', pairs.map(([name, each]) => `${text(name, random)}${blank()}:${blank()}${write(each, random)}`), '}');
    }
    return typeof value === 'string' ? text(value, random) : JSON.stringify(value);
}

function text(value, random) {
    const plain = JSON.stringify(value);
    if (!random?.chance(0.1)) {
        return plain;
    }
    const escape = (c) => c.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
    const needed = /[\u0000-\u001f"\\\ud800-\udfff]/;
    return `"${[...value].map((c) => ((c.length === 1 && needed.test(c)) || random.chance(0.3) ? escape(c) : c)).join('')}"`;
}
