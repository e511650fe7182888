/**
 * What is not followed of interfaces, of what they are in and belong to, of controls and of flow logs.
 */
import type { Described } from './described.ts';
import type { Around, NotFollowed } from './not-followed-entry.ts';
import { NO_LINES, ofState } from './not-followed-entry.ts';

const TIMEOUTS = ['TcpEstablishedTimeout', 'UdpStreamTimeout', 'UdpTimeout'] as const;
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

/** By kind. */
export const ENDS_NOT_FOLLOWED: Readonly<Record<string, readonly NotFollowed[]>> = {
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
  VpcEncryptionControls: [
    {
      members: [
        'VpcEncryptionControls[].ResourceExclusions.ApiGatewayV2.State',
        'VpcEncryptionControls[].ResourceExclusions.GlobalAccelerator.State',
      ],
      lines: (item) => ofExclusions(item, item.text('VpcId')),
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
