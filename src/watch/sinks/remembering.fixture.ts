/**
 * A sink for tests: keeps documents by id, as an index does.
 *
 * In:    documents. Out: what is kept; it can refuse, fail, or be slow on demand.
 */
import type { DocumentBatch } from '../mappings/documents.ts';
import type { Sink, SinkAnswer } from './sink.ts';

export type Remembering = Sink & {
  readonly documents: Map<string, Record<string, unknown>>;
  /** Bytes of the batches that were written and not answered, at most. */
  mostBytes: number;
  batches: number;
};

/**
 * Makes one.
 *
 * @param trouble  called before each batch is kept; what it throws the sink throws
 * @param refuses  reason why a document is not taken; null takes it
 * @param keeps    false: counts only
 */
export function rememberingSink(
  trouble: (batch: DocumentBatch) => Promise<void> | void = () => {},
  refuses: (document: Record<string, unknown>) => string | null = () => null,
  keeps = true,
): Remembering {
  let underWay = 0;
  const sink: Remembering = {
    name: 'memory',
    documents: new Map(),
    mostBytes: 0,
    batches: 0,
    async write(batch): Promise<SinkAnswer> {
      underWay += batch.lines.length;
      sink.mostBytes = Math.max(sink.mostBytes, underWay);
      sink.batches++;
      try {
        await trouble(batch);
      } finally {
        underWay -= batch.lines.length;
      }
      if (!keeps) return { created: batch.count, existing: 0, refused: [] };
      const refused: { position: number; reason: string }[] = [];
      let created = 0;
      const lines = Buffer.from(batch.lines).toString('utf8').split('\n');
      for (let position = 0; position < batch.count; position++) {
        const { create } = JSON.parse(lines[position * 2]!) as { create: { _id: string } };
        const document = JSON.parse(lines[position * 2 + 1]!) as Record<string, unknown>;
        const reason = refuses(document);
        if (reason !== null) refused.push({ position, reason });
        else if (!sink.documents.has(create._id)) {
          sink.documents.set(create._id, document);
          created++;
        }
      }
      return { created, existing: batch.count - created - refused.length, refused };
    },
  };
  return sink;
}
