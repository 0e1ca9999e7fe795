// closing: a run's counts alone, one a line ("pass 12"), for run.mjs, which adds up those of its lanes.
export default async function* closing(source) {
    for await (const { type, data } of source) {
        if (type === 'test:diagnostic' && data.nesting === 0) {
            yield `${data.message}\n`;
        }
    }
}
