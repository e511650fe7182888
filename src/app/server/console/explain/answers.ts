/**
 * Answers of the questions that the console has explained, as the verbs of the command line are.
 *
 * In:    a question about a data directory. Out: plain data, as `src/api/explain-routes.ts` and `src/api/network.ts` have it.
 * Holds: the stages are loaded with the first question that needs them.
 * Fails: as the stages do.
 */
import type { Working } from './working.ts';

/** The answer. */
export async function answerOf({ question, ...rest }: Working): Promise<unknown> {
  const working = { question, ...rest };
  switch (question.kind) {
    case 'network':
      return (await import('./answer-network.ts')).answerNetwork(question.at, working);
    case 'topology':
      return (await import('./answer-topology.ts')).answerTopology(question, working);
    case 'storage':
      return (await import('./answer-storage.ts')).answerStorage(question, working);
    case 'cost':
      return (await import('./answer-storage.ts')).answerCost(question, working);
    case 'rejects':
      return (await import('./answer-rejects.ts')).answerRejects(question, working);
    case 'diagnose':
      return (await import('./answer-diagnose.ts')).answerDiagnose(question, working);
    case 'replay':
      return (await import('./answer-replay.ts')).answerReplay(question, working);
    case 'suggest':
      return (await import('./answer-replay.ts')).answerSuggest(question, working);
    case 'rule-hits':
      return (await import('./answer-rule-hits.ts')).answerRuleHits(question, working);
    case 'why-no-record':
      return (await import('./answer-no-record.ts')).answerNoRecord(question, working);
  }
}
