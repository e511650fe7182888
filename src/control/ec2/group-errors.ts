/**
 * The errors of security groups and their rules: one table, from which the docs are made.
 *
 * In:    the facts of what is wrong. Out: AWS's code and words.
 */
import { entry, errorsOf } from './error-table.ts';

export const GROUP_ERRORS = {
  duplicate: entry(
    'InvalidGroup.Duplicate',
    'reported',
    'the VPC has a group of that name',
    (name: string, vpc: string) => `The security group '${name}' already exists for VPC '${vpc}'`,
  ),
  reservedName: entry(
    'InvalidParameterValue',
    'reported',
    'a group is to be named default',
    () => 'Cannot use reserved security group name: default',
  ),
  idAsName: entry(
    'InvalidParameterValue',
    'reported',
    'the name of a group begins with sg-',
    (name: string) => `invalid value for parameter groupName: ${name}. Group names may not be in the format sg-*.`,
  ),
  wording: entry(
    'InvalidParameterValue',
    'reported',
    'a name or description is empty, longer than 255 characters, or has others than a-z A-Z 0-9 space ._-:/()#,@[]+=&;{}!$*',
    (member: string, text: string) => `Invalid value '${text}' for ${member}.`,
  ),
  noVpc: entry(
    'VPCIdNotSpecified',
    'emulated',
    'no VPC is named; there is no default one',
    () => 'No default VPC for this user',
  ),
  noGroup: entry(
    'InvalidGroup.NotFound',
    'recorded',
    'a group, or one that a rule names, is not there',
    (group: string) => `The security group '${group}' does not exist`,
  ),
  otherNetwork: entry(
    'InvalidGroup.NotFound',
    'reported',
    'a rule names a group of a VPC to which no active peering connection of the same region leads',
    () => 'You have specified two resources that belong to different networks.',
  ),
  inUse: entry(
    'DependencyViolation',
    'reported',
    'a group to be deleted is that of an interface, or named by a rule of another group of its VPC',
    (id: string) => `resource ${id} has a dependent object`,
  ),
  cannotDelete: entry(
    'CannotDelete',
    'reported',
    'the default group is to be deleted',
    (id: string) => `the specified group: "${id}" name: "default" cannot be deleted by a user`,
  ),
  ruleExists: entry(
    'InvalidPermission.Duplicate',
    'reported',
    'the group has the rule, whatever its description, or it is given twice',
    (rule: string) => `the specified rule "${rule}" already exists`,
  ),
  noRule: entry(
    'InvalidPermission.NotFound',
    'emulated',
    'a rule to be revoked or described is not there',
    () => 'The specified rule does not exist in this security group.',
  ),
  noRuleId: entry(
    'InvalidSecurityGroupRuleId.NotFound',
    'emulated',
    'the group has no rule of that id and direction',
    (id: string) => `The security group rule ID '${id}' does not exist`,
  ),
  tooMany: entry(
    'RulesPerSecurityGroupLimitExceeded',
    'emulated',
    'a group has as many rules of a direction as it may have; a prefix list counts with its MaxEntries (1,000: the most that AWS raises its quota to)',
    () => 'The maximum number of rules per security group has been reached.',
  ),
  noPeer: entry(
    'InvalidParameterValue',
    'unverified',
    'a permission has no address block, group or prefix list',
    () => 'Invalid permission: it has no address block, security group or prefix list.',
  ),
  onePeer: entry(
    'InvalidParameterCombination',
    'unverified',
    'a rule to be modified has not exactly one of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupId',
    () => 'Exactly one of CidrIpv4, CidrIpv6, PrefixListId and ReferencedGroupId must be given.',
  ),
  block: entry(
    'InvalidParameterValue',
    'reported',
    'an address block of a rule cannot be read',
    (block: string) => `CIDR block ${block} is malformed`,
  ),
  protocol: entry(
    'InvalidParameterValue',
    'reported',
    'IpProtocol is not tcp, udp, icmp, icmpv6, -1 or a number to 255',
    (protocol: string) => `Invalid value '${protocol}' for IP protocol. Unknown protocol.`,
  ),
  noPorts: entry(
    'InvalidParameterValue',
    'reported',
    'a rule for TCP or UDP has not both ports',
    () => "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.",
  ),
  portRange: entry(
    'InvalidParameterValue',
    'reported',
    'the ports of a rule for TCP or UDP are not 0 to 65535, or the first is the higher',
    (from: number, to: number) => `Invalid TCP/UDP port range (${from}:${to})`,
  ),
  noIcmp: entry(
    'InvalidParameterValue',
    'reported',
    'a rule for ICMP has not both type and code',
    () => "Invalid value 'Must specify both type and code with ICMP.' for portRange.",
  ),
  icmp: entry(
    'InvalidParameterValue',
    'reported',
    'the ICMP type or code is not -1 to 255, or there is a code without a type',
    (type: number, code: number) => `ICMP type or code (${type}, ${code}) out of range`,
  ),
  bothForms: entry(
    'InvalidParameterCombination',
    'reported',
    'a rule is given in several ways: as IpPermissions, as single members, or by id',
    () => 'The parameters IpPermissions, SecurityGroupRuleIds and those of a single rule may not be used together',
  ),
  namesOfGroup: entry(
    'InvalidParameterCombination',
    'unverified',
    'both GroupId and GroupName are given, and are of different groups',
    () => 'GroupId and GroupName are of different security groups',
  ),
} as const;

export const groupError = errorsOf(GROUP_ERRORS);
