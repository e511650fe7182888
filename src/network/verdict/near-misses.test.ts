import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddress } from '../vpc/addresses.ts';
import type { VpcSnapshot } from '../vpc/snapshot.ts';
import type { MissedPacket } from './near-misses.ts';
import { nearMisses } from './near-misses.ts';
import { network } from './told-network.ts';
import type { RuleWords } from './told-network.ts';
import { snapshotOf } from './told-packets.ts';

const FAR = parseAddress('198.51.100.7')!;
const WEB: MissedPacket = { protocol: 6, remote: FAR, ports: [443, 443], icmp: null };

function misses(rules: readonly RuleWords[], packet: MissedPacket = WEB): string[] {
  const snapshot: VpcSnapshot = snapshotOf(network(rules));
  const own = snapshot.rules.filter(({ id }) => id.startsWith('sgr-'));
  const found = nearMisses(own, packet, 'ingress', null, 9);
  return found.map(({ rule, differsIn }) => `${rule.id} ${differsIn.join(' ')}`);
}

test('lists rules that differ in one or two aspects, the nearest first, and none of the other direction', () => {
  assert.deepEqual(
    misses([
      ['sgr-1', 'sg-a', 'in', 'udp', 53, 53, '198.51.100.0/24'],
      ['sgr-2', 'sg-a', 'in', 'tcp', 80, 80, '198.51.100.0/24'],
      ['sgr-3', 'sg-a', 'in', 'tcp', 443, 443, '203.0.113.0/24'],
      ['sgr-4', 'sg-a', 'in', 'tcp', 443, 443, '::/0'],
      ['sgr-5', 'sg-a', 'in', 'udp', 53, 53, '203.0.113.0/24'],
      ['sgr-6', 'sg-a', 'out', 'tcp', 80, 80, '198.51.100.0/24'],
      ['sgr-7', 'sg-a', 'in', 'icmp', 8, -1, '198.51.100.0/24'],
    ]),
    ['sgr-2 port', 'sgr-3 source', 'sgr-4 family', 'sgr-7 protocol', 'sgr-1 protocol port'],
  );
});

test('of a range of ports a rule is near that does not hold all of it, of ICMP one of another type', () => {
  const wide: MissedPacket = { ...WEB, ports: [32_768, 60_999] };
  assert.deepEqual(misses([['sgr-1', 'sg-a', 'in', 'tcp', 32_768, 50_000, '0.0.0.0/0']], wide), ['sgr-1 port']);
  const echo: MissedPacket = { protocol: 1, remote: FAR, ports: null, icmp: 8 << 8 };
  assert.deepEqual(misses([['sgr-1', 'sg-a', 'in', 'icmp', 3, -1, '0.0.0.0/0']], echo), ['sgr-1 icmp-type']);
  assert.deepEqual(misses([['sgr-1', 'sg-a', 'in', 'icmp', 8, 1, '0.0.0.0/0']], echo), ['sgr-1 icmp-type']);
});
