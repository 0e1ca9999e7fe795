// jwt: tokens taken apart and made, for tests that forge them.
//
//     const { head, claims } = decode(token);
//     const forged = sign({ ...head, alg: 'HS512' }, claims, secret);
import { createHmac } from 'node:crypto';

const HASHES = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };

export function part(value) {
    return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

export function decode(token) {
    const [head, claims] = token.split('.').slice(0, 2).map((text) => JSON.parse(Buffer.from(text, 'base64url')));
    return { head, claims };
}

/** A token signed as its head's alg says (a head without a known one gets an empty signature). */
export function sign(head, claims, secret) {
    const text = `${part(head)}.${part(claims)}`;
    const hash = HASHES[head.alg];
    return `${text}.${hash === undefined ? '' : createHmac(hash, secret).update(text).digest('base64url')}`;
}
