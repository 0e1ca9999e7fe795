// regressions: what a run has found once, asked first by every later one. The answer must have this status, and be as the
// document says (the client sees to that). `as`: who asks, default nobody; {post} is a post of the owner's; `allow`: what Allow must be.

const LARGE = 'x'.repeat((1 << 20) + 1);
const UNREAD = { found: 'a body that is too large where none is read: the document did not say 413', body: LARGE,
    type: 'application/json', status: 413 };
const UNSAID = 'a relation among `fields` without `include`: the document did not say that it needs both';

const UNKNOWN = 'a method that nobody knows: Allow did not name OPTIONS';

export const REGRESSIONS = [
    { ...UNREAD, method: 'GET', path: '/comments/1' },
    { ...UNREAD, method: 'GET', path: '//health/live' },
    { ...UNREAD, method: 'DELETE', path: '/posts/{post}', as: 'owner' },
    { ...UNREAD, method: 'POST', path: '/auth/logout', as: 'owner' },
    { found: UNSAID, method: 'GET', path: '/posts?fields=id,tags', status: 422 },
    { found: UNSAID, method: 'GET', path: '/posts?fields=id,tags&include=tags', status: 200 },
    { found: UNKNOWN, method: 'TRACE', path: '//openapi.json', status: 405, allow: 'GET, HEAD, OPTIONS' },
    { found: UNKNOWN, method: 'PROPFIND', path: '//health/ready', status: 405, allow: 'GET, HEAD, OPTIONS' },
];
