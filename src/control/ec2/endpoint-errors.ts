/**
 * The errors of VPC endpoints, managed prefix lists and DHCP options: one table, from which the docs are made.
 *
 * In:    the facts of what is wrong. Out: AWS's code and words, or `UnsupportedOperation` for what is not here.
 */
import { entry, errorsOf } from './error-table.ts';

export const ENDPOINT_ERRORS = {
  service: entry(
    'InvalidServiceName',
    'emulated',
    'there is no such service in the region, or not with an endpoint of that type',
    (name: string) => `The Vpc Endpoint Service '${name}' does not exist`,
  ),
  routeExists: entry(
    'RouteAlreadyExists',
    'reported',
    'a table of an endpoint has a route to the service',
    (table: string, list: string) => `route table ${table} already has a route with destination-prefix-list-id ${list}`,
  ),
  otherVpc: entry(
    'InvalidParameter',
    'unverified',
    'a table, subnet or group of an endpoint is of another VPC',
    (id: string, vpc: string) => `${id} does not belong to ${vpc}.`,
  ),
  sameZone: entry(
    'DuplicateSubnetsInSameZone',
    'reported',
    'two subnets of an endpoint are in one zone',
    (subnet: string) => `Found another VPC endpoint subnet in the availability zone of ${subnet}`,
  ),
  notOfType: entry(
    'InvalidParameter',
    'unverified',
    'an endpoint of the gateway type is to have subnets or groups, one of the interface type route tables',
    (parameter: string, type: string) => `${parameter} is not supported for an endpoint of type ${type}.`,
  ),
  policy: entry(
    'InvalidPolicyDocument',
    'model',
    'the policy of an endpoint is no JSON object',
    () => 'The specified policy document is not a valid JSON policy document.',
  ),
  notHere: entry(
    'UnsupportedOperation',
    'unverified',
    'endpoints of load balancers, resources and service networks; lists that IPAM fills; entries of versions before the newest',
    (parameter: string) => `flowgauge does not know what ${parameter} asks for.`,
  ),
  listFamily: entry(
    'InvalidParameterValue',
    'unverified',
    'AddressFamily is neither IPv4 nor IPv6',
    (family: string) => `Value (${family}) for parameter addressFamily is invalid. Valid values are: IPv4, IPv6.`,
  ),
  listSize: entry(
    'InvalidParameterValue',
    'unverified',
    'MaxEntries is not from 1 to 1,000',
    (size: number) => `Value (${size}) for parameter maxEntries is invalid. It must be from 1 to 1000.`,
  ),
  listName: entry(
    'InvalidParameterValue',
    'model',
    'the name of a list is empty, longer than 255 characters, or begins with com.amazonaws',
    (name: string) => `Value (${name}) for parameter prefixListName is invalid.`,
  ),
  listFull: entry(
    'PrefixListMaxEntriesExceeded',
    'unverified',
    'a list is to have more entries than MaxEntries says',
    (most: number) => `The prefix list has a maximum of ${most} entries.`,
  ),
  listBlock: entry(
    'InvalidParameterValue',
    'unverified',
    'an entry is no block of the family of the list',
    (_parameter: string, block: string) =>
      `Value (${block}) for parameter cidr is invalid. This is not a valid CIDR block.`,
  ),
  entryTwice: entry(
    'InvalidParameterValue',
    'unverified',
    'a call adds a block twice, or adds and removes it',
    (block: string) => `The CIDR ${block} is given twice.`,
  ),
  noEntry: entry(
    'InvalidParameterValue',
    'unverified',
    'an entry to be removed is not in the list',
    (block: string, list: string) => `The CIDR ${block} is not in the prefix list ${list}.`,
  ),
  listVersion: entry(
    'PrefixListVersionMismatch',
    'reported',
    'CurrentVersion is not the version that the list has',
    () => 'The prefix list has the incorrect version number.',
  ),
  sizeAndEntries: entry(
    'InvalidParameterCombination',
    'reported',
    'MaxEntries is to change together with entries',
    () => 'You cannot modify the entries of a prefix list and its size at the same time.',
  ),
  notYours: entry(
    'OperationNotPermitted',
    'unverified',
    "one of AWS's own lists is to be changed or deleted",
    (list: string) => `The prefix list ${list} is managed by AWS.`,
  ),
  listInUse: entry(
    'DependencyViolation',
    'unverified',
    'a list to be deleted is in a rule or a route',
    (list: string) => `The prefix list '${list}' has dependencies and cannot be deleted.`,
  ),
  optionsInUse: entry(
    'DependencyViolation',
    'emulated',
    'DHCP options to be deleted are those of a VPC',
    (options: string) => `The dhcpOptions '${options}' has dependencies and cannot be deleted.`,
  ),
  optionsKey: entry(
    'InvalidParameterValue',
    'reported',
    'a key of DHCP options that there is not, or one without values',
    (key: string) => `Value (${key}) for parameter name is invalid. Unknown DHCP option`,
  ),
} as const;

export const endpointError = errorsOf(ENDPOINT_ERRORS);
