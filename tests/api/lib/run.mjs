// The whole api suite, or the files and folders named, in three lanes side by side: one file after another in each, with a
// MariaDB of their own. What the first says is shown at once, what the others said when all have ended; then comes what must
// have the machine alone. Everything is gone in the end. After the whole suite the union of all exchanges is held against the
// OpenAPI document (recorder.mjs): what that declares and no test has caused fails the run.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installData, startServer } from './mariadb.mjs';
import { environment, folder, mustRun, root, start } from './processes.mjs';
import { excused, unseen } from './recorder.mjs';

const lib = dirname(fileURLToPath(import.meta.url));
const here = dirname(lib);
const named = process.argv.length > 2 ? process.argv.slice(2).map((name) => resolve(name)) : [here];
const whole = named.includes(here);
const files = named.flatMap((name) => (statSync(name, { throwIfNoEntry: false })?.isDirectory() ? testsIn(name) : [name]));

// What does not mind company: what takes long, about a third of the whole; and what mostly waits, for workers that leave,
// servers that come back, and pages.
const BESIDE = [
    /^api\/(torture|weight|galera|faults|replicas|seed|doctor|backup|migrate(-\w+)?)\.test/,
    /^(browser\/|api\/(read-pool|pool|reload|succession|chaos|bulkheads|ready|sockets|hosts|composers|provider|generation|work|metrics-pools)\.test)/,
];
// What measures how fast a page is.
const ALONE = /^browser\/site-lighthouse\.test/;
const isAlone = (file) => ALONE.test(relative(dirname(here), file));
/** Which lane a file is in, from 0 on. */
const laneOf = (file) => 1 + BESIDE.findIndex((pattern) => pattern.test(relative(dirname(here), file)));

const PATIENCE = 60 * 60 * 1000;
process.env.QUIRE_TEST_DB_DATA = await installData(folder());
const seen = process.env.QUIRE_TEST_SEEN ?? join(folder(), 'seen');
const parts = Array.from({ length: 1 + BESIDE.length },
    (_, lane) => files.filter((file) => laneOf(file) === lane && !isAlone(file))).filter((part) => part.length > 0);
const lanes = await Promise.all(parts.map((part, i) => begin(part, `lane${i}`, i === 0 ? 'inherit' : `lane${i}.log`)));
let stopped = false;
// A signal ends the tests first: each file has servers of its own to end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.removeAllListeners(signal);
    process.on(signal, () => {
        stopped = true;
        lanes.forEach(({ tests }) => tests.signal(signal));
    });
}
const codes = await Promise.all(lanes.map(end));
lanes.filter(({ said }) => said !== 'inherit').forEach(show);
const alone = files.filter(isAlone);
if (alone.length > 0 && !stopped) {
    lanes.push(await begin(alone, 'alone', 'inherit'));
    codes.push(await end(lanes.at(-1)));
}
sumUp(lanes);
const code = codes.find((each) => each !== 0) ?? 0;
const missing = whole && existsSync(seen) ? unseen(await document(), seen) : [];
if (missing.length > 0) {
    console.log(`FAILED ${missing.length} answers that the OpenAPI document declares were never seen:`);
    console.log(missing.map((line) => `    ${line}`).join('\n'));
} else if (whole) {
    console.log(`# every declared answer was seen, but for ${excused.length} kinds: ${excused.map(({ name }) => name).join(', ')}`);
}
nameFailed(lanes);
process.exit(code === 0 && missing.length > 0 ? 1 : code);

/** The tests of a folder. */
function testsIn(directory) {
    return readdirSync(directory).filter((name) => name.endsWith('.test.mjs')).sort().map((name) => join(directory, name));
}

/** A lane: its tests have begun; what they say goes into the file called log, or is shown at once ("inherit"). */
async function begin(part, name, log) {
    const [said, counts] = [log === 'inherit' ? log : join(folder(), log), join(folder(), `${name}.counts`)];
    const server = await startServer();
    const reporters = [['reporter.mjs', 'stdout'], ['closing.mjs', counts]].flatMap(([reporter, to]) =>
        [`--test-reporter=${join(lib, reporter)}`, `--test-reporter-destination=${to}`]);
    const tests = start(process.execPath, ['--test', '--test-concurrency=1', ...reporters,
        ...part.map((file) => relative(root, file))], {
        cwd: root, log: said, env: { ...process.env, QUIRE_TEST_DB_SOCKET: server.socket, QUIRE_TEST_SEEN: seen },
    });
    return { server, tests, said, counts };
}

/** Its exit status; 1 when a signal has ended it. */
async function end({ server, tests }) {
    const { code } = await tests.wait(PATIENCE);
    await server.stop();
    return code ?? 1;
}

function show({ said }) {
    console.log(`# beside it\n${readFileSync(said, 'utf8').trimEnd()}`);
}

/** Of lanes that all came to their end the sum of their counts. */
function sumUp(all) {
    const counts = all.map(({ counts: file }) => new Map(existsSync(file)
        ? readFileSync(file, 'utf8').split('\n').map((line) => line.split(' ')) : []));
    if (all.length > 1 && counts.every((each) => each.has('tests'))) {
        const sum = (name) => counts.reduce((total, each) => total + Number(each.get(name)), 0);
        const names = ['tests', 'pass', 'fail', 'cancelled', 'skipped'];
        console.log(`# together: ${names.map((name) => `${name} ${sum(name)}`).join(', ')}`);
    }
}

/** What failed, once more by its name alone: below the logs it is found at once. */
function nameFailed(all) {
    const failed = all.flatMap(({ counts: file }) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []))
        .filter((line) => line.startsWith('failed ')).map((line) => line.slice('failed '.length));
    if (failed.length > 0) {
        console.log(`# ${failed.length} failed:\n${failed.map((line) => `    ${line}`).join('\n')}`);
    }
}

/** The document with everything in it: If-Match required, so that 428 is declared. */
async function document() {
    const program = resolve(root, process.env.QUIRE_BIN ?? 'build/quire');
    const env = environment({ SECRET_KEY: 'of a document that nobody serves', REQUIRE_IF_MATCH: 'true' });
    return JSON.parse(await mustRun(program, ['openapi'], { cwd: folder(), env }));
}
