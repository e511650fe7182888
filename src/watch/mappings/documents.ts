/**
 * Records as documents of the Elastic Common Schema, in lines of a bulk request.
 *
 * In:    columns of records of one object or log event, and what is known of their addresses. Out: for each record a line that creates a
 *        document under an id, and the document; nothing of the record is lost: what ECS has no field for stands below `aws.vpcflow`.
 * Holds: the same records give the same bytes. The id is that of the object and the record's place in it, so a record that comes again is
 *        the same document. NODATA and SKIPDATA are documents too, without ends. `fields` of `ecs-fields.ts` names all there is; only
 *        fields that a file's header made up come besides, as keywords under their name.
 * Fails: never.
 */
import type { RecordColumns } from '../../record/columns.ts';
import { columnName } from '../../record/fields/list.ts';
import type { BatchAddresses } from './batch-addresses.ts';
import { KNOWN, addressesOf, events, familiesOf, others, protocols, times } from './document-columns.ts';
import type { DocumentCounts } from './document-columns.ts';
import { ECS_VERSION, OF_ECS } from './ecs-fields.ts';
import { Plan } from './document-plan.ts';
import type { DocumentRoom } from './document-room.ts';

/** Where the records come from. */
export type DocumentOrigin = {
  /** Before the number of the record, in its id: 16 letters or more, without quotes. */
  readonly idPrefix: string;
  /** JSON members that say it, as `"s3":{…}`: below `aws`; '' none. */
  readonly about: string;
  /** Account and region where the records do not say; null not known. */
  readonly accountId: string | null;
  readonly region: string | null;
  /** Time of records that have none, seconds since 1970 UTC. */
  readonly seconds: number;
  /** When it came; null not known. */
  readonly sinceSeconds: number | null;
};

/** Documents of one object, in the order of its records. */
export type DocumentBatch = {
  readonly count: number;
  /** For each a line that creates it under its id, and the document's line. */
  readonly lines: Uint8Array<ArrayBuffer>;
  /** Where each begins in `lines`. */
  readonly starts: Int32Array;
  /** When their object was put where it lies: none of them can be older in a sink. Seconds since 1970 UTC; null not known. */
  readonly sinceSeconds: number | null;
};

/** What is known of the ends of a batch's records. Texts are JSON objects, '' where nothing is known; null: of nobody. */
export type Ends = {
  readonly source: EndTexts | null;
  readonly destination: EndTexts | null;
  /** For each row 0 ingress, 1 egress, -1 not known; null where nobody can tell. */
  readonly directions: Int32Array | null;
};
/** `column`: for each row which text; -1 none. */
export type EndTexts = { readonly texts: readonly string[]; readonly column: Int32Array };

/** Tells of the ends of a batch's records. */
export type Enrich = (batch: RecordColumns, source: BatchAddresses | null, destination: BatchAddresses | null) => Ends;

/** Puts the members of a document for each record into a plan. */
export type Fill = (plan: Plan, origin: DocumentOrigin, enrich: Enrich, counts: DocumentCounts) => void;

const TRANSPORTS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'ipv6-icmp', 132: 'sctp' };
const OF_ECS_COLUMNS: ReadonlySet<string> = new Set([...OF_ECS].map(columnName));
/** Columns of fields that ECS has no place for. */
const OTHERS: readonly string[] = [...KNOWN].filter((name) => !OF_ECS_COLUMNS.has(name));

const json = (text: string): string => JSON.stringify(text);
const isoText = (seconds: number): string => json(new Date(seconds * 1000).toISOString());

/** What `event` says of an action and a status. */
function eventText(action: string | null, status: string | null): string {
  if (status === 'NODATA' || status === 'SKIPDATA') return `"action":"${status.toLowerCase()}","type":["info"]`;
  if (action === 'ACCEPT') return '"action":"accept","outcome":"success","type":["connection","allowed"]';
  if (action === 'REJECT') return '"action":"reject","outcome":"failure","type":["connection","denied"]';
  return action === null ? '"type":["connection"]' : `"action":${json(action.toLowerCase())},"type":["connection"]`;
}

/** What `network` says of a protocol. */
function protocolText(number: number): string {
  const transport = TRANSPORTS[number];
  return `"iana_number":"${number}"${transport === undefined ? '' : `,"transport":"${transport}"`}`;
}

/**
 * Lines for the records of one batch, each as large as a request may be.
 *
 * @param fill  what a line is: of a bulk request, or the document alone
 */
export function* documentsOf(
  batch: RecordColumns,
  place: number,
  origin: DocumentOrigin,
  enrich: Enrich,
  room: DocumentRoom,
  counts: DocumentCounts,
  fill: Fill = bulkLines,
): Generator<DocumentBatch> {
  room.clear();
  const plan = new Plan(batch, room);
  fill(plan, origin, enrich, counts);
  const pieces = plan.end();
  for (let from = 0; from < batch.rows;) {
    const { row, lines, starts } = room.lines(from, batch.rows, pieces.at, pieces.count, place);
    counts.documents += row - from;
    yield { count: row - from, lines, starts, sinceSeconds: origin.sinceSeconds };
    from = row;
  }
}

/** A line that creates the document under its id, and the document. */
function bulkLines(plan: Plan, origin: DocumentOrigin, enrich: Enrich, counts: DocumentCounts): void {
  plan.place(`{"create":{"_id":"${origin.idPrefix}-`);
  plan.text('"}}\n{');
  members(plan, origin, enrich, counts);
}

/** The document alone. */
export const ecsLines: Fill = (plan, origin, enrich, counts) => {
  plan.text('{');
  members(plan, origin, enrich, counts);
};

function members(plan: Plan, origin: DocumentOrigin, enrich: Enrich, counts: DocumentCounts): void {
  const { batch, room, columns } = plan;
  const source = addressesOf(plan, 'srcaddr');
  const destination = addressesOf(plan, 'dstaddr');
  const ends = enrich(batch, source, destination);
  const when = times(plan, 'end', origin.seconds, isoText);
  const event = events(plan, counts, eventText);
  const field = (name: string, column: string): void => {
    const found = columns.get(column);
    if (found !== undefined) plan.field(name, found);
  };
  const isWhole = (...names: readonly string[]): boolean =>
    names.some((name) => columns.has(name) && plan.isWhole(columns.get(name)!));

  plan.word(',"@timestamp":', when.stamp, when.table, true);
  plan.text(`,"ecs":{"version":"${ECS_VERSION}"}`);
  plan.inside(',"event":{', '}', true, () => {
    plan.text('"kind":"event","category":["network"],"module":"flowgauge","dataset":"flowgauge.flows"');
    plan.word(',', event.column, event.table, true);
    plan.word(',"start":', when.start, when.table, when.isWhole.start);
    plan.word(',"end":', when.end, when.table, when.isWhole.end);
  });
  plan.inside(',"source":{', '}', isWhole('srcaddr', 'srcport', 'bytes', 'packets'), () => {
    end('srcaddr', 'srcport');
    field(',"bytes":', 'bytes');
    field(',"packets":', 'packets');
  });
  plan.inside(',"destination":{', '}', isWhole('dstaddr', 'dstport'), () => end('dstaddr', 'dstport'));
  plan.inside(',"network":{', '}', isWhole('bytes', 'packets', 'protocol', 'flow_direction'), () =>
    network(plan, source, destination, ends),
  );
  plan.inside(',"related":{"ip":[', ']}', isWhole('srcaddr', 'dstaddr'), () => {
    field(',', 'srcaddr');
    field(',', 'dstaddr');
  });
  plan.inside(',"cloud":{', '}', true, () => {
    plan.text('"provider":"aws"');
    const owned = (name: string, column: string, known: string | null): void => {
      if (columns.has(column)) field(name, column);
      else if (known !== null) plan.text(`${name}${json(known)}`);
    };
    const hasAccount = columns.has('account_id') ? isWhole('account_id') : origin.accountId !== null;
    plan.inside(',"account":{', '}', hasAccount, () => owned(',"id":', 'account_id', origin.accountId));
    owned(',"region":', 'region', origin.region);
    plan.inside(',"instance":{', '}', isWhole('instance_id'), () => field(',"id":', 'instance_id'));
  });
  plan.inside(',"aws":{', '}', origin.about !== '', () => {
    plan.text(origin.about);
    plan.inside(',"vpcflow":{', '}', isWhole(...OTHERS), () => others(plan, OF_ECS_COLUMNS, counts));
  });
  plan.inside(',"flowgauge":{', '}', false, () => {
    for (const name of ['source', 'destination'] as const) {
      const told = ends[name];
      if (told === null) continue;
      plan.word(`,"${name}":`, room.words(told.column), room.texts(told.texts));
    }
  });
  plan.text('}\n');

  function end(address: string, port: string): void {
    const found = columns.get(address);
    if (found?.dictionary !== undefined && found.dictionary !== null) {
      const table = plan.quoted(found);
      const column = plan.placed(found);
      plan.word(',"address":', column, table, plan.isWhole(found));
      plan.word(',"ip":', column, table, plan.isWhole(found));
    }
    field(',"port":', port);
  }
}

function network(plan: Plan, source: BatchAddresses | null, destination: BatchAddresses | null, ends: Ends): void {
  const { room, columns } = plan;
  for (const name of ['bytes', 'packets']) {
    const column = columns.get(name);
    if (column !== undefined) plan.field(`,"${name}":`, column);
  }
  const protocol = protocols(plan, protocolText);
  if (protocol !== null) plan.word(',', protocol.column, protocol.table, plan.isWhole(columns.get('protocol')!));
  if (source !== null) plan.word(',"type":', room.words(familiesOf(source)), room.texts(['"ipv4"', '"ipv6"']));
  const told = columns.get('flow_direction');
  if (told !== undefined) plan.field(',"direction":', told);
  else if (ends.directions !== null)
    plan.word(',"direction":', room.words(ends.directions), room.texts(['"ingress"', '"egress"']));
  if (source !== null && destination !== null) plan.community(source, destination);
}
