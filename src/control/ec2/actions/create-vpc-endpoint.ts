/**
 * CreateVpcEndpoint: a way from a VPC to a service of AWS, by routes (gateway) or by interfaces.
 *
 * In:    a VPC, a service, tables or subnets. Out: the endpoint.
 * Fails: as `endpoint-errors.ts` lists them, `….NotFound`, `….Malformed`, those of addresses and tags.
 * @see EC2 API Reference, "CreateVpcEndpoint", August 2026
 */
import { randomUUID } from 'node:crypto';
import type { CreateVpcEndpointRequest, CreateVpcEndpointResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import type { WriteContext } from '../action.ts';
import { endpointError } from '../endpoint-errors.ts';
import { addEndpointInterface, addEndpointRoute, checkZones, endpointGroups, policyOf } from '../endpoints.ts';
import type { Endpoint } from '../endpoints.ts';
import { missingParameter, oneOf } from '../errors.ts';
import { itemWithId } from '../find-items.ts';
import type { Input } from '../items.ts';
import { awsPrefixList } from '../prefix-lists.ts';
import { tagsFor } from '../tags.ts';

const TYPES = ['Gateway', 'Interface', 'GatewayLoadBalancer', 'Resource', 'ServiceNetwork'];
const NOT_HERE = ['ServiceNetworkArn', 'ResourceConfigurationArn', 'SubnetConfigurations', 'ServiceRegion'] as const;

export const createVpcEndpoint = writeAction<CreateVpcEndpointRequest, CreateVpcEndpointResult>({
  name: 'CreateVpcEndpoint',
  run(input, context) {
    const { resources } = context;
    itemWithId(resources, 'Vpcs', input.VpcId);
    const type = oneOf('VpcEndpointType', input.VpcEndpointType, TYPES) ?? 'Gateway';
    if (type !== 'Gateway' && type !== 'Interface') throw endpointError('notHere', 'VpcEndpointType');
    const stranger = NOT_HERE.find((member) => input[member] !== undefined);
    if (stranger !== undefined) throw endpointError('notHere', stranger);
    if (input.ServiceName === undefined) throw missingParameter('ServiceName');
    const made =
      type === 'Gateway'
        ? addGateway(context, input, input.ServiceName)
        : addInterfaces(context, input, input.ServiceName);
    resources.put('VpcEndpoints', made);
    const told = type === 'Gateway' ? made : { ...made, State: 'pending' };
    return { VpcEndpoint: told, ClientToken: input.ClientToken ?? randomUUID() };
  },
});

function common(context: WriteContext, input: Input<CreateVpcEndpointRequest>): Endpoint {
  return {
    VpcEndpointId: context.newId('vpce-'),
    VpcId: input.VpcId,
    ServiceName: input.ServiceName,
    State: 'available',
    PolicyDocument: policyOf(input.PolicyDocument),
    RouteTableIds: [],
    SubnetIds: [],
    Groups: [],
    IpAddressType: 'ipv4',
    PrivateDnsEnabled: false,
    RequesterManaged: false,
    NetworkInterfaceIds: [],
    DnsEntries: [],
    CreationTimestamp: context.now.toISOString(),
    Tags: tagsFor('vpc-endpoint', input.TagSpecifications),
    OwnerId: context.account,
  };
}

function addGateway(context: WriteContext, input: Input<CreateVpcEndpointRequest>, service: string): Endpoint {
  if (awsPrefixList(context.region, service) === null) throw endpointError('service', service);
  for (const member of ['SubnetIds', 'SecurityGroupIds'] as const)
    if ((input[member]?.length ?? 0) > 0) throw endpointError('notOfType', member, 'Gateway');
  const tables = [...new Set(input.RouteTableIds)];
  const made = { ...common(context, input), VpcEndpointType: 'Gateway', RouteTableIds: tables };
  for (const id of tables) addEndpointRoute(context, made, id);
  return made;
}

function addInterfaces(context: WriteContext, input: Input<CreateVpcEndpointRequest>, service: string): Endpoint {
  const { region } = context;
  const begin = `com.amazonaws.${region}.`;
  if (!service.startsWith(begin) || !/^[a-z][a-z\d.-]*$/.test(service.slice(begin.length)))
    throw endpointError('service', service);
  if ((input.RouteTableIds?.length ?? 0) > 0) throw endpointError('notOfType', 'RouteTableIds', 'Interface');
  const subnets = [...new Set(input.SubnetIds)];
  checkZones(context, subnets);
  const made: Endpoint = {
    ...common(context, input),
    VpcEndpointType: 'Interface',
    SubnetIds: subnets,
    Groups: endpointGroups(context, input.VpcId, input.SecurityGroupIds),
    DnsOptions: { DnsRecordIpType: 'ipv4' },
    PrivateDnsEnabled: input.PrivateDnsEnabled ?? true,
  };
  const short = service.slice(begin.length).split('.').reverse().join('.');
  const name = `${made.VpcEndpointId}-${context.newId('').slice(0, 8)}.${short}.${region}.vpce.amazonaws.com`;
  return {
    ...made,
    NetworkInterfaceIds: subnets.map((id) => addEndpointInterface(context, made, id).NetworkInterfaceId ?? ''),
    DnsEntries: [{ DnsName: name, HostedZoneId: 'Z1HUB23UULQXV' }],
  };
}
