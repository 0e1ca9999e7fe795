// smtp: a real SMTP server (aiosmtpd, lib/smtpd.py) with STARTTLS by a certificate of its own making, and the mails that
// it was given, taken apart.
//
//     const server = await startSmtp();
//     … SMTP_URL=server.url, SMTP_CA=server.ca …
//     await server.script({ rcpt: ['451 later', '250 OK'] });      // and forgets what it has seen
//     const mail = await server.mail();                            // the next one that it has taken: { to, subject, … }
//     await server.stop(); await server.start();                   // on the same port
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { environment, folder, mustRun, until } from './processes.mjs';

const program = join(dirname(fileURLToPath(import.meta.url)), 'smtpd.py');

let servers = 0;

/** The server, listening. */
export async function startSmtp() {
    const server = new SmtpServer();
    await server.certify();
    await server.start();
    return server;
}

class SmtpServer {
    #child = null;
    #dir = join(folder(), `smtp${++servers}`);
    #script = {};

    constructor() {
        this.port = 0;
        this.events = [];
        this.accepted = 0; // messages that it has answered with 250, since ever
        mkdirSync(this.#dir);
        this.ca = join(this.#dir, 'cert.pem');
        this.key = join(this.#dir, 'key.pem');
    }

    get url() {
        return `smtp://127.0.0.1:${this.port}`;
    }

    /** The certificate of 127.0.0.1, signed by itself. */
    certify() {
        return mustRun('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1',
            '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', this.key, '-out', this.ca]);
    }

    /** Listens; on the same port again after stop(). It ends with this process, whatever happens: its input ends then. */
    async start() {
        this.#child = spawn('/usr/bin/python3', [program, this.ca, this.key, ...this.port ? [String(this.port)] : []],
            { env: environment(), stdio: ['pipe', 'pipe', 'inherit'] });
        this.#child.unref();
        this.#child.stdin.unref();
        this.#child.stdout.unref();
        createInterface({ input: this.#child.stdout }).on('line', (line) => {
            const said = JSON.parse(line);
            this.port = said.port ?? this.port;
            this.events.push(said);
            this.accepted += said.event === 'data' && said.said.startsWith('250') && this.#script.hang !== 'end' ? 1 : 0;
        });
        await until('the SMTP server listens', () => this.events.some(({ port }) => port));
        await this.script(this.#script);
    }

    /** What it does from now on (lib/smtpd.py); what it has seen is forgotten. */
    async script(script) {
        this.#script = script;
        this.events = [];
        this.#child.stdin.write(`${JSON.stringify(script)}\n`);
        await until('the SMTP server knows its script', () => this.of('script').length > 0);
    }

    /** What has happened of a kind since script(). */
    of(kind) {
        return this.events.filter(({ event }) => event === kind);
    }

    /** The messages that it has answered with 250, parsed. */
    taken() {
        return this.of('data').filter(({ said }) => said.startsWith('250')).map((seen) => ({ ...seen, ...parse(seen.content) }));
    }

    /** Message number n that was taken since script(), waited for. */
    async mail(n = 1) {
        await until(`mail ${n} has come`, () => this.taken().length >= n);
        return this.taken()[n - 1];
    }

    /** Ends it at once, with every connection. */
    async stop() {
        const ended = new Promise((resolve) => {
            this.#child.once('exit', resolve);
        });
        this.#child.ref();
        this.#child.kill('SIGKILL');
        await ended;
        this.events = [];
    }
}

/** A message of ours: headers (names in lower case), subject, text, html, and the token of its link. */
export function parse(content) {
    assert.ok(!/[^\r]\n/.test(content), 'a bare LF');
    const { headers, body } = split(content);
    const [, boundary] = /^multipart\/alternative; boundary="([^"]+)"$/.exec(headers['content-type']);
    const parts = body.split(`--${boundary}`);
    assert.equal(parts.length, 4, content);
    assert.match(parts[3], /^--\r\n$/);
    const [text, html] = parts.slice(1, 3).map((part) => {
        const one = split(part.replace(/^\r\n/, ''));
        assert.equal(one.headers['content-transfer-encoding'], 'quoted-printable');
        assert.ok(one.body.split('\r\n').every((line) => line.length <= 76), 'a line that is too long');
        return quotedPrintable(one.body);
    });
    const [, link, token] = /^(\S+#token=(\S+))$/m.exec(text);
    return { headers, subject: headers.subject, text, html, link, token };
}

function split(text) {
    const end = text.indexOf('\r\n\r\n');
    const lines = text.slice(0, end).replace(/\r\n[ \t]/g, ' ').split('\r\n');
    const pairs = lines.map((line) => /^([!-9;-~]+): (.*)$/.exec(line)).map(([, name, value]) => [name.toLowerCase(), value]);
    assert.equal(new Set(pairs.map(([name]) => name)).size, pairs.length, 'a header twice');
    return { headers: Object.fromEntries(pairs), body: text.slice(end + 4) };
}

function quotedPrintable(text) {
    const bytes = text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    return Buffer.from(bytes, 'latin1').toString('utf8').replace(/\r\n/g, '\n');
}
