/**
 * The errors of network ACLs: one table, from which the docs are made.
 *
 * In:    the facts of what is wrong. Out: AWS's code and words.
 */
import { entry, errorsOf } from './error-table.ts';

export const ACL_ERRORS = {
  entryExists: entry(
    'NetworkAclEntryAlreadyExists',
    'emulated',
    'an entry of that number and direction is there',
    (number: number) => `The network acl entry identified by ${number} already exists.`,
  ),
  noEntry: entry(
    'InvalidNetworkAclEntry.NotFound',
    'model',
    'no entry of that number and direction is there; 32767 and 32768 can be neither replaced nor deleted',
    (number: number) => `The network acl entry identified by ${number} does not exist.`,
  ),
  tooManyEntries: entry(
    'NetworkAclEntryLimitExceeded',
    'model',
    'an ACL has as many entries of a family and direction as it may have (40, the most that AWS raises its quota to)',
    (most: number) => `The maximum number of network acl entries has been reached: ${most}.`,
  ),
  entryNumber: entry(
    'InvalidParameterValue',
    'unverified',
    'RuleNumber is not 1 to 32766',
    (number: number) => `Value (${number}) for parameter ruleNumber is invalid. It must be 1 to 32766.`,
  ),
  oneBlock: entry(
    'InvalidParameterCombination',
    'unverified',
    'an entry has both CidrBlock and Ipv6CidrBlock, or neither',
    () => 'Exactly one of CidrBlock and Ipv6CidrBlock must be given.',
  ),
  ipv6WithoutBlock: entry(
    'InvalidParameterValue',
    'unverified',
    'an entry has an IPv6 block where the VPC has none',
    (vpc: string) => `The vpc '${vpc}' has no IPv6 CIDR block.`,
  ),
  protocol: entry(
    'InvalidParameterValue',
    'unverified',
    'Protocol of an entry is not -1 or a number to 255',
    (protocol: string) => `Invalid value '${protocol}' for protocol. It must be -1 or a protocol number.`,
  ),
  ports: entry(
    'InvalidParameterValue',
    'unverified',
    'an entry for TCP or UDP has no port range, or one from a higher to a lower port or beyond 0 to 65535',
    (why: string) => `Invalid value for portRange. ${why}`,
  ),
  icmp: entry(
    'InvalidParameterValue',
    'unverified',
    'an entry for ICMP has no type and code, or others than -1 to 255',
    () => 'Invalid value for icmpTypeCode. Type and code must be given, each -1 to 255.',
  ),
  defaultAcl: entry(
    'InvalidParameterValue',
    'reported',
    'the default ACL of a VPC is to be deleted',
    (id: string) => `cannot delete default network ACL ${id}`,
  ),
  dependency: entry(
    'DependencyViolation',
    'emulated',
    'an ACL to be deleted is associated with a subnet',
    (id: string) => `The network ACL '${id}' has dependencies and cannot be deleted.`,
  ),
  noAssociation: entry(
    'InvalidAssociationID.NotFound',
    'model',
    'no subnet has an association of that id',
    (id: string) => `The association ID '${id}' does not exist`,
  ),
  otherVpc: entry(
    'InvalidParameterValue',
    'unverified',
    'a subnet is to have an ACL of another VPC',
    (acl: string, subnet: string) => `${acl} and ${subnet} belong to different networks`,
  ),
} as const;

export const aclError = errorsOf(ACL_ERRORS);
