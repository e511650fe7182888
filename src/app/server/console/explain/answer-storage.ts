/**
 * What lies at the place of `up`, and what records cost.
 *
 * In:    questions of the screens *Storage* and *Cost*. Out: as `src/api/storage.ts` and `src/api/cost.ts` have them.
 * Fails: FG_LAKE_*, FG_COST_OWNER; as reading flow logs does.
 */
import { OWNER_FIELDS } from '../../../../api/cost.ts';
import type { CostAnswer } from '../../../../api/cost.ts';
import type { StorageAnswer } from '../../../../api/storage.ts';
import { costAt } from '../../../../explain/cost/cost.ts';
import { LIST_PRICES } from '../../../../lake/keep/list-prices.ts';
import { storageOf } from '../../../../lake/keep/storage.ts';
import { failure } from '../../../../model/errors.ts';
import type { ExplainQuestion } from './question.ts';
import type { Working } from './working.ts';
import { readingOf } from './working.ts';

/** What lies there. */
export function answerStorage(
  { by, settleSeconds }: Extract<ExplainQuestion, { kind: 'storage' }>,
  { data, nowSeconds, signal }: Working,
): Promise<StorageAnswer> {
  return storageOf(data, { by, settleSeconds, nowSeconds: Math.floor(nowSeconds) }, signal);
}

/** What it costs, at list prices. */
export async function answerCost(
  { range, by }: Extract<ExplainQuestion, { kind: 'cost' }>,
  working: Working,
): Promise<CostAnswer> {
  const owner = OWNER_FIELDS.find((field) => field === by);
  if (owner === undefined) throw failure('FG_COST_OWNER', by, OWNER_FIELDS);
  const { report, notes } = await costAt(working.data, LIST_PRICES, owner, readingOf(range, working));
  return { answer: report, range, notes };
}
