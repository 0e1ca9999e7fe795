// nginx: the real one, with the project's nginx.conf.example filled in, on a free port of the loopback.
//
//     const nginx = await startNginx({ dir, socket, webRoot, settings: { CORS_ORIGINS: 'http://localhost:3000' } });
//     nginx.port; await nginx.stop();
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import net from 'node:net';
import { join } from 'node:path';
import { environment, mustRun, root, start, tail, until } from './processes.mjs';

/** A port that was free a moment ago. */
export function freePort() {
    return new Promise((resolve, reject) => {
        const server = createServer();
        server.once('error', reject);
        server.listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}

/**
 * dir: an existing folder for its files; socket: the pool's; webRoot: the static files; settings: for
 * scripts/nginx-conf; at: the port to listen on, when it must be a certain one; edit: what an operator changes in
 * nginx.conf. Returns { port, child, accessLog, errorLog, conf, stop() }.
 */
export async function startNginx({ dir, socket, webRoot, settings = {}, at = undefined, edit = (text) => text }) {
    mkdirSync(join(dir, 'nginx'), { recursive: true });
    const runDir = join(dir, 'nginx');
    const conf = join(runDir, 'nginx.conf');
    const errorLog = join(runDir, 'nginx-error.log');
    for (let attempt = 1; ; ++attempt) {
        const port = at ?? await freePort();
        writeFileSync(conf, edit(await mustRun(join(root, 'scripts/nginx-conf'), [], {
            env: environment({
                QUIRE_SOCKET: socket,
                QUIRE_WEB_ROOT: webRoot,
                QUIRE_RUN_DIR: runDir,
                QUIRE_LISTEN: `127.0.0.1:${port}`,
                QUIRE_MEDIA_DIR: join(dir, 'media'),
                QUIRE_LOGIN_RATE: 'off', QUIRE_REGISTER_RATE: 'off', QUIRE_REFRESH_RATE: 'off',
                // Tests read what they have just written, as anybody; those of the cache switch it on.
                QUIRE_CACHE: 'off',
                QUIRE_MAIL_RATE: 'off', QUIRE_GENERATE_RATE: 'off',
                ...settings,
            }),
        })));
        const child = start('nginx', ['-e', errorLog, '-p', runDir, '-c', conf, '-g', 'daemon off;'],
            { log: join(runDir, 'stderr.log') });
        try {
            await until('nginx accepts', () => {
                if (!child.alive()) {
                    throw new Error(`nginx ended: ${tail(errorLog)}`);
                }
                return accepts(port);
            });
            return {
                port, child, conf, errorLog, accessLog: join(runDir, 'nginx-access.log'),
                stop: (signal = 'SIGTERM') => child.stop(signal),
            };
        } catch (error) {
            await child.stop('SIGKILL');
            if (attempt === 3) { // another process may have taken the port in between
                throw error;
            }
        }
    }
}

/** Whether somebody listens on a port of the loopback. */
export function accepts(port) {
    return new Promise((resolve) => {
        const socket = net.connect(port, '127.0.0.1');
        socket.once('connect', () => resolve(socket.destroy() !== null));
        socket.once('error', () => resolve(false));
    });
}
