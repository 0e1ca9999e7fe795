// keyfiles: key pairs as PEM files, for tests of RS256 and ES256.
//
//     const pair = keyPair(dir, 'one', 'ES256');       // { privateFile, publicFile, privateKey, publicKey, publicPem }
//     const forged = signBy({ alg: 'ES256', kid }, claims, pair);
import { generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { part } from './jwt.mjs';

const KINDS = {
    RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }),
};

/** Writes any key of node:crypto as a PEM file that its owner alone can read. */
export function writeKey(file, key, options = {}) {
    const type = key.type === 'private' ? 'pkcs8' : 'spki';
    writeFileSync(file, key.export({ type, format: 'pem', ...options }), { mode: 0o600 });
    return file;
}

/** A new pair for an algorithm, in <dir>/<name>.pem and <dir>/<name>.pub.pem. */
export function keyPair(dir, name, algorithm) {
    const { privateKey, publicKey } = KINDS[algorithm]();
    return { algorithm, privateKey, publicKey,
        privateFile: writeKey(join(dir, `${name}.pem`), privateKey),
        publicFile: writeKey(join(dir, `${name}.pub.pem`), publicKey),
        publicPem: publicKey.export({ type: 'spki', format: 'pem' }) };
}

/** A token signed by a pair, whatever its head says. */
export function signBy(head, claims, pair) {
    const text = `${part(head)}.${part(claims)}`;
    const key = { key: pair.privateKey, dsaEncoding: 'ieee-p1363' };
    return `${text}.${signBytes('sha256', Buffer.from(text), key).toString('base64url')}`;
}
