// strings: random texts, the same for the same seed: of what is hard to count (tweetish) and of what people write (prose).
//
//     const roll = dice(42);
//     roll(6);                          // 0 to 5
//     tweetish(roll);                   // "@😀b.com(http://t.co/x?a)é…"
//     prose(roll, 40);                  // 40 sentences of several scripts, with addresses, in paragraphs

/** Random whole numbers from 0 to n - 1 (mulberry32). */
export function dice(seed) {
    let state = seed >>> 0;
    return (n) => {
        state = (state + 0x6d2b79f5) >>> 0;
        let t = Math.imul(state ^ (state >>> 15), state | 1);
        t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
        return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n);
    };
}

/** A seed to be printed: QUIRE_SEED, or another one every time. */
export const seedOf = () => Number(process.env.QUIRE_SEED ?? Date.now() % 1e9);

const pick = (roll, list) => list[roll(list.length)];
const many = (roll, most, make) => Array.from({ length: 1 + roll(most) }, make).join('');
// Marks that Unicode has had for a few years only: what reorders them depends on the library's age.
const YOUNG = /[\u0897\u1acf-\u1aff]|(?![\0-\uffff])\p{M}/u;

function code(roll, first, last) {
    for (;;) {
        const drawn = String.fromCodePoint(first + roll(last - first + 1));
        if (!YOUNG.test(drawn)) {
            return drawn;
        }
    }
}

const LABELS = ['example', 'a', 'b-c', 'x_y', '-a', 'a-', 't', 'www', 'xn--bcher-kva', 'xn--', 'bücher', '例え', 'ﬁn', 'пример',
    'ı', 'ſ', 'K', 'é', 'straße', '한국', 'مثال', '12', '"q', 'a`b', '。a', 'a．b', '😀', '👍🏽x', 'co', 'com',
    'a'.repeat(62), 'a'.repeat(63), 'a'.repeat(64), 'é'.repeat(40), 'x'.repeat(59), '漢'.repeat(20)];
const TLDS = ['com', 'co', 'jp', 'co.uk', 'museum', 'COM', 'Com', 'onion', 'notatld', 'c', '한국', '中国', 'рф', 'РФ', 'भारतम्',
    'भारत', '嘉里大酒店', '嘉里', 'vermögensberatung', 'VERMÖGENSBERATER', 'ελ', 'ΕΛ', 'xn--p1ai', 'XN--P1AI', 'xn--', 'coma',
    'com1', 'com-', 'com@', 'com中', 'comé', 'invalid', 'de', 'ly', 'im', 'x'];
const PATHS = ['', '/', '/a', '/a/b.html', '/a(b)c', '/a(b(c)d)', '/(a', '/a)', '/((a))', '/(a(b)(c))', '/a;(b)', '/a.(b)c', '/!(a)', '/(a)(b).', '/a(b);(c)', '/ä/ж', '/a.', '/a,', '/a–b',
    '/@me/', '/a…', '/%20', '/a_(b)_c.', '/漢', '//', '/a\'b', '/ᲀ', '/ⱥ', '/ι', '/a;', '/~x', '/a()b', '/a(é)', '/#x', '/b!',
    `/${'p'.repeat(300)}`];
const QUERIES = ['', '', '', '?', '?a=b', '?a=b&c', '?a.', '?(a)', '?ä', '?a?b/', '?x=1#y', '?.', '?\'@-'];
const PORTS = ['', '', '', '', ':80', ':', ':8080', ':x'];
const PROTOCOLS = ['http://', 'https://', 'HTTP://', 'httpS://', 'ftp://', 'http:/', '', '', '', '//', 'http://http://'];
const BEFORE = ['', '', '', ' ', '@', '#', '$', '＃', '＠', '-', '_', '.', '/', '(', '"', '\u202a', '\u200e', '\ufeff', '中', 'é', '😀', 'a😀',
    '@😀', '\n', '…', '!', '0'];

export function url(roll) {
    if (roll(8) === 0) {
        return `${pick(roll, ['http://', 'https://', 'HTTPS://', ''])}${pick(roll, ['t.co', 'T.CO', 'x.t.co'])}/${
            pick(roll, ['', 'abc', 'AbC123', 'a'.repeat(40), 'a'.repeat(41), 'é', 'a-b'])}${pick(roll, PATHS)}${pick(roll, QUERIES)}`;
    }
    return `${pick(roll, PROTOCOLS)}${many(roll, 3, () => `${pick(roll, LABELS)}.`)}${pick(roll, TLDS)}${
        pick(roll, PORTS)}${pick(roll, PATHS)}${pick(roll, QUERIES)}`;
}

const PEOPLE = ['👨', '👩', '🧑', '👦', '👧', '👶', '👁️', '🏳️', '🏴', '🐻', '🐕', '❤️', '🔥', '😶', '🧔', '🏃', '🕵️', '⛹️', '🏋', '🕴', '👯', '👁', '🐦'];
const JOINED = ['⚕️', '♀️', '♂️', '♀', '🎤', '💻', '🌈', '⚧️', '☠️', '❄️', '🦺', '👦', '👧', '❤️', '💋', '🗨', '🗨️', '🤝', '⬛', '🔥', '🩹', '🦰', '🍼', '➡️', '💨'];
const PICTURES = ['😀', '☺', '☺️', '☺︎', '©', '©️', '®', '™', '™️', '♟', '♟️', '☝', '✌', '⛷', '⛹', '👍', '🤝', '🫱', '🫸', '🪿', '🥹', '🪅',
    '🦽', '🅰', '🀄', '🃏', '‼', '⁉️', 'ℹ', '↔', '⌚', '⏩', 'Ⓜ', '▪', '〰', '㊗', '🇦', '\ue50a', '\ufe0f', '\u20e3', '🫠', '🧋', '🕴', '🏋'];

export function emoji(roll) {
    const skin = () => (roll(2) === 0 ? code(roll, 0x1f3fb, 0x1f3ff) : '');
    const selector = () => pick(roll, ['', '', '\ufe0f', '\ufe0e']);
    switch (roll(9)) {
    case 0: return code(roll, 0x1f1e6, 0x1f1ff) + (roll(5) > 0 ? code(roll, 0x1f1e6, 0x1f1ff) : '');
    case 1: return `${pick(roll, [...'0123456789#*a'])}${pick(roll, ['', '\ufe0f'])}${pick(roll, ['', '\u20e3', '\u20e3'])}`;
    case 2: return `🏴${pick(roll, ['gbeng', 'gbsct', 'gbwls', 'ustx', 'g', '']).replace(/[a-z]/g,
        (c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0)))}${pick(roll, ['\u{e007f}', ''])}`;
    case 3: case 4: return pick(roll, PEOPLE) + skin() + many(roll, 3, () => `\u200d${pick(roll, JOINED)}${skin()}`);
    case 5: return pick(roll, PICTURES) + selector() + skin();
    case 6: return code(roll, 0x1f300, 0x1faff) + selector() + skin();
    case 7: return code(roll, 0x2190, 0x2bff) + selector() + skin();
    default: return pick(roll, ['👩‍❤️‍💋‍👨', '👨‍👩‍👧‍👦', '👩🏽‍🚀', '🏳️‍⚧️', '👁️‍🗨️', '👁‍🗨', '🧑🏿‍🤝‍🧑🏻', '🕵🏾‍♀️', '🐻‍❄️', '🏴‍☠️', '👨‍👩‍👧‍👦👨‍👩‍👧']);
    }
}

const letters = (roll) => many(roll, 8, () => code(roll, 0x61, 0x7a));
const MAKERS = [
    (roll) => many(roll, 6, () => code(roll, 0x20, 0x7e)),
    (roll) => `${letters(roll)} `,
    (roll) => pick(roll, BEFORE) + url(roll),
    (roll) => pick(roll, BEFORE) + url(roll),
    emoji,
    emoji,
    (roll) => many(roll, 5, () => code(roll, 0x4e00, 0x9fff)),
    (roll) => many(roll, 5, () => code(roll, 0x3040, 0x30ff)),
    (roll) => many(roll, 5, () => code(roll, 0xac00, 0xd7a3)),
    (roll) => many(roll, 4, () => code(roll, 0x1100, 0x11ff)),
    (roll) => many(roll, 5, () => code(roll, 0x600, 0x6ff)),
    (roll) => pick(roll, [...'aeonAEONаи가ក']) + many(roll, 4, () => code(roll, 0x300, 0x36f)),
    (roll) => many(roll, 4, () => code(roll, 0x2000, 0x206f)),
    (roll) => pick(roll, ['Å', '\u212b', 'ﬁ', '\ufb2c', '\u0344', '\u0958', '\u2126', '\u1e9b\u0323', '\u037e', '\u1fef', '\u2329', '\u0f73',
        '\u{1d15e}', '\u{2f800}', '\uf900', '\u3000', '\u10ff', '\u1100', '\u0340']),
    (roll) => code(roll, 0, 0x2fff),
    (roll) => code(roll, 0xe000, 0xffff),
    (roll) => code(roll, 0x10000, 0x10ffff),
    (roll) => pick(roll, BEFORE),
    (roll) => pick(roll, ['.', '@', '/', ':', '(', ')', '?', '-', '_', '#', '://', 'http', '\0', '\u007f', '\u200b', '\u200d']),
];

/** A text of what is hard to count; valid UTF-16. */
export const tweetish = (roll) => many(roll, 1 + roll(14), () => pick(roll, MAKERS)(roll));

const WORDS = {
    latin: (roll) => letters(roll),
    german: (roll) => pick(roll, ['Straße', 'Übermut', 'die', 'und', 'Donaudampfschifffahrtsgesellschaft', 'läuft']),
    cyrillic: (roll) => many(roll, 9, () => code(roll, 0x430, 0x44f)),
    arabic: (roll) => many(roll, 7, () => code(roll, 0x627, 0x64a)),
    hindi: (roll) => pick(roll, ['नमस्ते', 'दुनिया', 'है', 'क्षत्रिय', 'किताब']),
};
const UNSPACED = [['中文字社区写作人民书本评论阅读日月', '，', '。'], ['ひらがなカタカナ漢字日本語投稿', '、', '。'], ['สวัสดีชาวโลกภาษาไทยหนังสือ', ' ', ' ']];

function sentence(roll) {
    const kind = roll(9);
    const joined = [];
    if (kind < 3) {
        const [from, comma, stop] = UNSPACED[kind];
        const text = many(roll, 60, () => pick(roll, [...from]) + (roll(12) === 0 ? comma : ''));
        return text + stop;
    }
    const word = WORDS[pick(roll, Object.keys(WORDS))];
    for (let n = 1 + roll(30); n > 0; --n) {
        const extra = roll(40);
        joined.push(extra === 0 ? `https://${letters(roll)}.com/${letters(roll).repeat(1 + roll(30))}` : extra === 1 ? emoji(roll)
            : extra === 2 ? letters(roll).repeat(1 + roll(80)) : extra === 3 ? `${word(roll)}${'\u0301'.repeat(roll(4))}` : word(roll));
    }
    return joined.map((w) => w + (roll(10) === 0 ? pick(roll, [',', ';', ' –', ':']) : '')).join(' ') + pick(roll, ['. ', '! ', '? ', '.\n', '… ', ' ']);
}

/** Up to that many sentences in several scripts, addresses, long words, emoji; now and then what does not belong in a text. */
export const prose = (roll, most) => many(roll, most, () => sentence(roll) + (roll(30) === 0 ? pick(roll, ['\n\n\n', '\r\n', '\t\t',
    '\u0000', '\u200b'.repeat(9), ' \u0301', '\ufeff', '\u2028', tweetish(roll)]) : ''));
