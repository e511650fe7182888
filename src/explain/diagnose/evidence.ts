/**
 * What flow logs say of a question that the model has answered.
 *
 * In:    a diagnosis, and where flow logs lie. Out: the explanation with evidence, and with an outcome that records alone can
 *        tell: nobody listens, a connection was closed before, another account does not answer.
 * Holds: a record agrees when its action is what the steps say of its interface and way, and they say that it comes there.
 *        That nothing answers is said only where records show the request, and of TCP alone.
 * Fails: as asking flow logs does.
 */
import type { Evidence, Explanation, Step } from '../../api/explanation.ts';
import { formatAddress } from '../../network/vpc/addresses.ts';
import type { AskOptions } from '../../query/ask.ts';
import { ask, coverageAt } from '../../query/ask.ts';
import type { Cell } from '../../query/engine.ts';
import { heldFields } from '../../query/held-fields.ts';
import type { Diagnosed, Diagnoser, DiagnoseQuestion } from './diagnose.ts';
import type { Sought } from './evidence-sql.ts';
import { closedSql, kernelSql, seenSql } from './evidence-sql.ts';
import type { Visited } from './judge-visit.ts';
import { canConfirm, confirms, KERNEL_FIELDS } from './kernel-evidence.ts';
import type { World } from './world.ts';
import { interfaceAt } from './world.ts';

type Row = {
  readonly interfaceId: string | null;
  readonly leg: 'request' | 'reply';
  readonly source: string;
  readonly destination: string;
  readonly action: string;
  readonly records: number;
  readonly packets: number;
  readonly lastSeen: number | null;
  readonly tcpFlags: number | null;
};

const TCP = 6;
const RST = 4;
/** Pairs of addresses of a set that are each asked about. */
const MOST_ASKED = 2000;

/** Adds what the records say. */
export async function withEvidence(
  diagnoser: Diagnoser,
  question: DiagnoseQuestion,
  diagnosed: Diagnosed,
  place: string,
  options: AskOptions,
): Promise<Explanation> {
  const { world } = diagnoser;
  const { explanation, visits, from, to } = diagnosed;
  const held = heldFields(await coverageAt(place, options));
  const { port } = explanation.question;
  const given = from.port === null ? question.sourcePorts : ([from.port, from.port] as const);
  const sought: Sought = { from, to, visits, protocol: question.protocol, port, sourcePort: given };
  const sql = seenSql(sought, held);
  const rows = (await rowsOf(place, sql, options)).map(rowOf);
  const expected = expectations(visits, rows, (source, destination) =>
    visitsBetween(diagnoser, { ...question, from: source, to: destination, port }),
  );
  const evidence = evidenceOf(world, explanation, visits, rows, expected, sql);
  const told = await byKernel({ ...explanation, evidence: [evidence] });
  if (question.protocol !== TCP || explanation.outcome === 'not-logged') return told;
  const rejected = rows.some(({ action }) => action === 'REJECT');
  if (rejected && explanation.parts.length === 0) {
    const closed = (await rowsOf(place, closedSql(sought, held), options)).filter((row) => row[2] === row[3]);
    const step = closedStep(world, visits, closed);
    if (step !== null) return closedBefore(told, step, rows);
  }
  return answered(world, told, diagnosed, rows);

  /** With what the kernel judged, where it did. */
  async function byKernel(plain: Explanation): Promise<Explanation> {
    if (!canConfirm(plain, from, to) || !KERNEL_FIELDS.every((field) => held.byAny(field))) return plain;
    const kernel = kernelSql(sought);
    const cells = await rowsOf(place, kernel, options);
    if (cells.length === 0) return plain;
    const judged = cells.map((row) => {
      const one = rowOf(row);
      return { ...one, stage: textIn(row[9]), ruleId: textIn(row[10]), agrees: agrees(world, one, expected) };
    });
    const found = evidenceOf(world, plain, visits, judged, expected, kernel);
    const certainty = confirms(world, plain, visits, judged) ? 'kernel' : plain.certainty;
    return { ...plain, certainty, evidence: [...plain.evidence, { ...found, source: 'kernel' }] };
  }
}

async function rowsOf(place: string, sql: string, options: AskOptions): Promise<(readonly Cell[])[]> {
  const answer = await ask(place, sql, {}, options);
  try {
    const rows: (readonly Cell[])[] = [];
    for await (const batch of answer.rows) rows.push(...batch);
    return rows;
  } finally {
    await answer.close();
  }
}

const numberIn = (cell: Cell | undefined): number | null => (cell === null || cell === undefined ? null : Number(cell));
const textIn = (cell: Cell | undefined): string => (typeof cell === 'string' ? cell : '');

function rowOf(cells: readonly Cell[]): Row {
  const [at, leg, source, destination, action, records, packets, lastSeen, tcpFlags] = cells;
  return {
    interfaceId: typeof at === 'string' ? at : null,
    leg: leg === 'request' ? 'request' : 'reply',
    source: textIn(source),
    destination: textIn(destination),
    action: textIn(action),
    records: numberIn(records) ?? 0,
    packets: numberIn(packets) ?? 0,
    lastSeen: numberIn(lastSeen),
    tcpFlags: numberIn(tcpFlags),
  };
}

const keyOf = (leg: string, source: string, destination: string): string => `${leg} ${source} ${destination}`;

type Expectations = ReadonlyMap<string, readonly Visited[]>;

/** What is said of packets by way and addresses; of a set each pair is asked about. */
function expectations(
  visits: readonly Visited[],
  rows: readonly Row[],
  between: (source: string, destination: string) => readonly Visited[],
): Expectations {
  const known = new Map<string, Visited[]>();
  const add = (visit: Visited): void => {
    const key = keyOf(visit.leg, formatAddress(visit.source), formatAddress(visit.destination));
    known.set(key, [...(known.get(key) ?? []), visit]);
  };
  for (const visit of visits) add(visit);
  let left = MOST_ASKED;
  for (const { leg, source, destination } of rows) {
    if (known.has(keyOf(leg, source, destination)) || left-- <= 0) continue;
    const [a, b] = leg === 'request' ? [source, destination] : [destination, source];
    for (const visit of between(a, b)) add(visit);
  }
  return known;
}

function visitsBetween(diagnoser: Diagnoser, question: DiagnoseQuestion): readonly Visited[] {
  try {
    return diagnoser.diagnose(question).visits;
  } catch {
    // An address that the model does not know any more, or that talks to itself.
    return [];
  }
}

function agrees(world: World, row: Row, expected: Expectations): boolean {
  const all = expected.get(keyOf(row.leg, row.source, row.destination)) ?? [];
  return all.some(
    ({ at, passes, isReached }) =>
      isReached &&
      (row.interfaceId === null || interfaceAt(world, at).id === row.interfaceId) &&
      passes === (row.action === 'ACCEPT'),
  );
}

function evidenceOf(
  world: World,
  explanation: Explanation,
  visits: readonly Visited[],
  rows: readonly Row[],
  expected: Expectations,
  sql: string,
): Evidence {
  const judged = rows.map((row) => ({ ...row, agrees: agrees(world, row, expected) }));
  const groups = Map.groupBy(judged, (row) => [row.interfaceId, row.leg, row.action, row.agrees].join(' '));
  const sum = (list: readonly { readonly records: number }[]): number =>
    list.reduce((total, { records }) => total + records, 0);
  const lasts = rows.flatMap(({ lastSeen }) => (lastSeen === null ? [] : [lastSeen]));
  return {
    sql,
    agree: sum(judged.filter((row) => row.agrees)),
    disagree: sum(judged.filter((row) => !row.agrees)),
    lastSeenSeconds: lasts.length === 0 ? null : Math.max(...lasts),
    seen: inOrder(world, visits, [...groups.values()]).map((list) => ({
      interfaceId: list[0]!.interfaceId ?? '',
      leg: list[0]!.leg,
      action: list[0]!.action,
      records: sum(list),
      packets: list.reduce((total, { packets }) => total + packets, 0),
      agrees: list[0]!.agrees,
    })),
    noRecord: rows.length > 0 ? null : whyNone(world, explanation, visits),
  };
}

/** In the order in which packets come by. */
function inOrder<T extends Row>(world: World, visits: readonly Visited[], groups: readonly T[][]): readonly T[][] {
  const places = visits.map(({ leg, at }) => `${leg} ${interfaceAt(world, at).id}`);
  const placeOf = ([row]: readonly T[]): number => {
    const place = places.indexOf(`${row!.leg} ${row!.interfaceId}`);
    return place < 0 ? places.length : place;
  };
  return groups.toSorted((a, b) => placeOf(a) - placeOf(b));
}

function whyNone(world: World, explanation: Explanation, visits: readonly Visited[]): Evidence['noRecord'] {
  if (explanation.outcome === 'not-logged') return 'never-logged';
  const { flowLogs } = world.snapshot;
  if (flowLogs.length === 0) return 'none-seen';
  const reached = visits.filter(({ isReached }) => isReached);
  const covering = reached.flatMap(({ at, passes }) =>
    flowLogs.filter((log) => log.interfaces.includes(at)).map(({ traffic }) => ({ traffic, passes })),
  );
  if (covering.length === 0) return 'not-covered';
  const isWritten = covering.some(({ traffic, passes }) => traffic === 'ALL' || (traffic === 'ACCEPT') === passes);
  return isWritten ? 'none-seen' : 'filtered';
}

/** The step that stands for packets of closed connections: where they were rejected. */
function closedStep(world: World, visits: readonly Visited[], closed: readonly (readonly Cell[])[]): Step | null {
  const found = visits.find(({ at, leg, direction }) =>
    closed.some(
      (row) => row[0] === interfaceAt(world, at).id && row[1] === leg && (leg === 'reply' || direction === 'ingress'),
    ),
  );
  if (!found) return null;
  return {
    leg: found.leg,
    stage: 'closed',
    interfaceId: interfaceAt(world, found.at).id,
    ruleId: null,
    pass: false,
    reason: 'closed',
    asked: [],
    leadsTo: null,
    ports: found.ports,
    passingPorts: null,
    nearMisses: [],
  };
}

/** All that was rejected came after the end of its connection: no rule is missing. */
function closedBefore(explanation: Explanation, step: Step, rows: readonly Row[]): Explanation {
  const isGroupStep = (one: Step): boolean =>
    one.leg === step.leg && one.interfaceId === step.interfaceId && one.stage.startsWith('sg-');
  const at = explanation.steps.findIndex(isGroupStep);
  const steps = at < 0 ? [...explanation.steps, step] : explanation.steps.map((one, i) => (i === at ? step : one));
  const all = rows.reduce((sum, { records }) => sum + records, 0);
  const [evidence, ...more] = explanation.evidence;
  return {
    ...explanation,
    steps,
    deciding: steps.indexOf(step),
    outcome: 'blocked',
    certainty: 'not-explained',
    cause: 'closed-connection',
    evidence: [
      { ...evidence!, agree: all, disagree: 0, seen: evidence!.seen.map((one) => ({ ...one, agrees: true })) },
      ...more,
    ],
    fixes: [],
  };
}

/** Whether a request that was let through was answered, as far as records tell. */
function answered(world: World, explanation: Explanation, { visits }: Diagnosed, rows: readonly Row[]): Explanation {
  const { outcome } = explanation;
  if (outcome !== 'allowed' && outcome !== 'unknown') return explanation;
  const requests = rows.filter(({ leg, action }) => leg === 'request' && action === 'ACCEPT');
  const replies = rows.filter(({ leg }) => leg === 'reply');
  const talks = replies.some(({ tcpFlags }) => tcpFlags === null || (tcpFlags & RST) === 0 || (tcpFlags & 3) !== 0);
  if (talks) return outcome === 'unknown' ? { ...explanation, outcome: 'allowed', deciding: null } : explanation;
  const last = visits.findLast(({ leg }) => leg === 'request');
  const lastId = last === undefined ? null : interfaceAt(world, last.at).id;
  const isSeen = requests.some(({ interfaceId }) => interfaceId === null || interfaceId === lastId);
  if (!isSeen) return explanation;
  if (outcome === 'unknown') return { ...explanation, outcome: 'unanswered' };
  const step: Step = {
    leg: 'reply',
    stage: 'answer',
    interfaceId: lastId,
    ruleId: null,
    pass: false,
    reason: replies.length > 0 ? 'refused' : 'no-reply-recorded',
    asked: [],
    leadsTo: null,
    ports: null,
    passingPorts: null,
    nearMisses: [],
  };
  const first = explanation.steps.findIndex(({ leg }) => leg === 'reply');
  const at = first < 0 ? explanation.steps.length : first;
  return {
    ...explanation,
    steps: explanation.steps.toSpliced(at, 0, step),
    deciding: at,
    outcome: 'unanswered',
    certainty: 'not-explained',
    cause: 'nobody-listens',
  };
}
