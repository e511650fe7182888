/**
 * Flow logs as the console lists them: what they are, what they cover, and how their records get to where they go.
 *
 * In:    a context, who asks. Out: rows.
 * Holds: those that are there now, and those that take over from one at a time to come. What only an import tells of is
 *        delivered by others: of it nothing is known here.
 * Fails: FG_STATE_*; what cannot be read of a ledger leaves a row without its newest window.
 */
import { join } from 'node:path';
import type { FlowLogDelivery, FlowLogDestination, FlowLogRow, FlowLogsAnswer } from '../../../api/flow-logs.ts';
import type { Items } from '../../../control/ec2/items.ts';
import { tagsOf } from '../../../control/ec2/items.ts';
import { described } from '../../../network/vpc/described.ts';
import type { FlowLogFact } from '../../../network/vpc/flow-logs.ts';
import { readFlowLog } from '../../../network/vpc/flow-logs.ts';
import { newestWindow } from '../../../publish/flow-log-ledger.ts';
import { waitingSegments } from '../../../publish/waiting-segments.ts';
import type { WaitingSegments } from '../../../publish/waiting-segments.ts';
import { readHeader } from '../../../record/format.ts';
import { directoryStore } from '../../../storage/object/stores/directory.ts';
import type { CurrentFacts, PlacedItem } from '../../../storage/state/current-facts.ts';
import { openHeldFacts } from '../../../storage/state/held-facts.ts';
import type { HeldFacts } from '../../../storage/state/held-facts.ts';
import { bucketOf } from './bucket-of.ts';
import type { ConsoleContext } from './context.ts';
import { currentNetwork } from './current-network.ts';
import type { ConsoleRequest } from './route.ts';

type Who = ConsoleRequest['who'];
/** A flow log as it is kept; `isEnding`: another one takes over. */
export type PlacedFlowLog = {
  readonly account: string;
  readonly region: string;
  readonly item: Items['FlowLogs'];
  readonly fact: FlowLogFact;
  readonly isEnding: boolean;
};

/** All that are there now or are told to come. */
export function placedFlowLogs({ control, now }: ConsoleContext): PlacedFlowLog[] {
  const { facts, state } = control;
  facts.refresh();
  const current = [...facts.all()].filter(({ kind }) => kind === 'FlowLogs');
  const ids = new Set(current.map(({ id }) => id));
  const ending = openHeldFacts(state, 'FlowLogs')
    .at(now() * 1000)
    .filter(({ id }) => !ids.has(id));
  const placed = ({ account, region, id, item }: PlacedItem, isEnding: boolean): PlacedFlowLog => ({
    account,
    region,
    item,
    fact: readFlowLog(described(id, item)),
    isEnding,
  });
  return [...current.map((one) => placed(one, false)), ...ending.map((one) => placed(one, true))];
}

/** The rows, and what this session may do. */
export async function flowLogsAnswer(context: ConsoleContext, who: Who, signal: AbortSignal): Promise<FlowLogsAnswer> {
  const placed = placedFlowLogs(context);
  const { facts, region } = context.control;
  const view = await viewOf(context);
  const rows: FlowLogRow[] = [];
  for (const one of placed) rows.push(await rowOf(one, view, context, who, signal));
  const isOwn = facts.isOwn(who.account);
  const regions = new Set(
    [...facts.all()].filter(({ kind, account }) => kind === 'Vpcs' && account === who.account).map((one) => one.region),
  );
  return {
    nowSeconds: context.now() / 1000,
    account: who.account,
    region,
    mayCreate: isOwn && who.role === 'operate',
    flowLogs: rows.toSorted((a, b) => (a.name ?? a.id).localeCompare(b.name ?? b.id, 'en') || (a.id < b.id ? -1 : 1)),
    regions: [...regions].toSorted(),
  };
}

/** One row; null where there is no such flow log. */
export async function flowLogRow(
  id: string,
  context: ConsoleContext,
  who: Who,
  signal: AbortSignal,
): Promise<{ readonly row: FlowLogRow; readonly placed: PlacedFlowLog } | null> {
  const placed = placedFlowLogs(context).find(({ fact }) => fact.id === id);
  if (placed === undefined) return null;
  return { placed, row: await rowOf(placed, await viewOf(context), context, who, signal) };
}

/** What rows have in common. */
type View = {
  readonly waiting: ReadonlyMap<string, WaitingSegments>;
  readonly covered: ReadonlyMap<string, number>;
  readonly held: HeldFacts;
};

async function viewOf(context: ConsoleContext): Promise<View> {
  const { flowLogs } = currentNetwork(context);
  return {
    waiting: await waitingSegments(join(context.dataDirectory, 'spool')),
    covered: new Map(flowLogs.map(({ id, interfaces }) => [id, interfaces.length])),
    held: openHeldFacts(context.control.state, 'FlowLogs'),
  };
}

async function rowOf(
  placed: PlacedFlowLog,
  view: View,
  context: ConsoleContext,
  who: Who,
  signal: AbortSignal,
): Promise<FlowLogRow> {
  const { account, region, item, fact, isEnding } = placed;
  const { facts } = context.control;
  const isOwn = facts.isOwn(account);
  const format = readHeader(fact.format.replaceAll(/[${}]/gu, ''));
  return {
    id: fact.id,
    account,
    region,
    name: fact.tags['Name'] || null,
    resourceId: fact.resourceId,
    resourceType: TYPES[fact.resource],
    resourceName: nameOf(facts, fact.resourceId),
    mayChange: isOwn && who.role === 'operate' && account === who.account && !isEnding,
    traffic: fact.resource === 'not-understood' ? null : fact.traffic,
    intervalSeconds: fact.intervalSeconds,
    format: fact.format,
    version: format.version,
    fields: format.fields.length,
    destination: destinationOf(item, fact),
    delivery: deliveryOf(placed, isOwn, view, context),
    newestSeconds: await newestOf(placed, context, signal),
    interfaces: view.covered.get(fact.id) ?? 0,
    createdSeconds: fact.createdSeconds,
    endsSeconds: isEnding ? endOf(fact.id, view.held, context.now() * 1000) : null,
    tags: fact.tags,
  };
}

const TYPES = { vpc: 'VPC', subnet: 'Subnet', interface: 'NetworkInterface', 'not-understood': 'other' } as const;

function destinationOf(item: Items['FlowLogs'], { destination }: FlowLogFact): FlowLogDestination {
  const { type } = destination;
  const role = item.DeliverLogsPermissionArn ?? null;
  const none = { isLocal: false, fileFormat: null, hive: false, hourly: false, role };
  if (destination.type === 'cloud-watch-logs') return { ...none, type, place: destination.logGroup };
  if (destination.type !== 's3') return { ...none, type, place: destination.streamArn };
  const { bucket, fileFormat, hive, hourly } = destination;
  return { type, place: item.LogDestination ?? bucket, isLocal: bucket === 'local', fileFormat, hive, hourly, role };
}

function deliveryOf(
  { item, region, fact }: PlacedFlowLog,
  isOwn: boolean,
  { waiting }: View,
  { control }: ConsoleContext,
): FlowLogDelivery {
  const lane = isOwn ? control.deliveries.laneOf(item, region) : null;
  const here = waiting.get(fact.id);
  const { lastError = null, failures = 0 } = lane ?? {};
  return {
    state: !isOwn ? 'not-here' : failures > 0 ? 'fails' : (lane?.deliveries ?? 0) > 0 ? 'goes' : 'none-yet',
    error: isOwn ? control.deliveries.errorOf(item, region) : (item.DeliverLogsErrorMessage ?? null),
    lastError:
      lastError === null
        ? null
        : { code: lastError.code, message: lastError.message, atSeconds: lastError.atMillis / 1000 },
    failures,
    nextAttemptSeconds: secondsOf(lane?.nextAttemptMillis),
    lastDeliveredSeconds: secondsOf(lane?.lastDeliveredMillis),
    waitingSegments: here?.segments ?? 0,
    waitingBytes: here?.bytes ?? 0,
    oldestWaitingSeconds: here?.oldestSlotSeconds ?? null,
  };
}

const secondsOf = (millis: number | null = null): number | null => (millis === null ? null : millis / 1000);

/** Of what lies on this machine; a bucket elsewhere is asked only when its details are looked at. */
async function newestOf(placed: PlacedFlowLog, context: ConsoleContext, signal: AbortSignal): Promise<number | null> {
  if (context.control.deliveries.ledgerStore(placed.item) !== null) return null;
  const store = directoryStore(bucketOf(context.dataDirectory));
  return newestWindow(store, ledgerPlace(placed), context.now() / 1000, signal).catch(() => null);
}

/** As the ledger names it. */
export function ledgerPlace({ account, region, fact }: PlacedFlowLog): Parameters<typeof newestWindow>[1] {
  return { id: fact.id, accountId: account, region, destination: fact.destination };
}

function endOf(id: string, held: HeldFacts, nowMicros: number): number | null {
  for (let at = held.nextChange(nowMicros); at !== null; at = held.nextChange(at))
    if (!held.at(at).some((one) => one.id === id)) return at / 1e6;
  return null;
}

/** The tag `Name` of a VPC, subnet or interface. */
function nameOf(facts: CurrentFacts, id: string): string | null {
  const kind = id.startsWith('vpc-')
    ? 'Vpcs'
    : id.startsWith('subnet-')
      ? 'Subnets'
      : id.startsWith('eni-')
        ? 'NetworkInterfaces'
        : null;
  const found = kind === null ? undefined : facts.find(kind, id);
  if (kind === null || found === undefined) return null;
  const { Description: about } = found.item as { readonly Description?: string };
  const named = tagsOf(kind, found.item as Items[typeof kind]).find(({ Key }) => Key === 'Name')?.Value;
  return named || (kind === 'NetworkInterfaces' ? about : null) || null;
}
