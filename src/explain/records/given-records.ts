/**
 * Records that somebody typed or pasted.
 *
 * In:    texts of records, and their log format. Out: batches of columns.
 * Holds: a record whose fields came as words of their own, because nobody quoted it, is put together. A header line
 *        among them says the format.
 * Fails: FG_RECORD_UNREADABLE names the first text that is no record.
 */
import { failure } from '../../model/errors.ts';
import { beginningOf } from '../../record/beginning.ts';
import { DEFAULT_FORMAT, parseLogFormat } from '../../record/format.ts';
import { createParser } from '../../record/parse.ts';
import type { RecordBatch } from './record-rows.ts';

/** The records as batches. */
export function givenRecords(texts: readonly string[], format: string | undefined): RecordBatch[] {
  const told = format === undefined ? null : parseLogFormat(format);
  const isCut = texts.length > 1 && texts.every((text) => !/\s/.test(text));
  const lines = (isCut ? [texts.join(' ')] : texts).flatMap((text) => text.split('\n')).map((line) => line.trim());
  const records = lines.filter((line) => line !== '');
  const fields = (told ?? parseLogFormat(DEFAULT_FORMAT)).fields.length;
  const [first = ''] = records;
  if (beginningOf(first, told) === null) throw failure('FG_RECORD_UNREADABLE', first, fields);
  const parser = createParser({ format: told, columns: null, origin: 'the records given' });
  const bytes = new TextEncoder().encode(records.map((line) => `${line}\n`).join(''));
  const batches = [...parser.push(bytes), ...parser.end()];
  const [bad] = parser.described;
  if (bad !== undefined)
    throw failure('FG_RECORD_UNREADABLE', records[bad.line - 1] ?? '', parser.format?.fields.length ?? fields);
  return batches;
}
