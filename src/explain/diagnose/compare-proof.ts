/**
 * The three that tell of a packet that was sent in a lab, side by side: the model, the kernel and the records.
 *
 * In:    a diagnosis of just that packet; what the kernels of both ends counted; what records tell of it. Out: where two of the
 *        three differ.
 * Holds: the model is compared with the kernel by whether packets come through, with each record by action and rule, and the
 *        kernel with the records by numbers of packets. The way back is compared where something was sent on it.
 * Fails: never.
 */
import type { Step } from '../../api/explanation.ts';
import type { ProofCount, ProofDifference, ProofPlace, ProofRecord, ProofVerdict } from '../../api/proof.ts';
import { formatAddress } from '../../network/vpc/addresses.ts';
import type { Diagnosed } from './diagnose.ts';
import type { Visited } from './judge-visit.ts';
import type { World } from './world.ts';
import { interfaceAt } from './world.ts';

/** What was found out by sending. */
export type ProofFound = {
  readonly request: ProofCount;
  readonly reply: ProofCount;
  readonly records: readonly Omit<ProofRecord, 'leg'>[];
};

type Placed = ProofPlace & { readonly visit: Visited; readonly key: string };

const DEFAULT_DENY = 'default-deny';

/** Compares. */
export function compareProof(
  world: World,
  { explanation: { steps }, visits }: Diagnosed,
  found: ProofFound,
): { readonly records: readonly ProofRecord[]; readonly differences: readonly ProofDifference[] } {
  const places = visits.map((visit): Placed => {
    const { leg, at, direction, source, destination } = visit;
    const { id: interfaceId } = interfaceAt(world, at);
    const key = keyOf({
      interfaceId,
      direction,
      source: formatAddress(source),
      destination: formatAddress(destination),
    });
    return { leg, interfaceId, direction, visit, key };
  });
  const legs = new Map(places.map(({ key, leg }) => [key, leg]));
  const records = found.records.map((record): ProofRecord => ({ ...record, leg: legs.get(keyOf(record)) ?? null }));
  return {
    records,
    differences: [
      ...arrivals(steps, found),
      ...places.flatMap((place) => verdicts(place, steps, found, records)),
      ...records.filter(({ leg }) => leg === null).map((record) => verdictOf(record, null, record)),
      ...packets(places, found, records),
    ],
  };
}

const keyOf = ({
  interfaceId,
  direction,
  source,
  destination,
}: Pick<ProofRecord, 'interfaceId' | 'direction' | 'source' | 'destination'>): string =>
  `${interfaceId} ${direction} ${source} ${destination}`;

function arrivals(steps: readonly Step[], { request, reply }: ProofFound): ProofDifference[] {
  const passes = (some: readonly Step[]): boolean => some.every(({ pass }) => pass);
  const both = [
    { leg: 'request', model: passes(steps.filter(({ leg }) => leg === 'request')), kernel: request.came > 0 },
    { leg: 'reply', model: passes(steps), kernel: reply.came > 0 },
  ] as const;
  return both.flatMap((one): ProofDifference[] =>
    one.model === one.kernel || (one.leg === 'reply' && reply.left === 0) ? [] : [{ kind: 'arrival', ...one }],
  );
}

function verdicts(
  place: Placed,
  steps: readonly Step[],
  { request, reply }: ProofFound,
  records: readonly ProofRecord[],
): ProofDifference[] {
  const isTried = place.leg === 'request' ? request.left > 0 : reply.left > 0;
  const model = place.visit.isReached && isTried ? expected(place, steps) : null;
  const own = records.filter((record) => keyOf(record) === place.key);
  if (own.length === 0) return model === null ? [] : [verdictOf(place, model, null)];
  return own
    .filter(({ action, ruleId }) => action !== model?.action || ruleId !== model.ruleId)
    .map((record) => verdictOf(place, model, record));
}

/** A conversation carries the rule that opened it at the interface, without groups the ACL's; what is rejected, the one that rejects. */
function expected({ leg, interfaceId, direction, visit }: Placed, steps: readonly Step[]): ProofVerdict {
  const own = steps.filter((step) => step.interfaceId === interfaceId && /^(?:sg|nacl)-/u.test(step.stage));
  const here = own.filter((step) => step.leg === leg && step.stage.endsWith(`-${direction}`));
  if (!visit.passes) return { action: 'REJECT', ruleId: here.find(({ pass }) => !pass)?.ruleId ?? DEFAULT_DENY };
  const opened = own.find(({ stage }) => stage.startsWith('sg-'))?.ruleId ?? null;
  const entry = here.find(({ stage }) => stage.startsWith('nacl-'))?.ruleId ?? null;
  return { action: 'ACCEPT', ruleId: opened ?? entry };
}

function verdictOf(
  { leg, interfaceId, direction }: Pick<ProofRecord, 'leg' | 'interfaceId' | 'direction'>,
  model: ProofVerdict | null,
  record: ProofVerdict | null,
): ProofDifference {
  const plain = (one: ProofVerdict | null): ProofVerdict | null => one && { action: one.action, ruleId: one.ruleId };
  return { kind: 'verdict', leg, interfaceId, direction, model: plain(model), record: plain(record) };
}

/** Numbers at the ends: what left is recorded with any verdict, what came with those that let it pass. */
function packets(
  places: readonly Placed[],
  { request, reply }: ProofFound,
  records: readonly ProofRecord[],
): ProofDifference[] {
  const legOf = (leg: ProofPlace['leg']): readonly Placed[] => places.filter((place) => place.leg === leg);
  const [requests, replies] = [legOf('request'), legOf('reply')];
  const compared = [
    // From outside of all VPCs the first who sees it is the receiver; nobody where it does not come that far.
    { place: requests[0], kernel: request.left, all: true },
    { place: requests.findLast(({ direction }) => direction === 'ingress'), kernel: request.came, all: false },
    { place: replies[0], kernel: reply.left, all: true },
    { place: replies.findLast(({ direction }) => direction === 'ingress'), kernel: reply.came, all: false },
  ];
  return compared.flatMap(({ place, kernel, all }): ProofDifference[] => {
    if (place === undefined) return [];
    const isEdge = all ? isFirst(place) : isLast(place, places);
    if (!isEdge) return [];
    const { leg, interfaceId, direction, key } = place;
    const record = records
      .filter((one) => keyOf(one) === key && (all || one.action === 'ACCEPT'))
      .reduce((sum, one) => sum + one.packets, 0);
    return record === kernel ? [] : [{ kind: 'packets', leg, interfaceId, direction, kernel, record }];
  });
}

/** What left its host comes to where it is judged first, unless the model says that nothing leads there. */
const isFirst = ({ direction, visit }: Placed): boolean => direction === 'egress' || visit.isReached;
/** An ingress that is the end of its leg. */
const isLast = ({ leg, key }: Placed, places: readonly Placed[]): boolean =>
  places.findLast((place) => place.leg === leg)?.key === key;
