/**
 * What rules were used for.
 *
 * In:    a range, groups and ACLs. Out: the report of `rule-hits`. Fails: FG_RULES_NONE; as reading flow logs and the network do.
 */
import type { RuleHitsAnswer } from '../../../../api/explain-routes.ts';
import { withConversations } from '../../../../explain/conversations/open-conversations.ts';
import { timesOf } from '../../../../explain/records/model-times.ts';
import { ruleHits } from '../../../../explain/rule-hits/rule-hits.ts';
import { failure } from '../../../../model/errors.ts';
import { nearNames } from '../../../../query/near.ts';
import { openModelHistory } from '../../../../storage/state/open-model.ts';
import type { Working } from './working.ts';
import { readingOf } from './working.ts';
import type { ExplainQuestion } from './question.ts';

/** The answer. */
export async function answerRuleHits(
  { range, request: { ids = [] } }: Extract<ExplainQuestion, { kind: 'rule-hits' }>,
  working: Working,
): Promise<RuleHitsAnswer> {
  const network = await openModelHistory({ data: working.data });
  try {
    const times = timesOf(network);
    const { snapshot, paths, interfaces } = times.asked(times.count - 1);
    const owners = [...snapshot.groups, ...snapshot.acls].map(({ id }) => id).filter((id) => id !== '');
    for (const id of ids) if (!owners.includes(id)) throw failure('FG_RULES_NONE', id, nearNames(id, owners));
    const own = { holders: paths.holders, numberOf: (id: string) => interfaces.get(id) ?? 0 };
    const { result: answer, notes } = await withConversations(
      working.data,
      'rule-hits',
      own,
      readingOf(range, working),
      (conversations) => ruleHits(conversations, times, ids.length === 0 ? null : new Set(ids)),
    );
    return { answer, range, notes };
  } finally {
    network.close();
  }
}
