// reporter: one line a test file, every failure in full, and the closing lines of TAP.
import { isAbsolute, relative } from 'node:path';
import { root } from './processes.mjs';

export default async function* report(source) {
    const files = new Map(); // file → { passed, failed, skipped, ms }
    let file = null;
    for await (const { type, data } of source) {
        if (type === 'test:dequeue' && isFile(data)) {
            yield summary(file, files.get(file));
            file = data.name;
            files.set(file, { passed: 0, failed: 0, skipped: 0, began: Date.now() });
        } else if (type === 'test:pass' || type === 'test:fail') {
            const seen = files.get(file);
            if (data.skip !== undefined) {
                seen.skipped += 1;
            } else if (type === 'test:pass') {
                seen.passed += 1;
            } else {
                seen.failed += 1;
                yield failure(file, data);
            }
        } else if (type === 'test:stderr') {
            yield data.message;
        } else if (type === 'test:diagnostic' && data.nesting === 0) {
            if (/^tests \d+$/.test(data.message)) { // the first of the closing lines
                yield summary(file, files.get(file));
                file = null;
            }
            yield `# ${data.message}\n`;
        }
    }
}

function isFile({ name, nesting }) {
    return nesting === 0 && name.endsWith('.test.mjs') && isAbsolute(name);
}

function summary(file, seen) {
    if (file === null || seen === undefined) {
        return '';
    }
    const skipped = seen.skipped > 0 ? `, ${seen.skipped} skipped` : '';
    const state = seen.failed > 0 ? 'not ok' : 'ok';
    const seconds = ((Date.now() - seen.began) / 1000).toFixed(1);
    return `${state} ${relative(root,
        file)}: ${seen.passed} passed, ${seen.failed} failed${skipped} (${seconds} s)\n`;
}

function failure(file, { name, details }) {
    const error = details.error?.cause ?? details.error;
    const text = String(error?.stack ?? error?.message ?? error).split('\n')
        .filter((row) => !/^\s+at .*node:internal|^\s+at Test\./.test(row)).map((row) => `    ${row}`).join('\n');
    return `FAILED ${relative(root, file)}: ${name === file ? 'the file itself' : name}\n${text}\n`;
}
