/**
 * Rules as rows: what the network has, with what the records say of each.
 *
 * In:    the network, a report of hits or none. Out: rows, those of a group or ACL together.
 * Holds: a rule that the report does not have is a row without hits, and never one that is unused.
 */
import type { NetworkAnswer, NetworkRule } from '../../../../src/api/network.ts';
import type { RuleHits, RuleHitsReport } from '../../../../src/api/rule-hits.ts';
import type { Mark } from '../../words/rules.ts';
import { marksOf } from '../../words/rules.ts';

export type RuleRow = {
  /** Of a table: one rule may be of two groups where it has no id of its own. */
  readonly key: string;
  /** Id of the group or ACL. */
  readonly of: string;
  readonly ofName: string | null;
  readonly rule: NetworkRule;
  /** Null: not known. */
  readonly hits: RuleHits | null;
  readonly marks: readonly Mark[];
  /** What is searched, in small letters: made once, for there may be many rules. */
  readonly text: string;
};

/** The number of the last entry of an ACL. */
const LAST = 32_767;

/** The rows. */
export function rowsOf(network: NetworkAnswer, report: RuleHitsReport | null): readonly RuleRow[] {
  const found = new Map(report?.rules.map((hits) => [`${hits.of} ${hits.ruleId}`, hits]));
  return [...network.groups, ...network.acls].flatMap(({ id: of, name, rules }) =>
    rules.map((rule): RuleRow => {
      const key = `${of} ${rule.id}`;
      const hits = found.get(key) ?? null;
      // The last entry of an ACL cannot be taken away: that nothing met it is no news.
      const marks = hits === null || rule.number === LAST ? [] : marksOf(hits);
      const text = `${of} ${name ?? ''} ${rule.id} ${rule.says}`.toLowerCase();
      return { key, of, ofName: name, rule, hits, marks, text };
    }),
  );
}

/** Those with a mark, whose words have a text; all words in any order. */
export function shownRows(rows: readonly RuleRow[], mark: Mark | 'all', find: string): readonly RuleRow[] {
  const words = find.toLowerCase().split(/\s+/u).filter(Boolean);
  return rows.filter(
    ({ marks, text }) => (mark === 'all' || marks.includes(mark)) && words.every((word) => text.includes(word)),
  );
}
