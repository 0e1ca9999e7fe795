// requests: what a run asks. Each request is made of parts that are right or wrong, and says which; judge.mjs knows
// what must follow.
//
//     const request = makeRequest(operation, { world, schemas, random });
//     // { operation, method, path, query, headers, body, type, actor, right, wrong: ['body: title: one too long'], … }
import { file, form, png, text as part } from '../api/lib/pictures.mjs';
import { Members, Raw, write } from './json.mjs';
import { ACTORS } from './world.mjs';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** What nothing here has. TRACE the web server refuses by itself, naming all methods that anything has. */
const STRANGE_METHODS = ['TRACE', 'PROPFIND'];
const JSON_TYPES = ['application/json', 'application/json; charset=utf-8', 'Application/JSON', 'application/merge-patch+json', null];

/**
 * each: an operation as operationsOf() gives it, with `id`. The request's members, beside those of HTTP: `actor`; `open`
 * (whether it may be asked without a token); `wrong` (what is wrong with it, a text each); `sure` (whether the wrong must
 * be refused); `target` and `deadEnd` (what the path names, and whether that is not there); `value` (what was sent, parsed).
 */
export function makeRequest(each, { world, schemas, random }) {
    const context = { random, names: world.names(random) };
    const request = { operation: each.id, template: each.path, method: each.method, methods: each.methods,
        actor: actorFor(each, random), headers: {}, query: [], wrong: [], sure: true, sent: {},
        open: each.operation.security.some((one) => Object.keys(one).length === 0)
            || each.operation.security.length === 0 };
    request.relations = parametersOf(each, schemas).find(({ name }) => name === 'include')?.schema.items.enum ?? [];
    request.later = each.operation.responses[202] !== undefined;
    request.list = each.operation.responses[200]?.headers?.Link;
    fillPath(request, each, { world, schemas, ...context });
    for (const parameter of parametersOf(each, schemas)) {
        if (parameter.in === 'query' && random.chance(0.12)) {
            addQuery(request, parameter, { world, schemas, ...context });
        } else if (parameter.in === 'header' && random.chance(0.3)) {
            addHeader(request, parameter, { world, schemas, ...context });
        }
    }
    noteTree(request);
    notePerson(request);
    addBody(request, each, { world, schemas, ...context });
    if (random.chance(0.12)) {
        random.pick(ODDITIES)(request, each, random);
    }
    return request;
}

/** The kinds of things that paths name, and by what: { posts: 'id', books: 'uid' }. */
export function kindsOf(operations, schemas) {
    const kinds = { users: 'id', posts: 'id', comments: 'id' };
    for (const each of operations) {
        const segments = each.path.split('/');
        const keys = parametersOf(each, schemas).filter((one) => one.in === 'path');
        for (const { name, schema } of keys) {
            kinds[kindOf(segments, segments.indexOf(`{${name}}`))] = schema.format === 'uuid' ? 'uid' : 'id';
        }
    }
    return kinds;
}

/** What the key in a path names: {book_uid} a book, {id} what the segment before it says. */
function kindOf(segments, i) {
    const [, kind] = /^\{(.+)_(?:uid|id)\}$/.exec(segments[i]) ?? [];
    return kind === undefined ? segments[i - 1] : `${kind}s`;
}

function actorFor({ path }, random) {
    return random.chance(0.25) ? random.pick(ACTORS) : random.pick(/roles|\/users\/\{id\}$|\/users$|\/reviews$/.test(path)
        ? ['admin', 'admin', 'owner'] : ['owner', 'owner', 'owner', 'other', 'moderator', 'admin']);
}

function parametersOf({ operation }, schemas) {
    return (operation.parameters ?? []).map((each) => (each.$ref ? schemas.follow(each) : each));
}

// -- the path ---------------------------------------------------------------------------------------------------

const BAD_KEYS = ['x', '1.5', '', '%00', '%ff', '1e3', '9223372036854775808', '%F0%9F%98%80', '..', '%2e%2e', '%2F', "1'--",
    '0190d3f5-5d3c-7b6e-9c3a-2f1b8c7d6e5', 'x'.repeat(300)];

function fillPath(request, { path, method }, { world, random }) {
    const segments = path.split('/');
    request.path = segments.map((segment, i) => {
        if (!segment.startsWith('{')) {
            return segment;
        }
        const name = segment.slice(1, -1);
        const kind = kindOf(segments, i);
        if (random.chance(0.04)) {
            const key = random.pick(BAD_KEYS.filter((bad) => bad !== '' || i < segments.length - 1));
            request.wrong.push(`path: ${name}: ${key}`);
            request.otherPath = /^$|^\.\.$|%2e|%2F|%00/.test(key);
            return key;
        }
        const thing = ownPick(world, kind, request, random, method);
        request.target ??= thing;
        request.deadEnd ||= world.isGone(thing);
        return thing.key;
    }).join('/');
    if (random.chance(0.05)) {
        request.path += '/';
    }
}

/** Mostly what the actor may write, when something is to be written. */
function ownPick(world, kind, { actor }, random, method) {
    const mine = world.things.get(kind).filter((thing) => !world.isGone(thing) && thing.owner === world.actor(actor)?.id);
    const own = method !== 'GET' && kind !== 'users' && mine.length > 0 && random.chance(0.5);
    return own ? random.pick(mine.slice(-12)) : world.pick(kind, random);
}

// -- the query --------------------------------------------------------------------------------------------------

function addQuery(request, { name, schema }, { world, schemas, random, names }) {
    const value = (each) => (each instanceof Raw ? each.text : Array.isArray(each) ? each.join(',') : String(each));
    if (name === 'cursor') {
        const good = world.cursors.get(request.path) ?? [];
        const cursor = random.chance(0.6) && good.length > 0 ? random.pick(good)
            : random.pick(['x', '', 'AAAA', '%00', '%ff', 'x'.repeat(2000), `${good[0] ?? ''}A`, (good[0] ?? 'abc').slice(1)]);
        request.query.push([name, cursor]);
        request.wrong.push('query: cursor that may not fit');
        request.sure = false;
        return;
    }
    if (random.chance(0.85)) {
        const good = value(schemas.valid(schema, { random, names }));
        request.query.push([name, encodeURIComponent(good)]);
        noteFields(request, name, good);
        if (random.chance(0.05)) {
            const second = value(schemas.valid(schema, { random, names }));
            request.query.push([name, encodeURIComponent(second)]);
            noteFields(request, name, second);
        }
        return;
    }
    const bad = queryMistakes(schemas.resolve(schema), random);
    request.query.push([name, bad]);
    request.wrong.push(`query: ${name}: ${bad.slice(0, 40)}`);
    request.sure &&= !/^(%ff|%zz|)$/.test(bad) && schemas.resolve(schema).type !== 'string';
}

/** `fields` may name a relation only when `include` asks for it (the document says so in words). */
function noteFields(request, name, value) {
    if (name === 'fields' && value.split(',').some((each) => request.relations.includes(each))) {
        request.wrong.push('query: fields that may not be included');
        request.sure = false;
    }
}

/** A tree goes by few of a list's parameters (the document says so in words). */
function noteTree(request) {
    const names = request.query.map(([name]) => name);
    if (request.query.some(([name, value]) => name === 'view' && value === 'tree')
        && names.some((name) => !['view', 'limit', 'skip', 'cursor', 'count'].includes(name))) {
        unsure(request, 'query: a tree that is sorted, searched, filtered or cut');
    }
}

/** Of another person `fields` names what is public (the document says so in words). */
function notePerson(request) {
    const fields = request.query.filter(([name]) => name === 'fields').flatMap(([, value]) => value.split(','));
    if (request.operation === 'getUser' && fields.some((each) => !['id', 'uid', 'username', 'created_at'].includes(each))) {
        unsure(request, 'query: fields that others may not see');
    }
}

function queryMistakes({ type, minimum, maximum, maxItems }, random) {
    const any = ['%00', '%ff', '%zz', '', 'x', '%F0%9F%98%80', '%D7%A9', "'%20OR%201=1--"];
    if (type === 'integer') {
        any.push('1.5', '1e400', '9223372036854775808', '-9223372036854775809', 'NaN');
        any.push(...minimum === undefined ? [] : [String(minimum - 1)], ...maximum === undefined ? [] : [String(maximum + 1)]);
    } else if (type === 'array') {
        any.push('id,,id', ',', 'password', 'password_hash', 'ID', Array(maxItems + 1).fill('id').join(','));
    }
    return random.pick(any);
}

// -- headers ----------------------------------------------------------------------------------------------------

function addHeader(request, { name }, { world, random, names }) {
    if (name === 'Idempotency-Key') {
        const used = random.chance(0.3) && world.keys.length > 0 ? random.pick(world.keys.slice(-8)) : undefined;
        const bad = random.chance(0.1) ? random.pick(['', 'x'.repeat(256), 'a\tb', 'é']) : undefined;
        request.headers[name] = bad ?? used?.key ?? `${names.unique(1).codePointAt(0)} ${names.printable(10)}!`;
        if (used === undefined && bad === undefined) {
            request.sent.key = request.headers[name];
        } else {
            request.wrong.push('header: Idempotency-Key that may be refused');
            request.sure = false;
        }
        return;
    }
    if (!name.startsWith('If-')) {
        request.headers[name] = random.pick(['respond-async', 'respond-async, wait=0', 'return=minimal', 'x', '']);
        return;
    }
    const known = request.target?.etag;
    const tags = ['"x"', '*', 'W/"x"', 'x', '', '"', '"a", "b"', `"${'x'.repeat(1000)}"`,
        ...known ? [known, known, known, `W/${known}`, `"x", ${known}`] : []];
    request.headers[name] = random.pick(tags);
    if (request.headers[name] !== known) {
        request.wrong.push(`header: ${name} that may not hold`);
        request.sure = false;
    }
}

// -- the body ---------------------------------------------------------------------------------------------------

function addBody(request, { operation }, context) {
    const content = operation.requestBody?.content ?? {};
    const { random } = context;
    if (content['application/json'] !== undefined) {
        addJson(request, content['application/json'].schema, context);
    } else if (content['application/x-www-form-urlencoded'] !== undefined) {
        addForm(request, content['application/x-www-form-urlencoded'].schema, context);
    } else if (content['multipart/form-data'] !== undefined) {
        addPicture(request, random);
    } else if (random.chance(0.05)) {
        request.body = random.pick(['{', '{}', 'x', '\0', 'x'.repeat(70000)]); // nobody reads it
        request.type = random.pick(['application/json', 'text/plain', null]);
    }
}

function addJson(request, schema, { world, schemas, random, names }) {
    request.type = random.pick(JSON_TYPES);
    if (random.chance(0.06)) {
        const { body, why } = notJson(random, write(schemas.valid(schema, { random, names })));
        request.body = body;
        request.wrong.push(`body: ${why}`);
        return;
    }
    if (random.chance(0.03)) {
        request.type = random.pick(['text/plain', 'application/xml', 'application/jsonx', 'application/x-www-form-urlencoded', 'json']);
        request.wrong.push('body: another type');
    }
    let value = schemas.valid(schema, { random, names });
    if (random.chance(0.25)) {
        const mistake = schemas.wrong(schema, { random, names });
        value = mistake.value;
        request.wrong.push(`body: ${mistake.why}`);
    } else {
        refer(value, request, { world, random });
        request.value = value;
    }
    request.body = write(dressed(value, random), random);
}

/** Numbers of things that are there, and passwords that are theirs: what no schema can say. */
function refer(value, request, { world, random }) {
    const person = world.actor(request.actor);
    if (Object.hasOwn(value, 'post_id')) {
        const post = world.pick('posts', random);
        value.post_id = new Raw(post.key);
        request.deadEnd ||= world.isGone(post);
    }
    if (typeof value.parent_id === 'number' || value.parent_id instanceof Raw) {
        const parent = world.pick('comments', random);
        value.parent_id = random.chance(0.2) ? null : new Raw(parent.key);
        request.mayMiss = value.parent_id !== null;
        request.parent = request.mayMiss ? parent : undefined;
    }
    if (Object.hasOwn(value, 'current_password') && person !== undefined && random.chance(0.5)) {
        value.current_password = person.password;
    }
    if (request.operation === 'logIn' && person !== undefined && random.chance(0.7)) {
        Object.assign(value, { email: person.email, password: person.password });
    }
}

/** The same to who reads it: members in another order, others that nobody knows, and a first one that the last undoes. */
function dressed(value, random) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Raw || random.chance(0.6)) {
        return value;
    }
    const pairs = random.shuffled(Object.entries(value));
    const strange = [['id', 7], ['owner_id', 1], ['created_at', 'x'], ['', null], ['__proto__', {}], ['$ref', '#'], ['😀', '\ud83d'],
        ['deep', new Raw(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`)], ['votes', new Raw('1e400')], ['is_admin', true]];
    const before = random.chance(0.3) && pairs.length > 0 ? [[random.pick(pairs)[0], random.pick([null, 0, [], {}, '\0'])]] : [];
    const unknown = strange.filter(([name]) => !Object.hasOwn(value, name));
    return new Members([...before, ...pairs, ...random.chance(0.5) ? [random.pick(unknown)] : []]);
}

function notJson(random, good) {
    const bytes = Buffer.from(good);
    return random.pick([
        { why: 'cut off', body: bytes.subarray(0, 1 + random.below(bytes.length - 1)) },
        { why: 'something behind it', body: `${good}x` },
        { why: 'nothing', body: '' },
        { why: 'blanks', body: ' \n ' },
        { why: 'single quotes', body: "{'a':1}" },
        { why: 'not UTF-8', body: Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}')]) },
        { why: 'NUL', body: Buffer.from([0]) },
        { why: 'a thousand brackets', body: '['.repeat(1000) },
        { why: 'a hundred thousand brackets', body: '['.repeat(100000) },
        { why: 'many objects deep', body: '{"a":'.repeat(20000) },
        { why: 'a word', body: 'undefined' },
        { why: 'a list', body: '[1,2]' },
        { why: 'text', body: '"x"' },
        { why: 'null', body: 'null' },
    ]);
}

function addForm(request, schema, { world, schemas, random, names }) {
    const person = world.actor(request.actor);
    const value = schemas.valid(schema, { random, names });
    if (person !== undefined && random.chance(0.7)) {
        Object.assign(value, { username: random.pick([person.email, person.username]), password: person.password });
    }
    request.value = value;
    if (random.chance(0.2)) {
        const mistake = schemas.wrong({ ...schemas.resolve(schema), type: 'object' }, { random, names });
        if (/^no |too long|another word|NUL/.test(mistake.why.replace(/^\w+: /, ''))) {
            Object.keys(value).forEach((name) => delete value[name]);
            Object.assign(value, mistake.value);
            request.wrong.push(`body: ${mistake.why}`);
        }
    }
    const texts = Object.entries(value).map(([name, each]) => [name, String(each)]);
    if (random.chance(0.3)) {
        Object.assign(request, form(texts.map(([name, each]) => part(name, each))));
        return;
    }
    request.type = 'application/x-www-form-urlencoded';
    request.body = new URLSearchParams(texts).toString();
    if (random.chance(0.1)) {
        request.body += random.pick(['&&', '&=', '&%', '&a=%zz', '&a=%ff', '&%00=%00']);
    }
}

function addPicture(request, random) {
    const good = png({ padding: Buffer.from(String(random.below(5))) });
    const [why, parts] = random.pick([['', [file(good)]], ['', [file(good)]], ['', [file(good)]],
        ['no file', []], ['an empty file', [file(Buffer.alloc(0))]], ['no picture', [file(Buffer.from('hello'))]],
        ['half a picture', [file(good.subarray(0, good.length >> 1))]]]);
    Object.assign(request, form(parts));
    if (why !== '') {
        request.wrong.push(`body: ${why}`);
    } else if (random.chance(0.1)) {
        // Not only of the line end behind the last boundary, which RFC 2046 lets anybody leave out.
        request.body = request.body.subarray(0, random.below(request.body.length - 2));
        request.wrong.push('body: cut off');
    }
}

// -- what no client in its right mind sends -----------------------------------------------------------------------

const unsure = (request, why) => {
    request.wrong.push(why);
    request.sure = false;
};
const ODDITIES = [
    (request, each, random) => {
        request.method = random.pick([...METHODS, ...STRANGE_METHODS].filter((method) => !each.methods.includes(method)));
        request.undeclared = true;
        unsure(request, 'another method');
    },
    (request) => { request.method = 'OPTIONS'; unsure(request, 'OPTIONS'); },
    (request) => { if (request.method === 'GET') { request.method = 'HEAD'; } },
    (request) => { request.headers.Accept = 'application/problem+json'; },
    (request, each, random) => {
        request.headers.Accept = random.pick(['text/html', '*/*;q=0', 'application/json;q=0.1, application/problem+json', ';',
            'x'.repeat(500)]);
    },
    (request, each, random) => {
        request.headers.Authorization = random.pick(['Bearer', 'Bearer ', 'Basic YTpi', 'Bearer x.y.z', 'bearer a b',
            `Bearer ${'x'.repeat(4000)}`, 'Bearer eyJhbGciOiJub25lIn0.e30.']);
        request.actor = 'nobody';
        unsure(request, 'a broken token');
    },
    (request, each, random) => { request.headers['X-Request-ID'] = random.pick(['mine-1234567', 'x', 'a b', 'é', 'x'.repeat(65)]); },
    (request, each, random) => { request.headers['X-HTTP-Method-Override'] = random.pick(['DELETE', 'TRACE']); },
    (request, each, random) => { request.headers.Origin = random.pick(['http://localhost:3000', 'http://evil.example', 'null', '*']); },
    (request, each, random) => { request.headers[`X-${'n'.repeat(random.between(1, 100))}`] = 'v'.repeat(random.pick([0, 10, 4000])); },
    (request) => { request.headers['X-Large'] = 'x'.repeat(9000); unsure(request, 'a header of 9,000 bytes'); },
    (request) => { request.query.push(['x', 'x'.repeat(9000)]); unsure(request, 'a path of 9,000 bytes'); },
    (request) => { for (let i = 0; i < 60; i++) { request.headers[`X-${i}`] = 'v'; } },
    (request) => { for (let i = 0; i < 300; i++) { request.query.push(['x', '1']); } unsure(request, 'many parameters'); },
    (request, each, random) => {
        request.query.push([random.pick(['unknown', '', '%00', '%ff', 'limit[]', 'a%20b']), 'x']);
    },
    (request, each, random) => {
        request.headers.Range = 'bytes=0-1';
        request.headers['Accept-Encoding'] = random.pick(['gzip', 'br', 'identity;q=0']);
    },
    (request, each, random) => {
        if (random.chance(0.05)) {
            request.body = 'x'.repeat((1 << 20) + 1);
            unsure(request, 'a body that is too large');
        }
    },
];
