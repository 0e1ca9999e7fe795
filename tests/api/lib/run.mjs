// The whole api suite, or the files named, in three lanes side by side: one file after another in each, with a MariaDB of
// their own. What the first says is shown at once, what the others said when all have ended. Everything is gone in the end.
// After the whole suite the union of all exchanges is held against the OpenAPI document (recorder.mjs): what that
// declares and no test has caused fails the run.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from './mariadb.mjs';
import { environment, folder, mustRun, root, start } from './processes.mjs';
import { excused, unseen } from './recorder.mjs';

const lib = dirname(fileURLToPath(import.meta.url));
const here = dirname(lib);
const named = process.argv.slice(2);
const files = named.length > 0
    ? named.map((name) => resolve(name))
    : readdirSync(here).filter((name) => name.endsWith('.test.mjs')).sort().map((name) => join(here, name));

// What does not mind company: what takes long, about half of the whole; and what mostly waits, for workers that leave and
// servers that come back.
const BESIDE = [
    /^(torture|weight|composers|galera|faults|replicas|seed|doctor|backup|migrate(-\w+)?)\.test/,
    /^(read-pool|pool|reload|chaos|bulkheads|ready|sockets|hosts|provider|generation|work|metrics-pools)\.test/,
];
/** Which lane a file is in, from 0 on. */
const laneOf = (file) => 1 + BESIDE.findIndex((pattern) => pattern.test(basename(file)));

const PATIENCE = 60 * 60 * 1000;
const seen = process.env.QUIRE_TEST_SEEN ?? join(folder(), 'seen');
const parts = Array.from({ length: 1 + BESIDE.length }, (_, lane) => files.filter((file) => laneOf(file) === lane))
    .filter((part) => part.length > 0);
const lanes = await Promise.all(parts.map(begin));
// A signal ends the tests first: each file has servers of its own to end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.removeAllListeners(signal);
    process.on(signal, () => lanes.forEach(({ tests }) => tests.signal(signal)));
}
const codes = await Promise.all(lanes.map(end));
finished(lanes);
const code = codes.find((each) => each !== 0) ?? 0;
const missing = named.length === 0 && existsSync(seen) ? unseen(await document(), seen) : [];
if (missing.length > 0) {
    console.log(`FAILED ${missing.length} answers that the OpenAPI document declares were never seen:`);
    console.log(missing.map((line) => `    ${line}`).join('\n'));
} else if (named.length === 0) {
    console.log(`# every declared answer was seen, but for ${excused.length} kinds: ${excused.map(({ name }) => name).join(', ')}`);
}
process.exit(code === 0 && missing.length > 0 ? 1 : code);

/** A lane: its tests have begun. The first shows at once what it says. */
async function begin(part, i) {
    const [log, counts] = [i === 0 ? 'inherit' : join(folder(), `lane${i}.log`), join(folder(), `lane${i}.counts`)];
    const server = await startServer();
    const reporters = [['reporter.mjs', 'stdout'], ['closing.mjs', counts]].flatMap(([name, to]) =>
        [`--test-reporter=${join(lib, name)}`, `--test-reporter-destination=${to}`]);
    const tests = start(process.execPath, ['--test', '--test-concurrency=1', ...reporters,
        ...part.map((file) => relative(root, file))], {
        cwd: root, log, env: { ...process.env, QUIRE_TEST_DB_SOCKET: server.socket, QUIRE_TEST_SEEN: seen },
    });
    return { server, tests, log, counts };
}

/** Its exit status; 1 when a signal has ended it. */
async function end({ server, tests }) {
    const { code } = await tests.wait(PATIENCE);
    await server.stop();
    return code ?? 1;
}

/** Shows what has not been shown, and of lanes that all came to their end the sum. */
function finished(all) {
    for (const { log } of all.slice(1)) {
        console.log(`# beside it\n${readFileSync(log, 'utf8').trimEnd()}`);
    }
    const counts = all.map(({ counts: file }) => new Map(existsSync(file)
        ? readFileSync(file, 'utf8').split('\n').map((line) => line.split(' ')) : []));
    if (all.length > 1 && counts.every((each) => each.has('tests'))) {
        const sum = (name) => counts.reduce((total, each) => total + Number(each.get(name)), 0);
        const names = ['tests', 'pass', 'fail', 'cancelled', 'skipped'];
        console.log(`# together: ${names.map((name) => `${name} ${sum(name)}`).join(', ')}`);
    }
}

/** The document with everything in it: If-Match required, so that 428 is declared. */
async function document() {
    const program = resolve(root, process.env.QUIRE_BIN ?? 'build/quire');
    const env = environment({ SECRET_KEY: 'of a document that nobody serves', REQUIRE_IF_MATCH: 'true' });
    return JSON.parse(await mustRun(program, ['openapi'], { cwd: folder(), env }));
}
