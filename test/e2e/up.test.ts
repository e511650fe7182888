/**
 * `up` on a machine with real traffic: one that pings once in ten seconds, one that may not capture, one under sudo.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  chownSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Health } from '../../src/api/health.ts';
import { readExposition } from '../../src/publish/exposition.fixture.ts';
import type { Network } from './namespaces.ts';
import { buildNetwork, namespacesMissing } from './namespaces.ts';

// What a packet capture sees, with the verdicts of the model; observation has tests of its own.
process.env['FLOWGAUGE_OBSERVE'] = 'no';

const missing = namespacesMissing(['tcpdump', 'ping', 'setpriv']);
const root = fileURLToPath(new URL('../..', import.meta.url));
const NOBODY = 65_534;
/** For a state that never comes; windows close each minute. */
const TIMEOUT_MILLIS = 170_000;

let network: Network;
let scratch = '';

before(() => {
  if (missing !== null) return;
  scratch = mkdtempSync(join(tmpdir(), 'flowgauge-up-'));
  chmodSync(scratch, 0o755);
  network = buildNetwork();
});

after(async () => {
  if (missing !== null) return;
  await network.remove();
  rmSync(scratch, { recursive: true, force: true });
});

/** What a child has said so far, and a wait for words to come. */
function listen(child: ChildProcess): { text(): string; says(words: string): Promise<void> } {
  let text = '';
  const waiting = new Set<() => void>();
  const more = (chunk: Buffer): void => {
    text += chunk.toString();
    for (const look of waiting) look();
  };
  child.stdout!.on('data', more);
  child.stderr!.on('data', more);
  return {
    text: () => text,
    says: (words) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!text.includes(words)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        child.once('exit', () => reject(new Error(`ended without "${words}": ${text}`)));
        look();
      }),
  };
}

/** What the server of a namespace answers. */
function page(host: 'a' | 'b', path: string): string {
  const ask = `fetch('http://127.0.0.1:8350${path}').then((answer) => answer.text()).then((text) => process.stdout.write(text))`;
  return network.run(host, [join(root, 'bin/node'), '-e', ask]);
}

function objects(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.log.gz'))
    .map((name) => join(directory, name));
}

function records(directory: string): string[][] {
  return objects(directory).flatMap((path) =>
    gunzipSync(readFileSync(path))
      .toString()
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(' ')),
  );
}

test(
  'flow logs of a host that pings every ten seconds: first answer, a device that comes later, exact counts at the end',
  {
    skip: missing ?? false,
    timeout: TIMEOUT_MILLIS,
  },
  async () => {
    const data = join(scratch, 'data');
    const ping = network.start('a', ['ping', '-i', '10', network.b.address4]);
    const up = network.start('a', [join(root, 'bin/flowgauge'), 'up', '--data', data]);
    const said = listen(up);
    await said.says('Interfaces: eth0');
    await said.says('top talkers');
    assert.deepEqual(JSON.parse(page('a', '/health')), { status: 'ok', reasons: [] });
    const { samples } = readExposition(page('a', '/metrics'));
    const stages = [...samples.keys()].flatMap((name) => /^(.*)_in_total(.*)$/u.exec(name)?.slice(1) ?? []);
    assert.equal(stages.length, 2 * 6);
    for (let at = 0; at < stages.length; at += 2) {
      const [name, labels] = stages.slice(at) as [string, string];
      const of = (kind: string): number => samples.get(`${name}${kind}${labels}`)!;
      const own = `${name}_lost_total{${labels === '' ? '' : `${labels.slice(1, -1)},`}`;
      const lost = [...samples].filter(([sample]) => sample.startsWith(own)).reduce((sum, [, value]) => sum + value, 0);
      assert.equal(
        of('_in_total'),
        of('_total') + of('_held') + lost,
        `${name}: ${of('_in_total')} ${of('_total')} ${of('_held')} ${lost}`,
      );
      assert.ok(of('_in_total') > 0, name);
    }
    network.run('a', ['ip', 'link', 'add', 'later0', 'type', 'veth', 'peer', 'name', 'later1']);
    network.run('a', ['ip', 'addr', 'add', '10.88.0.1/24', 'dev', 'later0']);
    for (const end of ['later0', 'later1']) network.run('a', ['ip', 'link', 'set', end, 'up']);
    await said.says('later0');
    up.kill('SIGINT');
    const [code] = (await once(up, 'exit')) as [number | null];
    assert.equal(code, 0, said.text());
    const all = records(join(data, 'bucket'));
    const ok = all.filter((record) => record[13] === 'OK');
    assert.ok(ok.some((record) => record[3] === network.a.address4 && record[7] === '1'));
    const packets = ok.reduce((sum, record) => sum + Number(record[8]), 0);
    // ARP, ND and MLD are seen and not recorded; everything else of the ping is.
    assert.match(said.text(), new RegExp(`Stopped: \\d+ packets seen, ${all.length} records`));
    assert.ok(packets >= 2);
    const program = join(root, 'bin/flowgauge');
    const verified = spawnSync(program, ['ledger', 'verify', '--from', data, '--json'], { encoding: 'utf8' });
    assert.equal(verified.status, 0, verified.stdout);
    const { records: inLedger, windows } = JSON.parse(verified.stdout) as {
      records: number;
      windows: { counted: number; uncounted: number };
    };
    assert.deepEqual([inLedger, windows.counted, windows.uncounted], [all.length, packets, 0]);
    const asked = [
      'why-no-record',
      network.a.address4,
      '--from',
      data,
      '--port',
      '4444',
      '--protocol',
      'udp',
      '--json',
    ];
    const why = spawnSync(program, [...asked, '--data', data], { encoding: 'utf8' });
    assert.equal(why.status, 0, why.stderr);
    const { interfaceIds, reasons } = JSON.parse(why.stdout) as {
      interfaceIds: string[];
      reasons: { reason: string }[];
    };
    assert.equal(interfaceIds.length, 1);
    assert.ok(
      reasons.some(({ reason }) => reason === 'no-packets' || reason === 'not-running'),
      why.stdout,
    );
    assert.deepEqual(
      readdirSync(join(data, 'spool')).filter((name) => name.endsWith('.open')),
      [],
    );
    assert.equal(spawnSync('pgrep', ['-f', data]).status, 1, 'no process is left');
    ping.kill();
    await once(ping, 'exit');
  },
);

test(
  'where it may not capture a demo goes the whole way, and Ctrl-C ends well',
  { skip: missing ?? false, timeout: TIMEOUT_MILLIS },
  async () => {
    const home = join(scratch, 'nobody');
    mkdirSync(home);
    chownSync(home, NOBODY, NOBODY);
    const up = spawn(
      'setpriv',
      [
        '--reuid',
        String(NOBODY),
        '--regid',
        String(NOBODY),
        '--clear-groups',
        '--inh-caps=-all',
        '--bounding-set=-all',
        join(root, 'bin/flowgauge'),
        'up',
        '--data',
        join(home, 'data'),
        '--port',
        '0',
      ],
      {
        env: { ...process.env, HOME: home, NODE_COMPILE_CACHE: join(home, 'cache') },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const said = listen(up);
    await said.says('Cannot capture here');
    await said.says('DEMO');
    await said.says('Ask again');
    const [, url] = /^Server: (\S+)/mu.exec(said.text())!;
    const health = await fetch(`${url}/health`);
    assert.deepEqual(
      [health.status, ((await health.json()) as Health).reasons.map(({ reason }) => reason)],
      [503, ['may-not-capture']],
    );
    up.kill('SIGINT');
    const askedMillis = performance.now();
    const [code] = (await once(up, 'exit')) as [number | null];
    assert.equal(code, 0, said.text());
    assert.ok(performance.now() - askedMillis < 5000, 'it does not wait until it would have looked again');
    const all = records(join(home, 'data', 'demo'));
    assert.ok(all.some((record) => record[12] === 'ACCEPT'));
    assert.ok(all.some((record) => record[12] === 'REJECT'));
  },
);

test(
  'through sudo everything but the capture belongs to the calling user',
  { skip: missing ?? false, timeout: TIMEOUT_MILLIS },
  async () => {
    const home = join(scratch, 'sudo');
    mkdirSync(home);
    chownSync(home, NOBODY, NOBODY);
    const data = join(home, 'data');
    const up = network.start('b', [
      'env',
      `SUDO_UID=${NOBODY}`,
      `SUDO_GID=${NOBODY}`,
      `HOME=${home}`,
      join(root, 'bin/flowgauge'),
      'up',
      '--data',
      data,
    ]);
    const said = listen(up);
    await said.says('Interfaces: eth0');
    // Each command between us and `up` becomes the next by exec, so the pid is that of `up` itself.
    const children = spawnSync('pgrep', ['-P', String(up.pid)], { encoding: 'utf8' })
      .stdout.trim()
      .split('\n');
    const ours = [String(up.pid), ...children].filter(
      (pid) => !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('privileged'),
    );
    assert.equal(ours.length, 2);
    for (const pid of ours) {
      const uids = /^Uid:\s+(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]!.split(/\s+/);
      assert.deepEqual([...new Set(uids)], [String(NOBODY)], readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    }
    network.run('a', ['ping', '-c', '3', '-i', '0.2', network.b.address4]);
    up.kill('SIGINT');
    const [code] = (await once(up, 'exit')) as [number | null];
    assert.equal(code, 0, said.text());
    const packets = records(join(data, 'bucket'))
      .filter((record) => record[7] === '1')
      .reduce((sum, record) => sum + Number(record[8]), 0);
    assert.equal(packets, 6);
    for (const path of objects(join(data, 'bucket'))) assert.equal(statSync(path).uid, NOBODY);
  },
);

for (const victim of ['tcpdump', 'the process that runs it'])
  test(
    `a capture of which somebody kills ${victim} is told as what it is`,
    { skip: missing ?? false, timeout: TIMEOUT_MILLIS },
    async () => {
      const data = join(scratch, victim === 'tcpdump' ? 'killed' : 'orphaned');
      const up = network.start('b', [join(root, 'bin/flowgauge'), 'up', '--data', data]);
      const said = listen(up);
      await said.says('Interfaces: eth0');
      const childrenOf = (pid: string): string[] =>
        spawnSync('pgrep', ['-P', pid], { encoding: 'utf8' })
          .stdout.trim()
          .split('\n')
          .filter((child) => child !== '');
      const isTcpdump = (pid: string): boolean => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'tcpdump';
      const keeper = childrenOf(String(up.pid)).find((pid) => childrenOf(pid).some(isTcpdump))!;
      const tcpdump = childrenOf(keeper).find(isTcpdump)!;
      process.kill(Number(victim === 'tcpdump' ? tcpdump : keeper), 'SIGKILL');
      const [code] = (await once(up, 'close')) as [number | null];
      assert.equal(code, 1, said.text());
      assert.match(said.text(), /FG_CAPTURE_ENDED/);
      assert.equal(spawnSync('pgrep', ['-f', data]).status, 1, 'no process is left');
      // Nobody reads any more: when it next writes out what it holds, it ends.
      network.run('b', ['ping', '-c', '60', '-i', '0.01', network.a.address4]);
      while (existsSync(`/proc/${tcpdump}`)) await nextTurn();
    },
  );

test(
  'a user with capabilities captures, and only the process that runs tcpdump keeps them',
  { skip: missing ?? false, timeout: TIMEOUT_MILLIS },
  async () => {
    const home = join(scratch, 'capable');
    mkdirSync(home);
    chownSync(home, NOBODY, NOBODY);
    const data = join(home, 'data');
    const two = '-all,+net_raw,+net_admin';
    const user = ['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups'];
    const rights = [`--inh-caps=${two}`, `--ambient-caps=${two}`, `--bounding-set=${two}`];
    const command = ['env', `HOME=${home}`, join(root, 'bin/flowgauge'), 'up', '--data', data, '--log-format', 'json'];
    const up = network.start('b', ['setpriv', ...user, ...rights, ...command]);
    const said = listen(up);
    await said.says('"event":"devices","names":["eth0"]');
    const found = below(String(up.pid)).map((pid) => {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const [permitted, effective] = ['CapPrm', 'CapEff'].map((name) => Number(status.match(`${name}:\\s+(\\S+)`)![1]));
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      const kinds = { 'read -r': 'watch', tcpdump: 'tcpdump', collector: 'collector', '': 'up' };
      const [, what] = Object.entries(kinds).find(([part]) => words.includes(part))!;
      return `${what} ${permitted === 0 && effective === 0 ? 'without' : 'with'}`;
    });
    assert.deepEqual(found.toSorted(), ['collector without', 'tcpdump with', 'up with', 'up without', 'watch without']);
    network.run('a', ['ping', '-c', '3', '-i', '0.2', network.b.address4]);
    up.kill('SIGTERM');
    const [code] = (await once(up, 'exit')) as [number | null];
    assert.equal(code, 0, said.text());
    const packets = records(join(data, 'bucket'))
      .filter((record) => record[7] === '1')
      .reduce((sum, record) => sum + Number(record[8]), 0);
    assert.equal(packets, 6);
    // Nothing but the log is said, and it is JSON line by line.
    const lines = said.text().trimEnd().split('\n');
    const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    assert.deepEqual(
      events.filter((event) => event !== 'published'),
      ['listening', 'console', 'api', 'capturing', 'devices', 'stopping', 'ended'],
    );
  },
);

/** A process and all that come from it. */
function below(pid: string): string[] {
  const children = spawnSync('pgrep', ['-P', pid], { encoding: 'utf8' }).stdout.trim().split('\n');
  return [pid, ...children.filter((child) => child !== '').flatMap(below)];
}
