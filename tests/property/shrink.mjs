// shrink: the smallest request that still fails, and how to ask it by hand.
//
//     const smaller = await shrink(request, ask, 'the server failed → 500');   // ask(request): a complaint or null
//     console.log(curl(smaller));

const TRIES = 200;

/** What two complaints about the same mistake share: the sentence, and what the answer finds wrong, not the values. */
export function kindOf(complaint) {
    return complaint === null ? '' : [complaint.split(/→|\(/)[0].slice(0, 60),
        ...complaint.match(/"type":"\w+","loc":\[[^\]]*\]/g) ?? []].join();
}

/** Leaves out what is not needed for a complaint that begins as `first` does. */
export async function shrink(request, ask, first) {
    let best = request;
    for (let tries = 0, found = true; found && tries < TRIES;) {
        found = false;
        for (const smaller of smallerThan(best)) {
            tries += 1;
            if (kindOf(await ask(smaller)) === kindOf(first)) {
                best = smaller;
                found = true;
                break;
            }
            if (tries >= TRIES) {
                break;
            }
        }
    }
    return best;
}

function* smallerThan(request) {
    for (const name of Object.keys(request.headers)) {
        const { [name]: _, ...headers } = request.headers;
        yield { ...request, headers };
    }
    for (let i = 0; i < request.query.length; i++) {
        yield { ...request, query: request.query.toSpliced(i, 1) };
    }
    for (const body of smallerBodies(request.body)) {
        yield { ...request, body };
    }
}

function* smallerBodies(body) {
    if (body === undefined || body.length === 0) {
        return;
    }
    yield undefined;
    for (const value of smallerValues(parsed(body))) {
        yield JSON.stringify(value);
    }
    for (let half = body.length >> 1; half > 0; half >>= 1) {
        yield body.slice(0, half);
        yield body.slice(half);
    }
}

function* smallerValues(value) {
    if (Array.isArray(value)) {
        for (let i = 0; i < value.length; i++) {
            yield value.toSpliced(i, 1);
        }
    } else if (typeof value === 'object' && value !== null) {
        for (const [name, each] of Object.entries(value)) {
            const { [name]: _, ...rest } = value;
            yield rest;
            for (const smaller of smallerValues(each)) {
                yield { ...value, [name]: smaller };
            }
        }
    } else if (typeof value === 'string' && value.length > 1) {
        yield value.slice(0, value.length >> 1);
        yield value.slice(value.length >> 1);
    }
}

function parsed(body) {
    try {
        return JSON.parse(body.toString());
    } catch {
        return undefined;
    }
}

/** A line for a shell; $SITE stands for the site, $TOKEN for that of who asks. */
export function curl({ method, path, query, headers, body, type, actor }) {
    const words = ['curl', '-i', '-X', method];
    if (actor !== 'nobody') {
        words.push('-H', '"Authorization: Bearer $TOKEN"');
    }
    const all = { ...type === undefined || type === null ? {} : { 'Content-Type': type }, ...headers };
    for (const [name, value] of Object.entries(all)) {
        words.push('-H', quoted(`${name}: ${value}`));
    }
    const bytes = body === undefined ? '' : Buffer.from(body).toString('latin1');
    if (body !== undefined) {
        words.push('--data-binary', bytes.length > 4000 ? `@<${bytes.length} bytes: ${quoted(bytes.slice(0, 40))}…>` : bytesOf(bytes));
    }
    const target = path + (query.length > 0 ? `?${query.map(([name, value]) => `${name}=${value}`).join('&')}` : '');
    return [...words, '"$SITE"' + quoted(target)].join(' ');
}

function quoted(text) {
    return `'${text.replaceAll("'", "'\\''")}'`;
}

/** As the shell's $'…', so that any byte can stand in it. */
function bytesOf(latin1) {
    return /^[ -~]*$/.test(latin1) ? quoted(latin1)
        : `$'${latin1.replace(/[\\']/g, '\\$&').replace(/[^ -~]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)}'`;
}
