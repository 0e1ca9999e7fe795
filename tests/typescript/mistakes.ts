// mistakes: what a frontend must not get past the compiler. Each mistake ends in a comment with the error that it must
// give, on its own line; typescript.test.mjs compares them with what tsc says, so that no other line may give one.
import createClient from 'openapi-fetch';
import type { components, paths } from './quire.js';

const quire = createClient<paths, 'application/json'>({ baseUrl: 'http://127.0.0.1:8080/api/v1' });
const at = { params: { path: { id: 1 } } };

// Members.
const read = await quire.POST('/posts', { body: { title: 'A lantern', content: 'Late.' } });
export const wrongMember = read.data?.titel; // TS2551
export const ofTheWrongType: number | undefined = read.data?.title; // TS2322
export const perhapsRefused = read.data.title; // TS18048
const list = await quire.GET('/posts');
export const perhapsLeftOut: string[] | undefined = list.data?.map((row) => row.title); // TS2322
export const perhapsNoRow = list.data?.[0].id; // TS2532
const comment = await quire.GET('/comments/{id}', at);
export const perhapsNull = comment.data?.parent_id.toFixed(); // TS18049
export const notAlwaysAList = read.error?.detail[0]?.msg; // TS2339

// Bodies. That a member is too many shows where the body has a type: openapi-fetch takes what it is given for one.
const more = { title: 'More', content: 'x', publishd: true } satisfies components['schemas']['PostCreate']; // TS2561
await quire.POST('/posts', { body: more });
const misspelt: components['schemas']['PostPatch'] = { titel: 'Misspelt' }; // TS2561
await quire.PATCH('/posts/{id}', { ...at, body: misspelt });
await quire.POST('/posts', { body: { content: 'No title.' } }); // TS2322
await quire.POST('/posts', { body: { title: 7, content: 'A number.' } }); // TS2322
await quire.POST('/posts', { body: { title: 'No null', content: null } }); // TS2322
await quire.POST('/posts'); // TS2554
await quire.PUT('/posts/{id}/vote', { ...at, body: { vote_type: 'sideways' } }); // TS2322

// Paths and parameters.
await quire.GET('/postz', {}); // TS2345
await quire.DELETE('/posts', {}); // TS2345
await quire.GET('/posts/{id}', { params: { path: {} } }); // TS2741
await quire.GET('/posts/{id}', { params: { path: { id: 'first' } } }); // TS2322
await quire.GET('/posts', { params: { query: { sort_by: ['popularity'] } } }); // TS2322
await quire.GET('/posts', { params: { query: { include: ['owner'] } } }); // TS2322
await quire.GET('/posts', { params: { query: { limit: 'all' } } }); // TS2322
await quire.GET('/posts', { params: { query: { colour: 'red' } } }); // TS2353
export const code: components['schemas']['ErrorCode'] = 'stael'; // TS2820
