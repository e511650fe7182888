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
import { textsOf } from '../../record/columns.ts';
import type { RecordColumns } from '../../record/columns.ts';
import { FIELDS, columnName } from '../../record/fields/list.ts';
import { ADDRESS_WORDS, batchAddresses } from './batch-addresses.ts';
import type { BatchAddresses } from './batch-addresses.ts';
import { ECS_VERSION, OF_ECS } from './ecs-fields.ts';
import { Plan } from './document-plan.ts';
import type { DocumentRoom, TextTable } from './document-room.ts';
import { KeyNumbers } from './key-numbers.ts';

/** Where the records come from. */
export type DocumentOrigin = {
  /** Before the number of the record, in its id: 16 letters or more, without quotes. */
  readonly idPrefix: string;
  /** JSON members that say it, as `"s3":{…}`: below `aws`. */
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

export type DocumentCounts = { documents: number; noData: number; skipData: number; fieldsLeftOut: number };

const TRANSPORTS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'ipv6-icmp', 132: 'sctp' };
const OF_ECS_COLUMNS: ReadonlySet<string> = new Set([...OF_ECS].map(columnName));
const KNOWN: ReadonlySet<string> = new Set(FIELDS.map(({ name }) => columnName(name)));
/** Columns of fields that ECS has no place for. */
const OTHERS: readonly string[] = [...KNOWN].filter((name) => !OF_ECS_COLUMNS.has(name));
/** Fields that nobody knows, of one file: more would fill the index's mapping. */
const MOST_UNKNOWN = 50;
/** The year 9999. */
const LAST_SECOND = 253_402_300_799;

const json = (text: string): string => JSON.stringify(text);
const isoText = (seconds: number): string => json(new Date(seconds * 1000).toISOString());

/** What `event` says of an action and a status. */
function eventText(action: string | null, status: string | null): string {
  if (status === 'NODATA' || status === 'SKIPDATA') return `"action":"${status.toLowerCase()}","type":["info"]`;
  if (action === 'ACCEPT') return '"action":"accept","outcome":"success","type":["connection","allowed"]';
  if (action === 'REJECT') return '"action":"reject","outcome":"failure","type":["connection","denied"]';
  return action === null ? '"type":["connection"]' : `"action":${json(action.toLowerCase())},"type":["connection"]`;
}

/** Lines for the records of one batch, each as large as a request may be. */
export function* documentsOf(
  batch: RecordColumns,
  place: number,
  origin: DocumentOrigin,
  enrich: Enrich,
  room: DocumentRoom,
  counts: DocumentCounts,
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

function addressesOf(plan: Plan, name: string): BatchAddresses | null {
  const column = plan.columns.get(name);
  if (column?.dictionary === undefined || column.dictionary === null) return null;
  return batchAddresses(column.dictionary, plan.indexes(column));
}

/** Texts of what rows have in common, each once, by whole numbers between two bounds. */
class Shared {
  readonly texts: string[] = [];
  readonly #numbers: KeyNumbers;
  readonly #text: (key: number) => string;

  constructor(least: number, most: number, text: (key: number) => string) {
    this.#numbers = new KeyNumbers(least, most);
    this.#text = text;
  }

  number(key: number): number {
    const known = this.#numbers.of(key);
    if (known >= 0) return known;
    const made = this.add(this.#text(key));
    this.#numbers.set(key, made);
    return made;
  }

  /** A text that has no key. */
  add(text: string): number {
    return this.texts.push(text) - 1;
  }
}

type Column = { readonly column: number; readonly table: TextTable };

function events(plan: Plan, counts: DocumentCounts): Column {
  const { batch, room } = plan;
  const texts = (name: string): { texts: (string | null)[]; rows: Int32Array | null } => {
    const column = plan.columns.get(name);
    if (column?.dictionary === undefined || column.dictionary === null) return { texts: [], rows: null };
    return { texts: textsOf(column.dictionary), rows: plan.indexes(column) };
  };
  const [actions, statuses] = [texts('action'), texts('log_status')];
  const width = statuses.texts.length + 1;
  const shared = new Shared(0, (actions.texts.length + 1) * width - 1, (key) =>
    eventText(actions.texts[Math.floor(key / width) - 1] ?? null, statuses.texts[(key % width) - 1] ?? null),
  );
  const [noData, skipData] = [statuses.texts.indexOf('NODATA'), statuses.texts.indexOf('SKIPDATA')];
  const rows = new Int32Array(batch.rows);
  for (let row = 0; row < batch.rows; row++) {
    const action = actions.rows === null ? -1 : actions.rows[row]!;
    const status = statuses.rows === null ? -1 : statuses.rows[row]!;
    if (status >= 0) {
      if (status === noData) counts.noData++;
      else if (status === skipData) counts.skipData++;
    }
    rows[row] = shared.number((action + 1) * width + status + 1);
  }
  return { column: room.words(rows), table: room.texts(shared.texts) };
}

type Times = {
  readonly start: number;
  readonly end: number;
  readonly stamp: number;
  readonly table: TextTable;
  /** Which of them every row has, beside the stamp. */
  readonly isWhole: { readonly start: boolean; readonly end: boolean };
};

/** Times of the batch: one table, a column for each name, and that of `@timestamp`. */
function times(plan: Plan, seconds: number): Times {
  const { batch, room } = plan;
  const { rows } = batch;
  const numbers = (name: string): Float64Array | null => {
    const column = plan.columns.get(name);
    return column === undefined ? null : (plan.numbersOf(column)?.numbers ?? null);
  };
  const [starts, ends] = [numbers('start'), numbers('end')];
  const isTime = (at: number): boolean => at >= 0 && at <= LAST_SECOND;
  let [least, most] = [LAST_SECOND, 0];
  for (const own of [starts, ends]) {
    if (own === null) continue;
    for (let row = 0; row < rows; row++) {
      const at = own[row]!;
      if (!isTime(at)) continue;
      if (at < least) least = at;
      if (at > most) most = at;
    }
  }
  const shared = new Shared(least, most, isoText);
  const indexes = (own: Float64Array | null): { readonly column: Int32Array; readonly isWhole: boolean } => {
    const column = new Int32Array(rows).fill(-1);
    if (own === null) return { column, isWhole: false };
    let isWhole = true;
    for (let row = 0; row < rows; row++) {
      const at = own[row]!;
      if (isTime(at)) column[row] = shared.number(at);
      else isWhole = false;
    }
    return { column, isWhole };
  };
  const [start, end] = [indexes(starts), indexes(ends)];
  let stamp = end.column;
  if (!end.isWhole) {
    stamp = new Int32Array(rows);
    const other = shared.add(isoText(seconds));
    for (let row = 0; row < rows; row++) {
      let at = end.column[row]!;
      if (at < 0) at = start.column[row]!;
      stamp[row] = at >= 0 ? at : other;
    }
  }
  const placed = room.words(end.column);
  return {
    start: room.words(start.column),
    end: placed,
    stamp: stamp === end.column ? placed : room.words(stamp),
    table: room.texts(shared.texts),
    isWhole: { start: start.isWhole, end: end.isWhole },
  };
}

function protocols(plan: Plan): Column | null {
  const column = plan.columns.get('protocol');
  const numbers = column === undefined ? null : (plan.numbersOf(column)?.numbers ?? null);
  if (numbers === null) return null;
  let most = 0;
  for (let row = 0; row < numbers.length; row++) most = Math.max(most, numbers[row]!);
  const shared = new Shared(0, most, (number) => {
    const transport = TRANSPORTS[number];
    return `"iana_number":"${number}"${transport === undefined ? '' : `,"transport":"${transport}"`}`;
  });
  const rows = new Int32Array(numbers.length);
  for (let row = 0; row < rows.length; row++) {
    const number = numbers[row]!;
    rows[row] = number < 0 ? -1 : shared.number(number);
  }
  return { column: plan.room.words(rows), table: plan.room.texts(shared.texts) };
}

function fill(plan: Plan, origin: DocumentOrigin, enrich: Enrich, counts: DocumentCounts): void {
  const { batch, room, columns } = plan;
  const source = addressesOf(plan, 'srcaddr');
  const destination = addressesOf(plan, 'dstaddr');
  const ends = enrich(batch, source, destination);
  const when = times(plan, origin.seconds);
  const event = events(plan, counts);
  const field = (name: string, column: string): void => {
    const found = columns.get(column);
    if (found !== undefined) plan.field(name, found);
  };
  const isWhole = (...names: readonly string[]): boolean =>
    names.some((name) => columns.has(name) && plan.isWhole(columns.get(name)!));

  plan.place(`{"create":{"_id":"${origin.idPrefix}-`);
  plan.text('"}}\n{');
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
  plan.inside(',"aws":{', '}', true, () => {
    plan.text(origin.about);
    plan.inside(',"vpcflow":{', '}', isWhole(...OTHERS), () => others(plan, counts));
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
  const protocol = protocols(plan);
  if (protocol !== null) plan.word(',', protocol.column, protocol.table, plan.isWhole(columns.get('protocol')!));
  if (source !== null) plan.word(',"type":', room.words(familiesOf(source)), room.texts(['"ipv4"', '"ipv6"']));
  const told = columns.get('flow_direction');
  if (told !== undefined) plan.field(',"direction":', told);
  else if (ends.directions !== null)
    plan.word(',"direction":', room.words(ends.directions), room.texts(['"ingress"', '"egress"']));
  if (source !== null && destination !== null) plan.community(source, destination);
}

/** For each row 0 IPv4, 1 IPv6, -1 where there is no address. */
function familiesOf({ words, column }: BatchAddresses): Int32Array {
  const families = new Int32Array(column.length);
  for (let row = 0; row < families.length; row++) {
    const at = column[row]!;
    const family = at < 0 ? 0 : words[at * ADDRESS_WORDS]!;
    families[row] = family === 0 ? -1 : family === 4 ? 0 : 1;
  }
  return families;
}

/** All fields that ECS has no place for. */
function others(plan: Plan, counts: DocumentCounts): void {
  const unknown = new Set<string>();
  for (const column of plan.batch.columns) {
    if (OF_ECS_COLUMNS.has(column.name)) continue;
    // A dot would make an object of the field, perhaps of one that is none.
    const name = column.name.replaceAll('.', '_');
    if (!KNOWN.has(column.name)) {
      if (unknown.size === MOST_UNKNOWN || KNOWN.has(name) || unknown.has(name)) {
        counts.fieldsLeftOut += plan.batch.rows;
        continue;
      }
      unknown.add(name);
    }
    plan.field(`,${json(name)}:`, column);
  }
}
