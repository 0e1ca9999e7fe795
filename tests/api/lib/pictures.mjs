// pictures: small whole ones, made here, and the multipart bodies that carry files.
//
//     const answer = await site.request('PUT', '/users/me/avatar', { token, ...form([file(png())]) });
import { deflateSync } from 'node:zlib';

function crc32(bytes) {
    let crc = ~0;
    for (const byte of bytes) {
        crc ^= byte;
        for (let i = 0; i < 8; i++) {
            crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
        }
    }
    return ~crc >>> 0;
}

export function chunk(type, data) {
    const out = Buffer.alloc(12 + data.length);
    out.writeUInt32BE(data.length, 0);
    out.write(type, 4, 'latin1');
    data.copy(out, 8);
    out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
    return out;
}

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** A PNG of so many grey pixels; `padding` bytes in a chunk that nobody reads make it larger, and its own. */
export function png({ width = 1, height = 1, padding = Buffer.alloc(0) } = {}) {
    const head = Buffer.alloc(13);
    head.writeUInt32BE(width, 0);
    head.writeUInt32BE(height, 4);
    head[8] = 8;
    const rows = width * height < 1e6 ? deflateSync(Buffer.alloc((width + 1) * height)) : Buffer.from([1]);
    return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('teSt', padding), chunk('IDAT', rows),
        chunk('IEND', Buffer.alloc(0))]);
}

/** A JPEG of one grey pixel; `comment` makes it its own. */
export function jpeg(comment = 'x') {
    const segment = (marker, bytes) => Buffer.concat([Buffer.from([0xff, marker, 0, bytes.length + 2]),
        Buffer.from(bytes)]);
    const table = (id) => [id, 1, ...Array(15).fill(0), 0]; // one code of one bit, for the symbol 0
    return Buffer.concat([Buffer.from([0xff, 0xd8]),
        segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
        segment(0xfe, Buffer.from(comment)),
        segment(0xdb, [0, ...Array(64).fill(1)]),
        segment(0xc0, [8, 0, 1, 0, 1, 1, 1, 0x11, 0]),
        segment(0xc4, table(0x00)), segment(0xc4, table(0x10)),
        segment(0xda, [1, 1, 0, 0, 63, 0]),
        Buffer.from([0x3f, 0xff, 0xd9])]);
}

/** A WebP of one pixel, lossless. */
export function webp() {
    return Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64');
}

const BOUNDARY = '----aBoundaryOfTheTests';

/** A part that is a file. */
export function file(content, { name = 'file', filename = 'me.png', type = 'image/png' } = {}) {
    return Buffer.concat([
        Buffer.from(`Content-Disposition: form-data; name="${name}"; filename="${filename}"\r\n` +
            `Content-Type: ${type}\r\n\r\n`), Buffer.from(content)]);
}

/** A part that is a text. */
export function text(name, value) {
    return Buffer.from(`Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`);
}

/** The options of a request with a body of these parts. */
export function form(parts) {
    const pieces = parts.flatMap((part) => [Buffer.from(`--${BOUNDARY}\r\n`), part, Buffer.from('\r\n')]);
    return { body: Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]),
        type: `multipart/form-data; boundary=${BOUNDARY}` };
}
