// load: many clients that ask for the same thing again and again, and note every answer that is not 200.
//
//     const load = new Load(site.front.port, '/api/v1/posts?limit=1');
//     … do something to the pool …
//     const { done, failed } = await load.stop();
//     assert.deepEqual(failed, []);
import http from 'node:http';

export class Load {
    constructor(port, path, { clients = 16 } = {}) {
        this.port = port;
        this.path = path;
        this.done = 0;
        this.failed = [];
        this.running = true;
        this.agent = new http.Agent({ keepAlive: true, maxSockets: clients });
        this.clients = Array.from({ length: clients }, () => this.#loop());
    }

    async #loop() {
        while (this.running) {
            const how = await this.#ask();
            if (how === 200) {
                this.done++;
            } else {
                this.failed.push(how);
                await new Promise((resolve) => setTimeout(resolve, 10)); // a load that nobody stops eats no processor
            }
        }
    }

    #ask() {
        return new Promise((resolve) => {
            const { port, path, agent } = this;
            const request = http.get({ host: '127.0.0.1', port, path, agent }, (response) => {
                response.on('error', (error) => resolve(error.code));
                response.on('end', () => resolve(response.statusCode));
                response.resume();
            });
            request.on('error', (error) => resolve(error.code));
        });
    }

    /** Resolves when `count` more requests have been answered well. */
    async more(count, { patience = 30000 } = {}) {
        const goal = this.done + count;
        const end = Date.now() + patience;
        while (this.done < goal) {
            if (Date.now() > end) {
                throw new Error(`${goal - this.done} of ${count} requests are missing after ${patience} ms`);
            }
            await new Promise((resolve) => setTimeout(resolve, 10));
        }
    }

    async stop() {
        this.running = false;
        await Promise.all(this.clients);
        this.agent.destroy();
        return { done: this.done, failed: this.failed };
    }
}
