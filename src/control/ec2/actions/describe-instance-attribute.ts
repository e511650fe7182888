/**
 * DescribeInstanceAttribute: one attribute of an instance.
 *
 * In:    an instance, the name of an attribute. Out: its value. Holds: user data was not kept, so there is none.
 * Fails: `InvalidInstanceID.*`, `InvalidParameterValue`.
 * @see EC2 API Reference, "DescribeInstanceAttribute", August 2026
 */
import type { DescribeInstanceAttributeRequest, InstanceAttribute } from '@aws-sdk/client-ec2';
import { readAction } from '../action.ts';
import { itemWithId } from '../find-items.ts';
import { instanceError } from '../instance-errors.ts';
import { describedInstance } from '../instances.ts';
import type { Plain } from '../items.ts';

export const describeInstanceAttribute = readAction<DescribeInstanceAttributeRequest, InstanceAttribute>({
  name: 'DescribeInstanceAttribute',
  run({ InstanceId: id, Attribute: attribute }, { resources }) {
    const kept = itemWithId(resources, 'Instances', id);
    const item = describedInstance(resources, kept);
    const value = <V>(of: V): { readonly Value: V } => ({ Value: of });
    const attributes: Readonly<Record<string, Plain<InstanceAttribute>>> = {
      blockDeviceMapping: { BlockDeviceMappings: [] },
      disableApiStop: { DisableApiStop: value(kept.DisableApiStop ?? false) },
      disableApiTermination: { DisableApiTermination: value(kept.DisableApiTermination ?? false) },
      ebsOptimized: { EbsOptimized: value(item.EbsOptimized ?? false) },
      enaSupport: { EnaSupport: value(true) },
      enclaveOptions: { EnclaveOptions: { Enabled: false } },
      groupSet: { Groups: item.SecurityGroups ?? [] },
      instanceInitiatedShutdownBehavior: {
        InstanceInitiatedShutdownBehavior: value(kept.ShutdownBehavior ?? 'stop'),
      },
      instanceType: { InstanceType: value(item.InstanceType ?? '') },
      kernel: { KernelId: {} },
      productCodes: { ProductCodes: [] },
      ramdisk: { RamdiskId: {} },
      rootDeviceName: { RootDeviceName: value(item.RootDeviceName ?? '') },
      sourceDestCheck: { SourceDestCheck: value(item.SourceDestCheck ?? true) },
      sriovNetSupport: { SriovNetSupport: {} },
      userData: { UserData: {} },
    };
    const found = Object.hasOwn(attributes, attribute) ? attributes[attribute] : undefined;
    if (found === undefined) throw instanceError('attribute', attribute);
    return { ...found, InstanceId: id };
  },
});
