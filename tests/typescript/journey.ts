// journey: a person's way through Quire, from signing up to leaving, as a frontend would write it: with openapi-fetch
// and the types that openapi-typescript makes of the site's own document (quire.d.ts). Nothing here is asserted
// against the types: no `any`, no cast. typescript.test.mjs compiles it and runs it against a real site.
import createClient from 'openapi-fetch';
import type { components, paths } from './quire.js';

type Schemas = components['schemas'];
type Failure = Schemas['Error'] | Schemas['ValidationError'];
type Person = Schemas['UserCreate'];

/** What the journey tells of itself. */
export interface Story {
    me: Schemas['User'];
    post: Schemas['Post'];
    titles: string[];
    total: number;
    comment: Schemas['Comment'];
    replies: string[];
    votes: number;
    patched: Schemas['Post'];
    stale: string;
    mistakes: Schemas['Mistake'][];
    gone: string;
}

/** An answer that is no success, with what the server says of it. */
class Refused extends Error {
    constructor(readonly response: Response, readonly failure: Failure | undefined) {
        super(failure === undefined ? `status ${response.status}` : sentence(failure));
    }

    /** Whether it is that error; a code that the document does not know does not compile. */
    is(code: Schemas['ErrorCode']): boolean {
        return this.response.headers.get('X-Error-Code') === code;
    }

    /** All that is wrong with what was sent. */
    get mistakes(): Schemas['Mistake'][] {
        return this.failure === undefined || typeof this.failure.detail === 'string' ? [] : this.failure.detail;
    }
}

/** An error as text: a sentence, or a line for each mistake. */
function sentence({ detail }: Failure): string {
    return typeof detail === 'string' ? detail : detail.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('\n');
}

/** What a success holds; anything else is thrown. */
function good<Data>(answer: { data: Data; error?: never; response: Response }
    | { data?: never; error: Failure; response: Response }): Data {
    if (answer.error !== undefined || !answer.response.ok) {
        throw new Refused(answer.response, answer.error);
    }
    return answer.data;
}

/** How something is refused; that it succeeds is an error. */
async function refusal(what: Promise<{ error?: Failure; response: Response }>): Promise<Refused> {
    const { error, response } = await what;
    if (error === undefined) {
        throw new Error(`this should have been refused: ${response.status}`);
    }
    return new Refused(response, error);
}

/** Whether a row has these members, which `fields` may have left out. */
function has<Row extends object, Name extends keyof Row>(row: Row, ...names: Name[]):
    row is Row & Required<Pick<Row, Name>> {
    return names.every((name) => row[name] !== undefined);
}

/** The cursor of the next page, of a Link header; null on the last. */
function nextCursor(response: Response): string | null {
    const next = /<([^>]+)>; rel="next"/.exec(response.headers.get('Link') ?? '')?.[1];
    return next === undefined ? null : new URL(next, response.url).searchParams.get('cursor');
}

/** site: where the API is, "http://127.0.0.1:8080/api/v1"; send: the fetch to use. */
export async function journey(site: string, person: Person, send: (request: Request) => Promise<Response>):
    Promise<Story> {
    let token = '';
    const quire = createClient<paths, 'application/json'>({
        baseUrl: site,
        fetch: send,
        querySerializer: { array: { style: 'form', explode: false } }, // include=tags,comments
    });
    quire.use({
        onRequest({ request }) {
            if (token !== '') {
                request.headers.set('Authorization', `Bearer ${token}`);
            }
        },
    });

    const me = good(await quire.POST('/auth/register', { body: person }));
    const { email, password } = person;
    const login = good(await quire.POST('/auth/login', { body: { email, password } }));
    if (!('access_token' in login)) {
        throw new Error('the tokens are in cookies');
    }
    const next = good(await quire.POST('/auth/refresh', { body: { refresh_token: login.refresh_token } }));
    token = 'access_token' in next ? next.access_token : '';
    const sessions = good(await quire.GET('/auth/sessions'));
    if (sessions.filter(({ current }) => current).length !== 1) {
        throw new Error('one session is the current one');
    }

    const made = await quire.POST('/posts', {
        params: { header: { 'Idempotency-Key': `first post of ${me.uid}` } },
        body: { title: 'A lantern', content: 'It was late when we saw it.' },
    });
    const post = good(made);
    for (const title of ['A bell', 'A chart']) {
        good(await quire.POST('/posts', { body: { title, content: 'And then.', published: false } }));
    }

    // Everything of mine, page by page, with as little of it as is needed.
    const titles: string[] = [];
    let total = -1;
    for (let cursor: string | null = ''; cursor !== null;) {
        const page = await quire.GET('/posts', {
            params: { query: {
                owner_id: me.id, sort_by: ['title', '-id'], limit: 2, count: 'exact',
                fields: ['id', 'title', 'tags'], include: ['tags'], ...(cursor === '' ? {} : { cursor }),
            } },
        });
        for (const row of good(page)) {
            if (!has(row, 'title', 'tags')) {
                throw new Error('a row without the members that were asked for');
            }
            titles.push([row.title, ...row.tags.map(({ name }) => `#${name}`)].join(' '));
        }
        total = Number(page.response.headers.get('X-Total-Count'));
        cursor = nextCursor(page.response);
    }

    const at = { params: { path: { id: post.id } } };
    const comment = good(await quire.POST('/posts/{id}/comments', { ...at, body: { text: 'I saw it, too.' } }));
    good(await quire.POST('/posts/{id}/comments', { ...at, body: { text: 'Where?', parent_id: comment.id } }));
    const tree = good(await quire.GET('/posts/{id}/comments', {
        params: { path: { id: post.id }, query: { view: 'tree' } },
    }));
    const replies = tree.flatMap((each) => ('replies' in each ? each.replies.map(({ text }) => text) : []));

    good(await quire.PUT('/posts/{id}/vote', { ...at, body: { vote_type: 'upvote' } }));

    // Two people at one post: who comes second with an ETag that holds no more is told so.
    const read = await quire.GET('/posts/{id}', at);
    const votes = good(read).votes ?? -1;
    const etag = read.response.headers.get('ETag') ?? '';
    const change = (title: string) => quire.PATCH('/posts/{id}', {
        params: { path: { id: post.id }, header: { 'If-Match': etag } }, body: { title },
    });
    const patched = good(await change('A brighter lantern'));
    const stale = await refusal(change('A dimmer lantern'));
    if (!stale.is('stale') || stale.response.status !== 412) {
        throw stale;
    }

    const invalid = await refusal(quire.POST('/posts', { body: { title: '', content: 'x'.repeat(500001) } }));
    if (!invalid.is('validation_error') || invalid.response.status !== 422) {
        throw invalid;
    }

    good(await quire.DELETE('/posts/{id}/vote', at));
    good(await quire.DELETE('/posts/{id}', at));
    const missing = await refusal(quire.GET('/posts/{id}', at));
    if (!missing.is('not_found')) {
        throw missing;
    }
    return {
        me, post, titles, total, comment, replies, votes, patched,
        stale: stale.message, mistakes: invalid.mistakes, gone: missing.message,
    };
}
