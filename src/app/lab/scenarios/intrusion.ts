/**
 * A site that is broken into: its ports are scanned, SSH passwords are guessed, it is flooded; then its web server, which was taken, looks
 * around, sends data out and calls home.
 *
 * In:    calls. Out: a VPC with a web server, a host whose SSH is open to the world, a database.
 * Holds: one use of each exchange is as much as the detection of that name tells of, but the call home, which is regular where `lab
 *        traffic` is run again every few minutes.
 * Fails: as the calls do.
 */
import type { Scenario } from '../scenario.ts';

const ANY = ['0.0.0.0/0', '::/0'];
const hostile = { family: 4, hostile: true, weight: 1 } as const;

export const intrusion: Scenario = {
  name: 'intrusion',
  meaning:
    'a scan, guessed passwords and a flood from outside; then a taken server sweeps, sends data out and calls home',
  outside: [
    { name: 'internet', address4: '198.51.100.7', address6: '2001:db8:100::7', serves: 'http/80' },
    { name: 'attacker', address4: '192.0.2.66', address6: '2001:db8:2::66', serves: 'tcp/4444 tcp/8443' },
  ],
  async build(network) {
    const vpc = await network.vpc('main', '10.0.0.0/16');
    const edge = await network.subnet(vpc, 'edge', '10.0.1.0/24');
    const data = await network.subnet(vpc, 'data', '10.0.2.0/24');
    await network.internet(vpc, [edge]);
    const web = await network.group(vpc, 'web', [{ protocol: 'tcp', port: 80, from: ANY }]);
    const jump = await network.group(vpc, 'jump', [{ protocol: 'tcp', port: 22, from: ANY }]);
    const database = await network.group(vpc, 'db', [{ protocol: 'tcp', port: 5432, from: [web] }]);
    await network.instance('web', {
      subnet: edge,
      address: '10.0.1.10',
      groups: [web],
      isPublic: true,
      serves: 'http/80',
    });
    await network.instance('jump', {
      subnet: edge,
      address: '10.0.1.20',
      groups: [jump],
      isPublic: true,
      serves: 'ssh/22',
    });
    await network.instance('db', { subnet: data, address: '10.0.2.10', groups: [database], serves: 'tcp/5432' });
  },
  traffic: [
    { kind: 'http', from: 'internet', to: 'web', family: 4, port: 80, hostile: false, weight: 3, expect: 'answered' },
    { kind: 'tcp', from: 'web', to: 'db', family: 4, port: 5432, hostile: false, weight: 3, expect: 'answered' },
    {
      ...hostile,
      kind: 'syn-scan',
      from: 'attacker',
      to: 'web',
      port: 1000,
      ports: 200,
      expect: { rejectedAt: 'web', stage: 'sg-ingress' },
    },
    { ...hostile, kind: 'ssh-guess', from: 'attacker', to: 'jump', port: 22, times: 150, expect: 'answered' },
    {
      ...hostile,
      kind: 'udp-flood',
      from: 'attacker',
      to: 'web',
      port: 161,
      expect: { rejectedAt: 'web', stage: 'sg-ingress' },
    },
    {
      ...hostile,
      kind: 'sweep',
      from: 'web',
      to: 'db',
      port: 445,
      times: 40,
      expect: { rejectedAt: 'db', stage: 'sg-ingress' },
    },
    { ...hostile, kind: 'upload', from: 'web', to: 'attacker', port: 8443, expect: 'answered' },
    { ...hostile, kind: 'tcp', from: 'web', to: 'attacker', port: 4444, expect: 'answered' },
  ],
};
