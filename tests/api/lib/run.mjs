// The whole api suite, or the files named: one MariaDB, one file after another, everything gone in the end.
import { readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sharedServer } from './mariadb.mjs';
import { root, start } from './processes.mjs';

const lib = dirname(fileURLToPath(import.meta.url));
const here = dirname(lib);
const named = process.argv.slice(2);
const files = named.length > 0
    ? named.map((name) => resolve(name))
    : readdirSync(here).filter((name) => name.endsWith('.test.mjs')).sort().map((name) => join(here, name));

const server = await sharedServer();
const reporter = join(lib, 'reporter.mjs');
const tests = start(process.execPath, ['--test', '--test-concurrency=1', `--test-reporter=${reporter}`,
    '--test-reporter-destination=stdout', ...files.map((file) => relative(root, file))], {
    cwd: root, log: 'inherit', env: { ...process.env, QUIRE_TEST_DB_SOCKET: server.socket },
});
// A signal ends the tests first: each file has servers of its own to end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.removeAllListeners(signal);
    process.on(signal, () => tests.signal(signal));
}
const { code } = await tests.wait(60 * 60 * 1000);
await server.stop();
process.exit(code ?? 1);
