/**
 * Rows of an answer that are records, as JSON lines of a schema of others.
 *
 * In:    an answer whose columns are fields, `SELECT * FROM flow_logs` or some of them. Out: an event of OCSF or a document of ECS for each row.
 * Holds: made as documents of `watch worker` are, by the same code. Columns that are no fields are kept under their name as texts, but for
 *        `start_time` and `end_time`, which `start` and `end` tell. A row without a time has that of now.
 * Fails: FG_OUTPUT_RECORDS where no column says whose record it is, as in sums; as the answer does.
 */
import { failure } from '../model/errors.ts';
import type { Answer, AnswerColumn, Cell } from '../query/engine.ts';
import type { RecordColumn, RecordColumns } from '../record/columns.ts';
import { wordsOf } from '../record/columns.ts';
import { FIELDS, columnName } from '../record/fields/list.ts';
import { giveRoomBack, takeRoom } from './mappings/document-room.ts';
import { documentsOf, ecsLines } from './mappings/documents.ts';
import type { DocumentOrigin, Ends, Fill } from './mappings/documents.ts';
import { ocsfLines } from './mappings/ocsf-records.ts';

export type RecordSchema = 'ecs' | 'ocsf';

const LINES: Readonly<Record<RecordSchema, Fill>> = { ecs: ecsLines, ocsf: ocsfLines };
/** Rows of a batch: what is made of them at a time. */
const MOST_ROWS = 8192;
const IS_NUMBER: ReadonlyMap<string, boolean> = new Map(
  FIELDS.map(({ name, column }) => [columnName(name), column !== 'VARCHAR']),
);
/** Of these a record has one at least. */
const WHOSE: readonly string[] = ['srcaddr', 'dstaddr', 'interface_id', 'tgw_id'];
const DERIVED: ReadonlySet<string> = new Set(['start_time', 'end_time']);
const NOBODY: Ends = { source: null, destination: null, directions: null };

/** The lines, in pieces. */
export async function* recordLines(
  { columns, rows }: Pick<Answer, 'columns' | 'rows'>,
  schema: RecordSchema,
): AsyncGenerator<string> {
  const names = new Set(columns.map(({ name }) => name));
  if (!WHOSE.some((name) => names.has(name))) throw failure('FG_OUTPUT_RECORDS', schema, [...names]);
  // Of a name that stands twice the first counts: an event has it once.
  const taken = columns
    .map((column, at) => ({ column, at }))
    .filter(({ column: { name }, at }) => columns.findIndex((other) => other.name === name) === at)
    .filter(({ column: { name } }) => !DERIVED.has(name) || !names.has(name.slice(0, -'_time'.length)));
  const origin: DocumentOrigin = {
    idPrefix: '',
    about: '',
    accountId: null,
    region: null,
    seconds: Math.floor(Date.now() / 1000),
    sinceSeconds: null,
  };
  const counts = { documents: 0, noData: 0, skipData: 0, fieldsLeftOut: 0 };
  const room = takeRoom();
  try {
    for await (const all of rows)
      for (let from = 0; from < all.length; from += MOST_ROWS) {
        const some = all.slice(from, from + MOST_ROWS);
        const batch: RecordColumns = {
          rows: some.length,
          origin: 'an answer',
          columns: taken.map(({ column, at }) => columnOf(column, some, at)),
          buffer: new ArrayBuffer(0),
        };
        for (const { lines } of documentsOf(batch, 0, origin, () => NOBODY, room, counts, LINES[schema])) {
          yield Buffer.from(lines).toString('utf8');
          room.giveBack(lines);
        }
      }
  } finally {
    giveRoomBack(room);
  }
}

/** One column: numbers where the field has them and all are such as a record may have, else texts. */
function columnOf({ name }: AnswerColumn, rows: readonly (readonly Cell[])[], at: number): RecordColumn {
  const valid = new Uint8Array(Math.ceil(rows.length / 8));
  for (const [row, cells] of rows.entries()) if (cells[at] !== null) valid[row >> 3]! |= 1 << (row & 7);
  const numbers = IS_NUMBER.get(name) === true ? numbersOf(rows, at) : null;
  if (numbers !== null) return { name, type: 'i64', data: new Uint8Array(numbers.buffer), valid, dictionary: null };
  const places = new Map<string, number>();
  const data = Uint32Array.from(rows, (cells) => {
    const cell = cells[at] ?? null;
    if (cell === null) return 0;
    const text = String(cell);
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    return place;
  });
  return { name, type: 'u32', data: new Uint8Array(data.buffer), valid, dictionary: wordsOf([...places.keys()]) };
}

/** Null where one is no whole number from 0 to 2^63. */
function numbersOf(rows: readonly (readonly Cell[])[], at: number): BigInt64Array<ArrayBuffer> | null {
  const numbers = new BigInt64Array(rows.length);
  for (const [row, cells] of rows.entries()) {
    const cell = cells[at] ?? null;
    if (cell === null) continue;
    const isWhole = typeof cell === 'bigint' || (typeof cell === 'number' && Number.isSafeInteger(cell));
    if (!isWhole || cell < 0 || cell >= 2n ** 63n) return null;
    numbers[row] = BigInt(cell);
  }
  return numbers;
}
