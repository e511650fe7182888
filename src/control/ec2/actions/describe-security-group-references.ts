/**
 * DescribeSecurityGroupReferences: VPCs at the other end of peering connections whose groups name these.
 *
 * In:    ids of groups. Out: each VPC once for each group and connection.
 * Fails: `InvalidGroup.NotFound`.
 * @see EC2 API Reference, "DescribeSecurityGroupReferences", August 2026
 */
import type {
  DescribeSecurityGroupReferencesRequest,
  DescribeSecurityGroupReferencesResult,
} from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { itemsWithIds } from '../find-items.ts';

export const describeSecurityGroupReferences = readAction<
  DescribeSecurityGroupReferencesRequest,
  DescribeSecurityGroupReferencesResult
>({
  name: 'DescribeSecurityGroupReferences',
  run({ GroupId: ids }, { account, region, resources, elsewhere }) {
    const groups = new Map(
      itemsWithIds(resources, 'SecurityGroups', ids).map(({ GroupId, VpcId }) => [GroupId, VpcId]),
    );
    const found = resources.list('VpcPeeringConnections').flatMap((peering) => {
      const { VpcPeeringConnectionId: id, RequesterVpcInfo: one, AccepterVpcInfo: other } = peering;
      return [
        [one, other],
        [other, one],
      ].flatMap(([near, far]) => {
        const isHere = far?.OwnerId === account && (far.Region ?? region) === region;
        const there = isHere ? resources : elsewhere(far?.OwnerId ?? '', far?.Region ?? region);
        return [...groups]
          .flatMap(([groupId, vpcId]) =>
            vpcId === near?.VpcId
              ? there.where('SecurityGroupRules', 'ReferencedGroupInfo.GroupId', groupId ?? '')
              : [],
          )
          .filter(({ ReferencedGroupInfo: named }) => named?.VpcPeeringConnectionId === id)
          .map(({ ReferencedGroupInfo: named }) => ({
            GroupId: named?.GroupId,
            ReferencingVpcId: far?.VpcId,
            VpcPeeringConnectionId: id,
          }));
      });
    });
    const once = new Map(found.map((one) => [`${one.GroupId} ${one.VpcPeeringConnectionId}`, one]));
    return { SecurityGroupReferenceSet: [...once.values()] };
  },
});
