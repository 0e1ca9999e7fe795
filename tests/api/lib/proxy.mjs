// proxy: stands between the program and the database and cuts the connection at a chosen command: before the server
// has seen it; after the server has done it and before the program hears of that; or within the answer, so that the
// program sees all of it but the last bytes.
//
// It reads the client's side of the protocol (packets of 3 bytes of length, a number, and a payload; a command has
// the number 0) and nothing else; TLS and compression are not spoken on a local socket.
//
//     const proxy = await startProxy(join(folder(), 'p'), server.socket);
//     proxy.arm(3, 'after');                       // the third command from now on
//     …
//     proxy.commands                               // ['BEGIN', 'execute', 'COMMIT'] since arm() or watch()
import net from 'node:net';

const KINDS = { 0x03: 'query', 0x16: 'prepare', 0x17: 'execute' };

/** path: where to listen; target: the database's socket. */
export async function startProxy(path, target) {
    const proxy = new Proxy();
    const server = net.createServer((client) => proxy.join(client, net.connect(target)));
    await new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(path, resolve);
    });
    server.unref();
    return proxy;
}

class Proxy {
    constructor() {
        this.watch();
    }

    /** Counts the commands from now on and lets all pass. */
    watch() {
        this.arm(0, null);
    }

    /**
     * Cuts at the command number `at` from now on; when: 'before', 'after' or 'within'. More `times` than once: counted anew
     * behind each cut. `fired` when all are done.
     */
    arm(at, when, times = 1) {
        this.commands = [];
        this.at = at;
        this.when = when;
        this.left = times;
        this.fired = false;
    }

    join(client, server) {
        let pending = Buffer.alloc(0);
        let doomed = false; // the server's next word is the last
        const cut = () => {
            client.destroy();
            server.destroy();
        };
        client.on('data', (data) => {
            pending = Buffer.concat([pending, data]);
            for (let length; pending.length >= 4 && pending.length >= (length = 4 + pending.readUIntLE(0, 3));) {
                const packet = pending.subarray(0, length);
                pending = pending.subarray(length);
                const hit = this.#isHit(packet);
                if (hit && this.when === 'before') {
                    return cut();
                }
                doomed ||= hit;
                server.write(packet);
            }
            return undefined;
        });
        server.on('data', (data) => {
            if (doomed && this.when === 'within') {
                client.end(data.subarray(0, -1), cut);
            } else if (doomed) {
                cut();
            } else {
                client.write(data);
            }
        });
        for (const [from, to] of [[client, server], [server, client]]) {
            from.on('error', () => {});
            from.on('close', () => to.destroy());
        }
        client.unref();
        server.unref();
    }

    #isHit(packet) {
        const kind = packet[3] === 0 ? KINDS[packet[4]] : undefined;
        if (kind === undefined) {
            return false;
        }
        this.commands.push(kind === 'query' ? packet.subarray(5).toString() : kind);
        if (this.fired || this.commands.length !== this.at) {
            return false;
        }
        this.left -= 1;
        this.fired = this.left === 0;
        if (!this.fired) {
            this.commands = [];
        }
        return true;
    }
}
