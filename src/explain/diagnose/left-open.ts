/**
 * What the model leaves open of a way.
 *
 * In:    the steps of flows. Out: lines that name what was not understood and touches them.
 * Holds: what is left out of the model and has no id of one thing, such as a key that is no part of it, touches all.
 */
import type { Walked } from './walk.ts';
import type { World } from './world.ts';
import { interfaceAt } from './world.ts';

/** Names it. */
export function leftOpen(world: World, all: readonly Walked[]): string[] {
  const { snapshot } = world;
  const touched = new Set<string>();
  const seen = new Set<number>();
  const lines = new Set<string>();
  for (const { steps, visits } of all) {
    for (const { at } of visits) {
      if (seen.has(at)) continue;
      seen.add(at);
      const { id, vpcId, subnetId, instanceId, groups } = interfaceAt(world, at);
      for (const one of [id, vpcId, subnetId, instanceId]) if (one !== null) touched.add(one);
      for (const number of groups) {
        const group = snapshot.groups[number]!;
        touched.add(group.id);
        for (const rule of [...group.ingress, ...group.egress]) {
          const { peer } = snapshot.rules[rule]!;
          if (peer.kind !== 'cidr') touched.add(peer.id);
        }
      }
    }
    for (const { asked, leadsTo, stage, pass } of steps) {
      for (const one of asked) touched.add(one);
      if (leadsTo === null) continue;
      touched.add(leadsTo.id);
      if (stage === 'route' && pass && leadsTo.kind === 'transit-gateway')
        lines.add(
          `${leadsTo.id}: route tables of a transit gateway are not in the model; it is taken to carry it both ways`,
        );
      if (leadsTo.kind === 'gateway-endpoint')
        lines.add(`${leadsTo.id}: the policy of an endpoint is not in the model; it is taken to allow it`);
    }
  }
  for (const line of snapshot.notUnderstood) {
    const [about = ''] = line.split(':');
    if (touched.has(about) || !about.includes('-')) lines.add(line);
  }
  return [...lines];
}
