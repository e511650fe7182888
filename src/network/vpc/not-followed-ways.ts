/**
 * What is not followed of gateways, endpoints and routes.
 */
import type { Described } from './described.ts';
import type { NotFollowed } from './not-followed-entry.ts';
import { NO_LINES, ofState } from './not-followed-entry.ts';

/** What a description is about that belongs to an endpoint: routes name that, and packets meet its interfaces. */
const placesOf = (item: Described): readonly string[] => [
  item.text('VpcEndpointId'),
  ...item.texts('NetworkInterfaceIds'),
];

function ofEndpoint(item: Described, text: string): readonly string[] {
  const [endpoint, ...interfaces] = placesOf(item);
  return [`${endpoint}: ${text}`, ...interfaces.map((id) => `${id}: of ${endpoint}: ${text}`)];
}

/** Whether a policy is the one that an endpoint has unless told: everybody may do everything. */
function allowsAll(text: string): boolean {
  try {
    const { Statement = [] } = JSON.parse(text) as { Statement?: unknown };
    const statements = [Statement].flat() as { readonly [member: string]: unknown }[];
    return (
      statements.length === 1 &&
      statements.every(
        ({ Effect, Action, Resource, Principal, Condition }) =>
          Effect === 'Allow' &&
          Condition === undefined &&
          [Action, Resource].every((value) => JSON.stringify([value].flat()) === '["*"]') &&
          /^(?:"\*"|\{"AWS":"\*"\})$/u.test(JSON.stringify(Principal)),
      )
    );
  } catch {
    // What cannot be read may be anything.
    return false;
  }
}

function ofAttachments(id: string, list: string) {
  return (item: Described): readonly string[] =>
    item
      .objects(list)
      .filter((one) => ['attaching', 'detaching'].includes(one.textOr('State', '')))
      .map(
        (one) =>
          `${item.text(id)} in ${one.text('VpcId')}: its attachment is ${one.text('State')}; it is taken to carry`,
      );
}

function ofRoutes(item: Described): readonly string[] {
  const table = item.text('RouteTableId');
  return item
    .objects('Routes')
    .filter((route) => route.has('IpAddress'))
    .map((route) => {
      const to = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'].find((member) =>
        route.has(member),
      );
      return `${table}: its route to ${to === undefined ? 'somewhere' : route.text(to)} names a next hop by address (IpAddress), which is not followed`;
    });
}

const transitOf = (item: Described): string => `${item.text('TransitGatewayId')} in ${item.text('VpcId')}`;

/** The option of a transit gateway or an attachment; '' where it is not told. */
const optionOf = (item: Described, name: string): string => item.objectOr('Options', null)?.textOr(name, '') ?? '';

/** By kind. */
export const WAYS_NOT_FOLLOWED: Readonly<Record<string, readonly NotFollowed[]>> = {
  InternetGateways: [
    {
      members: ['InternetGateways[].Attachments'],
      partly: true,
      lines: ofAttachments('InternetGatewayId', 'Attachments'),
    },
  ],
  EgressOnlyInternetGateways: [
    {
      members: ['EgressOnlyInternetGateways[].Attachments'],
      partly: true,
      lines: ofAttachments('EgressOnlyInternetGatewayId', 'Attachments'),
    },
  ],
  VpnGateways: [
    {
      members: ['VpnGateways[].VpcAttachments'],
      partly: true,
      lines: ofAttachments('VpnGatewayId', 'VpcAttachments'),
    },
    { members: ['VpnGateways[].State'], partly: true, lines: ofState('VpnGatewayId', ['available', 'deleted']) },
  ],
  NatGateways: [
    {
      members: ['NatGateways[].State'],
      partly: true,
      lines: ofState('NatGatewayId', ['available', 'pending', 'failed', 'deleted']),
    },
    {
      members: ['NatGateways[].RouteTableId'],
      lines: (item) =>
        item.has('RouteTableId')
          ? [
              `${item.text('NatGatewayId')}: its own route table ${item.text('RouteTableId')} (RouteTableId) is not followed`,
            ]
          : NO_LINES,
    },
    {
      members: ['NatGateways[].AttachedAppliances'],
      lines: (item) =>
        item
          .objects('AttachedAppliances')
          .map(
            (one) =>
              `${item.text('NatGatewayId')}: an appliance is attached to it (AttachedAppliances: ${one.textOr('Type', 'of some type')}, ${one.textOr('AttachmentState', 'attached')}), which is not followed`,
          ),
    },
    {
      members: ['NatGateways[].NatGatewayAddresses[].Status'],
      lines: (item) =>
        item
          .objects('NatGatewayAddresses')
          .filter((one) => one.textOr('Status', 'succeeded') !== 'succeeded')
          .map(
            (one) =>
              `${item.text('NatGatewayId')}: its address ${one.textOr('PublicIp', one.textOr('PrivateIp', 'of no name'))} is ${one.text('Status')}; it is taken to work`,
          ),
    },
  ],
  VpcEndpoints: [
    {
      members: ['VpcEndpoints[].State'],
      lines: (item) => {
        const state = item.textOr('State', 'available').toLowerCase();
        // What is deleted has no interface and no route any more.
        return ['available', 'deleted'].includes(state)
          ? NO_LINES
          : ofEndpoint(item, `its state is ${state}; it is taken to work`);
      },
    },
    {
      members: ['VpcEndpoints[].PolicyDocument'],
      lines: (item) =>
        item.has('PolicyDocument') && !allowsAll(item.text('PolicyDocument'))
          ? ofEndpoint(
              item,
              'its policy (PolicyDocument) may deny what is asked of the service, which is not followed; the packets pass',
            )
          : NO_LINES,
    },
    {
      members: ['VpcEndpoints[].ResourceConfigurationArn', 'VpcEndpoints[].ServiceNetworkArn'],
      lines: (item) =>
        (['ResourceConfigurationArn', 'ServiceNetworkArn'] as const)
          .filter((member) => item.has(member))
          .flatMap((member) => ofEndpoint(item, `what is behind it (${member}) is not followed`)),
    },
  ],
  TransitGateways: [
    { members: ['TransitGateways[].State'], lines: ofState('TransitGatewayId', ['available', 'deleted']) },
    {
      members: ['TransitGateways[].Options.EncryptionSupport.EncryptionState'],
      lines: (item) => {
        const support = item.objectOr('Options', null)?.objectOr('EncryptionSupport', null);
        const state = support?.textOr('EncryptionState', 'disabled') ?? 'disabled';
        return state === 'disabled'
          ? NO_LINES
          : [`${item.text('TransitGatewayId')}: its encryption (EncryptionSupport) is ${state}, which is not followed`];
      },
    },
    {
      members: ['TransitGateways[].Options.MulticastSupport'],
      lines: (item) =>
        optionOf(item, 'MulticastSupport') === 'enable'
          ? [`multicast: ${item.text('TransitGatewayId')} carries it (MulticastSupport), which is not followed`]
          : NO_LINES,
    },
    {
      members: ['TransitGateways[].Options.TransitGatewayCidrBlocks'],
      lines: (item) => {
        const blocks = item.objectOr('Options', null)?.texts('TransitGatewayCidrBlocks') ?? [];
        return blocks.length === 0
          ? NO_LINES
          : [
              `${item.text('TransitGatewayId')}: ${blocks.join(', ')} are its own (TransitGatewayCidrBlocks), which is not followed`,
            ];
      },
    },
    {
      members: ['TransitGateways[].Options.SecurityGroupReferencingSupport'],
      // Unless somebody asked for it that is so, and matters to such rules alone.
      lines: (item, around) =>
        optionOf(item, 'SecurityGroupReferencingSupport') === 'disable' && around.rulesNameFarGroups()
          ? [
              `${item.text('TransitGatewayId')}, groups of another VPC: it does not know them (SecurityGroupReferencingSupport), so a rule that names one may let nothing pass; it is taken to`,
            ]
          : NO_LINES,
    },
  ],
  TransitGatewayVpcAttachments: [
    {
      members: ['TransitGatewayVpcAttachments[].State'],
      partly: true,
      lines: (item) => {
        const state = item.textOr('State', 'available');
        return ['initiating', 'pending', 'modifying', 'deleting'].includes(state)
          ? [
              `${transitOf(item)}: the state of ${item.text('TransitGatewayAttachmentId')} is ${state}; it is taken to work`,
            ]
          : NO_LINES;
      },
    },
    {
      members: ['TransitGatewayVpcAttachments[].Options.Ipv6Support'],
      // Unless somebody asked for it that is so, and matters where a route leads there alone.
      lines: (item, around) =>
        optionOf(item, 'Ipv6Support') === 'disable' &&
        around.routesIpv6(item.text('VpcId'), item.text('TransitGatewayId'))
          ? [
              `${transitOf(item)}, IPv6: ${item.text('TransitGatewayAttachmentId')} has no IPv6 (Ipv6Support); it is taken to carry it`,
            ]
          : NO_LINES,
    },
    {
      members: ['TransitGatewayVpcAttachments[].Options.SecurityGroupReferencingSupport'],
      // Unless somebody asked for it that is so, and matters to such rules alone.
      lines: (item, around) =>
        optionOf(item, 'SecurityGroupReferencingSupport') === 'disable' && around.rulesNameFarGroups()
          ? [
              `${transitOf(item)}, groups of another VPC: ${item.text('TransitGatewayAttachmentId')} does not know them (SecurityGroupReferencingSupport), so a rule that names one may let nothing pass; it is taken to`,
            ]
          : NO_LINES,
    },
  ],
  RouteTables: [
    {
      members: ['RouteTables[].Associations[].PublicIpv4Pool'],
      lines: (item) =>
        item
          .objects('Associations')
          .filter((one) => one.has('PublicIpv4Pool'))
          .map(
            (one) =>
              `${item.text('VpcId')}, internet: ${item.text('RouteTableId')} routes what comes in for ${one.text('PublicIpv4Pool')} (PublicIpv4Pool), which is not followed`,
          ),
    },
    { members: ['RouteTables[].Routes[].IpAddress'], lines: ofRoutes },
  ],
};
