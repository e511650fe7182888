/**
 * CreateSecurityGroup.
 *
 * In:    a name, a description, a VPC, tags. Out: the id of the group, which lets all out and nothing in.
 * Fails: as `group-errors.ts` lists them.
 * @see EC2 API Reference, "CreateSecurityGroup", August 2026
 */
import type { CreateSecurityGroupRequest, CreateSecurityGroupResult } from '@aws-sdk/client-ec2';
import { writeAction } from '../action.ts';
import { missingParameter } from '../errors.ts';
import { itemWithId } from '../find-items.ts';
import { groupError } from '../group-errors.ts';
import { isWording } from '../read-permissions.ts';
import { addGroup, DEFAULT_GROUP, groupNamed } from '../security-groups.ts';
import { tagsFor } from '../tags.ts';

export const createSecurityGroup = writeAction<CreateSecurityGroupRequest, CreateSecurityGroupResult>({
  name: 'CreateSecurityGroup',
  run({ Description: description, GroupName: given, VpcId: vpcId, TagSpecifications: specifications }, context) {
    // EC2 takes blanks from the ends of a name.
    const name = given.trim();
    if (name === '') throw missingParameter('GroupName');
    if (description === '') throw missingParameter('GroupDescription');
    if (!isWording(name)) throw groupError('name', name);
    if (!isWording(description)) throw groupError('description', 'security group');
    if (name.toLowerCase() === DEFAULT_GROUP) throw groupError('reservedName');
    if (name.toLowerCase().startsWith('sg-')) throw groupError('idAsName', name);
    if (vpcId === undefined) throw groupError('noVpc');
    const vpc = itemWithId(context.resources, 'Vpcs', vpcId);
    if (groupNamed(context.resources, vpcId, name) !== undefined) throw groupError('duplicate', name, vpcId);
    const tags = tagsFor('security-group', specifications);
    const { GroupId, SecurityGroupArn } = addGroup(context, vpc, name, description, tags);
    return { GroupId, Tags: tags, SecurityGroupArn };
  },
});
