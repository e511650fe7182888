/**
 * What interfaces belong to: instances, Auto Scaling groups, ECS tasks.
 *
 * In:    items of `Instances`, `AutoScalingGroups`, `EcsTasks` (as `aws ecs describe-tasks` prints them).
 * Out:   tags, whether an instance is on Nitro, the names that the ECS fields print.
 * Fails: FG_MODEL_VALUE.
 */
import type { Described } from './described.ts';
import type { EcsNames, Tags } from './snapshot.ts';

export type InstanceFact = {
  readonly id: string;
  readonly nitro: boolean;
  readonly tags: Tags;
  readonly interfaceIds: readonly string[];
};

export type ScalingGroupFact = {
  readonly name: string;
  readonly instanceIds: readonly string[];
  readonly tags: Tags;
};

export type TaskFact = { readonly arn: string; readonly interfaceIds: readonly string[]; readonly names: EcsNames };

/**
 * Families before Nitro: User Guide for Linux, "Instances built on the Nitro System", November 2024. The field
 * `Hypervisor` does not tell: it is `xen` for both (rule W2).
 */
const BEFORE_NITRO = new Set(
  't1 t2 m1 m2 m3 m4 c1 c3 c4 cc1 cc2 cg1 cr1 r3 r4 x1 x1e i2 i3 d2 h1 hs1 hi1 g2 g3 g3s p2 p3 f1'.split(' '),
);

/** Whether an instance type is on Nitro; types that are not known are newer, so they are. */
export function isNitro(instanceType: string): boolean {
  const [familyName = '', size = ''] = instanceType.split('.');
  return !BEFORE_NITRO.has(familyName) || (familyName === 'i3' && size === 'metal');
}

/** An item of `Instances`. */
export function readInstance(item: Described): InstanceFact {
  return {
    id: item.text('InstanceId'),
    nitro: isNitro(item.textOr('InstanceType', '')),
    tags: item.tags('Tags'),
    interfaceIds: item.objects('NetworkInterfaces').map((one) => one.text('NetworkInterfaceId')),
  };
}

/** An item of `AutoScalingGroups`. */
export function readScalingGroup(item: Described): ScalingGroupFact {
  return {
    name: item.text('AutoScalingGroupName'),
    instanceIds: item.objects('Instances').map((one) => one.text('InstanceId')),
    tags: item.tags('Tags'),
  };
}

const last = (arn: string | null): string | null => arn?.split('/').at(-1) ?? null;

/** An item of `EcsTasks`. Tasks without an interface of their own (bridge and host mode) have no interface ids. */
export function readTask(item: Described): TaskFact {
  const clusterArn = item.textOr('clusterArn', null);
  const containerInstanceArn = item.textOr('containerInstanceArn', null);
  const taskArn = item.text('taskArn');
  const group = item.textOr('group', '');
  const runtimes = item.objects('containers').map((one) => one.textOr('runtimeId', null));
  return {
    arn: taskArn,
    interfaceIds: item
      .objects('attachments')
      .filter((one) => one.textOr('type', '') === 'ElasticNetworkInterface')
      .flatMap((one) => one.objects('details').filter((detail) => detail.textOr('name', '') === 'networkInterfaceId'))
      .map((detail) => detail.text('value')),
    names: {
      clusterArn,
      clusterName: last(clusterArn),
      containerInstanceArn,
      containerInstanceId: last(containerInstanceArn),
      containerId: runtimes[0] ?? null,
      secondContainerId: runtimes[1] ?? null,
      serviceName: group.startsWith('service:') ? group.slice('service:'.length) : null,
      taskDefinitionArn: item.textOr('taskDefinitionArn', null),
      taskArn,
      taskId: last(taskArn),
    },
  };
}
