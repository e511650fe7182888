/**
 * What stands in the way of deleting a VPC, subnet or security group.
 *
 * In:    what is there. Out: whether something depends on it.
 * Holds: gateways that are deleted and instances that are terminated, which are described for a while, do not count.
 */
import type { Context, Resources } from './action.ts';
import { peeringAt } from './peering.ts';
import { DEFAULT_GROUP } from './security-groups.ts';

const GONE = new Set(['deleted', 'terminated', 'rejected', 'expired', 'failed']);
const isHere = (state: string | undefined): boolean => !GONE.has(state ?? '');

/** Whether a VPC has more than what it was made with. */
export function vpcHasDependents({ now, resources }: Context, id: string): boolean {
  const attached = ({
    Attachments,
  }: {
    readonly Attachments?: readonly { readonly VpcId?: string | undefined }[] | undefined;
  }): boolean => Attachments?.some(({ VpcId }) => VpcId === id) ?? false;
  return (
    resources.where('Subnets', 'VpcId', id).length > 0 ||
    resources.where('NetworkInterfaces', 'VpcId', id).length > 0 ||
    resources.where('Instances', 'VpcId', id).some(({ State }) => isHere(State?.Name)) ||
    resources.where('NatGateways', 'VpcId', id).some(({ State }) => isHere(State)) ||
    resources.where('SecurityGroups', 'VpcId', id).some(({ GroupName }) => GroupName !== DEFAULT_GROUP) ||
    resources.where('NetworkAcls', 'VpcId', id).some(({ IsDefault }) => IsDefault !== true) ||
    resources
      .where('RouteTables', 'VpcId', id)
      .some(({ Associations }) => !Associations?.some(({ Main }) => Main === true)) ||
    resources.where('VpcEndpoints', 'VpcId', id).length > 0 ||
    resources.list('InternetGateways').some(attached) ||
    resources.list('EgressOnlyInternetGateways').some(attached) ||
    resources
      .list('VpcPeeringConnections')
      .some(
        (one) =>
          (one.AccepterVpcInfo?.VpcId === id || one.RequesterVpcInfo?.VpcId === id) &&
          isHere(peeringAt(one, now)?.Status?.Code ?? 'deleted'),
      )
  );
}

/** Whether something is in a subnet. */
export function subnetHasDependents(resources: Resources, id: string): boolean {
  return (
    resources.where('NetworkInterfaces', 'SubnetId', id).length > 0 ||
    resources.where('Instances', 'SubnetId', id).some(({ State }) => isHere(State?.Name)) ||
    resources.where('NatGateways', 'SubnetId', id).some(({ State }) => isHere(State))
  );
}

/** Whether a group is an interface's, or named by a rule of another group of its VPC. Over peering it may be gone. */
export function groupHasDependents(resources: Resources, id: string, vpcId: string): boolean {
  return (
    resources
      .where('NetworkInterfaces', 'VpcId', vpcId)
      .some(({ Groups }) => Groups?.some(({ GroupId }) => GroupId === id)) ||
    resources
      .where('SecurityGroups', 'VpcId', vpcId)
      .some(
        ({ GroupId: other = '' }) =>
          other !== id &&
          resources
            .where('SecurityGroupRules', 'GroupId', other)
            .some(({ ReferencedGroupInfo }) => ReferencedGroupInfo?.GroupId === id),
      )
  );
}
