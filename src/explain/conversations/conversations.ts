/**
 * Records stitched into conversations.
 *
 * In:    the table of a source, any format. Out: batches of conversations, as often as they are asked for, and what the records were.
 * Holds: both directions of a five-tuple at an interface are one conversation, across windows; who opened it is inferred and
 *        how is kept. What a format lacks is a note. NODATA, SKIPDATA and records without five-tuple are counted, for each interface.
 *        Memory does not grow with the conversations: many are grouped part by part, what does not fit is spilled, and batches
 *        have 2,048 rows. Of each distinct address it holds 5 bytes, of IPv6 17.
 * Fails: FG_QUERY_FIELDS where no file has the fields of a five-tuple; as reading the source does.
 */
import type { FlowTable } from '../../lake/read/loaded-table.ts';
import type { Progress } from '../../lake/read/progress.ts';
import { failure } from '../../model/errors.ts';
import type { Holders } from '../../network/vpc/holders.ts';
import { capabilityOf } from '../../query/capability.ts';
import { heldFields } from '../../query/held-fields.ts';
import { memoryBudget } from '../../storage/duck/memory.ts';
import { AddressWords } from './address-words.ts';
import type { ConversationBatch } from './batch.ts';
import { createConversationBatch } from './batch.ts';
import { fillBatch } from './fill-batch.ts';
import {
  ADDRESSES,
  addressesStatement,
  columnsOf,
  conversationsStatement,
  INSTEAD,
  interfacesStatement,
  NEEDED,
  numberedStatement,
} from './statements.ts';

/** What the records of an interface are. */
export type RecordedInterface = {
  /** Null: of records that name none. */
  readonly id: string | null;
  /** Records with a five-tuple: those that conversations are made of. */
  readonly records: number;
  /** Windows without traffic; lines that say that records were skipped; others without five-tuple or action. */
  readonly nodata: number;
  readonly skipdata: number;
  readonly incomplete: number;
  /** First `start`, last `end`; 0 where there is none. */
  readonly firstSeconds: number;
  readonly lastSeconds: number;
};

/** The interfaces of a model, to tell which end is an interface's own where records do not. */
export type OwnAddresses = {
  readonly holders: Holders;
  /** The number in the model of an interface; 0: it is not in it. */
  numberOf(interfaceId: string): number;
};

export type Conversations = {
  /** Every interface that has records, in the order of ids; a batch names them by position. */
  readonly interfaces: readonly RecordedInterface[];
  /**
   * Reads them all, in no particular order. A batch holds until the next one is asked for.
   *
   * @param only  positions of the interfaces that are wanted; all without it
   */
  batches(only?: readonly number[]): AsyncIterable<ConversationBatch>;
};

export type ConversationOptions = {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  readonly own?: OwnAddresses | null;
  /** What DuckDB has for rows. */
  readonly memoryBytes?: number;
};

/** A conversation in DuckDB's hand, and the share of its memory that they may take: beyond, they are stitched part by part. */
const GROUP_BYTES = 700;
const GROUP_SHARE = 0.4;

/**
 * Loads the table, which was opened and not defined yet; notes go to its notes. The caller closes it.
 *
 * @param asker  for messages: the verb that asks
 */
export async function stitch(
  table: FlowTable,
  asker: string,
  { signal, onProgress = () => {}, own = null, memoryBytes = memoryBudget() }: ConversationOptions,
): Promise<Conversations> {
  const { missing, notes } = capabilityOf({ needsFields: NEEDED, instead: INSTEAD }, table.coverage);
  if (missing.length > 0) throw failure('FG_QUERY_FIELDS', asker, missing, table.files);
  table.notes.push(...notes);
  await table.define(columnsOf());
  await table.load(signal, onProgress);
  signal.throwIfAborted();
  const held = heldFields(table.coverage);
  const interfaces = (await table.duck.all(interfacesStatement(held))).map(
    ([id, records, nodata, skipdata, incomplete, first, last]): RecordedInterface => ({
      id: id === null || id === undefined ? null : String(id),
      records: Number(records),
      nodata: Number(nodata),
      skipdata: Number(skipdata),
      incomplete: Number(incomplete),
      firstSeconds: Number(first ?? 0),
      lastSeconds: Number(last ?? 0),
    }),
  );
  const numbers = Uint32Array.from(interfaces, ({ id }) => (id === null ? 0 : (own?.numberOf(id) ?? 0)));

  async function* batches(only?: readonly number[]): AsyncGenerator<ConversationBatch> {
    const wanted = new Map([...(only ?? interfaces.keys())].map((at) => [at, interfaces[at]?.id ?? null]));
    await table.duck.run(numberedStatement(wanted));
    await table.duck.run(addressesStatement(held));
    const addresses = new AddressWords();
    for await (const batch of await table.duck.numbers(ADDRESSES)) addresses.take(batch);
    let batch = createConversationBatch(0);
    const records = [...wanted.keys()].reduce((sum, at) => sum + (interfaces[at]?.records ?? 0), 0);
    const parts = Math.max(1, Math.ceil((records * GROUP_BYTES) / (memoryBytes * GROUP_SHARE)));
    for (let part = 0; part < parts; part++)
      for await (const found of await table.duck.numbers(conversationsStatement(held, part, parts))) {
        signal.throwIfAborted();
        if (found.rows > batch.rows) batch = createConversationBatch(found.rows);
        yield fillBatch(batch, found, numbers, own?.holders ?? null, addresses);
      }
  }
  return { interfaces, batches };
}
