// closing: a run's counts alone, one a line ("pass 12"), and before them "failed FILE: NAME" for each test that did, for
// run.mjs, which adds up those of its lanes and names the failed ones last of all.
import { isAbsolute, relative } from 'node:path';
import { root } from './processes.mjs';

export default async function* closing(source) {
    let file = root;
    for await (const { type, data } of source) {
        if (type === 'test:dequeue' && data.nesting === 0 && isAbsolute(data.name)) {
            file = data.name;
        } else if (type === 'test:fail' && data.skip === undefined) {
            yield `failed ${relative(root, file)}: ${data.name === file ? 'the file itself' : data.name.split('\n')[0]}\n`;
        } else if (type === 'test:diagnostic' && data.nesting === 0) {
            yield `${data.message}\n`;
        }
    }
}
