/**
 * Why one end can talk to another, or what rejected a record, with what was changed last about it.
 *
 * In:    two ends, or a record as text. Out: the explanation, the words of its rules, names, changes.
 * Fails: as the question, reading flow logs and the network do.
 */
import type { DiagnoseAnswer, EndsRequest, RecordRequest } from '../../../../api/explain-routes.ts';
import type { Explanation } from '../../../../api/explanation.ts';
import type { RejectCause } from '../../../../api/rejects.ts';
import { createDiagnoser } from '../../../../explain/diagnose/diagnose.ts';
import { withEvidence } from '../../../../explain/diagnose/evidence.ts';
import { protocolOf } from '../../../../explain/diagnose/protocol-of.ts';
import { groupNames } from '../../../../explain/network-view/network-answer.ts';
import {
  lastChanges,
  MOST_LOOKED_AT,
  namesSaid,
  questionedItems,
  rulesSaid,
} from '../../../../explain/network-view/last-changes.ts';
import { Attribution } from '../../../../explain/records/attribution.ts';
import { givenRecords } from '../../../../explain/records/given-records.ts';
import { timesOf } from '../../../../explain/records/model-times.ts';
import { reportOf } from '../../../../explain/records/report.ts';
import { failure, FlowgaugeError } from '../../../../model/errors.ts';
import { itemChanges } from '../../../../storage/state/item-changes.ts';
import type { ModelHistory } from '../../../../storage/state/open-model.ts';
import { openDescribed, openModelHistory } from '../../../../storage/state/open-model.ts';
import { readState, statePath } from '../../../../storage/state/state-file.ts';
import type { Working } from './working.ts';
import { readingOf } from './working.ts';
import type { ExplainQuestion } from './question.ts';

type Asked = Extract<ExplainQuestion, { kind: 'diagnose' }>;
type Found = { readonly explanation: Explanation; readonly cause: RejectCause | null };

/** The answer. */
export async function answerDiagnose(asked: Asked, working: Working): Promise<DiagnoseAnswer> {
  const { request } = asked;
  const network = await openModelHistory({ data: working.data });
  try {
    const found =
      'record' in request ? ofRecord(request, network) : await ofEnds(request, asked.range, network, working);
    const { explanation } = found;
    const snapshot = network.at(explanation.atMicros);
    const { described } = openDescribed(working.data, explanation.atMicros);
    return {
      ...found,
      rules: rulesSaid(explanation, snapshot),
      names: namesSaid(explanation, snapshot, groupNames(described)),
      lastChanges: lastChanges(explanation, network, changesOf(working.data, explanation)),
    };
  } finally {
    network.close();
  }
}

function changesOf(data: string, explanation: Explanation): ReturnType<typeof itemChanges> {
  const ids = questionedItems(explanation);
  if (ids.length === 0) return [];
  const state = readState(statePath(data));
  try {
    return itemChanges(state, ids, explanation.atMicros, MOST_LOOKED_AT);
  } finally {
    state.close();
  }
}

async function ofEnds(
  request: EndsRequest,
  range: Asked['range'],
  network: ModelHistory,
  working: Working,
): Promise<Found> {
  const atSeconds = request.at ?? working.nowSeconds;
  const question = {
    from: request.from,
    to: request.to,
    protocol: protocolOf(request.protocol ?? 'tcp'),
    port: request.port ?? null,
    sourcePorts: request.sourcePorts ?? null,
    atMicros: Math.round(atSeconds * 1e6),
  };
  const diagnoser = createDiagnoser(network.at(question.atMicros));
  const diagnosed = diagnoser.diagnose(question);
  const { explanation } = diagnosed;
  if (request.evidence !== true) return { explanation, cause: null };
  try {
    const told = await withEvidence(diagnoser, question, diagnosed, working.data, readingOf(range, working));
    return { explanation: told, cause: null };
  } catch (error) {
    // Where nothing was recorded the rules still have their say.
    const isEmpty =
      error instanceof FlowgaugeError && /^FG_(?:TIME_EMPTY|SOURCE_(?:EMPTY|NO_RECORDS|MISSING))$/u.test(error.code);
    if (!isEmpty) throw error;
    return { explanation, cause: null };
  }
}

function ofRecord({ record, format }: RecordRequest, network: ModelHistory): Found {
  const times = timesOf(network);
  const attribution = new Attribution(times);
  for (const batch of givenRecords([record], format)) attribution.take(batch);
  const [cause] = reportOf(attribution, times, { explained: 1 }).causes;
  if (cause?.explanation) return { explanation: cause.explanation, cause };
  throw failure('FG_DIAGNOSE_ACCEPTED', record);
}
