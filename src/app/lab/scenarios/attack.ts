/**
 * A small site under attack: scans of all kinds, guesses at SSH, and a web server that was taken and looks around.
 *
 * In:    calls. Out: a VPC with a web server and a host whose SSH is open to the world, and a database behind them.
 * Holds: what the attacker may not reach is rejected by default; what an ACL blocks is named by its entry.
 * Fails: as the calls do.
 */
import type { Scenario } from '../scenario.ts';

const ANY = ['0.0.0.0/0', '::/0'];

export const attack: Scenario = {
  name: 'attack',
  meaning:
    'a web server, a host with SSH open to all, a database; an attacker who scans and guesses, a blocked network',
  outside: [
    { name: 'internet', address4: '198.51.100.7', address6: '2001:db8:100::7', serves: 'http/80' },
    { name: 'attacker', address4: '192.0.2.66', address6: '2001:db8:2::66', serves: 'tcp/4444' },
    { name: 'blocked', address4: '203.0.113.66', address6: '2001:db8:113::66', serves: '' },
  ],
  async build(network) {
    const vpc = await network.vpc('main', '10.0.0.0/16');
    const edge = await network.subnet(vpc, 'edge', '10.0.1.0/24');
    const data = await network.subnet(vpc, 'data', '10.0.2.0/24');
    await network.internet(vpc, [edge]);
    const web = await network.group(vpc, 'web', [{ protocol: 'tcp', port: 80, from: ANY }]);
    const jump = await network.group(vpc, 'jump', [{ protocol: 'tcp', port: 22, from: ANY }]);
    const database = await network.group(vpc, 'db', [{ protocol: 'tcp', port: 5432, from: [web] }]);
    await network.acl(
      vpc,
      'edge',
      [edge],
      [
        { number: 50, allow: false, protocol: '-1', block: '203.0.113.0/24' },
        { number: 100, allow: true, protocol: '-1', block: '0.0.0.0/0' },
        { number: 110, allow: true, protocol: '-1', block: '::/0' },
        { number: 100, egress: true, allow: true, protocol: '-1', block: '0.0.0.0/0' },
        { number: 110, egress: true, allow: true, protocol: '-1', block: '::/0' },
      ],
    );
    await network.instance('web', {
      subnet: edge,
      address: '10.0.1.10',
      groups: [web],
      isPublic: true,
      serves: 'http/80 ssh/22',
    });
    await network.instance('jump', {
      subnet: edge,
      address: '10.0.1.20',
      groups: [jump],
      isPublic: true,
      serves: 'ssh/22',
    });
    await network.instance('db', {
      subnet: data,
      address: '10.0.2.10',
      groups: [database],
      serves: 'tcp/5432 ssh/22 http/8080',
    });
  },
  traffic: [
    { kind: 'http', from: 'internet', to: 'web', family: 4, port: 80, hostile: false, weight: 4, expect: 'answered' },
    { kind: 'http', from: 'internet', to: 'web', family: 6, port: 80, hostile: false, weight: 2, expect: 'answered' },
    { kind: 'tcp', from: 'web', to: 'db', family: 4, port: 5432, hostile: false, weight: 3, expect: 'answered' },
    { kind: 'ssh', from: 'attacker', to: 'jump', family: 4, port: 22, hostile: true, weight: 6, expect: 'answered' },
    {
      kind: 'syn-scan',
      from: 'attacker',
      to: 'web',
      family: 4,
      port: 20,
      ports: 30,
      hostile: true,
      weight: 3,
      expect: { rejectedAt: 'web', stage: 'sg-ingress' },
    },
    {
      kind: 'fin-scan',
      from: 'attacker',
      to: 'web',
      family: 4,
      port: 3300,
      ports: 10,
      hostile: true,
      weight: 1,
      expect: { rejectedAt: 'web', stage: 'sg-ingress' },
    },
    {
      kind: 'null-scan',
      from: 'attacker',
      to: 'web',
      family: 4,
      port: 5900,
      ports: 10,
      hostile: true,
      weight: 1,
      expect: { rejectedAt: 'web', stage: 'sg-ingress' },
    },
    {
      kind: 'xmas-scan',
      from: 'attacker',
      to: 'jump',
      family: 6,
      port: 8000,
      ports: 10,
      hostile: true,
      weight: 1,
      expect: { rejectedAt: 'jump', stage: 'sg-ingress' },
    },
    {
      kind: 'udp',
      from: 'attacker',
      to: 'web',
      family: 4,
      port: 161,
      hostile: true,
      weight: 2,
      expect: { rejectedAt: 'web', stage: 'sg-ingress' },
    },
    {
      kind: 'http',
      from: 'blocked',
      to: 'web',
      family: 4,
      port: 80,
      hostile: true,
      weight: 3,
      expect: { rejectedAt: 'web', stage: 'nacl-ingress' },
    },
    {
      kind: 'ssh',
      from: 'web',
      to: 'db',
      family: 4,
      port: 22,
      hostile: true,
      weight: 3,
      expect: { rejectedAt: 'db', stage: 'sg-ingress' },
    },
    { kind: 'tcp', from: 'web', to: 'attacker', family: 4, port: 4444, hostile: true, weight: 1, expect: 'answered' },
  ],
};
