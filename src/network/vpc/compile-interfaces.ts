/**
 * Interfaces with all that is printed of them.
 *
 * In:    facts. Out: interfaces of the snapshot.
 * Holds: an interface that was there before and is gone holds no address, prefix or MAC any more.
 */
import type { Compilation } from './compile.ts';
import type { InterfaceFact } from './interfaces.ts';
import { ofArn, regionOfZone } from './networks.ts';
import type { Cidr, Interface } from './snapshot.ts';

/** Words of interface-type; the rest of EC2's kinds print `-` (spec: field interface-type). */
const KIND_WORDS = new Set(['nat_gateway', 'network_load_balancer', 'transit_gateway', 'vpc_endpoint']);

type Place = Pick<Interface, 'azId' | 'sublocationType' | 'sublocationId'>;

function placeOf(zone: string | null, zoneId: string | null, outpostArn: string | null): Place {
  if (outpostArn !== null)
    return { azId: null, sublocationType: 'outpost', sublocationId: outpostArn.split('/').at(-1) ?? null };
  // us-east-1-wl1-bos-wlz-1 is a Wavelength zone, us-west-2-lax-1a a local one; us-east-1a is neither.
  const beyond = zone === null ? null : /^[a-z]{2,4}(?:-[a-z]+)+-\d-(.*)$/.exec(zone);
  if (!beyond) return { azId: zoneId, sublocationType: null, sublocationId: null };
  const type = beyond[1]?.startsWith('wl') ? 'wavelength' : 'localzone';
  return { azId: null, sublocationType: type, sublocationId: zoneId };
}

/** Adds the interfaces that are given. */
export function compileInterfaces(c: Compilation): void {
  const { model } = c;
  const instances = new Map<string, string>();
  for (const instance of model.instances.values())
    for (const id of instance.interfaceIds) instances.set(id, instance.id);
  const scaling = new Map(
    [...model.scalingGroups.values()].flatMap((group) => group.instanceIds.map((id) => [id, group.tags] as const)),
  );
  const tasks = new Map(
    [...model.tasks.values()].flatMap((task) => task.interfaceIds.map((id) => [id, task.names] as const)),
  );
  for (const task of model.tasks.values())
    if (task.interfaceIds.length === 0) c.note(`${task.arn}: has no interface of its own; ECS fields do not name it`);

  // An endpoint of a service network holds blocks by subnet; they are its interface's there.
  const held = new Map<string, readonly Cidr[]>();
  for (const { interfaceIds, prefixes } of model.endpoints.values())
    for (const id of interfaceIds)
      for (const subnetId of new Set(prefixes.map((one) => one.subnetId)))
        held.set(
          `${id} ${subnetId}`,
          prefixes.filter((one) => one.subnetId === subnetId).flatMap(({ blocks }) => blocks),
        );

  const compile = (fact: InterfaceFact): Interface => {
    const subnetFact = fact.subnetId === null ? undefined : model.subnets.get(fact.subnetId);
    const vpcId = fact.vpcId ?? subnetFact?.vpcId ?? null;
    const vpc = c.vpcs.list[c.vpcs.find(vpcId)];
    const zone = fact.zone ?? subnetFact?.zone ?? null;
    const outpostArn = fact.outpostArn ?? subnetFact?.outpostArn ?? null;
    const attached = fact.instanceId ?? instances.get(fact.id) ?? null;
    const instance = attached === null ? undefined : model.instances.get(attached);
    if (vpcId === null) c.note(`${fact.id}: in no VPC; flow logs do not cover it`);
    return {
      number: c.interfaces.numberOf(fact.id),
      id: fact.id,
      accountId: fact.ownerId ?? vpc?.accountId ?? '000000000000',
      region: (zone && regionOfZone(zone)) ?? (outpostArn && ofArn(outpostArn).region) ?? vpc?.region ?? 'us-east-1',
      vpcId,
      subnetId: fact.subnetId,
      vpc: c.vpcs.find(vpcId),
      subnet: c.subnets.find(fact.subnetId),
      instanceId: fact.requesterManaged ? null : attached,
      ...placeOf(zone, fact.zoneId ?? subnetFact?.zoneId ?? null, outpostArn),
      kind: fact.kind,
      kindWord: KIND_WORDS.has(fact.kind) ? fact.kind : null,
      resourceId: null,
      primary4: fact.primary4,
      addresses: fact.addresses,
      prefixes: [...fact.prefixes, ...(held.get(`${fact.id} ${fact.subnetId}`) ?? [])],
      translations: fact.translations,
      mac: fact.mac,
      groups: fact.groupIds.map((id) => c.groups.find(id)),
      sourceDestCheck: fact.sourceDestCheck,
      nitro: (instance?.nitro ?? true) && fact.tags['flowgauge:hypervisor'] !== 'xen',
      interfaceTags: fact.tags,
      instanceTags: instance?.tags ?? {},
      asgTags: (attached === null ? null : scaling.get(attached)) ?? null,
      ecs: tasks.get(fact.id) ?? null,
    };
  };
  for (const fact of model.interfaces.values()) c.interfaces.set(compile(fact));
  for (const [number, old] of c.interfaces.list.entries())
    if (number > 0 && !model.interfaces.has(old.id))
      c.interfaces.set({ ...old, addresses: [], prefixes: [], translations: [], mac: null });
}
