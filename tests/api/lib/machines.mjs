// machines: several machines that serve one site, as a test sees them: each a pool of workers with an nginx in front and
// settings of its own, all on the site's database and its folders.
//
//     const [first, second] = await startMachines(site, [{ DB_HOSTS: 'a,b' }, { DB_HOSTS: 'b,a' }]);
//     await first.client.post('/posts', { title: 't', content: 'c' }, { token: ada.token });
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after } from 'node:test';
import { join } from 'node:path';
import { Client } from './client.mjs';
import { startNginx } from './nginx.mjs';
import { environment, root, start, tail, until } from './processes.mjs';
import { quireBin } from './site.mjs';

/** settings: a list, of each machine what is special. They end after the last test of the file. */
export async function startMachines(site, settings) {
    const machines = settings.map((own, i) => new Machine(site, own, `m${i}`));
    after(() => Promise.all(machines.map((machine) => machine.stop())));
    await Promise.all(machines.map((machine) => machine.start()));
    return machines;
}

class Machine {
    constructor(site, own, name) {
        this.site = site;
        this.dir = join(site.dir, name);
        mkdirSync(this.dir);
        this.socket = join(this.dir, 'app.sock');
        this.settings = { ...site.settings, ...own, LISTEN: `unix:${this.socket}` };
        this.log = join(this.dir, 'quire.log');
    }

    /** The program with this machine's settings. */
    child(args, log) {
        return start(quireBin, args, { env: environment(this.settings), cwd: this.dir, log });
    }

    async start() {
        this.pool = this.child(['serve'], this.log);
        this.front = await startNginx({ dir: this.dir, socket: this.socket, webRoot: join(root, 'app/web'),
            settings: { CORS_ORIGINS: this.settings.CORS_ORIGINS } });
        this.client = new Client(this.front.port, { secrets: this.site.passwords, recorder: this.site.recorder });
        await until('a machine is ready', async () => (await this.client.get('//health/ready')).status === 200);
    }

    async stop() {
        this.client?.close();
        const ends = await Promise.all([this.pool, this.work].map((child) => child?.alive() && child.stop('SIGTERM', 40000)));
        await this.front?.stop('SIGQUIT');
        for (const how of ends.filter(Boolean)) {
            assert.ok(how.code === 0, `quire ended with ${how.code ?? how.signal}:\n${tail(this.log)}`);
        }
    }
}
