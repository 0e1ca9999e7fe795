// The whole api suite, or the files named: one MariaDB, one file after another, everything gone in the end.
// After the whole suite the union of all exchanges is held against the OpenAPI document (recorder.mjs): what that
// declares and no test has caused fails the run.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sharedServer } from './mariadb.mjs';
import { environment, folder, mustRun, root, start } from './processes.mjs';
import { excused, unseen } from './recorder.mjs';

const lib = dirname(fileURLToPath(import.meta.url));
const here = dirname(lib);
const named = process.argv.slice(2);
const files = named.length > 0
    ? named.map((name) => resolve(name))
    : readdirSync(here).filter((name) => name.endsWith('.test.mjs')).sort().map((name) => join(here, name));

const seen = process.env.QUIRE_TEST_SEEN ?? join(folder(), 'seen');
const server = await sharedServer();
const reporter = join(lib, 'reporter.mjs');
const tests = start(process.execPath, ['--test', '--test-concurrency=1', `--test-reporter=${reporter}`,
    '--test-reporter-destination=stdout', ...files.map((file) => relative(root, file))], {
    cwd: root, log: 'inherit', env: { ...process.env, QUIRE_TEST_DB_SOCKET: server.socket, QUIRE_TEST_SEEN: seen },
});
// A signal ends the tests first: each file has servers of its own to end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.removeAllListeners(signal);
    process.on(signal, () => tests.signal(signal));
}
const { code } = await tests.wait(60 * 60 * 1000);
await server.stop();
const missing = named.length === 0 && existsSync(seen) ? unseen(await document(), seen) : [];
if (missing.length > 0) {
    console.log(`FAILED ${missing.length} answers that the OpenAPI document declares were never seen:`);
    console.log(missing.map((line) => `    ${line}`).join('\n'));
} else if (named.length === 0) {
    console.log(`# every declared answer was seen, but for ${excused.length} kinds: ${excused.map(({ name }) => name).join(', ')}`);
}
process.exit(code === 0 && missing.length > 0 ? 1 : code ?? 1);

/** The document with everything in it: If-Match required, so that 428 is declared. */
async function document() {
    const program = resolve(root, process.env.QUIRE_BIN ?? 'build/quire');
    const env = environment({ SECRET_KEY: 'of a document that nobody serves', REQUIRE_IF_MATCH: 'true' });
    return JSON.parse(await mustRun(program, ['openapi'], { cwd: folder(), env }));
}
