/**
 * A web server that everybody reaches, an application behind it, a database behind that, and a bastion for one office.
 *
 * In:    calls. Out: a VPC with three subnets; groups that name groups; a network ACL around the database.
 * Holds: each stage of a verdict rejects something: the group of `web` what is not HTTP, the ACL of the database what does not
 *        come from the application, though its group would let `bastion` in.
 * Fails: as the calls do.
 */
import type { Scenario } from '../scenario.ts';

const ANY = ['0.0.0.0/0', '::/0'];
const OFFICE = ['203.0.113.0/24', '2001:db8:113::/48'];

export const threeTier: Scenario = {
  name: 'three-tier',
  meaning: 'web, app and db in a subnet each, a bastion, a DNS server; clients, an office and a scanner outside',
  outside: [
    { name: 'internet', address4: '198.51.100.7', address6: '2001:db8:100::7', serves: 'http/80' },
    { name: 'office', address4: '203.0.113.10', address6: '2001:db8:113::10', serves: '' },
    { name: 'scanner', address4: '192.0.2.66', address6: '2001:db8:2::66', serves: '' },
  ],
  async build(network) {
    const vpc = await network.vpc('main', '10.0.0.0/16');
    const edge = await network.subnet(vpc, 'edge', '10.0.1.0/24');
    const inner = await network.subnet(vpc, 'app', '10.0.2.0/24');
    const data = await network.subnet(vpc, 'data', '10.0.3.0/24');
    await network.internet(vpc, [edge]);
    const bastion = await network.group(vpc, 'bastion', [{ protocol: 'tcp', port: 22, from: OFFICE }]);
    const web = await network.group(vpc, 'web', [
      { protocol: 'tcp', port: 80, from: ANY },
      { protocol: 'icmp', from: ['0.0.0.0/0'] },
      { protocol: 'icmpv6', from: ['::/0'] },
      { protocol: 'tcp', port: 22, from: [bastion] },
    ]);
    const app = await network.group(vpc, 'app', [
      { protocol: 'tcp', port: 8080, from: [web] },
      { protocol: 'tcp', port: 22, from: [bastion] },
    ]);
    const database = await network.group(vpc, 'db', [
      { protocol: 'tcp', port: 5432, from: [app] },
      { protocol: 'tcp', port: 5201, from: [app] },
      { protocol: 'tcp', port: 22, from: [bastion] },
    ]);
    const names = await network.group(vpc, 'dns', [
      { protocol: 'udp', port: 53, from: ['10.0.0.0/16', vpc.block6] },
      { protocol: 'tcp', port: 53, from: ['10.0.0.0/16', vpc.block6] },
    ]);
    await network.acl(
      vpc,
      'data',
      [data],
      [
        { number: 100, allow: true, protocol: 'tcp', block: '10.0.2.0/24', port: 5000, lastPort: 5999 },
        { number: 110, allow: true, protocol: 'tcp', block: inner.block6, port: 5000, lastPort: 5999 },
        { number: 100, egress: true, allow: true, protocol: '-1', block: '10.0.0.0/16' },
        { number: 110, egress: true, allow: true, protocol: '-1', block: vpc.block6 },
      ],
    );
    await network.instance('web', {
      subnet: edge,
      address: '10.0.1.10',
      groups: [web],
      isPublic: true,
      serves: 'http/80 ssh/22',
    });
    await network.instance('bastion', {
      subnet: edge,
      address: '10.0.1.20',
      groups: [bastion],
      isPublic: true,
      serves: 'ssh/22',
    });
    await network.instance('app', { subnet: inner, address: '10.0.2.10', groups: [app], serves: 'http/8080 ssh/22' });
    await network.instance('dns', { subnet: inner, address: '10.0.2.53', groups: [names], serves: 'dns/53' });
    await network.instance('db', {
      subnet: data,
      address: '10.0.3.10',
      groups: [database],
      serves: 'tcp/5432 iperf/5201 ssh/22',
    });
  },
  traffic: [
    { kind: 'http', from: 'internet', to: 'web', family: 4, port: 80, hostile: false, weight: 8, expect: 'answered' },
    { kind: 'http', from: 'internet', to: 'web', family: 6, port: 80, hostile: false, weight: 4, expect: 'answered' },
    { kind: 'ping', from: 'internet', to: 'web', family: 4, port: 0, hostile: false, weight: 1, expect: 'answered' },
    { kind: 'http', from: 'web', to: 'app', family: 4, port: 8080, hostile: false, weight: 6, expect: 'answered' },
    { kind: 'http', from: 'web', to: 'app', family: 6, port: 8080, hostile: false, weight: 2, expect: 'answered' },
    { kind: 'http', from: 'web', to: 'internet', family: 4, port: 80, hostile: false, weight: 1, expect: 'answered' },
    { kind: 'tcp', from: 'app', to: 'db', family: 4, port: 5432, hostile: false, weight: 5, expect: 'answered' },
    { kind: 'bulk', from: 'app', to: 'db', family: 4, port: 5201, hostile: false, weight: 1, expect: 'answered' },
    { kind: 'dns', from: 'app', to: 'dns', family: 4, port: 53, hostile: false, weight: 4, expect: 'answered' },
    { kind: 'dns', from: 'web', to: 'dns', family: 6, port: 53, hostile: false, weight: 2, expect: 'answered' },
    { kind: 'ssh', from: 'office', to: 'bastion', family: 4, port: 22, hostile: false, weight: 2, expect: 'answered' },
    { kind: 'ssh', from: 'bastion', to: 'app', family: 4, port: 22, hostile: false, weight: 2, expect: 'answered' },
    {
      kind: 'ssh',
      from: 'bastion',
      to: 'db',
      family: 4,
      port: 22,
      hostile: false,
      weight: 2,
      expect: { rejectedAt: 'db', stage: 'nacl-ingress' },
    },
    {
      kind: 'ssh',
      from: 'internet',
      to: 'bastion',
      family: 4,
      port: 22,
      hostile: true,
      weight: 3,
      expect: { rejectedAt: 'bastion', stage: 'sg-ingress' },
    },
    {
      kind: 'tcp',
      from: 'web',
      to: 'db',
      family: 4,
      port: 5432,
      hostile: true,
      weight: 2,
      expect: { rejectedAt: 'db', stage: 'nacl-ingress' },
    },
    {
      kind: 'syn-scan',
      from: 'scanner',
      to: 'web',
      family: 4,
      port: 20,
      ports: 8,
      hostile: true,
      weight: 1,
      expect: { rejectedAt: 'web', stage: 'sg-ingress' },
    },
    {
      kind: 'syn-scan',
      from: 'scanner',
      to: 'web',
      family: 6,
      port: 20,
      ports: 4,
      hostile: true,
      weight: 1,
      expect: { rejectedAt: 'web', stage: 'sg-ingress' },
    },
  ],
};
