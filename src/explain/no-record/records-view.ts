/**
 * What flow logs have of an interface in a span of time.
 *
 * In:    a place, who is asked about. Out: how many records fit, what else the interface has, and the SQL that finds them.
 * Holds: where records name no interface, its addresses stand for it. A place without records has none: that is no error.
 * Fails: as asking flow logs does.
 */
import { FlowgaugeError } from '../../model/errors.ts';
import type { AskOptions } from '../../query/ask.ts';
import { ask, coverageAt } from '../../query/ask.ts';
import type { HeldFields } from '../../query/held-fields.ts';
import { heldFields } from '../../query/held-fields.ts';
import type { End, NoRecordQuestion } from './question.ts';

export type RecordsView = {
  readonly sql: string;
  /** Records that fit. */
  readonly matching: number;
  /** Records with traffic that the interface has besides, and its lines without. */
  readonly others: number;
  readonly noData: number;
  readonly skipData: number;
};

const ADDRESSES = ['srcaddr', 'dstaddr', 'pkt-srcaddr', 'pkt-dstaddr'];

/** Asks. `options` say which records are read; the span itself is in the SQL. */
export async function recordsView(
  place: string,
  question: NoRecordQuestion,
  of: End,
  peer: End | null,
  options: AskOptions,
): Promise<RecordsView> {
  const range = { startSeconds: question.startSeconds, endSeconds: question.endSeconds };
  const asked = { ...options, range };
  try {
    const held = heldFields(await coverageAt(place, asked));
    const fits = [...among(held, of), ...specific(held, question, peer), ...within(held, question)];
    const sql = `SELECT * FROM flow_logs\nWHERE ${fits.join('\n  AND ')}`;
    const whole = [...among(held, of), ...within(held, question)];
    const status = `coalesce(${held.column('log-status')}, 'OK')`;
    const matches = specific(held, question, peer);
    const counting = `SELECT count(*) FILTER (WHERE ${status} = 'OK' AND ${matches.join(' AND ') || 'true'}),
      count(*) FILTER (WHERE ${status} = 'OK'), count(*) FILTER (WHERE ${status} = 'NODATA'),
      count(*) FILTER (WHERE ${status} = 'SKIPDATA') FROM flow_logs WHERE ${whole.join(' AND ')}`;
    const [matching, all, noData, skipData] = await countsOf(place, counting, asked);
    return { sql, matching, others: all - matching, noData, skipData };
  } catch (error) {
    if (!isEmpty(error)) throw error;
    return { sql: 'SELECT * FROM flow_logs', matching: 0, others: 0, noData: 0, skipData: 0 };
  }
}

async function countsOf(
  place: string,
  sql: string,
  options: AskOptions,
): Promise<readonly [number, number, number, number]> {
  const answer = await ask(place, sql, {}, options);
  try {
    for await (const batch of answer.rows)
      for (const [a, b, c, d] of batch) return [Number(a), Number(b), Number(c), Number(d)];
    return [0, 0, 0, 0];
  } finally {
    await answer.close();
  }
}

/** How far around the span records are looked at for who holds an address. */
const AROUND_SECONDS = 3600;

/**
 * The interface that holds addresses, as records around the span tell it: on whose side of them they stand, or, where
 * records have no direction, in all of whose records. None where that is not one interface.
 */
export async function holderInRecords(
  place: string,
  { startSeconds, endSeconds }: NoRecordQuestion,
  addresses: readonly string[],
  options: AskOptions,
): Promise<readonly string[]> {
  const range = { startSeconds: startSeconds - AROUND_SECONDS, endSeconds: endSeconds + AROUND_SECONDS };
  const asked = { ...options, range };
  try {
    const held = heldFields(await coverageAt(place, asked));
    if (!held.byAll('interface-id') || !held.byAll('srcaddr') || !held.byAll('dstaddr')) return [];
    const among = `IN (${quoted(addresses)})`;
    const isHolder = held.byAll('flow-direction')
      ? `bool_or(CASE flow_direction WHEN 'egress' THEN srcaddr ELSE dstaddr END ${among})`
      : `bool_and(srcaddr ${among} OR dstaddr ${among})`;
    const sql = `SELECT interface_id FROM flow_logs WHERE srcaddr IS NOT NULL GROUP BY interface_id HAVING ${isHolder}`;
    const answer = await ask(place, sql, {}, asked);
    try {
      const ids: string[] = [];
      for await (const batch of answer.rows) for (const [id] of batch) if (typeof id === 'string') ids.push(id);
      return ids.length === 1 ? ids : [];
    } finally {
      await answer.close();
    }
  } catch (error) {
    if (!isEmpty(error)) throw error;
    return [];
  }
}

/** Whether a place has no records, or none of the span. */
function isEmpty(error: unknown): boolean {
  return error instanceof FlowgaugeError && /^FG_SOURCE_(?:EMPTY|NO_RECORDS)$/u.test(error.code);
}

const quoted = (texts: readonly string[]): string => texts.map((text) => `'${text.replaceAll("'", "''")}'`).join(', ');

/** Whose records: those of the interfaces, else those that show an address. */
function among(held: HeldFields, { ids, addresses }: End): readonly string[] {
  if (ids.length > 0 && held.byAll('interface-id')) return [`interface_id IN (${quoted(ids)})`];
  const shown = showing(held, addresses);
  if (ids.length === 0) return [shown];
  return [`(${held.column('interface-id')} IN (${quoted(ids)}) OR ${shown})`];
}

/** Whether a record shows one of some addresses; of the four fields those that files hold. */
function showing(held: HeldFields, addresses: readonly string[]): string {
  const fields = ADDRESSES.filter((field) => held.byAny(field)).map((field) => held.column(field));
  if (addresses.length === 0 || fields.length === 0) return 'false';
  return `(${fields.map((column) => `${column} IN (${quoted(addresses)})`).join(' OR ')})`;
}

function specific(held: HeldFields, { peer: asked, protocol, port }: NoRecordQuestion, peer: End | null): string[] {
  return [
    ...(asked === null ? [] : [showing(held, peer?.addresses ?? [])]),
    ...(protocol === null ? [] : [`${held.column('protocol')} = ${protocol}`]),
    ...(port === null ? [] : [`(${held.column('srcport')} = ${port} OR ${held.column('dstport')} = ${port})`]),
  ];
}

/** Records whose span reaches into the one asked about; also those that say no time. */
function within(held: HeldFields, { startSeconds, endSeconds }: NoRecordQuestion): string[] {
  if (!held.byAny('start') || !held.byAny('end')) return [];
  const span = `start < ${Math.ceil(endSeconds)} AND "end" >= ${Math.floor(startSeconds)}`;
  return [held.byAll('start') && held.byAll('end') ? span : `(start IS NULL OR "end" IS NULL OR (${span}))`];
}
