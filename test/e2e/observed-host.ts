/**
 * A host whose firewall is observed, for tests: a router between a client and a server, with a table of ours on it.
 *
 * In:    a network of namespaces. Out: packets sent, flows read, and what of the host must stay as it was.
 * Holds: the server takes all and answers nothing.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Observed } from '../../src/collect/kernel/observe/observed-tables.ts';
import { ObservedTables } from '../../src/collect/kernel/observe/observed-tables.ts';
import type { Link } from '../../src/collect/kernel/observe/links.ts';
import { localNft } from '../../src/collect/privileged/run-nft.ts';
import { formatAddress } from '../../src/network/vpc/addresses.ts';
import { compileSnapshot, readModel } from '../../src/network/vpc/model.ts';
import type { DecisionTable } from '../../src/network/verdict/decisions.ts';
import { createDecisionTable } from '../../src/network/verdict/decisions.ts';
import type { Host, Network } from './namespaces.ts';

/** Source, destination, protocol, ports, TCP flags, payload, count. */
export type Sent = readonly [string, string, number, number, number, number, number, number];

const SENDER = join(import.meta.dirname, 'send-packets.py');

export function send(network: Network, from: Host, packets: readonly Sent[]): void {
  network.run(from, ['python3', SENDER, JSON.stringify(packets)]);
}

/** IP length of a packet. */
export function ipBytes([source, , protocol, , , , payload]: Sent): number {
  return (source.includes(':') ? 40 : 20) + (protocol === 6 ? 20 : 8) + payload;
}

/** Makes a host take packets and answer none, but who its neighbours are. */
export function silence(network: Network, host: Host): void {
  const rules = 'meta l4proto { 1, 6, 17 } drop; icmpv6 type echo-request drop;';
  network.run(host, [
    'nft',
    `add table inet drops; add chain inet drops in { type filter hook prerouting priority -400; }; ${rules
      .split('; ')
      .map((rule) => `add rule inet drops in ${rule}`)
      .join('; ')}`,
  ]);
}

/** A server that is silent, and neighbours that need not be asked for. */
export function prepare(network: Network): void {
  silence(network, 'b');
  for (const { address4, address6, mac, routerDevice } of [network.a, network.b])
    for (const address of [address4, address6])
      network.run('router', `ip neigh replace ${address} lladdr ${mac} dev ${routerDevice} nud permanent`.split(' '));
}

function linksIn(namespace: string): Link[] {
  const { stdout } = spawnSync('ip', ['-n', namespace, '-j', '-s', 'link'], { encoding: 'utf8' });
  const links = JSON.parse(stdout) as {
    ifindex: number;
    ifname: string;
    stats64: { rx: { packets: number }; tx: { packets: number } };
  }[];
  return links.map(({ ifindex, ifname, stats64 }) => ({
    index: ifindex,
    name: ifname,
    received: stats64.rx.packets,
    sent: stats64.tx.packets,
  }));
}

/** Observation on the router; `to-a` is interface 1, `to-b` is interface 2. */
export class ObservedHost {
  readonly decisions: DecisionTable = createDecisionTable();
  readonly tables: ObservedTables;
  /** Generations that were ended. */
  swaps = 0;
  readonly #ended: Observed[] = [];

  constructor(size?: number) {
    const namespace = `fg${process.pid}router`;
    const nft = localNft(namespace);
    this.tables = new ObservedTables({
      nft: (script, hear) => {
        if (/^add rule inet flowgauge il_now jump il_[ab]$/m.test(script) && !script.startsWith('add table'))
          this.swaps++;
        return nft(script, hear);
      },
      links: () => linksIn(namespace),
      decisions: this.decisions,
      shards: 1,
      ...(size === undefined ? {} : { size }),
      now: () => Date.now() * 1000,
    });
  }

  /** What had been counted until then is in `ended`. */
  async load(devices: readonly string[] = ['to-a', 'to-b']): Promise<void> {
    const snapshot = compileSnapshot(readModel([]), { version: 1, atMicros: 0 });
    const ended = await this.tables.load(snapshot, new Map(devices.map((device, at) => [at + 1, device])));
    if (ended !== undefined) this.#ended.push(ended);
  }

  async end(): Promise<Observed> {
    const ended = await this.tables.end();
    assert.deepEqual([ended.unread, ended.odd, ended.firstOdd], [0, 0, null]);
    this.#ended.push(ended);
    return ended;
  }

  get ended(): readonly Observed[] {
    return this.#ended;
  }

  /** Packets and bytes by `interface direction action protocol source:port destination:port`, of all ends so far. */
  flows(): Map<string, [number, number]> {
    const sums = new Map<string, [number, number]>();
    for (const { rows } of this.#ended)
      for (let row = 0; row < rows.rows; row++) {
        const { interface: at, direction, action, stage, source } = this.decisions.list[rows.decision[row]!]!;
        assert.deepEqual([stage, source], ['host-firewall', 'kernel']);
        const family = rows.family[row] as 4 | 6;
        const text = (words: Uint32Array): string =>
          formatAddress({ family, words: [...words.subarray(row * 4, row * 4 + (family === 4 ? 1 : 4))] });
        const ports = rows.ports[row]!;
        const key = `${at} ${direction} ${action} ${rows.protocol[row]} ${text(rows.src)}:${ports >>> 16} ${text(rows.dst)}:${ports & 0xffff}`;
        const [packets, bytes] = sums.get(key) ?? [0, 0];
        sums.set(key, [packets + rows.packets[row]!, bytes + rows.bytes[row]!]);
      }
    return sums;
  }
}

/** How a flow is named in `flows`. */
export function flowOf(at: number, direction: string, action: string, sent: Sent): string {
  const [source, destination, protocol, sport, dport] = sent;
  const hasPorts = protocol === 6 || protocol === 17;
  return `${at} ${direction} ${action} ${protocol} ${source}:${hasPorts ? sport : 0} ${destination}:${hasPorts ? dport : 0}`;
}

/** All of a host that observation must leave alone: rules but ours, settings; numbers that count packets are left out. */
export function stateOf(network: Network): string {
  const rules = network.run('router', ['nft', 'list', 'ruleset']);
  const foreign = rules.replaceAll(/^table inet flowgauge \{\n(?:\t.*\n|\n)*\}\n/gm, '');
  const legacy = ['iptables-legacy-save', 'ip6tables-legacy-save'].map((save) => network.run('router', [save], true));
  const settings = network.run('router', ['sysctl', '-a'], true).split('\n');
  return [foreign, ...legacy, ...settings.filter((line) => /^net\.(?!.*(?:_count|stat|hostname|random))/.test(line))]
    .join('\n')
    .replaceAll(/packets \d+ bytes \d+|\[\d+:\d+\]|^#.*$/gm, '');
}

/** Connections that are tracked on the host; null where tracking is not on. */
export function trackedIn(network: Network): number {
  return Number(network.run('router', ['sysctl', '-n', 'net.netfilter.nf_conntrack_count']));
}
