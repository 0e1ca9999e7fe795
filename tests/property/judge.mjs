// judge: what must hold of every exchange of a run.
//
// What holds of any answer (contract.mjs: no 500, no secret, the form of errors) and what the document declares
// (recorder.mjs: status, headers, body) is checked by the tests' own client when it asks. Here stands what follows
// from the request: what is wrong is refused, what is right is not, what is gone stays away, and what is written is
// what was sent.
//
//     judge(request, answer, world);        // throws an AssertionError
import assert from 'node:assert/strict';
import { Raw } from './json.mjs';

export function judge(request, answer, world) {
    const { status, json, raw, headers } = answer;
    const what = `→ ${status} ${raw.slice(0, 500)}`;
    const done = status < 300;
    assert.ok(status < 500, `the server failed ${what}`);
    if (request.method === 'OPTIONS' || request.undeclared) {
        judgeMethod(request, answer, what);
        return;
    }
    if (request.wrong.length > 0 && request.sure) {
        assert.ok(!done && status !== 304, `what is wrong is taken (${request.wrong.join('; ')}) ${what}`);
    }
    if (!request.open && /^(nobody|expired|inactive)$/.test(request.actor)) {
        assert.ok(!done && status !== 304, `done without a good token ${what}`);
    }
    if (request.deadEnd) {
        assert.ok(request.list || (!done && status !== 304), `what is not there is found ${what}`);
    }
    if (request.wrong.length === 0) {
        assert.ok(![413, 414, 415, 431, 405].includes(status), `nothing is wrong with the request ${what}`);
        const madeUp = headers['x-error-code'] === 'mail_token_invalid'; // no token in a request of ours was mailed
        assert.ok((status !== 400 && status !== 422) || madeUp, `what is right is refused ${what}`);
        assert.ok(status !== 404 || request.deadEnd || request.mayMiss || isMissing(request), `it is there ${what}`);
    }
    if (request.wrong.length === 0 && request.actor === 'admin' && !request.deadEnd) {
        const password = /^(invalid_credentials|wrong_password)$/.test(headers['x-error-code']);
        const madeUp = request.operation === 'refreshSession'; // no token in a request of ours is one
        assert.ok(![401, 403].includes(status) || password || madeUp, `an admin may not ${what}`);
    }
    if (done && request.value !== undefined && json !== undefined && request.method !== 'HEAD') {
        assertKept(request.value, json, what);
    }
    assertOwned(request, status, world, what);
}

/** A method that is not declared is 405 and OPTIONS is 204, both with the methods that are; a bad path may be no path. */
function judgeMethod({ method, methods, wrong }, { status, headers }, what) {
    if (status === (method === 'OPTIONS' ? 204 : 405)) {
        const allowed = [...methods, ...methods.includes('GET') ? ['HEAD'] : [], 'OPTIONS'];
        const said = headers.allow.split(', ');
        const found = method === 'TRACE' ? said.filter((one) => allowed.includes(one)) : said;
        assert.deepEqual(found.sort(), allowed.sort(), `Allow is not what is declared ${what}`);
    } else {
        assert.ok(status >= 400 && wrong.length > 1, `a method that is not declared is taken ${what}`);
    }
}

/** What is named by the actor, or by two keys, or is another's and not published, may be missing. */
function isMissing({ path, template }) {
    return /\/me\/|\/(posts|comments|profile|threads|histories)\b/.test(path) || /vote$/.test(template) || template.split('{').length > 2;
}

/** Members that were sent and come back are as they were sent. */
function assertKept(sent, kept, what) {
    for (const [name, value] of Object.entries(sent)) {
        if (Object.hasOwn(kept, name) && typeof value !== 'object' && !/^(email|website|avatar_url)$/.test(name)) {
            assert.deepEqual(kept[name], value, `${name} is not what was sent ${what}`);
        } else if (value instanceof Raw && typeof kept[name] === 'number' && Number.isSafeInteger(kept[name])) {
            assert.equal(String(kept[name]), value.text, `${name} is not what was sent ${what}`);
        }
    }
}

/** Nobody but its owner, and an admin, changes a thing. */
function assertOwned({ template, method, actor, target }, status, world, what) {
    if (!/^(PUT|PATCH|DELETE)$/.test(method) || !/\/(posts|comments|microposts|books|reviews|threads)\/\{[^/]*\}$/.test(template)) {
        return;
    }
    if (target?.owner !== undefined && actor !== 'admin' && world.actor(actor)?.id !== target.owner) {
        assert.ok(status >= 300, `somebody else's is changed ${what}`);
    }
}
