/**
 * Somebody else's firewall, observed: what it drops is told to the packet and byte, and nothing of it is changed.
 *
 * Each case has packets that its rules pass and packets that they drop, through the hooks of a host that is itself addressed,
 * forwards, and sends.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildNetwork, namespacesMissing } from './namespaces.ts';
import type { Network } from './namespaces.ts';
import { flowOf, ipBytes, ObservedHost, prepare, send, stateOf, trackedIn } from './observed-host.ts';
import type { Sent } from './observed-host.ts';

const skip = namespacesMissing(['nft', 'iptables-nft', 'iptables-legacy', 'ip6tables-legacy', 'python3']) ?? false;

const SYN = 2;
const HOST = { 4: '10.77.1.1', 6: 'fd77:1::1' } as const;
/** Dropped or rejected by every case that has rules for ports. */
const CLOSED = 5002;

/** To the host, through it, and from it; to the port that is open and the one that is closed. */
function packets(network: Network, hook: 'input' | 'forward' | 'output'): Sent[] {
  return ([4, 6] as const).flatMap((family) => {
    const from = hook === 'output' ? HOST[family] : family === 4 ? network.a.address4 : network.a.address6;
    const to = hook === 'input' ? HOST[family] : family === 4 ? network.b.address4 : network.b.address6;
    const ping = family === 4 ? 1 : 58;
    return [
      [from, to, 17, 40000, 5001, 0, 10, 20],
      [from, to, 17, 40000, CLOSED, 0, 100, 20],
      [from, to, 6, 40001, 5001, SYN, 0, 5],
      [from, to, 6, 40001, CLOSED, SYN, 0, 5],
      [from, to, ping, 77, 0, 0, 56, 3],
    ] satisfies Sent[];
  });
}

const HOOKS = ['input', 'forward', 'output'] as const;
type HookName = (typeof HOOKS)[number];

type Case = {
  readonly name: string;
  /** Commands on the host, `;` between them. */
  readonly rules: string;
  /** Whether a packet that meets this hook is dropped. */
  readonly drops: (hook: HookName, packet: Sent) => boolean;
  /** Whether the host tracks connections by itself. */
  readonly tracks?: boolean;
};

const isClosed: Case['drops'] = (_hook, [, , protocol, , port]) => protocol === 1 || protocol === 58 || port === CLOSED;

/** The rules of iptables in all three chains, for both families. */
function iptables(kind: 'nft' | 'legacy'): string {
  return [`iptables-${kind}`, `ip6tables-${kind}`]
    .flatMap((command) => {
      const [ping, type] = command.startsWith('ip6') ? ['ipv6-icmp', '--icmpv6-type'] : ['icmp', '--icmp-type'];
      return ['INPUT', 'FORWARD', 'OUTPUT'].flatMap((chain) => [
        `${command} -w -A ${chain} -p udp --dport ${CLOSED} -j DROP`,
        chain === 'OUTPUT'
          ? `${command} -w -A ${chain} -p tcp --dport ${CLOSED} -j DROP`
          : `${command} -w -A ${chain} -p tcp --dport ${CLOSED} -j REJECT --reject-with tcp-reset`,
        `${command} -w -A ${chain} -p ${ping} ${type} echo-request -j DROP`,
      ]);
    })
    .join('; ');
}

/** As ufw has them: chains of its own behind the built-in ones, states first, a policy that drops. */
const UFW = ['iptables-nft', 'ip6tables-nft']
  .flatMap((command) => {
    const ufw = command.startsWith('ip6') ? 'ufw6' : 'ufw';
    return ['INPUT', 'FORWARD'].flatMap((chain) => {
      const own = `${ufw}-before-${chain.toLowerCase()}`;
      return [
        `${command} -w -N ${own}`,
        `${command} -w -N ${own}-user`,
        `${command} -w -A ${chain} -j ${own}`,
        `${command} -w -A ${own} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
        `${command} -w -A ${own} -m conntrack --ctstate INVALID -j DROP`,
        `${command} -w -A ${own} -p ipv6-icmp -m icmp6 --icmpv6-type neighbour-solicitation -j ACCEPT 2>/dev/null || true`,
        `${command} -w -A ${own} -p ipv6-icmp -m icmp6 --icmpv6-type neighbour-advertisement -j ACCEPT 2>/dev/null || true`,
        `${command} -w -A ${own} -j ${own}-user`,
        `${command} -w -A ${own}-user -p udp --dport 5001 -j ACCEPT`,
        `${command} -w -A ${own}-user -p tcp --dport 5001 -j ACCEPT`,
        `${command} -w -P ${chain} DROP`,
      ];
    });
  })
  .join('; ');

const POLICY = `nft -f - <<'END'
table inet theirs {
  chain in { type filter hook input priority 0; policy drop; ct state established,related accept; udp dport 5001 accept; tcp dport 5001 accept; icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept; }
  chain through { type filter hook forward priority 10; policy drop; ct state established,related accept; udp dport 5001 accept; tcp dport 5001 accept; }
}
END`;

const EARLY = `iptables-legacy -w -t raw -A PREROUTING -p udp --dport ${CLOSED} -j DROP; ip6tables-legacy -w -t raw -A PREROUTING -p udp --dport ${CLOSED} -j DROP; nft -f - <<'END'
table inet theirs {
  chain mangled { type filter hook prerouting priority -150; tcp dport ${CLOSED} drop; }
  chain late { type filter hook prerouting priority 0; icmp type echo-request drop; icmpv6 type echo-request drop; }
  chain after { type filter hook postrouting priority 0; udp dport ${CLOSED} drop; tcp dport ${CLOSED} drop; }
}
END`;

const EXTREMES = `nft -f - <<'END'
table ip theirs {
  chain in { type filter hook input priority -1000; udp dport ${CLOSED} drop; }
  chain last { type filter hook input priority 2147483640; tcp dport ${CLOSED} drop; }
}
table ip6 theirs {
  chain in { type filter hook input priority 400; udp dport ${CLOSED} drop; tcp dport ${CLOSED} drop; }
}
END`;

const CASES: readonly Case[] = [
  { name: 'no firewall', rules: 'true', drops: () => false },
  { name: 'iptables-nft', rules: iptables('nft'), drops: isClosed },
  { name: 'iptables-legacy', rules: iptables('legacy'), drops: isClosed },
  {
    name: 'chains like those of ufw',
    rules: UFW,
    drops: (hook, packet) => hook !== 'output' && isClosed(hook, packet),
    tracks: true,
  },
  {
    name: 'nftables with a policy that drops',
    rules: POLICY,
    drops: (hook, packet) => hook !== 'output' && isClosed(hook, packet),
    tracks: true,
  },
  {
    name: 'raw, mangle, prerouting and postrouting',
    rules: EARLY,
    drops: (hook, packet) => (hook === 'output' ? packet[4] === CLOSED : isClosed(hook, packet)),
  },
  {
    name: 'chains before and behind all others',
    rules: EXTREMES,
    drops: (hook, [, , , , port]) => hook === 'input' && port === CLOSED,
  },
];

/** The flows that a packet is in. */
function flowsOf(hook: HookName, packet: Sent, isDropped: boolean): string[] {
  if (hook === 'output') return [flowOf(2, 'egress', isDropped ? 'REJECT' : 'ACCEPT', packet)];
  if (isDropped) return [flowOf(1, 'ingress', 'REJECT', packet)];
  return hook === 'input'
    ? [flowOf(1, 'ingress', 'ACCEPT', packet)]
    : [flowOf(1, 'ingress', 'ACCEPT', packet), flowOf(2, 'egress', 'ACCEPT', packet)];
}

for (const { name, rules, drops, tracks = false } of CASES)
  test(`${name}: each flow is told by what became of it, and the host stays as it was`, { skip }, async () => {
    const network = buildNetwork();
    try {
      prepare(network);
      network.run('router', ['sh', '-ec', rules]);
      const before = stateOf(network);
      const host = new ObservedHost();
      const idle = trackedIn(network);
      await host.load();
      assert.equal(trackedIn(network), idle, 'connections are tracked as before');
      const expected = new Map<string, [number, number]>();
      for (const hook of HOOKS) {
        const all = packets(network, hook);
        send(network, hook === 'output' ? 'router' : 'a', all);
        for (const packet of all)
          for (const key of flowsOf(hook, packet, drops(hook, packet)))
            expected.set(key, [packet[7], packet[7] * ipBytes(packet)]);
      }
      const tracked = trackedIn(network);
      assert.equal(tracked > 0, tracks, `${tracked} connections are tracked`);
      await host.end();
      const found = host.flows();
      for (const [key, sums] of expected) assert.deepEqual(found.get(key), sums, key);
      // What the host answers is its own, a rejecting RST in the server's name too; nothing else is told, and nothing twice.
      const answers = [...found.keys()].filter((key) => !expected.has(key));
      for (const key of answers)
        assert.match(key, /^1 egress ACCEPT (?:\d+ (?:10\.77\.1\.1|fd77:1::1):|6 \S+:5002 )/, name);
      for (const { lost } of host.ended) assert.equal(lost.size, 0);
      assert.equal(stateOf(network), before);
      const last = trackedIn(network);
      await host.tables.remove();
      // Some may have come to their end meanwhile.
      assert.ok(trackedIn(network) <= last);
      assert.equal(stateOf(network), before);
      assert.doesNotMatch(network.run('router', ['nft', 'list', 'tables']), /flowgauge/);
    } finally {
      await network.remove();
    }
  });
