/**
 * DeleteSecurityGroup: with its rules.
 *
 * In:    an id or a name. Out: the id.
 * Fails: as `group-errors.ts` lists them: not while an interface has it or another group of its VPC names it.
 * @see EC2 API Reference, "DeleteSecurityGroup", August 2026
 */
import type { DeleteSecurityGroupRequest, DeleteSecurityGroupResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { groupHasDependents } from '../dependencies.ts';
import { groupError } from '../group-errors.ts';
import { DEFAULT_GROUP, groupOf, removeGroup } from '../security-groups.ts';

export const deleteSecurityGroup = writeAction<DeleteSecurityGroupRequest, DeleteSecurityGroupResult>({
  name: 'DeleteSecurityGroup',
  run(input, context) {
    const { GroupId: id = '', GroupName: name, VpcId: vpcId = '' } = groupOf(context.resources, input);
    if (name === DEFAULT_GROUP) throw groupError('cannotDelete', id);
    if (groupHasDependents(context.resources, id, vpcId)) throw groupError('inUse', id);
    removeGroup(context, id);
    return { Return: true, GroupId: id };
  },
});
