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
    (name: string) => `Value (${name}) for parameter GroupName is invalid. Group names may not be in the format sg-*.`,
  ),
  name: entry(
    'InvalidParameterValue',
    'unverified',
    'the name of a group is longer than 255 characters or has others than those of a description',
    (name: string) => `Value (${name}) for parameter GroupName is invalid.`,
  ),
  description: entry(
    'InvalidParameterValue',
    'reported',
    'a description is longer than 255 characters or has others than those allowed; ‹thing› is a rule or a security group',
    (thing: string) =>
      `Invalid ${thing} description. Valid descriptions are strings less than 256 characters from the following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*`,
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
    'the group has the rule, whatever its description',
    (rule: string) => `the specified rule "${rule}" already exists`,
  ),
  sameTwice: entry(
    'InvalidParameterValue',
    'reported',
    'a call gives a rule twice',
    () => 'The same permission must not appear multiple times',
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
    'MissingParameter',
    'reported',
    'a permission has no address block, group or prefix list',
    () => 'Missing source specification: include source security group or CIDR information',
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
    () => 'Invalid value for portRange. Must specify both from and to ports with TCP/UDP.',
  ),
  portOutOfRange: entry(
    'InvalidPermission.Malformed',
    'reported',
    'a port of a rule for TCP or UDP is not 0 to 65535',
    (port: number) => `TCP/UDP port (${port}) out of range`,
  ),
  portRange: entry(
    'InvalidParameterValue',
    'emulated',
    'the ports of a rule for TCP or UDP go from the higher to the lower',
    (from: number, to: number) => `Invalid TCP/UDP port range (${from}:${to})`,
  ),
  noIcmp: entry(
    'InvalidParameterValue',
    'reported',
    'a rule for ICMP has not both type and code',
    () => 'Invalid value for portRange. Must specify both from and to ports with ICMP.',
  ),
  icmp: entry(
    'InvalidParameterValue',
    'unverified',
    'the ICMP type or code is not -1 to 255, or there is a code without a type',
    (type: number, code: number) => `ICMP type or code (${type}, ${code}) out of range`,
  ),
  bothForms: entry(
    'InvalidParameterCombination',
    'unverified',
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
