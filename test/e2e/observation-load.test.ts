/**
 * Observation under load: exact over many swaps, whatever is on its way when one happens; full sets and a table taken away
 * are losses that are counted.
 *
 * `FLOWGAUGE_OBSERVED_SWAPS=200` goes on for longer than CI does.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { buildNetwork, namespacesMissing } from './namespaces.ts';
import type { Network } from './namespaces.ts';
import { flowOf, ObservedHost, prepare, send, stateOf, trackedIn } from './observed-host.ts';
import type { Sent } from './observed-host.ts';

const skip = namespacesMissing(['nft', 'python3']) ?? false;
const SWAPS = Number(process.env['FLOWGAUGE_OBSERVED_SWAPS'] ?? 20);

/** UDP from several sockets with payloads of several sizes, round and round until its input ends. */
const SENDER = `
import select, socket, sys
targets = sys.argv[1:]
socks = []
for n in range(40):
    to = targets[n % len(targets)]
    family = socket.AF_INET6 if ":" in to else socket.AF_INET
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.bind(("", 30000 + n))
    s.connect((to, 6000 + n))
    socks.append(s)
n = 0
while True:
    try:
        socks[n % 40].send(b"x" * (10 + (n // 40) % 3 * 100))
    except OSError:
        pass
    n += 1
    if n % 20 == 0 and select.select([sys.stdin], [], [], 0.002)[0]:
        break
`;

/** Half of the flows lose packets at random; what was dropped is counted by the firewall itself. */
function firewall(rules: number): string {
  const keys = { 4: 'ip saddr . ip daddr', 6: 'ip6 saddr . ip6 daddr' };
  const filler = (chain: string): string =>
    Array.from({ length: rules }, (_, n) => `add rule inet theirs ${chain} udp dport ${20_000 + n} counter drop`).join(
      '\n',
    );
  const chains = ['input', 'forward', 'output'].map(
    (hook) => `add chain inet theirs ${hook} { type filter hook ${hook} priority 0; }
add rule inet theirs ${hook} udp sport 30000-30039 counter name "seen"
${filler(hook)}
add rule inet theirs ${hook} udp dport 6000-6009 numgen random mod 3 == 0 goto lose
add rule inet theirs ${hook} udp dport 6010-6014 goto lose`,
  );
  const truths = ([4, 6] as const).map(
    (family) =>
      `add set inet theirs truth${family} { type ipv${family}_addr . ipv${family}_addr . inet_service . inet_service; flags dynamic; counter; size 65536; }
add rule inet theirs lose meta nfproto ipv${family} update @truth${family} { ${keys[family]} . udp sport . udp dport } drop`,
  );
  return `add table inet theirs\nadd counter inet theirs seen\nadd chain inet theirs lose\n${truths.join('\n')}\n${chains.join('\n')}\n`;
}

/** What the firewall dropped, by `source:port destination:port`. */
function truthOf(network: Network): Map<string, [number, number]> {
  const truth = new Map<string, [number, number]>();
  for (const family of [4, 6])
    for (const [, src, dst, sport, dport, packets, bytes] of network
      .run('router', ['nft', 'list', 'set', 'inet', 'theirs', `truth${family}`])
      .matchAll(/(\S+) \. (\S+) \. (\d+) \. (\d+) counter packets (\d+) bytes (\d+)/g))
      truth.set(`${src}:${sport} ${dst}:${dport}`, [Number(packets), Number(bytes)]);
  return truth;
}

test('exact over swaps under load, for each flow in packets and bytes', { skip }, async () => {
  const network = buildNetwork();
  try {
    prepare(network);
    const started = spawn('ip', ['netns', 'exec', `fg${process.pid}router`, 'nft', '-f', '-'], {
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    started.stdin.end(firewall(300));
    await once(started, 'exit');
    const host = new ObservedHost();
    await host.load();
    const senders = [
      ['a', '10.77.1.1', 'fd77:1::1', network.b.address4, network.b.address6],
      ['router', network.b.address4, network.b.address6],
    ].map(([from, ...targets]) =>
      spawn('ip', ['netns', 'exec', `fg${process.pid}${from}`, 'python3', '-c', SENDER, ...targets], {
        stdio: ['pipe', 'ignore', 'inherit'],
      }),
    );
    while (host.swaps < SWAPS) await host.end();
    for (const sender of senders) {
      sender.stdin.end();
      await once(sender, 'exit');
    }
    await host.end();
    const truth = truthOf(network);
    assert.equal(truth.size, 30);
    const found = host.flows();
    const rejects = new Map(
      [...found]
        .filter(([key]) => key.includes(' REJECT 17 '))
        .map(([key, sums]) => [key.split(' ').slice(4).join(' '), sums]),
    );
    for (const [flow, sums] of truth) assert.deepEqual(rejects.get(flow), sums, flow);
    assert.equal(rejects.size, truth.size);
    const sent = [...found].filter(([key]) => / 17 \S+:30\d\d\d \S+:60\d\d$/.test(key));
    const came = sent.filter(([key]) => key.startsWith('1 ingress') || key.includes(` egress REJECT `));
    const total = (rows: readonly [string, [number, number]][]): number => rows.reduce((sum, [, [n]]) => sum + n, 0);
    const own = sent.filter(([key]) => /^2 egress ACCEPT 17 (?:10\.77\.2\.1|fd77:2::1):/.test(key));
    // What a busy machine loses before its hooks nobody counts.
    const [, seen] = /packets (\d+)/.exec(network.run('router', ['nft', 'list', 'counter', 'inet', 'theirs', 'seen']))!;
    assert.equal(total(came) + total(own), Number(seen));
    for (const { lost } of host.ended) assert.equal(lost.size, 0);
    assert.equal(trackedIn(network), 0);
  } finally {
    await network.remove();
  }
});

test('a full set costs a count, and never makes a packet that passed a dropped one', { skip }, async () => {
  const network = buildNetwork();
  try {
    prepare(network);
    network.run('router', [
      'nft',
      'add table ip theirs; add chain ip theirs f { type filter hook forward priority 0; }; add rule ip theirs f udp dport 5002 drop',
    ]);
    const host = new ObservedHost(100);
    await host.load();
    const { address4: from } = network.a;
    const { address4: to } = network.b;
    const flows = (dport: number): Sent[] =>
      Array.from({ length: 300 }, (_, n) => [from, to, 17, 20_000 + n, dport, 0, 12, 4]);
    send(
      network,
      'a',
      flows(5001).flatMap((sent, n) => [sent, flows(5002)[n]!]),
    );
    await host.end();
    await host.end();
    const found = host.flows();
    const sumOf = (pattern: RegExp): number =>
      [...found].filter(([key]) => pattern.test(key)).reduce((sum, [, [packets]]) => sum + packets, 0);
    assert.equal(sumOf(/^1 ingress REJECT .*:5001$/), 0);
    assert.equal(sumOf(/^1 ingress ACCEPT .*:5002$/), 0);
    const lost = (direction: string): number =>
      host.ended
        .flatMap((one) => [...one.lost])
        .reduce(
          (sum, [decision, packets]) => sum + (host.decisions.list[decision]!.direction === direction ? packets : 0),
          0,
        );
    assert.ok(sumOf(/^1 ingress REJECT/) > 0 && lost('ingress') > 0);
    assert.equal(sumOf(/^1 ingress \S+ 17/) + lost('ingress'), 2400);
    assert.equal(sumOf(/^2 egress \S+ 17/) + lost('egress'), 1200);
  } finally {
    await network.remove();
  }
});

test('a table that somebody flushed is made anew, and what that cost is a loss', { skip }, async () => {
  const network = buildNetwork();
  try {
    prepare(network);
    const theirs =
      'add table ip theirs; add chain ip theirs i { type filter hook input priority 0; }; add rule ip theirs i udp dport 5002 drop';
    network.run('router', ['nft', theirs]);
    const before = stateOf(network);
    const host = new ObservedHost();
    await host.load();
    const sent: Sent = [network.a.address4, '10.77.1.1', 17, 40000, 5002, 0, 10, 50];
    send(network, 'a', [sent]);
    assert.equal((await host.end()).rebuilt, false);
    send(network, 'a', [sent]);
    network.run('router', ['nft', `flush ruleset; ${theirs}`]);
    send(network, 'a', [sent]);
    const gap = await host.end();
    assert.equal(gap.rebuilt, true);
    const ingress = [...gap.lost].filter(([decision]) => host.decisions.list[decision]!.direction === 'ingress');
    assert.ok(
      ingress.some(([, packets]) => packets >= 100),
      `at least what was sent: ${JSON.stringify(ingress)}`,
    );
    send(network, 'a', [sent]);
    assert.equal((await host.end()).rebuilt, false);
    const flow = flowOf(1, 'ingress', 'REJECT', sent);
    assert.deepEqual(host.flows().get(flow), [100, 3800]);
    assert.equal(stateOf(network), before);
    // A chain that is new is met by a pair, from the next end on.
    network.run('router', ['nft', 'add chain ip theirs f { type filter hook forward priority 0; policy drop; }']);
    await host.end();
    const through: Sent = [network.a.address4, network.b.address4, 17, 40000, 5002, 0, 10, 50];
    send(network, 'a', [through]);
    await host.end();
    assert.deepEqual(host.flows().get(flowOf(1, 'ingress', 'REJECT', through)), [50, 1900]);
  } finally {
    await network.remove();
  }
});
