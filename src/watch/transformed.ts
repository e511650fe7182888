/**
 * Records of Firehose as documents, each by itself.
 *
 * In:    the bytes of records: a line, JSON with a message, or what a subscription packed. Out: for each its documents; null where it could not be read.
 * Holds: ids are Firehose's affair. All are read at once where each is a line, for a parser to each record costs more than the record.
 */
import { countEnd, idPrefix, writeRecords } from './handler.ts';
import type { WatchContext } from './handler.ts';
import { unpacked } from '../lake/read/forms/packing.ts';
import { createObjectEnd, textRecords } from './read-object.ts';
import type { ObjectEnd } from './read-object.ts';
import type { DocumentBatch } from './mappings/documents.ts';

/** Makes them. */
export async function transformed(
  parts: readonly Uint8Array[],
  arn: string,
  context: WatchContext,
): Promise<readonly (readonly string[] | null)[]> {
  const together = await documentsOf(withNewlines(parts), arn, context);
  if (together.documents !== null && together.documents.length === parts.length && together.end.badLines === 0) {
    countEnd(together.end, context.counters);
    return together.documents.map((document) => [document]);
  }
  const all: (readonly string[] | null)[] = [];
  for (const part of parts) {
    const { documents, end } = await documentsOf([part], arn, context);
    countEnd(end, context.counters);
    const isBroken = documents === null || (documents.length === 0 && end.badLines > 0);
    all.push(isBroken ? null : documents);
  }
  return all;
}

function withNewlines(parts: readonly Uint8Array[]): Uint8Array[] {
  const newline = Buffer.from('\n');
  return parts.flatMap((part) => (part.at(-1) === 10 ? [part] : [part, newline]));
}

async function documentsOf(
  parts: readonly Uint8Array[],
  arn: string,
  context: WatchContext,
): Promise<{ documents: string[] | null; end: ObjectEnd }> {
  const end = createObjectEnd();
  const documents: string[] = [];
  const sink = {
    name: 'Firehose',
    write({ count, lines }: DocumentBatch) {
      const text = Buffer.from(lines).toString('utf8').split('\n');
      for (let at = 0; at < count; at++) documents.push(text[at * 2 + 1]!);
      return Promise.resolve({ created: count, existing: 0, refused: [] });
    },
  };
  const origin = {
    // Firehose makes ids of its own.
    idPrefix: idPrefix(arn),
    about: `"firehose":{"arn":${JSON.stringify(arn)}}`,
    accountId: null,
    region: null,
    seconds: 0,
    sinceSeconds: null,
  };
  const records = textRecords('Firehose', unpacked(piecesOf(parts)), context.format, end, context.signal);
  await writeRecords(records, origin, { ...context, sink });
  return { documents: end.problem === null ? documents : null, end };
}

async function* piecesOf(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}
