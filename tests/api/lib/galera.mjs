// galera: three MariaDB servers that are one database, on loopback, in temporary folders, with Debian's galera-4.
//
// All three begin with the same data and say that they know the same state, so that nothing has to be copied when they
// find each other. A silent node is given up after Galera's own times, 5 s and 15 s, or after the shorter ones of hasten().
//
//     const cluster = await startCluster();
//     await cluster.nodes[1].stop('SIGKILL');         // a node is a Server of mariadb.mjs, with host ("127.0.0.1:port")
//     await cluster.isolate(cluster.nodes[2]);        // nobody in the group hears of it any more; clients reach it still
//     await cluster.whole(2);                         // waits until two are in the group and serve
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { newServer } from './mariadb.mjs';
import { freePort } from './nginx.mjs';
import { environment, root, run, until } from './processes.mjs';

const PROVIDERS = ['/usr/lib/galera/libgalera_smm.so', '/usr/lib64/galera-4/libgalera_smm.so',
    '/usr/lib64/galera/libgalera_smm.so'];
const TIMES = 'evs.keepalive_period=PT0.3S;evs.inactive_check_period=PT0.3S;gcache.size=256M';
const SHORT_TIMES = 'evs.suspect_timeout=PT1.5S;evs.inactive_timeout=PT4S;evs.install_timeout=PT2S';

const BEGIN = ['--wsrep-new-cluster'];

/** Starts it. Options: nodes (how many). */
export async function startCluster({ nodes: count = 3 } = {}) {
    const provider = PROVIDERS.find(existsSync);
    if (provider === undefined) {
        throw new Error('there is no libgalera_smm.so: run scripts/deps test');
    }
    const cluster = new Cluster();
    const places = [];
    for (let i = 0; i < count; i++) {
        places.push({ sql: await freePort(), group: await freePort(), transfer: await freePort() });
    }
    const env = environment();
    env.PATH = `${join(root, 'tests/api/lib/galera')}:${env.PATH}`;
    for (const place of places) {
        const flags = ['--skip-networking=0', '--bind-address=127.0.0.1', `--port=${place.sql}`, '--binlog-format=ROW',
            '--default-storage-engine=InnoDB', '--innodb-autoinc-lock-mode=2', '--wsrep-on=ON', `--wsrep-provider=${provider}`,
            `--wsrep-cluster-address=gcomm://${places.map(({ group }) => `127.0.0.1:${group}`).join(',')}`,
            '--wsrep-node-address=127.0.0.1', `--wsrep-node-name=n${place.sql}`, '--wsrep-sst-method=folder',
            '--wsrep-provider-options=gmcast.listen_addr=tcp://127.0.0.1:' + place.group
            + `;ist.recv_addr=127.0.0.1:${place.transfer};base_host=127.0.0.1;base_port=${place.group};${TIMES}`];
        const node = await newServer({ flags, like: cluster.nodes[0] ?? null });
        node.host = `127.0.0.1:${place.sql}`;
        node.from = '127.0.0.1';
        node.env = env;
        if (cluster.nodes.length === 0) {
            await node.start(BEGIN); // its data then say how far they have come, and all copies with them
            await node.stop();
        }
        cluster.nodes.push(node);
    }
    await cluster.nodes[0].start(BEGIN);
    await Promise.all(cluster.nodes.slice(1).map((node) => node.start()));
    await cluster.whole(count);
    return cluster;
}

class Cluster {
    constructor() {
        this.nodes = [];
    }

    /** What DB_HOSTS says, beginning with node `first`. */
    hosts(first = 0) {
        return [...this.nodes.slice(first), ...this.nodes.slice(0, first)].map(({ host }) => host).join(',');
    }

    /** One of a node's status variables. */
    async status(node, name) {
        return (await node.query(`SHOW GLOBAL STATUS LIKE '${name}'`))[0]?.Value;
    }

    /** Waits until the living nodes that are not stopped see `count` of them in the group, and serve. */
    async whole(count, patience = 30000) {
        const inGroup = async (node) => node.child?.alive() && await this.status(node, 'wsrep_ready') === 'ON'
            && await this.status(node, 'wsrep_cluster_size') === String(count)
            && await this.status(node, 'wsrep_local_state_comment') === 'Synced';
        await until(`${count} nodes are a group`, async () => {
            const well = await Promise.all(this.nodes.map((node) => inGroup(node).catch(() => false)));
            return well.filter(Boolean).length === count;
        }, { patience, every: 100 });
    }

    /** From now on a silent node is noticed in 1.5 s and given up after 4 s: a machine that stands still as long breaks
     * the group, so this is for those who break it themselves. A node that is started later has it, too. */
    async hasten() {
        for (const node of this.nodes) {
            await node.query(`SET GLOBAL wsrep_provider_options = '${SHORT_TIMES}'`);
            node.args = node.args.map((arg) => arg.startsWith('--wsrep-provider-options=') ? `${arg};${SHORT_TIMES}` : arg);
        }
    }

    /** Cuts a node off from the others, or joins it again. */
    async isolate(node, on = true) {
        await node.query(`SET GLOBAL wsrep_provider_options = 'gmcast.isolate=${on ? 1 : 0}'`);
    }

    /** Starts a node that was killed: it finds out how far it had come, and the others give it what it has missed. */
    async restart(node) {
        const { stdout, stderr } = await run('mariadbd', [...node.args, '--wsrep-recover'], { env: node.env });
        const position = (stdout + stderr).match(/Recovered position:? ([0-9a-f-]+:-?\d+)/)?.[1];
        if (position === undefined) {
            throw new Error(`no position was recovered:\n${stderr.slice(-2000)}`);
        }
        await node.start([`--wsrep-start-position=${position}`]);
    }

    async stop() {
        await Promise.all(this.nodes.filter((node) => node.child?.alive()).map((node) => node.stop('SIGKILL')));
    }
}
