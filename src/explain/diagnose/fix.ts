/**
 * The smallest change that opens what was asked, tried with the engine that says that it is closed.
 *
 * In:    flows that do not pass, with their steps. Out: a change that lets all of them pass, and what else it opens; or none.
 * Holds: it was asked again with the change made. What another account must have is written down and not tried.
 */
import type { Change, Fix, Step } from '../../api/explanation.ts';
import { formatCidr } from '../../network/vpc/addresses.ts';
import { applyChanges } from './apply-change.ts';
import { awsCommand, terraformText } from './change-text.ts';
import type { Visit } from './judge-visit.ts';
import type { Wanted } from './needed-change.ts';
import { neededChange } from './needed-change.ts';
import { openedBy } from './opened-by.ts';
import { replayForm } from './replay-form.ts';
import { sliceOf } from './slice.ts';
import type { Walked } from './walk.ts';
import { walk } from './walk.ts';
import type { World } from './world.ts';
import { createWorld, interfaceAt, otherAccount } from './world.ts';

/** A flow that does not pass. */
export type Closed = { readonly wanted: Wanted; readonly walked: Walked };

/** More than so many at once nobody should make unread. */
const MOST_CHANGES = 64;
/** A change may be in the way of the next: a route brings the packet to an ACL that nobody asked before. */
const ROUNDS = 3;

/** A change for all of them; null where none in this model would do. */
export function fixFor(world: World, closed: readonly Closed[]): Fix | null {
  const changes: Change[] = [];
  const seen = new Set<string>();
  let now = closed.map((one) => ({ ...one, world }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { wanted, walked, world: own } of now) {
      const needed = changesFor(own, wanted, walked);
      if (needed === null) return null;
      for (const change of needed) {
        const text = JSON.stringify(change);
        if (!seen.has(text)) changes.push(change);
        seen.add(text);
      }
      if (changes.length > MOST_CHANGES) return null;
    }
    now = stillClosed(world, closed, changes);
    if (now.length === 0) return fixOf(world, narrowed(world, closed, changes), true, closed);
  }
  return null;
}

/** What other accounts must have for a flow that leaves to them. */
export function fixElsewhere(world: World, { wanted, walked }: Closed): Fix | null {
  const step = walked.steps.find(({ stage, leadsTo }) => stage === 'far-side' && leadsTo?.kind.startsWith('peering'));
  const peeringId = step?.leadsTo?.id ?? '';
  const far = otherAccount(world, peeringId);
  if (!far?.accountId || !far.vpcId || wanted.flow.from.at === 0) return null;
  const elsewhere = { OwnerId: far.accountId, VpcId: far.vpcId };
  const { family } = wanted.from;
  const source = formatCidr(wanted.from);
  const { port, protocol } = wanted.flow;
  const word = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' }[protocol] ?? String(protocol);
  const changes: Change[] = [
    {
      action: 'AuthorizeSecurityGroupIngress',
      ...elsewhere,
      IpPermissions: [
        {
          IpProtocol: word,
          ...(port === null ? {} : { FromPort: port, ToPort: port }),
          ...(family === 4 ? { IpRanges: [{ CidrIp: source }] } : { Ipv6Ranges: [{ CidrIpv6: source }] }),
        },
      ],
    },
    {
      action: 'CreateRoute',
      ...elsewhere,
      ...(family === 4 ? { DestinationCidrBlock: source } : { DestinationIpv6CidrBlock: source }),
      VpcPeeringConnectionId: peeringId,
    },
  ];
  return fixOf(world, changes, false, []);
}

function changesFor(world: World, wanted: Wanted, { steps, visits }: Walked): Change[] | null {
  const changes: Change[] = [];
  for (const step of steps) {
    if (step.pass) continue;
    const change = neededChange(world, wanted, step, visitOf(world, visits, step));
    if (change === null) return null;
    changes.push(change);
  }
  return changes;
}

function visitOf(world: World, visits: readonly Visit[], { leg, stage, interfaceId }: Step): Visit | null {
  const direction = stage.endsWith('egress') ? 'egress' : 'ingress';
  return (
    visits.find(
      (visit) => visit.leg === leg && visit.direction === direction && interfaceAt(world, visit.at).id === interfaceId,
    ) ?? null
  );
}

/** The flows that do not pass after changes. */
function stillClosed(
  world: World,
  closed: readonly Closed[],
  changes: readonly Change[],
): (Closed & { readonly world: World })[] {
  const touched = new Set(
    closed.flatMap(({ walked, wanted: { flow } }) => [...walked.visits.map(({ at }) => at), flow.from.at, flow.to.at]),
  );
  for (const { walked } of closed)
    for (const { leadsTo } of walked.steps) if (leadsTo) for (const at of behind(world, leadsTo.id)) touched.add(at);
  for (const change of changes)
    if (change.action === 'CreateRoute' && change.NatGatewayId)
      for (const at of behind(world, change.NatGatewayId)) touched.add(at);
  const { snapshot, placeOf, groups, targetOf } = sliceOf(
    world.snapshot,
    [...touched].filter((at) => at !== 0),
  );
  // Who else is in a group is asked of all.
  const inGroup = new Map(groups.map((number, place) => [place, world.inGroup.get(number) ?? []]));
  const changed = { ...createWorld(applyChanges(snapshot, changes, targetOf)), inGroup };
  return closed.flatMap(({ wanted }) => {
    const { from, to } = wanted.flow;
    const flow = {
      ...wanted.flow,
      from: { ...from, at: placeOf(from.at) },
      to: { ...to, at: placeOf(to.at) },
    };
    const walked = walk(changed, flow);
    return walked.steps.every(({ pass }) => pass) ? [] : [{ wanted: { ...wanted, flow }, walked, world: changed }];
  });
}

/** Interfaces that a gateway has. */
function behind(world: World, id: string): number[] {
  return world.snapshot.routeTables.flatMap(({ routes }) =>
    routes.filter(({ target }) => target.id === id && target.interface !== 0).map(({ target }) => target.interface),
  );
}

/** An exclusion for what begins inside alone, where that is enough. */
function narrowed(world: World, closed: readonly Closed[], changes: readonly Change[]): readonly Change[] {
  const narrow = changes.map((change): Change => {
    if (change.action !== 'CreateVpcBlockPublicAccessExclusion') return change;
    return { ...change, InternetGatewayExclusionMode: 'allow-egress' };
  });
  const isOther = narrow.some((change, i) => JSON.stringify(change) !== JSON.stringify(changes[i]));
  const isInside = closed.every(({ wanted }) => wanted.flow.from.at !== 0);
  return isOther && isInside && stillClosed(world, closed, narrow).length === 0 ? narrow : changes;
}

function fixOf(world: World, change: readonly Change[], verified: boolean, closed: readonly Closed[]): Fix {
  const opened = change.map((one) => openedBy(world, one));
  const asked = new Set(closed.flatMap(({ walked }) => walked.visits.map(({ at }) => interfaceAt(world, at).id)));
  const all = new Set(opened.flatMap(({ interfaceIds }) => interfaceIds));
  return {
    change,
    awsCli: change.map(awsCommand),
    terraform: terraformText(change),
    replay: replayForm(change),
    verified,
    opens: opened.map(({ opens }) => opens),
    alsoOpens: [...all].filter((id) => !asked.has(id)),
  };
}
