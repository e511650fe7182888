/**
 * What the model leaves open of a way.
 *
 * In:    the steps of flows. Out: lines that name what was not understood and touches them.
 * Holds: what is left out of the model and has no id of one thing, such as a key that is no part of it, touches all.
 */
import type { Step } from '../../api/explanation.ts';
import { CONDITIONS, isAbout } from '../../network/vpc/about.ts';
import type { Condition } from '../../network/vpc/about.ts';
import type { Address, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { Walked } from './walk.ts';
import type { World } from './world.ts';
import { interfaceAt } from './world.ts';

/** Names it. */
export function leftOpen(world: World, all: readonly Walked[]): string[] {
  const touched = new Set<string>();
  const seen = new Set<number>();
  const lines = new Set<string>();
  for (const { steps, visits } of all) {
    for (const { at, source, destination } of visits) {
      for (const condition of conditionsOf(source, destination)) touched.add(condition);
      if (!seen.has(at)) for (const id of idsAround(world.snapshot, at)) touched.add(id);
      seen.add(at);
    }
    for (const step of steps) {
      const { asked, leadsTo, stage, pass } = step;
      for (const one of asked) touched.add(one);
      if (namesFarGroup(world, step)) touched.add('groups of another VPC' satisfies Condition);
      if (leadsTo === null) continue;
      touched.add(leadsTo.id);
      if (/^(egress-only-)?internet-gateway$/.test(leadsTo.kind)) touched.add('internet' satisfies Condition);
      if (stage === 'route' && pass && leadsTo.kind === 'transit-gateway')
        lines.add(
          `${leadsTo.id}: route tables of a transit gateway are not in the model; it is taken to carry it both ways`,
        );
    }
  }
  for (const line of world.snapshot.notUnderstood) if (isAbout(line, touched)) lines.add(line);
  return [...lines];
}

/**
 * What was not understood and is about some interfaces, wherever their traffic goes.
 *
 * @param at   positions of interfaces
 * @param ids  of what is asked about besides
 */
export function leftOpenAt(snapshot: VpcSnapshot, at: readonly number[], ids: readonly string[] = []): string[] {
  const touched = new Set([...CONDITIONS, ...ids, ...at.flatMap((number) => idsAround(snapshot, number))]);
  return snapshot.notUnderstood.filter((line) => isAbout(line, touched));
}

/** Ids of an interface, of what it is in, and of what watches it. */
function idsAround(snapshot: VpcSnapshot, at: number): string[] {
  const { id, vpcId, subnetId, subnet, instanceId, groups } = snapshot.interfaces[at]!;
  const own = groups.map((number) => snapshot.groups[number]!);
  const peers = own
    .flatMap(({ ingress, egress }) => [...ingress, ...egress])
    .flatMap((rule) => {
      const { peer } = snapshot.rules[rule]!;
      return peer.kind === 'cidr' ? [] : [peer.id];
    });
  const acl = snapshot.acls[snapshot.subnets[subnet]?.acl ?? 0];
  const watching = snapshot.flowLogs.filter(({ interfaces }) => interfaces.includes(at));
  const named = [id, vpcId, subnetId, instanceId, acl?.id ?? null].filter((one) => one !== null && one !== '');
  return [...named, ...own.map((group) => group.id), ...peers, ...watching.map((flowLog) => flowLog.id)] as string[];
}

function conditionsOf(source: Address, destination: Address): Condition[] {
  const [word = 0] = destination.words;
  const isMulticast = destination.family === 4 ? word >>> 28 === 14 : word >>> 24 === 0xff;
  return [...(source.family === 6 ? (['IPv6'] as const) : []), ...(isMulticast ? (['multicast'] as const) : [])];
}

/** Whether what decides a step names a group of another VPC than the interface's. */
function namesFarGroup(world: World, { ruleId, interfaceId, stage }: Step): boolean {
  if (ruleId === null || interfaceId === null || !stage.startsWith('sg-')) return false;
  const { snapshot, byId } = world;
  const own = interfaceAt(world, byId.get(interfaceId) ?? 0);
  return own.groups
    .flatMap((number) => [...snapshot.groups[number]!.ingress, ...snapshot.groups[number]!.egress])
    .some((number) => {
      const { id, peer } = snapshot.rules[number]!;
      if (id !== ruleId || peer.kind !== 'group') return false;
      const vpcId = snapshot.groups.find((group) => group.id === peer.id)?.vpcId;
      return vpcId !== undefined && vpcId !== '' && vpcId !== own.vpcId;
    });
}
