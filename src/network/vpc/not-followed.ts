/**
 * What descriptions say that may decide and that nothing here follows: it is named in answers, never passed over.
 *
 * In:    a described thing. Out: lines for `notUnderstood`; what each is about stands before its colon (`about.ts`).
 * Holds: only what is other than usual is named: a running instance and an endpoint that is available need no word. Every
 *        member that `docs/import-members.md` calls not understood has an entry here; a test compares them, and another
 *        one shows for each entry that an answer names it. Members that are not known at all are `unknown-members.ts`'s.
 */
import type { Described } from './described.ts';

/** What a line may need beside its own item. */
export type Around = {
  /** Interfaces whose description is this: all that ties them to a load balancer. */
  interfacesDescribed(description: string): readonly string[];
  /** Whether a route of a VPC for IPv6 leads to a gateway. */
  routesIpv6(vpcId: string, targetId: string): boolean;
  /** Whether a rule of a group names a group of another VPC. */
  rulesNameFarGroups(): boolean;
};

/** Members that are not followed, and the lines of an item that has them. */
export type NotFollowed = {
  /** Begins of paths as `docs/import-members.md` has them. */
  readonly members: readonly string[];
  /** The model follows most of what they say, and the lines are of the rest. */
  readonly partly?: true;
  readonly lines: (item: Described, around: Around) => readonly string[];
};

const TIMEOUTS = ['TcpEstablishedTimeout', 'UdpStreamTimeout', 'UdpTimeout'] as const;
const NO_LINES: readonly string[] = [];

function ofTimeouts(item: Described): readonly string[] {
  const own = item.objectOr('ConnectionTrackingConfiguration', null);
  return own !== null && TIMEOUTS.some((key) => own.has(key))
    ? [`${item.text('NetworkInterfaceId')}: tracks connections for times of its own; the usual ones are taken`]
    : NO_LINES;
}

function ofUse(item: Described): readonly string[] {
  const id = item.text('NetworkInterfaceId');
  const status = item.textOr('Status', 'in-use');
  const attached = item.objectOr('Attachment', null)?.textOr('Status', 'attached') ?? 'attached';
  if (!['in-use', 'associated'].includes(status))
    return [`${id}: its status is ${status}, attached to nothing; nothing is said of whether it answers`];
  return attached === 'attached'
    ? NO_LINES
    : [`${id}: its attachment is ${attached}; nothing is said of whether it answers`];
}

/** An address of a carrier, or of a customer's own at an Outpost: of the interface or of one of its addresses. */
function ofOtherAddress(member: 'CarrierIp' | 'CustomerOwnedIp') {
  return (item: Described): readonly string[] => {
    const has = [item, ...item.objects('PrivateIpAddresses')].some(
      (one) => one.objectOr('Association', null)?.has(member) === true,
    );
    return has
      ? [
          `${item.text('NetworkInterfaceId')}: it has an address that is neither private nor public (${member}), which is not followed`,
        ]
      : NO_LINES;
  };
}

/** Lines about each interface of a load balancer. */
function ofBalancer(item: Described, around: Around, text: string): readonly string[] {
  const name = item.text('LoadBalancerArn').split(':loadbalancer/').at(-1) ?? '';
  return around.interfacesDescribed(`ELB ${name}`).map((id) => `${id}: ${text}`);
}

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

/** Lines about a state; `usual` need no word, `followed` are what the model follows. */
function ofState(id: string, usual: readonly string[]) {
  return (item: Described): readonly string[] => {
    const state = item.textOr('State', 'available').toLowerCase();
    return usual.includes(state) ? NO_LINES : [`${item.text(id)}: its state is ${state}; it is taken to work`];
  };
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

/** Lines about encryption controls, told of by a VPC or by themselves. */
function ofExclusions(item: Described, vpcId: string): readonly string[] {
  const exclusions = item.objectOr('ResourceExclusions', null);
  const enabled = ['ApiGatewayV2', 'GlobalAccelerator'].filter((name) =>
    exclusions?.objectOr(name, null)?.textOr('State', null)?.startsWith('enabl'),
  );
  return item.textOr('Mode', '') === 'enforce' && enabled.length > 0
    ? [`${vpcId}: ${enabled.join(' and ')} may go unencrypted (ResourceExclusions), which is not followed`]
    : NO_LINES;
}

const transitOf = (item: Described): string => `${item.text('TransitGatewayId')} in ${item.text('VpcId')}`;

/** The option of a transit gateway or an attachment; '' where it is not told. */
const optionOf = (item: Described, name: string): string => item.objectOr('Options', null)?.textOr(name, '') ?? '';

/** By kind: what is not followed. */
export const NOT_FOLLOWED: Readonly<Record<string, readonly NotFollowed[]>> = {
  NetworkInterfaces: [
    { members: ['NetworkInterfaces[].Status', 'NetworkInterfaces[].Attachment.Status'], lines: ofUse },
    { members: ['NetworkInterfaces[].ConnectionTrackingConfiguration'], lines: ofTimeouts },
    {
      members: ['NetworkInterfaces[].DenyAllIgwTraffic'],
      lines: (item) =>
        item.flag('DenyAllIgwTraffic')
          ? [
              `${item.text('NetworkInterfaceId')}, internet: it denies all traffic of internet gateways (DenyAllIgwTraffic), which is not followed`,
            ]
          : NO_LINES,
    },
    {
      members: ['NetworkInterfaces[].AssociatedSubnets'],
      lines: (item) =>
        item.texts('AssociatedSubnets').length > 0
          ? [
              `${item.text('NetworkInterfaceId')}: it is in more subnets than one (AssociatedSubnets), which is not followed`,
            ]
          : NO_LINES,
    },
    {
      members: [
        'NetworkInterfaces[].Association.CarrierIp',
        'NetworkInterfaces[].PrivateIpAddresses[].Association.CarrierIp',
      ],
      lines: ofOtherAddress('CarrierIp'),
    },
    {
      members: [
        'NetworkInterfaces[].Association.CustomerOwnedIp',
        'NetworkInterfaces[].PrivateIpAddresses[].Association.CustomerOwnedIp',
      ],
      lines: ofOtherAddress('CustomerOwnedIp'),
    },
  ],
  Vpcs: [
    { members: ['Vpcs[].State'], lines: ofState('VpcId', ['available']) },
    {
      members: [
        'Vpcs[].EncryptionControl.ResourceExclusions.ApiGatewayV2.State',
        'Vpcs[].EncryptionControl.ResourceExclusions.GlobalAccelerator.State',
      ],
      lines: (item) => {
        const control = item.objectOr('EncryptionControl', null);
        return control === null ? NO_LINES : ofExclusions(control, item.text('VpcId'));
      },
    },
  ],
  Subnets: [
    { members: ['Subnets[].State'], lines: ofState('SubnetId', ['available']) },
    {
      members: ['Subnets[].EnableLniAtDeviceIndex'],
      lines: (item) =>
        item.wholeOr('EnableLniAtDeviceIndex', 0, 255, 0) > 0
          ? [
              `${item.text('SubnetId')}: an interface in it may be one of an Outpost's local network (EnableLniAtDeviceIndex), which is not followed`,
            ]
          : NO_LINES,
    },
  ],
  ManagedPrefixLists: [
    {
      members: ['ManagedPrefixLists[].State'],
      lines: (item) => {
        const state = item.textOr('State', 'create-complete');
        return state.endsWith('-complete')
          ? NO_LINES
          : [`${item.text('PrefixListId')}: its state is ${state}; the entries that are given are taken to hold`];
      },
    },
  ],
  Instances: [
    {
      members: ['Instances[].State.Name'],
      lines: (item) => {
        const state = item.objectOr('State', null)?.textOr('Name', 'running') ?? 'running';
        // One that is terminated has no interface any more.
        return ['running', 'terminated'].includes(state)
          ? NO_LINES
          : [`${item.text('InstanceId')}: it is ${state}; nothing is said of whether it answers`];
      },
    },
    {
      members: ['Instances[].SecondaryInterfaces'],
      lines: (item) =>
        item.objects('SecondaryInterfaces').length > 0
          ? [
              `${item.text('InstanceId')}: it is in a secondary network too (SecondaryInterfaces), which is not followed`,
            ]
          : NO_LINES,
    },
    {
      members: ['Instances[].NetworkInterfaces[].ConnectionTrackingConfiguration'],
      lines: (item) =>
        item
          .objects('NetworkInterfaces')
          .filter((one) => one.has('NetworkInterfaceId'))
          .flatMap(ofTimeouts),
    },
  ],
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
  VpcEncryptionControls: [
    {
      members: [
        'VpcEncryptionControls[].ResourceExclusions.ApiGatewayV2.State',
        'VpcEncryptionControls[].ResourceExclusions.GlobalAccelerator.State',
      ],
      lines: (item) => ofExclusions(item, item.text('VpcId')),
    },
  ],
  LoadBalancers: [
    {
      members: ['LoadBalancers[].EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic'],
      lines: (item, around) =>
        item.textOr('EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic', 'on') === 'off'
          ? ofBalancer(
              item,
              around,
              'what comes to its load balancer over PrivateLink passes its groups (EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic), which is not followed',
            )
          : NO_LINES,
    },
    {
      members: ['LoadBalancers[].State.Code'],
      lines: (item, around) => {
        const state = item.objectOr('State', null)?.textOr('Code', 'active') ?? 'active';
        return state === 'active'
          ? NO_LINES
          : ofBalancer(item, around, `its load balancer is ${state}; nothing is said of whether it answers`);
      },
    },
    {
      members: ['LoadBalancers[].AvailabilityZones[].SourceNatIpv6Prefixes'],
      lines: (item, around) =>
        item
          .objects('AvailabilityZones')
          .flatMap((zone) => zone.texts('SourceNatIpv6Prefixes'))
          .flatMap((block) =>
            ofBalancer(
              item,
              around,
              `its load balancer sends from ${block} too (SourceNatIpv6Prefixes), which is not followed`,
            ),
          ),
    },
  ],
  FlowLogs: [
    {
      members: ['FlowLogs[].FlowLogStatus'],
      lines: (item) => {
        const status = item.textOr('FlowLogStatus', 'ACTIVE');
        return status === 'ACTIVE'
          ? NO_LINES
          : [`${item.text('FlowLogId')}: its status is ${status}; it is taken to make records`];
      },
    },
    {
      members: ['FlowLogs[].DeliverLogsStatus'],
      lines: (item) => {
        const status = item.textOr('DeliverLogsStatus', 'SUCCESS');
        return status === 'SUCCESS'
          ? NO_LINES
          : [
              `${item.text('FlowLogId')}: AWS says of its delivery ${status} (DeliverLogsStatus): records may be missing`,
            ];
      },
    },
  ],
  VpcBlockPublicAccessOptions: [
    {
      members: ['VpcBlockPublicAccessOptions.State'],
      lines: (item) =>
        item.textOr('State', '') === 'update-in-progress'
          ? [
              'internet: an update of Block Public Access is in progress (State); the new mode is taken to hold everywhere',
            ]
          : NO_LINES,
    },
    {
      members: ['VpcBlockPublicAccessOptions.ExclusionsAllowed'],
      lines: (item) =>
        item.textOr('ExclusionsAllowed', '') === 'not-allowed' &&
        item.textOr('InternetGatewayBlockMode', 'off') !== 'off'
          ? [
              'internet: no exclusion of Block Public Access may be made (ExclusionsAllowed): a fix that makes one will be refused',
            ]
          : NO_LINES,
    },
  ],
};

/** Lines about an item of a kind. */
export function notFollowed(kind: string, item: Described, around: Around): readonly string[] {
  const entries = NOT_FOLLOWED[kind];
  return entries === undefined ? NO_LINES : entries.flatMap(({ lines }) => lines(item, around));
}
