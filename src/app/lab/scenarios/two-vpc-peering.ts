/**
 * Two VPCs and a peering connection, with a subnet to which no way leads back.
 *
 * In:    calls. Out: `shop` and `billing`, routes between them for two of three subnets.
 * Holds: groups reach across the connection; what is sent to `orphan` arrives there, and its answer has no route.
 * Fails: as the calls do.
 */
import type { Scenario } from '../scenario.ts';

export const twoVpcPeering: Scenario = {
  name: 'two-vpc-peering',
  meaning: 'shop and billing, peered; a rule that names a group of the other VPC; a subnet without a route back',
  outside: [],
  async build(network) {
    const shop = await network.vpc('shop', '10.1.0.0/16');
    const billing = await network.vpc('billing', '10.2.0.0/16');
    const counter = await network.subnet(shop, 'counter', '10.1.1.0/24');
    const desk = await network.subnet(billing, 'desk', '10.2.1.0/24');
    const attic = await network.subnet(billing, 'attic', '10.2.2.0/24');
    const peering = await network.peering('shop-billing', shop, billing);
    await network.routeTable(
      shop,
      'to-billing',
      [counter],
      [
        { DestinationCidrBlock: '10.2.0.0/16', VpcPeeringConnectionId: peering },
        { DestinationIpv6CidrBlock: billing.block6, VpcPeeringConnectionId: peering },
      ],
    );
    await network.routeTable(
      billing,
      'to-shop',
      [desk],
      [
        { DestinationCidrBlock: '10.1.0.0/16', VpcPeeringConnectionId: peering },
        { DestinationIpv6CidrBlock: shop.block6, VpcPeeringConnectionId: peering },
      ],
    );
    const clients = await network.group(shop, 'clients', [{ protocol: 'icmp', from: ['10.0.0.0/8'] }]);
    const others = await network.group(shop, 'others', []);
    const api = await network.group(billing, 'api', [
      { protocol: 'tcp', port: 8080, from: [clients] },
      { protocol: 'tcp', port: 8080, from: [shop.block6] },
    ]);
    const open = await network.group(billing, 'open', [{ protocol: '-1', from: ['10.0.0.0/8'] }]);
    await network.instance('till', { subnet: counter, address: '10.1.1.10', groups: [clients], serves: 'tcp/9000' });
    await network.instance('guest', { subnet: counter, address: '10.1.1.20', groups: [others] });
    await network.instance('api', { subnet: desk, address: '10.2.1.10', groups: [api], serves: 'http/8080 ssh/22' });
    await network.instance('orphan', { subnet: attic, address: '10.2.2.10', groups: [open], serves: 'tcp/9000' });
  },
  traffic: [
    { kind: 'http', from: 'till', to: 'api', family: 4, port: 8080, hostile: false, weight: 6, expect: 'answered' },
    { kind: 'http', from: 'till', to: 'api', family: 6, port: 8080, hostile: false, weight: 3, expect: 'answered' },
    { kind: 'ping', from: 'api', to: 'till', family: 4, port: 0, hostile: false, weight: 2, expect: 'answered' },
    { kind: 'tcp', from: 'till', to: 'orphan', family: 4, port: 9000, hostile: false, weight: 2, expect: 'no-route' },
    { kind: 'tcp', from: 'api', to: 'orphan', family: 4, port: 9000, hostile: false, weight: 2, expect: 'answered' },
    {
      kind: 'http',
      from: 'guest',
      to: 'api',
      family: 4,
      port: 8080,
      hostile: true,
      weight: 3,
      expect: { rejectedAt: 'api', stage: 'sg-ingress' },
    },
    {
      kind: 'ssh',
      from: 'till',
      to: 'api',
      family: 4,
      port: 22,
      hostile: true,
      weight: 2,
      expect: { rejectedAt: 'api', stage: 'sg-ingress' },
    },
  ],
};
