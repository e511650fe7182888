/**
 * What a change would have done to recorded conversations, and the rules that a group needs.
 *
 * In:    a change or a group, a range. Out: the answers of `replay` and `suggest`, each with how it is written for tools.
 * Fails: as the change, reading flow logs and the network do; FG_GROUP_UNKNOWN.
 */
import type { ReplayRouteAnswer, SuggestAnswer } from '../../../../api/explain-routes.ts';
import { applyChange } from '../../../../explain/changes/apply.ts';
import { planned } from '../../../../explain/changes/planned.ts';
import { plannedCommands, plannedTerraform } from '../../../../explain/changes/planned-text.ts';
import { readChange } from '../../../../explain/changes/read-change.ts';
import { withConversations } from '../../../../explain/conversations/open-conversations.ts';
import { ownAddressesOf, replay } from '../../../../explain/replay/replay.ts';
import { suggest, wideningOf } from '../../../../explain/suggest/suggest.ts';
import { written } from '../../../../explain/suggest/written.ts';
import { ConversationRules } from '../../../../network/verdict/conversation-rules.ts';
import { compileSnapshot } from '../../../../network/vpc/model.ts';
import { openFacts } from '../../../../storage/state/open-model.ts';
import type { Working } from './working.ts';
import { readingOf } from './working.ts';
import type { ExplainQuestion } from './question.ts';

/** How messages call what was pasted. */
const THE_CHANGE = 'the change';
/** AWS's quota (VPC User Guide, "Quotas", November 2024). */
const RULES = 60;

/** The answer about a change. */
export async function answerReplay(
  { range, request }: Extract<ExplainQuestion, { kind: 'replay' }>,
  working: Working,
): Promise<ReplayRouteAnswer> {
  const change = readChange(THE_CHANGE, JSON.stringify(request.change), request.fix ?? null);
  const at = request.at ?? null;
  const facts = await openFacts({ data: working.data, ...(at === null ? {} : { at: Math.round(at * 1e6) }) });
  const applied = applyChange(facts, change);
  const before = compileSnapshot(facts, { version: 1, atMicros: 0 });
  const after = compileSnapshot(applied.model, { version: 2, atMicros: 0, before });
  const rules = new ConversationRules(before);
  const { result: answer, notes } = await withConversations(
    working.data,
    'replay',
    ownAddressesOf(rules),
    readingOf(range, working),
    (conversations) => replay(conversations, rules, after, applied.notes),
  );
  const steps = planned(facts, applied.model);
  return {
    answer,
    range,
    notes,
    plan: {
      changes: steps.map(({ step }) => step),
      awsCli: plannedCommands(steps),
      terraform: plannedTerraform(steps),
    },
  };
}

/** The answer about a group. */
export async function answerSuggest(
  { range, request }: Extract<ExplainQuestion, { kind: 'suggest' }>,
  working: Working,
): Promise<SuggestAnswer> {
  const model = await openFacts({ data: working.data });
  const rules = new ConversationRules(compileSnapshot(model, { version: 1, atMicros: 0 }));
  const widen = request.widen ?? null;
  const options = {
    limit: request.limit ?? RULES,
    widening: widen === null ? null : wideningOf(widen.bits4, widen.bits6),
  };
  const { result: answer, notes } = await withConversations(
    working.data,
    'suggest',
    ownAddressesOf(rules),
    readingOf(range, working),
    (conversations) => suggest(conversations, model, rules, request.group, options),
  );
  const plan = {
    changes: answer.change.changes,
    awsCli: written(answer, 'aws-cli'),
    terraform: written(answer, 'terraform'),
  };
  return { answer, range, notes, plan };
}
