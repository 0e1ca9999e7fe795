// The units for systemd: systemd itself reads them and finds nothing to say, and judges how much they leave a service.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, folder, root, run } from './lib/processes.mjs';
import { quireBin } from './lib/site.mjs';
import { test } from './lib/test.mjs';

const POOLS = ['web', 'login', 'long', 'read'];
// What systemd-analyze calls the exposure, of 10, in tenths: 11 when this was written. What remains is the network, the
// unix sockets, and that there is no image of a root file system of its own.
const MOST_EXPOSED = 11;
// Who hashes a password may call sched_setaffinity and sched_setattr, of the group @resources.
const MOST_EXPOSED_LOGIN = 12;
// nginx begins as root, with seven of its capabilities, and is known by the whole world.
const MOST_EXPOSED_NGINX = 26;

/** The units as they are installed, with the program under test in them, and the instances of the templates. */
function install() {
    const dir = join(folder(), 'units');
    mkdirSync(dir);
    for (const name of readdirSync(join(root, 'conf')).filter((name) => /^quire.*\.(service|socket|target)$/.test(name))) {
        const text = readFileSync(join(root, 'conf', name), 'utf8').replaceAll('/usr/local/bin/quire', quireBin);
        const names = name.includes('@') ? POOLS.map((pool) => name.replace('@', `@${pool}`)) : [name];
        for (const each of [name, ...names]) {
            writeFileSync(join(dir, each), text);
        }
    }
    for (const name of readdirSync(join(root, 'conf')).filter((name) => name.endsWith('.d'))) {
        cpSync(join(root, 'conf', name), join(dir, name), { recursive: true });
    }
    return dir;
}

const dir = install();
const units = readdirSync(dir).filter((name) => !name.includes('@.') && !name.endsWith('.d'));
const services = units.filter((name) => name.endsWith('.service'));
const analyze = (args) => run('systemd-analyze', args, { env: environment({ SYSTEMD_UNIT_PATH: `${dir}:` }) });

test('systemd understands every line', async () => {
    assert.equal(units.length, 4 + 4 + 4);
    const done = await analyze(['verify', '--man=no', ...units]);
    assert.deepEqual([done.code, done.stdout, done.stderr], [0, '', '']);
});

test('a line that systemd does not understand would have been found', async () => {
    const broken = join(dir, 'broken.service');
    writeFileSync(broken, `${readFileSync(join(dir, 'quire-work.service'), 'utf8')}\n[Service]\nProtectEverything=yes\n`);
    assert.match((await analyze(['verify', '--man=no', broken])).stderr, /ProtectEverything/);
});

for (const service of services) {
    test(`${service} is left no more than it needs`, async () => {
        const most = { 'quire-nginx.service': MOST_EXPOSED_NGINX, 'quire@login.service': MOST_EXPOSED_LOGIN }[service] ?? MOST_EXPOSED;
        const done = await analyze(['security', '--offline=true', '--no-pager', `--threshold=${most}`, join(dir, service)]);
        assert.equal(done.code, 0, `${done.stdout.split('\n').filter((line) => /^✗|^→/.test(line)).join('\n')}${done.stderr}`);
    });
}

test('who hashes passwords may give way, and nobody else', async () => {
    for (const pool of POOLS) {
        const done = await analyze(['security', '--offline=true', '--no-pager', join(dir, `quire@${pool}.service`)]);
        assert.equal(/✗ SystemCallFilter=~@resources/.test(done.stdout), pool === 'login', pool);
    }
    const lines = readFileSync(join(dir, 'quire@login.service.d/give-way.conf'), 'utf8').split('\n');
    for (const line of ['SystemCallFilter=sched_setaffinity sched_setattr', 'CPUWeight=33', 'Slice=system.slice']) {
        assert.ok(lines.includes(line), line);
    }
});

test('a service without its restrictions would have been found', async () => {
    const bare = join(dir, 'bare.service');
    writeFileSync(bare, '[Service]\nExecStart=/bin/true\nUser=quire\n');
    const args = ['security', '--offline=true', '--no-pager', `--threshold=${MOST_EXPOSED}`, bare];
    assert.notEqual((await analyze(args)).code, 0);
});
