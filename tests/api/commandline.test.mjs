// The command line: help, version, exit codes, what is said about mistakes, settings and where they come from.
import assert from 'node:assert/strict';
import { writeFileSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { environment, folder, run } from './lib/processes.mjs';
import { quireBin, startSite } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const site = await startSite({ settings: { WORKERS: 2 } });
const COMMANDS = ['serve', 'migrate', 'config', 'check-config', 'doctor', 'backup', 'restore', 'schema', 'routes', 'openapi', 'user', 'seed'];
const SECRET = 'Zm9yLXRlc3RzLW9ubHktb2YtdGhlLWNvbW1hbmQ';

/** Runs the program with nothing but these settings, in an empty folder with these files. */
async function quire(args, { env = {}, files = {}, input } = {}) {
    const cwd = mkdtempSync(join(folder(), 'c'));
    for (const [name, text] of Object.entries(files)) {
        writeFileSync(join(cwd, name), text);
    }
    return run(quireBin, args, { cwd, env: environment(env), input, timeout: 20000 });
}

/** One sentence on standard error, after wrong usage also where help is; nothing on standard output. */
function assertComplaint(done, code, pattern) {
    assert.equal(done.code, code, `${done.signal} ${done.stderr}`);
    assert.equal(done.stdout, '');
    const [sentence, ...hint] = done.stderr.split('\n');
    assert.match(sentence, /^quire: \S.+/);
    assert.match(sentence, pattern);
    assert.match(hint.join('\n'), code === 2 ? /^Try `quire( [\w-]+)? --help`\.\n$/ : /^$/);
}

test('--help names every command and the exit codes', async () => {
    for (const args of [['--help'], ['-h'], ['help']]) {
        const done = await quire(args);
        assert.equal(done.code, 0);
        assert.equal(done.stderr, '');
        for (const command of COMMANDS) {
            assert.match(done.stdout, new RegExp(`^  ${command}\\b.+`, 'm'));
        }
        assert.match(done.stdout, /0 done, 1 failed, 2 wrong usage/);
    }
});

for (const command of COMMANDS) {
    test(`${command} --help has a usage and an example, and does nothing`, async () => {
        for (const args of [[command, '--help'], [command, '-h'], [command, 'x', '--help']]) {
            const done = await quire(args);
            assert.equal(done.code, 0, done.stderr);
            assert.equal(done.stderr, '');
            assert.match(done.stdout, new RegExp(`^Usage: quire ${command}\\b`));
            assert.match(done.stdout, /\nExamples?:\n  \S/);
        }
    });
}

test('--version', async () => {
    const done = await quire(['--version']);
    assert.equal(done.code, 0);
    assert.match(done.stdout, /^quire \d+\.\d+\.\d+\S*\n$/);
});

test('no command is wrong usage and shows the help', async () => {
    const done = await quire([]);
    assert.equal(done.code, 2);
    assert.equal(done.stdout, '');
    assert.match(done.stderr, /Usage: quire/);
});

for (const [name, args, pattern] of [
    ['an unknown command', ['nonsense'], /nonsense/],
    ['an empty command', [''], /./],
    ['an unknown option', ['--nonsense'], /--nonsense/],
    ['serve with an argument', ['serve', 'now'], /now|argument/],
    ['migrate without a direction', ['migrate'], /up|down|status/],
    ['migrate sideways', ['migrate', 'sideways'], /sideways/],
    ['migrate with a strange option', ['migrate', 'up', '--now'], /--now/],
    ['migrate with an option of another verb', ['migrate', 'up', '--splice'], /up does not know `--splice`/],
    ['migrate with a flag that is given a value', ['migrate', 'up', '--json=yes'], /--json.*no value/],
    ['migrate down by a word', ['migrate', 'down', 'many'], /many/],
    ['migrate down by a negative number', ['migrate', 'down', '-1'], /-1/],
    ['config with an unknown option', ['config', '--all'], /--all/],
    ['schema with an argument', ['schema', 'x'], /x|argument/],
    ['routes with an argument', ['routes', 'x'], /x|argument/],
    ['openapi with an argument', ['openapi', 'x'], /x|argument/],
    ['user without a verb', ['user'], /create/],
    ['user destroy', ['user', 'destroy'], /destroy/],
    ['user create without anything', ['user', 'create'], /--username|--email/],
    ['user create without an e-mail', ['user', 'create', '--username', 'ada'], /--email/],
    ['user create with a bare --email', ['user', 'create', '--username', 'ada', '--email'], /--email/],
    ['user create with an unknown option', ['user', 'create', '--username', 'ada', '--email', 'a@example.com',
        '--root'], /--root/],
]) {
    test(`${name}: exit status 2 and a sentence`, async () => {
        assertComplaint(await quire(args, { env: { SECRET_KEY: SECRET } }), 2, pattern);
    });
}

test('serve with wrong settings reports all of them at once, and does not start', async () => {
    const done = await quire(['serve'], {
        env: {
            SECRET_KEY: 'short', WORKERS: 'many', BCRYPT_COST: '99', CORS_ORIGINS: '*', DB_PORT: '70000',
                LOG_LEVEL: 'loud', PUBLIC_READ: 'perhaps',
            ALGORITHM: 'none', LISTEN: 'nowhere', APP_ENV: 'moon', LISTEN_MODE: '0999', MAX_BODY_BYTES: '-5',
                DATABASE_URL: 'postgres://x', ACCESS_TOKEN_EXPIRE_MINUTES: '',
        },
    });
    assert.equal(done.code, 1, done.stderr);
    assert.equal(done.stdout, '');
    for (const name of ['SECRET_KEY', 'WORKERS', 'BCRYPT_COST', 'CORS_ORIGINS', 'DB_PORT', 'LOG_LEVEL', 'PUBLIC_READ',
        'ALGORITHM', 'LISTEN', 'APP_ENV',
        'LISTEN_MODE', 'MAX_BODY_BYTES', 'DATABASE_URL', 'ACCESS_TOKEN_EXPIRE_MINUTES']) {
        assert.match(done.stderr, new RegExp(`\\b${name}\\b`), `${name} is not spoken of:\n${done.stderr}`);
    }
    assert.ok(!done.stderr.includes('short'), 'the secret shows');
});

test('SECRET_KEY has no default, and must have 32 bytes', async () => {
    for (const command of [['serve'], ['config'], ['migrate', 'up']]) {
        const done = await quire(command);
        assert.equal(done.code, 1, `${command}: ${done.stderr}`);
        assert.match(done.stderr, /SECRET_KEY/);
    }
    assert.equal((await quire(['config'], { env: { SECRET_KEY: 'x'.repeat(31) } })).code, 1);
    assert.equal((await quire(['config'], { env: { SECRET_KEY: 'x'.repeat(32) } })).code, 0);
});

test('a placeholder as SECRET_KEY is refused in production', async () => {
    for (const key of ['change-me-to-32-or-more-random-bytes', 'x'.repeat(40),
        '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7']) {
        const env = { SECRET_KEY: key, APP_ENV: 'production' };
        const done = await quire(['config'], { env });
        assert.equal(done.code, 1);
        assert.match(done.stderr, /SECRET_KEY/);
        assert.ok(!done.stderr.includes(key));
        assert.equal((await quire(['config'], { env: { ...env, APP_ENV: 'development' } })).code, 0);
    }
    assert.equal((await quire(['config'], { env: { SECRET_KEY: SECRET, APP_ENV: 'production' } })).code, 0);
});

test('CORS_ORIGINS=* is refused with credentials, and allowed without', async () => {
    const env = { SECRET_KEY: SECRET, CORS_ORIGINS: '*' };
    const done = await quire(['config'], { env });
    assert.equal(done.code, 1);
    assert.match(done.stderr, /CORS_ORIGINS/);
    assert.equal((await quire(['config'], { env: { ...env, CORS_CREDENTIALS: 'false' } })).code, 0);
});

/** `quire config` as { name: [value, origin] }. */
function parse(text) {
    return Object.fromEntries(text.trimEnd().split('\n').map((line) => {
        const [, name, value, from] = /^([A-Z_]+)=(.*?)  # (.+)$/.exec(line) ?? assert.fail(`not a setting: ${line}`);
        return [name, [value, from]];
    }));
}

test('config prints every setting, where it comes from, and no secret', async () => {
    const done = await quire(['config'], {
        env: { SECRET_KEY: SECRET, APP_ENV: 'test', DB_PASSWORD: 'canary-pass', WORKERS: '3' },
        files: { '.env.test': 'WORKERS=5\nBCRYPT_COST=7\n', '.env': 'BCRYPT_COST=8\nLOG_LEVEL=debug\n',
            '.env.production': 'LOG_LEVEL=error\n' },
    });
    assert.equal(done.code, 0, done.stderr);
    const settings = parse(done.stdout);
    assert.equal(settings.WORKERS[0], '3');
    assert.match(settings.WORKERS[1], /environment/);
    assert.equal(settings.BCRYPT_COST[0], '7');
    assert.match(settings.BCRYPT_COST[1], /\.env\.test:2/);
    assert.equal(settings.LOG_LEVEL[0], 'debug');
    assert.match(settings.LOG_LEVEL[1], /\.env:2/);
    assert.deepEqual(settings.ALGORITHM, ['HS256', 'default']);
    assert.equal(settings.SECRET_KEY[0], '**********');
    assert.equal(settings.DB_PASSWORD[0], '**********');
    for (const name of ['DB_HOST', 'DB_PORT', 'DB_USER', 'DB_NAME', 'DB_SOCKET', 'ACCESS_TOKEN_EXPIRE_MINUTES',
        'CORS_ORIGINS']) {
        assert.ok(settings[name], name);
    }
    assert.ok(!done.stdout.includes(SECRET) && !done.stdout.includes('canary-pass'), 'a secret shows');
});

test('a misspelt setting in a file is pointed out with its line', async () => {
    const done = await quire(['config'], { env: { SECRET_KEY: SECRET }, files: { '.env': '# ours\nWORKRES=5\n' } });
    assert.equal(done.code, 1);
    assert.match(done.stderr, /\.env:2/);
    assert.match(done.stderr, /WORKERS/);
});

test('config --example is a file that the program reads', async () => {
    const done = await quire(['config', '--example']);
    assert.equal(done.code, 0, done.stderr);
    const back = await quire(['config'], { files: { '.env': done.stdout } });
    assert.equal(back.code, 0, back.stderr);
    assert.match(back.stdout, /SECRET_KEY=\*+ {2}# \.env:/);
});

test('every form of the database password works: setting, file and URL', async () => {
    const { user, password, name } = site.database;
    assert.match(password, /[@:/#%' "\\]/);
    const base = { SECRET_KEY: SECRET, MIGRATIONS_DIR: site.settings.MIGRATIONS_DIR };
    const url = `mysql://${user}:${encodeURIComponent(password).replace(/'/g,
        '%27')}@localhost/${name}?unix_socket=${encodeURIComponent(site.server.socket)}`;
    const quoted = `'${password.replace(/[\\']/g, '\\$&')}'`;
    const lines = (secret) => [`DB_USER=${user}`, `DB_NAME=${name}`, `DB_SOCKET=${site.server.socket}`,
        `DB_PASSWORD=${secret}`, ''].join('\n');
    for (const [what, options] of [
        ['the environment', { env: { ...base, DB_USER: user, DB_NAME: name, DB_SOCKET: site.server.socket,
            DB_PASSWORD: password } }],
        ['a file', { env: base, files: { '.env': lines(quoted) } }],
        ['a URL', { env: { ...base, DATABASE_URL: url } }],
        ['a URL in a file', { env: base, files: { '.env': `DATABASE_URL=${url}\n` } }],
        ['a URL without its password, which is set',
            { env: { ...base, DATABASE_URL: url.replace(/:[^:@]+@/, '@'), DB_PASSWORD: password } }],
    ]) {
        const done = await quire(['migrate', 'status'], options);
        assert.equal(done.code, 0, `${what}: ${done.stderr}`);
    }
    const wrong = await quire(['migrate', 'status'],
        { env: { ...base, DATABASE_URL: url, DB_PASSWORD: 'not the password' } });
    assertComplaint(wrong, 1, /./);
    assert.ok(!wrong.stderr.includes('not the password'));
});

test('user create makes an account that can log in, and says so', async () => {
    const [username, password] = [site.name(), site.password()];
    const done = await site.quire(['user', 'create', '--username', username, '--email', `${username}@EXAMPLE.com`],
        { input: `${password}\n` });
    assert.equal(done.code, 0, done.stderr);
    assert.ok(!`${done.stdout}${done.stderr}`.includes(password));
    const person = await site.login({ email: `${username}@example.com`, password });
    assert.equal((await site.get('/users', person)).status, 403);
    const admin = await site.admin();
    assert.equal((await site.get('/users', admin)).status, 200);
});

test('the password is the first line, without its end', async () => {
    for (const end of ['\n', '\r\n', '', '\nsecond line\n']) {
        const [username, password] = [site.name(), ` ${site.password()} `];
        const done = await site.quire(['user', 'create', '--email', `${username}@example.com`, '--username',
            username], { input: `${password}${end}` });
        assert.equal(done.code, 0, done.stderr);
        await site.login({ email: `${username}@example.com`, password });
    }
});

for (const [name, args, input, pattern] of [
    ['a short password', ['--username', 'shorty', '--email', 'shorty@example.com'], 'short\n', /password/],
    ['no password', ['--username', 'shorty', '--email', 'shorty@example.com'], '', /password/],
    ['a password that is too long', ['--username', 'shorty', '--email', 'shorty@example.com'], `${'x'.repeat(73)}\n`,
        /password/],
    ['a short name', ['--username', 'ab', '--email', 'shorty@example.com'], 'long enough\n', /username/],
    ['a bad e-mail', ['--username', 'shorty', '--email', 'nobody'], 'long enough\n', /email/],
]) {
    test(`user create with ${name} fails with a sentence and creates nothing`, async () => {
        const done = await site.quire(['user', 'create', ...args], { input });
        assert.ok([1, 2].includes(done.code), `${done.code}`);
        assert.match(done.stderr, pattern);
        assert.ok(!done.stderr.includes('long enough') && !done.stderr.includes('xxxxx'));
        assert.equal(await site.count('users', "username = 'shorty' OR email LIKE 'shorty@%'"), 0);
    });
}

test('user create with a taken name or address fails and names it', async () => {
    const person = await site.signUp();
    for (const [username, email, pattern] of [
        [person.username.toUpperCase(), `${site.name()}@example.com`, /username/],
            [site.name(), person.email.toUpperCase(), /email/],
    ]) {
        const done = await site.quire(['user', 'create', '--username', username, '--email', email, '--admin'],
            { input: 'long enough\n' });
        assertComplaint(done, 1, pattern);
    }
});

test('two admins made at once are two admins', async () => {
    const names = [site.name(), site.name(), site.name()];
    const done = await Promise.all(names.map((name) => site.quire(['user', 'create', '--username', name, '--email',
        `${name}@example.com`, '--admin'], { input: 'long enough\n' })));
    assert.deepEqual(done.map(({ code }) => code), [0, 0, 0], done.map(({ stderr }) => stderr).join(''));
    const holders = 'users u JOIN user_roles ur ON ur.user_id = u.id JOIN roles r ON r.id = ur.role_id';
    assert.equal(await site.count(holders, `r.name = 'admin' AND u.username IN ('${names.join("','")}')`), 3);
});

test('serve where the socket cannot be made fails with a sentence', async () => {
    assertComplaint(await site.quire(['serve'], { env: { LISTEN: 'unix:/no/such/folder/app.sock' } }), 1,
        /\/no\/such\/folder\/app\.sock/);
});

test('a log file that cannot be opened is said', async () => {
    assertComplaint(await site.quire(['serve'],
        { env: { LOG_FILE: '/no/such/folder/quire.log', LISTEN: `unix:${site.dir}/other.sock` } }), 1, /quire\.log/);
});

test('a wrong password for the database, or one that is not there, fails at once instead of waiting', async () => {
    for (const [env, number] of [[{ DB_PASSWORD: 'wrong' }, 1045], [{ DB_NAME: 'no_such_database' }, 1044]]) {
        const done = await site.quire(['migrate', 'up'], { env });
        assertComplaint(done, 1, new RegExp(`cannot connect to the database: ${number} Access denied`));
    }
});

test('user create on an empty database names the table that is missing', async () => {
    const bare = await startSite({ migrate: false, pool: false, front: false });
    const done = await bare.quire(['user', 'create', '--username', 'early', '--email', 'early@example.com'],
        { input: 'long enough\n' });
    assertComplaint(done, 1, /: 1146 Table '\w+\.users' doesn't exist$/);
});

test('schema prints the tables and touches no database', async () => {
    const done = await quire(['schema']);
    assert.equal(done.code, 0, done.stderr);
    for (const table of ['users', 'posts', 'votes', 'sessions', 'roles', 'user_roles']) {
        assert.match(done.stdout, new RegExp(`CREATE TABLE \`?${table}\`?`));
    }
});

test('routes lists every route once and touches no database', async () => {
    const done = await quire(['routes']);
    assert.equal(done.code, 0, done.stderr);
    const lines = done.stdout.trimEnd().split('\n');
    for (const line of lines) {
        assert.match(line, /^(GET|POST|PUT|PATCH|DELETE) +\/\S+ +(open|read|user|moderator|admin) +(web|read|login|long) +(public|minutes|private|never)$/);
    }
    assert.equal(new Set(lines).size, lines.length);
    // Every word of those columns is explained.
    const help = (await quire(['routes', '--help'])).stdout;
    for (const word of new Set(lines.flatMap((line) => line.split(/ +/).slice(2)))) {
        assert.match(help, new RegExp(`^  ${word} +\\S`, 'm'));
    }
    for (const route of ['GET /api/v1/posts read read public', 'POST /api/v1/auth/login open login never',
        'GET /health/live open web never', 'POST /api/v1/tweets/generate user long never',
        'GET /api/v1/users admin read private', 'GET /api/v1/users/me/export user web never']) {
        assert.ok(lines.some((line) => line.replace(/ +/g, ' ') === route), route);
    }
});
