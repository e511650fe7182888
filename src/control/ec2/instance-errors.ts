/**
 * The errors of instances: one table, from which the docs are made.
 *
 * In:    the facts of what is wrong. Out: AWS's code and words, or `UnsupportedOperation` for what is not here.
 */
import { entry, errorsOf } from './error-table.ts';

export const INSTANCE_ERRORS = {
  count: entry(
    'InvalidParameterValue',
    'unverified',
    'MinCount is below 1 or above MaxCount, or MaxCount above 1,000',
    (least: number, most: number) =>
      `Value (${least}, ${most}) for parameters minCount and maxCount is invalid. They must be from 1 to 1000, minCount not above maxCount.`,
  ),
  noSubnet: entry(
    'VPCIdNotSpecified',
    'reported',
    'neither a subnet nor an interface is named; there is no default VPC',
    () => 'No default VPC for this user. Specify a subnet.',
  ),
  interfaceAndSubnet: entry(
    'InvalidParameterCombination',
    'reported',
    'subnet, groups or address are given both for the instance and with interfaces',
    () =>
      'Network interfaces and an instance-level subnet ID, security groups or private address may not be specified on the same request',
  ),
  oneOnly: entry(
    'InvalidParameterCombination',
    'reported',
    'several instances are to have one interface or address',
    () => 'A network interface or private address cannot be given for several instances.',
  ),
  noFirst: entry(
    'InvalidParameterValue',
    'unverified',
    'interfaces are given and none has device index 0, or two have the same',
    () => 'Each interface must have a device index of its own, and one of them 0.',
  ),
  otherNetworks: entry(
    'InvalidParameterCombination',
    'unverified',
    'interfaces of one instance are of several VPCs or zones',
    () => 'All interfaces of an instance must be in the same VPC and availability zone.',
  ),
  interfaceInUse: entry(
    'InvalidNetworkInterface.InUse',
    'reported',
    'an interface for a new instance is attached',
    (id: string) => `Interface: [${id}] in use.`,
  ),
  groupNames: entry(
    'InvalidParameterCombination',
    'reported',
    'groups are named in a VPC that is not the default one',
    () => 'The parameter groupName cannot be used with the parameter subnet',
  ),
  protectedFromEnd: entry(
    'OperationNotPermitted',
    'reported',
    'an instance that is protected is to be terminated',
    (id: string) =>
      `The instance '${id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
  ),
  tagType: entry(
    'InvalidParameterValue',
    'unverified',
    'tags are for something that RunInstances does not make',
    (type: string) => `Value (${type}) for parameter TagSpecification.ResourceType is invalid.`,
  ),
  attribute: entry(
    'InvalidParameterValue',
    'unverified',
    'an attribute that instances here do not have',
    (attribute: string) => `Value (${attribute}) for parameter attribute is invalid. Unknown attribute.`,
  ),
  type: entry(
    'InvalidInstanceType',
    'reported',
    'an instance type that flowgauge knows nothing of is asked for',
    (types: string) => `The following supplied instance types do not exist: [${types}]`,
  ),
  notHere: entry(
    'UnsupportedOperation',
    'unverified',
    'launch templates, and what else names resources that are not here',
    (parameter: string) => `flowgauge does not know what ${parameter} asks for.`,
  ),
} as const;

export const instanceError = errorsOf(INSTANCE_ERRORS);
