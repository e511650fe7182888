/**
 * Sums of traffic, read from the flow logs in one place.
 *
 * In:    a place as `query` takes it, what is asked. Out: the sums as columns; the SQL that asks the same; notes of reading.
 * Holds: records are read twice, first for who is there: what is grouped are numbers then. DuckDB groups, and spills what does
 *        not fit into its memory; here a row has 47 bytes.
 * Fails: FG_QUERY_FIELDS where no file has addresses; as reading the source does; with the signal's reason.
 */
import type { Note } from '../../api/note.ts';
import { openFlowTable } from '../../lake/read/flow-table.ts';
import type { FlowTable } from '../../lake/read/loaded-table.ts';
import { failure } from '../../model/errors.ts';
import type { AskOptions } from '../../query/ask.ts';
import { openPlace } from '../../query/ask.ts';
import { capabilityOf } from '../../query/capability.ts';
import { checkSql } from '../../query/check-sql.ts';
import { literalSql } from '../../query/explore/literal.ts';
import { valuesOf } from '../../query/explore/where.ts';
import { heldFields } from '../../query/held-fields.ts';
import type { DuckParameter } from '../../storage/duck/duck.ts';
import type { NumberColumn } from '../../storage/duck/number-batches.ts';
import type { TrafficAsked } from './statements.ts';
import {
  ENDS,
  endsStatements,
  INTERFACES,
  interfacesStatement,
  ownAddressesStatement,
  shownStatement,
  TRAFFIC,
  trafficNeeds,
  trafficStatement,
} from './statements.ts';
import type { RecordingInterface, Traffic } from './traffic.ts';
import { emptyTraffic, MEASURES } from './traffic.ts';

export type TrafficRead = { readonly traffic: Traffic; readonly sql: string; readonly notes: readonly Note[] };

/**
 * Reads.
 *
 * @param isKnown  whether the network always has an interface: of the others the records tell the address
 */
export async function readTraffic(
  from: string,
  asked: TrafficAsked,
  isKnown: (interfaceId: string) => boolean,
  options: AskOptions & { readonly signal: AbortSignal },
): Promise<TrafficRead> {
  const { signal } = options;
  const { source, reading } = await openPlace(from, options);
  const table = await openFlowTable(source, signal, [], reading);
  const stop = (): void => table.duck.interrupt();
  signal.addEventListener('abort', stop);
  try {
    const { missing, notes } = capabilityOf(trafficNeeds(asked), table.coverage);
    if (missing.length > 0) throw failure('FG_QUERY_FIELDS', 'topology', missing, table.files);
    table.notes.push(...notes);
    const held = heldFields(table.coverage);
    const shown = shownStatement(asked, held);
    const places = ['vpc_id', 'subnet_id', 'az_id', 'pkt_src_aws_service', 'pkt_dst_aws_service'];
    const { names, parameters } = await checkSql(table.duck, shown);
    await table.define(names === null ? null : new Set([...names, ...places]));
    await table.load(signal, reading.onProgress ?? (() => {}));
    signal.throwIfAborted();
    const given = valuesOf(asked.filter);
    // Statements that read records have the same condition, and so the same order of parameters.
    const values = parameters.map((name) => given[name]!);
    const traffic = await sums(table, asked, values, isKnown);
    return { traffic, sql: literalSql({ sql: shown, parameters: given }), notes: table.notes };
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await table.close();
  }
}

async function sums(
  { duck, coverage }: FlowTable,
  asked: TrafficAsked,
  values: readonly DuckParameter[],
  isKnown: (interfaceId: string) => boolean,
): Promise<Traffic> {
  const held = heldFields(coverage);
  const [seen, ...rest] = endsStatements(asked, held);
  await duck.run(interfacesStatement(asked, held), values);
  await duck.run(seen, values);
  for (const sql of rest) await duck.run(sql);
  await duck.run(trafficStatement(asked, held), values);
  const ends = (await duck.all(ENDS)).map(([word]) => String(word));
  const found = (await duck.all(INTERFACES)).map(([id, vpcId, subnetId, azId]): RecordingInterface => ({
    id: textOf(id),
    vpcId: textOf(vpcId),
    subnetId: textOf(subnetId),
    azId: textOf(azId),
    address: null,
  }));
  const wanted = found.flatMap(({ id }, at) => (id === null || isKnown(id) ? [] : [at]));
  const words = ends.findLastIndex((end) => end.startsWith('@')) + 1;
  const own = new Map(
    wanted.length === 0
      ? []
      : (await duck.all(ownAddressesStatement(wanted, words))).map(([at, address]) => [Number(at), Number(address)]),
  );
  const interfaces = found.map((one, at) => ({ ...one, address: own.get(at) ?? null }));
  const [[rows = 0] = []] = await duck.all('SELECT count(*) FROM fg_traffic');
  const traffic = emptyTraffic(Number(rows), interfaces, ends);
  let to = 0;
  for await (const batch of await duck.numbers(TRAFFIC)) {
    const [at, direction, src, dst, window, ...amounts] = batch.columns as readonly [
      NumberColumn,
      NumberColumn,
      NumberColumn,
      NumberColumn,
      NumberColumn,
      ...NumberColumn[],
    ];
    traffic.at.set(at, to);
    traffic.direction.set(direction, to);
    traffic.src.set(src, to);
    traffic.dst.set(dst, to);
    traffic.window.set(window, to);
    for (const [measure, column] of amounts.entries())
      for (let row = 0; row < batch.rows; row++) traffic.sums[(to + row) * MEASURES + measure] = column[row] as number;
    to += batch.rows;
  }
  return traffic;
}

const textOf = (cell: unknown): string | null => (typeof cell === 'string' && cell !== '' ? cell : null);
