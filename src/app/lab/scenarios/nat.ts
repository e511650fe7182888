/**
 * A private subnet that reaches the internet through a NAT gateway.
 *
 * In:    calls. Out: a public subnet with the gateway, a private one with two workers.
 * Holds: at the gateway's interface a packet has other addresses than its record: `pkt-srcaddr` and `pkt-dstaddr` tell them.
 * Fails: as the calls do.
 */
import type { Scenario } from '../scenario.ts';

export const nat: Scenario = {
  name: 'nat',
  meaning: 'workers in a private subnet, a NAT gateway, servers outside; one worker may not go out to all ports',
  outside: [
    { name: 'internet', address4: '198.51.100.7', address6: '2001:db8:100::7', serves: 'http/80 tcp/25 dns/53' },
    { name: 'stranger', address4: '192.0.2.66', address6: '2001:db8:2::66', serves: '' },
  ],
  async build(network) {
    const vpc = await network.vpc('main', '10.0.0.0/16');
    const edge = await network.subnet(vpc, 'edge', '10.0.1.0/24');
    const inner = await network.subnet(vpc, 'private', '10.0.2.0/24');
    await network.internet(vpc, [edge]);
    await network.nat('nat', edge, [inner]);
    const workers = await network.group(vpc, 'workers', [{ protocol: '-1', from: ['10.0.2.0/24'] }]);
    await network.acl(
      vpc,
      'private',
      [inner],
      [
        { number: 90, egress: true, allow: false, protocol: 'tcp', block: '0.0.0.0/0', port: 25 },
        { number: 100, egress: true, allow: true, protocol: '-1', block: '0.0.0.0/0' },
        { number: 100, allow: true, protocol: '-1', block: '0.0.0.0/0' },
      ],
    );
    await network.instance('worker', { subnet: inner, address: '10.0.2.10', groups: [workers], serves: 'tcp/9000' });
    await network.instance('helper', { subnet: inner, address: '10.0.2.20', groups: [workers], serves: 'http/8080' });
  },
  traffic: [
    {
      kind: 'http',
      from: 'worker',
      to: 'internet',
      family: 4,
      port: 80,
      hostile: false,
      weight: 6,
      expect: 'answered',
    },
    { kind: 'dns', from: 'helper', to: 'internet', family: 4, port: 53, hostile: false, weight: 3, expect: 'answered' },
    {
      kind: 'http',
      from: 'worker',
      to: 'helper',
      family: 4,
      port: 8080,
      hostile: false,
      weight: 3,
      expect: 'answered',
    },
    {
      kind: 'http',
      from: 'worker',
      to: 'internet',
      family: 6,
      port: 80,
      hostile: false,
      weight: 1,
      expect: 'no-route',
    },
    {
      kind: 'tcp',
      from: 'worker',
      to: 'internet',
      family: 4,
      port: 25,
      hostile: true,
      weight: 3,
      expect: { rejectedAt: 'worker', stage: 'nacl-egress' },
    },
  ],
};
