// Four of Quire's endpoints in Fastify: a cluster of processes, mysql2 with prepared statements and a pool of connections,
// @fastify/jwt, bcrypt. Used by tests/bench/compare alone.
//
//     node server.js SOCKET PROCESSES     settings as Quire's: DB_SOCKET DB_USER DB_PASSWORD DB_NAME SECRET_KEY
import cluster from 'node:cluster';
import Fastify from 'fastify';
import formbody from '@fastify/formbody';
import { loginRoutes } from './login.js';
import { openDatabase } from './database.js';
import { postRoutes } from './posts.js';
import { useTokens } from './token.js';

const [socket, processes] = process.argv.slice(2);

async function serve() {
    const app = Fastify({
        bodyLimit: 1024 * 1024,
        forceCloseConnections: true,
        ajv: { customOptions: { coerceTypes: false } },
    });
    app.decorate('db', openDatabase());
    app.setErrorHandler((error, request, reply) => {
        const status = error.validation ? 422 : (error.statusCode ?? 500);
        if (status >= 500) {
            console.error(error);
        }
        reply.code(status).send({ detail: status >= 500 ? 'Internal Server Error' : error.message });
    });
    await app.register(formbody);
    await useTokens(app);
    app.register(postRoutes, { prefix: '/api/v1/posts' });
    app.register(loginRoutes, { prefix: '/api/v1/login' });
    await app.listen({ path: socket });
    process.on('SIGTERM', async () => {
        await app.close();
        await app.db.end();
        process.exit(0);
    });
}

if (cluster.isPrimary) {
    for (let i = 0; i < Number(processes); i++) {
        cluster.fork();
    }
    // Who loses a process has failed, unless that was asked for; the last one closes the door.
    let status = 1;
    cluster.on('exit', () => {
        if (status === 1 || Object.keys(cluster.workers).length === 0) {
            process.exit(status);
        }
    });
    process.on('SIGTERM', () => {
        status = 0;
        for (const worker of Object.values(cluster.workers)) {
            worker.process.kill('SIGTERM');
        }
    });
} else {
    await serve();
}
