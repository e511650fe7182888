/**
 * Why there is no record of an interface at a time.
 *
 * In:    the question; the network over time, the flow logs, the ledger, the spool, as far as there are such. Out: every
 *        reason that holds, the surest first.
 * Holds: works with any of them missing, and says which were. A source that knows (the ledger, the spool) goes before one
 *        that only makes likely; that nothing explains it is said only where nothing else is more than possible.
 * Fails: FG_NO_RECORD_OF, FG_NO_RECORD_INSTANCE.
 */
import type { NoRecord, NoRecordReason, NoRecordReasonName } from '../../api/no-record.ts';
import type { FlowLog } from '../../network/vpc/snapshot.ts';
import type { ModelHistory } from '../../storage/state/open-model.ts';
import { leftOpenAt } from '../diagnose/left-open.ts';
import { createWorld } from '../diagnose/world.ts';
import type { World } from '../diagnose/world.ts';
import type { Told } from './ledger-reasons.ts';
import { ledgerReasons } from './ledger-reasons.ts';
import { absentReasons, covering, filteredReasons, neverLoggedReasons, uncovered } from './network-reasons.ts';
import type { PlaceView } from './place-view.ts';
import type { End, NoRecordQuestion } from './question.ts';
import { endOf, isSpecific } from './question.ts';
import type { RecordsView } from './records-view.ts';
import type { SpoolView, WaitingRecords } from './spool-view.ts';

/** What there is to ask; null: there is no such. */
export type Sources = {
  readonly network: ModelHistory | null;
  readonly place: PlaceView | null;
  readonly spool: SpoolView | null;
  /** Asks the flow logs about the ends as they turned out; null: there are none. */
  readonly records: ((of: End, peer: End | null) => Promise<RecordsView>) | null;
  /** Where no network is known: the interface that holds addresses, as flow logs tell it. */
  readonly holder?: (addresses: readonly string[]) => Promise<readonly string[]>;
  readonly nowSeconds: number;
};

const ORDER: readonly NoRecordReasonName[] = [
  'records-exist',
  'in-future',
  'no-such-interface',
  'other-account',
  'outside',
  'not-covered',
  'never-logged',
  'filtered',
  'window-open',
  'in-spool',
  'not-running',
  'skip-data',
  'no-data',
  'no-packets',
  'not-delivered-yet',
  'older-than-kept',
  'unexplained',
];
const SURE = ['certain', 'likely', 'possible'] as const;

/** A live window closes so long after its end (rule W3). */
const LAG_SECONDS = 2;
/** "About 10 minutes" from the end of a window to its object, VPC User Guide, "Flow log files". */
const AWS_DELIVERY_SECONDS = 600;
const SLOT_SECONDS = 300;

const UNTOLD: Omit<NoRecordReason, 'reason' | 'certainty' | 'source'> = {
  interfaceId: null,
  flowLogIds: [],
  records: null,
  packets: null,
  startSeconds: null,
  endSeconds: null,
  learnedSeconds: null,
  ageSeconds: null,
  failures: null,
  about: null,
};

/** Explains. */
export async function whyNoRecord(asked: NoRecordQuestion, sources: Sources): Promise<NoRecord> {
  const { network, place, spool } = sources;
  const { world, before } = worldOf(network, asked);
  const { question, of: named, peer } = endsOf(asked, world);
  const holders = world === null && named.ids.length === 0 ? ((await sources.holder?.(named.addresses)) ?? []) : [];
  const of = holders.length === 0 ? named : { ...named, ids: holders };
  const records = sources.records === null ? null : await sources.records(of, peer);
  const reasons: Told[] = before !== null && network !== null ? absentReasons(before, network, question) : [];
  // Before it came nothing is missed.
  const since = Math.max(question.startSeconds, reasons[0]?.startSeconds ?? 0);
  const there = { ...question, startSeconds: Math.min(since, question.endSeconds - 1) };
  if (records !== null && records.matching > 0)
    reasons.push({ reason: 'records-exist', certainty: 'certain', source: 'records', records: records.matching });
  if (question.startSeconds > sources.nowSeconds)
    reasons.push({ reason: 'in-future', certainty: 'certain', source: 'clock', startSeconds: question.startSeconds });
  else if (world !== null && network !== null && of.at.length === 0 && !isInLedger(place, of.ids))
    reasons.push(...absentReasons(world, network, question));
  else if (of.ids.length > 0)
    for (const [n, id] of of.ids.entries())
      reasons.push(...reasonsOf({ id, at: of.at[n] ?? 0 }, { question: there, peer, world, records, sources }));
  else reasons.push(...unexplained(null, records, reasons));
  return {
    question: asked,
    interfaceIds: of.ids,
    interfacesFrom: holders.length > 0 ? 'records' : 'network',
    reasons: inOrder(reasons).map((told) => ({ ...UNTOLD, ...told })),
    sql: records?.sql ?? null,
    notKnown: [
      ...(network === null ? (['network'] as const) : []),
      ...(place?.whole === true ? [] : (['objects'] as const)),
      ...((place?.ledger ?? null) === null ? (['ledger'] as const) : []),
      ...(spool === null ? (['spool'] as const) : []),
    ],
    // Where nobody is found who is asked about, anything may be why.
    notUnderstood:
      world === null || of.at.length === 0
        ? (world?.snapshot.notUnderstood ?? [])
        : leftOpenAt(world.snapshot, [...of.at, ...(peer?.at ?? [])]),
  };
}

/** Whether the ledger has one of these: a host's own interface, which no import tells of. */
function isInLedger(place: PlaceView | null, ids: readonly string[]): boolean {
  return (place?.ledger ?? []).some(({ windows }) => windows.some(({ interfaceId }) => ids.includes(interfaceId)));
}

/**
 * The network as it was at the beginning of the span; where nobody was who is asked about, and somebody is at its end, as
 * it was then, with the one `before`.
 */
function worldOf(
  network: ModelHistory | null,
  asked: NoRecordQuestion,
): { readonly world: World | null; readonly before: World | null } {
  if (network === null) return { world: null, before: null };
  const worldAt = (seconds: number): World => createWorld(network.at(Math.round(seconds * 1e6)));
  const world = worldAt(asked.startSeconds);
  if (endOf(world, asked.of).at.length > 0) return { world, before: null };
  const later = worldAt(asked.endSeconds - 1);
  const isThere = endOf(later, asked.of).at.length > 0;
  return isThere ? { world: later, before: world } : { world, before: null };
}

/** The ends; of two of which the network has only the second, that is the one whose interface is asked. */
function endsOf(
  question: NoRecordQuestion,
  world: World | null,
): { question: NoRecordQuestion; of: End; peer: End | null } {
  const of = endOf(world, question.of);
  const peer = question.peer === null ? null : endOf(world, question.peer);
  if (world === null || of.at.length > 0 || peer === null || peer.at.length === 0 || of.addresses.length === 0)
    return { question, of, peer };
  return { question: { ...question, of: question.peer!, peer: question.of }, of: peer, peer: of };
}

/** `at` is 0 where the network does not have it. */
type Interface = { readonly id: string; readonly at: number };
type Known = {
  readonly question: NoRecordQuestion;
  readonly peer: End | null;
  readonly world: World | null;
  readonly records: RecordsView | null;
  readonly sources: Sources;
};

/** The reasons of one interface that was there. */
function reasonsOf(one: Interface, known: Known): Told[] {
  const { question, peer, records, sources } = known;
  const world = one.at === 0 ? null : known.world;
  const { place, spool, nowSeconds } = sources;
  const logs = world === null ? [] : covering(world, one.at, question.endSeconds);
  const found = (records?.matching ?? 0) > 0;
  const ours = place?.ledger ?? null;
  const open = openReasons(one, logs, known);
  const own = waitingOf(one, known);
  const waiting = waitingReasons(one, own, known);
  const ledger = ledgerReasons(ours ?? [], {
    interfaceId: one.id,
    span: question,
    specific: isSpecific(question),
    found,
    // What waits, and what a running process has open, will be accounted for.
    settledSeconds: own.length > 0 ? -Infinity : (open[0]?.startSeconds ?? nowSeconds),
  });
  const reasons: Told[] = [...open, ...waiting, ...ledger.reasons];
  const seen = records !== null && records.matching + records.others + records.noData + records.skipData > 0;
  if (world !== null) {
    if (
      logs.length === 0 &&
      !seen &&
      !ledger.knows &&
      spool?.waiting.every(({ interfaceId }) => interfaceId !== one.id) !== false
    )
      reasons.push(uncovered(world, one.at));
    reasons.push(...neverLoggedReasons(world, one.at, question, peer));
    if (!found && ledger.reasons.every(({ reason }) => reason !== 'filtered'))
      reasons.push(...filteredReasons(world, one.at, logs, question, peer));
  }
  if (!ledger.knows) reasons.push(...recordReasons(one, known), ...deliveryReasons(one, logs, known));
  if (!seen) reasons.push(...ageReasons(one, known));
  if (found) return reasons.filter(({ certainty }) => certainty === 'certain');
  return [...reasons, ...unexplained(one.id, records, reasons)];
}

/** Of a host of ours: the window that has not closed. */
function openReasons({ id }: Interface, logs: readonly FlowLog[], { question, sources }: Known): Told[] {
  const { place, spool, nowSeconds } = sources;
  if (spool?.running !== true) return [];
  const accounts = (place?.ledger ?? []).flatMap(({ windows }) => windows).filter((one) => one.interfaceId === id);
  const seconds = accounts.at(-1)?.seconds ?? Math.min(60, ...logs.map(({ intervalSeconds }) => intervalSeconds));
  const opened = Math.floor((nowSeconds - LAG_SECONDS) / seconds) * seconds;
  if (question.endSeconds <= opened) return [];
  const certainty = question.startSeconds >= opened ? 'certain' : 'possible';
  return [
    {
      reason: 'window-open',
      certainty,
      source: 'clock',
      interfaceId: id,
      startSeconds: opened,
      endSeconds: opened + seconds,
      flowLogIds: logs.map((log) => log.id),
    },
  ];
}

/** Of a host of ours: what no destination has yet. */
function waitingOf({ id }: Interface, { question, sources }: Known): readonly WaitingRecords[] {
  return (sources.spool?.waiting ?? []).filter(
    ({ interfaceId, slotSeconds }) =>
      (interfaceId === id || interfaceId === null) &&
      slotSeconds < question.endSeconds + SLOT_SECONDS &&
      slotSeconds + SLOT_SECONDS > question.startSeconds,
  );
}

function waitingReasons({ id }: Interface, waiting: readonly WaitingRecords[], { sources }: Known): Told[] {
  const own = waiting.filter(({ records }) => records > 0);
  if (own.length === 0) return [];
  const oldest = Math.min(...own.map(({ slotSeconds }) => slotSeconds));
  return [
    {
      reason: 'in-spool',
      certainty: own.some(({ interfaceId }) => interfaceId === id) ? 'certain' : 'likely',
      source: 'spool',
      interfaceId: id,
      flowLogIds: [...new Set(own.map(({ flowLogId }) => flowLogId))],
      records: own.reduce((sum, { records }) => sum + records, 0),
      ageSeconds: Math.max(0, Math.floor(sources.nowSeconds - oldest - SLOT_SECONDS)),
      failures: Math.max(...own.map(({ failures }) => failures)),
      about: own.find(({ error }) => error !== null)?.error ?? null,
    },
  ];
}

/** Lines without traffic, where no ledger says more. */
function recordReasons({ id }: Interface, { records }: Known): Told[] {
  if (records === null) return [];
  const of = { certainty: 'certain', source: 'records', interfaceId: id } as const;
  return [
    ...(records.skipData === 0 ? [] : [{ ...of, reason: 'skip-data' as const, records: records.skipData }]),
    ...(records.noData === 0 ? [] : [{ ...of, reason: 'no-data' as const, records: records.noData }]),
  ];
}

/** That AWS has not delivered yet. */
function deliveryReasons({ id }: Interface, logs: readonly FlowLog[], { question, sources }: Known): Told[] {
  const { place, spool, nowSeconds } = sources;
  if (spool !== null || (place?.ledger ?? null) !== null) return [];
  const interval = Math.max(60, ...logs.map(({ intervalSeconds }) => intervalSeconds));
  const endSeconds = Math.ceil(question.endSeconds) - 1 + interval + AWS_DELIVERY_SECONDS;
  if (nowSeconds >= endSeconds) return [];
  const flowLogIds = logs.map((log) => log.id);
  return [
    { reason: 'not-delivered-yet', certainty: 'likely', source: 'clock', interfaceId: id, endSeconds, flowLogIds },
  ];
}

/** That everything which is left is newer. Nothing here knows what was deleted. */
function ageReasons({ id }: Interface, { question, sources }: Known): Told[] {
  const oldest = sources.place?.oldestSlotSeconds ?? null;
  if (oldest === null || question.endSeconds > oldest) return [];
  return [{ reason: 'older-than-kept', certainty: 'likely', source: 'objects', interfaceId: id, startSeconds: oldest }];
}

/** That nothing explains it, with what else the interface has. */
function unexplained(interfaceId: string | null, records: RecordsView | null, reasons: readonly Told[]): Told[] {
  if (reasons.some(({ certainty }) => certainty !== 'possible')) return [];
  const others = records === null ? null : records.others;
  return [{ reason: 'unexplained', certainty: 'possible', source: 'records', interfaceId, records: others }];
}

function inOrder(reasons: readonly Told[]): readonly Told[] {
  return reasons.toSorted(
    (a, b) =>
      SURE.indexOf(a.certainty) - SURE.indexOf(b.certainty) || ORDER.indexOf(a.reason) - ORDER.indexOf(b.reason),
  );
}
