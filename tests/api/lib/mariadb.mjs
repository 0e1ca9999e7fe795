// mariadb: a private database server on a unix socket in a temporary folder.
//
// One server serves a lane of tests: run.mjs starts it and names its socket in QUIRE_TEST_DB_SOCKET; a test file run
// alone starts its own. Tests that stop or restart a server start one for themselves. The data of new servers are copied
// from QUIRE_TEST_DB_DATA, where run.mjs has had them installed once; without that each is installed.
//
//     const server = await sharedServer();
//     const database = await server.createDatabase();     // { name, user, password }
//     await server.query('SELECT id, title FROM posts', database.name);   // [{ id: '1', title: 'x' }]
import { cpSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { environment, folder, mustRun, start, tail, until } from './processes.mjs';

// Nothing here must survive a power cut; what a transaction has committed survives the server's death.
const FLAGS = [
    '--skip-networking', '--innodb-flush-log-at-trx-commit=2', '--innodb-doublewrite=OFF', '--sync-binlog=0',
    '--innodb-buffer-pool-size=64M', '--innodb-log-file-size=16M', '--innodb-fast-shutdown=2',
        '--max-connections=200',
    '--skip-name-resolve', '--performance-schema=OFF',
];
// Everything that a settings file or a URL could trip over.
const PASSWORD = "p@ss:/#%' \"w\\d";

let counter = 0;
let shared = null;

/** The suite's server. */
export async function sharedServer() {
    if (shared === null) {
        const socket = process.env.QUIRE_TEST_DB_SOCKET;
        shared = socket ? Promise.resolve(new Server(socket)) : startServer();
    }
    return shared;
}

/** A server of one's own. */
export async function startServer() {
    const server = await newServer();
    await server.start();
    return server;
}

/** A server that is not started yet, with flags of its own; its data are new, or a copy of another's that does not run. */
export async function newServer({ flags = [], like = null } = {}) {
    const dir = join(folder(), `db${++counter}`);
    mkdirSync(dir);
    const data = join(dir, 'data');
    const from = like?.data ?? process.env.QUIRE_TEST_DB_DATA;
    if (from === undefined) {
        await installData(dir);
    } else {
        cpSync(from, data, { recursive: true });
    }
    const server = new Server(join(dir, 's'));
    server.data = data;
    server.args = ['--no-defaults', `--user=${userInfo().username}`, `--datadir=${data}`, `--socket=${server.socket}`,
        `--pid-file=${join(dir, 'pid')}`, `--tmpdir=${dir}`, ...FLAGS, ...flags];
    server.log = join(dir, 'log');
    return server;
}

/** Makes the data of a server in the folder `data` of a folder: its path. */
export async function installData(dir) {
    const data = join(dir, 'data');
    // A server that starts deletes the temporary tables it finds: never those of another server.
    await mustRun('mariadb-install-db', ['--no-defaults', `--user=${userInfo().username}`, `--datadir=${data}`, '--skip-test-db',
        '--auth-root-authentication-method=normal', '--innodb-log-file-size=16M'], { env: environment({ TMPDIR: dir }) });
    return data;
}

export class Server {
    /** socket: its path. A server that only the socket is known of cannot be started or stopped. */
    constructor(socket) {
        this.socket = socket;
        this.child = null;
        this.databases = 0;
        this.from = 'localhost'; // where its users come from
    }

    /** flags: for this time only. */
    async start(flags = []) {
        this.child = start('mariadbd', [...this.args, ...flags], { env: this.env, log: this.log });
        await until('MariaDB answers', async () => {
            if (!this.child.alive()) {
                throw new Error(`mariadbd ended:\n${tail(this.log)}`);
            }
            return this.query('SELECT 1');
        }, { every: 50 });
    }

    /** Ends the server, waiting for it; SIGKILL is its death. */
    async stop(signal = 'SIGTERM') {
        await this.child.stop(signal, 30000);
    }

    signal(name) {
        this.child.signal(name);
    }

    /** Rows as objects of strings and nulls; several statements give the rows of the last one that has any. */
    async query(sql, database = '') {
        const out = await mustRun('mariadb', ['--no-defaults', `--socket=${this.socket}`, '--user=root', '--batch',
            '--default-character-set=utf8mb4', '--init-command=SET time_zone = "+00:00"', database], { input: sql });
        const lines = out.split('\n').slice(0, -1).map((line) => line.split('\t').map(unescape));
        const names = lines.shift() ?? [];
        return lines.map((cells) => Object.fromEntries(names.map((name, i) => [name, cells[i] ?? null])));
    }

    /** All rows of a database as text, bytes as they are and in hexadecimal: to look for what must not be there. */
    async dump(database) {
        const args = ['--no-defaults', `--socket=${this.socket}`, '--user=root', '--single-transaction', '--no-create-info',
            '--default-character-set=utf8mb4', '--skip-extended-insert'];
        const raw = await mustRun('mariadb-dump', [...args, database]);
        return raw + await mustRun('mariadb-dump', [...args, '--hex-blob', database]);
    }

    /** A new, empty database with a user who may do everything in it and nothing elsewhere. */
    async createDatabase(name = `quire_${process.pid}_${++this.databases}`) {
        const quoted = PASSWORD.replace(/['\\]/g, '\\$&');
        await this.query(`CREATE DATABASE ${name};
            CREATE USER '${name}'@'${this.from}' IDENTIFIED BY '${quoted}';
            GRANT ALL ON ${name}.* TO '${name}'@'${this.from}';`);
        return { name, user: name, password: PASSWORD };
    }

    async dropDatabase({ name, user }) {
        await this.query(`DROP DATABASE IF EXISTS ${name}; DROP USER IF EXISTS '${user}'@'${this.from}'`);
    }

    /** Ends every connection of a user, as an administrator would. */
    async killConnections(user) {
        await this.query(`KILL CONNECTION USER '${user}'@'${this.from}'`);
    }
}

const ESCAPES = { n: '\n', t: '\t', 0: '\0', '\\': '\\' };

function unescape(cell) {
    return cell === 'NULL' ? null : cell.replace(/\\([nt0\\])/g, (_, c) => ESCAPES[c]);
}
