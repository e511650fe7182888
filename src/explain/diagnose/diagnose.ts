/**
 * Why one end can talk to another, or cannot: the answer of the model, without records.
 *
 * In:    a snapshot, made ready once; then questions. Out: an explanation, and the visits that records are compared with.
 * Holds: every step was asked of the tables that packets ask. Of sets of addresses every part is asked; where parts differ
 *        the steps are those of the first that does not pass, and `parts` has all.
 * Fails: FG_DIAGNOSE_END, _PAIR, _OUTSIDE, _PORT.
 */
import type { Explanation, Fix, Part, PortRange } from '../../api/explanation.ts';
import { failure } from '../../model/errors.ts';
import { contains, formatAddress, hostCidr, parseCidr } from '../../network/vpc/addresses.ts';
import type { Cidr, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { joined, rangeText } from './address-range.ts';
import type { Place } from './ends.ts';
import { resolveEnd } from './ends.ts';
import { fixElsewhere, fixFor } from './fix.ts';
import type { Flow } from './flow.ts';
import { LINUX_PORTS } from './flow.ts';
import type { Visited } from './judge-visit.ts';
import type { Wanted } from './needed-change.ts';
import type { Decided } from './outcome.ts';
import { decide } from './outcome.ts';
import type { Pair, PlacedEnd } from './pairs.ts';
import { pairsOf } from './pairs.ts';
import { leftOpen } from './left-open.ts';
import type { Walked } from './walk.ts';
import { walk } from './walk.ts';
import type { World } from './world.ts';
import { createWorld, interfaceAt, otherAccount } from './world.ts';

export type DiagnoseQuestion = {
  readonly from: string;
  readonly to: string;
  /** IANA number. */
  readonly protocol: number;
  readonly port: number | null;
  /** Ports that the reply goes to; null: those that Linux takes. */
  readonly sourcePorts: PortRange | null;
  readonly atMicros: number;
};

export type Diagnosed = {
  readonly explanation: Explanation;
  /** Where packets of the flow that `steps` tells of are seen. */
  readonly visits: readonly Visited[];
  readonly from: Place;
  readonly to: Place;
};

export type Diagnoser = {
  diagnose(question: DiagnoseQuestion): Diagnosed;
  readonly world: World;
};

/** Pairs of addresses that are asked about at most. */
const MOST_PAIRS = 4096;
const MOST_PARTS = 50;

type Asked = { readonly pair: Pair; readonly flow: Flow; readonly walked: Walked; readonly decided: Decided };

/** Makes a snapshot ready for questions. */
export function createDiagnoser(snapshot: VpcSnapshot): Diagnoser {
  const world = createWorld(snapshot);
  return { world, diagnose: (question) => diagnose(world, question) };
}

function diagnose(world: World, question: DiagnoseQuestion): Diagnosed {
  const from = resolveEnd(world, '--from', question.from);
  const to = resolveEnd(world, '--to', question.to);
  const port = portOf(question, to);
  const isPorted = question.protocol === 6 || question.protocol === 17;
  const given: PortRange | null = from.port === null ? question.sourcePorts : [from.port, from.port];
  const sourcePorts = isPorted ? (given ?? LINUX_PORTS) : null;
  const { pairs, left } = pairsOf(world, from, to, MOST_PAIRS);
  if (pairs.length === 0) throw failure('FG_DIAGNOSE_PAIR', from.text, to.text);
  const known = pairs.filter((pair) => pair.from.at !== 0 || pair.to.at !== 0);
  if (known.length === 0) throw failure('FG_DIAGNOSE_OUTSIDE', from.text, to.text);
  const asked = known.map((pair): Asked => {
    const flow: Flow = { from: pair.from, to: pair.to, protocol: question.protocol, port, sourcePorts };
    const walked = walk(world, flow);
    return { pair, flow, walked, decided: decide(walked.steps, (id) => otherAccount(world, id) !== null) };
  });
  const told = asked.find(({ decided }) => decided.outcome !== 'allowed') ?? asked[0]!;
  const parts = partsOf(asked);
  const { decided, walked } = told;
  const explanation: Explanation = {
    question: {
      from: endOf(
        world,
        from,
        known.map((pair) => pair.from),
      ),
      to: endOf(
        world,
        to,
        known.map((pair) => pair.to),
      ),
      protocol: PROTOCOLS[question.protocol] ?? String(question.protocol),
      port,
      sourcePorts,
    },
    outcome: decided.outcome,
    certainty: parts.length > 1 ? 'one-of-several' : decided.certainty,
    cause: decided.cause,
    atMicros: question.atMicros,
    steps: walked.steps,
    deciding: decided.deciding,
    parts: parts.length > 1 ? parts.slice(0, MOST_PARTS) : [],
    evidence: [],
    fixes: fixesOf(world, asked, from, to),
    notUnderstood: [
      ...leftOpen(
        world,
        asked.map((one) => one.walked),
      ),
      ...(left > 0 ? [`${left} more pairs of addresses were not asked about`] : []),
      ...(parts.length > MOST_PARTS ? [`${parts.length - MOST_PARTS} more parts are not listed`] : []),
    ],
  };
  return { explanation, visits: walked.visits, from, to };
}

const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };

function portOf({ protocol, port }: DiagnoseQuestion, to: Place): number | null {
  const wanted = port ?? to.port;
  const isPorted = protocol === 6 || protocol === 17;
  if (isPorted === (wanted !== null)) return wanted;
  throw failure('FG_DIAGNOSE_PORT', PROTOCOLS[protocol] ?? String(protocol), isPorted);
}

function endOf(world: World, place: Place, ends: readonly PlacedEnd[]): Explanation['question']['from'] {
  const ids = new Set(ends.filter(({ at }) => at !== 0).map(({ at }) => interfaceAt(world, at).id));
  const single = place.ranges.length === 0 ? new Set(ends.map(({ address }) => formatAddress(address))) : [place.text];
  return { text: place.text, addresses: [...single], interfaceIds: [...ids] };
}

/** Pairs that fare alike, as one part each. */
function partsOf(asked: readonly Asked[]): Part[] {
  const alike = Map.groupBy(asked, ({ decided, walked }) => {
    const step = decided.deciding === null ? null : walked.steps[decided.deciding]!;
    return [decided.outcome, decided.cause, step?.leg, step?.stage, step?.interfaceId, step?.ruleId].join(' ');
  });
  return [...alike.values()].map((list): Part => {
    const { decided, walked } = list[0]!;
    const step = decided.deciding === null ? null : walked.steps[decided.deciding]!;
    const texts = (end: 'from' | 'to'): string[] => joined(list.map(({ pair }) => pair[end].range)).map(rangeText);
    const sizes = list.map(({ pair: { from, to } }) => sizeOf(from) * sizeOf(to));
    return {
      from: texts('from'),
      to: texts('to'),
      pairs: String(sizes.reduce((sum, size) => sum + size, 0n)),
      outcome: decided.outcome,
      cause: decided.cause,
      stage: step?.stage ?? null,
      interfaceId: step?.interfaceId ?? null,
      ruleId: step?.ruleId ?? null,
    };
  });
}

function sizeOf({ range }: PlacedEnd): bigint {
  return range.high - range.low + 1n;
}

function fixesOf(world: World, asked: readonly Asked[], from: Place, to: Place): Fix[] {
  const wantedOf = ({ flow, pair }: Asked): Wanted => ({
    flow,
    from: blockOf(world, from, pair.from),
    to: blockOf(world, to, pair.to),
  });
  const elsewhere = asked.find(({ decided }) => decided.outcome === 'unknown');
  const closed = asked.filter(({ decided: { outcome } }) => outcome === 'blocked' || outcome === 'unanswered');
  if (closed.length === 0) {
    const fix = elsewhere ? fixElsewhere(world, { wanted: wantedOf(elsewhere), walked: elsewhere.walked }) : null;
    return fix ? [fix] : [];
  }
  const fix = fixFor(
    world,
    closed.map((one) => ({ wanted: wantedOf(one), walked: one.walked })),
  );
  return fix ? [fix] : [];
}

/** What a change is made for: the address, or all that was asked about. */
function blockOf(world: World, place: Place, { at, address }: PlacedEnd): Cidr {
  if (place.text === 'internet' && at === 0) return parseCidr(address.family === 4 ? '0.0.0.0/0' : '::/0')!;
  const subnet = world.snapshot.subnets.find(({ id, number }) => number > 0 && id === place.text);
  const blocks = subnet?.cidrs ?? [parseCidr(place.text)];
  return blocks.find((block) => block !== null && contains(block, address)) ?? hostCidr(address);
}
