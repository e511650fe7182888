/**
 * DescribeInstanceTypes: what decides here of the types that are asked for, and of common ones where none is.
 *
 * In:    names, filters, a page. Out: for each its hypervisor, and what clients look at before they make an instance.
 * Holds: nothing runs, so processors and memory are not told. Any name that is formed like that of a type is one.
 * Fails: `InvalidInstanceType`, those of filters and pages.
 * @see EC2 API Reference, "DescribeInstanceTypes", August 2026
 */
import type { DescribeInstanceTypesRequest, DescribeInstanceTypesResult, InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { isNitro } from '../../../network/vpc/owners.ts';
import { readAction } from '../action.ts';
import { filterBy } from '../filters.ts';
import type { FilterTable } from '../filters.ts';
import { instanceError } from '../instance-errors.ts';
import { isArm } from '../instances.ts';
import type { Plain } from '../items.ts';
import { pageOf } from '../pages.ts';

type Info = Plain<InstanceTypeInfo>;

const COMMON = ['t2', 't3', 't4g', 'm4', 'm5', 'm6i', 'm7g', 'c5', 'c6i', 'c7g', 'r5', 'r6i'].flatMap((family) =>
  ['large', 'xlarge'].map((size) => `${family}.${size}`),
);
const SIZES = /^[a-z][a-z\d-]*\d[a-z\d-]*\.(?:nano|micro|small|medium|large|xlarge|\d+xlarge|metal(?:-\d+xl)?)$/;

const FILTERS: FilterTable<Info> = {
  'bare-metal': (one) => one.BareMetal,
  'burstable-performance-supported': (one) => one.BurstablePerformanceSupported,
  hypervisor: (one) => one.Hypervisor,
  'instance-type': (one) => one.InstanceType,
  'processor-info.supported-architecture': (one) => one.ProcessorInfo?.SupportedArchitectures,
};

function infoOf(type: string): Info {
  const isMetal = type.includes('.metal');
  return {
    InstanceType: type,
    SupportedUsageClasses: ['on-demand'],
    SupportedRootDeviceTypes: ['ebs'],
    SupportedVirtualizationTypes: ['hvm'],
    BareMetal: isMetal,
    ...(isMetal ? {} : { Hypervisor: isNitro(type) ? 'nitro' : 'xen' }),
    ProcessorInfo: { SupportedArchitectures: [isArm(type) ? 'arm64' : 'x86_64'] },
    BurstablePerformanceSupported: /^t\d/.test(type),
  };
}

export const describeInstanceTypes = readAction<DescribeInstanceTypesRequest, DescribeInstanceTypesResult>({
  name: 'DescribeInstanceTypes',
  run({ InstanceTypes: asked = [], Filters: filters, ...page }) {
    const unknown = asked.filter((type) => !SIZES.test(type));
    if (unknown.length > 0) throw instanceError('type', unknown.join(', '));
    const all = (asked.length > 0 ? [...new Set(asked)] : COMMON).map(infoOf);
    const wanted = all.filter(filterBy(FILTERS, null, filters));
    const { items, ...next } = pageOf('instance types', wanted, ({ InstanceType: type = '' }) => type, page, {
      least: 5,
      most: 100,
    });
    return { InstanceTypes: items, ...next };
  },
});
