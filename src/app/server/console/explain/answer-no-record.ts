/**
 * Why there is no record.
 *
 * In:    who, with whom, when. Out: the reasons, as `why-no-record` gives them.
 * Fails: FG_NO_RECORD_…; as reading flow logs and the network do.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NoRecordAnswer } from '../../../../api/explain-routes.ts';
import { protocolOf } from '../../../../explain/diagnose/protocol-of.ts';
import { whyNoRecord } from '../../../../explain/no-record/no-record.ts';
import { placeView } from '../../../../explain/no-record/place-view.ts';
import { holderInRecords, recordsView } from '../../../../explain/no-record/records-view.ts';
import { spoolView } from '../../../../explain/no-record/spool-view.ts';
import { FlowgaugeError } from '../../../../model/errors.ts';
import { directoryStore } from '../../../../storage/object/stores/directory.ts';
import type { ModelHistory } from '../../../../storage/state/open-model.ts';
import { openModelHistory } from '../../../../storage/state/open-model.ts';
import type { Working } from './working.ts';
import { readingOf } from './working.ts';
import type { ExplainQuestion } from './question.ts';

/** The answer. */
export async function answerNoRecord(
  { range, request }: Extract<ExplainQuestion, { kind: 'why-no-record' }>,
  working: Working,
): Promise<NoRecordAnswer> {
  const { data, nowSeconds, signal } = working;
  const protocol = request.protocol ?? null;
  const question = {
    of: request.of,
    startSeconds: range.from,
    endSeconds: range.to,
    peer: request.peer ?? null,
    protocol: protocol === null ? null : protocolOf(protocol),
    port: request.port ?? null,
  };
  const bucket = join(data, 'bucket');
  const network = await networkIfAny(data);
  try {
    const options = readingOf(range, working);
    const answer = await whyNoRecord(question, {
      network,
      nowSeconds,
      place: await placeView(directoryStore(existsSync(bucket) ? bucket : data), '', question, signal),
      spool: await spoolView(data, question),
      holder: (addresses) => holderInRecords(data, question, addresses, options),
      records: (ends, peer) => recordsView(data, question, ends, peer, options),
    });
    return { answer, range, notes: [] };
  } finally {
    network?.close();
  }
}

/** Null where nothing is known of a network: ledger and records tell something without it. */
async function networkIfAny(data: string): Promise<ModelHistory | null> {
  try {
    return await openModelHistory({ data });
  } catch (error) {
    if (error instanceof FlowgaugeError && /^FG_STATE_(?:MISSING|EMPTY)$/u.test(error.code)) return null;
    throw error;
  }
}
