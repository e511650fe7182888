/**
 * The resources that a flow log can be of.
 *
 * In:    ids and their kind, who asks. Out: for each what hinders a flow log, where it is of that one alone.
 * Holds: only an account's own resources can have one. What another account has is not there, but for the far side of a
 *        peering connection, which the caller can see.
 * Fails: `….Malformed`, `….NotFound`, and those of `flow-log-errors.ts`.
 */
import type { Context } from './action.ts';
import type { Ec2Error } from './errors.ts';
import { flowLogError } from './flow-log-errors.ts';
import { isGatewayKind } from './flow-log-request.ts';
import type { ResourceType } from './flow-log-request.ts';
import { isIdOf, malformed, notFound } from './find-items.ts';
import { KIND_WORDS } from './items.ts';
import type { Items, Kind } from './items.ts';

const KIND_OF = { VPC: 'Vpcs', Subnet: 'Subnets', NetworkInterface: 'NetworkInterfaces' } as const;
/** What the ids of kinds that are not here begin with. */
const OTHER_PREFIXES = {
  TransitGateway: 'tgw-',
  TransitGatewayAttachment: 'tgw-attach-',
  RegionalNatGateway: 'nat-',
} as const;

/** Checks the resources of a call; what is wrong with one alone stands beside its id. */
export function checkResources(
  type: ResourceType,
  ids: readonly string[],
  context: Context,
): { readonly id: string; readonly problem: Ec2Error | null }[] {
  const twice = ids.find((id, i) => ids.indexOf(id) < i);
  if (twice !== undefined) throw flowLogError('resourceTwice', twice);
  for (const id of ids) checkKind(type, id);
  if (isGatewayKind(type) || type === 'RegionalNatGateway') throw flowLogError('gatewayKind', type);
  const kind = KIND_OF[type as keyof typeof KIND_OF];
  const missing = ids.filter((id) => context.resources.get(kind, id) === undefined);
  for (const id of missing) {
    const owner = farOwner(kind, id, context);
    if (owner !== null) throw flowLogError('ofOtherAccount', id, owner);
  }
  if (missing.length > 0) throw notFound(kind, missing);
  return ids.map((id) => ({ id, problem: kind === 'NetworkInterfaces' ? classicProblem(id, context) : null }));
}

function checkKind(type: ResourceType, id: string): void {
  const prefixes = { ...OTHER_PREFIXES, VPC: 'vpc-', Subnet: 'subnet-', NetworkInterface: 'eni-' };
  const begins = prefixes[type];
  const isAttachment = id.startsWith('tgw-attach-');
  if (!id.startsWith(begins) || (isAttachment && type === 'TransitGateway')) {
    const isKnown = Object.values(prefixes).some((prefix) => id.startsWith(prefix));
    if (isKnown || !(type in KIND_OF)) throw flowLogError('otherKind', id, type);
  }
  if (type in KIND_OF) {
    const kind = KIND_OF[type as keyof typeof KIND_OF];
    if (!isIdOf(kind, id)) throw malformed(kind, id);
  } else if (!/^[\da-f]{1,17}$/.test(id.slice(begins.length))) throw flowLogError('otherKind', id, type);
}

/** The account that has it, where the caller sees its VPC at the other end of a peering connection. */
function farOwner(kind: Kind, id: string, { account, resources, find }: Context): string | null {
  const found = find(kind, id);
  if (found === undefined || found.account === account) return null;
  const vpc = (found.item as Readonly<Record<string, unknown>>)[KIND_WORDS.Vpcs.id];
  const isFar = resources
    .list('VpcPeeringConnections')
    .some((one) => one.AccepterVpcInfo?.VpcId === vpc || one.RequesterVpcInfo?.VpcId === vpc);
  return isFar ? found.account : null;
}

function classicProblem(id: string, { resources }: Context): Ec2Error | null {
  const item: Items['NetworkInterfaces'] | undefined = resources.get('NetworkInterfaces', id);
  if (item?.VpcId === undefined || item.VpcId === '')
    return flowLogError('classic', id, 'is an interface of EC2-Classic');
  const instance = resources.get('Instances', item.Attachment?.InstanceId ?? '');
  if (instance !== undefined && (instance.VpcId === undefined || instance.VpcId === ''))
    return flowLogError('classic', id, `is linked to ${item.VpcId} through ClassicLink`);
  return null;
}
