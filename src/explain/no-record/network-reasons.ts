/**
 * What the network says: who was there, who is watched, what is never logged, what a traffic type leaves out.
 *
 * In:    the network as it was, the interfaces asked about. Out: reasons.
 * Holds: verdicts come from the engine that judges packets. What a model of files or a first import cannot know of another
 *        time is likely, not certain.
 * Fails: never.
 */
import { contains, formatAddress, parseAddress } from '../../network/vpc/addresses.ts';
import type { Address, FlowLog } from '../../network/vpc/snapshot.ts';
import type { ModelHistory } from '../../storage/state/open-model.ts';
import { createDiagnoser } from '../diagnose/diagnose.ts';
import type { World } from '../diagnose/world.ts';
import { interfaceAt, otherAccount } from '../diagnose/world.ts';
import type { Told } from './ledger-reasons.ts';
import type { End, NoRecordQuestion } from './question.ts';

const seconds = (micros: number): number | null =>
  micros >= Number.MAX_SAFE_INTEGER ? null : Math.floor(micros / 1e6);

/** Why nobody of the network has the end that is asked about. */
export function absentReasons(world: World, history: ModelHistory, { of, startSeconds }: NoRecordQuestion): Told[] {
  const lives = history.lives(of);
  const later = lives.find(({ from }) => from > startSeconds * 1e6);
  const life = later ?? lives.at(-1);
  if (life !== undefined) {
    const learned = seconds(life.learnedAtMicros);
    const span = { startSeconds: seconds(life.from), endSeconds: seconds(life.to), learnedSeconds: learned };
    const known = { reason: 'no-such-interface', source: 'facts', certainty: 'certain' } as const;
    return [{ ...known, interfaceId: life.id, ...span }];
  }
  const address = parseAddress(of);
  if (address === null) return [{ reason: 'no-such-interface', certainty: 'likely', source: 'facts', interfaceId: of }];
  const hidden = hiddenKind(world, address);
  if (hidden !== null) return [{ reason: 'never-logged', certainty: 'certain', source: 'aws', about: hidden }];
  const far = peerAccount(world, address);
  if (far !== null) return [{ reason: 'other-account', certainty: 'certain', source: 'facts', about: far }];
  const inside = world.snapshot.vpcs.some(({ cidrs }) => cidrs.some((cidr) => contains(cidr, address)));
  if (inside) return [{ reason: 'no-such-interface', certainty: 'likely', source: 'facts', about: of }];
  return [{ reason: 'outside', certainty: 'certain', source: 'facts', about: of }];
}

/** The account that has an address behind a peering connection; null none. */
function peerAccount(world: World, address: Address): string | null {
  for (const { id } of world.snapshot.peerings ?? []) {
    const far = otherAccount(world, id);
    if (far?.cidrs.some((cidr) => contains(cidr, address)) === true) return far.accountId;
  }
  return null;
}

/** The kind that traffic with an address is of at whatever interface; null where it is logged at one. */
function hiddenKind(world: World, address: Address): string | null {
  const kinds = world.snapshot.interfaces
    .filter((one) => one.number > 0 && one.addresses[0]?.family === address.family)
    .map((one) => kindAt(world, one.number, address, { protocol: 6, port: 0 }));
  return kinds.length > 0 && kinds.every((kind) => kind !== null)
    ? (kinds.find((kind) => kind !== null) ?? null)
    : null;
}

type Asked = { readonly protocol: number | null; readonly port: number | null };

/** The kind that packets between an interface and an address are of; null where they are logged. */
function kindAt(world: World, at: number, peer: Address, { protocol, port }: Asked): string | null {
  const source = interfaceAt(world, at).addresses.find(({ family }) => family === peer.family);
  if (source === undefined) return null;
  // A client of DHCP has the port before the server's, or behind it.
  const sourcePort = port === null ? 0 : (DHCP_OTHER[port] ?? 0);
  const packet = { protocol: protocol ?? 6, source, destination: peer, sourcePort, port: port ?? 0, icmp: null };
  return world.inquiry.take(packet).neverLogged(at);
}

const DHCP_OTHER: Readonly<Record<number, number>> = { 67: 68, 68: 67, 546: 547, 547: 546 };
/** What traffic of a port most likely is where no peer is told, and what AWS never logs of it. */
const BY_PORT: Readonly<Record<string, string>> = {
  '17 53': 'dns',
  '6 53': 'dns',
  '17 67': 'dhcp',
  '17 68': 'dhcp',
  '17 123': 'time',
  '17 4789': 'mirrored',
  '6 1688': 'licence',
};

/** What AWS never logs of what is asked about at an interface. */
export function neverLoggedReasons(world: World, at: number, question: NoRecordQuestion, peer: End | null): Told[] {
  const { id } = interfaceAt(world, at);
  const of = { reason: 'never-logged', source: 'aws', interfaceId: id } as const;
  if (peer === null) {
    const about = BY_PORT[`${question.protocol} ${question.port}`];
    return about === undefined ? [] : [{ ...of, certainty: 'possible', about }];
  }
  const between = peer.at.map((other) => world.inquiry.neverLoggedBetween(at, other));
  const addresses = peer.addresses.map(parseAddress).filter((address) => address !== null);
  const kinds = [...between, ...addresses.map((address) => kindAt(world, at, address, question))];
  const about = kinds.find((kind) => kind !== null) ?? null;
  return about === null
    ? []
    : [{ ...of, certainty: kinds.includes(null) && between.length === 0 ? 'possible' : 'certain', about }];
}

/** Flow logs that watch an interface, and had begun before a time. */
export function covering({ snapshot }: World, at: number, endSeconds: number): readonly FlowLog[] {
  return snapshot.flowLogs.filter(
    ({ interfaces, createdSeconds }) => interfaces.includes(at) && (createdSeconds ?? 0) < endSeconds,
  );
}

/** That nobody watches an interface: for the caller to say only where nobody has anything of it. */
export function uncovered({ snapshot }: World, at: number): Told {
  const { id } = snapshot.interfaces[at]!;
  const later = snapshot.flowLogs.filter(({ interfaces }) => interfaces.includes(at));
  const begins = later.map(({ createdSeconds }) => createdSeconds ?? 0);
  return {
    reason: 'not-covered',
    // A model without any flow log may only not tell of them.
    certainty: snapshot.flowLogs.length === 0 ? 'likely' : 'certain',
    source: 'facts',
    interfaceId: id,
    flowLogIds: later.map((flowLog) => flowLog.id),
    startSeconds: begins.length === 0 ? null : Math.min(...begins),
  };
}

/** What the traffic types of an interface's flow logs leave out. */
export function filteredReasons(
  world: World,
  at: number,
  logs: readonly FlowLog[],
  question: NoRecordQuestion,
  peer: End | null,
): Told[] {
  const types = new Set(logs.map(({ traffic }) => traffic));
  if (logs.length === 0 || types.has('ALL') || types.size > 1) return [];
  const [traffic] = types;
  const actions = actionsAt(world, at, question, peer);
  if (actions.has(traffic!)) return [];
  return [
    {
      reason: 'filtered',
      certainty: actions.size === 0 ? 'possible' : 'certain',
      source: 'facts',
      interfaceId: interfaceAt(world, at).id,
      flowLogIds: logs.map(({ id }) => id),
      about: traffic!,
    },
  ];
}

/** What the rules make of the conversation that is asked about, whoever begins it; empty where that is not told. */
function actionsAt(world: World, at: number, { protocol, port }: NoRecordQuestion, peer: End | null): Set<string> {
  const actions = new Set<string>();
  if (peer === null || protocol === null) return actions;
  const diagnoser = createDiagnoser(world.snapshot);
  const own = interfaceAt(world, at).addresses.map(formatAddress);
  const ports = protocol === 6 || protocol === 17 ? port : null;
  for (const mine of own)
    for (const other of peer.addresses)
      for (const [from, to] of [
        [other, mine],
        [mine, other],
      ] as const) {
        const question = { from, to, protocol, port: ports, sourcePorts: null, atMicros: 0 };
        for (const visit of visitsOf(diagnoser, question))
          if (visit.at === at && visit.isReached) actions.add(visit.passes ? 'ACCEPT' : 'REJECT');
      }
  return actions;
}

type Diagnoser = ReturnType<typeof createDiagnoser>;

function visitsOf(diagnoser: Diagnoser, question: Parameters<Diagnoser['diagnose']>[0]) {
  try {
    return diagnoser.diagnose(question).visits;
  } catch {
    // Of two families, or without the port that the protocol needs: nothing can be judged.
    return [];
  }
}
