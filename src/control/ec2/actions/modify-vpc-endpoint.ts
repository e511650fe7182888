/**
 * ModifyVpcEndpoint: other tables, subnets, groups, or another policy.
 *
 * In:    an endpoint, what is added and removed. Out: that it is done.
 * Fails: as `endpoint-errors.ts` lists them, `….NotFound`, `….Malformed`, those of addresses.
 * @see EC2 API Reference, "ModifyVpcEndpoint", August 2026
 */
import type { ModifyVpcEndpointRequest, ModifyVpcEndpointResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import type { WriteContext } from '../action.ts';
import { endpointError } from '../endpoint-errors.ts';
import {
  addEndpointInterface,
  addEndpointRoute,
  checkZones,
  endpointGroups,
  policyOf,
  removeEndpointInterface,
  removeEndpointRoute,
  setEndpointGroups,
} from '../endpoints.ts';
import type { Endpoint } from '../endpoints.ts';
import { itemWithId } from '../find-items.ts';
import type { Input } from '../items.ts';

type Request = Input<ModifyVpcEndpointRequest>;

export const modifyVpcEndpoint = writeAction<ModifyVpcEndpointRequest, ModifyVpcEndpointResult>({
  name: 'ModifyVpcEndpoint',
  run(input, context) {
    const { resources } = context;
    const before = itemWithId(resources, 'VpcEndpoints', input.VpcEndpointId);
    const policy =
      input.ResetPolicy === true ? policyOf(undefined) : policyOf(input.PolicyDocument ?? before.PolicyDocument);
    const isGateway = before.VpcEndpointType === 'Gateway';
    const [type, strange] = isGateway
      ? (['Gateway', ['AddSubnetIds', 'RemoveSubnetIds', 'AddSecurityGroupIds', 'RemoveSecurityGroupIds']] as const)
      : (['Interface', ['AddRouteTableIds', 'RemoveRouteTableIds']] as const);
    for (const member of strange) if ((input[member]?.length ?? 0) > 0) throw endpointError('notOfType', member, type);
    const changed = isGateway ? withTables(context, before, input) : withSubnets(context, before, input);
    const { PrivateDnsEnabled: dns = changed.PrivateDnsEnabled } = input;
    resources.put('VpcEndpoints', { ...changed, PolicyDocument: policy, PrivateDnsEnabled: dns });
    return { Return: true };
  },
});

function withTables(context: WriteContext, endpoint: Endpoint, input: Request): Endpoint {
  const { RouteTableIds: had = [] } = endpoint;
  const removed = (input.RemoveRouteTableIds ?? []).filter((id) => had.includes(id));
  const added = [...new Set(input.AddRouteTableIds)].filter((id) => !had.includes(id));
  for (const id of removed) removeEndpointRoute(context.resources, endpoint, id);
  for (const id of added) addEndpointRoute(context, endpoint, id);
  return { ...endpoint, RouteTableIds: [...had.filter((id) => !removed.includes(id)), ...added] };
}

function withSubnets(context: WriteContext, endpoint: Endpoint, input: Request): Endpoint {
  const {
    SubnetIds: had = [],
    NetworkInterfaceIds: interfaces = [],
    Groups: groups = [],
    VpcId: vpcId = '',
  } = endpoint;
  const goes = new Set(input.RemoveSecurityGroupIds);
  const stays = groups.flatMap(({ GroupId: id }) => (id === undefined || goes.has(id) ? [] : id));
  const grouped: Endpoint = {
    ...endpoint,
    Groups: endpointGroups(context, vpcId, [...stays, ...(input.AddSecurityGroupIds ?? [])]),
  };
  setEndpointGroups(context, grouped);
  const removed = (input.RemoveSubnetIds ?? []).filter((id) => had.includes(id));
  const added = [...new Set(input.AddSubnetIds)].filter((id) => !had.includes(id));
  const subnets = [...had.filter((id) => !removed.includes(id)), ...added];
  checkZones(context, subnets);
  const gone = interfaces.filter((id) =>
    removed.includes(context.resources.get('NetworkInterfaces', id)?.SubnetId ?? ''),
  );
  for (const id of gone) removeEndpointInterface(context, id);
  const made = added.map((id) => addEndpointInterface(context, grouped, id).NetworkInterfaceId ?? '');
  const kept = interfaces.filter((id) => !gone.includes(id));
  return { ...grouped, SubnetIds: subnets, NetworkInterfaceIds: [...kept, ...made] };
}
