/** `up` on a host with a firewall of its own: records have its verdicts, and it stays as it was. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { buildNetwork, namespacesMissing } from './namespaces.ts';

const skip = namespacesMissing(['nft', 'tcpdump', 'python3', 'setpriv']) ?? false;
const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'flowgauge');
const TIMEOUT_MILLIS = 120_000;

/** Fields of the records of a bucket. */
function records(directory: string): string[][] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.log.gz'))
    .flatMap((name) =>
      gunzipSync(readFileSync(join(directory, name)))
        .toString()
        .trimEnd()
        .split('\n')
        .slice(1),
    )
    .map((line) => line.split(' '));
}

test('a firewall is observed without being told to, and left alone', { skip, timeout: TIMEOUT_MILLIS }, async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'flowgauge-observe-'));
  chmodSync(scratch, 0o755);
  const network = buildNetwork();
  try {
    const rules =
      'add table inet theirs; add chain inet theirs in { type filter hook input priority 0; }; add rule inet theirs in udp dport 5002 drop';
    network.run('b', ['nft', rules]);
    const before = network.run('b', ['nft', 'list', 'ruleset']);
    const data = join(scratch, 'data');
    const format =
      '${interface-id} ${srcaddr} ${dstaddr} ${dstport} ${packets} ${bytes} ${action} ${flow-direction} ${log-status} ${x-verdict-stage}';
    const up = network.start('b', [PROGRAM, 'up', '--data', data, '--format', format]);
    let text = '';
    const observes = new Promise<void>((resolve, reject) => {
      const hear = (piece: Buffer): void => {
        text += piece.toString();
        if (text.includes('Observed in the kernel')) resolve();
      };
      up.stdout!.on('data', hear);
      up.stderr!.on('data', hear);
      up.once('exit', () => reject(new Error(text)));
    });
    await observes;
    assert.match(network.run('b', ['nft', 'list', 'tables']), /flowgauge/);
    const send = (port: number, count: number): string =>
      network.run('a', [
        'python3',
        '-c',
        `import socket\ns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\nfor _ in range(${count}): s.sendto(b"x" * 32, ("${network.b.address4}", ${port}))`,
      ]);
    send(5001, 10);
    send(5002, 7);
    up.kill('SIGINT');
    const [code] = (await once(up, 'exit')) as [number | null];
    assert.equal(code, 0, text);
    const all = records(join(data, 'bucket'));
    // A minute may end between two packets.
    const sums = (port: string): Map<string, number> => {
      const found = new Map<string, number>();
      for (const [, source, , to, packets, bytes, ...verdict] of all) {
        if (to !== port || source !== network.a.address4) continue;
        for (const [unit, count] of [
          ['packets', packets],
          ['bytes', bytes],
        ])
          found.set(`${unit} ${verdict.join(' ')}`, (found.get(`${unit} ${verdict.join(' ')}`) ?? 0) + Number(count));
      }
      return found;
    };
    const [dropped, passed] = ['REJECT', 'ACCEPT'].map((action) => `${action} ingress OK host-firewall`);
    assert.deepEqual(Object.fromEntries(sums('5002')), { [`packets ${dropped}`]: 7, [`bytes ${dropped}`]: 420 }, text);
    assert.deepEqual(Object.fromEntries(sums('5001')), { [`packets ${passed}`]: 10, [`bytes ${passed}`]: 600 }, text);
    assert.doesNotMatch(text, /FG_/);
    assert.equal(network.run('b', ['nft', 'list', 'ruleset']), before);
  } finally {
    await network.remove();
    rmSync(scratch, { recursive: true, force: true });
  }
});
