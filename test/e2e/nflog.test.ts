/** `capture -i nflog:N`: what rules of a firewall log to a group, as records. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { buildNetwork, namespacesMissing } from './namespaces.ts';
import { send } from './observed-host.ts';

const skip = namespacesMissing(['nft', 'tcpdump', 'python3']) ?? false;
const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'flowgauge');
const SYN = 2;

test(
  'each packet that a rule logs is counted once, by its own length, whatever of it was copied',
  { skip },
  async () => {
    const network = buildNetwork();
    try {
      network.run('router', [
        'nft',
        'add table inet theirs; add chain inet theirs f { type filter hook forward priority 0; };' +
          'add chain inet theirs i { type filter hook input priority 0; };' +
          'add rule inet theirs f meta l4proto { 6, 17 } log group 5 snaplen 64 queue-threshold 50 drop;' +
          'add rule inet theirs i udp dport 9 log group 5 snaplen 96 queue-threshold 50 drop;' +
          'add rule inet theirs i udp dport 10 log group 6',
      ]);
      const format =
        '${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${tcp-flags} ${log-status}';
      const capture = network.start('router', [PROGRAM, 'capture', '-i', 'nflog:5', '--format', format]);
      let text = '';
      capture.stdout!.on('data', (piece: Buffer) => (text += piece.toString()));
      const isBound = (): boolean =>
        /^ *5 /m.test(network.run('router', ['cat', '/proc/net/netfilter/nfnetlink_log'], true));
      while (!isBound()) {
        assert.equal(capture.exitCode, null);
        await wait(50);
      }
      const { a, b } = network;
      send(network, 'a', [
        [a.address4, b.address4, 17, 40000, 53, 0, 1000, 120],
        [a.address6, b.address6, 17, 40000, 53, 0, 500, 120],
        [a.address4, b.address4, 6, 40001, 443, SYN, 0, 3],
        [a.address4, '10.77.1.1', 17, 40002, 9, 0, 10, 2],
        [a.address4, '10.77.1.1', 17, 40002, 10, 0, 10, 9],
      ]);
      capture.kill('SIGINT');
      const [code] = (await once(capture, 'close')) as [number | null];
      assert.equal(code, 0);
      const sums = new Map<string, [number, number]>();
      for (const line of text.trimEnd().split('\n').slice(1)) {
        const [src, dst, sport, dport, protocol, packets, bytes, flags, status] = line.split(' ');
        const key = [src, dst, sport, dport, protocol, flags, status].join(' ');
        const [n, size] = sums.get(key) ?? [0, 0];
        sums.set(key, [n + Number(packets), size + Number(bytes)]);
      }
      assert.deepEqual(
        sums,
        new Map([
          [`${a.address4} ${b.address4} 40000 53 17 0 OK`, [120, 120 * 1028]],
          [`${a.address6} ${b.address6} 40000 53 17 0 OK`, [120, 120 * 548]],
          [`${a.address4} ${b.address4} 40001 443 6 2 OK`, [3, 120]],
          [`${a.address4} 10.77.1.1 40002 9 17 0 OK`, [2, 76]],
        ]),
      );
    } finally {
      await network.remove();
    }
  },
);
