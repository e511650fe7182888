/**
 * Causes of rejects as the screen lists them.
 *
 * In:    a report. Out: a key for each cause that stays when counts change, so that an address can name one; which are shown.
 */
import type { RejectCause } from '../../../../src/api/rejects.ts';
import { ownerOf } from '../../parts/screen-links.ts';
import type { Kind } from '../../words/rejects.ts';
import { kindOf } from '../../words/rejects.ts';

/** What makes a cause one. */
export function keyOf({ interfaceId, direction, met: [met], why, groups }: RejectCause): string {
  const { stage, ruleId, rejectReason } = met ?? { stage: null, ruleId: null, rejectReason: null };
  return [interfaceId, direction, stage, ruleId, rejectReason, why, groups?.join('+')]
    .map((one) => one ?? '')
    .join('|');
}

/** Groups that have no rule for it, each with its name. */
export function namedGroups({ groups }: RejectCause, names: ReadonlyMap<string, string>): readonly string[] | null {
  return groups?.map((id) => (names.has(id) ? `${names.get(id)} (${id})` : id)) ?? null;
}

/** Whether a group or ACL has to do with it. */
export function concerns({ met, groups }: RejectCause, of: string): boolean {
  return groups?.includes(of) === true || met.some(({ ruleId }) => ruleId !== null && ownerOf(ruleId) === of);
}

/** The causes that are shown; `kind` null: of every kind; `of` empty: whatever group or ACL. */
export function shownCauses(causes: readonly RejectCause[], kind: Kind | null, of: string): readonly RejectCause[] {
  return causes.filter((cause) => (kind === null || kindOf(cause) === kind) && (of === '' || concerns(cause, of)));
}
